//! Writing: a form's content becomes one change on top of what the form was rendered from.

use automerge::transaction::{CommitOptions, Transactable, Transaction};
use automerge::{ActorId, AutomergeError, ObjType, ROOT};
use serde_json::Value;

use super::Replay;
use super::fields::{Entry, entry, fields};
use crate::chunk::{Actor, Chunk, first_change};
use crate::field::{Field, Shape, Stored};
use crate::id::{ChangeHash, PublicKey};
use crate::limits::RECORD_BYTES_MAX;
use crate::paragraphs::{Rewritten, Step, align};
use crate::record::{HEADER_BYTES, SIGNATURE_BYTES};
use crate::view::FieldState;

/// What somebody wants a document to say.
pub struct EditRequest<'a> {
    /// What they had read: the change is made on top of these heads and merged with the rest.
    pub base: &'a [ChangeHash],
    /// The table of the document's kind. Fields that it does not name are left alone.
    pub table: &'a [Field],
    /// The typed value as JSON.
    pub content: &'a Value,
    /// Keys of fields whose conflicts are decided in favour of `content`.
    pub resolve: &'a [String],
    /// A fresh actor of the device that will sign.
    pub actor: Actor,
    /// The device that will sign.
    pub device: PublicKey,
}

/// Why no change can be made.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum EditError {
    /// The document does not have the heads that were read.
    #[error("the document does not have the version that was edited")]
    UnknownBase,
    /// The change is too long for a record, or has too many operations.
    #[error("the change is too large")]
    TooLarge,
    /// Our own change is not what the gate lets through: a bug.
    #[error("the change is not well-formed: {0}")]
    Malformed(String),
}

impl Replay {
    /// Makes the chunk of the change that leads from what was read to what is wanted; `None` if
    /// they are the same.
    ///
    /// # Errors
    /// [`EditError`] says why not.
    pub fn edit(&self, request: &EditRequest<'_>) -> Result<Option<Vec<u8>>, EditError> {
        if self.is_empty() && request.base.is_empty() {
            return begin(request);
        }
        let mut doc = self.fork_at(request.base).ok_or(EditError::UnknownBase)?;
        let (current, _) = fields(&doc, &self.authors);
        doc.set_actor(ActorId::from(request.actor));
        let entries: Vec<Entry> = request.table.iter().map(|field| entry(&doc, field.key)).collect();
        let mut transaction = doc.transaction();
        for (field, entry) in request.table.iter().zip(&entries) {
            let wanted = field.store(request.content);
            let resolve = request.resolve.iter().any(|key| key == field.key);
            write(&mut transaction, field, entry, current.get(field.key), &wanted, resolve)
                .map_err(|error| EditError::Malformed(error.to_string()))?;
        }
        if transaction.pending_ops() == 0 {
            transaction.rollback();
            return Ok(None);
        }
        transaction.commit_with(CommitOptions::default().with_time(0));
        let change = doc.get_last_local_change().ok_or_else(|| EditError::Malformed("no change was made".into()))?;
        finish(change.raw_bytes().to_vec(), &request.device).map(Some)
    }
}

/// The first change of a document: there is nothing to compare with and nothing to merge.
fn begin(request: &EditRequest<'_>) -> Result<Option<Vec<u8>>, EditError> {
    let fields: Vec<(&str, Stored)> =
        request.table.iter().map(|field| (field.key, field.store(request.content))).collect();
    match first_change(&request.actor, &fields) {
        (_, 0) => Ok(None),
        (bytes, _) => finish(bytes, &request.device).map(Some),
    }
}

fn finish(bytes: Vec<u8>, device: &PublicKey) -> Result<Vec<u8>, EditError> {
    if HEADER_BYTES + 1 + bytes.len() + SIGNATURE_BYTES > RECORD_BYTES_MAX {
        return Err(EditError::TooLarge);
    }
    // Our own changes pass the same reader as everyone's.
    match Chunk::parse(&bytes, device) {
        Ok(_) => Ok(bytes),
        Err(crate::chunk::ChunkProblem::Ops | crate::chunk::ChunkProblem::Preds) => Err(EditError::TooLarge),
        Err(problem) => Err(EditError::Malformed(problem.to_string())),
    }
}

fn write(
    tx: &mut Transaction<'_>,
    field: &Field,
    entry: &Entry,
    current: Option<&FieldState>,
    wanted: &Stored,
    resolve: bool,
) -> Result<(), AutomergeError> {
    let key = field.key;
    let shown = current.map_or(Stored::Nothing, FieldState::shown);
    match wanted {
        Stored::Nothing if shown == Stored::Nothing => Ok(()),
        Stored::Nothing if entry.lists.is_empty() => tx.delete(ROOT, key),
        Stored::Nothing => write_items(tx, field, entry, current, &[], resolve),
        Stored::Scalar(value) => {
            let conflicted = matches!(current, Some(FieldState::Register(versions)) if versions.len() > 1);
            if shown != *wanted || (resolve && conflicted) { tx.put(ROOT, key, value.as_str()) } else { Ok(()) }
        }
        Stored::Items(items) => write_items(tx, field, entry, current, items, resolve),
    }
}

fn write_items(
    tx: &mut Transaction<'_>,
    field: &Field,
    entry: &Entry,
    current: Option<&FieldState>,
    wanted: &[String],
    resolve: bool,
) -> Result<(), AutomergeError> {
    let key = field.key;
    let empty = Vec::new();
    let current = match current {
        Some(FieldState::List(items)) => items,
        _ => &empty,
    };
    if entry.lists.is_empty() {
        let list = tx.put_object(ROOT, key, ObjType::List)?;
        for (index, item) in wanted.iter().enumerate() {
            tx.insert(&list, index, item.as_str())?;
        }
        return Ok(());
    }
    // Items of every list under the key, in the order in which they are shown. Scalars beside a
    // list (see `fields`) come last and cannot be edited as items; they stay as they are.
    let places: Vec<(usize, usize)> =
        entry.lists.iter().enumerate().flat_map(|(list, at)| (0..at.len).map(move |index| (list, index))).collect();
    let old: Vec<String> = current[..places.len().min(current.len())]
        .iter()
        .map(|versions| versions.first().map(|version| version.value.clone()).unwrap_or_default())
        .collect();
    let rewritten = if matches!(field.shape, Shape::Prose) { Rewritten::Same } else { Rewritten::Another };
    let steps = align(&old, wanted, rewritten);
    // From the end to the front, so that the places of what is still to come do not move.
    let mut n = steps.len();
    while n > 0 {
        n -= 1;
        match steps[n] {
            Step::Keep(item) => {
                let (list, index) = places[item];
                if resolve && current[item].len() > 1 {
                    tx.put(&entry.lists[list].object, index, old[item].as_str())?;
                }
            }
            Step::Change { old: item, new } => {
                let (list, index) = places[item];
                tx.put(&entry.lists[list].object, index, wanted[new].as_str())?;
            }
            Step::Remove(item) => {
                let (list, index) = places[item];
                tx.delete(&entry.lists[list].object, index)?;
            }
            Step::Insert(_) => {
                // A run of new items goes in front to back, each after the one before it.
                let first = run_start(&steps, n);
                let (list, at) = after(&steps[..first], &places);
                for (offset, step) in steps[first..=n].iter().enumerate() {
                    if let Step::Insert(new) = step {
                        tx.insert(&entry.lists[list].object, at + offset, wanted[*new].as_str())?;
                    }
                }
                n = first;
            }
        }
    }
    Ok(())
}

/// Where the run of insertions that ends at `last` begins.
fn run_start(steps: &[Step], last: usize) -> usize {
    let run = steps[..last].iter().rev().take_while(|step| matches!(step, Step::Insert(_))).count();
    last - run
}

/// Where to insert after the steps before: the list, and the place in it.
fn after(before: &[Step], places: &[(usize, usize)]) -> (usize, usize) {
    match before.last() {
        Some(Step::Keep(item) | Step::Change { old: item, .. } | Step::Remove(item)) => {
            let (list, index) = places[*item];
            (list, index + 1)
        }
        _ => (0, 0),
    }
}
