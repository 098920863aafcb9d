//! Where the fuzzer begins: inputs made of real records, the same each time.

use crdt::gate::DocumentKind;
use crdt::id::{DocumentName, RecordId};
use crdt::record::{Kind, Record};
use node::bundle;
use node::wire::{Gossip, Request, Response, Summary, encode};
use serde_json::json;

use super::signers::{MADE_AT, Signers, signers};
use crate::world::author::{Letter, sign_again};
use crate::world::editor;

/// A target's inputs, with their names.
pub type Seeds = Named<Vec<(String, Vec<u8>)>>;

/// One record of each kind that this version knows, and some that only a later one does.
pub fn records() -> Vec<Record> {
    let signers = signers();
    let mut records = vec![signers.genesis.clone(), second_charter(signers)];
    records.extend(signers.honest.iter().cloned());
    records.push(profile(signers));
    let withdrawn = DocumentName::of_source("decoders", "withdrawn");
    let mut withdrawal = Letter::withdrawal(signers.network, signers.community(), withdrawn, MADE_AT);
    withdrawal.body = "{\"reason\":\"Повтор\"}".into();
    records.push(withdrawal.sign(&signers.devices[0]));
    records.extend(of_a_later_version(signers));
    records
}

fn second_charter(signers: &Signers) -> Record {
    let body = signers.charter.with_devices([editor(signers.public_keys()[0])]);
    Letter::charter(signers.network, signers.community(), MADE_AT, &body).sign(&signers.officer)
}

fn profile(signers: &Signers) -> Record {
    let empty = crdt::replay::Replay::empty(signers.community(), DocumentName::PROFILE, DocumentKind::Profile);
    let key = &signers.devices[0];
    let request = crdt::replay::EditRequest {
        base: &[],
        table: crdt::profile::PROFILE,
        content: &json!({ "about": "Громада на річці", "website": "https://example.org" }),
        resolve: &[],
        actor: crate::world::author::actor(key, [9; 8]),
        device: signers.public_keys()[1],
    };
    let chunk = empty.edit(&request).expect("an edit").expect("something is said");
    let (network, community) = (signers.network, signers.community());
    Letter::change(network, community, DocumentName::PROFILE, MADE_AT, DocumentKind::Profile, &chunk).sign(key)
}

/// Kinds, bodies and an envelope that this version does not know.
pub fn of_a_later_version(signers: &Signers) -> Vec<Record> {
    let letter = |kind, version| Letter {
        kind,
        version,
        body: b"what a later version says".to_vec(),
        ..Letter::withdrawal(signers.network, signers.community(), signers.name, MADE_AT)
    };
    let mut records: Vec<Record> =
        [(Kind::Vouch, 1), (Kind::Policy, 1), (Kind::Other(9), 1), (Kind::Change, 7), (Kind::Withdrawal, 7)]
            .map(|(kind, version)| letter(kind, version).sign(&signers.devices[0]))
            .into();
    records.push(letter(Kind::Charter, 7).sign(&signers.officer));
    let mut later = letter(Kind::Change, 1).sign(&signers.devices[0]).into_bytes();
    (later[0], later[3]) = (2, 5);
    sign_again(&mut later, &signers.devices[0]);
    records.push(Record::parse(later).expect("the layout is promised"));
    records
}

/// Every target's inputs.
pub fn seeds() -> Seeds {
    let records = records();
    let bytes: Vec<Vec<u8>> = records.iter().map(|record| record.bytes().to_vec()).collect();
    vec![
        ("record", numbered(bytes.clone())),
        ("gate", numbered(bytes.iter().flat_map(|bytes| [7, 15, 23].map(|mend| with(mend, bytes))))),
        ("charter", numbered(charters())),
        ("chunk", numbered(chunks(&records))),
        ("gossip", numbered(gossip(&records))),
        ("frame", numbered(frames(&records))),
        ("reconcile", numbered(reconciliations())),
        ("bundle", numbered(bundles(&bytes))),
        ("journal", numbered(journals(&bytes))),
        ("import", numbered(imports())),
        ("practice", numbered(forms())),
        ("api", numbered(bodies(&bytes))),
        ("documents", numbered(sets())),
    ]
}

fn numbered(inputs: impl IntoIterator<Item = Vec<u8>>) -> Vec<(String, Vec<u8>)> {
    inputs.into_iter().enumerate().map(|(n, input)| (format!("seed-{n:02}"), input)).collect()
}

fn with(first: u8, rest: &[u8]) -> Vec<u8> {
    [&[first], rest].concat()
}

fn charters() -> Vec<Vec<u8>> {
    let signers = signers();
    let genesis = String::from_utf8(signers.genesis.body().to_vec()).expect("JSON");
    let [officer, first, second] = signers.public_keys().map(|key| key.to_string());
    let short = |text: &str| text.replace(&officer, "$0").replace(&first, "$1").replace(&second, "$2");
    let genesis = format!("0{}", short(&genesis));
    let next = |seq: u32, prev: &str, devices: &str| {
        let code = crate::world::CODE;
        format!(
            "0{{\"code\":\"{code}\",\"seq\":{seq},\"prev\":\"{prev}\",\"officers\":[\"$0\"],\"threshold\":1,\"devices\":[{devices}]}}"
        )
    };
    let ends = "{\"key\":\"$1\",\"name\":\"ПК\",\"role\":\"editor\",\"expires_at\":5}";
    let later = "{\"key\":\"$2\",\"role\":\"a role of tomorrow\",\"more\":[1]}";
    let straight = format!("{genesis}\n{}\n{}", next(1, "@0", ends), next(2, "@1", later));
    let fork = format!("{genesis}\n{}\n{}", next(1, "@0", ends), next(1, "@0", later));
    [genesis, straight, fork].map(String::into_bytes).into()
}

fn chunks(records: &[Record]) -> Vec<Vec<u8>> {
    let changes = records.iter().filter(|record| record.kind() == Kind::Change && record.body_version() == 1);
    let chunks: Vec<&[u8]> = changes.map(|record| &record.body()[1..]).filter(|chunk| chunk[0] == 0x85).collect();
    let content = |chunk: &[u8]| crate::world::chunk::Parts::parse(chunk).content();
    let bare = chunks.iter().map(|chunk| with(1, &content(chunk)));
    chunks.iter().take(1).map(|chunk| with(0, chunk)).chain(bare).collect()
}

fn gossip(records: &[Record]) -> Vec<Vec<u8>> {
    let record = &records[2];
    [
        Gossip::of(&record.id(), record.bytes()).to_bytes(),
        Gossip::Announcement(record.id()).to_bytes(),
        [&[3], record.bytes(), b"more"].concat(),
        vec![77, 1, 2, 3],
    ]
    .into()
}

/// What a node says of itself when it is met.
const INTRODUCTION: &str = "dosvid/0.1.0 UA05020030000031457";

/// Things with their names.
pub type Named<T> = Vec<(&'static str, T)>;

/// One request and one response of each sort: what goes over the wire.
pub fn messages(records: &[Record]) -> (Named<Request>, Named<Response>) {
    let ids: Vec<RecordId> = records.iter().map(Record::id).collect();
    let block = bundle::pack(records.iter().take(2).map(Record::bytes));
    let summary = Summary { records: 12, fingerprint: [7; 32] };
    let place = node::store::OrderKey::of(&records[0]).to_bytes().to_vec();
    let message = vec![0x61, 0, 0, 2, 0];
    let requests = vec![
        ("summary", Request::Summary(summary)),
        ("reconcile", Request::Reconcile(message.clone())),
        ("fetch", Request::Fetch(ids[..3].to_vec())),
        ("stream", Request::Stream(place.clone())),
        ("stream-from-the-start", Request::Stream(Vec::new())),
        ("push", Request::Push(block.clone())),
        ("meet", Request::Meet { introduction: INTRODUCTION.into(), summary: Some(summary) }),
    ];
    let responses = vec![
        ("summary", Response::Summary(summary)),
        ("reconcile", Response::Reconcile(message)),
        ("block", Response::Block { block: block.clone(), done: 2 }),
        ("stream", Response::Stream { block, next: place }),
        ("pushed", Response::Pushed { new: 300, refused: 1 }),
        ("busy", Response::Busy),
        ("met", Response::Met { introduction: INTRODUCTION.into(), summary: None }),
    ];
    (requests, responses)
}

fn frames(records: &[Record]) -> Vec<Vec<u8>> {
    let (requests, responses) = messages(records);
    let mut frames: Vec<Vec<u8>> = requests.iter().map(|(_, message)| encode(message).expect("small")).collect();
    frames.extend(responses.iter().map(|(_, message)| encode(message).expect("small")));
    let framed: Vec<Vec<u8>> =
        frames.iter().map(|frame| [&(frame.len() as u32).to_be_bytes()[..], frame].concat()).collect();
    frames.into_iter().chain(framed).collect()
}

fn reconciliations() -> Vec<Vec<u8>> {
    let id = |n: u8| [n; 32];
    // Version; then ranges: a bound (time, length of a prefix), a mode, and what the mode needs.
    let empty = vec![0x61, 0, 0, 2, 0];
    let ids = [&[0x61, 0, 0, 2, 2][..], &id(1), &id(2)].concat();
    let fingerprint = [&[0x61, 0, 0, 1][..], &[9; 16]].concat();
    let two = [&[0x61, 5, 0, 1][..], &[9; 16], &[0, 0, 2, 1], &id(3)].concat();
    [empty, ids, fingerprint, two, vec![0x62]].into()
}

fn bundles(records: &[Vec<u8>]) -> Vec<Vec<u8>> {
    let file = |blocks: &[Vec<u8>]| [&bundle::FILE_HEAD[..], &blocks.concat()].concat();
    let (first, second) =
        (bundle::pack([records[0].as_slice()]), bundle::pack(records[1..3].iter().map(Vec::as_slice)));
    let packed = &second[bundle::BLOCK_HEAD_BYTES..];
    let claims = [&second[9..12], &second[14..16]].concat();
    let whole = file(&[first.clone(), second.clone()]);
    vec![
        with(0, &file(&[])),
        with(0, &whole),
        with(0, &whole[..whole.len() - 9]),
        with(1, &[&claims, packed].concat()),
        with(2, &records[0][..100]),
    ]
}

fn journals(records: &[Vec<u8>]) -> Vec<Vec<u8>> {
    let blocks: Vec<Vec<u8>> = records.iter().take(3).map(|record| bundle::pack([record.as_slice()])).collect();
    let whole = [&bundle::FILE_HEAD[..], &blocks.concat()].concat();
    let second = u16::try_from(16 + blocks[0].len()).expect("small");
    let mut damaged = whole.clone();
    damaged[16 + blocks[0].len() + 40] ^= 1;
    vec![
        [&[0, 0][..], &whole].concat(),
        [&second.to_be_bytes()[..], &whole].concat(),
        [&[0, 0][..], &whole[..whole.len() - 5]].concat(),
        [&[0, 0][..], &damaged].concat(),
        [&second.to_be_bytes()[..], &damaged].concat(),
        vec![0, 0, 1, 2, 3],
    ]
}

fn imports() -> Vec<Vec<u8>> {
    let rows = "{\"external_id\":\"a-1\",\"title\":\"Толока\",\"solution\":\"Прибрали парк\",\"sectors\":[\"culture\"],\"steps\":[{\"title\":\"Зібралися\"}],\"cost\":{\"total_uah\":1200}}\n\n{\"title\":\"Бюджет\",\"summary\":\"Коротко\"}\nне JSON\n";
    let table = "\u{feff}external_id,title,solution,sectors,cost.total_uah,steps\nb-1,Толока,\"Прибрали парк\nПосадили дерева\",culture;ecology,\"1 200,5\",\"[{\"\"title\"\":\"\"Раз\"\"}]\"\nb-2,Бюджет\n";
    [with(0, rows.as_bytes()), with(1, table.as_bytes()), with(1, b"name,text\na,b\n")].into()
}

fn forms() -> Vec<Vec<u8>> {
    let whole = serde_json::to_vec(&web_ui::testing::samples::practice()).expect("JSON");
    let small =
        json!({ "title": "Толока", "solution": "Прибрали парк\n\nПосадили дерева", "steps": [{ "title": "Раз" }] });
    let profile =
        json!({ "about": "Громада на річці", "website": "https://example.org", "population": { "value": 5 } });
    [with(0, &whole), with(0, small.to_string().as_bytes()), with(1, profile.to_string().as_bytes())].into()
}

fn bodies(records: &[Vec<u8>]) -> Vec<Vec<u8>> {
    let practice = json!({ "title": "Толока", "solution": "Прибрали парк", "lang": "uk", "licence": "CC-BY-4.0" });
    let edit = json!({ "base_heads": ["00".repeat(32)], "content": practice, "resolve": ["title"] });
    let profile = json!({ "base_heads": [], "content": { "about": "Громада" } });
    let bodies = [
        practice.clone(),
        edit,
        practice.clone(),
        json!({ "code": crate::world::CODE, "device_name": "ЦНАП" }),
        profile,
        json!({ "rows": [practice], "dry_run": true }),
    ];
    let mut inputs: Vec<Vec<u8>> =
        bodies.iter().enumerate().map(|(n, body)| with(n as u8, body.to_string().as_bytes())).collect();
    inputs.push(with(6, &bundle::pack([records[0].as_slice()])));
    inputs.push(with(7, json!({ "address": "/ip4/127.0.0.1/tcp/4001" }).to_string().as_bytes()));
    inputs.push(with(8, b""));
    inputs
}

/// Sets of changes: honest ones, ones with something in them changed, and made-up operations.
fn sets() -> Vec<Vec<u8>> {
    let steps: [&[[u8; 4]]; 6] = [
        &[],
        &[[0, 0, 0, 0], [10, 4, 1, 7]],
        &[[0, 2, 0, 0], [3, 0, 0, 0], [1, 0, 0, 1]],
        // A first change of its own, with a list; and one on top of it.
        &[[0, 0, 0, 0], [9, 0, 0, 0], [14, 0, 0, 0], [15, 2, 0, 0], [17, 0, 2, 0], [17, 0, 2, 3]],
        &[[0, 0, 0, 0], [9, 0, 0, 0], [4, 0, 0, 1], [2, 9, 0, 0], [16, 0, 1, 0], [19, 16, 3, 36]],
        &[[0, 1, 0, 0], [1, 0, 0, 0], [0, 1, 0, 0], [8, 0, 0, 1], [12, 6, 0, 0]],
    ];
    let set = |honest: u8, steps: &[[u8; 4]]| with(honest, &steps.concat());
    steps.iter().flat_map(|steps| [set(31, steps), set(0, steps)]).collect()
}
