//! Which documents are in the index, so that only they are taken out before they are written again.
//!
//! To take one out every segment is opened and asked for it at the next commit, however many there
//! are; while a library comes in, nothing of it is there yet.

use std::collections::HashSet;

use crdt::id::DocumentId;

use super::folder::Folder;

/// Short names of the documents that the index has, or had: eight bytes each. Where two documents
/// share one, something is looked for in vain.
pub(super) struct Held(HashSet<u64>);

fn short(id: &[u8]) -> u64 {
    id.first_chunk().map_or(0, |first| u64::from_be_bytes(*first))
}

impl Held {
    /// What was committed.
    pub(super) fn of(folder: &Folder) -> tantivy::Result<Self> {
        let mut held = HashSet::new();
        for segment in folder.reader.searcher().segment_readers() {
            let ids = segment.inverted_index(folder.fields.id)?;
            let mut ids = ids.terms().stream()?;
            while ids.advance() {
                held.insert(short(ids.key()));
            }
        }
        Ok(Self(held))
    }

    /// Whether a document may be in the index, or among what is to be committed.
    pub(super) fn may_have(&self, document: &DocumentId) -> bool {
        self.0.contains(&short(&document.0))
    }

    pub(super) fn add(&mut self, document: &DocumentId) {
        self.0.insert(short(&document.0));
    }
}
