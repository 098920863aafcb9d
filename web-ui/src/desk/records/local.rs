//! What stays on this computer: which records are not shown here, and who comes to a seminar by name.

use std::sync::Arc;

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use crdt::check::FieldError;
use crdt::id::DocumentId;
use serde_json::json;

use crate::App;
use crate::assets;
use crate::desk::accounts::Problems;
use crate::desk::form::Sent;
use crate::desk::{to, words as w};
use crate::error::Failure;
use crate::library::notes::{GUESTS_MAX, Hiding, guests, hidden, hide};
use crate::library::{DocumentCard, Note};
use crate::pages::entries::titled;
use crate::pages::frame::{PageId, Visitor};
use crate::pages::records::href;
use crate::pages::{error, html};
use crate::people::auth::Signed;
use crate::words;
use crate::words::records as rw;

/// Letters of a reason.
const REASON_CHARS_MAX: usize = 300;
/// Letters of a line of the list.
const GUEST_CHARS_MAX: usize = 200;

#[derive(Template)]
#[template(path = "desk/hide.html")]
struct Hide {
    v: Visitor,
    signed: Signed,
    title: String,
    action: String,
    back: String,
    reason: String,
    is_hidden: bool,
    problems: Problems,
}

async fn card(app: &App, id: DocumentId) -> Result<DocumentCard, Failure> {
    Ok(app.ask(move |library| library.document(id)).await?.card)
}

/// `GET /records/{id}/hide`
pub(crate) async fn ask_hide(
    State(app): State<Arc<App>>,
    v: Visitor,
    signed: Signed,
    PageId(id): PageId<DocumentId>,
) -> Response {
    hide_page(&app, &v, signed, id, String::new(), Problems::default()).await
}

async fn hide_page(
    app: &App,
    v: &Visitor,
    signed: Signed,
    id: DocumentId,
    reason: String,
    problems: Problems,
) -> Response {
    let read = app.ask(move |library| Ok((library.document(id)?.card, hidden(library)?))).await;
    let (card, all) = match read {
        Ok(read) => read,
        Err(fault) => return error::page(v, &fault.into()),
    };
    html(
        v,
        &Hide {
            title: titled(v, &card.title),
            action: v.link(&["records", &card.id, "hide"]),
            back: href(v, &card),
            is_hidden: all.contains_key(&card.id),
            reason,
            problems,
            signed,
            v: v.clone(),
        },
    )
}

/// `POST /records/{id}/hide`: hides a record on this node, or shows it again.
pub(crate) async fn set_hidden(
    State(app): State<Arc<App>>,
    v: Visitor,
    signed: Signed,
    Sent { id, form }: Sent<DocumentId>,
) -> Response {
    let reason: String = form.get("reason").trim().chars().take(REASON_CHARS_MAX).collect();
    let again = form.get("do") == "show";
    if reason.is_empty() && !again {
        let (uk, en) = (w::REASON_FIRST.uk.into(), w::REASON_FIRST.en.into());
        let failure = Failure::invalid(vec![FieldError::new("reason", "required", uk, en)]);
        return hide_page(&app, &v, signed, id, reason, Problems::of(&failure, v.language)).await;
    }
    let hiding = (!again).then(|| Hiding { reason: reason.clone(), by: signed.name.clone(), at: app.auth.now() });
    match app.ask(move |library| hide(library, id, hiding)).await {
        Ok(()) => {
            app.auth.note(&signed.name, if again { "shown" } else { "hidden" }, &reason);
            to(v.link(&["records", &id.to_string()]))
        }
        Err(fault) => hide_page(&app, &v, signed, id, reason, Problems::of(&fault.into(), v.language)).await,
    }
}

#[derive(Template)]
#[template(path = "desk/guests.html")]
struct Guests {
    v: Visitor,
    signed: Signed,
    title: String,
    action: String,
    sheet: String,
    text: String,
    saved: bool,
}

/// `GET /records/{id}/guests`
pub(crate) async fn show_guests(
    State(app): State<Arc<App>>,
    v: Visitor,
    signed: Signed,
    PageId(id): PageId<DocumentId>,
) -> Response {
    let card = match card(&app, id).await {
        Ok(card) if card.kind == "seminar" => card,
        Ok(_) => return error::page(&v, &Failure::not_found()),
        Err(failure) => return error::page(&v, &failure),
    };
    match app.ask(move |library| guests(library, id)).await {
        Ok(lines) => html(
            &v,
            &Guests {
                title: titled(&v, &card.title),
                action: v.link(&["records", &card.id, "guests"]),
                sheet: v.link(&["records", &card.id, "sheet"]),
                text: lines.join("\n"),
                saved: v.parameter("saved").is_some(),
                signed,
                v: v.clone(),
            },
        ),
        Err(fault) => error::page(&v, &fault.into()),
    }
}

/// `POST /records/{id}/guests`
pub(crate) async fn keep_guests(
    State(app): State<Arc<App>>,
    v: Visitor,
    _: Signed,
    Sent { id, form }: Sent<DocumentId>,
) -> Response {
    let line = |line: &str| line.trim().chars().take(GUEST_CHARS_MAX).collect::<String>();
    let lines: Vec<String> =
        form.get("guests").lines().map(line).filter(|line| !line.is_empty()).take(GUESTS_MAX).collect();
    match app.ask(move |library| library.keep_note(Note::Guests(id), json!(lines))).await {
        Ok(()) => to(v.link_with(&["records", &id.to_string(), "guests"], &[("saved", "1")])),
        Err(fault) => error::page(&v, &fault.into()),
    }
}
