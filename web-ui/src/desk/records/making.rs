//! What a campaign material is to be: of which type, in which language, about what.

use std::sync::Arc;

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use crdt::id::DocumentId;
use crdt::vocabulary::MATERIAL_TYPES;

use crate::App;
use crate::assets;
use crate::pages::entries::titled;
use crate::pages::frame::Visitor;
use crate::pages::{error, html};
use crate::words;
use crate::words::campaign as cw;

#[derive(Template)]
#[template(path = "desk/material.html")]
struct Making {
    v: Visitor,
    /// The parameter that names what it is about, its id and its title.
    about: Option<(&'static str, String, String)>,
    types: Vec<(&'static str, &'static str)>,
    tongues: [(&'static str, &'static str, bool); 2],
}

/// `GET /write/material?practice=…` or `?collection=…`
pub(crate) async fn choose(State(app): State<Arc<App>>, v: Visitor) -> Response {
    let named = ["practice", "collection"].into_iter().find_map(|name| {
        let id: DocumentId = v.parameter(name)?.parse().ok()?;
        Some((name, id))
    });
    let about = match named {
        Some((name, id)) => match app.ask(move |library| library.document(id)).await {
            Ok(page) => Some((name, page.card.id, titled(&v, &page.card.title))),
            Err(fault) => return error::page(&v, &fault.into()),
        },
        None => None,
    };
    let types = MATERIAL_TYPES.terms.iter().map(|term| (term.key, v.language.pick(term.uk, term.en)));
    let tongues = [("uk", v.say(words::UKRAINIAN), true), ("en", v.say(words::ENGLISH), false)];
    html(&v, &Making { about, types: types.collect(), tongues, v: v.clone() })
}
