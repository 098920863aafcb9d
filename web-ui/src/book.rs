//! A printed book: one neutral structure of a collection, which all its writers read.
//!
//! Every text in it is plain: what XML and a press cannot carry is gone, and no writer takes a text
//! for markup.

pub(crate) mod docx;
pub(crate) mod epub;
mod gather;
pub(crate) mod html;
mod package;

use askama::Template;
use serde::Serialize;

use crate::pages::values::{Paragraph, prose};

pub(crate) use gather::{Found, Gathered, gather};

/// Bytes of one book as a press reads it: two hundred cases of the usual length. It comes to about
/// eight hundred pages of A5, more than a binding holds, and to a gigabyte of memory while it is typeset.
pub(crate) const TEXT_BYTES_MAX: usize = 2 * 1024 * 1024;

/// Lines of one book at the least that its text takes: about a thousand pages. Two megabytes of paragraphs
/// of one letter would be four thousand.
const LINES_MAX: usize = 40_000;
/// Letters of a line of A5, roughly.
const LINE_CHARS: usize = 55;
/// Letters of one paragraph, two pages of A5. What the press does with a paragraph takes the square of its
/// length: of thirty thousand letters, seconds.
const PARAGRAPH_CHARS_MAX: usize = 4_000;

/// A book.
#[derive(Serialize, Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Book {
    /// The language of its own words: `uk` or `en`.
    pub(crate) lang: String,
    /// The record that it is made from, hexadecimal.
    pub(crate) id: String,
    /// The day of that record, `DD.MM.YYYY`.
    pub(crate) day: String,
    /// The moment of that record, for programs.
    pub(crate) moment: String,
    /// The title.
    pub(crate) title: String,
    /// The second line of the title; empty if there is none.
    pub(crate) subtitle: String,
    /// Who made it.
    pub(crate) editors: Vec<String>,
    /// Town and year; empty if neither is known.
    pub(crate) place: String,
    /// The publisher.
    pub(crate) publisher: String,
    /// What stands on the page of the publisher, line by line.
    pub(crate) imprint: Vec<Row>,
    /// Who paid for it, in their own words.
    pub(crate) donor: String,
    /// The foreword.
    pub(crate) foreword: Vec<Block>,
    /// The cases, in order.
    pub(crate) cases: Vec<Case>,
    /// The last word.
    pub(crate) afterword: Vec<Block>,
    /// The words that the book itself says.
    pub(crate) words: Words,
}

/// The words that a book itself says, in its language.
#[derive(Serialize, Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Words {
    pub(crate) contents: &'static str,
    pub(crate) foreword: &'static str,
    pub(crate) afterword: &'static str,
    pub(crate) edited_by: &'static str,
    pub(crate) note: &'static str,
    pub(crate) contact: &'static str,
    pub(crate) source: &'static str,
    pub(crate) case: &'static str,
    pub(crate) imprint: &'static str,
    pub(crate) glance: &'static str,
    pub(crate) site: &'static str,
    pub(crate) frozen: &'static str,
}

/// One practice in a book.
#[derive(Serialize, Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Case {
    /// Its place in the book, from 1.
    pub(crate) number: usize,
    /// The practice, hexadecimal.
    pub(crate) id: String,
    /// The language of its texts.
    pub(crate) lang: String,
    /// The title.
    pub(crate) title: String,
    /// Where it happened; empty if that is unknown.
    pub(crate) community: String,
    /// Who translated it, and how far to rely on that; empty if it stands as it was written.
    pub(crate) translated: String,
    /// Sectors and themes.
    pub(crate) tags: String,
    /// What the editors say of it.
    pub(crate) note: Vec<Block>,
    /// What was done and what it gave, in a few lines.
    pub(crate) lead: Vec<Block>,
    /// What a reader decides by.
    pub(crate) facts: Vec<Fact>,
    /// The text under its headings.
    pub(crate) parts: Vec<Part>,
    /// Whom to ask.
    pub(crate) contact: Vec<Row>,
    /// How to cite it, the record's id included.
    pub(crate) source: String,
}

/// A heading with what stands under it.
#[derive(Serialize, Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Part {
    /// The heading.
    pub(crate) heading: String,
    /// What stands under it.
    pub(crate) blocks: Vec<Block>,
}

/// A tile of the box of facts.
#[derive(Serialize, Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Fact {
    /// What it is.
    pub(crate) label: String,
    /// What is known of it.
    pub(crate) value: String,
    /// More of it, in small letters.
    pub(crate) more: String,
}

/// A label with its value.
#[derive(Serialize, Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Row {
    /// What it is called.
    pub(crate) label: String,
    /// What it says.
    pub(crate) value: String,
}

/// A piece of a text.
#[derive(Serialize, Clone, Debug, PartialEq, Eq)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub(crate) enum Block {
    /// A paragraph.
    Text { text: String },
    /// A list with dots.
    List { items: Vec<String> },
    /// Labels with values.
    Facts { rows: Vec<Row> },
    /// A table, with a heading of its own if the part has another.
    Table { heading: String, heads: Vec<String>, rows: Vec<Vec<String>> },
}

impl Row {
    /// A row of plain texts.
    pub(crate) fn new(label: &str, value: &str) -> Self {
        Self { label: plain(label), value: plain(value) }
    }
}

impl Book {
    /// Whether it is more than a press takes at once.
    pub(crate) fn is_too_long(&self) -> bool {
        let bytes = serde_json::to_string(self).map_or(usize::MAX, |text| text.len());
        bytes > TEXT_BYTES_MAX || self.lines() > LINES_MAX
    }

    fn lines(&self) -> usize {
        let of_case = |case: &Case| {
            let parts = case.parts.iter().map(|part| 2 + lines(&part.blocks)).sum::<usize>();
            lines(&case.lead) + lines(&case.note) + case.contact.len() + parts
        };
        lines(&self.foreword) + lines(&self.afterword) + self.cases.iter().map(of_case).sum::<usize>()
    }
}

/// How many lines blocks take at the least.
fn lines(blocks: &[Block]) -> usize {
    let of_text = |text: &String| 1 + text.chars().count() / LINE_CHARS;
    let of_block = |block: &Block| match block {
        Block::Text { text } => of_text(text),
        Block::List { items } => items.iter().map(of_text).sum(),
        Block::Facts { rows } => rows.iter().map(|row| of_text(&row.value)).sum(),
        Block::Table { rows, .. } => rows.iter().map(|row| 1 + row.iter().map(of_text).sum::<usize>() / 2).sum(),
    };
    blocks.iter().map(of_block).sum()
}

/// The blocks of a text that a person wrote.
pub(crate) fn blocks(text: &str) -> Vec<Block> {
    printed(&prose(text))
}

/// The same of paragraphs.
fn printed(paragraphs: &[Paragraph]) -> Vec<Block> {
    let of = |paragraph: &Paragraph| match paragraph {
        // Numbers of their own and dots before them would be two marks for one thing.
        Paragraph::List(items) if items.iter().all(|item| is_numbered(item)) => {
            items.iter().flat_map(|item| pieces(item)).map(|text| Block::Text { text }).collect()
        }
        Paragraph::Text(text) => pieces(text).into_iter().map(|text| Block::Text { text }).collect(),
        Paragraph::List(items) => vec![Block::List { items: items.iter().flat_map(|item| pieces(item)).collect() }],
    };
    paragraphs.iter().flat_map(of).collect()
}

/// Whether an item of a list brings a number: `3. …` or `3) …`.
fn is_numbered(item: &str) -> bool {
    let rest = item.trim_start_matches(|letter: char| letter.is_ascii_digit());
    rest.len() < item.len() && rest.starts_with(['.', ')'])
}

/// A plain text in pieces that the press can set: cut between words, if it has any.
fn pieces(text: &str) -> Vec<String> {
    let text = plain(text);
    let mut rest = text.as_str();
    let mut pieces = Vec::new();
    while let Some((most, _)) = rest.char_indices().nth(PARAGRAPH_CHARS_MAX) {
        let at = rest[..most].rfind(' ').filter(|at| *at > 0).unwrap_or(most);
        pieces.push(rest[..at].to_owned());
        rest = rest[at..].trim_start();
    }
    pieces.push(rest.to_owned());
    pieces
}

/// A text without what neither XML nor paper has: control characters, half pairs, marks that turn the
/// direction of what follows, and with one space between words. Numbers are held together, and with what they count: `1 250 000 ₴` and
/// `1 травня` are never broken.
pub(crate) fn plain(text: &str) -> String {
    let kept = |letter: &char| {
        !matches!(letter, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}')
            && !matches!(letter, '\u{fffe}' | '\u{ffff}')
    };
    let spaced = |letter: char| if letter.is_control() { ' ' } else { letter };
    let mut letters: Vec<char> = text.trim().chars().map(spaced).filter(kept).collect();
    letters.dedup_by(|next, before| (*next, *before) == (' ', ' '));
    let is_held = |at: usize| {
        let before = at.checked_sub(1).and_then(|before| letters.get(before));
        let after = letters.get(at + 1);
        let counted = |next: &char| next.is_ascii_digit() || *next == '₴' || next.is_alphabetic();
        before.is_some_and(char::is_ascii_digit) && after.is_some_and(counted)
    };
    (0..letters.len()).map(|at| if letters[at] == ' ' && is_held(at) { '\u{a0}' } else { letters[at] }).collect()
}

/// A template as a file; one that cannot be rendered is a fault of this program.
fn rendered(template: &impl Template) -> Result<String, crate::library::LibraryError> {
    template.render().map_err(|error| crate::library::LibraryError::Fault(format!("a book's template: {error}")))
}

#[cfg(test)]
mod tests;
