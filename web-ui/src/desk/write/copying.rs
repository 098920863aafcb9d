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
    let steps = practice.steps.into_iter().map(|step| crdt::practice::Step { document: blank(&step.document), ..step });
    let docs = practice.legal_docs.into_iter().map(|doc| crdt::practice::LegalDocument {
        number: String::new(),
        date: String::new(),
        url: String::new(),
        ..doc
    });
    Practice {
        title: practice.title,
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

/// A text with blanks for the name of its community, for numbers of documents and for dates.
fn blanked(text: &str, code: Option<&str>) -> String {
    let name = code.and_then(crdt::codifier::find).map(|hromada| hromada.name.to_lowercase());
    // The adjective without its ending, so that every case of it is found.
    let stem: Option<String> = name.map(|name| name.chars().take(name.chars().count().saturating_sub(2)).collect());
    let mut after_number = false;
    let word = |word: &str| {
        let plain = word.trim_matches(|c: char| !c.is_alphanumeric());
        let is_date = plain.split('.').count() == 3 && plain.split('.').all(|part| part.parse::<u32>().is_ok());
        let is_name =
            stem.as_ref().is_some_and(|stem| stem.chars().count() > 3 && plain.to_lowercase().starts_with(stem));
        let blank = if is_date {
            Some("__.__.____")
        } else if after_number && !plain.is_empty() || word.starts_with('№') && !plain.is_empty() {
            Some("____")
        } else if is_name {
            Some("[назва громади]")
        } else {
            None
        };
        after_number = word == "№";
        match blank {
            Some(blank) if word.starts_with('№') => word.replacen(plain, &format!(" {blank}"), 1),
            Some(blank) => word.replacen(plain, blank, 1),
            None => word.to_owned(),
        }
    };
    text.split(' ').map(word).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_copy_has_blanks_for_what_is_ones_own() {
        let text = "Решетилівська рада ухвалила рішення № 1554 від 06.10.2023, у Решетилівській громаді.";
        let expected = "[назва громади] рада ухвалила рішення № ____ від __.__.____, у [назва громади] громаді.";
        assert_eq!(blanked(text, Some("UA53080390000027656")), expected);
    }
}
