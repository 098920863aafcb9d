//! Random content of every kind of record, from few words, so that people often say the same or nearly
//! the same, and from the documents of the history, so that records tell about each other.

use crdt::field::{Field, Shape};
use crdt::gate::DocumentKind;
use crdt::id::{CommunityId, DocumentId};
use crdt::kinds;
use serde_json::{Map, Value, json};

use crate::world::rng::Rng;

/// A document that may be told about, and whose it is.
pub type Target = (DocumentId, CommunityId);

/// Fields of which little is at stake are left empty so often, in percent, that what is filled in often
/// differs.
const EMPTY_PERCENT: u64 = 60;

/// Some content of a kind.
pub fn content(rng: &mut Rng, kind: DocumentKind, targets: &[Target]) -> (&'static [Field], Value) {
    let table = kinds::table(kind);
    let mut whole = Map::new();
    let (about, owner) = *rng.pick(targets);
    for field in table {
        let value = match field.key {
            "about" if matches!(field.shape, Shape::Line) => json!(about.to_string()),
            // Nobody checks at the gate whose it is said to be: some lie.
            "about_owner" if rng.percent(15) => json!(rng.pick(targets).1.to_string()),
            "about_owner" => json!(owner.to_string()),
            "title" | "solution" | "text" | "state" | "stages" => value(rng, field, targets),
            _ if rng.percent(EMPTY_PERCENT) => continue,
            _ => value(rng, field, targets),
        };
        place(&mut whole, field.key, value);
    }
    (table, Value::Object(whole))
}

fn place(whole: &mut Map<String, Value>, key: &str, value: Value) {
    match key.split_once('.') {
        None => drop(whole.insert(key.to_owned(), value)),
        Some((first, rest)) => {
            let inner = whole.entry(first).or_insert_with(|| json!({}));
            place(inner.as_object_mut().expect("fields do not stand in fields"), rest, value);
        }
    }
}

fn value(rng: &mut Rng, field: &Field, targets: &[Target]) -> Value {
    match field.shape {
        Shape::Line => json!(text(rng, 1)),
        Shape::Prose => json!(text(rng, 5)),
        Shape::Term(vocabulary) => json!(vocabulary.terms[rng.index(vocabulary.terms.len())].key),
        Shape::Terms(vocabulary, most) => {
            let keys = vocabulary.terms.iter().map(|term| term.key);
            json!(keys.filter(|_| rng.percent(30)).take(most).collect::<Vec<_>>())
        }
        Shape::Words(most) => json!((0..rng.index(most.min(3))).map(|_| word(rng)).collect::<Vec<_>>()),
        Shape::Date => json!(*rng.pick(&["2024", "2024-05", "2025-02-28"])),
        Shape::Whole => json!(rng.below(3)),
        Shape::Object(_) => Value::Null,
        Shape::Rows(_, most) => {
            json!((0..rng.index(most.min(4))).map(|_| row(rng, field.key, targets)).collect::<Vec<_>>())
        }
    }
}

/// A row of a table: something of it, as people leave most empty.
fn row(rng: &mut Rng, key: &str, targets: &[Target]) -> Value {
    let line = word(rng);
    let target = rng.pick(targets).0.to_string();
    match key {
        "stages" => {
            json!({ "status": *rng.pick(&["interested", "works", "stopped"]), "date": "2025-03", "note": line })
        }
        "results" => json!({ "indicator": line, "before": 1.0, "after": 2.5 }),
        "help_received" => json!({ "from": line, "hours": rng.below(9) }),
        "items" => json!({ "practice": target, "note": line }),
        "suggestions" => json!({ "field": "title", "value": line }),
        "programme" => json!({ "title": line, "practice": target }),
        "feedback" => json!({ "question": line, "people": 5 }),
        "parties" => json!({ "role": line, "people": rng.below(4) }),
        "decision_docs" | "legal_docs" => json!({ "number": line }),
        "steps" | "materials" => json!({ "title": line }),
        _ => json!({}),
    }
}

fn word(rng: &mut Rng) -> &'static str {
    ["вода", "школа", "парк", "дорога"][rng.index(4)]
}

fn text(rng: &mut Rng, most: u64) -> String {
    let lines: Vec<String> =
        (0..rng.below(most + 1)).map(|_| format!("Про те як {} і {}", word(rng), word(rng))).collect();
    lines.join("\n")
}
