//! What lists of printed things share, and files to take along.

use askama::Template;
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};
use crdt::gate::DocumentKind;

use crate::App;
use crate::error::Failure;
use crate::format;
use crate::language::Phrase;
use crate::library::{DocumentCard, DocumentPage, DocumentsRequest, Scope};
use crate::pages::entries::{cut, titled};
use crate::pages::error;
use crate::pages::frame::{Pager, Visitor};
use crate::pages::hidden::hide_href;
use crate::{assets, words};

/// Letters of a summary in a list.
const SUMMARY_CHARS: usize = 280;

/// How a list of one kind of document is told.
pub(crate) struct Shelf {
    /// What is listed.
    pub(crate) kind: DocumentKind,
    /// Where.
    pub(crate) path: &'static str,
    /// The heading.
    pub(crate) title: Phrase,
    /// What it is, in a line.
    pub(crate) lead: Phrase,
    /// What to say while there is nothing.
    pub(crate) empty: Phrase,
    /// How a new one begins: what the button says, where it leads.
    pub(crate) begin: (Phrase, fn(&Visitor) -> String),
    /// What a card says beyond its title.
    pub(crate) state: fn(&Visitor, &DocumentCard) -> Listed,
}

/// What a card says beyond its title.
pub(crate) struct Listed {
    /// Its state or type.
    pub(crate) state: String,
    /// A word more; empty if there is none.
    pub(crate) more: String,
}

/// A card of a list.
struct Card {
    title: String,
    href: String,
    summary: String,
    listed: Listed,
    owner: String,
    day: String,
    machine: String,
}

/// The list as a page.
#[derive(Template)]
#[template(path = "shelf.html")]
pub(crate) struct ShelfPage {
    v: Visitor,
    title: &'static str,
    lead: &'static str,
    empty: &'static str,
    /// For whoever may write.
    begin: Option<(&'static str, String)>,
    cards: Vec<Card>,
    pager: Pager,
}

/// The list of a shelf, last changed first.
///
/// # Errors
/// What the library says.
pub(crate) async fn shelf(app: &App, v: &Visitor, shelf: &Shelf) -> Result<ShelfPage, Failure> {
    let wanted = DocumentsRequest { kind: shelf.kind, scope: Scope::All };
    let rows = v.rows()?;
    let page = app.ask(move |library| library.documents(&wanted, &rows)).await?;
    let card = |card: &DocumentCard| Card {
        title: titled(v, &card.title),
        href: v.link(&[shelf.path, &card.id]),
        summary: cut(&card.summary, SUMMARY_CHARS),
        listed: (shelf.state)(v, card),
        owner: v.place(&card.owner_code),
        day: format::day(card.updated_at),
        machine: format::machine(card.updated_at),
    };
    Ok(ShelfPage {
        title: v.say(shelf.title),
        lead: v.say(shelf.lead),
        empty: v.say(shelf.empty),
        begin: v.writes().then(|| (v.say(shelf.begin.0), (shelf.begin.1)(v))),
        cards: page.rows.iter().map(card).collect(),
        pager: Pager::new(v, &[shelf.path], page.next.as_deref()),
        v: v.clone(),
    })
}

/// What somebody who is signed in can do with a printed thing.
pub(crate) struct Deeds {
    /// Where it is edited, if it is the reader's own.
    pub(crate) edit: Option<String>,
    /// Where it is taken back.
    pub(crate) withdraw: String,
    /// Where it is hidden on this node.
    pub(crate) hide: Option<String>,
}

impl Deeds {
    /// What this reader can do.
    pub(crate) fn new(v: &Visitor, page: &DocumentPage) -> Self {
        let with = |deed: &str| v.link(&["records", &page.card.id, deed]);
        Self {
            edit: (page.editable && v.writes()).then(|| with("edit")),
            withdraw: with("withdraw"),
            hide: hide_href(v, &page.card.id),
        }
    }
}

/// A file to take along.
pub(crate) struct File {
    /// What it is.
    pub(crate) label: &'static str,
    /// Where it is.
    pub(crate) href: String,
}

impl File {
    /// A file with its label.
    pub(crate) fn new(label: &'static str, href: String) -> Self {
        Self { label, href }
    }
}

/// The answer that is a file, or the page that says why there is none.
pub(crate) fn file(v: &Visitor, made: Result<Vec<u8>, Failure>, kind: &'static str, name: &str) -> Response {
    match made {
        Ok(bytes) => {
            let disposition = format!("attachment; filename=\"{name}\"");
            ([(CONTENT_TYPE, kind.to_owned()), (CONTENT_DISPOSITION, disposition)], bytes).into_response()
        }
        Err(failure) => error::page(v, &failure),
    }
}
