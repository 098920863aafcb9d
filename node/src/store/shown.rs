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
use crate::disk::RETRY_AFTER;
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

impl Shown {
    fn of(derivable: &Derivable, view: &View, card: &DocumentCard, due: Instant) -> Self {
        Self { generation: derivable.generation, due, view: view.clone(), card: card.clone() }
    }
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

    /// What is shown from memory of a document. While the disk refuses, a document that grew and whose view
    /// could not be made since is a fault: its page must not say what it said before an edit that was
    /// acknowledged. Others, and those that wait to be derived for another reason, are shown as they are kept.
    ///
    /// # Errors
    /// The disk's refusal, or a fault of the database.
    pub(super) fn shown_for_readers(&self, document: &DocumentId) -> Result<Option<Arc<Shown>>, Fault> {
        let shown = self.shown(document);
        let Some(refusal) = self.disk().refusal() else { return Ok(shown) };
        let Some(grown) = self.newest_step(document) else { return Ok(shown) };
        let is_behind = self.pending_generation(document)? == Some(grown)
            && shown.as_ref().is_none_or(|shown| shown.generation != grown);
        if is_behind { Err(refusal.into()) } else { Ok(shown) }
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
        all.insert(derivable.document, Arc::new(Shown::of(derivable, view, card, due)));
        Ok(true)
    }

    /// Has readers see a view that the disk refused, whatever the database says of its document now. One or two
    /// more than [`SHOWN_MAX`]: nothing new is taken while the disk refuses.
    pub(super) fn show_instead(&self, derivable: &Derivable, view: &View, card: &DocumentCard) {
        let shown = Shown::of(derivable, view, card, Instant::now() + RETRY_AFTER);
        self.all_shown().insert(derivable.document, Arc::new(shown));
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
