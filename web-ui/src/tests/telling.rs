//! What is told of records that belong together: who repeats a practice and who confirms it, who can help,
//! which seminars are too small, what a record names.

use crdt::id::CommunityId;

use super::desk::{Browser, RECORD_DRAFT as DRAFT};
use super::records::{held, put};
use super::*;
use crate::testing::documents::{NEIGHBOUR, sample_id};

#[tokio::test]
async fn who_repeats_a_practice_is_told_with_what_was_changed_and_who_confirms_it() {
    let site = Site::new();
    let path = format!("/practices/{}", samples::practice_id());
    let page = site.get(&path).await.text();
    assert!(page.contains("1\u{a0}громада повідомила, що повторює"), "{page}");
    assert!(!page.contains("Жодна інша громада ще не повідомила"), "{page}");
    assert!(page.contains("Що змінили: Зменшили суму проєкту вдвічі"), "{page}");
    assert!(!page.contains("підтвердила громада, чия це практика"), "nobody did yet");
    let adoption = sample_id(DocumentKind::Adoption).to_string();
    let confirmation = serde_json::json!({ "about": adoption, "about_owner": samples::OWNER.to_string(),
        "basis": "origin_confirms", "date": "2025-10" });
    let told = documents::page(DocumentKind::Endorsement, samples::OWNER, samples::CODE, 77, confirmation);
    site.library.contents().documents.insert(told.card.id.clone(), told);
    let page = site.get(&path).await.text();
    assert!(page.contains("підтвердила громада, чия це практика"), "{page}");
    assert!(site.get(&format!("{path}?lang=en")).await.text().contains("1\u{a0}hromada says that it repeats this"));
}

#[tokio::test]
async fn who_repeated_such_a_practice_is_named_to_whoever_asks_with_the_reason() {
    let site = Site::new();
    let third = CommunityId([9; 32]);
    let ours = samples::OWNER.to_string();
    let id = site.library.contents().communities.keys().next().cloned().expect("a community");
    assert_eq!(id, ours, "the community of the node is the first");
    let request = serde_json::json!({ "direction": "request", "title": "Хто вже робив?", "what": "Шкільний бюджет",
        "sectors": ["education"], "expires_on": "2099-12-31" });
    let request = put(&site, DocumentKind::Exchange, third, 5, request);
    let other = crdt::id::DocumentId::of(&third, &crdt::id::DocumentName([8; 16])).to_string();
    let adoption = |status: &str| {
        serde_json::json!({ "about": other, "about_owner": third.to_string(), "sectors": ["education"],
        "title": "Бюджет участі", "stages": [{ "status": status, "date": "2025-03" }] })
    };
    let said = async |site: &Site| {
        let page = site.get(&format!("/records/{request}")).await.text();
        page.split("id=\"matches\"").nth(1).expect("matches").split("</section>").next().unwrap_or_default().to_owned()
    };
    let adopted = put(&site, DocumentKind::Adoption, samples::OWNER, 6, adoption("interested"));
    assert!(!said(&site).await.contains("повторила таку практику"), "an intention is no experience");
    site.library.contents().documents.remove(&adopted);
    let adopted = put(&site, DocumentKind::Adoption, samples::OWNER, 6, adoption("works"));
    let matches = said(&site).await;
    assert!(matches.contains("повторила таку практику") && !matches.contains("це підтвердила"), "{matches}");
    let confirmation =
        serde_json::json!({ "about": adopted, "about_owner": ours, "basis": "origin_confirms", "date": "2025" });
    put(&site, DocumentKind::Endorsement, third, 7, confirmation);
    let matches = said(&site).await;
    assert!(matches.contains("це підтвердила громада, чия практика"), "{matches}");
}

#[tokio::test]
async fn an_edit_that_fits_no_field_is_not_called_accepted() {
    let site = Site::new();
    let mut clerk = Browser::of(&site, "Іван").await;
    let suggestion = serde_json::json!({
        "about": samples::practice_id().to_string(), "about_owner": samples::OWNER.to_string(), "purpose": "suggestion",
        "text": "Виправте", "suggestions": [{ "field": "costs.total_uah", "value": "багато" }, { "field": "nothing", "value": "x" }],
    });
    let id = put(&site, DocumentKind::Comment, NEIGHBOUR, 73, suggestion);
    for path in [format!("/records/{id}"), format!("/records/{id}/accept")] {
        let page = clerk.get(&path).await.text();
        assert!(!page.contains("вже прийнято") && page.contains("жодна зміна не підходить"), "{path}: {page}");
        assert!(!page.contains("name=\"proof\"") && !page.contains(">Прийняти правку</a>"), "{path}: {page}");
    }
    let answer = clerk.submit(&format!("/records/{id}/accept"), &[("proof", samples::PASSWORD)]).await;
    assert!(answer.text().contains("жодна зміна не підходить"), "{}", answer.text());
}

#[tokio::test]
async fn what_was_achieved_says_of_which_place_and_of_which_year_it_counts() {
    let page = Site::new().get("/achievements").await.text();
    assert!(page.contains("За областями, де це було") && page.contains("За роком початку"), "{page}");
    assert!(page.contains("За областями громад, що повідомили") && !page.contains("За місяцем початку"), "{page}");
}

#[tokio::test]
async fn a_seminar_with_too_few_seats_is_told_to_who_holds_it_and_to_who_comes() {
    let site = Site::new();
    let mut clerk = Browser::of(&site, "Іван").await;
    let said = "Людей зареєстровано більше, ніж є місць";
    let theirs = sample_id(DocumentKind::Seminar).to_string();
    let coming = |about: &str, people: u32| serde_json::json!({ "about": about, "parties": [{ "role": "голова", "people": people }] });
    let own = site.library.contents().documents[&theirs].content.clone();
    put(&site, DocumentKind::Registration, samples::OWNER, 21, coming(&theirs, 2));
    let own = put(&site, DocumentKind::Seminar, samples::OWNER, 22, own);
    put(&site, DocumentKind::Registration, NEIGHBOUR, 23, coming(&own, 4));
    for path in [format!("/records/{theirs}"), format!("/records/{own}"), "/messages".into()] {
        assert!(!clerk.get(&path).await.text().contains(said), "{path}: there is room");
    }
    for id in [&theirs, &own] {
        site.library.contents().documents.get_mut(id).expect("a seminar").content["seats"] = 2.into();
    }
    let page = clerk.get(&format!("/records/{theirs}")).await.text();
    assert!(page.contains(&format!("{said}: 3 / 2. Хто зареєструвався")), "{page}");
    let page = clerk.get(&format!("/records/{own}")).await.text();
    assert!(page.contains(&format!("{said}: 4 / 2. Додайте місця")), "{page}");
    let messages = clerk.get("/messages").await.text();
    assert!(messages.contains("3 / 2. Хто зареєструвався") && messages.contains("4 / 2. Додайте"), "{messages}");
}

#[tokio::test]
async fn nobody_copies_an_id_by_hand() {
    let site = Site::new();
    let mut clerk = Browser::of(&site, "Іван").await;
    let practice = samples::practice_id().to_string();
    let form = [("kind", "seminar"), ("programme.1.title", "Як ми почали"), ("venue.community", "Решетилівська")];
    assert_eq!(clerk.submit(DRAFT, &form).await.status, StatusCode::SEE_OTHER);
    let page = clerk.get(DRAFT).await.text();
    assert!(page.contains("value=\"pick:programme.1.practice\">Обрати практику"), "{page}");
    assert!(!page.contains("id=\"f-venue-community-error\""), "a place is called by its name: {page}");
    let pick = format!("{DRAFT}/pick?field=programme.1.practice");
    assert!(clerk.get(&pick).await.text().contains(&format!("name=\"add\" value=\"{practice}\"")));
    let answer = clerk.submit(&format!("{DRAFT}/pick"), &[("field", "programme.1.practice"), ("add", &practice)]).await;
    assert!(answer.header("location").ends_with("#f-programme-1-practice"), "{}", answer.header("location"));
    let page = clerk.get(DRAFT).await.text();
    assert_eq!(held(&page, "programme.1.practice").as_deref(), Some(practice.as_str()));
    assert!(page.contains(&format!("href=\"/practices/{practice}\">{}</a>", samples::practice().title)), "{page}");
    let form = [form[0], form[1], ("programme.1.practice", practice.as_str()), ("do", "remove:programme.1.practice:0")];
    clerk.submit(DRAFT, &form).await;
    assert_eq!(held(&clerk.get(DRAFT).await.text(), "programme.1.practice"), None, "it can be taken out again");
    let adoption = clerk.get(&format!("/write/record/new?kind=adoption&about={practice}")).await.text();
    for field in ["pledged_at", "request", "became"] {
        assert!(adoption.contains(&format!("value=\"pick:{field}\"")), "{field}: {adoption}");
        assert!(!adoption.contains(&format!("<input id=\"f-{field}\"")), "{field}: nobody types an id");
    }
    assert!(adoption.contains("<h1>Нове впровадження</h1>"), "{adoption}");
    clerk.submit(DRAFT, &[("kind", "adoption"), ("about", &practice)]).await;
    let seminar = sample_id(DocumentKind::Seminar).to_string();
    let pick = format!("{DRAFT}/pick?field=pledged_at");
    assert!(clerk.get(&pick).await.text().contains(&format!("name=\"add\" value=\"{seminar}\"")));
}
