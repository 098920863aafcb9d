//! Random changes whose references all hold: what gets past every check and asks of the document
//! engine things that no honest program does. Values replaced twice or by nobody, removals of what
//! is gone, lists under one key by the dozen.

use automerge::ReadDoc;
use crdt::chunk::Chunk;
use crdt::record::Record;
use crdt::replay::Replay;
use node::keyring::public;

use super::Siege;
use crate::laws::oracle::{shown, standing};
use crate::world::chunk::{Key, Parts, Row};
use crate::world::named;
use crate::world::rng::{Replayable, Rng, from_environment, seed};
use crate::world::sha256::sha256;

/// Documents tried by default, and the variable that asks for more.
const DOCUMENTS: (&str, usize) = ("DOSVID_DOCUMENTS", 300);

/// An operation's actor and counter.
type Id = (usize, u64);

/// What an operation made: a value of a field, a list, an item of a list, a value of an item.
#[derive(Clone, PartialEq)]
enum Made {
    Value(String),
    List(String),
    Item(Id),
    ItemValue(Id, Id),
}

/// One change with what it follows.
struct Change {
    hash: [u8; 32],
    deps: Vec<usize>,
    actor: [u8; 16],
    max_op: u64,
    made: Vec<(Id, Made)>,
}

/// A document that grows by random changes. An actor's place is its change's.
#[derive(Default)]
struct Garden {
    changes: Vec<Change>,
    chunks: Vec<Vec<u8>>,
}

impl Garden {
    /// Every change that these follow, themselves included.
    fn followed(&self, heads: &[usize]) -> Vec<usize> {
        let mut followed = Vec::new();
        let mut stack = heads.to_vec();
        while let Some(at) = stack.pop() {
            if !followed.contains(&at) {
                followed.push(at);
                stack.extend(&self.changes[at].deps);
            }
        }
        followed
    }

    /// Adds a change that follows some of the others and names only what those have.
    fn grow(&mut self, rng: &mut Rng, siege: &Siege) {
        let own = self.changes.len();
        let mut deps: Vec<usize> = (0..own).filter(|_| rng.percent(40)).collect();
        deps.truncate(4);
        let followed = self.followed(&deps);
        let mut made: Vec<(Id, Made)> = followed.iter().flat_map(|at| self.changes[*at].made.clone()).collect();
        let known = made.len();
        let start_op = 1 + deps.iter().map(|at| self.changes[*at].max_op).max().unwrap_or(0);
        let mut rows: Vec<(Row, Vec<Id>)> = Vec::new();
        for n in 0..1 + rng.below(12) {
            let id = (own, start_op + n);
            let (row, names, makes) = random_row(rng, &made);
            made.extend(makes(id).map(|makes| (id, makes)));
            rows.push((row, names));
        }
        self.plant(siege, deps, start_op, &rows, made.split_off(known));
    }

    /// Writes the change down: its own actor is number 0, the others follow in ascending order.
    fn plant(
        &mut self,
        siege: &Siege,
        deps: Vec<usize>,
        start_op: u64,
        rows: &[(Row, Vec<Id>)],
        made: Vec<(Id, Made)>,
    ) {
        let own = self.changes.len();
        let actor = siege.actor(blake3_of(own as u64));
        let mut others: Vec<usize> =
            rows.iter().flat_map(|(_, names)| names.iter().map(|(at, _)| *at)).filter(|at| *at != own).collect();
        others.sort_by_key(|at| self.changes[*at].actor);
        others.dedup();
        let place = |(at, counter): Id| {
            let place = others.iter().position(|other| *other == at).map_or(0, |place| place as u64 + 1);
            (place, counter)
        };
        let rows: Vec<Row> =
            rows.iter().map(|(row, names)| resolved(row, &mut names.iter().map(|id| place(*id)))).collect();
        let mut hashes: Vec<[u8; 32]> = deps.iter().map(|at| self.changes[*at].hash).collect();
        hashes.sort_unstable();
        let mut parts = Parts::first(actor, &rows);
        (parts.deps, parts.start_op) = (hashes, start_op);
        parts.others = others.iter().map(|at| self.changes[*at].actor.to_vec()).collect();
        let chunk = parts.encode();
        let max_op = start_op + rows.len() as u64 - 1;
        self.changes.push(Change { hash: sha256(&chunk[8..]), deps, actor, max_op, made });
        self.chunks.push(chunk);
    }
}

/// Spreads actors over the order of ids, so that later changes do not always win.
fn blake3_of(n: u64) -> u64 {
    crate::world::rng::seed_of(&n.to_string())
}

/// Puts the places of actors where the row names operations: object, key, then predecessors.
fn resolved(row: &Row, places: &mut dyn Iterator<Item = (u64, u64)>) -> Row {
    let mut row = row.clone();
    let mut next = || places.next().expect("a name for each reference");
    row.object = row.object.map(|_| next());
    if let Key::Item(..) = row.key {
        let (actor, counter) = next();
        row.key = Key::Item(actor, counter);
    }
    row.preds = row.preds.iter().map(|_| next()).collect();
    // The one order that the gate takes; no honest program writes another.
    row.preds.sort_by_key(|(actor, counter)| (*counter, *actor));
    row
}

type Makes = Box<dyn Fn(Id) -> Option<Made>>;

/// A row, the operations that it names in the order of [`resolved`], and what it makes.
fn random_row(rng: &mut Rng, made: &[(Id, Made)]) -> (Row, Vec<Id>, Makes) {
    let lists: Vec<Id> = made.iter().filter(|(_, made)| matches!(made, Made::List(_))).map(|(id, _)| *id).collect();
    let dummy = (0, 0);
    if lists.is_empty() || rng.percent(40) {
        let key = rng.pick(&["title", "problem", "solution"]).to_string();
        let of = |made: &Made| matches!(made, Made::Value(of) | Made::List(of) if *of == key);
        let preds = some(rng, made, of);
        let dummies = vec![dummy; preds.len()];
        let list = key.clone();
        return match rng.below(4) {
            0 if !preds.is_empty() => (Row::clear(&key, &dummies), preds, Box::new(|_| None)),
            1 => {
                let row = Row { preds: dummies, ..Row::list(&key) };
                (row, preds, Box::new(move |_| Some(Made::List(list.clone()))))
            }
            _ => (Row::set(&key, &word(rng), &dummies), preds, Box::new(move |_| Some(Made::Value(list.clone())))),
        };
    }
    let list = *rng.pick(&lists);
    let items: Vec<Id> = made.iter().filter(|(_, made)| *made == Made::Item(list)).map(|(id, _)| *id).collect();
    if items.is_empty() || rng.percent(40) {
        let makes: Makes = Box::new(move |_| Some(Made::Item(list)));
        return if items.is_empty() || rng.percent(30) {
            (Row::insert(dummy, Key::Head, &word(rng)), vec![list], makes)
        } else {
            (Row::insert(dummy, Key::Item(0, 0), &word(rng)), vec![list, *rng.pick(&items)], makes)
        };
    }
    let item = *rng.pick(&items);
    let of = |id: Id, made: &Made| id == item || *made == Made::ItemValue(list, item);
    let mut preds: Vec<Id> = made.iter().filter(|(id, made)| of(*id, made)).map(|(id, _)| *id).collect();
    rng.shuffle(&mut preds);
    preds.truncate(1 + rng.index(3));
    let dummies = vec![dummy; preds.len()];
    let names = [vec![list, item], preds].concat();
    if rng.percent(35) {
        (Row::remove(dummy, dummy, &dummies), names, Box::new(|_| None))
    } else {
        (Row::put(dummy, dummy, &word(rng), &dummies), names, Box::new(move |_| Some(Made::ItemValue(list, item))))
    }
}

/// Some of the operations that fit.
fn some(rng: &mut Rng, made: &[(Id, Made)], fits: impl Fn(&Made) -> bool) -> Vec<Id> {
    let mut chosen: Vec<Id> = made.iter().filter(|(_, made)| fits(made)).map(|(id, _)| *id).collect();
    rng.shuffle(&mut chosen);
    chosen.truncate(rng.index(4));
    chosen
}

fn word(rng: &mut Rng) -> String {
    format!("слово {}", rng.below(1_000))
}

#[test]
fn changes_that_no_honest_program_makes_mean_the_same_everywhere() {
    // Always the same keys: a seed names a document.
    let siege = Siege::seeded(1);
    let (first, mut counting, mut all) = (seed(), 0, 0);
    for n in 0..from_environment(DOCUMENTS.0, DOCUMENTS.1) as u64 {
        let seed = first.wrapping_add(n);
        let _replayable = Replayable::new(seed);
        let mut rng = Rng::new(seed);
        let mut garden = Garden::default();
        (0..2 + rng.below(9)).for_each(|_| garden.grow(&mut rng, &siege));
        let records: Vec<Record> = garden.chunks.iter().map(|chunk| siege.change(named("garden"), chunk)).collect();
        for chunk in &garden.chunks {
            Chunk::parse(chunk, &public(&siege.key)).expect("the gate lets it in");
        }
        counting += check(&siege, &mut rng, &records);
        all += records.len();
    }
    println!("{counting} of {all} changes counted");
    assert!(counting * 10 > all * 9, "the references should hold");
}

/// The state does not depend on the order, and is what the changes say; gives how many count.
fn check(siege: &Siege, rng: &mut Rng, records: &[Record]) -> usize {
    let name = named("garden");
    let derive = |records: &[Record]| Replay::derive(siege.community, name, records.iter().cloned(), None);
    let replay = derive(records);
    let view = replay.view();
    let mut shuffled = records.to_vec();
    rng.shuffle(&mut shuffled);
    assert_eq!(derive(&shuffled).view(), view, "the order of arrival matters");
    let mut grown = derive(&records[..1]);
    for (n, record) in records.iter().enumerate().skip(1) {
        if !grown.push(record, None) {
            grown = derive(&records[..=n]);
        }
    }
    assert_eq!(grown.view(), view, "one change more is not what the whole set gives");
    assert_eq!(shown(&view), standing(&view, records), "the engine shows something else than the changes say");
    super::mutants::can_be_written(siege, records, &replay);
    saves_and_loads(&view, records);
    view.changes as usize
}

/// The engine can save the document and load it again.
fn saves_and_loads(view: &crdt::view::View, records: &[Record]) {
    let mut doc = automerge::Automerge::new();
    let counts = |record: &&Record| view.set_aside.iter().all(|(id, _)| *id != record.id());
    let changes = records.iter().filter(counts);
    let changes = changes.map(|record| automerge::Change::from_bytes(record.body()[1..].to_vec()).expect("a change"));
    doc.apply_changes(changes).expect("applied");
    let again = automerge::Automerge::load(&doc.save()).expect("what was saved loads");
    let mut heads = [doc.get_heads(), again.get_heads()];
    heads.iter_mut().for_each(|heads| heads.sort_unstable());
    assert_eq!(heads[0], heads[1]);
    assert_eq!(again.length(automerge::ROOT), doc.length(automerge::ROOT));
}
