//! Practices as a community would write them, from a seed: plausible, different, as long as asked.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use serde_json::{Map, Value, json};

use crate::world::rng::Rng;

/// A code that the codifier has.
pub const CODE: &str = "UA26040190000081578";
const PLACES: [&str; 2] = [CODE, "UA74040250000063494"];
const SECTORS: [&str; 6] =
    ["education", "housing_utilities", "environment", "culture", "youth_sport", "small_business"];
const MECHANISMS: [&str; 5] =
    ["general_meeting", "public_hearing", "local_initiative", "e_petition", "participatory_budget"];
const STAGES: [&str; 4] = ["pilot", "running", "finished", "suspended"];

const WHO: [&str; 8] =
    ["Мешканці", "Старости", "Молодіжна рада", "Комунальники", "Учителі ліцею", "Депутати", "Волонтери", "Голови ОСББ"];
const DID: [&str; 8] = [
    "прибрали парк",
    "провели громадські слухання",
    "посадили дерева",
    "облаштували спортивний майданчик",
    "полагодили дах бібліотеки",
    "обрали проєкти бюджету участі",
    "відкрили ґанок для людей на кріслах колісних",
    "з’їздили до сусідньої громади по досвід",
];
const HOW: [&str; 6] = [
    "за два місяці",
    "разом із районною лікарнею",
    "без жодної гривні з бюджету",
    "навесні, щойно зійшов сніг",
    "попри перебої зі світлом",
    "за кошти «Бюджету участі»",
];

/// Sentences of at least so many letters, some of them to a paragraph.
fn prose(rng: &mut Rng, letters: usize) -> String {
    let mut text = String::new();
    let mut len = 0;
    while len < letters {
        let sentence = format!(
            "{} {} {}, це дало {} учасників.",
            rng.pick(&WHO),
            rng.pick(&DID),
            rng.pick(&HOW),
            rng.below(900) + 10
        );
        len += sentence.chars().count() + 1;
        text.push_str(&sentence);
        text.push(if rng.percent(30) { '\n' } else { ' ' });
    }
    text.trim_end().to_owned()
}

/// A complete practice whose main text has at least so many letters.
pub fn practice(rng: &mut Rng, title: &str, letters: usize) -> Value {
    json!({
        "title": title,
        "summary": prose(rng, 60).replace('\n', " "),
        "sectors": [rng.pick(&SECTORS)],
        "mechanisms": [rng.pick(&MECHANISMS)],
        "community": rng.pick(&PLACES),
        "scope": "hromada",
        "stage": rng.pick(&STAGES),
        "started": format!("{}", 2018 + rng.below(8)),
        "problem": prose(rng, 250),
        "solution": prose(rng, letters.max(320)),
        "results_text": prose(rng, 80),
        "participants": { "total": rng.below(5_000), "target_groups": ["youth"] },
        "costs": { "total_uah": rng.below(900_000), "year": 2024 },
        "contact": { "role": "Секретар ради", "email": "rada@example.org" },
        "keywords": ["досвід", "громада"],
    })
}

/// Rows of a file to import, each with its name at its source.
pub fn rows(seed: u64, count: usize, letters: usize) -> Vec<Value> {
    let mut rng = Rng::new(seed);
    let row = |n| {
        let mut row = practice(&mut rng, &format!("Практика {n}: {}", DID[n % DID.len()]), letters);
        row["external_id"] = json!(format!("test:{n}"));
        row
    };
    (0..count).map(row).collect()
}

/// Writes one row a line.
pub fn write_jsonl(path: &Path, rows: &[Value]) {
    let lines: String = rows.iter().map(|row| format!("{row}\n")).collect();
    fs::write(path, lines).expect("written");
}

/// Writes a table with dotted names, lists joined by semicolons, as the program's help describes it.
pub fn write_csv(path: &Path, rows: &[Value]) {
    let rows: Vec<BTreeMap<String, String>> = rows.iter().map(cells).collect();
    let names: BTreeSet<&String> = rows.iter().flat_map(BTreeMap::keys).collect();
    let mut table = csv::Writer::from_path(path).expect("created");
    table.write_record(&names).expect("written");
    for row in &rows {
        let cell = |name: &&String| row.get(*name).map(String::as_str).unwrap_or_default();
        table.write_record(names.iter().map(cell)).expect("written");
    }
    table.flush().expect("written");
}

fn cells(row: &Value) -> BTreeMap<String, String> {
    fn into(cells: &mut BTreeMap<String, String>, prefix: &str, group: &Map<String, Value>) {
        for (name, value) in group {
            let name = format!("{prefix}{name}");
            match value {
                Value::Object(inner) => into(cells, &format!("{name}."), inner),
                Value::Array(items) => {
                    let words: Vec<&str> = items.iter().filter_map(Value::as_str).collect();
                    cells.insert(name, words.join("; "));
                }
                Value::String(text) => {
                    cells.insert(name, text.clone());
                }
                other => {
                    cells.insert(name, other.to_string());
                }
            }
        }
    }
    let mut found = BTreeMap::new();
    into(&mut found, "", row.as_object().expect("a row is an object"));
    found
}

/// Files of real practices, if `DOSVID_MATERIAL` names their folder. None may be committed here.
pub fn real() -> Vec<PathBuf> {
    let Some(folder) = std::env::var_os("DOSVID_MATERIAL") else { return Vec::new() };
    let files =
        fs::read_dir(&folder).expect("DOSVID_MATERIAL is a folder").map(|entry| entry.expect("readable").path());
    let mut files: Vec<PathBuf> =
        files.filter(|path| path.extension().is_some_and(|ending| ending == "jsonl")).collect();
    files.sort();
    assert!(!files.is_empty(), "no *.jsonl in {}", folder.display());
    files
}
