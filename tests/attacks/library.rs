//! A library in which every text that anybody can write is one of a list, some of it written here and
//! some elsewhere, signed and taken in as any node takes it.

use std::sync::OnceLock;

use crdt::charter::{CharterBody, Device};
use crdt::codifier;
use crdt::field::{Field, Shape};
use crdt::gate::DocumentKind;
use crdt::id::{CommunityId, DocumentId, DocumentName, NetworkId, Timestamp};
use crdt::practice::PRACTICE;
use crdt::profile::PROFILE;
use crdt::record::Record;
use crdt::replay::{EditRequest, Replay};
use ed25519_dalek::SigningKey;
use node::bundle;
use node::keyring::public;
use serde_json::{Value, json};
use web_ui::library::IMPORT_ROWS_MAX;
use web_ui::testing::samples;

use super::texts;
use crate::inside::Inside;
use crate::world::author::{Letter, actor};
use crate::world::editor;

/// Records in a block.
const BLOCK: usize = 200;
/// The community that this node writes for.
pub const OWN: &str = "UA26040190000081578";
/// What stands in every field before anybody does harm.
const BASE: &str = "Основа";
/// Some day in 2026.
const MADE_AT: u64 = 1_790_000_000_000;

/// A node, and what strangers wrote, one document of each kind for each text.
pub struct Library {
    pub inside: Inside,
    pub texts: Vec<String>,
    pub communities: Vec<CommunityId>,
    pub practices: Vec<DocumentId>,
    /// What was written here.
    pub own: Vec<DocumentId>,
    /// What each stranger wrote of every other kind, with the names of the kinds.
    pub told: Vec<Vec<(&'static str, DocumentId)>>,
}

/// The library with the texts that do harm, and the same with harmless ones in their place.
pub fn both() -> &'static [Library; 2] {
    static BOTH: OnceLock<[Library; 2]> = OnceLock::new();
    BOTH.get_or_init(|| {
        let texts = texts::tried();
        let harmless = texts.iter().map(|text| texts::harmless(text)).collect();
        std::thread::scope(|scope| {
            let other = scope.spawn(|| Library::of(harmless));
            [Library::of(texts), other.join().expect("filled")]
        })
    })
}

impl Library {
    /// A library whose n-th stranger writes the n-th text wherever text can be written.
    pub fn of(texts: Vec<String>) -> Self {
        let inside = Inside::founded(OWN);
        let network = inside.node().data_dir().manifest().expect("a manifest").network;
        let codes = codifier::all().iter().map(|hromada| hromada.code).filter(|code| *code != OWN);
        let mut library =
            Self { inside, communities: Vec::new(), practices: Vec::new(), own: Vec::new(), told: Vec::new(), texts };
        library.own = library.import();
        let home =
            library.inside.json("/status")["community"].as_str().and_then(|id| id.parse().ok()).expect("founded");
        let mut records = Vec::new();
        for (n, (text, code)) in library.texts.iter().zip(codes).enumerate() {
            let stranger = Stranger::new(network, n, code, text);
            library.communities.push(stranger.community());
            records.extend(stranger.writes(n, text));
            library.practices.push(DocumentId::of(&stranger.community(), &named(n)));
            let (told, ids) = stranger.tells(n, text, (home, library.own[n]));
            records.extend(told);
            library.told.push(ids);
        }
        for some in records.chunks(BLOCK) {
            let report = library.inside.take_block(bundle::pack(some.iter().map(Record::bytes)));
            assert_eq!((&report["new"], &report["refused"]), (&some.len().into(), &0.into()), "{report}");
        }
        library.inside.node().finish_views().expect("derived");
        library.inside.find_all(library.texts.len() as u64);
        library
    }

    /// Writes the texts here as a program does: a practice for each, in every field that takes any text.
    fn import(&self) -> Vec<DocumentId> {
        let mut ids = Vec::new();
        let rows: Vec<Value> = self.texts.iter().enumerate().map(|(n, text)| row(n, text)).collect();
        for some in rows.chunks(IMPORT_ROWS_MAX) {
            let answer = self.inside.write(http::Method::POST, "/import", &json!({ "rows": some }));
            assert!(answer.status().is_success(), "{}", crate::inside::text(&answer));
            let reports: Vec<Value> = serde_json::from_slice(answer.body()).expect("JSON");
            let id = |report: &Value| report["id"].as_str().and_then(|id| id.parse::<DocumentId>().ok());
            ids.extend(reports.iter().map(|report| id(report).unwrap_or_else(|| panic!("{report}"))));
        }
        ids
    }
}

/// A practice that an import takes, with the text in every field that takes any.
fn row(n: usize, said: &str) -> Value {
    let plain = serde_json::to_value(plain()).expect("JSON");
    let mut row = plain.clone();
    filled(&mut row, said);
    // Terms, dates and codes are looked up, and would be refused.
    for field in PRACTICE
        .iter()
        .filter(|field| !matches!(field.shape, Shape::Line | Shape::Prose | Shape::Words(_) | Shape::Rows(..)))
    {
        put(&mut row, field.key, field.value(&plain).clone());
    }
    row["community"] = plain["community"].clone();
    if said.trim().is_empty() {
        row["title"] = json!("x");
    }
    row["external_id"] = json!(format!("attacks:{n}"));
    row
}

pub(super) fn put(whole: &mut Value, key: &str, value: Value) {
    match key.split_once('.') {
        Some((group, key)) => put(&mut whole[group], key, value),
        None => whole[key] = value,
    }
}

/// A practice that refers to nothing.
pub fn plain() -> crdt::practice::Practice {
    crdt::practice::Practice {
        adopted_from: None,
        component_of: None,
        duplicate_of: None,
        related: Vec::new(),
        community: Some(OWN.into()),
        ..samples::practice()
    }
}

/// Whether the practice of a text was changed twice at once.
pub fn is_contested(n: usize) -> bool {
    n.is_multiple_of(4)
}

pub(super) fn named(n: usize) -> DocumentName {
    DocumentName::of_source("attacks", &n.to_string())
}

/// Puts a text wherever the value has one.
pub fn filled(value: &mut Value, text: &str) {
    match value {
        Value::String(held) => text.clone_into(held),
        Value::Array(items) => items.iter_mut().for_each(|item| filled(item, text)),
        Value::Object(entries) => entries.values_mut().for_each(|entry| filled(entry, text)),
        _ => {}
    }
}

/// A community of somebody who means harm, with two devices that were named as it pleased them.
pub(super) struct Stranger {
    network: NetworkId,
    genesis: Record,
    charter: crdt::charter::Charter,
    devices: [SigningKey; 2],
    name: DocumentName,
}

impl Stranger {
    fn new(network: NetworkId, n: usize, code: &str, text: &str) -> Self {
        let key = |part: u8| {
            let mut seed = [part; 32];
            seed[..8].copy_from_slice(&(n as u64).to_be_bytes());
            SigningKey::from_bytes(&seed)
        };
        let (officer, devices) = (key(1), [key(2), key(3)]);
        let device = |key: &SigningKey| Device { name: text.to_owned(), ..editor(public(key)) };
        let body = CharterBody {
            code: code.to_owned(),
            seq: 0,
            prev: None,
            officers: vec![public(&officer)],
            threshold: 1,
            devices: devices.iter().map(device).collect(),
        };
        let genesis = Letter::charter(network, CommunityId::default(), Timestamp(MADE_AT), &body).sign(&officer);
        let charter = crdt::charter::Charter::resolve(genesis.community(), [&genesis]).expect("founded");
        Self { network, genesis, charter, devices, name: named(n) }
    }

    pub(super) fn community(&self) -> CommunityId {
        self.genesis.community()
    }

    /// The charter, a profile, and a practice, which in each fourth case was changed twice at once.
    fn writes(&self, n: usize, text: &str) -> Vec<Record> {
        let mut practice = serde_json::to_value(samples::practice()).expect("JSON");
        let code = practice["community"].clone();
        filled(&mut practice, text);
        // Where it happened is looked up, so that it is on the map; the other document says the text there too.
        let mut placed = practice.clone();
        placed["community"] = code;
        let profile = serde_json::to_value(samples::profile()).expect("JSON");
        let mut records = vec![self.genesis.clone()];
        let mut profile = profile;
        filled(&mut profile, text);
        let first = |kind, name| Replay::empty(self.community(), name, kind);
        let (practices, profiles) = (DocumentKind::Practice, DocumentKind::Profile);
        let own = DocumentName::PROFILE;
        records.extend(self.change(&first(profiles, own), profiles, PROFILE, own, &profile, 0));
        if is_contested(n) {
            records.extend(self.contested([&practice, &placed], text));
        } else {
            let on = first(practices, self.name);
            records.extend(self.change(&on, practices, PRACTICE, self.name, &placed, 0));
        }
        records
    }

    /// A practice's first version, and two that follow it without knowing of each other.
    fn contested(&self, shapes: [&Value; 2], text: &str) -> Vec<Record> {
        let (kind, name) = (DocumentKind::Practice, self.name);
        let version = |shape: &Value, text: &str| {
            let mut content = shape.clone();
            filled(&mut content, text);
            content
        };
        let empty = Replay::empty(self.community(), name, kind);
        let mut records: Vec<Record> =
            self.change(&empty, kind, PRACTICE, name, &version(shapes[0], BASE), 0).into_iter().collect();
        let on = Replay::derive(self.community(), name, records.clone(), Some(&self.charter));
        let versions = [version(shapes[0], text), version(shapes[1], &format!("{text} 2"))];
        let later = versions.iter().zip(1..);
        records.extend(later.filter_map(|(content, nth)| self.change(&on, kind, PRACTICE, name, content, nth)));
        records
    }

    pub(super) fn change(
        &self,
        on: &Replay,
        kind: DocumentKind,
        table: &'static [Field],
        name: DocumentName,
        content: &Value,
        nth: u64,
    ) -> Option<Record> {
        let key = &self.devices[usize::from(nth == 2)];
        let request = EditRequest {
            base: &on.heads(),
            table,
            content,
            resolve: &[],
            actor: actor(key, nth.to_be_bytes()),
            device: public(key),
        };
        let chunk = on.edit(&request).expect("an edit")?;
        let at = Timestamp(MADE_AT + nth * 1_000);
        Some(Letter::change(self.network, self.community(), name, at, kind, &chunk).sign(key))
    }
}
