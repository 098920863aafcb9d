//! Fields: what every kind of document is made of, one row a field.
//!
//! A document is flat: each field is either one scalar (a *register*) or one list of scalars (the
//! paragraphs of a text, the rows of a table). A typed value such as [`crate::practice::Practice`]
//! becomes fields and comes back from them by these tables alone, so that one mechanism serves
//! merging, conflicts, history and completeness for every field of every kind.

use serde_json::{Map, Value};

use crate::paragraphs;
use crate::vocabulary::Vocabulary;

/// How a field is kept and what it may hold.
#[derive(Clone, Copy)]
pub enum Shape {
    /// One line of text.
    Line,
    /// Paragraphs: a list with one scalar a paragraph.
    Prose,
    /// One term of a vocabulary.
    Term(&'static Vocabulary),
    /// Up to so many terms of a vocabulary, ranked, kept as one value: a ranking is one choice.
    Terms(&'static Vocabulary, usize),
    /// Up to so many free words, kept as one value.
    Words(usize),
    /// A year, a month or a day: `2024`, `2024-05`, `2024-05-31`.
    Date,
    /// A whole number, not negative.
    Whole,
    /// A small object kept as one value; the function says whether it can be read.
    Object(fn(&Value) -> bool),
    /// Up to so many rows of a table, one scalar a row; the function says whether a row can be read.
    Rows(fn(&Value) -> bool, usize),
}

/// What a field counts for.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Need {
    /// Without it a form does not publish.
    Required,
    /// Counts towards completeness.
    Complete,
    /// Welcome.
    Optional,
}

/// One row of a kind's table.
#[derive(Clone, Copy)]
pub struct Field {
    /// Where it stands in the typed value: names joined by dots. Part of the format.
    pub key: &'static str,
    /// What people call it.
    pub uk: &'static str,
    /// What people call it in English.
    pub en: &'static str,
    /// How it is kept.
    pub shape: Shape,
    /// What it counts for.
    pub need: Need,
    /// How many characters a form asks for: advice at least, advice at most (0: no advice).
    pub advice: (usize, usize),
    /// How many characters (of a line, a text, one word) are taken at the most.
    pub chars_max: usize,
}

/// What a document keeps for a field.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Stored {
    /// Nothing.
    Nothing,
    /// A register's value.
    Scalar(String),
    /// A list's items.
    Items(Vec<String>),
}

impl Field {
    /// A row of a table: a value of some shape, whose texts have at most 1,000 letters each.
    pub(crate) const fn row(key: &'static str, uk: &'static str, en: &'static str, shape: Shape, need: Need) -> Self {
        Self { key, uk, en, shape, need, advice: (0, 0), chars_max: 1_000 }
    }

    /// A row of a table: paragraphs. The hard bound is far over every advice: real texts of 59,000
    /// letters exist.
    pub(crate) const fn text(
        key: &'static str,
        uk: &'static str,
        en: &'static str,
        need: Need,
        advice: (usize, usize),
    ) -> Self {
        Self { key, uk, en, shape: Shape::Prose, need, advice, chars_max: 100_000 }
    }

    /// A row of a table: one line, with advice and at most `chars_max` letters.
    pub(crate) const fn line(
        key: &'static str,
        uk: &'static str,
        en: &'static str,
        need: Need,
        advice: (usize, usize),
        chars_max: usize,
    ) -> Self {
        Self { key, uk, en, shape: Shape::Line, need, advice, chars_max }
    }

    /// Whether the field is kept as a list.
    #[must_use]
    pub fn is_list(&self) -> bool {
        matches!(self.shape, Shape::Prose | Shape::Rows(..))
    }

    /// The field's value inside a typed value written as JSON.
    #[must_use]
    pub fn value<'a>(&self, whole: &'a Value) -> &'a Value {
        self.key.split('.').fold(whole, |value, name| value.get(name).unwrap_or(&Value::Null))
    }

    /// What a document keeps for this value.
    #[must_use]
    pub fn store(&self, whole: &Value) -> Stored {
        let value = self.value(whole);
        if is_empty(value) {
            return Stored::Nothing;
        }
        match (self.shape, value) {
            (Shape::Prose, Value::String(text)) => match paragraphs::split(text) {
                paragraphs if paragraphs.is_empty() => Stored::Nothing,
                paragraphs => Stored::Items(paragraphs),
            },
            (Shape::Rows(..), Value::Array(rows)) => {
                Stored::Items(rows.iter().map(|row| without_nothing(row).to_string()).collect())
            }
            (Shape::Line | Shape::Term(_) | Shape::Date, Value::String(text)) => Stored::Scalar(text.trim().to_owned()),
            (_, value) => Stored::Scalar(without_nothing(value).to_string()),
        }
    }

    /// The value that a document kept, if this version can read it: what another version or a
    /// liar wrote may be anything.
    #[must_use]
    pub fn read(&self, stored: &Stored) -> Option<Value> {
        match (self.shape, stored) {
            (_, Stored::Nothing) => None,
            (Shape::Prose, Stored::Items(items)) => Some(Value::String(paragraphs::join(items))),
            (Shape::Rows(readable, _), Stored::Items(items)) => Some(Value::Array(
                items.iter().filter_map(|item| serde_json::from_str(item).ok()).filter(readable).collect(),
            )),
            (Shape::Line | Shape::Term(_) | Shape::Date, Stored::Scalar(text)) => Some(Value::String(text.clone())),
            (shape, Stored::Scalar(text)) => serde_json::from_str(text).ok().filter(|value| fits(shape, value)),
            _ => None,
        }
    }
}

/// Whether a row or an object is one of type `T`: what [`Shape::Object`] and [`Shape::Rows`] ask.
pub(crate) fn reads<T: serde::de::DeserializeOwned>(value: &Value) -> bool {
    T::deserialize(value).is_ok()
}

fn fits(shape: Shape, value: &Value) -> bool {
    match shape {
        Shape::Terms(..) | Shape::Words(_) => value.as_array().is_some_and(|words| words.iter().all(Value::is_string)),
        Shape::Whole => value.is_u64(),
        Shape::Object(readable) => readable(value),
        _ => false,
    }
}

/// Writes a value at a dotted place.
pub(crate) fn place(whole: &mut Map<String, Value>, key: &str, value: Value) {
    match key.split_once('.') {
        None => {
            whole.insert(key.to_owned(), value);
        }
        Some((first, rest)) => {
            let inner = whole.entry(first).or_insert_with(|| Value::Object(Map::new()));
            if let Value::Object(inner) = inner {
                place(inner, rest, value);
            }
        }
    }
}

/// Whether a value says nothing: an empty text, list or object is as good as none.
pub(crate) fn is_empty(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::String(text) => text.trim().is_empty(),
        Value::Array(items) => items.is_empty(),
        Value::Object(entries) => entries.values().all(is_empty),
        Value::Bool(_) | Value::Number(_) => false,
    }
}

/// The value without the entries that say nothing, so that what is not filled in takes no bytes.
fn without_nothing(value: &Value) -> Value {
    match value {
        Value::Object(entries) => Value::Object(
            entries
                .iter()
                .filter(|(_, value)| !is_empty(value))
                .map(|(name, value)| (name.clone(), without_nothing(value)))
                .collect(),
        ),
        Value::Array(items) => Value::Array(items.iter().map(without_nothing).collect()),
        other => other.clone(),
    }
}
