//! An import as it goes on: first every row is tried, then, once somebody says so, the good ones are
//! published, batch by batch. How far it is is written down after each batch, so that it goes on
//! from there whatever happens; a batch that was published and not written down is published again
//! without effect, since a row is known by its name.

use std::collections::HashSet;
use std::sync::{Arc, Mutex, PoisonError};

use crdt::id::DocumentName;
use crdt::practice::PRACTICE;
use serde::{Deserialize, Serialize};

use crate::App;
use crate::desk::{fields, sensitive};
use crate::library::uploads::Part;
use crate::library::{Alike, ImportRequest, LibraryError, RowError, RowReport};
use crate::sheet::{self, Row, Sheet};

/// Rows of one batch: few enough to see it go on, many enough that a sync of the disk is worth it.
const BATCH: usize = 64;
/// Hints of one row at the most.
const HINTS_MAX: usize = 3;
/// Letters of a cell that are shown beside what is wrong with it.
const CELL_CHARS_MAX: usize = 80;

/// How far an import is.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
pub(super) enum Stage {
    /// Rows are being tried.
    #[default]
    Checking,
    /// Somebody has to look and decide.
    Checked,
    /// Rows are being published.
    Importing,
    /// Nothing is left to do.
    Done,
}

/// An import, as it is kept.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub(super) struct Job {
    /// The file's name.
    pub(super) file: String,
    /// Who uploaded it.
    pub(super) by: String,
    /// When, milliseconds since 1970.
    pub(super) at: u64,
    pub(super) stage: Stage,
    /// Rows that this stage has done.
    pub(super) done: usize,
    /// Rows of the table.
    pub(super) total: usize,
    /// The columns taken, as the file calls them, and those left out.
    pub(super) known: Vec<String>,
    pub(super) unknown: Vec<String>,
    /// What became of each row so far.
    pub(super) rows: Vec<Seen>,
    /// Why it stopped: Ukrainian, English.
    pub(super) failure: Option<(String, String)>,
}

/// What became of a row.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub(super) struct Seen {
    pub(super) line: u64,
    pub(super) title: String,
    /// As a [`RowReport`] has it.
    pub(super) outcome: String,
    pub(super) id: Option<String>,
    pub(super) alike: Option<Alike>,
    pub(super) wrong: Vec<Wrong>,
    /// What should be looked at again: what was found, and why, in both languages.
    pub(super) hints: Vec<(String, String, String)>,
}

/// What is wrong with a cell.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub(super) struct Wrong {
    pub(super) field: String,
    /// The beginning of what the cell says.
    pub(super) cell: String,
    pub(super) uk: String,
    pub(super) en: String,
}

impl Job {
    /// The import of a table that has just come.
    pub(super) fn of(file: String, by: String, at: u64, sheet: &Sheet) -> Self {
        let named = |taken: bool| {
            let headings = sheet.headings.iter().filter(|one| one.key.is_some() == taken && !one.text.is_empty());
            headings.map(|one| one.text.clone()).collect()
        };
        Self { file, by, at, total: sheet.rows.len(), known: named(true), unknown: named(false), ..Self::default() }
    }

    pub(super) async fn read(app: &App, id: DocumentName) -> Result<Self, LibraryError> {
        let bytes = app.ask(move |library| library.uploads().read(id, Part::Progress)).await?;
        serde_json::from_slice(&bytes).map_err(|_| LibraryError::NotFound)
    }

    pub(super) async fn keep(&self, app: &App, id: DocumentName) -> Result<(), LibraryError> {
        let bytes = serde_json::to_vec(self).map_err(|error| LibraryError::Fault(error.to_string()))?;
        app.ask(move |library| library.uploads().keep(id, Part::Progress, &bytes)).await
    }

    /// How many rows became this.
    pub(super) fn count(&self, outcome: &str) -> u64 {
        self.rows.iter().filter(|row| row.outcome == outcome).count() as u64
    }

    /// How many rows are like a practice that is here.
    pub(super) fn alike(&self) -> u64 {
        self.rows.iter().filter(|row| row.alike.is_some()).count() as u64
    }

    /// Whether the node has something to do.
    pub(super) fn goes_on(&self) -> bool {
        matches!(self.stage, Stage::Checking | Stage::Importing) && self.failure.is_none()
    }
}

/// The imports that are going on in this process.
#[derive(Default)]
pub(crate) struct Running(Mutex<HashSet<DocumentName>>);

impl Running {
    fn begin(&self, id: DocumentName) -> bool {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).insert(id)
    }

    fn end(&self, id: DocumentName) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).remove(&id);
    }
}

/// Ends an import's turn, however it ends.
struct Turn {
    app: Arc<App>,
    id: DocumentName,
}

impl Drop for Turn {
    fn drop(&mut self) {
        self.app.imports.end(self.id);
    }
}

/// Has an import go on, unless it does.
pub(super) fn ensure(app: &Arc<App>, id: DocumentName) {
    if !app.imports.begin(id) {
        return;
    }
    let turn = Turn { app: Arc::clone(app), id };
    tokio::spawn(async move {
        if let Err(failure) = run(&turn.app, id).await {
            stopped(&turn.app, id, failure).await;
        }
    });
}

/// Writes down why an import stopped, for whoever looks next.
async fn stopped(app: &App, id: DocumentName, failure: LibraryError) {
    let why = match failure {
        // The table was given up meanwhile.
        LibraryError::NotFound => return,
        LibraryError::Denied { uk, en, .. } => (uk, en),
        other => {
            tracing::warn!(%other, "an import stopped");
            ("Вузол не зміг записати дані. Перевірте, чи є місце на диску".to_owned(), other.to_string())
        }
    };
    if let Ok(job) = Job::read(app, id).await {
        let kept = Job { failure: Some(why), ..job }.keep(app, id).await;
        if let Err(fault) = kept {
            tracing::warn!(%fault, "why an import stopped could not be written down");
        }
    }
}

/// The table of an upload.
pub(super) async fn table(app: &App, id: DocumentName) -> Result<Sheet, LibraryError> {
    app.ask(move |library| {
        let file = library.uploads().read(id, Part::File)?;
        sheet::read(&file).map_err(|why| LibraryError::Denied { code: why.code, uk: why.uk, en: why.en })
    })
    .await
}

async fn run(app: &App, id: DocumentName) -> Result<(), LibraryError> {
    let sheet = table(app, id).await?;
    let mut job = Job::read(app, id).await?;
    while job.goes_on() {
        let until = sheet.rows.len().min(job.done + BATCH);
        let rows = sheet.rows.get(job.done..until).unwrap_or_default();
        if job.stage == Stage::Checking {
            job.rows.truncate(job.done);
            let seen = check(app, &sheet, rows).await?;
            job.rows.extend(seen);
        } else {
            publish(app, rows, &mut job.rows[..until][job.done..]).await?;
        }
        job.done = until;
        if until == sheet.rows.len() {
            job.stage = if job.stage == Stage::Checking { Stage::Checked } else { Stage::Done };
            if job.stage == Stage::Done {
                app.auth.note(&job.by, "imported", &job.file);
            }
        }
        job.keep(app, id).await?;
    }
    Ok(())
}

async fn import(app: &App, rows: Vec<serde_json::Value>, dry_run: bool) -> Result<Vec<RowReport>, LibraryError> {
    if rows.is_empty() {
        return Ok(Vec::new());
    }
    app.ask(move |library| library.import(ImportRequest { rows, dry_run })).await
}

/// Tries rows: what would become of each.
async fn check(app: &App, sheet: &Sheet, rows: &[Row]) -> Result<Vec<Seen>, LibraryError> {
    let readable = rows.iter().filter(|row| row.errors.is_empty()).map(|row| row.value.clone()).collect();
    let mut reports = import(app, readable, true).await?.into_iter();
    let seen = |row: &Row| {
        let report = if row.errors.is_empty() { reports.next() } else { None };
        let own = row.errors.iter().map(|error| RowError {
            field: error.field.clone(),
            uk: error.uk.clone(),
            en: error.en.clone(),
        });
        let (outcome, id, errors, alike) = match report {
            Some(report) => (report.outcome, report.id, report.errors, report.alike),
            None => ("refused".to_owned(), None, own.collect(), None),
        };
        let hints = if outcome == "new" || outcome == "updated" { hints(row) } else { Vec::new() };
        Seen {
            line: row.line,
            title: row.value.get("title").and_then(|title| title.as_str()).unwrap_or_default().to_owned(),
            outcome,
            id,
            alike,
            wrong: errors.into_iter().map(|error| wrong(sheet, row, error)).collect(),
            hints,
        }
    };
    Ok(rows.iter().map(seen).collect())
}

fn wrong(sheet: &Sheet, row: &Row, error: RowError) -> Wrong {
    let column = sheet.headings.iter().position(|heading| heading.key.as_deref() == Some(error.field.as_str()));
    let cell = column.and_then(|column| row.cells.get(column)).map(String::as_str).unwrap_or_default();
    let cell = cell.trim().chars().take(CELL_CHARS_MAX).collect();
    Wrong { field: error.field, cell, uk: error.uk, en: error.en }
}

fn hints(row: &Row) -> Vec<(String, String, String)> {
    let pairs = fields::fill(PRACTICE, &row.value);
    let (uk, en) = (sensitive::hints(&pairs, |why| why.uk), sensitive::hints(&pairs, |why| why.en));
    let mut hints = Vec::new();
    // The same word in two fields is one thing to look at.
    for hint in uk.into_iter().zip(en).map(|(uk, en)| (uk.found, uk.why.to_owned(), en.why.to_owned())) {
        if !hints.contains(&hint) && hints.len() < HINTS_MAX {
            hints.push(hint);
        }
    }
    hints
}

/// Publishes the good ones of some rows.
async fn publish(app: &App, rows: &[Row], seen: &mut [Seen]) -> Result<(), LibraryError> {
    let is_good = |seen: &Seen| seen.outcome == "new" || seen.outcome == "updated";
    let good = rows.iter().zip(&*seen).filter(|(_, seen)| is_good(seen)).map(|(row, _)| row.value.clone()).collect();
    let mut reports = import(app, good, false).await?.into_iter();
    for seen in seen.iter_mut().filter(|seen| is_good(seen)) {
        let Some(report) = reports.next() else { break };
        // Published before a power cut and not written down: then it is as it was to become.
        if report.outcome != "unchanged" {
            seen.outcome = report.outcome;
        }
        seen.id = report.id.or(seen.id.take());
        let wrong = |error: RowError| Wrong { field: error.field, cell: String::new(), uk: error.uk, en: error.en };
        seen.wrong = report.errors.into_iter().map(wrong).collect();
    }
    Ok(())
}
