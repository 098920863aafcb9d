//! The rows of a file that another program wrote: JSONL, CSV or a workbook.

use std::cell::Cell;
use std::io::{BufRead, BufReader, Read};
use std::path::Path;
use std::rc::Rc;

use serde_json::{Map, Value};
use web_ui::library::RowError;
use web_ui::sheet::FILE_BYTES_MAX;

use super::super::client::Denied;

/// Bytes of one row at the most, so that a file without line ends cannot fill the memory.
const LINE_BYTES_MAX: usize = 4 * 1024 * 1024;
/// Bytes in which the names of a table's columns stand.
const FIRST_LINE_MAX: u64 = 64 * 1024;

/// How practices are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub enum Format {
    /// One JSON object a line.
    Jsonl,
    /// A table.
    Csv,
    /// A table as a workbook.
    Xlsx,
}

impl Format {
    /// The format that a file's ending means: a file without one has a practice a line.
    ///
    /// # Errors
    /// An ending that is none of theirs; the message says which there are.
    pub fn of(path: &Path) -> anyhow::Result<Self> {
        let Some(ending) = path.extension() else { return Ok(Self::Jsonl) };
        let known = [("jsonl", Self::Jsonl), ("ndjson", Self::Jsonl), ("csv", Self::Csv), ("xlsx", Self::Xlsx)];
        if let Some((_, format)) = known.into_iter().find(|(known, _)| ending.eq_ignore_ascii_case(known)) {
            return Ok(format);
        }
        let ending = ending.to_string_lossy();
        Err(Denied::new(
            "unknown_format",
            format!(
                "Файлів .{ending} ця команда не читає й не пише. Можна: .jsonl (рядок — практика), .csv, а для імпорту ще й .xlsx. Якщо у файлі саме це, додайте --format"
            ),
            format!(
                "This command neither reads nor writes .{ending} files. It can: .jsonl (a practice a line), .csv, and for an import .xlsx. If the file is one of these, add --format"
            ),
        )
        .into())
    }
}

/// A row with its line in the file, or why it cannot be read.
pub type Row = (u64, Result<Value, Vec<RowError>>);

/// The rows of a file, one by one, in bounded memory.
///
/// # Errors
/// A table that does not name its columns.
pub fn rows<R: Read + 'static>(format: Format, file: R) -> anyhow::Result<Box<dyn Iterator<Item = Row>>> {
    Ok(match format {
        Format::Jsonl => Box::new(jsonl(file)),
        Format::Xlsx => Box::new(sheet(&whole(file)?)?),
        Format::Csv => {
            let (named, file) = names_fields(file)?;
            // A table with our own names of fields may be of any size. Any other is read as a browser's
            // upload is, whatever its encoding and separator.
            if named { Box::new(table(file)?) } else { Box::new(sheet(&whole(file)?)?) }
        }
    })
}

/// Why a row cannot be read at all.
fn unread(why: &str) -> Vec<RowError> {
    vec![RowError {
        field: String::new(), uk: format!("Рядок не читається: {why}"), en: why.to_owned()
    }]
}

/// A file that is read whole: no longer than a table may be, and a byte more to tell.
fn whole(file: impl Read) -> std::io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    file.take(FILE_BYTES_MAX as u64 + 1).read_to_end(&mut bytes)?;
    Ok(bytes)
}

/// The rows of a table as people keep it.
fn sheet(file: &[u8]) -> anyhow::Result<impl Iterator<Item = Row> + use<>> {
    let sheet = web_ui::sheet::read(file).map_err(|why| Denied::new(why.code, why.uk, why.en))?;
    Ok(sheet.rows.into_iter().map(|row| {
        let wrong = row.errors.into_iter().map(|error| RowError { field: error.field, uk: error.uk, en: error.en });
        let wrong: Vec<RowError> = wrong.collect();
        (row.line, if wrong.is_empty() { Ok(row.value) } else { Err(wrong) })
    }))
}

/// Whether a table's first line is commas and our own names of fields; and the file, from its start.
fn names_fields<R: Read + 'static>(mut file: R) -> std::io::Result<(bool, impl Read + 'static)> {
    let mut start = Vec::new();
    file.by_ref().take(FIRST_LINE_MAX).read_to_end(&mut start)?;
    let line = start.split(|byte| *byte == b'\n').next().unwrap_or_default();
    let names = line.strip_prefix(b"\xef\xbb\xbf").unwrap_or(line).split(|byte| *byte == b',');
    let named = names.into_iter().any(|name| name.trim_ascii() == b"title" || name.trim_ascii() == b"\"title\"");
    Ok((named, std::io::Cursor::new(start).chain(file)))
}

/// One JSON object a line; empty lines are passed over.
fn jsonl(file: impl Read) -> impl Iterator<Item = Row> {
    let mut reader = BufReader::new(file);
    let mut line = 0;
    std::iter::from_fn(move || {
        loop {
            line += 1;
            let mut text = Vec::new();
            let read = Read::take(&mut reader, LINE_BYTES_MAX as u64 + 1).read_until(b'\n', &mut text);
            match read {
                Ok(0) => return None,
                Err(error) => return Some((line, Err(unread(&error.to_string())))),
                Ok(_) if text.len() > LINE_BYTES_MAX => {
                    let skipped = reader.skip_until(b'\n');
                    let why = skipped.err().map_or_else(|| "the line is too long".into(), |error| error.to_string());
                    return Some((line, Err(unread(&why))));
                }
                Ok(_) if text.trim_ascii().is_empty() => {}
                Ok(_) => {
                    return Some((line, serde_json::from_slice(&text).map_err(|error| unread(&error.to_string()))));
                }
            }
        }
    })
}

/// A table: dotted names reach into groups, lists of words are joined by `;`, tables inside are JSON.
fn table(file: impl Read) -> anyhow::Result<impl Iterator<Item = Row>> {
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
        Err(error) => (error.position().map_or(0, csv::Position::line), Err(unread(&error.to_string()))),
    }))
}

/// Gives so many bytes until the count is set back: a row whose quote never ends is an error and not
/// the whole file in memory.
struct Rationed<R> {
    file: R,
    read: Rc<Cell<usize>>,
}

impl<R: Read> Read for Rationed<R> {
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
    if ["total_uah", "yearly_uah"].contains(&name)
        && let Ok(sum) = web_ui::sums::hryvnias(cell)
    {
        return sum.into();
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
    fn an_unknown_ending_is_refused_with_what_there_is() {
        for (name, format) in
            [("a.jsonl", Format::Jsonl), ("a.CSV", Format::Csv), ("a.xlsx", Format::Xlsx), ("a", Format::Jsonl)]
        {
            assert_eq!(Format::of(Path::new(name)).expect(name), format);
        }
        for name in ["a.pdf", "a.docx", "practices.json"] {
            let refused = Format::of(Path::new(name)).expect_err(name).to_string();
            assert!(refused.contains(".jsonl") && refused.contains(".csv"), "{refused}");
        }
    }

    #[test]
    fn a_column_that_reaches_too_deep_is_no_way_to_bring_the_program_down() {
        let table = format!("title,a{}\nТолока,x\n", ".a".repeat(200_000));
        let rows: Vec<Row> = rows(Format::Csv, std::io::Cursor::new(table)).expect("a table").collect();
        assert_eq!(rows.len(), 1);
        assert_eq!(rows[0].1.as_ref().map(|row| row["title"].clone()), Ok(Value::String("Толока".into())));
    }

    #[test]
    fn a_table_whose_quote_never_ends_does_not_fill_the_memory() {
        let endless = Read::take(std::io::repeat(b'x'), 1 << 40);
        let file = Read::chain(&b"title,summary\n\xd0\xa2,1\n\"a"[..], endless);
        let rows: Vec<Row> = rows(Format::Csv, file).expect("a table").collect();
        assert_eq!(rows.len(), 2);
        assert!(rows[0].1.is_ok() && rows[1].1.is_err());
    }
}
