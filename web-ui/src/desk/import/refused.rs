//! The rows that were refused, as a workbook to mend and upload again.

use std::collections::HashMap;
use std::sync::Arc;

use axum::extract::State;
use axum::response::Response;
use crdt::id::DocumentName;
use crdt::practice::PRACTICE;
use rust_xlsxwriter::{Color, Format, FormatAlign, Workbook, XlsxError};

use super::job::{Job, Seen, table};
use super::phrases as iw;
use crate::App;
use crate::error::Failure;
use crate::pages::error;
use crate::pages::export::cell;
use crate::pages::fields::label;
use crate::pages::frame::{PageId, Visitor};
use crate::sheet::Sheet;

/// How wide a column is, in letters.
const WIDTH: f64 = 28.0;

/// `GET /import/{id}/refused.xlsx`
pub(crate) async fn refused(State(app): State<Arc<App>>, v: Visitor, PageId(id): PageId<DocumentName>) -> Response {
    let made = async {
        let (job, sheet) = (Job::read(&app, id).await?, table(&app, id).await?);
        workbook(&v, &job, &sheet).map_err(|_| Failure::fault())
    };
    match made.await {
        Ok(bytes) => super::workbook("refused.xlsx", bytes),
        Err(failure) => error::page(&v, &failure),
    }
}

fn workbook(v: &Visitor, job: &Job, sheet: &Sheet) -> Result<Vec<u8>, XlsxError> {
    let refused: HashMap<u64, &Seen> =
        job.rows.iter().filter(|row| row.outcome == "refused").map(|row| (row.line, row)).collect();
    let mut book = Workbook::new();
    let page = book.add_worksheet();
    let head = Format::new().set_bold().set_text_wrap().set_align(FormatAlign::Top);
    let why = Format::new().set_text_wrap().set_align(FormatAlign::Top).set_background_color(Color::RGB(0x00FF_E8A3));
    page.set_freeze_panes(1, 0)?;
    let last = u16::try_from(sheet.headings.len()).unwrap_or(u16::MAX);
    for (column, heading) in (0..last).zip(&sheet.headings) {
        page.set_column_width(column, WIDTH)?;
        page.write_string_with_format(0, column, &heading.text, &head)?;
    }
    page.set_column_width(last, WIDTH * 2.0)?;
    page.write_string_with_format(0, last, v.say(iw::REASONS_COLUMN), &head)?;
    let rows = sheet.rows.iter().filter_map(|row| Some((row, refused.get(&row.line)?)));
    for (line, (row, seen)) in (1..).zip(rows) {
        for (column, text) in (0..last).zip(&row.cells) {
            page.write_string(line, column, cell(v, text.clone()))?;
        }
        page.write_string_with_format(line, last, cell(v, reasons(v, seen)), &why)?;
    }
    book.save_to_buffer()
}

/// Why a row was refused, in a line each.
fn reasons(v: &Visitor, seen: &Seen) -> String {
    let reason = |wrong: &super::job::Wrong| {
        let text = v.language.pick(&wrong.uk, &wrong.en);
        match PRACTICE.iter().find(|field| field.key == wrong.field) {
            Some(field) => format!("{}: {text}", label(v.language, field)),
            None => text.clone(),
        }
    };
    seen.wrong.iter().map(reason).collect::<Vec<_>>().join("\n")
}
