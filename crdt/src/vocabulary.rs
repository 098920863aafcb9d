//! The controlled vocabularies: what a record may say in a field that is a choice, in both languages.
//!
//! A record keeps the key; the labels are looked up here, so a better label reaches every record at
//! once. A key is never renamed or reused, because published records carry it. The lists are those of
//! the project's domain page; the order of the terms is the order in which they are shown.

mod exchange;
mod law;
mod participedia;
mod practice;
mod talk;

pub use exchange::{
    ADOPTION_STATUSES, BODY_TYPES, COOPERATION_FORMS, EXCHANGE_DIRECTIONS, EXCHANGE_STATES, FORMATS, OUTCOMES, RADII,
    REGIONS, SIZES,
};
pub use law::{LAWS, LawStatus, MechanismLaw, laws};
pub use participedia::{Equivalent, PARTICIPEDIA, participedia_key, participedia_keys};
pub use practice::{
    CHANGE_TYPES, COST_BANDS, DOCUMENT_TYPES, EVIDENCE, MECHANISMS, MONEY_SOURCES, ORGANISATION_TYPES,
    PARTICIPATION_CHANNELS, PARTICIPATION_LEVELS, PARTICIPATION_OPENNESS, RECURRENCE, SCOPES, SECTORS, STAGES,
    TARGET_GROUPS, THEMES,
};
pub use talk::{
    CAMPAIGN_CHANNELS, COLLECTION_STATES, COMMENT_PURPOSES, ENDORSEMENT_BASES, MATERIAL_TYPES, REGISTRATION_STATES,
    TEXT_ORIGINS,
};

/// One choice of a vocabulary.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Term {
    /// What records keep: English, `snake_case`, unique within its vocabulary.
    pub key: &'static str,
    /// The Ukrainian label.
    pub uk: &'static str,
    /// The English label.
    pub en: &'static str,
}

/// A closed list of choices.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Vocabulary {
    /// Its name in the interface of programs, `snake_case`, unique.
    pub key: &'static str,
    /// Its name in Ukrainian.
    pub uk: &'static str,
    /// Its name in English.
    pub en: &'static str,
    /// The choices in the order in which they are shown.
    pub terms: &'static [Term],
}

impl Vocabulary {
    /// The term of a key; none if the vocabulary has no such key.
    #[must_use]
    pub fn find(&self, key: &str) -> Option<&'static Term> {
        self.terms.iter().find(|term| term.key == key)
    }

    /// Whether a record may say this key.
    #[must_use]
    pub fn contains(&self, key: &str) -> bool {
        self.find(key).is_some()
    }
}

/// Every vocabulary, for the interface of programs and for the tests.
pub static ALL: &[&Vocabulary] = &[
    &SECTORS,
    &THEMES,
    &MECHANISMS,
    &PARTICIPATION_LEVELS,
    &SCOPES,
    &STAGES,
    &RECURRENCE,
    &ORGANISATION_TYPES,
    &TARGET_GROUPS,
    &PARTICIPATION_CHANNELS,
    &PARTICIPATION_OPENNESS,
    &DOCUMENT_TYPES,
    &MONEY_SOURCES,
    &COST_BANDS,
    &EVIDENCE,
    &CHANGE_TYPES,
    &FORMATS,
    &ADOPTION_STATUSES,
    &REGIONS,
    &BODY_TYPES,
    &COOPERATION_FORMS,
    &SIZES,
    &OUTCOMES,
    &EXCHANGE_DIRECTIONS,
    &EXCHANGE_STATES,
    &RADII,
    &COMMENT_PURPOSES,
    &ENDORSEMENT_BASES,
    &REGISTRATION_STATES,
    &COLLECTION_STATES,
    &MATERIAL_TYPES,
    &CAMPAIGN_CHANNELS,
    &TEXT_ORIGINS,
];

/// The band of [`COST_BANDS`] into which a cost in whole hryvnias falls.
///
/// A round number that two bands share belongs to the upper one: 50 000 is «50–300 тис.», 300 000 is
/// «300 тис. – 1 млн», 1 000 000 is «1–5 млн». Five million itself is still «1–5 млн», because the last
/// band is *over* five million.
#[must_use]
pub fn cost_band(total_uah: u64) -> &'static Term {
    let band = match total_uah {
        0 => 0,
        1..50_000 => 1,
        50_000..300_000 => 2,
        300_000..1_000_000 => 3,
        1_000_000..=5_000_000 => 4,
        _ => 5,
    };
    &COST_BANDS.terms[band]
}

/// The band of [`SIZES`] into which a number of inhabitants falls; a round number belongs to the
/// upper one.
#[must_use]
pub fn size_band(inhabitants: u64) -> &'static Term {
    let bounds = [5_000, 10_000, 20_000, 50_000, 100_000];
    &SIZES.terms[bounds.iter().filter(|bound| inhabitants >= **bound).count()]
}

const fn term(key: &'static str, uk: &'static str, en: &'static str) -> Term {
    Term { key, uk, en }
}

#[cfg(test)]
mod tests;
