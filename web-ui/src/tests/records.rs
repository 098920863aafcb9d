//! What communities say of each other's work, as they write and read it.

use crdt::id::CommunityId;
use crdt::kinds::KINDS;

use super::desk::{Browser, RECORD_DRAFT as DRAFT};
use super::*;
use crate::testing::documents::{NEIGHBOUR, sample_id};

/// What an input of a page holds.
pub(super) fn held(page: &str, name: &str) -> Option<String> {
    let after = page.split(&format!("name=\"{name}\" value=\"")).nth(1)?;
    Some(after.split('"').next()?.to_owned())
}

#[tokio::test]
async fn every_kind_has_a_form() {
    let site = Site::new();
    let mut clerk = Browser::of(&site, "Іван").await;
    for kind in KINDS.iter().filter(|kind| !["practice", "profile"].contains(&kind.key)) {
        let about = match kind.key {
            "registration" => sample_id(DocumentKind::Seminar).to_string(),
            "use" => sample_id(DocumentKind::Material).to_string(),
            _ => samples::practice_id().to_string(),
        };
        let answer = clerk.get(&format!("/write/record/new?kind={}&about={about}", kind.key)).await;
        assert_eq!(answer.status, StatusCode::OK, "{}", kind.key);
        let page = answer.text();
        assert_eq!(held(&page, "kind").as_deref(), Some(kind.key));
        if kind.has("about_owner") {
            assert_eq!(held(&page, "about"), Some(about), "{}", kind.key);
        }
    }
    assert_eq!(clerk.get("/write/record/new?kind=poem").await.status, StatusCode::NOT_FOUND);
    assert_eq!(clerk.get("/write/record/new?kind=adoption").await.status, StatusCode::NOT_FOUND, "of what?");
}

#[tokio::test]
async fn an_adoption_is_kept_checked_and_published() {
    let site = Site::new();
    let mut clerk = Browser::of(&site, "Іван").await;
    let practice = samples::practice_id().to_string();
    let form = [
        ("kind", "adoption"),
        ("about", practice.as_str()),
        ("title", "Бюджет участі"),
        ("stages.0.status", "stopped"),
        ("stages.0.date", "01.09.2025"),
        ("proof", samples::PASSWORD),
        ("sure", "yes"),
    ];
    // 1. It stopped, and nobody says why: kept, and not published.
    let wanted: Vec<_> = form.iter().copied().chain([("do", "publish")]).collect();
    let answer = clerk.submit(DRAFT, &wanted).await;
    assert!(answer.text().contains("чому зупинили"), "{}", answer.text());
    let drafts = site.library.contents().drafts.clone();
    let kept = drafts.values().find(|draft| draft["kind"] == "adoption").expect("kept");
    assert!(!kept.to_string().contains(samples::PASSWORD), "a password is no part of a draft");
    assert!(clerk.get("/desk").await.text().contains(DRAFT), "the desk leads back to it");
    // 2. With the reason it is published, at the revision that was read.
    let wanted: Vec<_> = wanted.iter().copied().chain([("reasons", "Не вистачило коштів")]).collect();
    let answer = clerk.submit(DRAFT, &wanted).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text());
    let page = clerk.get(answer.header("location")).await.text();
    for said in ["Зупинено", "01.09.2025", "Не вистачило коштів"] {
        assert!(page.contains(said), "{said}");
    }
    assert!(clerk.get(DRAFT).await.status == StatusCode::NOT_FOUND, "no draft stays behind");
    let practice = clerk.get(&format!("/practices/{practice}")).await.text();
    assert!(practice.contains("Хто повторює") && practice.contains("Зупинено: 1"), "{practice}");
}

#[tokio::test]
async fn a_record_that_keeps_itself_says_the_same_as_a_practice_that_does() {
    let site = Site::new();
    let mut clerk = Browser::of(&site, "Іван").await;
    let practice = samples::practice_id().to_string();
    let typed = [
        ("kind", "adoption"),
        ("about", practice.as_str()),
        ("title", "Бюджет участі"),
        ("adapted", "Телефонуйте Іваненко Оксані Петрівні: +380 67 123 45 67."),
        ("plan.uah", "багато"),
        ("do", "autosave"),
    ];
    let kept = clerk.submit(DRAFT, &typed).await.json();
    assert!(kept["saved"].as_str().is_some_and(|said| said.starts_with("о ")), "{kept}");
    assert!(kept["percent"].as_u64().is_some_and(|percent| (1..50).contains(&percent)));
    let missing = kept["missing"].as_array().expect("what is missing");
    assert!(missing.iter().any(|field| field[0] == "Етапи" && field[1] == "#f-stages"), "{missing:?}");
    let beside = kept["beside"].as_array().expect("what stands beside");
    let says = |kind: &str, id: &str| beside.iter().any(|one| one["kind"] == kind && one["id"] == id);
    assert!(says("wrong", "f-plan-uah") && says("missing", "f-stages") && says("hint", "f-adapted"), "{beside:?}");
    // The script puts what is missing where the page has a place for it.
    let page = clerk.get(DRAFT).await.text();
    assert!(["missing", "missing-count", "missing-list"].iter().all(|id| page.contains(&format!("id=\"{id}\""))));
}

#[tokio::test]
async fn a_request_says_who_can_help_and_why() {
    let site = Site::new();
    let id = sample_id(DocumentKind::Exchange).to_string();
    let page = site.get(&format!("/records/{id}")).await.text();
    assert!(page.contains("Поки що нікого не видно"), "nobody in the same oblast");
    let shared = samples::profile().ready_to_share[0].sector.clone();
    let practice = samples::practice();
    {
        let mut contents = site.library.contents();
        let request = &mut contents.documents.get_mut(&id).expect("a request").content;
        request["radius"] = "all".into();
        request["sectors"] = serde_json::json!([practice.sectors[0], shared]);
        request["mechanisms"] = serde_json::json!(practice.mechanisms);
    }
    let page = site.get(&format!("/records/{id}")).await.text();
    let matches = page.split("id=\"matches\"").nth(1).expect("matches");
    assert!(matches.contains(&format!("/communities/{}", samples::OWNER)), "{matches}");
    assert!(matches.contains("має таку практику") && matches.contains("та сама галузь"), "{matches}");
    assert!(!matches.contains(&NEIGHBOUR.to_string()), "nobody helps themselves");
}

#[tokio::test]
async fn a_suggested_edit_is_accepted_with_credit() {
    let site = Site::new();
    let mut clerk = Browser::of(&site, "Іван").await;
    let practice = samples::practice_id().to_string();
    let suggested = documents::page(
        DocumentKind::Comment,
        NEIGHBOUR,
        "UA74040250000063494",
        77,
        serde_json::json!({
            "about": practice, "about_owner": samples::OWNER.to_string(), "purpose": "suggestion", "text": "Так ясніше",
            "suggestions": [{ "field": "summary", "value": "Мешканці самі обирають." }, { "field": "unknown", "value": "x" }],
        }),
    );
    let id = suggested.card.id.clone();
    site.library.contents().documents.insert(id.clone(), suggested);
    let page = clerk.get(&format!("/records/{id}")).await.text();
    assert!(page.contains("Мешканці самі обирають.") && page.contains("Прийняти правку"), "{page}");
    let answer = clerk.submit(&format!("/records/{id}/accept"), &[("proof", samples::PASSWORD)]).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text());
    let after = site.library.contents().practices[&practice].practice.clone();
    assert_eq!(after.summary, "Мешканці самі обирають.");
    assert!(after.contributors.contains(&"UA74040250000063494".to_owned()), "{:?}", after.contributors);
    let told = site.library.contents().documents.values().find(|page| page.content["purpose"] == "accepted").cloned();
    assert_eq!(told.expect("whoever suggested it is told").content["reply_to"], id);
    let page = clerk.get(&format!("/records/{id}")).await.text();
    assert!(page.contains("вже прийнято") && !page.contains("Прийняти правку"), "{page}");
    let page = clerk.get(&format!("/records/{id}/accept")).await.text();
    assert!(page.contains("вже прийнято") && !page.contains("name=\"proof\""), "{page}");
}

/// Puts a record of a community into the library.
pub(super) fn put(site: &Site, kind: DocumentKind, owner: CommunityId, number: u8, content: Value) -> String {
    let page = documents::page(kind, owner, "UA74040250000063494", number, content);
    let id = page.card.id.clone();
    site.library.contents().documents.insert(id.clone(), page);
    id
}

#[tokio::test]
async fn whoever_asks_is_told_of_the_answer_until_it_has_been_seen() {
    let site = Site::new();
    let mut clerk = Browser::of(&site, "Іван").await;
    assert!(clerk.get("/messages").await.text().contains("Позначити все прочитаним"));
    assert_eq!(clerk.submit("/messages", &[]).await.status, StatusCode::SEE_OTHER);
    let count = "class=\"news\"";
    let home = clerk.get("/").await.text();
    assert!(!home.contains(count), "all is seen: {home} {:?}", site.library.contents().notes);
    let elsewhere = sample_id(DocumentKind::Exchange).to_string();
    let about = |more: Value| {
        let mut whole = serde_json::json!({ "about": elsewhere, "about_owner": NEIGHBOUR.to_string() });
        whole.as_object_mut().expect("an object").extend(more.as_object().expect("an object").clone());
        whole
    };
    let asked = about(serde_json::json!({ "purpose": "question", "text": "Скільки це коштує?" }));
    let asked = put(&site, DocumentKind::Comment, samples::OWNER, 71, asked);
    assert!(!clerk.get("/").await.text().contains(count), "nobody is told what they say themselves");
    let answer = about(serde_json::json!({ "purpose": "answer", "text": "Двісті тисяч.", "reply_to": asked }));
    put(&site, DocumentKind::Comment, NEIGHBOUR, 72, answer);
    let home = clerk.get("/").await.text();
    assert!(home.contains(count) && home.contains("1\u{a0}нове повідомлення"), "{home}");
    assert!(!site.get("/").await.text().contains(count), "for whoever may answer alone");
    assert!(
        Browser::of(&site, "Оксана").await.get("/").await.text().contains(count),
        "each person sees for themselves"
    );
    let messages = clerk.get("/messages").await.text();
    assert!(messages.contains("Двісті тисяч.") && messages.contains("Нове"), "{messages}");
    assert_eq!(clerk.submit("/messages", &[]).await.status, StatusCode::SEE_OTHER);
    assert!(!clerk.get("/").await.text().contains(count));
    assert!(!clerk.get("/messages").await.text().contains(">Нове<"), "it is not new any more");
}

#[tokio::test]
async fn all_who_repeat_a_practice_are_counted_and_can_be_read() {
    let site = Site::new();
    let practice = samples::practice_id().to_string();
    for number in 100..=205 {
        let content = serde_json::json!({
            "about": practice, "about_owner": samples::OWNER.to_string(), "title": "Бюджет участі",
            "stages": [{ "status": if number % 2 == 0 { "works" } else { "interested" }, "date": "2025-03" }],
        });
        put(&site, DocumentKind::Adoption, CommunityId([number; 32]), 5, content);
    }
    let page = site.get(&format!("/practices/{practice}")).await.text();
    let all = format!("/adoptions?about={practice}");
    assert!(page.contains("(107)") && page.contains("Працює: 54") && page.contains(&all), "{page}");
    let mut next = Some(all);
    let mut listed = 0;
    while let Some(path) = next {
        let page = site.get(&path).await.text();
        assert!(page.contains(&format!("name=\"about\" value=\"{practice}\"")), "{page}");
        listed += page.matches("<li class=\"card").count();
        let after = page.split("href=\"/adoptions?about=").filter(|rest| rest.contains("after=")).last();
        next = after
            .and_then(|rest| rest.split('"').next())
            .filter(|rest| rest.contains("after="))
            .map(|rest| format!("/adoptions?about={}", rest.replace("&#38;", "&")));
    }
    assert_eq!(listed, 107);
}

#[tokio::test]
async fn what_ends_soon_is_told_however_much_is_newer() {
    let site = Site::new();
    let soon = crate::registry::today().tomorrow().expect("a day").to_string();
    let request = |title: &str, sector: &str, until: &str| serde_json::json!({ "direction": "request", "title": title, "what": "Хто вже робив?", "sectors": [sector], "expires_on": until });
    put(&site, DocumentKind::Exchange, samples::OWNER, 70, request("Шукаємо ткалю", "culture", &soon));
    for number in 3..=203 {
        let content = request(&format!("Запит {number}"), "environment", "2099-01-01");
        put(&site, DocumentKind::Exchange, CommunityId([number; 32]), 5, content);
    }
    let digest = site.get("/digest").await.text();
    assert!(digest.contains("Шукаємо ткалю"), "{digest}");
}

#[tokio::test]
async fn what_two_wrote_at_once_in_a_record_is_decided_by_choosing() {
    let site = Site::new();
    let content =
        serde_json::json!({ "direction": "request", "title": "Шукаємо ткалю", "what": "Хто?", "sectors": ["culture"] });
    let id = put(&site, DocumentKind::Exchange, samples::OWNER, 70, content);
    let version = |value: &str| crdt::view::ConflictVersion {
        value: value.into(),
        record: "0a".repeat(32),
        device: "a1".repeat(32),
        created_at: 1_735_768_800_000,
    };
    let conflict = crdt::view::Conflict {
        field: "title".into(),
        item: None,
        versions: vec![version("Шукаємо ткалю"), version("Шукаємо гончарку")],
    };
    site.library.contents().documents.get_mut(&id).expect("put").conflicts = vec![conflict];
    let (page, decide) = (format!("/records/{id}"), format!("/records/{id}/conflicts"));
    assert!(!site.get(&page).await.text().contains(&decide), "only for whoever may");
    let mut clerk = Browser::of(&site, "Іван").await;
    assert!(clerk.get(&page).await.text().contains(&decide));
    let heads = held(&clerk.get(&decide).await.text(), "heads").expect("heads");
    let pairs = [("heads", heads.as_str()), ("choice-0", "1"), ("proof", samples::PASSWORD)];
    let answer = clerk.submit(&decide, &pairs).await;
    assert_eq!(answer.header("location"), page, "{}", answer.text());
    assert_eq!(site.library.contents().documents[&id].content["title"], "Шукаємо гончарку");
}

#[tokio::test]
async fn an_edit_is_suggested_by_changing_the_text() {
    let site = Site::new();
    let mut clerk = Browser::of(&site, "Іван").await;
    let path = format!("/practices/{}/suggest", samples::practice_id());
    let page = clerk.get(&path).await.text();
    assert!(page.contains("name=\"solution\""), "{page}");
    let mut form: Vec<(String, String)> =
        vec![("why".into(), "Так ясніше".into()), ("proof".into(), samples::PASSWORD.into())];
    let practice = serde_json::to_value(samples::practice()).expect("JSON");
    for key in crdt::kinds::translation::TEXTS {
        form.push(((*key).into(), practice[*key].as_str().unwrap_or_default().into()));
    }
    let borrowed = |form: &[(String, String)]| form.to_vec();
    let unchanged = borrowed(&form);
    let pairs: Vec<(&str, &str)> = unchanged.iter().map(|(a, b)| (a.as_str(), b.as_str())).collect();
    assert!(clerk.submit(&path, &pairs).await.text().contains("Змініть хоча б одне поле"));
    form.iter_mut().filter(|(key, _)| key == "summary").for_each(|(_, text)| *text = "Інакше".into());
    let pairs: Vec<(&str, &str)> = form.iter().map(|(a, b)| (a.as_str(), b.as_str())).collect();
    assert_eq!(clerk.submit(&path, &pairs).await.status, StatusCode::SEE_OTHER);
    let contents = site.library.contents();
    let sent = contents.documents.values().find(|page| page.content["text"] == "Так ясніше").expect("sent");
    assert_eq!(sent.content["suggestions"], serde_json::json!([{ "field": "summary", "value": "Інакше" }]));
}

#[tokio::test]
async fn what_is_hidden_here_says_why_and_can_be_read() {
    let site = Site::new();
    let mut administrator = Browser::of(&site, "Оксана").await;
    let id = sample_id(DocumentKind::Comment);
    let (page, hide) = (format!("/records/{id}"), format!("/records/{id}/hide"));
    assert_eq!(administrator.submit(&hide, &[("reason", "образа")]).await.status, StatusCode::SEE_OTHER);
    let practice = site.get(&format!("/practices/{}", samples::practice_id())).await.text();
    assert!(practice.contains("образа") && !practice.contains("Скільки часу пішло на положення?"));
    assert!(!site.get(&page).await.text().contains("Ваше слово") && site.get(&page).await.text().contains("образа"));
    let anyway = site.get(&format!("{page}?anyway=1")).await.text();
    assert!(anyway.contains("Скільки часу пішло") && !anyway.contains("образа"), "{anyway}");
    assert_eq!(administrator.submit(&hide, &[("do", "show")]).await.status, StatusCode::SEE_OTHER);
    assert!(site.get(&format!("/practices/{}", samples::practice_id())).await.text().contains("Скільки часу пішло"));
    let mut editor = Browser::of(&site, "Іван").await;
    assert_eq!(editor.submit(&hide, &[("reason", "образа")]).await.status, StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn whatever_has_a_page_of_its_own_can_be_hidden_here() {
    let site = Site::new();
    let mut administrator = Browser::of(&site, "Оксана").await;
    let of_kind = |kind| sample_id(kind).to_string();
    let practice = samples::practice_id().to_string();
    let shown = [
        ("practices", practice.clone(), format!("/practices/{practice}")),
        ("practices", practice.clone(), format!("/practices/{practice}/history")),
        (
            "collections",
            of_kind(DocumentKind::Collection),
            format!("/collections/{}", of_kind(DocumentKind::Collection)),
        ),
        ("materials", of_kind(DocumentKind::Material), format!("/materials/{}", of_kind(DocumentKind::Material))),
        ("records", of_kind(DocumentKind::Exchange), format!("/records/{}/history", of_kind(DocumentKind::Exchange))),
    ];
    for (place, id, path) in shown {
        let hide = format!("/records/{id}/hide");
        assert!(administrator.get(&path).await.status == StatusCode::OK, "{path}");
        if !path.ends_with("history") {
            assert!(administrator.get(&path).await.text().contains(&hide), "{path}");
            assert!(!site.get(&path).await.text().contains(&hide), "{path}: only for administrators");
        }
        let before = site.get(&path).await.text();
        assert_eq!(administrator.submit(&hide, &[("reason", "образа")]).await.status, StatusCode::SEE_OTHER);
        let page = site.get(&format!("{path}?lang=en")).await.text();
        assert!(page.contains("образа") && page.contains("noindex") && !page.contains(&hide), "{path}: {page}");
        let anyway = format!("{path}?anyway=1&#38;lang=en");
        assert!(page.contains(&anyway), "{path}: {page}");
        assert!(site.get(&format!("{path}?anyway=1")).await.text().len() > page.len(), "{path}");
        assert!(administrator.get(&path).await.text().contains(&hide), "{path}: the way back");
        assert_eq!(administrator.submit(&hide, &[("do", "show")]).await.status, StatusCode::SEE_OTHER);
        assert_eq!(site.get(&path).await.text(), before, "{place}");
    }
}

#[tokio::test]
async fn who_comes_by_name_is_seen_by_those_who_sign_in_alone() {
    let site = Site::new();
    let mut clerk = Browser::of(&site, "Іван").await;
    let seminar = sample_id(DocumentKind::Seminar);
    let path = format!("/records/{seminar}/guests");
    assert_eq!(
        clerk.submit(&path, &[("guests", "Олена Коваль, староста\n\n Ігор ")]).await.status,
        StatusCode::SEE_OTHER
    );
    let sheet = format!("/records/{seminar}/sheet");
    assert!(clerk.get(&sheet).await.text().contains("Олена Коваль"));
    assert!(!site.get(&sheet).await.text().contains("Олена Коваль"));
    let calendar = site.get(&format!("/records/{seminar}/calendar.ics")).await.text();
    assert!(
        calendar.starts_with("BEGIN:VCALENDAR\r\n")
            && calendar.contains("DTSTART:20991014T070000Z\r\nDTEND:20991014T083000Z"),
        "{calendar}"
    );
    assert!(calendar.contains("DTEND;VALUE=DATE:20991016") && !calendar.contains("Коваль"), "{calendar}");
}

#[tokio::test]
async fn what_was_achieved_is_counted() {
    let site = Site::new();
    let page = site.get("/achievements").await.text();
    let adoptions = page.split("id=\"adoptions\"").nth(1).expect("adoptions");
    assert!(adoptions.contains("Працює") && adoptions.contains("Освіта"), "{adoptions}");
    let digest = site.get("/digest").await.text();
    assert!(digest.contains("Хто шукає допомоги"), "{digest}");
    let feed = site.get("/digest.atom").await;
    assert!(feed.header("content-type").starts_with("application/atom+xml"));
}

#[tokio::test]
async fn who_comes_too_late_or_in_too_great_number_is_told() {
    let site = Site::new();
    let mut clerk = Browser::of(&site, "Іван").await;
    let seminar = sample_id(DocumentKind::Seminar).to_string();
    let draft = "/write/record/00000000000000000000000000000041";
    let form = |people| {
        [
            ("kind", "registration"),
            ("about", seminar.as_str()),
            ("parties.0.role", "голова"),
            ("parties.0.people", people),
        ]
    };
    // Of thirty seats one is taken.
    clerk.submit(draft, &form("29")).await;
    assert!(!clerk.get(draft).await.text().contains("Вільних місць"), "there is room");
    clerk.submit(draft, &form("30")).await;
    let page = clerk.get(draft).await.text();
    assert!(page.contains("Вільних місць: 29") && page.contains("домовтеся"), "{page}");
    let over = serde_json::json!({ "about": seminar, "stages": [{ "status": "works", "date": "2199-01-01" }] });
    let codes: Vec<_> = crate::library::timely::untimely("adoption", &over).iter().map(|error| error.code).collect();
    assert_eq!(codes, ["in_future"]);
}
