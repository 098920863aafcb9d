//! The form of a practice, and keeping what is typed into it.

use std::sync::Arc;

use askama::Template;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use crdt::check::FieldError;
use crdt::id::{DocumentId, DocumentName};
use crdt::kinds::adoption::Adoption;
use crdt::practice::{PRACTICE, Practice};
use crdt::view::completeness;
use serde::Serialize;

use super::copying::{copied, repeated};
use super::{Draft, SECTIONS, fresh, kept, not_ours};
use crate::desk::fields::{Section, change_rows, fill, section};
use crate::desk::form::{DraftForm, Form, Sent};
use crate::desk::sensitive::{Hint, hints};
use crate::desk::{to, words as w};
use crate::error::Failure;
use crate::library::DocumentPage;
use crate::pages::fields::label;
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
    /// For fields that are wrong: where they are, what they are called, what is wrong.
    wrong: Vec<(String, &'static str, String)>,
    publish_href: Option<String>,
}

/// The form. `checked`: also say what is missing, beside each field.
fn page(v: &Visitor, signed: Signed, id: &str, draft: &Draft, checked: bool, failure: Option<&Failure>) -> Response {
    let (practice, errors) = draft.practice();
    let shown: Vec<FieldError> = errors.into_iter().filter(|error| checked || !is_gentle(error)).collect();
    let whole = serde_json::to_value(&practice).unwrap_or_default();
    let full = completeness(PRACTICE, &whole);
    let place = |key: &str| format!("#{}", id_of(key));
    let known = |key: &str| called(v, key);
    let sections = SECTIONS
        .iter()
        .map(|(id, heading, keys)| section(v, PRACTICE, (id, v.say(*heading), keys), &draft.form, &shown));
    html(
        v,
        &Writing {
            action: v.link(&["write", id]),
            title: v.say(if draft.document.is_some() { w::EDIT_PRACTICE } else { w::NEW_PRACTICE }).to_owned(),
            sections: sections.collect(),
            document: draft.document.clone().unwrap_or_default(),
            heads: draft.heads.join(" "),
            adoption: draft.adoption.clone().unwrap_or_default(),
            kept_at: draft.kept_at,
            percent: full.percent,
            missing: full.missing.iter().filter_map(|key| Some((known(key)?, place(key)))).collect(),
            saved: (draft.kept_at > 0).then(|| format::lately(draft.kept_at, v.language)),
            failure: failure.map(|failure| failure.text(v.language).to_owned()),
            wrong: shown
                .iter()
                .map(|error| {
                    (
                        place(&error.field),
                        known(&error.field).unwrap_or_default(),
                        v.language.pick(&error.uk, &error.en).clone(),
                    )
                })
                .collect(),
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
    page(&v, signed, &fresh().to_string(), &draft, false, None)
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
            page(&v, signed, &fresh().to_string(), &draft, false, None)
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
        Ok(draft) => page(&v, signed, &id.to_string(), &draft, v.parameter("check").is_some(), None),
        Err(failure) => error::page(&v, &failure),
    }
}

/// What the script that keeps drafts is told.
#[derive(Serialize)]
struct Saved {
    saved: String,
    percent: u8,
    /// What is still missing: what the field is called, where it is.
    missing: Vec<(&'static str, String)>,
    beside: Vec<Beside>,
}

/// What is to be said beside a control.
#[derive(Serialize)]
struct Beside {
    /// The control’s id on the page.
    id: String,
    text: String,
    /// `wrong`; `missing`, which is not held against a form that is still being filled in; or `hint`,
    /// which is to be looked at again before publication.
    kind: &'static str,
}

impl Saved {
    fn new(v: &Visitor, draft: &Draft) -> Self {
        let (practice, errors) = draft.practice();
        let full = completeness(PRACTICE, &serde_json::to_value(&practice).unwrap_or_default());
        let wrong = errors.iter().map(|error| Beside {
            id: id_of(&error.field),
            text: v.language.pick(&error.uk, &error.en).clone(),
            kind: if is_gentle(error) { "missing" } else { "wrong" },
        });
        let hint = |hint: Hint| Beside {
            id: id_of(&hint.name),
            text: format!("«{}»: {}", hint.found, hint.why),
            kind: "hint",
        };
        Self {
            saved: format::lately(draft.kept_at, v.language),
            percent: full.percent,
            missing: full
                .missing
                .iter()
                .filter_map(|key| Some((called(v, key)?, format!("#{}", id_of(key)))))
                .collect(),
            beside: wrong.chain(hints(&draft.form, |phrase| v.say(phrase)).into_iter().map(hint)).collect(),
        }
    }
}

/// The id of a field’s control.
fn id_of(name: &str) -> String {
    format!("f-{}", name.replace('.', "-"))
}

/// What people call a field.
fn called(v: &Visitor, key: &str) -> Option<&'static str> {
    PRACTICE.iter().find(|field| field.key == key).map(|field| label(v.language, field))
}

/// What is only not there yet.
fn is_gentle(error: &FieldError) -> bool {
    matches!(error.code, "required" | "too_short")
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
        DraftForm::Stale(form) => return stale(&app, &v, signed, id, &form),
    };
    let wanted = form.get("do").to_owned();
    let mut draft = Draft::of(&form, &signed, app.auth.now());
    change_rows(&mut draft.form, &wanted);
    let content = serde_json::to_value(&draft).unwrap_or_default();
    if let Err(failure) = app.ask(move |library| library.keep_draft(id, content)).await {
        return page(&v, signed, &id.to_string(), &Draft { kept_at: 0, ..draft }, false, Some(&failure.into()));
    }
    let own = id.to_string();
    match wanted.split(':').next().unwrap_or_default() {
        "autosave" => axum::Json(Saved::new(&v, &draft)).into_response(),
        "publish" => to(v.link(&["write", &own, "publish"])),
        "check" => to(v.link_with(&["write", &own], &[("check", "1")])),
        "add" | "remove" => {
            let table = wanted.split(':').nth(1).unwrap_or_default().replace('.', "-");
            to(format!(
                "{}#f-{}",
                v.link(&["write", &own]),
                table.chars().filter(|c| c.is_ascii_alphanumeric() || "-_".contains(*c)).collect::<String>()
            ))
        }
        "remove-draft" => match app.ask(move |library| library.remove_draft(id)).await {
            Ok(()) => to(v.link(&["desk"])),
            Err(fault) => error::page(&v, &fault.into()),
        },
        _ => to(v.link(&["write", &own])),
    }
}

/// What was typed in an earlier session: nothing of it is kept, and nothing is lost.
fn stale(app: &App, v: &Visitor, signed: Signed, id: DocumentName, form: &Form) -> Response {
    let draft = Draft { kept_at: 0, ..Draft::of(form, &signed, app.auth.now()) };
    let stale = Failure::new(axum::http::StatusCode::FORBIDDEN, "stale_form", w::STALE_DRAFT.uk, w::STALE_DRAFT.en);
    let mut answer = page(v, signed, &id.to_string(), &draft, false, Some(&stale));
    *answer.status_mut() = stale.status;
    answer
}
