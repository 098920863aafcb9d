//! Attacks made by hand, each against a known weakness of decoders and of the document engine, and
//! what must become of each.

use automerge::transaction::{CommitOptions, Transactable};
use automerge::{ActorId, AutoCommit, ObjType, ROOT};

use super::{Siege, count};
use crate::world::chunk::{COMPRESSED, DOCUMENT, Key, Parts, Row, column, signed, unsigned, wrap};
use crate::world::named;

/// A chunk, what is wrong with it, and what becomes of it.
type Attack = (&'static str, Vec<u8>, &'static str);

/// A run-length column that claims `count` times `value`.
fn claim(count: i64, value: u64) -> Vec<u8> {
    let mut data = Vec::new();
    signed(count, &mut data);
    unsigned(value, &mut data);
    data
}

fn base(siege: &Siege) -> Parts {
    Parts::first(siege.actor(1), &[Row::set("title", "Толока", &[])])
}

/// Claims that only reading would find too large.
fn bombs(siege: &Siege) -> Vec<Attack> {
    let honest = base(siege);
    let with = |spec, data| honest.clone().with_column(spec, data).encode();
    let mut huge = Vec::new();
    unsigned(1 << 62, &mut huge);
    let nulls = [&[0], &huge[..]].concat();
    vec![
        ("a million operations", with(column::ACTION, claim(1_000_000, 1)), "Ops"),
        ("2^62 operations", with(column::ACTION, claim(1 << 62, 1)), "Ops"),
        ("2^63 operations", with(column::ACTION, claim(i64::MIN, 1)), "Ops"),
        ("2^62 nulls", with(column::ACTION, nulls.clone()), "Ops"),
        ("2^62 null keys", with(column::KEY_ACTOR, nulls), "Ops"),
        ("2^62 inserts", with(column::INSERT, huge), "Ops"),
        ("2^40 predecessors", with(column::PRED_COUNT, claim(-1, 1 << 40)), "Preds"),
        ("2^63 predecessors", with(column::PRED_COUNT, claim(-1, 1 << 63)), "Preds"),
        ("a value of 2^59 bytes", with(column::VALUE_META, claim(-1, u64::MAX)), "Value"),
        ("a key of 2^62 bytes", with(column::KEY_TEXT, claim(-1, 1 << 62)), "Value"),
        ("five gigabytes of keys", repeated_key(&honest), "Value"),
    ]
}

/// A key of a quarter of a megabyte for each of 20,000 operations.
fn repeated_key(honest: &Parts) -> Vec<u8> {
    let most = crdt::limits::OPS_MAX as i64;
    let mut keys = claim(most, 250_000);
    keys.resize(keys.len() + 250_000, b'k');
    honest.clone().with_column(column::ACTION, claim(most, 1)).with_column(column::KEY_TEXT, keys).encode()
}

/// Chunks that are not one plain change.
fn wrong_chunks(siege: &Siege) -> Vec<Attack> {
    let honest = base(siege).encode();
    let content = base(siege).content();
    let mut checksum = honest.clone();
    checksum[5] ^= 1;
    let mut magic = honest.clone();
    magic[0] ^= 1;
    vec![
        ("a wrong checksum", checksum, "Checksum"),
        ("wrong magic bytes", magic, "Magic"),
        ("a compressed change", compressed(siege), "Type"),
        ("said to be compressed", wrap(COMPRESSED, &content), "Type"),
        ("a whole document", wrap(DOCUMENT, &content), "Type"),
        ("two changes in one", [honest.clone(), honest.clone()].concat(), "Truncated"),
        ("cut off", honest[..honest.len() - 3].to_vec(), "Truncated"),
        ("nothing", Vec::new(), "Truncated"),
        ("500 nested maps", nested(siege, 500, ObjType::Map), "Operation"),
        ("nested lists", nested(siege, 3, ObjType::List), "Operation"),
        ("a text by character", nested(siege, 1, ObjType::Text), "Operation"),
    ]
}

/// What inflates to sixty times its length.
fn compressed(siege: &Siege) -> Vec<u8> {
    let mut doc = AutoCommit::new().with_actor(ActorId::from(siege.actor(1)));
    doc.put(ROOT, "title", "т".repeat(60_000)).expect("put");
    doc.commit_with(CommitOptions::default().with_time(0));
    let mut change = doc.get_last_local_change().expect("a change").clone();
    let bytes = change.bytes().into_owned();
    assert!(bytes.len() < 2_000 && bytes[8] == COMPRESSED);
    bytes
}

fn nested(siege: &Siege, depth: u32, kind: ObjType) -> Vec<u8> {
    let mut doc = AutoCommit::new().with_actor(ActorId::from(siege.actor(1)));
    let mut at = doc.put_object(ROOT, "title", kind).expect("an object");
    for _ in 1..depth {
        at = match kind {
            ObjType::List => doc.insert_object(&at, 0, kind).expect("an object"),
            _ => doc.put_object(&at, "a", kind).expect("an object"),
        };
    }
    doc.commit_with(CommitOptions::default().with_time(0));
    doc.get_last_local_change().expect("a change").raw_bytes().to_vec()
}

/// Fields of the head that lie.
fn wrong_heads(siege: &Siege) -> Vec<Attack> {
    let honest = base(siege);
    let edit = |edit: &dyn Fn(&mut Parts)| {
        let mut parts = honest.clone();
        edit(&mut parts);
        parts.encode()
    };
    vec![
        ("a second change of its actor", edit(&|parts| parts.seq = 2), "Seq"),
        ("another device's actor", edit(&|parts| parts.actor[0] ^= 1), "Actor"),
        ("a long actor", edit(&|parts| parts.actor.push(0)), "Actor"),
        ("counter 0", edit(&|parts| parts.start_op = 0), "Counter"),
        ("a counter near 2^32", edit(&|parts| parts.start_op = (1 << 32) - 2), "Counter"),
        ("a counter near 2^64", edit(&|parts| parts.start_op = u64::MAX), "Counter"),
        ("a time", edit(&|parts| parts.time = 1_700_000_000), "Extras"),
        ("a message", edit(&|parts| parts.message = b"hello".to_vec()), "Extras"),
        ("more after the end", edit(&|parts| parts.rest = vec![0; 9]), "Extras"),
        ("one predecessor twice", edit(&|parts| parts.deps = vec![[7; 32]; 2]), "Deps"),
        ("predecessors out of order", edit(&|parts| parts.deps = vec![[7; 32], [6; 32]]), "Deps"),
        ("65 predecessors", edit(&|parts| parts.deps = (0..65).map(|n| [n; 32]).collect()), "Deps"),
        ("one actor twice", edit(&|parts| parts.others = vec![vec![7; 16]; 2]), "Actors"),
        ("an actor of which nothing is said", edit(&|parts| parts.others = vec![vec![7; 16]]), "Actors"),
        ("itself as another", edit(&|parts| parts.others = vec![parts.actor.clone()]), "Actors"),
        ("an unknown column", edit(&|parts| parts.columns.push((0x77, vec![1]))), "Column"),
        ("a compressed column", edit(&|parts| parts.columns[0].0 |= 8), "Column"),
        ("a column twice", edit(&|parts| parts.columns.insert(0, parts.columns[0].clone())), "Column"),
        ("no operation", edit(&|parts| parts.columns.clear()), "Ops"),
    ]
}

/// Operations that our documents are not made of.
fn wrong_operations(siege: &Siege) -> Vec<Attack> {
    let one = |row: Row| Parts::first(siege.actor(1), &[row]).encode();
    let title = || Row::set("title", "x", &[]);
    let raw = |bytes: &[u8]| Row { value: Some(bytes.to_vec()), ..title() };
    vec![
        ("an increment", one(Row { action: 5, ..title() }), "Operation"),
        ("a mark", one(Row { action: 7, ..title() }), "Operation"),
        ("an unknown action", one(Row { action: 99, ..title() }), "Operation"),
        ("an insert at the root", one(Row { insert: true, ..title() }), "Operation"),
        ("an item at the root", one(Row { key: Key::Item(0, 1), ..title() }), "Operation"),
        ("a list that holds a text", one(Row { value: Some(b"x".to_vec()), ..Row::list("title") }), "Operation"),
        ("no value", one(Row { value: None, ..title() }), "Value"),
        ("half a letter", one(raw(&[0xd0])), "Value"),
        ("a long text", one(raw(&[b'x'; 65_537])), "Value"),
        ("a key in capitals", one(Row::set("Title", "x", &[])), "Value"),
        ("a key too long", one(Row::set(&"k".repeat(65), "x", &[])), "Value"),
        ("no key", one(Row::set("", "x", &[])), "Value"),
        ("a value twice replaced", one(Row::set("title", "x", &[(0, 1), (0, 1)])), "Preds"),
        ("values replaced out of order", one(Row::set("title", "x", &[(0, 2), (0, 1)])), "Preds"),
        ("an actor that is not named", one(Row::set("title", "x", &[(3, 1)])), "Actors"),
        ("a predecessor from the future", one(Row::set("title", "x", &[(0, 1 << 40)])), "Counter"),
    ]
}

#[test]
fn what_cannot_be_part_of_any_document_is_refused_with_a_reason() {
    let mut siege = Siege::new();
    let attacks = [bombs(&siege), wrong_chunks(&siege), wrong_heads(&siege), wrong_operations(&siege)].concat();
    let records: Vec<_> = attacks.iter().map(|(_, chunk, _)| siege.change(named("target"), chunk)).collect();
    siege.send(&records);
    siege.withstood();
    for ((what, _, reason), record) in attacks.iter().zip(&records) {
        assert_eq!(siege.fate(record), format!("refused: Chunk({reason})"), "{what}");
    }
    println!("{:#?}", count(records.iter().map(|record| siege.fate(record))));
}

/// A document by eve with a title and two lists of two items, and changes on top of it that name
/// what they may not. Each attack has a document of its own.
fn unfounded() -> Vec<(&'static str, Vec<Row>, u64, &'static str)> {
    let (aside, counts) = ("set aside: Unfounded", "counts");
    // Actor 1 made: 1 title, 2 list a, 3 and 4 its items, 5 list b, 6 and 7 its items.
    vec![
        ("nothing wrong", vec![Row::set("title", "x", &[(1, 1)])], 8, counts),
        ("an item twice removed", vec![Row::remove((1, 2), (1, 3), &[(1, 3)]); 2], 8, counts),
        ("removed and written", removed_and_written(), 8, counts),
        ("counters that do not follow", vec![Row::set("title", "x", &[])], 9, "set aside: Counter"),
        ("counters that go back", vec![Row::set("title", "x", &[])], 5, "set aside: Counter"),
        ("a far counter", vec![Row::set("title", "x", &[])], 9_999_999, "set aside: Counter"),
        ("another field's value", vec![Row::set("summary", "x", &[(1, 1)])], 8, aside),
        ("a list that is a text", vec![Row::insert((1, 1), Key::Head, "x")], 8, aside),
        ("a list of its own that is none", vec![Row::insert((0, 9), Key::Head, "x"), Row::list("c")], 8, aside),
        ("after an item of another list", vec![Row::insert((1, 2), Key::Item(1, 6), "x")], 8, aside),
        ("after a list", vec![Row::insert((1, 2), Key::Item(1, 2), "x")], 8, aside),
        ("an insert that replaces", vec![Row { preds: vec![(1, 3)], ..Row::insert((1, 2), Key::Head, "x") }], 8, aside),
        ("an item of another list", vec![Row::put((1, 2), (1, 6), "x", &[(1, 6)])], 8, aside),
        ("a title as an item", vec![Row::put((1, 2), (1, 1), "x", &[(1, 1)])], 8, aside),
        ("another item's value", vec![Row::put((1, 2), (1, 3), "x", &[(1, 4)])], 8, aside),
        ("an item that replaces nothing", vec![Row::put((1, 2), (1, 3), "x", &[])], 8, aside),
        ("a removal of nothing", vec![Row::remove((1, 2), (1, 3), &[])], 8, aside),
        ("a clearing of nothing", vec![Row::clear("title", &[])], 8, aside),
        ("its own later operation", vec![Row::set("title", "x", &[(0, 9)]), Row::set("title", "y", &[])], 8, aside),
        ("itself", vec![Row::set("title", "x", &[(0, 8)])], 8, aside),
    ]
}

fn removed_and_written() -> Vec<Row> {
    vec![Row::remove((1, 2), (1, 3), &[(1, 3)]), Row::put((1, 2), (1, 3), "x", &[(1, 3)])]
}

fn names_the_other(rows: &[Row]) -> bool {
    let other = |(actor, _): &(u64, u64)| *actor == 1;
    let of_key = |key: &Key| matches!(key, Key::Item(1, _));
    rows.iter().any(|row| row.object.iter().chain(&row.preds).any(other) || of_key(&row.key))
}

fn furnished(siege: &Siege) -> Parts {
    let rows = [
        Row::set("title", "Толока", &[]),
        Row::list("problem"),
        Row::insert((0, 2), Key::Head, "Перший"),
        Row::insert((0, 2), Key::Item(0, 3), "Другий"),
        Row::list("solution"),
        Row::insert((0, 5), Key::Head, "Третій"),
        Row::insert((0, 5), Key::Item(0, 6), "Четвертий"),
    ];
    Parts::first(siege.actor(1), &rows)
}

#[test]
fn what_names_what_it_cannot_know_is_set_aside_with_a_reason() {
    let mut siege = Siege::new();
    let first = furnished(&siege);
    let hash = crate::world::sha256::sha256(&first.encode()[8..]);
    let mut records = Vec::new();
    let attacks = unfounded();
    for (what, rows, start_op, _) in &attacks {
        let mut parts = Parts::first(siege.actor(0), rows);
        (parts.deps, parts.start_op) = (vec![hash], *start_op);
        // An actor that no operation names must not be listed.
        if names_the_other(rows) {
            parts.others = vec![first.actor.clone()];
        }
        records.push(siege.change(named(what), &first.encode()));
        records.push(siege.change(named(what), &parts.encode()));
    }
    siege.send(&records);
    siege.withstood();
    for ((what, _, _, fate), pair) in attacks.iter().zip(records.chunks(2)) {
        assert_eq!((siege.fate(&pair[0]), siege.fate(&pair[1])), ("counts".into(), (*fate).into()), "{what}");
    }
}

#[test]
fn what_follows_nothing_that_anybody_has_waits_and_harms_nobody() {
    let mut siege = Siege::new();
    let mut parts = base(&siege);
    parts.deps = vec![[9; 32]];
    let first = furnished(&siege);
    let mut stranger = Parts::first(siege.actor(2), &[Row::set("title", "x", &[(1, 1)])]);
    (stranger.deps, stranger.start_op) = (vec![crate::world::sha256::sha256(&first.encode()[8..])], 8);
    stranger.others = vec![vec![200; 16]];
    let records = [
        siege.change(named("waits"), &parts.encode()),
        siege.change(named("stranger"), &first.encode()),
        siege.change(named("stranger"), &stranger.encode()),
    ];
    siege.send(&records);
    siege.withstood();
    assert_eq!(records.each_ref().map(|record| siege.fate(record)), ["waits", "counts", "set aside: Unfounded"]);
}

/// Changes that stay within every bound and cost as much as they can.
fn heavy(siege: &Siege) -> Vec<Attack> {
    let most = crdt::limits::OPS_MAX - 1;
    let same = vec![Row::set("title", "", &[]); most];
    let fields: Vec<Row> = (0..most).map(|n| Row::set(&format!("f{n}"), "", &[])).collect();
    let list = |row: &dyn Fn(u64) -> Row| -> Vec<Row> {
        std::iter::once(Row::list("problem")).chain((0..most as u64).map(row)).collect()
    };
    let chain: Vec<Row> = (0..most as u64)
        .map(|n| Row::set("title", "", &(1..n + 1).rev().take(1).map(|counter| (0, counter)).collect::<Vec<_>>()))
        .collect();
    let replaced: Vec<Row> = same[..most / 2]
        .iter()
        .cloned()
        .chain([Row::set("title", "", &(1..=most as u64 / 2).map(|counter| (0, counter)).collect::<Vec<_>>())])
        .collect();
    let actor = siege.actor(1);
    let make = |rows: &[Row]| Parts::first(actor, rows).encode();
    vec![
        ("one field, 20,000 values at once", make(&same), "counts"),
        ("20,000 fields", make(&fields), "counts"),
        ("20,000 items at the front", make(&list(&|_| Row::insert((0, 1), Key::Head, ""))), "counts"),
        ("20,000 items in a row", make(&list(&|n| Row::insert((0, 1), after(n), ""))), "counts"),
        ("20,000 items after the first", make(&list(&|n| Row::insert((0, 1), after(n.min(1)), ""))), "counts"),
        ("one field, replaced 20,000 times", make(&chain), "counts"),
        ("10,000 values replaced by one", make(&replaced), "counts"),
        ("20,000 lists in one field", make(&vec![Row::list("problem"); most]), "counts"),
    ]
}

/// The item that the `n`th one after a list goes behind.
fn after(n: u64) -> Key {
    if n == 0 { Key::Head } else { Key::Item(0, n + 1) }
}

#[test]
fn what_costs_as_much_as_it_may_still_costs_little() {
    let attacks = heavy(&Siege::new());
    for (what, chunk, fate) in attacks {
        let mut siege = Siege::new();
        let record = siege.change(named(what), &chunk);
        let bytes = record.bytes().len();
        siege.send(std::slice::from_ref(&record));
        siege.world.converge();
        println!("{what}: {bytes} bytes, {:?}", siege.world.slowest);
        assert!(siege.world.slowest < super::ONE_RECORD, "{what} took {:?}", siege.world.slowest);
        assert_eq!(siege.fate(&record), fate, "{what}");
    }
}
