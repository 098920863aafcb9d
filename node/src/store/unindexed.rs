//! What the search index has yet to learn: noted in the same batch that changes a view, taken off
//! only when the index has it on the disk. So an index that was behind at a crash catches up.

use std::sync::atomic::Ordering;

use crdt::id::DocumentId;
use sled::Batch;

use super::set::Entry;
use super::{Store, keys};
use crate::fault::Fault;

/// Documents that are noted in one batch when all are: the database keeps a copy of a page of keys for
/// each of them until the batch has ended, so thousands at once would take hundreds of megabytes.
const NOTED_AT_ONCE: usize = 64;

/// A document whose view changed since it was indexed.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Unindexed {
    /// The document.
    pub document: DocumentId,
    /// Grows with every change.
    generation: u64,
}

impl Entry<'_> {
    /// Notes that the index must look at a document again.
    pub(super) fn index_later(&mut self, document: &DocumentId) {
        let generation = self.store.generation.fetch_add(1, Ordering::Relaxed);
        self.batch.insert(keys::unindexed(document), &generation.to_be_bytes());
    }
}

impl Store {
    /// Documents that the index must look at again, in the order of their ids, after `after`.
    ///
    /// # Errors
    /// A fault of the database.
    pub fn unindexed(&self, after: Option<&DocumentId>, most: usize) -> Result<Vec<Unindexed>, Fault> {
        let start = after.map_or_else(|| vec![keys::UNINDEXED], |after| [&keys::unindexed(after)[..], &[0]].concat());
        let mut found = Vec::new();
        for entry in self.db.range(start..vec![keys::UNINDEXED + 1]).take(most) {
            let (key, generation) = entry?;
            let document = DocumentId::from_slice(&key[1..]);
            let generation = <[u8; 8]>::try_from(&generation[..]).map(u64::from_be_bytes);
            if let (Some(document), Ok(generation)) = (document, generation) {
                found.push(Unindexed { document, generation });
            }
        }
        Ok(found)
    }

    /// How many documents the index must look at again, counted up to `most`.
    ///
    /// # Errors
    /// A fault of the database.
    pub fn unindexed_count(&self, most: usize) -> Result<u64, Fault> {
        let mut count = 0;
        for key in self.db.scan_prefix([keys::UNINDEXED]).keys().take(most) {
            key?;
            count += 1;
        }
        Ok(count)
    }

    /// Takes off what the index has now, but for documents that changed again meanwhile.
    ///
    /// # Errors
    /// A fault of the database.
    pub fn indexed(&self, done: &[Unindexed]) -> Result<(), Fault> {
        for one in done {
            let key = keys::unindexed(&one.document);
            // A key that changed meanwhile stays: it is met again.
            let _ = self.db.compare_and_swap(key, Some(&one.generation.to_be_bytes()), None::<&[u8]>)?;
        }
        Ok(())
    }

    /// Has one document indexed again.
    ///
    /// # Errors
    /// A fault of the database.
    pub fn index_again(&self, document: &DocumentId) -> Result<(), Fault> {
        let generation = self.generation.fetch_add(1, Ordering::Relaxed);
        self.db.insert(keys::unindexed(document), &generation.to_be_bytes())?;
        Ok(())
    }

    /// Has every document indexed again.
    ///
    /// # Errors
    /// A fault of the database.
    pub fn index_all_again(&self) -> Result<(), Fault> {
        self.note_all(keys::unindexed)
    }

    /// Notes every document under a key, with a generation of its own.
    pub(super) fn note_all(&self, key: impl Fn(&DocumentId) -> Vec<u8>) -> Result<(), Fault> {
        for community in self.communities()? {
            for documents in self.documents_of(&community)?.chunks(NOTED_AT_ONCE) {
                let mut batch = Batch::default();
                for document in documents {
                    let generation = self.generation.fetch_add(1, Ordering::Relaxed);
                    batch.insert(key(document), &generation.to_be_bytes());
                }
                self.db.apply_batch(batch)?;
            }
        }
        Ok(())
    }
}
