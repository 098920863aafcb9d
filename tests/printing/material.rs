//! A material of the campaign in each of the usual sizes: pictures that can be sent, whose code a camera
//! reads.

use html5ever::tendril::TendrilSink;
use html5ever::{ParseOpts, parse_document};
use http::{Method, StatusCode};
use markup5ever_rcdom::{Handle, NodeData, RcDom};
use serde_json::{Value, json};

use super::cases::six;
use super::keep;
use crate::inside::{Inside, PUBLIC, text};
use crate::pictures::Grey;
use crate::process::material::CODE;

/// Where the code leads.
const URL: &str = "https://dosvid.example.ua/practices/вулиця-ґрунтова";
/// The sizes with their pixels; of a text of several pages the first is the picture, and has no code.
const SIZES: [(&str, (u32, u32), bool); 7] = [
    ("poster", (1240, 1754), true),
    ("leaflet", (874, 1240), true),
    ("square", (1080, 1080), true),
    ("wide", (1200, 630), true),
    ("release", (1240, 1754), true),
    ("slides", (1920, 1080), false),
    ("faq", (1240, 1754), true),
];

/// A node with a material, and its number.
fn node_with(words: &str) -> (Inside, String) {
    let node = Inside::founded(CODE);
    let id = published(&node, &material(words));
    (node, id)
}

fn material(words: &str) -> Value {
    json!({
        "type": "poster", "lang": "uk", "title": "Ваше слово вирішує", "audience": "Для всіх мешканців громади",
        "message": "Щороку мешканці самі обирають, на що піде частина бюджету.", "text": words,
        "call": "Подайте проєкт до 1 травня", "url": URL, "donor": "За підтримки громади",
    })
}

fn published(node: &Inside, content: &Value) -> String {
    let answer = node.write(Method::POST, "/documents", &json!({ "kind": "material", "content": content }));
    assert!(answer.status().is_success(), "{}", text(&answer));
    let published: Value = serde_json::from_slice(answer.body()).expect("JSON");
    published["id"].as_str().expect("an id").to_owned()
}

#[test]
fn without_an_address_a_code_leads_to_the_published_page_and_at_home_there_is_none() {
    let node = Inside::founded(CODE);
    let mut content = material("Прийдіть на збори.");
    content["url"] = json!("");
    let id = published(&node, &content);
    let at_home = node.browser().get(&format!("/materials/{id}/poster.png"));
    assert_eq!(Grey::read(at_home.body()).codes("poster at home"), Vec::<String>::new());
    assert!(text(&node.browser().get(&format!("/materials/{id}"))).contains("тож коду на аркушах не буде"));
    let published = node.ask_public(&format!("/materials/{id}/poster.png"));
    let page = format!("https://{PUBLIC}/materials/{id}");
    assert_eq!(Grey::read(published.body()).codes("poster on the web"), [page]);
}

#[test]
fn a_material_begun_from_a_practice_is_set_in_both_languages() {
    let node = Inside::founded(CODE);
    let answer = node.write(Method::POST, "/practices", &six()[0]);
    let practice: Value = serde_json::from_slice(answer.body()).expect("JSON");
    let practice = practice["id"].as_str().expect("an id");
    let browser = node.browser();
    for (kind, size) in [
        ("poster", "poster"),
        ("leaflet", "leaflet"),
        ("press_release", "release"),
        ("slides", "slides"),
        ("faq", "faq"),
    ] {
        for tongue in ["uk", "en"] {
            // What the form begins with, sent as it stands but for the blanks, which are no text to publish.
            let from = format!("/write/record/new?kind=material&practice={practice}&type={kind}&tongue={tongue}");
            let form = text(&browser.get(&from));
            let dom = scraped(&form);
            let filled = dom["text"].as_str().unwrap_or_default().replace(['[', ']'], "");
            let content = json!({
                "type": kind, "lang": tongue, "title": dom["title"], "message": dom["message"], "text": filled,
                "call": dom["call"], "audience": dom["audience"], "practices": [practice], "url": URL,
            });
            let id = published(&node, &content);
            let file = node.ask_public(&format!("/materials/{id}/{size}.pdf"));
            assert_eq!(file.status(), StatusCode::OK, "{kind} {tongue}: {}", text(&file));
            keep(&format!("{size}-{tongue}.pdf"), file.body());
            let document = lopdf::Document::load_mem(file.body()).expect("a PDF");
            let pages: Vec<u32> = document.get_pages().keys().copied().collect();
            let first = document.extract_text(&pages[..1]).expect("text");
            let bare = |text: &str| text.chars().filter(|letter| letter.is_alphanumeric()).collect::<String>();
            let message = bare(dom["message"].as_str().expect("a message"));
            assert!(bare(&first).contains(&message), "{kind} {tongue} begins with more than a title: {first}");
            let language = document.catalog().expect("a catalogue").get(b"Lang").and_then(lopdf::Object::as_str);
            assert!(language.expect("a language").starts_with(tongue.as_bytes()), "{kind} {tongue}");
            if kind == "slides" {
                let asks = |text: &str| text.contains('?');
                let asking = pages.iter().filter(|page| asks(&document.extract_text(&[**page]).expect("text"))).count();
                assert!(asking >= 5, "problem, solution, results, cost, whom to ask: {asking}");
            }
        }
    }
}

/// What the text fields of a form hold.
fn scraped(page: &str) -> serde_json::Map<String, Value> {
    fn walk(node: &Handle, held: &mut serde_json::Map<String, Value>) {
        if let NodeData::Element { attrs, .. } = &node.data {
            let get =
                |key: &str| attrs.borrow().iter().find(|one| &*one.name.local == key).map(|one| one.value.to_string());
            if let Some(name) = get("name") {
                let children = node.children.borrow();
                let inner = children.first().and_then(|child| match &child.data {
                    NodeData::Text { contents } => Some(contents.borrow().to_string()),
                    _ => None,
                });
                held.insert(name, get("value").or(inner).unwrap_or_default().into());
            }
        }
        node.children.borrow().iter().for_each(|child| walk(child, held));
    }
    let mut held = serde_json::Map::new();
    walk(&parse_document(RcDom::default(), ParseOpts::default()).one(page).document, &mut held);
    held
}

#[test]
fn a_picture_of_a_long_text_is_as_long_as_the_text() {
    let (node, id) = node_with(&"Будь-хто від 14 років може подати проєкт, а комісія порахує кошторис.\n\n".repeat(60));
    let answer = node.ask_public(&format!("/materials/{id}/release.png"));
    let grey = Grey::read(answer.body());
    assert!(grey.width == 1240 && grey.height > 3_000, "{} × {}", grey.width, grey.height);
    assert_eq!(grey.codes("release"), [URL], "its end is there");
}

#[test]
fn every_picture_has_its_size_and_a_code_that_leads_to_the_address() {
    let words = "Як це працює?\n\nБудь-хто від 14 років може подати проєкт.\n\n- опишіть ідею;\n- зберіть 20 підписів.";
    let (node, id) = node_with(words);
    for (size, pixels, coded) in SIZES {
        let answer = node.ask_public(&format!("/materials/{id}/{size}.png"));
        assert_eq!(
            (answer.status(), &answer.headers()["content-type"]),
            (StatusCode::OK, &"image/png".parse().unwrap())
        );
        let grey = Grey::read(answer.body());
        assert_eq!((grey.width, grey.height), pixels, "{size}");
        let codes = grey.codes(size);
        let expected: &[&str] = if coded { &[URL] } else { &[] };
        assert_eq!(codes, expected, "{size}");
    }
}
