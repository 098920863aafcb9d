//! Writing what is no practice: an adoption, a request, an answer, an endorsement, a seminar … One
//! form for every kind, from its table; kept as a draft until it is published.

mod begin;
mod headings;
mod inbox;
mod local;
mod making;
mod own;
mod pick;
pub(super) mod picked;
mod sections;
mod suggest;

use std::sync::Arc;

use askama::Template;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use crdt::check::{FieldError, Strictness};
use crdt::id::{DocumentId, DocumentName};
use crdt::kinds::endorsement::BY_ORIGIN;
use crdt::kinds::seminar::Registration;
use crdt::kinds::translation::TEXTS;
use crdt::kinds::{self, Kind};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::App;
use crate::assets;
use crate::desk::accounts::Problems;
use crate::desk::fields::{Input, Pairs, Section, read, section};
use crate::desk::form::{DraftForm, Form, Sent, after_button};
use crate::desk::progress::{Progress, Wrong, is_gentle, with_refused};
use crate::desk::sensitive::Hint;
use crate::desk::session::prove;
use crate::desk::{arrived, to, words as w};
use crate::error::Failure;
use crate::format;
use crate::library::rightful::{ACCEPTED, may_accept, may_confirm};
use crate::library::timely::{seats_left, too_late, untimely};
use crate::library::{DocumentPage, Edit, LibraryError};
use crate::pages::frame::{PageId, Visitor};
use crate::pages::practices::tongue;
use crate::pages::{error, html};
use crate::people::auth::Signed;
use crate::words;

pub(crate) use begin::{edit, new};
pub(crate) use inbox::{see_all, show as inbox};
pub(crate) use local::{ask_hide, keep_guests, set_hidden, show_guests};
pub(crate) use making::choose as choose_material;
pub(crate) use own::{accept, ask_accept, fits_any};
pub(crate) use pick::{add as pick, collect, show as ask_pick};
pub(crate) use suggest::{ask as ask_suggestion, send as suggest};

/// A record that is being written, as it is kept on this computer.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub(super) struct Draft {
    /// The key of its kind; none for a practice, which has a draft of its own.
    kind: String,
    /// For the list of drafts.
    title: String,
    /// What somebody typed.
    form: Pairs,
    /// The document that is edited; none for a new one.
    document: Option<String>,
    /// The heads that were read before the edit.
    heads: Vec<String>,
    /// Who kept it last.
    by: String,
    /// When, milliseconds since 1970.
    kept_at: u64,
}

/// What a form says of itself and not of the record.
const OWN: [&str; 7] = ["kind", "document", "heads", "do", "proof", "sure", "seen"];

impl Draft {
    fn of(form: &Form, signed: &Signed, now: u64) -> Self {
        let title = ["title", "text"].into_iter().map(|name| form.get(name).trim()).find(|text| !text.is_empty());
        Self {
            kind: form.get("kind").to_owned(),
            title: title.unwrap_or_default().chars().take(120).collect(),
            document: form.has("document").then(|| form.get("document").to_owned()),
            heads: form.get("heads").split_whitespace().map(str::to_owned).collect(),
            form: form.pairs().iter().filter(|(name, _)| !OWN.contains(&name.as_str())).cloned().collect(),
            by: signed.name.clone(),
            kept_at: now,
        }
    }

    fn row(&self) -> Result<&'static Kind, Failure> {
        kinds::by_key(&self.kind).filter(|row| sections::of(row).is_some()).ok_or_else(Failure::not_found)
    }

    /// The content, as far as it can be understood, and what is wrong with it.
    fn content(&self, row: &Kind) -> (Value, Vec<FieldError>) {
        let (content, mut errors) = read(row.table, &self.form);
        let named: Vec<String> = errors.iter().map(|error| error.field.clone()).collect();
        let further = row.check(&content, Strictness::Publish).unwrap_or_default();
        let untimely = untimely(row.key, &content);
        errors.extend(further.into_iter().chain(untimely).filter(|error| !named.contains(&error.field)));
        (content, errors)
    }
}

#[derive(Template)]
#[template(path = "desk/record.html")]
struct Writing {
    v: Visitor,
    signed: Signed,
    action: String,
    heading: String,
    about: Option<(String, String)>,
    kind: String,
    document: String,
    heads: String,
    hidden: Vec<(String, String)>,
    sections: Vec<Section>,
    kept_at: u64,
    renewed: bool,
    percent: u8,
    missing: Vec<(&'static str, String)>,
    saved: Option<String>,
    failure: Option<String>,
    wrong: Vec<Wrong>,
    hints: Vec<(Hint, String)>,
    seen: String,
    problems: Problems,
}

/// How much a form says of what is missing.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Looking {
    /// Somebody still writes: only what is wrong.
    Writing,
    /// Somebody asked, or wants to publish: what is missing too.
    Checking,
}

async fn page(
    app: &App,
    v: &Visitor,
    signed: Signed,
    id: &str,
    draft: &Draft,
    (looking, failure): (Looking, Option<&Failure>),
) -> Response {
    let row = match draft.row() {
        Ok(row) => row,
        Err(failure) => return error::page(v, &failure),
    };
    let (content, errors) = draft.content(row);
    let shown: Vec<FieldError> =
        errors.into_iter().filter(|error| looking == Looking::Checking || !is_gentle(error)).collect();
    let shown = with_refused(shown, failure);
    let progress = Progress { table: row.table, form: &draft.form, content: &content, errors: &shown };
    let (percent, missing) = progress.filled(v);
    let known = picked::known(app, &draft.form).await;
    let target = about(app, v, &draft.form).await;
    let left = target.as_ref().and_then(|target| target.left);
    let original = target.as_ref().filter(|_| row.key == "translation").map(|target| target.page.content.clone());
    // Whoever comes too late is told before filling in anything.
    let closed = target.as_ref().map(|target| too_late(row.key, &target.page, left)).unwrap_or_default();
    let closed = closed
        .first()
        .filter(|_| draft.document.is_none())
        .map(|error| v.language.pick(&error.uk, &error.en).to_owned());
    let sections: Vec<Section> = sections::of(row)
        .unwrap_or_default()
        .iter()
        .map(|(id, heading, keys)| section(v, row.table, (id, v.say(*heading), keys), &draft.form, &shown))
        .map(|section| picked::dressed(v, row, section, &draft.form, &known))
        .map(|section| sayable(v, row, section, target.as_ref(), &draft.form))
        .map(|section| beside(section, original.as_ref()))
        .collect();
    html(
        v,
        &Writing {
            action: v.link(&["write", "record", id]),
            heading: v.say(headings::of(row.key, draft.document.is_none())).to_owned(),
            about: target.map(|target| (target.title, target.href)),
            kind: draft.kind.clone(),
            document: draft.document.clone().unwrap_or_default(),
            heads: draft.heads.join(" "),
            hidden: draft.form.iter().filter(|(name, _)| sections::is_hidden(row, name)).cloned().collect(),
            kept_at: draft.kept_at,
            renewed: draft.kind == "collection" && v.parameter("renew").is_some(),
            percent,
            missing,
            saved: (draft.kept_at > 0).then(|| format::lately(draft.kept_at, v.language)),
            failure: failure
                .filter(|failure| failure.detail.fields.is_empty())
                .map(|failure| failure.text(v.language).to_owned())
                .or(closed),
            wrong: progress.wrong(v, &sections),
            seen: progress.seen(),
            sections,
            hints: progress.hints(v).into_iter().chain(few_seats(v, row, &content, left)).collect(),
            problems: failure.map_or_else(Problems::default, |failure| Problems::of(failure, v.language)),
            signed,
            v: v.clone(),
        },
    )
}

/// A part of a form with only those choices that this community has: who confirms an adoption or
/// accepts an edit follows from whose record it is, and an edit is suggested on a page of its own.
fn sayable(v: &Visitor, row: &Kind, mut part: Section, target: Option<&Target>, form: &Pairs) -> Section {
    let own = v.home().map(|home| home.id.as_str()).unwrap_or_default();
    let about = target.map(|target| &target.page.card);
    let confirms = about.is_some_and(|about| may_confirm(about, own));
    let accepts = about.is_some_and(|about| may_accept(about, own));
    let suggests = form.iter().any(|(name, _)| name.starts_with("suggestions."));
    for input in part.inputs.iter_mut().chain(&mut part.more) {
        let is_offered = |key: &str| match (row.key, input.name.as_str(), key) {
            ("endorsement", "basis", BY_ORIGIN) => confirms,
            ("comment", "purpose", ACCEPTED) => accepts,
            ("comment", "purpose", "suggestion") => suggests,
            _ => true,
        };
        input.choices = std::mem::take(&mut input.choices).into_iter().filter(|one| is_offered(&one.key)).collect();
    }
    part
}

/// The controls of a translation with what the original says beside each.
fn beside(mut section: Section, original: Option<&Value>) -> Section {
    let Some(original) = original else { return section };
    let text = |key: &str| original.get(key).and_then(Value::as_str).unwrap_or_default();
    let translated = |input: &&mut Input| TEXTS.contains(&input.name.as_str());
    for input in section.inputs.iter_mut().chain(&mut section.more).filter(translated) {
        let lines = text(&input.name).lines().map(str::trim).filter(|line| !line.is_empty());
        input.original = lines.map(str::to_owned).collect();
        input.tongue = tongue(text("lang"));
    }
    section
}

/// What is said before more people are registered than there are seats left.
fn few_seats(v: &Visitor, row: &Kind, content: &Value, left: Option<u64>) -> Option<(Hint, String)> {
    let left = left.filter(|_| row.key == "registration")?;
    let people = serde_json::from_value::<Registration>(content.clone()).ok()?.people();
    let found = format!("{}: {}", v.say(words::records::SEATS_LEFT), format::number(left));
    let hint = Hint { name: "parties.0.people".into(), label: "", found, why: v.say(words::records::SEATS_FEW) };
    (people > left).then(|| (hint, "#f-parties-0-people".to_owned()))
}

/// What the record is about.
struct Target {
    page: DocumentPage,
    title: String,
    /// Where it is read.
    href: String,
    /// How many seats a seminar has left.
    left: Option<u64>,
}

async fn about(app: &App, v: &Visitor, form: &Pairs) -> Option<Target> {
    let id: DocumentId = form.iter().find(|(name, _)| name == "about")?.1.parse().ok()?;
    let found = app.ask(move |library| {
        let page = library.document(id)?;
        let left = seats_left(library, &page)?;
        Ok::<_, LibraryError>((page, left))
    });
    let (page, left) = found.await.ok()?;
    let title = crate::pages::entries::titled(v, &page.card.title);
    Some(Target { title, href: crate::pages::records::href(v, &page.card), left, page })
}

async fn kept(app: &App, id: DocumentName) -> Result<Draft, Failure> {
    let value = app.ask(move |library| library.draft(id)).await?;
    Ok(serde_json::from_value(value).unwrap_or_default())
}

/// `GET /write/record/{id}`
pub(crate) async fn show(
    State(app): State<Arc<App>>,
    v: Visitor,
    signed: Signed,
    PageId(id): PageId<DocumentName>,
) -> Response {
    let looking = if v.parameter("check").is_some() { Looking::Checking } else { Looking::Writing };
    match kept(&app, id).await {
        Ok(draft) => page(&app, &v, signed, &id.to_string(), &draft, (looking, None)).await,
        Err(failure) => error::page(&v, &failure),
    }
}

/// `POST /write/record/{id}`: keeps the draft, and does what the button says.
pub(crate) async fn save(
    State(app): State<Arc<App>>,
    v: Visitor,
    signed: Signed,
    Sent { id, form }: Sent<DocumentName, DraftForm>,
) -> Response {
    let own = id.to_string();
    let form = match form {
        DraftForm::Genuine(form) => form,
        DraftForm::Stale(form) => {
            let draft = Draft { kept_at: 0, ..Draft::of(&form, &signed, app.auth.now()) };
            let stale =
                Failure::new(axum::http::StatusCode::FORBIDDEN, "stale_form", w::STALE_DRAFT.uk, w::STALE_DRAFT.en);
            let mut answer = page(&app, &v, signed, &own, &draft, (Looking::Writing, Some(&stale))).await;
            *answer.status_mut() = stale.status;
            return answer;
        }
    };
    let wanted = form.get("do").to_owned();
    let mut draft = Draft::of(&form, &signed, app.auth.now());
    let row = match draft.row() {
        Ok(row) => row,
        Err(failure) => return error::page(&v, &failure),
    };
    let changed = picked::change(&app, row, &mut draft.form, &wanted).await;
    let content = serde_json::to_value(&draft).unwrap_or_default();
    let kept = app.ask(move |library| library.keep_draft(id, content)).await;
    if let Err(failure) = changed.and(kept) {
        let draft = Draft { kept_at: 0, ..draft };
        return page(&app, &v, signed, &own, &draft, (Looking::Writing, Some(&failure.into()))).await;
    }
    let answer = match wanted.split(':').next().unwrap_or_default() {
        "autosave" => {
            let (content, errors) = draft.content(row);
            let progress = Progress { table: row.table, form: &draft.form, content: &content, errors: &errors };
            axum::Json(progress.saved(&v, draft.kept_at)).into_response()
        }
        "publish" => match published(&app, &signed, id, &draft, &form).await {
            Ok(address) => to(address(&v)),
            Err(failure) => page(&app, &v, signed, &own, &draft, (Looking::Checking, Some(&failure))).await,
        },
        "remove-draft" => match app.ask(move |library| library.remove_draft(id)).await {
            Ok(()) => to(v.link(&["desk"])),
            Err(fault) => error::page(&v, &fault.into()),
        },
        _ => to(after_button(&v, &["write", "record"], &own, &wanted)),
    };
    // What is kept while somebody writes is soon older than the browser's copy.
    if wanted == "autosave" { answer } else { arrived(id, answer) }
}

/// Where a published record is read.
type Address = Box<dyn FnOnce(&Visitor) -> String + Send>;

async fn published(
    app: &App,
    signed: &Signed,
    id: DocumentName,
    draft: &Draft,
    form: &Form,
) -> Result<Address, Failure> {
    let row = draft.row()?;
    let (content, errors) = draft.content(row);
    if !errors.is_empty() {
        return Err(Failure::invalid(errors));
    }
    let progress = Progress { table: row.table, form: &draft.form, content: &content, errors: &[] };
    if progress.unseen(form.get("seen")) {
        return Err(Failure::new(
            axum::http::StatusCode::UNPROCESSABLE_ENTITY,
            "look_again",
            w::LOOK_FIRST.uk,
            w::LOOK_FIRST.en,
        ));
    }
    if !form.has("sure") {
        let (uk, en) = (w::SURE_FIRST.uk.into(), w::SURE_FIRST.en.into());
        return Err(Failure::invalid(vec![FieldError::new("sure", "required", uk, en)]));
    }
    prove(app, signed, form).await?;
    let kind = row.kind;
    let done = match draft.document.as_deref() {
        Some(document) => {
            let document: DocumentId = document.parse().map_err(|_| Failure::not_found())?;
            let edit = Edit { base_heads: draft.heads.clone(), content: content.clone(), resolve: Vec::new() };
            app.ask(move |library| library.edit_document(document, edit)).await?
        }
        None => {
            let content = content.clone();
            app.ask(move |library| library.create_document(kind, content)).await?
        }
    };
    // Published once is enough: a draft that stays behind would be published twice.
    if let Err(fault) = app.ask(move |library| library.remove_draft(id)).await {
        tracing::warn!(%fault, "a published draft stays behind");
    }
    let deed = if draft.document.is_some() { "edited" } else { "published" };
    app.auth.note(&signed.name, &format!("{deed}:{}", row.key), &draft.title);
    let about = content.get("about").and_then(Value::as_str).map(str::to_owned);
    Ok(Box::new(move |v| match (kind, about) {
        // What was said is read where it was said.
        (crdt::gate::DocumentKind::Comment, Some(about)) => format!("{}#talk", v.link(&["records", &about])),
        _ => v.link(&["records", &done.id]),
    }))
}
