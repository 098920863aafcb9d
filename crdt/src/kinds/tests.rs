use serde::Deserialize;
use serde_json::json;

use super::*;
use crate::field::Stored;
use crate::kinds::adoption::{Adoption, Stage};
use crate::kinds::comment::Comment;
use crate::kinds::exchange::state_on;

#[test]
fn every_kind_has_its_own_number_and_name() {
    for (n, row) in KINDS.iter().enumerate() {
        assert_eq!(usize::from(row.kind.number()), n + 1, "{}", row.key);
        assert_eq!(by_key(row.key).map(|found| found.kind), Some(row.kind));
    }
}

#[test]
fn a_kind_keeps_every_field_of_its_type() {
    // What the table does not name would be lost on the way into a document.
    fn names(value: &Value, prefix: &str, all: &mut Vec<String>) {
        let Value::Object(entries) = value else { return };
        for (name, inner) in entries {
            let key = if prefix.is_empty() { name.clone() } else { format!("{prefix}.{name}") };
            if inner.is_object() { names(inner, &key, all) } else { all.push(key) }
        }
    }
    fn whole<T: Form>() {
        let mut all = Vec::new();
        names(&serde_json::to_value(T::default()).expect("texts and numbers"), "", &mut all);
        for key in all {
            let named = T::TABLE.iter().any(|field| field.key == key || key.starts_with(&format!("{}.", field.key)));
            assert!(named, "{:?} has no row for {key}", T::KIND);
        }
    }
    whole::<Practice>();
    whole::<Profile>();
    whole::<Adoption>();
    whole::<exchange::Exchange>();
    whole::<Comment>();
    whole::<endorsement::Endorsement>();
    whole::<seminar::Seminar>();
    whole::<seminar::Registration>();
    whole::<collection::Collection>();
    whole::<material::Material>();
    whole::<material::Use>();
    whole::<translation::Translation>();
}

#[test]
fn what_is_stored_is_read_again() {
    let written = json!({
        "about": "00112233445566778899aabbccddeeff",
        "title": "Бюджет участі",
        "stages": [{"status": "decided", "date": "2025-03-01", "note": "", "document": "рішення № 5"}],
        "plan": {"until": "2025-09", "uah": 250_000},
    });
    let adoption = Adoption::deserialize(&written).expect("an adoption");
    let stored: Vec<(&Field, Stored)> = ADOPTION_FIELDS.iter().map(|field| (field, field.store(&written))).collect();
    let mut whole = serde_json::Map::new();
    for (field, stored) in stored {
        if let Some(value) = field.read(&stored) {
            crate::field::place(&mut whole, field.key, value);
        }
    }
    assert_eq!(Adoption::deserialize(&Value::Object(whole)).expect("an adoption"), adoption);
}

static ADOPTION_FIELDS: &[Field] = adoption::ADOPTION;

#[test]
fn the_stage_that_counts_is_the_last_by_date() {
    let stage = |status: &str, date: &str| Stage { status: status.into(), date: date.into(), ..Stage::default() };
    let mut adoption = Adoption {
        stages: vec![stage("decided", "2025-03-01"), stage("interested", "2025-01-10"), stage("works", "2025-09-01")],
        ..Adoption::default()
    };
    assert_eq!(adoption.outline().state, "works");
    adoption.stages.push(stage("stopped", "2025-09-01"));
    assert_eq!(adoption.outline().state, "stopped", "of one day the later row counts");
}

#[test]
fn an_adoption_that_stopped_says_why() {
    let kind = of(DocumentKind::Adoption).expect("a kind");
    let mut content = json!({
        "about": "00112233445566778899aabbccddeeff",
        "title": "Бюджет участі",
        "stages": [{"status": "stopped", "date": "2025-03-01"}],
    });
    let errors = kind.check(&content, Strictness::Publish).expect("an adoption");
    assert_eq!(errors.iter().map(|error| error.field.as_str()).collect::<Vec<_>>(), ["reasons"]);
    content["reasons"] = "Не було коштів".into();
    assert_eq!(kind.check(&content, Strictness::Publish).expect("an adoption"), []);
    assert!(kind.check(&json!({"unknown": 1}), Strictness::Publish).is_err());
}

#[test]
fn a_request_expires_after_its_last_day() {
    assert_eq!(state_on("open", "2026-11-28", "2026-11-28"), "open");
    assert_eq!(state_on("open", "2026-11-28", "2026-11-29"), "expired");
    assert_eq!(state_on("", "2026-11", "2026-11-29"), "open", "a month stands until its end");
    assert_eq!(state_on("open", "2026-11", "2026-12-01"), "expired");
    assert_eq!(state_on("done", "2020", "2026-12-01"), "done");
    assert_eq!(state_on("open", "", "2026-12-01"), "open");
}

#[test]
fn a_request_that_stands_is_for_days_to_come() {
    let fields = |content: Value, today: &str| -> Vec<String> {
        let exchange: exchange::Exchange = serde_json::from_value(content).expect("a request");
        exchange.overdue(today).into_iter().map(|error| error.field).collect()
    };
    let past = json!({ "expires_on": "2024-05-01", "by_date": "2024-04" });
    assert_eq!(fields(past.clone(), "2026-11-29"), ["expires_on", "by_date"]);
    assert!(fields(past, "2024-04-30").is_empty());
    assert!(
        fields(json!({ "expires_on": "2024-05-01", "state": "done" }), "2026-11-29").is_empty(),
        "it may be closed"
    );
    assert!(fields(json!({ "expires_on": "2026-11-29" }), "2026-11-29").is_empty(), "the last day counts");
}

#[test]
fn a_collection_has_a_number_that_checks_itself() {
    let collection = |isbn: &str| wrong(DocumentKind::Collection, &json!({ "imprint": { "isbn": isbn } }));
    assert_eq!(collection("123"), named(&[("imprint.isbn", "not_an_isbn")]));
    assert_eq!(collection("978-3-16-148410-0"), []);
}

#[test]
fn a_suggestion_needs_something_to_suggest() {
    let comment = Comment { purpose: Some("suggestion".into()), ..Comment::default() };
    assert_eq!(comment.further().len(), 1);
}

fn wrong(kind: DocumentKind, content: &Value) -> Vec<(String, &'static str)> {
    let errors = of(kind).expect("a kind").check(content, Strictness::Import).expect("of this kind");
    errors.into_iter().map(|error| (error.field, error.code)).collect()
}

fn named(expected: &[(&str, &'static str)]) -> Vec<(String, &'static str)> {
    expected.iter().map(|(field, code)| ((*field).to_owned(), *code)).collect()
}

#[test]
fn a_row_without_a_date_stands_where_it_was_written() {
    let stage = |status: &str, date: &str| Stage { status: status.into(), date: date.into(), ..Stage::default() };
    let order = |stages: Vec<Stage>| {
        let adoption = Adoption { stages, ..Adoption::default() };
        adoption.in_order().into_iter().map(|stage| stage.status.clone()).collect::<Vec<_>>()
    };
    assert_eq!(order(vec![stage("interested", ""), stage("works", "2025-03-01")]), ["interested", "works"]);
    assert_eq!(order(vec![stage("works", "2025-09-01"), stage("partly", "")]), ["works", "partly"]);
    let mixed = vec![stage("works", "2025-09-01"), stage("interested", "2025-01-10"), stage("decided", "")];
    assert_eq!(order(mixed), ["interested", "decided", "works"]);
    assert_eq!(order(vec![stage("trial", "2025-09-10"), stage("works", "2025-09")]), ["trial", "works"]);
    assert_eq!(order(vec![stage("interested", "2025"), stage("works", "2025-03")]), ["interested", "works"]);
}

#[test]
fn a_stage_that_has_not_come_is_told_to_whoever_publishes() {
    let stage = Stage { status: "works".into(), date: "2026-11-30".into(), ..Stage::default() };
    let adoption = Adoption { stages: vec![stage], ..Adoption::default() };
    assert_eq!(adoption.ahead("2026-11-29").map(|error| error.code), Some("in_future"));
    assert_eq!(adoption.ahead("2026-11-30"), None);
    assert_eq!(adoption.further(), [], "no gate refuses by the clock");
}

#[test]
fn what_is_no_id_is_refused_beside_its_field() {
    let adoption = json!({ "pledged_at": "xyz", "request": "Запит", "became": "00112233445566778899aabbccddeeff" });
    let expected = named(&[("pledged_at", "malformed"), ("request", "malformed")]);
    assert_eq!(wrong(DocumentKind::Adoption, &adoption), expected);
    let seminar = json!({ "programme": [{ "practice": "" }, { "practice": "Бюджет участі" }] });
    assert_eq!(wrong(DocumentKind::Seminar, &seminar), named(&[("programme", "malformed")]));
    assert_eq!(wrong(DocumentKind::Exchange, &json!({ "adoption": "1" })), named(&[("adoption", "malformed")]));
    let collection = json!({ "items": [{ "practice": "Бюджет участі" }] });
    assert_eq!(wrong(DocumentKind::Collection, &collection), named(&[("items", "malformed")]));
}

#[test]
fn a_seminar_has_days_times_and_numbers_that_can_be() {
    let seminar = |content: Value| wrong(DocumentKind::Seminar, &content);
    let days = json!({ "starts": "2026-11-20", "ends": "2026-11-19" });
    assert_eq!(seminar(days), named(&[("ends", "before_start")]));
    let late = json!({ "starts": "2026-11-20", "register_by": "2026-11-21" });
    assert_eq!(seminar(late), named(&[("register_by", "after_end")]));
    let month = json!({ "starts": "2026-11-20", "ends": "2026-11", "register_by": "2026-11-21" });
    assert_eq!(seminar(month), [], "a month lasts until its end");
    let time = json!({ "programme": [{ "time": "9:30" }, { "time": "25:99" }] });
    assert_eq!(seminar(time), named(&[("programme", "not_a_time")]));
    let numbers = json!({ "seats": 0, "number": 100 });
    assert_eq!(seminar(numbers), named(&[("seats", "out_of_range"), ("number", "out_of_range")]));
    assert_eq!(seminar(json!({ "seats": 1, "number": 7 })), []);
    assert_eq!(seminar(json!({ "starts": "вчора" })), named(&[("starts", "not_a_date")]), "said once");
}

#[test]
fn registration_ends_with_its_last_day_or_the_seminar() {
    let seminar = |ends: &str, until: &str| seminar::Seminar {
        starts: Some("2026-11-20".into()),
        ends: Some(ends.into()),
        register_by: Some(until.into()),
        ..seminar::Seminar::default()
    };
    assert_eq!(seminar("2026-11-21", "").closed_on("2026-11-21"), None);
    assert!(seminar("2026-11-21", "").closed_on("2026-11-22").is_some());
    assert!(seminar("", "").closed_on("2026-11-21").is_some());
    assert!(seminar("2026-11-21", "2026-11-10").closed_on("2026-11-11").is_some());
    assert_eq!(seminar("2026-11-21", "2026-11-10").closed_on("2026-11-10"), None);
    for state in ["closed", "done", "cancelled"] {
        let seminar = seminar::Seminar { registration: Some(state.into()), ..seminar("2026-11-21", "") };
        assert!(seminar.closed_on("2026-11-01").is_some(), "{state}");
    }
}
