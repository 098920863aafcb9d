//! The start page: what is new, what is near, ways in, and how the network does.

use std::sync::Arc;

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use crdt::codifier;
use crdt::gate::DocumentKind;

use crate::App;
use crate::error::Failure;
use crate::format;
use crate::library::search::{Facet, FacetCounts, SearchPage, SearchRequest, Sort};
use crate::library::{DocumentCard, DocumentsRequest, Library, LibraryError, PageRequest, Peer, Scope, Status};
use crate::pages::entries::Entry;
use crate::pages::frame::{Visitor, short_name};
use crate::pages::records::{RecordEntry, state_key};
use crate::pages::{answer, catalogue, terms};
use crate::public::linked;
use crate::translated;
use crate::words::home as hw;
use crate::{assets, words};

/// Practices that are shown of what is new.
const NEW_SHOWN: usize = 6;
/// Practices that are shown of what is near.
const NEAR_SHOWN: usize = 3;
/// Requests that nobody has answered yet which are shown.
const REQUESTS_SHOWN: usize = 3;
/// Requests and offers that are looked at for that, last changed first.
const REQUESTS_LOOKED_AT: usize = 60;
/// Connected nodes that are named; the page of the network names all.
const PEERS_NAMED: usize = 3;
/// Practices that are looked at for that: some happened nowhere that is known, and count as their owner’s.
const NEAR_LOOKED_AT: usize = 24;

/// A way into the catalogue.
struct Way {
    text: String,
    href: String,
    count: String,
}

/// The page.
#[derive(Template)]
#[template(path = "home.html")]
struct Start {
    v: Visitor,
    practices: String,
    communities: String,
    sectors: Vec<Way>,
    themes: Vec<Way>,
    new: Vec<Entry>,
    near: Vec<Entry>,
    near_href: String,
    requests: Vec<RecordEntry>,
    network: Vec<String>,
    warnings: Vec<String>,
    linked: Option<String>,
}

/// What the page needs to know.
struct Known {
    status: Status,
    peers: Vec<Peer>,
    requests: Vec<DocumentCard>,
    new: Vec<DocumentCard>,
    facets: Vec<FacetCounts>,
    near: Vec<DocumentCard>,
}

/// `/`
pub(crate) async fn show(State(app): State<Arc<App>>, v: Visitor) -> Response {
    answer(&v, shown(&app, &v).await)
}

async fn shown(app: &App, v: &Visitor) -> Result<Start, Failure> {
    let own = v.home().map(|home| home.id.clone());
    let language = v.language;
    let known = app.ask(move |library| {
        let mut known = look(library, own.as_deref())?;
        translated::rows(library, known.new.iter_mut().chain(&mut known.near), language)?;
        Ok(known)
    });
    let known = known.await?;
    let warnings = known.status.warnings.iter();
    Ok(Start {
        practices: v.count(known.status.practices, words::PRACTICES_COUNTED),
        communities: v.count(known.status.communities, words::COMMUNITIES_COUNTED),
        sectors: ways(v, &known.facets, Facet::Sector),
        themes: ways(v, &known.facets, Facet::Theme),
        new: known.new.iter().map(|card| Entry::new(v, card)).collect(),
        near: known.near.iter().map(|card| Entry::new(v, card)).collect(),
        near_href: catalogue::href(v, &SearchRequest { sort: Sort::Near, ..SearchRequest::default() }),
        requests: known.requests.iter().map(|card| RecordEntry::new(v, card)).collect(),
        network: network(v, &known.status, &known.peers),
        warnings: warnings.map(|warning| v.language.pick(&warning.uk, &warning.en).clone()).collect(),
        linked: linked::site(v),
        v: v.clone(),
    })
}

/// `own` is the community whose neighbours are meant.
fn look(library: &dyn Library, own: Option<&str>) -> Result<Known, LibraryError> {
    let (status, peers) = (library.status()?, library.peers()?);
    // A page without an index says less, but it is there.
    let newest = found(library.search(&practices(Sort::Newest, NEW_SHOWN)))?;
    let near = if own.is_some() { found(library.search(&practices(Sort::Near, NEAR_LOOKED_AT)))? } else { None };
    let is_there = |card: &DocumentCard| {
        card.place.as_ref().is_some_and(|place| !place.is_empty()) && Some(card.owner.as_str()) != own
    };
    let cards =
        |page: SearchPage| page.hits.into_iter().map(|hit| hit.card).filter(is_there).take(NEAR_SHOWN).collect();
    let (new, facets) = match newest {
        Some(page) => (page.hits.iter().map(|hit| hit.card.clone()).collect(), page.facets),
        None => (library.practices(&PageRequest { after: None, limit: NEW_SHOWN }, None)?.rows, Vec::new()),
    };
    let requests = unanswered(library)?;
    Ok(Known { status, peers, requests, new, facets, near: near.map(cards).unwrap_or_default() })
}

/// Requests that stand open, last changed first.
fn unanswered(library: &dyn Library) -> Result<Vec<DocumentCard>, LibraryError> {
    let wanted = DocumentsRequest { kind: DocumentKind::Exchange, scope: Scope::All };
    let all = library.documents(&wanted, &PageRequest { after: None, limit: REQUESTS_LOOKED_AT })?;
    let is_open = |card: &DocumentCard| card.state.starts_with("request_") && state_key(card) == "open";
    Ok(all.rows.into_iter().filter(is_open).take(REQUESTS_SHOWN).collect())
}

fn practices(sort: Sort, limit: usize) -> SearchRequest {
    SearchRequest { sort, limit, filters: vec![(Facet::Kind, vec!["practice".to_owned()])], ..SearchRequest::default() }
}

/// None where the index cannot answer just now.
fn found(answer: Result<SearchPage, LibraryError>) -> Result<Option<SearchPage>, LibraryError> {
    match answer {
        Ok(page) => Ok(Some(page)),
        // Where somebody searches it is said why.
        Err(error) if error.lacks_search() => Ok(None),
        Err(error) => Err(error),
    }
}

/// The terms of a vocabulary, those too that no practice has yet.
fn ways(v: &Visitor, facets: &[FacetCounts], facet: Facet) -> Vec<Way> {
    let counted = facets.iter().find(|counts| counts.facet == facet);
    let count = |key: &str| counted.and_then(|counts| counts.values.iter().find(|value| value.value == key));
    let way = |key: &&str| Way {
        text: terms::value(v, facet, key),
        href: catalogue::href(
            v,
            &SearchRequest { filters: vec![(facet, vec![(*key).to_owned()])], ..SearchRequest::default() },
        ),
        count: if counted.is_some() {
            format::number(count(key).map_or(0, |value| value.count))
        } else {
            String::new()
        },
    };
    terms::keys(facet).iter().map(way).collect()
}

/// How the network does, in sentences.
fn network(v: &Visitor, status: &Status, peers: &[Peer]) -> Vec<String> {
    let mut said = Vec::new();
    if status.peers == 0 {
        said.push(v.say(hw::ALONE).to_owned());
    } else {
        let with = named(v, peers);
        let gap = if with.is_empty() { "" } else { ": " };
        said.push(format!("{}\u{a0}{}{gap}{with}.", v.say(hw::LINKED), v.count(status.peers, words::NODES_COUNTED)));
        said.push(match status.missing {
            0 => v.say(hw::ALL_HERE).to_owned(),
            missing => format!("{}: {}.", v.say(hw::COMING), v.count(missing, words::RECORDS_COUNTED)),
        });
    }
    if status.unsent > 0 {
        said.push(format!("{}: {}.", v.say(hw::SENDING), v.count(status.unsent, words::RECORDS_COUNTED)));
    }
    if let Some(at) = status.caught_up_at {
        said.push(format!("{}: {}.", v.say(hw::LAST_EXCHANGE), format::moment(at)));
    }
    said
}

/// The communities that the connected nodes say they write for, as far as they say so.
fn named(v: &Visitor, peers: &[Peer]) -> String {
    let connected = peers.iter().filter(|peer| peer.connected);
    let mut names: Vec<String> = Vec::new();
    for code in connected.filter_map(|peer| peer.community.as_deref()).filter(|code| codifier::find(code).is_some()) {
        let name = short_name(&v.place(code));
        if !names.contains(&name) {
            names.push(name);
        }
    }
    let more = names.len() > PEERS_NAMED;
    names.truncate(PEERS_NAMED);
    let names = names.join(", ");
    if more { format!("{names} {}", v.say(hw::AND_OTHERS)) } else { names }
}
