//! A PDF as a press shop looks at it before it prints: pages, sizes, fonts, letters, the contents.

use std::collections::BTreeMap;

use lopdf::{Dictionary, Document, Object};

use super::{Expected, FOREWORD, TITLE};

/// Points of A5.
const A5: [f32; 4] = [0.0, 0.0, 419.53, 595.28];

/// Fails on a book that cannot be printed, read aloud or searched.
pub fn check(file: &[u8], expected: &Expected) {
    let document = Document::load_mem(file).expect("a PDF");
    assert!(!document.is_encrypted());
    let pages = pages(&document);
    assert!(expected.pages.contains(&pages.len()), "{} pages", pages.len());
    for (number, text) in (1..).zip(&pages) {
        assert!(text.chars().count() > 10, "page {number} is blank");
    }
    sizes_and_fonts(&document);
    let whole = pages.concat();
    let titles = expected.titles.iter().map(String::as_str);
    for said in titles.chain(expected.words.iter().copied()).chain([TITLE]).map(bare) {
        assert!(whole.contains(&said), "{said} cannot be found");
    }
    assert!(whole.contains(&bare(FOREWORD.lines().next().expect("a line"))));
    contents(&pages, expected);
    described(&document);
}

/// Letters alone: where lines end and which words are divided is the typesetter's.
fn bare(text: &str) -> String {
    text.chars().filter(|letter| !letter.is_whitespace() && !matches!(letter, '-' | '\u{ad}')).collect()
}

fn pages(document: &Document) -> Vec<String> {
    document.get_pages().keys().map(|page| bare(&document.extract_text(&[*page]).expect("text"))).collect()
}

/// Every page is A5, and brings the letters that it uses, which can be copied out of it.
fn sizes_and_fonts(document: &Document) {
    let mut fonts = BTreeMap::new();
    for (number, id) in document.get_pages() {
        let page = document.get_dictionary(id).expect("a page");
        let sides = page.get(b"MediaBox").and_then(Object::as_array).expect("a size");
        for (side, expected) in sides.iter().zip(A5) {
            assert!((side.as_float().expect("a number") - expected).abs() < 0.1, "page {number}: {sides:?}");
        }
        for font in document.get_page_fonts(id).expect("fonts").into_values() {
            fonts.insert(font.get(b"BaseFont").and_then(Object::as_name).expect("a name").to_vec(), font);
        }
    }
    let names: Vec<_> = fonts.keys().map(|name| String::from_utf8_lossy(name)).collect();
    for family in ["Onest", "Literata"] {
        assert!(names.iter().any(|name| name.contains(family)), "no {family} among {names:?}");
    }
    for (name, font) in &fonts {
        let name = String::from_utf8_lossy(name);
        assert!(font.get(b"ToUnicode").is_ok(), "{name}: its letters cannot be copied");
        assert!(is_embedded(document, font), "{name} is not embedded");
    }
}

fn is_embedded(document: &Document, font: &Dictionary) -> bool {
    let follow = |object: &Object| document.dereference(object).expect("there").1.clone();
    let descendants = follow(font.get(b"DescendantFonts").expect("a composite font"));
    let inner = follow(&descendants.as_array().expect("a list")[0]);
    let descriptor = follow(inner.as_dict().expect("a font").get(b"FontDescriptor").expect("described"));
    let descriptor = descriptor.as_dict().expect("a description");
    [&b"FontFile2"[..], b"FontFile3"].iter().any(|key| descriptor.get(key).is_ok())
}

/// Each entry of the contents names the page on which its chapter begins.
fn contents(pages: &[String], expected: &Expected) {
    let at = pages.iter().position(|page| page.contains("Зміст")).expect("a contents");
    let mut last = at + 1;
    let page = pages[at].strip_suffix(&last.to_string()).expect("the page's own number");
    for title in expected.titles.iter().map(String::as_str).chain(["Післямова"]) {
        let title = bare(title);
        let after = page.split_once(&title).unwrap_or_else(|| panic!("{title} is not in the contents")).1;
        let number: String = after.chars().take_while(char::is_ascii_digit).collect();
        let number: usize = number.parse().unwrap_or_else(|_| panic!("{title} has no page: {after}"));
        assert!(number > last && pages[number - 1].contains(&title), "{title} is not on page {number}");
        last = number;
    }
}

/// What readers of screens and shelves of books ask: the language, the title, the structure, bookmarks.
fn described(document: &Document) {
    let catalogue = document.catalog().expect("a catalogue");
    assert_eq!(catalogue.get(b"Lang").and_then(Object::as_str).expect("a language"), b"uk-UA");
    assert!(catalogue.get(b"StructTreeRoot").is_ok(), "not tagged");
    assert!(catalogue.get(b"Outlines").is_ok(), "no bookmarks");
    let info = document.trailer.get(b"Info").and_then(|info| document.dereference(info)).expect("described").1;
    let title = info.as_dict().and_then(|info| info.get(b"Title")).and_then(Object::as_str).expect("a title");
    let units: Vec<u16> = title[2..].chunks(2).map(|pair| u16::from_be_bytes([pair[0], pair[1]])).collect();
    assert_eq!((&title[..2], String::from_utf16_lossy(&units).as_str()), (&b"\xfe\xff"[..], TITLE));
}
