//! Documents of every kind in the API.

use axum::http::Method;
use crdt::gate::DocumentKind;
use serde_json::json;

use super::Site;
use crate::testing::{documents, samples};

#[tokio::test]
async fn every_kind_can_be_listed_read_and_edited() {
    let site = Site::new();
    for sample in documents::samples() {
        let (kind, id) = (&sample.card.kind, &sample.card.id);
        let list = site.get(&format!("/api/v1/documents?kind={kind}")).await.json();
        assert_eq!(list["rows"][0]["id"], json!(id), "{kind}");
        let page = site.get(&format!("/api/v1/documents/{id}")).await.json();
        assert_eq!(page["content"], sample.content, "{kind}");
        let edit = json!({ "base_heads": [], "content": sample.content }).to_string();
        let answer = site.write(Method::PUT, &format!("/api/v1/documents/{id}"), edit).await;
        assert_eq!(answer.status, 200, "{kind}: {}", answer.text());
    }
}

#[tokio::test]
async fn what_tells_about_a_practice_is_found_there() {
    let site = Site::new();
    let practice = samples::practice_id();
    for kind in ["adoption", "comment", "endorsement", "translation", "exchange", "seminar", "collection", "material"] {
        let list = site.get(&format!("/api/v1/documents?kind={kind}&about={practice}")).await.json();
        assert_eq!(list["total"], 1, "{kind}");
    }
    let told = site.get(&format!("/api/v1/communities/{}/told", samples::OWNER)).await.json();
    assert_eq!(told["total"], 4, "an adoption, a question, an endorsement and a translation of its practice");
}

#[tokio::test]
async fn a_wrong_document_is_refused_with_words() {
    let site = Site::new();
    let unknown = json!({ "kind": "poem", "content": {} }).to_string();
    let answer = site.write(Method::POST, "/api/v1/documents", unknown).await;
    assert_eq!(answer.status, 422);
    assert!(answer.text().contains("немає"), "{}", answer.text());
    let empty = json!({ "kind": "comment", "content": { "about": samples::practice_id().to_string() } }).to_string();
    let answer = site.write(Method::POST, "/api/v1/documents", empty).await;
    assert_eq!(answer.status, 422);
    assert_eq!(site.get("/api/v1/documents?kind=poem").await.status, 422);
    let both = format!("/api/v1/documents?kind=comment&about={}&owner={}", samples::practice_id(), samples::OWNER);
    assert_eq!(site.get(&both).await.status, 422);
}

#[tokio::test]
async fn the_census_counts_by_state_and_month() {
    let site = Site::new();
    let census = site.get("/api/v1/census?kind=adoption&by=month&by=state").await.json();
    assert_eq!(census["total"], 1);
    assert_eq!(census["rows"][0]["state"], "works");
    assert_eq!(census["rows"][0]["month"], "2025-09");
    assert_eq!(census["rows"][0]["sector"], "", "not counted by that");
    let by_state = site.get("/api/v1/census?kind=adoption").await.json();
    assert_eq!((&by_state["rows"][0]["state"], &by_state["rows"][0]["month"]), (&json!("works"), &json!("")));
    for (wrong, code) in [
        ("kind=adoption&by=mood", "unknown_by"),
        ("kind=adoption&by=state&by=month&by=sector", "too_many_values"),
        ("by=state", "kind_missing"),
        ("kind=adoption&of=state", "unknown_parameter"),
    ] {
        let answer = site.get(&format!("/api/v1/census?{wrong}")).await;
        assert_eq!((answer.status.as_u16(), answer.json()["error"]["code"].as_str()), (400, Some(code)), "{wrong}");
    }
    assert_eq!(documents::sample_id(DocumentKind::Adoption).to_string().len(), 32);
}
