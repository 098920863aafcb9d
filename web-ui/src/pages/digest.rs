//! A week of the network for this node's community: what is new in its sectors and near it, what was
//! asked of it, what expires, whom it could help; as a page, as a feed, and on paper.

use std::sync::Arc;

use askama::Template;
use axum::extract::State;
use axum::http::header::CONTENT_TYPE;
use axum::response::{IntoResponse, Response};
use crdt::gate::DocumentKind;
use crdt::id::CommunityId;
use jiff::ToSpan;
use jiff::civil::Date;

use crate::App;
use crate::assets;
use crate::error::Failure;
use crate::format;
use crate::library::search::{Facet, SearchRequest, Sort};
use crate::library::{DocumentCard, DocumentsRequest, Library, LibraryError, Page, PageRequest, Scope};
use crate::pages::frame::Visitor;
use crate::pages::records::{RecordEntry, state_key};
use crate::pages::{answer, error};
use crate::registry::today;
use crate::words;
use crate::words::records as rw;

/// Days that a digest looks back.
const DAYS: i64 = 7;
/// Days before its end in which something expires soon.
const SOON_DAYS: i64 = 14;
/// Records of a part: a sheet of paper holds no more.
const SHOWN: usize = 10;
/// Rows that are looked through for a part.
const LOOKED_AT: usize = 100;
/// Practices and adoptions, and requests and offers, that are looked through: some for most of Ukraine's
/// 1,469 hromadas.
const NEW_LOOKED_AT: usize = 1_000;

/// What a digest tells.
struct Known {
    in_sectors: Vec<DocumentCard>,
    near: Vec<DocumentCard>,
    asked: Vec<DocumentCard>,
    open: Vec<DocumentCard>,
    expiring: Vec<DocumentCard>,
    seminars: Vec<DocumentCard>,
}

/// A part of a digest.
struct Part {
    heading: &'static str,
    entries: Vec<RecordEntry>,
}

#[derive(Template)]
#[template(path = "digest.html")]
struct Digest {
    v: Visitor,
    from: String,
    until: String,
    parts: Vec<Part>,
    feed: String,
}

/// `/digest`
pub(crate) async fn show(State(app): State<Arc<App>>, v: Visitor) -> Response {
    answer(&v, page(&app, &v).await)
}

async fn page(app: &App, v: &Visitor) -> Result<Digest, Failure> {
    let known = read(app, v).await?;
    let until = today();
    let part = |heading, cards: &[DocumentCard]| Part {
        heading: v.say(heading),
        entries: cards.iter().take(SHOWN).map(|card| RecordEntry::new(v, card)).collect(),
    };
    Ok(Digest {
        from: format::date(&week_ago(until).to_string()),
        until: format::date(&until.to_string()),
        parts: vec![
            part(rw::ASKED, &known.asked),
            part(rw::OPEN_REQUESTS, &known.open),
            part(rw::IN_SECTORS, &known.in_sectors),
            part(rw::NEAR, &known.near),
            part(rw::EXPIRING, &known.expiring),
            part(rw::SEMINARS_SOON, &known.seminars),
        ],
        feed: v.link(&["digest.atom"]),
        v: v.clone(),
    })
}

async fn read(app: &App, v: &Visitor) -> Result<Known, Failure> {
    let own: Option<CommunityId> = v.home().and_then(|home| home.id.parse().ok());
    Ok(app.ask(move |library| look(library, own)).await?)
}

fn week_ago(until: Date) -> Date {
    until.saturating_sub(DAYS.days())
}

/// Milliseconds since 1970 at which the week began.
fn since() -> u64 {
    let now = u64::try_from(jiff::Timestamp::now().as_millisecond()).unwrap_or_default();
    now.saturating_sub(u64::try_from(DAYS).unwrap_or_default() * 86_400_000)
}

fn look(library: &dyn Library, own: Option<CommunityId>) -> Result<Known, LibraryError> {
    let since = since();
    let sectors = own.map(|own| sectors_of(library, own)).transpose()?.unwrap_or_default();
    let mine = own.map(|own| own.to_string()).unwrap_or_default();
    let is_new = |card: &DocumentCard| card.updated_at >= since && card.owner != mine;
    let some = PageRequest { after: None, limit: LOOKED_AT };
    let all = |kind| DocumentsRequest { kind, scope: Scope::All };
    let many = PageRequest { after: None, limit: NEW_LOOKED_AT };
    let shares = |card: &DocumentCard| sectors.is_empty() || card.sectors.iter().any(|sector| sectors.contains(sector));
    let new_here = |card: &DocumentCard| is_new(card) && shares(card);
    let mut in_sectors = last(library, DocumentKind::Practice, since, new_here)?;
    in_sectors.extend(last(library, DocumentKind::Adoption, since, new_here)?);
    in_sectors.sort_by_key(|card| std::cmp::Reverse(card.updated_at));
    let near = if own.is_some() { near(library)?.into_iter().filter(is_new).collect() } else { Vec::new() };
    let asked = own.map(|own| library.told(own, &some)).transpose()?.map(|page| page.rows).unwrap_or_default();
    let is_open = |card: &DocumentCard| card.state.starts_with("request") && state_key(card) == "open";
    // What is open is older than a week, too.
    let open = last(library, DocumentKind::Exchange, 0, |card| is_open(card) && card.owner != mine && shares(card))?;
    let soon = today().saturating_add(SOON_DAYS.days()).to_string();
    // What ends soon is by nature among the oldest: it is looked for among the own.
    let mut expiring = match own {
        Some(own) => {
            let mine = DocumentsRequest { kind: DocumentKind::Exchange, scope: Scope::Of(own) };
            library.documents(&mine, &many)?.rows
        }
        None => Vec::new(),
    };
    expiring.retain(|card| state_key(card) == "open" && !card.day.is_empty() && card.day <= soon);
    expiring.sort_by(|a, b| a.day.cmp(&b.day));
    let now = today().to_string();
    let mut seminars = library.documents(&all(DocumentKind::Seminar), &some)?.rows;
    seminars.retain(|card| card.day >= now);
    seminars.sort_by(|a, b| a.day.cmp(&b.day));
    Ok(Known { in_sectors, near, asked: asked.into_iter().filter(is_new).collect(), open, expiring, seminars })
}

/// The records of a kind that are wanted, last changed first: as many as a feed tells, looked for among those
/// changed since then.
fn last(
    library: &dyn Library,
    kind: DocumentKind,
    since: u64,
    wanted: impl Fn(&DocumentCard) -> bool,
) -> Result<Vec<DocumentCard>, LibraryError> {
    let (mut found, mut looked_at, mut after) = (Vec::new(), 0, None);
    loop {
        let page = PageRequest { after, limit: LOOKED_AT };
        let Page { rows, next, .. } = library.documents(&DocumentsRequest { kind, scope: Scope::All }, &page)?;
        looked_at += rows.len();
        let is_past = rows.last().is_none_or(|last| last.updated_at < since);
        found.extend(rows.into_iter().filter(&wanted));
        if is_past || next.is_none() || found.len() >= LOOKED_AT || looked_at >= NEW_LOOKED_AT {
            found.truncate(LOOKED_AT);
            return Ok(found);
        }
        after = next;
    }
}

/// The sectors in which a community shares or needs something.
fn sectors_of(library: &dyn Library, own: CommunityId) -> Result<Vec<String>, LibraryError> {
    let profile = match library.profile(own) {
        Ok(page) => page.profile,
        Err(LibraryError::NotFound) => return Ok(Vec::new()),
        Err(error) => return Err(error),
    };
    let shared = profile.ready_to_share.into_iter().map(|offer| offer.sector);
    Ok(shared.chain(profile.needs.into_iter().map(|need| need.sector)).filter(|key| !key.is_empty()).collect())
}

fn near(library: &dyn Library) -> Result<Vec<DocumentCard>, LibraryError> {
    let filters = vec![(Facet::Kind, vec!["practice".to_owned()])];
    let request = SearchRequest { sort: Sort::Near, filters, limit: LOOKED_AT, ..SearchRequest::default() };
    match library.search(&request) {
        Ok(page) => Ok(page.hits.into_iter().map(|hit| hit.card).collect()),
        // A part less, while the index is being made.
        Err(error) if error.lacks_search() => Ok(Vec::new()),
        Err(error) => Err(error),
    }
}

/// An entry of the feed.
struct Entry {
    name: String,
    title: String,
    href: String,
    updated: String,
    author: String,
    summary: String,
}

#[derive(Template)]
#[template(path = "digest.xml")]
struct Feed {
    v: Visitor,
    updated: String,
    entries: Vec<Entry>,
}

/// `/digest.atom`
pub(crate) async fn feed(State(app): State<Arc<App>>, v: Visitor) -> Response {
    let known = match read(&app, &v).await {
        Ok(known) => known,
        Err(failure) => return error::page(&v, &failure),
    };
    let mut cards: Vec<DocumentCard> =
        [known.asked, known.open, known.in_sectors, known.near, known.expiring, known.seminars].concat();
    let mut seen = std::collections::BTreeSet::new();
    cards.retain(|card| seen.insert(card.id.clone()));
    cards.sort_by_key(|card| std::cmp::Reverse(card.updated_at));
    let entry = |card: &DocumentCard| {
        let shown = RecordEntry::new(&v, card);
        Entry {
            name: format!("urn:dosvid:{}", card.id),
            title: format::xml_text(&shown.title),
            href: shown.href,
            updated: format::machine(card.updated_at),
            author: format::xml_text(&shown.owner),
            summary: format::xml_text(&shown.summary),
        }
    };
    let page = Feed {
        updated: format::machine(cards.first().map_or(0, |card| card.updated_at)),
        entries: cards.iter().map(entry).collect(),
        v: v.clone(),
    };
    match page.render() {
        Ok(text) => ([(CONTENT_TYPE, "application/atom+xml; charset=utf-8")], text).into_response(),
        Err(failed) => {
            tracing::error!(%failed, "a feed could not be rendered");
            error::page(&v, &Failure::fault())
        }
    }
}
