//! A document as somebody types it into its form.

use serde_json::Value;

/// The names of a form's fields with what stands in them: `results.0.unit` for the first row of a table,
/// and a field again for each of several choices.
#[must_use]
pub fn typed(content: &Value) -> Vec<(String, String)> {
    let mut pairs = Vec::new();
    fill(content, "", &mut pairs);
    pairs
}

fn fill(value: &Value, name: &str, pairs: &mut Vec<(String, String)>) {
    let named = |part: &str| if name.is_empty() { part.to_owned() } else { format!("{name}.{part}") };
    match value {
        Value::Object(entries) => entries.iter().for_each(|(key, value)| fill(value, &named(key), pairs)),
        Value::Array(items) if items.iter().all(Value::is_object) => {
            items.iter().enumerate().for_each(|(n, item)| fill(item, &named(&n.to_string()), pairs));
        }
        Value::Array(items) => items.iter().for_each(|item| fill(item, name, pairs)),
        Value::Null => {}
        Value::String(text) => pairs.push((name.to_owned(), text.clone())),
        other => pairs.push((name.to_owned(), other.to_string())),
    }
}
