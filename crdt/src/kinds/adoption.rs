//! An adoption (впровадження): how one community repeats another's practice, stage by stage, with
//! what was changed, what it really cost and an honest outcome.

use serde::{Deserialize, Serialize};

use super::{Form, Outline, ids};
use crate::check::{self, FieldError};
use crate::field::{Field, Need, Shape, reads};
use crate::gate::DocumentKind;
use crate::practice::{Contact, Indicator, LegalDocument};
use crate::vocabulary as v;

/// One stage that was reached.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(default, deny_unknown_fields)]
pub struct Stage {
    /// A term of the vocabulary of adoption statuses.
    pub status: String,
    /// When, `YYYY` to `YYYY-MM-DD`.
    pub date: String,
    /// What happened, or why it is late.
    pub note: String,
    /// The document behind it.
    pub document: String,
}

/// What was planned.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(default, deny_unknown_fields)]
pub struct Plan {
    /// Until when.
    pub until: Option<String>,
    /// For how many hryvnias.
    pub uah: Option<u64>,
    /// For how many hours of work of the staff.
    pub staff_hours: Option<u64>,
}

/// What it took.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(default, deny_unknown_fields)]
pub struct Actual {
    /// Hryvnias.
    pub uah: Option<u64>,
    /// Hours of work of the staff.
    pub staff_hours: Option<u64>,
}

/// Help that another community gave.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(default, deny_unknown_fields)]
pub struct Help {
    /// Who helped: a KATOTTG code or a name.
    pub from: String,
    /// A term of the vocabulary of formats.
    pub format: String,
    /// How many hours it took.
    pub hours: Option<u32>,
}

/// An adoption as a person writes and reads it.
#[derive(Clone, PartialEq, Debug, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(default, deny_unknown_fields)]
pub struct Adoption {
    /// The practice, 32 hexadecimal digits.
    pub about: String,
    /// Whose practice it is, 64 hexadecimal digits. Filled in by the node.
    pub about_owner: String,
    /// The heads of the practice that was taken up. Filled in by the node.
    pub about_revision: Vec<String>,
    /// The practice's name when it was taken up, so that the adoption can be read without it.
    pub title: String,
    /// The practice's sectors when it was taken up.
    pub sectors: Vec<String>,
    /// The stages reached, in the order in which they were.
    pub stages: Vec<Stage>,
    /// What was changed and why.
    pub adapted: String,
    /// The community's decisions.
    pub decision_docs: Vec<LegalDocument>,
    /// What was planned.
    pub plan: Plan,
    /// What it took.
    pub actual: Actual,
    /// Results in numbers, in the practice's own indicators.
    pub results: Vec<Indicator>,
    /// A term of the vocabulary of outcomes.
    pub outcome: Option<String>,
    /// Why it was stopped, refused or came out otherwise.
    pub reasons: String,
    /// Who helped.
    pub help_received: Vec<Help>,
    /// Advice to the next.
    pub advice_to_next: String,
    /// Whom to ask.
    pub contact: Contact,
    /// The seminar where it was pledged, 32 hexadecimal digits.
    pub pledged_at: Option<String>,
    /// The request that led to it, 32 hexadecimal digits.
    pub request: Option<String>,
    /// The practice of its own that came of it, 32 hexadecimal digits.
    pub became: Option<String>,
}

impl Adoption {
    /// The stages by date. Of one date the later row stands later; a year or a month is no earlier
    /// than a day of it, since nobody said so; a row without a date stays behind the row above it.
    #[must_use]
    pub fn in_order(&self) -> Vec<&Stage> {
        let mut placed: Vec<(&str, &Stage)> = Vec::with_capacity(self.stages.len());
        let mut above = "";
        for stage in &self.stages {
            let date = if stage.date.is_empty() { above } else { stage.date.as_str() };
            let later = |known: &str| known > date && !known.starts_with(date);
            let undated_first = |known: &str| date.is_empty() && !known.is_empty();
            let at = placed.iter().rposition(|(known, _)| !later(known) && !undated_first(known));
            placed.insert(at.map_or(0, |at| at + 1), (date, stage));
            above = date;
        }
        placed.into_iter().map(|(_, stage)| stage).collect()
    }

    /// The stage that counts: the last one by date ([`Self::in_order`]).
    #[must_use]
    pub fn current(&self) -> Option<&Stage> {
        self.in_order().pop()
    }

    /// What is wrong with the stages on a day: one is reached or it is not, what is planned has a
    /// field of its own. A day is left for clocks. Only whoever publishes asks, for the gates of
    /// other nodes have clocks of their own.
    #[must_use]
    pub fn ahead(&self, tomorrow: &str) -> Option<FieldError> {
        let ahead = self.stages.iter().find(|stage| stage.date.as_str() > tomorrow)?;
        let day = check::in_words(&ahead.date);
        Some(FieldError::new(
            "stages",
            "in_future",
            format!(
                "Етап із датою {day} ще не настав: впишіть лише те, що вже сталося, а намір запишіть у «Плануємо завершити»"
            ),
            format!(
                "The stage dated {day} has not come yet: write what has happened, and what you intend under “Planned until”"
            ),
        ))
    }

    /// Whether a status says that the practice was repeated: it works, at least in part.
    #[must_use]
    pub fn is_repeated(status: &str) -> bool {
        matches!(status, "works" | "partly")
    }
}

use Need::{Complete, Optional, Required};
use Shape::{Date, Line, Rows, Term, Terms, Whole, Words};

/// The fields of an adoption.
#[rustfmt::skip]
pub static ADOPTION: &[Field] = &[
    Field::line("about", "Практика", "Practice", Required, (0, 0), 32),
    Field::line("about_owner", "Чия практика", "Whose practice", Optional, (0, 0), 64),
    Field::row("about_revision", "Версія практики", "Revision of the practice", Words(16), Optional),
    Field::line("title", "Назва практики", "Title of the practice", Required, (0, 0), 300),
    Field::row("sectors", "Галузь", "Sector", Terms(&v::SECTORS, 3), Optional),
    Field::row("stages", "Етапи", "Stages", Rows(reads::<Stage>, 60), Required),
    Field::text("adapted", "Що змінили під свою громаду і чому", "What was changed for our community, and why", Complete, (0, 3_000)),
    Field::row("decision_docs", "Рішення та документи", "Decisions and documents", Rows(reads::<LegalDocument>, 30), Complete),
    Field::row("plan.until", "Плануємо завершити", "Planned until", Date, Complete),
    Field::row("plan.uah", "Заплановано, грн", "Planned, UAH", Whole, Complete),
    Field::row("plan.staff_hours", "Заплановано годин роботи працівників", "Planned hours of staff", Whole, Optional),
    Field::row("actual.uah", "Витрачено, грн", "Spent, UAH", Whole, Complete),
    Field::row("actual.staff_hours", "Години роботи працівників", "Hours of staff", Whole, Complete),
    Field::row("results", "Результати в числах", "Results in numbers", Rows(reads::<Indicator>, 50), Complete),
    Field::row("outcome", "Підсумок", "Outcome", Term(&v::OUTCOMES), Complete),
    Field::text("reasons", "Чому так вийшло", "Why it came out so", Optional, (0, 3_000)),
    Field::row("help_received", "Хто допоміг", "Who helped", Rows(reads::<Help>, 30), Optional),
    Field::text("advice_to_next", "Порада наступним", "Advice to the next", Complete, (0, 3_000)),
    Field::row("contact.role", "До кого звернутися (посада)", "Whom to ask (post)", Line, Complete),
    Field::row("contact.unit", "Підрозділ", "Department", Line, Optional),
    Field::row("contact.phone", "Службовий телефон", "Office telephone", Line, Optional),
    Field::row("contact.email", "Службова пошта", "Office e-mail", Line, Optional),
    Field::row("contact.hours", "Години роботи", "Hours", Line, Optional),
    Field::row("contact.consent_given_on", "Дата згоди", "Date of consent", Date, Optional),
    Field::row("pledged_at", "Семінар, де зобов’язалися", "Seminar where it was pledged", Line, Optional),
    Field::row("request", "Запит, з якого почалося", "Request that led to it", Line, Optional),
    Field::row("became", "Власна практика", "Practice of its own", Line, Optional),
];

impl Form for Adoption {
    const KIND: DocumentKind = DocumentKind::Adoption;
    const TABLE: &'static [Field] = ADOPTION;

    fn outline(&self) -> Outline {
        let current = self.current();
        Outline {
            title: self.title.clone(),
            summary: current.map(|stage| stage.note.clone()).unwrap_or_default(),
            state: current.map(|stage| stage.status.clone()).unwrap_or_default(),
            day: current.map(|stage| stage.date.clone()).unwrap_or_default(),
            sectors: self.sectors.clone(),
            outcome: self.outcome.clone().unwrap_or_default(),
            about: self.about.parse().ok(),
            about_owner: self.about_owner.parse().ok(),
            mentions: ids([&self.pledged_at, &self.request, &self.became].into_iter().flatten()),
            ..Outline::default()
        }
    }

    fn further(&self) -> Vec<FieldError> {
        let mut errors = super::wrong_target(&self.about);
        errors.extend(check::contact(&self.contact));
        for (field, id) in [("pledged_at", &self.pledged_at), ("request", &self.request), ("became", &self.became)] {
            errors.extend(super::wrong_ids(field, id.as_slice()));
        }
        for stage in &self.stages {
            errors.extend(v::ADOPTION_STATUSES.find(&stage.status).is_none().then(|| {
                FieldError::new(
                    "stages",
                    "unknown_term",
                    "Оберіть стан для кожного етапу".into(),
                    "Choose a status for each stage".into(),
                )
            }));
            errors.extend(super::wrong_day("stages", &stage.date));
        }
        errors.extend(self.decision_docs.iter().find_map(|document| document.wrong("decision_docs")));
        let ended_badly = self.current().is_some_and(|stage| matches!(stage.status.as_str(), "stopped" | "refused"));
        if ended_badly && self.reasons.trim().is_empty() {
            errors.push(FieldError::new(
                "reasons",
                "required",
                "Напишіть, чому зупинили або відмовилися: це найцінніше для наступних".into(),
                "Write why it was stopped or refused: that is worth most to the next".into(),
            ));
        }
        errors
    }
}
