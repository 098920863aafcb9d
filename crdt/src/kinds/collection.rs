//! A collection (збірник): practices at frozen revisions, in an order, with a foreword and an
//! imprint, ready to be typeset.

use serde::{Deserialize, Serialize};

use super::{Form, Outline, ids};
use crate::check::FieldError;
use crate::field::{Field, Need, Shape, reads};
use crate::gate::DocumentKind;
use crate::vocabulary as v;

/// One practice of a collection.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(default, deny_unknown_fields)]
pub struct Item {
    /// The practice, 32 hexadecimal digits.
    pub practice: String,
    /// The heads of the revision that is printed, whatever comes later.
    pub revision: Vec<String>,
    /// What the editors say of it.
    pub note: String,
}

/// What stands on the page of the publisher.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(default, deny_unknown_fields)]
pub struct Imprint {
    /// The town.
    pub place: String,
    /// The year.
    pub year: Option<u64>,
    /// The publisher.
    pub publisher: String,
    /// The index of the Universal Decimal Classification.
    pub udc: String,
    /// The ISBN.
    pub isbn: String,
    /// Who paid for it, in the words that they ask for.
    pub donor: String,
}

/// A collection as a person writes and reads it.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(default, deny_unknown_fields)]
pub struct Collection {
    /// The language of the texts, BCP 47.
    pub lang: String,
    /// What it is called.
    pub title: String,
    /// The second line of the title.
    pub subtitle: String,
    /// Who made it.
    pub editors: Vec<String>,
    /// The foreword.
    pub foreword: String,
    /// The practices, in order.
    pub items: Vec<Item>,
    /// The last word.
    pub afterword: String,
    /// The page of the publisher.
    pub imprint: Imprint,
    /// Whether it is ready.
    pub state: Option<String>,
}

use Need::{Complete, Optional, Required};
use Shape::{Line, Rows, Term, Whole, Words};

/// The fields of a collection.
#[rustfmt::skip]
pub static COLLECTION: &[Field] = &[
    Field::line("title", "Назва збірника", "Title", Required, (0, 120), 300),
    Field::line("subtitle", "Підзаголовок", "Subtitle", Optional, (0, 120), 300),
    Field::row("editors", "Упорядники", "Editors", Words(20), Complete),
    Field::text("foreword", "Передмова", "Foreword", Complete, (0, 5_000)),
    Field { chars_max: 10_000, ..Field::row("items", "Практики", "Practices", Rows(reads::<Item>, super::MENTIONS_MAX), Required) },
    Field::text("afterword", "Післямова", "Afterword", Optional, (0, 5_000)),
    Field::row("imprint.place", "Місто", "Place", Line, Complete),
    Field::row("imprint.year", "Рік", "Year", Whole, Complete),
    Field::row("imprint.publisher", "Видавець", "Publisher", Line, Complete),
    Field::row("imprint.udc", "УДК", "UDC", Line, Optional),
    Field::row("imprint.isbn", "Міжнародний номер (ISBN)", "ISBN", Line, Optional),
    Field::row("imprint.donor", "Хто підтримав", "Supported by", Line, Optional),
    Field::row("state", "Стан", "State", Term(&v::COLLECTION_STATES), Optional),
    Field::row("lang", "Мова", "Language", Line, Optional),
];

impl Form for Collection {
    const KIND: DocumentKind = DocumentKind::Collection;
    const TABLE: &'static [Field] = COLLECTION;

    fn outline(&self) -> Outline {
        Outline {
            title: self.title.clone(),
            summary: if self.subtitle.is_empty() { self.foreword.clone() } else { self.subtitle.clone() },
            state: self.state.clone().unwrap_or_default(),
            day: self.imprint.year.map(|year| year.to_string()).unwrap_or_default(),
            lang: self.lang.clone(),
            mentions: ids(self.items.iter().map(|item| &item.practice)),
            ..Outline::default()
        }
    }

    fn further(&self) -> Vec<FieldError> {
        let practices: Vec<String> = self.items.iter().map(|item| item.practice.clone()).collect();
        let mut errors = super::wrong_ids("items", &practices);
        errors.extend(crate::check::isbn("imprint.isbn", &self.imprint.isbn));
        errors.extend(crate::check::language(&self.lang));
        errors
    }
}
