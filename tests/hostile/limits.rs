//! Documents that are as large as they may be, in few bytes: what they cost each node.

use crdt::limits::{DOCUMENT_CHANGES_MAX, DOCUMENT_OPS_MAX, OPS_MAX};
use crdt::record::Record;

use super::{Siege, count};
use crate::world::chunk::{Key, Parts, Row};
use crate::world::named;
use crate::world::sha256::sha256;

/// A chain of changes, each after the one before, with the rows that `rows` gives from the counter
/// of the first one on.
fn chain(siege: &Siege, len: u64, rows: impl Fn(u64) -> Vec<Row>) -> Vec<Record> {
    let (mut deps, mut start_op) = (Vec::new(), 1);
    (0..len)
        .map(|n| {
            let rows = rows(start_op);
            let mut parts = Parts::first(siege.actor(n), &rows);
            (parts.deps, parts.start_op) = (std::mem::take(&mut deps), start_op);
            let chunk = parts.encode();
            deps.push(sha256(&chunk[8..]));
            start_op += rows.len() as u64;
            siege.change(named("large"), &chunk)
        })
        .collect()
}

/// Sends the records to all towns, and says what became of them and what the dearest step cost.
fn endured(mut siege: Siege, what: &str, records: &[Record]) -> std::collections::BTreeMap<String, u32> {
    let bytes: usize = records.iter().map(|record| record.bytes().len()).sum();
    siege.send(records);
    siege.world.converge();
    println!("{what}: {} records of {bytes} bytes, {:?}", records.len(), siege.world.slowest);
    assert!(siege.world.slowest < super::ONE_RECORD, "{what} took {:?}", siege.world.slowest);
    let view = siege.world.view(siege.towns[0], &records[0].document());
    count(records.iter().map(|record| siege.fate_in(view.as_ref(), record)))
}

fn expected(fates: &[(&str, u32)]) -> std::collections::BTreeMap<String, u32> {
    fates.iter().map(|(fate, n)| ((*fate).to_owned(), *n)).collect()
}

#[test]
fn a_document_with_as_many_operations_as_it_may_have_is_bearable() {
    let most = (DOCUMENT_OPS_MAX / OPS_MAX) as u64;
    let items = |start: u64| -> Vec<Row> {
        let list = std::iter::once(Row::list("problem"));
        list.chain((1..OPS_MAX).map(|_| Row::insert((0, start), Key::Head, ""))).collect()
    };
    let siege = Siege::new();
    let records = chain(&siege, most + 1, items);
    let fates = endured(siege, "items", &records);
    assert_eq!(fates, expected(&[("counts", most as u32), ("set aside: TooLarge", 1)]));

    let siege = Siege::new();
    let records = chain(&siege, most + 1, |_| vec![Row::set("title", "", &[]); OPS_MAX]);
    let fates = endured(siege, "values", &records);
    assert_eq!(fates, expected(&[("counts", most as u32), ("set aside: TooLarge", 1)]));
}

#[test]
fn a_document_with_as_many_changes_as_it_may_have_is_bearable() {
    let most = DOCUMENT_CHANGES_MAX as u32;
    let siege = Siege::new();
    let records = chain(&siege, u64::from(most) + 1, |_| vec![Row::set("title", "x", &[])]);
    let fates = endured(siege, "a chain", &records);
    assert_eq!(fates, expected(&[("counts", most), ("set aside: TooLarge", 1)]));

    let siege = Siege::new();
    let chunk = |n: u64| Parts::first(siege.actor(n), &[Row::set("title", "x", &[])]).encode();
    let records: Vec<Record> = (0..=u64::from(most)).map(|n| siege.change(named("large"), &chunk(n))).collect();
    let fates = endured(siege, "all at once", &records);
    assert_eq!(fates, expected(&[("counts", most), ("set aside: TooLarge", 1)]));
}
