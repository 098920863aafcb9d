//! A library forms by replication: whoever knows one address gets everything.

use serde_json::json;

use super::PATIENCE;
use super::material::{self, rows, write_jsonl};
use super::program::{DONE, PARTLY};
use super::town::{Town, agree};
use super::wait_for;

/// Letters of a practice so long that the library travels in several blocks.
const LONG: usize = 40_000;

#[test]
fn a_newcomer_gets_the_whole_library_from_the_one_address_it_knows() {
    let mut ananiv = Town::founded("ananiv");
    // 1. Ananiv imports, with its node off; what it has is what the file has.
    let generated = rows(1, 120, 1_500);
    write_jsonl(&ananiv.file("rows.jsonl"), &generated);
    let mut files = vec![ananiv.file("rows.jsonl")];
    files.extend(material::real());
    let mut imported = 0;
    for file in &files {
        let report = ananiv.run(&["import", file.to_str().expect("UTF-8"), "--json"]);
        assert!([DONE, PARTLY].contains(&report.code), "{report:#?}");
        imported += report.json()["new"].as_u64().expect("a number");
    }
    assert!(imported >= 120);
    let offline = ananiv.status();
    assert_eq!((offline["records"].as_u64(), offline["practices"].as_u64()), (Some(imported + 1), Some(imported)));
    // 2. Bar knows nothing but Ananiv's address.
    ananiv.start();
    let mut bar = Town::reader("bar");
    bar.peers.push(ananiv.address());
    bar.start();
    bar.wait_until("it has everything", |status| status["records"] == offline["records"]);
    // 3. Both hold and show the same, on the same fingerprint that Ananiv had offline.
    let library = agree(&[&ananiv, &bar]);
    assert_eq!(library.len() as u64, imported);
    assert_eq!(bar.status()["fingerprint"], offline["fingerprint"]);
    assert_eq!(bar.status()["warnings"], json!([]));
    for row in &generated {
        let shown = library.values().find(|seen| seen["practice"]["title"] == row["title"]).expect("it is there");
        assert_eq!(shown["practice"]["solution"], row["solution"]);
    }
    // 4. The same after both were stopped in order, and nothing worth a warning happened.
    ananiv.stop();
    bar.stop();
    assert_eq!(bar.status()["fingerprint"], offline["fingerprint"]);
    let verified = bar.run(&["verify", "--json"]).ends(DONE).json();
    assert_eq!((&verified["checked"], &verified["problems"]), (&offline["records"], &json!([])));
    ananiv.was_quiet();
    bar.was_quiet();
}

#[test]
fn a_newcomer_killed_while_it_catches_up_ends_with_the_same_library() {
    let mut ananiv = Town::founded("ananiv");
    write_jsonl(&ananiv.file("rows.jsonl"), &rows(2, 240, LONG));
    let file = ananiv.file("rows.jsonl");
    ananiv.run(&["import", file.to_str().expect("UTF-8")]).ends(DONE);
    ananiv.start();
    let all = ananiv.status()["records"].as_u64().expect("a number");
    // 1. Bar is killed whenever it holds some more than before, until it was caught in the middle
    //    often enough, or is done in spite of it.
    let mut bar = Town::reader("bar");
    bar.peers.push(ananiv.address());
    let (mut caught, mut kills) = (0, 0);
    while caught < 3 && kills < 12 {
        bar.start();
        let before = bar.status()["records"].as_u64().expect("a number");
        let held = wait_for("some records more", PATIENCE, || {
            let status = bar.status();
            let held = status["records"].as_u64().expect("a number");
            let busy = held > before || status["pending"] != json!(0) || held == all;
            if busy { Ok(held) } else { Err(status.to_string()) }
        });
        bar.kill();
        kills += 1;
        caught += u32::from(held > 0 && held < all);
        if held == all {
            break;
        }
    }
    assert!(caught > 0, "none of {kills} kills met a catch-up under way");
    // 2. Left alone it ends with what Ananiv has: records, and pages as well.
    bar.start();
    let library = agree(&[&ananiv, &bar]);
    assert_eq!(library.len() as u64, all - 1);
    bar.stop();
    let verified = bar.run(&["verify", "--json"]).ends(DONE).json();
    assert_eq!((&verified["checked"], &verified["problems"]), (&json!(all), &json!([])));
    ananiv.was_quiet();
    bar.was_quiet();
}

#[test]
fn a_node_killed_while_it_derives_pages_shows_them_all_after_its_next_start() {
    let mut ananiv = Town::founded("ananiv");
    write_jsonl(&ananiv.file("rows.jsonl"), &rows(3, 60, LONG));
    let file = ananiv.file("rows.jsonl");
    ananiv.start();
    // The import goes through the running node; its pages are derived behind it.
    for round in 0..3 {
        let mut import = super::program::command(ananiv.folder());
        let import = import.args(["import", file.to_str().expect("UTF-8")]).stderr(std::process::Stdio::null()).spawn();
        let mut import = import.expect("the program can be started");
        ananiv.wait_until("it derives", |status| status["pending"] != json!(0) || status["practices"] == json!(60));
        ananiv.kill();
        import.wait().expect("it ends when the node is gone");
        assert!(round < 3);
        ananiv.start();
    }
    ananiv.run(&["import", file.to_str().expect("UTF-8")]).ends(DONE);
    let status = ananiv.wait_until("nothing is pending", |status| status["pending"] == json!(0));
    assert_eq!((&status["practices"], &status["warnings"]), (&json!(60), &json!([])), "{status}");
    assert_eq!(ananiv.library().len(), 60);
    ananiv.was_quiet();
}
