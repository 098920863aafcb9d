//! What somebody typed as the value of a document, and what of it cannot be understood.

use crdt::check::FieldError;
use crdt::codifier;
use crdt::field::{Field, Shape};
use serde_json::{Map, Number, Value};

use super::rows::rows_of;
use super::{Pairs, all, get, is_list, put};
use crate::pages::columns::{Column, Kind, columns};

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
        _ if field.key == "community" => place(field, text)?,
        Shape::Terms(..) => strings(all(pairs, field.key)),
        Shape::Words(_) if field.key == "conditions.community_types" => strings(all(pairs, field.key)),
        Shape::Words(_) => strings(
            text.lines().flat_map(|line| line.split(';')).map(str::trim).filter(|word| !word.is_empty()).collect(),
        ),
        Shape::Whole if !text.is_empty() => {
            whole_number(text).map(Value::from).ok_or_else(|| not_a_number(field, text))?
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
                row.insert(key.into(), number(text).unwrap_or_else(|| Value::String(text.into())));
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
            Kind::Number | Kind::Money | Kind::Year => number(text).unwrap_or_else(|| Value::String(text.into())),
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

fn not_a_number(field: &Field, text: &str) -> FieldError {
    let rounded = plain(text).parse::<f64>().ok().filter(|sum| (0.0..1e15).contains(sum));
    if let Some(rounded) = rounded {
        return FieldError::new(
            field.key,
            "not_whole",
            format!("Потрібне ціле число, без копійок і часток: округліть «{text}» до {rounded:.0}"),
            format!("A whole number is needed, without kopiykas or fractions: round “{text}” to {rounded:.0}"),
        );
    }
    FieldError::new(
        field.key,
        "not_a_number",
        format!("«{text}» не число: пишіть лише цифри, наприклад 1200"),
        format!("“{text}” is no number: write digits alone, like 1200"),
    )
}

/// What is wrong with a row, or with the one object of a field: which part, and what stands there.
fn unreadable(field: &Field, object: &Value, row: Option<usize>) -> FieldError {
    let is_number = |column: &&Column| matches!(column.kind, Kind::Number | Kind::Money | Kind::Year);
    let wrong = columns(field.key).filter(is_number).find_map(|column| {
        let text = object.get(column.key).and_then(Value::as_str)?;
        Some((column.label, text))
    });
    let place = |word: &str| row.map(|row| format!("{word} {row}: ")).unwrap_or_default();
    match wrong {
        Some((label, text)) => FieldError::new(
            field.key,
            "not_a_number",
            format!("{}«{}» — «{text}» не число: пишіть лише цифри, наприклад 1200 або 12,5", place("Рядок"), label.uk),
            format!("{}“{}”: “{text}” is no number: write digits alone, like 1200 or 12.5", place("Row"), label.en),
        ),
        None => FieldError::new(
            field.key,
            "malformed",
            format!("{}щось тут не читається: перевірте числа й дати або заповніть заново", place("Рядок")),
            format!("{}something here cannot be read: check numbers and dates, or fill it in anew", place("Row")),
        ),
    }
}

/// A number as programs read it: people write spaces between thousands, a comma, and the currency behind.
fn plain(text: &str) -> String {
    let text = text.trim().trim_end_matches('.').trim_end_matches("грн").trim_end_matches('₴');
    text.chars().filter(|c| !c.is_whitespace()).map(|c| if c == ',' { '.' } else { c }).collect()
}

fn whole_number(text: &str) -> Option<u64> {
    plain(text).parse().ok()
}

fn number(text: &str) -> Option<Value> {
    let plain = plain(text);
    plain.parse::<u64>().map(Value::from).ok().or_else(|| Number::from_f64(plain.parse().ok()?).map(Value::Number))
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
