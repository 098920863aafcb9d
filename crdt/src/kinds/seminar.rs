//! A seminar of equals, and a community's registration for it. Who comes by name stays on the host's
//! computer: a registration says how many people of which post, and a summary of feedback has no
//! cell under [`FEEDBACK_MIN`].

use serde::{Deserialize, Serialize};

use super::{Form, Outline, ids};
use crate::check::{FieldError, in_words, is_after};
use crate::field::{Field, Need, Shape, reads};
use crate::gate::DocumentKind;
use crate::practice::Contact;
use crate::vocabulary as v;

/// The least number of people that a published count may tell of: fewer could be recognised.
pub const FEEDBACK_MIN: u32 = 5;

/// One item of the programme.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(default, deny_unknown_fields)]
pub struct Session {
    /// The day, `YYYY-MM-DD`; empty for the first day.
    pub date: String,
    /// When it begins by Kyiv time, `HH:MM`.
    pub time: String,
    /// How long it takes.
    pub minutes: Option<u32>,
    /// What it is about.
    pub title: String,
    /// Who speaks, by post.
    pub speaker: String,
    /// The practice that is shown, 32 hexadecimal digits.
    pub practice: String,
}

/// Something to take home.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(default, deny_unknown_fields)]
pub struct Handout {
    /// What it is.
    pub title: String,
    /// Where it can be read.
    pub url: String,
}

/// One line of the summary of feedback.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(default, deny_unknown_fields)]
pub struct Feedback {
    /// What was asked.
    pub question: String,
    /// What was answered.
    pub answer: String,
    /// How many people answered so; none where it would be fewer than [`FEEDBACK_MIN`].
    pub people: Option<u32>,
}

/// Where it takes place.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(default, deny_unknown_fields)]
pub struct Venue {
    /// The KATOTTG code of the community.
    pub community: Option<String>,
    /// The address.
    pub address: String,
    /// Where to join from afar.
    pub url: String,
}

/// A seminar as a person writes and reads it.
#[derive(Clone, PartialEq, Debug, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(default, deny_unknown_fields)]
pub struct Seminar {
    /// What it is called.
    pub title: String,
    /// 1 to 6 in the series of the project.
    pub number: Option<u64>,
    /// The part of the country.
    pub region: Option<String>,
    /// In person, online or both.
    pub mode: Option<String>,
    /// The first day.
    pub starts: Option<String>,
    /// The last day.
    pub ends: Option<String>,
    /// Where.
    pub venue: Venue,
    /// Up to three sectors.
    pub sectors: Vec<String>,
    /// Up to three themes.
    pub themes: Vec<String>,
    /// What it is for and for whom.
    pub about: String,
    /// The programme.
    pub programme: Vec<Session>,
    /// How many people there is room for.
    pub seats: Option<u64>,
    /// Whether one can register.
    pub registration: Option<String>,
    /// Until when.
    pub register_by: Option<String>,
    /// What to take home.
    pub materials: Vec<Handout>,
    /// What the participants said.
    pub feedback: Vec<Feedback>,
    /// What came of it.
    pub outcome: String,
    /// Whom to ask.
    pub contact: Contact,
}

/// How many people of one post a community sends.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(default, deny_unknown_fields)]
pub struct Party {
    /// The post.
    pub role: String,
    /// How many.
    pub people: Option<u32>,
}

/// A community's registration for a seminar.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(default, deny_unknown_fields)]
pub struct Registration {
    /// The seminar, 32 hexadecimal digits.
    pub about: String,
    /// Who holds it, 64 hexadecimal digits. Filled in by the node.
    pub about_owner: String,
    /// The seminar's name.
    pub title: String,
    /// Who comes, by post and number; no names.
    pub parties: Vec<Party>,
    /// What they want to bring or to hear.
    pub note: String,
}

impl Registration {
    /// How many people come in all.
    #[must_use]
    pub fn people(&self) -> u64 {
        self.parties.iter().map(|party| u64::from(party.people.unwrap_or_default())).sum()
    }
}

use Need::{Complete, Optional, Required};
use Shape::{Date, Line, Rows, Term, Terms, Whole};

/// The fields of a seminar. `about` here is what it is about, not another document.
#[rustfmt::skip]
pub static SEMINAR: &[Field] = &[
    Field::line("title", "Назва", "Title", Required, (0, 120), 300),
    Field::row("number", "Номер у циклі", "Number in the series", Whole, Optional),
    Field::row("region", "Регіон", "Region", Term(&v::REGIONS), Required),
    Field::row("mode", "Формат", "Mode", Term(&v::PARTICIPATION_CHANNELS), Required),
    Field::row("starts", "Перший день", "First day", Date, Required),
    Field::row("ends", "Останній день", "Last day", Date, Optional),
    Field::row("venue.community", "Громада, де відбудеться", "Community where it takes place", Line, Complete),
    Field::row("venue.address", "Адреса", "Address", Line, Complete),
    Field::row("venue.url", "Посилання для онлайн-участі", "Link to join from afar", Line, Optional),
    Field::row("sectors", "Галузь", "Sector", Terms(&v::SECTORS, 6), Required),
    Field::row("themes", "Наскрізна тема", "Cross-cutting theme", Terms(&v::THEMES, 3), Optional),
    Field::text("about", "Для кого і про що", "For whom and what about", Required, (0, 3_000)),
    Field::row("programme", "Програма", "Programme", Rows(reads::<Session>, 100), Complete),
    Field::row("seats", "Скільки місць", "Seats", Whole, Complete),
    Field::row("registration", "Реєстрація", "Registration", Term(&v::REGISTRATION_STATES), Required),
    Field::row("register_by", "Реєстрація до", "Register by", Date, Complete),
    Field::row("materials", "Матеріали", "Materials", Rows(reads::<Handout>, 50), Optional),
    Field::row("feedback", "Підсумок відгуків", "Summary of feedback", Rows(reads::<Feedback>, 100), Optional),
    Field::text("outcome", "Що з цього вийшло", "What came of it", Optional, (0, 3_000)),
    Field::row("contact.role", "До кого звернутися (посада)", "Whom to ask (post)", Line, Required),
    Field::row("contact.unit", "Підрозділ", "Department", Line, Optional),
    Field::row("contact.phone", "Службовий телефон", "Office telephone", Line, Optional),
    Field::row("contact.email", "Службова пошта", "Office e-mail", Line, Optional),
    Field::row("contact.hours", "Години роботи", "Hours", Line, Optional),
    Field::row("contact.consent_given_on", "Дата згоди", "Date of consent", Date, Optional),
];

/// The fields of a registration.
#[rustfmt::skip]
pub static REGISTRATION: &[Field] = &[
    Field::line("about", "Семінар", "Seminar", Required, (0, 0), 32),
    Field::line("about_owner", "Хто проводить", "Who holds it", Optional, (0, 0), 64),
    Field::line("title", "Назва семінару", "Title of the seminar", Optional, (0, 0), 300),
    Field::row("parties", "Хто приїде (посада і скільки)", "Who comes (post and number)", Rows(reads::<Party>, 30), Required),
    Field { chars_max: 2_000, ..Field::text("note", "Що привеземо, що хочемо почути", "What we bring, what we want to hear", Optional, (0, 1_000)) },
];

/// Numbers that a seminar may have in its series: six are planned, staff may hold more.
const NUMBERS: std::ops::RangeInclusive<u64> = 1..=99;

/// Whether a text is a time of the day, `HH:MM`.
#[must_use]
pub fn is_time(text: &str) -> bool {
    let part = |part: &str, most: u32| {
        (1..=2).contains(&part.len())
            && part.bytes().all(|byte| byte.is_ascii_digit())
            && part.parse().is_ok_and(|number: u32| number <= most)
    };
    text.split_once(':').is_some_and(|(hour, minute)| part(hour, 23) && minute.len() == 2 && part(minute, 59))
}

impl Seminar {
    /// The last day; empty if no day is known.
    #[must_use]
    pub fn last_day(&self) -> &str {
        let given = |day: &'_ Option<String>| day.as_deref().is_some_and(|day| !day.is_empty());
        let day = if given(&self.ends) { &self.ends } else { &self.starts };
        day.as_deref().unwrap_or_default()
    }

    /// Why nobody can register any more on a day, if so.
    #[must_use]
    pub fn closed_on(&self, today: &str) -> Option<FieldError> {
        let until = self.register_by.as_deref().unwrap_or_default();
        let state = self.registration.as_deref().unwrap_or_default();
        let (uk, en) = if state == "cancelled" {
            (
                "Семінар скасовано: запитайте того, хто його проводить, чи буде інший".to_owned(),
                "The seminar is cancelled: ask whoever holds it whether there will be another".to_owned(),
            )
        } else if matches!(state, "closed" | "done") {
            (
                "Реєстрацію закрито: зверніться до того, хто проводить семінар".to_owned(),
                "Registration is closed: ask whoever holds the seminar".to_owned(),
            )
        } else if is_after(today, self.last_day()) {
            let last = in_words(self.last_day());
            (
                format!("Семінар уже відбувся ({last}): зареєструватися не можна"),
                format!("The seminar is over ({last}): nobody can register any more"),
            )
        } else if is_after(today, until) {
            let until = in_words(until);
            (
                format!("Реєстрація тривала до {until}: зверніться до того, хто проводить семінар"),
                format!("Registration was open until {until}: ask whoever holds the seminar"),
            )
        } else {
            return None;
        };
        Some(FieldError::new("parties", "closed", uk, en))
    }

    fn wrong_days(&self) -> Vec<FieldError> {
        let mut errors = Vec::new();
        let starts = self.starts.as_deref().unwrap_or_default();
        if let Some(ends) = self.ends.as_deref().filter(|ends| is_after(starts, ends)) {
            let (starts, ends) = (in_words(starts), in_words(ends));
            errors.push(FieldError::new(
                "ends",
                "before_start",
                format!("Останній день ({ends}) раніше за перший ({starts}): перевірте обидві дати"),
                format!("The last day ({ends}) is before the first ({starts}): check both dates"),
            ));
        } else if let Some(until) = self.register_by.as_deref().filter(|until| is_after(until, self.last_day())) {
            let (until, last) = (in_words(until), in_words(self.last_day()));
            errors.push(FieldError::new(
                "register_by",
                "after_end",
                format!("Реєстрація до {until}, а семінар закінчується {last}: вкажіть раніший день"),
                format!("Registration until {until}, but the seminar ends on {last}: give an earlier day"),
            ));
        }
        errors
    }

    fn wrong_programme(&self) -> Vec<FieldError> {
        let practices: Vec<String> = self.programme.iter().map(|session| session.practice.clone()).collect();
        let named: Vec<String> = practices.into_iter().filter(|practice| !practice.is_empty()).collect();
        let mut errors = super::wrong_ids("programme", &named);
        errors.extend(self.programme.iter().find_map(|session| super::wrong_day("programme", &session.date)));
        let time = self.programme.iter().map(|session| &session.time).find(|time| !time.is_empty() && !is_time(time));
        errors.extend(time.map(|time| {
            FieldError::new(
                "programme",
                "not_a_time",
                format!("«{time}» не час: потрібні години й хвилини, наприклад 10:30"),
                format!("“{time}” is not a time: give hours and minutes, like 10:30"),
            )
        }));
        errors
    }

    fn wrong_numbers(&self) -> Vec<FieldError> {
        let mut errors = Vec::new();
        if self.seats == Some(0) {
            errors.push(FieldError::new(
                "seats",
                "out_of_range",
                "Місць має бути хоча б одне; якщо їх не рахуєте, залиште порожнім".into(),
                "There must be at least one seat; leave it empty if they are not counted".into(),
            ));
        }
        if let Some(number) = self.number.filter(|number| !NUMBERS.contains(number)) {
            let (least, most) = (NUMBERS.start(), NUMBERS.end());
            errors.push(FieldError::new(
                "number",
                "out_of_range",
                format!("Номер {number} не підходить: потрібне число від {least} до {most}, або залиште порожнім"),
                format!("{number} is no number of a seminar: give one from {least} to {most}, or leave it empty"),
            ));
        }
        errors
    }
}

impl Form for Seminar {
    const KIND: DocumentKind = DocumentKind::Seminar;
    const TABLE: &'static [Field] = SEMINAR;

    fn outline(&self) -> Outline {
        Outline {
            title: self.title.clone(),
            summary: self.about.clone(),
            state: self.registration.clone().unwrap_or_default(),
            day: self.starts.clone().unwrap_or_default(),
            sectors: self.sectors.clone(),
            themes: self.themes.clone(),
            place: self.venue.community.clone(),
            mentions: ids(self.programme.iter().map(|session| &session.practice)),
            ..Outline::default()
        }
    }

    fn further(&self) -> Vec<FieldError> {
        let mut errors: Vec<FieldError> = self
            .venue
            .community
            .as_deref()
            .and_then(|code| crate::check::code_error("venue.community", code))
            .into_iter()
            .collect();
        errors.extend(crate::check::contact(&self.contact));
        errors.extend(crate::check::site("venue.url", &self.venue.url));
        errors.extend(self.wrong_days());
        errors.extend(self.wrong_programme());
        errors.extend(self.wrong_numbers());
        if self.feedback.iter().any(|line| line.people.is_some_and(|people| people < FEEDBACK_MIN)) {
            errors.push(FieldError::new(
                "feedback",
                "too_few",
                format!("Не показуйте відповідей, які дали менше ніж {FEEDBACK_MIN} людей: їх можна впізнати. Залиште число порожнім"),
                format!("Do not show answers of fewer than {FEEDBACK_MIN} people: they could be recognised. Leave the number empty"),
            ));
        }
        errors
    }
}

impl Form for Registration {
    const KIND: DocumentKind = DocumentKind::Registration;
    const TABLE: &'static [Field] = REGISTRATION;

    fn outline(&self) -> Outline {
        Outline {
            title: self.title.clone(),
            summary: self.note.clone(),
            state: self.people().to_string(),
            about: self.about.parse().ok(),
            about_owner: self.about_owner.parse().ok(),
            ..Outline::default()
        }
    }

    fn further(&self) -> Vec<FieldError> {
        let mut errors = super::wrong_target(&self.about);
        if !self.parties.is_empty() && self.people() == 0 {
            errors.push(FieldError::new(
                "parties",
                "required",
                "Напишіть, скільки людей приїде".into(),
                "Write how many people come".into(),
            ));
        }
        errors
    }
}
