//! `dosvid import`: practices from files that other programs wrote.

use std::cell::Cell;
use std::collections::HashMap;
use std::fs::File;
use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::rc::Rc;

use http::Method;
use serde_json::{Map, Value, json};
use web_ui::library::{ImportRequest, RowError, RowReport};

use super::client::{Client, Denied};
use super::words::{Language, say};
use super::{Outcome, progress};
use crate::fault::Fault;

/// Rows of one request: as many as the API takes, since each request costs a sync of the disk.
const ROWS: usize = web_ui::library::IMPORT_ROWS_MAX;
/// Bytes of one row at the most, so that a file without line ends cannot fill the memory.
const LINE_BYTES_MAX: usize = 4 * 1024 * 1024;
/// Bytes of rows in one request.
const REQUEST_BYTES: usize = 4 * 1024 * 1024;

/// What `dosvid import` may be told.
#[derive(Debug, clap::Args)]
pub struct ImportArguments {
    /// The file: JSONL (one practice a line) or CSV (a row a practice, the same names of fields)
    file: PathBuf,
    /// jsonl or csv [default: by the file's ending]
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

/// How practices are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub enum Format {
    /// One JSON object a line.
    Jsonl,
    /// A table.
    Csv,
}

impl Format {
    /// The format that a file's ending means.
    pub fn of(path: &Path) -> Self {
        let is_csv = path.extension().is_some_and(|ending| ending.eq_ignore_ascii_case("csv"));
        if is_csv { Self::Csv } else { Self::Jsonl }
    }
}

/// A row with its line in the file, or why it cannot be read.
pub type Row = (u64, Result<Value, String>);

/// The rows of a file, one by one, in bounded memory.
///
/// # Errors
/// A table that does not name its columns.
pub fn rows<R: std::io::Read + 'static>(format: Format, file: R) -> anyhow::Result<Box<dyn Iterator<Item = Row>>> {
    Ok(match format {
        Format::Jsonl => Box::new(jsonl(file)),
        Format::Csv => Box::new(table(file)?),
    })
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
    let file = File::open(path).map_err(Fault::file("cannot open", path))?;
    let bar =
        progress(file.metadata().map_err(Fault::file("cannot read", path))?.len(), language, "Імпорт", "Importing");
    let rows = rows(arguments.format.unwrap_or_else(|| Format::of(path)), bar.wrap_read(file))?;
    let mut import = Import { client, arguments: &arguments, language, totals: Totals::default(), report: None };
    let mut names = Names::default();
    if let Some(path) = &arguments.report {
        import.report = Some(File::create(path).map_err(Fault::file("cannot write", path))?);
    }
    let mut batch: Vec<(u64, Value)> = Vec::new();
    let mut bytes = 0;
    for (line, row) in rows {
        match row {
            Ok(mut row) => {
                names.tell_apart(&mut row);
                bytes += row.to_string().len();
                batch.push((line, row));
            }
            Err(why) => {
                let errors = vec![RowError {
                    field: String::new(), uk: format!("Рядок не читається: {why}"), en: why
                }];
                import.tell(line, &RowReport { outcome: "refused".into(), id: None, errors, alike: None })?;
            }
        }
        if batch.len() == ROWS || bytes > REQUEST_BYTES {
            import.send(std::mem::take(&mut batch)).await?;
            bytes = 0;
        }
    }
    import.send(batch).await?;
    bar.finish_and_clear();
    import.finish()
}

struct Import<'a> {
    client: &'a Client,
    arguments: &'a ImportArguments,
    language: Language,
    totals: Totals,
    report: Option<File>,
}

impl Import<'_> {
    async fn send(&mut self, batch: Vec<(u64, Value)>) -> anyhow::Result<()> {
        if batch.is_empty() {
            return Ok(());
        }
        let (lines, rows): (Vec<u64>, Vec<Value>) = batch.into_iter().unzip();
        let request = ImportRequest { rows, dry_run: self.arguments.dry_run };
        let reports: Vec<RowReport> = self.client.send(Method::POST, "/import", &request).await?.json()?;
        for (line, report) in lines.into_iter().zip(&reports) {
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
            eprintln!("{line}: {text}: «{}» ({} %), {}", alike.title, alike.percent, alike.id);
        }
        if report.outcome == "refused" && !self.arguments.json {
            for error in &report.errors {
                let text = say(self.language, &error.uk, &error.en);
                let field = if error.field.is_empty() { String::new() } else { format!("{}: ", error.field) };
                eprintln!("{} {line}: {field}{text}", say(self.language, "рядок", "line"));
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
            println!(
                "{}",
                json!({ "new": new, "updated": updated, "unchanged": unchanged, "refused": refused, "dry_run": dry_run })
            );
        } else {
            let would = self.arguments.dry_run;
            println!(
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

/// One JSON object a line; empty lines are passed over.
fn jsonl(file: impl std::io::Read) -> impl Iterator<Item = Row> {
    let mut reader = BufReader::new(file);
    let mut line = 0;
    std::iter::from_fn(move || {
        loop {
            line += 1;
            let mut text = Vec::new();
            let read = std::io::Read::take(&mut reader, LINE_BYTES_MAX as u64 + 1).read_until(b'\n', &mut text);
            match read {
                Ok(0) => return None,
                Err(error) => return Some((line, Err(error.to_string()))),
                Ok(_) if text.len() > LINE_BYTES_MAX => {
                    let skipped = reader.skip_until(b'\n');
                    let why = skipped.err().map_or_else(|| "the line is too long".into(), |error| error.to_string());
                    return Some((line, Err(why)));
                }
                Ok(_) if text.trim_ascii().is_empty() => {}
                Ok(_) => return Some((line, serde_json::from_slice(&text).map_err(|error| error.to_string()))),
            }
        }
    })
}

/// A table: dotted names reach into groups, lists of words are joined by `;`, tables inside are JSON.
fn table(file: impl std::io::Read) -> anyhow::Result<impl Iterator<Item = Row>> {
    let read = Rc::new(Cell::new(0));
    let mut reader = csv::ReaderBuilder::new().flexible(true).from_reader(Rationed { file, read: Rc::clone(&read) });
    let names: Vec<String> =
        reader.headers()?.iter().map(|name| name.trim_start_matches('\u{feff}').trim().to_owned()).collect();
    if !names.iter().any(|name| name == "title") {
        return Err(Denied::new(
            "no_title_column",
            "У таблиці немає стовпця «title»: перший рядок має містити назви полів",
            "The table has no column “title”: the first line must name the fields",
        )
        .into());
    }
    Ok(reader.into_records().inspect(move |_| read.set(0)).map(move |record| match record {
        Ok(record) => {
            let line = record.position().map_or(0, csv::Position::line);
            let mut row = Map::new();
            for (name, cell) in names.iter().zip(&record).filter(|(_, cell)| !cell.trim().is_empty()) {
                put(&mut row, name, cell);
            }
            (line, Ok(Value::Object(row)))
        }
        Err(error) => (error.position().map_or(0, csv::Position::line), Err(error.to_string())),
    }))
}

/// Gives so many bytes until the count is set back: a row whose quote never ends is an error and not
/// the whole file in memory.
struct Rationed<R> {
    file: R,
    read: Rc<Cell<usize>>,
}

impl<R: std::io::Read> std::io::Read for Rationed<R> {
    fn read(&mut self, into: &mut [u8]) -> std::io::Result<usize> {
        if self.read.get() > LINE_BYTES_MAX {
            return Err(std::io::Error::new(std::io::ErrorKind::InvalidData, "the row is too long"));
        }
        let read = self.file.read(into)?;
        self.read.set(self.read.get() + read);
        Ok(read)
    }
}

/// How many groups a column's name may reach into. Our fields lie in one at the most.
const GROUPS_MAX: usize = 4;

fn put(row: &mut Map<String, Value>, name: &str, cell: &str) {
    if let Some((group, rest)) = name.split_once('.').filter(|_| name.matches('.').count() <= GROUPS_MAX) {
        let inner = row.entry(group).or_insert_with(|| Value::Object(Map::new()));
        if let Value::Object(inner) = inner {
            put(inner, rest, cell);
        }
        return;
    }
    row.insert(name.to_owned(), value(name, cell));
}

/// Names of fields that hold lists of words.
const LISTS: [&str; 12] = [
    "sectors",
    "themes",
    "mechanisms",
    "keywords",
    "related",
    "change_types",
    "target_groups",
    "community_types",
    "legal_prereq",
    "tech_prereq",
    "practice_ids",
    "formats",
];

fn value(name: &str, cell: &str) -> Value {
    let cell = cell.trim();
    if cell.starts_with(['[', '{'])
        && let Ok(value) = serde_json::from_str(cell)
    {
        return value;
    }
    if LISTS.contains(&name) {
        let words = cell.split(';').map(str::trim).filter(|word| !word.is_empty());
        return words.map(|word| Value::String(word.to_owned())).collect();
    }
    let numeric = [
        "total",
        "total_uah",
        "year",
        "staff_hours",
        "yearly_uah",
        "population_min",
        "population_max",
        "months_to_first_result",
        "lat",
        "lon",
    ];
    if numeric.contains(&name)
        && let Ok(number) =
            serde_json::from_str::<serde_json::Number>(&cell.replace([' ', '\u{a0}'], "").replace(',', "."))
    {
        return Value::Number(number);
    }
    Value::String(cell.to_owned())
}

/// The table's cell for a value, as an import reads it back.
pub fn cell(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        Value::Array(items) if items.iter().all(Value::is_string) => {
            items.iter().filter_map(Value::as_str).collect::<Vec<_>>().join(";")
        }
        other => other.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_column_that_reaches_too_deep_is_no_way_to_bring_the_program_down() {
        let table = format!("title,a{}\nТолока,x\n", ".a".repeat(200_000));
        let rows: Vec<Row> = rows(Format::Csv, std::io::Cursor::new(table)).expect("a table").collect();
        assert_eq!(rows.len(), 1);
        assert_eq!(rows[0].1.as_ref().map(|row| row["title"].clone()), Ok(Value::String("Толока".into())));
    }

    #[test]
    fn a_table_whose_quote_never_ends_does_not_fill_the_memory() {
        let endless = std::io::Read::take(std::io::repeat(b'x'), 1 << 40);
        let file = std::io::Read::chain(&b"title,summary\n\xd0\xa2,1\n\"a"[..], endless);
        let rows: Vec<Row> = rows(Format::Csv, file).expect("a table").collect();
        assert_eq!(rows.len(), 2);
        assert!(rows[0].1.is_ok() && rows[1].1.is_err());
    }
}
