//! What a document has had so far: which operation made which field, list and item, and which
//! change could know of which.

use std::collections::HashMap;

use crate::chunk::{Actor, Chunk, Op, OpRef};
use crate::id::ChangeHash;
use crate::view::SetAside;

/// An operation anywhere: its actor and its counter.
type OpId = (Actor, u64);

/// What an operation made.
#[derive(Clone, PartialEq, Eq)]
enum Made {
    /// A value of a field.
    Value(String),
    /// A list, as the value of a field.
    List(String),
    /// An item of a list.
    Item(OpId),
    /// A value of an item.
    ItemValue(OpId),
}

#[derive(Clone)]
struct Taken {
    /// The change's place in the order of taking.
    place: usize,
    max_op: u64,
}

/// Everything that a change of the document may name.
#[derive(Clone, Default)]
pub(super) struct Ledger {
    taken: HashMap<ChangeHash, Taken>,
    actors: HashMap<Actor, usize>,
    /// For each change, in the order of taking: a bit for each change that it follows, near or far.
    followed: Vec<Vec<u64>>,
    made: HashMap<OpId, Made>,
}

impl Ledger {
    /// Checks a change against what it follows, and enters what it makes.
    pub(super) fn enter(&mut self, chunk: &Chunk) -> Result<(), SetAside> {
        let mut followed: Vec<u64> = Vec::new();
        let mut max_op = 0;
        for dep in &chunk.deps {
            let taken = self.taken.get(dep).ok_or(SetAside::Unfounded)?;
            max_op = max_op.max(taken.max_op);
            unite(&mut followed, &self.followed[taken.place]);
            set(&mut followed, taken.place);
        }
        if chunk.start_op != max_op + 1 {
            return Err(SetAside::Counter);
        }
        let known = |actor: &Actor| self.actors.get(actor).is_some_and(|place| has(&followed, *place));
        if self.actors.contains_key(&chunk.actor()) || !chunk.actors[1..].iter().all(known) {
            return Err(SetAside::Unfounded);
        }
        let mut made = HashMap::new();
        for (n, (op, preds)) in chunk.ops.iter().enumerate() {
            let counter = chunk.start_op + n as u64;
            if let Some(what) = self.check(chunk, &made, op, preds)? {
                made.insert((chunk.actor(), counter), what);
            }
        }
        let place = self.followed.len();
        self.made.extend(made);
        self.actors.insert(chunk.actor(), place);
        self.taken.insert(chunk.hash, Taken { place, max_op: chunk.max_op() });
        self.followed.push(followed);
        Ok(())
    }

    /// Checks one operation; says what it makes.
    fn check(
        &self,
        chunk: &Chunk,
        new: &HashMap<OpId, Made>,
        op: &Op,
        preds: &[OpRef],
    ) -> Result<Option<Made>, SetAside> {
        let id = |reference: &OpRef| (chunk.actors[reference.actor], reference.counter);
        let find = |reference: &OpRef| {
            let id = id(reference);
            new.get(&id).or_else(|| self.made.get(&id)).ok_or(SetAside::Unfounded)
        };
        let is_list = |list: &OpRef| matches!(find(list), Ok(Made::List(_)));
        let is_item = |item: &OpRef, list: &OpRef| find(item).is_ok_and(|made| *made == Made::Item(id(list)));
        let require = |holds: bool| if holds { Ok(()) } else { Err(SetAside::Unfounded) };
        match op {
            Op::Set { key } | Op::List { key } | Op::Clear { key } => {
                for pred in preds {
                    require(matches!(find(pred)?, Made::Value(of) | Made::List(of) if of == key))?;
                }
                match op {
                    Op::Set { .. } => Ok(Some(Made::Value(key.clone()))),
                    Op::List { .. } => Ok(Some(Made::List(key.clone()))),
                    _ => require(!preds.is_empty()).map(|()| None),
                }
            }
            Op::Insert { list, after } => {
                require(is_list(list) && preds.is_empty())?;
                require(after.as_ref().is_none_or(|after| is_item(after, list)))?;
                Ok(Some(Made::Item(id(list))))
            }
            Op::Put { list, item } | Op::Remove { list, item } => {
                require(is_list(list) && is_item(item, list) && !preds.is_empty())?;
                for pred in preds {
                    let of_item = id(pred) == id(item) || *find(pred)? == Made::ItemValue(id(item));
                    require(of_item)?;
                }
                Ok(matches!(op, Op::Put { .. }).then(|| Made::ItemValue(id(item))))
            }
        }
    }
}

fn has(bits: &[u64], n: usize) -> bool {
    bits.get(n / 64).is_some_and(|word| word & (1 << (n % 64)) != 0)
}

fn set(bits: &mut Vec<u64>, n: usize) {
    if bits.len() <= n / 64 {
        bits.resize(n / 64 + 1, 0);
    }
    bits[n / 64] |= 1 << (n % 64);
}

fn unite(bits: &mut Vec<u64>, other: &[u64]) {
    if bits.len() < other.len() {
        bits.resize(other.len(), 0);
    }
    for (word, more) in bits.iter_mut().zip(other) {
        *word |= more;
    }
}
