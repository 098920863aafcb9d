//! A book as EPUB 3: a container with a package, a contents and a file a chapter.

use askama::Template;

use super::{Block, Book, Case, html, package, rendered};
use crate::library::LibraryError;

const CONTAINER: &str = r#"<?xml version="1.0" encoding="utf-8"?>
<container version="1.0" xmlns="urn:oasis:names:tc:opendocument:xmlns:container"><rootfiles><rootfile full-path="OEBPS/package.opf" media-type="application/oebps-package+xml"/></rootfiles></container>
"#;

/// What a file of the book holds.
#[derive(Clone, Copy)]
enum Chapter<'a> {
    Title,
    Contents,
    Foreword,
    Case(&'a Case),
    Afterword,
}

#[derive(Template)]
#[template(path = "book/chapter.xml")]
struct Page<'a> {
    book: &'a Book,
    lang: &'a str,
    title: &'a str,
    what: Chapter<'a>,
    chapters: &'a [(String, &'a str)],
}

#[derive(Template)]
#[template(path = "book/package.xml")]
struct Package<'a> {
    book: &'a Book,
    identifier: String,
    modified: String,
    chapters: &'a [(String, &'a str)],
}

/// The file.
///
/// # Errors
/// A fault of the templates.
pub(crate) fn write(book: &Book) -> Result<Vec<u8>, LibraryError> {
    let parts = parts(book);
    let chapters: Vec<(String, &str)> = parts.iter().map(|(file, name, _)| (file.clone(), *name)).collect();
    let contents = [("contents.xhtml".to_owned(), book.words.contents, Chapter::Contents)];
    let mut files = vec![
        (package::MIMETYPE.to_owned(), "application/epub+zip".to_owned()),
        ("META-INF/container.xml".to_owned(), CONTAINER.to_owned()),
        ("OEBPS/book.css".to_owned(), html::STYLE.to_owned()),
    ];
    for (file, title, what) in contents.iter().chain(&parts) {
        let lang = if let Chapter::Case(case) = what { &case.lang } else { &book.lang };
        let page = Page { book, lang, title, what: *what, chapters: &chapters };
        files.push((format!("OEBPS/{file}"), rendered(&page)?));
    }
    let (identifier, modified) = (identifier(&book.id), package::modified(&book.moment));
    let opf = Package { book, identifier, modified, chapters: &chapters };
    files.push(("OEBPS/package.opf".to_owned(), rendered(&opf)?));
    package::packed(&files)
}

/// The files of the book in reading order: name, title, what they hold.
fn parts(book: &Book) -> Vec<(String, &str, Chapter<'_>)> {
    let mut parts = vec![("title.xhtml".to_owned(), book.title.as_str(), Chapter::Title)];
    if !book.foreword.is_empty() {
        parts.push(("foreword.xhtml".to_owned(), book.words.foreword, Chapter::Foreword));
    }
    for case in &book.cases {
        parts.push((format!("case-{}.xhtml", case.number), &case.title, Chapter::Case(case)));
    }
    if !book.afterword.is_empty() {
        parts.push(("afterword.xhtml".to_owned(), book.words.afterword, Chapter::Afterword));
    }
    parts
}

/// The record's 16 bytes as the URN that readers keep books by.
fn identifier(id: &str) -> String {
    let part = |from: usize, to: usize| id.get(from..to).unwrap_or_default();
    format!("urn:uuid:{}-{}-{}-{}-{}", part(0, 8), part(8, 12), part(12, 16), part(16, 20), part(20, 32))
}
