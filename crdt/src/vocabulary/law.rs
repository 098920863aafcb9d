//! The laws behind the instruments of participation, as far as the project's domain page knows them.
//!
//! A label and a pointer, not legal advice. An instrument that is not here has no law noted, which does
//! not mean that there is none. The date of the last check is not here but in each practice, beside its
//! own references.

/// Whether a law can be relied on today.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum LawStatus {
    /// Діє.
    InForce,
    /// Діє обмежено. No row says so yet: the domain page names no such instrument.
    LimitedByMartialLaw,
    /// Ще не діє, or there is no such law.
    NotInForce,
}

impl LawStatus {
    /// The word in the interface of programs.
    #[must_use]
    pub fn key(self) -> &'static str {
        match self {
            Self::InForce => "in_force",
            Self::LimitedByMartialLaw => "limited_by_martial_law",
            Self::NotInForce => "not_in_force",
        }
    }

    /// The Ukrainian label.
    #[must_use]
    pub fn uk(self) -> &'static str {
        match self {
            Self::InForce => "діє",
            Self::LimitedByMartialLaw => "діє обмежено (воєнний стан)",
            Self::NotInForce => "ще не діє",
        }
    }

    /// The English label.
    #[must_use]
    pub fn en(self) -> &'static str {
        match self {
            Self::InForce => "in force",
            Self::LimitedByMartialLaw => "limited by martial law",
            Self::NotInForce => "not in force",
        }
    }
}

/// One law behind one instrument.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct MechanismLaw {
    /// A term of [`super::MECHANISMS`].
    pub mechanism: &'static str,
    /// The number of the law, as on the site of the parliament; empty where there is no law at all.
    pub law: &'static str,
    /// The article; empty where none is noted.
    pub article: &'static str,
    /// Whether it is in force.
    pub status: LawStatus,
    /// Whether the domain page cites a source for it. If not, it is general knowledge and is to be
    /// checked before it is printed as a fact.
    pub sourced: bool,
}

/// The laws known, a row a law. On 3703-IX: in force since 08.01.2025, in part from 01.01.2027, by when
/// every hromada must have a statute. On 3841-IX: it works in full only a year after martial law, and
/// hromadas adopt regulations of their own meanwhile.
pub static LAWS: &[MechanismLaw] = &[
    sourced("statute", "3703-IX", LawStatus::InForce),
    unsourced("statute", "280/97-ВР", "19"),
    sourced("general_meeting", "3703-IX", LawStatus::InForce),
    unsourced("general_meeting", "280/97-ВР", "8"),
    sourced("public_hearing", "3703-IX", LawStatus::InForce),
    unsourced("public_hearing", "280/97-ВР", "13"),
    sourced("local_initiative", "3703-IX", LawStatus::InForce),
    unsourced("local_initiative", "280/97-ВР", "9"),
    sourced("e_petition", "3703-IX", LawStatus::InForce),
    unsourced("e_petition", "393/96-ВР", "23-1"),
    // The law speaks of taking part in making and spending the local budget, not of this instrument.
    unsourced("participatory_budget", "3703-IX", ""),
    sourced("public_consultation", "3703-IX", LawStatus::InForce),
    sourced("public_consultation", "3841-IX", LawStatus::NotInForce),
    sourced("e_consultation", "3841-IX", LawStatus::NotInForce),
    unsourced("youth_council", "1414-IX", ""),
    unsourced("osn", "2625-III", ""),
    unsourced("osn", "280/97-ВР", "14"),
    sourced("public_evaluation", "3703-IX", LawStatus::InForce),
    sourced("reporting", "3703-IX", LawStatus::InForce),
    MechanismLaw { mechanism: "local_referendum", law: "", article: "", status: LawStatus::NotInForce, sourced: false },
    sourced("imc", "1508-VII", LawStatus::InForce),
];

/// The laws noted for an instrument, in the order of the table.
pub fn laws(mechanism: &str) -> impl Iterator<Item = &'static MechanismLaw> {
    LAWS.iter().filter(move |row| row.mechanism == mechanism)
}

const fn sourced(mechanism: &'static str, law: &'static str, status: LawStatus) -> MechanismLaw {
    MechanismLaw { mechanism, law, article: "", status, sourced: true }
}

const fn unsourced(mechanism: &'static str, law: &'static str, article: &'static str) -> MechanismLaw {
    MechanismLaw { mechanism, law, article, status: LawStatus::InForce, sourced: false }
}
