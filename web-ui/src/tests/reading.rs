use super::*;
use crdt::id::RecordId;

#[tokio::test]
async fn a_record_is_its_bytes_and_is_kept_for_good() {
    let site = Site::new();
    let id = RecordId::of(samples::RECORD).to_string();
    let path = format!("/api/v1/records/{id}");
    let answer = site.get(&path).await;
    assert_eq!(answer.body, samples::RECORD);
    assert_eq!(answer.header("content-type"), "application/octet-stream");
    assert_eq!(answer.header("etag"), format!("\"{id}\""));
    assert!(answer.header("cache-control").contains("immutable"));
    let again = request(&Method::GET, &path).header("if-none-match", format!("W/\"{id}\", \"x\""));
    let again = site.ask(again.body(Body::empty()).unwrap()).await;
    assert_eq!((again.status, again.body.len()), (StatusCode::NOT_MODIFIED, 0));
    assert_eq!(again.header("etag"), format!("\"{id}\""));
    let capitals = site.get(&format!("/api/v1/records/{}", id.to_uppercase())).await;
    assert_eq!(capitals.header("etag"), format!("\"{id}\""), "one record has one tag");
}

#[tokio::test]
async fn a_block_tells_where_the_next_one_begins() {
    let site = Site::new();
    let first = site.get("/api/v1/bundle?since=5").await;
    assert_eq!(first.text(), "None 5");
    assert_eq!(
        [first.header("dosvid-next"), first.header("dosvid-records"), first.header("dosvid-total")],
        ["second", "1", "1"]
    );
    let last = site.get("/api/v1/bundle?after=second").await;
    assert_eq!(last.text(), "Some(\"second\") 0");
    assert!(!last.headers.contains_key("dosvid-next"));
}

#[tokio::test]
async fn a_block_may_be_tried_first() {
    let site = Site::new();
    site.write(Method::POST, "/api/v1/bundle?dry_run=true", "abc").await;
    site.write(Method::POST, "/api/v1/bundle", "abcd").await;
    assert_eq!(site.library.contents().writes, ["block 3 true", "block 4 false"]);
}

#[tokio::test]
async fn a_publication_says_where_it_is() {
    let site = Site::new();
    let body = body_for(&Method::POST, "/api/v1/practices");
    let answer = site.write(Method::POST, "/api/v1/practices", body).await;
    assert_eq!(answer.status, StatusCode::CREATED);
    let place = answer.header("location").to_owned();
    assert_eq!(site.get(&place).await.json()["practice"]["title"], "Толока");
    let gone =
        site.write(Method::DELETE, &format!("{place}?reason=%D0%BF%D0%BE%D0%BC%D0%B8%D0%BB%D0%BA%D0%B0"), "").await;
    assert_eq!((gone.status, gone.body.len()), (StatusCode::NO_CONTENT, 0));
    assert!(site.library.contents().writes.last().unwrap().ends_with("помилка"));
    assert_eq!(site.get(&place).await.status, StatusCode::GONE);
}

#[tokio::test]
async fn a_profile_has_a_history_of_its_own() {
    let site = Site::new();
    let history = site.get(&filled("/api/v1/communities/{id}/history")).await.json();
    assert_eq!(history["total"], 2);
    assert_eq!(history["rows"][0]["device_name"], "Комп’ютер відділу");
}

#[tokio::test]
async fn practices_are_listed_by_owner() {
    let site = Site::new();
    let own = site.get(&format!("/api/v1/practices?owner={}", samples::OWNER)).await.json();
    assert_eq!(own["total"], 25);
    let others = site.get(&format!("/api/v1/practices?owner={}", "02".repeat(32))).await.json();
    assert_eq!(others["total"], 0);
}

#[tokio::test]
async fn every_vocabulary_is_told_with_its_labels() {
    let lists = Site::new().get("/api/v1/vocabularies").await.json();
    let lists = lists.as_array().unwrap();
    assert_eq!(lists.len(), crdt::vocabulary::ALL.len());
    let sectors = lists.iter().find(|list| list["key"] == "sectors").unwrap();
    assert_eq!(sectors["terms"][0], serde_json::json!({ "key": "education", "uk": "Освіта", "en": "Education" }));
}

#[tokio::test]
async fn the_codifier_is_walked_page_by_page() {
    let site = Site::new();
    let (mut codes, mut after) = (Vec::new(), String::new());
    loop {
        let page = site.get(&format!("/api/v1/hromadas?limit=100{after}")).await.json();
        codes.extend(page["rows"].as_array().unwrap().iter().map(|row| row["code"].as_str().unwrap().to_owned()));
        match page["next"].as_str() {
            Some(next) => after = format!("&after={next}"),
            None => break,
        }
    }
    let all: Vec<&str> = crdt::codifier::all().iter().map(|hromada| hromada.code).collect();
    assert_eq!(codes, all);
}
