//! The list of communities, and one community with its profile and practices.

use std::sync::Arc;

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use crdt::id::CommunityId;
use crdt::profile::PROFILE;

use crate::App;
use crate::error::Failure;
use crate::extract::Id;
use crate::format;
use crate::library::CommunityCard;
use crate::pages::answer;
use crate::pages::conflicts::{Clash, clashes};
use crate::pages::entries::Entry;
use crate::pages::fields::{Fullness, Layout, fullness, layout};
use crate::pages::frame::{Pager, Visitor};
use crate::pages::values::Paragraph;
use crate::{assets, words};

/// A community in a list.
struct Neighbour {
    name: String,
    href: String,
    code: String,
    practices: String,
    devices: String,
    forked: bool,
}

/// The list.
#[derive(Template)]
#[template(path = "communities.html")]
struct List {
    v: Visitor,
    count: String,
    neighbours: Vec<Neighbour>,
    pager: Pager,
}

/// `/communities`
pub(crate) async fn list(State(app): State<Arc<App>>, v: Visitor) -> Response {
    answer(&v, listed(&app, &v).await)
}

async fn listed(app: &App, v: &Visitor) -> Result<List, Failure> {
    let request = v.rows()?;
    let page = app.ask(move |library| library.communities(&request)).await?;
    let neighbour = |card: &CommunityCard| Neighbour {
        name: name(v, card),
        href: v.link(&["communities", &card.id]),
        code: card.code.clone(),
        practices: format::number(card.practices),
        devices: format::number(card.devices),
        forked: card.forked,
    };
    Ok(List {
        count: v.count(page.total, words::COMMUNITIES_COUNTED),
        neighbours: page.rows.iter().map(neighbour).collect(),
        pager: Pager::new(v, &["communities"], page.next.as_deref()),
        v: v.clone(),
    })
}

/// One community.
#[derive(Template)]
#[template(path = "community.html")]
struct One {
    v: Visitor,
    name: String,
    code: String,
    id: String,
    devices: String,
    forked: bool,
    history_href: String,
    layout: Layout,
    clashes: Vec<Clash>,
    fullness: Fullness,
    practices: String,
    entries: Vec<Entry>,
    pager: Pager,
}

/// `/communities/{id}`
pub(crate) async fn one(State(app): State<Arc<App>>, v: Visitor, id: Result<Id<CommunityId>, Failure>) -> Response {
    answer(&v, shown(&app, &v, id).await)
}

async fn shown(app: &App, v: &Visitor, id: Result<Id<CommunityId>, Failure>) -> Result<One, Failure> {
    let Ok(Id(id)) = id else { return Err(Failure::not_found()) };
    let request = v.rows()?;
    let both =
        move |library: &dyn crate::library::Library| Ok((library.profile(id)?, library.practices(&request, Some(id))?));
    let (page, practices) = app.ask(both).await?;
    let whole = serde_json::to_value(&page.profile).unwrap_or_default();
    let card = page.community;
    Ok(One {
        name: name(v, &card),
        devices: format::number(card.devices),
        forked: card.forked,
        history_href: v.link(&["communities", &card.id, "history"]),
        layout: layout(v, PROFILE, &whole, &page.conflicts),
        clashes: clashes(v, PROFILE, &page.conflicts),
        fullness: fullness(v, PROFILE, &page.completeness),
        practices: v.count(practices.total, words::PRACTICES_COUNTED),
        entries: practices.rows.iter().map(|card| Entry::new(v, card)).collect(),
        pager: Pager::new(v, &["communities", &card.id], practices.next.as_deref()),
        code: card.code,
        id: card.id,
        v: v.clone(),
    })
}

/// A community's full name; its code if it has none.
fn name(v: &Visitor, card: &CommunityCard) -> String {
    let name = v.language.pick(&card.name_uk, &card.name_en);
    if name.trim().is_empty() { v.place(&card.code) } else { name.clone() }
}
