//! Deciding between what people wrote at once.

use std::sync::Arc;

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use crdt::field::{Field, Stored};
use crdt::id::DocumentId;
use crdt::kinds;
use crdt::practice::Practice;
use crdt::profile::Profile;
use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::App;
use crate::assets;
use crate::desk::accounts::Problems;
use crate::desk::form::{Form, Sent};
use crate::desk::session::prove;
use crate::desk::write::not_ours;
use crate::desk::{to, words as w};
use crate::error::Failure;
use crate::library::{DocumentPage, Edit, Published};
use crate::pages::conflicts::{Clash, clashes};
use crate::pages::entries::titled;
use crate::pages::frame::{PageId, Visitor};
use crate::pages::records::href;
use crate::pages::{error, html};
use crate::people::auth::Signed;
use crate::words;

#[derive(Template)]
#[template(path = "desk/conflicts.html")]
struct Deciding {
    v: Visitor,
    signed: Signed,
    title: String,
    action: String,
    back: String,
    heads: String,
    clashes: Vec<Clash>,
    problems: Problems,
}

/// Where it is decided between what people wrote at once in a document of this node's community, for
/// whoever may.
pub(crate) fn decide_href(v: &Visitor, kind: &str, id: &str) -> Option<String> {
    let writes = v.writes();
    writes.then(|| address(v, kind, id))
}

fn address(v: &Visitor, kind: &str, id: &str) -> String {
    v.link(&[if kind == "practice" { "practices" } else { "records" }, id, "conflicts"])
}

fn table(page: &DocumentPage) -> &'static [Field] {
    kinds::by_key(&page.card.kind).map_or(&[], |kind| kind.table)
}

fn deciding(v: &Visitor, signed: Signed, page: &DocumentPage, problems: Problems) -> Response {
    html(
        v,
        &Deciding {
            title: titled(v, &page.card.title),
            action: address(v, &page.card.kind, &page.card.id),
            back: href(v, &page.card),
            heads: page.heads.join(" "),
            clashes: clashes(v, table(page), &page.conflicts, &page.authors),
            problems,
            signed,
            v: v.clone(),
        },
    )
}

async fn own(app: &App, id: DocumentId) -> Result<DocumentPage, Failure> {
    let page = app.ask(move |library| library.document(id)).await?;
    match page.card.kind.as_str() {
        _ if page.editable => Ok(page),
        "practice" => Err(not_ours()),
        // As where a record is edited: there is no such page of others' records.
        _ => Err(Failure::not_found()),
    }
}

/// `GET /practices/{id}/conflicts`, `GET /records/{id}/conflicts`
pub(crate) async fn show(
    State(app): State<Arc<App>>,
    v: Visitor,
    signed: Signed,
    PageId(id): PageId<DocumentId>,
) -> Response {
    match own(&app, id).await {
        Ok(page) => deciding(&v, signed, &page, Problems::default()),
        Err(failure) => error::page(&v, &failure),
    }
}

/// `POST /practices/{id}/conflicts`, `POST /records/{id}/conflicts`
pub(crate) async fn decide(
    State(app): State<Arc<App>>,
    v: Visitor,
    signed: Signed,
    Sent { id, form }: Sent<DocumentId>,
) -> Response {
    let page = match own(&app, id).await {
        Ok(page) => page,
        Err(failure) => return error::page(&v, &failure),
    };
    match decided(&app, &signed, &page, &form).await {
        Ok(()) if page.card.kind == "practice" => to(v.link(&["practices", &page.card.id, "published"])),
        Ok(()) => to(href(&v, &page.card)),
        Err(failure) => deciding(&v, signed, &page, Problems::of(&failure, v.language)),
    }
}

async fn decided(app: &App, signed: &Signed, page: &DocumentPage, form: &Form) -> Result<(), Failure> {
    prove(app, signed, form).await?;
    if form.get("heads") != page.heads.join(" ") {
        return Err(Failure::new(
            axum::http::StatusCode::CONFLICT,
            "changed",
            w::CHANGED_MEANWHILE.uk,
            w::CHANGED_MEANWHILE.en,
        ));
    }
    let mut whole = page.content.clone();
    let mut resolve: Vec<String> = Vec::new();
    for (n, conflict) in page.conflicts.iter().enumerate() {
        let choice = form.get(&format!("choice-{n}")).parse::<usize>().ok();
        let Some(version) = choice.and_then(|choice| conflict.versions.get(choice)) else { continue };
        choose(table(page), &mut whole, &conflict.field, conflict.item, &version.value);
        // A field with several conflicts is decided as a whole only when each of them is.
        let open = page
            .conflicts
            .iter()
            .enumerate()
            .any(|(m, other)| other.field == conflict.field && !form.has(&format!("choice-{m}")));
        if !open && !resolve.contains(&conflict.field) {
            resolve.push(conflict.field.clone());
        }
    }
    if resolve.is_empty() {
        return Err(Failure::new(
            axum::http::StatusCode::UNPROCESSABLE_ENTITY,
            "nothing_chosen",
            w::CHOOSE_FIRST.uk,
            w::CHOOSE_FIRST.en,
        ));
    }
    let edit = Edit { base_heads: page.heads.clone(), content: whole, resolve };
    publish(app, page, edit).await?;
    app.auth.note(&signed.name, &format!("resolved:{}", page.card.kind), &page.card.title);
    Ok(())
}

async fn publish(app: &App, page: &DocumentPage, edit: Edit<Value>) -> Result<Published, Failure> {
    let id: DocumentId = page.card.id.parse().map_err(|_| Failure::not_found())?;
    Ok(match page.card.kind.as_str() {
        "practice" => {
            let edit = typed::<Practice>(edit)?;
            app.ask(move |library| library.edit_practice(id, edit)).await?
        }
        "profile" => {
            let edit = typed::<Profile>(edit)?;
            app.ask(move |library| library.edit_profile(edit)).await?
        }
        _ => app.ask(move |library| library.edit_document(id, edit)).await?,
    })
}

fn typed<T: DeserializeOwned>(edit: Edit<Value>) -> Result<Edit<T>, Failure> {
    let content = serde_json::from_value(edit.content).map_err(|_| Failure::fault())?;
    Ok(Edit { base_heads: edit.base_heads, content, resolve: edit.resolve })
}

/// Has a field, or one paragraph or row of it, say what a version says.
fn choose(table: &[Field], whole: &mut Value, key: &str, item: Option<usize>, value: &str) {
    let Some(field) = table.iter().find(|field| field.key == key) else { return };
    let stored = match (item, field.store(whole)) {
        (Some(item), Stored::Items(mut items)) if item < items.len() => {
            value.clone_into(&mut items[item]);
            Stored::Items(items)
        }
        _ => Stored::Scalar(value.to_owned()),
    };
    let Some(read) = field.read(&stored) else { return };
    let place = key
        .split('.')
        .try_fold(whole, |place, part| place.as_object_mut().map(|entries| entries.entry(part).or_insert(Value::Null)));
    if let Some(place) = place {
        *place = read;
    }
}
