//! A document with one record is read without the document engine: what comes of it must be what the
//! engine makes of the same record, honest or made up.

use crdt::gate::{Content, read};
use crdt::record::Record;
use crdt::replay::{Replay, view_of_one};

use crate::decoders::signers::signers;
use crate::world::author::actor;
use crate::world::chunk::{Key, Parts, Row, columns};
use crate::world::rng::{Replayable, Rng, seed};

/// Changes made up in one run.
const CHANGES: usize = 3_000;
/// Operations of one.
const ROWS_MAX: u64 = 24;
const KEYS: [&str; 3] = ["title", "problem", "steps"];

#[test]
fn one_record_alone_is_read_as_the_engine_reads_it() {
    let first = seed();
    let mut read_without_the_engine = 0;
    for n in 0..CHANGES as u64 {
        let seed = first.wrapping_add(n);
        let _replayable = Replayable::new(seed);
        let record = made_up(&mut Rng::new(seed));
        let Ok(content @ Content::Change(..)) = read(&record) else { continue };
        let charter = Some(&*signers().charter);
        let engine = Replay::derive(record.community(), record.document_name(), [record.clone()], charter).view();
        match view_of_one(&record, &content, charter) {
            Some(view) => {
                read_without_the_engine += 1;
                assert_eq!(view, engine);
            }
            None => assert!(!engine.set_aside.is_empty() || !engine.waiting.is_empty(), "nothing is wrong with it"),
        }
    }
    assert!(read_without_the_engine > CHANGES / 10, "only {read_without_the_engine} were read");
}

/// One change whose operations name each other in ways that no form would write.
fn made_up(rng: &mut Rng) -> Record {
    let signers = signers();
    let mut rows: Vec<Row> = Vec::new();
    let mut lists: Vec<u64> = Vec::new();
    let mut items: Vec<(u64, u64)> = Vec::new();
    let mut values: Vec<(&str, u64)> = Vec::new();
    for counter in 1..=1 + rng.below(ROWS_MAX) {
        let key = *rng.pick(&KEYS);
        let text = format!("т{}", rng.below(9));
        let row = match rng.below(if items.is_empty() { 3 } else { 7 }) {
            0 => Row::set(key, &text, &some_of(rng, &values, |(of, _)| *of == key, |(_, at)| *at)),
            1 => Row { preds: some_of(rng, &values, |(of, _)| *of == key, |(_, at)| *at), ..Row::list(key) },
            2..=4 if !lists.is_empty() => {
                let list = *rng.pick(&lists);
                let before: Vec<u64> = items.iter().filter(|(of, _)| *of == list).map(|(_, at)| *at).collect();
                let after =
                    if before.is_empty() || rng.percent(30) { Key::Head } else { Key::Item(0, *rng.pick(&before)) };
                Row::insert((0, list), after, &text)
            }
            5 => {
                let (list, item) = *rng.pick(&items);
                Row::put((0, list), (0, item), &text, &[(0, item)])
            }
            6 => {
                let (list, item) = *rng.pick(&items);
                Row::remove((0, list), (0, item), &[(0, item)])
            }
            _ => Row::clear(key, &some_of(rng, &values, |(of, _)| *of == key, |(_, at)| *at)),
        };
        match (row.object, row.insert, row.action) {
            (None, _, 1) => values.push((key, counter)),
            (None, _, 2) => {
                values.push((key, counter));
                lists.push(counter);
            }
            (Some((_, list)), true, _) => items.push((list, counter)),
            _ => {}
        }
        rows.push(row);
    }
    let device = &signers.devices[0];
    let mut parts = Parts::parse(&signers.honest[0].body()[1..]);
    parts.actor = actor(device, rng.next().to_be_bytes()).into();
    parts.columns = columns(&rows);
    signers.change(&parts.encode(), 0)
}

/// Some of what fits, as predecessors: in order, as the format demands.
fn some_of<T>(rng: &mut Rng, all: &[T], fits: impl Fn(&T) -> bool, at: impl Fn(&T) -> u64) -> Vec<(u64, u64)> {
    all.iter().filter(|one| fits(one) && rng.percent(60)).map(|one| (0, at(one))).collect()
}
