use super::*;

fn assert_guarded(answer: &Answer, what: &str) {
    let policy = answer.header("content-security-policy");
    for part in
        ["default-src 'none'", "script-src 'self';", "style-src 'self';", "frame-ancestors 'none'", "base-uri 'none'"]
    {
        assert!(policy.contains(part), "{what}: {part}");
    }
    assert_eq!(answer.header("x-content-type-options"), "nosniff", "{what}");
    assert_eq!(answer.header("referrer-policy"), "same-origin", "{what}");
    assert_eq!(answer.header("cross-origin-opener-policy"), "same-origin", "{what}");
    assert_eq!(answer.header("cross-origin-resource-policy"), "same-origin", "{what}");
    assert!(!answer.header("cache-control").is_empty(), "{what}");
    let shared = answer.headers.keys().any(|name| name.as_str().starts_with("access-control-"));
    assert!(!shared, "{what}: no other site may read");
}

#[tokio::test]
async fn every_answer_carries_the_guarding_headers() {
    let site = Site::new();
    for (method, path, _) in everything().filter(|(_, path, _)| !path.ends_with("/events")) {
        let with_token = site.write(method.clone(), &path, body_for(&method, &path)).await;
        assert_guarded(&with_token, &format!("{method} {path}"));
        let bare = request(&method, &path).header("origin", "http://evil.example");
        assert_guarded(&site.ask(bare.body(Body::empty()).unwrap()).await, &format!("{method} {path}, cross-site"));
        let strange = Request::builder().method(&method).uri(&path).header("host", "evil.example");
        assert_guarded(&site.ask(strange.body(Body::empty()).unwrap()).await, &format!("{method} {path}, strange"));
    }
    for path in ["/nothing", "/api/v1/nothing", "/practices/xyz", "/api/v1/practices?limit=0"] {
        assert_guarded(&site.get(path).await, path);
    }
}

#[tokio::test]
async fn faults_and_panics_carry_them_too() {
    for broken in [FakeLibrary::fail, FakeLibrary::panic] {
        let site = Site::new();
        broken(&site.library);
        for path in ["/", "/api/v1/status"] {
            let answer = site.get(path).await;
            assert_eq!(answer.status, StatusCode::INTERNAL_SERVER_ERROR);
            assert_guarded(&answer, path);
        }
    }
}

#[tokio::test]
async fn a_panic_outside_the_library_is_caught_too() {
    let routes = Router::new().route("/api/v1/broken", axum::routing::get(broken));
    let address = Arc::new(crate::public::PublicAddress::parse(&format!("http://{HOST}")).expect("an address"));
    let site = Site { router: crate::guard::around_public(routes, address), library: Arc::default() };
    let answer = site.get("/api/v1/broken").await;
    assert_eq!((answer.status, answer.code().as_str()), (StatusCode::INTERNAL_SERVER_ERROR, "fault"));
    assert_guarded(&answer, "a panic in a handler");
}

async fn broken() -> StatusCode {
    panic!("a test asked for a panic")
}

#[tokio::test]
async fn the_head_of_a_page_is_told_without_the_page() {
    let site = Site::new();
    let answer = site.ask(request(&Method::HEAD, "/status").body(Body::empty()).unwrap()).await;
    assert_eq!((answer.status, answer.body.len()), (StatusCode::OK, 0));
}
