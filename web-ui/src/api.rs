//! The JSON API, described by the code that serves it.

#![allow(unused_qualifications, reason = "the macro that describes a handler repeats the types of its parameters")]

pub(crate) mod accounts;
pub(crate) mod communities;
pub(crate) mod documents;
pub(crate) mod drafts;
pub(crate) mod events;
pub(crate) mod peers;
pub(crate) mod practices;
pub(crate) mod records;
pub(crate) mod reference;
pub(crate) mod registry;
pub(crate) mod search;
pub(crate) mod status;

use axum::body::Bytes;
use utoipa::openapi::security::{Http, HttpAuthScheme, SecurityScheme};
use utoipa::{IntoResponses, OpenApi, ToSchema, openapi};

use crate::error::ErrorBody;
use crate::library::CensusBy;
use crate::library::search::Sort;
use crate::library::{Page, PageRequest};

const ABOUT: &str = "The library of local-government practices, as this node holds it. Reading is open to whoever \
                     reaches the node under an allowed name; writing needs `Authorization: Bearer` with the node's \
                     token. Every error has the same shape.";

/// What can go wrong anywhere.
#[derive(IntoResponses)]
#[allow(dead_code, reason = "read by the derive alone, for the OpenAPI document")]
pub(crate) enum Failures {
    /// The request cannot be understood: a malformed id, parameter or body.
    #[response(status = 400)]
    Malformed(ErrorBody),
    /// There is nothing with this id.
    #[response(status = 404)]
    NotFound(ErrorBody),
    /// The community took back what was here: who, when and why is said.
    #[response(status = 410)]
    Withdrawn(ErrorBody),
    /// The node was called by a name that is not its own.
    #[response(status = 421)]
    WrongHost(ErrorBody),
    /// The node is at fault.
    #[response(status = 500)]
    Fault(ErrorBody),
    /// The disk is full or refuses: nothing was changed, and the same may be tried again.
    #[response(status = 507)]
    NoRoom(ErrorBody),
}

/// What can go wrong where something is written.
#[derive(IntoResponses)]
#[allow(dead_code, reason = "read by the derive alone, for the OpenAPI document")]
pub(crate) enum Refusals {
    /// The token is missing or wrong.
    #[response(status = 401)]
    Unauthorized(ErrorBody),
    /// Not allowed: another site asked, or the node says why.
    #[response(status = 403)]
    Denied(ErrorBody),
    /// The body took too long to arrive.
    #[response(status = 408)]
    TooSlow(ErrorBody),
    /// The body is too large.
    #[response(status = 413)]
    TooLarge(ErrorBody),
    /// The body is not announced as JSON.
    #[response(status = 415)]
    NotJson(ErrorBody),
    /// Fields are wrong: each is named, with what to do.
    #[response(status = 422)]
    Invalid(ErrorBody),
}

/// Bytes as they are.
#[derive(ToSchema)]
#[schema(value_type = String, format = Binary)]
#[allow(dead_code, reason = "read by the derive alone, for the OpenAPI document")]
pub(crate) struct Octets(Vec<u8>);

/// What no operation says of itself.
#[derive(OpenApi)]
#[openapi(info(title = "Dosvid", description = ABOUT, license(name = "MIT OR Apache-2.0", identifier = "MIT OR Apache-2.0")), components(schemas(ErrorBody, Sort, CensusBy)))]
struct About;

/// The document before any operation is in it.
pub(crate) fn about() -> openapi::OpenApi {
    let mut document = About::openapi();
    let bearer = SecurityScheme::Http(Http::new(HttpAuthScheme::Bearer));
    document.components.get_or_insert_default().add_security_scheme("bearer", bearer);
    document
}

/// The document as it is served; an empty object if it could not be written, which a test excludes.
pub(crate) fn to_bytes(document: &openapi::OpenApi) -> Bytes {
    serde_json::to_vec_pretty(document).unwrap_or_else(|_| b"{}".to_vec()).into()
}

/// A page of a table that is in the program: rows sorted by their keys.
pub(crate) fn page_of<R, T: ToSchema>(
    rows: &[R],
    key: fn(&R) -> &str,
    page: &PageRequest,
    show: fn(&R) -> T,
) -> Page<T> {
    let start = page.after.as_deref().map_or(0, |after| rows.partition_point(|row| key(row) <= after));
    let end = rows.len().min(start + page.limit);
    let next = (end < rows.len()).then(|| rows[..end].last().map(|row| key(row).to_owned())).flatten();
    Page { rows: rows[start..end].iter().map(show).collect(), next, total: rows.len() as u64 }
}
