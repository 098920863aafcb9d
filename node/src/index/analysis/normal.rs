//! One spelling for each word.

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

use super::WORD_CHARS_MAX;
use super::words::{is_apostrophe, is_unseen};

/// Latin letters and the Cyrillic ones that look like them, large or small.
const LOOK_ALIKES: [(char, char); 14] = [
    ('a', 'а'),
    ('b', 'в'),
    ('c', 'с'),
    ('e', 'е'),
    ('h', 'н'),
    ('i', 'і'),
    ('k', 'к'),
    ('m', 'м'),
    ('o', 'о'),
    ('p', 'р'),
    ('t', 'т'),
    ('x', 'х'),
    ('y', 'у'),
    ('ï', 'ї'),
];

/// What the orthography of 2019 writes in another way than that of 1992, as both are in use.
const RESPELT: [(&str, &str); 5] =
    [("проєк", "проек"), ("траєк", "траек"), ("авдит", "аудит"), ("лавреат", "лауреат"), ("священник", "священик")];

/// A word as it is looked up: small letters, no apostrophes, stress marks or unseen signs, й and ї
/// as one sign each, other marks left out, ґ as г, one script, one orthography, at most
/// [`WORD_CHARS_MAX`] letters.
#[must_use]
pub fn normal(word: &str) -> String {
    let mut letters = small_letters(word);
    one_script(&mut letters);
    if letters.contains('є') || letters.contains("ав") || letters.contains("нник") {
        for (new, old) in RESPELT {
            if letters.contains(new) {
                letters = letters.replace(new, old);
            }
        }
    }
    if letters.is_empty() { word.chars().take(WORD_CHARS_MAX).flat_map(char::to_lowercase).collect() } else { letters }
}

fn small_letters(word: &str) -> String {
    let mut letters = Letters { text: String::with_capacity(word.len()), count: 0 };
    for sign in word.chars() {
        if letters.count >= WORD_CHARS_MAX {
            break;
        }
        match sign {
            'a'..='z' | '0'..='9' | 'а'..='я' | 'є' | 'і' | 'ї' => letters.push(sign),
            'A'..='Z' => letters.push(sign.to_ascii_lowercase()),
            'ґ' | 'Ґ' => letters.push('г'),
            '\u{400}'..='\u{481}' | '\u{48A}'..='\u{52F}' => sign.to_lowercase().for_each(|sign| letters.push(sign)),
            'ï' | 'Ï' => letters.push('ï'),
            _ if is_apostrophe(sign) || is_unseen(sign) => {}
            _ => sign.nfkd().flat_map(char::to_lowercase).nfkd().for_each(|sign| letters.push_part(sign)),
        }
    }
    letters.text
}

struct Letters {
    text: String,
    count: usize,
}

impl Letters {
    fn push(&mut self, letter: char) {
        if self.count < WORD_CHARS_MAX {
            self.text.push(letter);
            self.count += 1;
        }
    }

    /// Takes a letter or a mark on the one before, from what another sign stands for (a small raised ґ is
    /// a ґ). Only marks that make another Ukrainian, Russian or Belarusian letter count.
    fn push_part(&mut self, sign: char) {
        let whole = match (self.text.chars().next_back(), sign) {
            (Some('и'), '\u{306}') => 'й',
            (Some('у'), '\u{306}') => 'ў',
            (Some('і'), '\u{308}') => 'ї',
            (Some('i'), '\u{308}') => 'ï',
            (Some('е'), '\u{308}') => 'ё',
            _ if is_combining_mark(sign) || !sign.is_alphanumeric() => return,
            (_, 'ґ') => return self.push('г'),
            _ => return self.push(sign),
        };
        self.text.pop();
        self.text.push(whole);
    }
}

/// Makes a word of two scripts one of one script where look-alikes allow it, Cyrillic before Latin;
/// a letter alone is taken as Cyrillic.
fn one_script(letters: &mut String) {
    let (mut any_latin, mut any_cyrillic, mut all_latin_alike, mut all_cyrillic_alike) = (false, false, true, true);
    let mut count = 0;
    for letter in letters.chars() {
        count += 1;
        if is_latin(letter) {
            any_latin = true;
            all_latin_alike &= cyrillic_alike(letter).is_some();
        } else if is_cyrillic(letter) {
            any_cyrillic = true;
            all_cyrillic_alike &= latin_alike(letter).is_some();
        }
    }
    if !any_latin {
        return;
    }
    if count == 1 || (any_cyrillic && (all_latin_alike || !all_cyrillic_alike)) {
        *letters = letters.chars().map(|letter| cyrillic_alike(letter).unwrap_or(letter)).collect();
    } else if any_cyrillic {
        *letters = letters.chars().map(|letter| latin_alike(letter).unwrap_or(letter)).collect();
    }
    if letters.contains('ï') {
        *letters = letters.replace('ï', "i");
    }
}

/// Whether a letter is Cyrillic.
#[must_use]
pub const fn is_cyrillic(letter: char) -> bool {
    matches!(letter, '\u{400}'..='\u{52F}')
}

/// Whether a small letter is Latin.
#[must_use]
pub const fn is_latin(letter: char) -> bool {
    matches!(letter, 'a'..='z' | '\u{DF}'..='\u{F6}' | '\u{F8}'..='\u{24F}')
}

fn cyrillic_alike(letter: char) -> Option<char> {
    LOOK_ALIKES.iter().find(|(latin, _)| *latin == letter).map(|(_, cyrillic)| *cyrillic)
}

fn latin_alike(letter: char) -> Option<char> {
    LOOK_ALIKES.iter().find(|(_, cyrillic)| *cyrillic == letter).map(|(latin, _)| *latin)
}
