//! The registry of communities for programs.

use std::sync::Arc;

use axum::extract::State;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::App;
use crate::api::Failures;
use crate::error::Failure;
use crate::extract::{Query, bad, cursor};
use crate::library::registry::RegistryEntry;
use crate::library::{PAGE_MAX, Page};
use crate::registry::{Wanted, find, today};

/// Rows of a page if the request does not say.
const ROWS: usize = 20;

/// What is asked of the registry.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct Asked {
    /// A part of the name, or a KATOTTG code.
    #[serde(default)]
    q: String,
    /// A term of the vocabulary of sectors.
    #[serde(default)]
    sector: String,
    /// A term of the vocabulary of themes.
    #[serde(default)]
    theme: String,
    /// A term of the vocabulary of mechanisms.
    #[serde(default)]
    mechanism: String,
    /// The KATOTTG code of an oblast.
    #[serde(default)]
    oblast: String,
    /// A term of the vocabulary of sizes.
    #[serde(default)]
    size: String,
    /// A term of the vocabulary of formats.
    #[serde(default)]
    format: String,
    /// `1`: only those that are ready to share something.
    #[serde(default)]
    ready: String,
    /// `near`, `fresh`, `practices` or `name`.
    #[serde(default)]
    sort: String,
    /// The KATOTTG code from which distance is measured.
    #[serde(default)]
    near: String,
    /// Where the page before ended: its `next`.
    after: Option<String>,
    /// How many rows, 1 to 100; 20 unless said.
    #[param(minimum = 1, maximum = 100, default = 20)]
    limit: Option<usize>,
}

/// A community of the registry.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct RegistryRow {
    /// The community with its profile.
    #[serde(flatten)]
    entry: RegistryEntry,
    /// Kilometres from where distance is measured.
    distance_km: Option<f64>,
    /// How far its youngest offer can be relied on: `fresh`, `aging`, `stale` or `expired`; none if it
    /// offers nothing.
    age: Option<&'static str>,
    /// Days since an offer was last confirmed.
    confirmed_days_ago: Option<i64>,
}

/// Communities that are ready to share, and all others, as people find them.
#[utoipa::path(
    get,
    path = "/api/v1/registry",
    tag = "communities",
    params(Asked),
    responses((status = 200, body = Page<RegistryRow>), Failures)
)]
pub(crate) async fn list_registry(
    State(app): State<Arc<App>>,
    Query(asked): Query<Asked>,
) -> Result<axum::Json<Page<RegistryRow>>, Failure> {
    let limit = asked.limit.unwrap_or(ROWS);
    if !(1..=PAGE_MAX).contains(&limit) {
        return Err(bad(
            "limit_out_of_range",
            format!("limit має бути від 1 до {PAGE_MAX}"),
            format!("limit must be 1 to {PAGE_MAX}"),
        ));
    }
    let pairs = [
        ("q", asked.q),
        ("sector", asked.sector),
        ("theme", asked.theme),
        ("mechanism", asked.mechanism),
        ("oblast", asked.oblast),
        ("size", asked.size),
        ("format", asked.format),
        ("ready", asked.ready),
        ("sort", asked.sort),
        ("near", asked.near),
    ]
    .map(|(name, value)| (name.to_owned(), value));
    let wanted = Wanted::read(&pairs);
    let offset: usize = cursor(asked.after)?.and_then(|after| after.parse().ok()).unwrap_or_default();
    let home = app.home().await.map(|home| home.code);
    let entries = app.ask(|library| library.registry()).await?;
    let found = find(&entries, &wanted, home.as_deref(), today());
    let end = offset.saturating_add(limit).min(found.len());
    let rows = found.get(offset.min(end)..end).unwrap_or_default();
    let row = |found: &crate::registry::Found<'_>| RegistryRow {
        entry: found.entry.clone(),
        distance_km: found.km.map(|km| (km * 10.0).round() / 10.0),
        age: found.age.map(crate::registry::Age::key),
        confirmed_days_ago: found.days,
    };
    Ok(axum::Json(Page {
        rows: rows.iter().map(row).collect(),
        next: (end < found.len()).then(|| end.to_string()),
        total: found.len() as u64,
    }))
}
