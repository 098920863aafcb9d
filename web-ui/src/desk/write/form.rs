//! The form of a practice, and keeping what is typed into it.

use std::sync::Arc;

use askama::Template;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use crdt::check::FieldError;
use crdt::gate::DocumentKind;
use crdt::id::{DocumentId, DocumentName};
use crdt::kinds::adoption::Adoption;
use crdt::kinds::{self, Kind};
use crdt::practice::{PRACTICE, Practice};

use super::copying::{copied, repeated};
use super::{Draft, SECTIONS, fresh, kept, not_ours};
use crate::desk::fields::{Section, fill, section};
use crate::desk::form::{DraftForm, Form, Sent, after_button};
use crate::desk::progress::{Progress, Wrong, is_gentle};
use crate::desk::records::picked;
use crate::desk::{arrived, to, words as w};
use crate::error::Failure;
use crate::library::DocumentPage;
use crate::pages::frame::{PageId, Visitor};
use crate::pages::{error, html};
use crate::people::auth::Signed;
use crate::{App, assets, format, words};

#[derive(Template)]
#[template(path = "desk/write.html")]
struct Writing {
    v: Visitor,
    signed: Signed,
    action: String,
    title: String,
    sections: Vec<Section>,
    document: String,
    heads: String,
    adoption: String,
    kept_at: u64,
    percent: u8,
    missing: Vec<(&'static str, String)>,
    saved: Option<String>,
    failure: Option<String>,
    wrong: Vec<Wrong>,
    publish_href: Option<String>,
}

/// The row of practices among the kinds.
fn row() -> &'static Kind {
    kinds::of(DocumentKind::Practice).expect("practices are a kind")
}

/// The form. `checked`: also say what is missing, beside each field.
async fn page(
    app: &App,
    v: &Visitor,
    signed: Signed,
    id: &str,
    draft: &Draft,
    (checked, failure): (bool, Option<&Failure>),
) -> Response {
    let (practice, errors) = draft.practice();
    let shown: Vec<FieldError> = errors.into_iter().filter(|error| checked || !is_gentle(error)).collect();
    let whole = serde_json::to_value(&practice).unwrap_or_default();
    let progress = Progress { table: PRACTICE, form: &draft.form, content: &whole, errors: &shown };
    let (percent, missing) = progress.filled(v);
    let known = picked::known(app, &draft.form).await;
    let sections: Vec<Section> = SECTIONS
        .iter()
        .map(|(id, heading, keys)| section(v, PRACTICE, (id, v.say(*heading), keys), &draft.form, &shown))
        .map(|section| picked::dressed(v, row(), section, &draft.form, &known))
        .collect();
    html(
        v,
        &Writing {
            action: v.link(&["write", id]),
            title: v.say(if draft.document.is_some() { w::EDIT_PRACTICE } else { w::NEW_PRACTICE }).to_owned(),
            document: draft.document.clone().unwrap_or_default(),
            heads: draft.heads.join(" "),
            adoption: draft.adoption.clone().unwrap_or_default(),
            kept_at: draft.kept_at,
            percent,
            missing,
            saved: (draft.kept_at > 0).then(|| format::lately(draft.kept_at, v.language)),
            failure: failure.map(|failure| failure.text(v.language).to_owned()),
            wrong: progress.wrong(v, &sections),
            sections,
            publish_href: (draft.kept_at > 0).then(|| v.link(&["write", id, "publish"])),
            signed,
            v: v.clone(),
        },
    )
}

/// `GET /write/new`: an empty form, or one that begins as a copy of another community's practice, or as
/// the account of an adoption of it that is finished.
pub(crate) async fn new(State(app): State<Arc<App>>, v: Visitor, signed: Signed) -> Response {
    let from = v.parameter("from").and_then(|from| from.parse::<DocumentId>().ok());
    let finished = v.parameter("adoption").and_then(|id| id.parse::<DocumentId>().ok());
    let read = app.ask(move |library| {
        let source = from.map(|id| library.practice(id)).transpose()?;
        Ok((library.status()?, source, finished.map(|id| library.document(id)).transpose()?))
    });
    let (status, source, finished) = match read.await {
        Ok(read) => read,
        Err(fault) => return error::page(&v, &fault.into()),
    };
    let own = status.community_code;
    let adoption = finished.as_ref().filter(|page| page.editable).and_then(DocumentPage::typed::<Adoption>);
    let practice = match source {
        Some(source) => match &adoption {
            Some(adoption) => repeated(copied(&v, source, own), adoption),
            None => copied(&v, source, own),
        },
        None => Practice { community: own, ..Practice::default() },
    };
    let whole = serde_json::to_value(&practice).unwrap_or_default();
    let told = adoption.and(finished).map(|page| page.card.id);
    let draft = Draft { form: fill(PRACTICE, &whole), adoption: told, ..Draft::default() };
    page(&app, &v, signed, &fresh().to_string(), &draft, (false, None)).await
}

/// `GET /practices/{id}/edit`: the form with what stands. Nothing is kept until it is sent.
pub(crate) async fn edit(
    State(app): State<Arc<App>>,
    v: Visitor,
    signed: Signed,
    PageId(id): PageId<DocumentId>,
) -> Response {
    match app.ask(move |library| library.practice(id)).await {
        Ok(page) if !page.editable => error::page(&v, &not_ours()),
        Ok(read) => {
            let whole = serde_json::to_value(&read.practice).unwrap_or_default();
            let draft =
                Draft { form: fill(PRACTICE, &whole), document: Some(read.id), heads: read.heads, ..Draft::default() };
            page(&app, &v, signed, &fresh().to_string(), &draft, (false, None)).await
        }
        Err(fault) => error::page(&v, &fault.into()),
    }
}

/// `GET /write/{id}`
pub(crate) async fn show(
    State(app): State<Arc<App>>,
    v: Visitor,
    signed: Signed,
    PageId(id): PageId<DocumentName>,
) -> Response {
    match kept(&app, id).await {
        Ok(draft) => page(&app, &v, signed, &id.to_string(), &draft, (v.parameter("check").is_some(), None)).await,
        Err(failure) => error::page(&v, &failure),
    }
}

/// `POST /write/{id}`: keeps the draft, and does what the button says.
pub(crate) async fn save(
    State(app): State<Arc<App>>,
    v: Visitor,
    signed: Signed,
    Sent { id, form }: Sent<DocumentName, DraftForm>,
) -> Response {
    let form = match form {
        DraftForm::Genuine(form) => form,
        DraftForm::Stale(form) => return stale(&app, &v, signed, id, &form).await,
    };
    let wanted = form.get("do").to_owned();
    let mut draft = Draft::of(&form, &signed, app.auth.now());
    let own = id.to_string();
    let changed = picked::change(&app, row(), &mut draft.form, &wanted).await;
    let content = serde_json::to_value(&draft).unwrap_or_default();
    let kept = app.ask(move |library| library.keep_draft(id, content)).await;
    if let Err(failure) = changed.and(kept) {
        let draft = Draft { kept_at: 0, ..draft };
        return page(&app, &v, signed, &own, &draft, (false, Some(&failure.into()))).await;
    }
    let answer = match wanted.split(':').next().unwrap_or_default() {
        "autosave" => {
            let (practice, errors) = draft.practice();
            let whole = serde_json::to_value(&practice).unwrap_or_default();
            let progress = Progress { table: PRACTICE, form: &draft.form, content: &whole, errors: &errors };
            axum::Json(progress.saved(&v, draft.kept_at)).into_response()
        }
        "publish" => to(v.link(&["write", &own, "publish"])),
        "remove-draft" => match app.ask(move |library| library.remove_draft(id)).await {
            Ok(()) => to(v.link(&["desk"])),
            Err(fault) => error::page(&v, &fault.into()),
        },
        _ => to(after_button(&v, &["write"], &own, &wanted)),
    };
    // What is kept while somebody writes is soon older than the browser's copy.
    if wanted == "autosave" { answer } else { arrived(id, answer) }
}

/// What was typed in an earlier session: nothing of it is kept, and nothing is lost.
async fn stale(app: &App, v: &Visitor, signed: Signed, id: DocumentName, form: &Form) -> Response {
    let draft = Draft { kept_at: 0, ..Draft::of(form, &signed, app.auth.now()) };
    let stale = Failure::new(axum::http::StatusCode::FORBIDDEN, "stale_form", w::STALE_DRAFT.uk, w::STALE_DRAFT.en);
    let mut answer = page(app, v, signed, &id.to_string(), &draft, (false, Some(&stale))).await;
    *answer.status_mut() = stale.status;
    answer
}
