//! What every request passes before it reaches a handler, and every answer on its way out.
//!
//! Outermost first: headers of the answer, panics, the name by which we were called, then who may
//! write. Nothing of a body is read before all of them agree.

use std::hint::black_box;
use std::panic::AssertUnwindSafe;
use std::sync::Arc;

use axum::Router;
use axum::extract::{Request, State};
use axum::http::header::{self, HeaderName};
use axum::http::{HeaderMap, HeaderValue, StatusCode, Uri};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::{IntoResponse, Redirect, Response};
use futures::FutureExt;
use tower_http::CompressionLevel;
use tower_http::compression::CompressionLayer;
use tower_http::compression::predicate::{NotForContentType, Predicate, SizeAbove};

use crate::desk;
use crate::error::Failure;
use crate::pages;
use crate::pages::frame::{DeskOpen, Visitor};
use crate::people::auth::Auth;
use crate::public::PublicAddress;
use crate::routes::needs_token;
use crate::{Access, App};

/// Nothing is loaded from elsewhere, only the program's own scripts run, nobody frames us.
const POLICY: &str = "default-src 'none'; style-src 'self'; img-src 'self'; font-src 'self'; script-src 'self'; \
                      connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'; \
                      require-trusted-types-for 'script'";

/// Bytes from which packing is worth the work: less fits into one packet of a network anyway.
const PACKED_BYTES_MIN: u64 = 1_200;

/// The headers of every answer, errors included. No other site learns from where somebody came; our own
/// pages do, since a browser that may not say it calls the origin of a form `null`.
const HEADERS: [(HeaderName, &str); 5] = [
    (header::CONTENT_SECURITY_POLICY, POLICY),
    (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (header::REFERRER_POLICY, "same-origin"),
    (HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
    (HeaderName::from_static("cross-origin-resource-policy"), "same-origin"),
];

/// How long browsers remember that a published node is reached over HTTPS only: a year, as for the
/// lists of such sites. Of this host alone: others of its domain are not ours.
const HTTPS_ONLY: HeaderValue = HeaderValue::from_static("max-age=31536000");

/// By what a request has to call this node, and what it is to the internet.
struct Door {
    hosts: Vec<String>,
    public: Option<Arc<PublicAddress>>,
}

/// Puts the guards around all routes of a node that people work at.
pub(crate) fn around(routes: Router, access: Access, auth: Arc<Auth>) -> Router {
    let door = Arc::new(Door { hosts: access.hosts.clone(), public: None });
    let routes =
        packed(routes.layer(from_fn_with_state(auth, people))).layer(from_fn_with_state(Arc::new(access), writers));
    called(routes, &door)
}

/// Puts the guards around all routes of a node that is published: nothing there writes, so there is
/// nobody to be told apart.
pub(crate) fn around_public(routes: Router, address: Arc<PublicAddress>) -> Router {
    let door = Arc::new(Door { hosts: vec![address.host().to_owned()], public: Some(address) });
    called(packed(routes), &door)
}

/// What all answers pass.
fn called(routes: Router, door: &Arc<Door>) -> Router {
    routes
        .layer(from_fn_with_state(Arc::clone(door), names))
        .layer(from_fn_with_state(Arc::clone(door), panics))
        .layer(from_fn_with_state(Arc::clone(door), headers))
}

fn packed(routes: Router) -> Router {
    routes.layer(CompressionLayer::new().quality(CompressionLevel::Fastest).compress_when(worth_packing()))
}

/// What shrinks: texts of some length. Fonts and blocks are packed already, and a stream of events
/// must not wait until there is enough to pack.
fn worth_packing() -> impl Predicate {
    SizeAbove::new(PACKED_BYTES_MIN)
        .and(NotForContentType::SSE)
        .and(NotForContentType::const_new("font/"))
        .and(NotForContentType::const_new("application/octet-stream"))
        .and(NotForContentType::const_new("application/vnd."))
}

/// For addresses that are not in the table.
pub(crate) async fn not_found(State(app): State<Arc<App>>, uri: Uri) -> Response {
    answer(app.public.as_ref(), &uri, Failure::not_found())
}

/// For verbs that an address does not have.
pub(crate) async fn wrong_method(State(app): State<Arc<App>>, uri: Uri) -> Response {
    let failure = Failure::new(
        StatusCode::METHOD_NOT_ALLOWED,
        "wrong_method",
        "Ця адреса не підтримує такої дії",
        "This address does not take that method",
    );
    answer(app.public.as_ref(), &uri, failure)
}

/// A failure as whoever asked can read it.
fn answer(public: Option<&Arc<PublicAddress>>, uri: &Uri, failure: Failure) -> Response {
    if uri.path().starts_with("/api/") {
        failure.into_response()
    } else {
        let mut visitor = Visitor::of(uri);
        visitor.public = public.cloned();
        pages::error::page(&visitor, &failure)
    }
}

async fn headers(State(door): State<Arc<Door>>, request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    let headers = response.headers_mut();
    for (name, value) in HEADERS {
        headers.insert(name, HeaderValue::from_static(value));
    }
    if door.public.as_ref().is_some_and(|public| public.is_secure()) {
        headers.insert(header::STRICT_TRANSPORT_SECURITY, HTTPS_ONLY);
    }
    // What a record, a style sheet or a stream says of itself stands; all else may change any time.
    headers.entry(header::CACHE_CONTROL).or_insert(HeaderValue::from_static("no-cache"));
    response
}

async fn panics(State(door): State<Arc<Door>>, request: Request, next: Next) -> Response {
    let uri = request.uri().clone();
    // Nothing of the request outlives the panic, so nothing half-done can be seen.
    match AssertUnwindSafe(next.run(request)).catch_unwind().await {
        Ok(response) => response,
        Err(_) => {
            tracing::error!(path = uri.path(), "a request handler panicked");
            answer(door.public.as_ref(), &uri, Failure::fault())
        }
    }
}

async fn names(State(door): State<Arc<Door>>, request: Request, next: Next) -> Response {
    if is_called_by_name(&door.hosts, request.headers(), request.uri()) {
        return next.run(request).await;
    }
    let failure = Failure::new(
        StatusCode::MISDIRECTED_REQUEST,
        "wrong_host",
        "Цей вузол не відповідає під таким іменем. Відкрийте адресу, яку вузол показав під час запуску",
        "This node does not answer under that name. Open the address that it printed when it started",
    );
    answer(door.public.as_ref(), request.uri(), failure)
}

/// Whether the one `Host` is ours, and an absolute address, if given, says the same. Compared byte
/// for byte: browsers write names in one way, so whoever writes another is no browser of ours.
fn is_called_by_name(hosts: &[String], headers: &HeaderMap, uri: &Uri) -> bool {
    let Some(host) = only(headers, &header::HOST) else { return false };
    let known = hosts.iter().any(|known| known.as_bytes() == host);
    known && uri.authority().is_none_or(|authority| authority.as_str().as_bytes() == host)
}

/// Finds out who asks, for handlers and pages.
async fn people(State(auth): State<Arc<Auth>>, request: Request, next: Next) -> Response {
    let (mut parts, body) = request.into_parts();
    if desk::start::is_needed(&auth, &parts) {
        return Redirect::to(&Visitor::of(&parts.uri).link(&["start"])).into_response();
    }
    parts.extensions.insert(DeskOpen);
    let mut request = Request::from_parts(parts, body);
    match auth.who(request.headers()) {
        Ok(Some(signed)) => {
            request.extensions_mut().insert(signed);
        }
        Ok(None) => {}
        Err(error) => return answer(None, request.uri(), error.into()),
    }
    next.run(request).await
}

async fn writers(State(access): State<Arc<Access>>, request: Request, next: Next) -> Response {
    if !needs_token(request.method(), request.uri().path()) {
        return next.run(request).await;
    }
    let is_form = !request.uri().path().starts_with("/api/");
    let from_here = is_from_here(&access.hosts, request.headers());
    if !from_here || (is_form && !says_where_from(request.headers())) {
        let failure = Failure::new(
            StatusCode::FORBIDDEN,
            "cross_site",
            "Запит надійшов з іншого сайту, тому його відхилено",
            "The request came from another site and was refused",
        );
        return answer(None, request.uri(), failure);
    }
    if is_form {
        // A form carries the token of its session, which whoever reads the form checks.
        return next.run(request).await;
    }
    if !has_token(&access.token, request.headers()) {
        let failure = Failure::new(
            StatusCode::UNAUTHORIZED,
            "unauthorized",
            "Для запису потрібен ключ доступу цього вузла (заголовок Authorization: Bearer …)",
            "Writing needs this node's access token (header Authorization: Bearer …)",
        );
        let mut response = answer(None, request.uri(), failure);
        response.headers_mut().insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
        return response;
    }
    next.run(request).await
}

/// Whether a browser, if it is one, says that our own page sent this. Programs send neither header.
fn is_from_here(hosts: &[String], headers: &HeaderMap) -> bool {
    let site = headers.get_all("sec-fetch-site").iter().all(|site| site == "same-origin" || site == "none");
    let origin = headers.get_all(header::ORIGIN).iter().all(|origin| {
        let host = origin.to_str().ok().and_then(|origin| origin.split_once("://"));
        host.is_some_and(|(scheme, host)| matches!(scheme, "http" | "https") && hosts.iter().any(|known| known == host))
    });
    site && origin
}

/// Whether a browser says at all which page sent this: every browser does when it sends a form.
fn says_where_from(headers: &HeaderMap) -> bool {
    headers.contains_key(header::ORIGIN) || headers.get("sec-fetch-site").is_some_and(|site| site == "same-origin")
}

fn has_token(token: &str, headers: &HeaderMap) -> bool {
    let Some(given) = only(headers, &header::AUTHORIZATION) else { return false };
    let Some((scheme, given)) = given.split_at_checked(b"Bearer ".len()) else { return false };
    scheme.eq_ignore_ascii_case(b"Bearer ") && !token.is_empty() && equal(token.as_bytes(), given)
}

/// Compares in a time that does not tell how many bytes were right. The length is no secret.
pub(crate) fn equal(a: &[u8], b: &[u8]) -> bool {
    let differing = a.iter().zip(b).fold(0, |differing, (a, b)| black_box(differing | (a ^ b)));
    a.len() == b.len() && differing == 0
}

/// The value of a header that must be there once. Two would let two readers read two things.
fn only<'a>(headers: &'a HeaderMap, name: &HeaderName) -> Option<&'a [u8]> {
    let mut values = headers.get_all(name).iter();
    match (values.next(), values.next()) {
        (Some(value), None) => Some(value.as_bytes()),
        _ => None,
    }
}
