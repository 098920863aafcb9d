//! A field of a table as a control of a form.

use crdt::check::FieldError;
use crdt::codifier::HromadaKind;
use crdt::field::{Field, Need, Shape};

use super::rows::rows_of;
use super::{Pairs, all, get, is_list};
use crate::desk::examples::example_of;
use crate::desk::words as w;
use crate::format;
use crate::language::Language;
use crate::pages::columns::{Column, Kind, columns};
use crate::pages::fields::label;
use crate::pages::frame::Visitor;
use crate::tongues::TONGUES;

/// One choice.
pub(crate) struct Choice {
    pub(crate) key: String,
    pub(crate) label: String,
    pub(crate) chosen: bool,
}

/// A control of a form.
#[derive(Default)]
pub(crate) struct Input {
    /// Its name in the form.
    pub(crate) name: String,
    /// Its id on the page.
    pub(crate) id: String,
    pub(crate) label: &'static str,
    /// What the field counts for.
    pub(crate) need: &'static str,
    pub(crate) help: String,
    /// `line`, `prose`, `lines`, `one`, `many`, `rows` or `picked`.
    pub(crate) shape: &'static str,
    /// The type of an input.
    pub(crate) kind: &'static str,
    pub(crate) value: String,
    /// How many characters are advised at the most; 0 for no advice.
    pub(crate) advised: usize,
    /// How many there are, in words.
    pub(crate) counter: String,
    pub(crate) choices: Vec<Choice>,
    /// Which of several choices is the main one, where one is.
    pub(crate) main: Vec<Choice>,
    /// What stands in the original, paragraph by paragraph, of a control for its translation.
    pub(crate) original: Vec<String>,
    /// The language of the original.
    pub(crate) tongue: String,
    pub(crate) rows: Vec<Vec<Input>>,
    /// What the way to a choice is called, of a control that names other records.
    pub(crate) pick: &'static str,
    /// What was picked, of a control that names other records.
    pub(crate) picked: Vec<Picked>,
    pub(crate) error: Option<String>,
}

/// A record that a control names, as people know it.
#[derive(Default)]
pub(crate) struct Picked {
    pub(crate) title: String,
    /// Where it is read; empty if it is not here.
    pub(crate) href: String,
    /// Whose it is, and of which day the revision is that was chosen.
    pub(crate) about: Vec<String>,
    /// Whether there is a newer revision than the one that was chosen.
    pub(crate) newer: bool,
    /// What is carried unseen: names and values.
    pub(crate) carried: Vec<(String, String)>,
    /// What can be said of it.
    pub(crate) note: Option<Input>,
}

impl Input {
    /// The ids of what describes the control.
    pub(crate) fn described(&self) -> String {
        let parts = [
            (!self.help.is_empty()).then(|| format!("{}-help", self.id)),
            self.error.is_some().then(|| format!("{}-error", self.id)),
            (!self.counter.is_empty()).then(|| format!("{}-counter", self.id)),
        ];
        parts.into_iter().flatten().collect::<Vec<_>>().join(" ")
    }

    /// Whether anything was filled in.
    fn is_filled(&self) -> bool {
        !self.value.trim().is_empty()
            || self.choices.iter().any(|choice| choice.chosen && !choice.key.is_empty())
            || self.rows.iter().flatten().any(Self::is_filled)
    }
}

/// A part of a form.
pub(crate) struct Section {
    pub(crate) id: &'static str,
    pub(crate) heading: &'static str,
    pub(crate) inputs: Vec<Input>,
    /// What is welcome and not asked for.
    pub(crate) more: Vec<Input>,
    pub(crate) open: bool,
}

/// The controls of the fields with these keys.
pub(crate) fn section(
    v: &Visitor,
    table: &'static [Field],
    (id, heading, keys): (&'static str, &'static str, &[&str]),
    pairs: &Pairs,
    errors: &[FieldError],
) -> Section {
    let fields = keys.iter().filter_map(|key| table.iter().find(|field| field.key == *key));
    let inputs = fields.map(|field| (field.need, input(v, field, pairs, errors)));
    let (more, inputs): (Vec<_>, Vec<_>) = inputs.partition(|(need, _)| *need == Need::Optional);
    let plain = |inputs: Vec<(Need, Input)>| inputs.into_iter().map(|(_, input)| input).collect::<Vec<_>>();
    let (inputs, more) = (plain(inputs), plain(more));
    // Where nothing is asked for, there is nothing to fold away.
    let (inputs, more) = if inputs.is_empty() { (more, Vec::new()) } else { (inputs, more) };
    let open = more.iter().any(|input| input.is_filled() || input.error.is_some());
    Section { id, heading, inputs, more, open }
}

fn input(v: &Visitor, field: &'static Field, pairs: &Pairs, errors: &[FieldError]) -> Input {
    let error = errors.iter().find(|error| error.field == field.key);
    let mut input = Input {
        name: field.key.to_owned(),
        id: format!("f-{}", field.key.replace('.', "-")),
        label: label(v.language, field),
        need: match field.need {
            Need::Required => v.say(w::REQUIRED),
            Need::Complete => v.say(w::WANTED),
            Need::Optional => "",
        },
        help: example_of(field).map(|phrase| v.say(phrase).to_owned()).unwrap_or_default(),
        value: get(pairs, field.key).to_owned(),
        kind: "text",
        error: error.map(|error| v.language.pick(&error.uk, &error.en).clone()),
        ..Input::default()
    };
    match field.shape {
        Shape::Prose => input.shape = "prose",
        Shape::Term(vocabulary) => {
            input.shape = "one";
            input.choices = terms(v.language, vocabulary, &[get(pairs, field.key)]);
        }
        Shape::Terms(vocabulary, most) => {
            input.shape = "many";
            let chosen = all(pairs, field.key);
            input.choices = terms(v.language, vocabulary, &chosen);
            if field.key == "sectors" {
                input.main = terms(v.language, vocabulary, chosen.get(..1).unwrap_or_default());
            }
            input.help = format!("{} {}. {}", v.say(w::AT_MOST), v.count(most as u64, w::CHOICES_COUNTED), input.help);
        }
        Shape::Words(_) if field.key == "conditions.community_types" => {
            let chosen = all(pairs, field.key);
            input.shape = "many";
            input.choices = HromadaKind::ALL
                .into_iter()
                .map(|kind| Choice {
                    key: kind.key().into(),
                    label: v.language.pick(kind.uk(), kind.en()).into(),
                    chosen: chosen.contains(&kind.key()),
                })
                .collect();
        }
        Shape::Words(_) => {
            input.shape = "lines";
            input.help = format!("{} {}", v.say(w::ONE_A_LINE), input.help);
        }
        Shape::Rows(..) => {
            input.shape = "rows";
            let count = rows_of(pairs, field.key).last().map_or(0, |last| last + 1).max(1);
            input.rows = (0..count).map(|n| cells(v, field.key, &format!("{}.{n}", field.key), pairs)).collect();
        }
        Shape::Object(_) => {
            input.shape = "rows";
            input.rows = vec![cells(v, field.key, field.key, pairs)];
        }
        Shape::Line if field.key == "lang" => {
            input.shape = "one";
            input.choices = languages(v.language, get(pairs, field.key).trim());
        }
        Shape::Line if field.advice.1 > 120 => input.shape = "prose",
        Shape::Line | Shape::Date | Shape::Whole => input.shape = "line",
    }
    if field.advice.1 > 0 {
        input.advised = field.advice.1;
        let count = input.value.chars().count();
        let (now, most) = (format::number(count as u64), format::number(field.advice.1 as u64));
        input.counter = v.say(w::OF).replace("{now}", &now).replace("{most}", &most);
    }
    input
}

/// The languages to choose from, with the one that stands there whatever it is.
fn languages(language: Language, chosen: &str) -> Vec<Choice> {
    let choice = |key: &str, label: &str| Choice { key: key.into(), label: label.into(), chosen: key == chosen };
    let known = TONGUES.iter().map(|(key, name)| choice(key, language.say(*name)));
    let other = !chosen.is_empty() && TONGUES.iter().all(|(key, _)| *key != chosen);
    known.chain(other.then(|| choice(chosen, chosen))).collect()
}

/// The controls of a row, or of an object.
fn cells(v: &Visitor, field: &str, prefix: &str, pairs: &Pairs) -> Vec<Input> {
    if field == "location" {
        return [("lat", w::NORTH_DEGREES), ("lon", w::EAST_DEGREES)]
            .map(|(key, label)| line(format!("{prefix}.{key}"), v.say(label), pairs))
            .into();
    }
    columns(field).map(|column| cell(v, column, format!("{prefix}.{}", column.key), pairs)).collect()
}

fn line(name: String, label: &'static str, pairs: &Pairs) -> Input {
    let value = get(pairs, &name).to_owned();
    Input {
        id: format!("f-{}", name.replace('.', "-")),
        name,
        label,
        shape: "line",
        kind: "text",
        value,
        ..Input::default()
    }
}

fn cell(v: &Visitor, column: &Column, name: String, pairs: &Pairs) -> Input {
    let mut cell = line(name, v.say(column.label), pairs);
    match column.kind {
        Kind::Term(vocabulary) => {
            let many = is_list(column.key);
            cell.shape = if many { "many" } else { "one" };
            cell.choices = terms(v.language, vocabulary, &all(pairs, &cell.name));
        }
        Kind::YesNo => {
            cell.shape = "one";
            let value = get(pairs, &cell.name);
            let answers = [("true", crate::words::YES), ("false", crate::words::NO)];
            cell.choices = answers
                .map(|(key, label)| Choice { key: key.into(), label: v.say(label).into(), chosen: value == key })
                .into();
        }
        _ if is_list(column.key) => cell.shape = "lines",
        _ => {}
    }
    cell
}

fn terms(language: Language, vocabulary: &crdt::vocabulary::Vocabulary, chosen: &[&str]) -> Vec<Choice> {
    let term = |term: &crdt::vocabulary::Term| Choice {
        key: term.key.into(),
        label: language.pick(term.uk, term.en).into(),
        chosen: chosen.contains(&term.key),
    };
    vocabulary.terms.iter().map(term).collect()
}
