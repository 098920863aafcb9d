use std::time::{Duration, Instant};

use proptest::prelude::*;

use super::*;

const WORDS: &str = "громада громади бюджет участі обєднання співпраця відходи тарифи воду будинок молодіжний центр
    здоровя петиція слухання комунальний сортування смiття кошти вулиця вулиці школа освіта реформа розвиток budget";

fn vocabulary() -> Vocabulary {
    Vocabulary::of_counts(&words(WORDS).map(|word| (normal(word.text), 5)).collect())
}

fn best(typed: &str) -> String {
    let vocabulary = vocabulary();
    let found = Repair::new(&vocabulary, None).word(&normal(typed), &mut steps());
    assert!(found.len() <= REPAIRS_MAX && found.iter().all(|meant| (0.45..=0.91).contains(&meant.weight)));
    found.first().map(|meant| meant.word.clone()).unwrap_or_default()
}

#[test]
fn errors_of_typing_are_found() {
    for (typed, meant) in [
        ("грамада", "громада"),
        ("бюджеет", "бюджет"),
        ("бюжет", "бюджет"),
        ("петеція", "петиція"),
        ("сортуванян", "сортування"),
        ("реофрма", "реформа"),
        ("комунвльний", "комунальний"),
        ("budgte", "budget"),
    ] {
        assert_eq!(best(typed), meant, "{typed}");
    }
    assert_eq!(best("громаду"), "", "another form of a known word is no error");
    assert_eq!(best("абвгґд"), "", "what is like nothing stays");
}

#[test]
fn latin_letters_and_russian_spelling_are_read() {
    for (typed, meant) in [
        ("hromada", "громада"),
        ("gromada", "громада"),
        ("biudzhet", "бюджет"),
        ("spivpratsia", "співпраця"),
        ("obiednannia", "обєднання"),
        ("molodizhnyi", "молодіжний"),
        ("тарифы", "тарифи"),
        ("участия", "участі"),
    ] {
        assert_eq!(best(typed), meant, "{typed}");
    }
}

#[test]
fn the_other_keyboard_layout_is_seen_both_ways() {
    let vocabulary = vocabulary();
    let repair = Repair::new(&vocabulary, None);
    assert_eq!(repair.layout("uhjvflf ,.l;tn").as_deref(), Some("громада бюджет"));
    assert_eq!(repair.layout("игвпуе").as_deref(), Some("budget"));
    assert_eq!(repair.layout("громада бюджет"), None);
    assert_eq!(repair.layout("budget"), None);
    assert_eq!(repair.layout("participation"), None);
    assert_eq!(repair.layout(""), None);
}

#[test]
fn errors_that_people_make_cost_less() {
    let cheaper = |one: (&str, &str), other: (&str, &str)| {
        assert!(distance::distance(one.0, one.1) < distance::distance(other.0, other.1), "{one:?} {other:?}");
    };
    cheaper(("сила", "сіла"), ("сила", "села"));
    cheaper(("кішка", "кішкка"), ("кішка", "кішкна"));
    cheaper(("бюдежт", "бюджет"), ("бюдабт", "бюджет"));
    cheaper(("громаде", "громада"), ("громадх", "громада"));
    assert!(distance::distance("громада", "громада") == 0.0);
}

#[test]
fn apostrophes_are_put_back() {
    for word in
        ["об’єднання", "здоров’я", "п’ять", "м’яч", "під’їзд", "з’їзд", "в’єтнам", "об’єкт", "сім’я", "роз’яснення"]
    {
        assert_eq!(written(&normal(word)), word);
    }
    for word in ["свято", "бюджет", "громада", "цвях", "україна", "бюро", "мюзикл", "своєю", "для"]
    {
        assert_eq!(written(word), word);
    }
}

#[test]
fn the_nearest_word_is_the_one_found_by_looking_at_all() {
    let vocabulary = vocabulary();
    for typed in ["грмада", "бюджте", "вулеця", "шкла", "осфіта", "хата"] {
        let mut found = distance::near(vocabulary.words(), typed, 2.0, &mut steps());
        found.sort_by(|one, other| one.word.cmp(&other.word));
        let mut expected: Vec<String> = words(WORDS).map(|word| normal(word.text)).collect();
        expected.retain(|word| distance::distance(typed, word) <= 2.0);
        expected.sort_unstable();
        expected.dedup();
        assert_eq!(found.into_iter().map(|near| near.word).collect::<Vec<_>>(), expected, "{typed}");
    }
}

/// A library of more words than any has, none of them like what is typed.
#[test]
fn repair_ends_in_time_whatever_is_typed() {
    let syllables = ["гро", "ма", "да", "бю", "же", "ту", "ві", "ня", "ко", "ці"];
    let of = |mut number: usize| {
        let mut word = String::new();
        for _ in 0..5 {
            word.push_str(syllables[number % 10]);
            number /= 10;
        }
        word
    };
    let vocabulary = Vocabulary::of_counts(&(0..100_000).map(|number| (of(number), 3)).collect());
    let repair = Repair::new(&vocabulary, Some(&Dictionary::built_in())).word("громатакацю", &mut steps());
    assert!(repair.len() <= REPAIRS_MAX);
    let began = Instant::now();
    let mut left = steps();
    for number in 0..32 {
        let _ = Repair::new(&vocabulary, None).word(&format!("{}хх", of(number * 977)), &mut left);
    }
    // Tests are not optimised; the program is ten times as fast.
    assert!(began.elapsed() < Duration::from_secs(2), "{:?}", began.elapsed());
}

proptest! {
    #[test]
    fn anything_can_be_repaired(text in any::<String>(), word in "[а-яіїєґa-z'ьъ]{0,40}") {
        let vocabulary = vocabulary();
        let repair = Repair::new(&vocabulary, None);
        let _ = repair.layout(&text);
        for word in words(&text).map(|word| normal(word.text)).chain([word]) {
            let found = repair.word(&word, &mut steps());
            prop_assert!(found.len() <= REPAIRS_MAX);
            let _ = skeleton::skeleton(&word);
            let _ = written(&word);
        }
    }

    #[test]
    fn a_distance_is_none_only_of_the_same(one in "[абвїь]{0,6}", other in "[абвїь]{0,6}") {
        prop_assert_eq!(distance::distance(&one, &other) == 0.0, one == other);
    }
}
