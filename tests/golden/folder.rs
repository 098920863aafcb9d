//! A whole data folder of this release: a later one must open it, show what was in it, and go on
//! writing.

use std::fs;
use std::path::Path;

use crdt::id::{DocumentId, DocumentName};
use crdt::practice::Practice;
use node::config::DataDir;
use node::keyring::Keyring;
use node::node::Node;
use serde_json::{Value, json};
use tokio::runtime::Runtime;
use web_ui::library::{Edit, ImportRequest, Library, PageRequest};
use web_ui::testing::samples;

use super::{golden, write, writing};
use crate::decoders::signers::signers;
use crate::world::{CODE, folder, practice};

/// The folder, packed: every file with its path. sled's files are mostly zeros.
const PACKED: &str = "data-folder.zst";
/// What was in it, as the API said.
const SAID: &str = "data-folder.json";
/// Every clone carries it.
const PACKED_BYTES_MAX: usize = 200 * 1024;
/// Far more than the folder holds.
const UNPACKED_BYTES_MAX: usize = 64 * 1024 * 1024;
/// How many practices are imported in it, and how many of them are taken back.
const IMPORTED: usize = 12;
const TAKEN_BACK: usize = 2;

/// Opens a data folder, does something in it, and closes it.
fn with_node<T>(path: &Path, act: impl FnOnce(&Node) -> T) -> T {
    let runtime = Runtime::new().expect("a runtime");
    let _entered = runtime.enter();
    let node = Node::open(DataDir(path.to_owned())).expect("the folder opens");
    let done = act(&node);
    node.finish_views().expect("derived");
    node.close();
    done
}

/// Everything that a program can ask of the folder and that must not change.
fn said(node: &Node) -> Value {
    node.finish_views().expect("derived");
    let library = &*node.library;
    let page = PageRequest { after: None, limit: 100 };
    let status = library.status().expect("a status");
    let cards = library.practices(&page, None).expect("a list");
    let practices: Vec<_> = cards.rows.iter().map(|card| whole(library, &card.id)).collect();
    let communities = library.communities(&page).expect("a list");
    let (drafts, quarantine) = (library.drafts().expect("a list"), library.quarantine(&page).expect("a list"));
    json!({
        "records": status.records,
        "fingerprint": status.fingerprint,
        "community": status.community,
        "device": status.device,
        "warnings": status.warnings,
        "practices": practices,
        "communities": communities,
        "drafts": drafts.iter().map(|draft| &draft.title).collect::<Vec<_>>(),
        "quarantine": quarantine.total,
    })
}

fn whole(library: &dyn Library, id: &str) -> Value {
    let id = id.parse().expect("an id");
    let page = library.practice(id).expect("a practice");
    let history = library.history(id, &PageRequest { after: None, limit: 100 }).expect("a history");
    json!({ "page": page, "history": history })
}

/// Fills a folder as a town does: keys, settings, practices, edits, withdrawals, a profile, a draft,
/// and records that only a later version understands.
fn fill(path: &Path) -> Value {
    for (name, key) in [("device", &signers().devices[0]), ("officer", &signers().officer)] {
        let text = data_encoding::HEXLOWER.encode(key.as_bytes());
        node::keyring::write_private(&path.join(format!("keys/{name}.key")), text.as_bytes()).expect("written");
    }
    fs::write(path.join("dosvid.toml"), "http = \"127.0.0.1:0\"\nlisten = [\"/ip4/127.0.0.1/tcp/0\"]\n")
        .expect("written");
    fs::write(path.join("bootstrap-peers.toml"), "network = \"decoders\"\nopen = true\n").expect("written");
    with_node(path, |node| {
        let library = &*node.library;
        library.found_community(CODE, "ЦНАП, вікно 2").expect("founded");
        library.create_practice(full()).expect("published");
        let rows = (0..IMPORTED).map(|n| serde_json::to_value(short(n)).expect("JSON")).collect();
        let reports = library.import(ImportRequest { rows, dry_run: false }).expect("imported");
        node.finish_views().expect("derived");
        let ids: Vec<_> = reports.into_iter().map(|row| row.id.expect("new").parse().expect("an id")).collect();
        for (n, id) in ids.iter().enumerate().step_by(3) {
            edit(library, *id, Practice { summary: format!("Змінено {n}"), ..short(n) });
        }
        for id in ids.iter().rev().take(TAKEN_BACK) {
            library.withdraw(*id, "Повтор".into()).expect("taken back");
        }
        let profile = crdt::profile::Profile { about: "Громада на річці".into(), ..Default::default() };
        library.edit_profile(Edit { content: profile, ..Default::default() }).expect("edited");
        library.keep_draft(DocumentName([3; 16]), json!({ "title": "Ще пишемо" })).expect("kept");
        // Another community, with what a later version says in it.
        let others = crate::decoders::seeds::records();
        let block = node::bundle::pack(others.iter().map(crdt::record::Record::bytes));
        let report = library.take_block(block, false).expect("taken");
        assert_eq!((report.new, report.refused), (others.len() as u64, 0), "{report:?}");
        said(node)
    })
}

/// Saves a form that was rendered just now.
fn edit(library: &dyn Library, id: DocumentId, content: Practice) {
    let base_heads = library.practice(id).expect("shown").heads;
    let published = library.edit_practice(id, Edit { base_heads, content, resolve: Vec::new() });
    assert!(!published.expect("edited").merged);
}

/// A practice with every field filled in.
fn full() -> Practice {
    let sample = samples::practice();
    let (problem, solution) = (sample.problem.repeat(3), sample.solution.repeat(4));
    Practice { problem, solution, ..sample }
}

fn short(n: usize) -> Practice {
    practice(&format!("Практика {n}"), &["Прибрали парк", "Посадили дерева", "Поставили лави"])
}

/// The files that make a folder what it is: not the locks, not what says where a process runs.
fn pack(folder: &Path) -> Vec<u8> {
    let mut files: Vec<(String, Vec<u8>)> = Vec::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(inner) = folders.pop() {
        for entry in fs::read_dir(inner).expect("a folder") {
            let path = entry.expect("readable").path();
            let name = path.strip_prefix(folder).expect("inside").to_string_lossy().replace('\\', "/");
            if path.is_dir() {
                folders.push(path);
            } else if !["lock", "running.json"].contains(&name.as_str()) {
                files.push((name, fs::read(&path).expect("read")));
            }
        }
    }
    files.sort();
    zstd::bulk::compress(&postcard::to_stdvec(&files).expect("small"), 19).expect("compressed")
}

fn unpack(packed: &[u8], into: &Path) {
    let raw = zstd::bulk::decompress(packed, UNPACKED_BYTES_MAX).expect("our own");
    let files: Vec<(String, Vec<u8>)> = postcard::from_bytes(&raw).expect("our own");
    for (name, content) in files {
        let path = into.join(name);
        fs::create_dir_all(path.parent().expect("a folder")).expect("made");
        fs::write(path, content).expect("written");
    }
}

#[test]
fn a_folder_that_was_filled_can_be_opened_again() {
    let (first, second) = (folder(), folder());
    let expected = fill(first.path());
    assert_eq!(expected["practices"].as_array().map(Vec::len), Some(IMPORTED + 1 - TAKEN_BACK + 1));
    let packed = pack(first.path());
    assert!(packed.len() < PACKED_BYTES_MAX, "{} bytes are too many to keep", packed.len());
    unpack(&packed, second.path());
    assert_eq!(with_node(second.path(), said), expected);
    if writing() {
        write(PACKED, &packed);
        write(SAID, &serde_json::to_vec(&expected).expect("JSON"));
    }
}

#[test]
fn the_release_s_data_folder_is_opened_and_written_to() {
    let folder = folder();
    unpack(&golden(PACKED), folder.path());
    let expected: Value = serde_json::from_slice(&golden(SAID)).expect("JSON");
    // 1. Everything is there, nothing is damaged, nothing had to be built anew.
    with_node(folder.path(), |node| {
        assert_eq!(said(node), expected);
        let mut after = None;
        loop {
            let verified = node.library.verify(after.as_deref()).expect("verified");
            assert_eq!(verified.problems, []);
            after = verified.next;
            if after.is_none() {
                break;
            }
        }
    });
    assert_eq!(Keyring::new(folder.path()).device().expect("a key").to_bytes(), signers().devices[0].to_bytes());
    // 2. The town goes on: what it edits and publishes stands.
    let practices = expected["practices"].as_array().expect("a list");
    let own = practices.iter().find(|practice| practice["page"]["editable"] == json!(true)).expect("an own practice");
    let id: DocumentId = own["page"]["id"].as_str().expect("an id").parse().expect("an id");
    with_node(folder.path(), |node| {
        edit(&*node.library, id, Practice { title: "Далі".into(), ..short(0) });
        node.library.create_practice(full()).expect("published");
    });
    with_node(folder.path(), |node| {
        assert_eq!(node.library.practice(id).expect("shown").practice.title, "Далі");
        let status = node.library.status().expect("a status");
        assert_eq!(json!(status.records), json!(expected["records"].as_u64().expect("a number") + 2));
    });
}
