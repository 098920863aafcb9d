//! One change in many spellings: run-length columns can say the same in more ways than one. The
//! engine rebuilds changes from operations and knows only its own spelling, so in any other a change
//! would have one hash when it comes and another one later.

use crdt::gate::{Verdict, judge};
use crdt::record::Record;
use crdt::replay::Replay;

use super::{Siege, mutants};
use crate::world::chunk::{Key, Parts, Row, column, signed, unsigned};
use crate::world::named;
use crate::world::sha256::sha256;

/// A column's cells, each as its encoded value.
type Cells = Vec<Option<Vec<u8>>>;

/// A first change, and one on top of it that has every column.
fn plain(siege: &Siege) -> (Parts, Parts) {
    let rows = [
        Row::set("title", "Толока", &[]),
        Row::list("problem"),
        Row::insert((0, 2), Key::Head, "Перший"),
        Row::insert((0, 2), Key::Item(0, 3), "Другий"),
        Row::insert((0, 2), Key::Item(0, 4), "Третій"),
    ];
    let first = Parts::first(siege.actor(1), &rows);
    let rows = [
        Row::set("title", "Двічі", &[(1, 1)]),
        Row::set("summary", "Двічі", &[]),
        Row::set("summary", "Тричі", &[(0, 7)]),
        Row::insert((1, 2), Key::Item(1, 3), "Новий"),
        Row::put((1, 2), (1, 4), "Інший", &[(1, 4)]),
        Row::remove((1, 2), (1, 5), &[(1, 5)]),
        Row::remove((1, 2), (1, 3), &[(1, 3)]),
    ];
    let mut second = Parts::first(siege.actor(0), &rows);
    (second.deps, second.start_op) = (vec![sha256(&first.encode()[8..])], 6);
    second.others = vec![first.actor.clone()];
    (first, second)
}

fn take_number(rest: &mut &[u8]) -> Vec<u8> {
    let end = rest.iter().position(|byte| byte & 0x80 == 0).expect("a number ends") + 1;
    let (number, after) = rest.split_at(end);
    *rest = after;
    number.to_vec()
}

/// A number of one byte, as all are here.
fn small(number: &[u8]) -> i64 {
    assert_eq!(number.len(), 1, "short columns");
    i64::from(number[0]) - if number[0] >= 64 { 128 } else { 0 }
}

fn take_value(spec: u64, rest: &mut &[u8]) -> Vec<u8> {
    let mut value = take_number(rest);
    if spec == column::KEY_TEXT {
        let (text, after) = rest.split_at(value[0] as usize);
        value.extend(text);
        *rest = after;
    }
    value
}

fn cells(spec: u64, mut data: &[u8]) -> Cells {
    let mut cells = Cells::new();
    while !data.is_empty() {
        match small(&take_number(&mut data)) {
            0 => (0..take_number(&mut data)[0]).for_each(|_| cells.push(None)),
            run if run > 0 => {
                let value = take_value(spec, &mut data);
                (0..run).for_each(|_| cells.push(Some(value.clone())));
            }
            literals => (0..-literals).for_each(|_| cells.push(Some(take_value(spec, &mut data)))),
        }
    }
    cells
}

/// A way to write cells down.
type Spelling = (&'static str, fn(&Cells) -> Vec<u8>);

const SPELLINGS: [Spelling; 4] = [
    ("each value a run of one", |cells| {
        each(cells, |value, out| {
            signed(1, out);
            out.extend(value);
        })
    }),
    ("each value a literal of one", |cells| {
        each(cells, |value, out| {
            signed(-1, out);
            out.extend(value);
        })
    }),
    ("all neighbours in one literal", |cells| {
        let mut out = Vec::new();
        for group in cells.chunk_by(|a, b| a.is_some() == b.is_some()) {
            if group[0].is_none() {
                signed(0, &mut out);
                unsigned(group.len() as u64, &mut out);
            } else {
                signed(-(group.len() as i64), &mut out);
                group.iter().flatten().for_each(|value| out.extend(value));
            }
        }
        out
    }),
    ("counts longer than they need", |cells| {
        each(cells, |value, out| {
            out.extend([0xff, 0x7f]);
            out.extend(value);
        })
    }),
];

fn each(cells: &Cells, write: impl Fn(&[u8], &mut Vec<u8>)) -> Vec<u8> {
    let mut out = Vec::new();
    for cell in cells {
        match cell {
            Some(value) => write(value, &mut out),
            None => out.extend([0, 1]),
        }
    }
    out
}

/// Every other spelling of every column, one at a time.
fn spellings(plain: &Parts) -> Vec<(String, Parts)> {
    let mut all = Vec::new();
    for (spec, data) in &plain.columns {
        if matches!(*spec, column::VALUE | column::INSERT) {
            continue;
        }
        for (name, spell) in SPELLINGS {
            let spelt = spell(&cells(*spec, data));
            if spelt != *data {
                all.push((format!("column {spec:#x}: {name}"), plain.clone().with_column(*spec, spelt)));
            }
        }
    }
    let with = |name: &str, spec, data| (name.to_owned(), plain.clone().with_column(spec, data));
    all.push(with("inserts with an empty run between", column::INSERT, vec![1, 0, 2, 1, 3]));
    all.push(with("inserts with an empty run at the end", column::INSERT, vec![3, 1, 3, 0]));
    let mut unused = plain.clone();
    unused.columns.push((column::PRED_COUNTER + 1, Vec::new()));
    all.push(("an empty column".into(), unused));
    all
}

/// Empty and null columns, on a change that needs none of them.
fn idle(siege: &Siege) -> Vec<(String, Parts)> {
    let plain = Parts::first(siege.actor(0), &[Row::set("title", "x", &[])]);
    let idle = [
        column::OBJECT_ACTOR,
        column::OBJECT_COUNTER,
        column::KEY_ACTOR,
        column::KEY_COUNTER,
        column::PRED_ACTOR,
        column::PRED_COUNTER,
    ];
    let empty = idle.map(|spec| (format!("column {spec:#x} empty"), plain.clone().with_column(spec, vec![])));
    let null = idle.map(|spec| (format!("column {spec:#x} of nulls"), plain.clone().with_column(spec, vec![0, 1])));
    empty.into_iter().chain(null).collect()
}

#[test]
fn a_change_in_another_spelling_is_refused() {
    let siege = Siege::seeded(1);
    let store = std::sync::Arc::clone(&siege.world.node(siege.towns[0]).store);
    let (first, second) = plain(&siege);
    let name = named("spelling");
    let first = siege.change(name, &first.encode());
    let refused = |parts: &Parts| {
        let record = siege.change(name, &parts.encode());
        match judge(record.bytes().to_vec(), &*store) {
            Verdict::Refused(refusal) => Some(refusal),
            _ => {
                still_writable(&siege, &first, record);
                None
            }
        }
    };
    assert_eq!(refused(&second), None, "the plain spelling counts");
    for (what, parts) in spellings(&second).iter().chain(&idle(&siege)) {
        assert!(refused(parts).is_some(), "{what}: let in, and harmless to this test");
    }
}

/// Somebody writes on top of the change, somebody else saves a form from before that.
fn still_writable(siege: &Siege, first: &Record, record: Record) {
    let name = record.document_name();
    let mut records = vec![first.clone(), record];
    let derive = |records: &[Record]| Replay::derive(siege.community, name, records.iter().cloned(), None);
    let next = mutants::write(siege, &derive(&records), 7, "Зверху");
    records.push(siege.change(name, &next));
    let replay = derive(&records);
    assert_eq!(replay.len(), 3);
    mutants::can_be_written(siege, &records, &replay);
}
