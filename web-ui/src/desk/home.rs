//! The desk itself: what somebody who is signed in can do here.

use std::sync::Arc;

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use crdt::id::CommunityId;

use crate::App;
use crate::assets;
use crate::desk::words as w;
use crate::library::{DocumentCard, DraftCard, PageRequest};
use crate::pages::frame::Visitor;
use crate::pages::{error, html};
use crate::people::Role;
use crate::people::auth::Signed;
use crate::words;

/// Own practices that the desk lists, last changed first; the community's page lists all.
const OWN_SHOWN: usize = 50;

#[derive(Template)]
#[template(path = "desk/home.html")]
struct Home {
    v: Visitor,
    signed: Signed,
    role: &'static str,
    community: Option<String>,
    drafts: Vec<(String, String)>,
    own: Vec<DocumentCard>,
    is_editor: bool,
    is_administrator: bool,
    withdrawn: bool,
}

/// Where a draft is written on.
fn address(v: &Visitor, draft: &DraftCard) -> String {
    if draft.kind.is_empty() { v.link(&["write", &draft.id]) } else { v.link(&["write", "record", &draft.id]) }
}

/// `GET /desk`
pub(crate) async fn show(State(app): State<Arc<App>>, v: Visitor, signed: Signed) -> Response {
    let is_editor = signed.role >= Role::Editor;
    let read = app.ask(move |library| {
        let status = library.status()?;
        let own = status.community.as_deref().and_then(|id| id.parse::<CommunityId>().ok());
        let page = PageRequest { after: None, limit: OWN_SHOWN };
        let practices = match own {
            Some(own) if is_editor => library.practices(&page, Some(own))?.rows,
            _ => Vec::new(),
        };
        let drafts = if is_editor { library.drafts()? } else { Vec::new() };
        Ok((status, practices, drafts))
    });
    let (status, mut own, drafts) = match read.await {
        Ok(read) => read,
        Err(fault) => return error::page(&v, &fault.into()),
    };
    let titled =
        |title: &str| if title.trim().is_empty() { v.say(words::UNTITLED).to_owned() } else { title.to_owned() };
    own.iter_mut().for_each(|card| card.title = titled(&card.title));
    html(
        &v,
        &Home {
            role: super::accounts::role(&v, signed.role),
            community: status.community_code.as_deref().map(|code| v.place(code)),
            drafts: drafts.iter().map(|draft| (titled(&draft.title), address(&v, draft))).collect(),
            own,
            is_editor,
            is_administrator: signed.role == Role::Administrator,
            withdrawn: v.parameter("withdrawn").is_some(),
            signed,
            v: v.clone(),
        },
    )
}
