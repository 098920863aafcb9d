//! Writing the first change of a document: the same bytes that the document engine would write of
//! the same operations, without building a document to write them from.

use sha2::{Digest, Sha256};

use super::columns::{
    ACTION, ACTION_MAKE_LIST, ACTION_SET, INSERT, KEY_ACTOR, KEY_COUNTER, KEY_TEXT, OBJECT_ACTOR, OBJECT_COUNTER,
    PRED_COUNT, VALUE, VALUE_META, VALUE_TYPE_TEXT,
};
use super::{Actor, CHANGE_CHUNK, MAGIC};
use crate::field::Stored;

/// An operation of a document that has nothing yet. Counters begin with 1.
enum First<'a> {
    Set { key: &'a str, text: &'a str },
    List { key: &'a str },
    Item { list: u64, after: Option<u64>, text: &'a str },
}

impl First<'_> {
    fn key(&self) -> Option<&str> {
        match self {
            Self::Set { key, .. } | Self::List { key } => Some(key),
            Self::Item { .. } => None,
        }
    }

    fn text(&self) -> Option<&str> {
        match self {
            Self::Set { text, .. } | Self::Item { text, .. } => Some(text),
            Self::List { .. } => None,
        }
    }

    /// The list that an item is put into, and what is before it there.
    fn place(&self) -> Option<(u64, Option<u64>)> {
        match self {
            Self::Item { list, after, .. } => Some((*list, *after)),
            Self::Set { .. } | Self::List { .. } => None,
        }
    }
}

/// The chunk of a change that gives an empty document these fields, and how many operations it has.
#[must_use]
pub fn first_change(actor: &Actor, fields: &[(&str, Stored)]) -> (Vec<u8>, usize) {
    let ops = operations(fields);
    (wrap(&content(actor, &ops)), ops.len())
}

fn operations<'a>(fields: &'a [(&str, Stored)]) -> Vec<First<'a>> {
    let mut ops = Vec::new();
    for (key, stored) in fields {
        match stored {
            Stored::Nothing => {}
            Stored::Scalar(text) => ops.push(First::Set { key, text }),
            Stored::Items(items) => {
                ops.push(First::List { key });
                let list = ops.len() as u64;
                for (n, text) in items.iter().enumerate() {
                    ops.push(First::Item { list, after: (n > 0).then_some(list + n as u64), text });
                }
            }
        }
    }
    ops
}

fn content(actor: &Actor, ops: &[First<'_>]) -> Vec<u8> {
    let columns = columns(ops);
    let mut content = Vec::new();
    // Follows nothing.
    unsigned(0, &mut content);
    text(actor, &mut content);
    // The actor's first change, whose first operation counts one.
    content.extend([1, 1]);
    // No time, no message, no other actors.
    content.extend([0, 0, 0]);
    unsigned(columns.len() as u64, &mut content);
    for (spec, data) in &columns {
        unsigned(u64::from(*spec), &mut content);
        unsigned(data.len() as u64, &mut content);
    }
    columns.iter().for_each(|(_, data)| content.extend(data));
    content
}

fn columns(ops: &[First<'_>]) -> Vec<(u32, Vec<u8>)> {
    let number = |value: u64, out: &mut Vec<u8>| unsigned(value, out);
    let key = |value: &str, out: &mut Vec<u8>| text(value.as_bytes(), out);
    // The change's own actor is the one with the number 0.
    let own = |counter: Option<u64>| counter.map(|_| 0);
    let places = || ops.iter().map(First::place);
    let action = |op: &First<'_>| if matches!(op, First::List { .. }) { ACTION_MAKE_LIST } else { ACTION_SET };
    let meta = |op: &First<'_>| op.text().map_or(0, |text| (text.len() as u64) << 4 | VALUE_TYPE_TEXT);
    let columns = [
        (OBJECT_ACTOR, runs(places().map(|place| own(place.map(|(list, _)| list))), number)),
        (OBJECT_COUNTER, runs(places().map(|place| place.map(|(list, _)| list)), number)),
        (KEY_ACTOR, runs(places().map(|place| own(place.and_then(|(_, after)| after))), number)),
        (KEY_COUNTER, steps(places().map(|place| place.map(|(_, after)| after.unwrap_or(0))))),
        (KEY_TEXT, runs(ops.iter().map(First::key), key)),
        (INSERT, booleans(places().map(|place| place.is_some()))),
        (ACTION, runs(ops.iter().map(|op| Some(action(op))), number)),
        (VALUE_META, runs(ops.iter().map(|op| Some(meta(op))), number)),
        (VALUE, ops.iter().filter_map(First::text).flat_map(str::bytes).collect()),
        (PRED_COUNT, runs(ops.iter().map(|_| Some(0)), number)),
    ];
    columns.into_iter().filter(|(_, data)| !data.is_empty()).collect()
}

fn wrap(content: &[u8]) -> Vec<u8> {
    let mut hashed = vec![CHANGE_CHUNK];
    unsigned(content.len() as u64, &mut hashed);
    hashed.extend(content);
    let hash = Sha256::digest(&hashed);
    [&MAGIC[..], &hash[..4], &hashed].concat()
}

/// Run-length encoding in the one form that Automerge writes; nothing at all if there is no value.
fn runs<T: PartialEq + Copy>(cells: impl Iterator<Item = Option<T>>, write: impl Fn(T, &mut Vec<u8>)) -> Vec<u8> {
    let mut counted: Vec<(Option<T>, i64)> = Vec::new();
    for cell in cells {
        match counted.last_mut() {
            Some((last, count)) if *last == cell => *count += 1,
            _ => counted.push((cell, 1)),
        }
    }
    let mut out = Vec::new();
    if counted.iter().all(|(cell, _)| cell.is_none()) {
        return out;
    }
    let mut rest = &counted[..];
    while let Some(((cell, count), after)) = rest.split_first() {
        match cell {
            None => {
                signed(0, &mut out);
                unsigned(count.unsigned_abs(), &mut out);
                rest = after;
            }
            Some(value) if *count > 1 => {
                signed(*count, &mut out);
                write(*value, &mut out);
                rest = after;
            }
            Some(_) => {
                let single = |(cell, count): &&(Option<T>, i64)| cell.is_some() && *count == 1;
                let literals = rest.iter().take_while(single).count();
                signed(-(literals as i64), &mut out);
                rest[..literals].iter().filter_map(|(cell, _)| *cell).for_each(|value| write(value, &mut out));
                rest = &rest[literals..];
            }
        }
    }
    out
}

/// Numbers as what each adds to the one before.
fn steps(cells: impl Iterator<Item = Option<u64>>) -> Vec<u8> {
    let mut last = 0;
    let steps = cells.map(|cell| {
        let value = cell? as i64;
        Some(value - std::mem::replace(&mut last, value))
    });
    runs(steps, signed)
}

/// Alternating runs of false and true.
fn booleans(cells: impl Iterator<Item = bool>) -> Vec<u8> {
    let mut out = Vec::new();
    let (mut value, mut run) = (false, 0);
    for cell in cells {
        if cell != value {
            unsigned(run, &mut out);
            (value, run) = (cell, 0);
        }
        run += 1;
    }
    if run > 0 {
        unsigned(run, &mut out);
    }
    out
}

fn unsigned(mut value: u64, out: &mut Vec<u8>) {
    while value >= 0x80 {
        out.push((value as u8 & 0x7f) | 0x80);
        value >>= 7;
    }
    out.push(value as u8);
}

fn signed(mut value: i64, out: &mut Vec<u8>) {
    loop {
        let byte = value as u8 & 0x7f;
        value >>= 7;
        if (value == 0 && byte & 0x40 == 0) || (value == -1 && byte & 0x40 != 0) {
            out.push(byte);
            return;
        }
        out.push(byte | 0x80);
    }
}

fn text(bytes: &[u8], out: &mut Vec<u8>) {
    unsigned(bytes.len() as u64, out);
    out.extend(bytes);
}
