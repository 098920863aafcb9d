//! The changes of a document, first to last: what each did, who signed it, and the proof.

use std::sync::Arc;

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use crdt::field::Field;
use crdt::id::{CommunityId, DocumentId};
use crdt::practice::PRACTICE;
use crdt::profile::PROFILE;

use crate::App;
use crate::api::communities::profile_of;
use crate::error::Failure;
use crate::format;
use crate::library::{Difference, Page, Revision};
use crate::pages::answer;
use crate::pages::conflicts::stored;
use crate::pages::fields::label;
use crate::pages::frame::{PageId, Pager, Visitor};
use crate::{assets, words};

/// What a change did to one field.
struct Altered {
    label: String,
    removed: Vec<String>,
    added: Vec<String>,
}

/// One change.
struct Step {
    moment: String,
    machine: String,
    device: String,
    key: String,
    record: String,
    altered: Vec<Altered>,
    set_aside: Option<String>,
}

/// The page.
#[derive(Template)]
#[template(path = "history.html")]
struct History {
    v: Visitor,
    count: String,
    back: String,
    steps: Vec<Step>,
    pager: Pager,
}

/// `/practices/{id}/history`
pub(crate) async fn of_practice(State(app): State<Arc<App>>, v: Visitor, PageId(id): PageId<DocumentId>) -> Response {
    let (document, place) = (id, id.to_string());
    answer(&v, told(&app, &v, document, PRACTICE, &["practices", &place]).await)
}

/// `/communities/{id}/history`
pub(crate) async fn of_community(State(app): State<Arc<App>>, v: Visitor, PageId(id): PageId<CommunityId>) -> Response {
    let (document, place) = (profile_of(&id), id.to_string());
    answer(&v, told(&app, &v, document, PROFILE, &["communities", &place]).await)
}

async fn told(
    app: &App,
    v: &Visitor,
    document: DocumentId,
    table: &'static [Field],
    place: &[&str; 2],
) -> Result<History, Failure> {
    let request = v.rows()?;
    let page: Page<Revision> = app.ask(move |library| library.history(document, &request)).await?;
    Ok(History {
        count: v.count(page.total, words::CHANGES_COUNTED),
        back: v.link(place),
        steps: page.rows.iter().map(|revision| step(v, table, revision)).collect(),
        pager: Pager::new(v, &[place[0], place[1], "history"], page.next.as_deref()),
        v: v.clone(),
    })
}

fn step(v: &Visitor, table: &'static [Field], revision: &Revision) -> Step {
    let name = revision.device_name.trim();
    Step {
        moment: format::moment(revision.created_at),
        machine: format::machine(revision.created_at),
        device: if name.is_empty() { v.say(words::UNNAMED_DEVICE) } else { name }.to_owned(),
        key: format::short(&revision.device),
        record: revision.record.clone(),
        altered: revision.differences.iter().map(|difference| altered(v, table, difference)).collect(),
        set_aside: revision
            .set_aside
            .as_ref()
            .map(|code| words::reason(code).map_or(code.clone(), |said| v.say(said).to_owned())),
    }
}

fn altered(v: &Visitor, table: &'static [Field], difference: &Difference) -> Altered {
    let field = table.iter().find(|field| field.key == difference.field);
    let said = |values: &[String]| {
        values.iter().filter(|value| !value.trim().is_empty()).map(|value| stored(v, field, value)).collect()
    };
    Altered {
        label: field.map_or_else(|| difference.field.clone(), |field| label(v.language, field).to_owned()),
        removed: said(&difference.removed),
        added: said(&difference.added),
    }
}
