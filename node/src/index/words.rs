//! What is known of words when a query is read: those of the library, of the language, and synonyms.
//!
//! All of it serves queries alone, so all of it can be exchanged without indexing again: files
//! `dictionary.fst` and `synonyms.tsv` in the data folder come before what is built in.

use std::fs::{self, File};
use std::io::Read;
use std::path::Path;
use std::sync::{Arc, LazyLock, Mutex, PoisonError, RwLock};
use std::time::{Duration, Instant};

use tantivy::index::InvertedIndexReader;
use tantivy::termdict::TermMerger;

use super::folder::Folder;
use super::synonyms::Synonyms;
use super::vocabulary::{DICTIONARY_BYTES_MAX, Dictionary, Vocabulary};

/// Bytes of a table of synonyms that are read: twenty times the program's own.
const SYNONYMS_BYTES_MAX: u64 = 4 << 20;
/// Bytes of a stored vocabulary that are read: three times what the most words take.
const VOCABULARY_BYTES_MAX: u64 = 64 << 20;
/// The file beside an index in which its vocabulary is kept.
const FILE: &str = "vocabulary";
/// How long a vocabulary stands at the least before it is made anew, since making it reads all words:
/// a millisecond for each document, and at the most this long.
const REFRESH_EVERY: Duration = Duration::from_secs(60);
/// In how many parts of a hundred the library must have grown or shrunk for that.
const REFRESH_PERCENT: u64 = 5;

/// What is known of words.
pub(super) struct Words {
    vocabulary: RwLock<Option<Arc<Vocabulary>>>,
    /// Of how many documents the vocabulary is, and since when.
    made: Mutex<Option<(u64, u64, Instant)>>,
    dictionary: LazyLock<Dictionary, Box<dyn FnOnce() -> Dictionary + Send>>,
    synonyms: LazyLock<Synonyms, Box<dyn FnOnce() -> Synonyms + Send>>,
}

/// At most so many bytes of a file; none if there is none, or it is longer.
fn read(path: &Path, most: u64) -> Option<Vec<u8>> {
    let mut bytes = Vec::new();
    File::open(path).ok()?.take(most + 1).read_to_end(&mut bytes).ok()?;
    (bytes.len() as u64 <= most).then_some(bytes)
}

impl Words {
    /// What the program and the data folder `folder` know.
    pub(super) fn new(folder: &Path) -> Self {
        let (dictionary, synonyms) = (folder.join("dictionary.fst"), folder.join("synonyms.tsv"));
        let dictionary = move || {
            let own = dictionary.exists().then(|| read(&dictionary, DICTIONARY_BYTES_MAX).map(Dictionary::from_bytes));
            match own {
                Some(Some(Ok(own))) => own,
                Some(_) => {
                    tracing::warn!(path = %dictionary.display(), "this dictionary cannot be read; using the one built in");
                    Dictionary::built_in()
                }
                None => Dictionary::built_in(),
            }
        };
        let synonyms = move || {
            let mut table = Synonyms::built_in();
            if let Some(bytes) = read(&synonyms, SYNONYMS_BYTES_MAX) {
                let odd = table.read(&String::from_utf8_lossy(&bytes));
                if odd > 0 {
                    tracing::warn!(path = %synonyms.display(), odd, "lines of this table are not understood");
                }
            }
            table
        };
        Self {
            vocabulary: RwLock::default(),
            made: Mutex::default(),
            dictionary: LazyLock::new(Box::new(dictionary)),
            synonyms: LazyLock::new(Box::new(synonyms)),
        }
    }

    /// The words of the library, once they have been read.
    pub(super) fn vocabulary(&self) -> Option<Arc<Vocabulary>> {
        self.vocabulary.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// The words of the language.
    pub(super) fn dictionary(&self) -> &Dictionary {
        &self.dictionary
    }

    /// Abbreviations and synonyms.
    pub(super) fn synonyms(&self) -> &Synonyms {
        &self.synonyms
    }

    /// Makes the vocabulary anew if the library has become another one since, or reads the one that
    /// was kept. Called by the writing thread when it has nothing else to do.
    pub(super) fn refresh(&self, folder: &Folder) -> tantivy::Result<()> {
        let documents = folder.reader.searcher().num_docs();
        let mut made = self.made.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((name, count, since)) = *made
            && name == folder.name
            && (documents == count
                || since.elapsed() < Duration::from_millis(count).min(REFRESH_EVERY)
                || !differs(documents, count))
        {
            return Ok(());
        }
        let path = folder.path().join(FILE);
        let kept = made.is_none().then(|| read(&path, VOCABULARY_BYTES_MAX)).flatten();
        let kept = kept.and_then(|bytes| Some((bytes.first_chunk::<8>().map(|n| u64::from_le_bytes(*n))?, bytes)));
        let kept = kept.and_then(|(count, bytes)| Some((count, Vocabulary::from_bytes(&bytes[8..]).ok()?)));
        let (count, vocabulary) = match kept {
            Some((count, vocabulary)) => (count, vocabulary),
            None => {
                let vocabulary = count(folder)?;
                let bytes = [&documents.to_le_bytes()[..], &vocabulary.to_bytes()].concat();
                // Only to start sooner: without the file it is made again.
                if let Err(error) = fs::write(&path, bytes) {
                    tracing::debug!(%error, "the vocabulary could not be kept");
                }
                (documents, vocabulary)
            }
        };
        *made = Some((folder.name, count, Instant::now()));
        drop(made);
        tracing::debug!(words = vocabulary.len(), "the vocabulary is ready");
        *self.vocabulary.write().unwrap_or_else(PoisonError::into_inner) = Some(Arc::new(vocabulary));
        Ok(())
    }
}

/// Whether a library of so many documents is another one than it was.
fn differs(now: u64, then: u64) -> bool {
    now.abs_diff(then) * 100 > then.max(1) * REFRESH_PERCENT
}

/// The words of an index, with how many documents have each.
fn count(folder: &Folder) -> tantivy::Result<Vocabulary> {
    let searcher = folder.reader.searcher();
    let inverted = searcher.segment_readers().iter().map(|segment| segment.inverted_index(folder.fields.words));
    let inverted: Vec<Arc<InvertedIndexReader>> = inverted.collect::<tantivy::Result<_>>()?;
    Vocabulary::of(&|take| {
        let streams = inverted.iter().map(|one| one.terms().stream()).collect::<std::io::Result<Vec<_>>>()?;
        let mut terms = TermMerger::new(streams);
        while terms.advance() {
            if let Ok(word) = str::from_utf8(terms.key()) {
                take(word, terms.current_segment_ords_and_term_infos().map(|(_, one)| u64::from(one.doc_freq)).sum());
            }
        }
        Ok(())
    })
}
