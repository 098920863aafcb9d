//! An edit suggested to the owner of a practice: the texts as they stand, to be changed; what was
//! changed becomes a comment with suggestions.

use std::sync::Arc;

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use crdt::check::FieldError;
use crdt::gate::DocumentKind;
use crdt::id::DocumentId;
use crdt::kinds::translation::TEXTS;
use crdt::practice::PRACTICE;
use serde_json::json;

use crate::App;
use crate::assets;
use crate::desk::accounts::Problems;
use crate::desk::fields::{Pairs, Section, fill, read, section};
use crate::desk::form::Sent;
use crate::desk::session::prove;
use crate::desk::{to, words as w};
use crate::error::Failure;
use crate::library::PracticePage;
use crate::pages::entries::titled;
use crate::pages::frame::{PageId, Visitor};
use crate::pages::{error, html};
use crate::people::auth::Signed;
use crate::words;
use crate::words::records as rw;

/// Letters of the reason for an edit.
const WHY_CHARS_MAX: usize = 2_000;

#[derive(Template)]
#[template(path = "desk/suggest.html")]
struct Suggesting {
    v: Visitor,
    signed: Signed,
    action: String,
    title: String,
    sections: Vec<Section>,
    why: String,
    problems: Problems,
}

fn page(
    v: &Visitor,
    signed: Signed,
    practice: &PracticePage,
    pairs: &Pairs,
    why: String,
    problems: Problems,
) -> Response {
    let texts = section(v, PRACTICE, ("texts", v.say(rw::SUGGEST), TEXTS), pairs, &[]);
    html(
        v,
        &Suggesting {
            action: v.link(&["practices", &practice.id, "suggest"]),
            title: titled(v, &practice.practice.title),
            sections: vec![Section { open: true, ..texts }],
            why,
            problems,
            signed,
            v: v.clone(),
        },
    )
}

/// `GET /practices/{id}/suggest`
pub(crate) async fn ask(
    State(app): State<Arc<App>>,
    v: Visitor,
    signed: Signed,
    PageId(id): PageId<DocumentId>,
) -> Response {
    match app.ask(move |library| library.practice(id)).await {
        Ok(practice) => {
            let whole = serde_json::to_value(&practice.practice).unwrap_or_default();
            page(&v, signed, &practice, &fill(PRACTICE, &whole), String::new(), Problems::default())
        }
        Err(fault) => error::page(&v, &fault.into()),
    }
}

/// `POST /practices/{id}/suggest`
pub(crate) async fn send(
    State(app): State<Arc<App>>,
    v: Visitor,
    signed: Signed,
    Sent { id, form }: Sent<DocumentId>,
) -> Response {
    let practice = match app.ask(move |library| library.practice(id)).await {
        Ok(practice) => practice,
        Err(fault) => return error::page(&v, &fault.into()),
    };
    let why: String = form.get("why").trim().chars().take(WHY_CHARS_MAX).collect();
    let done = async {
        let (content, errors) = read(PRACTICE, &form.pairs().to_vec());
        if !errors.is_empty() {
            return Err(Failure::invalid(errors));
        }
        let before = serde_json::to_value(&practice.practice).unwrap_or_default();
        let fields = PRACTICE.iter().filter(|field| TEXTS.contains(&field.key));
        let changed = fields.filter(|field| field.store(&content) != field.store(&before));
        let suggestions: Vec<_> = changed
            .map(|field| json!({ "field": field.key, "value": field.value(&content).as_str().unwrap_or_default() }))
            .collect();
        if why.is_empty() {
            let (uk, en) = ("Напишіть, чому варто змінити", "Write why it should be changed");
            return Err(Failure::invalid(vec![FieldError::new("why", "required", uk.into(), en.into())]));
        }
        prove(&app, &signed, &form).await?;
        let content = json!({ "about": practice.id, "purpose": "suggestion", "text": why, "suggestions": suggestions });
        app.ask(move |library| library.create_document(DocumentKind::Comment, content)).await?;
        app.auth.note(&signed.name, "published:comment", &practice.practice.title);
        Ok(())
    };
    match done.await {
        Ok(()) => to(format!("{}#talk", v.link(&["practices", &practice.id]))),
        Err(failure) => page(&v, signed, &practice, &form.pairs().to_vec(), why, Problems::of(&failure, v.language)),
    }
}
