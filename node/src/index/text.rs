//! The words of a document: what of its fields is searched, and for how much each counts.
//!
//! The same function gives the index its words, a hit its snippet and the reason why it was found,
//! so that what is shown is what was searched.

use std::sync::Arc;

use crdt::codifier::{self, Hromada};
use crdt::field::{Field, Shape, Stored};
use crdt::gate::DocumentKind;
use crdt::kinds;
use crdt::kinds::translation::TEXTS;
use crdt::view::View;
use serde_json::Value;

use super::ranking::{SUMMARY_TIMES, TAGS_TIMES, TITLE_TIMES};

/// The key of the names that the codifier gives a document's place.
pub(super) const PLACE: &str = "place";

/// Ids, tags of languages and licences, addresses: nobody looks for them by word.
const NOT_SEARCHED: &[&str] = &[
    "about",
    "about_owner",
    "about_revision",
    "adopted_from",
    "adoption",
    "became",
    "collection",
    "community",
    "component_of",
    "contributors",
    "duplicate_of",
    "lang",
    "licence",
    "pledged_at",
    "practices",
    "related",
    "request",
    "url",
    "venue.community",
    "venue.url",
];

/// Where a piece of text comes from.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Origin {
    /// Running text that somebody wrote.
    Prose,
    /// A line, a row or words that somebody wrote.
    Note,
    /// Labels and names of ours, in both languages: searched, but nothing to read.
    Label,
}

/// A piece of a document's text.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Piece {
    /// The key of the field, or [`PLACE`].
    pub(super) field: &'static str,
    /// The text.
    pub(super) text: String,
    /// How many times it counts.
    pub(super) weight: usize,
    /// Where it comes from.
    pub(super) origin: Origin,
    /// Its language as the document says it.
    pub(super) lang: Arc<str>,
}

/// All text of a document that is searched, in the order in which it is read. `place` is the code
/// of the community that it tells of.
pub(super) fn pieces(view: &View, place: Option<&str>) -> Vec<Piece> {
    let mut pieces = Vec::new();
    let hromada = place.and_then(codifier::find);
    if view.kind == DocumentKind::Profile {
        let name = hromada.map(Hromada::full_name_uk).unwrap_or_default();
        push(&mut pieces, "title", name, TITLE_TIMES, Origin::Label);
    }
    for field in kinds::table(view.kind) {
        let is_prose = matches!(field.shape, Shape::Prose);
        if !is_prose && NOT_SEARCHED.contains(&field.key) {
            continue;
        }
        let Some(state) = view.fields.get(field.key) else { continue };
        match (field.shape, state.shown()) {
            (_, Stored::Nothing) => {}
            (Shape::Prose, Stored::Items(paragraphs)) => {
                let weight = if field.key == "summary" { SUMMARY_TIMES } else { 1 };
                for paragraph in paragraphs {
                    push(&mut pieces, field.key, paragraph, weight, Origin::Prose);
                }
            }
            (Shape::Line, Stored::Scalar(line)) => line_piece(&mut pieces, field.key, line),
            (Shape::Term(_) | Shape::Terms(..) | Shape::Words(_), stored) => {
                let origin = if matches!(field.shape, Shape::Words(_)) { Origin::Note } else { Origin::Label };
                push(&mut pieces, field.key, labels(field, &stored), TAGS_TIMES, origin);
            }
            (Shape::Rows(..), Stored::Items(rows)) => {
                for row in rows {
                    let row: Value = serde_json::from_str(&row).unwrap_or_default();
                    push(&mut pieces, field.key, strings(&row), 1, Origin::Note);
                    push(&mut pieces, field.key, row_labels(field.key, &row), 1, Origin::Label);
                }
            }
            _ => {}
        }
    }
    if let Some(hromada) = hromada {
        push(&mut pieces, PLACE, place_names(hromada), TAGS_TIMES, Origin::Label);
    }
    if let Some(Stored::Scalar(lang)) = view.fields.get("lang").map(|state| state.shown()) {
        let lang: Arc<str> = lang.into();
        pieces.iter_mut().for_each(|piece| piece.lang = Arc::clone(&lang));
    }
    pieces
}

/// The text of a practice's translations, which is searched as its own.
pub(super) fn translated(translations: &[View]) -> impl Iterator<Item = Piece> {
    let texts = |piece: &Piece| TEXTS.contains(&piece.field);
    translations.iter().flat_map(|view| pieces(view, None)).filter(texts)
}

fn line_piece(pieces: &mut Vec<Piece>, key: &'static str, line: String) {
    let (weight, origin) = match key {
        "title" => (TITLE_TIMES, Origin::Note),
        "summary" => (SUMMARY_TIMES, Origin::Prose),
        _ => (1, Origin::Note),
    };
    push(pieces, key, line, weight, origin);
}

fn push(pieces: &mut Vec<Piece>, field: &'static str, text: String, weight: usize, origin: Origin) {
    if !text.trim().is_empty() {
        pieces.push(Piece { field, text, weight, origin, lang: Arc::default() });
    }
}

/// The labels of a field's terms in both languages, so that an English reader finds by an English
/// term what is written in Ukrainian; free words as they are.
fn labels(field: &Field, stored: &Stored) -> String {
    let vocabulary = match field.shape {
        Shape::Term(vocabulary) | Shape::Terms(vocabulary, _) => Some(vocabulary),
        _ => None,
    };
    let values = match field.read(stored) {
        Some(Value::String(value)) => vec![value],
        Some(Value::Array(values)) => values.iter().filter_map(Value::as_str).map(str::to_owned).collect(),
        _ => Vec::new(),
    };
    let label = |value: String| match vocabulary {
        Some(vocabulary) => {
            vocabulary.find(&value).map(|term| format!("{} · {}", term.uk, term.en)).unwrap_or_default()
        }
        None => value,
    };
    values.into_iter().map(label).collect::<Vec<_>>().join(" · ")
}

/// Every text in a row of a table but what a machine reads.
fn strings(row: &Value) -> String {
    const NOT_READ: [&str; 10] =
        ["type", "katottg", "url", "source", "sector", "practice_ids", "mechanism", "practice", "status", "date"];
    let Value::Object(entries) = row else { return String::new() };
    let texts = entries.iter().filter(|(name, _)| !NOT_READ.contains(&name.as_str()));
    texts.filter_map(|(_, value)| value.as_str()).collect::<Vec<_>>().join(" · ")
}

/// The labels of the terms in a row of a table whose terms are looked for.
fn row_labels(key: &str, row: &Value) -> String {
    if !matches!(key, "ready_to_share" | "needs" | "instruments") {
        return String::new();
    }
    let vocabularies = [("sector", &crdt::vocabulary::SECTORS), ("mechanism", &crdt::vocabulary::MECHANISMS)];
    let label =
        |(name, vocabulary): (&str, &crdt::vocabulary::Vocabulary)| Some(vocabulary.find(row.get(name)?.as_str()?)?.uk);
    vocabularies.into_iter().filter_map(label).collect::<Vec<_>>().join(" · ")
}

/// What people call the place: hromada, raion and oblast, its centre, and the name in Latin letters.
fn place_names(hromada: &Hromada) -> String {
    format!("{} · {} · {}", hromada.full_name_uk(), hromada.centre, hromada.full_name_en())
}

#[cfg(test)]
mod tests {
    use crdt::practice::PRACTICE;

    use super::*;

    #[test]
    fn a_row_gives_its_words_and_no_codes() {
        let row = serde_json::json!({"name": "ГО «Ліс»", "type": "ngo", "katottg": "UA26040190000081578"});
        assert_eq!((strings(&row), row_labels("partners", &row)), ("ГО «Ліс»".into(), String::new()));
        let need = serde_json::json!({"sector": "education", "text": "шкільний бюджет"});
        assert_eq!((strings(&need), row_labels("needs", &need)), ("шкільний бюджет".into(), "Освіта".into()));
    }

    #[test]
    fn terms_give_their_labels_in_both_languages() {
        let field = PRACTICE.iter().find(|field| field.key == "mechanisms").expect("practices have mechanisms");
        let text = labels(field, &Stored::Scalar("[\"general_meeting\",\"unknown\"]".into()));
        assert!(text.contains("Загальні збори") && text.contains("General meeting"), "{text}");
    }
}
