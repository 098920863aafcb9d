//! The library on a stick: whole, since a day, cut off, damaged, and from another network.

use std::fs;
use std::path::Path;
use std::process::Stdio;

use serde_json::{Value, json};

use super::material::{practice, rows, write_jsonl};
use super::program::{DENIED, DONE, PARTLY, Ran, command};
use super::town::{Town, agree};
use super::{PATIENCE, wait_for};
use crate::world::rng::Rng;

/// Where the first block of a bundle begins.
const HEAD_BYTES: u64 = 16;

fn text(path: &Path) -> &str {
    path.to_str().expect("UTF-8")
}

/// A town with so many imported practices of so many letters.
fn with_practices(name: &'static str, count: usize, letters: usize) -> Town {
    let town = Town::founded(name);
    write_jsonl(&town.file("rows.jsonl"), &rows(5, count, letters));
    town.run(&["import", text(&town.file("rows.jsonl"))]).ends(DONE);
    town
}

fn import(town: &Town, bundle: &Path) -> Ran {
    town.run(&["bundle", "import", text(bundle), "--json"])
}

/// Where the blocks of a bundle begin, and where the last one ends.
fn places(bundle: &[u8]) -> Vec<usize> {
    let mut places = vec![usize::try_from(HEAD_BYTES).expect("small")];
    loop {
        let at = places[places.len() - 1];
        let Some(head) = bundle.get(at..at + 32) else { return places };
        places.push(at + 32 + u32::from_be_bytes(head[4..8].try_into().expect("four bytes")) as usize);
    }
}

#[test]
fn a_library_goes_by_stick_from_town_to_town_without_a_network() {
    let mut ananiv = with_practices("ananiv", 20, 800);
    let stick = ananiv.file("stick.bundle");
    let written = ananiv.run(&["bundle", "export", text(&stick), "--json"]).ends(DONE).json();
    assert_eq!(written, json!({ "records": 21, "bytes": fs::metadata(&stick).expect("written").len() }));
    // 1. A dry run tells and takes nothing.
    let mut bar = Town::reader("bar");
    let before = bar.status();
    let told = bar.run(&["bundle", "import", text(&stick), "--dry-run", "--json"]).ends(DONE).json();
    assert_eq!(told["new"].as_u64().zip(told["waiting"].as_u64()).map(|(new, waiting)| new + waiting), Some(21));
    assert_eq!(bar.status()["fingerprint"], before["fingerprint"]);
    // 2. The import takes everything, the next one nothing.
    let took = import(&bar, &stick).ends(DONE).json();
    assert_eq!((&took["new"], &took["known"], &took["refused"]), (&json!(21), &json!(0), &json!(0)));
    let again = import(&bar, &stick).ends(DONE).json();
    assert_eq!((&again["new"], &again["known"]), (&json!(0), &json!(21)));
    // 3. And from Bar to a third, who has never met Ananiv, through a node that runs.
    let onward = bar.file("onward.bundle");
    bar.run(&["bundle", "export", text(&onward), "--json"]).ends(DONE);
    let mut chop = Town::reader("chop");
    for town in [&mut ananiv, &mut bar, &mut chop] {
        town.start();
    }
    assert_eq!(import(&chop, &onward).ends(DONE).json()["new"], json!(21));
    let library = agree(&[&ananiv, &bar, &chop]);
    assert_eq!(library.len(), 20);
    for town in [&ananiv, &bar, &chop] {
        town.was_quiet();
    }
}

#[test]
fn a_bundle_since_a_moment_has_only_what_is_new_and_the_charters() {
    let mut ananiv = with_practices("ananiv", 10, 500);
    let whole = ananiv.file("whole.bundle");
    ananiv.run(&["bundle", "export", text(&whole)]).ends(DONE);
    ananiv.start();
    let id = ananiv.publish(&practice(&mut Rng::new(3), "Найновіша", 400));
    let since = ananiv.page(&id).expect("published")["created_at"].to_string();
    let news = ananiv.file("news.bundle");
    let export = |since: &str| {
        ananiv.run(&["bundle", "export", text(&news), "--since", since, "--json"]).ends(DONE).json()["records"].clone()
    };
    // By the moment, the charter and one record; by a day long gone, everything; by one to come, the charter.
    assert_eq!((export("2020-01-01"), export("2100-01-01"), export(&since)), (json!(12), json!(1), json!(2)));
    // Whoever has the whole of yesterday needs no more than the news.
    let bar = Town::reader("bar");
    import(&bar, &whole).ends(DONE);
    assert_eq!(import(&bar, &news).ends(DONE).json()["new"], json!(1));
    assert_eq!(bar.status()["fingerprint"], ananiv.status()["fingerprint"]);
    ananiv.run(&["bundle", "export", text(&news), "--since", "yesterday"]).ends(2).says("2026-11-23");
}

#[test]
fn an_interrupted_import_goes_on_when_it_is_started_again() {
    let ananiv = with_practices("ananiv", 50, 40_000);
    let stick = ananiv.file("stick.bundle");
    ananiv.run(&["bundle", "export", text(&stick)]).ends(DONE);
    let all = ananiv.status()["records"].as_u64().expect("a number");
    // 1. Into a node that runs: the import dies, the node lives.
    let mut bar = Town::reader("bar");
    bar.start();
    let begin = |town: &Town| {
        let mut import = command(town.folder());
        let import = import.args(["bundle", "import", text(&stick)]).stdout(Stdio::null()).stderr(Stdio::null());
        import.spawn().expect("the program can be started")
    };
    let mut dying = begin(&bar);
    bar.wait_until("it has taken some", |status| status["records"] != json!(0));
    dying.kill().expect("killed");
    dying.wait().expect("ended");
    let held = bar.status()["records"].as_u64().expect("a number");
    let took = import(&bar, &stick).ends(DONE).json();
    let number = |name: &str| took[name].as_u64().expect("a number");
    assert!(number("known") >= held && number("new") + number("known") == all, "{held} held, then {took}");
    // 2. Into a folder: the import dies with its own node.
    let chop = Town::reader("chop");
    let mut dying = begin(&chop);
    let journal = chop.folder().join("store/db");
    wait_for("a store", PATIENCE, || fs::metadata(&journal).map_err(|error| error.to_string()));
    dying.kill().expect("killed");
    dying.wait().expect("ended");
    import(&chop, &stick).ends(DONE);
    let same = |town: &Town| town.status()["fingerprint"].clone();
    assert_eq!((same(&bar), same(&chop)), (same(&ananiv), same(&ananiv)));
    assert_eq!(chop.status()["practices"], json!(all - 1));
    bar.was_quiet();
}

#[test]
fn a_damaged_bundle_says_where_and_keeps_what_was_read() {
    let ananiv = with_practices("ananiv", 40, 40_000);
    let stick = ananiv.file("stick.bundle");
    ananiv.run(&["bundle", "export", text(&stick)]).ends(DONE);
    let whole = fs::read(&stick).expect("read");
    let places = places(&whole);
    assert!(places.len() > 3, "the test needs several blocks");
    let damaged = |name: &str, bytes: &[u8]| {
        let path = ananiv.file(name);
        fs::write(&path, bytes).expect("written");
        path
    };
    // 1. A flipped bit in the second block.
    let bar = Town::reader("bar");
    let mut flipped = whole.clone();
    flipped[places[1] + 40] ^= 1;
    let ran = import(&bar, &damaged("flipped.bundle", &flipped)).ends(PARTLY).says(&format!("byte {}", places[1]));
    assert!(ran.json()["new"].as_u64() > Some(0), "the first block is good");
    // 2. Cut off in the last one.
    let cut = damaged("cut.bundle", &whole[..whole.len() - 1]);
    import(&bar, &cut).ends(PARTLY).says(&format!("byte {}", places[places.len() - 2]));
    // 3. A whole copy completes it.
    import(&bar, &stick).ends(DONE);
    assert_eq!(bar.status()["fingerprint"], ananiv.status()["fingerprint"]);
    // 4. Damage from the very start; something else altogether; nothing at all.
    let mut first = whole.clone();
    first[places[0] + 40] ^= 1;
    let ran = import(&bar, &damaged("first.bundle", &first)).says(&format!("byte {HEAD_BYTES}"));
    assert_ne!(ran.code, DONE);
    for (name, bytes) in [("photo.bundle", &b"\xff\xd8\xff\xe0 JFIF, not a bundle"[..]), ("empty.bundle", b"")] {
        import(&bar, &damaged(name, bytes)).ends(DENIED).says("not a bundle");
    }
    let ran = import(&bar, &ananiv.file("none.bundle"));
    assert_ne!(ran.code, DONE);
    ran.says("none.bundle");
}

#[test]
fn a_bundle_of_another_network_is_refused_and_says_why() {
    let ananiv = with_practices("ananiv", 3, 400);
    let stick = ananiv.file("stick.bundle");
    ananiv.run(&["bundle", "export", text(&stick)]).ends(DONE);
    let bar = Town::reader("bar");
    fs::create_dir_all(bar.folder()).expect("a folder");
    fs::write(bar.folder().join("bootstrap-peers.toml"), "network = \"training\"\nopen = true\n").expect("written");
    let told: Value = import(&bar, &stick).ends(PARTLY).json();
    assert_eq!((&told["new"], &told["refused"]), (&json!(0), &json!(4)));
    let reasons: Vec<&String> = told["reasons"].as_object().expect("reasons").keys().collect();
    assert!(reasons.len() == 1 && reasons[0].contains("network"), "{reasons:?}");
    bar.run(&["bundle", "import", text(&stick)]).ends(PARTLY).says("another network");
    assert_eq!(bar.status()["records"], json!(0));
}
