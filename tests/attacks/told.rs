//! What strangers write of every kind but practices and profiles: about a practice of their own and
//! about one of this node's, each record saying the same text wherever text can be written.

use crdt::gate::DocumentKind;
use crdt::id::{CommunityId, DocumentId, DocumentName};
use crdt::kinds;
use crdt::record::Record;
use crdt::replay::Replay;
use serde_json::{Value, json};
use web_ui::testing::{documents, samples};

use super::library::{Stranger, filled, named};

/// What is looked up: terms, days, codes and languages. Every other stranger says the text there too.
const LOOKED_UP: [&str; 26] = [
    "status",
    "date",
    "format",
    "until",
    "measured_on",
    "outcome",
    "sectors",
    "mechanisms",
    "formats",
    "direction",
    "radius",
    "expires_on",
    "state",
    "purpose",
    "basis",
    "region",
    "mode",
    "starts",
    "ends",
    "community",
    "time",
    "registration",
    "type",
    "channel",
    "lang",
    "origin",
];
/// Changed fields of the practice, of each shape.
const SUGGESTED: [&str; 5] = ["title", "problem", "sectors", "steps", "contact.phone"];

/// The name of a stranger's record; `whose` tells what it is about apart.
fn name_of(kind: DocumentKind, whose: &str, n: usize) -> DocumentName {
    DocumentName::of_source("attacks", &format!("{}:{whose}:{n}", kind.number()))
}

/// Whether the n-th stranger keeps to the vocabularies, so that pages know what to do with what it wrote.
fn keeps_terms(n: usize) -> bool {
    n.is_multiple_of(2)
}

/// Puts a text wherever the value has one, but for what is looked up.
fn said(value: &mut Value, text: &str, keeps: bool) {
    match value {
        Value::Object(entries) => {
            let told = entries.iter_mut().filter(|(key, _)| !(keeps && LOOKED_UP.contains(&key.as_str())));
            told.for_each(|(_, value)| said(value, text, keeps));
        }
        Value::Array(items) => items.iter_mut().for_each(|item| said(item, text, keeps)),
        other => filled(other, text),
    }
}

/// A document that others tell about.
type Target = (CommunityId, DocumentId);

impl Stranger {
    /// Records of every other kind, with their kinds and ids: about this stranger's practice, and about
    /// one of this node's.
    pub fn tells(&self, n: usize, text: &str, home: Target) -> (Vec<Record>, Vec<(&'static str, DocumentId)>) {
        let own = (self.community(), DocumentId::of(&self.community(), &named(n)));
        let (mut records, mut ids) = (Vec::new(), Vec::new());
        for sample in documents::samples() {
            let row = kinds::by_key(&sample.card.kind).expect("a kind");
            let targets: &[(&str, Target)] =
                if is_about_practice(row.kind) { &[("own", own), ("home", home)] } else { &[("own", own)] };
            for (whose, target) in targets {
                let content = self.content(row, sample.content.clone(), text, n, *target);
                let name = name_of(row.kind, whose, n);
                let on = Replay::empty(self.community(), name, row.kind);
                records.extend(self.change(&on, row.kind, row.table, name, &content, 0));
                ids.push((row.key, DocumentId::of(&self.community(), &name)));
            }
        }
        (records, ids)
    }

    /// A sample with the text in it, tied to what really is there.
    fn content(&self, row: &kinds::Kind, mut content: Value, text: &str, n: usize, target: Target) -> Value {
        said(&mut content, text, keeps_terms(n));
        let of = |kind| DocumentId::of(&self.community(), &name_of(kind, "own", n));
        let (owner, about) = match row.kind {
            DocumentKind::Registration => (self.community(), of(DocumentKind::Seminar)),
            DocumentKind::Use => (self.community(), of(DocumentKind::Material)),
            _ => target,
        };
        if row.has("about") {
            content["about"] = json!(about.to_string());
            content["about_owner"] = json!(owner.to_string());
        }
        let practice = target.1.to_string();
        match row.kind {
            DocumentKind::Adoption => {
                content["pledged_at"] = json!(of(DocumentKind::Seminar).to_string());
                content["request"] = json!(of(DocumentKind::Exchange).to_string());
                content["became"] = json!(practice);
            }
            DocumentKind::Comment => content["suggestions"] = suggestions(text),
            DocumentKind::Exchange | DocumentKind::Material => content["practices"] = json!([practice]),
            DocumentKind::Seminar => {
                content["programme"][0]["practice"] = json!(practice);
                content["materials"] = json!([{"title": text, "url": text}]);
                content["feedback"] = json!([{"question": text, "answer": text, "people": 12}]);
                content["outcome"] = json!(text);
            }
            DocumentKind::Collection => {
                let revision = json!(["00".repeat(32)]);
                content["items"] = json!([
                    {"practice": practice, "note": text},
                    {"practice": practice, "note": text, "revision": revision},
                ]);
            }
            _ => {}
        }
        content
    }
}

fn is_about_practice(kind: DocumentKind) -> bool {
    use DocumentKind::{Adoption, Comment, Endorsement, Translation};
    [Adoption, Comment, Endorsement, Translation].contains(&kind)
}

/// Changes of fields of each shape; of a field that no practice has, too.
fn suggestions(text: &str) -> Value {
    let practice = serde_json::to_value(samples::practice()).expect("JSON");
    let change = |key: &&str| {
        let mut value = key.split('.').fold(&practice, |value, key| &value[key]).clone();
        filled(&mut value, text);
        json!({"field": key, "value": value})
    };
    let mut all: Vec<Value> = SUGGESTED.iter().map(change).collect();
    all.push(json!({"field": text, "value": text}));
    all.push(json!({"field": "summary", "value": {"is": [text]}}));
    json!(all)
}
