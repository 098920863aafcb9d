//! Practices: to read, to publish, to edit, to take back.

use std::sync::Arc;

use axum::extract::State;
use axum::http::StatusCode;
use axum::http::header::{HeaderName, LOCATION};
use crdt::check::FieldError;
use crdt::id::{CommunityId, DocumentId};
use crdt::practice::Practice;
use serde::Deserialize;
use utoipa::IntoParams;

use crate::App;
use crate::api::{Failures, Refusals};
use crate::error::Failure;
use crate::extract::{Id, Json, Paging, Query, malformed_id};
use crate::library::{DocumentCard, Edit, Page, PracticePage, Published, REASON_CHARS_MAX, Revision};

/// Which practices are wanted.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct Wanted {
    /// Where the page before ended: its `next`.
    after: Option<String>,
    /// How many rows, 1 to 100; 20 unless said.
    #[param(minimum = 1, maximum = 100, default = 20)]
    limit: Option<usize>,
    /// Only those of this community.
    owner: Option<String>,
}

/// Practices, last changed first.
#[utoipa::path(
    get,
    path = "/api/v1/practices",
    tag = "practices",
    params(Wanted),
    responses((status = 200, body = Page<DocumentCard>), Failures)
)]
pub(crate) async fn list_practices(
    State(app): State<Arc<App>>,
    Query(wanted): Query<Wanted>,
) -> Result<axum::Json<Page<DocumentCard>>, Failure> {
    let page = Paging { after: wanted.after, limit: wanted.limit }.request()?;
    let owner: Option<CommunityId> =
        wanted.owner.map(|owner| owner.parse()).transpose().map_err(|error| malformed_id(&error))?;
    Ok(axum::Json(app.ask(move |library| library.practices(&page, owner)).await?))
}

/// One practice whole.
#[utoipa::path(
    get,
    path = "/api/v1/practices/{id}",
    tag = "practices",
    params(("id" = String, Path, description = "The document, 32 hexadecimal digits")),
    responses((status = 200, body = PracticePage), Failures)
)]
pub(crate) async fn read_practice(
    State(app): State<Arc<App>>,
    Id(id): Id<DocumentId>,
) -> Result<axum::Json<PracticePage>, Failure> {
    Ok(axum::Json(app.ask(move |library| library.practice(id)).await?))
}

/// Publishes a new practice of this node's community.
#[utoipa::path(
    post,
    path = "/api/v1/practices",
    tag = "practices",
    request_body = Practice,
    responses((status = 201, body = Published, description = "Published"), Failures, Refusals),
    security(("bearer" = []))
)]
pub(crate) async fn create_practice(
    State(app): State<Arc<App>>,
    Json(practice): Json<Practice>,
) -> Result<(StatusCode, [(HeaderName, String); 1], axum::Json<Published>), Failure> {
    let published = app.ask(move |library| library.create_practice(practice)).await?;
    let address = format!("/api/v1/practices/{}", published.id);
    Ok((StatusCode::CREATED, [(LOCATION, address)], axum::Json(published)))
}

/// Publishes an edit. What others wrote since `base_heads` is kept too; `merged` says so.
#[utoipa::path(
    put,
    path = "/api/v1/practices/{id}",
    tag = "practices",
    params(("id" = String, Path, description = "The document, 32 hexadecimal digits")),
    request_body = Edit<Practice>,
    responses((status = 200, body = Published), Failures, Refusals),
    security(("bearer" = []))
)]
pub(crate) async fn edit_practice(
    State(app): State<Arc<App>>,
    Id(id): Id<DocumentId>,
    Json(edit): Json<Edit<Practice>>,
) -> Result<axum::Json<Published>, Failure> {
    Ok(axum::Json(app.ask(move |library| library.edit_practice(id, edit)).await?))
}

/// Why a practice is taken back.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct Why {
    /// Why, in a few words; it is published with the withdrawal. At most 1,000 letters.
    #[serde(default)]
    reason: String,
}

impl Why {
    /// The reason, if it is not too long.
    pub(crate) fn checked(self) -> Result<String, Failure> {
        if self.reason.chars().count() <= REASON_CHARS_MAX {
            return Ok(self.reason);
        }
        Err(Failure::invalid(vec![FieldError::new(
            "reason",
            "too_long",
            format!("Причина задовга: можна щонайбільше {REASON_CHARS_MAX} знаків"),
            format!("The reason is too long: at most {REASON_CHARS_MAX} characters are taken"),
        )]))
    }
}

/// Takes a practice back, everywhere and for good.
#[utoipa::path(
    delete,
    path = "/api/v1/practices/{id}",
    tag = "practices",
    params(("id" = String, Path, description = "The document, 32 hexadecimal digits"), Why),
    responses((status = 204, description = "Taken back"), Failures, Refusals),
    security(("bearer" = []))
)]
pub(crate) async fn withdraw_practice(
    State(app): State<Arc<App>>,
    Id(id): Id<DocumentId>,
    Query(why): Query<Why>,
) -> Result<StatusCode, Failure> {
    let reason = why.checked()?;
    app.ask(move |library| library.withdraw(id, reason)).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// The changes of a practice, first to last.
#[utoipa::path(
    get,
    path = "/api/v1/practices/{id}/history",
    tag = "practices",
    params(("id" = String, Path, description = "The document, 32 hexadecimal digits"), Paging),
    responses((status = 200, body = Page<Revision>), Failures)
)]
pub(crate) async fn read_practice_history(
    State(app): State<Arc<App>>,
    Id(id): Id<DocumentId>,
    Query(paging): Query<Paging>,
) -> Result<axum::Json<Page<Revision>>, Failure> {
    let page = paging.request()?;
    Ok(axum::Json(app.ask(move |library| library.history(id, &page)).await?))
}
