//! Picking what a record names: a search with a button beside each hit, and the way from a practice to
//! the collections that it may enter.

use std::sync::Arc;

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use crdt::gate::DocumentKind;
use crdt::id::{CommunityId, DocumentId, DocumentName};
use crdt::kinds::{self, Kind, MENTIONS_MAX};
use serde_json::Value;

use super::Draft;
use super::picked::{self, ITEMS, Place};
use crate::App;
use crate::assets;
use crate::desk::fields::Pairs;
use crate::desk::form::Sent;
use crate::desk::to;
use crate::error::Failure;
use crate::format;
use crate::library::search::{Facet, SearchRequest};
use crate::library::{DocumentCard, DocumentsRequest, Library, LibraryError, PageRequest, Scope};
use crate::pages::entries::{cut, titled};
use crate::pages::frame::{PageId, Visitor};
use crate::pages::{error, html};
use crate::people::auth::Signed;
use crate::words;
use crate::words::publishing as bw;

/// Hits of one search: more than anybody looks through, a better word is quicker.
const HITS_SHOWN: usize = 20;
/// Practices that a material or a request names at the most, as its field says.
const NAMED_MAX: usize = 20;
/// Collections and drafts that are offered.
const OFFERED: usize = 20;
/// Letters of a summary beside a hit.
const SUMMARY_CHARS: usize = 160;

/// A draft whose form names records: of a practice, or of any other kind.
struct Naming {
    /// As it is kept. Only what this page knows of is changed in it.
    whole: Value,
    row: &'static Kind,
    form: Pairs,
    /// Where its form is.
    path: Vec<String>,
}

impl Naming {
    async fn kept(app: &App, id: DocumentName) -> Result<Self, Failure> {
        let whole = app.ask(move |library| library.draft(id)).await?;
        let draft: Draft = serde_json::from_value(whole.clone()).unwrap_or_default();
        let practice = kinds::of(DocumentKind::Practice).filter(|_| draft.kind.is_empty());
        let (row, path) = match practice {
            Some(row) => (row, vec!["write".into(), id.to_string()]),
            None => (draft.row()?, vec!["write".into(), "record".into(), id.to_string()]),
        };
        Ok(Self { whole, row, form: draft.form, path })
    }

    /// The way back to the control of a place.
    fn back(&self, v: &Visitor, place: &Place) -> String {
        let path: Vec<&str> = self.path.iter().map(String::as_str).collect();
        format!("{}#{}", v.link(&path), anchor(place))
    }
}

/// Something that can be picked.
struct Offer {
    id: String,
    title: String,
    href: String,
    about: String,
    summary: String,
    there: bool,
}

#[derive(Template)]
#[template(path = "desk/pick.html")]
struct Picking {
    v: Visitor,
    signed: Signed,
    heading: &'static str,
    action: String,
    back: String,
    field: String,
    query: String,
    searches: bool,
    lead: &'static str,
    added: Option<String>,
    failure: Option<String>,
    count: String,
    offers: Vec<Offer>,
}

/// `GET /write/record/{id}/pick?field=…&q=…`
pub(crate) async fn show(
    State(app): State<Arc<App>>,
    v: Visitor,
    signed: Signed,
    PageId(id): PageId<DocumentName>,
) -> Response {
    let (key, query) = (v.parameter("field").unwrap_or_default(), v.parameter("q").unwrap_or_default().trim());
    match picking(&app, &v, signed, id, key, query, None).await {
        Ok(page) => page,
        Err(failure) => error::page(&v, &failure),
    }
}

async fn picking(
    app: &App,
    v: &Visitor,
    signed: Signed,
    id: DocumentName,
    key: &str,
    query: &str,
    failure: Option<&Failure>,
) -> Result<Response, Failure> {
    let draft = Naming::kept(app, id).await?;
    let place = picked::place(draft.row, key).ok_or_else(Failure::not_found)?;
    let home: Option<CommunityId> = v.home().and_then(|home| home.id.parse().ok());
    let wanted = place.clone();
    let (typed, added) = (query.to_owned(), v.parameter("added").and_then(|id| id.parse::<DocumentId>().ok()));
    let read = app.ask(move |library| {
        let added = added.and_then(|id| library.document(id).ok());
        Ok((offered(library, &wanted, home, &typed), added.map(|page| page.card.title)))
    });
    let (found, added) = read.await?;
    let (cards, unable) = match found {
        Ok(cards) => (cards, None),
        Err(fault) => (Vec::new(), Some(Failure::from(fault))),
    };
    let offer = |card: &DocumentCard| Offer {
        there: picked::names_it(&draft.form, &place.key, &card.id),
        title: titled(v, &card.title),
        href: crate::pages::records::href(v, card),
        about: v.place(card.place.as_deref().filter(|code| !code.is_empty()).unwrap_or(&card.owner_code)),
        summary: cut(&card.summary, SUMMARY_CHARS),
        id: card.id.clone(),
    };
    Ok(html(
        v,
        &Picking {
            heading: v.say(picked::pick_of(&place)),
            action: v.link(&["write", "record", &id.to_string(), "pick"]),
            back: draft.back(v, &place),
            query: query.to_owned(),
            searches: place.kind != "collection",
            lead: v.say(if place.kind == "practice" { bw::PICK_LEAD } else { bw::PICK_OTHER_LEAD }),
            added: added.map(|title| titled(v, &title)),
            failure: failure.or(unable.as_ref()).map(|failure| failure.text(v.language).to_owned()),
            count: v.count(picked::count(&draft.form, &place.key) as u64, bw::CASES_COUNTED),
            offers: cards.iter().map(offer).collect(),
            field: place.key.clone(),
            signed,
            v: v.clone(),
        },
    ))
}

/// Where the control of a place is on the page of the form.
fn anchor(place: &Place) -> String {
    format!("f-{}", place.key.replace('.', "-"))
}

/// What is offered for a place: what was looked for, else what was changed last. What came of an adoption is
/// a practice of one's own.
fn offered(
    library: &dyn Library,
    place: &Place,
    home: Option<CommunityId>,
    query: &str,
) -> Result<Vec<DocumentCard>, LibraryError> {
    let some = PageRequest { after: None, limit: HITS_SHOWN };
    if query.is_empty() {
        let kind = kinds::by_key(place.kind).map_or(DocumentKind::Practice, |row| row.kind);
        let own = home.filter(|_| place.key == "became").map(Scope::Of);
        return Ok(library.documents(&DocumentsRequest { kind, scope: own.unwrap_or(Scope::All) }, &some)?.rows);
    }
    let wanted = SearchRequest {
        query: query.to_owned(),
        filters: vec![(Facet::Kind, vec![place.kind.into()])],
        limit: HITS_SHOWN,
        ..SearchRequest::default()
    };
    Ok(library.search(&wanted)?.hits.into_iter().map(|hit| hit.card).collect())
}

/// `POST /write/record/{id}/pick`: names one record more in the draft.
pub(crate) async fn add(
    State(app): State<Arc<App>>,
    v: Visitor,
    signed: Signed,
    Sent { id, form }: Sent<DocumentName>,
) -> Response {
    let (key, query, wanted) = (form.get("field"), form.get("q").trim(), form.get("add"));
    match added(&app, &signed, id, key, wanted).await {
        Ok((draft, place)) if place.is_one || form.has("then") => to(draft.back(&v, &place)),
        Ok((_, place)) => {
            let pairs = [("field", place.key.as_str()), ("q", query), ("added", wanted)];
            to(v.link_with(&["write", "record", &id.to_string(), "pick"], &pairs))
        }
        Err(failure) => match picking(&app, &v, signed, id, key, query, Some(&failure)).await {
            Ok(mut page) => {
                *page.status_mut() = failure.status;
                page
            }
            Err(_) => error::page(&v, &failure),
        },
    }
}

async fn added(
    app: &App,
    signed: &Signed,
    id: DocumentName,
    key: &str,
    wanted: &str,
) -> Result<(Naming, Place), Failure> {
    let mut draft = Naming::kept(app, id).await?;
    let place = picked::place(draft.row, key).ok_or_else(Failure::not_found)?;
    if picked::names_it(&draft.form, &place.key, wanted) {
        return Ok((draft, place));
    }
    let most = if place.key == ITEMS { MENTIONS_MAX } else { NAMED_MAX };
    if !place.is_one && picked::count(&draft.form, &place.key) >= most {
        let full = bw::TO_FULL;
        return Err(Failure::new(axum::http::StatusCode::UNPROCESSABLE_ENTITY, "too_many", full.uk, full.en));
    }
    let record: DocumentId = wanted.parse().map_err(|_| Failure::not_found())?;
    let page = app.ask(move |library| library.document(record)).await?;
    if page.card.kind != place.kind {
        return Err(Failure::not_found());
    }
    picked::add(&mut draft.form, &place, &page.card.id, &page.heads);
    draft.whole["form"] = serde_json::to_value(&draft.form).unwrap_or_default();
    draft.whole["by"] = signed.name.as_str().into();
    draft.whole["kept_at"] = app.auth.now().into();
    let content = draft.whole.clone();
    app.ask(move |library| library.keep_draft(id, content)).await?;
    Ok((draft, place))
}

/// A collection that the practice may enter.
struct Shelf {
    title: String,
    href: String,
    about: String,
    there: bool,
}

#[derive(Template)]
#[template(path = "desk/collect.html")]
struct Collecting {
    v: Visitor,
    signed: Signed,
    id: String,
    title: String,
    back: String,
    new_href: String,
    drafts: Vec<Shelf>,
    own: Vec<Shelf>,
}

/// `GET /practices/{id}/collect`: into which collection a practice goes.
pub(crate) async fn collect(
    State(app): State<Arc<App>>,
    v: Visitor,
    signed: Signed,
    PageId(id): PageId<DocumentId>,
) -> Response {
    let home: Option<CommunityId> = v.home().and_then(|home| home.id.parse().ok());
    let read = app.ask(move |library| {
        let practice = library.practice(id)?;
        let mut drafts = Vec::new();
        for card in library.drafts()?.into_iter().filter(|card| card.kind == "collection").take(OFFERED) {
            let Ok(name) = card.id.parse::<DocumentName>() else { continue };
            let draft: Draft = serde_json::from_value(library.draft(name)?).unwrap_or_default();
            drafts.push((card, draft));
        }
        let own = match home {
            Some(home) => {
                let wanted = DocumentsRequest { kind: DocumentKind::Collection, scope: Scope::Of(home) };
                library.documents(&wanted, &PageRequest { after: None, limit: OFFERED })?.rows
            }
            None => Vec::new(),
        };
        Ok((practice, drafts, own))
    });
    let (practice, drafts, own) = match read.await {
        Ok(read) => read,
        Err(fault) => return error::page(&v, &fault.into()),
    };
    let draft = |(card, draft): &(crate::library::DraftCard, Draft)| Shelf {
        title: titled(&v, &card.title),
        href: v.link(&["write", "record", &card.id, "pick"]),
        about: v.count(picked::count(&draft.form, ITEMS) as u64, bw::CASES_COUNTED),
        there: picked::names_it(&draft.form, ITEMS, &practice.id),
    };
    let published = |card: &DocumentCard| Shelf {
        title: titled(&v, &card.title),
        href: v.link_with(&["records", &card.id, "edit"], &[("practice", &practice.id)]),
        about: format!("{} · {}", v.count(card.mentions.len() as u64, bw::CASES_COUNTED), format::day(card.updated_at)),
        there: card.mentions.contains(&practice.id),
    };
    html(
        &v,
        &Collecting {
            title: titled(&v, &practice.practice.title),
            back: v.link(&["practices", &practice.id]),
            new_href: v.link_with(&["write", "record", "new"], &[("kind", "collection"), ("practice", &practice.id)]),
            drafts: drafts.iter().map(draft).collect(),
            own: own.iter().map(published).collect(),
            id: practice.id.clone(),
            signed,
            v: v.clone(),
        },
    )
}
