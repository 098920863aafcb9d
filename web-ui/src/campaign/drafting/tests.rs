use crdt::gate::DocumentKind;

use super::*;
use crate::testing::{FakeLibrary, documents, samples};

fn wanted(kind: &str, lang: &str) -> Wanted {
    Wanted {
        kind: kind.into(),
        lang: lang.into(),
        practices: vec![samples::practice_id().to_string()],
        collection: None,
    }
}

fn text(content: &Value, key: &str) -> String {
    content[key].as_str().unwrap_or_default().to_owned()
}

fn made(library: &FakeLibrary, kind: &str, lang: &str) -> Value {
    drafted(library, &wanted(kind, lang)).expect("drafted")
}

#[test]
fn every_type_begins_with_a_text_of_its_own_that_the_form_takes() {
    let library = samples::library();
    let mut texts = std::collections::BTreeSet::new();
    for term in crdt::vocabulary::MATERIAL_TYPES.terms {
        for lang in ["uk", "en"] {
            let content = made(&library, term.key, lang);
            for key in ["title", "message", "text", "call", "audience"] {
                assert!(!text(&content, key).is_empty(), "{} of a {} in {lang}", key, term.key);
            }
            let kind = crdt::kinds::of(DocumentKind::Material).expect("a kind");
            let errors = kind.check(&content, crdt::check::Strictness::Publish).expect("a material");
            // What only a person can fill in is asked for before anything is published.
            let has_blank = text(&content, "text").contains('[');
            let codes: Vec<_> = errors.iter().map(|error| (error.field.as_str(), error.code)).collect();
            assert_eq!(codes, if has_blank { vec![("text", "blank")] } else { vec![] }, "{} in {lang}", term.key);
            let text = text(&content, "text");
            for blank in text.match_indices('[').map(|(at, _)| &text[at..]) {
                assert!(crdt::kinds::material::BLANKS.iter().any(|known| blank.starts_with(known)), "{blank}");
            }
            assert!(texts.insert((lang, text)), "{} in {lang} says what another says", term.key);
        }
    }
}

#[test]
fn a_release_has_a_place_a_day_and_room_for_a_quotation() {
    let library = samples::library();
    let content = made(&library, "press_release", "uk");
    let said = text(&content, "text");
    let today = Visitor::speaking(Language::Uk).today();
    assert!(said.lines().next().expect("a line").contains(&today), "{said}");
    assert!(said.contains("Впишіть слова людини") && said.contains("Контакт для редакцій"), "{said}");
}

#[test]
fn slides_and_questions_ask_and_answer() {
    let library = samples::library();
    let slides = text(&made(&library, "slides", "uk"), "text");
    for asked in ["Що було не так?", "Що зробили?", "Що це дало?", "Скільки це коштувало?", "Кого запитати?"]
    {
        assert!(slides.lines().any(|line| line == asked), "{asked}: {slides}");
    }
    let questions = text(&made(&library, "faq", "uk"), "text");
    assert!(questions.lines().filter(|line| line.ends_with('?')).count() >= 8, "{questions}");
    let asked = questions.lines().filter(|line| !line.is_empty()).collect::<Vec<_>>();
    assert!(
        asked.windows(2).all(|pair| !(pair[0].ends_with('?') && pair[1].ends_with('?'))),
        "no question is left open"
    );
}

#[test]
fn an_english_material_begins_with_the_translation() {
    let library = samples::library();
    let content = made(&library, "leaflet", "en");
    assert_eq!(text(&content, "title"), "Participatory budgeting at school");
    assert!(
        text(&content, "text").contains("What was done?")
            && text(&content, "text").contains("Pupils vote on projects.")
    );
    assert!(text(&content, "call").starts_with("Ask the hromada"));
}

#[test]
fn a_collection_lists_its_practices() {
    let library = samples::library();
    let id = documents::sample_id(DocumentKind::Collection).to_string();
    let of = |kind: &str| {
        let wanted = Wanted { practices: Vec::new(), collection: Some(id.clone()), ..wanted(kind, "uk") };
        drafted(&library, &wanted).expect("drafted")
    };
    let poster = of("poster");
    assert_eq!(text(&poster, "title"), "Пряма демократія: шість історій");
    assert_eq!(text(&poster, "message"), "Ці історії можна повторити.");
    assert!(text(&poster, "text").contains(&format!("- {}", samples::practice().title)), "{poster}");
    assert_eq!(poster["collection"], json!(id));
    assert!(poster.get("practices").is_none());
    assert_eq!(of("slides")["practices"].as_array().map(Vec::len), Some(1));
}

#[test]
fn sentences_end_where_they_end() {
    let said = "Витратили 500 тис. грн. Мешканці обрали 12 проєктів! Рішення див. на сайті ім. Т. Шевченка. Кінець.";
    assert_eq!(first(said, 1, 200), "Витратили 500 тис. грн.");
    assert_eq!(first(said, 3, 200), said.trim_end_matches(" Кінець."));
    assert_eq!(first("- один;\n- два.", 5, 200), "один; два.");
    assert_eq!(first("Довге речення без кінця", 1, 13), "Довге…");
    assert_eq!(first("Перше. Друге речення.", 2, 10), "Перше.");
    assert_eq!(first("", 2, 10), "");
    let list = "Кроки:\n1. Зібрати людей\n2. Обрати проєкти\n3. Проголосувати.";
    assert_eq!(first(list, 9, 200), "Кроки: Зібрати людей; Обрати проєкти; Проголосувати.");
    assert_eq!(first(list, 2, 200), "Кроки: Зібрати людей; Обрати проєкти");
    assert_eq!(first(list, 9, 30), "Кроки: Зібрати людей", "an item is whole or not there");
    assert_eq!(first("1) Один.\n2) Два.\n10) Три.", 2, 200), "Один. Два.");
    let in_line = "Кроки: 1. Провели збори. 2. Обрали проєкт. 3. Зробили.";
    assert_eq!(first(in_line, 2, 200), "Кроки: 1. Провели збори. 2. Обрали проєкт.");
    assert_eq!(first("1. Провели збори. 2. Обрали.", 1, 200), "1. Провели збори.");
    assert_eq!(first("Було 12. Стало 20.", 1, 200), "Було 12.");
    assert_eq!(first("Справді?! Так.", 1, 200), "Справді?!");
}
