//! A bounded reader of Automerge change chunks: everything about a change that can be known
//! without its document, before Automerge sees a byte of it.
//!
//! Automerge 0.12 trusts what it decodes: 76 bytes can claim a million operations, a compressed
//! chunk of half a megabyte inflates to half a gigabyte, a change that names an unknown actor or
//! object makes it panic, 500 nested maps overflow the stack, and `Change::from_bytes` does not
//! check the checksum. So this reader decodes every operation itself, with every count bounded
//! before anything is allocated for it, and lets through only what a document of ours is made of
//! (see [`Op`]): scalars at the root, lists at the root, texts in those lists. Nothing nests.
//!
//! The format is the one of <https://automerge.org/automerge-binary-format-spec/>.

mod columns;
mod encode;

use sha2::{Digest, Sha256};

use crate::id::{ChangeHash, PublicKey};
use crate::limits::{ACTORS_MAX, DEPS_MAX, KEY_BYTES_MAX, OP_COUNTER_MAX, OPS_MAX, PREDS_MAX, SCALAR_BYTES_MAX};

use columns::{Columns, Input};
pub use encode::first_change;

/// The first bytes of every Automerge chunk.
const MAGIC: [u8; 4] = [0x85, 0x6f, 0x4a, 0x83];
/// The chunk type of an uncompressed change.
const CHANGE_CHUNK: u8 = 1;
/// Length of an actor id: eight bytes that name the device, eight at random.
pub const ACTOR_BYTES: usize = 16;

/// Who made an operation: one actor makes exactly one change.
pub type Actor = [u8; ACTOR_BYTES];

/// The first half of every actor that `device` may use. It binds the actor to the signature of the
/// envelope: nobody can burn another device's actors.
#[must_use]
pub fn actor_prefix(device: &PublicKey) -> [u8; 8] {
    let mut prefix = [0; 8];
    let mut hasher = blake3::Hasher::new_derive_key("dosvid 2026-11 actor");
    hasher.update(&device.0);
    hasher.finalize_xof().fill(&mut prefix);
    prefix
}

/// Why a chunk is refused. The same bytes are refused for the same reason everywhere.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, thiserror::Error)]
pub enum ChunkProblem {
    /// It ends too early, or has bytes left over.
    #[error("the change is cut off or has bytes left over")]
    Truncated,
    /// Not the magic bytes of a chunk.
    #[error("the change does not start as one")]
    Magic,
    /// A compressed change, a document or a bundle of changes.
    #[error("the change is compressed or is not a single change")]
    Type,
    /// The checksum is not the hash of the content.
    #[error("the checksum of the change is wrong")]
    Checksum,
    /// Over [`DEPS_MAX`] predecessors, or not in ascending order.
    #[error("the change follows too many changes")]
    Deps,
    /// The actor is not [`ACTOR_BYTES`] long or does not belong to the device that signed.
    #[error("the change's actor does not belong to the device")]
    Actor,
    /// A second change of one actor.
    #[error("the change is not its actor's first")]
    Seq,
    /// The first operation's counter is zero or over [`OP_COUNTER_MAX`].
    #[error("the change's counters are out of bounds")]
    Counter,
    /// A time, a message or extra bytes, which our changes never carry: the envelope says it all.
    #[error("the change carries more than operations")]
    Extras,
    /// Over [`ACTORS_MAX`] other actors, not in ascending order, or one that no operation names.
    #[error("the change names too many actors")]
    Actors,
    /// A column that is unknown, compressed, doubled or out of order.
    #[error("the change has a column that is not allowed")]
    Column,
    /// A column that says what it says in another way than Automerge would.
    #[error("the change is not spelt as the format demands")]
    Spelling,
    /// Over [`OPS_MAX`] operations, or none.
    #[error("the change has too many operations, or none")]
    Ops,
    /// Over [`PREDS_MAX`] predecessors, or those of one operation not in ascending order.
    #[error("the change's operations have too many predecessors")]
    Preds,
    /// An operation that our documents are not made of.
    #[error("the change has an operation that documents are not made of")]
    Operation,
    /// A key, a text or a number outside its bounds.
    #[error("the change has a value outside its bounds")]
    Value,
}

/// An operation's name: its counter and its actor's place in [`Chunk::actors`].
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct OpRef {
    /// The actor's place in [`Chunk::actors`].
    pub actor: usize,
    /// The counter, from 1.
    pub counter: u64,
}

/// Everything that may happen in a document.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Op {
    /// A field at the root takes a value.
    Set {
        /// The field.
        key: String,
    },
    /// A field at the root becomes an empty list.
    List {
        /// The field.
        key: String,
    },
    /// A field at the root loses its value.
    Clear {
        /// The field.
        key: String,
    },
    /// A list gains an item after another (none: at the front).
    Insert {
        /// The list.
        list: OpRef,
        /// The item before.
        after: Option<OpRef>,
    },
    /// An item of a list takes a text.
    Put {
        /// The list.
        list: OpRef,
        /// The item.
        item: OpRef,
    },
    /// An item of a list goes.
    Remove {
        /// The list.
        list: OpRef,
        /// The item.
        item: OpRef,
    },
}

/// One change, read and found well-formed.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Chunk {
    /// The hash by which other changes name this one.
    pub hash: ChangeHash,
    /// The changes that this one directly follows.
    pub deps: Vec<ChangeHash>,
    /// The change's own actor first, then the others that its operations name, ascending.
    pub actors: Vec<Actor>,
    /// The counter of the first operation.
    pub start_op: u64,
    /// The operations, with the ones that each replaces.
    pub ops: Vec<(Op, Vec<OpRef>)>,
    texts: Texts,
}

/// The texts that operations carry, one after another, and where each ends.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
struct Texts {
    all: String,
    ends: Vec<usize>,
}

impl Texts {
    fn push(&mut self, text: &str) {
        self.all.push_str(text);
        self.ends.push(self.all.len());
    }

    fn get(&self, n: usize) -> &str {
        let start = if n == 0 { 0 } else { self.ends[n - 1] };
        &self.all[start..self.ends[n]]
    }
}

impl Chunk {
    /// Reads a chunk and checks all that can be checked without the document.
    ///
    /// # Errors
    /// [`ChunkProblem`] names the first thing wrong. Time and memory are linear in the length of
    /// `bytes` plus [`OPS_MAX`] and [`PREDS_MAX`], whatever the bytes claim.
    pub fn parse(bytes: &[u8], device: &PublicKey) -> Result<Self, ChunkProblem> {
        let (hash, content) = open(bytes)?;
        let mut input = Input::new(content);
        let deps = read_deps(&mut input)?;
        let own = read_actor(&mut input)?;
        if own[..8] != actor_prefix(device) {
            return Err(ChunkProblem::Actor);
        }
        if input.unsigned()? != 1 {
            return Err(ChunkProblem::Seq);
        }
        let start_op = input.unsigned()?;
        if start_op == 0 || start_op > OP_COUNTER_MAX {
            return Err(ChunkProblem::Counter);
        }
        // The time is a signed number; its zero is the same byte.
        if input.unsigned()? != 0 || input.unsigned()? != 0 {
            return Err(ChunkProblem::Extras);
        }
        let actors = read_actors(&mut input, own)?;
        let columns = Columns::parse(&mut input)?;
        if !input.is_empty() {
            return Err(ChunkProblem::Extras);
        }
        let (ops, texts) = columns.operations(&Bounds { actors: actors.len(), start_op })?;
        if !all_named(actors.len(), &ops) {
            return Err(ChunkProblem::Actors);
        }
        Ok(Self { hash, deps, actors, start_op, ops, texts })
    }

    /// The text that the operation at a place in [`Chunk::ops`] carries; empty if it carries none.
    #[must_use]
    pub fn text(&self, op: usize) -> &str {
        self.texts.get(op)
    }

    /// Bytes of text that the operations carry.
    #[must_use]
    pub fn text_bytes(&self) -> usize {
        self.texts.all.len()
    }

    /// The change's own actor.
    #[must_use]
    pub fn actor(&self) -> Actor {
        self.actors[0]
    }

    /// The counter of the last operation.
    #[must_use]
    pub fn max_op(&self) -> u64 {
        self.start_op + self.ops.len() as u64 - 1
    }
}

/// What a reference inside one change may name.
struct Bounds {
    actors: usize,
    start_op: u64,
}

/// Checks magic, type, length and checksum; gives the hash and the content.
fn open(bytes: &[u8]) -> Result<(ChangeHash, &[u8]), ChunkProblem> {
    let mut input = Input::new(bytes);
    if input.take(4)? != MAGIC {
        return Err(ChunkProblem::Magic);
    }
    let checksum = input.take(4)?;
    let hashed = input.rest();
    if input.take(1)? != [CHANGE_CHUNK] {
        return Err(ChunkProblem::Type);
    }
    let len = input.unsigned()?;
    let content = input.rest();
    if len != content.len() as u64 {
        return Err(ChunkProblem::Truncated);
    }
    let hash: [u8; 32] = Sha256::digest(hashed).into();
    if hash[..4] != *checksum {
        return Err(ChunkProblem::Checksum);
    }
    Ok((ChangeHash(hash), content))
}

fn read_deps(input: &mut Input<'_>) -> Result<Vec<ChangeHash>, ChunkProblem> {
    let count = input.unsigned()?;
    if count > DEPS_MAX as u64 {
        return Err(ChunkProblem::Deps);
    }
    let mut deps: Vec<ChangeHash> = Vec::new();
    for _ in 0..count {
        let dep = ChangeHash::from_slice(input.take(32)?).ok_or(ChunkProblem::Truncated)?;
        if deps.last().is_some_and(|last| *last >= dep) {
            return Err(ChunkProblem::Deps);
        }
        deps.push(dep);
    }
    Ok(deps)
}

fn read_actor(input: &mut Input<'_>) -> Result<Actor, ChunkProblem> {
    if input.unsigned()? != ACTOR_BYTES as u64 {
        return Err(ChunkProblem::Actor);
    }
    input.take(ACTOR_BYTES)?.try_into().map_err(|_| ChunkProblem::Truncated)
}

fn read_actors(input: &mut Input<'_>, own: Actor) -> Result<Vec<Actor>, ChunkProblem> {
    let count = input.unsigned()?;
    if count > ACTORS_MAX as u64 {
        return Err(ChunkProblem::Actors);
    }
    let mut actors = vec![own];
    for _ in 0..count {
        let actor = read_actor(input)?;
        if actor == own || actors[1..].last().is_some_and(|last| *last >= actor) {
            return Err(ChunkProblem::Actors);
        }
        actors.push(actor);
    }
    Ok(actors)
}

/// Whether operations name every actor but the change's own, which goes without saying.
fn all_named(actors: usize, ops: &[(Op, Vec<OpRef>)]) -> bool {
    let mut named = vec![false; actors];
    named[0] = true;
    for (op, preds) in ops {
        let (list, item) = match op {
            Op::Set { .. } | Op::List { .. } | Op::Clear { .. } => (None, None),
            Op::Insert { list, after } => (Some(list), after.as_ref()),
            Op::Put { list, item } | Op::Remove { list, item } => (Some(list), Some(item)),
        };
        list.into_iter().chain(item).chain(preds).for_each(|reference| named[reference.actor] = true);
    }
    named.into_iter().all(|named| named)
}

#[cfg(test)]
mod tests {
    use super::*;
    use automerge::transaction::Transactable;
    use automerge::{ActorId, AutoCommit, ObjType, ROOT};

    fn device() -> PublicKey {
        PublicKey([3; 32])
    }

    fn actor(n: u8) -> ActorId {
        let mut actor = [n; ACTOR_BYTES];
        actor[..8].copy_from_slice(&actor_prefix(&device()));
        ActorId::from(actor)
    }

    fn change(doc: &mut AutoCommit) -> Vec<u8> {
        doc.commit();
        doc.get_last_local_change().expect("there is a change").raw_bytes().to_vec()
    }

    #[test]
    fn an_honest_change_is_read_whole() {
        let mut doc = AutoCommit::new();
        doc.set_actor(actor(1));
        doc.put(ROOT, "title", "Толока").expect("put");
        let list = doc.put_object(ROOT, "problem", ObjType::List).expect("list");
        doc.insert(&list, 0, "Перший").expect("insert");
        doc.insert(&list, 1, "Другий").expect("insert");
        let chunk = Chunk::parse(&change(&mut doc), &device()).expect("honest");
        assert_eq!(chunk.start_op, 1);
        assert_eq!(chunk.max_op(), 4);
        let list = OpRef { actor: 0, counter: 2 };
        assert_eq!(chunk.ops[0].0, Op::Set { key: "title".into() });
        assert_eq!(chunk.ops[1].0, Op::List { key: "problem".into() });
        assert_eq!(chunk.ops[2].0, Op::Insert { list, after: None });
        assert_eq!(chunk.ops[3].0, Op::Insert { list, after: Some(OpRef { actor: 0, counter: 3 }) });

        doc.set_actor(actor(2));
        let (_, list) = automerge::ReadDoc::get(&doc, ROOT, "problem").expect("read").expect("there");
        doc.put(&list, 0, "Перший, виправлений").expect("put");
        doc.delete(&list, 1).expect("delete");
        doc.delete(ROOT, "title").expect("delete");
        let chunk = Chunk::parse(&change(&mut doc), &device()).expect("honest");
        assert_eq!(chunk.deps.len(), 1);
        assert_eq!(chunk.actors.len(), 2);
        let list = OpRef { actor: 1, counter: 2 };
        let first = OpRef { actor: 1, counter: 3 };
        assert_eq!(chunk.ops[0], (Op::Put { list, item: first }, vec![first]));
        assert_eq!(chunk.ops[1].0, Op::Remove { list, item: OpRef { actor: 1, counter: 4 } });
        assert_eq!(chunk.ops[2].0, Op::Clear { key: "title".into() });
    }

    #[test]
    fn what_documents_are_not_made_of_is_refused() {
        type Make = fn(&mut AutoCommit);
        let cases: [(Make, ChunkProblem); 6] = [
            (
                |doc| {
                    doc.put_object(ROOT, "m", ObjType::Map).expect("map");
                },
                ChunkProblem::Operation,
            ),
            (
                |doc| {
                    doc.put_object(ROOT, "t", ObjType::Text).expect("text");
                },
                ChunkProblem::Operation,
            ),
            (|doc| doc.put(ROOT, "n", 5).expect("number"), ChunkProblem::Value),
            (|doc| doc.put(ROOT, "Назва", "x").expect("key"), ChunkProblem::Value),
            (|doc| doc.put(ROOT, "n", "x".repeat(SCALAR_BYTES_MAX + 1)).expect("long"), ChunkProblem::Value),
            (
                |doc| {
                    let list = doc.put_object(ROOT, "l", ObjType::List).expect("list");
                    doc.insert_object(&list, 0, ObjType::List).expect("nested");
                },
                ChunkProblem::Operation,
            ),
        ];
        for (make, problem) in cases {
            let mut doc = AutoCommit::new();
            doc.set_actor(actor(1));
            make(&mut doc);
            assert_eq!(Chunk::parse(&change(&mut doc), &device()), Err(problem));
        }
    }

    #[test]
    fn the_actor_belongs_to_the_device() {
        let mut doc = AutoCommit::new();
        doc.set_actor(actor(1));
        doc.put(ROOT, "title", "x").expect("put");
        let bytes = change(&mut doc);
        assert_eq!(Chunk::parse(&bytes, &PublicKey([4; 32])), Err(ChunkProblem::Actor));
        doc.put(ROOT, "title", "y").expect("put");
        assert_eq!(Chunk::parse(&change(&mut doc), &device()), Err(ChunkProblem::Seq));
    }

    #[test]
    fn every_flipped_bit_breaks_the_checksum() {
        let mut doc = AutoCommit::new();
        doc.set_actor(actor(1));
        doc.put(ROOT, "title", "x").expect("put");
        let bytes = change(&mut doc);
        for at in 0..bytes.len() {
            let mut flipped = bytes.clone();
            flipped[at] ^= 4;
            assert!(Chunk::parse(&flipped, &device()).is_err(), "byte {at}");
        }
    }
}
