//! Files from elsewhere: what is taken, what is refused and why, and what a second import does.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use serde_json::{Value, json};

use super::material::{CODE, rows, write_csv, write_jsonl};
use super::program::{DENIED, DONE, FAULT, PARTLY};
use super::town::Town;

fn text(path: &Path) -> &str {
    path.to_str().expect("UTF-8")
}

fn counts(report: &Value) -> [u64; 4] {
    ["new", "updated", "unchanged", "refused"].map(|name| report[name].as_u64().expect("a number"))
}

/// Every practice of a stopped town as an export has it, by title, without what differs by place.
fn exported(town: &Town) -> BTreeMap<String, Value> {
    let file = town.file("export.jsonl");
    town.run(&["export", text(&file)]).ends(DONE);
    let lines = fs::read_to_string(&file).expect("written");
    let row = |line| {
        let mut row: Value = serde_json::from_str(line).expect("JSON");
        row.as_object_mut().expect("an object").remove("external_id");
        (row["title"].as_str().expect("a title").to_owned(), row)
    };
    lines.lines().map(row).collect()
}

#[test]
fn a_second_import_updates_and_does_not_double() {
    let town = Town::founded("ananiv");
    let file = town.file("rows.jsonl");
    let import = |rows: &[Value]| {
        write_jsonl(&file, rows);
        counts(&town.run(&["import", text(&file), "--json"]).ends(DONE).json())
    };
    let mut some = rows(21, 30, 500);
    assert_eq!(import(&some), [30, 0, 0, 0]);
    let before = town.status();
    assert_eq!(import(&some), [0, 0, 30, 0]);
    assert_eq!(town.status()["fingerprint"], before["fingerprint"], "nothing was published");
    // Two rows change, one is new.
    some[3]["title"] = json!("Нова назва");
    some[7]["costs"] = json!({ "total_uah": 1 });
    some.push(rows(22, 31, 500).pop().expect("the last"));
    assert_eq!(import(&some), [1, 2, 28, 0]);
    let status = town.status();
    assert_eq!((&status["practices"], &status["records"]), (&json!(31), &json!(1 + 30 + 3)));
    assert!(exported(&town).contains_key("Нова назва"));
}

#[test]
fn two_rows_of_one_practice_are_written_one_on_top_of_the_other() {
    let town = Town::founded("ananiv");
    let file = town.file("rows.jsonl");
    let mut some = rows(24, 3, 500);
    for row in &mut some {
        // Without a name at its source a row is known by its title and place.
        row.as_object_mut().expect("an object").remove("external_id");
        (row["title"], row["community"]) = (json!("Толока"), json!(CODE));
    }
    let last = some[2]["solution"].clone();
    write_jsonl(&file, &some);
    assert_eq!(counts(&town.run(&["import", text(&file), "--json"]).ends(DONE).json()), [1, 2, 0, 0]);
    let kept = exported(&town);
    assert_eq!((kept.len(), &kept["Толока"]["solution"]), (1, &last), "the last row stands");
    assert_eq!(town.status()["records"], json!(1 + 3));
    let listed = town.run(&["list", "--json"]).ends(DONE).json();
    assert_eq!(listed["rows"][0]["conflicts"], json!(false), "{listed}");
}

#[test]
fn what_is_refused_is_named_with_its_line_and_the_reason() {
    let town = Town::founded("ananiv");
    let good = &rows(23, 3, 400);
    let mut unknown_place = good[0].clone();
    unknown_place["community"] = json!("UA99999999999999999");
    let mut unknown_field = good[0].clone();
    unknown_field["colour"] = json!("blue");
    let lines = [
        good[0].to_string(),
        "{ this is not JSON".into(),
        String::new(),
        good[1].to_string(),
        unknown_place.to_string(),
        json!({ "external_id": "empty", "title": "Без тексту" }).to_string(),
        unknown_field.to_string(),
        "[1, 2]".into(),
        good[2].to_string(),
    ];
    let file = town.file("rows.jsonl");
    fs::write(&file, lines.join("\n")).expect("written");
    // 1. The report names every line, in the order of the file or not.
    let report = town.file("report.jsonl");
    let ran = town.run(&["import", text(&file), "--report", text(&report), "--json"]).ends(PARTLY);
    assert_eq!(counts(&ran.json()), [3, 0, 0, 5]);
    let rows: BTreeMap<u64, Value> = fs::read_to_string(&report)
        .expect("written")
        .lines()
        .map(|line| serde_json::from_str::<Value>(line).expect("JSON"))
        .map(|row| (row["line"].as_u64().expect("a line"), row))
        .collect();
    assert_eq!(rows.keys().copied().collect::<Vec<_>>(), [1, 2, 4, 5, 6, 7, 8, 9]);
    for line in [1, 4, 9] {
        assert_eq!((&rows[&line]["outcome"], &rows[&line]["errors"]), (&json!("new"), &json!([])));
        assert!(rows[&line]["id"].is_string());
    }
    let reason = |line: u64| {
        assert_eq!(rows[&line]["outcome"], json!("refused"));
        let error = &rows[&line]["errors"][0];
        assert!(!error["uk"].as_str().expect("a text").is_empty());
        (error["field"].as_str().expect("a text"), error["en"].as_str().expect("a text"))
    };
    assert_eq!((reason(5).0, reason(6).0), ("community", "solution"));
    assert!(reason(5).1.contains("UA99999999999999999") && reason(7).1.contains("colour"));
    // 2. A person reads the same.
    let ran = town
        .run(&["import", text(&file)])
        .ends(PARTLY)
        .says("line 2")
        .says("line 5: Community where it happened (community)");
    assert!(!ran.err.contains("line 4"), "{ran:#?}");
}

#[test]
fn a_table_gives_the_same_practices_as_lines_of_json() {
    let rows = rows(24, 25, 600);
    let (lines, table) = (Town::founded("ananiv"), Town::founded("bar"));
    write_jsonl(&lines.file("rows.jsonl"), &rows);
    write_csv(&table.file("rows.csv"), &rows);
    for (town, file) in [(&lines, "rows.jsonl"), (&table, "rows.csv")] {
        let ran = town.run(&["import", text(&town.file(file)), "--json"]).ends(DONE);
        assert_eq!(counts(&ran.json()), [25, 0, 0, 0], "{file}");
    }
    assert_eq!(exported(&lines), exported(&table));
    // The other format of one file meets the same documents.
    let file = lines.file("rows.csv");
    write_csv(&file, &rows);
    assert_eq!(counts(&lines.run(&["import", text(&file), "--json"]).ends(DONE).json()), [0, 0, 25, 0]);
    fs::write(&file, "colour,text\nТолока,Прибрали\n").expect("written");
    lines.run(&["import", text(&file)]).ends(DENIED).says("Title");
}

#[test]
fn a_dry_run_tells_what_would_happen_and_changes_nothing() {
    let town = Town::founded("ananiv");
    let file = town.file("rows.jsonl");
    let mut some = rows(25, 12, 400);
    write_jsonl(&file, &some[..10]);
    town.run(&["import", text(&file)]).ends(DONE);
    let before = town.status();
    some[0]["title"] = json!("Інша назва");
    some[1]["sectors"] = json!(["weather"]);
    write_jsonl(&file, &some);
    let told = town.run(&["import", text(&file), "--dry-run", "--json"]).ends(PARTLY).json();
    assert_eq!((counts(&told), &told["dry_run"]), ([2, 1, 8, 1], &json!(true)));
    assert_eq!(town.status()["fingerprint"], before["fingerprint"]);
    // Then it happens just so.
    let done = town.run(&["import", text(&file), "--json"]).ends(PARTLY).json();
    assert_eq!(counts(&done), counts(&told));
}

/// Exports to a file of this name and imports that into another town.
fn goes_through(name: &str) {
    let ananiv = Town::founded("ananiv");
    let (source, all) = (ananiv.file("rows.jsonl"), ananiv.file(name));
    write_jsonl(&source, &rows(26, 110, 400));
    ananiv.run(&["import", text(&source)]).ends(DONE);
    ananiv.run(&["export", text(&all)]).ends(DONE);
    let bar = Town::founded("bar");
    assert_eq!(counts(&bar.run(&["import", text(&all), "--json"]).ends(DONE).json()), [110, 0, 0, 0]);
    assert_eq!(exported(&bar), exported(&ananiv));
    assert_eq!(counts(&bar.run(&["import", text(&all), "--json"]).ends(DONE).json()), [0, 0, 110, 0]);
}

#[test]
fn what_was_exported_can_be_imported_elsewhere() {
    goes_through("all.jsonl");
}

#[test]
fn what_was_exported_as_a_table_can_be_imported_elsewhere() {
    goes_through("all.csv");
}

#[test]
fn what_was_exported_and_comes_back_to_the_same_town_is_not_doubled() {
    let town = Town::founded("ananiv");
    let (source, all) = (town.file("rows.jsonl"), town.file("all.jsonl"));
    write_jsonl(&source, &rows(28, 5, 400));
    town.run(&["import", text(&source)]).ends(DONE);
    town.run(&["export", text(&all)]).ends(DONE);
    assert_eq!(counts(&town.run(&["import", text(&all), "--json"]).ends(DONE).json()), [0, 0, 5, 0]);
    assert_eq!(town.status()["practices"], json!(5));
}

#[test]
fn an_import_needs_a_file_and_a_community() {
    let reader = Town::reader("bar");
    let file = reader.file("rows.jsonl");
    let missing = reader.run(&["import", text(&file)]).ends(FAULT);
    missing.says("rows.jsonl");
    write_jsonl(&file, &rows(27, 1, 400));
    reader.run(&["import", text(&file)]).ends(DENIED).says("dosvid init");
}

/// Cyrillic as Windows wrote it before Unicode.
fn windows_1251(text: &str) -> Vec<u8> {
    let byte = |letter: char| match letter {
        'А'..='я' => (u32::from(letter) - 0x410 + 0xc0) as u8,
        'і' => 0xb3,
        'ї' => 0xbf,
        'є' => 0xba,
        letter => u8::try_from(letter).expect("a letter of the old Windows"),
    };
    text.chars().map(byte).collect()
}

#[test]
fn a_table_of_a_spreadsheet_is_read_whatever_it_was_written_with() {
    let town = Town::founded("ananiv");
    let head = ["Назва практики", "Коротко", "Галузь", "Громада", "Початок", "Що зробили"];
    let rows = [
        ["Толока", "Прибрали берег", "Довкілля", "UA53080390000027656", "05.2024", "Прийшли всі"],
        ["Ярмарок", "Продали мед", "Космос", "UA53080390000027656", "2023", "Прийшли не всі"],
    ];
    let old = town.file("old.csv");
    let lines: Vec<String> = std::iter::once(head).chain(rows).map(|row| row.join(";")).collect();
    fs::write(&old, windows_1251(&lines.join("\r\n"))).expect("written");
    let book = town.file("book.xlsx");
    let mut written = rust_xlsxwriter::Workbook::new();
    let sheet = written.add_worksheet();
    for (line, row) in (0..).zip(std::iter::once(head).chain(rows)) {
        (0..).zip(row).for_each(|(column, cell)| {
            sheet.write_string(line, column, cell).expect("written");
        });
    }
    written.save(&book).expect("written");
    let ran = town.run(&["import", text(&old), "--json"]).ends(PARTLY);
    assert_eq!(counts(&ran.json()), [1, 0, 0, 1]);
    town.run(&["import", text(&book)]).ends(PARTLY).says("Космос");
    let again = town.run(&["import", text(&book), "--json"]).ends(PARTLY);
    assert_eq!(counts(&again.json()), [0, 0, 1, 1], "a workbook and a table say the same");
    let practice = &exported(&town)["Толока"];
    assert_eq!((&practice["sectors"], &practice["started"]), (&json!(["environment"]), &json!("2024-05")));
}
