//! The fields of a document as sections of a page, by the table of its kind alone: a field that is
//! added to the table is shown without a line being changed here.

use crdt::field::{Field, Shape};
use crdt::view::{Completeness, Conflict};
use serde_json::Value;

use crate::language::{Language, Phrase};
use crate::pages::columns::{columns, kind, without_unit};
use crate::pages::frame::Visitor;
use crate::pages::values::{Paragraph, Piece, part, pieces, prose};
use crate::words;

/// A label with what it says.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct Fact {
    /// What people call the field.
    pub(crate) label: &'static str,
    /// Its value.
    pub(crate) pieces: Vec<Piece>,
    /// Whether somebody has to decide between versions of it.
    pub(crate) conflict: bool,
}

/// A table of rows.
#[derive(PartialEq, Eq)]
pub(crate) struct Table {
    /// The headings of the columns that any row fills in.
    pub(crate) heads: Vec<&'static str>,
    /// The rows, one cell a heading.
    pub(crate) rows: Vec<Vec<Vec<Piece>>>,
}

/// A part of the page with a heading of its own.
#[derive(PartialEq, Eq)]
pub(crate) struct Section {
    /// Its place on the page: the key of its field or of its group.
    pub(crate) key: &'static str,
    /// The heading.
    pub(crate) heading: &'static str,
    /// Whether somebody has to decide between versions of the field that is the section.
    pub(crate) conflict: bool,
    /// Short fields.
    pub(crate) facts: Vec<Fact>,
    /// The text.
    pub(crate) prose: Vec<Paragraph>,
    /// Tables, each with its own heading if the section has another.
    pub(crate) tables: Vec<(Option<&'static str>, Table)>,
}

/// A document laid out.
pub(crate) struct Layout {
    /// What a reader wants to know first.
    pub(crate) facts: Vec<Fact>,
    /// The body.
    pub(crate) sections: Vec<Section>,
    /// What is known of the record itself.
    pub(crate) about: Vec<Fact>,
}

/// Shown by the page itself, above all else.
const OWN_PLACE: [&str; 5] = ["title", "summary", "about_owner", "about_revision", "suggestions"];
/// Fields that say something of the record and not of the practice.
const ABOUT: [&str; 9] = [
    "adopted_from",
    "component_of",
    "duplicate_of",
    "related",
    "contributors",
    "keywords",
    "lang",
    "licence",
    "provenance",
];
/// The headings of fields that belong together, by what their keys begin with.
const GROUPS: [(&str, Phrase); 9] = [
    ("participants", Phrase { uk: "Хто долучився", en: "Who took part" }),
    ("costs", Phrase { uk: "Вартість", en: "Cost" }),
    ("conditions", Phrase { uk: "Умови для повторення", en: "What repeating it takes" }),
    ("contact", Phrase { uk: "До кого звернутися", en: "Whom to ask" }),
    ("population", Phrase { uk: "Населення", en: "Population" }),
    ("plan", Phrase { uk: "Що запланували", en: "What was planned" }),
    ("actual", Phrase { uk: "Скільки це забрало", en: "What it took" }),
    ("venue", Phrase { uk: "Де", en: "Where" }),
    ("imprint", Phrase { uk: "Вихідні дані", en: "Imprint" }),
];

/// Lays out a document: `whole` is its typed value as JSON.
pub(crate) fn layout(visitor: &Visitor, table: &'static [Field], whole: &Value, conflicts: &[Conflict]) -> Layout {
    let mut layout = Layout { facts: Vec::new(), sections: Vec::new(), about: Vec::new() };
    for field in table.iter().filter(|field| !OWN_PLACE.contains(&field.key)) {
        let value = field.value(whole);
        let conflict = conflicts.iter().any(|conflict| conflict.field == field.key);
        match field.shape {
            Shape::Prose => layout.add_prose(visitor, field, value, conflict),
            Shape::Rows(..) => layout.add_rows(visitor, field, value, conflict),
            Shape::Object(_) if columns(field.key).next().is_some() => {
                layout.add_object(visitor, field, value, conflict)
            }
            _ => layout.add_fact(visitor, field, value, conflict),
        }
    }
    layout
}

impl Layout {
    fn add_prose(&mut self, visitor: &Visitor, field: &Field, value: &Value, conflict: bool) {
        let prose = prose(value.as_str().unwrap_or_default());
        if !prose.is_empty() {
            let section = self.section(field.key, label(visitor.language, field));
            section.prose = prose;
            section.conflict = conflict;
        }
    }

    fn add_rows(&mut self, visitor: &Visitor, field: &Field, value: &Value, conflict: bool) {
        let Some(table) = rows(visitor, field.key, value) else { return };
        let own = label(visitor.language, field);
        match group(visitor.language, field.key) {
            Some((key, heading)) => {
                let section = self.section(key, heading);
                section.tables.push((Some(own), table));
                section.conflict |= conflict;
            }
            None => {
                let section = self.section(field.key, own);
                section.tables.push((None, table));
                section.conflict = conflict;
            }
        }
    }

    fn add_object(&mut self, visitor: &Visitor, field: &Field, value: &Value, conflict: bool) {
        let facts = columns(field.key)
            .map(|column| (visitor.say(column.label), part(visitor, column, value)))
            .filter(|(_, pieces)| !pieces.is_empty())
            .map(|(label, pieces)| Fact { label, pieces, conflict });
        self.about.extend(facts);
    }

    fn add_fact(&mut self, visitor: &Visitor, field: &Field, value: &Value, conflict: bool) {
        let pieces = pieces(visitor, kind(field), value);
        if pieces.is_empty() {
            return;
        }
        let fact = Fact { label: without_unit(label(visitor.language, field)), pieces, conflict };
        match group(visitor.language, field.key) {
            Some((key, heading)) => self.section(key, heading).facts.push(fact),
            None if ABOUT.contains(&field.key) => self.about.push(fact),
            None => self.facts.push(fact),
        }
    }

    /// The section with a key; a new one at the end if there is none yet.
    fn section(&mut self, key: &'static str, heading: &'static str) -> &mut Section {
        let at = self.sections.iter().position(|section| section.key == key).unwrap_or_else(|| {
            let section =
                Section { key, heading, conflict: false, facts: Vec::new(), prose: Vec::new(), tables: Vec::new() };
            self.sections.push(section);
            self.sections.len() - 1
        });
        &mut self.sections[at]
    }
}

/// What people call a field.
pub(crate) fn label(language: Language, field: &Field) -> &'static str {
    language.pick(field.uk, field.en)
}

fn group(language: Language, key: &str) -> Option<(&'static str, &'static str)> {
    let (prefix, _) = key.split_once('.')?;
    GROUPS.iter().find(|(group, _)| *group == prefix).map(|(group, heading)| (*group, language.say(*heading)))
}

fn rows(visitor: &Visitor, field: &str, value: &Value) -> Option<Table> {
    let rows = value.as_array().filter(|rows| !rows.is_empty())?;
    let filled: Vec<_> =
        columns(field).filter(|column| rows.iter().any(|row| !part(visitor, column, row).is_empty())).collect();
    let cells = |row| filled.iter().map(|column| part(visitor, column, row)).collect();
    let heads: Vec<_> = filled.iter().map(|column| without_unit(visitor.say(column.label))).collect();
    (!heads.is_empty()).then(|| Table { heads, rows: rows.iter().map(cells).collect() })
}

/// How complete a document is, in words.
pub(crate) struct Fullness {
    /// 0 to 100.
    pub(crate) percent: u8,
    /// The level.
    pub(crate) level: &'static str,
    /// What the missing fields are called.
    pub(crate) missing: Vec<&'static str>,
}

/// Says how complete a document is.
pub(crate) fn fullness(visitor: &Visitor, table: &'static [Field], completeness: &Completeness) -> Fullness {
    let level = match completeness.level.as_str() {
        "complete" => words::LEVEL_COMPLETE,
        "partial" => words::LEVEL_PARTIAL,
        _ => words::LEVEL_STUB,
    };
    let missing = table.iter().filter(|field| completeness.missing.iter().any(|key| key == field.key));
    Fullness {
        percent: completeness.percent.min(100),
        level: visitor.say(level),
        missing: missing.map(|field| label(visitor.language, field)).collect(),
    }
}
