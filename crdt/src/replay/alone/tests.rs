//! Our own reader and writer of first changes against the document engine.

use automerge::transaction::{CommitOptions, Transactable};
use automerge::{ActorId, AutoCommit, ObjType, ROOT, ReadDoc, Value};
use ed25519_dalek::SigningKey;
use proptest::prelude::*;

use super::*;
use crate::chunk::{ACTOR_BYTES, Actor, actor_prefix, first_change};
use crate::field::Stored;
use crate::gate::{CHANGE_VERSION, DocumentKind, change_body, read};
use crate::id::{CommunityId, DocumentName, NetworkId, PublicKey, Timestamp};
use crate::record::{Kind, Unsigned};
use crate::replay::Replay;

const KEYS: [&str; 3] = ["title", "problem", "costs.items"];

/// Something that somebody does to a document before it is saved for the first time.
#[derive(Clone, Debug)]
enum Step {
    Put(usize, String),
    List(usize),
    Clear(usize),
    Insert(usize, usize, String),
    Replace(usize, usize, String),
    Remove(usize, usize),
}

fn step() -> impl Strategy<Value = Step> {
    let (key, at, text) = (0..KEYS.len(), 0..6usize, "[а-г]{0,3}");
    prop_oneof![
        2 => (key.clone(), text).prop_map(|(key, text)| Step::Put(key, text)),
        2 => key.clone().prop_map(Step::List),
        1 => key.clone().prop_map(Step::Clear),
        6 => (key.clone(), at.clone(), text).prop_map(|(key, at, text)| Step::Insert(key, at, text)),
        2 => (key.clone(), at.clone(), text).prop_map(|(key, at, text)| Step::Replace(key, at, text)),
        2 => (key, at).prop_map(|(key, at)| Step::Remove(key, at)),
    ]
}

fn take(doc: &mut AutoCommit, step: &Step) {
    let list = |doc: &AutoCommit, key: usize| match doc.get(ROOT, KEYS[key]).expect("read") {
        Some((Value::Object(ObjType::List), id)) => Some((doc.length(&id), id)),
        _ => None,
    };
    match step {
        Step::Put(key, text) => doc.put(ROOT, KEYS[*key], text.as_str()).expect("put"),
        Step::List(key) => drop(doc.put_object(ROOT, KEYS[*key], ObjType::List).expect("list")),
        Step::Clear(key) => {
            if doc.get(ROOT, KEYS[*key]).expect("read").is_some() {
                doc.delete(ROOT, KEYS[*key]).expect("cleared");
            }
        }
        Step::Insert(key, at, text) => {
            if let Some((len, id)) = list(doc, *key) {
                doc.insert(&id, at % (len + 1), text.as_str()).expect("inserted");
            }
        }
        Step::Replace(key, at, text) => {
            if let Some((len @ 1.., id)) = list(doc, *key) {
                doc.put(&id, at % len, text.as_str()).expect("replaced");
            }
        }
        Step::Remove(key, at) => {
            if let Some((len @ 1.., id)) = list(doc, *key) {
                doc.delete(&id, at % len).expect("removed");
            }
        }
    }
}

fn key() -> SigningKey {
    SigningKey::from_bytes(&[7; 32])
}

fn actor() -> Actor {
    let mut actor = [9; ACTOR_BYTES];
    actor[..8].copy_from_slice(&actor_prefix(&PublicKey(key().verifying_key().to_bytes())));
    actor
}

fn written_by_the_engine(write: impl FnOnce(&mut AutoCommit)) -> Option<Vec<u8>> {
    let mut doc = AutoCommit::new();
    doc.set_actor(ActorId::from(actor()));
    write(&mut doc);
    doc.commit_with(CommitOptions::default().with_time(0))?;
    Some(doc.get_last_local_change()?.raw_bytes().to_vec())
}

fn record(chunk: &[u8]) -> Record {
    let unsigned = Unsigned {
        network: NetworkId::of("test"),
        kind: Kind::Change,
        body_version: CHANGE_VERSION,
        community: CommunityId([1; 32]),
        document: DocumentName([2; 16]),
        created_at: Timestamp(5),
        body: &change_body(DocumentKind::Practice, chunk),
    };
    unsigned.sign(&key()).expect("small")
}

/// What our reader makes of the record alone, and what the engine makes of it.
fn both(record: &Record) -> (Option<View>, View) {
    let content = read(record).expect("a change of ours");
    let derived = Replay::derive(record.community(), record.document_name(), [record.clone()], None);
    (view_of_one(record, &content, None), derived.view())
}

proptest! {
    #[test]
    fn what_one_change_says_is_what_the_engine_reads_in_it(steps in proptest::collection::vec(step(), 1..40)) {
        if let Some(chunk) = written_by_the_engine(|doc| steps.iter().for_each(|step| take(doc, step))) {
            let (ours, engine) = both(&record(&chunk));
            prop_assert_eq!(ours, Some(engine));
        }
    }

    #[test]
    fn a_first_change_is_written_as_the_engine_writes_it(
        fields in proptest::collection::btree_map("[a-z_.]{1,20}", proptest::option::of(
            proptest::collection::vec("[а-яґ ]{0,40}", 0..30)
        ), 1..30)
    ) {
        let stored = |items: Option<Vec<String>>| items.map_or(Stored::Scalar("Толока".into()), Stored::Items);
        let fields: Vec<(&str, Stored)> =
            fields.iter().map(|(key, items)| (key.as_str(), stored(items.clone()))).collect();
        let engine = written_by_the_engine(|doc| {
            for (key, stored) in &fields {
                match stored {
                    Stored::Nothing => {}
                    Stored::Scalar(text) => doc.put(ROOT, *key, text.as_str()).expect("put"),
                    Stored::Items(items) => {
                        let list = doc.put_object(ROOT, *key, ObjType::List).expect("list");
                        for (n, item) in items.iter().enumerate() {
                            doc.insert(&list, n, item.as_str()).expect("inserted");
                        }
                    }
                }
            }
        });
        let (ours, ops) = first_change(&actor(), &fields);
        prop_assert_eq!(Some(&ours), engine.as_ref());
        let (read, engine) = both(&record(&ours));
        prop_assert_eq!(read, Some(engine));
        prop_assert!(ops > 0);
    }
}
