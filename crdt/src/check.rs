//! What is wrong with what somebody filled in: field by field, in both languages, with what to do.

mod contacts;
mod registered;
mod sense;

use serde::Serialize;
use serde_json::Value;

use crate::codifier;
use crate::field::{Field, Need, Shape, is_empty};
use crate::practice::{PRACTICE, Practice};
use crate::profile::{PROFILE, Profile};
use crate::vocabulary::Vocabulary;

pub(crate) use contacts::{contact, site};
pub(crate) use registered::isbn;
pub(crate) use sense::language;

/// How much is asked for.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Strictness {
    /// A form: every field that the table requires, and all of it has to make sense together.
    Publish,
    /// A change of what stands already: it may still be incomplete, but what it says has to make sense.
    Edit,
    /// Material from elsewhere: a title and one text; the rest counts towards completeness.
    Import,
}

/// What is wrong with one field.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct FieldError {
    /// The field's key, the same as in the typed value.
    pub field: String,
    /// A short name of the problem that programs can rely on.
    pub code: &'static str,
    /// What happened and what to do, in Ukrainian.
    pub uk: String,
    /// The same in English.
    pub en: String,
}

impl FieldError {
    /// An error beside `field`.
    #[must_use]
    pub fn new(field: &str, code: &'static str, uk: String, en: String) -> Self {
        Self { field: field.to_owned(), code, uk, en }
    }
}

/// Checks a practice.
#[must_use]
pub fn practice(practice: &Practice, strictness: Strictness) -> Vec<FieldError> {
    let whole = serde_json::to_value(practice).expect("a practice has only texts and numbers");
    let mut errors = table(PRACTICE, &whole, strictness);
    errors.extend(practice.community.as_deref().and_then(|code| code_error("community", code)));
    let has_text = [&practice.summary, &practice.problem, &practice.solution, &practice.results_text]
        .iter()
        .any(|text| !text.trim().is_empty());
    if strictness != Strictness::Import {
        errors.extend(sense::practice(practice));
    }
    if strictness != Strictness::Publish {
        if practice.title.trim().is_empty() {
            errors.push(required(&PRACTICE[0]));
        }
        if !has_text {
            errors.push(FieldError::new(
                "solution",
                "required",
                "Потрібен хоча б один текст: що зробили, проблема, результати або коротко".into(),
                "At least one text is needed: what was done, the problem, the results or the summary".into(),
            ));
        }
    }
    errors
}

/// Checks a profile. Nothing in it is required.
#[must_use]
pub fn profile(profile: &Profile) -> Vec<FieldError> {
    let whole = serde_json::to_value(profile).expect("a profile has only texts and numbers");
    let mut errors = table(PROFILE, &whole, Strictness::Import);
    errors.extend(sense::profile(profile));
    errors
}

/// What is wrong with a KATOTTG code, if anything.
#[must_use]
pub fn code_error(field: &str, code: &str) -> Option<FieldError> {
    codifier::parse(code).err().map(|_| {
        FieldError::new(
            field,
            "unknown_code",
            format!(
                "Коду «{code}» немає в Кодифікаторі: потрібен код громади з 19 знаків, наприклад UA26040190000081578"
            ),
            format!(
                "The codifier has no code “{code}”: give a community's code of 19 characters, like UA26040190000081578"
            ),
        )
    })
}

pub(crate) fn table(fields: &[Field], whole: &Value, strictness: Strictness) -> Vec<FieldError> {
    fields
        .iter()
        .filter_map(|field| {
            let value = field.value(whole);
            if is_empty(value) {
                let missing = strictness == Strictness::Publish && field.need == Need::Required;
                return missing.then(|| required(field));
            }
            wrong(field, value, strictness)
        })
        .collect()
}

fn required(field: &Field) -> FieldError {
    FieldError::new(
        field.key,
        "required",
        format!("Заповніть поле «{}»", field.uk),
        format!("Fill in the field “{}”", field.en),
    )
}

fn wrong(field: &Field, value: &Value, strictness: Strictness) -> Option<FieldError> {
    match (field.shape, value) {
        (Shape::Line | Shape::Prose, Value::String(text)) => length(field, text, strictness),
        (Shape::Date, Value::String(text)) => (!is_date(text)).then(|| not_a_date(field.key, text)),
        (Shape::Term(vocabulary), Value::String(key)) => unknown_term(field, vocabulary, key),
        (Shape::Terms(vocabulary, most), Value::Array(keys)) => too_many(field, keys.len(), most)
            .or_else(|| keys.iter().find_map(|key| unknown_term(field, vocabulary, key.as_str().unwrap_or_default()))),
        (Shape::Words(most), Value::Array(words)) => too_many(field, words.len(), most)
            .or_else(|| words.iter().find_map(|word| length(field, word.as_str().unwrap_or_default(), strictness))),
        (Shape::Rows(_, most), Value::Array(rows)) => {
            too_many(field, rows.len(), most).or_else(|| rows.iter().find_map(|row| long_row(field, row)))
        }
        (Shape::Object(_), object) => long_row(field, object),
        _ => None,
    }
}

/// Checks the lengths inside a row: every text of it is bounded as one line of the field.
fn long_row(field: &Field, row: &Value) -> Option<FieldError> {
    match row {
        Value::String(text) => over(field, text.chars().count()),
        Value::Array(items) => {
            too_many(field, items.len(), 50).or_else(|| items.iter().find_map(|item| long_row(field, item)))
        }
        Value::Object(entries) => entries.values().find_map(|value| long_row(field, value)),
        _ => None,
    }
}

fn length(field: &Field, text: &str, strictness: Strictness) -> Option<FieldError> {
    let chars = text.chars().count();
    let least = field.advice.0;
    if strictness == Strictness::Publish && field.need == Need::Required && chars < least {
        return Some(FieldError::new(
            field.key,
            "too_short",
            format!("Замало знаків: {chars}, потрібно щонайменше {least}"),
            format!("Too short: {chars} characters, at least {least} are needed"),
        ));
    }
    let over_paragraph = text.lines().any(|line| line.len() > crate::limits::SCALAR_BYTES_MAX);
    if over_paragraph {
        return Some(FieldError::new(
            field.key,
            "long_paragraph",
            "Один абзац задовгий: поділіть його на кілька".into(),
            "One paragraph is too long: split it into several".into(),
        ));
    }
    over(field, chars)
}

fn over(field: &Field, chars: usize) -> Option<FieldError> {
    let most = field.chars_max;
    (chars > most).then(|| {
        FieldError::new(
            field.key,
            "too_long",
            format!("Забагато знаків: {chars}, можна щонайбільше {most}"),
            format!("Too long: {chars} characters, at most {most} are taken"),
        )
    })
}

fn too_many(field: &Field, count: usize, most: usize) -> Option<FieldError> {
    (count > most).then(|| {
        FieldError::new(
            field.key,
            "too_many",
            format!("Забагато значень: {count}, можна щонайбільше {most}"),
            format!("Too many values: {count}, at most {most} are taken"),
        )
    })
}

fn unknown_term(field: &Field, vocabulary: &Vocabulary, key: &str) -> Option<FieldError> {
    (!vocabulary.contains(key)).then(|| {
        let known: Vec<&str> = vocabulary.terms.iter().map(|term| term.key).collect();
        let known = known.join(", ");
        FieldError::new(
            field.key,
            "unknown_term",
            format!("«{key}» немає в переліку «{}». Можна: {known}", vocabulary.uk),
            format!("“{key}” is not in the list “{}”. Known: {known}", vocabulary.en),
        )
    })
}

pub(crate) fn not_a_date(field: &str, text: &str) -> FieldError {
    FieldError::new(
        field,
        "not_a_date",
        format!(
            "«{}» не дата: потрібен рік, місяць або день, наприклад 2024, 05.2024 чи 31.05.2024 (програмам: 2024-05-31)",
            in_words(text)
        ),
        format!(
            "“{}” is not a date: give a year, a month or a day, like 2024, 05.2024 or 31.05.2024 (programs: 2024-05-31)",
            in_words(text)
        ),
    )
}

/// What is wrong with a text that has to read as something, in both languages; nothing typed is no error.
fn misread(
    field: &str,
    code: &'static str,
    text: &str,
    reads: impl FnOnce(&str) -> bool,
    said: impl FnOnce(&str) -> (String, String),
) -> Option<FieldError> {
    let text = text.trim();
    if text.is_empty() || reads(text) {
        return None;
    }
    let (uk, en) = said(text);
    Some(FieldError::new(field, code, uk, en))
}

/// What is wrong with an address of the web, if it has a scheme that no page is read by: `javascript:`,
/// `data:`, `file:`. People leave the scheme out; that is no error.
pub(crate) fn not_a_link(field: &str, text: &str) -> Option<FieldError> {
    let has_letters = |scheme: &str| scheme.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'+' | b'-'));
    let is_read = |text: &str| match text.split_once(':').filter(|(start, _)| !start.is_empty() && has_letters(start)) {
        Some((scheme, _)) => ["http", "https"].iter().any(|known| scheme.eq_ignore_ascii_case(known)),
        None => true,
    };
    misread(field, "not_a_link", text, is_read, |text| {
        (
            format!("«{text}» не веде на сторінку: посилання має починатися з https:// або http://"),
            format!("“{text}” leads to no page: a link begins with https:// or http://"),
        )
    })
}

/// Whether a day is after another. A month or a year lasts until its end and so is after none of its
/// own days; what is no date comes neither before nor after anything.
pub(crate) fn is_after(day: &str, other: &str) -> bool {
    is_date(other) && day > other && !day.starts_with(other)
}

/// A date as people write it, where it has the parts of one.
#[must_use]
pub fn in_words(text: &str) -> String {
    let parts: Vec<&str> = text.trim().split('-').collect();
    let digits = parts.iter().all(|part| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit()));
    if digits && parts.len() > 1 { parts.into_iter().rev().collect::<Vec<_>>().join(".") } else { text.to_owned() }
}

/// Days of a month of the Gregorian calendar.
fn days_of(year: u32, month: u32) -> u32 {
    match month {
        2 if year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400)) => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

/// A year, a month or a day of the years 1900 to 2199.
pub(crate) fn is_date(text: &str) -> bool {
    let parts: Vec<&str> = text.trim().split('-').collect();
    let number = |part: &str, len: usize, range: std::ops::RangeInclusive<u32>| {
        part.len() == len && part.bytes().all(|b| b.is_ascii_digit()) && part.parse().is_ok_and(|n| range.contains(&n))
    };
    let ok = |(place, part): (usize, &&str)| match place {
        0 => number(part, 4, 1900..=2199),
        1 => number(part, 2, 1..=12),
        2 => {
            let read = |at: usize| parts.get(at).and_then(|part: &&str| part.parse().ok()).unwrap_or_default();
            number(part, 2, 1..=days_of(read(0), read(1)))
        }
        _ => false,
    };
    parts.iter().enumerate().all(ok)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_import_needs_a_title_and_one_text() {
        let mut bare = Practice { title: "Толока".into(), ..Practice::default() };
        assert_eq!(practice(&bare, Strictness::Import).len(), 1);
        bare.solution = "Прибрали парк".into();
        assert_eq!(practice(&bare, Strictness::Import), []);
        assert!(practice(&bare, Strictness::Publish).len() > 5, "a form asks for more");
    }

    #[test]
    fn every_wrong_field_is_named() {
        let wrong = Practice {
            title: "т".repeat(301),
            solution: "Прибрали".into(),
            sectors: vec!["space".into()],
            started: Some("вчора".into()),
            community: Some("UA00000000000000000".into()),
            ..Practice::default()
        };
        let codes: Vec<_> = practice(&wrong, Strictness::Import).into_iter().map(|e| (e.field, e.code)).collect();
        let expected = [
            ("title", "too_long"),
            ("sectors", "unknown_term"),
            ("started", "not_a_date"),
            ("community", "unknown_code"),
        ];
        assert_eq!(codes, expected.map(|(field, code)| (field.to_owned(), code)));
    }

    #[test]
    fn a_document_that_nobody_can_look_up_is_named_and_proves_nothing() {
        use crate::practice::{LegalDocument, Vouched};
        let with = |date: &str, url: &str| Practice {
            title: "Толока".into(),
            solution: "Прибрали".into(),
            legal_docs: vec![LegalDocument {
                number: "214".into(),
                date: date.into(),
                url: url.into(),
                ..LegalDocument::default()
            }],
            ..Practice::default()
        };
        for (date, url, code) in [
            ("2024-02-31", "", Some("not_a_date")),
            ("", "javascript:alert(1)", Some("not_a_link")),
            ("", " data:text/html,1", Some("not_a_link")),
            ("2024-02-29", "https://rada.gov.ua/214", None),
            ("2024", "rada.gov.ua/214", None),
            ("", "rada.gov.ua:8080/214", None),
        ] {
            let codes: Vec<_> = practice(&with(date, url), Strictness::Edit).iter().map(|e| e.code).collect();
            assert_eq!(codes, Vec::from_iter(code), "{date} {url}");
            let evidence = if code.is_some() { "claimed" } else { "documented" };
            assert_eq!(with(date, url).evidence(Vouched::ByNobody), evidence, "{date} {url}");
        }
    }

    #[test]
    fn dates_are_years_months_or_days() {
        assert!(["2024", "2024-05", "2024-05-31"].iter().all(|date| is_date(date)));
        assert!(["2024-02-29", "2000-02-29", "2023-12-31"].iter().all(|date| is_date(date)));
        assert!(!["2024-02-30", "2023-02-29", "1900-02-29", "2024-04-31"].iter().any(|date| is_date(date)));
        assert!(not_a_date("started", "2024-13-45").uk.contains("«45.13.2024»"), "as it was typed");
        assert!(!["24", "2024-13", "2024-5", "2024-05-31-01", ""].iter().any(|date| is_date(date)));
    }
}
