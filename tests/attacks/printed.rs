//! Whatever strangers write, books and materials made of it are made of what their templates are made of.

use std::collections::BTreeMap;
use std::io::{Cursor, Read};

use html5ever::tendril::TendrilSink;
use html5ever::{ParseOpts, parse_document};
use markup5ever_rcdom::{Handle, NodeData, RcDom};

use super::library::{Library, both};
use super::scripts::{at_home, for_every_text};
use crate::inside::{Answer, text};

/// Every so many texts are typeset: each takes the press a part of a second.
const TYPESET_EVERY: usize = 16;
/// Bytes of a part of a book at the most.
const PART_MAX: u64 = 16 * 1024 * 1024;

fn id_of(library: &Library, n: usize, wanted: &str) -> String {
    let (_, id) = library.told[n].iter().find(|(kind, _)| *kind == wanted).expect("one of each kind");
    id.to_string()
}

fn file(library: &Library, address: String, kind: &str) -> Answer {
    let answer = at_home(library, address.clone());
    assert_eq!(answer.status(), 200, "{address}: {}", text(&answer));
    let told = answer.headers()["content-type"].to_str().expect("text");
    assert!(told.starts_with(kind), "{address}: {told}");
    assert_eq!(answer.headers()["x-content-type-options"], "nosniff", "{address}");
    answer
}

/// What a file is made of: elements with the names of their attributes, and how many.
type Made = BTreeMap<String, u32>;

#[test]
fn books_of_what_strangers_write_show_it_as_text() {
    for_every_text(|n| {
        let book =
            |library: &Library, end: &str| format!("/collections/{}/book.{end}", id_of(library, n, "collection"));
        let made = both().each_ref().map(|library| {
            let html = file(library, book(library, "html"), "text/html");
            let epub = file(library, book(library, "epub"), "application/epub+zip");
            let docx = file(library, book(library, "docx"), "application/vnd.openxmlformats");
            [of_html(html.body(), n), of_parts(epub.body(), n), of_parts(docx.body(), n)]
        });
        assert_eq!(made[0], made[1], "text {n}");
        if n.is_multiple_of(TYPESET_EVERY) {
            let poisoned = &both()[0];
            let pdf = file(poisoned, book(poisoned, "pdf"), "application/pdf");
            without_actions(&pdf, n);
            let material = format!("/materials/{}", id_of(poisoned, n, "material"));
            for size in ["poster", "square"] {
                without_actions(&file(poisoned, format!("{material}/{size}.pdf"), "application/pdf"), n);
            }
            file(poisoned, format!("{material}/square.png"), "image/png");
        }
    });
}

/// A PDF that runs nothing when it is opened.
fn without_actions(pdf: &Answer, n: usize) {
    let body = pdf.body();
    assert!(body.starts_with(b"%PDF-"), "text {n}");
    for action in ["/JavaScript", "/JS", "/Launch", "/OpenAction", "/EmbeddedFile", "/SubmitForm"] {
        assert!(!body.windows(action.len()).any(|part| part == action.as_bytes()), "text {n}: {action}");
    }
}

fn of_html(body: &[u8], n: usize) -> Made {
    let mut made = Made::new();
    let dom = parse_document(RcDom::default(), ParseOpts::default()).from_utf8().one(body);
    let mut open: Vec<Handle> = vec![dom.document.clone()];
    while let Some(node) = open.pop() {
        if let NodeData::Element { name, attrs, .. } = &node.data {
            let tag = name.local.to_string();
            assert!(!["script", "iframe", "img", "object", "base", "form"].contains(&&*tag), "text {n}: <{tag}>");
            let names: Vec<String> = attrs.borrow().iter().map(|one| one.name.local.to_string()).collect();
            assert!(!names.iter().any(|name| name.starts_with("on") || name == "style"), "text {n}: {names:?}");
            *made.entry(format!("{tag} {names:?}")).or_default() += 1;
        }
        open.extend(node.children.borrow().iter().cloned());
    }
    made
}

/// What the parts of an EPUB or DOCX are made of, each well formed.
fn of_parts(body: &[u8], n: usize) -> Made {
    let mut made = Made::new();
    let mut whole = zip::ZipArchive::new(Cursor::new(body)).expect("an archive");
    for at in 0..whole.len() {
        let part = whole.by_index(at).expect("a part");
        let name = part.name().expect("a name").into_owned();
        *made.entry(name.clone()).or_default() += 1;
        let is_xml = [".xml", ".xhtml", ".opf", ".ncx", ".rels", ".html"].iter().any(|end| name.ends_with(end));
        if !is_xml {
            continue;
        }
        let mut xml = String::new();
        part.take(PART_MAX).read_to_string(&mut xml).expect("text");
        let read = roxmltree::ParsingOptions { allow_dtd: true, ..roxmltree::ParsingOptions::default() };
        let document = roxmltree::Document::parse_with_options(&xml, read)
            .unwrap_or_else(|error| panic!("text {n}: {name}: {error}"));
        for node in document.descendants().filter(roxmltree::Node::is_element) {
            let names: Vec<&str> = node.attributes().map(|one| one.name()).collect();
            let tag = node.tag_name().name();
            assert!(tag != "script" && !names.iter().any(|name| name.starts_with("on")), "text {n}: {name}: <{tag}>");
            *made.entry(format!("{name} {tag} {names:?}")).or_default() += 1;
        }
    }
    made
}
