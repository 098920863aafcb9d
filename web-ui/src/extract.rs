//! What handlers take from a request, with errors in the API's one shape.

use std::fmt::Display;
use std::str::FromStr;
use std::time::Duration;

use axum::body::Bytes;
use axum::extract::{FromRequest, FromRequestParts, RawPathParams, Request};
use axum::http::request::Parts;
use axum::http::{StatusCode, header};
use crdt::check::FieldError;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::error::Category;
use utoipa::IntoParams;

use crate::error::Failure;
use crate::library::{MALFORMED_AFTER, PAGE_MAX, PageRequest};

/// How long a body may take to arrive. The largest, over a mobile network, takes a quarter of it.
const BODY_TIME_MAX: Duration = Duration::from_secs(60);
/// Letters of a place in a list. Ours are ids and moments; a longer one is not ours.
const CURSOR_MAX: usize = 256;
/// Rows of a page if the request does not say.
const PAGE_DEFAULT: usize = 20;

/// A JSON body.
pub(crate) struct Json<T>(pub(crate) T);

impl<S: Send + Sync, T: DeserializeOwned> FromRequest<S> for Json<T> {
    type Rejection = Failure;

    async fn from_request(request: Request, state: &S) -> Result<Self, Failure> {
        let kind = request.headers().get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or_default();
        let essence = kind.split(';').next().unwrap_or_default().trim();
        if !essence.eq_ignore_ascii_case("application/json") {
            return Err(Failure::new(
                StatusCode::UNSUPPORTED_MEDIA_TYPE,
                "not_json",
                "Потрібен заголовок Content-Type: application/json",
                "The header Content-Type: application/json is needed",
            ));
        }
        let Block(body) = Block::from_request(request, state).await?;
        serde_json::from_slice(&body).map(Json).map_err(|error| malformed(&error))
    }
}

/// A body as it is.
pub(crate) struct Block(pub(crate) Vec<u8>);

impl<S: Send + Sync> FromRequest<S> for Block {
    type Rejection = Failure;

    async fn from_request(request: Request, state: &S) -> Result<Self, Failure> {
        let body = tokio::time::timeout(BODY_TIME_MAX, Bytes::from_request(request, state)).await;
        let body = body.map_err(|_| {
            Failure::new(
                StatusCode::REQUEST_TIMEOUT,
                "too_slow",
                "Дані надходили надто довго. Спробуйте ще раз",
                "The body took too long to arrive. Try again",
            )
        })?;
        body.map(|bytes| Self(bytes.into())).map_err(|rejection| {
            if rejection.status() == StatusCode::PAYLOAD_TOO_LARGE {
                Failure::new(
                    StatusCode::PAYLOAD_TOO_LARGE,
                    "too_large",
                    "Забагато даних за один раз: поділіть їх на частини",
                    "Too much at once: split it",
                )
            } else {
                bad("broken_body", "Дані надійшли не повністю", "The body did not arrive whole")
            }
        })
    }
}

/// The id in the address.
pub(crate) struct Id<T>(pub(crate) T);

impl<S, T> FromRequestParts<S> for Id<T>
where
    S: Send + Sync,
    T: FromStr<Err: Display>,
{
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Failure> {
        // The first part of the address that is not fixed: files of a record have one more after it.
        let given = RawPathParams::from_request_parts(parts, state).await;
        let text =
            given.ok().and_then(|given| given.iter().next().map(|(_, text)| text.to_owned())).unwrap_or_default();
        text.parse().map(Self).map_err(|error| malformed_id(&error))
    }
}

/// Says that an id cannot be read.
pub(crate) fn malformed_id(error: &impl Display) -> Failure {
    bad("malformed_id", "Неправильний ідентифікатор в адресі", format!("The id cannot be read: {error}"))
}

/// The parameters of the address.
pub(crate) struct Query<T>(pub(crate) T);

impl<S: Send + Sync, T: DeserializeOwned> FromRequestParts<S> for Query<T> {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Failure> {
        axum::extract::Query::try_from_uri(&parts.uri).map(|axum::extract::Query(query)| Self(query)).map_err(|error| {
            bad(
                "malformed_query",
                format!("Неправильні параметри адреси: {error}"),
                format!("Wrong parameters: {error}"),
            )
        })
    }
}

/// Says that an address has a parameter that nobody knows.
pub(crate) fn unknown_parameter(name: &str) -> Failure {
    bad("unknown_parameter", format!("Невідомий параметр «{name}»"), format!("Unknown parameter “{name}”"))
}

/// Which rows are wanted.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct Paging {
    /// Where the page before ended: its `next`.
    pub(crate) after: Option<String>,
    /// How many rows, 1 to 100; 20 unless said.
    #[param(minimum = 1, maximum = 100, default = 20)]
    pub(crate) limit: Option<usize>,
}

impl Paging {
    /// The request for a page, within bounds.
    pub(crate) fn request(self) -> Result<PageRequest, Failure> {
        let limit = self.limit.unwrap_or(PAGE_DEFAULT);
        if !(1..=PAGE_MAX).contains(&limit) {
            return Err(bad(
                "limit_out_of_range",
                format!("limit має бути від 1 до {PAGE_MAX}"),
                format!("limit must be 1 to {PAGE_MAX}"),
            ));
        }
        Ok(PageRequest { after: cursor(self.after)?, limit })
    }
}

/// A place in a list, if it can be one.
pub(crate) fn cursor(after: Option<String>) -> Result<Option<String>, Failure> {
    match after {
        Some(after) if after.len() > CURSOR_MAX => {
            Err(bad(MALFORMED_AFTER, "Параметр after задовгий", "The parameter after is too long"))
        }
        after => Ok(after.filter(|after| !after.is_empty())),
    }
}

/// A request that cannot be understood.
pub(crate) fn bad(code: &'static str, uk: impl Into<String>, en: impl Into<String>) -> Failure {
    Failure::new(StatusCode::BAD_REQUEST, code, uk, en)
}

/// What is wrong with a JSON body: with its signs, or with a field that can be named.
fn malformed(error: &serde_json::Error) -> Failure {
    let (line, column) = (error.line(), error.column());
    if error.classify() != Category::Data {
        return bad("malformed_json", format!("Це не JSON: рядок {line}, знак {column}"), format!("Not JSON: {error}"));
    }
    let said = error.to_string();
    let field = said.split('`').nth(1).unwrap_or_default();
    let (code, uk) = if said.starts_with("unknown field") {
        ("unknown_field", format!("Невідоме поле «{field}» (рядок {line}, знак {column})"))
    } else if said.starts_with("missing field") {
        ("missing_field", format!("Бракує поля «{field}»"))
    } else {
        ("wrong_type", format!("Значення не того типу: рядок {line}, знак {column}"))
    };
    // Only the first two messages quote the field's name; others may quote what the value said.
    let field = if code == "wrong_type" { "" } else { field };
    Failure::invalid(vec![FieldError::new(field, code, uk, said.clone())])
}
