//! Importing a table in the browser: upload, look at what would come of it, and only then publish.

mod job;
pub(crate) mod phrases;
mod refused;
mod upload;

use std::sync::Arc;

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};
use crdt::check::FieldError;
use crdt::id::DocumentName;
use crdt::practice::PRACTICE;

use self::job::{Job, Seen, Stage, ensure};
use self::phrases as iw;
use crate::App;
use crate::assets;
use crate::desk::accounts::Problems;
use crate::desk::form::{Form, Sent};
use crate::desk::session::prove;
use crate::desk::write::fresh;
use crate::desk::{to, words as w};
use crate::error::Failure;
use crate::format;
use crate::language::Phrase;
use crate::library::uploads::{Part, UPLOADS_MAX};
use crate::pages::fields::label;
use crate::pages::frame::{PageId, Visitor};
use crate::pages::{error, html};
use crate::people::auth::Signed;
use crate::sheet;
use crate::words;

pub(crate) use job::Running;
pub(crate) use refused::refused;
pub(crate) use upload::{FORM_BYTES_MAX, Upload};

/// Rows of the table on one page.
const ROWS: usize = 100;
/// The type of a workbook.
const XLSX: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

/// An import in the list.
struct Card {
    href: String,
    file: String,
    stage: &'static str,
    rows: String,
    begun: String,
}

#[derive(Template)]
#[template(path = "desk/imports.html")]
struct Imports {
    v: Visitor,
    signed: Signed,
    action: String,
    template: String,
    cards: Vec<Card>,
    has_community: bool,
    problems: Problems,
}

/// The imports of this node with their ids, last begun first.
async fn jobs(app: &App) -> Result<Vec<(DocumentName, Job)>, Failure> {
    let ids = app.ask(|library| library.uploads().list()).await?;
    let mut jobs = Vec::new();
    for id in ids {
        // A file whose first look was cut off is looked at when it is opened, or given up.
        jobs.push((id, Job::read(app, id).await.unwrap_or_default()));
    }
    jobs.sort_by_key(|(_, job)| std::cmp::Reverse(job.at));
    Ok(jobs)
}

async fn list_page(app: &App, v: &Visitor, signed: Signed, problems: Problems) -> Response {
    let status = app.ask(|library| library.status()).await;
    let (status, jobs) = match (status, jobs(app).await) {
        (Ok(status), Ok(jobs)) => (status, jobs),
        (Err(fault), _) => return error::page(v, &fault.into()),
        (_, Err(failure)) => return error::page(v, &failure),
    };
    let card = |(id, job): &(DocumentName, Job)| Card {
        href: v.link(&["import", &id.to_string()]),
        file: named(v, job),
        stage: v.say(stage(job.stage)),
        rows: v.count(job.total as u64, iw::ROWS_COUNTED),
        begun: format::moment(job.at),
    };
    html(
        v,
        &Imports {
            action: v.link(&["import"]),
            template: v.link(&["import", "template.xlsx"]),
            cards: jobs.iter().map(card).collect(),
            has_community: status.community.is_some(),
            problems,
            signed,
            v: v.clone(),
        },
    )
}

fn named(v: &Visitor, job: &Job) -> String {
    if job.file.is_empty() { v.say(words::UNTITLED).to_owned() } else { job.file.clone() }
}

fn stage(stage: Stage) -> Phrase {
    match stage {
        Stage::Checking => iw::STAGE_CHECKING,
        Stage::Checked => iw::STAGE_CHECKED,
        Stage::Importing => iw::STAGE_IMPORTING,
        Stage::Done => iw::STAGE_DONE,
    }
}

/// `GET /import`
pub(crate) async fn list(State(app): State<Arc<App>>, v: Visitor, signed: Signed) -> Response {
    list_page(&app, &v, signed, Problems::default()).await
}

/// `GET /import/template.xlsx`
pub(crate) async fn template(v: Visitor) -> Response {
    match sheet::template::workbook(v.language) {
        Ok(bytes) => workbook("dosvid-template.xlsx", bytes),
        Err(_) => error::page(&v, &Failure::fault()),
    }
}

fn workbook(name: &str, bytes: Vec<u8>) -> Response {
    let disposition = format!("attachment; filename=\"{name}\"");
    ([(CONTENT_TYPE, XLSX.to_owned()), (CONTENT_DISPOSITION, disposition)], bytes).into_response()
}

/// `POST /import`: keeps the table and begins to try its rows.
pub(crate) async fn take(State(app): State<Arc<App>>, v: Visitor, signed: Signed, Upload(upload): Upload) -> Response {
    match taken(&app, &signed, upload).await {
        Ok(id) => {
            ensure(&app, id);
            to(v.link(&["import", &id.to_string()]))
        }
        Err(failure) if failure.status.is_server_error() => error::page(&v, &failure),
        Err(failure) => {
            let status = failure.status;
            let mut answer = list_page(&app, &v, signed, Problems::of(&failure, v.language)).await;
            *answer.status_mut() = status;
            answer
        }
    }
}

async fn taken(
    app: &App,
    signed: &Signed,
    upload: Result<(String, Vec<u8>), Failure>,
) -> Result<DocumentName, Failure> {
    let (name, bytes) = upload?;
    if app.ask(|library| library.status()).await?.community.is_none() {
        let none = iw::NO_HROMADA;
        return Err(Failure::new(StatusCode::CONFLICT, "no_community", none.uk, none.en));
    }
    let (bytes, read) = app
        .ask(move |_| {
            let read = sheet::read(&bytes);
            Ok((bytes, read))
        })
        .await?;
    let sheet = read.map_err(|why| Failure::new(StatusCode::UNPROCESSABLE_ENTITY, why.code, why.uk, why.en))?;
    make_room(app).await?;
    let id = fresh();
    let job = Job::of(name, signed.name.clone(), app.auth.now(), &sheet);
    app.ask(move |library| library.uploads().keep(id, Part::File, &bytes)).await?;
    job.keep(app, id).await?;
    Ok(id)
}

/// Takes away the oldest import that is finished, if there are as many as may be.
async fn make_room(app: &App) -> Result<(), Failure> {
    let jobs = jobs(app).await?;
    let oldest = jobs.iter().rev().find(|(_, job)| job.stage == Stage::Done);
    if let Some((id, _)) = oldest.filter(|_| jobs.len() >= UPLOADS_MAX) {
        let id = *id;
        app.ask(move |library| library.uploads().remove(id)).await?;
    }
    Ok(())
}

/// A row as the page shows it.
struct Line {
    line: String,
    title: String,
    href: Option<String>,
    outcome: &'static str,
    class: &'static str,
    /// What is wrong: the field, what the cell says, why.
    wrong: Vec<(&'static str, String, String)>,
    alike: Option<(String, String, u8)>,
    hints: Vec<(String, String)>,
}

/// A choice of rows, with how many there are.
struct Choice {
    label: &'static str,
    count: String,
    href: String,
    chosen: bool,
}

#[derive(Template)]
#[template(path = "desk/import.html")]
struct Import {
    v: Visitor,
    signed: Signed,
    action: String,
    here: String,
    file: String,
    begun: String,
    by: String,
    goes_on: bool,
    is_checking: bool,
    is_checked: bool,
    is_done: bool,
    done: usize,
    total: usize,
    known: String,
    unknown: String,
    choices: Vec<Choice>,
    good: u64,
    all_here: bool,
    lines: Vec<Line>,
    earlier: Option<String>,
    further: Option<String>,
    refused_href: Option<String>,
    failure: Option<String>,
    problems: Problems,
}

/// `GET /import/{id}`
pub(crate) async fn one(
    State(app): State<Arc<App>>,
    v: Visitor,
    signed: Signed,
    PageId(id): PageId<DocumentName>,
) -> Response {
    one_page(&app, &v, signed, id, Problems::default()).await
}

async fn one_page(app: &Arc<App>, v: &Visitor, signed: Signed, id: DocumentName, problems: Problems) -> Response {
    let job = match Job::read(app, id).await {
        Ok(job) => job,
        Err(fault) => return error::page(v, &fault.into()),
    };
    // After a power cut nobody else would have it go on.
    if job.goes_on() {
        ensure(app, id);
    }
    html(v, &page(v, signed, id, &job, problems))
}

fn page(v: &Visitor, signed: Signed, id: DocumentName, job: &Job, problems: Problems) -> Import {
    let own = id.to_string();
    let show = v.parameter("show").unwrap_or_default();
    let from: usize = v.parameter("from").and_then(|from| from.parse().ok()).unwrap_or_default();
    let address = |show: &str, from: usize| {
        let from = from.to_string();
        let pairs = [("show", show), ("from", from.as_str())];
        v.link_with(&["import", &own], &pairs[usize::from(show.is_empty())..if from == "0" { 1 } else { 2 }])
    };
    let chosen: Vec<&Seen> = job.rows.iter().filter(|row| is_shown(row, show)).collect();
    let is_done = job.stage == Stage::Done;
    let counts = [
        (iw::ALL, "", job.rows.len() as u64),
        (iw::NEW, "new", job.count("new")),
        (if is_done { iw::UPDATED_DONE } else { iw::UPDATED }, "updated", job.count("updated")),
        (iw::UNCHANGED, "unchanged", job.count("unchanged")),
        (if is_done { iw::REFUSED_DONE } else { iw::REFUSED }, "refused", job.count("refused")),
        (iw::ALIKE, "alike", job.alike()),
    ];
    let choice = |(label, key, count): (Phrase, &str, u64)| Choice {
        label: v.say(label),
        count: format::number(count),
        href: address(key, 0),
        chosen: key == show,
    };
    let (good, refused) = (job.count("new") + job.count("updated"), job.count("refused"));
    let rests = !job.goes_on() && job.failure.is_none();
    Import {
        action: v.link(&["import", &own]),
        here: v.here(),
        file: named(v, job),
        begun: format::moment(job.at),
        by: job.by.clone(),
        goes_on: job.goes_on(),
        is_checking: job.stage == Stage::Checking,
        is_checked: job.stage == Stage::Checked,
        is_done,
        done: job.done,
        total: job.total,
        known: job.known.join(", "),
        unknown: job.unknown.join(", "),
        choices: counts.into_iter().map(choice).collect(),
        good,
        all_here: good == 0 && refused == 0,
        lines: if rests {
            chosen.iter().skip(from).take(ROWS).map(|row| line(v, row, is_done)).collect()
        } else {
            Vec::new()
        },
        earlier: (from > 0).then(|| address(show, from.saturating_sub(ROWS))),
        further: (from + ROWS < chosen.len()).then(|| address(show, from + ROWS)),
        refused_href: (rests && refused > 0).then(|| v.link(&["import", &own, "refused.xlsx"])),
        failure: job.failure.as_ref().map(|(uk, en)| v.language.pick(uk, en).clone()),
        problems,
        signed,
        v: v.clone(),
    }
}

fn is_shown(row: &Seen, show: &str) -> bool {
    match show {
        "" => true,
        "alike" => row.alike.is_some(),
        outcome => row.outcome == outcome,
    }
}

fn line(v: &Visitor, row: &Seen, is_done: bool) -> Line {
    let called =
        |key: &str| PRACTICE.iter().find(|field| field.key == key).map_or("", |field| label(v.language, field));
    let (outcome, class) = match row.outcome.as_str() {
        "new" => (iw::NEW, "good"),
        "updated" => (if is_done { iw::UPDATED_DONE } else { iw::UPDATED }, "info"),
        "unchanged" => (iw::UNCHANGED, "plain"),
        _ => (if is_done { iw::REFUSED_DONE } else { iw::REFUSED }, "bad"),
    };
    let is_here = is_done || row.outcome == "updated" || row.outcome == "unchanged";
    Line {
        line: format::number(row.line),
        title: if row.title.is_empty() { v.say(words::UNTITLED).to_owned() } else { row.title.clone() },
        href: row.id.as_deref().filter(|_| is_here).map(|id| v.link(&["practices", id])),
        outcome: v.say(outcome),
        class,
        wrong: row
            .wrong
            .iter()
            .map(|wrong| (called(&wrong.field), wrong.cell.clone(), v.language.pick(&wrong.uk, &wrong.en).clone()))
            .collect(),
        alike: row.alike.as_ref().map(|alike| (alike.title.clone(), v.link(&["practices", &alike.id]), alike.percent)),
        hints: row.hints.iter().map(|(found, uk, en)| (found.clone(), v.language.pick(uk, en).clone())).collect(),
    }
}

/// `POST /import/{id}`: publishes what is good, goes on after a failure, or gives the table up.
pub(crate) async fn go_on(
    State(app): State<Arc<App>>,
    v: Visitor,
    signed: Signed,
    Sent { id, form }: Sent<DocumentName>,
) -> Response {
    let done = match form.get("do") {
        "remove" => app.ask(move |library| library.uploads().remove(id)).await.map_err(Failure::from),
        "again" => again(&app, id).await,
        _ => begun(&app, &signed, id, &form).await,
    };
    match done {
        Ok(()) if form.get("do") == "remove" => to(v.link(&["import"])),
        Ok(()) => {
            ensure(&app, id);
            to(v.link(&["import", &id.to_string()]))
        }
        Err(failure) => one_page(&app, &v, signed, id, Problems::of(&failure, v.language)).await,
    }
}

async fn again(app: &App, id: DocumentName) -> Result<(), Failure> {
    let job = Job::read(app, id).await?;
    Ok(Job { failure: None, ..job }.keep(app, id).await?)
}

async fn begun(app: &App, signed: &Signed, id: DocumentName, form: &Form) -> Result<(), Failure> {
    let job = Job::read(app, id).await?;
    if job.stage != Stage::Checked {
        return Err(Failure::new(StatusCode::CONFLICT, "moved_on", iw::NO_LONGER.uk, iw::NO_LONGER.en));
    }
    if !form.has("sure") {
        let sure = FieldError::new("sure", "required", w::SURE_FIRST.uk.into(), w::SURE_FIRST.en.into());
        return Err(Failure::invalid(vec![sure]));
    }
    prove(app, signed, form).await?;
    Ok(Job { stage: Stage::Importing, done: 0, by: signed.name.clone(), ..job }.keep(app, id).await?)
}
