//! Drafts: what somebody has begun to write. They never leave this computer, so reading one needs
//! the token as well.

use std::sync::Arc;

use axum::extract::State;
use axum::http::StatusCode;
use crdt::id::DocumentName;
use serde_json::{Map, Value};

use crate::App;
use crate::api::{Failures, Refusals};
use crate::error::Failure;
use crate::extract::{Id, Json};
use crate::library::DraftCard;

/// The drafts on this computer.
#[utoipa::path(
    get,
    path = "/api/v1/drafts",
    tag = "drafts",
    responses((status = 200, body = Vec<DraftCard>), Failures, Refusals),
    security(("bearer" = []))
)]
pub(crate) async fn list_drafts(State(app): State<Arc<App>>) -> Result<axum::Json<Vec<DraftCard>>, Failure> {
    Ok(axum::Json(app.ask(|library| library.drafts()).await?))
}

/// One draft, as it was kept.
#[utoipa::path(
    get,
    path = "/api/v1/drafts/{id}",
    tag = "drafts",
    params(("id" = String, Path, description = "The draft, 32 hexadecimal digits")),
    responses((status = 200, body = Object), Failures, Refusals),
    security(("bearer" = []))
)]
pub(crate) async fn read_draft(
    State(app): State<Arc<App>>,
    Id(id): Id<DocumentName>,
) -> Result<axum::Json<Value>, Failure> {
    Ok(axum::Json(app.ask(move |library| library.draft(id)).await?))
}

/// Keeps a draft under an id that the caller chose. It may be as unfinished as it is.
#[utoipa::path(
    put,
    path = "/api/v1/drafts/{id}",
    tag = "drafts",
    params(("id" = String, Path, description = "The draft, 32 hexadecimal digits")),
    request_body = Object,
    responses((status = 204, description = "Kept"), Failures, Refusals),
    security(("bearer" = []))
)]
pub(crate) async fn keep_draft(
    State(app): State<Arc<App>>,
    Id(id): Id<DocumentName>,
    Json(content): Json<Map<String, Value>>,
) -> Result<StatusCode, Failure> {
    app.ask(move |library| library.keep_draft(id, Value::Object(content))).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Throws a draft away.
#[utoipa::path(
    delete,
    path = "/api/v1/drafts/{id}",
    tag = "drafts",
    params(("id" = String, Path, description = "The draft, 32 hexadecimal digits")),
    responses((status = 204, description = "Thrown away"), Failures, Refusals),
    security(("bearer" = []))
)]
pub(crate) async fn remove_draft(State(app): State<Arc<App>>, Id(id): Id<DocumentName>) -> Result<StatusCode, Failure> {
    app.ask(move |library| library.remove_draft(id)).await?;
    Ok(StatusCode::NO_CONTENT)
}
