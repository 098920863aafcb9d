//! What a page offers, and to whom; what a form shows of what it asks.

use super::desk::{Browser, RECORD_DRAFT};
use super::*;

#[tokio::test]
async fn a_practice_offers_what_its_reader_may_do() {
    let site = Site::new();
    let path = format!("/practices/{}", samples::practice_id());
    let (copy, edit) = ("Скопіювати як чернетку", format!("{path}/edit"));
    let page = Browser::of(&site, "Іван").await.get(&path).await.text();
    assert!(page.contains(copy) && page.contains(&edit) && page.contains(&format!("{path}/withdraw")), "{page}");
    let page = Browser::of(&site, "Петро").await.get(&path).await.text();
    assert!(!page.contains(copy) && !page.contains(&edit), "what is refused is not offered: {page}");
}

#[tokio::test]
async fn a_translation_is_written_beside_its_original_in_a_language_of_the_list() {
    let site = Site::new();
    let mut clerk = Browser::of(&site, "Іван").await;
    let draft = RECORD_DRAFT;
    let practice = samples::practice_id().to_string();
    let form = [("kind", "translation"), ("about", practice.as_str()), ("lang", "english"), ("do", "save")];
    clerk.submit(draft, &form).await;
    let page = clerk.get(draft).await.text();
    let beside = page.split("id=\"f-title\"").next().expect("before the control");
    assert!(beside.contains(&samples::practice().title) && page.contains("Оригінал"), "{page}");
    assert!(page.contains("<option value=\"pl\">польська</option>"), "{page}");
    assert!(page.contains("Мови «english» програма не знає"), "{page}");
}

#[tokio::test]
async fn a_practice_names_others_by_their_titles() {
    let site = Site::new();
    let mut clerk = Browser::of(&site, "Іван").await;
    let draft = "/write/0123456789abcdef0123456789abcdef";
    let (practice, title) = (samples::practice_id().to_string(), samples::practice().title);
    let began = [("title", "Толока"), ("adopted_from", practice.as_str()), ("adoption", "beef")];
    let sent = began.iter().copied().chain([("do", "pick:related")]).collect::<Vec<_>>();
    let answer = clerk.submit(draft, &sent).await;
    let pick = "/write/record/0123456789abcdef0123456789abcdef/pick";
    assert_eq!(answer.header("location"), format!("{pick}?field=related"));
    let page = clerk.get(&format!("{pick}?field=related&q=")).await.text();
    assert!(page.contains(&title) && page.contains(&format!("href=\"{draft}#f-related\"")), "{page}");
    let page = clerk.submit(pick, &[("field", "related"), ("add", &practice)]).await;
    assert!(page.header("location").starts_with(pick), "{}", page.text());
    let page = clerk.get(draft).await.text();
    assert_eq!(page.matches(&format!(">{title}</a>")).count(), 2, "both are shown by title: {page}");
    assert!(page.contains("name=\"adoption\" value=\"beef\""), "what the draft knows beside its form stays");
    let sent = [("title", "Толока"), ("adopted_from", practice.as_str()), ("do", "remove:adopted_from:0")];
    let answer = clerk.submit(draft, &sent).await;
    assert_eq!(answer.header("location"), format!("{draft}#f-adopted_from"));
    let page = clerk.get(draft).await.text();
    assert!(!page.contains(&format!(">{title}</a>")) && page.contains("pick:adopted_from"), "{page}");
}

#[tokio::test]
async fn the_main_sector_stays_first() {
    let site = Site::new();
    let mut clerk = Browser::of(&site, "Іван").await;
    let draft = "/write/0123456789abcdef0123456789abcdef";
    let form = [("title", "Толока"), ("sectors", "education"), ("sectors", "culture"), ("sectors", "education")];
    clerk.submit(draft, &form.iter().copied().chain([("do", "save")]).collect::<Vec<_>>()).await;
    let page = clerk.get(draft).await.text();
    let main = page.split("<select name=\"sectors\">").nth(1).expect("the list").split("</select>").next().unwrap();
    assert!(main.contains("<option value=\"education\" selected>"), "{main}");
}

#[tokio::test]
async fn an_address_that_cannot_be_reached_is_kept_only_by_whoever_insists() {
    let site = Site::new();
    let mut browser = Browser::of(&site, "Оксана").await;
    let address = "/ip4/192.0.2.7/tcp/4643";
    let page = browser.submit("/start/connect", &[("address", address), ("do", "try")]).await.text();
    assert!(page.contains("Адресу не збережено") && site.library.contents().added.is_empty(), "{page}");
    let page = browser.submit("/start/connect", &[("address", address), ("do", "keep")]).await.text();
    assert!(page.contains("Адресу збережено"), "{page}");
    assert_eq!(site.library.contents().added, [address]);
}

#[tokio::test]
async fn a_record_with_personal_data_is_looked_at_once_more_before_it_is_published() {
    let site = Site::new();
    let mut clerk = Browser::of(&site, "Іван").await;
    let draft = RECORD_DRAFT;
    let practice = samples::practice_id().to_string();
    let form = [
        ("kind", "comment"),
        ("about", practice.as_str()),
        ("purpose", "question"),
        ("text", "Зателефонуйте мені: 067 123-45-67"),
        ("proof", samples::PASSWORD),
        ("sure", "yes"),
        ("do", "publish"),
    ];
    let page = clerk.submit(draft, &form).await.text();
    assert!(
        page.contains("Ще не опубліковано") && page.contains("name=\"seen\" value=\"text: 067 123-45-67\""),
        "{page}"
    );
    let again: Vec<_> = form.iter().copied().chain([("seen", "text: 067 123-45-67")]).collect();
    let answer = clerk.submit(draft, &again).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text());
}
