use super::*;
use crate::library::{BLOCK_BYTES_MAX, IMPORT_ROWS_MAX};
use crate::routes::{IMPORT_BYTES_MAX, JSON_BYTES_MAX};

#[tokio::test]
async fn a_page_has_twenty_rows_unless_asked_and_never_over_a_hundred() {
    let site = Site::new();
    let lists = ["practices", "communities", "quarantine", "hromadas"];
    for list in lists.map(|list| format!("/api/v1/{list}")) {
        for limit in ["0", "101", "1000000"] {
            let answer = site.get(&format!("{list}?limit={limit}")).await;
            assert_eq!(
                (answer.status, answer.code().as_str()),
                (StatusCode::BAD_REQUEST, "limit_out_of_range"),
                "{list}"
            );
        }
        for limit in ["-1", "x", "", "99999999999999999999999", "1&limit=2"] {
            let answer = site.get(&format!("{list}?limit={limit}")).await;
            assert_eq!(
                (answer.status, answer.code().as_str()),
                (StatusCode::BAD_REQUEST, "malformed_query"),
                "{list} {limit}"
            );
        }
        for limit in ["1", "100"] {
            assert_eq!(site.get(&format!("{list}?limit={limit}")).await.status, StatusCode::OK, "{list}");
        }
    }
    let first = site.get("/api/v1/practices").await.json();
    assert_eq!((first["rows"].as_array().unwrap().len(), &first["next"]), (20, &Value::from("20")));
    let second = site.get("/api/v1/practices?after=20").await.json();
    assert_eq!((second["rows"].as_array().unwrap().len(), &second["next"]), (5, &Value::Null));
}

#[tokio::test]
async fn unknown_parameters_are_named() {
    let site = Site::new();
    let answer = site.get("/api/v1/practices?ownre=x").await;
    assert_eq!(answer.code(), "malformed_query");
    assert!(answer.text().contains("ownre"));
}

#[tokio::test]
async fn a_place_in_a_list_is_short() {
    let site = Site::new();
    let long = "x".repeat(257);
    for path in ["practices", "bundle", "hromadas"] {
        let answer = site.get(&format!("/api/v1/{path}?after={long}")).await;
        assert_eq!((answer.status, answer.code().as_str()), (StatusCode::BAD_REQUEST, "malformed_after"), "{path}");
    }
    assert_eq!(site.get(&format!("/communities?after={long}")).await.status, StatusCode::BAD_REQUEST);
}

#[tokio::test]
async fn bodies_over_their_limit_are_not_taken() {
    let site = Site::new();
    let sizes = [
        (Method::POST, "/api/v1/practices", JSON_BYTES_MAX),
        (Method::POST, "/api/v1/peers", JSON_BYTES_MAX),
        (Method::PUT, "/api/v1/profile", JSON_BYTES_MAX),
        (Method::POST, "/api/v1/import", IMPORT_BYTES_MAX),
        (Method::POST, "/api/v1/bundle", BLOCK_BYTES_MAX),
    ];
    for (method, path, most) in sizes {
        let over = site.write(method.clone(), path, vec![b' '; most + 1]).await;
        assert_eq!((over.status, over.code().as_str()), (StatusCode::PAYLOAD_TOO_LARGE, "too_large"), "{path}");
        let whole = site.write(method, path, vec![b' '; most]).await;
        assert_ne!(whole.status, StatusCode::PAYLOAD_TOO_LARGE, "{path}");
    }
    assert_eq!(site.library.contents().writes, [format!("block {BLOCK_BYTES_MAX} false")]);
}

#[tokio::test]
async fn an_import_has_at_most_so_many_rows() {
    let site = Site::new();
    let rows = |count: usize| serde_json::json!({ "rows": vec![Value::Null; count] }).to_string();
    let over = site.write(Method::POST, "/api/v1/import", rows(IMPORT_ROWS_MAX + 1)).await;
    assert_eq!(over.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(over.json()["error"]["fields"][0]["code"], "too_many");
    let most = site.write(Method::POST, "/api/v1/import", rows(IMPORT_ROWS_MAX)).await;
    assert_eq!(most.json().as_array().unwrap().len(), IMPORT_ROWS_MAX);
    assert_eq!(site.library.contents().writes, [format!("import {IMPORT_ROWS_MAX}")]);
}

#[tokio::test]
async fn a_reason_and_an_address_are_short() {
    let site = Site::new();
    let path = filled("/api/v1/practices/{id}");
    let long = site.write(Method::DELETE, &format!("{path}?reason={}", "x".repeat(1_001)), "").await;
    assert_eq!(long.json()["error"]["fields"][0]["field"], "reason");
    let address = serde_json::json!({ "address": "/".repeat(1_025) }).to_string();
    let long = site.write(Method::POST, "/api/v1/peers", address).await;
    assert_eq!(long.json()["error"]["fields"][0]["field"], "address");
    assert!(site.library.contents().writes.is_empty());
}
