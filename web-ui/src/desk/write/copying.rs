//! Another community's practice as a beginning for one's own.

use crdt::kinds::adoption::Adoption;
use crdt::practice::{Costs, Practice, Provenance};

use crate::library::PracticePage;
use crate::pages::frame::Visitor;
use crate::words;

/// Another community's practice as a beginning for one's own: with credit, and with blanks where the
/// own name, number and date go.
pub(super) fn copied(v: &Visitor, source: PracticePage, own: Option<String>) -> Practice {
    let blank = |text: &str| blanked(text, source.practice.community.as_deref());
    let practice = source.practice.clone();
    let steps = practice.steps.into_iter().map(|step| crdt::practice::Step {
        title: blank(&step.title),
        document: blank(&step.document),
        ..step
    });
    let docs = practice.legal_docs.into_iter().map(|doc| crdt::practice::LegalDocument {
        number: String::new(),
        date: String::new(),
        url: String::new(),
        body: blank(&doc.body),
        ..doc
    });
    Practice {
        title: blank(&practice.title),
        summary: blank(&practice.summary),
        sectors: practice.sectors,
        themes: practice.themes,
        mechanisms: practice.mechanisms,
        participation_level: practice.participation_level,
        community: own,
        scope: practice.scope,
        stage: Some("idea".into()),
        problem: blank(&practice.problem),
        solution: blank(&practice.solution),
        steps: steps.collect(),
        legal_docs: docs.collect(),
        law_refs: practice.law_refs,
        conditions: practice.conditions,
        adopted_from: Some(source.id.clone()),
        lang: practice.lang,
        licence: practice.licence.clone(),
        provenance: Some(Provenance {
            system: v.say(words::SITE).to_owned(),
            source_id: source.id.clone(),
            licence: practice.licence,
            credit: v.place(&source.owner_code),
            ..Provenance::default()
        }),
        ..Practice::default()
    }
}

/// A practice of one's own out of what was copied and how repeating it went: the blanks stay where
/// only people know.
pub(super) fn repeated(copied: Practice, adoption: &Adoption) -> Practice {
    let parts = |texts: [&str; 2]| {
        texts.into_iter().map(str::trim).filter(|text| !text.is_empty()).collect::<Vec<_>>().join("\n\n")
    };
    let first = adoption.stages.iter().map(|stage| &stage.date).filter(|date| !date.is_empty()).min();
    Practice {
        stage: Some("running".into()),
        started: first.cloned(),
        solution: parts([&copied.solution, &adoption.adapted]),
        costs: Costs { total_uah: adoption.actual.uah, staff_hours: adoption.actual.staff_hours, ..Costs::default() },
        legal_docs: if adoption.decision_docs.is_empty() { copied.legal_docs } else { adoption.decision_docs.clone() },
        results: adoption.results.clone(),
        mistakes: adoption.reasons.clone(),
        lessons: adoption.advice_to_next.clone(),
        contact: adoption.contact.clone(),
        ..copied
    }
}

/// The blank for a community's name.
pub(crate) const NAME_BLANK: &str = "[назва громади]";
/// The blank for a document's number, and for a year.
const NUMBER_BLANK: &str = "____";
/// Months as dates have them.
const MONTHS: [&str; 12] = [
    "січня",
    "лютого",
    "березня",
    "квітня",
    "травня",
    "червня",
    "липня",
    "серпня",
    "вересня",
    "жовтня",
    "листопада",
    "грудня",
];
/// Letters of a name that must be left of it without its ending: shorter ones begin other words too.
const STEM_CHARS_MIN: usize = 4;

/// A text with blanks for the name of its community, for numbers of documents and for dates.
fn blanked(text: &str, code: Option<&str>) -> String {
    let hromada = code.and_then(crdt::codifier::find);
    let stems: Vec<String> = hromada.iter().flat_map(|one| [one.name, one.centre]).filter_map(stem).collect();
    let words: Vec<(&str, &str)> = text.split_inclusive(char::is_whitespace).map(apart).collect();
    let plain: Vec<String> = words.iter().map(|(_, plain)| plain.to_lowercase()).collect();
    let is_month = |at: usize| plain.get(at).is_some_and(|word| MONTHS.contains(&word.as_str()));
    let is_number = |at: usize, digits: usize| {
        plain.get(at).is_some_and(|word| word.len() <= digits && word.parse::<u32>().is_ok())
    };
    let mut blank = String::with_capacity(text.len());
    for (at, (word, letters)) in words.iter().enumerate() {
        let after_sign = at > 0 && words[at - 1].0.trim_end() == "№";
        let with = if is_date(letters) {
            "__.__.____"
        } else if !letters.is_empty() && (after_sign || word.starts_with('№')) {
            NUMBER_BLANK
        } else if is_number(at, 2) && is_month(at + 1) {
            "__"
        } else if is_month(at) && at > 0 && is_number(at - 1, 2) {
            "________"
        } else if at > 1 && is_number(at, 4) && is_month(at - 1) && is_number(at - 2, 2) {
            NUMBER_BLANK
        } else if stems.iter().any(|stem| plain[at].starts_with(stem.as_str())) {
            NAME_BLANK
        } else {
            blank.push_str(word);
            continue;
        };
        let space = if word.starts_with('№') { " " } else { "" };
        blank.push_str(&word.replacen(letters, &format!("{space}{with}"), 1));
    }
    blank
}

/// A word, and the letters and digits of it.
fn apart(word: &str) -> (&str, &str) {
    (word, word.trim_matches(|c: char| !c.is_alphanumeric()))
}

/// A name without its ending, so that every case of it is found.
fn stem(name: &str) -> Option<String> {
    let letters = name.chars().count().saturating_sub(2);
    (letters >= STEM_CHARS_MIN).then(|| name.to_lowercase().chars().take(letters).collect())
}

/// Whether a word is a day in digits: `06.10.2023`, also with the letter for the year behind it.
fn is_date(word: &str) -> bool {
    let word = word.strip_suffix('р').unwrap_or(word);
    word.split('.').count() == 3 && word.split('.').all(|part| part.parse::<u32>().is_ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_copy_has_blanks_for_what_is_ones_own() {
        let text = "Решетилівська рада ухвалила рішення № 1554 від 06.10.2023, у Решетилівській громаді.";
        let expected = "[назва громади] рада ухвалила рішення № ____ від __.__.____, у [назва громади] громаді.";
        assert_eq!(blanked(text, Some("UA53080390000027656")), expected);
        let text =
            "Місто.\n\nРешетилівська рада №77 від 06.10.2023р., 6 жовтня 2023 року в м. Решетилівка; 6 проєктів.";
        let expected = "Місто.\n\n[назва громади] рада № ____ від __.__.____., __ ________ ____ року в м. [назва громади]; 6 проєктів.";
        assert_eq!(blanked(text, Some("UA53080390000027656")), expected);
    }
}
