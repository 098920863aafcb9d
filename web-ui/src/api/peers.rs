//! Peers.

use std::sync::Arc;

use axum::extract::State;
use axum::http::StatusCode;
use crdt::check::FieldError;
use serde::Deserialize;
use utoipa::ToSchema;

use crate::App;
use crate::api::{Failures, Refusals};
use crate::error::Failure;
use crate::extract::Json;
use crate::library::Peer;

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
    if dial.address.len() > ADDRESS_MAX {
        return Err(Failure::invalid(vec![FieldError::new(
            "address",
            "too_long",
            "Адреса задовга".into(),
            "The address is too long".into(),
        )]));
    }
    app.ask(move |library| library.dial(dial.address.trim())).await?;
    Ok(StatusCode::ACCEPTED)
}
