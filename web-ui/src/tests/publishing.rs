//! Collections and materials: their pages, and the files that they give.

use serde_json::json;

use super::*;

fn collection() -> String {
    format!("/collections/{}", documents::sample_id(DocumentKind::Collection))
}

fn material() -> String {
    format!("/materials/{}", documents::sample_id(DocumentKind::Material))
}

/// Changes what a sample document says.
fn change(site: &Site, kind: DocumentKind, change: impl FnOnce(&mut Value)) {
    let id = documents::sample_id(kind).to_string();
    change(&mut site.library.contents().documents.get_mut(&id).expect("a sample").content);
}

#[tokio::test]
async fn a_collection_leads_to_its_cases_and_files() {
    let site = Site::new();
    let page = site.get(&collection()).await.text();
    for said in
        ["Пряма демократія: шість історій", "Найпростіша для початку.", "Ці історії можна повторити.", "Київ, 2026"]
    {
        assert!(page.contains(said), "{said}");
    }
    assert!(page.contains(&format!("href=\"/practices/{}\"", samples::practice_id())));
    for (name, kind, start) in [
        ("book.pdf", "application/pdf", &b"%PDF-"[..]),
        ("book.epub", "application/epub+zip", b"PK"),
        ("book.docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document", b"PK"),
        ("book.html", "text/html; charset=utf-8", b"<!doctype html>"),
    ] {
        let path = format!("{}/{name}", collection());
        assert!(page.contains(&format!("href=\"{path}\"")), "{name}");
        let answer = site.get(&path).await;
        assert_eq!((answer.status, answer.header("content-type")), (StatusCode::OK, kind), "{name}");
        assert!(answer.header("content-disposition").starts_with("attachment; filename=\"dosvid-"), "{name}");
        assert!(answer.body.starts_with(start), "{name}");
    }
}

#[tokio::test]
async fn a_frozen_revision_with_a_newer_one_is_marked() {
    let site = Site::new();
    let marked = "Є новіша редакція";
    change(&site, DocumentKind::Collection, |content| content["items"][0]["revision"] = json!(["cd".repeat(32)]));
    assert!(site.get(&collection()).await.text().contains(marked));
    change(&site, DocumentKind::Collection, |content| content["items"][0]["revision"] = json!([]));
    assert!(!site.get(&collection()).await.text().contains(marked));
}

#[tokio::test]
async fn a_case_that_is_gone_is_told_of() {
    let site = Site::new();
    site.library.contents().practices.clear();
    let page = site.get(&collection()).await.text();
    assert!(page.contains("Цієї практики тут немає"));
    assert_eq!(site.get(&format!("{}/book.epub", collection())).await.status, StatusCode::OK);
}

#[tokio::test]
async fn a_collection_too_long_for_a_book_is_refused_with_advice() {
    let site = Site::new();
    change(&site, DocumentKind::Collection, |content| {
        content["foreword"] = json!("ї".repeat(crate::book::TEXT_BYTES_MAX / 2));
    });
    for name in ["book.pdf", "book.epub", "book.docx", "book.html"] {
        let answer = site.get(&format!("{}/{name}", collection())).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{name}");
        assert!(answer.text().contains("поділіть його на кілька"), "{name}");
    }
}

#[tokio::test]
async fn a_material_that_keeps_to_no_form_is_not_set() {
    let site = Site::new();
    change(&site, DocumentKind::Material, |content| content["text"] = json!("ї".repeat(70_000)));
    for name in ["poster.pdf", "slides.png"] {
        let answer = site.get(&format!("{}/{name}", material())).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{name}");
        assert!(answer.text().contains("скоротіть текст"), "{name}");
    }
}

#[tokio::test]
async fn a_material_counts_its_uses_and_gives_every_size() {
    let site = Site::new();
    let page = site.get(&material()).await.text();
    for said in ["Ваше слово вирішує", "Соціальні мережі", "1\u{a0}200", "Плакат, A4"]
    {
        assert!(page.contains(said), "{said}");
    }
    for size in ["poster", "leaflet", "square", "wide", "release", "slides", "faq"] {
        for (end, kind) in [("pdf", "application/pdf"), ("png", "image/png")] {
            let path = format!("{}/{size}.{end}", material());
            assert!(page.contains(&format!("href=\"{path}\"")), "{path}");
            let answer = site.get(&path).await;
            assert_eq!((answer.status, answer.header("content-type")), (StatusCode::OK, kind), "{path}");
        }
    }
}

#[tokio::test]
async fn what_is_no_file_and_what_is_of_another_kind_is_not_found() {
    let site = Site::new();
    let swapped = collection().replace("collections", "materials");
    for path in [
        format!("{}/poster.exe", material()),
        format!("{}/poster", material()),
        format!("{}/huge.pdf", material()),
        format!("{}/..%2Fposter.pdf", material()),
        format!("{}/book.rtf", collection()),
        swapped.clone(),
        format!("{swapped}/poster.pdf"),
        material().replace("materials", "collections"),
        format!("/collections/{}/book.pdf", samples::practice_id()),
        "/collections/x/book.pdf".to_owned(),
        "/materials/x/poster.png".to_owned(),
    ] {
        assert_eq!(site.get(&path).await.status, StatusCode::NOT_FOUND, "{path}");
    }
}
