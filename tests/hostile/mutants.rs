//! Honest chunks with something wrong in them, checksum, length, actor and signature put right
//! again: what a liar with patience, or a bug of another program, would send.

use crdt::gate::{DocumentKind, Verdict, judge};
use crdt::id::{ChangeHash, DocumentName};
use crdt::practice::PRACTICE;
use crdt::record::Record;
use crdt::replay::{EditRequest, Replay};
use crdt::view::{SetAside, View};
use node::keyring::public;
use serde_json::json;

use super::{ONE_RECORD, Siege, count};
use crate::world::chunk::{Parts, wrap};
use crate::world::rng::{Replayable, Rng, from_environment, seed};
use crate::world::{named, time_of_this_thread};

/// Mutants tried by default, and the variable that asks for more.
const MUTANTS: (&str, usize) = ("DOSVID_MUTANTS", 20_000);
/// Mutants that get past the gate and are sent into the world, so many to a document.
const SENT: usize = 400;
const SENT_PER_DOCUMENT: usize = 20;

/// Honest changes of one document by eve's device: texts, lists, conflicts, removals.
fn honest(siege: &Siege, name: DocumentName) -> Vec<Record> {
    let says = |title: &str, text: &str| json!({ "title": title, "solution": text, "steps": [{ "title": title }] });
    let contents = [
        says("Толока", "Прибрали парк\nПосадили дерева\nПоставили лави"),
        says("Толока двічі", "Прибрали парк\nПосадили сто дерев\nПоставили лави"),
        says("Толока", "Прибрали старий парк\nПоставили лави"),
        says("Толока тричі", "Прибрали парк\nПоставили нові лави\nПолагодили дах"),
        json!({ "summary": "Коротко", "solution": "" }),
        says("Усе разом", "Прибрали парк\nПоставили лави\nПолагодили дах школи"),
    ];
    let mut records: Vec<Record> = Vec::new();
    for (n, content) in contents.iter().enumerate() {
        let on = derive(siege, name, &records);
        // Every other one is made on an older state, so that there are conflicts to resolve.
        let heads = if n % 2 == 0 { on.heads() } else { derive(siege, name, &records[..n.div_ceil(2)]).heads() };
        let chunk = edit(siege, &on, &heads, content, n as u64).expect("an edit").expect("something changed");
        records.push(siege.change(name, &chunk));
    }
    records
}

fn derive(siege: &Siege, name: DocumentName, records: &[Record]) -> Replay {
    if records.is_empty() {
        return Replay::empty(siege.community, name, DocumentKind::Practice);
    }
    Replay::derive(siege.community, name, records.iter().cloned(), None)
}

fn edit(
    siege: &Siege,
    on: &Replay,
    base: &[ChangeHash],
    content: &serde_json::Value,
    actor: u64,
) -> Result<Option<Vec<u8>>, crdt::replay::EditError> {
    on.edit(&EditRequest {
        base,
        table: PRACTICE,
        content,
        resolve: &["title".into(), "solution".into()],
        actor: siege.actor(actor),
        device: public(&siege.key),
    })
}

/// One chunk, changed in one to three places.
fn mutant(rng: &mut Rng, chunks: &[Vec<u8>], parts: &[Parts]) -> Vec<u8> {
    if rng.percent(25) {
        // Blind: any byte of the content.
        let mut content = rng.pick(parts).content();
        for _ in 0..1 + rng.below(3) {
            let at = rng.index(content.len());
            content[at] = content[at].wrapping_add(*rng.pick(&[1, 255, 64, 128]));
        }
        return wrap(crate::world::chunk::CHANGE, &content);
    }
    if rng.percent(1) {
        return rng.pick(chunks).clone();
    }
    let mut mutant = rng.pick(parts).clone();
    // An actor of its own, so that it is not merely set aside for using another's.
    let tail = rng.bytes::<8>();
    mutant.actor[8..].copy_from_slice(&tail);
    (0..1 + rng.below(3)).for_each(|_| mutant.mutate(rng, parts));
    mutant.encode()
}

/// What a document with one mutant more comes to. Everything that nodes do with documents is done
/// with it, also once somebody has written on top of it, so that it is history.
fn exercise(siege: &Siege, honest: &[Record], mutant: &Record) -> View {
    let with: Vec<Record> = honest.iter().chain([mutant]).cloned().collect();
    let name = mutant.document_name();
    let replay = derive(siege, name, &with);
    let view = replay.view();
    let backwards = Replay::derive(siege.community, name, with.iter().rev().cloned(), None);
    assert_eq!(backwards.view(), view, "the order of arrival matters");
    let mut pushed = derive(siege, name, honest);
    if pushed.push(mutant, None) {
        assert_eq!(pushed.view(), view, "one change more is not what the whole set gives");
    }
    assert_eq!(view.heads, heads_of(&replay), "the engine's heads are not those of the changes that count");
    // Deeper only where there is something to find: a sandbox that holds for what counts.
    if counts(&view, mutant) {
        let mut longer = with;
        longer.push(siege.change(name, &write(siege, &replay, 98, "Зверху")));
        can_be_written(siege, &longer, &derive(siege, name, &longer));
    }
    view
}

fn counts(view: &View, record: &Record) -> bool {
    !view.waiting.contains(&record.id()) && view.set_aside.iter().all(|(id, _)| *id != record.id())
}

/// An honest edit on top of all there is.
pub fn write(siege: &Siege, on: &Replay, actor: u64, title: &str) -> Vec<u8> {
    edit(siege, on, &on.heads(), &json!({ "title": title }), actor).expect("an edit").expect("something changed")
}

/// A form rendered from any state of a document can be saved, and what is saved counts.
pub fn can_be_written(siege: &Siege, records: &[Record], replay: &Replay) {
    let content = json!({ "title": "Далі", "solution": "Прибрали парк\nПолагодили дах" });
    let name = records[0].document_name();
    for base in replay.history().iter().map(|(author, _)| vec![author.change]).chain([replay.heads()]) {
        let chunk = edit(siege, replay, &base, &content, 99);
        let chunk = chunk.unwrap_or_else(|error| panic!("an honest edit on top fails: {error}"));
        let Some(chunk) = chunk else { continue };
        let next = siege.change(name, &chunk);
        let after = derive(siege, name, &[records, std::slice::from_ref(&next)].concat()).view();
        let fate = after.set_aside.into_iter().find(|(id, _)| *id == next.id());
        assert_eq!(fate, None, "an honest edit on top does not count");
        assert!(!after.waiting.contains(&next.id()), "an honest edit on top waits for what nobody has");
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

#[test]
fn no_mutant_of_an_honest_change_brings_a_node_down() {
    // Always the same keys and honest changes: a seed names a mutant.
    let mut siege = Siege::seeded(1);
    let name = named("mutants");
    let records = honest(&siege, name);
    let chunks: Vec<Vec<u8>> = records.iter().map(|record| record.body()[1..].to_vec()).collect();
    let parts: Vec<Parts> = chunks.iter().map(|chunk| Parts::parse(chunk)).collect();
    let store = std::sync::Arc::clone(&siege.world.node(siege.towns[0]).store);
    let (first, mut fates, mut passed) = (seed(), Vec::new(), Vec::new());
    for n in 0..from_environment(MUTANTS.0, MUTANTS.1) as u64 {
        let seed = first.wrapping_add(n);
        let _replayable = Replayable::new(seed);
        let chunk = mutant(&mut Rng::new(seed), &chunks, &parts);
        let record = siege.change(name, &chunk);
        let before = time_of_this_thread();
        let fate = match judge(record.bytes().to_vec(), &*store) {
            Verdict::Refused(refusal) => format!("refused: {refusal:?}"),
            _ => {
                let view = exercise(&siege, &records, &record);
                let aside = view.set_aside.iter().find(|(id, _)| *id == record.id());
                passed.push(chunk);
                match aside {
                    Some((_, SetAside::Engine)) => panic!("the engine met what the ledger should have kept from it"),
                    Some((_, reason)) => format!("set aside: {reason:?}"),
                    None if view.waiting.contains(&record.id()) => "waits".into(),
                    None => "counts".into(),
                }
            }
        };
        fates.push(fate);
        let took = time_of_this_thread() - before;
        assert!(took < ONE_RECORD, "one mutant took {took:?}");
    }
    println!("{:#?}", count(fates));
    send_into_the_world(&mut siege, &passed);
}

/// Sends some of the mutants that got past the gate to all towns, with the honest changes that they
/// are mutants of.
fn send_into_the_world(siege: &mut Siege, passed: &[Vec<u8>]) {
    let step = (passed.len() / SENT).max(1);
    let sample: Vec<&Vec<u8>> = passed.iter().step_by(step).collect();
    let mut records = Vec::new();
    for (n, chunks) in sample.chunks(SENT_PER_DOCUMENT).enumerate() {
        let name = named(&format!("mutants {n}"));
        // The same changes in every document: their hashes do not depend on it.
        records.extend(honest(siege, name));
        records.extend(chunks.iter().map(|chunk| siege.change(name, chunk)));
    }
    siege.send(&records);
    siege.withstood();
}
