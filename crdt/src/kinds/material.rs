//! A material of the information campaign, and what a community says of its use.

use serde::{Deserialize, Serialize};

use super::{Form, Outline, ids};
use crate::check::FieldError;
use crate::field::{Field, Need, Shape};
use crate::gate::DocumentKind;
use crate::vocabulary as v;

/// A material as a person writes and reads it.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(default, deny_unknown_fields)]
pub struct Material {
    /// The language of the texts, BCP 47.
    pub lang: String,
    /// Leaflet, poster, post …
    #[serde(rename = "type")]
    pub kind: Option<String>,
    /// What it is called.
    pub title: String,
    /// For whom.
    pub audience: String,
    /// What people should remember.
    pub message: String,
    /// The text.
    pub text: String,
    /// What people should do.
    pub call: String,
    /// The practices that it tells of, 32 hexadecimal digits each.
    pub practices: Vec<String>,
    /// The collection that it tells of, 32 hexadecimal digits.
    pub collection: Option<String>,
    /// Where the QR code leads.
    pub url: String,
    /// Who paid for it, in the words that they ask for.
    pub donor: String,
}

/// One use of a material by a community.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(default, deny_unknown_fields)]
pub struct Use {
    /// The material, 32 hexadecimal digits.
    pub about: String,
    /// Whose it is, 64 hexadecimal digits. Filled in by the node.
    pub about_owner: String,
    /// The material's name.
    pub title: String,
    /// Where: a term of the vocabulary of channels.
    pub channel: Option<String>,
    /// When, `YYYY` to `YYYY-MM-DD`.
    pub date: Option<String>,
    /// How many people it reached.
    pub reach: Option<u64>,
    /// What came of it.
    pub note: String,
}

/// How the blanks begin that a first text leaves for whoever makes the material.
pub const BLANKS: [&str; 4] = ["[Впишіть", "[посада", "[Put ", "[post"];

impl Material {
    /// The first blank that nobody filled in: the field, and what stands there.
    #[must_use]
    pub fn blank(&self) -> Option<(&'static str, &str)> {
        let texts = [("title", &self.title), ("message", &self.message), ("text", &self.text), ("call", &self.call)];
        texts.into_iter().find_map(|(field, text)| {
            let start = BLANKS.iter().filter_map(|blank| text.find(blank)).min()?;
            let rest = &text[start..];
            Some((field, rest.split_inclusive(']').next().unwrap_or(rest)))
        })
    }
}

use Need::{Complete, Optional, Required};
use Shape::{Date, Line, Term, Whole, Words};

/// The fields of a material.
#[rustfmt::skip]
pub static MATERIAL: &[Field] = &[
    Field::row("type", "Що це", "What it is", Term(&v::MATERIAL_TYPES), Required),
    Field::line("title", "Заголовок", "Title", Required, (0, 90), 300),
    Field::line("audience", "Для кого", "For whom", Complete, (0, 120), 300),
    Field::line("message", "Головна думка", "Message", Required, (0, 280), 280),
    Field { chars_max: 20_000, ..Field::text("text", "Текст", "Text", Complete, (0, 2_000)) },
    Field::line("call", "Заклик", "Call", Complete, (0, 120), 300),
    Field::row("practices", "Практики", "Practices", Words(20), Optional),
    Field::row("collection", "Збірник", "Collection", Line, Optional),
    Field::line("url", "Публічна адреса", "Public address", Complete, (0, 0), 500),
    Field::line("donor", "Хто підтримав", "Supported by", Optional, (0, 300), 1_000),
    Field::row("lang", "Мова", "Language", Line, Optional),
];

/// The fields of a use.
#[rustfmt::skip]
pub static USE: &[Field] = &[
    Field::line("about", "Матеріал", "Material", Required, (0, 0), 32),
    Field::line("about_owner", "Чий матеріал", "Whose material", Optional, (0, 0), 64),
    Field::line("title", "Назва матеріалу", "Title of the material", Optional, (0, 0), 300),
    Field::row("channel", "Де використали", "Where it was used", Term(&v::CAMPAIGN_CHANNELS), Required),
    Field::row("date", "Коли", "When", Date, Required),
    Field::row("reach", "Скільки людей побачило", "How many people saw it", Whole, Complete),
    Field { chars_max: 2_000, ..Field::text("note", "Що це дало", "What came of it", Optional, (0, 500)) },
];

impl Form for Material {
    const KIND: DocumentKind = DocumentKind::Material;
    const TABLE: &'static [Field] = MATERIAL;

    fn outline(&self) -> Outline {
        Outline {
            title: self.title.clone(),
            summary: self.message.clone(),
            state: self.kind.clone().unwrap_or_default(),
            lang: self.lang.clone(),
            mentions: ids(self.practices.iter().chain(&self.collection)),
            ..Outline::default()
        }
    }

    fn further(&self) -> Vec<FieldError> {
        let mut errors = super::wrong_ids("practices", &self.practices);
        errors.extend(crate::check::language(&self.lang));
        errors
    }

    fn before_publication(&self) -> Vec<FieldError> {
        let blank = self.blank().map(|(field, blank)| {
            FieldError::new(
                field,
                "blank",
                format!("Лишилося незаповнене місце: {blank}. Впишіть туди своє або приберіть його"),
                format!("A blank is left: {blank}. Fill it in or take it out"),
            )
        });
        blank.into_iter().collect()
    }
}

impl Form for Use {
    const KIND: DocumentKind = DocumentKind::Use;
    const TABLE: &'static [Field] = USE;

    fn outline(&self) -> Outline {
        Outline {
            title: self.title.clone(),
            summary: self.note.clone(),
            state: self.channel.clone().unwrap_or_default(),
            reach: self.reach,
            day: self.date.clone().unwrap_or_default(),
            about: self.about.parse().ok(),
            about_owner: self.about_owner.parse().ok(),
            ..Outline::default()
        }
    }

    fn further(&self) -> Vec<FieldError> {
        super::wrong_target(&self.about)
    }
}
