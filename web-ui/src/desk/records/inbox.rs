//! What other communities wrote about the records of this one, and the records that it wrote itself.

use std::sync::Arc;

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use crdt::id::CommunityId;
use crdt::kinds::KINDS;

use crate::App;
use crate::assets;
use crate::error::Failure;
use crate::library::{DocumentCard, DocumentsRequest, PageRequest, Scope};
use crate::pages::answer;
use crate::pages::frame::{Pager, Visitor};
use crate::pages::records::{RecordEntry, kind_name};
use crate::words;
use crate::words::records as rw;

/// Own records of one kind that are listed; the API and the lists have all.
const OWN_SHOWN: usize = 20;

/// A message.
struct Message {
    kind: &'static str,
    entry: RecordEntry,
}

#[derive(Template)]
#[template(path = "desk/inbox.html")]
struct Inbox {
    v: Visitor,
    messages: Vec<Message>,
    pager: Pager,
    own: Vec<(&'static str, Vec<RecordEntry>)>,
}

/// `GET /messages`
pub(crate) async fn show(State(app): State<Arc<App>>, v: Visitor) -> Response {
    answer(&v, inbox(&app, &v).await)
}

async fn inbox(app: &App, v: &Visitor) -> Result<Inbox, Failure> {
    let rows = v.rows()?;
    let own: Option<CommunityId> = v.home().and_then(|home| home.id.parse().ok());
    let read = app.ask(move |library| {
        let Some(own) = own else { return Ok((Vec::new(), None, Vec::new())) };
        let told = library.told(own, &rows)?;
        let some = PageRequest { after: None, limit: OWN_SHOWN };
        let mut written = Vec::new();
        for kind in KINDS.iter().filter(|kind| !["practice", "profile"].contains(&kind.key)) {
            let wanted = DocumentsRequest { kind: kind.kind, scope: Scope::Of(own) };
            written.push((kind.key, library.documents(&wanted, &some)?.rows));
        }
        Ok((told.rows, told.next, written))
    });
    let (told, next, written) = read.await?;
    let entries = |cards: &[DocumentCard]| cards.iter().map(|card| RecordEntry::new(v, card)).collect();
    Ok(Inbox {
        messages: told
            .iter()
            .map(|card| Message { kind: kind_name(v, &card.kind), entry: RecordEntry::new(v, card) })
            .collect(),
        pager: Pager::new(v, &["messages"], next.as_deref()),
        own: written
            .iter()
            .filter(|(_, cards)| !cards.is_empty())
            .map(|(key, cards)| (kind_name(v, key), entries(cards)))
            .collect(),
        v: v.clone(),
    })
}
