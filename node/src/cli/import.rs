//! `dosvid import`: practices from files that other programs wrote.

mod rows;

use std::collections::HashMap;
use std::fs::File;
use std::io::{Read, Write};
use std::path::PathBuf;

use crdt::kinds;
use crdt::practice::PRACTICE;
use http::Method;
use serde_json::{Value, json};
use tokio::sync::mpsc;
use web_ui::library::{ImportRequest, RowError, RowReport};

use super::client::Client;
use super::console::{note, out};
use super::words::{Language, say};
use super::{Outcome, progress};
use crate::fault::Fault;

pub use rows::{Format, Row, cell, rows};

/// Rows of one request: as many as the API takes, since each request costs a sync of the disk.
const ROWS: usize = web_ui::library::IMPORT_ROWS_MAX;
/// Bytes of rows in one request.
const REQUEST_BYTES: usize = 4 * 1024 * 1024;

/// What `dosvid import` may be told.
#[derive(Debug, clap::Args)]
pub struct ImportArguments {
    /// The file: JSONL (one practice a line), CSV or XLSX (a row a practice; columns are known by the names of
    /// fields or by the words of the form, in Ukrainian or English)
    file: PathBuf,
    /// jsonl, csv or xlsx [default: by the file's ending]
    #[arg(long)]
    format: Option<Format>,
    /// Only say what would happen
    #[arg(long)]
    dry_run: bool,
    /// Also write what became of each row to this file, as JSONL
    #[arg(long, value_name = "FILE")]
    report: Option<PathBuf>,
    /// Print JSON, for programs
    #[arg(long)]
    json: bool,
}

#[derive(Default)]
struct Totals {
    new: u64,
    updated: u64,
    unchanged: u64,
    refused: u64,
}

pub(super) async fn import(client: &Client, arguments: ImportArguments, language: Language) -> anyhow::Result<Outcome> {
    let path = &arguments.file;
    let format = arguments.format.map_or_else(|| Format::of(path), Ok)?;
    let file = File::open(path).map_err(Fault::file("cannot open", path))?;
    let bar =
        progress(file.metadata().map_err(Fault::file("cannot read", path))?.len(), language, "Імпорт", "Importing");
    let file = bar.wrap_read(file);
    let mut import = Import { client, arguments: &arguments, language, totals: Totals::default(), report: None };
    if let Some(path) = &arguments.report {
        import.report = Some(File::create(path).map_err(Fault::file("cannot write", path))?);
    }
    let dry_run = arguments.dry_run;
    // While the node works on some rows, the next are read.
    let (sender, mut batches) = mpsc::channel(1);
    let reading = tokio::task::spawn_blocking(move || read(format, file, dry_run, &sender));
    while let Some(batch) = batches.recv().await {
        import.send(batch).await?;
    }
    reading.await??;
    bar.finish_and_clear();
    import.finish()
}

/// Rows that are sent in one request.
#[derive(Default)]
struct Batch {
    /// The request.
    body: Vec<u8>,
    /// The line of each of its rows.
    lines: Vec<u64>,
    /// Lines before and between them that cannot be read.
    unread: Vec<(u64, Vec<RowError>)>,
}

/// Reads a file to its end, or until nobody takes what it holds.
fn read(format: Format, file: impl Read + 'static, dry_run: bool, batches: &mpsc::Sender<Batch>) -> anyhow::Result<()> {
    let mut names = Names::default();
    let mut batch = Batch::default();
    let mut request = ImportRequest { rows: Vec::new(), dry_run };
    let mut bytes = 0;
    for (line, row) in rows(format, file)? {
        match row {
            Ok(mut row) => {
                names.tell_apart(&mut row);
                bytes += row.to_string().len();
                batch.lines.push(line);
                request.rows.push(row);
            }
            Err(errors) => batch.unread.push((line, errors)),
        }
        if request.rows.len() == ROWS || bytes > REQUEST_BYTES || batch.unread.len() == ROWS {
            batch.body = serde_json::to_vec(&request)?;
            request.rows.clear();
            bytes = 0;
            if batches.blocking_send(std::mem::take(&mut batch)).is_err() {
                return Ok(());
            }
        }
    }
    batch.body = serde_json::to_vec(&request)?;
    // Whoever does not take it has an error of its own to tell.
    let _ = batches.blocking_send(batch);
    Ok(())
}

struct Import<'a> {
    client: &'a Client,
    arguments: &'a ImportArguments,
    language: Language,
    totals: Totals,
    report: Option<File>,
}

impl Import<'_> {
    async fn send(&mut self, batch: Batch) -> anyhow::Result<()> {
        for (line, errors) in batch.unread {
            self.tell(line, &RowReport { outcome: "refused".into(), id: None, errors, alike: None })?;
        }
        if batch.lines.is_empty() {
            return Ok(());
        }
        let answer = self.client.call(Method::POST, "/import", Some("application/json"), batch.body).await?;
        let reports: Vec<RowReport> = answer.json()?;
        for (line, report) in batch.lines.into_iter().zip(&reports) {
            self.tell(line, report)?;
        }
        Ok(())
    }

    fn tell(&mut self, line: u64, report: &RowReport) -> anyhow::Result<()> {
        let count = match report.outcome.as_str() {
            "new" => &mut self.totals.new,
            "updated" => &mut self.totals.updated,
            "unchanged" => &mut self.totals.unchanged,
            _ => &mut self.totals.refused,
        };
        *count += 1;
        if let Some(file) = &mut self.report {
            let row = json!({
                "line": line, "outcome": report.outcome, "id": report.id, "errors": report.errors, "alike": report.alike,
            });
            writeln!(file, "{row}")?;
        }
        if let Some(alike) = report.alike.as_ref().filter(|_| !self.arguments.json) {
            let line = format!("{} {line}", say(self.language, "рядок", "line"));
            let text = say(self.language, "майже те саме вже є", "nearly the same is here already");
            note!("{line}: {text}: «{}» ({} %), {}", alike.title, alike.percent, alike.id);
        }
        if report.outcome == "refused" && !self.arguments.json {
            for error in &report.errors {
                let text = say(self.language, &error.uk, &error.en);
                let field = named(&error.field, self.language);
                let field = if field.is_empty() { field } else { format!("{field}: ") };
                note!("{} {line}: {field}{text}", say(self.language, "рядок", "line"));
            }
        }
        Ok(())
    }

    fn finish(self) -> anyhow::Result<Outcome> {
        if let Some(file) = &self.report {
            file.sync_all()?;
        }
        let Totals { new, updated, unchanged, refused } = self.totals;
        if self.arguments.json {
            let dry_run = self.arguments.dry_run;
            out!(
                "{}",
                json!({ "new": new, "updated": updated, "unchanged": unchanged, "refused": refused, "dry_run": dry_run })
            );
        } else {
            let would = self.arguments.dry_run;
            out!(
                "{}",
                say(
                    self.language,
                    format!(
                        "{}: {new}, оновлено: {updated}, без змін: {unchanged}, відхилено: {refused}",
                        if would { "Було б нових" } else { "Нових" }
                    ),
                    format!(
                        "{}: {new}, updated: {updated}, unchanged: {unchanged}, refused: {refused}",
                        if would { "Would be new" } else { "New" }
                    ),
                )
            );
        }
        Ok(if refused > 0 { Outcome::Partly } else { Outcome::Done })
    }
}

/// A field as people know it: its label, with the key that programs use.
pub(super) fn named(key: &str, language: Language) -> String {
    let tables = std::iter::once(PRACTICE).chain(kinds::KINDS.iter().map(|kind| kind.table));
    let field = tables.flatten().find(|field| field.key == key);
    field.map_or_else(|| key.to_owned(), |field| format!("{} ({key})", say(language, field.uk, field.en)))
}

/// Names of rows met so far. Real files name two rows alike now and then; each is kept, under a name
/// that is the same at the next import of the file.
#[derive(Default)]
struct Names(HashMap<String, u32>);

impl Names {
    fn tell_apart(&mut self, row: &mut Value) {
        let Some(name) = row.get("external_id").and_then(Value::as_str).map(str::to_owned) else { return };
        let count = self.0.entry(name.clone()).or_insert(0);
        *count += 1;
        if *count > 1 {
            row["external_id"] = Value::String(format!("{name}#{count}"));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_are_named_as_people_know_them() {
        let field = PRACTICE.iter().find(|field| field.key == "costs.total_uah").expect("practices have costs");
        assert_eq!(named("costs.total_uah", Language::Uk), format!("{} (costs.total_uah)", field.uk));
        assert_eq!(named("костя", Language::En), "костя");
        assert_eq!(named("", Language::En), "");
    }
}
