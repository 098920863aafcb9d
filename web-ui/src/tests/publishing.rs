//! Collections and materials: their pages, and the files that they give.

use serde_json::json;

use super::desk::{Browser, RECORD_DRAFT as DRAFT};
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
    for said in [
        "редакція від 24.08.2025",
        "Пряма демократія: шість історій",
        "Найпростіша для початку.",
        "Ці історії можна повторити.",
        "Київ, 2026",
    ] {
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

/// What an input of a page holds.
fn held(page: &str, name: &str) -> Option<String> {
    let after = page.split(&format!("name=\"{name}\" value=\"")).nth(1)?;
    Some(after.split('"').next()?.to_owned())
}

/// A second practice, and its number.
fn another(site: &Site) -> String {
    let practice = crdt::practice::Practice { title: "Ґанок без порогів".into(), ..samples::practice() };
    let page = crate::testing::practice_page(samples::OWNER, samples::CODE, 77, practice);
    let id = page.id.clone();
    site.library.contents().practices.insert(id.clone(), page);
    id
}

#[tokio::test]
async fn a_collection_begun_from_a_practice_is_published_at_its_revision() {
    let site = Site::new();
    let mut clerk = Browser::of(&site, "Іван").await;
    let practice = samples::practice_id().to_string();
    let shown = clerk.get(&format!("/practices/{practice}")).await.text();
    assert!(shown.contains(&format!("/practices/{practice}/collect")), "a way from the practice");
    let offered = clerk.get(&format!("/practices/{practice}/collect")).await.text();
    let new = format!("/write/record/new?kind=collection&amp;practice={practice}");
    assert!(offered.contains(&new) || offered.contains(&new.replace("&amp;", "&#38;")), "{offered}");
    // 1. The form knows the revision and shows its day; of ids it shows nothing.
    let form = clerk.get(&format!("/write/record/new?kind=collection&practice={practice}")).await.text();
    assert_eq!(held(&form, "items.0.revision"), Some("ab".repeat(32)));
    assert!(form.contains("редакція від 24.08.2025") && form.contains(&samples::practice().title), "{form}");
    assert!(!form.contains("Практика (номер запису)"));
    // 2. It is published so, even where a form lost the revision.
    let typed = [
        ("kind", "collection"),
        ("title", "Три історії"),
        ("items.0.practice", practice.as_str()),
        ("items.0.note", "Почніть із неї."),
        ("state", "editing"),
        ("proof", samples::PASSWORD),
        ("sure", "yes"),
        ("do", "publish"),
    ];
    let answer = clerk.submit(DRAFT, &typed).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text());
    let id = answer.header("location").rsplit('/').next().expect("an id").to_owned();
    let published = site.library.contents().documents[&id].content.clone();
    assert_eq!(published["items"][0]["revision"], json!(["ab".repeat(32)]));
    // 3. An edit keeps the revision that was chosen, until somebody takes the newest.
    site.library.contents().practices.get_mut(&practice).expect("a practice").heads = vec!["ef".repeat(32)];
    let edit = clerk.get(&format!("/records/{id}/edit")).await.text();
    assert_eq!(held(&edit, "items.0.revision"), Some("ab".repeat(32)));
    assert!(edit.contains("renew:items:0"));
    let page = clerk.get(&format!("/collections/{id}")).await.text();
    let renew = format!("/records/{id}/edit?renew={practice}");
    assert!(page.contains(&renew) && page.contains("Оновити до найновішої редакції"), "{page}");
    assert!(!site.get(&format!("/collections/{id}")).await.text().contains(&renew), "not for whoever only reads");
    let renewed = clerk.get(&renew).await.text();
    assert_eq!(held(&renewed, "items.0.revision"), Some("ef".repeat(32)));
    // 4. The same with the button of the form.
    let typed = [
        ("kind", "collection"),
        ("document", id.as_str()),
        ("items.0.practice", practice.as_str()),
        ("items.0.revision", &"ab".repeat(32)),
        ("do", "renew:items:0"),
    ];
    let answer = clerk.submit(DRAFT, &typed).await;
    let form = clerk.get(answer.header("location").split('#').next().expect("a path")).await.text();
    assert_eq!(held(&form, "items.0.revision"), Some("ef".repeat(32)));
}

#[tokio::test]
async fn cases_are_picked_by_title_and_moved_without_a_script() {
    let site = Site::new();
    let other = another(&site);
    let mut clerk = Browser::of(&site, "Іван").await;
    let practice = samples::practice_id().to_string();
    let typed = [
        ("kind", "collection"),
        ("title", "Дві історії"),
        ("items.0.practice", practice.as_str()),
        ("do", "pick:items"),
    ];
    let answer = clerk.submit(DRAFT, &typed).await;
    let pick = format!("{DRAFT}/pick");
    assert!(answer.header("location").starts_with(&pick), "{}", answer.header("location"));
    let page = clerk.get(&format!("{pick}?field=items")).await.text();
    assert!(page.contains("Ґанок без порогів") && page.contains(&format!("value=\"{other}\"")), "{page}");
    assert!(page.contains("уже додано") && !page.contains(&format!("name=\"add\" value=\"{practice}\"")));
    let added = clerk.submit(&pick, &[("field", "items"), ("add", &other)]).await;
    let page = clerk.get(added.header("location")).await.text();
    assert!(page.contains("Додано: «Ґанок без порогів»"), "{page}");
    let form = clerk.get(DRAFT).await.text();
    let chosen =
        |form: &str| [held(form, "items.0.practice"), held(form, "items.1.practice")].map(Option::unwrap_or_default);
    assert_eq!(chosen(&form), [practice.clone(), other.clone()]);
    assert_eq!(held(&form, "items.1.revision"), Some("ab".repeat(32)));
    // Up, and away.
    let revision = "ab".repeat(32);
    let rows = [
        ("kind", "collection"),
        ("items.0.practice", practice.as_str()),
        ("items.0.revision", &revision),
        ("items.0.note", "Перша"),
        ("items.1.practice", other.as_str()),
        ("items.1.revision", &revision),
    ];
    let with = |what: &'static str| rows.iter().copied().chain([("do", what)]).collect::<Vec<_>>();
    clerk.submit(DRAFT, &with("up:items:1")).await;
    assert_eq!(chosen(&clerk.get(DRAFT).await.text()), [other.clone(), practice.clone()]);
    clerk.submit(DRAFT, &with("down:items:0")).await;
    let form = clerk.get(DRAFT).await.text();
    assert_eq!(chosen(&form), [other.clone(), practice.clone()]);
    assert!(form.contains("Перша"), "the note goes along");
    clerk.submit(DRAFT, &with("down:items:1")).await;
    assert_eq!(chosen(&clerk.get(DRAFT).await.text()), [practice.clone(), other.clone()], "there is no lower");
    clerk.submit(DRAFT, &with("remove:items:0")).await;
    assert_eq!(chosen(&clerk.get(DRAFT).await.text()), [other.clone(), String::new()]);
    // What is no practice is not picked, and neither is anything for a field that picks nothing.
    let collection = documents::sample_id(DocumentKind::Collection).to_string();
    for (field, id) in [("items", collection.as_str()), ("title", &other), ("items", "x")] {
        assert_eq!(
            clerk.submit(&pick, &[("field", field), ("add", id)]).await.status,
            StatusCode::NOT_FOUND,
            "{field}"
        );
    }
}

#[tokio::test]
async fn lists_begin_something_new_for_whoever_may_write() {
    let site = Site::new();
    let mut clerk = Browser::of(&site, "Іван").await;
    for (list, label, href) in [
        ("/collections", "Новий збірник", "/write/record/new?kind=collection"),
        ("/materials", "Новий матеріал", "/write/material"),
    ] {
        assert!(!site.get(list).await.text().contains(label), "{list}");
        assert!(clerk.get(list).await.text().contains(label), "{list}");
        assert_eq!(clerk.get(href).await.status, StatusCode::OK, "{href}");
    }
}

#[tokio::test]
async fn a_wrong_number_is_named() {
    let site = Site::new();
    let mut clerk = Browser::of(&site, "Іван").await;
    let about = samples::practice_id().to_string();
    let typed = [
        ("kind", "adoption"),
        ("about", about.as_str()),
        ("results.0.indicator", "Учасники"),
        ("results.0.after", "8"),
        ("results.1.indicator", "Проєкти"),
        ("results.1.after", "багато"),
        ("do", "check"),
    ];
    let answer = clerk.submit(DRAFT, &typed).await;
    let page = clerk.get(answer.header("location")).await.text();
    assert!(page.contains("Рядок 2: «Стало» — «багато» не читається як число"), "{page}");
}

#[tokio::test]
async fn a_material_without_an_address_says_that_it_has_no_code() {
    let site = Site::new();
    let said = "тож коду на аркушах не буде";
    assert!(site.get(&material()).await.text().contains(said));
    change(&site, DocumentKind::Material, |content| content["url"] = json!("https://dosvid.example.ua"));
    assert!(!site.get(&material()).await.text().contains(said));
}

#[tokio::test]
async fn a_material_begins_with_what_the_practice_says() {
    let site = Site::new();
    let mut clerk = Browser::of(&site, "Іван").await;
    let practice = samples::practice_id().to_string();
    let chooser = clerk.get(&format!("/write/material?practice={practice}")).await.text();
    assert!(chooser.contains(&samples::practice().title) && chooser.contains("value=\"press_release\""), "{chooser}");
    let from = format!("/write/record/new?kind=material&practice={practice}&type=slides&tongue=uk");
    let form = clerk.get(&from).await.text();
    assert_eq!(held(&form, "practices"), Some(practice.clone()));
    assert!(form.contains("Що було не так?") && form.contains("Запитайте в громади"), "{form}");
    assert!(form.contains("<option value=\"slides\" selected>"));
    // Its practice is shown by title, and can be taken out and picked again.
    assert!(form.contains("remove:practices:0") && form.contains("pick:practices") && form.contains("pick:collection"));
    let typed = [("kind", "material"), ("practices", practice.as_str()), ("do", "remove:practices:0")];
    clerk.submit(DRAFT, &typed).await;
    assert_eq!(held(&clerk.get(DRAFT).await.text(), "practices"), None);
    let pick = format!("{DRAFT}/pick");
    for (field, id) in
        [("practices", practice.clone()), ("collection", documents::sample_id(DocumentKind::Collection).to_string())]
    {
        assert_eq!(clerk.get(&format!("{pick}?field={field}")).await.status, StatusCode::OK, "{field}");
        assert_eq!(clerk.submit(&pick, &[("field", field), ("add", &id)]).await.status, StatusCode::SEE_OTHER);
        assert_eq!(held(&clerk.get(DRAFT).await.text(), field), Some(id), "{field}");
    }
}
