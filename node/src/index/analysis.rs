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
mod remembered;
mod stop;
mod tokenizer;
mod words;

pub use normal::{is_cyrillic, is_latin, normal};
pub use remembered::with_forms;
pub use stop::is_stop_word;
pub use tokenizer::{Analysed, FORM_TOKENIZER, FormTokenizer, analysed};
pub use words::{Word, Words, is_apostrophe, words};

/// Which analysis this is. An index made by another one has to be made anew; so this changes with
/// everything here and with the stemmer, whose rules change with its version.
pub const ANALYSIS: &str = "2 frostem 2.20261016.1";

/// Letters of a word that count. Longer ones are addresses, keys and noise; they are cut, alike in
/// texts and queries, so that they still match themselves.
pub const WORD_CHARS_MAX: usize = 48;

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

#[cfg(test)]
mod tests;
