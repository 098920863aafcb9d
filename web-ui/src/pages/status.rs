//! How the node stands, honestly: what is missing comes before what is here.

use std::sync::Arc;

use askama::Template;
use axum::extract::State;
use axum::response::Response;

use crate::App;
use crate::error::Failure;
use crate::format;
use crate::library::{Peer, Status};
use crate::pages::answer;
use crate::pages::frame::Visitor;
use crate::{assets, words};

/// Peers that a page lists; the API lists all.
const PEERS_SHOWN: usize = 100;

/// A peer in the table.
struct Neighbour {
    id: String,
    agent: String,
    address: String,
    connected: bool,
    caught_up: String,
    received: String,
    sent: String,
    refused: String,
}

/// The page.
#[derive(Template)]
#[template(path = "status.html")]
struct Standing {
    v: Visitor,
    status: Status,
    warnings: Vec<String>,
    missing: Vec<(&'static str, String)>,
    here: Vec<(&'static str, String)>,
    community_href: Option<String>,
    device: String,
    peers: Vec<Neighbour>,
}

/// `/status`
pub(crate) async fn show(State(app): State<Arc<App>>, v: Visitor) -> Response {
    answer(&v, standing(&app, &v).await)
}

async fn standing(app: &App, v: &Visitor) -> Result<Standing, Failure> {
    let (status, peers) = app.ask(|library| Ok((library.status()?, library.peers()?))).await?;
    let warnings = status.warnings.iter().map(|warning| v.language.pick(&warning.uk, &warning.en).clone()).collect();
    Ok(Standing {
        warnings,
        missing: missing(v, &status),
        here: here(v, &status),
        community_href: status.community.as_deref().map(|community| v.link(&["communities", community])),
        device: format::short(&status.device),
        peers: peers.iter().take(PEERS_SHOWN).map(|peer| neighbour(v, peer)).collect(),
        status,
        v: v.clone(),
    })
}

fn missing(v: &Visitor, status: &Status) -> Vec<(&'static str, String)> {
    let caught_up = status.caught_up_at.map_or_else(|| v.say(words::NEVER).to_owned(), format::moment);
    let counts = [
        (words::MISSING_RECORDS, status.missing),
        (words::WAITING_RECORDS, status.waiting),
        (words::PENDING, status.pending),
        (words::SET_ASIDE_RECORDS, status.set_aside),
    ];
    let mut facts: Vec<_> = counts.map(|(label, count)| (v.say(label), format::number(count))).into();
    facts.push((v.say(words::CAUGHT_UP), caught_up));
    facts
}

fn here(v: &Visitor, status: &Status) -> Vec<(&'static str, String)> {
    vec![
        (v.say(words::PRACTICES), format::number(status.practices)),
        (v.say(words::COMMUNITIES), format::number(status.communities)),
        (v.say(words::RECORDS), format::number(status.records)),
        (v.say(words::DISK), format::bytes(status.disk_bytes, v.language)),
    ]
}

fn neighbour(v: &Visitor, peer: &Peer) -> Neighbour {
    Neighbour {
        id: format::tail(&peer.id),
        agent: peer.agent.clone(),
        address: peer.address.clone(),
        connected: peer.connected,
        caught_up: peer.caught_up_at.map_or_else(|| v.say(words::NEVER).to_owned(), format::moment),
        received: format::number(peer.received),
        sent: format::number(peer.sent),
        refused: format::number(peer.refused),
    }
}
