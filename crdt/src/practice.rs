//! A practice of participatory democracy: what one community did, how, and what came of it.
//!
//! The fields, their limits and their labels are those that the project's domain page fixes; the
//! order of the table is the order in which a reader sees them.

use serde::{Deserialize, Serialize};

use crate::check::{self, FieldError};
use crate::field::{Field, Need, Shape, reads};
use crate::kinds::wrong_day;
use crate::vocabulary as v;

/// One step of doing it.
#[derive(Clone, PartialEq, Debug, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(default, deny_unknown_fields)]
pub struct Step {
    /// What is done.
    pub title: String,
    /// How long it takes, in days.
    pub days: Option<u32>,
    /// Who does it, by role.
    pub who: String,
    /// The document that comes of it.
    pub document: String,
}

/// Somebody who took part in organising it.
#[derive(Clone, PartialEq, Debug, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(default, deny_unknown_fields)]
pub struct Organisation {
    /// The official name.
    pub name: String,
    /// A term of the vocabulary of organisations.
    #[serde(rename = "type")]
    pub kind: String,
    /// Where it sits.
    pub katottg: String,
}

/// Who took part, and how.
#[derive(Clone, PartialEq, Debug, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(default, deny_unknown_fields)]
pub struct Participants {
    /// How many people.
    pub total: Option<u64>,
    /// Terms of the vocabulary of groups.
    pub target_groups: Vec<String>,
    /// In person, online or both.
    pub channel: Option<String>,
    /// Open to all, to all who make an effort, or limited.
    pub open: Option<String>,
}

/// A document of the community that the practice rests on.
#[derive(Clone, PartialEq, Debug, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(default, deny_unknown_fields)]
pub struct LegalDocument {
    /// A term of the vocabulary of documents.
    #[serde(rename = "type")]
    pub kind: String,
    /// Its number.
    pub number: String,
    /// Its date, `YYYY-MM-DD`.
    pub date: String,
    /// The body that passed it.
    pub body: String,
    /// Where it can be read.
    pub url: String,
}

impl LegalDocument {
    /// Whether somebody could look it up: it has a number or a place on the web, and a day that exists.
    #[must_use]
    pub fn can_be_looked_up(&self) -> bool {
        let is_named = !self.number.trim().is_empty() || !self.url.trim().is_empty();
        is_named && self.wrong("").is_none()
    }

    /// What is wrong with it, for a field of such documents.
    #[must_use]
    pub fn wrong(&self, field: &str) -> Option<FieldError> {
        wrong_day(field, &self.date).or_else(|| check::not_a_link(field, &self.url))
    }
}

/// A law that the practice rests on.
#[derive(Clone, PartialEq, Debug, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(default, deny_unknown_fields)]
pub struct LawReference {
    /// The law.
    pub law: String,
    /// The article.
    pub article: String,
    /// The day on which somebody last checked that it stands, `YYYY-MM-DD`.
    pub checked_on: String,
}

/// What one part of it cost.
#[derive(Clone, PartialEq, Debug, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(default, deny_unknown_fields)]
pub struct CostItem {
    /// What the money went to.
    pub what: String,
    /// Hryvnias.
    pub uah: Option<u64>,
    /// A term of the vocabulary of sources of money.
    pub source: String,
}

/// What it cost.
#[derive(Clone, PartialEq, Debug, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(default, deny_unknown_fields)]
pub struct Costs {
    /// Hryvnias in all.
    pub total_uah: Option<u64>,
    /// The year of the prices.
    pub year: Option<u64>,
    /// The parts.
    pub items: Vec<CostItem>,
    /// Hours of work of the staff.
    pub staff_hours: Option<u64>,
    /// Hryvnias a year to keep it going.
    pub yearly_uah: Option<u64>,
}

/// A result in numbers.
#[derive(Clone, PartialEq, Debug, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(default, deny_unknown_fields)]
pub struct Indicator {
    /// What was measured.
    pub indicator: String,
    /// In what.
    pub unit: String,
    /// Before.
    pub before: Option<f64>,
    /// After.
    pub after: Option<f64>,
    /// When, `YYYY` to `YYYY-MM-DD`.
    pub measured_on: String,
    /// Who says so.
    pub source: String,
}

/// What another community needs to repeat it.
#[derive(Clone, PartialEq, Debug, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(default, deny_unknown_fields)]
pub struct Conditions {
    /// Inhabitants at the least.
    pub population_min: Option<u64>,
    /// Inhabitants at the most.
    pub population_max: Option<u64>,
    /// Urban, settlement, rural.
    pub community_types: Vec<String>,
    /// A term of the vocabulary of cost bands.
    pub budget_band: Option<String>,
    /// The people needed.
    pub staff: String,
    /// Months until something can be seen.
    pub months_to_first_result: Option<u64>,
    /// Decisions and documents needed.
    pub legal_prereq: Vec<String>,
    /// Equipment and programs needed.
    pub tech_prereq: Vec<String>,
    /// When not to try.
    pub not_suitable_if: String,
}

/// Whom to ask: a role, not a person.
#[derive(Clone, PartialEq, Debug, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(default, deny_unknown_fields)]
pub struct Contact {
    /// The post.
    pub role: String,
    /// The department.
    pub unit: String,
    /// The official telephone.
    pub phone: String,
    /// The official address.
    pub email: String,
    /// When somebody is there.
    pub hours: String,
    /// The day of consent, if a person is named, `YYYY-MM-DD`.
    pub consent_given_on: String,
}

/// A point on the map.
#[derive(Clone, Copy, PartialEq, Debug, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct Location {
    /// Degrees north.
    pub lat: f64,
    /// Degrees east.
    pub lon: f64,
}

/// Where a text comes from, if not from the community itself.
#[derive(Clone, PartialEq, Debug, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(default, deny_unknown_fields)]
pub struct Provenance {
    /// The database.
    pub system: String,
    /// Its number there.
    pub source_id: String,
    /// Its page there.
    pub url: String,
    /// The licence of the source.
    pub licence: String,
    /// Whom to name.
    pub credit: String,
    /// The day of the import, `YYYY-MM-DD`.
    pub imported_at: String,
}

/// A practice as a person writes and reads it. An empty field is a field not filled in.
#[derive(Clone, PartialEq, Debug, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(default, deny_unknown_fields)]
pub struct Practice {
    /// The language of the texts, BCP 47.
    pub lang: String,
    /// The name.
    pub title: String,
    /// What was done and what it gave, in a few lines.
    pub summary: String,
    /// Up to three sectors, the most important first.
    pub sectors: Vec<String>,
    /// Up to three cross-cutting themes.
    pub themes: Vec<String>,
    /// Up to five instruments of participation.
    pub mechanisms: Vec<String>,
    /// How far participation goes.
    pub participation_level: Option<String>,
    /// Where it happened: a KATOTTG code. Absent when abroad or unknown.
    pub community: Option<String>,
    /// The settlement.
    pub settlement: String,
    /// The point on the map.
    pub location: Option<Location>,
    /// How large an area it covers.
    pub scope: Option<String>,
    /// How far along it is.
    pub stage: Option<String>,
    /// From when.
    pub started: Option<String>,
    /// Until when.
    pub ended: Option<String>,
    /// Once, every year, all the time.
    pub recurring: Option<String>,
    /// The problem that it solves.
    pub problem: String,
    /// What was there before.
    pub background: String,
    /// What was done.
    pub solution: String,
    /// The steps, in order.
    pub steps: Vec<Step>,
    /// Who organised it.
    pub organizers: Vec<Organisation>,
    /// Who helped.
    pub partners: Vec<Organisation>,
    /// Who took part.
    pub participants: Participants,
    /// The community's documents behind it.
    pub legal_docs: Vec<LegalDocument>,
    /// The laws behind it.
    pub law_refs: Vec<LawReference>,
    /// What it cost.
    pub costs: Costs,
    /// Results in numbers.
    pub results: Vec<Indicator>,
    /// Results in words.
    pub results_text: String,
    /// What changed, in Participedia's terms.
    pub change_types: Vec<String>,
    /// Difficulties and mistakes.
    pub mistakes: String,
    /// Advice to those who repeat it.
    pub lessons: String,
    /// What repeating it takes.
    pub conditions: Conditions,
    /// Whom to ask.
    pub contact: Contact,
    /// The practice that it repeats.
    pub adopted_from: Option<String>,
    /// The practice that it is part of.
    pub component_of: Option<String>,
    /// The practice that it says again.
    pub duplicate_of: Option<String>,
    /// Practices like it.
    pub related: Vec<String>,
    /// Communities whose suggested edits were accepted: KATOTTG codes.
    pub contributors: Vec<String>,
    /// Free words to find it by.
    pub keywords: Vec<String>,
    /// The licence of the text, an SPDX identifier.
    pub licence: String,
    /// Where the text comes from.
    pub provenance: Option<Provenance>,
}

/// Who but its own community vouches for a practice as it stands.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Default)]
pub enum Vouched {
    /// Nobody.
    #[default]
    ByNobody,
    /// Another community, which saw it or repeated it.
    ByCommunity,
    /// An independent expert, as another community says.
    ByExpert,
}

impl Practice {
    /// How well it is attested, as a term of [`v::EVIDENCE`]: by others, by a document that can be looked
    /// up, or by its own word alone.
    #[must_use]
    pub fn evidence(&self, vouched: Vouched) -> &'static str {
        let has_document = self.legal_docs.iter().any(LegalDocument::can_be_looked_up);
        match (vouched, has_document) {
            (Vouched::ByExpert, _) => "evaluated",
            (Vouched::ByCommunity, _) => "confirmed",
            (Vouched::ByNobody, true) => "documented",
            (Vouched::ByNobody, false) => "claimed",
        }
    }
}

/// The licence of what a community writes itself.
pub const DEFAULT_LICENCE: &str = "CC-BY-4.0";
/// The language of a text that does not say.
pub const DEFAULT_LANGUAGE: &str = "uk";

use Need::{Complete, Optional, Required};
use Shape::{Date, Line, Object, Rows, Term, Terms, Whole, Words};

/// The fields of a practice, in the order in which a reader sees them.
#[rustfmt::skip]
pub static PRACTICE: &[Field] = &[
    Field::line("title", "Назва практики", "Title", Required, (0, 120), 300),
    Field::line("summary", "Коротко (що зробили і що це дало)", "In short (what was done and what it gave)", Required, (0, 300), 2_000),
    Field::row("sectors", "Галузь", "Sector", Terms(&v::SECTORS, 3), Required),
    Field::row("themes", "Наскрізна тема", "Cross-cutting theme", Terms(&v::THEMES, 3), Optional),
    Field::row("mechanisms", "Інструмент участі", "Instrument of participation", Terms(&v::MECHANISMS, 5), Required),
    Field::row("participation_level", "Рівень участі", "Level of participation", Term(&v::PARTICIPATION_LEVELS), Complete),
    Field::row("community", "Громада, де це було", "Community where it happened", Line, Required),
    Field::row("settlement", "Населений пункт", "Settlement", Line, Optional),
    Field::row("location", "Місце на мапі", "Place on the map", Object(reads::<Location>), Optional),
    Field::row("scope", "Охоплення", "Scope", Term(&v::SCOPES), Required),
    Field::row("stage", "Стан", "Stage", Term(&v::STAGES), Required),
    Field::row("started", "Початок", "Started", Date, Required),
    Field::row("ended", "Завершення", "Ended", Date, Optional),
    Field::row("recurring", "Як часто", "How often", Term(&v::RECURRENCE), Optional),
    Field::text("problem", "Проблема", "Problem", Required, (200, 3_000)),
    Field::text("background", "Передумови", "Background", Optional, (0, 3_000)),
    Field::text("solution", "Що зробили", "What was done", Required, (300, 10_000)),
    Field::row("steps", "Кроки впровадження", "Steps", Rows(reads::<Step>, 50), Complete),
    Field::row("organizers", "Хто організував", "Organisers", Rows(reads::<Organisation>, 30), Optional),
    Field::row("partners", "Партнери", "Partners", Rows(reads::<Organisation>, 30), Optional),
    Field::row("participants.total", "Скільки людей долучилося", "How many took part", Whole, Complete),
    Field::row("participants.target_groups", "Для кого", "Target groups", Terms(&v::TARGET_GROUPS, 11), Complete),
    Field::row("participants.channel", "Як долучалися", "How they took part", Term(&v::PARTICIPATION_CHANNELS), Complete),
    Field::row("participants.open", "Хто міг долучитися", "Who could take part", Term(&v::PARTICIPATION_OPENNESS), Optional),
    Field::row("legal_docs", "Документи", "Documents", Rows(reads::<LegalDocument>, 30), Complete),
    Field::row("law_refs", "Правова підстава", "Legal basis", Rows(reads::<LawReference>, 30), Complete),
    Field::row("costs.total_uah", "Вартість, грн", "Cost, UAH", Whole, Complete),
    Field::row("costs.year", "Рік цін", "Year of prices", Whole, Optional),
    Field::row("costs.items", "Статті витрат", "Items of cost", Rows(reads::<CostItem>, 50), Optional),
    Field::row("costs.staff_hours", "Години роботи працівників", "Hours of staff", Whole, Optional),
    Field::row("costs.yearly_uah", "Утримання на рік, грн", "Upkeep a year, UAH", Whole, Optional),
    Field::row("results", "Результати в числах", "Results in numbers", Rows(reads::<Indicator>, 50), Complete),
    Field::text("results_text", "Результати", "Results", Required, (0, 5_000)),
    Field::row("change_types", "Що змінилося", "What changed", Terms(&v::CHANGE_TYPES, 5), Optional),
    Field::text("mistakes", "Труднощі та помилки", "Difficulties and mistakes", Complete, (0, 3_000)),
    Field::text("lessons", "Поради тим, хто повторюватиме", "Advice to those who repeat it", Complete, (0, 3_000)),
    Field::row("conditions.population_min", "Населення, від", "Population, from", Whole, Optional),
    Field::row("conditions.population_max", "Населення, до", "Population, to", Whole, Optional),
    Field::row("conditions.community_types", "Типи громад", "Types of community", Words(3), Optional),
    Field::row("conditions.budget_band", "Потрібні кошти", "Money needed", Term(&v::COST_BANDS), Complete),
    Field::row("conditions.staff", "Потрібні люди", "People needed", Line, Complete),
    Field::row("conditions.months_to_first_result", "Місяців до першого результату", "Months to the first result", Whole, Optional),
    Field::row("conditions.legal_prereq", "Правові передумови", "Legal prerequisites", Words(20), Optional),
    Field::row("conditions.tech_prereq", "Технічні передумови", "Technical prerequisites", Words(20), Optional),
    Field::row("conditions.not_suitable_if", "Кому не підійде", "Not suitable if", Line, Optional),
    Field::row("contact.role", "До кого звернутися (посада)", "Whom to ask (post)", Line, Required),
    Field::row("contact.unit", "Підрозділ", "Department", Line, Optional),
    Field::row("contact.phone", "Службовий телефон", "Office telephone", Line, Optional),
    Field::row("contact.email", "Службова пошта", "Office e-mail", Line, Optional),
    Field::row("contact.hours", "Години роботи", "Hours", Line, Optional),
    Field::row("contact.consent_given_on", "Дата згоди", "Date of consent", Date, Optional),
    Field::row("adopted_from", "Звідки взято", "Adopted from", Line, Optional),
    Field::row("component_of", "Частина практики", "Part of", Line, Optional),
    Field::row("duplicate_of", "Повторює запис", "Duplicate of", Line, Optional),
    Field::row("related", "Пов’язані практики", "Related practices", Words(20), Optional),
    Field::row("contributors", "Хто допоміг текстом", "Contributors", Words(50), Optional),
    Field::row("keywords", "Ключові слова", "Keywords", Words(10), Optional),
    Field::row("lang", "Мова", "Language", Line, Optional),
    Field::row("licence", "Ліцензія", "Licence", Line, Optional),
    Field::row("provenance", "Джерело", "Source", Object(reads::<Provenance>), Optional),
];
