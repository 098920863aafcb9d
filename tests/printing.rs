//! What is printed: the collection of six cases and the materials of the campaign, made by a whole node
//! and checked as those check who open such files.

mod cases;
mod docx;
mod epub;
mod html;
mod material;
mod pdf;

use std::io::{Cursor, Read};
use std::ops::Range;

use http::{Method, StatusCode};
use roxmltree::{Document, ParsingOptions};
use serde_json::{Value, json};
use zip::{CompressionMethod, ZipArchive};

use crate::inside::{Inside, text};
use cases::{TITLES, WORDS, six};

/// What the collection is called.
const TITLE: &str = "Ґрунт під ногами: шість історій, які можна повторити";
/// What is inside and what it leads to.
const FOREWORD: &str = "Ці шість історій розповіли самі громади.\n\nКожну можна повторити: поруч із нею сказано, \
                        скільки вона коштувала, скільки тривала й до кого звернутися.";

/// What a book must say.
pub struct Expected {
    /// The titles of its cases, in order.
    titles: Vec<String>,
    /// Words whose letters get lost first.
    words: &'static [&'static str],
    /// How many pages of A5 it may have.
    pages: Range<usize>,
}

impl Expected {
    /// The six cases that are made up.
    fn of_six() -> Self {
        Self { titles: TITLES.map(str::to_owned).into(), words: &WORDS, pages: 25..60 }
    }
}

/// A node with cases and their collection.
struct Printed {
    node: Inside,
    collection: String,
    /// Under what name its files are kept to be looked at.
    called: &'static str,
}

impl Printed {
    fn new() -> Self {
        let node = Inside::founded(crate::process::material::CODE);
        let published: Vec<Value> = six()
            .iter()
            .map(|practice| {
                let answer = node.write(Method::POST, "/practices", practice);
                assert!(answer.status().is_success(), "{}", text(&answer));
                serde_json::from_slice(answer.body()).expect("JSON")
            })
            .collect();
        Self::of("six", node, published.iter().map(|one| (one["id"].clone(), one["heads"].clone())))
    }

    /// A node with real cases, none of whose revisions the collection names.
    fn real(rows: &[Value]) -> Self {
        let node = Inside::founded(crate::process::material::CODE);
        let answer = node.write(Method::POST, "/import", &json!({ "rows": rows }));
        let reports: Vec<Value> = serde_json::from_slice(answer.body()).expect("JSON");
        assert!(reports.iter().all(|report| report["outcome"] == "new"), "{reports:?}");
        Self::of("real", node, reports.iter().map(|one| (one["id"].clone(), json!([]))))
    }

    fn of(called: &'static str, node: Inside, cases: impl Iterator<Item = (Value, Value)>) -> Self {
        let item = |(id, heads)| json!({ "practice": id, "revision": heads, "note": "Найпростіша для початку." });
        let content = json!({
            "lang": "uk", "title": TITLE, "subtitle": "Збірник практик прямої демократії", "foreword": FOREWORD,
            "afterword": "Розкажіть і свою історію.", "editors": ["Команда «Досвіду»"], "state": "ready",
            "items": cases.map(item).collect::<Vec<_>>(),
            "imprint": { "place": "Київ", "year": 2026, "publisher": "ГО «Досвід»", "udc": "352.07(477)", "donor": "" },
        });
        let answer = node.write(Method::POST, "/documents", &json!({ "kind": "collection", "content": content }));
        assert!(answer.status().is_success(), "{}", text(&answer));
        let published: Value = serde_json::from_slice(answer.body()).expect("JSON");
        Self { node, collection: published["id"].as_str().expect("an id").to_owned(), called }
    }

    /// A file of the collection, as strangers fetch it; kept in the folder that `DOSVID_KEEP` names, to be
    /// looked at.
    fn file(&self, name: &str, kind: &str) -> Vec<u8> {
        let answer = self.node.ask_public(&format!("/collections/{}/{name}", self.collection));
        assert_eq!(answer.status(), StatusCode::OK, "{name}: {}", text(&answer));
        assert_eq!(answer.headers()["content-type"], kind);
        keep(&format!("{}-{name}", self.called), answer.body());
        answer.into_body()
    }

    /// Fails on a format that those who open it would refuse.
    fn check(&self, expected: &Expected) {
        pdf::check(&self.file("book.pdf", "application/pdf"), expected);
        epub::check(&self.file("book.epub", "application/epub+zip"), expected);
        let kind = "application/vnd.openxmlformats-officedocument.wordprocessingml.document";
        docx::check(&self.file("book.docx", kind), expected);
        html::check(&self.file("book.html", "text/html; charset=utf-8"), expected);
    }
}

/// Keeps a file to be looked at, if `DOSVID_KEEP` names a folder.
fn keep(name: &str, bytes: &[u8]) {
    if let Some(folder) = std::env::var_os("DOSVID_KEEP") {
        std::fs::write(std::path::Path::new(&folder).join(name), bytes).expect("DOSVID_KEEP is a folder");
    }
}

#[test]
fn six_cases_are_valid_in_every_format() {
    Printed::new().check(&Expected::of_six());
}

#[test]
fn six_real_cases_are_valid_in_every_format() {
    let rows: Vec<Value> = crate::process::material::real().iter().flat_map(|path| two_of(path)).collect();
    if rows.is_empty() {
        return;
    }
    let titles = rows.iter().map(|row| row["title"].as_str().expect("a title").trim().to_owned()).collect();
    Printed::real(&rows).check(&Expected { titles, words: &[], pages: 12..200 });
}

/// Two practices of a file: of those that say as much as a book wants, the ones with the most fields.
fn two_of(path: &std::path::Path) -> Vec<Value> {
    let text = std::fs::read_to_string(path).expect("readable");
    let mut rows: Vec<Value> = text.lines().map(|line| serde_json::from_str(line).expect("JSON")).collect();
    // The contents are looked up by title and number of page: a title with figures at its ends is no test.
    let plain = |row: &Value| {
        let title = row["title"].as_str().unwrap_or_default();
        (15..110).contains(&title.chars().count()) && !title.contains(|letter: char| letter.is_ascii_digit())
    };
    rows.retain(|row| plain(row) && row.to_string().len() < 24_000);
    let filled = |row: &Value| row.as_object().map_or(0, |row| row.values().filter(|value| !value.is_null()).count());
    rows.sort_by_key(|row| std::cmp::Reverse((filled(row), row.to_string().len())));
    rows.truncate(2);
    rows
}

#[test]
fn a_collection_that_names_no_revision_stands_at_that_of_its_day() {
    let printed = Printed::new();
    let whole = printed.node.json(&format!("/documents/{}", printed.collection));
    let mut content = whole["content"].clone();
    let practice = content["items"][0]["practice"].as_str().expect("an id").to_owned();
    for item in content["items"].as_array_mut().expect("items") {
        item.as_object_mut().expect("an item").remove("revision");
    }
    let answer = printed.node.write(Method::POST, "/documents", &json!({ "kind": "collection", "content": content }));
    assert!(answer.status().is_success(), "{}", text(&answer));
    let published: Value = serde_json::from_slice(answer.body()).expect("JSON");
    let id = published["id"].as_str().expect("an id");
    let now = printed.node.json(&format!("/practices/{practice}"));
    let items = printed.node.json(&format!("/documents/{id}"))["content"]["items"].clone();
    assert_eq!(items[0]["revision"], now["heads"]);
    // The practice changes; the book does not, and says of which day its revision is.
    let mut changed = now["practice"].clone();
    changed["title"] = json!("Зовсім інша назва");
    let edit = json!({ "base_heads": now["heads"], "content": changed });
    let answer = printed.node.write(Method::PUT, &format!("/practices/{practice}"), &edit);
    assert!(answer.status().is_success(), "{}", text(&answer));
    let page = text(&printed.node.ask_public(&format!("/collections/{id}")));
    assert!(page.contains(TITLES[0]) && page.contains("Є новіша редакція") && !page.contains("Зовсім інша назва"));
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
fn says_all(what: &str, whole: &str, expected: &Expected) {
    let titles = expected.titles.iter().map(String::as_str);
    for said in titles.chain(expected.words.iter().copied()).chain([TITLE]) {
        assert!(whole.contains(said), "{what} does not say {said}");
    }
}
