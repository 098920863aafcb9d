use super::*;

async fn with(site: &Site, method: &Method, path: &str, headers: &[(&str, &str)]) -> Answer {
    let mut request = request(method, path).header("content-type", "application/json");
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    site.ask(request.body(body_for(method, path).into()).unwrap()).await
}

#[tokio::test]
async fn every_write_refuses_without_the_token_and_changes_nothing() {
    let site = Site::new();
    let long = format!("Bearer {TOKEN}x");
    let short = format!("Bearer {}", &TOKEN[1..]);
    let scheme = format!("Basic {TOKEN}");
    let bare = TOKEN.to_owned();
    let wrong: [&[(&str, &str)]; 9] = [
        &[],
        &[("authorization", "")],
        &[("authorization", "Bearer ")],
        &[("authorization", "Bearer another-token-of-len")],
        &[("authorization", &long)],
        &[("authorization", &short)],
        &[("authorization", &scheme)],
        &[("authorization", &bare)],
        &[("authorization", "Bearer x"), ("authorization", "Bearer a-token-of-this-node")],
    ];
    let mut refused = 0;
    for (method, path, _) in everything().filter(|(_, _, writes)| *writes) {
        for headers in wrong {
            let answer = with(&site, &method, &path, headers).await;
            assert_eq!(answer.status, StatusCode::UNAUTHORIZED, "{method} {path} {headers:?}");
            assert_eq!(answer.code(), "unauthorized");
            assert_eq!(answer.header("www-authenticate"), "Bearer");
            refused += 1;
        }
    }
    assert_eq!(refused, API.iter().filter(|row| row.needs_token()).count() * wrong.len());
    assert_eq!(site.library.contents().writes, Vec::<String>::new());
}

#[tokio::test]
async fn every_write_works_with_the_token() {
    let site = Site::new();
    let bearer = format!("bearer {TOKEN}");
    for (method, path, _) in everything().filter(|(_, _, writes)| *writes) {
        let answer = with(&site, &method, &path, &[("authorization", &bearer)]).await;
        let denied_by_the_library = path == "/api/v1/profile" && answer.code() == "reader";
        assert!(answer.status.is_success() || denied_by_the_library, "{method} {path}: {}", answer.text());
    }
    // Accounts are no part of the library.
    let of_library = API.iter().filter(|row| row.needs_token() && !row.path.contains("accounts")).count();
    assert_eq!(site.library.contents().writes.len(), of_library);
}

#[tokio::test]
async fn another_site_may_not_write_even_with_the_token() {
    let site = Site::new();
    let bearer = format!("Bearer {TOKEN}");
    let foreign = [
        ("sec-fetch-site", "cross-site"),
        ("sec-fetch-site", "same-site"),
        ("origin", "http://evil.example"),
        ("origin", "null"),
        ("origin", "http://127.0.0.1:9999"),
        ("origin", "ftp://127.0.0.1:8642"),
    ];
    for (method, path, _) in everything().filter(|(_, _, writes)| *writes) {
        for header in foreign {
            let answer = with(&site, &method, &path, &[("authorization", &bearer), header]).await;
            assert_eq!(
                (answer.status, answer.code().as_str()),
                (StatusCode::FORBIDDEN, "cross_site"),
                "{path} {header:?}"
            );
        }
    }
    assert!(site.library.contents().writes.is_empty());
    let own =
        [("authorization", bearer.as_str()), ("origin", "http://127.0.0.1:8642"), ("sec-fetch-site", "same-origin")];
    assert!(with(&site, &Method::POST, "/api/v1/verify", &own).await.status.is_success());
}

#[tokio::test]
async fn reading_never_changes_anything() {
    let site = Site::new();
    for (method, path, _) in everything().filter(|(_, path, writes)| !writes && !path.ends_with("/events")) {
        let answer = with(&site, &method, &path, &[]).await;
        assert_eq!(answer.status, StatusCode::OK, "{method} {path}");
    }
    assert!(site.library.contents().writes.is_empty());
}

#[tokio::test]
async fn an_empty_token_lets_nobody_write() {
    let library = Arc::new(samples::library());
    let access = Access { token: String::new(), hosts: vec![HOST.into()] };
    let site = Site { router: router(library.clone(), access), library };
    for headers in [&[("authorization", "Bearer ")][..], &[("authorization", "Bearer")], &[]] {
        let answer = with(&site, &Method::POST, "/api/v1/verify", headers).await;
        assert_eq!(answer.status, StatusCode::UNAUTHORIZED);
    }
}

#[tokio::test]
async fn a_node_for_reading_has_no_handler_that_writes() {
    let library = Arc::new(samples::library());
    let site = Site { router: public(library.clone()), library };
    for verb in ["POST", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "CONNECT", "PROPFIND"] {
        for (_, path, _) in everything() {
            let method = Method::from_bytes(verb.as_bytes()).unwrap();
            let answer = with(&site, &method, &path, &[("authorization", &format!("Bearer {TOKEN}"))]).await;
            assert!(answer.status.is_client_error(), "{verb} {path}: {}", answer.status);
        }
    }
    assert!(site.library.contents().writes.is_empty());
    assert_eq!(site.get("/api/v1/practices").await.status, StatusCode::OK);
    let document = site.get("/api/v1/openapi.json").await.text();
    assert!(!document.contains("\"post\"") && !document.contains("\"delete\"") && !document.contains("\"put\""));
}
