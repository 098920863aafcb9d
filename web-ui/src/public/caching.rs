//! What caches may keep: everything, for a short while, and then only if the library is as it was.

use std::sync::{Arc, PoisonError};
use std::time::{Duration, Instant};

use axum::extract::{Request, State};
use axum::http::header::{self, HeaderValue};
use axum::http::{HeaderMap, Method, StatusCode};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

use crate::App;
use crate::format;
use crate::library::Status;

/// How long an answer may be kept without asking: long enough to bear a link in the news, short
/// enough that a practice that was withdrawn is gone while its author looks.
const KEPT: HeaderValue = HeaderValue::from_static("public, max-age=60");
/// How long a tag stands before the library is asked again: a page in a second may be one change
/// behind its tag, and the next question finds that out.
const TAG_STANDS: Duration = Duration::from_secs(1);
/// Digits of a tag: two different states of one library must not have the same one.
const TAG_DIGITS: usize = 32;

/// A tag and when it was made.
pub(crate) type Tag = Option<(Instant, HeaderValue)>;

/// Answers from what the client has where nothing has changed, and says how long an answer may be kept.
pub(crate) async fn cached(State(app): State<Arc<App>>, request: Request, next: Next) -> Response {
    let reads = matches!(*request.method(), Method::GET | Method::HEAD);
    let Some(tag) = (if reads { tag(&app).await } else { None }) else { return next.run(request).await };
    if has(request.headers(), &tag) {
        return (StatusCode::NOT_MODIFIED, [(header::ETAG, tag), (header::CACHE_CONTROL, KEPT)]).into_response();
    }
    let mut response = next.run(request).await;
    // What has a rule of its own, files and records, keeps it.
    if response.status() == StatusCode::OK && !response.headers().contains_key(header::CACHE_CONTROL) {
        response.headers_mut().insert(header::CACHE_CONTROL, KEPT);
        response.headers_mut().insert(header::ETAG, tag);
    }
    response
}

/// What all answers depend on, beside their address. None while the library cannot say.
async fn tag(app: &App) -> Option<HeaderValue> {
    let known = app.tag.lock().unwrap_or_else(PoisonError::into_inner).clone();
    if let Some((made, tag)) = known
        && made.elapsed() < TAG_STANDS
    {
        return Some(tag);
    }
    let status = app.ask(|library| library.status()).await.ok()?;
    let tag = of(&status);
    *app.tag.lock().unwrap_or_else(PoisonError::into_inner) = Some((Instant::now(), tag.clone()));
    Some(tag)
}

/// The tag of a state: the set of records, how far views and search have followed it, the program, and
/// the day, since ages are told in days. A new program runs only after a start.
fn of(status: &Status) -> HeaderValue {
    let index = &status.index;
    let parts = format!(
        "{} {} {} {} {} {} {} {} {}",
        status.version,
        status.started_at,
        status.fingerprint,
        status.pending,
        status.practices,
        index.state,
        index.documents,
        index.waiting,
        format::today(),
    );
    let hash = blake3::hash(parts.as_bytes()).to_hex();
    // Weak: what is packed on the way differs in its bytes and not in what it says.
    HeaderValue::from_str(&format!("W/\"{}\"", &hash[..TAG_DIGITS])).expect("digits and quotes make a header")
}

/// Whether the client has what the tag names.
fn has(headers: &HeaderMap, tag: &HeaderValue) -> bool {
    let tag = tag.to_str().unwrap_or_default();
    let plain = tag.trim_start_matches("W/");
    headers
        .get_all(header::IF_NONE_MATCH)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .any(|given| given.trim().trim_start_matches("W/") == plain)
}
