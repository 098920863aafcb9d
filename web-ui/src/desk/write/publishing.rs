//! The last look at a practice before it is published, and publishing it.

use std::sync::Arc;

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use crdt::check::FieldError;
use crdt::id::{DocumentId, DocumentName};
use crdt::practice::PRACTICE;

use super::{Draft, SECTIONS, kept};
use crate::desk::accounts::Problems;
use crate::desk::fields::{Section, section};
use crate::desk::form::{Form, Sent};
use crate::desk::progress::{Progress, Wrong, with_refused};
use crate::desk::sensitive::Hint;
use crate::desk::session::prove;
use crate::desk::{to, words as w};
use crate::error::Failure;
use crate::library::{Edit, Library, LibraryError};
use crate::pages::fields::{Layout, layout};
use crate::pages::frame::{PageId, Visitor};
use crate::pages::values::{Paragraph, prose};
use crate::pages::{error, html};
use crate::people::auth::Signed;
use crate::{App, assets, words};

#[derive(Template)]
#[template(path = "desk/publish.html")]
struct Publishing {
    v: Visitor,
    signed: Signed,
    action: String,
    back: String,
    title: String,
    summary: Vec<Paragraph>,
    layout: Layout,
    wrong: Vec<Wrong>,
    hints: Vec<(Hint, String)>,
    alike: Vec<(String, String, u8)>,
    problems: Problems,
}

/// `GET /write/{id}/publish`: what will be published, once more, with what should be looked at.
pub(crate) async fn review(
    State(app): State<Arc<App>>,
    v: Visitor,
    signed: Signed,
    PageId(id): PageId<DocumentName>,
) -> Response {
    match kept(&app, id).await {
        Ok(draft) => review_page(&app, &v, signed, id, &draft, None).await,
        Err(failure) => error::page(&v, &failure),
    }
}

async fn review_page(
    app: &App,
    v: &Visitor,
    signed: Signed,
    id: DocumentName,
    draft: &Draft,
    failure: Option<&Failure>,
) -> Response {
    let (practice, errors) = draft.practice();
    let errors = with_refused(errors, failure);
    let except = draft.document.as_deref().and_then(|id| id.parse().ok());
    let candidate = practice.clone();
    // A search that fails is no reason not to publish.
    let alike = app.ask(move |library| library.near_duplicates(&candidate, except)).await.unwrap_or_default();
    let own = id.to_string();
    let back = v.link_with(&["write", &own], &[("check", "1")]);
    let whole = serde_json::to_value(&practice).unwrap_or_default();
    let progress = Progress { table: PRACTICE, form: &draft.form, content: &whole, errors: &errors };
    let sections: Vec<Section> = SECTIONS
        .iter()
        .map(|(id, heading, keys)| section(v, PRACTICE, (id, v.say(*heading), keys), &draft.form, &errors))
        .collect();
    // Where it is mended is another page.
    let there = |place: String| format!("{back}{place}");
    html(
        v,
        &Publishing {
            action: v.link(&["write", &own, "publish"]),
            title: if practice.title.trim().is_empty() {
                v.say(words::UNTITLED).to_owned()
            } else {
                practice.title.clone()
            },
            summary: prose(&practice.summary),
            layout: layout(v, PRACTICE, &whole, &[]),
            wrong: progress
                .wrong(v, &sections)
                .into_iter()
                .map(|one| Wrong { href: if one.href.is_empty() { one.href } else { there(one.href) }, ..one })
                .collect(),
            hints: progress.hints(v).into_iter().map(|(hint, place)| (hint, there(place))).collect(),
            alike: alike
                .into_iter()
                .take(5)
                .map(|(card, percent)| (card.title.clone(), v.link(&["practices", &card.id]), percent))
                .collect(),
            back,
            problems: failure.map_or_else(Problems::default, |failure| Problems::of(failure, v.language)),
            signed,
            v: v.clone(),
        },
    )
}

/// `POST /write/{id}/publish`
pub(crate) async fn publish(
    State(app): State<Arc<App>>,
    v: Visitor,
    signed: Signed,
    Sent { id, form }: Sent<DocumentName>,
) -> Response {
    let draft = match kept(&app, id).await {
        Ok(draft) => draft,
        Err(failure) => return error::page(&v, &failure),
    };
    match published(&app, &signed, id, &draft, &form).await {
        Ok((document, merged)) => {
            let pairs: &[(&str, &str)] = if merged { &[("merged", "1")] } else { &[] };
            to(v.link_with(&["practices", &document, "published"], pairs))
        }
        Err(failure) => review_page(&app, &v, signed, id, &draft, Some(&failure)).await,
    }
}

/// Has an adoption name the practice that came of it.
fn link_back(library: &dyn Library, adoption: DocumentId, became: &str) -> Result<(), LibraryError> {
    let page = library.document(adoption)?;
    let mut content = page.content;
    content["became"] = became.into();
    library.edit_document(adoption, Edit { base_heads: page.heads, content, resolve: Vec::new() }).map(|_| ())
}

async fn published(
    app: &App,
    signed: &Signed,
    id: DocumentName,
    draft: &Draft,
    form: &Form,
) -> Result<(String, bool), Failure> {
    if !form.has("sure") {
        return Err(Failure::invalid(vec![FieldError::new(
            "sure",
            "required",
            w::SURE_FIRST.uk.into(),
            w::SURE_FIRST.en.into(),
        )]));
    }
    prove(app, signed, form).await?;
    let (practice, errors) = draft.practice();
    if !errors.is_empty() {
        return Err(Failure::invalid(errors));
    }
    let done = match draft.document.as_deref() {
        Some(document) => {
            let document: DocumentId = document.parse().map_err(|_| Failure::not_found())?;
            let edit = Edit { base_heads: draft.heads.clone(), content: practice, resolve: Vec::new() };
            app.ask(move |library| library.edit_practice(document, edit)).await?
        }
        None => app.ask(move |library| library.create_practice(practice)).await?,
    };
    if let Some(adoption) = draft.adoption.as_ref().and_then(|id| id.parse::<DocumentId>().ok()) {
        let became = done.id.clone();
        // The practice is published and says where it is from; the link back can be added later.
        if let Err(fault) = app.ask(move |library| link_back(library, adoption, &became)).await {
            tracing::warn!(%fault, "an adoption does not name the practice that came of it");
        }
    }
    // Published once is enough: a draft that stays behind would be published twice.
    if let Err(fault) = app.ask(move |library| library.remove_draft(id)).await {
        tracing::warn!(%fault, "a published draft stays behind");
    }
    app.auth.note(
        &signed.name,
        if draft.document.is_some() { "edited:practice" } else { "published:practice" },
        &draft.title,
    );
    Ok((done.id, done.merged))
}

#[derive(Template)]
#[template(path = "desk/published.html")]
struct Published {
    v: Visitor,
    title: String,
    href: String,
    merged: bool,
    conflicts: Option<String>,
}

/// `GET /practices/{id}/published`
pub(crate) async fn after(State(app): State<Arc<App>>, v: Visitor, PageId(id): PageId<DocumentId>) -> Response {
    match app.ask(move |library| library.practice(id)).await {
        Ok(page) => {
            let conflicts = (!page.conflicts.is_empty()).then(|| v.link(&["practices", &page.id, "conflicts"]));
            let href = v.link(&["practices", &page.id]);
            html(
                &v,
                &Published {
                    title: page.practice.title,
                    href,
                    merged: v.parameter("merged").is_some(),
                    conflicts,
                    v: v.clone(),
                },
            )
        }
        Err(fault) => error::page(&v, &fault.into()),
    }
}
