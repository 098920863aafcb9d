//! What stays of a word when it is written in Latin letters or in Russian: its consonants and where
//! its vowels are.

use crate::index::analysis::is_latin;

/// Latin groups of letters and what they stand for in Ukrainian, in the official romanisation of
/// 2010 and in the usual careless ones; longer groups before shorter ones.
const ROMANISED: [(&str, &str); 50] = [
    ("shch", "щ"),
    ("zgh", "зг"),
    ("sch", "щ"),
    ("zh", "ж"),
    ("kh", "х"),
    ("ts", "ц"),
    ("tz", "ц"),
    ("ch", "ч"),
    ("sh", "ш"),
    ("ph", "ф"),
    ("ya", "я"),
    ("ia", "я"),
    ("ja", "я"),
    ("yu", "ю"),
    ("iu", "ю"),
    ("ju", "ю"),
    ("ye", "є"),
    ("ie", "є"),
    ("je", "є"),
    ("yo", "йо"),
    ("io", "ьо"),
    ("jo", "йо"),
    ("yi", "ї"),
    ("ji", "ї"),
    ("a", "а"),
    ("b", "б"),
    ("c", "ц"),
    ("d", "д"),
    ("e", "е"),
    ("f", "ф"),
    ("g", "г"),
    ("h", "г"),
    ("i", "і"),
    ("j", "й"),
    ("k", "к"),
    ("l", "л"),
    ("m", "м"),
    ("n", "н"),
    ("o", "о"),
    ("p", "п"),
    ("q", "к"),
    ("r", "р"),
    ("s", "с"),
    ("t", "т"),
    ("u", "у"),
    ("v", "в"),
    ("w", "в"),
    ("x", "х"),
    ("y", "и"),
    ("z", "з"),
];

/// A Latin word in Cyrillic letters, as well as one can tell.
#[must_use]
pub fn cyrillic(latin: &str) -> String {
    let mut word = String::new();
    let mut rest = latin;
    while let Some(letter) = rest.chars().next() {
        // At the end of an adjective, "yi" is "ий"; elsewhere it is "ї".
        if matches!(rest, "yi" | "yy" | "iy" | "yj" | "ij") && word.ends_with(|letter| !is_vowel(letter)) {
            word.push_str("ий");
            break;
        }
        match ROMANISED.iter().find(|(group, _)| rest.starts_with(group)) {
            Some((group, letters)) => {
                word.push_str(letters);
                rest = &rest[group.len()..];
            }
            None => {
                word.push(letter);
                rest = &rest[letter.len_utf8()..];
            }
        }
    }
    word
}

/// What a word shares with the same word in Latin letters or in Russian spelling: its consonants,
/// once each, and a sign for any vowels between them. Empty if it has fewer than two consonants.
#[must_use]
pub fn skeleton(normal: &str) -> String {
    let word = if normal.chars().any(is_latin) { cyrillic(normal) } else { normal.to_owned() };
    let word = word.replace('щ', "шч").replace("тс", "ц").replace("ьс", "с");
    let mut skeleton = String::with_capacity(word.len());
    let mut last = ' ';
    let mut consonants = 0;
    for letter in word.chars() {
        let sign = match letter {
            'ь' | 'ъ' => continue,
            _ if is_vowel(letter) => '-',
            _ => letter,
        };
        if sign != last {
            skeleton.push(sign);
            consonants += usize::from(sign != '-');
        }
        last = sign;
    }
    if consonants < 2 { String::new() } else { skeleton }
}

/// Whether a letter is a vowel here; й is, as romanisations do not tell it from и and і.
pub(super) const fn is_vowel(letter: char) -> bool {
    matches!(letter, 'а' | 'е' | 'є' | 'и' | 'і' | 'ї' | 'о' | 'у' | 'ю' | 'я' | 'й' | 'ы' | 'э' | 'ё')
}
