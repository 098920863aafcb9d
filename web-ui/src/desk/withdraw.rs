//! Taking back what this node's community published, whatever it is.

use std::sync::Arc;

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use crdt::check::FieldError;
use crdt::id::DocumentId;

use crate::App;
use crate::assets;
use crate::desk::accounts::Problems;
use crate::desk::form::{Form, Sent};
use crate::desk::session::prove;
use crate::desk::write::not_ours;
use crate::desk::{to, words as w};
use crate::error::Failure;
use crate::language::Phrase;
use crate::library::REASON_CHARS_MAX;
use crate::pages::entries::titled;
use crate::pages::frame::{PageId, Visitor};
use crate::pages::records::href;
use crate::pages::{error, html};
use crate::people::auth::Signed;
use crate::words;

#[derive(Template)]
#[template(path = "desk/withdraw.html")]
struct Withdrawing {
    v: Visitor,
    signed: Signed,
    heading: &'static str,
    why: &'static str,
    see: &'static str,
    title: String,
    action: String,
    back: String,
    reason: String,
    problems: Problems,
}

/// What is to be taken back.
struct Target {
    id: DocumentId,
    /// What the page is called, what it warns of, what leads back.
    words: [Phrase; 3],
    /// The key of its kind.
    kind: String,
    title: String,
    action: String,
    back: String,
}

/// A practice of this node's community.
async fn practice(app: &App, v: &Visitor, id: DocumentId) -> Result<Target, Failure> {
    let page = app.ask(move |library| library.practice(id)).await?;
    if !page.editable {
        return Err(not_ours());
    }
    Ok(Target {
        id,
        words: [w::WITHDRAW, w::WITHDRAW_WHY, w::SEE_PRACTICE],
        kind: "practice".to_owned(),
        title: page.practice.title,
        action: v.link(&["practices", &page.id, "withdraw"]),
        back: v.link(&["practices", &page.id]),
    })
}

/// A record of any other kind of this node's community.
async fn record(app: &App, v: &Visitor, id: DocumentId) -> Result<Target, Failure> {
    let page = app.ask(move |library| library.document(id)).await?;
    if !page.editable {
        return Err(Failure::not_found());
    }
    Ok(Target {
        id,
        words: [w::WITHDRAW_RECORD, w::WITHDRAW_RECORD_WHY, w::SEE_RECORD],
        kind: page.card.kind.clone(),
        title: titled(v, &page.card.title),
        action: v.link(&["records", &page.card.id, "withdraw"]),
        back: href(v, &page.card),
    })
}

/// `GET /practices/{id}/withdraw`
pub(crate) async fn ask_practice(
    State(app): State<Arc<App>>,
    v: Visitor,
    signed: Signed,
    PageId(id): PageId<DocumentId>,
) -> Response {
    asked(&v, signed, practice(&app, &v, id).await)
}

/// `POST /practices/{id}/withdraw`
pub(crate) async fn withdraw_practice(
    State(app): State<Arc<App>>,
    v: Visitor,
    signed: Signed,
    Sent { id, form }: Sent<DocumentId>,
) -> Response {
    withdrawn(&app, &v, signed, practice(&app, &v, id).await, &form).await
}

/// `GET /records/{id}/withdraw`
pub(crate) async fn ask_record(
    State(app): State<Arc<App>>,
    v: Visitor,
    signed: Signed,
    PageId(id): PageId<DocumentId>,
) -> Response {
    asked(&v, signed, record(&app, &v, id).await)
}

/// `POST /records/{id}/withdraw`
pub(crate) async fn withdraw_record(
    State(app): State<Arc<App>>,
    v: Visitor,
    signed: Signed,
    Sent { id, form }: Sent<DocumentId>,
) -> Response {
    withdrawn(&app, &v, signed, record(&app, &v, id).await, &form).await
}

fn asked(v: &Visitor, signed: Signed, target: Result<Target, Failure>) -> Response {
    match target {
        Ok(target) => page(v, signed, target, String::new(), Problems::default()),
        Err(failure) => error::page(v, &failure),
    }
}

fn page(v: &Visitor, signed: Signed, target: Target, reason: String, problems: Problems) -> Response {
    let Target { words, title, action, back, .. } = target;
    let [heading, why, see] = words.map(|phrase| v.say(phrase));
    html(v, &Withdrawing { heading, why, see, title, action, back, reason, problems, signed, v: v.clone() })
}

async fn withdrawn(app: &App, v: &Visitor, signed: Signed, target: Result<Target, Failure>, form: &Form) -> Response {
    let target = match target {
        Ok(target) => target,
        Err(failure) => return error::page(v, &failure),
    };
    let reason: String = form.get("reason").trim().chars().take(REASON_CHARS_MAX).collect();
    match done(app, &signed, &target, reason.clone(), form).await {
        Ok(()) => to(v.link_with(&["desk"], &[("withdrawn", "1")])),
        Err(failure) => page(v, signed, target, reason, Problems::of(&failure, v.language)),
    }
}

async fn done(app: &App, signed: &Signed, target: &Target, reason: String, form: &Form) -> Result<(), Failure> {
    if reason.is_empty() {
        let (uk, en) = (w::REASON_FIRST.uk.into(), w::REASON_FIRST.en.into());
        return Err(Failure::invalid(vec![FieldError::new("reason", "required", uk, en)]));
    }
    prove(app, signed, form).await?;
    let id = target.id;
    app.ask(move |library| library.withdraw(id, reason)).await?;
    app.auth.note(&signed.name, &format!("withdrawn:{}", target.kind), &target.title);
    Ok(())
}
