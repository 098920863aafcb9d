//! What is printed: the collection of six cases and the materials of the campaign, made by a whole node
//! and checked as those check who open such files.

mod cases;
mod docx;
mod epub;
mod html;
mod material;
mod pdf;

use std::io::{Cursor, Read};

use http::{Method, StatusCode};
use roxmltree::{Document, ParsingOptions};
use serde_json::json;
use zip::{CompressionMethod, ZipArchive};

use crate::inside::{Inside, text};
use cases::{TITLES, WORDS, six};

/// What the collection is called.
const TITLE: &str = "Ґрунт під ногами: шість історій, які можна повторити";
/// What is inside and what it leads to.
const FOREWORD: &str = "Ці шість історій розповіли самі громади.\n\nКожну можна повторити: поруч із нею сказано, \
                        скільки вона коштувала, скільки тривала й до кого звернутися.";

/// A node with six cases and their collection.
struct Printed {
    node: Inside,
    collection: String,
}

impl Printed {
    fn new() -> Self {
        let node = Inside::founded(crate::process::material::CODE);
        let items: Vec<_> = six()
            .iter()
            .map(|practice| {
                let answer = node.write(Method::POST, "/practices", practice);
                assert!(answer.status().is_success(), "{}", text(&answer));
                let published: serde_json::Value = serde_json::from_slice(answer.body()).expect("JSON");
                json!({ "practice": published["id"], "revision": published["heads"], "note": "Найпростіша для початку." })
            })
            .collect();
        let content = json!({
            "lang": "uk", "title": TITLE, "subtitle": "Збірник практик прямої демократії", "foreword": FOREWORD,
            "afterword": "Розкажіть і свою історію.", "editors": ["Команда «Досвіду»"], "items": items, "state": "ready",
            "imprint": { "place": "Київ", "year": 2026, "publisher": "ГО «Досвід»", "udc": "352.07(477)", "donor": "" },
        });
        let answer = node.write(Method::POST, "/documents", &json!({ "kind": "collection", "content": content }));
        assert!(answer.status().is_success(), "{}", text(&answer));
        let published: serde_json::Value = serde_json::from_slice(answer.body()).expect("JSON");
        Self { node, collection: published["id"].as_str().expect("an id").to_owned() }
    }

    /// A file of the collection, as strangers fetch it.
    fn file(&self, name: &str, kind: &str) -> Vec<u8> {
        let answer = self.node.ask_public(&format!("/collections/{}/{name}", self.collection));
        assert_eq!(answer.status(), StatusCode::OK, "{name}: {}", text(&answer));
        assert_eq!(answer.headers()["content-type"], kind);
        answer.into_body()
    }
}

#[test]
fn six_cases_are_valid_in_every_format() {
    let printed = Printed::new();
    pdf::check(&printed.file("book.pdf", "application/pdf"));
    epub::check(&printed.file("book.epub", "application/epub+zip"));
    let kind = "application/vnd.openxmlformats-officedocument.wordprocessingml.document";
    docx::check(&printed.file("book.docx", kind));
    html::check(&printed.file("book.html", "text/html; charset=utf-8"));
}

/// A file of an archive.
struct Packed {
    name: String,
    bytes: Vec<u8>,
    method: CompressionMethod,
}

impl Packed {
    fn text(&self) -> &str {
        std::str::from_utf8(&self.bytes).unwrap_or_else(|error| panic!("{}: {error}", self.name))
    }

    /// The file as XML; fails on what is not well-formed.
    fn xml(&self) -> Document<'_> {
        let options = ParsingOptions { allow_dtd: true, ..ParsingOptions::default() };
        Document::parse_with_options(self.text(), options).unwrap_or_else(|error| panic!("{}: {error}", self.name))
    }
}

/// Everything in an archive, in its order.
fn unpacked(archive: &[u8]) -> Vec<Packed> {
    let mut archive = ZipArchive::new(Cursor::new(archive)).expect("an archive");
    (0..archive.len())
        .map(|at| {
            let mut entry = archive.by_index(at).expect("an entry");
            let (name, method) = (entry.name().expect("a name").into_owned(), entry.compression());
            let mut bytes = Vec::new();
            entry.read_to_end(&mut bytes).expect("whole");
            Packed { name, bytes, method }
        })
        .collect()
}

/// Everything that a document says.
fn said(document: &Document<'_>) -> String {
    document.descendants().filter(|node| node.is_text()).filter_map(|node| node.text()).collect()
}

/// A text says every title and the words whose letters get lost first.
#[track_caller]
fn says_all(what: &str, whole: &str) {
    for said in TITLES.iter().chain(&WORDS).chain([&TITLE]) {
        assert!(whole.contains(said), "{what} does not say {said}");
    }
}
