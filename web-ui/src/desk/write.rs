//! Writing a practice: a form that is kept as a draft, looked at once more, and published.

pub(super) mod copying;
mod form;
mod publishing;

use crdt::check::{self, FieldError, Strictness};
use crdt::id::DocumentName;
use crdt::practice::{PRACTICE, Practice};
use serde::{Deserialize, Serialize};

use crate::App;
use crate::desk::fields::{Pairs, read};
use crate::desk::form::Form;
use crate::desk::words as w;
use crate::error::Failure;
use crate::language::Phrase;
use crate::people::auth::Signed;

pub(crate) use form::{edit, new, save, show};
pub(crate) use publishing::{after, publish, review};

/// A practice that is being written, as it is kept on this computer.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct Draft {
    /// For the list of drafts.
    title: String,
    /// What somebody typed.
    form: Pairs,
    /// The practice that is edited; none for a new one.
    document: Option<String>,
    /// The heads that were read before the edit.
    heads: Vec<String>,
    /// The finished adoption that the practice tells of, hexadecimal.
    adoption: Option<String>,
    /// Who kept it last.
    by: String,
    /// When, milliseconds since 1970.
    kept_at: u64,
}

const DOCUMENT: &str = "document";
const HEADS: &str = "heads";
const ADOPTION: &str = "adoption";
/// What a form says of itself and not of the practice.
const OWN: [&str; 4] = [DOCUMENT, HEADS, ADOPTION, "do"];

impl Draft {
    fn of(form: &Form, signed: &Signed, now: u64) -> Self {
        Self {
            title: form.get("title").trim().to_owned(),
            document: form.has(DOCUMENT).then(|| form.get(DOCUMENT).to_owned()),
            adoption: form.has(ADOPTION).then(|| form.get(ADOPTION).to_owned()),
            heads: form.get(HEADS).split_whitespace().map(str::to_owned).collect(),
            form: form.pairs().iter().filter(|(name, _)| !OWN.contains(&name.as_str())).cloned().collect(),
            by: signed.name.clone(),
            kept_at: now,
        }
    }

    /// The practice, as far as it can be understood, and what is wrong with it.
    fn practice(&self) -> (Practice, Vec<FieldError>) {
        let (whole, mut errors) = read(PRACTICE, &self.form);
        let practice: Practice = serde_json::from_value(whole).unwrap_or_default();
        let strictness = if self.document.is_some() { Strictness::Edit } else { Strictness::Publish };
        let named: Vec<String> = errors.iter().map(|error| error.field.clone()).collect();
        errors.extend(check::practice(&practice, strictness).into_iter().filter(|error| !named.contains(&error.field)));
        (practice, errors)
    }
}

/// The parts of the form, under the headings that every practice has.
#[rustfmt::skip]
pub(crate) const SECTIONS: &[(&str, Phrase, &[&str])] = &[
    ("main",       Phrase { uk: "Головне", en: "The main thing" }, &["title", "summary", "sectors", "mechanisms", "themes", "participation_level"]),
    ("where",      Phrase { uk: "Де і коли", en: "Where and when" }, &["community", "scope", "stage", "started", "settlement", "ended", "recurring", "location"]),
    ("problem",    Phrase { uk: "Проблема", en: "Problem" }, &["problem", "background"]),
    ("solution",   Phrase { uk: "Що зробили", en: "What was done" }, &["solution", "steps"]),
    ("people",     Phrase { uk: "Хто долучився", en: "Who took part" }, &["participants.total", "participants.target_groups", "participants.channel", "participants.open", "organizers", "partners"]),
    ("law",        Phrase { uk: "Правова підстава", en: "Legal basis" }, &["legal_docs", "law_refs"]),
    ("cost",       Phrase { uk: "Вартість", en: "Cost" }, &["costs.total_uah", "costs.year", "costs.items", "costs.staff_hours", "costs.yearly_uah"]),
    ("results",    Phrase { uk: "Результати", en: "Results" }, &["results_text", "results", "change_types"]),
    ("lessons",    Phrase { uk: "Труднощі та поради", en: "Difficulties and advice" }, &["mistakes", "lessons"]),
    ("conditions", Phrase { uk: "Умови для повторення", en: "What repeating it takes" }, &["conditions.budget_band", "conditions.staff", "conditions.population_min", "conditions.population_max", "conditions.community_types", "conditions.months_to_first_result", "conditions.legal_prereq", "conditions.tech_prereq", "conditions.not_suitable_if"]),
    ("contact",    Phrase { uk: "До кого звернутися", en: "Whom to ask" }, &["contact.role", "contact.unit", "contact.phone", "contact.email", "contact.hours", "contact.consent_given_on"]),
    ("about",      Phrase { uk: "Про цей запис", en: "About this record" }, &["adopted_from", "component_of", "duplicate_of", "related", "contributors", "keywords", "lang", "licence", "provenance"]),
];

/// An id for a draft that nobody has yet.
pub(super) fn fresh() -> DocumentName {
    let mut bytes = [0; 16];
    getrandom::fill(&mut bytes).expect("the operating system gives randomness");
    DocumentName(bytes)
}

/// Says that a practice belongs to another community.
pub(super) fn not_ours() -> Failure {
    Failure::new(axum::http::StatusCode::FORBIDDEN, "not_ours", w::NOT_OURS.uk, w::NOT_OURS.en)
}

async fn kept(app: &App, id: DocumentName) -> Result<Draft, Failure> {
    let value = app.ask(move |library| library.draft(id)).await?;
    Ok(serde_json::from_value(value).unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_field_has_one_place_in_the_form() {
        let mut placed: Vec<&str> = SECTIONS.iter().flat_map(|(_, _, keys)| keys.iter().copied()).collect();
        let mut known: Vec<&str> = PRACTICE.iter().map(|field| field.key).collect();
        placed.sort_unstable();
        known.sort_unstable();
        assert_eq!(placed, known);
    }
}
