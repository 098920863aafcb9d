use proptest::prelude::*;
use tantivy::tokenizer::{TokenStream, Tokenizer};

use super::*;

fn split(text: &str) -> Vec<&str> {
    words(text).map(|word| word.text).collect()
}

#[test]
fn words_end_where_people_see_them_end() {
    assert_eq!(split("Об’єднані громади, 2024 р."), ["Об’єднані", "громади", "2024", "р"]);
    assert_eq!(split("соціально-економічний"), ["соціально", "економічний"]);
    assert_eq!(split("'бюджет' «участі»"), ["бюджет", "участі"]);
    assert_eq!(split("кошт\u{AD}орис ко\u{301}шти"), ["кошт\u{AD}орис", "ко\u{301}шти"]);
    assert_eq!(split("п''ять"), ["п", "ять"], "two apostrophes are quotes");
    assert_eq!(split("5'ять"), ["5", "ять"], "a prime after a number is minutes");
    assert_eq!(split(""), Vec::<&str>::new());
    assert_eq!(split("…—’ \u{301}"), Vec::<&str>::new());
}

#[test]
fn a_sign_that_stands_for_a_letter_is_that_letter() {
    assert_eq!((normal("\u{1E067}анок"), normal("ﬁнанси")), ("ганок".to_owned(), normal("fiнанси")));
}

#[test]
fn every_apostrophe_and_none_is_one_word() {
    for sign in ["'", "’", "‘", "ʼ", "`", "´", "′", ""] {
        let text = format!("об{sign}єднання");
        assert_eq!(split(&text), [text.as_str()], "{sign}");
        assert_eq!(normal(&text), "обєднання", "{sign}");
    }
}

#[test]
fn spellings_of_one_word_are_one() {
    for (one, other) in [
        ("Ґанок", "ганок"),
        ("ПРОЄКТ", "проект"),
        ("мікропроєкти", "мікропроекти"),
        ("аудит", "авдит"),
        ("й", "и\u{306}"),
        ("їжа", "і\u{308}жа"),
        ("украïна", "україна"),
        ("гpомaда", "громада"),
        ("Bійтовецька", "Війтовецька"),
        ("i", "і"),
        ("Сovid", "covid"),
        ("за\u{301}мок", "замок"),
        ("бюд\u{AD}жет", "бюджет"),
        ("бюд\u{200B}жет", "бюджет"),
        ("Café", "cafe"),
        ("ﬁnance", "finance"),
        ("２０２４", "2024"),
    ] {
        assert_eq!(normal(one), normal(other), "{one} {other}");
    }
    assert_ne!(normal("й"), normal("и"));
    assert_ne!(normal("ї"), normal("і"));
    assert_eq!(normal("vitamin"), "vitamin", "a word of one script stays in it");
}

#[test]
fn inflections_have_one_stem() {
    for forms in [
        vec!["громада", "громади", "громаді", "громадою", "громад"],
        vec!["бюджет", "бюджету", "бюджетами"],
        vec!["участь", "участі"],
        vec!["budget", "budgets", "budgeting"],
    ] {
        let stems: Vec<String> = forms.iter().map(|form| stem(&normal(form))).collect();
        assert!(stems.iter().all(|stem| *stem == stems[0]), "{stems:?}");
    }
    assert_eq!(stem("2024"), "2024");
}

#[test]
fn function_words_are_left_out_of_queries() {
    for word in ["як", "The", "і", "i", "А", "про", "what", "что", "об"] {
        assert!(is_stop_word(&normal(word)), "{word}");
    }
    for word in ["громада", "бюджет", "рада", "збори", "budget", "участь"] {
        assert!(!is_stop_word(&normal(word)), "{word}");
    }
}

#[test]
fn a_megabyte_without_spaces_is_one_bounded_word() {
    let text = "ї".repeat(500_000);
    let found: Vec<Word<'_>> = words(&text).collect();
    assert_eq!(found.len(), 1);
    assert_eq!(normal(found[0].text).chars().count(), WORD_CHARS_MAX);
}

/// Anything that may stand in a text: letters of many scripts, marks, signs, and what Ukrainian
/// texts have in particular.
fn text() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        any::<String>(),
        "[а-яіїєґА-ЯІЇЄҐ'’ʼ\u{301}\u{AD}\u{200B}\u{306}\u{308}a-zA-Z0-9 -]{0,20}",
        "[aceiopxyасеіорху]{1,6}",
        "проєк[а-я]{0,3}",
    ];
    prop::collection::vec(piece, 0..6).prop_map(|pieces| pieces.concat())
}

proptest! {
    #[test]
    fn normal_forms_are_final(text in text()) {
        for word in words(&text) {
            let once = normal(word.text);
            prop_assert!(!once.is_empty());
            prop_assert!(once.chars().count() <= WORD_CHARS_MAX * 3);
            prop_assert_eq!(normal(&once), once);
        }
    }

    #[test]
    fn places_are_those_of_the_text(text in text()) {
        let mut end = 0;
        for word in words(&text) {
            prop_assert!(word.range.start >= end && word.range.end > word.range.start);
            prop_assert_eq!(&text[word.range.clone()], word.text);
            end = word.range.end;
        }
    }

    #[test]
    fn a_word_is_one_word(text in text()) {
        for word in words(&text) {
            prop_assert_eq!(split(word.text), [word.text]);
        }
    }

    #[test]
    fn leaving_out_an_apostrophe_changes_nothing(word in "[а-яіїєґ]{1,8}['’ʼ`][а-яіїєґ]{1,8}") {
        let without: String = word.chars().filter(|sign| !is_apostrophe(*sign)).collect();
        prop_assert_eq!(normal(&word), normal(&without));
    }

    #[test]
    fn tokens_are_the_forms_of_words_in_order(text in text()) {
        let forms = analysed(&text);
        let (mut stems, mut plain) = (FormTokenizer, FormTokenizer);
        let (mut stems, mut plain) = (stems.token_stream(&forms.stems), plain.token_stream(&forms.words));
        for (position, word) in words(&text).enumerate() {
            prop_assert!(stems.advance() && plain.advance());
            prop_assert_eq!(stems.token().position, position);
            prop_assert_eq!(&plain.token().text, &normal(word.text));
            prop_assert_eq!(&stems.token().text, &stem(&normal(word.text)));
        }
        prop_assert!(!stems.advance() && !plain.advance());
    }

    #[test]
    fn no_form_has_a_space(text in "\\PC{0,40}") {
        for word in words(&text) {
            prop_assert!(!normal(word.text).contains(' ') && !stem(&normal(word.text)).contains(' '), "{text}");
        }
    }
}
