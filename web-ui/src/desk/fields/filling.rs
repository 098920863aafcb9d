//! The value of a document as a form shows it.

use crdt::codifier;
use crdt::field::{Field, Shape};
use serde_json::Value;

use super::Pairs;
use crate::format;
use crate::pages::columns::{Kind, columns, kind};

/// What a form shows of a typed value.
pub(crate) fn fill(table: &[Field], whole: &Value) -> Pairs {
    let mut pairs = Pairs::new();
    for field in table {
        let value = field.value(whole);
        match (field.shape, value) {
            (Shape::Words(_), Value::Array(words)) if field.key != "conditions.community_types" => {
                let lines: Vec<&str> = words.iter().filter_map(Value::as_str).collect();
                pairs.push((field.key.into(), lines.join("\n")));
            }
            (Shape::Rows(..), Value::Array(rows)) => {
                rows.iter()
                    .enumerate()
                    .for_each(|(n, row)| fill_object(field.key, &format!("{}.{n}", field.key), row, &mut pairs));
            }
            (Shape::Object(_), object) => fill_object(field.key, field.key, object, &mut pairs),
            (Shape::Date, Value::String(date)) => pairs.push((field.key.into(), format::date(date))),
            (_, Value::String(code)) if matches!(kind(field), Kind::Place) => {
                pairs.push((field.key.into(), named(code)))
            }
            (_, value) => fill_value(field.key, value, &mut pairs),
        }
    }
    pairs
}

/// A community's name with its code, as a form shows it.
fn named(code: &str) -> String {
    codifier::find(code).map_or_else(|| code.to_owned(), |hromada| format!("{} ({code})", hromada.full_name_uk()))
}

fn fill_object(field: &str, prefix: &str, object: &Value, pairs: &mut Pairs) {
    for (key, value) in object.as_object().into_iter().flatten() {
        let name = format!("{prefix}.{key}");
        let column = columns(field).find(|column| column.key == key);
        match value {
            Value::String(day) if column.is_some_and(|column| matches!(column.kind, Kind::Date)) && !day.is_empty() => {
                pairs.push((name, format::date(day)));
            }
            Value::Array(words) if key == "practice_ids" || key == "revision" => {
                let ids: Vec<&str> = words.iter().filter_map(Value::as_str).collect();
                pairs.push((name, ids.join("\n")));
            }
            value => fill_value(&name, value, pairs),
        }
    }
}

fn fill_value(name: &str, value: &Value, pairs: &mut Pairs) {
    match value {
        Value::Array(words) => words.iter().for_each(|word| fill_value(name, word, pairs)),
        Value::String(text) if text.is_empty() => {}
        Value::String(text) => pairs.push((name.into(), text.clone())),
        // A whole number that was kept as a fraction is shown as people write it.
        Value::Number(number) if number.is_f64() && number.as_f64().is_some_and(|n| n.fract() == 0.0) => {
            pairs.push((name.into(), format!("{:.0}", number.as_f64().unwrap_or_default())));
        }
        Value::Number(_) | Value::Bool(_) => pairs.push((name.into(), value.to_string())),
        Value::Null | Value::Object(_) => {}
    }
}
