//! What the tables promise to the records that carry their keys.

use std::collections::BTreeSet;

use super::*;

fn is_snake_case(key: &str) -> bool {
    key.starts_with(|first: char| first.is_ascii_lowercase())
        && key.chars().all(|letter| letter.is_ascii_lowercase() || letter.is_ascii_digit() || letter == '_')
}

/// Ukrainian, with no letter that only looks so. Abbreviations (ЖКГ, ВПО, ДФРР) are Cyrillic too.
fn is_ukrainian(label: &str) -> bool {
    let cyrillic = |letter: char| ('\u{400}'..='\u{4ff}').contains(&letter);
    label.chars().any(cyrillic) && label.chars().all(|letter| !letter.is_alphabetic() || cyrillic(letter))
}

#[test]
fn keys_are_unique_and_snake_case() {
    let vocabularies: BTreeSet<&str> = ALL.iter().map(|vocabulary| vocabulary.key).collect();
    assert_eq!(vocabularies.len(), ALL.len());
    for vocabulary in ALL {
        assert!(is_snake_case(vocabulary.key), "{}", vocabulary.key);
        let keys: BTreeSet<&str> = vocabulary.terms.iter().map(|term| term.key).collect();
        assert_eq!(keys.len(), vocabulary.terms.len(), "{}", vocabulary.key);
        for key in keys {
            assert!(is_snake_case(key), "{}: {key}", vocabulary.key);
        }
    }
}

#[test]
fn labels_are_in_their_language_and_distinct() {
    for vocabulary in ALL {
        assert!(is_ukrainian(vocabulary.uk) && !vocabulary.en.is_empty(), "{}", vocabulary.key);
        for term in vocabulary.terms {
            assert!(is_ukrainian(term.uk), "{}", term.uk);
            assert!(term.en.chars().any(|letter| letter.is_ascii_alphabetic()), "{}", term.en);
            assert!(!is_ukrainian(term.en), "{}", term.en);
            assert_eq!((term.uk, term.en), (term.uk.trim(), term.en.trim()));
            assert!(!term.uk.contains(['\'', 'ʼ', '`']), "{}: the apostrophe is ’", term.uk);
        }
        for label in [|term: &Term| term.uk, |term: &Term| term.en] {
            let distinct: BTreeSet<&str> = vocabulary.terms.iter().map(label).collect();
            assert_eq!(distinct.len(), vocabulary.terms.len(), "{}", vocabulary.key);
        }
    }
}

#[test]
fn the_lists_are_as_long_as_agreed() {
    for (vocabulary, terms) in [
        (&SECTORS, 6),
        (&THEMES, 3),
        (&MECHANISMS, 24),
        (&PARTICIPATION_LEVELS, 5),
        (&SCOPES, 5),
        (&STAGES, 6),
        (&ORGANISATION_TYPES, 16),
        (&TARGET_GROUPS, 11),
        (&MONEY_SOURCES, 6),
        (&COST_BANDS, 6),
        (&EVIDENCE, 4),
        (&FORMATS, 7),
        (&ADOPTION_STATUSES, 9),
        (&REGIONS, 6),
        (&CHANGE_TYPES, 5),
        (&COOPERATION_FORMS, 5),
    ] {
        assert_eq!(vocabulary.terms.len(), terms, "{}", vocabulary.key);
    }
}

#[test]
fn a_term_is_found_by_its_key_alone() {
    assert_eq!(SECTORS.find("education").map(|term| term.uk), Some("Освіта"));
    assert!(THEMES.contains("strategic_planning"));
    for unknown in ["", "Education", "education ", "Освіта"] {
        assert_eq!(SECTORS.find(unknown), None);
    }
}

#[test]
fn a_bound_of_the_cost_falls_upwards_but_for_the_last() {
    for (uah, band) in [
        (0, "zero"),
        (1, "under_50k"),
        (49_999, "under_50k"),
        (50_000, "from_50k_to_300k"),
        (299_999, "from_50k_to_300k"),
        (300_000, "from_300k_to_1m"),
        (999_999, "from_300k_to_1m"),
        (1_000_000, "from_1m_to_5m"),
        (5_000_000, "from_1m_to_5m"),
        (5_000_001, "over_5m"),
        (u64::MAX, "over_5m"),
    ] {
        assert_eq!(cost_band(uah).key, band, "{uah}");
    }
}

#[test]
fn the_crosswalk_speaks_of_known_terms_once() {
    for (index, row) in PARTICIPEDIA.iter().enumerate() {
        assert!(row.vocabulary.contains(row.term), "{}", row.term);
        assert!(!PARTICIPEDIA[..index].contains(row), "{}", row.term);
    }
    for vocabulary in [&SECTORS, &THEMES, &PARTICIPATION_LEVELS, &ORGANISATION_TYPES, &CHANGE_TYPES] {
        for term in vocabulary.terms {
            assert!(participedia_key(vocabulary, term.key).is_some(), "{}", term.key);
        }
    }
    let housing: Vec<&str> = participedia_keys(&SECTORS, "housing_utilities").map(|row| row.key).collect();
    assert_eq!(housing, ["housing", "planning"]);
    assert_eq!(participedia_key(&MECHANISMS, "appeal"), None);
}

#[test]
fn laws_speak_of_known_mechanisms() {
    for row in LAWS {
        assert!(MECHANISMS.contains(row.mechanism), "{}", row.mechanism);
        assert!(!row.law.is_empty() || row.status == LawStatus::NotInForce, "{}", row.mechanism);
    }
    let consultation: Vec<&str> = laws("public_consultation").map(|row| row.law).collect();
    assert_eq!(consultation, ["3703-IX", "3841-IX"]);
    assert_eq!(laws("appeal").count(), 0);
}
