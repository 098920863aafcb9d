//! Practices in a table that somebody keeps in a spreadsheet: CSV or XLSX, a row a practice.
//!
//! The same code reads what a browser uploads and what the command line is given. A file is never
//! trusted: its bytes, what they unpack to, its rows, columns and letters are bounded before anything
//! is made of them.

mod cells;
mod headings;
pub(crate) mod template;
mod text;
mod workbook;

use crdt::check::FieldError;
use serde_json::Value;

/// Bytes of a file. Ten thousand rows of the usual length are half of it.
pub const FILE_BYTES_MAX: usize = 8 * 1024 * 1024;
/// Rows of a table. The largest real one that we know has 858.
pub const ROWS_MAX: usize = 5_000;
/// Columns of a table: a practice has 60 fields.
pub const COLUMNS_MAX: usize = 200;
/// Bytes of text in all cells together: a workbook may say one long text ten thousand times over.
pub const TEXT_BYTES_MAX: usize = 32 * 1024 * 1024;
/// Bytes to which a workbook may unpack. Real ones grow tenfold.
pub const UNPACKED_BYTES_MAX: u64 = 96 * 1024 * 1024;

/// A table, read.
#[derive(Debug)]
pub struct Sheet {
    /// The headings of the columns, in their order.
    pub headings: Vec<Heading>,
    /// The rows that say anything.
    pub rows: Vec<Row>,
}

/// What a column is called, and what it was taken for.
#[derive(Debug)]
pub struct Heading {
    /// As the file has it.
    pub text: String,
    /// The key of the field; none for a column that nothing is known of.
    pub key: Option<String>,
}

/// A row of a table.
#[derive(Debug)]
pub struct Row {
    /// Its line in the file, counted from 1.
    pub line: u64,
    /// Its cells as the file has them.
    pub cells: Vec<String>,
    /// The practice, as an import takes it.
    pub value: Value,
    /// What cannot be understood.
    pub errors: Vec<FieldError>,
}

/// A row as the file has it: its line and its cells.
type Raw = (u64, Vec<String>);

/// Why a file cannot be read as a table: a short name, and what to do in both languages.
#[derive(Debug, thiserror::Error)]
#[error("{en}")]
pub struct Unreadable {
    /// A short name that programs can rely on.
    pub code: &'static str,
    /// In Ukrainian.
    pub uk: String,
    /// In English.
    pub en: String,
}

impl Unreadable {
    fn new(code: &'static str, uk: impl Into<String>, en: impl Into<String>) -> Self {
        Self { code, uk: uk.into(), en: en.into() }
    }
}

/// Reads a table.
///
/// # Errors
/// What to do about a file that is none.
pub fn read(file: &[u8]) -> Result<Sheet, Unreadable> {
    if file.len() > FILE_BYTES_MAX {
        let most = FILE_BYTES_MAX / 1024 / 1024;
        return Err(Unreadable::new(
            "file_too_large",
            format!("Файл завеликий: щонайбільше {most} МБ. Поділіть таблицю на частини"),
            format!("The file is too large: at most {most} MB. Split the table"),
        ));
    }
    let raw = match file {
        [b'P', b'K', 3, 4, ..] => workbook::rows(file)?,
        [0xd0, 0xcf, 0x11, 0xe0, ..] => {
            return Err(Unreadable::new(
                "old_workbook",
                "Це книга старого зразка (.xls). Відкрийте її в Excel чи LibreOffice і збережіть як .xlsx",
                "This is a workbook of the old kind (.xls). Open it in Excel or LibreOffice and save it as .xlsx",
            ));
        }
        text => text::rows(text)?,
    };
    let (headings, rows) = headings::split(raw)?;
    if rows.is_empty() {
        return Err(Unreadable::new(
            "no_rows",
            "У таблиці є заголовки, але немає жодного рядка з практикою",
            "The table has headings but not one row with a practice",
        ));
    }
    let rows = cells::practices(&headings, rows);
    Ok(Sheet { headings, rows })
}

/// Counts what has been read, and says when it is too much.
#[derive(Default)]
struct Ration {
    rows: usize,
    bytes: usize,
}

impl Ration {
    /// Counts a row with so many columns.
    fn row(&mut self, columns: usize) -> Result<(), Unreadable> {
        self.rows += 1;
        // The line of headings is one more.
        if self.rows > ROWS_MAX + 1 {
            return Err(Unreadable::new(
                "too_many_rows",
                format!("У таблиці забагато рядків: щонайбільше {ROWS_MAX}. Поділіть її на частини"),
                format!("The table has too many rows: at most {ROWS_MAX}. Split it"),
            ));
        }
        if columns > COLUMNS_MAX {
            return Err(Unreadable::new(
                "too_many_columns",
                format!("У таблиці забагато стовпців: щонайбільше {COLUMNS_MAX}. Залиште потрібні"),
                format!("The table has too many columns: at most {COLUMNS_MAX}. Keep those that are needed"),
            ));
        }
        Ok(())
    }

    /// Counts the text of a cell.
    fn text(&mut self, text: &str) -> Result<(), Unreadable> {
        self.bytes += text.len();
        if self.bytes > TEXT_BYTES_MAX {
            let most = TEXT_BYTES_MAX / 1024 / 1024;
            return Err(Unreadable::new(
                "too_much_text",
                format!("У таблиці забагато тексту: щонайбільше {most} МБ. Поділіть її на частини"),
                format!("The table has too much text: at most {most} MB. Split it"),
            ));
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests;
