//! What other communities wrote about the records of this one, and the records that it wrote itself.

use std::collections::BTreeSet;
use std::sync::Arc;

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use crdt::id::CommunityId;
use crdt::kinds::KINDS;

use crate::App;
use crate::assets;
use crate::desk::form::Form;
use crate::desk::to;
use crate::error::Failure;
use crate::library::{DocumentCard, DocumentsRequest, PageRequest, Scope, notes};
use crate::pages::entries::titled;
use crate::pages::frame::{Pager, Visitor};
use crate::pages::records::crowded::{self, Crowded};
use crate::pages::records::{RecordEntry, href, kind_name};
use crate::pages::{answer, error};
use crate::people::auth::Signed;
use crate::words;
use crate::words::records as rw;

/// Own records of one kind that are listed; the API and the lists have all.
const OWN_SHOWN: usize = 20;

/// A message.
struct Message {
    kind: &'static str,
    entry: RecordEntry,
    /// Whether the person sees it for the first time.
    is_new: bool,
}

#[derive(Template)]
#[template(path = "desk/inbox.html")]
struct Inbox {
    v: Visitor,
    signed: Signed,
    /// Seminars with too few seats: where each is, what it is called, what is said of it.
    crowded: Vec<(String, String, String)>,
    messages: Vec<Message>,
    pager: Pager,
    own: Vec<(&'static str, Vec<RecordEntry>)>,
}

/// `GET /messages`
pub(crate) async fn show(State(app): State<Arc<App>>, v: Visitor, signed: Signed) -> Response {
    answer(&v, inbox(&app, &v, signed).await)
}

/// `POST /messages`: everything that was written is seen.
pub(crate) async fn see_all(State(app): State<Arc<App>>, v: Visitor, signed: Signed, _: Form) -> Response {
    let Some(own) = v.home().and_then(|home| home.id.parse().ok()) else { return to(v.link(&["messages"])) };
    match app.ask(move |library| notes::see(library, own, &signed.name)).await {
        Ok(()) => to(v.link(&["messages"])),
        Err(fault) => error::page(&v, &fault.into()),
    }
}

async fn inbox(app: &App, v: &Visitor, signed: Signed) -> Result<Inbox, Failure> {
    let (rows, name) = (v.rows()?, signed.name.clone());
    let own: Option<CommunityId> = v.home().and_then(|home| home.id.parse().ok());
    let read = app.ask(move |library| {
        let Some(own) = own else { return Ok((Vec::new(), None, Vec::new(), BTreeSet::new(), Vec::new())) };
        let told = library.told(own, &rows)?;
        let unseen = notes::unseen(library, own, &name)?;
        let some = PageRequest { after: None, limit: OWN_SHOWN };
        let mut written = Vec::new();
        for kind in KINDS.iter().filter(|kind| !["practice", "profile"].contains(&kind.key)) {
            let wanted = DocumentsRequest { kind: kind.kind, scope: Scope::Of(own) };
            written.push((kind.key, library.documents(&wanted, &some)?.rows));
        }
        Ok((told.rows, told.next, written, unseen, crowded::of(library, own)?))
    });
    let (told, next, written, unseen, full) = read.await?;
    let entries = |cards: &[DocumentCard]| cards.iter().map(|card| RecordEntry::new(v, card)).collect();
    let warned = |one: &Crowded| {
        let said = crowded::warning(v, Some(one.seats), one.holds).unwrap_or_default();
        (href(v, &one.seminar), titled(v, &one.seminar.title), said)
    };
    Ok(Inbox {
        crowded: full.iter().map(warned).collect(),
        messages: told
            .iter()
            .map(|card| Message {
                kind: kind_name(v, &card.kind),
                entry: RecordEntry::new(v, card),
                is_new: unseen.contains(&card.id),
            })
            .collect(),
        pager: Pager::new(v, &["messages"], next.as_deref()),
        own: written
            .iter()
            .filter(|(_, cards)| !cards.is_empty())
            .map(|(key, cards)| (kind_name(v, key), entries(cards)))
            .collect(),
        signed,
        v: v.clone(),
    })
}
