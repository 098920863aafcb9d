//! What stands instead of a document that is not shown on this node: that it is so, why, and the way to it
//! for whoever wants to read it anyway.

use std::sync::Arc;

use askama::Template;
use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::response::Response;
use crdt::id::DocumentId;

use crate::App;
use crate::assets;
use crate::error::Failure;
use crate::library::notes::Hiding;
use crate::library::{DocumentCard, notes};
use crate::pages::error;
use crate::pages::frame::{PageId, Visitor};
use crate::pages::html;
use crate::pages::records::kind_name;
use crate::words;
use crate::words::records as rw;

/// The parameter of whoever wants to read it anyway.
const ANYWAY: &str = "anyway";

/// The document in the address of a page that shows it, unless it is hidden here.
pub(crate) struct ShownId(pub(crate) DocumentId);

impl FromRequestParts<Arc<App>> for ShownId {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, app: &Arc<App>) -> Result<Self, Response> {
        let PageId(id) = PageId::from_request_parts(parts, app).await?;
        // Who asks is read by the page itself; here only the address counts, unless something is hidden.
        if Visitor::of(&parts.uri).parameter(ANYWAY).is_some() {
            return Ok(Self(id));
        }
        let read = app.ask(move |library| {
            let hiding = notes::hidden(library)?.remove(&id.to_string());
            hiding.map(|hiding| Ok((hiding, library.document(id)?.card))).transpose()
        });
        let hidden = match read.await {
            Ok(None) => return Ok(Self(id)),
            Ok(Some(hidden)) => Ok(hidden),
            Err(fault) => Err(Failure::from(fault)),
        };
        let Ok(v) = Visitor::from_request_parts(parts, app).await;
        Err(match hidden {
            Ok((hiding, card)) => html(&v, &Hidden::new(&v, hiding, &card)),
            Err(failure) => error::page(&v, &failure),
        })
    }
}

/// Where an administrator hides a document on this node, or shows it again.
pub(crate) fn hide_href(v: &Visitor, id: &str) -> Option<String> {
    v.administers().then(|| v.link(&["records", id, "hide"]))
}

/// The page instead of a document.
#[derive(Template)]
#[template(path = "hidden.html")]
struct Hidden {
    v: Visitor,
    kind: &'static str,
    owner: String,
    owner_href: String,
    reason: String,
    anyway: String,
    again: Option<String>,
}

impl Hidden {
    fn new(v: &Visitor, hiding: Hiding, card: &DocumentCard) -> Self {
        Self {
            kind: kind_name(v, &card.kind),
            owner: v.place(&card.owner_code),
            owner_href: v.link(&["communities", &card.owner]),
            reason: hiding.reason,
            anyway: v.in_language(v.language, &[(ANYWAY, "1")]),
            again: hide_href(v, &card.id),
            v: v.clone(),
        }
    }
}
