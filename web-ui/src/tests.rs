//! Tests of the whole router over a library in memory.

mod comparing;
mod crossing;
mod desk;
mod drafts;
mod errors;
mod events;
mod formulas;
mod geography;
mod headers;
mod history;
mod hosts;
mod import;
mod kinds;
mod limits;
mod markup;
mod offered;
mod openapi;
mod pages;
mod people;
mod public;
mod publishing;
mod reaching;
mod reading;
mod records;
mod refusing;
mod telling;
mod titles;
mod withdrawn;
mod writing;

use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use axum::http::request::Builder;
use axum::http::{HeaderMap, Method, Request, StatusCode};
use crdt::gate::DocumentKind;
use http_body_util::BodyExt;
use serde_json::Value;
use tower::ServiceExt;

use crate::routes::{API, PAGES};
use crate::testing::{FakeLibrary, documents, samples};
use crate::{Access, router};

const HOST: &str = "127.0.0.1:8642";
const TOKEN: &str = "a-token-of-this-node";
/// An account that the sample library has, beside its administrator.
const ACCOUNT: &str = "%D0%86%D0%B2%D0%B0%D0%BD";

/// A router with its library.
struct Site {
    library: Arc<FakeLibrary>,
    router: Router,
}

/// What came back.
struct Answer {
    status: StatusCode,
    headers: HeaderMap,
    body: Vec<u8>,
}

impl Answer {
    fn text(&self) -> String {
        String::from_utf8(self.body.clone()).expect("text")
    }

    fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_else(|_| panic!("not JSON: {}", self.text()))
    }

    fn header(&self, name: &str) -> &str {
        self.headers.get(name).map(|value| value.to_str().expect("text")).unwrap_or_default()
    }

    /// The short name of the error.
    fn code(&self) -> String {
        self.json()["error"]["code"].as_str().unwrap_or_default().to_owned()
    }
}

/// The router of a node that is published, at the address of the tests.
fn public(library: Arc<FakeLibrary>) -> Router {
    let address = crate::public::PublicAddress::parse(&format!("http://{HOST}")).expect("an address");
    crate::public_router(library, address)
}

impl Site {
    fn new() -> Self {
        Self::of(samples::library())
    }

    fn of(library: FakeLibrary) -> Self {
        let library = Arc::new(library);
        let hosts = [HOST, "localhost:8642", "[::1]:8642"].map(str::to_owned).into();
        let access = Access { token: TOKEN.into(), hosts };
        Self { router: router(library.clone(), access), library }
    }

    async fn ask(&self, request: Request<Body>) -> Answer {
        let response = self.router.clone().oneshot(request).await.expect("infallible");
        let (head, body) = response.into_parts();
        let body = body.collect().await.expect("a body").to_bytes().to_vec();
        Answer { status: head.status, headers: head.headers, body }
    }

    async fn get(&self, path: &str) -> Answer {
        self.ask(request(&Method::GET, path).body(Body::empty()).expect("a request")).await
    }

    /// A write as the owner of the token makes it.
    async fn write(&self, method: Method, path: &str, body: impl Into<Body>) -> Answer {
        let request = request(&method, path)
            .header("authorization", format!("Bearer {TOKEN}"))
            .header("content-type", "application/json")
            .body(body.into())
            .expect("a request");
        self.ask(request).await
    }
}

fn request(method: &Method, path: &str) -> Builder {
    Request::builder().method(method).uri(path).header("host", HOST)
}

/// An address of the table with ids that the sample library has.
fn filled(path: &str) -> String {
    let id = match path {
        path if path.contains("collections") => documents::sample_id(DocumentKind::Collection).to_string(),
        path if path.contains("materials") => documents::sample_id(DocumentKind::Material).to_string(),
        path if path.contains("practices") => samples::practice_id().to_string(),
        "/api/v1/peers/added" => return format!("{path}?address=/ip4/192.0.2.7/tcp/4001"),
        "/api/v1/documents" | "/api/v1/census" => return format!("{path}?kind=adoption"),
        path if ["calendar", "/sheet", "guests"].iter().any(|part| path.contains(part)) => {
            documents::sample_id(DocumentKind::Seminar).to_string()
        }
        path if path.contains("write/record") => samples::RECORD_DRAFT.to_string(),
        path if path.starts_with("/records") => documents::sample_id(DocumentKind::Adoption).to_string(),
        path if path.contains("documents") => documents::sample_id(DocumentKind::Adoption).to_string(),
        path if path.contains("drafts") || path.contains("/write") => samples::DRAFT.to_string(),
        path if path.contains("accounts") => return path.replace("{name}", ACCOUNT),
        path if path.contains("communities") => samples::OWNER.to_string(),
        _ => crdt::id::RecordId::of(samples::RECORD).to_string(),
    };
    let picture = crate::assets::address("mark.svg");
    path.replace("{id}", &id).replace("{file}", "poster.png").replace("{name}", picture.trim_start_matches("/assets/"))
}

/// Whether an address of the table is a page, and not a file.
fn is_page(path: &str) -> bool {
    !path.starts_with("/assets")
        && ![".csv", ".xlsx", ".bib", ".json", ".ics", ".atom", ".pdf", ".epub", ".docx", "book.html", "{file}"]
            .iter()
            .any(|end| path.ends_with(end))
}

/// Every operation and every page: verb, address, whether it writes.
fn everything() -> impl Iterator<Item = (Method, String, bool)> {
    let api = API.iter().map(|row| (row.method.clone(), filled(row.path), row.needs_token()));
    api.chain(PAGES.iter().map(|row| (Method::GET, filled(row.path), false)))
}

/// Every row of every table, filled in.
fn rows() -> impl Iterator<Item = (crate::testing::Route, String)> {
    crate::testing::routes().map(|route| {
        let path = match route.path {
            "/sitemap/{part}" => "/sitemap/1".to_owned(),
            "/atom/{kind}/{key}" => "/atom/sector/education".to_owned(),
            path => filled(path),
        };
        (route, path)
    })
}

/// A body that the operation would take.
fn body_for(method: &Method, path: &str) -> Vec<u8> {
    let practice = serde_json::json!({ "title": "Толока", "solution": "Прибрали парк" });
    let body = match (method, path) {
        (&Method::PUT, path) if path.contains("practices") => {
            serde_json::json!({ "base_heads": [], "content": practice })
        }
        (&Method::PUT, path) if path.contains("documents") => {
            let sample =
                documents::samples().into_iter().find(|page| page.card.kind == "adoption").expect("an adoption");
            serde_json::json!({ "base_heads": [], "content": sample.content })
        }
        (&Method::POST, path) if path.starts_with("/api/v1/documents") => serde_json::json!({
            "kind": "exchange",
            "content": { "direction": "request", "title": "Допоможіть", "what": "Як почати?", "sectors": ["education"] },
        }),
        (&Method::PUT, path) if path.contains("drafts") => practice,
        (&Method::PUT, path) if path.contains("accounts") => serde_json::json!({ "role": "reader" }),
        (_, "/api/v1/accounts") => {
            serde_json::json!({ "name": "Марія", "role": "editor", "password": "чотири сині парасолі" })
        }
        (&Method::PUT, _) => serde_json::json!({ "base_heads": [], "content": {} }),
        (_, "/api/v1/practices") => practice,
        (_, "/api/v1/community") => serde_json::json!({ "code": samples::CODE, "device_name": "Комп’ютер" }),
        (_, "/api/v1/peers" | "/api/v1/peers/probe") => serde_json::json!({ "address": "/ip4/192.0.2.7/tcp/4001" }),
        (_, "/api/v1/import") => serde_json::json!({ "rows": [practice] }),
        (_, "/api/v1/bundle") => return b"block".to_vec(),
        _ => return Vec::new(),
    };
    serde_json::to_vec(&body).expect("JSON")
}
