//! A table as text: whatever encoding and separator a spreadsheet wrote it with.

use encoding_rs::{Encoding, UTF_8, UTF_16BE, UTF_16LE, WINDOWS_1251};

use super::{Ration, Raw, Unreadable, headings};

/// How the cells of a row are parted: as spreadsheets write them.
const SEPARATORS: [u8; 3] = [b',', b';', b'\t'];
/// Bytes that are looked at to find out how the text is encoded.
const LOOKED_AT: usize = 4_096;
/// Rows that are looked at to find the separator: headings may stand below a title.
const ROWS_LOOKED_AT: usize = 10;

pub(super) fn rows(file: &[u8]) -> Result<Vec<Raw>, Unreadable> {
    let text = decoded(file)?;
    let (text, said) = match text.split_once('\n') {
        // Excel's own mark of the separator.
        Some((first, rest)) if first.trim_end().len() == 5 && first.starts_with("sep=") => {
            (rest.to_owned(), first.as_bytes().get(4).copied())
        }
        _ => (text, None),
    };
    let skipped = u64::from(said.is_some());
    let separator = said.filter(|said| SEPARATORS.contains(said)).unwrap_or_else(|| separator(&text));
    let mut ration = Ration::default();
    let mut rows = Vec::new();
    for record in reader(&text, separator).into_records() {
        let record = record.map_err(|error| {
            let line = error.position().map_or(0, csv::Position::line);
            Unreadable::new(
                "broken_row",
                format!("Рядок {line} не читається: перевірте лапки в ньому"),
                format!("Line {line} cannot be read: check the quotes in it"),
            )
        })?;
        if record.iter().all(|cell| cell.trim().is_empty()) {
            continue;
        }
        ration.row(record.len())?;
        record.iter().try_for_each(|cell| ration.text(cell))?;
        let line = record.position().map_or(0, csv::Position::line) + skipped;
        rows.push((line, record.iter().map(str::to_owned).collect()));
    }
    Ok(rows)
}

fn reader(text: &str, separator: u8) -> csv::Reader<&[u8]> {
    csv::ReaderBuilder::new().flexible(true).has_headers(false).delimiter(separator).from_reader(text.as_bytes())
}

/// The separator with which most headings are known; of equals, the one that gives more cells.
fn separator(text: &str) -> u8 {
    let worth = |separator: u8| {
        let rows = reader(text, separator).into_records().take(ROWS_LOOKED_AT).filter_map(Result::ok);
        rows.map(|row| (row.iter().filter(|cell| headings::key(cell).is_some()).count(), row.len())).max()
    };
    // Of equals the last is taken, so the comma, the standard's own, comes last.
    SEPARATORS.into_iter().rev().max_by_key(|separator| worth(*separator)).unwrap_or(b',')
}

fn decoded(file: &[u8]) -> Result<String, Unreadable> {
    let (encoding, skip) = Encoding::for_bom(file).unwrap_or_else(|| (guessed(file), 0));
    let (text, _) = encoding.decode_without_bom_handling(&file[skip..]);
    // A picture or a program is no table; a text has no such signs.
    if text.chars().any(|sign| {
        sign == '\0' || (sign.is_control() && !matches!(sign, '\n' | '\r' | '\t' | '\u{b}' | '\u{c}' | '\u{85}'))
    }) {
        return Err(Unreadable::new(
            "no_table",
            "Це не таблиця. Завантажте файл .xlsx або .csv",
            "This is no table. Upload a file .xlsx or .csv",
        ));
    }
    Ok(text.into_owned())
}

/// The encoding of a text that does not say it: what is not UTF-8 comes from an old Windows, unless
/// every other byte is the high half of a letter.
fn guessed(file: &[u8]) -> &'static Encoding {
    let start = &file[..file.len().min(LOOKED_AT)];
    let halves = |from: usize| start.iter().skip(from).step_by(2).filter(|byte| matches!(byte, 0 | 4)).count();
    let most = start.len() * 2 / 5;
    if start.len() > 3 && halves(1) > most {
        UTF_16LE
    } else if start.len() > 3 && halves(0) > most {
        UTF_16BE
    } else if str::from_utf8(file).is_ok() {
        UTF_8
    } else {
        WINDOWS_1251
    }
}
