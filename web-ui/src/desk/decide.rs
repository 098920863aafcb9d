//! Deciding between what people wrote at once.

use std::sync::Arc;

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use crdt::field::Stored;
use crdt::id::DocumentId;
use crdt::practice::{PRACTICE, Practice};
use serde_json::Value;

use crate::App;
use crate::assets;
use crate::desk::accounts::Problems;
use crate::desk::form::{Form, Sent};
use crate::desk::session::prove;
use crate::desk::write::not_ours;
use crate::desk::{to, words as w};
use crate::error::Failure;
use crate::library::{Edit, PracticePage};
use crate::pages::conflicts::{Clash, clashes};
use crate::pages::frame::{PageId, Visitor};
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

fn deciding(v: &Visitor, signed: Signed, page: &PracticePage, problems: Problems) -> Response {
    html(
        v,
        &Deciding {
            title: page.practice.title.clone(),
            action: v.link(&["practices", &page.id, "conflicts"]),
            back: v.link(&["practices", &page.id]),
            heads: page.heads.join(" "),
            clashes: clashes(v, PRACTICE, &page.conflicts),
            problems,
            signed,
            v: v.clone(),
        },
    )
}

async fn own(app: &App, id: DocumentId) -> Result<PracticePage, Failure> {
    let page = app.ask(move |library| library.practice(id)).await?;
    if page.editable { Ok(page) } else { Err(not_ours()) }
}

/// `GET /practices/{id}/conflicts`
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

/// `POST /practices/{id}/conflicts`
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
        Ok(()) => to(v.link(&["practices", &page.id, "published"])),
        Err(failure) => deciding(&v, signed, &page, Problems::of(&failure, v.language)),
    }
}

async fn decided(app: &App, signed: &Signed, page: &PracticePage, form: &Form) -> Result<(), Failure> {
    prove(app, signed, form).await?;
    if form.get("heads") != page.heads.join(" ") {
        return Err(Failure::new(
            axum::http::StatusCode::CONFLICT,
            "changed",
            w::CHANGED_MEANWHILE.uk,
            w::CHANGED_MEANWHILE.en,
        ));
    }
    let mut whole = serde_json::to_value(&page.practice).unwrap_or_default();
    let mut resolve: Vec<String> = Vec::new();
    for (n, conflict) in page.conflicts.iter().enumerate() {
        let choice = form.get(&format!("choice-{n}")).parse::<usize>().ok();
        let Some(version) = choice.and_then(|choice| conflict.versions.get(choice)) else { continue };
        choose(&mut whole, &conflict.field, conflict.item, &version.value);
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
    let content: Practice = serde_json::from_value(whole).map_err(|_| Failure::fault())?;
    let edit = Edit { base_heads: page.heads.clone(), content, resolve };
    let id: DocumentId = page.id.parse().map_err(|_| Failure::not_found())?;
    app.ask(move |library| library.edit_practice(id, edit)).await?;
    app.auth.note(&signed.name, "resolved", &page.practice.title);
    Ok(())
}

/// Has a field, or one paragraph or row of it, say what a version says.
fn choose(whole: &mut Value, key: &str, item: Option<usize>, value: &str) {
    let Some(field) = PRACTICE.iter().find(|field| field.key == key) else { return };
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
