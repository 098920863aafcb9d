//! Somebody who is signed in and sends forms.

use axum::extract::ConnectInfo;
use std::net::SocketAddr;

use super::*;

/// A browser: it keeps cookies, and says where a form came from.
pub(super) struct Browser<'a> {
    site: &'a Site,
    /// From where it connects.
    pub(super) address: &'static str,
    /// What it keeps.
    pub(super) cookies: Vec<(String, String)>,
}

/// The address of a record that is being written.
pub(super) const RECORD_DRAFT: &str = "/write/record/0123456789abcdef0123456789abcdef";

pub(super) fn encoded(pairs: &[(&str, &str)]) -> String {
    form_urlencoded::Serializer::new(String::new()).extend_pairs(pairs).finish()
}

impl<'a> Browser<'a> {
    pub(super) fn new(site: &'a Site) -> Self {
        Self { site, address: "127.0.0.1:50000", cookies: Vec::new() }
    }

    /// A browser in which somebody has signed in.
    pub(super) async fn of(site: &'a Site, name: &str) -> Self {
        let mut browser = Self::new(site);
        let answer = browser.sign_in(name, samples::PASSWORD).await;
        assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text());
        browser
    }

    pub(super) async fn sign_in(&mut self, name: &str, password: &str) -> Answer {
        self.post("/sign-in", &[("name", name), ("password", password)]).await
    }

    fn request(&self, method: Method, path: &str) -> Builder {
        let mut request = request(&method, path);
        if !self.cookies.is_empty() {
            let all: Vec<String> = self.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
            request = request.header("cookie", all.join("; "));
        }
        request.extension(ConnectInfo(self.address.parse::<SocketAddr>().expect("an address")))
    }

    pub(super) async fn ask(&mut self, request: Request<Body>) -> Answer {
        let answer = self.site.ask(request).await;
        for cookie in answer.headers.get_all("set-cookie") {
            let text = cookie.to_str().expect("text");
            let (name, rest) = text.split_once('=').expect("a cookie");
            let (value, rules) = rest.split_once(';').expect("with rules");
            // Scripts may read the one that says which draft has arrived, and nothing else.
            let is_hidden = rules.contains("HttpOnly") || name == "dosvid-kept";
            assert!(is_hidden && rules.contains("SameSite=Strict") && rules.contains("Path=/"), "{text}");
            self.cookies.retain(|(known, _)| known != name);
            if !value.is_empty() {
                self.cookies.push((name.into(), value.into()));
            }
        }
        answer
    }

    pub(super) async fn get(&mut self, path: &str) -> Answer {
        let request = self.request(Method::GET, path).body(Body::empty()).expect("a request");
        self.ask(request).await
    }

    /// Sends a form as it stands.
    pub(super) async fn post(&mut self, path: &str, pairs: &[(&str, &str)]) -> Answer {
        let request = self.request(Method::POST, path);
        let request = request.header("origin", format!("http://{HOST}")).header("sec-fetch-site", "same-origin");
        let request = request.header("content-type", "application/x-www-form-urlencoded");
        self.ask(request.body(encoded(pairs).into()).expect("a request")).await
    }

    /// The token that the forms of this session carry.
    pub(super) async fn token(&mut self) -> String {
        token_of(&self.get("/account").await.text())
    }

    /// Sends a form with the session's token.
    pub(super) async fn submit(&mut self, path: &str, pairs: &[(&str, &str)]) -> Answer {
        let token = self.token().await;
        let pairs: Vec<(&str, &str)> = pairs.iter().copied().chain([("form_token", token.as_str())]).collect();
        self.post(path, &pairs).await
    }
}

/// The token in a page's forms.
pub(super) fn token_of(page: &str) -> String {
    let after = page.split("name=\"form_token\" value=\"").nth(1).unwrap_or_default();
    after.split('"').next().unwrap_or_default().to_owned()
}
