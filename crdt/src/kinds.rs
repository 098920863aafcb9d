//! The kinds of document, one row each: what its fields are, what is wrong with a form, and what
//! lists, links and the search need to know of it.
//!
//! Everything beyond practices and profiles is small and tells *about* another document: an
//! adoption about a practice, an answer about a request. `about` names the document, `about_owner`
//! whose it is (so that the owner can be told without looking), `about_revision` the heads that
//! were read (so that a later revision shows as not yet meant).

pub mod adoption;
pub mod collection;
pub mod comment;
pub mod endorsement;
pub mod exchange;
pub mod material;
pub mod seminar;
pub mod translation;

use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::check::{self, FieldError, Strictness};
use crate::field::Field;
use crate::gate::DocumentKind;
use crate::id::{CommunityId, DocumentId};
use crate::practice::{PRACTICE, Practice};
use crate::profile::{PROFILE, Profile};

/// What lists, links and the search need to know of a document, whatever its kind.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Outline {
    /// What it is called.
    pub title: String,
    /// What it says, in a few lines.
    pub summary: String,
    /// How far along it is: a term of the kind's own vocabulary of states; empty for kinds without.
    pub state: String,
    /// The day that counts for it: of the last stage, of the event, until when it stands. A date
    /// as people write it; empty if there is none.
    pub day: String,
    /// Keys of the sectors.
    pub sectors: Vec<String>,
    /// Keys of the themes.
    pub themes: Vec<String>,
    /// Keys of the mechanisms.
    pub mechanisms: Vec<String>,
    /// The KATOTTG code of where it happens, if it says so.
    pub place: Option<String>,
    /// What came of it: a term of the vocabulary of outcomes; empty for kinds without, and until it is said.
    pub outcome: String,
    /// How many people it reached, if it says so.
    pub reach: Option<u64>,
    /// The language of its texts; empty for the default.
    pub lang: String,
    /// The document that it tells about.
    pub about: Option<DocumentId>,
    /// Whose that is, as the author says.
    pub about_owner: Option<CommunityId>,
    /// Other documents that it names, at most [`MENTIONS_MAX`].
    pub mentions: Vec<DocumentId>,
}

/// Documents that one document may be listed under: the items of the longest collection.
pub const MENTIONS_MAX: usize = 200;

/// A typed document that people fill in and that is published as fields.
pub trait Form: Serialize + DeserializeOwned + Default + Clone + Send + 'static {
    /// What it is.
    const KIND: DocumentKind;
    /// Its fields, in the order in which a reader sees them.
    const TABLE: &'static [Field];

    /// What lists, links and the search need to know.
    fn outline(&self) -> Outline;

    /// What is wrong beyond what the table says.
    fn further(&self) -> Vec<FieldError> {
        Vec::new()
    }

    /// What is asked besides of one that is about to be published. What stands already is read without.
    fn before_publication(&self) -> Vec<FieldError> {
        Vec::new()
    }
}

/// A kind of document.
pub struct Kind {
    /// Its number in records.
    pub kind: DocumentKind,
    /// Its name for programs, `snake_case`.
    pub key: &'static str,
    /// What people call one.
    pub uk: &'static str,
    /// What people call one in English.
    pub en: &'static str,
    /// Its fields.
    pub table: &'static [Field],
    outline: fn(Value) -> Outline,
    check: fn(&Value, Strictness) -> Result<Vec<FieldError>, serde_json::Error>,
}

impl Kind {
    const fn of<T: Form>(key: &'static str, uk: &'static str, en: &'static str) -> Self {
        Self { kind: T::KIND, key, uk, en, table: T::TABLE, outline: outline::<T>, check: checked::<T> }
    }

    /// What lists need to know of a document with this content ([`crate::view::View::content`]).
    #[must_use]
    pub fn outline(&self, document: DocumentId, content: Value) -> Outline {
        let mut outline = (self.outline)(content);
        outline.mentions.retain(|id| *id != document && Some(*id) != outline.about);
        outline.mentions.sort_unstable();
        outline.mentions.dedup();
        outline.mentions.truncate(MENTIONS_MAX);
        outline
    }

    /// What is wrong with a form's content.
    ///
    /// # Errors
    /// If it is not of this kind's shape at all: a field that does not exist, a text for a number.
    pub fn check(&self, content: &Value, strictness: Strictness) -> Result<Vec<FieldError>, serde_json::Error> {
        (self.check)(content, strictness)
    }

    /// Whether the kind has this field.
    #[must_use]
    pub fn has(&self, key: &str) -> bool {
        self.table.iter().any(|field| field.key == key)
    }
}

/// Every kind that this version knows.
#[rustfmt::skip]
pub static KINDS: &[Kind] = &[
    Kind::of::<Practice>("practice", "практика", "practice"),
    Kind::of::<Profile>("profile", "профіль громади", "profile"),
    Kind::of::<adoption::Adoption>("adoption", "впровадження", "adoption"),
    Kind::of::<exchange::Exchange>("exchange", "запит або пропозиція", "request or offer"),
    Kind::of::<comment::Comment>("comment", "відгук", "comment"),
    Kind::of::<endorsement::Endorsement>("endorsement", "підтвердження", "endorsement"),
    Kind::of::<seminar::Seminar>("seminar", "семінар", "seminar"),
    Kind::of::<seminar::Registration>("registration", "реєстрація на семінар", "registration"),
    Kind::of::<collection::Collection>("collection", "збірник", "collection"),
    Kind::of::<material::Material>("material", "матеріал кампанії", "campaign material"),
    Kind::of::<material::Use>("use", "використання матеріалу", "use of a material"),
    Kind::of::<translation::Translation>("translation", "переклад", "translation"),
];

/// A kind by its number; none for one that only a later version knows.
#[must_use]
pub fn of(kind: DocumentKind) -> Option<&'static Kind> {
    KINDS.iter().find(|row| row.kind == kind)
}

/// A kind by its name for programs.
#[must_use]
pub fn by_key(key: &str) -> Option<&'static Kind> {
    KINDS.iter().find(|row| row.key == key)
}

/// The fields of a kind; none of one that only a later version knows.
#[must_use]
pub fn table(kind: DocumentKind) -> &'static [Field] {
    of(kind).map_or(&[], |row| row.table)
}

fn outline<T: Form>(content: Value) -> Outline {
    let typed: T = serde_json::from_value(content).expect("the table only lets through what its type reads");
    typed.outline()
}

fn checked<T: Form>(content: &Value, strictness: Strictness) -> Result<Vec<FieldError>, serde_json::Error> {
    let typed = T::deserialize(content)?;
    let mut errors = check::table(T::TABLE, content, strictness);
    errors.extend(typed.further());
    if strictness == Strictness::Publish {
        errors.extend(typed.before_publication());
    }
    Ok(errors)
}

/// Ids out of texts; what is no id is left out.
fn ids<'a>(texts: impl IntoIterator<Item = &'a String>) -> Vec<DocumentId> {
    texts.into_iter().filter_map(|text| text.parse().ok()).collect()
}

/// What is wrong with the name of a document that something is about.
fn wrong_target(about: &str) -> Vec<FieldError> {
    let wrong = !about.is_empty() && about.parse::<DocumentId>().is_err();
    wrong
        .then(|| {
            FieldError::new(
                "about",
                "malformed",
                "Невідомо, про який запис ідеться: відкрийте його сторінку й почніть звідти".into(),
                "It is not clear which record is meant: open its page and start from there".into(),
            )
        })
        .into_iter()
        .collect()
}

/// What is wrong with a list of documents.
pub(crate) fn wrong_ids(field: &str, texts: &[String]) -> Vec<FieldError> {
    let wrong = texts.iter().find(|text| text.parse::<DocumentId>().is_err());
    wrong
        .map(|text| {
            FieldError::new(
                field,
                "malformed",
                format!("«{text}» не є номером запису: скопіюйте його з адреси сторінки"),
                format!("“{text}” is not a record's id: copy it from the address of its page"),
            )
        })
        .into_iter()
        .collect()
}

/// What is wrong with a day inside a row of a table.
pub(crate) fn wrong_day(field: &str, day: &str) -> Option<FieldError> {
    (!day.is_empty() && !check::is_date(day)).then(|| check::not_a_date(field, day))
}

impl Form for Practice {
    const KIND: DocumentKind = DocumentKind::Practice;
    const TABLE: &'static [Field] = PRACTICE;

    fn outline(&self) -> Outline {
        Outline {
            title: self.title.clone(),
            summary: self.summary.clone(),
            state: self.stage.clone().unwrap_or_default(),
            day: self.started.clone().unwrap_or_default(),
            sectors: self.sectors.clone(),
            themes: self.themes.clone(),
            mechanisms: self.mechanisms.clone(),
            place: self.community.clone(),
            lang: self.lang.clone(),
            mentions: ids([&self.adopted_from, &self.component_of].into_iter().flatten()),
            ..Outline::default()
        }
    }
}

impl Form for Profile {
    const KIND: DocumentKind = DocumentKind::Profile;
    const TABLE: &'static [Field] = PROFILE;

    fn outline(&self) -> Outline {
        Outline::default()
    }
}

#[cfg(test)]
mod tests;
