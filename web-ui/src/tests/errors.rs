use super::*;

/// Every error has one shape, in both languages.
fn assert_shape(answer: &Answer, what: &str) {
    let error = &answer.json()["error"];
    let keys: Vec<&String> = error.as_object().expect(what).keys().collect();
    assert_eq!(keys.len(), 4, "{what}: {keys:?}");
    for key in ["code", "uk", "en"] {
        assert!(error[key].as_str().is_some_and(|text| !text.is_empty()), "{what}: {key}");
    }
    for field in error["fields"].as_array().expect(what) {
        assert!(["field", "code", "uk", "en"].iter().all(|key| field[key].is_string()), "{what}: {field}");
    }
}

#[tokio::test]
async fn every_error_of_the_api_has_one_shape() {
    let site = Site::new();
    let unknown = "00".repeat(16);
    let cases = [
        ("/api/v1/nothing", StatusCode::NOT_FOUND, "not_found"),
        ("/api/", StatusCode::NOT_FOUND, "not_found"),
        ("/api/v1/practices/xyz", StatusCode::BAD_REQUEST, "malformed_id"),
        ("/api/v1/practices/%FF", StatusCode::BAD_REQUEST, "malformed_id"),
        ("/api/v1/practices/%2e%2e%2fetc/history", StatusCode::BAD_REQUEST, "malformed_id"),
        ("/api/v1/practices?owner=12", StatusCode::BAD_REQUEST, "malformed_id"),
        ("/api/v1/bundle?since=yesterday", StatusCode::BAD_REQUEST, "malformed_query"),
    ];
    for (path, status, code) in cases {
        let answer = site.get(path).await;
        assert_eq!((answer.status, answer.code().as_str()), (status, code), "{path}");
        assert_shape(&answer, path);
    }
    let answer = site.get(&format!("/api/v1/practices/{unknown}")).await;
    assert_eq!((answer.status, answer.code().as_str()), (StatusCode::NOT_FOUND, "not_found"));
    let answer = site.write(Method::PATCH, "/api/v1/status", "").await;
    assert_eq!((answer.status, answer.code().as_str()), (StatusCode::METHOD_NOT_ALLOWED, "wrong_method"));
    assert_shape(&answer, "wrong method");
}

#[tokio::test]
async fn a_malformed_body_is_told_apart_from_a_wrong_field() {
    let site = Site::new();
    let post = async |body: &'static str| site.write(Method::POST, "/api/v1/practices", body).await;

    for broken in ["", "{", "{\"title\":", "nonsense", "{\"title\":\"\\ud800\"}"] {
        let answer = post(broken).await;
        assert_eq!((answer.status, answer.code().as_str()), (StatusCode::BAD_REQUEST, "malformed_json"), "{broken}");
        assert_shape(&answer, broken);
    }
    let answer = post(r#"{"title":"Толока","tytle":1}"#).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_shape(&answer, "unknown field");
    let field = &answer.json()["error"]["fields"][0];
    assert_eq!((&field["field"], &field["code"]), (&Value::from("tytle"), &Value::from("unknown_field")));

    let answer = post(r#"{"title":5}"#).await;
    assert_eq!(answer.json()["error"]["fields"][0]["code"], "wrong_type");
    let answer = site.write(Method::POST, "/api/v1/peers", "{}").await;
    let field = &answer.json()["error"]["fields"][0];
    assert_eq!((&field["field"], &field["code"]), (&Value::from("address"), &Value::from("missing_field")));
    assert!(site.library.contents().writes.is_empty());
}

#[tokio::test]
async fn a_body_must_say_that_it_is_json() {
    let site = Site::new();
    for kind in ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data", "", "application/jsonp"] {
        let request = request(&Method::POST, "/api/v1/practices")
            .header("authorization", format!("Bearer {TOKEN}"))
            .header("content-type", kind);
        let answer = site.ask(request.body("{}".into()).unwrap()).await;
        assert_eq!((answer.status, answer.code().as_str()), (StatusCode::UNSUPPORTED_MEDIA_TYPE, "not_json"), "{kind}");
    }
}

#[tokio::test]
async fn what_the_library_says_becomes_a_status() {
    let site = Site::new();
    let invalid = site.write(Method::POST, "/api/v1/practices", r#"{"title":"Толока"}"#).await;
    assert_eq!((invalid.status, invalid.code().as_str()), (StatusCode::UNPROCESSABLE_ENTITY, "invalid"));
    assert_eq!(invalid.json()["error"]["fields"][0]["field"], "solution");
    let denied = site.write(Method::PUT, "/api/v1/profile", r#"{"base_heads":[],"content":{}}"#).await;
    assert_eq!((denied.status, denied.code().as_str()), (StatusCode::FORBIDDEN, "reader"));
}

#[tokio::test]
async fn a_fault_and_a_panic_say_nothing_of_the_inside() {
    for broken in [FakeLibrary::fail, FakeLibrary::panic] {
        let site = Site::new();
        broken(&site.library);
        for path in ["/api/v1/status", "/api/v1/practices", "/", "/status"] {
            let answer = site.get(path).await;
            assert_eq!(answer.status, StatusCode::INTERNAL_SERVER_ERROR, "{path}");
            let text = answer.text();
            assert!(!text.contains("/var/lib") && !text.contains("panic") && !text.contains("asked"), "{text}");
        }
        assert_eq!(site.get("/api/v1/status").await.code(), "fault");
        assert!(site.get("/").await.text().contains("Сталася помилка вузла"));
    }
}

#[tokio::test]
async fn errors_of_pages_are_pages() {
    let site = Site::new();
    for path in ["/nothing", "/practices/xyz", "/communities/00", "/practices/%FF", "/favicon.ico"] {
        let answer = site.get(path).await;
        assert_eq!(answer.status, StatusCode::NOT_FOUND, "{path}");
        assert!(answer.header("content-type").starts_with("text/html"), "{path}");
        assert!(answer.text().contains("Тут нічого немає") && answer.text().contains("<html lang=\"uk\""), "{path}");
    }
    assert!(site.get("/nothing?lang=en").await.text().contains("There is nothing here"));
}
