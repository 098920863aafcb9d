//! Every command, with a running node and without one: the same answers, valid JSON, exit codes.

use std::fs;
use std::io::Write;
use std::path::Path;
use std::process::Stdio;

use serde_json::{Value, json};

use super::material::{practice, rows, write_jsonl};
use super::program::{DENIED, DONE, Ran, command};
use super::town::Town;
use super::{PATIENCE, wait_for};
use crate::world::rng::Rng;

fn text(path: &Path) -> &str {
    path.to_str().expect("UTF-8")
}

/// What a status says whether or not the node runs.
fn lasting(mut status: Value) -> Value {
    let fields = status.as_object_mut().expect("an object");
    for passing in ["addresses", "disk_bytes", "caught_up_at", "peers", "started_at", "index"] {
        fields.remove(passing).expect("a status has it");
    }
    status
}

/// Everything that the commands which only read print and write.
fn all_that_can_be_read(town: &Town) -> Vec<(String, String)> {
    let mut seen = Vec::new();
    let mut see = |arguments: &[&str], code: i32| -> Ran {
        let ran = town.run(arguments).ends(code);
        if arguments.contains(&"--json") && code == DONE {
            ran.out.lines().for_each(|line| drop(serde_json::from_str::<Value>(line).expect("JSON")));
        }
        seen.push((arguments.join(" "), format!("{}\n{}", ran.out, ran.err)));
        ran
    };
    let page = see(&["list", "--limit", "5", "--json"], DONE).json();
    let (id, next) = (page["rows"][0]["id"].as_str().expect("an id"), page["next"].as_str().expect("more"));
    let owner = page["rows"][0]["owner"].as_str().expect("an owner");
    see(&["list"], DONE);
    see(&["list", "--limit", "5", "--after", next, "--json"], DONE);
    see(&["list", "--community", owner, "--json"], DONE);
    see(&["list", "--hromadas", "ніжин"], DONE);
    see(&["list", "--hromadas", "ніжин", "--json"], DONE);
    see(&["list", "--after", "nowhere"], DENIED);
    see(&["show", id], DONE);
    see(&["show", id, "--json"], DONE);
    see(&["show", &"0".repeat(32)], DENIED);
    see(&["show", "толока"], DENIED);
    see(&["verify"], DONE);
    see(&["verify", "--json"], DONE);
    see(&["peers"], DONE);
    see(&["peers", "--json"], DONE);
    for (name, arguments) in [
        ("all.jsonl", &["export"][..]),
        ("all.csv", &["export"]),
        ("table.txt", &["export", "--format", "csv"]),
        ("all.bundle", &["bundle", "export"]),
    ] {
        let file = town.file(name);
        town.run(&[arguments, &[text(&file)]].concat()).ends(DONE);
        seen.push((
            name.into(),
            data_encoding::HEXLOWER.encode(blake3::hash(&fs::read(&file).expect("written")).as_bytes()),
        ));
    }
    seen.push(("status".into(), lasting(town.run(&["status", "--json"]).ends(DONE).json()).to_string()));
    seen
}

#[test]
fn reading_is_the_same_with_a_running_node_and_without_one() {
    let mut town = Town::founded("ananiv");
    write_jsonl(&town.file("rows.jsonl"), &rows(31, 23, 400));
    town.run(&["import", text(&town.file("rows.jsonl"))]).ends(DONE);
    let without = all_that_can_be_read(&town);
    town.start();
    let with = all_that_can_be_read(&town);
    for (without, with) in without.iter().zip(&with) {
        assert_eq!(without, with);
    }
    assert_eq!(lasting(town.status()), lasting(town.run(&["status", "--json"]).json()));
    town.run(&["status"]).ends(DONE).says("/ip4/127.0.0.1/tcp/");
    town.was_quiet();
}

/// One life of writing: what each step answered, without ids, which differ by chance.
fn write_everything(town: &Town) -> Vec<Value> {
    let mut rng = Rng::new(32);
    let file = |name: &str, content: &Value| {
        let path = town.file(name);
        fs::write(&path, content.to_string()).expect("written");
        path
    };
    let shape = |mut answer: Value| {
        for name in ["id", "record", "heads"] {
            assert!(answer.as_object_mut().expect("an object").remove(name).is_some_and(|value| !value.is_null()));
        }
        answer
    };
    let content = practice(&mut rng, "Толока", 400);
    let mut seen = Vec::new();
    let published = town.run(&["publish", text(&file("new.json", &content)), "--json"]).ends(DONE).json();
    let id = published["id"].as_str().expect("an id").to_owned();
    let mut edited = content.clone();
    edited["title"] = json!("Толока двічі");
    let edit = town.run(&["publish", text(&file("edit.json", &edited)), "--edit", &id, "--json"]).ends(DONE).json();
    assert_eq!(edit["id"], published["id"]);
    seen.extend([shape(published), shape(edit)]);
    seen.push(town.run(&["show", &id, "--json"]).ends(DONE).json()["practice"].clone());
    // What is short, unknown or not there is refused, in words.
    let mut short = content.clone();
    (short["problem"], short["title"]) = (json!("Сміття"), json!(""));
    let ran = town.run(&["publish", text(&file("short.json", &short))]).ends(DENIED).says("problem").says("title");
    seen.push(json!(ran.err));
    for (name, content) in [("text.json", json!("Толока")), ("word.json", json!({ "colour": "blue" }))] {
        seen.push(json!(town.run(&["publish", text(&file(name, &content))]).ends(DENIED).says("cannot be read").code));
    }
    let none = "0".repeat(32);
    town.run(&["publish", text(&file("edit.json", &edited)), "--edit", &none]).ends(DENIED);
    town.run(&["withdraw", &none, "--yes"]).ends(DENIED);
    // Taken back once, with a reason, by whoever says that they mean it.
    town.run(&["withdraw", &id]).ends(DENIED).says("--yes");
    town.run(&["withdraw", &id, "--reason", "повтор", "--yes"]).ends(DONE).says(&id);
    town.run(&["show", &id]).ends(DENIED).says("повтор");
    seen.push(json!(town.run(&["withdraw", &id, "--yes"]).ends(DENIED).err));
    seen.push(json!(town.run(&["publish", text(&file("edit.json", &edited)), "--edit", &id]).ends(DENIED).err));
    // An import, twice.
    let source = town.file("rows.jsonl");
    write_jsonl(&source, &rows(33, 9, 400));
    for _ in 0..2 {
        seen.push(town.run(&["import", text(&source), "--json"]).ends(DONE).json());
    }
    let status = town.run(&["status", "--json"]).ends(DONE).json();
    seen.extend(
        ["records", "practices", "pending", "waiting", "set_aside", "warnings"].map(|name| status[name].clone()),
    );
    seen
}

#[test]
fn writing_is_the_same_with_a_running_node_and_without_one() {
    let without = Town::founded("ananiv");
    let mut with = Town::founded("bar");
    with.start();
    let (without, running) = (write_everything(&without), write_everything(&with));
    for (without, with) in without.iter().zip(&running) {
        // The views of an import follow behind it in a running node.
        assert_eq!(without, with);
    }
    with.was_quiet();
}

#[test]
fn a_practice_can_come_from_standard_input() {
    let town = Town::founded("ananiv");
    let mut publish = command(town.folder());
    let publish = publish.args(["publish", "-", "--json"]).stdin(Stdio::piped()).stdout(Stdio::piped());
    let mut publish = publish.spawn().expect("the program can be started");
    let content = practice(&mut Rng::new(34), "Зі стандартного вводу", 400).to_string();
    publish.stdin.take().expect("piped").write_all(content.as_bytes()).expect("written");
    let output = publish.wait_with_output().expect("ended");
    assert_eq!(output.status.code(), Some(DONE));
    assert_eq!(town.status()["practices"], json!(1));
}

#[test]
fn a_node_that_reads_says_how_to_become_one_that_writes() {
    let town = Town::reader("bar");
    let file = town.file("new.json");
    fs::write(&file, practice(&mut Rng::new(35), "Толока", 400).to_string()).expect("written");
    town.run(&["publish", text(&file)]).ends(DENIED).says("dosvid init");
    town.run(&["withdraw", &"0".repeat(32), "--yes"]).ends(DENIED).says("dosvid init");
}

#[test]
fn a_folder_takes_one_node_at_a_time_and_needs_none_for_peers() {
    let mut town = Town::founded("ananiv");
    let away = "/ip4/127.0.0.1/tcp/9/p2p/12D3KooWC1vBNnCPabYLtCH9hGuaYFSSd4qZL27xsWzApdgibUrt";
    town.run(&["peers", "--add", away]).ends(DENIED).says("dosvid run");
    town.start();
    town.run(&["run", "--http", "127.0.0.1:0", "--listen", "/ip4/127.0.0.1/tcp/0"]).ends(DENIED).says("already");
    town.run(&["peers", "--add", away]).ends(DONE);
    town.run(&["peers", "--add", "somewhere"]).ends(DENIED);
    // A node that was killed leaves a note of where it served; nobody is misled by it.
    town.kill();
    assert!(town.folder().join("running.json").exists());
    town.run(&["status", "--json"]).ends(DONE);
    town.start();
    town.stop();
    assert!(!town.folder().join("running.json").exists());
}

#[test]
fn a_node_that_is_told_to_end_while_it_opens_ends_well() {
    let mut town = Town::founded("ananiv");
    for _ in 0..3 {
        // Its name is logged a moment before its pages are served.
        let before = town.log().matches("local_peer_id").count();
        town.launch();
        wait_for("the node to open", PATIENCE, || {
            if town.log().matches("local_peer_id").count() > before { Ok(()) } else { Err(town.log()) }
        });
        town.stop();
    }
    town.start();
    town.stop();
}

#[test]
fn a_node_dials_a_peer_that_it_is_told_of_while_it_runs() {
    let (mut ananiv, mut bar) = (Town::founded("ananiv"), Town::reader("bar"));
    ananiv.start();
    bar.start();
    bar.run(&["peers", "--add", &ananiv.address()]).ends(DONE);
    super::town::agree(&[&ananiv, &bar]);
    let peers = bar.run(&["peers", "--json"]).ends(DONE).json();
    assert_eq!((&peers[0]["connected"], &peers[0]["received"]), (&json!(true), &json!(1)));
    assert!(ananiv.address().ends_with(peers[0]["id"].as_str().expect("a name")));
}
