//! Peers.

use std::sync::Arc;

use axum::extract::State;
use axum::http::StatusCode;
use crdt::check::FieldError;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::App;
use crate::api::{Failures, Refusals};
use crate::error::Failure;
use crate::extract::{Json, Query};
use crate::library::Peer;
use crate::library::network::Probe;
use crate::words::network as nw;

/// Letters of an address: a relayed one with two peer ids has about 250.
const ADDRESS_MAX: usize = 1_024;

/// The peers known to this node.
#[utoipa::path(get, path = "/api/v1/peers", tag = "node", responses((status = 200, body = Vec<Peer>), Failures))]
pub(crate) async fn list_peers(State(app): State<Arc<App>>) -> Result<axum::Json<Vec<Peer>>, Failure> {
    Ok(axum::Json(app.ask(|library| library.peers()).await?))
}

/// Whom to dial.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Dial {
    /// A multiaddress, such as `/ip4/192.0.2.7/tcp/4001/p2p/12D3…`.
    address: String,
}

/// What came of trying to reach a node.
#[derive(Serialize, ToSchema)]
pub(crate) struct Tried {
    /// How it ended.
    #[serde(flatten)]
    probe: Probe,
    /// What happened and what to do, in Ukrainian.
    uk: String,
    /// The same in English.
    en: String,
}

/// Tries to reach a node and says what became of it, within twelve seconds.
#[utoipa::path(
    post,
    path = "/api/v1/peers/probe",
    tag = "node",
    request_body = Dial,
    responses((status = 200, body = Tried), Failures, Refusals),
    security(("bearer" = []))
)]
pub(crate) async fn probe_peer(
    State(app): State<Arc<App>>,
    Json(dial): Json<Dial>,
) -> Result<axum::Json<Tried>, Failure> {
    check(&dial.address)?;
    let probe = app.ask(move |library| library.probe(dial.address.trim())).await?;
    let (what, advice) = nw::reach(probe.reach);
    let both = |what: &str, advice: &str| format!("{what}. {advice}");
    Ok(axum::Json(Tried { uk: both(what.uk, advice.uk), en: both(what.en, advice.en), probe }))
}

/// Whether an address can be one.
pub(crate) fn check(address: &str) -> Result<(), Failure> {
    if address.len() <= ADDRESS_MAX {
        return Ok(());
    }
    Err(Failure::invalid(vec![FieldError::new(
        "address",
        "too_long",
        "Адреса задовга".into(),
        "The address is too long".into(),
    )]))
}

/// Dials a peer. That it answers is told by events and by the list of peers, not here.
#[utoipa::path(
    post,
    path = "/api/v1/peers",
    tag = "node",
    request_body = Dial,
    responses((status = 202, description = "Dialling"), Failures, Refusals),
    security(("bearer" = []))
)]
pub(crate) async fn dial_peer(State(app): State<Arc<App>>, Json(dial): Json<Dial>) -> Result<StatusCode, Failure> {
    check(&dial.address)?;
    app.ask(move |library| library.dial(dial.address.trim())).await?;
    Ok(StatusCode::ACCEPTED)
}

/// The addresses that people added, at which peers are dialled now and after every start.
#[utoipa::path(get, path = "/api/v1/peers/added", tag = "node", responses((status = 200, body = Vec<String>), Failures))]
pub(crate) async fn list_added_peers(State(app): State<Arc<App>>) -> Result<axum::Json<Vec<String>>, Failure> {
    Ok(axum::Json(app.ask(|library| library.added_peers()).await?))
}

/// Which address.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct Which {
    /// The multiaddress as it was added.
    address: String,
}

/// Dials an added address no more, and ends the link to whoever is there.
#[utoipa::path(
    delete,
    path = "/api/v1/peers/added",
    tag = "node",
    params(Which),
    responses((status = 204, description = "Forgotten"), Failures, Refusals),
    security(("bearer" = []))
)]
pub(crate) async fn forget_peer(
    State(app): State<Arc<App>>,
    Query(which): Query<Which>,
) -> Result<StatusCode, Failure> {
    check(&which.address)?;
    app.ask(move |library| library.forget_peer(which.address.trim())).await?;
    Ok(StatusCode::NO_CONTENT)
}
