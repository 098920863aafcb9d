//! Laws of documents: whatever a device that may write has signed, a document comes of it, always
//! the same one, and somebody can write on top.

use crdt::gate::{Verdict, judge, read};
use crdt::id::ChangeHash;
use crdt::record::Record;
use crdt::replay::{Replay, view_of_one};
use crdt::view::{SetAside, View};
use serde_json::json;

use super::signers::{Hall, Signers, signers};
use crate::world::author::actor;
use crate::world::chunk::{Key, Parts, Row, columns};
use crate::world::sha256::sha256;

/// Mutants in one set: more would only repeat what fewer show.
const MUTANTS_MAX: usize = 6;
/// Fields that made-up operations may name.
const KEYS: [&str; 5] = ["title", "summary", "solution", "steps", "problem"];

/// A set of changes: the first byte says which honest ones are in it, every four bytes after it do
/// something to the change under way or end it.
pub fn documents(bytes: &[u8]) {
    let Some((honest, steps)) = bytes.split_first() else { return };
    let signers = signers();
    let kept = signers.honest.iter().enumerate().filter(|(n, _)| honest >> n & 1 == 1);
    let honest: Vec<Record> = kept.map(|(_, record)| record.clone()).collect();
    let mut maker = Maker::new(signers);
    for step in steps.chunks_exact(4) {
        maker.step(step[0], step[1], step[2], step[3]);
    }
    let hall = Hall::of(signers);
    let mut records = honest.clone();
    for (chunk, device) in maker.finished() {
        let record = signers.change(&chunk, device);
        let verdict = judge(record.bytes().to_vec(), &hall);
        assert_eq!(verdict, judge(record.bytes().to_vec(), &hall));
        if matches!(verdict, Verdict::Admitted(_)) {
            records.push(record);
        }
    }
    records.iter().for_each(|record| alone(signers, record));
    let replay = in_any_order(signers, &records);
    one_more(signers, &records, &honest);
    can_be_written(signers, &records, &replay);
}

/// A document of one record is read without the engine only if the engine would read the same.
fn alone(signers: &Signers, record: &Record) {
    let Ok(content) = read(record) else { return };
    if let Some(view) = view_of_one(record, &content, Some(&signers.charter)) {
        assert_eq!(view, signers.derive(std::slice::from_ref(record)).view(), "one record is read in two ways");
    }
}

/// Same set, same state.
fn in_any_order(signers: &Signers, records: &[Record]) -> Replay {
    let replay = signers.derive(records);
    let view = replay.view();
    let mut order = records.to_vec();
    order.reverse();
    assert_eq!(signers.derive(&order).view(), view, "the order of arrival matters");
    order.rotate_left(records.len() / 2);
    order.extend(records.first().cloned());
    assert_eq!(signers.derive(&order).view(), view, "the order of arrival matters, or how often a record comes");
    assert_eq!(view.heads, heads_of(&replay), "the engine's heads are not those of the changes that count");
    let by_engine = view.set_aside.iter().find(|(_, reason)| *reason == SetAside::Engine);
    assert_eq!(by_engine, None, "the engine met what the ledger should have kept from it");
    assert!(records.iter().all(|record| fate(&view, &replay, record)), "a record has no fate, or two");
    replay
}

/// Each record counts, waits or is set aside, and only one of them.
fn fate(view: &View, replay: &Replay, record: &Record) -> bool {
    let counts = replay.history().iter().any(|(author, _)| author.record == record.id());
    let waits = view.waiting.contains(&record.id());
    let aside = view.set_aside.iter().any(|(id, _)| *id == record.id());
    let fates = u8::from(counts) + u8::from(waits) + u8::from(aside);
    // Of two records with one change only one is named.
    fates == 1 || (fates == 0 && replay.history().iter().any(|(author, _)| author.change.0 == change_of(record)))
}

fn change_of(record: &Record) -> [u8; 32] {
    sha256(&record.body()[9..])
}

/// A document that takes one change more is the document of the larger set.
fn one_more(signers: &Signers, records: &[Record], honest: &[Record]) {
    for more in &records[honest.len()..] {
        let mut pushed = signers.derive(honest);
        if pushed.push(more, Some(&signers.charter)) {
            let both: Vec<Record> = honest.iter().chain([more]).cloned().collect();
            assert_eq!(pushed.view(), signers.derive(&both).view(), "one change more is not what the set gives");
        }
    }
}

/// A form rendered from any state of the document can be saved, and what is saved counts.
fn can_be_written(signers: &Signers, records: &[Record], replay: &Replay) {
    let content = json!({ "title": "Далі", "solution": "Прибрали парк\nПолагодили дах" });
    let history = replay.history();
    // The last change is the one most likely to be new; all states of all sets would take too long.
    let states = history.last().into_iter().map(|(author, _)| vec![author.change]).chain([replay.heads()]);
    for (n, base) in states.enumerate() {
        let Some(chunk) = signers.edit(replay, &base, &content, 0, 1_000 + n as u64) else { continue };
        let next = signers.change(&chunk, 0);
        let after = signers.derive(&[records, std::slice::from_ref(&next)].concat());
        assert!(after.history().iter().any(|(author, _)| author.record == next.id()), "an honest edit does not count");
    }
}

/// The changes that nothing follows, by what they say they follow.
fn heads_of(replay: &Replay) -> Vec<ChangeHash> {
    let history = replay.history();
    let followed: Vec<ChangeHash> = history.iter().flat_map(|(_, deps)| deps.clone()).collect();
    let mut heads: Vec<ChangeHash> = history.iter().map(|(author, _)| author.change).collect();
    heads.retain(|head| !followed.contains(head));
    heads.sort_unstable();
    heads
}

/// Makes changes by steps: an honest change with something in it changed, or made-up operations.
struct Maker {
    signers: &'static Signers,
    honest: Vec<Parts>,
    /// What may be followed: honest changes, then finished ones.
    chunks: Vec<Vec<u8>>,
    made: Vec<(Vec<u8>, usize)>,
    parts: Parts,
    rows: Vec<Row>,
    device: usize,
    begun: bool,
}

impl Maker {
    fn new(signers: &'static Signers) -> Self {
        let chunks: Vec<Vec<u8>> = signers.honest.iter().map(|record| record.body()[1..].to_vec()).collect();
        let honest: Vec<Parts> = chunks.iter().map(|chunk| Parts::parse(chunk)).collect();
        let (parts, rows, made) = (honest[0].clone(), Vec::new(), Vec::new());
        let mut maker = Self { signers, honest, chunks, made, parts, rows, device: 0, begun: false };
        maker.begin(0);
        maker.begun = false;
        maker
    }

    /// Begins with a copy of an honest change, under an actor of its own.
    fn begin(&mut self, like: usize) {
        let like = like % self.honest.len();
        self.parts = self.honest[like].clone();
        self.device = like % 2;
        let nth = 100 + self.made.len() as u64;
        self.parts.actor = actor(&self.signers.devices[self.device], nth.to_be_bytes()).into();
        self.rows.clear();
    }

    fn end(&mut self) {
        if self.begun && self.made.len() < MUTANTS_MAX {
            if !self.rows.is_empty() {
                self.parts.columns = columns(&self.rows);
            }
            let chunk = self.parts.encode();
            self.chunks.push(chunk.clone());
            self.made.push((chunk, self.device));
        }
        self.begun = false;
    }

    fn finished(mut self) -> Vec<(Vec<u8>, usize)> {
        self.end();
        self.made
    }

    fn step(&mut self, what: u8, which: u8, place: u8, value: u8) {
        if what.is_multiple_of(20) {
            self.end();
            self.begin(which.into());
            return;
        }
        self.begun = true;
        let parts = &mut self.parts;
        match what % 20 {
            1 => parts.start_op = parts.start_op.wrapping_add_signed(i64::from(value as i8)),
            2 => parts.start_op = u64::from(which) | u64::from(place) << 8 | u64::from(value) << 24,
            3 => remove(&mut parts.deps, place),
            4 => {
                let dep = sha256(&self.chunks[usize::from(which) % self.chunks.len()][8..]);
                parts.deps.push(dep);
                parts.deps.sort_unstable();
                if !value.is_multiple_of(4) {
                    parts.deps.dedup();
                }
            }
            5 => remove(&mut parts.others, place),
            6 => {
                let whose = Parts::parse(&self.chunks[usize::from(which) % self.chunks.len()]);
                parts.others.push(whose.actor);
                parts.others.sort_unstable();
            }
            7 => {
                let from = &self.honest[usize::from(which) % self.honest.len()].columns;
                let (spec, data) = from[usize::from(place) % from.len()].clone();
                *parts = parts.clone().with_column(spec, data);
            }
            8 => parts.actor[8 + usize::from(place) % 8] = value,
            9 => (parts.deps, parts.others) = Default::default(),
            10..=13 => change_column(parts, what % 20, which, place, value),
            _ => self.rows.push(made_up(what % 20, which, place, value)),
        }
    }
}

fn remove<T>(from: &mut Vec<T>, place: u8) {
    if !from.is_empty() {
        from.remove(usize::from(place) % from.len());
    }
}

fn change_column(parts: &mut Parts, how: u8, which: u8, place: u8, value: u8) {
    if parts.columns.is_empty() {
        return;
    }
    let which = usize::from(which) % parts.columns.len();
    let data = &mut parts.columns[which].1;
    let place = if data.is_empty() { 0 } else { usize::from(place) % data.len() };
    match how {
        10 if !data.is_empty() => data[place] = value,
        11 if !data.is_empty() => data[place] ^= value,
        12 if !data.is_empty() => drop(data.remove(place)),
        _ => data.insert(place, value),
    }
}

/// An operation that names whatever the bytes say, there or not.
fn made_up(what: u8, which: u8, place: u8, value: u8) -> Row {
    let key = KEYS[usize::from(which) % KEYS.len()];
    let actor = u64::from(which >> 4);
    let (list, item) = ((actor, u64::from(place)), (u64::from(value >> 5), u64::from(value & 31)));
    let pred = [(u64::from(place >> 5), u64::from(place & 31))];
    let preds: &[(u64, u64)] = if place == 0 { &[] } else { &pred };
    match what {
        14 => Row::set(key, "Слово", preds),
        15 => Row { preds: preds.into(), ..Row::list(key) },
        16 => Row::clear(key, preds),
        17 => Row::insert(list, if value == 0 { Key::Head } else { Key::Item(item.0, item.1) }, "Рядок"),
        18 => Row::put(list, item, "Інше", &[item]),
        _ => Row::remove(list, item, &[item]),
    }
}
