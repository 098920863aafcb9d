//! What is said of what its community took back.

use crdt::gate::DocumentKind;

use super::desk::Browser;
use super::*;
use crate::library::Library;
use crate::people::People;
use crate::testing::documents::sample_id;

#[tokio::test]
async fn what_was_taken_back_says_who_did_it_when_and_why() {
    let site = Site::new();
    let id = samples::practice_id();
    site.library.withdraw(id, "Помилкові дані".into()).expect("taken back");
    for (path, said) in [
        (format!("/practices/{id}"), "відкликано"),
        (format!("/practices/{id}?lang=en"), "was withdrawn"),
        (format!("/api/v1/practices/{id}"), "\"withdrawn\""),
        (format!("/api/v1/documents/{id}"), "\"withdrawn\""),
    ] {
        let answer = site.get(&path).await;
        assert_eq!(answer.status, StatusCode::GONE, "{path}");
        let text = answer.text();
        assert!(
            text.contains(said) && text.contains("Помилкові дані") && text.contains("01.06.2024"),
            "{path}: {text}"
        );
    }
    assert_eq!(site.get(&format!("/practices/{}", "0".repeat(32))).await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn what_depends_on_it_keeps_its_name_or_says_that_it_is_gone() {
    let site = Site::new();
    let id = samples::practice_id();
    let adoption = format!("/records/{}", sample_id(DocumentKind::Adoption));
    let collection = format!("/collections/{}", sample_id(DocumentKind::Collection));
    let seminar = format!("/records/{}", sample_id(DocumentKind::Seminar));
    site.library.withdraw(id, String::new()).expect("taken back");
    let page = site.get(&adoption).await.text();
    assert!(page.contains("(відкликана практика)"), "{page}");
    let page = site.get(&collection).await.text();
    assert!(page.contains("Відкликана практика") && !page.contains("Без назви"), "{page}");
    let page = site.get(&seminar).await.text();
    assert!(page.contains("Відкликана практика"), "{page}");
}

#[tokio::test]
async fn the_log_of_deeds_names_the_kind() {
    let site = Site::new();
    site.library
        .people
        .note(&crate::people::Deed {
            at: 1,
            who: "Іван".into(),
            what: "published:adoption".into(),
            about: "Толока".into(),
        })
        .expect("noted");
    let page = Browser::of(&site, "Оксана").await.get("/deeds").await.text();
    assert!(page.contains("опубліковано: впровадження"), "{page}");
}
