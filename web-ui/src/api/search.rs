//! Search, suggestions and practices like one.

use std::sync::Arc;

use axum::extract::State;
use crdt::codifier;
use crdt::id::DocumentId;
use serde::Deserialize;
use utoipa::{IntoParams, IntoResponses};

use crate::App;
use crate::api::Failures;
use crate::error::{ErrorBody, Failure};
use crate::extract::{Id, Query, bad, unknown_parameter};
use crate::library::search::{
    DEPTH_MAX, FACET_VALUES_MAX, Facet, QUERY_CHARS_MAX, SearchPage, SearchRequest, Sort, Suggestion,
};
use crate::library::{DocumentCard, PAGE_MAX};

/// What can go wrong where something is found.
#[derive(IntoResponses)]
#[allow(dead_code, reason = "read by the derive alone, for the OpenAPI document")]
pub(crate) enum Rebuilding {
    /// The index is being made anew: everything else works meanwhile.
    #[response(status = 503)]
    Rebuilding(ErrorBody),
}

/// Hits of a page if the request does not say.
const HITS_DEFAULT: usize = 10;

/// What is looked for; each facet may be named more than once.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[allow(dead_code, reason = "read by the derive alone, for the OpenAPI document")]
pub(crate) struct Wanted {
    /// Words, "phrases", -not, `field:value`; empty for everything.
    q: Option<String>,
    /// `relevance`, `newest`, `near` or `adoptions`.
    sort: Option<Sort>,
    /// The KATOTTG code from which distance is measured; without it, this node's own community.
    near: Option<String>,
    /// Look for exactly what was typed.
    verbatim: Option<bool>,
    /// How many hits to leave out, at most 1,000.
    #[param(maximum = 1000)]
    offset: Option<usize>,
    /// How many hits, 1 to 100; 10 unless said.
    #[param(minimum = 1, maximum = 100, default = 10)]
    limit: Option<usize>,
    /// Keys of sectors.
    sector: Option<Vec<String>>,
    /// Keys of themes.
    theme: Option<Vec<String>>,
    /// Keys of mechanisms.
    mechanism: Option<Vec<String>>,
    /// KATOTTG codes of oblasts.
    oblast: Option<Vec<String>>,
    /// Keys of sizes.
    size: Option<Vec<String>>,
    /// `urban`, `settlement`, `rural`, `special`.
    community_type: Option<Vec<String>>,
    /// Keys of stages.
    stage: Option<Vec<String>>,
    /// Keys of evidence.
    evidence: Option<Vec<String>>,
    /// Keys of cost bands.
    cost: Option<Vec<String>>,
    /// Years.
    year: Option<Vec<String>>,
    /// `uk`, `en`, `other`.
    language: Option<Vec<String>>,
    /// `practice`, `profile`.
    kind: Option<Vec<String>>,
}

/// A request from the parameters of an address; pages and the API read them alike.
pub(crate) fn request(pairs: &[(String, String)]) -> Result<SearchRequest, Failure> {
    let mut request = SearchRequest { limit: HITS_DEFAULT, ..SearchRequest::default() };
    for (name, value) in pairs.iter().filter(|(_, value)| !value.is_empty()) {
        match name.as_str() {
            "q" => request.query = value.chars().take(QUERY_CHARS_MAX + 1).collect(),
            "sort" => request.sort = sort(value)?,
            "near" => request.near = Some(near(value)?),
            "verbatim" => request.verbatim = matches!(value.as_str(), "true" | "1"),
            "offset" => request.offset = number(name, value, 0, DEPTH_MAX)?,
            "limit" => request.limit = number(name, value, 1, PAGE_MAX)?,
            _ => narrow(&mut request, name, value)?,
        }
    }
    Ok(request)
}

fn narrow(request: &mut SearchRequest, name: &str, value: &str) -> Result<(), Failure> {
    let facet = Facet::ALL.into_iter().find(|facet| facet.key() == name).ok_or_else(|| unknown_parameter(name))?;
    let entry = match request.filters.iter_mut().position(|(named, _)| *named == facet) {
        Some(at) => &mut request.filters[at].1,
        None => {
            request.filters.push((facet, Vec::new()));
            &mut request.filters.last_mut().expect("just pushed").1
        }
    };
    if entry.len() == FACET_VALUES_MAX {
        return Err(bad(
            "too_many_values",
            format!("Забагато значень параметра «{name}»: щонайбільше {FACET_VALUES_MAX}"),
            format!("Too many values of “{name}”: at most {FACET_VALUES_MAX}"),
        ));
    }
    if !entry.iter().any(|known| known == value) {
        entry.push(value.to_owned());
    }
    Ok(())
}

fn sort(value: &str) -> Result<Sort, Failure> {
    let known = Sort::ALL.into_iter().find(|sort| sort.key() == value);
    known.ok_or_else(|| {
        let keys = Sort::ALL.map(Sort::key).join(", ");
        bad("unknown_sort", format!("sort має бути одним із: {keys}"), format!("sort must be one of: {keys}"))
    })
}

fn near(value: &str) -> Result<String, Failure> {
    codifier::parse(value).map(|hromada| hromada.code.to_owned()).map_err(|_| {
        bad(
            "unknown_code",
            "near має бути кодом громади КАТОТТГ: UA і 17 цифр",
            "near must be a community’s KATOTTG code: UA and 17 digits",
        )
    })
}

fn number(name: &str, value: &str, least: usize, most: usize) -> Result<usize, Failure> {
    let number = value.parse().ok().filter(|number| (least..=most).contains(number));
    number.ok_or_else(|| {
        bad(
            "number_out_of_range",
            format!("{name} має бути числом від {least} до {most}"),
            format!("{name} must be a number from {least} to {most}"),
        )
    })
}

/// Looks for documents, with counts by facet.
#[utoipa::path(
    get,
    path = "/api/v1/search",
    tag = "search",
    params(Wanted),
    responses((status = 200, body = SearchPage), Failures, Rebuilding)
)]
pub(crate) async fn search(
    State(app): State<Arc<App>>,
    Query(pairs): Query<Vec<(String, String)>>,
) -> Result<axum::Json<SearchPage>, Failure> {
    let request = request(&pairs)?;
    Ok(axum::Json(app.ask(move |library| library.search(&request)).await?))
}

/// The beginning of a query.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct Beginning {
    /// What has been typed so far.
    #[serde(default)]
    q: String,
}

/// What may be meant by the beginning of a query: terms, communities, titles.
#[utoipa::path(
    get,
    path = "/api/v1/suggest",
    tag = "search",
    params(Beginning),
    responses((status = 200, body = Vec<Suggestion>), Failures, Rebuilding)
)]
pub(crate) async fn suggest(
    State(app): State<Arc<App>>,
    Query(beginning): Query<Beginning>,
) -> Result<axum::Json<Vec<Suggestion>>, Failure> {
    Ok(axum::Json(app.ask(move |library| library.suggest(&beginning.q)).await?))
}

/// Practices like one, most alike first.
#[utoipa::path(
    get,
    path = "/api/v1/practices/{id}/similar",
    tag = "search",
    params(("id" = String, Path, description = "The document, 32 hexadecimal digits")),
    responses((status = 200, body = Vec<DocumentCard>), Failures, Rebuilding)
)]
pub(crate) async fn similar(
    State(app): State<Arc<App>>,
    Id(id): Id<DocumentId>,
) -> Result<axum::Json<Vec<DocumentCard>>, Failure> {
    Ok(axum::Json(app.ask(move |library| library.similar(id)).await?))
}
