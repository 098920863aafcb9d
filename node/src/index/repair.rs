//! Queries as people type them, not as they mean them: with the wrong keyboard layout, in Latin
//! letters, in Russian spelling, with typing errors.
//!
//! A word that the library has is left alone. For one that it has in other forms, words are found that
//! sound alike; for others, words that are written or sound alike. What was typed is looked for as well.

pub mod distance;
pub mod layout;
pub mod skeleton;

use super::analysis::{is_latin, is_stop_word, normal, stem, words};
use super::vocabulary::{Dictionary, Vocabulary};

/// Words that are looked for instead of a mistyped one.
pub const REPAIRS_MAX: usize = 5;
/// Letters of the trees of words that are looked at for a query; they take some 8 ms.
const STEPS_MAX: usize = 150_000;
/// The weight of the best repair of a word, and of the last one; what was typed has 1.
const WEIGHTS: (f32, f32) = (0.9, 0.5);
/// How much worse than the best a repair may be.
const WORSE_MAX: f32 = 0.4;
/// The price up to which letters are taken for one another, as и and і.
const CONFUSED_MAX: f32 = 0.4;
/// The price up to which a word sounds like another, as with о for а or a letter said twice.
const SOUND_MAX: f32 = 0.5;
/// How much such a word counts of what a repair of an unknown word would: with its stem and its form together
/// less than the stem of what was typed (0.9 · 1.3 · 0.6), so that other forms of that come first.
const SOUND_SHARE: f32 = 0.6;
/// What e times as many documents are worth against errors in typing.
const COMMON: f32 = 0.08;

/// A word of the library that may have been meant.
#[derive(Clone, Debug, PartialEq)]
pub struct Meant {
    /// Its normal form.
    pub word: String,
    /// How much it counts against what was typed, less than 1.
    pub weight: f32,
    /// How many documents have it.
    pub count: u64,
}

/// What is needed to tell what was meant.
#[derive(Clone, Copy)]
pub struct Repair<'a> {
    vocabulary: &'a Vocabulary,
    dictionary: Option<&'a Dictionary>,
}

impl<'a> Repair<'a> {
    /// Repairs towards the words of the library; a dictionary helps to tell what is a word.
    #[must_use]
    pub const fn new(vocabulary: &'a Vocabulary, dictionary: Option<&'a Dictionary>) -> Self {
        Self { vocabulary, dictionary }
    }

    /// The same query as typed with the other keyboard layout, if that makes words of it.
    #[must_use]
    pub fn layout(&self, query: &str) -> Option<String> {
        let known = self.known_share(query);
        if let Some(other) = layout::to_ukrainian(query)
            && self.known_share(&other) >= known + 0.3
        {
            return Some(other);
        }
        let other = layout::to_english(query)?;
        (known < 0.15 && self.known_share(&other) >= known + 0.5).then_some(other)
    }

    /// The share of a text's letters that are in words of the library or the dictionary.
    fn known_share(&self, text: &str) -> f32 {
        let (mut known, mut all) = (0_u16, 0_u16);
        for word in words(text) {
            let normal = normal(word.text);
            let letters = normal.chars().filter(|letter| !letter.is_ascii_digit()).count();
            let letters = u16::try_from(letters).unwrap_or(u16::MAX);
            all = all.saturating_add(letters);
            if is_stop_word(&normal) || self.is_known(&normal) || self.is_word(&normal) {
                known = known.saturating_add(letters);
            }
        }
        if all == 0 { 1.0 } else { f32::from(known) / f32::from(all) }
    }

    fn is_word(&self, normal: &str) -> bool {
        self.dictionary.is_some_and(|dictionary| dictionary.contains(normal))
    }

    /// Whether a word needs no repair: the library has it, in this form or another.
    #[must_use]
    pub fn is_known(&self, normal: &str) -> bool {
        if normal.chars().count() < 3 || normal.chars().any(|letter| letter.is_ascii_digit()) {
            return true;
        }
        let stem_count = self.vocabulary.stem_count(&stem(normal));
        match self.dictionary {
            // A form that no dictionary has, and that hardly anybody wrote, may be an error of theirs.
            Some(dictionary) if !normal.chars().any(is_latin) => {
                if dictionary.contains(normal) {
                    stem_count > 0
                } else {
                    self.vocabulary.count(normal) >= COMMON_FORM
                }
            }
            _ => self.vocabulary.count(normal) > 0 || stem_count > 0,
        }
    }

    /// Words of the library that may have been meant by one that it does not have, or not in this form,
    /// best first.
    /// `steps` bounds the work on one query; see [`steps`].
    #[must_use]
    pub fn word(&self, normal: &str, steps: &mut usize) -> Vec<Meant> {
        let letters = normal.chars().count();
        if letters < 3 {
            return Vec::new();
        }
        if self.is_known(normal) {
            return self.sounding_alike(normal, letters, steps);
        }
        let mut found = self.alike(normal);
        if letters >= 4 {
            // Two errors are looked for only where one does not explain it: that takes ten times as long.
            let mut near = distance::near(self.vocabulary.words(), normal, 1.0, steps);
            if near.is_empty() && found.is_empty() && letters >= 6 {
                near = distance::near(self.vocabulary.words(), normal, 2.0, steps);
            }
            found.extend(near.into_iter().map(|near| (near.word, near.count, near.price)));
        }
        rank(normal, found)
    }

    /// Words of the library in place of a known one that it has in other forms only: those that sound like
    /// it, since many misspelt forms are forms of something (`піла` and `пила`). One by another sound is
    /// more often a word of its own.
    fn sounding_alike(&self, normal: &str, letters: usize, steps: &mut usize) -> Vec<Meant> {
        if letters < 4 || self.vocabulary.count(normal) > 0 {
            return Vec::new();
        }
        let typed = stem(normal);
        let near = distance::near(self.vocabulary.words(), normal, SOUND_MAX, steps).into_iter();
        let others = near.filter(|near| stem(&near.word) != typed);
        let ranked = rank(normal, others.map(|near| (near.word, near.count, near.price)).collect()).into_iter();
        ranked.map(|meant| Meant { weight: meant.weight * SOUND_SHARE, ..meant }).collect()
    }

    /// Whether a word beside others of a known phrase is nearly the one that stands there: one error away,
    /// and if it is a word itself, only by letters that people take for one another.
    #[must_use]
    pub fn is_near(&self, typed: &str, meant: &str) -> bool {
        let most = if self.is_known(typed) { CONFUSED_MAX } else { 1.0 };
        typed.chars().count() >= 4 && distance::distance(typed, meant) <= most
    }

    /// A word that a known phrase says was meant.
    #[must_use]
    pub fn meant(&self, word: &str) -> Meant {
        Meant { word: word.to_owned(), weight: WEIGHTS.0, count: self.vocabulary.count(word) }
    }

    /// Words that are the same in another script or in Russian spelling.
    fn alike(&self, normal: &str) -> Vec<(String, u64, f32)> {
        let skeleton = skeleton::skeleton(normal);
        if skeleton.is_empty() {
            return Vec::new();
        }
        let typed = if normal.chars().any(is_latin) { skeleton::cyrillic(normal) } else { normal.to_owned() };
        let alike = self.vocabulary.alike(&skeleton).into_iter();
        alike
            .map(|(word, count)| {
                let price = distance::distance(&typed, &word);
                (word, count, price)
            })
            .collect()
    }
}

/// A word with the other of two beginnings that are one in speech: в and у, і and й. Words that only
/// look like such a pair are left alone.
#[must_use]
pub fn other_beginning(normal: &str) -> Option<String> {
    const OTHERS: [&str; 12] =
        ["управ", "вправ", "уклад", "вклад", "уступ", "вступ", "удач", "вдач", "уник", "вник", "урок", "утік"];
    let mut letters = normal.chars();
    let (first, second) = (letters.next()?, letters.next()?);
    if skeleton::is_vowel(second) || normal.chars().count() < 5 || OTHERS.iter().any(|other| normal.starts_with(other))
    {
        return None;
    }
    let other = match first {
        'в' => 'у',
        'у' => 'в',
        'і' => 'й',
        'й' => 'і',
        _ => return None,
    };
    Some(std::iter::once(other).chain(normal.chars().skip(1)).collect())
}

/// Documents with a form from which on it is taken for a word even if no dictionary has it.
const COMMON_FORM: u64 = 3;

/// The work that the repair of one query may be.
#[must_use]
pub const fn steps() -> usize {
    STEPS_MAX
}

fn rank(typed: &str, found: Vec<(String, u64, f32)>) -> Vec<Meant> {
    #[expect(clippy::cast_precision_loss, reason = "a count of documents")]
    let worth = |count: u64, price: f32| price - COMMON * (count.max(1) as f32).ln();
    let mut ranked: Vec<(f32, String, u64)> = found
        .into_iter()
        .filter(|(word, ..)| word != typed)
        .map(|(word, count, price)| (worth(count, price), word, count))
        .collect();
    ranked.sort_by(|one, other| one.0.total_cmp(&other.0).then_with(|| one.1.cmp(&other.1)));
    ranked.dedup_by(|one, other| one.1 == other.1);
    let Some(best) = ranked.first().map(|(worth, ..)| *worth) else { return Vec::new() };
    ranked
        .into_iter()
        .take(REPAIRS_MAX)
        .take_while(|(worth, ..)| *worth <= best + WORSE_MAX)
        .map(|(worth, word, count)| {
            let weight = WEIGHTS.0 - (WEIGHTS.0 - WEIGHTS.1) * (worth - best) / WORSE_MAX;
            Meant { word, weight, count }
        })
        .collect()
}

/// A normal form as one writes it: with its apostrophe, which normal forms lack. Rules, not a list,
/// so a rare word may stay without.
#[must_use]
pub fn written(normal: &str) -> String {
    const PREFIXES: [&str; 8] = ["об", "під", "від", "роз", "без", "над", "між", "з"];
    let letters: Vec<char> = normal.chars().collect();
    let mut text = String::with_capacity(normal.len() + 1);
    for (at, letter) in letters.iter().enumerate() {
        let before = at.checked_sub(1).map(|at| letters[at]);
        let before_that = at.checked_sub(2).map(|at| letters[at]);
        let hard = before.is_some_and(|before| "бпвмф".contains(before));
        let after_vowel = before_that.is_none_or(skeleton::is_vowel);
        let apostrophe = match letter {
            'ї' => before.is_some_and(|before| !skeleton::is_vowel(before) && before != 'ь'),
            'є' => hard,
            'я' => hard && after_vowel,
            'ю' => before == Some('в') && at + 1 == letters.len() && after_vowel,
            _ => false,
        };
        let after_prefix = matches!(letter, 'я' | 'є' | 'ю' | 'ї') && PREFIXES.contains(&text.as_str()) && at > 1;
        if apostrophe || after_prefix {
            text.push('’');
        }
        text.push(*letter);
    }
    text
}

#[cfg(test)]
mod tests;
