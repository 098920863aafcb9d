//! A book as DOCX, for whoever goes on working on it: headings, tables and a contents that the word
//! processor keeps up to date.
//!
//! Written from templates: the crates that write DOCX set neither the title nor the language of a
//! document, and a clerk's spelling checker needs the language.

use askama::Template;

use super::{Block, Book, package, rendered};
use crate::library::LibraryError;

const CONTENT_TYPES: &str = r#"<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/><Override PartName="/word/document.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/><Override PartName="/word/styles.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.styles+xml"/><Override PartName="/word/numbering.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.numbering+xml"/><Override PartName="/word/footer.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.footer+xml"/><Override PartName="/docProps/core.xml" ContentType="application/vnd.openxmlformats-package.core-properties+xml"/></Types>
"#;
const RELATIONS: &str = r#"<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="word/document.xml"/><Relationship Id="rId2" Type="http://schemas.openxmlformats.org/package/2006/relationships/metadata/core-properties" Target="docProps/core.xml"/></Relationships>
"#;
const DOCUMENT_RELATIONS: &str = r#"<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/styles" Target="styles.xml"/><Relationship Id="rId2" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/numbering" Target="numbering.xml"/><Relationship Id="rId3" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/footer" Target="footer.xml"/></Relationships>
"#;
const NUMBERING: &str = r#"<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<w:numbering xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:abstractNum w:abstractNumId="0"><w:multiLevelType w:val="singleLevel"/><w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="bullet"/><w:lvlText w:val="•"/><w:lvlJc w:val="left"/><w:pPr><w:ind w:left="567" w:hanging="283"/></w:pPr></w:lvl></w:abstractNum><w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num></w:numbering>
"#;
const FOOTER: &str = r#"<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<w:ftr xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:p><w:pPr><w:jc w:val="center"/></w:pPr><w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText xml:space="preserve"> PAGE </w:instrText></w:r><w:r><w:fldChar w:fldCharType="separate"/></w:r><w:r><w:t>1</w:t></w:r><w:r><w:fldChar w:fldCharType="end"/></w:r></w:p></w:ftr>
"#;

#[derive(Template)]
#[template(path = "book/word/document.xml")]
struct Document<'a> {
    book: &'a Book,
    /// Bookmarks with what the contents call them.
    marks: Vec<(String, &'a str)>,
}

#[derive(Template)]
#[template(path = "book/word/styles.xml")]
struct Styles {
    language: &'static str,
}

#[derive(Template)]
#[template(path = "book/word/core.xml")]
struct Core<'a> {
    book: &'a Book,
    language: &'static str,
    modified: String,
}

/// The file.
///
/// # Errors
/// A fault of the templates.
pub(crate) fn write(book: &Book) -> Result<Vec<u8>, LibraryError> {
    let language = if book.lang == "en" { "en-GB" } else { "uk-UA" };
    let core = Core { book, language, modified: package::modified(&book.moment) };
    package::packed(&[
        ("[Content_Types].xml", CONTENT_TYPES.to_owned()),
        ("_rels/.rels", RELATIONS.to_owned()),
        ("docProps/core.xml", rendered(&core)?),
        ("word/_rels/document.xml.rels", DOCUMENT_RELATIONS.to_owned()),
        ("word/numbering.xml", NUMBERING.to_owned()),
        ("word/footer.xml", FOOTER.to_owned()),
        ("word/styles.xml", rendered(&Styles { language })?),
        ("word/document.xml", rendered(&Document { book, marks: marks(book) })?),
    ])
}

fn marks(book: &Book) -> Vec<(String, &str)> {
    let mut marks = Vec::new();
    if !book.foreword.is_empty() {
        marks.push(("foreword".to_owned(), book.words.foreword));
    }
    marks.extend(book.cases.iter().map(|case| (format!("case_{}", case.number), case.title.as_str())));
    if !book.afterword.is_empty() {
        marks.push(("afterword".to_owned(), book.words.afterword));
    }
    marks
}
