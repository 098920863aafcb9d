//! Ukrainian in Latin letters, by the table of the Cabinet of Ministers (resolution No. 55 of 27.01.2010).
//!
//! The table is for proper names and works letter by letter, with three exceptions: Є, Ї, Й, Ю and Я
//! are written otherwise at the beginning of a word, «зг» is `zgh` (so that it is not read as «ж»),
//! and the soft sign and the apostrophe are dropped.

/// Writes a Ukrainian name in Latin letters. What is not a Ukrainian letter stays as it is; the parts
/// of a hyphenated name are words of their own, and an apostrophe does not begin a word.
///
/// Small letters in the table are lower case; a capital letter gives a capital first letter, and all
/// capitals only beside another capital («ЩАСТЯ», but «Щастя»).
#[must_use]
pub fn transliterate(ukrainian: &str) -> String {
    let letters: Vec<char> = ukrainian.chars().collect();
    let mut latin = String::with_capacity(ukrainian.len());
    let mut in_word = false;
    for (index, &letter) in letters.iter().enumerate() {
        if is_apostrophe(letter) && in_word {
            continue;
        }
        let previous = index.checked_sub(1).and_then(|before| letters.get(before)).copied();
        let next = letters.get(index + 1).copied();
        match written(lower(letter), in_word, previous.map(lower)) {
            None => latin.push(letter),
            Some(text) if !letter.is_uppercase() => latin.push_str(text),
            Some(text) if [previous, next].into_iter().flatten().any(char::is_uppercase) => {
                latin.push_str(&text.to_ascii_uppercase());
            }
            Some(text) => {
                let mut small = text.chars();
                latin.extend(small.next().map(|first| first.to_ascii_uppercase()));
                latin.push_str(small.as_str());
            }
        }
        in_word = letter.is_alphabetic();
        // The apostrophe is no letter, but «ї» after it stands inside its word.
        in_word |= is_apostrophe(letter) && previous.is_some_and(char::is_alphabetic);
    }
    latin
}

/// The row of the table for a small letter; none if the table has no such letter.
fn written(letter: char, in_word: bool, previous: Option<char>) -> Option<&'static str> {
    Some(match letter {
        'а' => "a",
        'б' => "b",
        'в' => "v",
        'г' if previous == Some('з') => "gh",
        'г' => "h",
        'ґ' => "g",
        'д' => "d",
        'е' => "e",
        'є' if in_word => "ie",
        'є' => "ye",
        'ж' => "zh",
        'з' => "z",
        'ї' | 'й' if in_word => "i",
        'и' | 'й' => "y",
        'ї' => "yi",
        'і' => "i",
        'к' => "k",
        'л' => "l",
        'м' => "m",
        'н' => "n",
        'о' => "o",
        'п' => "p",
        'р' => "r",
        'с' => "s",
        'т' => "t",
        'у' => "u",
        'ф' => "f",
        'х' => "kh",
        'ц' => "ts",
        'ч' => "ch",
        'ш' => "sh",
        'щ' => "shch",
        'ь' => "",
        'ю' if in_word => "iu",
        'ю' => "yu",
        'я' if in_word => "ia",
        'я' => "ya",
        _ => return None,
    })
}

/// The four signs that Ukrainian texts write for the apostrophe.
fn is_apostrophe(letter: char) -> bool {
    matches!(letter, '’' | 'ʼ' | '\'' | '`')
}

/// The small letter; Ukrainian letters have one each.
fn lower(letter: char) -> char {
    letter.to_lowercase().next().unwrap_or(letter)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Names from the table of examples in the resolution itself, and a few more in the same way.
    #[test]
    fn examples_of_the_resolution() {
        for (ukrainian, latin) in [
            ("Алушта", "Alushta"),
            ("Борщагівка", "Borshchahivka"),
            ("Вінниця", "Vinnytsia"),
            ("Гадяч", "Hadiach"),
            ("Ґалаґан", "Galagan"),
            ("Донецьк", "Donetsk"),
            ("Єнакієве", "Yenakiieve"),
            ("Гаєвич", "Haievych"),
            ("Короп’є", "Koropie"),
            ("Житомир", "Zhytomyr"),
            ("Згорани", "Zghorany"),
            ("Розгон", "Rozghon"),
            ("Їжакевич", "Yizhakevych"),
            ("Кадиївка", "Kadyivka"),
            ("Мар’їне", "Marine"),
            ("Йосипівка", "Yosypivka"),
            ("Стрий", "Stryi"),
            ("Олексій", "Oleksii"),
            ("Харків", "Kharkiv"),
            ("Біла Церква", "Bila Tserkva"),
            ("Чернівці", "Chernivtsi"),
            ("Шостка", "Shostka"),
            ("Гоща", "Hoshcha"),
            ("Згурський", "Zghurskyi"),
            ("Львів", "Lviv"),
            ("Юрій", "Yurii"),
            ("Корюківка", "Koriukivka"),
            ("Яготин", "Yahotyn"),
            ("Знам’янка", "Znamianka"),
            ("Феодосія", "Feodosiia"),
        ] {
            assert_eq!(transliterate(ukrainian), latin);
        }
    }

    #[test]
    fn hyphens_begin_words_and_apostrophes_do_not() {
        assert_eq!(transliterate("Івано-Франківськ"), "Ivano-Frankivsk");
        assert_eq!(transliterate("Ново-Яворівськ"), "Novo-Yavorivsk");
        for apostrophe in ['’', 'ʼ', '\'', '`'] {
            assert_eq!(transliterate(&format!("Куп{apostrophe}янськ")), "Kupiansk");
        }
    }

    #[test]
    fn capitals_and_foreign_letters() {
        assert_eq!(transliterate("ЩАСТЯ"), "SHCHASTIA");
        assert_eq!(transliterate("Щастя"), "Shchastia");
        assert_eq!(transliterate("ЗГУРІВКА"), "ZGHURIVKA");
        assert_eq!(transliterate("ДСТУ 4145 (v2)"), "DSTU 4145 (v2)");
        assert_eq!(transliterate(""), "");
    }
}
