//! Fields of a document as controls of a form, and back: by the tables of the kinds alone.
//!
//! A form is a list of names and values as somebody typed them, so that nothing typed is ever lost,
//! whether it can be understood or not.

mod controls;
mod filling;
mod reading;
mod rows;
#[cfg(test)]
mod tests;

use serde_json::{Map, Value};

pub(crate) use controls::{Input, Picked, Section, section};
pub(crate) use filling::fill;
pub(crate) use reading::read;
pub(crate) use rows::{change_rows, rows_of};

/// What somebody typed.
pub(crate) type Pairs = Vec<(String, String)>;

pub(crate) fn get<'a>(pairs: &'a Pairs, name: &str) -> &'a str {
    pairs.iter().find(|(known, _)| known == name).map_or("", |(_, value)| value)
}

fn all<'a>(pairs: &'a Pairs, name: &str) -> Vec<&'a str> {
    pairs.iter().filter(|(known, value)| known == name && !value.is_empty()).map(|(_, value)| value.as_str()).collect()
}

/// Parts of rows that are lists.
fn is_list(key: &str) -> bool {
    matches!(key, "themes" | "formats" | "practice_ids" | "revision")
}

pub(crate) fn put(whole: &mut Value, key: &str, value: Value) {
    let mut place = whole;
    for part in key.split('.') {
        if !place.is_object() {
            *place = Value::Object(Map::new());
        }
        let Some(entries) = place.as_object_mut() else { return };
        place = entries.entry(part).or_insert(Value::Null);
    }
    *place = value;
}
