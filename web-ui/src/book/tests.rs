use std::collections::BTreeSet;
use std::io::{Cursor, Read};

use crdt::gate::DocumentKind;
use roxmltree::{Document, ParsingOptions};
use serde_json::json;
use zip::{CompressionMethod, ZipArchive};

use super::*;
use crate::testing::{FakeLibrary, documents, samples};

/// The book of the sample collection.
fn book_of(library: &FakeLibrary) -> Book {
    gather(library, documents::sample_id(DocumentKind::Collection)).expect("a collection").book()
}

/// The same with texts that would like to be markup.
fn hostile() -> Book {
    let library = samples::library();
    let id = documents::sample_id(DocumentKind::Collection).to_string();
    {
        let mut contents = library.contents();
        let page = contents.documents.get_mut(&id).expect("the collection");
        page.content["title"] = json!("</w:t><script>alert(1)</script> & #panic(\"x\") *б* $x$");
        page.content["foreword"] = json!("]]> \u{0}\u{b}\u{202e}кінець\n- ґанок\n- 5 ₴");
        page.content["imprint"]["isbn"] = json!("\"><img src=x onerror=alert(1)>");
    }
    book_of(&library)
}

fn unpacked(file: &[u8]) -> Vec<(String, String, CompressionMethod)> {
    let mut archive = ZipArchive::new(Cursor::new(file)).expect("an archive");
    (0..archive.len())
        .map(|at| {
            let mut entry = archive.by_index(at).expect("an entry");
            let mut text = String::new();
            entry.read_to_string(&mut text).expect("text");
            (entry.name().expect("a name").into_owned(), text, entry.compression())
        })
        .collect()
}

/// Fails on XML that is not well-formed.
fn parsed<'a>(name: &str, text: &'a str) -> Document<'a> {
    let options = ParsingOptions { allow_dtd: true, ..ParsingOptions::default() };
    Document::parse_with_options(text, options).unwrap_or_else(|error| panic!("{name}: {error}\n{text}"))
}

fn texts(document: &Document<'_>) -> String {
    document.descendants().filter(|node| node.is_text()).filter_map(|node| node.text()).collect()
}

#[test]
fn a_book_tells_each_case_with_facts_text_contact_and_source() {
    let book = book_of(&samples::library());
    let case = &book.cases[0];
    assert_eq!((book.lang.as_str(), book.place.as_str(), case.number), ("uk", "Київ, 2026", 1));
    assert_eq!(case.note, blocks("Найпростіша для початку."));
    let labels: Vec<&str> = case.facts.iter().map(|fact| fact.label.as_str()).collect();
    for label in ["Вартість", "Час", "Розмір громади", "Долучилося", "Інструмент участі", "Підтвердження"]
    {
        assert!(labels.contains(&label), "{label} is not among {labels:?}");
    }
    assert!(case.facts[0].value.contains('₴'), "{:?}", case.facts[0]);
    let headings: Vec<&str> = case.parts.iter().map(|part| part.heading.as_str()).collect();
    for heading in ["Проблема", "Що зробили", "Кроки впровадження", "Результати", "Поради тим, хто повторюватиме"]
    {
        assert!(headings.contains(&heading), "{heading} is not among {headings:?}");
    }
    assert!(case.contact.iter().any(|row| row.label.contains("посада")));
    assert!(case.source.contains(&case.id));
}

#[test]
fn a_practice_that_is_gone_is_left_out_and_told_of() {
    let library = samples::library();
    library.contents().practices.clear();
    let gathered = gather(&library, documents::sample_id(DocumentKind::Collection)).unwrap();
    assert!(gathered.items.len() == 1 && gathered.items[0].1.is_none());
    assert!(gathered.book().cases.is_empty());
}

#[test]
fn a_newer_revision_is_noticed() {
    let library = samples::library();
    let id = documents::sample_id(DocumentKind::Collection);
    let newer = |library: &FakeLibrary| gather(library, id).unwrap().items[0].1.as_ref().unwrap().newer;
    let heads = library.contents().practices[&samples::practice_id().to_string()].heads.clone();
    for (revision, expected) in [(heads, false), (vec!["cd".repeat(32)], true), (Vec::new(), false)] {
        let mut contents = library.contents();
        contents.documents.get_mut(&id.to_string()).unwrap().content["items"][0]["revision"] = json!(revision);
        drop(contents);
        assert_eq!(newer(&library), expected, "{revision:?}");
    }
}

#[test]
fn an_english_collection_speaks_english() {
    let library = samples::library();
    let id = documents::sample_id(DocumentKind::Collection).to_string();
    library.contents().documents.get_mut(&id).unwrap().content["lang"] = json!("en-GB");
    let book = book_of(&library);
    assert_eq!((book.lang.as_str(), book.words.contents), ("en", "Contents"));
    assert!(book.cases[0].facts.iter().any(|fact| fact.label == "Cost"));
}

#[test]
fn an_english_book_prints_the_translation_and_says_how_far_it_holds() {
    let library = samples::library();
    let id = documents::sample_id(DocumentKind::Collection).to_string();
    library.contents().documents.get_mut(&id).unwrap().content["lang"] = json!("en");
    let case = book_of(&library).cases.remove(0);
    assert_eq!((case.lang.as_str(), case.title.as_str()), ("en", "Participatory budgeting at school"));
    assert!(case.parts.iter().any(|part| part.blocks == blocks("Pupils vote on projects.")));
    assert!(case.translated.starts_with("Translated by the hromada: ") && !case.translated.contains("revision"));
    let translation = documents::sample_id(DocumentKind::Translation).to_string();
    {
        let mut contents = library.contents();
        let content = &mut contents.documents.get_mut(&translation).unwrap().content;
        content["about_revision"] = json!(["cd".repeat(32)]);
        content["origin"] = json!("machine");
    }
    let stale = book_of(&library).cases.remove(0);
    assert!(
        stale.translated.ends_with("not proofread. Made from another revision of the text: the original may differ.")
    );
    for file in [epub::write(&book_of(&library)).unwrap(), docx::write(&book_of(&library)).unwrap()] {
        assert!(unpacked(&file).iter().any(|(_, text, _)| text.contains("Made from another revision")));
    }
    library.contents().documents.get_mut(&id).unwrap().content["lang"] = json!("uk");
    let original = book_of(&library).cases.remove(0);
    assert!(original.translated.is_empty() && original.title == plain(&samples::practice().title));
}

#[test]
fn texts_lose_what_paper_and_xml_do_not_have() {
    assert_eq!(plain(" а\u{0}б\tв\u{202e}г\u{feff}\u{ffff} "), "а б вг");
    assert_eq!(plain("сума 1 250 000 ₴ на 5 шкіл"), "сума 1\u{a0}250\u{a0}000\u{a0}₴ на 5\u{a0}шкіл");
    assert_eq!(plain("м’який\u{ad} 5\u{a0}₴"), "м’який\u{ad} 5\u{a0}₴");
}

#[test]
fn what_would_hold_the_press_is_cut_or_refused() {
    let words = "ґрунтовне обговорення ".repeat(2_000);
    for text in [words.as_str(), &"ї".repeat(9_000)] {
        let cut = blocks(text);
        let letters = |block: &Block| matches!(block, Block::Text { text } if text.chars().count() <= 4_000);
        assert!(cut.len() > 2 && cut.iter().all(letters));
        let said: Vec<&str> =
            cut.iter().map(|block| if let Block::Text { text } = block { text } else { "" }).collect();
        let whole = |word: &str| text.starts_with('ї') || ["ґрунтовне", "обговорення"].contains(&word);
        assert!(said.iter().flat_map(|one| one.split(' ')).all(whole), "words stay whole");
        assert_eq!(said.concat().replace(' ', ""), text.replace(' ', ""), "nothing is lost");
    }
    let mut book = book_of(&samples::library());
    assert!(!book.is_too_long());
    book.foreword = blocks(&"- а\n".repeat(41_000));
    assert!(book.is_too_long(), "a thousand pages of one letter each");
}

#[test]
fn the_html_file_fetches_nothing_and_runs_nothing() {
    for book in [book_of(&samples::library()), hostile()] {
        let file = String::from_utf8(html::write(&book).unwrap()).unwrap();
        for forbidden in ["<script", "<img", "<link", " src=\"", "url(", "@import"] {
            assert!(!file.contains(forbidden), "{forbidden}");
        }
        assert!(
            file.contains("<html lang=\"uk\">") && file.contains("href=\"#case-1\"") && file.contains("id=\"case-1\"")
        );
    }
}

#[test]
fn an_epub_is_well_formed_and_whole() {
    for book in [book_of(&samples::library()), hostile()] {
        let files = unpacked(&epub::write(&book).unwrap());
        let (name, text, method) = &files[0];
        assert_eq!(
            (name.as_str(), text.as_str(), *method),
            ("mimetype", "application/epub+zip", CompressionMethod::Stored)
        );
        let names: BTreeSet<&str> = files.iter().map(|(name, ..)| name.as_str()).collect();
        for (name, text, _) in files.iter().filter(|(name, ..)| name != "mimetype" && !name.ends_with(".css")) {
            let document = parsed(name, text);
            let links =
                document.descendants().filter_map(|node| node.attribute("href").or(node.attribute("full-path")));
            for link in links {
                let whole = if link.starts_with("OEBPS/") { link.to_owned() } else { format!("OEBPS/{link}") };
                assert!(names.contains(whole.as_str()), "{name} names {link}");
            }
        }
        let opf = &files.iter().find(|(name, ..)| name == "OEBPS/package.opf").expect("a package").1;
        let opf = parsed("package.opf", opf);
        let items = opf.descendants().filter(|node| node.has_tag_name(("http://www.idpf.org/2007/opf", "item")));
        let (ids, hrefs): (BTreeSet<_>, BTreeSet<_>) =
            items.map(|item| (item.attribute("id"), format!("OEBPS/{}", item.attribute("href").unwrap()))).unzip();
        for item in opf.descendants().filter(|node| node.attribute("idref").is_some()) {
            assert!(ids.contains(&item.attribute("idref")));
        }
        // Everything but container, package and type is in the manifest.
        assert_eq!(hrefs.len() + 3, names.len(), "{names:?}");
        for needed in ["identifier", "title", "language"] {
            let node = opf.descendants().find(|node| node.tag_name().name() == needed);
            assert!(node.and_then(|node| node.text()).is_some_and(|text| !text.is_empty()), "{needed}");
        }
    }
}

#[test]
fn a_docx_is_well_formed_and_says_it_all() {
    for book in [book_of(&samples::library()), hostile()] {
        let files = unpacked(&docx::write(&book).unwrap());
        assert_eq!(files[0].0, "[Content_Types].xml");
        for (name, text, _) in &files {
            parsed(name, text);
        }
        let types = &files[0].1;
        for (name, ..) in files.iter().filter(|(name, ..)| name.ends_with(".xml") && !name.starts_with('[')) {
            assert!(types.contains(&format!("/{name}\"")), "{name} has no type");
        }
        let whole = &files.iter().find(|(name, ..)| name == "word/document.xml").expect("a document").1;
        let document = parsed("document.xml", whole);
        let said = texts(&document);
        for text in [&book.title, &book.cases[0].title, &book.cases[0].source] {
            assert!(said.contains(text.as_str()), "{text}");
        }
        assert!(said.contains('₴'));
        let begins = whole.matches("w:fldCharType=\"begin\"").count();
        assert!(begins == 1 && begins == whole.matches("w:fldCharType=\"end\"").count());
    }
}

#[test]
fn the_same_book_is_the_same_file() {
    let book = book_of(&samples::library());
    for write in [html::write, epub::write, docx::write] {
        assert_eq!(write(&book).unwrap(), write(&book).unwrap());
    }
}

#[test]
fn a_list_with_numbers_of_its_own_gets_no_dots_and_spaces_are_single() {
    let texts = |texts: &[&str]| texts.iter().map(|text| Block::Text { text: (*text).to_owned() }).collect::<Vec<_>>();
    assert_eq!(blocks("- 1. Дороги\n- 2) Вода"), texts(&["1. Дороги", "2) Вода"]));
    assert_eq!(blocks("- 1. Дороги\n- вода"), [Block::List { items: vec!["1. Дороги".into(), "вода".into()] }]);
    assert_eq!(blocks("від вулиці  Данила"), texts(&["від вулиці Данила"]));
}
