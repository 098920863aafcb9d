//! Single records, bundles, messages, and the small files of a data folder.

use std::collections::BTreeMap;
use std::fs;

use crdt::charter::Role;
use crdt::gate::{Content, DocumentKind, Verdict, judge, read};
use crdt::id::{CommunityId, DocumentName, RecordId};
use crdt::record::{Kind, Record, Unsigned};
use crdt::view::View;
use futures::executor::block_on;
use futures::io::Cursor;
use node::bundle::{self, Next, Reader};
use node::config::{Config, DataDir};
use node::drafts::Drafts;
use node::journal::Journal;
use node::keyring::Keyring;
use node::manifest::Manifest;
use node::swarm::codec::SyncCodec;
use node::wire::{Gossip, Request, Response};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use super::{all, golden, write, writing};
use crate::decoders::seeds::{messages, records};
use crate::decoders::signers::{Hall, signers};

/// The records' names, in the order in which a node may take them.
const NAMES: [&str; 16] = [
    "01-charter-genesis",
    "02-charter-second",
    "03-change",
    "04-change",
    "05-change",
    "06-change",
    "07-change",
    "08-change-profile",
    "09-withdrawal",
    "10-vouch",
    "11-policy",
    "12-later-kind",
    "13-later-change",
    "14-later-withdrawal",
    "15-later-charter",
    "16-later-envelope",
];

/// The draft's name, and what is in it.
const DRAFT: DocumentName = DocumentName([3; 16]);
const MANIFEST: &str = "network = \"dosvid\"\nopen = true\npeers = [\"/ip4/192.0.2.7/tcp/4643\"]\n";

fn draft() -> Value {
    json!({ "title": "Толока", "solution": "Ще пишемо" })
}

fn closed_manifest() -> String {
    format!("network = \"dosvid-test\"\ncommunities = [\n    \"{}\",\n]\n", signers().community())
}

/// Settings where each says something else than it would by itself.
fn config() -> Config {
    Config {
        http: "127.0.0.1:8080".parse().expect("an address"),
        listen: vec!["/ip4/0.0.0.0/tcp/4643".into()],
        peers: vec!["/ip4/192.0.2.7/tcp/4643".into()],
        hosts: vec!["dosvid.example.ua".into()],
        ..Config::default()
    }
}

/// What this version writes.
fn files() -> BTreeMap<String, Vec<u8>> {
    let records = records();
    assert_eq!(records.len(), NAMES.len());
    let mut files = BTreeMap::new();
    for (name, record) in NAMES.iter().zip(&records) {
        files.insert(format!("{name}.record"), record.bytes().to_vec());
    }
    files.insert("library.bundle".into(), bundled(&records));
    let view = signers().derive(&signers().honest).view();
    files.insert("document.json".into(), serde_json::to_vec_pretty(&view).expect("JSON"));
    files.insert("record.gossip".into(), Gossip::of(&records[2].id(), records[2].bytes()).to_bytes());
    files.insert("announcement.gossip".into(), Gossip::Announcement(records[2].id()).to_bytes());
    files.insert("later.gossip".into(), [&[3], records[2].bytes(), b"more"].concat());
    let (requests, responses) = messages(&records);
    files.extend(requests.iter().map(|(name, message)| (format!("{name}.request"), framed(message))));
    files.extend(responses.iter().map(|(name, message)| (format!("{name}.response"), framed(message))));
    files.insert("dosvid.toml".into(), toml::to_string(&config()).expect("TOML").into_bytes());
    files.insert("bootstrap-peers.toml".into(), MANIFEST.into());
    files.insert("closed-network.toml".into(), closed_manifest().into_bytes());
    files.insert("community".into(), signers().community().to_string().into_bytes());
    files.insert("draft.json".into(), draft().to_string().into_bytes());
    for (name, key) in [("device.key", &signers().devices[0]), ("officer.key", &signers().officer)] {
        files.insert(name.into(), data_encoding::HEXLOWER.encode(key.as_bytes()).into_bytes());
    }
    files
}

fn bundled(records: &[Record]) -> Vec<u8> {
    let mut file = Vec::new();
    bundle::begin(&mut file).expect("memory");
    for some in records.chunks(5) {
        file.extend(bundle::pack(some.iter().map(Record::bytes)));
    }
    file
}

fn framed<M: Serialize + Sync>(message: &M) -> Vec<u8> {
    let mut frame = Cursor::new(Vec::new());
    block_on(SyncCodec::write(&mut frame, message)).expect("written to memory");
    frame.into_inner()
}

fn read_frame<M: DeserializeOwned>(frame: &[u8]) -> M {
    block_on(SyncCodec::read(&mut Cursor::new(frame))).expect("a frame")
}

#[test]
fn this_version_writes_what_the_release_wrote() {
    let files = files();
    if writing() {
        files.iter().for_each(|(name, content)| write(name, content));
    }
    for (name, content) in files {
        assert!(golden(&name) == content, "{name} is written in other bytes; see tests/golden.rs");
    }
}

#[test]
fn records_are_admitted_and_say_what_they_said() {
    let signers = signers();
    let hall = Hall::of(signers);
    for (name, bytes) in all(".record") {
        let Verdict::Admitted(admitted) = judge(bytes.clone(), &hall) else { panic!("{name} is not admitted") };
        let record = admitted.record();
        assert_eq!(record.bytes(), bytes);
        let (kind, said) = name.split_at(3).1.split_once('-').unwrap_or((&name[3..], ""));
        match (kind, admitted.content()) {
            ("charter", Content::Charter(body)) => {
                assert_eq!(body.to_bytes(), record.body());
                assert_eq!(record.is_genesis(), said == "genesis");
                assert_eq!(body.devices[0].role, Role::Editor);
            }
            ("change", Content::Change(kind, chunk)) => {
                assert_eq!(*kind == DocumentKind::Profile, said == "profile");
                assert!(!chunk.ops.is_empty());
            }
            ("withdrawal", Content::Withdrawal(body)) => assert_eq!(body.reason, "Повтор"),
            ("vouch" | "policy" | "later", Content::Opaque) => {}
            (_, content) => panic!("{name} is read as {content:?}"),
        }
        if said != "envelope" {
            assert_eq!(signed_again(record).bytes(), bytes, "{name} is signed in other bytes");
        }
    }
}

fn signed_again(record: &Record) -> Record {
    let signers = signers();
    let keys = [&signers.officer, &signers.devices[0], &signers.devices[1]];
    let key = keys.into_iter().find(|key| node::keyring::public(key) == record.device()).expect("one of ours");
    let community = if record.is_genesis() { CommunityId::default() } else { record.community() };
    let unsigned = Unsigned {
        network: record.network(),
        kind: record.kind(),
        body_version: record.body_version(),
        community,
        document: record.document_name(),
        created_at: record.created_at(),
        body: record.body(),
    };
    unsigned.sign(key).expect("small")
}

#[test]
fn the_document_is_what_it_was() {
    let changes = all(".record").into_iter().filter(|(name, _)| name.ends_with("-change"));
    let changes: Vec<Record> = changes.map(|(_, bytes)| Record::parse(bytes).expect("a record")).collect();
    let expected: View = serde_json::from_slice(&golden("document.json")).expect("a view");
    let known: Vec<Record> = changes.into_iter().filter(|record| record.body_version() == 1).collect();
    assert_eq!(known.len(), 5);
    assert_eq!(signers().derive(&known).view(), expected);
    assert_eq!(serde_json::to_vec_pretty(&expected).expect("JSON"), golden("document.json"));
}

#[test]
fn a_bundle_holds_the_records_and_is_packed_alike() {
    let file = golden("library.bundle");
    let mut reader = Reader::open(&file[..]).expect("memory").expect("a bundle");
    let (mut held, mut again) = (Vec::new(), bundle::FILE_HEAD.to_vec());
    while let Next::Block(block) = reader.next_block().expect("memory") {
        let records = bundle::unpack(&block).expect("whole");
        again.extend(bundle::pack(records.iter().map(Vec::as_slice)));
        held.extend(records);
    }
    assert_eq!(held, all(".record").into_values().collect::<Vec<_>>());
    assert!(again == file, "the same records are packed in other bytes");
    // A journal is a bundle: what is appended to one is what a block of one is.
    let folder = crate::world::folder();
    let path = folder.path().join("journal.bundle");
    fs::write(&path, &file).expect("written");
    let (_, tail) = Journal::open(&path, 0).expect("opens");
    assert_eq!((tail.records, tail.torn_bytes, tail.damaged), (held.clone(), 0, false));
    fs::remove_file(&path).expect("removed");
    let (mut journal, _) = Journal::open(&path, 0).expect("begins");
    held.chunks(5).for_each(|some| journal.append(some.iter().map(Vec::as_slice)).expect("appended"));
    assert!(fs::read(&path).expect("read") == file, "the journal is written in other bytes");
}

#[test]
fn messages_mean_what_they_meant() {
    let records: Vec<Record> =
        all(".record").into_values().map(|bytes| Record::parse(bytes).expect("a record")).collect();
    let (requests, responses) = messages(&records);
    let (read_requests, read_responses) = (all(".request"), all(".response"));
    assert_eq!((read_requests.len(), read_responses.len()), (requests.len(), responses.len()));
    for (name, meant) in requests {
        assert_eq!(read_frame::<Request>(&read_requests[name]), meant);
        assert_eq!(framed(&meant), read_requests[name], "{name} is written in other bytes");
    }
    for (name, meant) in responses {
        assert_eq!(read_frame::<Response>(&read_responses[name]), meant);
        assert_eq!(framed(&meant), read_responses[name], "{name} is written in other bytes");
    }
    let (record, id) = (records[2].bytes().to_vec(), records[2].id());
    let later = Gossip::Later { kind: 3, record: record.clone(), rest: b"more".to_vec() };
    let gossip = [("record", Gossip::Record(record)), ("announcement", Gossip::Announcement(id)), ("later", later)];
    for (name, meant) in gossip {
        let bytes = golden(&format!("{name}.gossip"));
        assert_eq!(Gossip::parse(&bytes).as_ref(), Some(&meant));
        assert_eq!(meant.to_bytes(), bytes, "{name} is written in other bytes");
    }
}

#[test]
fn requests_of_a_later_version_are_refused_and_cost_nothing() {
    // A later version adds variants at the end, and fields behind the last one.
    let frame = |message: &[u8]| [&(message.len() as u32).to_be_bytes()[..], message].concat();
    let later = frame(&[6, 1, 2, 3]);
    let refused = block_on(SyncCodec::read::<_, Request>(&mut Cursor::new(&later)));
    assert_eq!(refused.expect_err("unknown").kind(), std::io::ErrorKind::InvalidData);
    let mut longer = golden("fetch.request")[4..].to_vec();
    longer.extend(b"a field of tomorrow");
    let read: Request = block_on(SyncCodec::read(&mut Cursor::new(&frame(&longer)))).expect("the known part");
    assert_eq!(read, read_frame::<Request>(&golden("fetch.request")));
}

#[test]
fn the_small_files_of_a_data_folder_are_read() {
    let folder = crate::world::folder();
    let data_dir = DataDir(folder.path().to_owned());
    let keep = |name: &str, path: &str| {
        let path = folder.path().join(path);
        fs::create_dir_all(path.parent().expect("a folder")).expect("made");
        fs::write(path, golden(name)).expect("written");
    };
    keep("dosvid.toml", "dosvid.toml");
    keep("bootstrap-peers.toml", "bootstrap-peers.toml");
    keep("device.key", "keys/device.key");
    keep("officer.key", "keys/officer.key");
    keep("draft.json", &format!("drafts/{DRAFT}.json"));
    let read = data_dir.config().expect("settings");
    assert_eq!(toml::to_string(&read).expect("TOML").into_bytes(), golden("dosvid.toml"));
    assert_eq!((read.http, &read.hosts), (config().http, &config().hosts));
    let manifest = data_dir.manifest().expect("a manifest");
    assert_eq!((manifest.name.as_str(), manifest.peers.len()), ("dosvid", 1));
    let closed = String::from_utf8(golden("closed-network.toml")).expect("text");
    let closed = Manifest::parse(&closed).expect("a manifest");
    assert!(closed.admission.admits(&signers().community()) && !closed.admission.admits(&CommunityId([9; 32])));
    let keyring = Keyring::new(folder.path());
    assert_eq!(keyring.device().expect("a key").to_bytes(), signers().devices[0].to_bytes());
    assert_eq!(keyring.officer().expect("a key").to_bytes(), signers().officer.to_bytes());
    let community = String::from_utf8(golden("community")).expect("text");
    assert_eq!(community.parse(), Ok(signers().community()));
    let drafts = Drafts::new(folder.path());
    assert_eq!(drafts.read(&DRAFT).expect("read"), Some(draft()));
    drafts.keep(&DRAFT, &draft()).expect("kept");
    assert_eq!(fs::read(folder.path().join(format!("drafts/{DRAFT}.json"))).expect("read"), golden("draft.json"));
}

#[test]
fn names_are_hashes_that_never_change() {
    let first = Record::parse(golden("01-charter-genesis.record")).expect("a record");
    assert_eq!(read(&first).map(|_| ()), Ok(()));
    assert_eq!((first.kind(), first.id()), (Kind::Charter, RecordId::of(first.bytes())));
    let known = [first.id().to_string(), first.network().to_string(), signers().honest[0].document().to_string()];
    assert_eq!(known, IDS);
}

/// The ids of the founding charter, of the network and of the document.
const IDS: [&str; 3] = [
    "99a0210a6a8ec9fcfdf59ea0c9430a89948df876a637b6e374f7e3333476e73c",
    "502f7215a208e7af0e9a99c6e1d36f55cd99979557f6a48a26ce1993eb40fc60",
    "c7e8cc8fb6a57f8a180e84c09fb800db",
];
