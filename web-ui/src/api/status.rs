//! How the node stands.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use serde::Deserialize;
use utoipa::IntoParams;

use crate::App;
use crate::api::{Failures, Refusals};
use crate::error::Failure;
use crate::extract::{Paging, Query, cursor};
use crate::library::{Page, Quarantined, Status, VerifyPage};

/// How the node stands, with what is missing and what people should know.
#[utoipa::path(get, path = "/api/v1/status", tag = "node", responses((status = 200, body = Status), Failures))]
pub(crate) async fn read_status(State(app): State<Arc<App>>) -> Result<Json<Status>, Failure> {
    Ok(Json(app.ask(|library| library.status()).await?))
}

/// Records that play no part in their documents, and why.
#[utoipa::path(
    get,
    path = "/api/v1/quarantine",
    tag = "node",
    params(Paging),
    responses((status = 200, body = Page<Quarantined>), Failures)
)]
pub(crate) async fn list_quarantine(
    State(app): State<Arc<App>>,
    Query(paging): Query<Paging>,
) -> Result<Json<Page<Quarantined>>, Failure> {
    let page = paging.request()?;
    Ok(Json(app.ask(move |library| library.quarantine(&page)).await?))
}

/// Where the step before ended.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct Step {
    /// The `next` of the step before.
    after: Option<String>,
}

/// Checks some records and views and heals what can be healed; go on with `next` until there is none.
#[utoipa::path(
    post,
    path = "/api/v1/verify",
    tag = "node",
    params(Step),
    responses((status = 200, body = VerifyPage), Failures, Refusals),
    security(("bearer" = []))
)]
pub(crate) async fn verify_step(
    State(app): State<Arc<App>>,
    Query(step): Query<Step>,
) -> Result<Json<VerifyPage>, Failure> {
    let after = cursor(step.after)?;
    Ok(Json(app.ask(move |library| library.verify(after.as_deref())).await?))
}
