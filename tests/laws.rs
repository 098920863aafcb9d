//! The one law: same set, same state, whatever the order of arrival.
//!
//! Random histories go through the real gate into real stores, in random order, twice, and with
//! gaps. `DOSVID_SCHEDULES` asks for more of them.

mod alone;
mod charters;
mod content;
mod history;
mod lists;
pub mod oracle;
mod rules;

use std::collections::{BTreeMap, BTreeSet};
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::sync::Arc;

use crdt::gate::{Refusal, Verdict, judge};
use crdt::id::{NetworkId, RecordId};
use crdt::kinds::KINDS;
use tempfile::TempDir;

use crate::world::check::{derived, same_totals, sound, views_of};
use crate::world::rng::{Replayable, Rng, from_environment, seed};
use crate::world::town::{Node, Town};
use history::History;
use lists::Lists;

/// Histories tried by default, and the variable that asks for more.
const SCHEDULES: (&str, usize) = ("DOSVID_SCHEDULES", 300);
/// Histories that share three stores: each has communities of its own, and opening costs time.
const SCHEDULES_PER_BENCH: u64 = 25;
/// Histories in which every kind of record is met for sure.
const MEETS_EVERY_KIND: u64 = 100;
/// Steps of one history.
const STEPS: usize = 26;

/// Three nodes that are told the same.
struct Bench {
    network: NetworkId,
    towns: Vec<Town>,
    _dir: TempDir,
}

impl Bench {
    fn new(rng: &mut Rng) -> Self {
        let network = NetworkId::of("laws");
        let dir = crate::world::folder();
        let mut towns: Vec<Town> =
            ["Ananiv", "Bar", "Chop"].iter().map(|name| Town::new(name, dir.path(), rng)).collect();
        towns.iter_mut().for_each(|town| town.open(network, rng.next()));
        Self { network, towns, _dir: dir }
    }

    fn node(&mut self, at: usize) -> &mut Node {
        self.towns[at].node.as_mut().expect("it runs")
    }
}

/// What became of each record, over all deliveries to all nodes.
#[derive(Default)]
struct Verdicts {
    refused: BTreeMap<RecordId, Refusal>,
    let_in: BTreeMap<RecordId, &'static str>,
}

impl Verdicts {
    /// A record refused once is refused by all, always, for the same reason.
    fn note(&mut self, bytes: &[u8], verdict: &Verdict) {
        let id = RecordId::of(bytes);
        match verdict {
            Verdict::Refused(refusal) => {
                assert_eq!(*self.refused.entry(id).or_insert(*refusal), *refusal, "two reasons for one record");
            }
            Verdict::Admitted(_) | Verdict::Known => {
                self.let_in.insert(id, "let in");
            }
            Verdict::Early(..) => {
                self.let_in.insert(id, "early");
            }
            Verdict::Withdrawn(_) => {}
        }
        assert!(!(self.refused.contains_key(&id) && self.let_in.contains_key(&id)), "{id} is refused by some only");
    }
}

/// Gives one node some records in random order, some twice, some not.
fn deliver(rng: &mut Rng, node: &mut Node, records: &[Vec<u8>], eager: bool, verdicts: &mut Verdicts) {
    let mut order: Vec<&Vec<u8>> = Vec::new();
    for record in records {
        let copies = [0, 1, 1, 1, 2][rng.index(5)];
        order.extend(std::iter::repeat_n(record, copies));
    }
    rng.shuffle(&mut order);
    hand_over(rng, node, &order, eager, verdicts);
}

/// Gives one node records in this order, in batches of any length.
fn hand_over(rng: &mut Rng, node: &mut Node, order: &[&Vec<u8>], eager: bool, verdicts: &mut Verdicts) {
    let mut rest = order;
    while !rest.is_empty() {
        let (batch, after) = rest.split_at(rest.len().min(1 + rng.index(8)));
        rest = after;
        batch.iter().for_each(|bytes| verdicts.note(bytes, &judge(bytes.to_vec(), &*node.store)));
        let batch = batch.iter().map(|bytes| bytes.to_vec()).collect();
        node.replica.take_records(batch, &mut Vec::new()).expect("no fault");
        if eager {
            derive(node);
        }
    }
}

fn derive(node: &Node) {
    for document in node.store.pending(usize::MAX).expect("read") {
        node.deriver.derive(&node.store, &document).expect("no fault");
    }
}

/// Tries one history: all three nodes must end with the same set and the same state.
/// Gives the lists in which something of it is seen.
fn try_schedule(bench: &mut Bench, seed: u64, steps: usize) -> Lists {
    let history = History::random(seed, bench.network, steps);
    let mut rng = Rng::new(!seed);
    let mut verdicts = Verdicts::default();
    for at in 0..3 {
        // One node derives after every batch, from what it has loaded; one only at the end.
        let eager = at == 0 || (at == 1 && rng.percent(50));
        deliver(&mut rng, bench.node(at), &history.records, eager, &mut verdicts);
        if rng.percent(5) {
            let fresh = rng.next();
            let town = &mut bench.towns[at];
            town.node = None;
            town.open(NetworkId::of("laws"), fresh);
        }
        if eager {
            // Whoever asked for a count has it kept, and it must follow what comes afterwards.
            lists::of(&bench.node(at).store, &history);
        }
        let mut all: Vec<&Vec<u8>> = history.records.iter().collect();
        rng.shuffle(&mut all);
        hand_over(&mut rng, bench.node(at), &all, eager, &mut verdicts);
        derive(bench.node(at));
    }
    for id in &history.forged {
        let untouched = history.records.iter().filter(|bytes| RecordId::of(bytes) == *id).count() == 0;
        assert!(untouched || !verdicts.let_in.contains_key(id), "a forged record was let in");
    }
    agreed(bench, &history)
}

/// Asserts that the three stores hold the same set and show the same of it.
fn agreed(bench: &Bench, history: &History) -> Lists {
    let stores: Vec<Arc<_>> = bench.towns.iter().map(|town| Arc::clone(&town.running().store)).collect();
    let expected = views_of(&stores[0], &history.communities());
    for (store, town) in stores.iter().zip(&bench.towns) {
        assert!(!store.recount().expect("read"), "the totals of {} were wrong", town.name);
        derived(store, &expected, &town.name);
        assert_eq!(store.totals().fingerprint(), stores[0].totals().fingerprint(), "{} holds another set", town.name);
        assert_eq!(views_of(store, &history.communities()), expected, "{} shows another library", town.name);
        same_totals(store, &stores[0], &town.name);
    }
    let lists = lists::moderation_is_local(&stores[0], history, &expected);
    for (store, town) in stores.iter().zip(&bench.towns).skip(1) {
        assert_eq!(lists::of(store, history), lists, "{} lists otherwise", town.name);
    }
    for document in &history.documents {
        let Some(view) = expected.get(document) else { continue };
        let records = stores[0].records_of(document).expect("read");
        assert_eq!(oracle::shown(view), oracle::standing(view, &records), "something written is lost, or made up");
    }
    lists
}

/// Finds how few steps of a failing history fail too, for whoever has to understand it.
fn shortest_failure(seed: u64) -> usize {
    let fails = |steps: &usize| {
        let mut bench = Bench::new(&mut Rng::new(seed));
        catch_unwind(AssertUnwindSafe(|| try_schedule(&mut bench, seed, *steps))).is_err()
    };
    (0..STEPS).find(fails).unwrap_or(STEPS)
}

#[test]
fn the_same_records_give_the_same_library_in_whatever_order_they_come() {
    let first = seed();
    let mut bench = Bench::new(&mut Rng::new(first));
    let schedules = from_environment(SCHEDULES.0, SCHEDULES.1) as u64;
    let mut listed = BTreeSet::new();
    for n in 0..schedules {
        if n % SCHEDULES_PER_BENCH == SCHEDULES_PER_BENCH - 1 {
            bench.towns.iter().for_each(|town| sound(&town.running().store, &town.name));
            bench = Bench::new(&mut Rng::new(first ^ n));
        }
        let seed = first.wrapping_add(n);
        let _replayable = Replayable::new(seed);
        match catch_unwind(AssertUnwindSafe(|| try_schedule(&mut bench, seed, STEPS))) {
            Ok(lists) => listed.extend(lists.into_values().flatten().map(|card| (card.about.is_some(), card.kind))),
            Err(panic) => {
                eprintln!("fails with {} steps", shortest_failure(seed));
                resume_unwind(panic);
            }
        }
    }
    for row in KINDS.iter().filter(|_| schedules >= MEETS_EVERY_KIND) {
        let tells = row.has("about_owner");
        assert!(listed.contains(&(tells, row.key.to_owned())), "no {} was ever seen in a list", row.key);
    }
}
