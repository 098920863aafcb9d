//! What an owner does with an edit that somebody suggested: accepts it.

use std::sync::Arc;

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use crdt::field::Field;
use crdt::gate::DocumentKind;
use crdt::id::{ChangeHash, DocumentId};
use crdt::kinds::comment::{Comment, Suggestion};
use crdt::practice::{PRACTICE, Practice};
use serde_json::{Value, json};

use crate::App;
use crate::assets;
use crate::desk::accounts::Problems;
use crate::desk::fields::put;
use crate::desk::form::Sent;
use crate::desk::session::prove;
use crate::desk::{to, words as w};
use crate::error::Failure;
use crate::library::{DocumentPage, Edit, PracticePage};
use crate::pages::entries::titled;
use crate::pages::frame::{PageId, Visitor};
use crate::pages::{error, html};
use crate::people::auth::Signed;
use crate::words;
use crate::words::records as rw;

#[derive(Template)]
#[template(path = "desk/accept.html")]
struct Accepting {
    v: Visitor,
    signed: Signed,
    action: String,
    back: String,
    title: String,
    from: String,
    changes: Vec<Change>,
    /// Whether some of the changes fit no field.
    unfit: bool,
    /// Whether all of it stands already.
    settled: bool,
    /// Whether some of the fields were changed after the edit was suggested.
    overtaken: bool,
    problems: Problems,
}

/// What a suggestion does to a field.
#[derive(Clone)]
struct Change {
    field: &'static str,
    before: String,
    after: String,
    /// Whether the field says something else than when the edit was suggested.
    overtaken: bool,
}

/// An edit that was suggested for a practice of this node's community.
struct Suggested {
    comment: DocumentPage,
    practice: PracticePage,
    content: Practice,
    changes: Vec<Change>,
    /// Whether some of the changes fit no field.
    unfit: bool,
}

/// What a practice would say with a change: none if it fits no field, for then no practice can say it.
fn changed(before: &Value, one: &Suggestion) -> Option<(&'static Field, Value, Practice)> {
    let field = PRACTICE.iter().find(|field| field.key == one.field)?;
    let mut after = before.clone();
    put(&mut after, field.key, one.value.clone());
    let typed = serde_json::from_value(after.clone()).ok()?;
    Some((field, after, typed))
}

/// Whether any change that a remark suggests fits its field.
pub(crate) fn fits_any(practice: &Value, suggestions: &[Suggestion]) -> bool {
    suggestions.iter().any(|one| changed(practice, one).is_some())
}

async fn suggested(app: &App, v: &Visitor, id: DocumentId) -> Result<Suggested, Failure> {
    let comment = app.ask(move |library| library.document(id)).await?;
    let typed: Comment =
        comment.typed().filter(|typed: &Comment| !typed.suggestions.is_empty()).ok_or_else(Failure::not_found)?;
    let about: DocumentId = typed.about.parse().map_err(|_| Failure::not_found())?;
    let practice = app.ask(move |library| library.practice(about)).await?;
    if !practice.editable {
        return Err(Failure::not_found());
    }
    let before = serde_json::to_value(&practice.practice).unwrap_or_default();
    let read = read_by(app, about, &typed, &practice).await;
    let (mut after, mut content) = (before.clone(), practice.practice.clone());
    let mut changes = Vec::new();
    for one in &typed.suggestions {
        // What no form makes and no practice can say is not for anybody to accept; the rest is.
        let Some((field, whole, typed)) = changed(&after, one) else { continue };
        (after, content) = (whole, typed);
        let said = |value: &Value| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
        changes.push(Change {
            field: crate::pages::fields::label(v.language, field),
            before: said(field.value(&before)),
            after: said(&one.value),
            overtaken: read.as_ref().is_some_and(|read| field.store(read) != field.store(&before)),
        });
    }
    let credit = comment.card.owner_code.clone();
    if !credit.is_empty() && !content.contributors.contains(&credit) {
        content.contributors.push(credit);
    }
    let unfit = changes.len() < typed.suggestions.len();
    Ok(Suggested { comment, practice, content, changes, unfit })
}

/// The practice as whoever suggests the edit had read it, if that was another revision and is known here.
async fn read_by(app: &App, about: DocumentId, comment: &Comment, practice: &PracticePage) -> Option<Value> {
    let heads: Vec<ChangeHash> = comment.about_revision.iter().filter_map(|head| head.parse().ok()).collect();
    if heads.is_empty() || comment.about_revision == practice.heads {
        return None;
    }
    app.ask(move |library| library.document_at(about, &heads)).await.ok().map(|page| page.content)
}

fn accepting(v: &Visitor, signed: Signed, known: &Suggested, problems: Problems) -> Response {
    html(
        v,
        &Accepting {
            action: v.link(&["records", &known.comment.card.id, "accept"]),
            back: v.link(&["records", &known.comment.card.id]),
            title: titled(v, &known.practice.practice.title),
            from: v.place(&known.comment.card.owner_code),
            settled: !known.changes.is_empty() && known.changes.iter().all(|change| change.before == change.after),
            unfit: known.unfit,
            overtaken: known.changes.iter().any(|change| change.overtaken),
            changes: known.changes.clone(),
            problems,
            signed,
            v: v.clone(),
        },
    )
}

/// `GET /records/{id}/accept`
pub(crate) async fn ask_accept(
    State(app): State<Arc<App>>,
    v: Visitor,
    signed: Signed,
    PageId(id): PageId<DocumentId>,
) -> Response {
    match suggested(&app, &v, id).await {
        Ok(known) => accepting(&v, signed, &known, Problems::default()),
        Err(failure) => error::page(&v, &failure),
    }
}

/// Tells whoever suggested the edit that it was accepted. The edit stands without that, so a failure is
/// only logged.
async fn answer_it(app: &App, v: &Visitor, known: &Suggested) {
    let answer = json!({
        "about": known.practice.id,
        "reply_to": known.comment.card.id,
        "purpose": "accepted",
        "text": v.say(rw::ACCEPTED_THANKS),
    });
    if let Err(error) = app.ask(move |library| library.create_document(DocumentKind::Comment, answer)).await {
        tracing::warn!(%error, "whoever suggested an edit was not told that it was accepted");
    }
}

/// Says that there is nothing in an edit that could be accepted.
fn nothing_fits() -> Failure {
    Failure::new(axum::http::StatusCode::CONFLICT, "nothing_fits", rw::NOTHING_FITS.uk, rw::NOTHING_FITS.en)
}

/// `POST /records/{id}/accept`: publishes the practice with the edit, and with credit.
pub(crate) async fn accept(
    State(app): State<Arc<App>>,
    v: Visitor,
    signed: Signed,
    Sent { id, form }: Sent<DocumentId>,
) -> Response {
    let known = match suggested(&app, &v, id).await {
        Ok(known) => known,
        Err(failure) => return error::page(&v, &failure),
    };
    let done = async {
        if known.changes.is_empty() {
            return Err(nothing_fits());
        }
        prove(&app, &signed, &form).await?;
        let practice: DocumentId = known.practice.id.parse().map_err(|_| Failure::not_found())?;
        let edit =
            Edit { base_heads: known.practice.heads.clone(), content: known.content.clone(), resolve: Vec::new() };
        app.ask(move |library| library.edit_practice(practice, edit)).await?;
        app.auth.note(&signed.name, "edited:practice", &known.practice.practice.title);
        answer_it(&app, &v, &known).await;
        Ok::<_, Failure>(known.practice.id.clone())
    };
    match done.await {
        Ok(practice) => to(v.link_with(&["practices", &practice], &[("accepted", "1")])),
        Err(failure) => accepting(&v, signed, &known, Problems::of(&failure, v.language)),
    }
}
