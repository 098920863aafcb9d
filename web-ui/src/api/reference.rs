//! What is in the program itself: vocabularies, the codifier, this API's description.

use std::sync::Arc;

use axum::Json;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::header::{CONTENT_TYPE, HeaderName};
use crdt::codifier;
use crdt::vocabulary;
use serde::Serialize;
use utoipa::ToSchema;

use crate::App;
use crate::api::{Failures, page_of};
use crate::error::Failure;
use crate::extract::{Paging, Query};
use crate::library::Page;

/// A closed list of choices.
#[derive(Serialize, ToSchema)]
pub(crate) struct Vocabulary {
    /// Its name for programs.
    key: &'static str,
    /// Its name in Ukrainian.
    uk: &'static str,
    /// Its name in English.
    en: &'static str,
    /// The choices in the order in which they are shown.
    terms: Vec<Term>,
}

/// One choice.
#[derive(Serialize, ToSchema)]
pub(crate) struct Term {
    /// What records keep.
    key: &'static str,
    /// The Ukrainian label.
    uk: &'static str,
    /// The English label.
    en: &'static str,
}

/// Every vocabulary with its labels.
#[utoipa::path(
    get,
    path = "/api/v1/vocabularies",
    tag = "reference",
    responses((status = 200, body = Vec<Vocabulary>), Failures)
)]
pub(crate) async fn list_vocabularies() -> Json<Vec<Vocabulary>> {
    let terms = |terms: &'static [vocabulary::Term]| {
        terms.iter().map(|term| Term { key: term.key, uk: term.uk, en: term.en }).collect()
    };
    let all = vocabulary::ALL.iter();
    Json(all.map(|list| Vocabulary { key: list.key, uk: list.uk, en: list.en, terms: terms(list.terms) }).collect())
}

/// A territorial community of the codifier, whether it takes part or not.
#[derive(Serialize, ToSchema)]
pub(crate) struct Hromada {
    /// The KATOTTG code.
    code: &'static str,
    /// `urban`, `settlement`, `rural` or `special_city`.
    kind: &'static str,
    /// The settlement where its council sits.
    centre: &'static str,
    /// The KATOTTG code of its oblast.
    oblast: &'static str,
    /// The KATOTTG code of its raion; empty for a city with special status.
    raion: &'static str,
    /// The full name in Ukrainian, with raion and oblast.
    uk: String,
    /// The same in English.
    en: String,
}

/// The codifier's territorial communities, by code.
#[utoipa::path(
    get,
    path = "/api/v1/hromadas",
    tag = "reference",
    params(Paging),
    responses((status = 200, body = Page<Hromada>), Failures)
)]
pub(crate) async fn list_hromadas(Query(paging): Query<Paging>) -> Result<Json<Page<Hromada>>, Failure> {
    let page = paging.request()?;
    Ok(Json(page_of(
        codifier::all(),
        |row| row.code,
        &page,
        |row| Hromada {
            code: row.code,
            kind: row.kind.key(),
            centre: row.centre,
            oblast: row.oblast,
            raion: row.raion,
            uk: row.full_name_uk(),
            en: row.full_name_en(),
        },
    )))
}

/// This document.
#[utoipa::path(
    get,
    path = "/api/v1/openapi.json",
    tag = "reference",
    responses((status = 200, body = serde_json::Value, content_type = "application/json"), Failures)
)]
pub(crate) async fn read_openapi(State(app): State<Arc<App>>) -> ([(HeaderName, &'static str); 1], Bytes) {
    ([(CONTENT_TYPE, "application/json")], app.openapi.clone())
}
