//! A request or an offer (запит, пропозиція): what a community looks for, or has to give, in which
//! form, how far away and until when. Answers are [`super::comment::Comment`]s about it.

use serde::{Deserialize, Serialize};

use super::{Form, Outline, ids};
use crate::check::{self, FieldError};
use crate::field::{Field, Need, Shape};
use crate::gate::DocumentKind;
use crate::practice::Contact;
use crate::vocabulary as v;

/// Days that a request or an offer stands if nobody says otherwise (the project's domain page).
pub const DEFAULT_DAYS: u32 = 90;

/// A request or an offer as a person writes and reads it.
#[derive(Clone, PartialEq, Debug, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(default, deny_unknown_fields)]
pub struct Exchange {
    /// `request` or `offer`.
    pub direction: Option<String>,
    /// In a line.
    pub title: String,
    /// What is looked for or given.
    pub what: String,
    /// Up to three sectors.
    pub sectors: Vec<String>,
    /// Up to three themes.
    pub themes: Vec<String>,
    /// Up to five instruments.
    pub mechanisms: Vec<String>,
    /// The forms of help that are meant.
    pub formats: Vec<String>,
    /// How far away a partner may be.
    pub radius: Option<String>,
    /// By when help is needed.
    pub by_date: Option<String>,
    /// Until when it stands.
    pub expires_on: Option<String>,
    /// How far it has come.
    pub state: Option<String>,
    /// The practices that it is about, 32 hexadecimal digits each.
    pub practices: Vec<String>,
    /// The community that helped: a KATOTTG code.
    pub partner: Option<String>,
    /// The adoption that came of it, 32 hexadecimal digits.
    pub adoption: Option<String>,
    /// What came of it, in words.
    pub outcome: String,
    /// Whom to ask.
    pub contact: Contact,
}

impl Exchange {
    /// What an exchange that still stands promises for days that are over. Only whoever publishes asks, for
    /// the gates of other nodes have clocks of their own, and an old one has to stay readable.
    #[must_use]
    pub fn overdue(&self, today: &str) -> Vec<FieldError> {
        if !matches!(self.state.as_deref().unwrap_or_default(), "" | "open") {
            return Vec::new();
        }
        let days = [("expires_on", &self.expires_on), ("by_date", &self.by_date)];
        let over = |day: &&str| check::is_after(today, day);
        let overdue = days.into_iter().filter_map(|(field, day)| Some((field, day.as_deref().filter(over)?)));
        overdue
            .map(|(field, day)| {
                let day = check::in_words(day);
                FieldError::new(
                    field,
                    "in_past",
                    format!("День {day} уже минув: вкажіть пізніший або змініть «Стан», якщо запит уже не чинний"),
                    format!("{day} is over: give a later day, or change the state if this no longer stands"),
                )
            })
            .collect()
    }
}

/// The state of an exchange on a day: an open one whose last day is over has expired.
#[must_use]
pub fn state_on<'a>(state: &'a str, expires_on: &str, today: &str) -> &'a str {
    // A month or a year stands until its end, which sorts after all its days.
    let over = !expires_on.is_empty() && expires_on < today && !today.starts_with(expires_on);
    match state {
        "" | "open" if over => "expired",
        "" => "open",
        other => other,
    }
}

use Need::{Complete, Optional, Required};
use Shape::{Date, Line, Term, Terms, Words};

/// The fields of a request or an offer.
#[rustfmt::skip]
pub static EXCHANGE: &[Field] = &[
    Field::row("direction", "Запит чи пропозиція", "Request or offer", Term(&v::EXCHANGE_DIRECTIONS), Required),
    Field::line("title", "Одним рядком", "In a line", Required, (0, 120), 300),
    Field { chars_max: 3_000, ..Field::text("what", "Що саме", "What exactly", Required, (0, 1_000)) },
    Field::row("sectors", "Галузь", "Sector", Terms(&v::SECTORS, 3), Required),
    Field::row("themes", "Наскрізна тема", "Cross-cutting theme", Terms(&v::THEMES, 3), Optional),
    Field::row("mechanisms", "Інструмент участі", "Instrument of participation", Terms(&v::MECHANISMS, 5), Optional),
    Field::row("formats", "У якій формі", "In what form", Terms(&v::FORMATS, 7), Complete),
    Field::row("radius", "Як далеко", "How far away", Term(&v::RADII), Complete),
    Field::row("by_date", "До якого дня потрібно", "Needed by", Date, Optional),
    Field::row("expires_on", "Чинний до", "Stands until", Date, Complete),
    Field::row("state", "Стан", "State", Term(&v::EXCHANGE_STATES), Optional),
    Field::row("practices", "Практики, про які йдеться", "Practices that it is about", Words(20), Optional),
    Field::row("partner", "Хто допоміг", "Who helped", Line, Optional),
    Field::row("adoption", "Впровадження", "Adoption", Line, Optional),
    Field::text("outcome", "Що з цього вийшло", "What came of it", Optional, (0, 1_000)),
    Field::row("contact.role", "До кого звернутися (посада)", "Whom to ask (post)", Line, Complete),
    Field::row("contact.unit", "Підрозділ", "Department", Line, Optional),
    Field::row("contact.phone", "Службовий телефон", "Office telephone", Line, Optional),
    Field::row("contact.email", "Службова пошта", "Office e-mail", Line, Optional),
    Field::row("contact.hours", "Години роботи", "Hours", Line, Optional),
    Field::row("contact.consent_given_on", "Дата згоди", "Date of consent", Date, Optional),
];

impl Form for Exchange {
    const KIND: DocumentKind = DocumentKind::Exchange;
    const TABLE: &'static [Field] = EXCHANGE;

    fn outline(&self) -> Outline {
        let direction = self.direction.as_deref().unwrap_or("request");
        let state = self.state.as_deref().unwrap_or("open");
        Outline {
            title: self.title.clone(),
            summary: self.what.clone(),
            state: format!("{direction}_{state}"),
            day: self.expires_on.clone().unwrap_or_default(),
            sectors: self.sectors.clone(),
            themes: self.themes.clone(),
            mechanisms: self.mechanisms.clone(),
            mentions: ids(self.practices.iter().chain(&self.adoption)),
            ..Outline::default()
        }
    }

    fn further(&self) -> Vec<FieldError> {
        let mut errors: Vec<FieldError> = super::wrong_ids("practices", &self.practices);
        errors.extend(super::wrong_ids("adoption", self.adoption.as_slice()));
        errors.extend(check::contact(&self.contact));
        errors
    }
}
