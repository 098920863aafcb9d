//! A table as a workbook. What it packs is unpacked once within bounds before anything of it is
//! read, since a few kilobytes may unpack to gigabytes and say anything of their own size.

use std::io::{Cursor, Read};

use calamine::{DataRef, Reader, Xlsx};

use super::{COLUMNS_MAX, Ration, Raw, UNPACKED_BYTES_MAX, Unreadable};

/// Parts of a workbook's file at the most: a sheet is one, a picture is one.
const PARTS_MAX: usize = 1_000;

pub(super) fn rows(file: &[u8]) -> Result<Vec<Raw>, Unreadable> {
    within_bounds(file)?;
    let mut book: Xlsx<_> = calamine::open_workbook_from_rs(Cursor::new(file)).map_err(|_| broken())?;
    let name = book.sheet_names().into_iter().next().ok_or_else(broken)?;
    let mut cells = book.worksheet_cells_reader(&name).map_err(|_| broken())?;
    let mut ration = Ration::default();
    let mut rows: Vec<Raw> = Vec::new();
    while let Some(cell) = cells.next_cell().map_err(|_| broken())? {
        let text = said(cell.get_value());
        if text.trim().is_empty() {
            continue;
        }
        let (row, column) = cell.get_position();
        let (line, column) = (u64::from(row) + 1, column as usize);
        // Cells come row by row; a file in which they do not is read as it comes.
        if rows.last().is_none_or(|(last, _)| *last != line) {
            ration.row(0)?;
            rows.push((line, Vec::new()));
        }
        if column >= COLUMNS_MAX {
            ration.row(column + 1)?;
        }
        ration.text(&text)?;
        if let Some((_, row)) = rows.last_mut() {
            if row.len() <= column {
                row.resize(column + 1, String::new());
            }
            row[column] = text;
        }
    }
    Ok(rows)
}

/// Unpacks every part and counts.
fn within_bounds(file: &[u8]) -> Result<(), Unreadable> {
    let mut parts = zip::ZipArchive::new(Cursor::new(file)).map_err(|_| broken())?;
    if parts.len() > PARTS_MAX {
        return Err(too_large());
    }
    let mut left = UNPACKED_BYTES_MAX;
    for n in 0..parts.len() {
        let part = parts.by_index(n).map_err(|_| broken())?;
        let unpacked = std::io::copy(&mut part.take(left + 1), &mut std::io::sink()).map_err(|_| broken())?;
        left = left.checked_sub(unpacked).ok_or_else(too_large)?;
    }
    Ok(())
}

fn broken() -> Unreadable {
    Unreadable::new(
        "broken_workbook",
        "Книга пошкоджена, захищена паролем або має інший формат. Відкрийте її та збережіть ще раз як .xlsx",
        "The workbook is damaged, protected by a password or of another format. Open it and save it again as .xlsx",
    )
}

fn too_large() -> Unreadable {
    Unreadable::new(
        "workbook_too_large",
        "Книга розпаковується в завеликий обсяг. Залиште в ній один аркуш із таблицею, без картинок",
        "The workbook unpacks to too much. Keep one sheet with the table in it, without pictures",
    )
}

/// A cell as text.
fn said(value: &DataRef<'_>) -> String {
    match value {
        DataRef::String(text) | DataRef::DateTimeIso(text) | DataRef::DurationIso(text) => text.clone(),
        DataRef::SharedString(text) => (*text).to_owned(),
        DataRef::Int(number) => number.to_string(),
        DataRef::Float(number) => number.to_string(),
        DataRef::Bool(yes) => yes.to_string(),
        DataRef::DateTime(moment) => {
            let (year, month, day, ..) = moment.to_ymd_hms_milli();
            format!("{year}-{month:02}-{day:02}")
        }
        DataRef::Error(_) | DataRef::Empty => String::new(),
    }
}
