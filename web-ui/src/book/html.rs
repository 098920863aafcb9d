//! A book as one HTML file: no script, nothing fetched, ready to be sent or put on a stick.

use askama::Template;

use super::{Block, Book, rendered};
use crate::library::LibraryError;

/// How a book looks on a screen.
pub(super) const STYLE: &str = include_str!("../../assets/print/book.css");

#[derive(Template)]
#[template(path = "book/whole.html")]
struct Whole<'a> {
    book: &'a Book,
    style: &'static str,
}

/// The file.
///
/// # Errors
/// A fault of the template.
pub(crate) fn write(book: &Book) -> Result<Vec<u8>, LibraryError> {
    Ok(rendered(&Whole { book, style: STYLE })?.into_bytes())
}
