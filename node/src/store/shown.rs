//! Views that readers see and the database does not have yet: of documents that change again within a
//! moment. To write each of them would be most of what such a document costs the disk. Their documents
//! stay pending, so nothing is lost with the process.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Instant;

use crdt::id::DocumentId;
use crdt::view::View;
use web_ui::library::DocumentCard;

use super::{Derivable, Store, keys};
use crate::fault::Fault;

/// Documents shown from memory. Fewer than are derived between two looks at what else is pending, so they
/// never stand in the way of the rest.
const SHOWN_MAX: usize = 16;

/// A view that is to be kept when its document has rested.
pub(super) struct Shown {
    generation: u64,
    due: Instant,
    pub(super) view: View,
    pub(super) card: DocumentCard,
}

/// All of them.
pub(super) type AllShown = Mutex<HashMap<DocumentId, Arc<Shown>>>;

impl Store {
    fn all_shown(&self) -> MutexGuard<'_, HashMap<DocumentId, Arc<Shown>>> {
        self.shown.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn shown(&self, document: &DocumentId) -> Option<Arc<Shown>> {
        self.all_shown().get(document).map(Arc::clone)
    }

    pub(super) fn show_no_more(&self, document: &DocumentId) {
        self.all_shown().remove(document);
    }

    pub(super) fn show_none(&self) {
        self.all_shown().clear();
    }

    /// Has readers see a view that is to be kept at `due`. `false`, and nothing is shown, if its document
    /// changed since `derivable` was read or too many are shown like this: then it is to be kept now.
    ///
    /// # Errors
    /// A fault of the database.
    pub fn show(&self, derivable: &Derivable, view: &View, card: &DocumentCard, due: Instant) -> Result<bool, Fault> {
        // Whoever appends waits: what is shown is never older than what was shown before.
        let _totals = self.write();
        let generation = self.pending_generation(&derivable.document)?;
        let mut all = self.all_shown();
        let room = all.len() < SHOWN_MAX || all.contains_key(&derivable.document);
        if generation != Some(derivable.generation) || !room {
            return Ok(false);
        }
        let shown = Shown { generation: derivable.generation, due, view: view.clone(), card: card.clone() };
        all.insert(derivable.document, Arc::new(shown));
        Ok(true)
    }

    /// When a pending document is to be derived, if it is shown as it stands and need not be before.
    ///
    /// # Errors
    /// A fault of the database.
    pub fn rests_until(&self, document: &DocumentId) -> Result<Option<Instant>, Fault> {
        let Some(shown) = self.shown(document).filter(|shown| shown.due > Instant::now()) else { return Ok(None) };
        Ok((self.pending_generation(document)? == Some(shown.generation)).then_some(shown.due))
    }

    /// The generation of a pending document.
    pub(super) fn pending_generation(&self, document: &DocumentId) -> Result<Option<u64>, Fault> {
        let bytes = self.db.get(keys::pending(document))?;
        Ok(bytes.map(|bytes| bytes[..].try_into().map_or(0, u64::from_be_bytes)))
    }
}
