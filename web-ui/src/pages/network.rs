//! The network in plain words: connected to whom, what is missing, what waits to be sent.

mod stands;

use std::sync::Arc;

use askama::Template;
use axum::Extension;
use axum::extract::State;
use axum::response::Response;
use crdt::codifier;

use crate::App;
use crate::error::Failure;
use crate::format;
use crate::library::Status;
use crate::library::network::{Peer, Probe};
use crate::library::registry::RegistryEntry;
use crate::pages::answer;
use crate::pages::frame::{Visitor, short_name};
use crate::people::Role;
use crate::people::auth::Signed;
use crate::qr::Qr;
use crate::words::network as nw;
use crate::{assets, words};

use stands::{Stand, stands};

/// Peers that a page lists; the API lists all.
const PEERS_SHOWN: usize = 100;
/// Own addresses that a page lists.
const ADDRESSES_SHOWN: usize = 12;

/// A peer in the table.
struct Neighbour {
    name: String,
    href: Option<String>,
    claimed: bool,
    id: String,
    agent: String,
    address: String,
    connected: bool,
    how: &'static str,
    since: String,
    missing: Option<String>,
    exchanged: String,
    received: String,
    sent: String,
    refused: Option<String>,
}

/// What an attempt to reach a node found, in words.
pub(crate) struct Told {
    pub(crate) good: bool,
    pub(crate) what: &'static str,
    pub(crate) advice: &'static str,
    took: Option<String>,
}

/// What became of what was asked on the page.
#[derive(Default)]
pub(crate) struct Asked {
    /// The address that was typed.
    pub(crate) address: String,
    /// What is wrong with it.
    pub(crate) error: Option<String>,
    /// What an attempt found.
    pub(crate) told: Option<Told>,
    /// Whether it was added.
    pub(crate) added: bool,
    /// Whether an address was forgotten.
    pub(crate) forgotten: bool,
    /// What the form must carry to be genuine; none for whoever may not ask.
    pub(crate) token: Option<String>,
}

impl Asked {
    /// Nothing asked yet, by somebody who may.
    pub(crate) fn by(signed: &Signed) -> Self {
        Self { token: (signed.role >= Role::Editor).then(|| signed.form_token.clone()), ..Self::default() }
    }
}

impl Told {
    /// An attempt in words.
    pub(crate) fn new(v: &Visitor, probe: &Probe) -> Self {
        let (what, advice) = nw::reach(probe.reach);
        let answered = probe.id.is_some();
        Self {
            good: probe.reach == crate::library::network::Reach::Reached,
            what: v.say(what),
            advice: v.say(advice),
            took: answered
                .then(|| format!("{} {}\u{a0}{}", v.say(nw::TOOK), format::number(probe.took_ms), v.say(nw::MS))),
        }
    }
}

/// The node's own addresses.
struct Own {
    best: Option<String>,
    note: Option<&'static str>,
    qr: Option<Qr>,
    others: Vec<String>,
}

/// The page.
#[derive(Template)]
#[template(path = "network.html")]
struct Page {
    v: Visitor,
    warnings: Vec<String>,
    stands: Vec<Stand>,
    peers: Vec<Neighbour>,
    own: Own,
    asked: Asked,
    /// Addresses that were added here, for whoever may forget them.
    added: Vec<String>,
    community: Option<(String, String)>,
    details: Vec<(&'static str, String)>,
}

/// `/network`
pub(crate) async fn show(State(app): State<Arc<App>>, v: Visitor, signed: Option<Extension<Signed>>) -> Response {
    let asked = signed.map(|Extension(signed)| Asked::by(&signed)).unwrap_or_default();
    shown(&app, &v, asked).await
}

/// The page with what became of a question.
pub(crate) async fn shown(app: &App, v: &Visitor, asked: Asked) -> Response {
    answer(v, laid_out(app, v, asked).await)
}

async fn laid_out(app: &App, v: &Visitor, asked: Asked) -> Result<Page, Failure> {
    let may_forget = asked.token.is_some();
    let all = move |library: &dyn crate::library::Library| {
        let added = if may_forget { library.added_peers()? } else { Vec::new() };
        Ok((library.status()?, library.peers()?, library.registry()?, added))
    };
    let (status, peers, registry, added) = app.ask(all).await?;
    let warnings = status.warnings.iter().map(|warning| v.language.pick(&warning.uk, &warning.en).clone()).collect();
    let community = status.community.as_deref().zip(status.community_code.as_deref());
    Ok(Page {
        warnings,
        stands: stands(v, &status),
        peers: peers.iter().take(PEERS_SHOWN).map(|peer| neighbour(v, peer, &registry)).collect(),
        own: own(v, &status),
        asked,
        added,
        community: community.map(|(id, code)| (short_name(&v.place(code)), v.link(&["communities", id]))),
        details: details(v, &status),
        v: v.clone(),
    })
}

fn neighbour(v: &Visitor, peer: &Peer, registry: &[RegistryEntry]) -> Neighbour {
    let code = peer.community.as_deref().filter(|code| codifier::find(code).is_some());
    let known = code.and_then(|code| registry.iter().find(|entry| entry.community.code == code));
    let moment = |at: Option<u64>| at.map_or_else(|| v.say(words::NEVER).to_owned(), format::moment);
    let carried = |records: u64, bytes: u64| {
        let records = v.count(records, nw::RECORDS);
        if bytes > 0 { format!("{records}, {}", format::bytes(bytes, v.language)) } else { records }
    };
    Neighbour {
        name: code.map_or_else(|| v.say(nw::UNKNOWN).to_owned(), |code| short_name(&v.place(code))),
        href: known.map(|entry| v.link(&["communities", &entry.community.id])),
        claimed: code.is_some(),
        id: format::tail(&peer.id),
        agent: peer.agent.clone(),
        address: peer.address.clone(),
        connected: peer.connected,
        how: v.say(if peer.dialled { nw::WE_CALLED } else { nw::THEY_CALLED }),
        since: peer.since.map(format::moment).unwrap_or_default(),
        missing: (peer.missing > 0).then(|| v.count(peer.missing, nw::RECORDS)),
        exchanged: moment(peer.caught_up_at),
        received: carried(peer.received, peer.received_bytes),
        sent: carried(peer.sent, peer.sent_bytes),
        refused: (peer.refused > 0).then(|| format::number(peer.refused)),
    }
}

/// Where an address can be reached from, the farther the better.
fn range(address: &str) -> u8 {
    let mut parts = address.split('/').skip(1);
    let (kind, host) = (parts.next().unwrap_or_default(), parts.next().unwrap_or_default());
    let v6 = host.parse::<std::net::Ipv6Addr>();
    match (kind, host.parse::<std::net::Ipv4Addr>()) {
        ("dns" | "dns4" | "dns6", _) => 3,
        (_, Ok(v4)) if v4.is_loopback() || v4.is_unspecified() => 0,
        (_, Ok(v4)) if v4.is_private() || v4.is_link_local() => 1,
        (_, Ok(_)) => 3,
        _ => match v6 {
            Ok(v6) if v6.is_loopback() || v6.is_unspecified() => 0,
            Ok(v6) if v6.is_unique_local() || v6.is_unicast_link_local() => 1,
            Ok(_) => 2,
            Err(_) => 0,
        },
    }
}

fn own(v: &Visitor, status: &Status) -> Own {
    let mut addresses: Vec<&String> = status.addresses.iter().collect();
    // TCP before UDP: more networks let it through.
    addresses.sort_by_key(|address| (std::cmp::Reverse(range(address)), address.contains("/udp/")));
    let best = addresses.first().map(|best| (*best).clone());
    let note = match best.as_deref().map(range) {
        None => Some(v.say(nw::OWN_NONE)),
        Some(0) => Some(v.say(nw::OWN_LOCAL)),
        Some(1) => Some(v.say(nw::OWN_PRIVATE)),
        Some(_) => None,
    };
    Own {
        qr: best.as_deref().and_then(Qr::of),
        note,
        others: addresses.iter().skip(1).take(ADDRESSES_SHOWN).map(|one| (*one).clone()).collect(),
        best,
    }
}

fn details(v: &Visitor, status: &Status) -> Vec<(&'static str, String)> {
    vec![
        (v.say(words::VERSION_OF), status.version.clone()),
        (v.say(words::NETWORK), status.network.clone()),
        (v.say(nw::STARTED), if status.started_at > 0 { format::moment(status.started_at) } else { String::new() }),
        (v.say(words::RECORDS), format::number(status.records)),
        (v.say(nw::WAITING), format::number(status.waiting)),
        (v.say(nw::SET_ASIDE), format::number(status.set_aside)),
        (v.say(nw::INDEX_DOCUMENTS), format::number(status.index.documents)),
        (v.say(nw::INDEX_DISK), format::bytes(status.index.disk_bytes, v.language)),
        (v.say(words::DEVICE), status.device.clone()),
        (v.say(words::FINGERPRINT), status.fingerprint.clone()),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_address_that_reaches_farthest_comes_first() {
        for (address, expected) in [
            ("/ip4/127.0.0.1/tcp/1", 0),
            ("/ip6/::1/tcp/1", 0),
            ("/ip4/192.168.1.5/tcp/1", 1),
            ("/ip4/10.0.0.1/udp/1/quic-v1", 1),
            ("/ip6/fe80::1/tcp/1", 1),
            ("/ip6/2a01::1/tcp/1", 2),
            ("/ip4/192.0.2.7/tcp/1", 3),
            ("/dns4/peer.example.org/tcp/1", 3),
            ("nonsense", 0),
        ] {
            assert_eq!(range(address), expected, "{address}");
        }
    }
}
