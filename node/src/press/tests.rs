use serde_json::{Value, json};
use web_ui::press::{BOOK, Template};

use super::*;

fn words() -> Value {
    json!({"contents": "Зміст", "foreword": "Передмова", "afterword": "Післямова", "edited_by": "Упорядники", "note": "Від упорядників",
           "contact": "До кого звернутися", "source": "Джерело", "case": "Випадок", "imprint": "Вихідні дані", "glance": "Стисло",
           "site": "Досвід", "frozen": "Редакцію обрали упорядники."})
}

/// A book with so many cases, each of about two pages.
fn book(cases: usize, title: &str) -> Value {
    let sentence = "Громада запровадила бюджет участі з річною сумою 1\u{a0}250\u{a0}000\u{a0}₴; ґрунтовне обговорення тривало шість тижнів. ";
    let case = |number: usize| {
        json!({
            "number": number, "id": "ab".repeat(16), "lang": "uk", "title": title,
            "community": "Баштанська міська територіальна громада", "translated": "", "tags": "Освіта",
            "note": [{"kind": "text", "text": "Найпростіша для початку."}],
            "lead": [{"kind": "text", "text": sentence}],
            "facts": [{"label": "Вартість", "value": "120\u{a0}тис.\u{a0}₴", "more": "у цінах 2024 р."}],
            "parts": [
                {"heading": "Проблема", "blocks": [{"kind": "text", "text": sentence.repeat(20)}, {"kind": "list", "items": ["перше", "друге"]}]},
                {"heading": "Кроки", "blocks": [{"kind": "table", "heading": "", "heads": ["Крок", "Днів"], "rows": [["Ухвалити", "14"]]}]},
            ],
            "contact": [{"label": "Посада", "value": "Начальниця відділу"}],
            "source": "Запис abab",
        })
    };
    json!({
        "lang": "uk", "id": "cd".repeat(16), "day": "24.08.2025", "moment": "", "title": title, "subtitle": "Підзаголовок",
        "editors": ["Команда"], "place": "Київ, 2026", "publisher": "Громадська організація",
        "imprint": [{"label": "УДК", "value": "352"}], "donor": "", "foreword": [{"kind": "text", "text": sentence}],
        "cases": (1..=cases).map(case).collect::<Vec<_>>(), "afterword": [], "words": words(),
    })
}

fn sheet(data: Value) -> Sheet {
    Sheet { template: BOOK, data, output: Output::Pdf }
}

/// The words of a PDF, page by page.
fn pages(file: &[u8]) -> Vec<String> {
    let document = lopdf::Document::load_mem(file).expect("a PDF");
    document.get_pages().keys().map(|page| document.extract_text(&[*page]).expect("text")).collect()
}

#[test]
fn a_book_is_a_pdf_whose_text_can_be_found() {
    let file = Press::default().make(&sheet(book(2, "Ґанок і під’їзд"))).expect("a file");
    let pages = pages(&file);
    let whole = pages.concat();
    for said in ["Ґанок і під’їзд", "₴", "ґрунтовне", "Зміст", "Начальниця відділу", "Випадок"]
    {
        assert!(whole.contains(said), "{said} is not in {whole}");
    }
    assert!(pages.len() >= 8, "{} pages", pages.len());
    let document = lopdf::Document::load_mem(&file).unwrap();
    let catalogue = document.catalog().unwrap();
    assert_eq!(catalogue.get(b"Lang").unwrap().as_str().unwrap(), b"uk-UA");
    assert!(catalogue.get(b"StructTreeRoot").is_ok(), "the file is tagged for readers of screens");
}

#[test]
fn no_text_is_read_as_a_template() {
    let title = "#panic(\"x\") *б* $x$ @y <z> \\ #import \"/etc/passwd\": a";
    let whole = pages(&Press::default().make(&sheet(book(1, title))).expect("a file")).concat();
    assert!(whole.replace([' ', '\n'], "").contains("#panic(\"x\")*б*$x$@y<z>"), "{whole}");
}

#[test]
fn a_template_reaches_its_own_files_and_nothing_else() {
    for source in [
        "#read(\"/etc/passwd\")",
        "#read(\"../Cargo.toml\")",
        "#import \"@preview/cetz:0.3.0\": canvas",
        "#image(\"https://example.org/x.png\")",
        "#datetime.today()",
    ] {
        let template = Template { name: "test.typ", source };
        let made = Press::default().make(&Sheet { template, data: json!({}), output: Output::Pdf });
        assert!(matches!(made, Err(LibraryError::Fault(_))), "{source}");
    }
}

#[test]
fn a_picture_is_as_wide_as_was_asked() {
    let template = Template { name: "test.typ", source: "#set page(width: 120pt, height: 60pt)\nтак" };
    let file = Press::default().make(&Sheet { template, data: json!({}), output: Output::Png { width: 480 } }).unwrap();
    assert_eq!(&file[..8], b"\x89PNG\r\n\x1a\n");
    assert_eq!((&file[16..20], &file[20..24]), (&480_u32.to_be_bytes()[..], &240_u32.to_be_bytes()[..]));
    let template = Template { name: "test.typ", source: "#set page(width: 10pt, height: 10000pt)\nтак" };
    let file = Press::default().make(&Sheet { template, data: json!({}), output: Output::Png { width: 480 } }).unwrap();
    assert_eq!(&file[20..24], &17_540_u32.to_be_bytes()[..], "what is too long is narrower");
}

#[test]
fn the_same_sheet_is_the_same_file() {
    let press = Press::default();
    let sheet = sheet(book(1, "Толока"));
    let first = press.make(&sheet).unwrap();
    assert_eq!(press.make(&sheet).unwrap(), first);
    assert_eq!(Press::default().make(&sheet).unwrap(), first, "another press makes another file");
}

#[test]
fn whoever_comes_to_a_full_queue_is_told_to_come_back() {
    let press = Press::default();
    let places: Vec<_> = (0..=WAITING_MAX).map(|_| press.shared.place().expect("a place")).collect();
    let refused = press.make(&sheet(book(1, "Толока")));
    assert!(matches!(refused, Err(LibraryError::Denied { code: PRESS_BUSY, .. })));
    drop(places);
    assert!(press.make(&sheet(book(1, "Толока"))).is_ok());
}

#[test]
fn nobody_waits_longer_than_the_press_says_and_the_file_is_there_later() {
    // Some seconds of the engine's time in a debug build.
    let source = "#set page(width: 60pt, height: 60pt)\n#for i in range(60) { for j in range(9000) { let x = calc.sin(j) } }\nтак";
    let slow = Sheet { template: Template { name: "test.typ", source }, data: json!({}), output: Output::Pdf };
    let press = Press { patience: Duration::ZERO, ..Press::default() };
    let code = |made: Result<Vec<u8>, LibraryError>| match made {
        Err(LibraryError::Denied { code, .. }) => code,
        made => panic!("{:?}", made.map(|file| file.len())),
    };
    assert_eq!(code(press.make(&slow)), PRESS_SLOW);
    // The engine is at work for nobody: the next one neither waits for ever nor begins beside it.
    assert_eq!(code(press.make(&sheet(book(1, "Толока")))), PRESS_BUSY);
    assert!(press.shared.queue().busy && press.shared.queue().places == 0);
    let end = Instant::now() + Duration::from_secs(120);
    drop(press.shared.turn(end).expect("the engine is free when it is done"));
    assert_eq!(&press.make(&slow).expect("what was made is kept")[..4], b"%PDF");
}

#[test]
fn a_sheet_that_stops_the_press_stops_no_other() {
    let press = Press::default();
    let broken =
        Sheet { template: Template { name: "test.typ", source: "#panic(1)" }, data: json!({}), output: Output::Pdf };
    assert!(matches!(press.make(&broken), Err(LibraryError::Fault(_))));
    assert!(press.make(&sheet(book(1, "Толока"))).is_ok());
}
