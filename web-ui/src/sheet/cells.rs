//! The cells of a row as a practice: people write labels, dates and numbers their own way, and the
//! form knows how to read them.

use std::collections::HashMap;

use crdt::check::FieldError;
use crdt::codifier::HromadaKind;
use crdt::field::{Field, Shape};
use crdt::id::DocumentId;
use crdt::practice::PRACTICE;
use crdt::vocabulary::Vocabulary;
use serde_json::Value;

use super::headings::{EXTERNAL_ID, ID};
use super::{Heading, Raw, Row};
use crate::desk::fields::{self, Pairs};

/// What an import knows a practice of this library by.
const EXPORTED: &str = "dosvid:";

pub(super) fn practices(headings: &[Heading], rows: Vec<Raw>) -> Vec<Row> {
    let mut rows: Vec<Row> = rows.into_iter().map(|raw| practice(headings, raw)).collect();
    tell_apart(&mut rows);
    rows
}

fn practice(headings: &[Heading], (line, cells): Raw) -> Row {
    let mut pairs = Pairs::new();
    let mut name = String::new();
    let (mut tables, mut errors) = (Vec::new(), Vec::new());
    for (heading, cell) in headings.iter().zip(&cells) {
        let (Some(key), cell) = (heading.key.as_deref(), text(cell)) else { continue };
        if cell.is_empty() {
            continue;
        }
        match PRACTICE.iter().find(|field| field.key == key) {
            _ if key == EXTERNAL_ID => cell.clone_into(&mut name),
            _ if key == ID && name.is_empty() && cell.parse::<DocumentId>().is_ok() => {
                name = format!("{EXPORTED}{cell}")
            }
            None if key == ID => {}
            Some(field) if matches!(field.shape, Shape::Rows(..) | Shape::Object(_)) => {
                match serde_json::from_str::<Value>(cell) {
                    Ok(value) if value.is_array() || value.is_object() => tables.push((field, value)),
                    _ => errors.push(no_table(field)),
                }
            }
            Some(field) => match pieces(field, cell) {
                Ok(pieces) => pairs.extend(pieces.into_iter().map(|piece| (key.to_owned(), piece))),
                Err(error) => errors.push(error),
            },
            None => pairs.push((key.to_owned(), cell.to_owned())),
        }
    }
    for (field, value) in tables {
        let mut whole = Value::Null;
        fields::put(&mut whole, field.key, value);
        pairs.extend(fields::fill(std::slice::from_ref(field), &whole));
    }
    let (mut value, unread) = fields::read(PRACTICE, &pairs);
    errors.extend(unread);
    if !name.is_empty() {
        value[EXTERNAL_ID] = Value::String(name);
    }
    Row { line, cells, value, errors }
}

/// A cell's text. A mark that keeps spreadsheets from taking it for a formula is no part of it.
fn text(cell: &str) -> &str {
    let cell = cell.trim();
    match cell.strip_prefix('\'') {
        Some(rest) if rest.starts_with(['=', '+', '-', '@']) => rest,
        _ => cell,
    }
}

/// The values of a cell as the form has them: keys of terms for their labels.
fn pieces(field: &Field, cell: &str) -> Result<Vec<String>, FieldError> {
    match field.shape {
        Shape::Term(vocabulary) => Ok(vec![term(field, vocabulary, cell)?]),
        Shape::Terms(vocabulary, _) => terms(field, vocabulary, cell),
        Shape::Words(_) if field.key == "conditions.community_types" => {
            Ok(parts(cell).map(|part| kind(part).unwrap_or(part).to_owned()).collect())
        }
        _ => Ok(vec![cell.to_owned()]),
    }
}

fn parts(cell: &str) -> impl Iterator<Item = &str> {
    cell.split([';', '\n']).map(str::trim).filter(|part| !part.is_empty())
}

fn kind(part: &str) -> Option<&'static str> {
    let said = part.to_lowercase();
    let found = HromadaKind::ALL
        .into_iter()
        .find(|kind| said == kind.key() || said == kind.uk().to_lowercase() || said == kind.en().to_lowercase());
    found.map(HromadaKind::key)
}

/// Several terms. People part them by semicolons, and by commas where no label has one.
fn terms(field: &Field, vocabulary: &'static Vocabulary, cell: &str) -> Result<Vec<String>, FieldError> {
    let mut found: Vec<String> = Vec::new();
    for part in parts(cell) {
        match term(field, vocabulary, part) {
            Ok(key) => found.push(key),
            Err(error) => {
                let smaller: Result<Vec<String>, FieldError> =
                    part.split(',').map(|piece| term(field, vocabulary, piece.trim())).collect();
                // What was not understood is named as it stands in the cell.
                found.extend(smaller.map_err(|_| error)?);
            }
        }
    }
    let mut seen = Vec::new();
    found.retain(|key| {
        !seen.contains(key) && {
            seen.push(key.clone());
            true
        }
    });
    Ok(found)
}

fn plain(text: &str) -> String {
    text.to_lowercase().replace(['’', '\'', 'ʼ', '`'], "").trim().to_owned()
}

fn term(field: &Field, vocabulary: &'static Vocabulary, said: &str) -> Result<String, FieldError> {
    let wanted = plain(said);
    let names = |label: &str| {
        let label = plain(label);
        // A label explains itself in brackets; people leave that out, or write it alone.
        label == wanted
            || label.split('(').next().is_some_and(|start| start.trim() == wanted)
            || label.split('(').nth(1).is_some_and(|inside| inside.trim_end_matches(')').trim() == wanted)
    };
    let found = vocabulary.terms.iter().find(|term| term.key == wanted || names(term.uk) || names(term.en));
    found.or_else(|| beginning(vocabulary, &wanted)).map(|term| term.key.to_owned()).ok_or_else(|| {
        let known = |label: fn(&crdt::vocabulary::Term) -> &'static str| {
            vocabulary.terms.iter().map(label).collect::<Vec<_>>().join("; ")
        };
        FieldError::new(
            field.key,
            "unknown_term",
            format!("«{said}» немає в переліку «{}». Можна: {}", vocabulary.uk, known(|term| term.uk)),
            format!("“{said}” is not in the list “{}”. Known: {}", vocabulary.en, known(|term| term.en)),
        )
    })
}

/// The one term whose label begins with these words: people leave out what seems to be clear.
fn beginning(vocabulary: &'static Vocabulary, wanted: &str) -> Option<&'static crdt::vocabulary::Term> {
    let start = format!("{wanted} ");
    let begins = |label: &str| plain(label).replace(',', " ").starts_with(&start);
    let mut found = vocabulary.terms.iter().filter(|term| begins(term.uk) || begins(term.en));
    found.next().filter(|_| found.next().is_none() && !wanted.is_empty())
}

fn no_table(field: &Field) -> FieldError {
    FieldError::new(
        field.key,
        "not_json",
        format!(
            "«{}» має кілька частин і в таблиці не пишеться: залиште клітинку порожньою й допишіть у формі",
            field.uk
        ),
        format!(
            "“{}” has several parts and cannot be written in a table: leave the cell empty and add it in the form",
            field.en
        ),
    )
}

/// Rows with one name in their source each keep one of their own, the same at the next import; a row
/// that says the same title and place as one above would overwrite it, and is refused.
fn tell_apart(rows: &mut [Row]) {
    let mut names: HashMap<String, u32> = HashMap::new();
    let mut titles: HashMap<(String, String), u64> = HashMap::new();
    for row in rows {
        let word = |key: &str| row.value.get(key).and_then(Value::as_str).unwrap_or_default().trim().to_owned();
        let name = word(EXTERNAL_ID);
        if !name.is_empty() {
            let count = names.entry(name.clone()).or_insert(0);
            *count += 1;
            if *count > 1 {
                row.value[EXTERNAL_ID] = Value::String(format!("{name}#{count}"));
            }
            continue;
        }
        // A row that names its source otherwise is known by that.
        if row.value.pointer("/provenance/source_id").is_some() {
            continue;
        }
        let title = word("title");
        if title.is_empty() {
            continue;
        }
        let first = *titles.entry((title, word("community"))).or_insert(row.line);
        if first != row.line {
            row.errors.push(FieldError::new(
                "title",
                "repeated",
                format!("Така сама назва й громада вже є в рядку {first}: об’єднайте рядки або змініть назву"),
                format!("Row {first} has the same title and hromada: join the rows or change the title"),
            ));
        }
    }
}
