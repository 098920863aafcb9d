//! The list that was narrowed down, as a table to take along: CSV with the names of fields, which an
//! import takes again, and a workbook with the names that people use.

use std::sync::Arc;

use axum::extract::State;
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};
use crdt::practice::Practice;
use rust_xlsxwriter::{DocProperties, Format, FormatAlign, Workbook, XlsxError};
use serde_json::Value;

use crate::App;
use crate::error::Failure;
use crate::library::search::{DEPTH_MAX, Facet, SearchRequest};
use crate::library::{Library, LibraryError, PAGE_MAX, PracticePage};
use crate::looking;
use crate::pages::cells::harmless;
use crate::pages::columns::kind;
use crate::pages::fields::label;
use crate::pages::frame::Visitor;
use crate::pages::values::pieces;
use crate::pages::{ROWS, error};
use crate::words::{self, catalogue as cw};

/// Letters that a cell of a workbook holds; programs refuse the whole file for one letter more.
const CELL_CHARS_MAX: usize = 32_767;
/// Bytes of text in one table. A thousand practices of the usual length have a fifth of it, and an old
/// PC has the memory.
const TABLE_BYTES_MAX: usize = 32 * 1024 * 1024;
/// How wide a column of texts is, in letters.
const WIDE: f64 = 42.0;

/// Fields in a table, in its order: those that are one value or one text.
pub(crate) const FIELDS: [&str; 28] = [
    "title",
    "summary",
    "sectors",
    "themes",
    "mechanisms",
    "participation_level",
    "community",
    "settlement",
    "scope",
    "stage",
    "started",
    "ended",
    "recurring",
    "problem",
    "background",
    "solution",
    "participants.total",
    "participants.target_groups",
    "costs.total_uah",
    "costs.year",
    "results_text",
    "mistakes",
    "lessons",
    "contact.role",
    "contact.phone",
    "contact.email",
    "keywords",
    "licence",
];

/// `/practices.csv`
pub(crate) async fn csv(State(app): State<Arc<App>>, v: Visitor) -> Response {
    let made = rows(&app, &v).await.and_then(|rows| as_csv(&rows).map_err(|_| Failure::fault()));
    file(&v, made, "text/csv; charset=utf-8", "practices.csv")
}

/// `/practices.xlsx`
pub(crate) async fn xlsx(State(app): State<Arc<App>>, v: Visitor) -> Response {
    let made = rows(&app, &v).await.and_then(|rows| as_workbook(&v, &rows).map_err(|_| Failure::fault()));
    file(&v, made, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "practices.xlsx")
}

fn file(v: &Visitor, made: Result<Vec<u8>, Failure>, kind: &'static str, name: &str) -> Response {
    match made {
        Ok(bytes) => {
            let disposition = format!("attachment; filename=\"{name}\"");
            ([(CONTENT_TYPE, kind.to_owned()), (CONTENT_DISPOSITION, disposition)], bytes).into_response()
        }
        Err(failure) => error::page(v, &failure),
    }
}

async fn rows(app: &App, v: &Visitor) -> Result<Vec<PracticePage>, Failure> {
    let request = looking::request(v.pairs(), ROWS, false)?;
    Ok(app.ask(move |library| gather(library, request)).await?)
}

/// The practices of a search, as many as can be paged through.
fn gather(library: &dyn Library, mut request: SearchRequest) -> Result<Vec<PracticePage>, LibraryError> {
    request.filters.retain(|(facet, _)| *facet != Facet::Kind);
    request.filters.push((Facet::Kind, vec!["practice".to_owned()]));
    (request.offset, request.limit) = (0, PAGE_MAX);
    let (mut rows, mut bytes) = (Vec::new(), 0);
    while request.offset < DEPTH_MAX {
        let page = library.search(&request)?;
        for hit in &page.hits {
            let Ok(id) = hit.card.id.parse() else { continue };
            let practice = match library.practice(id) {
                Ok(practice) => practice,
                // Withdrawn since the index learned of it.
                Err(LibraryError::NotFound | LibraryError::Withdrawn(_)) => continue,
                Err(error) => return Err(error),
            };
            bytes += practice.practice.solution.len() + practice.practice.problem.len();
            rows.push(practice);
            if bytes > TABLE_BYTES_MAX {
                return Ok(rows);
            }
        }
        request.offset += page.hits.len();
        if page.hits.is_empty() || request.offset as u64 >= page.total {
            break;
        }
    }
    Ok(rows)
}

fn field(key: &str) -> &'static crdt::field::Field {
    let found = crdt::practice::PRACTICE.iter().find(|field| field.key == key);
    found.expect("a table names only fields of a practice")
}

fn whole(practice: &Practice) -> Value {
    serde_json::to_value(practice).unwrap_or_default()
}

/// A value as an import reads it: keys of terms, dates as they are kept, lists joined.
fn plain(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        Value::Array(items) => items.iter().map(plain).collect::<Vec<_>>().join("; "),
        other => other.to_string(),
    }
}

fn as_csv(rows: &[PracticePage]) -> Result<Vec<u8>, csv::Error> {
    // Excel takes a file for UTF-8 only with this mark.
    let mut writer = csv::Writer::from_writer(b"\xef\xbb\xbf".to_vec());
    writer.write_record(FIELDS.iter().copied().chain(["id"]))?;
    for row in rows {
        let whole = whole(&row.practice);
        let cells = FIELDS.iter().map(|key| harmless(&plain(field(key).value(&whole))));
        writer.write_record(cells.chain([row.id.clone()]))?;
    }
    writer.into_inner().map_err(|error| error.into_error().into())
}

fn as_workbook(v: &Visitor, rows: &[PracticePage]) -> Result<Vec<u8>, XlsxError> {
    let mut book = Workbook::new();
    book.set_properties(&DocProperties::new().set_title(v.say(cw::TITLE)).set_company(v.say(words::SITE)));
    let head = Format::new().set_bold().set_text_wrap().set_align(FormatAlign::Top);
    let text = Format::new().set_text_wrap().set_align(FormatAlign::Top);
    let sheet = book.add_worksheet();
    sheet.set_name(v.say(words::PRACTICES))?;
    sheet.set_freeze_panes(1, 1)?;
    let labels = FIELDS.iter().map(|key| label(v.language, field(key))).chain([v.say(words::ID)]);
    for (column, label) in (0..).zip(labels) {
        sheet.write_string_with_format(0, column, label, &head)?;
        sheet.set_column_width(column, if column < 2 { WIDE } else { WIDE / 2.0 })?;
    }
    for (line, row) in (1..).zip(rows) {
        let whole = whole(&row.practice);
        for (column, key) in (0..).zip(FIELDS) {
            let value = field(key).value(&whole);
            match value.as_f64() {
                Some(number) => sheet.write_number(line, column, number)?,
                None => sheet.write_string_with_format(line, column, cell(v, said(v, key, value)), &text)?,
            };
        }
        sheet.write_string(line, FIELDS.len() as u16, &row.id)?;
    }
    book.save_to_buffer()
}

/// A value as people read it.
fn said(v: &Visitor, key: &str, value: &Value) -> String {
    let field = field(key);
    if matches!(field.shape, crdt::field::Shape::Prose) {
        return plain(value);
    }
    pieces(v, kind(field), value).iter().flat_map(|piece| [piece.gap, &piece.text]).collect()
}

/// A text that a cell can hold, with a word on what was cut.
pub(crate) fn cell(v: &Visitor, text: String) -> String {
    // A workbook counts UTF-16 units.
    if text.encode_utf16().count() <= CELL_CHARS_MAX {
        return text;
    }
    let note = v.say(cw::CUT);
    let room = CELL_CHARS_MAX - note.encode_utf16().count();
    let mut used = 0;
    let kept: String = text
        .chars()
        .take_while(|letter| {
            used += letter.len_utf16();
            used <= room
        })
        .collect();
    kept + note
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_cell_is_longer_than_a_workbook_takes() {
        let v = Visitor::of(&"/".parse().unwrap());
        for text in ["ї".repeat(40_000), "😀".repeat(20_000)] {
            let cell = cell(&v, text);
            assert!(cell.encode_utf16().count() <= CELL_CHARS_MAX && cell.ends_with(v.say(cw::CUT)));
        }
        assert_eq!(cell(&v, "Толока".into()), "Толока");
    }
}
