use std::time::{Duration, Instant};

use super::*;

const TEXTS: [(&str, &str, &str); 9] = [
    ("Бюджет участі", "Жителі вирішують, на що йдуть кошти.", "Громадські проєкти обирають голосуванням."),
    ("Роздільне збирання", "Сортування сміття у дворах.", "Контейнери для скла, паперу й пластику."),
    ("Послуги ближче", "Відкрили центр надання адміністративних послуг.", "Черги зникли, мешканці задоволені."),
    ("Молодіжна рада", "Молодь радить голові громади.", "Засідання відкриті, обговорення бюджету теж."),
    ("Об’єднання громад", "Як об’єднувалися сусідні села.", "Слухання, рішення рад, спільний статут."),
    ("Youth council", "Young people advise the mayor.", "Budgets are discussed in public hearings."),
    ("Слухи і слухання", "Чутки спростували.", "Про слухи говорили всі."),
    ("Лавки з пластику", "Перероблений пластик став лавками.", "Парк оновили."),
    ("Упровадження прозорості", "Відкриті дані ради.", "Закупівлі видно всім."),
];

fn trial() -> Trial {
    Trial::new(TEXTS.map(|(title, summary, body)| (title.to_owned(), summary.to_owned(), body.to_owned())))
        .expect("memory")
}

fn found(trial: &Trial, query: &str) -> Vec<&'static str> {
    let numbers = trial.search(query, Some(&Dictionary::built_in()), 10).expect("an index in memory");
    numbers.into_iter().map(|number| TEXTS[number].0).collect()
}

#[test]
fn what_is_meant_is_found_first() {
    let trial = trial();
    for (query, title) in [
        ("громадський бюджет", "Бюджет участі"),
        ("бюджету участі", "Бюджет участі"),
        ("ЦНАП", "Послуги ближче"),
        ("обєднання", "Об’єднання громад"),
        ("об'єднання громади", "Об’єднання громад"),
        ("oб'єднання гpoмад", "Об’єднання громад"),
        ("j,'’lyfyyz uhjvfl", "Об’єднання громад"),
        ("molodizhna rada", "Молодіжна рада"),
        ("молодежный совет", "Молодіжна рада"),
        ("сортуваня смітя", "Роздільне збирання"),
        ("скамейки", "Лавки з пластику"),
        ("youth councils", "Youth council"),
        ("нщгер сщгтсшд", "Youth council"),
        ("впровадження", "Упровадження прозорості"),
        ("слухання", "Слухи і слухання"),
        ("прозор*", "Упровадження прозорості"),
    ] {
        assert_eq!(found(&trial, query).first(), Some(&title), "{query}: {:?}", trial.meaning(query, None));
    }
}

#[test]
fn a_title_in_the_words_typed_comes_before_other_names() {
    let mut texts: Vec<(String, String, String)> = (0..40)
        .map(|n| {
            let label = "Бюджет участі (громадський бюджет). Бюджет участі (громадський бюджет).";
            (format!("Сквер {n}"), "Проєкт бюджету участі.".to_owned(), format!("{label} За нього {n} голосів."))
        })
        .collect();
    let other = |n| format!("Партиципаторний бюджет {n}. Громадський бюджет, партиципаторний бюджет.");
    texts.extend((0..40).map(|n| (other(n), other(n), other(n))));
    let long = "Жителі подають проєкти, голосують, стежать за виконанням і питають голову. ".repeat(60);
    texts.push(("Бюджет участі".into(), "Як ми почали.".into(), long));
    let trial = Trial::new(texts).expect("memory");
    for query in ["бюджет участі", "бюджету участі", "бюджету участи"] {
        let found = trial.search(query, Some(&Dictionary::built_in()), 10).expect("an index in memory");
        assert_eq!(found.first(), Some(&80), "{query}: {:?}", trial.meaning(query, Some(&Dictionary::built_in())));
        assert!(found[1..].iter().all(|number| *number < 40), "{query}: {found:?}");
    }
}

#[test]
fn phrases_forms_and_exclusions_are_kept_to() {
    let trial = trial();
    assert_eq!(found(&trial, "\"молодіжною радою\""), ["Молодіжна рада"]);
    assert_eq!(found(&trial, "\"рада молодіжна\" слон").len(), 0);
    assert_eq!(found(&trial, "=слухи"), ["Слухи і слухання"]);
    assert_eq!(found(&trial, "=слуха"), Vec::<&str>::new());
    assert!(!found(&trial, "громада -молодь").contains(&"Молодіжна рада"));
    assert!(found(&trial, "-громада").len() >= 5);
    assert!(found(&trial, "").is_empty());
}

#[test]
fn phrases_are_left_out_wherever_they_stand() {
    let texts: Vec<(String, String, String)> = (0..50)
        .map(|n| {
            let body = if n % 7 == 3 {
                "молодіжна рада громади"
            } else {
                "рада громади, молодіжна теж"
            };
            (format!("Назва {n}"), String::new(), body.to_owned())
        })
        .collect();
    let trial = Trial::new(texts).expect("memory");
    for query in ["-\"молодіжна рада\"", "громада -\"молодіжна рада\"", "громада -=\"молодіжна рада\" -слон"]
    {
        let found = trial.search(query, None, 50).expect("an index in memory");
        assert_eq!(found.len(), 43, "{query}");
        assert!(found.iter().all(|number| number % 7 != 3), "{query}: {found:?}");
    }
}

#[test]
fn whatever_is_typed_is_answered_in_time() {
    let trial = trial();
    let long = "слово ".repeat(200_000);
    for query in [
        "*",
        "а*",
        "сло*",
        "-",
        "=",
        "\"",
        "«",
        ":",
        "рік:",
        "\u{0}\u{7}\u{202E}",
        "😀😀",
        "а",
        "-а",
        "=\"\"",
        "ї\u{301}\u{301}",
        &"щ".repeat(1_000_000),
        &long,
        &"\"а б\" ".repeat(100),
        &"абв* ".repeat(100),
        &"громодський ".repeat(40),
        &"\u{202E}ا".repeat(10_000),
        &"’".repeat(10_000),
        &"a\u{300}".repeat(10_000),
    ] {
        let began = Instant::now();
        found(&trial, query);
        // Tests are not optimised; the bound of the program is a fifth of a second.
        assert!(began.elapsed() < Duration::from_secs(2), "{:?} took {:?}", query.get(..20), began.elapsed());
    }
}
