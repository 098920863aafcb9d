//! What people wrote at once, version by version, and stored values in words.

use crdt::field::{Field, Shape, Stored};
use crdt::view::Conflict;
use serde_json::Value;

use crate::format;
use crate::library::Author;
use crate::pages::columns::{columns, kind};
use crate::pages::fields::label;
use crate::pages::frame::Visitor;
use crate::pages::values::{Piece, part, pieces};
use crate::words;

/// One place where people wrote at once.
pub(crate) struct Clash {
    /// What people call the field.
    pub(crate) label: String,
    /// Which paragraph or row is meant, if not the whole field.
    pub(crate) item: Option<String>,
    /// The versions; the first is the one shown.
    pub(crate) versions: Vec<Side>,
}

/// One version.
pub(crate) struct Side {
    /// What it says, in words.
    pub(crate) text: String,
    /// The device that wrote it: its name, else the beginning of its key.
    pub(crate) device: String,
    /// When.
    pub(crate) moment: String,
    /// When, for programs.
    pub(crate) machine: String,
    /// The record that carries it.
    pub(crate) record: String,
}

/// Every clash of a document, whose devices its authors name.
pub(crate) fn clashes(
    visitor: &Visitor,
    table: &'static [Field],
    conflicts: &[Conflict],
    authors: &[Author],
) -> Vec<Clash> {
    conflicts.iter().map(|conflict| clash(visitor, table, conflict, authors)).collect()
}

/// What people call a device: its name, else the beginning of its key.
fn device(key: &str, authors: &[Author]) -> String {
    let named = authors.iter().find(|author| author.device == key).map(|author| author.device_name.trim());
    named.filter(|name| !name.is_empty()).map_or_else(|| format::short(key), str::to_owned)
}

fn clash(visitor: &Visitor, table: &'static [Field], conflict: &Conflict, authors: &[Author]) -> Clash {
    let field = table.iter().find(|field| field.key == conflict.field);
    let noun = match field.map(|field| field.shape) {
        Some(Shape::Rows(..)) => words::ROW,
        _ => words::PARAGRAPH,
    };
    let versions = conflict.versions.iter().map(|version| Side {
        text: stored(visitor, field, &version.value),
        device: device(&version.device, authors),
        moment: format::moment(version.created_at),
        machine: format::machine(version.created_at),
        record: version.record.clone(),
    });
    Clash {
        label: field.map_or_else(|| conflict.field.clone(), |field| label(visitor.language, field).to_owned()),
        item: conflict.item.map(|item| format!("{} {}", visitor.say(noun), item + 1)),
        versions: versions.collect(),
    }
}

/// A value as a document keeps it (a whole field, a paragraph, a row), in words. What this version
/// cannot read is shown as it is.
pub(crate) fn stored(visitor: &Visitor, field: Option<&Field>, value: &str) -> String {
    let Some(field) = field else { return value.to_owned() };
    let kept = if field.is_list() { Stored::Items(vec![value.to_owned()]) } else { Stored::Scalar(value.to_owned()) };
    let said = match field.read(&kept) {
        None => String::new(),
        Some(Value::Array(rows)) if matches!(field.shape, Shape::Rows(..)) => {
            rows.iter().map(|row| object(visitor, field.key, row)).collect::<Vec<_>>().join("\n")
        }
        Some(object_value) if columns(field.key).next().is_some() && object_value.is_object() => {
            object(visitor, field.key, &object_value)
        }
        Some(value) => joined(&pieces(visitor, kind(field), &value)),
    };
    if said.is_empty() { value.to_owned() } else { said }
}

fn object(visitor: &Visitor, field: &str, row: &Value) -> String {
    let parts = columns(field).map(|column| (visitor.say(column.label), joined(&part(visitor, column, row))));
    let said = parts.filter(|(_, text)| !text.is_empty()).map(|(label, text)| format!("{label}: {text}"));
    said.collect::<Vec<_>>().join("; ")
}

fn joined(pieces: &[Piece]) -> String {
    pieces.iter().flat_map(|piece| [piece.gap, &piece.text]).collect()
}
