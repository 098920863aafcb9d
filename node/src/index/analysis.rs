//! From text to what is looked up: words, their normal form, their stem.
//!
//! The same functions read what is indexed and what is typed, so a word matches itself however it
//! was written: with any apostrophe or none, with a stress mark, with Latin letters among Cyrillic
//! ones, with ґ or г, in the spelling of 1992 or of 2019. Places in the text stay those of the
//! original, for snippets.
//!
//! | step | example |
//! |---|---|
//! | [`words`] splits | `Об’єднані-громади` → `Об’єднані`, `громади` |
//! | [`normal`] makes spellings equal | `Об’єднані` → `обєднані` |
//! | [`stem`] makes inflections equal | `обєднані` → `обєднан` |

mod normal;
mod stop;
mod tokenizer;
mod words;

use std::cell::RefCell;
use std::collections::HashMap;

pub use normal::{is_cyrillic, is_latin, normal};
pub use stop::is_stop_word;
pub use tokenizer::{STEM_TOKENIZER, StemTokenizer, WORD_TOKENIZER, WordTokenizer};
pub use words::{Word, Words, is_apostrophe, words};

/// Which analysis this is. An index made by another one has to be made anew; so this changes with
/// everything here and with the stemmer, whose rules change with its version.
pub const ANALYSIS: &str = "1 frostem 2.20261016.1";

/// Letters of a word that count. Longer ones are addresses, keys and noise; they are cut, alike in
/// texts and queries, so that they still match themselves.
pub const WORD_CHARS_MAX: usize = 48;

/// Words that a thread remembers, in each of two generations: the forms that make up nine tenths
/// of a library's text, in about 4 MB.
const REMEMBERED_MAX: usize = 16_384;
/// Bytes of a word that is worth remembering; longer ones hardly come twice.
const REMEMBERED_BYTES_MAX: usize = 64;

/// The stem of a normal form: Ukrainian rules for words with Cyrillic letters, English rules for
/// Latin ones; other words (numbers, other scripts) are their own stem.
#[must_use]
pub fn stem(normal: &str) -> String {
    use frostem::{Algorithm, Stemmer};
    let algorithm = if normal.chars().any(is_cyrillic) {
        Algorithm::Ukrainian
    } else if normal.chars().any(|letter| letter.is_ascii_lowercase()) {
        Algorithm::English
    } else {
        return normal.to_owned();
    };
    let stem = Stemmer::new(algorithm).stem(normal);
    if stem.is_empty() { normal.to_owned() } else { stem.into_owned() }
}

/// Both forms of a word as it stands in a text. Each thread remembers the common words.
pub fn with_forms<R>(word: &str, read: impl FnOnce(&str, &str) -> R) -> R {
    REMEMBERED.with_borrow_mut(|remembered| {
        let forms = remembered.forms(word);
        read(&forms.normal, forms.stem())
    })
}

thread_local! {
    static REMEMBERED: RefCell<Remembered> = RefCell::new(Remembered::default());
}

/// The forms of one word. A stem mostly begins its word, so it is kept as a length.
struct Forms {
    normal: Box<str>,
    stem: Result<u16, Box<str>>,
}

impl Forms {
    fn of(word: &str) -> Self {
        let normal = normal(word);
        let stem = stem(&normal);
        let stem = match u16::try_from(stem.len()) {
            Ok(length) if normal.starts_with(&stem) => Ok(length),
            _ => Err(stem.into_boxed_str()),
        };
        Self { normal: normal.into_boxed_str(), stem }
    }

    fn stem(&self) -> &str {
        match &self.stem {
            Ok(length) => &self.normal[..usize::from(*length)],
            Err(stem) => stem,
        }
    }
}

/// The forms of words seen lately. When the young generation is full it becomes the old one, and
/// the old one is forgotten: common words move on, rare ones go.
#[derive(Default)]
struct Remembered {
    young: HashMap<Box<str>, Forms>,
    old: HashMap<Box<str>, Forms>,
    long: Option<Forms>,
}

impl Remembered {
    fn forms(&mut self, word: &str) -> &Forms {
        if word.len() > REMEMBERED_BYTES_MAX {
            return self.long.insert(Forms::of(word));
        }
        if !self.young.contains_key(word) {
            if self.young.len() >= REMEMBERED_MAX {
                self.old = std::mem::take(&mut self.young);
            }
            let (key, forms) = self.old.remove_entry(word).unwrap_or_else(|| (word.into(), Forms::of(word)));
            self.young.insert(key, forms);
        }
        &self.young[word]
    }
}

#[cfg(test)]
mod tests;
