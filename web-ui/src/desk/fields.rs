//! Fields of a document as controls of a form, and back: by the tables of the kinds alone.
//!
//! A form is a list of names and values as somebody typed them, so that nothing typed is ever lost,
//! whether it can be understood or not.

use crdt::check::FieldError;
use crdt::codifier::{self, HromadaKind};
use crdt::field::{Field, Need, Shape};
use serde_json::{Map, Number, Value};

use crate::desk::examples::example;
use crate::desk::words as w;
use crate::format;
use crate::language::Language;
use crate::pages::columns::{Column, Kind, columns, kind};
use crate::pages::fields::label;
use crate::pages::frame::Visitor;

/// What somebody typed.
pub(crate) type Pairs = Vec<(String, String)>;

/// One choice.
pub(crate) struct Choice {
    pub(crate) key: String,
    pub(crate) label: String,
    pub(crate) chosen: bool,
}

/// A control of a form.
#[derive(Default)]
pub(crate) struct Input {
    /// Its name in the form.
    pub(crate) name: String,
    /// Its id on the page.
    pub(crate) id: String,
    pub(crate) label: &'static str,
    /// What the field counts for.
    pub(crate) need: &'static str,
    pub(crate) help: String,
    /// `line`, `prose`, `lines`, `one`, `many` or `rows`.
    pub(crate) shape: &'static str,
    /// The type of an input.
    pub(crate) kind: &'static str,
    pub(crate) value: String,
    /// How many characters are advised at the most; 0 for no advice.
    pub(crate) advised: usize,
    /// How many there are, in words.
    pub(crate) counter: String,
    pub(crate) choices: Vec<Choice>,
    pub(crate) rows: Vec<Vec<Input>>,
    pub(crate) error: Option<String>,
}

impl Input {
    /// The ids of what describes the control.
    pub(crate) fn described(&self) -> String {
        let parts = [
            (!self.help.is_empty()).then(|| format!("{}-help", self.id)),
            self.error.is_some().then(|| format!("{}-error", self.id)),
            (!self.counter.is_empty()).then(|| format!("{}-counter", self.id)),
        ];
        parts.into_iter().flatten().collect::<Vec<_>>().join(" ")
    }

    /// Whether anything was filled in.
    fn is_filled(&self) -> bool {
        !self.value.trim().is_empty()
            || self.choices.iter().any(|choice| choice.chosen && !choice.key.is_empty())
            || self.rows.iter().flatten().any(Self::is_filled)
    }
}

/// A part of a form.
pub(crate) struct Section {
    pub(crate) id: &'static str,
    pub(crate) heading: &'static str,
    pub(crate) inputs: Vec<Input>,
    /// What is welcome and not asked for.
    pub(crate) more: Vec<Input>,
    pub(crate) open: bool,
}

/// The controls of the fields with these keys.
pub(crate) fn section(
    v: &Visitor,
    table: &'static [Field],
    (id, heading, keys): (&'static str, &'static str, &[&str]),
    pairs: &Pairs,
    errors: &[FieldError],
) -> Section {
    let fields = keys.iter().filter_map(|key| table.iter().find(|field| field.key == *key));
    let inputs = fields.map(|field| (field.need, input(v, field, pairs, errors)));
    let (more, inputs): (Vec<_>, Vec<_>) = inputs.partition(|(need, _)| *need == Need::Optional);
    let plain = |inputs: Vec<(Need, Input)>| inputs.into_iter().map(|(_, input)| input).collect::<Vec<_>>();
    let (inputs, more) = (plain(inputs), plain(more));
    // Where nothing is asked for, there is nothing to fold away.
    let (inputs, more) = if inputs.is_empty() { (more, Vec::new()) } else { (inputs, more) };
    let open = more.iter().any(|input| input.is_filled() || input.error.is_some());
    Section { id, heading, inputs, more, open }
}

fn get<'a>(pairs: &'a Pairs, name: &str) -> &'a str {
    pairs.iter().find(|(known, _)| known == name).map_or("", |(_, value)| value)
}

fn all<'a>(pairs: &'a Pairs, name: &str) -> Vec<&'a str> {
    pairs.iter().filter(|(known, value)| known == name && !value.is_empty()).map(|(_, value)| value.as_str()).collect()
}

fn input(v: &Visitor, field: &'static Field, pairs: &Pairs, errors: &[FieldError]) -> Input {
    let error = errors.iter().find(|error| error.field == field.key);
    let mut input = Input {
        name: field.key.to_owned(),
        id: format!("f-{}", field.key.replace('.', "-")),
        label: label(v.language, field),
        need: match field.need {
            Need::Required => v.say(w::REQUIRED),
            Need::Complete => v.say(w::WANTED),
            Need::Optional => "",
        },
        help: example(field.key).map(|phrase| v.say(phrase).to_owned()).unwrap_or_default(),
        value: get(pairs, field.key).to_owned(),
        kind: "text",
        error: error.map(|error| v.language.pick(&error.uk, &error.en).clone()),
        ..Input::default()
    };
    match field.shape {
        Shape::Prose => input.shape = "prose",
        Shape::Term(vocabulary) => {
            input.shape = "one";
            input.choices = terms(v.language, vocabulary, &[get(pairs, field.key)]);
        }
        Shape::Terms(vocabulary, most) => {
            input.shape = "many";
            input.choices = terms(v.language, vocabulary, &all(pairs, field.key));
            input.help = format!("{} {most}. {}", v.say(w::AT_MOST), input.help);
        }
        Shape::Words(_) if field.key == "conditions.community_types" => {
            let chosen = all(pairs, field.key);
            input.shape = "many";
            input.choices = HromadaKind::ALL
                .into_iter()
                .map(|kind| Choice {
                    key: kind.key().into(),
                    label: v.language.pick(kind.uk(), kind.en()).into(),
                    chosen: chosen.contains(&kind.key()),
                })
                .collect();
        }
        Shape::Words(_) => {
            input.shape = "lines";
            input.help = format!("{} {}", v.say(w::ONE_A_LINE), input.help);
        }
        Shape::Rows(..) => {
            input.shape = "rows";
            let count = rows_of(pairs, field.key).last().map_or(0, |last| last + 1).max(1);
            input.rows = (0..count).map(|n| cells(v, field.key, &format!("{}.{n}", field.key), pairs)).collect();
        }
        Shape::Object(_) => {
            input.shape = "rows";
            input.rows = vec![cells(v, field.key, field.key, pairs)];
        }
        Shape::Line if field.advice.1 > 120 => input.shape = "prose",
        Shape::Line | Shape::Date | Shape::Whole => input.shape = "line",
    }
    if field.advice.1 > 0 {
        input.advised = field.advice.1;
        let count = input.value.chars().count();
        input.counter =
            format!("{} {} {}", format::number(count as u64), v.say(w::OF), format::number(field.advice.1 as u64));
    }
    input
}

/// The controls of a row, or of an object.
fn cells(v: &Visitor, field: &str, prefix: &str, pairs: &Pairs) -> Vec<Input> {
    if field == "location" {
        return [("lat", w::NORTH_DEGREES), ("lon", w::EAST_DEGREES)]
            .map(|(key, label)| line(format!("{prefix}.{key}"), v.say(label), pairs))
            .into();
    }
    columns(field).map(|column| cell(v, column, format!("{prefix}.{}", column.key), pairs)).collect()
}

fn line(name: String, label: &'static str, pairs: &Pairs) -> Input {
    let value = get(pairs, &name).to_owned();
    Input {
        id: format!("f-{}", name.replace('.', "-")),
        name,
        label,
        shape: "line",
        kind: "text",
        value,
        ..Input::default()
    }
}

fn cell(v: &Visitor, column: &Column, name: String, pairs: &Pairs) -> Input {
    let mut cell = line(name, v.say(column.label), pairs);
    match column.kind {
        Kind::Term(vocabulary) => {
            let many = is_list(column.key);
            cell.shape = if many { "many" } else { "one" };
            cell.choices = terms(v.language, vocabulary, &all(pairs, &cell.name));
        }
        Kind::YesNo => {
            cell.shape = "one";
            let value = get(pairs, &cell.name);
            let answers = [("true", crate::words::YES), ("false", crate::words::NO)];
            cell.choices = answers
                .map(|(key, label)| Choice { key: key.into(), label: v.say(label).into(), chosen: value == key })
                .into();
        }
        _ if is_list(column.key) => cell.shape = "lines",
        _ => {}
    }
    cell
}

/// Parts of rows that are lists.
fn is_list(key: &str) -> bool {
    matches!(key, "themes" | "formats" | "practice_ids")
}

fn terms(language: Language, vocabulary: &crdt::vocabulary::Vocabulary, chosen: &[&str]) -> Vec<Choice> {
    let term = |term: &crdt::vocabulary::Term| Choice {
        key: term.key.into(),
        label: language.pick(term.uk, term.en).into(),
        chosen: chosen.contains(&term.key),
    };
    vocabulary.terms.iter().map(term).collect()
}

/// Rows of one table at the most, whatever a form says: the tables' own bounds are lower.
const ROWS_MAX: usize = 200;

/// The numbers of the rows that a form has, ascending.
fn rows_of(pairs: &Pairs, key: &str) -> Vec<usize> {
    let number = |(name, _): &(String, String)| {
        let rest = name.strip_prefix(key)?.strip_prefix('.')?;
        rest.split_once('.')?.0.parse::<usize>().ok().filter(|n| *n < ROWS_MAX)
    };
    let mut rows: Vec<usize> = pairs.iter().filter_map(number).collect();
    rows.sort_unstable();
    rows.dedup();
    rows
}

/// Adds or removes a row, as a button of the form asks: `add:steps`, `remove:steps:2`.
pub(crate) fn change_rows(pairs: &mut Pairs, wanted: &str) {
    let parts: Vec<&str> = wanted.split(':').collect();
    match parts[..] {
        ["add", key] => {
            let next = rows_of(pairs, key).last().map_or(1, |last| last + 1);
            if next < ROWS_MAX {
                pairs.push((
                    format!("{key}.{next}.{}", columns(key).next().map_or("", |column| column.key)),
                    String::new(),
                ));
            }
        }
        ["remove", key, row] => {
            let Ok(row) = row.parse::<usize>() else { return };
            let old = std::mem::take(pairs);
            for (name, value) in old {
                let place = name
                    .strip_prefix(key)
                    .and_then(|rest| rest.strip_prefix('.'))
                    .and_then(|rest| rest.split_once('.'));
                match place.and_then(|(n, part)| Some((n.parse::<usize>().ok()?, part.to_owned()))) {
                    Some((n, _)) if n == row => {}
                    Some((n, part)) if n > row => pairs.push((format!("{key}.{}.{part}", n - 1), value)),
                    _ => pairs.push((name, value)),
                }
            }
        }
        _ => {}
    }
}

/// The typed value as JSON, and what cannot be understood.
pub(crate) fn read(table: &[Field], pairs: &Pairs) -> (Value, Vec<FieldError>) {
    let (mut whole, mut errors) = (Value::Object(Map::new()), Vec::new());
    for field in table {
        match value(field, pairs) {
            Ok(Value::Null) => {}
            Ok(value) => put(&mut whole, field.key, value),
            Err(error) => errors.push(error),
        }
    }
    (whole, errors)
}

fn value(field: &Field, pairs: &Pairs) -> Result<Value, FieldError> {
    let text = get(pairs, field.key).trim();
    Ok(match field.shape {
        _ if field.key == "community" => place(field, text)?,
        Shape::Terms(..) => strings(all(pairs, field.key)),
        Shape::Words(_) if field.key == "conditions.community_types" => strings(all(pairs, field.key)),
        Shape::Words(_) => strings(
            text.lines().flat_map(|line| line.split(';')).map(str::trim).filter(|word| !word.is_empty()).collect(),
        ),
        Shape::Whole if !text.is_empty() => {
            whole_number(text).map(Value::from).ok_or_else(|| not_a_number(field, text))?
        }
        Shape::Date if !text.is_empty() => Value::String(iso(text)),
        Shape::Rows(readable, _) => {
            let rows =
                rows_of(pairs, field.key).into_iter().map(|n| object(field.key, &format!("{}.{n}", field.key), pairs));
            let rows: Vec<Value> = rows.filter(|row| row.as_object().is_some_and(|row| !row.is_empty())).collect();
            if !rows.iter().all(readable) {
                return Err(not_a_number(field, ""));
            }
            if rows.is_empty() { Value::Null } else { Value::Array(rows) }
        }
        Shape::Object(readable) => {
            let object = object(field.key, field.key, pairs);
            match object.as_object().is_some_and(Map::is_empty) {
                true => Value::Null,
                false if readable(&object) => object,
                false => return Err(not_a_number(field, "")),
            }
        }
        _ if text.is_empty() => Value::Null,
        _ => Value::String(get(pairs, field.key).trim().to_owned()),
    })
}

fn strings(words: Vec<&str>) -> Value {
    if words.is_empty() { Value::Null } else { words.into_iter().map(|word| Value::String(word.into())).collect() }
}

fn object(field: &str, prefix: &str, pairs: &Pairs) -> Value {
    let mut row = Map::new();
    if field == "location" {
        for key in ["lat", "lon"] {
            let text = get(pairs, &format!("{prefix}.{key}")).trim();
            if !text.is_empty() {
                row.insert(key.into(), number(text).unwrap_or_else(|| Value::String(text.into())));
            }
        }
        return Value::Object(row);
    }
    for column in columns(field) {
        let name = format!("{prefix}.{}", column.key);
        let text = get(pairs, &name).trim();
        let value = match column.kind {
            Kind::Term(_) if is_list(column.key) => strings(all(pairs, &name)),
            _ if is_list(column.key) => strings(text.split_whitespace().collect()),
            _ if text.is_empty() => Value::Null,
            Kind::Number | Kind::Money | Kind::Year => number(text).unwrap_or_else(|| Value::String(text.into())),
            Kind::YesNo => Value::Bool(text == "true"),
            Kind::Date => Value::String(iso(text)),
            Kind::Place => Value::String(code_in(text).unwrap_or(text).to_owned()),
            _ => Value::String(text.to_owned()),
        };
        if !value.is_null() {
            row.insert(column.key.to_owned(), value);
        }
    }
    Value::Object(row)
}

fn not_a_number(field: &Field, text: &str) -> FieldError {
    if text.is_empty() {
        return FieldError::new(
            field.key,
            "not_a_number",
            "Одне з чисел тут не читається: пишіть лише цифри, наприклад 1200 або 12,5".into(),
            "One of the numbers here cannot be read: write digits alone, like 1200 or 12.5".into(),
        );
    }
    FieldError::new(
        field.key,
        "not_a_number",
        format!("«{text}» не число: пишіть лише цифри, наприклад 1200"),
        format!("“{text}” is no number: write digits alone, like 1200"),
    )
}

fn plain(text: &str) -> String {
    text.chars().filter(|c| !c.is_whitespace()).map(|c| if c == ',' { '.' } else { c }).collect()
}

fn whole_number(text: &str) -> Option<u64> {
    plain(text).parse().ok()
}

fn number(text: &str) -> Option<Value> {
    let plain = plain(text);
    plain.parse::<u64>().map(Value::from).ok().or_else(|| Number::from_f64(plain.parse().ok()?).map(Value::Number))
}

/// A date as records keep it: people write `24.08.2025` or `08.2025`.
fn iso(text: &str) -> String {
    let parts: Vec<&str> = text.trim().trim_end_matches("р.").trim().split('.').map(str::trim).collect();
    let digits = parts.iter().all(|part| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit()));
    match parts[..] {
        [day, month, year] if digits && year.len() == 4 => format!("{year}-{month:0>2}-{day:0>2}"),
        [month, year] if digits && year.len() == 4 => format!("{year}-{month:0>2}"),
        _ => text.trim().to_owned(),
    }
}

/// The KATOTTG code that stands in a text.
fn code_in(text: &str) -> Option<&str> {
    let start = text.find("UA")?;
    text.get(start..start + codifier::CODE_LEN).filter(|code| codifier::find(code).is_some())
}

/// A community by its code or by its name.
fn place(field: &Field, text: &str) -> Result<Value, FieldError> {
    if text.is_empty() {
        return Ok(Value::Null);
    }
    if let Some(code) = code_in(text) {
        return Ok(Value::String(code.into()));
    }
    match super::start::search(text)[..] {
        [only] => Ok(Value::String(only.code.into())),
        [] => Err(FieldError::new(
            field.key,
            "unknown_place",
            format!("Громади «{text}» немає в Кодифікаторі: перевірте назву або впишіть код КАТОТТГ"),
            format!("The codifier has no hromada “{text}”: check the name or give the KATOTTG code"),
        )),
        ref several => {
            let names: Vec<String> =
                several.iter().take(6).map(|one| format!("{} ({})", one.full_name_uk(), one.code)).collect();
            let names = names.join("; ");
            Err(FieldError::new(
                field.key,
                "several_places",
                format!("Таких громад кілька: {names}. Впишіть код потрібної"),
                format!("There are several: {names}. Give the code of the one you mean"),
            ))
        }
    }
}

pub(crate) fn put(whole: &mut Value, key: &str, value: Value) {
    let mut place = whole;
    for part in key.split('.') {
        if !place.is_object() {
            *place = Value::Object(Map::new());
        }
        let Some(entries) = place.as_object_mut() else { return };
        place = entries.entry(part).or_insert(Value::Null);
    }
    *place = value;
}

/// What a form shows of a typed value.
pub(crate) fn fill(table: &[Field], whole: &Value) -> Pairs {
    let mut pairs = Pairs::new();
    for field in table {
        let value = field.value(whole);
        match (field.shape, value) {
            (Shape::Words(_), Value::Array(words)) if field.key != "conditions.community_types" => {
                let lines: Vec<&str> = words.iter().filter_map(Value::as_str).collect();
                pairs.push((field.key.into(), lines.join("\n")));
            }
            (Shape::Rows(..), Value::Array(rows)) => {
                rows.iter()
                    .enumerate()
                    .for_each(|(n, row)| fill_object(&format!("{}.{n}", field.key), row, &mut pairs));
            }
            (Shape::Object(_), object) => fill_object(field.key, object, &mut pairs),
            (Shape::Date, Value::String(date)) => pairs.push((field.key.into(), format::date(date))),
            (_, Value::String(code)) if matches!(kind(field), Kind::Place) => {
                pairs.push((field.key.into(), named(code)))
            }
            (_, value) => fill_value(field.key, value, &mut pairs),
        }
    }
    pairs
}

/// A community's name with its code, as a form shows it.
pub(crate) fn named(code: &str) -> String {
    codifier::find(code).map_or_else(|| code.to_owned(), |hromada| format!("{} ({code})", hromada.full_name_uk()))
}

fn fill_object(prefix: &str, object: &Value, pairs: &mut Pairs) {
    for (key, value) in object.as_object().into_iter().flatten() {
        let name = format!("{prefix}.{key}");
        match value {
            Value::Array(words) if key == "practice_ids" => {
                let ids: Vec<&str> = words.iter().filter_map(Value::as_str).collect();
                pairs.push((name, ids.join("\n")));
            }
            value => fill_value(&name, value, pairs),
        }
    }
}

fn fill_value(name: &str, value: &Value, pairs: &mut Pairs) {
    match value {
        Value::Array(words) => words.iter().for_each(|word| fill_value(name, word, pairs)),
        Value::String(text) if text.is_empty() => {}
        Value::String(text) => pairs.push((name.into(), text.clone())),
        Value::Number(_) | Value::Bool(_) => pairs.push((name.into(), value.to_string())),
        Value::Null | Value::Object(_) => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::samples;
    use crdt::practice::{PRACTICE, Practice};
    use crdt::profile::{PROFILE, Profile};

    #[test]
    fn a_form_gives_back_what_it_was_filled_from() {
        let practice = samples::practice();
        let (whole, errors) = read(PRACTICE, &fill(PRACTICE, &serde_json::to_value(&practice).unwrap()));
        assert_eq!(errors, []);
        assert_eq!(serde_json::from_value::<Practice>(whole).unwrap(), practice);
        let profile = samples::library().contents().communities.values().next().unwrap().profile.clone();
        let (whole, errors) = read(PROFILE, &fill(PROFILE, &serde_json::to_value(&profile).unwrap()));
        assert_eq!(errors, []);
        assert_eq!(serde_json::from_value::<Profile>(whole).unwrap(), profile);
    }

    #[test]
    fn people_write_numbers_and_dates_their_own_way() {
        let pairs = [
            ("costs.total_uah", "1 250 000"),
            ("started", "24.08.2025"),
            ("ended", "8.2026"),
            ("results.0.indicator", "Участь"),
            ("results.0.after", "12,5"),
            ("community", "решетилівська"),
        ];
        let pairs = pairs.map(|(name, value)| (name.to_owned(), value.to_owned())).into();
        let (whole, errors) = read(PRACTICE, &pairs);
        assert_eq!(errors, []);
        let practice: Practice = serde_json::from_value(whole).unwrap();
        assert_eq!((practice.costs.total_uah, practice.results[0].after), (Some(1_250_000), Some(12.5)));
        assert_eq!((practice.started.as_deref(), practice.ended.as_deref()), (Some("2025-08-24"), Some("2026-08")));
        assert_eq!(practice.community.as_deref(), Some("UA53080390000027656"));
    }

    #[test]
    fn what_cannot_be_understood_is_named_and_never_lost() {
        let pairs: Pairs =
            vec![("costs.total_uah".into(), "багато".into()), ("community".into(), "миколаївська".into())];
        let (_, errors) = read(PRACTICE, &pairs);
        let fields: Vec<&str> = errors.iter().map(|error| error.field.as_str()).collect();
        assert_eq!(fields, ["community", "costs.total_uah"]);
    }

    #[test]
    fn rows_come_and_go() {
        let mut pairs: Pairs = vec![("steps.0.title".into(), "а".into()), ("steps.1.title".into(), "б".into())];
        change_rows(&mut pairs, "add:steps");
        assert_eq!(rows_of(&pairs, "steps"), [0, 1, 2]);
        change_rows(&mut pairs, "remove:steps:0");
        assert_eq!((rows_of(&pairs, "steps"), get(&pairs, "steps.0.title")), (vec![0, 1], "б"));
        change_rows(&mut pairs, "remove:steps:x");
        change_rows(&mut pairs, "anything");
    }
}
