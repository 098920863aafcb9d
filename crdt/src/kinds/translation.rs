//! A translation of a practice: its texts in another language, of one revision. When the texts
//! change later, the translation is stale and says so.

use serde::{Deserialize, Serialize};

use super::{Form, Outline};
use crate::check::FieldError;
use crate::field::{Field, Need, Shape};
use crate::gate::DocumentKind;
use crate::vocabulary as v;

/// A translation as a person writes and reads it.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(default, deny_unknown_fields)]
pub struct Translation {
    /// The practice, 32 hexadecimal digits.
    pub about: String,
    /// Whose practice it is, 64 hexadecimal digits. Filled in by the node.
    pub about_owner: String,
    /// The heads of the practice that was translated. Filled in by the node unless given.
    pub about_revision: Vec<String>,
    /// The language, BCP 47.
    pub lang: String,
    /// By a person or by a machine.
    pub origin: Option<String>,
    /// The name.
    pub title: String,
    /// What was done and what it gave, in a few lines.
    pub summary: String,
    /// The problem that it solves.
    pub problem: String,
    /// What was there before.
    pub background: String,
    /// What was done.
    pub solution: String,
    /// Results in words.
    pub results_text: String,
    /// Difficulties and mistakes.
    pub mistakes: String,
    /// Advice to those who repeat it.
    pub lessons: String,
}

/// The keys of the texts that a translation says again, the same as in a practice.
pub static TEXTS: &[&str] =
    &["title", "summary", "problem", "background", "solution", "results_text", "mistakes", "lessons"];

use Need::{Complete, Optional, Required};
use Shape::{Term, Words};

/// The fields of a translation.
#[rustfmt::skip]
pub static TRANSLATION: &[Field] = &[
    Field::line("about", "Практика", "Practice", Required, (0, 0), 32),
    Field::line("about_owner", "Чия практика", "Whose practice", Optional, (0, 0), 64),
    Field::row("about_revision", "Версія", "Revision", Words(16), Optional),
    Field::line("lang", "Мова", "Language", Required, (0, 0), 35),
    Field::row("origin", "Хто переклав", "Who translated it", Term(&v::TEXT_ORIGINS), Required),
    Field::line("title", "Назва практики", "Title", Required, (0, 120), 300),
    Field::line("summary", "Коротко (що зробили і що це дало)", "In short (what was done and what it gave)", Complete, (0, 300), 2_000),
    Field::text("problem", "Проблема", "Problem", Complete, (0, 3_000)),
    Field::text("background", "Передумови", "Background", Optional, (0, 3_000)),
    Field::text("solution", "Що зробили", "What was done", Complete, (0, 10_000)),
    Field::text("results_text", "Результати", "Results", Complete, (0, 5_000)),
    Field::text("mistakes", "Труднощі та помилки", "Difficulties and mistakes", Optional, (0, 3_000)),
    Field::text("lessons", "Поради тим, хто повторюватиме", "Advice to those who repeat it", Optional, (0, 3_000)),
];

impl Form for Translation {
    const KIND: DocumentKind = DocumentKind::Translation;
    const TABLE: &'static [Field] = TRANSLATION;

    fn outline(&self) -> Outline {
        Outline {
            title: self.title.clone(),
            summary: self.summary.clone(),
            state: self.origin.clone().unwrap_or_default(),
            lang: self.lang.clone(),
            about: self.about.parse().ok(),
            about_owner: self.about_owner.parse().ok(),
            ..Outline::default()
        }
    }

    fn further(&self) -> Vec<FieldError> {
        let mut errors = super::wrong_target(&self.about);
        errors.extend(crate::check::language(&self.lang));
        errors
    }
}
