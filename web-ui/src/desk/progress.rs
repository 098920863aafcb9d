//! How far a form is that somebody fills in: how much of it, what is still missing, what stands beside
//! which control. The page says so, and the script that keeps drafts is told the same.

use crdt::check::FieldError;
use crdt::field::Field;
use crdt::view::completeness;
use serde::Serialize;
use serde_json::Value;

use crate::desk::fields::{Pairs, Section};
use crate::desk::sensitive::{Hint, hints};
use crate::error::Failure;
use crate::format;
use crate::pages::fields::label;
use crate::pages::frame::Visitor;

/// A form as somebody left it.
pub(super) struct Progress<'a> {
    /// The table of its kind.
    pub(super) table: &'static [Field],
    /// What was typed.
    pub(super) form: &'a Pairs,
    /// What could be understood of it.
    pub(super) content: &'a Value,
    /// What is wrong or missing.
    pub(super) errors: &'a [FieldError],
}

/// What the script that keeps drafts is told.
#[derive(Serialize)]
pub(super) struct Saved {
    saved: String,
    percent: u8,
    /// What is still missing: what the field is called, where it is.
    missing: Vec<(&'static str, String)>,
    beside: Vec<Beside>,
}

/// What is to be said beside a control.
#[derive(Serialize)]
struct Beside {
    /// The control’s id on the page.
    id: String,
    text: String,
    /// `wrong`; `missing`, which is not held against a form that is still being filled in; or `hint`,
    /// which is to be looked at again before publication.
    kind: &'static str,
}

/// A line of the summary of what is to be mended.
pub(super) struct Wrong {
    /// Where the field is; empty if the page has no control for it.
    pub(super) href: String,
    /// What it is called; empty if nobody sees it otherwise.
    pub(super) label: &'static str,
    /// What is wrong.
    pub(super) text: String,
}

impl Progress<'_> {
    /// What people call a field.
    pub(super) fn called(&self, v: &Visitor, key: &str) -> Option<&'static str> {
        self.table.iter().find(|field| field.key == key).map(|field| label(v.language, field))
    }

    /// What people call the field of a control, be it one of a row.
    fn called_of(&self, v: &Visitor, name: &str) -> &'static str {
        let is_of = |key: &str| name == key || name.strip_prefix(key).is_some_and(|rest| rest.starts_with('.'));
        let field = self.table.iter().filter(|field| is_of(field.key)).max_by_key(|field| field.key.len());
        field.map(|field| label(v.language, field)).unwrap_or_default()
    }

    /// How much is filled in, in percent, and what is still missing: what the field is called, where it
    /// is.
    pub(super) fn filled(&self, v: &Visitor) -> (u8, Vec<(&'static str, String)>) {
        let full = completeness(self.table, self.content);
        let missing = full.missing.iter().filter_map(|key| Some((self.called(v, key)?, place_of(key))));
        (full.percent, missing.collect())
    }

    /// What is wrong with fields: where they are (nowhere, if they have no control among `shown`), what
    /// they are called, what is wrong. Of what is only not there yet, what `errors` was left with.
    pub(super) fn wrong(&self, v: &Visitor, shown: &[Section]) -> Vec<Wrong> {
        let has_control = |key: &str| {
            shown.iter().flat_map(|part| part.inputs.iter().chain(&part.more)).any(|input| input.id == id_of(key))
        };
        let said = |error: &FieldError| Wrong {
            href: if has_control(&error.field) { place_of(&error.field) } else { String::new() },
            label: self.called(v, &error.field).unwrap_or_default(),
            text: v.language.pick(&error.uk, &error.en).clone(),
        };
        self.errors.iter().map(said).collect()
    }

    /// What should be looked at again before it is published, and where it is.
    pub(super) fn hints(&self, v: &Visitor) -> Vec<(Hint, String)> {
        let placed = |hint: Hint| {
            let place = place_of(&hint.name);
            (Hint { label: self.called_of(v, &hint.name), ..hint }, place)
        };
        hints(self.form, |phrase| v.say(phrase)).into_iter().map(placed).collect()
    }

    /// What the form asks to look at again, for the form to say that it was shown.
    pub(super) fn seen(&self) -> String {
        let hints = hints(self.form, |phrase| phrase.uk);
        hints.iter().map(|hint| format!("{}: {}", hint.name, hint.found)).collect::<Vec<_>>().join("; ")
    }

    /// Whether there is something to look at again that a form did not show yet.
    pub(super) fn unseen(&self, seen: &str) -> bool {
        let now = self.seen();
        !now.is_empty() && now != seen
    }

    /// What the script is told once a draft is kept.
    pub(super) fn saved(&self, v: &Visitor, kept_at: u64) -> Saved {
        let (percent, missing) = self.filled(v);
        let wrong = self.errors.iter().map(|error| Beside {
            id: id_of(&error.field),
            text: v.language.pick(&error.uk, &error.en).clone(),
            kind: if is_gentle(error) { "missing" } else { "wrong" },
        });
        let hint = |(hint, _): (Hint, String)| Beside {
            id: id_of(&hint.name),
            text: format!("«{}»: {}", hint.found, hint.why),
            kind: "hint",
        };
        Saved {
            saved: format::lately(kept_at, v.language),
            percent,
            missing,
            beside: wrong.chain(self.hints(v).into_iter().map(hint)).collect(),
        }
    }
}

/// What every form asks for besides its fields, and says beside the question.
const ASKED_BESIDES: [&str; 2] = ["sure", "proof"];

/// What is wrong with a form, and what its publication was refused for besides: each field once.
pub(super) fn with_refused(mut errors: Vec<FieldError>, refused: Option<&Failure>) -> Vec<FieldError> {
    for error in refused.into_iter().flat_map(|failure| &failure.detail.fields) {
        let is_said = ASKED_BESIDES.contains(&error.field.as_str())
            || error.field.is_empty()
            || errors.iter().any(|known| known.field == error.field);
        if !is_said {
            errors.push(error.clone());
        }
    }
    errors
}

/// What is only not there yet.
pub(super) fn is_gentle(error: &FieldError) -> bool {
    matches!(error.code, "required" | "too_short")
}

/// The id of a field’s control.
fn id_of(name: &str) -> String {
    format!("f-{}", name.replace('.', "-"))
}

/// Where a field’s control is on the page.
fn place_of(name: &str) -> String {
    format!("#{}", id_of(name))
}
