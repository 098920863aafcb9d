//! An endorsement (підтвердження): a community says that it has seen, repeats or has checked what a
//! document says, as it said it at one revision. A later revision is not endorsed by it.

use serde::{Deserialize, Serialize};

use super::{Form, Outline};
use crate::check::FieldError;
use crate::field::{Field, Need, Shape};
use crate::gate::DocumentKind;
use crate::practice::Vouched;
use crate::vocabulary as v;

/// An endorsement as a person writes and reads it.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(default, deny_unknown_fields)]
pub struct Endorsement {
    /// The practice or the adoption, 32 hexadecimal digits.
    pub about: String,
    /// Whose it is, 64 hexadecimal digits. Filled in by the node.
    pub about_owner: String,
    /// The heads of the document that was read. Filled in by the node unless given.
    pub about_revision: Vec<String>,
    /// The document's name then.
    pub title: String,
    /// On what it rests: a term of the vocabulary of bases.
    pub basis: Option<String>,
    /// When, `YYYY` to `YYYY-MM-DD`.
    pub date: Option<String>,
    /// What was seen.
    pub text: String,
    /// Whose post it was.
    pub role: String,
}

/// The basis that is worth most.
const BY_EXPERT: &str = "expert_review";
/// The basis of the community whose practice was repeated: it knows of the adoption.
pub const BY_ORIGIN: &str = "origin_confirms";

impl Endorsement {
    /// What it is worth to a reader of the document at `heads`: nothing if another revision was read.
    #[must_use]
    pub fn vouches(&self, heads: &[String]) -> Vouched {
        let same = |one: &[String], other: &[String]| one.iter().all(|head| other.contains(head));
        if !same(&self.about_revision, heads) || !same(heads, &self.about_revision) {
            return Vouched::ByNobody;
        }
        match self.basis.as_deref() {
            // An expert of whom nobody says who it was and what was found vouches for nothing.
            Some(BY_EXPERT) if self.unsaid().is_empty() => Vouched::ByExpert,
            Some("visited" | "repeated") => Vouched::ByCommunity,
            _ => Vouched::ByNobody,
        }
    }

    /// What a review by an expert must say and this does not: what was seen, and who looked.
    fn unsaid(&self) -> Vec<&'static str> {
        let said = [("text", &self.text), ("role", &self.role)];
        said.into_iter().filter(|(_, text)| text.trim().is_empty()).map(|(key, _)| key).collect()
    }
}

use Need::{Complete, Optional, Required};
use Shape::{Date, Term, Words};

/// The fields of an endorsement.
#[rustfmt::skip]
pub static ENDORSEMENT: &[Field] = &[
    Field::line("about", "Що підтверджуємо", "What is endorsed", Required, (0, 0), 32),
    Field::line("about_owner", "Чиє це", "Whose that is", Optional, (0, 0), 64),
    Field::row("about_revision", "Версія", "Revision", Words(16), Optional),
    Field::line("title", "Назва", "Title", Optional, (0, 0), 300),
    Field::row("basis", "На якій підставі", "On what it rests", Term(&v::ENDORSEMENT_BASES), Required),
    Field::row("date", "Коли", "When", Date, Required),
    Field { chars_max: 5_000, ..Field::text("text", "Що ми побачили", "What we saw", Complete, (0, 1_000)) },
    Field::line("role", "Посада того, хто дивився", "Post of who looked", Complete, (0, 0), 200),
];

impl Form for Endorsement {
    const KIND: DocumentKind = DocumentKind::Endorsement;
    const TABLE: &'static [Field] = ENDORSEMENT;

    fn outline(&self) -> Outline {
        Outline {
            title: self.title.clone(),
            summary: self.text.clone(),
            state: self.basis.clone().unwrap_or_default(),
            day: self.date.clone().unwrap_or_default(),
            about: self.about.parse().ok(),
            about_owner: self.about_owner.parse().ok(),
            ..Outline::default()
        }
    }

    fn further(&self) -> Vec<FieldError> {
        super::wrong_target(&self.about)
    }

    fn before_publication(&self) -> Vec<FieldError> {
        if self.basis.as_deref() != Some(BY_EXPERT) {
            return Vec::new();
        }
        let required = |key| {
            FieldError::new(
                key,
                "required",
                "Для перевірки експертом напишіть, що він побачив і хто він за посадою чи фахом".into(),
                "For a check by an expert write what they saw, and what their post or profession is".into(),
            )
        };
        self.unsaid().into_iter().map(required).collect()
    }
}
