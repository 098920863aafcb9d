//! What is wrong with what somebody writes is refused beside its field, in both languages, by the form
//! as by the API, and nothing is published.

use axum::http::Method;
use serde_json::json;

use super::desk::{Browser, RECORD_DRAFT as DRAFT};
use super::*;
use crate::library::timely::seats_left;
use crate::testing::documents::sample_id;
use crate::testing::typed;

/// What is typed wrongly: the kind, the field as it is named in the form, what is typed, and the field
/// that is named in the answer.
const WRONG: [(&str, &str, &str, &str); 38] = [
    ("adoption", "stages.0.status", "dreamt", "stages"),
    ("adoption", "stages.0.date", "31.02.2025", "stages"),
    ("adoption", "stages.0.date", "01.01.2199", "stages"),
    ("adoption", "plan.uah", "багато", "plan.uah"),
    ("adoption", "plan.staff_hours", "тиждень", "plan.staff_hours"),
    ("adoption", "actual.uah", "-5", "actual.uah"),
    ("adoption", "actual.staff_hours", "x", "actual.staff_hours"),
    ("adoption", "plan.until", "колись", "plan.until"),
    ("adoption", "outcome", "miracle", "outcome"),
    ("adoption", "became", "наша практика", "became"),
    ("adoption", "request", "x", "request"),
    ("adoption", "pledged_at", "x", "pledged_at"),
    ("exchange", "direction", "both", "direction"),
    ("exchange", "sectors", "magic", "sectors"),
    ("exchange", "expires_on", "31.04.2027", "expires_on"),
    ("exchange", "expires_on", "01.01.2001", "expires_on"),
    ("exchange", "contact.email", "рада", "contact.email"),
    ("exchange", "adoption", "x", "adoption"),
    ("comment", "purpose", "gossip", "purpose"),
    ("comment", "text", "", "text"),
    ("endorsement", "basis", "heard", "basis"),
    ("endorsement", "date", "учора", "date"),
    ("endorsement", "date", "2199", "date"),
    ("endorsement", "basis", "origin_confirms", "basis"),
    ("use", "date", "2199", "date"),
    ("seminar", "starts", "30.02.2099", "starts"),
    ("seminar", "ends", "01.01.2001", "ends"),
    ("seminar", "seats", "0", "seats"),
    ("seminar", "venue.url", "javascript:alert(1)", "venue.url"),
    ("seminar", "venue.community", "UA00000000000000000", "venue.community"),
    ("registration", "parties.0.people", "багато", "parties"),
    ("collection", "title", "", "title"),
    ("collection", "imprint.year", "минулий", "imprint.year"),
    ("collection", "imprint.isbn", "123", "imprint.isbn"),
    ("material", "message", "", "message"),
    ("material", "type", "song", "type"),
    ("use", "reach", "усі", "reach"),
    ("translation", "origin", "dream", "origin"),
];

/// A form of a kind that is right, as pairs.
fn right(kind: &str) -> Vec<(String, String)> {
    let sample = documents::samples().into_iter().find(|page| page.card.kind == kind).expect("a sample");
    let mut pairs = vec![("kind".to_owned(), kind.to_owned())];
    let about = match kind {
        "registration" => sample_id(DocumentKind::Seminar).to_string(),
        "use" => sample_id(DocumentKind::Material).to_string(),
        _ => samples::practice_id().to_string(),
    };
    pairs.extend(typed(&sample.content));
    pairs.iter_mut().filter(|(name, _)| name == "about" && kind != "seminar").for_each(|(_, id)| id.clone_from(&about));
    pairs
}

/// The same with one field typed otherwise.
fn with(kind: &str, field: &str, typed: &str) -> Vec<(String, String)> {
    let mut pairs: Vec<_> = right(kind).into_iter().filter(|(name, _)| name != field).collect();
    pairs.push((field.to_owned(), typed.to_owned()));
    pairs
}

async fn published(clerk: &mut Browser<'_>, path: &str, pairs: &[(String, String)]) -> Answer {
    let last = [("sure", "yes"), ("proof", samples::PASSWORD), ("do", "publish")];
    let pairs = pairs.iter().map(|(name, value)| (name.as_str(), value.as_str())).chain(last);
    clerk.submit(path, &pairs.collect::<Vec<_>>()).await
}

#[tokio::test]
async fn what_is_right_is_published_by_the_form_of_every_kind() {
    let site = Site::new();
    let mut clerk = Browser::of(&site, "Іван").await;
    for sample in documents::samples() {
        let answer = published(&mut clerk, DRAFT, &right(&sample.card.kind)).await;
        assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}: {}", sample.card.kind, answer.text());
    }
}

#[tokio::test]
async fn what_is_typed_wrongly_is_named_beside_its_field_and_not_published() {
    let site = Site::new();
    let mut clerk = Browser::of(&site, "Іван").await;
    let before = site.library.contents().documents.len();
    for (kind, field, typed, named) in WRONG {
        for lang in ["", "?lang=en"] {
            let answer = published(&mut clerk, &format!("{DRAFT}{lang}"), &with(kind, field, typed)).await;
            assert_ne!(answer.status, StatusCode::SEE_OTHER, "{kind}.{field}");
            assert!(!answer.status.is_server_error(), "{kind}.{field}: {}", answer.status);
            let page = answer.text();
            let beside = format!("<p class=\"error\" id=\"f-{}-error\">", named.replace('.', "-"));
            assert!(page.contains(&beside), "{kind}.{field}: no {beside}: {page}");
            let summary = page.split("error-summary").nth(1).unwrap_or_default().split("</section>").next();
            let place = format!("href=\"#f-{}\"", named.replace('.', "-"));
            assert!(summary.unwrap_or_default().contains(&place), "{kind}.{field}: not in the summary: {page}");
        }
    }
    assert_eq!(site.library.contents().documents.len(), before, "nothing was published");
}

#[tokio::test]
async fn what_has_no_control_of_its_own_is_told_in_the_summary() {
    let site = Site::new();
    let mut clerk = Browser::of(&site, "Іван").await;
    let answer = published(&mut clerk, DRAFT, &with("adoption", "about", "жодна")).await;
    let page = answer.text();
    let summary = page.split("error-summary").nth(1).unwrap_or_default().split("</section>").next().unwrap_or_default();
    assert!(summary.contains("Невідомо, про який запис") && !summary.contains("#f-about"), "{page}");
    // Whoever only asks is told the same before publishing.
    let pairs = with("adoption", "stages.0.date", "01.01.2199");
    let pairs = pairs.iter().map(|(name, value)| (name.as_str(), value.as_str())).chain([("do", "check")]);
    clerk.submit(DRAFT, &pairs.collect::<Vec<_>>()).await;
    let page = clerk.get(&format!("{DRAFT}?check=1")).await.text();
    assert!(page.contains("id=\"f-stages-error\"") && page.contains("01.01.2199 ще не настав"), "{page}");
}

#[tokio::test]
async fn an_expert_says_who_they_are_and_what_they_saw() {
    let site = Site::new();
    let mut clerk = Browser::of(&site, "Іван").await;
    let mut pairs = with("endorsement", "basis", "expert_review");
    assert_eq!(published(&mut clerk, DRAFT, &pairs).await.status, StatusCode::SEE_OTHER);
    pairs.retain(|(name, _)| name != "text" && name != "role");
    let page = published(&mut clerk, DRAFT, &pairs).await.text();
    assert!(page.contains("id=\"f-text-error\"") && page.contains("id=\"f-role-error\""), "{page}");
}

#[tokio::test]
async fn what_only_another_community_can_say_is_neither_offered_nor_taken() {
    let site = Site::new();
    let mut clerk = Browser::of(&site, "Іван").await;
    let offered = |page: &str, key: &str| page.contains(&format!("<option value=\"{key}\""));
    let form = async |clerk: &mut Browser<'_>, kind: &str, about: &str| {
        clerk.get(&format!("/write/record/new?kind={kind}&about={about}")).await.text()
    };
    let (own, theirs) = (samples::practice_id().to_string(), sample_id(DocumentKind::Exchange).to_string());
    // The neighbour's adoption of our own practice: we may say that we know of it, and of nothing else.
    let adoption = sample_id(DocumentKind::Adoption).to_string();
    assert!(form(&mut clerk, "endorsement", &adoption).await.contains("<option value=\"origin_confirms\" selected"));
    assert!(!offered(&form(&mut clerk, "endorsement", &own).await, "origin_confirms"));
    let comment = form(&mut clerk, "comment", &theirs).await;
    assert!(!offered(&comment, "accepted") && !offered(&comment, "suggestion") && offered(&comment, "question"));
    assert!(offered(&form(&mut clerk, "comment", &own).await, "accepted"));
    let content = json!({ "about": theirs, "purpose": "accepted", "text": "Прийнято" });
    let body = json!({ "kind": "comment", "content": content }).to_string();
    let answer = site.write(Method::POST, "/api/v1/documents", body).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", answer.text());
    assert_eq!(answer.json()["error"]["fields"][0]["field"], json!("purpose"));
}

#[tokio::test]
async fn programs_are_told_what_is_wrong_with_each_kind() {
    let site = Site::new();
    let before = site.library.contents().documents.len();
    for sample in documents::samples() {
        let kind = &sample.card.kind;
        let mut wrongs = vec![json!("text"), json!({ "no_such_field": 1 })];
        for (_, field, typed, _) in WRONG.iter().filter(|(of, ..)| of == kind) {
            let mut content = sample.content.clone();
            set(&mut content, field, json!(typed));
            wrongs.push(content);
        }
        for content in wrongs {
            let body = json!({ "kind": kind, "content": content }).to_string();
            let answer = site.write(Method::POST, "/api/v1/documents", body.clone()).await;
            assert!([400, 422].contains(&answer.status.as_u16()), "{body}: {} {}", answer.status, answer.text());
            let error = answer.json()["error"].clone();
            assert!(error["uk"].is_string() && error["en"].is_string(), "{error}");
        }
    }
    assert_eq!(site.library.contents().documents.len(), before, "nothing was published");
}

fn set(content: &mut Value, field: &str, value: Value) {
    match field.split_once('.') {
        Some((part, rest)) => match part.parse::<usize>() {
            Ok(at) => set(&mut content[at], rest, value),
            Err(_) => set(&mut content[part], rest, value),
        },
        None if content[field].is_array() => content[field] = json!([value]),
        None => content[field] = value,
    }
}

/// The sample seminar with something changed.
fn seminar(site: &Site, change: impl FnOnce(&mut Value)) -> String {
    let id = sample_id(DocumentKind::Seminar).to_string();
    change(&mut site.library.contents().documents.get_mut(&id).expect("a seminar").content);
    id
}

#[tokio::test]
async fn who_registers_too_late_is_told_why_by_page_and_by_api() {
    type Change = fn(&mut Value);
    let cases: [(Change, &str, &str, &str); 5] = [
        (|seminar| seminar["register_by"] = json!("2020-01-31"), "closed", "Реєстрація тривала до", "open until"),
        (|seminar| seminar["registration"] = json!("closed"), "closed", "Реєстрацію закрито", "Registration is closed"),
        (|seminar| seminar["registration"] = json!("cancelled"), "closed", "Семінар скасовано", "is cancelled"),
        (|seminar| seminar["seats"] = json!(1), "full", "Вільних місць не лишилося", "No seats are left"),
        (
            |seminar| (seminar["starts"], seminar["ends"]) = (json!("2020-01-31"), json!("2020-02-01")),
            "closed",
            "Семінар уже відбувся",
            "The seminar is over",
        ),
    ];
    for (change, code, uk, en) in cases {
        let site = Site::new();
        let id = seminar(&site, change);
        let before = site.library.contents().documents.len();
        let mut clerk = Browser::of(&site, "Іван").await;
        // 1. The page of the seminar leads nobody to a form, and says why.
        for (lang, said) in [("", uk), ("?lang=en", en)] {
            let page = clerk.get(&format!("/records/{id}{lang}")).await.text();
            assert!(page.contains(said) && !page.contains("kind=registration"), "{said}: {page}");
        }
        let calendar = site.get(&format!("/records/{id}/calendar.ics")).await.text();
        assert_eq!(calendar.contains("STATUS:CANCELLED"), uk.contains("скасовано"), "{calendar}");
        // 2. Whoever has the form open all the same is told before filling it in, and when sending it.
        let form = clerk.get(&format!("/write/record/new?kind=registration&about={id}")).await.text();
        assert!(form.contains(uk), "{form}");
        let typed =
            [("kind", "registration"), ("about", &*id), ("parties.0.role", "голова"), ("parties.0.people", "2")];
        let typed = typed.map(|(name, value)| (name.to_owned(), value.to_owned()));
        let answer = published(&mut clerk, DRAFT, &typed).await;
        assert_ne!(answer.status, StatusCode::SEE_OTHER, "{uk}");
        assert!(answer.text().contains(uk), "{}", answer.text());
        let english = published(&mut clerk, &format!("{DRAFT}?lang=en"), &typed).await;
        assert!(english.text().contains(en), "{}", english.text());
        // 3. A program is told the same.
        let content = json!({ "about": id, "parties": [{ "role": "голова", "people": 2 }] });
        let body = json!({ "kind": "registration", "content": content }).to_string();
        let answer = site.write(Method::POST, "/api/v1/documents", body).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", answer.text());
        let fields = answer.json()["error"]["fields"].clone();
        assert_eq!((&fields[0]["field"], &fields[0]["code"]), (&json!("parties"), &json!(code)), "{fields}");
        assert_eq!(site.library.contents().documents.len(), before, "nobody is registered");
    }
}

#[test]
fn seats_are_counted_over_all_registrations() {
    let site = Site::new();
    let id = seminar(&site, |seminar| seminar["seats"] = json!(1000));
    let mut contents = site.library.contents();
    let sample = sample_id(DocumentKind::Registration).to_string();
    let mut registration = contents.documents.remove(&sample).expect("a registration");
    registration.card.about = Some(id.clone());
    registration.card.state = "2".into();
    for n in 0..250u128 {
        let mut one = registration.clone();
        one.card.id = format!("{n:032x}");
        contents.documents.insert(one.card.id.clone(), one);
    }
    let page = contents.documents[&id].clone();
    drop(contents);
    assert_eq!(seats_left(&*site.library, &page).expect("counted"), Some(500));
}

#[tokio::test]
async fn what_tells_of_one_kind_of_record_is_refused_for_another() {
    let site = Site::new();
    let wrong = [
        (DocumentKind::Adoption, DocumentKind::Adoption),
        (DocumentKind::Translation, DocumentKind::Seminar),
        (DocumentKind::Registration, DocumentKind::Material),
        (DocumentKind::Use, DocumentKind::Adoption),
    ];
    for (kind, about) in wrong {
        let sample = site.library.contents().documents[&sample_id(kind).to_string()].clone();
        let mut content = sample.content;
        content["about"] = json!(sample_id(about).to_string());
        let body = json!({ "kind": sample.card.kind, "content": content }).to_string();
        let answer = site.write(Method::POST, "/api/v1/documents", body).await;
        let fields = answer.json()["error"]["fields"].clone();
        assert_eq!((&fields[0]["field"], &fields[0]["code"]), (&json!("about"), &json!("wrong_kind")), "{fields}");
    }
}
