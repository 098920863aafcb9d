//! What must stand in a document, worked out from its changes without the document engine: a value
//! stands until a change that knew of it replaces it. So nothing that anybody wrote is lost.

use std::collections::{BTreeMap, HashMap, HashSet};

use automerge::legacy::{Key, ObjectId, OpId, OpType};
use crdt::id::RecordId;
use crdt::record::Record;
use crdt::view::{FieldState, SetAside, View};

/// The values that stand under each field, with the record that each came in.
type Standing = BTreeMap<String, Vec<(String, RecordId)>>;

/// Works out what stands, from the records that the view says count.
pub fn standing(view: &View, records: &[Record]) -> Standing {
    let mut made: Vec<(OpId, String, String, Option<OpId>, RecordId)> = Vec::new();
    let mut lists: HashMap<OpId, String> = HashMap::new();
    let mut replaced: HashSet<OpId> = HashSet::new();
    for (record, change) in counting(view, records) {
        let change = change.decode();
        let actor = change.actor_id.clone();
        for (n, op) in (change.start_op.get()..).zip(change.operations) {
            let id = OpId::new(n, &actor);
            replaced.extend(op.pred.iter().cloned());
            let list = match &op.obj {
                ObjectId::Root => None,
                ObjectId::Id(list) => Some(list.clone()),
            };
            let key = match (&op.key, &list) {
                (Key::Map(key), None) => key.to_string(),
                (_, Some(list)) => lists[list].clone(),
                (Key::Seq(_), None) => panic!("an item outside a list"),
            };
            match op.action {
                OpType::Put(value) => made.push((id, key, value.as_str().expect("a text").to_owned(), list, record)),
                OpType::Make(_) => {
                    lists.insert(id, key);
                }
                _ => {}
            }
        }
    }
    let mut standing = Standing::new();
    for (id, key, value, list, record) in made {
        if !replaced.contains(&id) && list.is_none_or(|list| !replaced.contains(&list)) {
            standing.entry(key).or_default().push((value, record));
        }
    }
    standing.values_mut().for_each(|values| values.sort());
    standing
}

/// The changes that count, each after those that it follows.
fn counting<'a>(view: &View, records: &'a [Record]) -> Vec<(RecordId, automerge::Change)> {
    let excluded: HashSet<RecordId> =
        view.waiting.iter().copied().chain(view.set_aside.iter().map(|(record, _)| *record)).collect();
    let without_right = |record: &Record| {
        view.set_aside.iter().any(|(id, reason)| *id == record.id() && matches!(reason, SetAside::NoRight(_)))
    };
    let readable = |record: &&'a Record| {
        !without_right(record) && matches!(crdt::gate::read(record), Ok(crdt::gate::Content::Change(..)))
    };
    // Of two records with one change the one with the lower id names the author, and its fate is
    // the change's.
    let mut changes: BTreeMap<Vec<u8>, (RecordId, automerge::Change)> = BTreeMap::new();
    for record in records.iter().filter(readable) {
        let change = automerge::Change::from_bytes(record.body()[1..].to_vec()).expect("it was let in");
        let entry = changes.entry(change.hash().0.to_vec()).or_insert_with(|| (record.id(), change));
        entry.0 = entry.0.min(record.id());
    }
    changes.retain(|_, (record, _)| !excluded.contains(record));
    let mut ordered: Vec<_> = changes.into_values().collect();
    // Counters grow along what follows what.
    ordered.sort_by_key(|(_, change)| change.start_op());
    ordered
}

/// What a view shows, sorted like [`standing`].
pub fn shown(view: &View) -> Standing {
    let mut shown = Standing::new();
    for (key, state) in &view.fields {
        let versions: Vec<_> = match state {
            FieldState::Register(versions) => versions.iter().collect(),
            FieldState::List(items) => items.iter().flatten().collect(),
        };
        let values: Vec<_> = versions
            .into_iter()
            .map(|version| (version.value.clone(), view.authors[version.by as usize].record))
            .collect();
        if !values.is_empty() {
            shown.insert(key.clone(), values);
        }
    }
    shown.values_mut().for_each(|values| values.sort());
    shown
}
