//! What somebody typed as the value of a document, and what of it cannot be understood.

use crdt::check::FieldError;
use crdt::codifier;
use crdt::field::{Field, Shape};
use crdt::id::DocumentId;
use serde_json::{Map, Value};

use super::rows::rows_of;
use super::{Pairs, all, get, is_list, put};
use crate::pages::columns::{Column, Kind, columns, kind};
use crate::sums::{self, Unread};

/// The typed value as JSON, and what cannot be understood.
pub(crate) fn read(table: &[Field], pairs: &Pairs) -> (Value, Vec<FieldError>) {
    let (mut whole, mut errors) = (Value::Object(Map::new()), Vec::new());
    for field in table {
        match value(field, pairs) {
            Ok(Value::Null) => {}
            Ok(value) => put(&mut whole, field.key, value),
            Err(error) => errors.push(error),
        }
    }
    (whole, errors)
}

fn value(field: &Field, pairs: &Pairs) -> Result<Value, FieldError> {
    let text = get(pairs, field.key).trim();
    Ok(match field.shape {
        _ if matches!(field.key, "community" | "venue.community") => place(field, text)?,
        Shape::Line if matches!(kind(field), Kind::Place) && !text.is_empty() => {
            Value::String(code_in(text).unwrap_or(text).to_owned())
        }
        Shape::Terms(..) => {
            // The main one comes first and may be ticked once more below.
            let mut chosen: Vec<&str> = Vec::new();
            for key in all(pairs, field.key) {
                if !chosen.contains(&key) {
                    chosen.push(key);
                }
            }
            strings(chosen)
        }
        Shape::Words(_) if field.key == "conditions.community_types" => strings(all(pairs, field.key)),
        Shape::Words(_) => {
            let words = text.lines().flat_map(|line| line.split(';')).map(str::trim).filter(|word| !word.is_empty());
            let ids = matches!(kind(field), Kind::Practice | Kind::Record);
            strings(words.map(|word| if ids { id_in(word) } else { word }).collect())
        }
        Shape::Whole if !text.is_empty() => {
            let read = if is_money(field) { sums::hryvnias(text) } else { sums::count(text) };
            read.map(Value::from).map_err(|unread| not_a_number(field, text, &unread))?
        }
        Shape::Date if !text.is_empty() => Value::String(iso(text)),
        Shape::Rows(readable, _) => {
            let rows =
                rows_of(pairs, field.key).into_iter().map(|n| object(field.key, &format!("{}.{n}", field.key), pairs));
            let rows: Vec<Value> = rows.filter(|row| row.as_object().is_some_and(|row| !row.is_empty())).collect();
            if let Some(row) = rows.iter().position(|row| !readable(row)) {
                return Err(unreadable(field, &rows[row], Some(row + 1)));
            }
            if rows.is_empty() { Value::Null } else { Value::Array(rows) }
        }
        Shape::Object(readable) => {
            let object = object(field.key, field.key, pairs);
            match object.as_object().is_some_and(Map::is_empty) {
                true => Value::Null,
                false if readable(&object) => object,
                false => return Err(unreadable(field, &object, None)),
            }
        }
        _ if text.is_empty() => Value::Null,
        _ if matches!(kind(field), Kind::Practice | Kind::Record) => Value::String(id_in(text).to_owned()),
        _ => Value::String(get(pairs, field.key).trim().to_owned()),
    })
}

fn strings(words: Vec<&str>) -> Value {
    if words.is_empty() { Value::Null } else { words.into_iter().map(|word| Value::String(word.into())).collect() }
}

fn object(field: &str, prefix: &str, pairs: &Pairs) -> Value {
    let mut row = Map::new();
    if field == "location" {
        for key in ["lat", "lon"] {
            let text = get(pairs, &format!("{prefix}.{key}")).trim();
            if !text.is_empty() {
                row.insert(key.into(), measure(text).unwrap_or_else(|| Value::String(text.into())));
            }
        }
        return Value::Object(row);
    }
    for column in columns(field) {
        let name = format!("{prefix}.{}", column.key);
        let text = get(pairs, &name).trim();
        let value = match column.kind {
            Kind::Term(_) if is_list(column.key) => strings(all(pairs, &name)),
            _ if is_list(column.key) => strings(text.split_whitespace().collect()),
            _ if text.is_empty() => Value::Null,
            Kind::Money => sums::hryvnias(text).map_or_else(|_| Value::String(text.into()), Value::from),
            Kind::Number | Kind::Year => measure(text).unwrap_or_else(|| Value::String(text.into())),
            Kind::YesNo => Value::Bool(text == "true"),
            Kind::Date => Value::String(iso(text)),
            Kind::Place => Value::String(code_in(text).unwrap_or(text).to_owned()),
            _ => Value::String(text.to_owned()),
        };
        if !value.is_null() {
            row.insert(column.key.to_owned(), value);
        }
    }
    Value::Object(row)
}

fn is_money(field: &Field) -> bool {
    matches!(kind(field), Kind::Money)
}

/// Both ways to write what can be read in two.
fn two_ways(text: &str, large: &str, small: &str) -> (String, String) {
    (
        format!("«{text}» можна прочитати двояко: напишіть «{large}» або «{small}»"),
        format!("“{text}” can be read in two ways: write “{large}” or “{small}”"),
    )
}

/// What is wrong with a number, and what would be understood.
fn not_a_number(field: &Field, text: &str, unread: &Unread) -> FieldError {
    let (code, uk, en) = match unread {
        Unread::Fraction(nearest) => (
            "not_whole",
            format!("Потрібне ціле число, без копійок і часток: округліть «{text}» до {nearest}"),
            format!("A whole number is needed, without kopiykas or fractions: round “{text}” to {nearest}"),
        ),
        Unread::TwoWays(large, small) => {
            let (uk, en) = two_ways(text, large, small);
            ("two_ways", uk, en)
        }
        Unread::Unclear if is_money(field) => (
            "not_a_sum",
            format!(
                "«{text}» не читається як сума: пишіть у гривнях, наприклад 1200, 12 500, 12,5 тис. або 1,2 млн грн"
            ),
            format!("“{text}” cannot be read as a sum: write hryvnias, like 1200, 12 500, 12.5k or UAH 1.2 million"),
        ),
        Unread::Unclear => (
            "not_a_number",
            format!("«{text}» не читається як число: пишіть, наприклад, 1200, 12 500 або 12,5 тис."),
            format!("“{text}” cannot be read as a number: write it like 1200, 12 500 or 12.5 thousand"),
        ),
    };
    FieldError::new(field.key, code, uk, en)
}

/// What is wrong with a row, or with the one object of a field: which part, and what stands there.
fn unreadable(field: &Field, object: &Value, row: Option<usize>) -> FieldError {
    let is_number = |column: &&Column| matches!(column.kind, Kind::Number | Kind::Money | Kind::Year);
    let wrong = columns(field.key).filter(is_number).find_map(|column| {
        let text = object.get(column.key).and_then(Value::as_str)?;
        Some((column, text))
    });
    let place = |word: &str| row.map(|row| format!("{word} {row}: ")).unwrap_or_default();
    let (label, text, unread) = match wrong {
        Some((column, text)) if matches!(column.kind, Kind::Money) => (column.label, text, sums::hryvnias(text).err()),
        Some((column, text)) => (column.label, text, None),
        None => {
            return FieldError::new(
                field.key,
                "malformed",
                format!("{}щось тут не читається: перевірте числа й дати або заповніть заново", place("Рядок")),
                format!("{}something here cannot be read: check numbers and dates, or fill it in anew", place("Row")),
            );
        }
    };
    let (uk, en) = match unread {
        Some(Unread::TwoWays(large, small)) => two_ways(text, &large, &small),
        Some(Unread::Fraction(nearest)) => (
            format!("потрібне ціле число гривень: округліть «{text}» до {nearest}"),
            format!("a whole number of hryvnias is needed: round “{text}” to {nearest}"),
        ),
        Some(Unread::Unclear) => (
            format!("«{text}» не читається як сума: пишіть, наприклад, 1200, 12,5 тис. або 1,2 млн грн"),
            format!("“{text}” cannot be read as a sum: write it like 1200, 12.5k or UAH 1.2 million"),
        ),
        None => (
            format!("«{text}» не читається як число: пишіть, наприклад, 1200 або 12,5"),
            format!("“{text}” cannot be read as a number: write it like 1200 or 12.5"),
        ),
    };
    FieldError::new(
        field.key,
        "not_a_number",
        format!("{}«{}» — {uk}", place("Рядок"), label.uk),
        format!("{}“{}”: {en}", place("Row"), label.en),
    )
}

fn measure(text: &str) -> Option<Value> {
    sums::measure(text).map(Value::Number)
}

/// A date as records keep it: people write `24.08.2025` or `08.2025`.
fn iso(text: &str) -> String {
    let parts: Vec<&str> = text.trim().trim_end_matches("р.").trim().split('.').map(str::trim).collect();
    let digits = parts.iter().all(|part| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit()));
    match parts[..] {
        [day, month, year] if digits && year.len() == 4 => format!("{year}-{month:0>2}-{day:0>2}"),
        [month, year] if digits && year.len() == 4 => format!("{year}-{month:0>2}"),
        _ => text.trim().to_owned(),
    }
}

/// The id of a record, where somebody gave the address of its page; otherwise what they wrote.
fn id_in(text: &str) -> &str {
    let path = text.split(['?', '#']).next().unwrap_or_default();
    let is_id = |part: &&str| part.parse::<DocumentId>().is_ok();
    path.split('/').rfind(is_id).unwrap_or(text)
}

/// The KATOTTG code that stands in a text.
fn code_in(text: &str) -> Option<&str> {
    let start = text.find("UA")?;
    text.get(start..start + codifier::CODE_LEN).filter(|code| codifier::find(code).is_some())
}

/// A community by its code or by its name.
fn place(field: &Field, text: &str) -> Result<Value, FieldError> {
    if text.is_empty() {
        return Ok(Value::Null);
    }
    if let Some(code) = code_in(text) {
        return Ok(Value::String(code.into()));
    }
    match crate::desk::start::search(text)[..] {
        [only] => Ok(Value::String(only.code.into())),
        [] => Err(FieldError::new(
            field.key,
            "unknown_place",
            format!("Громади «{text}» немає в Кодифікаторі: перевірте назву або впишіть код КАТОТТГ"),
            format!("The codifier has no hromada “{text}”: check the name or give the KATOTTG code"),
        )),
        ref several => {
            let names: Vec<String> =
                several.iter().take(6).map(|one| format!("{} ({})", one.full_name_uk(), one.code)).collect();
            let names = names.join("; ");
            Err(FieldError::new(
                field.key,
                "several_places",
                format!("Таких громад кілька: {names}. Впишіть код потрібної"),
                format!("There are several: {names}. Give the code of the one you mean"),
            ))
        }
    }
}
