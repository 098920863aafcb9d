//! The forms of words seen lately. Nine tenths of a text are words that come again and again; reading
//! them anew would be most of the work of indexing and of snippets.

use std::cell::RefCell;
use std::hash::BuildHasher;
use std::mem::swap;

use hashbrown::{DefaultHashBuilder, HashTable};

use super::{normal, stem};

/// Words that a thread remembers, in each of two generations: the forms that make up nine tenths
/// of a library's text, in about 2 MB.
const REMEMBERED_MAX: usize = 16_384;
/// Bytes of a word that is worth remembering; longer ones hardly come twice.
const REMEMBERED_BYTES_MAX: usize = 64;

/// Both forms of a word as it stands in a text: the normal form and the stem. Each thread remembers
/// the common words.
pub fn with_forms<R>(word: &str, read: impl FnOnce(&str, &str) -> R) -> R {
    REMEMBERED.with_borrow_mut(|remembered| remembered.with_forms(word, read))
}

thread_local! {
    static REMEMBERED: RefCell<Remembered> = RefCell::new(Remembered::default());
}

/// When the young generation is full it becomes the old one, and the old one is forgotten: common
/// words move on, rare ones go.
#[derive(Default)]
struct Remembered {
    young: Generation,
    old: Generation,
    /// Its seed is chance, so nobody can choose words that meet.
    hasher: DefaultHashBuilder,
}

/// Words and their forms in one text, so that a word lies beside its forms in memory.
#[derive(Default)]
struct Generation {
    places: HashTable<Place>,
    text: String,
}

/// Where a word and its forms lie in the text of a generation: the word, its normal form, its stem. A
/// stem that begins its normal form is not written again.
#[derive(Clone, Copy)]
struct Place {
    at: u32,
    word: u8,
    normal: u8,
    stem: u8,
    stem_is_apart: bool,
}

impl Place {
    fn word(self, text: &str) -> &str {
        &text[self.at as usize..][..usize::from(self.word)]
    }

    fn forms(self, text: &str) -> (&str, &str) {
        let forms = &text[self.at as usize + usize::from(self.word)..];
        let normal = usize::from(self.normal);
        let stem = if self.stem_is_apart { normal } else { 0 };
        (&forms[..normal], &forms[stem..stem + usize::from(self.stem)])
    }
}

impl Generation {
    fn find(&self, hash: u64, word: &str) -> Option<(&str, &str)> {
        let place = self.places.find(hash, |place| place.word(&self.text) == word)?;
        Some(place.forms(&self.text))
    }

    /// Keeps a word that is not there yet, unless it or its forms are too long.
    fn keep(&mut self, hasher: &DefaultHashBuilder, hash: u64, word: &str, normal: &str, stem: &str) {
        let stem_is_apart = !normal.starts_with(stem);
        let lengths = (u32::try_from(self.text.len()), word.len().try_into(), normal.len().try_into());
        let (Ok(at), Ok(word_length), Ok(normal_length)) = lengths else { return };
        let Ok(stem_length) = stem.len().try_into() else { return };
        let place = Place { at, word: word_length, normal: normal_length, stem: stem_length, stem_is_apart };
        self.text.extend([word, normal, if stem_is_apart { stem } else { "" }]);
        let Self { places, text } = self;
        places.insert_unique(hash, place, |place| hasher.hash_one(place.word(text)));
    }

    fn clear(&mut self) {
        self.places.clear();
        self.text.clear();
    }
}

impl Remembered {
    fn with_forms<R>(&mut self, word: &str, read: impl FnOnce(&str, &str) -> R) -> R {
        if word.len() > REMEMBERED_BYTES_MAX {
            let normal = normal(word);
            return read(&normal, &stem(&normal));
        }
        let hash = self.hasher.hash_one(word);
        if let Some((normal, stem)) = self.young.find(hash, word) {
            return read(normal, stem);
        }
        if self.young.places.len() >= REMEMBERED_MAX {
            swap(&mut self.young, &mut self.old);
            self.young.clear();
        }
        if let Some((normal, stem)) = self.old.find(hash, word) {
            self.young.keep(&self.hasher, hash, word, normal, stem);
            return read(normal, stem);
        }
        let normal = normal(word);
        let stem = stem(&normal);
        self.young.keep(&self.hasher, hash, word, &normal, &stem);
        read(&normal, &stem)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_remembered_is_what_was_read() {
        let mut remembered = Remembered::default();
        let words = (0..3 * REMEMBERED_MAX).map(|n| format!("Громад{}", n % (REMEMBERED_MAX + REMEMBERED_MAX / 2)));
        let others = ["studies", "ВОДА", "Об’єднані", "ґанок", "x", "9", &"я".repeat(40)].map(str::to_owned);
        for word in words.chain(others.clone()).chain(others) {
            let expected = normal(&word);
            remembered.with_forms(&word, |normal, stemmed| {
                assert_eq!((normal, stemmed), (expected.as_str(), stem(&expected).as_str()), "{word}");
            });
        }
        assert!(remembered.young.places.len() <= REMEMBERED_MAX && remembered.old.places.len() <= REMEMBERED_MAX);
    }
}
