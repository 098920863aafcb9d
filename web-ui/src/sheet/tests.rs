//! Tables as people have them.

use std::io::{Cursor, Write};

use serde_json::json;

use super::*;

const TABLE: &str = "Назва практики;Коротко;Галузь;Інструмент участі;Громада;Початок;Що зробили;Вартість, грн;Колір\n\
    Толока;Прибрали берег;Довкілля;Загальні збори;Решетилівська;05.2024;Прийшли; 18 500 ;синій\n";

fn first(file: &[u8]) -> Row {
    read(file).expect("a table").rows.remove(0)
}

#[track_caller]
fn is_toloka(file: &[u8]) {
    let sheet = read(file).expect("a table");
    let row = &sheet.rows[0];
    assert_eq!(row.errors, []);
    assert_eq!(
        row.value,
        json!({
            "title": "Толока", "summary": "Прибрали берег", "sectors": ["environment"],
            "mechanisms": ["general_meeting"], "community": "UA53080390000027656", "started": "2024-05",
            "solution": "Прийшли", "costs": { "total_uah": 18_500 },
        })
    );
    assert_eq!(
        sheet.headings.last().map(|heading| (heading.text.as_str(), heading.key.clone())),
        Some(("Колір", None))
    );
}

#[test]
fn every_encoding_that_spreadsheets_write_is_read() {
    is_toloka(TABLE.as_bytes());
    is_toloka(format!("\u{feff}{TABLE}").as_bytes());
    is_toloka(&encoding_rs::WINDOWS_1251.encode(TABLE).0);
    let little: Vec<u8> = TABLE.encode_utf16().flat_map(u16::to_le_bytes).collect();
    let big: Vec<u8> = TABLE.encode_utf16().flat_map(u16::to_be_bytes).collect();
    is_toloka(&little);
    is_toloka(&big);
    is_toloka(&[&[0xff, 0xfe], little.as_slice()].concat());
    is_toloka(&[&[0xfe, 0xff], big.as_slice()].concat());
}

#[test]
fn every_separator_that_spreadsheets_write_is_found() {
    is_toloka(TABLE.replace(';', "\t").as_bytes());
    is_toloka(TABLE.replace("Вартість, грн", "\"Вартість, грн\"").replace(';', ",").as_bytes());
    is_toloka(TABLE.replace('\n', "\r\n").as_bytes());
    is_toloka(format!("sep=;\n{TABLE}").as_bytes());
    is_toloka(format!("Практики громади за 2024 рік;;\n\n{TABLE}").as_bytes());
}

fn workbook(fill: impl FnOnce(&mut rust_xlsxwriter::Worksheet)) -> Vec<u8> {
    let mut book = rust_xlsxwriter::Workbook::new();
    fill(book.add_worksheet());
    book.save_to_buffer().expect("a workbook")
}

#[test]
fn a_workbook_is_read_with_its_numbers_and_dates() {
    let date = rust_xlsxwriter::Format::new().set_num_format("dd.mm.yyyy");
    let file = workbook(|sheet| {
        for (column, text) in (0..).zip(["Title", "Started", "Participants", "Cost, UAH"]) {
            sheet.write_string(0, column, text).expect("written");
        }
        sheet.write_string(2, 0, "Толока").expect("written");
        let day = rust_xlsxwriter::ExcelDateTime::from_ymd(2024, 5, 31).expect("a day");
        sheet.write_datetime_with_format(2, 1, &day, &date).expect("written");
        sheet.write_number(2, 2, 5_779.0).expect("written");
        sheet.write_number(2, 3, 1_250_000.0).expect("written");
    });
    let row = first(&file);
    let expected = json!({
        "title": "Толока", "started": "2024-05-31", "participants": { "total": 5_779 },
        "costs": { "total_uah": 1_250_000 },
    });
    assert_eq!((row.line, row.errors, row.value), (3, Vec::new(), expected));
}

#[test]
fn the_template_is_read_and_its_example_is_no_practice() {
    for language in [crate::language::Language::Uk, crate::language::Language::En] {
        let file = template::workbook(language).expect("a workbook");
        assert_eq!(read(&file).expect_err("nothing but an example").code, "no_rows");
    }
}

#[test]
fn a_label_that_nobody_knows_is_named_beside_its_cell() {
    let row = first(TABLE.replace("Довкілля", "\"Довкілля; Космос\"").as_bytes());
    let errors: Vec<(&str, &str)> = row.errors.iter().map(|error| (error.field.as_str(), error.code)).collect();
    assert_eq!(errors, [("sectors", "unknown_term")]);
    assert!(row.errors[0].uk.contains("«Космос»") && row.errors[0].uk.contains("Довкілля"));
}

#[test]
fn a_row_that_would_overwrite_another_is_refused_and_a_repeated_name_is_told_apart() {
    let line = TABLE.lines().nth(1).expect("a row");
    let twice = read(format!("{TABLE}{line}\n").as_bytes()).expect("a table");
    assert_eq!(twice.rows[1].errors[0].code, "repeated");
    let named = read("external_id,title\nа,Толока\nа,Толока\n".as_bytes()).expect("a table");
    let names: Vec<&Value> = named.rows.iter().map(|row| &row.value["external_id"]).collect();
    assert_eq!(names, ["а", "а#2"]);
}

#[test]
fn a_list_that_this_program_wrote_is_known_again() {
    let id = crate::testing::samples::practice_id().to_string();
    let row = first(
        format!("title,id,results\nТолока,{id},\"[{{\"\"indicator\"\":\"\"Участь\"\",\"\"after\"\":12.5}}]\"\n")
            .as_bytes(),
    );
    assert_eq!(row.errors, []);
    assert_eq!(
        (&row.value["external_id"], &row.value["results"][0]["after"]),
        (&json!(format!("dosvid:{id}")), &json!(12.5))
    );
}

fn zipped(parts: &[(&str, u64)]) -> Vec<u8> {
    let mut file = zip::ZipWriter::new(Cursor::new(Vec::new()));
    let rules = zip::write::SimpleFileOptions::default().compression_method(zip::CompressionMethod::Deflated);
    for (name, bytes) in parts {
        file.start_file(*name, rules).expect("begun");
        let block = vec![b' '; 1024 * 1024];
        (0..bytes / block.len() as u64).for_each(|_| file.write_all(&block).expect("written"));
    }
    file.finish().expect("finished").into_inner()
}

#[test]
fn a_bomb_is_refused_before_it_goes_off() {
    let bomb = zipped(&[("[Content_Types].xml", 0), ("xl/sharedStrings.xml", 200 * 1024 * 1024)]);
    assert!(bomb.len() < 1024 * 1024);
    assert_eq!(read(&bomb).expect_err("refused").code, "workbook_too_large");
    let many: Vec<(String, u64)> = (0..1_001).map(|n| (format!("xl/{n}.xml"), 0)).collect();
    let many: Vec<(&str, u64)> = many.iter().map(|(name, bytes)| (name.as_str(), *bytes)).collect();
    assert_eq!(read(&zipped(&many)).expect_err("refused").code, "workbook_too_large");
}

#[test]
fn a_workbook_with_two_cells_far_apart_fills_no_memory() {
    let far = workbook(|sheet| {
        sheet.write_string(0, 0, "Назва").expect("written");
        sheet.write_string(1_048_575, 0, "Толока").expect("written");
    });
    assert_eq!(first(&far).line, 1_048_576);
    let wide = workbook(|sheet| {
        sheet.write_string(0, 0, "Назва").expect("written");
        sheet.write_string(1, 16_383, "Толока").expect("written");
    });
    assert_eq!(read(&wide).expect_err("refused").code, "too_many_columns");
}

#[test]
fn one_long_text_said_many_times_is_refused() {
    let text = "ї".repeat(32_000);
    let file = workbook(|sheet| {
        sheet.write_string(0, 0, "Назва").expect("written");
        (1..1_000).for_each(|row| {
            sheet.write_string(row, 0, &text).expect("written");
        });
    });
    assert_eq!(read(&file).expect_err("refused").code, "too_much_text");
}

#[test]
fn what_is_no_table_says_what_to_do() {
    let long = format!("title\n{}", "Толока\n".repeat(ROWS_MAX + 1));
    let cases: [(&[u8], &str); 8] = [
        (b"", "no_title_column"),
        (b"a,b\n1,2\n", "no_title_column"),
        (b"title\n", "no_rows"),
        (b"PK\x03\x04 but no more", "broken_workbook"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "old_workbook"),
        (b"\x89PNG\r\n\x1a\n\0\0\0", "no_table"),
        (long.as_bytes(), "too_many_rows"),
        (&vec![b' '; FILE_BYTES_MAX + 1], "file_too_large"),
    ];
    for (file, code) in cases {
        assert_eq!(read(file).expect_err("refused").code, code);
    }
}
