//! The changes of a document, first to last: what each did word by word, who signed it, and the proof.

mod changed;

use std::sync::Arc;

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use crdt::field::Field;
use crdt::id::{CommunityId, DocumentId};
use crdt::kinds;
use crdt::practice::PRACTICE;
use crdt::profile::PROFILE;

use crate::App;
use crate::api::communities::profile_of;
use crate::error::Failure;
use crate::format;
use crate::library::{Difference, LibraryError, Page, Revision};
use crate::pages::answer;
use crate::pages::conflicts::stored;
use crate::pages::fields::label;
use crate::pages::frame::{PageId, Pager, Visitor, short_name};
use crate::pages::hidden::ShownId;
use crate::words::practice as pw;
use crate::{assets, words};

use changed::{Part, Parts, changed};

/// What a change did to one field.
struct Altered {
    label: String,
    changes: Vec<Parts>,
}

/// Whose history this is.
struct About {
    title: String,
    community: String,
    /// The community's name without raion and oblast.
    short: String,
}

impl About {
    fn new(title: String, community: String) -> Self {
        Self { title, short: short_name(&community), community }
    }
}

/// One change.
struct Step {
    moment: String,
    machine: String,
    /// It began the document: all of it is new.
    first: bool,
    /// How many fields it changed, with the word.
    fields: String,
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
    about: About,
    count: String,
    back: String,
    /// Something went or came after the beginning.
    legend: bool,
    steps: Vec<Step>,
    pager: Pager,
}

/// `/practices/{id}/history`
pub(crate) async fn of_practice(State(app): State<Arc<App>>, v: Visitor, ShownId(id): ShownId) -> Response {
    let (document, place) = (id, id.to_string());
    let about = app
        .ask(move |library| library.practice(document))
        .await
        .map(|page| About::new(page.practice.title, v.place(&page.owner_code)));
    answer(&v, told(&app, &v, about, document, PRACTICE, &["practices", &place]).await)
}

/// `/communities/{id}/history`
pub(crate) async fn of_community(State(app): State<Arc<App>>, v: Visitor, PageId(id): PageId<CommunityId>) -> Response {
    let (document, place) = (profile_of(&id), id.to_string());
    let about = app.ask(move |library| library.profile(id)).await.map(|page| {
        let community = v.place(&page.community.code);
        About::new(v.say(words::PROFILE).to_owned(), community)
    });
    answer(&v, told(&app, &v, about, document, PROFILE, &["communities", &place]).await)
}

/// `/records/{id}/history`
pub(crate) async fn of_record(State(app): State<Arc<App>>, v: Visitor, ShownId(id): ShownId) -> Response {
    let (document, place) = (id, id.to_string());
    let card = match app.ask(move |library| library.document(document)).await {
        Ok(page) => page.card,
        Err(fault) => return answer(&v, Err::<History, _>(fault.into())),
    };
    let table = kinds::by_key(&card.kind).map_or(&[][..], |kind| kind.table);
    let about = Ok(About::new(card.title, v.place(&card.owner_code)));
    answer(&v, told(&app, &v, about, document, table, &["records", &place]).await)
}

async fn told(
    app: &App,
    v: &Visitor,
    about: Result<About, LibraryError>,
    document: DocumentId,
    table: &'static [Field],
    place: &[&str; 2],
) -> Result<History, Failure> {
    let (about, request) = (about?, v.rows()?);
    let page: Page<Revision> = app.ask(move |library| library.history(document, &request)).await?;
    Ok(History {
        about,
        count: v.count(page.total, words::CHANGES_COUNTED),
        back: v.link(place),
        legend: page.rows.iter().any(|revision| !is_first(revision) && !revision.differences.is_empty()),
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
        first: is_first(revision),
        fields: v.count(revision.differences.len() as u64, pw::FIELDS_COUNTED),
        device: if name.is_empty() { v.say(words::UNNAMED_DEVICE) } else { name }.to_owned(),
        key: format::short(&revision.device),
        record: revision.record.clone(),
        altered: revision
            .differences
            .iter()
            .map(|difference| altered(v, table, difference, is_first(revision)))
            .collect(),
        set_aside: revision
            .set_aside
            .as_ref()
            .map(|code| words::reason(code).map_or(code.clone(), |said| v.say(said).to_owned())),
    }
}

fn is_first(revision: &Revision) -> bool {
    let adds_only = revision.differences.iter().all(|difference| difference.removed.iter().all(String::is_empty));
    revision.follows.is_empty() && revision.set_aside.is_none() && adds_only
}

fn altered(v: &Visitor, table: &'static [Field], difference: &Difference, first: bool) -> Altered {
    let field = table.iter().find(|field| field.key == difference.field);
    let said = |values: &[String]| -> Vec<String> {
        values.iter().filter(|value| !value.trim().is_empty()).map(|value| stored(v, field, value)).collect()
    };
    Altered {
        label: field.map_or_else(|| difference.field.clone(), |field| label(v.language, field).to_owned()),
        changes: if first {
            said(&difference.added).into_iter().map(|text| vec![Part::Same(text)]).collect()
        } else {
            changed(&said(&difference.removed), &said(&difference.added))
        },
    }
}
