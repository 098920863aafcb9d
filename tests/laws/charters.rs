//! Laws of charters and of the totals, over small random sets.

use std::collections::BTreeSet;

use crdt::charter::{Charter, CharterBody};
use crdt::id::{CommunityId, NetworkId, PublicKey, Timestamp};
use crdt::limits::CHARTERS_MAX;
use crdt::record::Record;
use ed25519_dalek::SigningKey;
use node::keyring::public;
use proptest::prelude::*;

use crate::world::author::Letter;
use crate::world::rng::Rng;
use crate::world::{CODE, editor};

fn key(n: u8) -> SigningKey {
    SigningKey::from_bytes(&[n; 32])
}

fn sign(community: CommunityId, body: &CharterBody, officer: u8, at: u64) -> Record {
    Letter::charter(NetworkId::of("laws"), community, Timestamp(at), body).sign(&key(officer))
}

fn genesis() -> (Record, CharterBody) {
    let body = CharterBody {
        code: CODE.into(),
        seq: 0,
        prev: None,
        officers: vec![public(&key(1)), public(&key(2))],
        threshold: 1,
        devices: vec![editor(public(&key(10)))],
    };
    (sign(CommunityId::default(), &body, 1, 0), body)
}

/// One entry: which earlier one it follows, who signs it, whom it names, and whether its number fits.
type Step = (usize, u8, u8, bool);

/// A tree of entries, some by strangers, some with a wrong number.
fn log(steps: &[Step]) -> Vec<Record> {
    let (genesis, body) = genesis();
    let mut entries = vec![(genesis, body)];
    for (n, (follows, signer, names, fits)) in steps.iter().enumerate() {
        let (before, state) = &entries[follows % entries.len()];
        let mut body = state.clone();
        (body.seq, body.prev) = (state.seq + 1 + u32::from(!fits), Some(before.id()));
        body.devices = [10, 20 + names].map(|n| editor(public(&key(n)))).into();
        if names % 5 == 0 {
            body.officers = vec![public(&key(1)), public(&key(3))];
        }
        let record = sign(entries[0].0.community(), &body, 1 + signer % 4, n as u64);
        entries.push((record, body));
    }
    entries.into_iter().map(|(record, _)| record).collect()
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let step = (0usize..40, 0u8..4, 0u8..30, proptest::bool::weighted(0.9));
    // Mostly each after the one before, so that logs grow long before they fork.
    proptest::collection::vec(step, 0..12).prop_map(|steps| {
        let follow = |(n, (follows, s, d, f)): (usize, Step)| (if follows < 25 { n } else { follows }, s, d, f);
        steps.into_iter().enumerate().map(follow).collect()
    })
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(200) })]

    /// The charter is a function of the set.
    #[test]
    fn a_charter_is_the_same_in_any_order(steps in steps(), seed: u64) {
        let mut records = log(&steps);
        let community = records[0].community();
        let expected = Charter::resolve(community, &records);
        let mut rng = Rng::new(seed);
        for _ in 0..4 {
            rng.shuffle(&mut records);
            let twice: Vec<&Record> = records.iter().chain(&records).collect();
            prop_assert_eq!(&Charter::resolve(community, twice), &expected);
        }
    }

    /// Whoever may have records in the set keeps that right, whatever else comes: or the set would
    /// depend on what came first.
    #[test]
    fn whom_any_branch_names_stays_known(steps in steps(), seed: u64) {
        let mut records = log(&steps);
        let (genesis, community) = (records.remove(0), records[..].first().map_or(CommunityId::default(), Record::community));
        let community = if community == CommunityId::default() { genesis.community() } else { community };
        Rng::new(seed).shuffle(&mut records);
        let mut held = vec![genesis];
        let mut known = (BTreeSet::new(), BTreeSet::new());
        for record in records {
            held.push(record);
            let charter = Charter::resolve(community, &held).expect("founded");
            prop_assert!(charter.known_officers.is_superset(&known.0) && charter.known_devices.is_superset(&known.1));
            known = (charter.known_officers, charter.known_devices);
        }
    }

    /// A fork stops the log before it, and nothing that comes later mends or moves it.
    #[test]
    fn a_fork_stays_where_it_is(steps in steps()) {
        let records = log(&steps);
        let community = records[0].community();
        let mut seq_at_fork = None;
        for held in 1..=records.len() {
            let charter = Charter::resolve(community, &records[..held]).expect("founded");
            if let (Some(seq), true) = (seq_at_fork, charter.fork.is_some()) {
                prop_assert!(charter.seq <= seq, "an earlier fork may show, a later one not");
            }
            prop_assert!(seq_at_fork.is_none() || charter.fork.is_some(), "a fork vanished");
            if charter.fork.is_some() {
                seq_at_fork = Some(charter.seq);
            }
        }
    }
}

#[test]
fn a_flood_of_entries_makes_nobody_unknown() {
    let (genesis, body) = genesis();
    let community = genesis.community();
    let entry = |before: &(Record, CharterBody), names: u64, at: u64| {
        let mut body = body.clone();
        (body.seq, body.prev) = (before.1.seq + 1, Some(before.0.id()));
        let mut device = [0; 32];
        device[..8].copy_from_slice(&names.to_be_bytes());
        body.devices.push(editor(PublicKey(device)));
        (sign(community, &body, 1, at), body)
    };
    let founded = (genesis.clone(), body.clone());
    // 1. Three entries, each naming a device.
    let mut log = vec![founded];
    (0..3).for_each(|n| log.push(entry(log.last().expect("founded"), n, n)));
    let mut records: Vec<Record> = log.iter().map(|(record, _)| record.clone()).collect();
    let known = Charter::resolve(community, &records).expect("founded").known_devices;
    // 2. An officer signs, beside them, two branches longer than a log may be, one on either side
    // of the first in the order of ids.
    for above in [false, true] {
        let first =
            (100..).map(|at| entry(&log[0], 1_000, at)).find(|(first, _)| (first.id() > log[1].0.id()) == above);
        let mut branch = vec![first.expect("times do not end")];
        (0..CHARTERS_MAX as u64 + 20).for_each(|n| branch.push(entry(branch.last().expect("begun"), 2_000 + n, n)));
        records.extend(branch.into_iter().map(|(record, _)| record));
    }
    let after = Charter::resolve(community, &records).expect("founded").known_devices;
    assert!(after.is_superset(&known), "somebody whom a branch names is unknown now");
}
