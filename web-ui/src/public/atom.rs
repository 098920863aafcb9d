//! Feeds of new practices: all, of a sector, of an oblast, of a community.
//!
//! The names of feeds and entries depend on what they are and not on which node tells of them, so a
//! reader that changes nodes sees nothing twice.

use std::sync::Arc;

use askama::Template;
use axum::extract::{Path, State};
use axum::http::header::CONTENT_TYPE;
use axum::response::{IntoResponse, Response};
use crdt::codifier;
use crdt::id::CommunityId;
use crdt::vocabulary::SECTORS;

use crate::App;
use crate::error::Failure;
use crate::format::{self, xml_text};
use crate::language::Language;
use crate::library::search::{Facet, SearchRequest, Sort};
use crate::library::{DocumentCard, Library, LibraryError, PageRequest};
use crate::pages::entries::{other_tongue, titled};
use crate::pages::frame::Visitor;
use crate::pages::{communities, error, terms};
use crate::translated;
use crate::words;
use crate::words::public as pw;

/// Entries of a feed: a month of a busy network, and little enough to fetch every hour.
const ENTRIES_MAX: usize = 50;
/// What an empty feed says of its last change: something must stand there, and nothing has happened.
const NEVER: &str = "1970-01-01T00:00:00Z";

/// A practice in a feed.
struct Entry {
    name: String,
    title: String,
    tongue: Option<String>,
    href: String,
    updated: String,
    author: String,
    author_href: String,
    summary: String,
    sectors: Vec<(String, String)>,
}

#[derive(Template)]
#[template(path = "public/atom.xml")]
struct Feed {
    v: Visitor,
    name: String,
    title: String,
    own: String,
    page: String,
    updated: String,
    entries: Vec<Entry>,
}

/// What a feed is of.
enum Of {
    All,
    Narrowed(Facet, String),
    Community(CommunityId),
}

/// `/atom`
pub(crate) async fn all(State(app): State<Arc<App>>, v: Visitor) -> Response {
    answer(&app, &v, Of::All).await
}

/// `/atom/{of}/{key}`: of a sector, of an oblast, of a community.
pub(crate) async fn of(State(app): State<Arc<App>>, v: Visitor, Path((kind, key)): Path<(String, String)>) -> Response {
    let wanted = match kind.as_str() {
        "sector" if SECTORS.find(&key).is_some() => Of::Narrowed(Facet::Sector, key),
        "oblast" if codifier::region(&key).is_some() => Of::Narrowed(Facet::Oblast, key),
        "community" => match key.parse() {
            Ok(id) => Of::Community(id),
            Err(_) => return error::page(&v, &Failure::not_found()),
        },
        _ => return error::page(&v, &Failure::not_found()),
    };
    answer(&app, &v, wanted).await
}

async fn answer(app: &App, v: &Visitor, of: Of) -> Response {
    match feed(app, v, of).await.map(|feed| feed.render()) {
        Ok(Ok(text)) => ([(CONTENT_TYPE, "application/atom+xml; charset=utf-8")], text).into_response(),
        Ok(Err(error)) => {
            tracing::error!(%error, "a feed could not be rendered");
            error::page(v, &Failure::fault())
        }
        Err(failure) => error::page(v, &failure),
    }
}

async fn feed(app: &App, v: &Visitor, of: Of) -> Result<Feed, Failure> {
    let language = v.language;
    let (title, own, page, cards) = match of {
        Of::All => {
            let newest = PageRequest { after: None, limit: ENTRIES_MAX };
            let read = move |library: &dyn Library| {
                let mut cards = library.practices(&newest, None)?.rows;
                translated::rows(library, &mut cards, language)?;
                Ok(cards)
            };
            let cards = app.ask(read).await?;
            (v.say(pw::FEED_OF_ALL).to_owned(), v.link(&["atom"]), v.link(&["practices"]), cards)
        }
        Of::Narrowed(facet, key) => {
            let title = format!("{}: {}", v.say(pw::FEED), terms::value(v, facet, &key));
            let (own, page) =
                (v.link(&["atom", facet.key(), &key]), v.link_with(&["practices"], &[(facet.key(), &key)]));
            (title, own, page, narrowed(app, facet, key, language).await?)
        }
        Of::Community(id) => {
            let newest = PageRequest { after: None, limit: ENTRIES_MAX };
            let both = move |library: &dyn Library| {
                let mut cards = library.practices(&newest, Some(id))?.rows;
                translated::rows(library, &mut cards, language)?;
                Ok((library.profile(id)?.community, cards))
            };
            let (community, cards) = app.ask(both).await?;
            let title = format!("{}: {}", v.say(pw::FEED), communities::name(v, &community));
            let id = id.to_string();
            (title, v.link(&["atom", "community", &id]), v.link(&["communities", &id]), cards)
        }
    };
    // Times are compared as numbers: their texts differ in length.
    let updated = cards.iter().map(|card| card.updated_at).max().map(updated);
    Ok(Feed {
        name: name(&format!("feed {own}")),
        title: xml_text(&title),
        own: v.whole(&own),
        page: v.whole(&page),
        updated: updated.unwrap_or_else(|| NEVER.to_owned()),
        entries: cards.iter().map(|card| entry(v, card)).collect(),
        v: v.clone(),
    })
}

async fn narrowed(app: &App, facet: Facet, key: String, language: Language) -> Result<Vec<DocumentCard>, LibraryError> {
    let filters = vec![(Facet::Kind, vec!["practice".to_owned()]), (facet, vec![key])];
    let request = SearchRequest { filters, sort: Sort::Newest, limit: ENTRIES_MAX, ..SearchRequest::default() };
    app.ask(move |library| {
        let mut cards: Vec<_> = library.search(&request)?.hits.into_iter().map(|hit| hit.card).collect();
        translated::rows(library, &mut cards, language)?;
        Ok(cards)
    })
    .await
}

fn entry(v: &Visitor, card: &DocumentCard) -> Entry {
    let label = |key: &String| (xml_text(key), xml_text(&terms::value(v, Facet::Sector, key)));
    Entry {
        name: name(&format!("practice {}", card.id)),
        title: xml_text(&titled(v, &card.title)),
        tongue: other_tongue(v, &card.lang),
        href: v.whole(&v.link(&["practices", &card.id])),
        updated: updated(card.updated_at),
        author: xml_text(&v.place(&card.owner_code)),
        author_href: v.whole(&v.link(&["communities", &card.owner])),
        summary: xml_text(&card.summary),
        sectors: card.sectors.iter().map(label).collect(),
    }
}

fn updated(at: u64) -> String {
    Some(format::machine(at)).filter(|at| !at.is_empty()).unwrap_or_else(|| NEVER.to_owned())
}

/// The lasting name of something: a UUID of version 8, made of its hash.
fn name(of: &str) -> String {
    let hash = blake3::hash(format!("dosvid {of}").as_bytes());
    let mut bytes = [0; 16];
    bytes.copy_from_slice(&hash.as_bytes()[..16]);
    bytes[6] = 0x80 | (bytes[6] & 0x0f);
    bytes[8] = 0x80 | (bytes[8] & 0x3f);
    let hex = format!("{:032x}", u128::from_be_bytes(bytes));
    format!("urn:uuid:{}-{}-{}-{}-{}", &hex[..8], &hex[8..12], &hex[12..16], &hex[16..20], &hex[20..])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_lasts_and_is_a_uuid_of_version_8() {
        assert_eq!(name("practice ab"), name("practice ab"));
        assert_ne!(name("practice ab"), name("practice ac"));
        let name = name("practice ab");
        assert_eq!((name.len(), &name[23..24]), (45, "8"), "{name}");
    }
}
