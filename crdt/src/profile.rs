//! A community's profile: who they are, what they can show and what they look for. What the
//! codifier knows (name, oblast, raion, type) is never written here, so it cannot be wrong here.

use serde::{Deserialize, Serialize};

use crate::field::{Field, Need, Shape, reads};
use crate::practice::Location;
use crate::vocabulary as v;

/// How many people live there.
#[derive(Clone, PartialEq, Debug, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(default, deny_unknown_fields)]
pub struct Population {
    /// Inhabitants.
    pub value: Option<u64>,
    /// Of which year.
    pub year: Option<u64>,
    /// Who says so.
    pub source: String,
}

/// What the community is ready to share, in one sector.
#[derive(Clone, PartialEq, Debug, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(default, deny_unknown_fields)]
pub struct Offer {
    /// A term of the vocabulary of sectors.
    pub sector: String,
    /// Terms of the vocabulary of themes.
    pub themes: Vec<String>,
    /// The practices that it can show.
    pub practice_ids: Vec<String>,
    /// Terms of the vocabulary of formats.
    pub formats: Vec<String>,
    /// How many requests a month it can answer.
    pub per_month: Option<u32>,
    /// On what conditions.
    pub conditions: String,
    /// Whom to ask, by post.
    pub contact: String,
    /// When it last said that this stands, `YYYY-MM-DD`.
    pub confirmed_on: String,
    /// Until when it stands, `YYYY-MM-DD`.
    pub valid_until: String,
}

/// What the community looks for.
#[derive(Clone, PartialEq, Debug, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(default, deny_unknown_fields)]
pub struct Wish {
    /// A term of the vocabulary of sectors.
    pub sector: String,
    /// In words.
    pub text: String,
}

/// An instrument of participation that the community has.
#[derive(Clone, PartialEq, Debug, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(default, deny_unknown_fields)]
pub struct Instrument {
    /// A term of the vocabulary of mechanisms.
    pub mechanism: String,
    /// The document that set it up.
    pub document: String,
    /// Since when.
    pub since: String,
    /// Whether anybody used it last year.
    pub used_last_year: Option<bool>,
}

/// A community's profile as a person writes and reads it.
#[derive(Clone, PartialEq, Debug, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(default, deny_unknown_fields)]
pub struct Profile {
    /// About the community, in words.
    pub about: String,
    /// How many people live there.
    pub population: Population,
    /// The centre on the map.
    pub location: Option<Location>,
    /// The official site.
    pub website: String,
    /// The official address.
    pub email: String,
    /// The official telephone.
    pub phone: String,
    /// The number in the register of legal persons.
    pub edrpou: String,
    /// A council or a military administration.
    pub body_type: Option<String>,
    /// What it is ready to share.
    pub ready_to_share: Vec<Offer>,
    /// What it looks for.
    pub needs: Vec<Wish>,
    /// What instruments of participation it has.
    pub instruments: Vec<Instrument>,
    /// With whom it works, KATOTTG codes or names.
    pub partners: Vec<String>,
}

use Need::{Complete, Optional};
use Shape::{Line, Object, Rows, Term, Whole, Words};

/// The fields of a profile, in the order in which a reader sees them.
#[rustfmt::skip]
pub static PROFILE: &[Field] = &[
    Field::text("about", "Про громаду", "About the community", Complete, (0, 3_000)),
    Field::row("population.value", "Населення", "Population", Whole, Complete),
    Field::row("population.year", "Рік", "Year", Whole, Optional),
    Field::row("population.source", "Джерело", "Source", Line, Optional),
    Field::row("location", "Місце на мапі", "Place on the map", Object(reads::<Location>), Optional),
    Field::row("website", "Вебсайт", "Website", Line, Complete),
    Field::row("email", "Службова пошта", "Office e-mail", Line, Complete),
    Field::row("phone", "Службовий телефон", "Office telephone", Line, Complete),
    Field::row("edrpou", "Код ЄДРПОУ", "EDRPOU code", Line, Optional),
    Field::row("body_type", "Орган управління", "Governing body", Term(&v::BODY_TYPES), Complete),
    Field::row("ready_to_share", "Готові поділитися", "Ready to share", Rows(reads::<Offer>, 30), Complete),
    Field::row("needs", "Що шукаємо", "What we look for", Rows(reads::<Wish>, 30), Complete),
    Field::row("instruments", "Інструменти участі", "Instruments of participation", Rows(reads::<Instrument>, 50), Complete),
    Field::row("partners", "Партнери", "Partners", Words(50), Optional),
];
