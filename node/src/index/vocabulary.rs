//! Which words there are: in the library, with how many documents have each, and in a dictionary.
//!
//! Both are finite-state maps, held as the bytes they are stored as: some 8 bytes a word.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::convert::Infallible;

use fst::{IntoStreamer, Map, MapBuilder, Set, Streamer};

use super::analysis::stem;
use super::repair::skeleton;

/// Words of the library that are kept, the most common ones: a library of 100,000 practices has
/// some 400,000 forms.
pub const VOCABULARY_WORDS_MAX: usize = 500_000;
/// Bytes of a dictionary that are read: the vendored one has some 4 MB.
pub const DICTIONARY_BYTES_MAX: u64 = 64 << 20;
/// Letters of a word that is kept; longer ones are not typed.
const WORD_CHARS_MAX: usize = 28;
/// Words that share one skeleton and are looked at.
const ALIKE_MAX: usize = 48;
/// What a stored vocabulary begins with; another form of it has another number.
const MAGIC: &[u8; 8] = b"dosvoc01";

/// Bytes are not a vocabulary or dictionary, or were damaged.
#[derive(Debug, thiserror::Error)]
#[error("not a list of words, or damaged")]
pub struct Damaged;

/// The words of the library in their normal form, with the number of documents that have each.
pub struct Vocabulary {
    words: Map<Vec<u8>>,
    stems: Map<Vec<u8>>,
    /// `skeleton NUL word`, with the number of documents.
    skeletons: Map<Vec<u8>>,
}

/// Which words are kept where there are too many: the most common ones, and of those that are as
/// common as the last one, the first.
#[derive(Clone, Copy)]
struct Cut {
    least: u64,
    of_the_least: usize,
}

impl Cut {
    /// Words by how many documents have them, and how many may be kept.
    fn at(by_count: &BTreeMap<u64, usize>, most: usize) -> Self {
        let mut left = most;
        for (count, words) in by_count.iter().rev() {
            if *words > left {
                return Self { least: *count, of_the_least: left };
            }
            left -= words;
        }
        Self { least: 0, of_the_least: usize::MAX }
    }

    fn keeps(&mut self, count: u64) -> bool {
        if count == self.least {
            let room = self.of_the_least > 0;
            self.of_the_least = self.of_the_least.saturating_sub(1);
            return room;
        }
        count > self.least
    }
}

impl Vocabulary {
    /// Makes one of normal forms and their document counts. `each` gives them in the order of their
    /// bytes, each once, and the same whenever it is called: it is called several times, so that not
    /// all words are in memory at once. Numbers and words of one letter are left out, as nobody can
    /// mistype them knowingly.
    ///
    /// # Errors
    /// Those of `each`.
    ///
    /// # Panics
    /// If `each` gives words in another order, or more than once.
    pub fn of<E>(each: &impl Fn(&mut dyn FnMut(&str, u64)) -> Result<(), E>) -> Result<Self, E> {
        let mut by_count = BTreeMap::new();
        each(&mut |word, count| {
            if Self::keeps(word) {
                *by_count.entry(count).or_default() += 1;
            }
        })?;
        let cut = Cut::at(&by_count, VOCABULARY_WORDS_MAX);
        let kept = |take: &mut dyn FnMut(&str, u64)| {
            let mut cut = cut;
            each(&mut |word, count| {
                if Self::keeps(word) && cut.keeps(count) {
                    take(word, count);
                }
            })
        };
        let (mut words, mut stems) = (MapBuilder::memory(), Lines::default());
        kept(&mut |word, count| {
            words.insert(word, count).expect("words come in order, each once, and are written to memory");
            stems.add(&[&stem(word)], count);
        })?;
        let (words, stems) = (words.into_map(), stems.into_map());
        let mut skeletons = Lines::default();
        kept(&mut |word, count| {
            let skeleton = skeleton::skeleton(word);
            if !skeleton.is_empty() {
                skeletons.add(&[&skeleton, "\0", word], count);
            }
        })?;
        Ok(Self { words, stems, skeletons: skeletons.into_map() })
    }

    /// Makes one of words in memory.
    #[must_use]
    pub fn of_counts(counts: &BTreeMap<String, u64>) -> Self {
        let each = |take: &mut dyn FnMut(&str, u64)| {
            counts.iter().for_each(|(word, count)| take(word, *count));
            Ok::<_, Infallible>(())
        };
        let Ok(vocabulary) = Self::of(&each);
        vocabulary
    }

    /// Whether a word would be kept if a document had it.
    #[must_use]
    pub fn keeps(normal: &str) -> bool {
        let letters = normal.chars().count();
        (2..=WORD_CHARS_MAX).contains(&letters) && !normal.chars().any(|letter| letter.is_ascii_digit())
    }

    /// The number of words.
    #[must_use]
    pub fn len(&self) -> usize {
        self.words.len()
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.words.is_empty()
    }

    /// How many documents have a word in this form; 0 if none.
    #[must_use]
    pub fn count(&self, normal: &str) -> u64 {
        self.words.get(normal).unwrap_or(0)
    }

    /// How many documents have a word in the most common form of this stem; 0 if none.
    #[must_use]
    pub fn stem_count(&self, stem: &str) -> u64 {
        self.stems.get(stem).unwrap_or(0)
    }

    pub(super) fn words(&self) -> &Map<Vec<u8>> {
        &self.words
    }

    /// Words with this skeleton and their counts, a bounded number.
    pub(super) fn alike(&self, skeleton: &str) -> Vec<(String, u64)> {
        let (from, to) = (format!("{skeleton}\0"), format!("{skeleton}\u{1}"));
        let mut found = Vec::new();
        let mut stream = self.skeletons.range().ge(&from).lt(&to).into_stream();
        while let Some((key, count)) = stream.next() {
            if found.len() == ALIKE_MAX {
                break;
            }
            if let Some(word) = key.get(from.len()..).and_then(|word| str::from_utf8(word).ok()) {
                found.push((word.to_owned(), count));
            }
        }
        found
    }

    /// Words that begin so, the most common first, at most `most`.
    #[must_use]
    pub fn beginning(&self, prefix: &str, most: usize) -> Vec<(String, u64)> {
        /// Words that are looked at: a prefix of three letters has some thousands.
        const LOOKED_AT_MAX: usize = 20_000;
        let mut found: Vec<(String, u64)> = Vec::new();
        let mut stream = self.words.range().ge(prefix).into_stream();
        let mut looked_at = 0;
        while let Some((word, count)) = stream.next() {
            looked_at += 1;
            if !word.starts_with(prefix.as_bytes()) || looked_at > LOOKED_AT_MAX {
                break;
            }
            if let Ok(word) = str::from_utf8(word) {
                found.push((word.to_owned(), count));
            }
        }
        found.sort_unstable_by(|one, other| other.1.cmp(&one.1).then_with(|| one.0.cmp(&other.0)));
        found.truncate(most);
        found
    }

    /// As it is stored.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut bytes = MAGIC.to_vec();
        for part in [&self.words, &self.stems, &self.skeletons] {
            let part = part.as_fst().as_bytes();
            bytes.extend_from_slice(&(part.len() as u64).to_le_bytes());
            bytes.extend_from_slice(part);
        }
        let sum = blake3::hash(&bytes);
        bytes.extend_from_slice(sum.as_bytes());
        bytes
    }

    /// Reads what [`Self::to_bytes`] gave.
    ///
    /// # Errors
    /// The bytes are damaged or something else.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, Damaged> {
        let (content, sum) = bytes.split_last_chunk::<32>().ok_or(Damaged)?;
        if blake3::hash(content) != *sum {
            return Err(Damaged);
        }
        let mut rest = content.strip_prefix(MAGIC).ok_or(Damaged)?;
        let mut part = || {
            let (length, after) = rest.split_first_chunk::<8>().ok_or(Damaged)?;
            let length = usize::try_from(u64::from_le_bytes(*length)).map_err(|_| Damaged)?;
            let (part, after) = after.split_at_checked(length).ok_or(Damaged)?;
            rest = after;
            Map::new(part.to_vec()).map_err(|_| Damaged)
        };
        Ok(Self { words: part()?, stems: part()?, skeletons: part()? })
    }
}

/// Keys with counts in any order, close together: half a million words are 30 MB as texts of their own.
#[derive(Default)]
struct Lines {
    text: String,
    lines: Vec<Line>,
}

/// Where a key begins and ends, and its count.
#[derive(Clone, Copy)]
struct Line {
    start: u32,
    end: u32,
    count: u32,
}

impl Lines {
    /// Adds a key, given in parts.
    fn add(&mut self, key: &[&str], count: u64) {
        let at = |text: &str| u32::try_from(text.len()).expect("the most words of the greatest length are far less");
        let start = at(&self.text);
        key.iter().for_each(|part| self.text.push_str(part));
        self.lines.push(Line { start, end: at(&self.text), count: u32::try_from(count).unwrap_or(u32::MAX) });
    }

    /// As a map; of a key that repeats the highest count stays.
    fn into_map(mut self) -> Map<Vec<u8>> {
        let key = |line: &Line| &self.text.as_bytes()[line.start as usize..line.end as usize];
        self.lines.sort_unstable_by(|one, other| key(one).cmp(key(other)).then(other.count.cmp(&one.count)));
        self.lines.dedup_by(|later, kept| key(later) == key(kept));
        let mut builder = MapBuilder::memory();
        for line in &self.lines {
            builder.insert(key(line), line.count.into()).expect("keys are sorted, each once, and written to memory");
        }
        builder.into_map()
    }
}

/// A list of the words of a language, to tell rare words from mistyped ones. It is optional, and may
/// be exchanged without indexing again.
pub struct Dictionary {
    words: Set<Cow<'static, [u8]>>,
}

impl Dictionary {
    /// The Ukrainian dictionary that is part of the program; `node/dictionary/SOURCE.txt` says where
    /// it comes from.
    #[must_use]
    pub fn built_in() -> Self {
        static WORDS: &[u8] = include_bytes!("../../dictionary/dictionary.fst");
        Self { words: Set::new(Cow::Borrowed(WORDS)).expect("the program's dictionary is tested") }
    }

    /// Reads a set of normal forms as the crate `fst` writes it.
    ///
    /// # Errors
    /// The bytes are damaged or something else.
    pub fn from_bytes(bytes: Vec<u8>) -> Result<Self, Damaged> {
        let words = Set::new(Cow::Owned(bytes)).map_err(|_| Damaged)?;
        words.as_fst().verify().map_err(|_| Damaged)?;
        Ok(Self { words })
    }

    /// Whether a normal form is a word.
    #[must_use]
    pub fn contains(&self, normal: &str) -> bool {
        self.words.contains(normal)
    }
}

#[cfg(test)]
mod tests;
