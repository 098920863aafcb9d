//! What another site can make a browser send, to every address that writes.

use super::desk::Browser;
use super::*;
use crate::people::People;
use crate::testing::{Route, Table, routes};

/// What says that a request comes from elsewhere, or does not say from where.
#[rustfmt::skip]
const FOREIGN: [&[(&str, &str)]; 26] = [
    &[("origin", "http://evil.example")],
    &[("origin", "https://evil.example")],
    &[("origin", "null")],
    &[("origin", "")],
    &[("origin", "http://127.0.0.1")],
    &[("origin", "http://127.0.0.1:9999")],
    &[("origin", "http://127.0.0.1:8642.evil.example")],
    &[("origin", "http://127.0.0.1:8642/")],
    &[("origin", "http://evil.example#http://127.0.0.1:8642")],
    &[("origin", "http://user@127.0.0.1:8642")],
    &[("origin", "ftp://127.0.0.1:8642")],
    &[("origin", "file://127.0.0.1:8642")],
    &[("origin", "HTTP://127.0.0.1:8642")],
    &[("origin", "127.0.0.1:8642")],
    &[("origin", "http://localhost")],
    &[("origin", "http://evil.localhost:8642")],
    &[("origin", "http://127.0.0.1:8642"), ("origin", "http://evil.example")],
    &[("origin", "http://127.0.0.1:8642, http://evil.example")],
    &[("origin", "http://127.0.0.1:8642"), ("sec-fetch-site", "cross-site")],
    &[("origin", "http://127.0.0.1:8642"), ("sec-fetch-site", "same-site")],
    &[("origin", "http://127.0.0.1:8642"), ("sec-fetch-site", "same-origin, cross-site")],
    &[("origin", "http://127.0.0.1:8642"), ("sec-fetch-site", "same-origin"), ("sec-fetch-site", "cross-site")],
    &[("sec-fetch-site", "cross-site"), ("sec-fetch-mode", "navigate"), ("sec-fetch-dest", "document")],
    &[("sec-fetch-site", "cross-site"), ("sec-fetch-mode", "no-cors"), ("sec-fetch-dest", "image")],
    &[("sec-fetch-site", "same-site")],
    &[("sec-fetch-site", "SAME-ORIGIN ")],
];

/// Types of a body that a browser sends elsewhere without asking first.
const SIMPLE: [&str; 5] = [
    "text/plain",
    "text/plain; charset=application/json",
    "application/x-www-form-urlencoded",
    "multipart/form-data; boundary=x",
    "",
];

/// Everything that a request may have changed: calls of the library but for looks at drafts, people, uploads.
fn state(site: &Site) -> String {
    let contents = site.library.contents();
    let looks = |call: &&String| call.starts_with("draft");
    let writes: Vec<&String> = contents.writes.iter().filter(|call| !looks(call)).collect();
    let people = &site.library.people;
    let accounts = people.accounts().unwrap();
    let sessions: Vec<String> = people.sessions().unwrap().into_iter().map(|session| session.token).collect();
    let deeds = people.deeds().unwrap().len();
    format!("{writes:?} {accounts:?} {sessions:?} {deeds} {:?} {}", people.setup().unwrap(), contents.drafts.len())
}

/// Every row that may change something.
fn writing() -> impl Iterator<Item = (Route, String)> {
    rows().filter(|(route, _)| !matches!(route.method, Method::GET | Method::HEAD))
}

struct Clerk {
    cookies: String,
    token: String,
}

/// The administrator's browser, which sends its cookies wherever a page leads it.
async fn clerk(site: &Site) -> Clerk {
    let mut browser = Browser::of(site, "Оксана").await;
    let token = browser.token().await;
    let cookies: Vec<String> = browser.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
    Clerk { cookies: cookies.join("; "), token }
}

impl Clerk {
    /// The request as this node's own page or program would make it, but for these headers.
    async fn send(&self, site: &Site, route: &Route, path: &str, headers: &[(&str, &str)]) -> Answer {
        let mut request = request(&route.method, path).header("cookie", &self.cookies);
        let typed = headers.iter().any(|(name, _)| *name == "content-type");
        let body = if route.table == Table::Api {
            request = request.header("authorization", format!("Bearer {TOKEN}"));
            if !typed {
                request = request.header("content-type", "application/json");
            }
            body_for(&route.method, path)
        } else {
            if !typed {
                request = request.header("content-type", "application/x-www-form-urlencoded");
            }
            let token = &self.token;
            format!("form_token={token}&name=%D0%86%D0%B2%D0%B0%D0%BD&do=remove&sure=yes&reason=x&title=x&printed=yes")
                .into()
        };
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        site.ask(request.body(body.into()).unwrap()).await
    }
}

#[tokio::test]
async fn no_request_of_another_site_changes_anything() {
    let site = Site::new();
    let clerk = clerk(&site).await;
    let before = state(&site);
    let mut sent = 0;
    for (route, path) in writing() {
        for headers in FOREIGN {
            let answer = clerk.send(&site, &route, &path, headers).await;
            assert_eq!(answer.status, StatusCode::FORBIDDEN, "{} {path} {headers:?}", route.method);
            sent += 1;
        }
    }
    assert!(sent > 700, "{sent}");
    assert_eq!(state(&site), before);
}

#[tokio::test]
async fn a_form_that_does_not_say_where_from_changes_nothing() {
    let site = Site::new();
    let clerk = clerk(&site).await;
    let before = state(&site);
    for (route, path) in writing().filter(|(route, _)| route.table == Table::Desk) {
        for headers in [&[][..], &[("sec-fetch-site", "none")], &[("referer", "http://127.0.0.1:8642/desk")]] {
            let answer = clerk.send(&site, &route, &path, headers).await;
            assert_eq!(answer.status, StatusCode::FORBIDDEN, "{path} {headers:?}");
        }
    }
    assert_eq!(state(&site), before);
}

#[tokio::test]
async fn a_body_that_needs_no_leave_is_not_taken() {
    let site = Site::new();
    let clerk = clerk(&site).await;
    let before = state(&site);
    let takes_json = |path: &str| !["/api/v1/bundle", "/api/v1/verify"].contains(&path);
    for (route, path) in writing() {
        let has_body = !body_for(&route.method, &path).is_empty();
        for kind in SIMPLE {
            let headers = [("content-type", kind), ("origin", "http://127.0.0.1:8642")];
            if route.table == Table::Api {
                // A program that has the token is believed; a page of another site could not send that header.
                if has_body && takes_json(&path) {
                    let answer = clerk.send(&site, &route, &path, &headers).await;
                    assert_eq!(answer.status, StatusCode::UNSUPPORTED_MEDIA_TYPE, "{} {path} {kind}", route.method);
                }
                let bare = request(&route.method, &path).header("cookie", &clerk.cookies).header("content-type", kind);
                let answer = site.ask(bare.body(body_for(&route.method, &path).into()).unwrap()).await;
                assert_eq!(answer.status, StatusCode::UNAUTHORIZED, "{} {path} {kind}", route.method);
            } else if !kind.starts_with("application/x-www") {
                let answer = clerk.send(&site, &route, &path, &headers).await;
                assert!(answer.status.is_client_error(), "{path} {kind}: {}", answer.status);
            }
        }
    }
    assert_eq!(state(&site), before);
}

#[tokio::test]
async fn a_token_of_another_session_is_none() {
    let site = Site::new();
    let (mut clerk, other) = (clerk(&site).await, clerk(&site).await);
    let own = std::mem::replace(&mut clerk.token, other.token);
    let before = state(&site);
    for (route, path) in writing().filter(|(route, _)| route.table == Table::Desk) {
        // Whoever signs in or begins has no session yet: those forms stand on where they come from.
        if ["/sign-in", "/start"].contains(&route.path) {
            continue;
        }
        for token in
            [clerk.token.as_str(), "", "0", &own[1..], &own.to_uppercase().replace(|c: char| c.is_ascii_digit(), "A")]
        {
            let sent = Clerk { cookies: clerk.cookies.clone(), token: token.to_owned() };
            let headers = [("origin", "http://127.0.0.1:8642"), ("sec-fetch-site", "same-origin")];
            let answer = sent.send(&site, &route, &path, &headers).await;
            assert!(answer.status.is_client_error(), "{path} with {token}: {}", answer.status);
        }
    }
    assert_eq!(state(&site), before);
}

#[tokio::test]
async fn what_is_only_looked_at_changes_nothing() {
    let site = Site::new();
    let clerk = clerk(&site).await;
    let before = state(&site);
    let tricks = [
        ("x-http-method-override", "DELETE"),
        ("x-method-override", "POST"),
        ("sec-fetch-site", "cross-site"),
        ("upgrade", "websocket"),
        ("purpose", "prefetch"),
    ];
    for (route, path) in rows().filter(|(route, _)| route.method == Method::GET && !route.path.ends_with("/events")) {
        for (name, value) in tricks {
            let more = if path.contains('?') { '&' } else { '?' };
            let path = format!("{path}{more}_method=DELETE&do=remove&sure=yes&form_token={}", clerk.token);
            let request = request(&Method::GET, &path).header("cookie", &clerk.cookies).header(name, value);
            let answer = site.ask(request.body(Body::empty()).unwrap()).await;
            assert!(!answer.status.is_server_error(), "{path}: {}", answer.status);
            let shared = answer.headers.keys().any(|name| name.as_str().starts_with("access-control-"));
            assert!(!shared && answer.status != StatusCode::SWITCHING_PROTOCOLS, "{path}");
        }
        assert!(route.method == Method::GET);
    }
    assert_eq!(state(&site), before);
}

#[tokio::test]
async fn no_other_site_is_given_leave() {
    let site = Site::new();
    for route in routes() {
        let path = filled(route.path);
        let request = request(&Method::OPTIONS, &path)
            .header("origin", "http://evil.example")
            .header("access-control-request-method", route.method.as_str())
            .header("access-control-request-headers", "authorization, content-type")
            .header("access-control-request-private-network", "true");
        let answer = site.ask(request.body(Body::empty()).unwrap()).await;
        assert!(answer.status.is_client_error(), "{path}: {}", answer.status);
        assert!(!answer.headers.keys().any(|name| name.as_str().starts_with("access-control-")), "{path}");
    }
}
