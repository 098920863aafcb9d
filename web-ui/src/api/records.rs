//! Records as they are: one by one, and in bulk.

use std::sync::Arc;

use axum::Json as Answer;
use axum::extract::State;
use axum::http::StatusCode;
use axum::http::header::{self, HeaderMap, HeaderName};
use axum::response::{IntoResponse, Response};
use crdt::check::FieldError;
use crdt::id::RecordId;
use serde::Deserialize;
use utoipa::IntoParams;

use crate::App;
use crate::api::{Failures, Octets, Refusals};
use crate::error::Failure;
use crate::extract::{Block, Id, Json, Query, cursor};
use crate::library::{BlockReport, IMPORT_ROWS_MAX, ImportRequest, RowReport};

/// A record can only ever be what its id says, so it is kept for a year.
const FOREVER: &str = "public, max-age=31536000, immutable";
const BYTES: &str = "application/octet-stream";

/// The signed bytes of a record. Their BLAKE3 hash is the id.
#[utoipa::path(
    get,
    path = "/api/v1/records/{id}",
    tag = "records",
    params(("id" = String, Path, description = "The record, 64 hexadecimal digits")),
    responses(
        (status = 200, body = Octets, content_type = "application/octet-stream"),
        (status = 304, description = "Held already"),
        Failures
    )
)]
pub(crate) async fn read_record(
    State(app): State<Arc<App>>,
    Id(id): Id<RecordId>,
    headers: HeaderMap,
) -> Result<Response, Failure> {
    let tag = format!("\"{id}\"");
    let bytes = app.ask(move |library| library.record(id)).await?;
    let about = [(header::ETAG, tag.clone()), (header::CACHE_CONTROL, FOREVER.to_owned())];
    let held = headers.get(header::IF_NONE_MATCH).and_then(|held| held.to_str().ok());
    if held.is_some_and(|held| held.split(',').any(|held| held.trim().trim_start_matches("W/") == tag)) {
        return Ok((StatusCode::NOT_MODIFIED, about).into_response());
    }
    let name = format!("attachment; filename=\"{id}.record\"");
    let kind = [(header::CONTENT_TYPE, BYTES.to_owned()), (header::CONTENT_DISPOSITION, name)];
    Ok((about, kind, bytes).into_response())
}

/// Imports practices as this node's community, at most 1,024 a request. Each row is told what became of it.
#[utoipa::path(
    post,
    path = "/api/v1/import",
    tag = "records",
    request_body = ImportRequest,
    responses((status = 200, body = Vec<RowReport>), Failures, Refusals),
    security(("bearer" = []))
)]
pub(crate) async fn import_rows(
    State(app): State<Arc<App>>,
    Json(request): Json<ImportRequest>,
) -> Result<Answer<Vec<RowReport>>, Failure> {
    let rows = request.rows.len();
    if rows > IMPORT_ROWS_MAX {
        return Err(Failure::invalid(vec![FieldError::new(
            "rows",
            "too_many",
            format!("Забагато рядків: {rows}, за один раз можна щонайбільше {IMPORT_ROWS_MAX}"),
            format!("Too many rows: {rows}, at most {IMPORT_ROWS_MAX} are taken at once"),
        )]));
    }
    Ok(Answer(app.ask(move |library| library.import(request)).await?))
}

/// Which block is wanted.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct Wanted {
    /// The `dosvid-next` of the block before.
    after: Option<String>,
    /// Only records made since this moment, milliseconds since 1970.
    #[serde(default)]
    since: u64,
}

/// A block of a bundle, to write to a file as it is; go on with `dosvid-next` until there is none.
#[utoipa::path(
    get,
    path = "/api/v1/bundle",
    tag = "records",
    params(Wanted),
    responses(
        (
            status = 200,
            body = Octets,
            content_type = "application/octet-stream",
            description = "The block; empty at the end",
            headers(
                ("dosvid-next" = String, description = "Give this as `after`; absent at the end"),
                ("dosvid-records" = u64, description = "Records in this block"),
                ("dosvid-total" = u64, description = "Records in the whole export")
            )
        ),
        Failures
    )
)]
pub(crate) async fn give_block(State(app): State<Arc<App>>, Query(wanted): Query<Wanted>) -> Result<Response, Failure> {
    let (after, since) = (cursor(wanted.after)?, wanted.since);
    let page = app.ask(move |library| library.give_block(after.as_deref(), since)).await?;
    let counts = [
        (header::CONTENT_TYPE, BYTES.to_owned()),
        (HeaderName::from_static("dosvid-records"), page.records.to_string()),
        (HeaderName::from_static("dosvid-total"), page.total.to_string()),
    ];
    let next = page.next.map(|next| [(HeaderName::from_static("dosvid-next"), next)]);
    Ok((counts, next.map_or_else(HeaderMap::new, as_headers), page.bytes).into_response())
}

/// A header whose value the library made; one that cannot be a header's value is left out.
fn as_headers(pairs: [(HeaderName, String); 1]) -> HeaderMap {
    pairs.into_iter().filter_map(|(name, value)| Some((name, value.parse().ok()?))).collect()
}

/// Whether only to look.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct Mode {
    /// Only say what would happen.
    #[serde(default)]
    dry_run: bool,
}

/// Takes a block of a bundle. Each record in it must stand by itself; the report counts what became of them.
#[utoipa::path(
    post,
    path = "/api/v1/bundle",
    tag = "records",
    params(Mode),
    request_body(content = Octets, content_type = "application/octet-stream"),
    responses((status = 200, body = BlockReport), Failures, Refusals),
    security(("bearer" = []))
)]
pub(crate) async fn take_block(
    State(app): State<Arc<App>>,
    Query(mode): Query<Mode>,
    Block(block): Block,
) -> Result<Answer<BlockReport>, Failure> {
    Ok(Answer(app.ask(move |library| library.take_block(block, mode.dry_run)).await?))
}
