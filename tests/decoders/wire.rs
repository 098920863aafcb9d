//! Laws of what peers say: gossip, frames, reconciliation.

use std::collections::BTreeSet;
use std::sync::OnceLock;

use crdt::gate::{Verdict, judge};
use crdt::id::RecordId;
use crdt::record::Record;
use futures::executor::block_on;
use futures::io::Cursor;
use node::bundle;
use node::manifest::Admission;
use node::reconcile::Snapshot;
use node::store::{OrderKey, Store};
use node::swarm::codec::SyncCodec;
use node::wire::{FRAME_BYTES_MAX, Gossip, RECONCILE_BYTES_MAX, Request, Response, decode, encode};
use serde::Serialize;
use serde::de::DeserializeOwned;

use super::signers::signers;
use crate::world::folder;

/// Gossip: what was read is said in the same bytes, and a record in it is the record.
pub fn gossip(bytes: &[u8]) {
    let parsed = Gossip::parse(bytes);
    assert_eq!(parsed, Gossip::parse(bytes));
    let Some(message) = parsed else { return };
    assert_eq!(message.to_bytes(), bytes);
    if let Gossip::Record(record) | Gossip::Later { record, .. } = &message {
        let id = RecordId::of(record);
        assert_eq!(Gossip::parse(&Gossip::of(&id, record).to_bytes()), Some(Gossip::of(&id, record)));
        if let Ok(parsed) = Record::parse(record.clone()) {
            assert_eq!(parsed.bytes(), record);
        }
    }
}

/// Frames of both directions, bare and with their length.
pub fn frame(bytes: &[u8]) {
    if let Some(request) = message::<Request>(bytes) {
        match request {
            Request::Push(block) => drop(bundle::unpack(&block)),
            Request::Stream(after) => {
                if let Some(key) = OrderKey::from_bytes(&after) {
                    assert_eq!(key.to_bytes()[..], after);
                }
            }
            Request::Summary(_) | Request::Reconcile(_) | Request::Fetch(_) | Request::Meet { .. } => {}
        }
    }
    if let Some(Response::Block { block, .. } | Response::Stream { block, .. }) = message::<Response>(bytes) {
        drop(bundle::unpack(&block));
    }
    framed::<Request>(bytes);
    framed::<Response>(bytes);
}

/// A message means the same when it is written and read again. (The format of numbers lets one
/// number be spelt in several ways, so the bytes may get fewer, never more.)
fn message<M: Serialize + DeserializeOwned + PartialEq + std::fmt::Debug>(bytes: &[u8]) -> Option<M> {
    let message: M = decode(bytes).ok()?;
    assert_eq!(decode::<M>(bytes).ok().as_ref(), Some(&message));
    if bytes.len() <= FRAME_BYTES_MAX {
        let again = encode(&message).expect("what fitted in a frame fits in a frame");
        assert!(again.len() <= bytes.len());
        assert_eq!(decode::<M>(&again).ok().as_ref(), Some(&message));
        assert_eq!(encode(&message).ok(), Some(again));
    }
    Some(message)
}

fn framed<M: Serialize + DeserializeOwned + PartialEq + std::fmt::Debug + Sync>(bytes: &[u8]) {
    let Ok(message) = block_on(SyncCodec::read::<_, M>(&mut Cursor::new(bytes))) else { return };
    let mut written = Cursor::new(Vec::new());
    block_on(SyncCodec::write(&mut written, &message)).expect("written to memory");
    let written = written.into_inner();
    let again = block_on(SyncCodec::read::<_, M>(&mut Cursor::new(&written)));
    assert_eq!(again.ok(), Some(message));
}

/// Reconciliation: any message is answered in bounds or not at all, as peer and as leader.
pub fn reconcile(bytes: &[u8]) {
    let (snapshot, ours) = some_set();
    let answer = snapshot.answer(bytes);
    match (&answer, &snapshot.answer(bytes)) {
        (Ok(answer), Ok(again)) => assert_eq!(answer, again, "an answer depends on more than question and set"),
        (answer, again) => assert!(answer.is_err() && again.is_err()),
    }
    assert!(answer.map_or(0, |answer| answer.len()) <= RECONCILE_BYTES_MAX);
    let mut session = snapshot.session().expect("a session");
    session.initiate().expect("a first message");
    let (mut have, mut need) = (Vec::new(), Vec::new());
    let Ok(next) = session.reconcile_with_ids(bytes, &mut have, &mut need) else { return };
    assert!(next.map_or(0, |next| next.len()) <= RECONCILE_BYTES_MAX);
    assert!(have.iter().all(|id| ours.contains(id.as_bytes())), "it says that we have what we do not have");
    // A liar may list our own ids where they do not belong; the replica asks for none that it holds.
    assert!(need.len() <= bytes.len() / RecordId::LEN, "more ids than the message can name");
}

/// A small set: the charter, honest changes, and records of a kind nobody knows yet.
fn some_set() -> &'static (Snapshot, BTreeSet<[u8; 32]>) {
    static SET: OnceLock<(Snapshot, BTreeSet<[u8; 32]>)> = OnceLock::new();
    SET.get_or_init(|| {
        let signers = signers();
        let folder = folder();
        let opened = Store::open(folder.path(), signers.network, Admission::default()).expect("a store");
        for record in super::seeds::records() {
            if let Verdict::Admitted(admitted) = judge(record.bytes().to_vec(), &opened.store) {
                let ready = opened.store.ready(*admitted).expect("read");
                opened.store.append(vec![ready]).expect("stored");
            }
        }
        let ids = opened.store.order().expect("read").into_iter().map(|key| key.id.0).collect();
        (Snapshot::of(&opened.store).expect("read"), ids)
    })
}
