//! What makes no sense in a practice or a profile whose fields are each well formed.

use super::contacts::{contact, mailbox, phone, site};
use super::registered::edrpou;
use super::{FieldError, in_words, is_after, misread};
use crate::kinds::{wrong_day, wrong_ids};
use crate::practice::Practice;
use crate::profile::Profile;

pub(super) fn practice(practice: &Practice) -> Vec<FieldError> {
    let mut errors: Vec<FieldError> = period(practice).into_iter().chain(population(practice)).collect();
    errors.extend(rows(practice));
    errors.extend(contact(&practice.contact));
    errors.extend(language(&practice.lang));
    let others = [
        ("adopted_from", practice.adopted_from.as_slice()),
        ("component_of", practice.component_of.as_slice()),
        ("duplicate_of", practice.duplicate_of.as_slice()),
        ("related", &practice.related),
    ];
    errors.extend(others.into_iter().flat_map(|(field, ids)| {
        let said: Vec<String> = ids.iter().filter(|id| !id.trim().is_empty()).cloned().collect();
        wrong_ids(field, &said)
    }));
    errors
}

pub(super) fn profile(profile: &Profile) -> Vec<FieldError> {
    let days = profile.ready_to_share.iter().flat_map(|offer| [&offer.confirmed_on, &offer.valid_until]);
    let since = profile.instruments.iter().find_map(|one| wrong_day("instruments", &one.since));
    [
        site("website", &profile.website),
        mailbox("email", &profile.email),
        phone("phone", &profile.phone),
        edrpou("edrpou", &profile.edrpou),
        days.into_iter().find_map(|day| wrong_day("ready_to_share", day)),
        since,
    ]
    .into_iter()
    .flatten()
    .collect()
}

/// What is wrong with the language of the texts, if anything: a tag that browsers and screen readers know
/// begins with two or three letters.
pub(crate) fn language(tag: &str) -> Option<FieldError> {
    let is_tag = |tag: &str| {
        let first = tag.split('-').next().unwrap_or_default();
        (2..=3).contains(&first.len())
            && first.bytes().all(|b| b.is_ascii_alphabetic())
            && tag.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-')
    };
    misread("lang", "unknown_language", tag, is_tag, |tag| {
        (
            format!("Мови «{tag}» програма не знає: оберіть її з переліку (програмам: uk, en, pl)"),
            format!("The language “{tag}” is not known: choose it from the list (programs: uk, en, pl)"),
        )
    })
}

fn period(practice: &Practice) -> Option<FieldError> {
    let (started, ended) = (practice.started.as_deref()?, practice.ended.as_deref()?);
    is_after(started, ended).then(|| {
        let (started, ended) = (in_words(started), in_words(ended));
        FieldError::new(
            "ended",
            "before_start",
            format!("Завершення ({ended}) раніше за початок ({started}): перевірте обидві дати"),
            format!("The end ({ended}) is before the start ({started}): check both dates"),
        )
    })
}

fn population(practice: &Practice) -> Option<FieldError> {
    let (least, most) = (practice.conditions.population_min?, practice.conditions.population_max?);
    (least > most).then(|| {
        FieldError::new(
            "conditions.population_max",
            "below_least",
            format!("Населення «до» ({most}) менше, ніж «від» ({least}): перевірте обидва числа"),
            format!("Population “to” ({most}) is less than “from” ({least}): check both numbers"),
        )
    })
}

/// The days and links inside the rows of tables.
fn rows(practice: &Practice) -> Vec<FieldError> {
    [
        practice.legal_docs.iter().find_map(|one| one.wrong("legal_docs")),
        practice.law_refs.iter().find_map(|one| wrong_day("law_refs", &one.checked_on)),
        practice.results.iter().find_map(|one| wrong_day("results", &one.measured_on)),
        practice.provenance.as_ref().and_then(|one| wrong_day("provenance", &one.imported_at)),
    ]
    .into_iter()
    .flatten()
    .collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use crate::check::{self, Strictness};
    use crate::practice::Practice;
    use crate::profile::Profile;

    #[test]
    fn what_makes_no_sense_is_refused_beside_its_field_and_imported_as_it_is() {
        let content = json!({
            "title": "Толока", "solution": "Прибрали парк", "started": "2025-03", "ended": "2024-12-31",
            "conditions": { "population_min": 5000, "population_max": 100 },
            "law_refs": [{ "law": "Про місцеве самоврядування", "checked_on": "вчора" }],
            "contact": { "phone": "подзвоніть", "email": "рада" }, "adopted_from": "abc",
        });
        let mut practice: Practice = serde_json::from_value(content).expect("a practice");
        let errors = check::practice(&practice, Strictness::Edit);
        let fields: Vec<&str> = errors.iter().map(|error| error.field.as_str()).collect();
        let expected =
            ["ended", "conditions.population_max", "law_refs", "contact.phone", "contact.email", "adopted_from"];
        assert_eq!(fields, expected);
        assert!(errors[0].uk.contains("31.12.2024") && errors[0].uk.contains("03.2025"), "{}", errors[0].uk);
        assert_eq!(check::practice(&practice, Strictness::Import), [], "what came from elsewhere is kept");
        practice.ended = Some("2025".into());
        assert!(!check::practice(&practice, Strictness::Edit).iter().any(|error| error.field == "ended"));
    }

    #[test]
    fn a_language_is_one_that_readers_programs_know() {
        assert!(["", "uk", "en-GB", "crh", "sr-Latn"].iter().all(|tag| super::language(tag).is_none()));
        assert!(["english", "англійська", "e", "u1", "en GB"].iter().all(|tag| super::language(tag).is_some()));
    }

    #[test]
    fn a_profile_can_be_reached() {
        let content =
            json!({ "phone": "немає", "email": "rada", "edrpou": "04375612", "website": "javascript:alert(1)" });
        let profile: Profile = serde_json::from_value(content).expect("a profile");
        let fields: Vec<String> = check::profile(&profile).into_iter().map(|error| error.field).collect();
        assert_eq!(fields, ["website", "email", "phone", "edrpou"]);
        assert_eq!(check::profile(&Profile::default()), []);
    }
}
