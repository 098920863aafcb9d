//! What is not shown on this node, because whoever runs it decided so. The records stay in the set, count
//! as before and go on to others; lists and search leave them out. Which they are is a note of this
//! computer and no part of the database: the store only keeps it at hand, since every list asks.

use std::collections::HashSet;
use std::sync::{Arc, PoisonError};

use crdt::gate::DocumentKind;
use crdt::id::DocumentId;
use crdt::kinds;
use web_ui::library::{DocumentCard, DocumentsRequest, Scope};

use super::Store;
use crate::fault::Fault;

/// Documents that are not shown.
pub(super) type Hidden = Arc<HashSet<DocumentId>>;

impl Store {
    /// Which documents are not shown.
    pub(super) fn hidden(&self) -> Hidden {
        Arc::clone(&self.hidden.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// Whether a document is not shown on this node.
    #[must_use]
    pub fn is_hidden(&self, document: &DocumentId) -> bool {
        self.hidden().contains(document)
    }

    /// Takes over which documents are not shown, as the index has learnt before.
    pub fn keep_hidden(&self, hidden: HashSet<DocumentId>) {
        *self.hidden.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(hidden);
    }

    /// Takes over which documents are not shown, and has the index learn of those that are now and were
    /// not, or the other way round, and of what they translate.
    ///
    /// # Errors
    /// A fault of the database.
    pub fn hide(&self, hidden: HashSet<DocumentId>) -> Result<(), Fault> {
        let before = self.hidden();
        self.keep_hidden(hidden.clone());
        for document in before.symmetric_difference(&hidden) {
            self.index_again(document)?;
            let about = self.card(document)?.and_then(|card| card.about?.parse::<DocumentId>().ok());
            if let Some(about) = about {
                self.index_again(&about)?;
            }
        }
        Ok(())
    }

    /// How many documents of a list are left out of it.
    pub(super) fn hidden_in(&self, wanted: &DocumentsRequest) -> Result<u64, Fault> {
        match wanted.scope {
            // Who reads what was said of a document is told that something is not shown.
            Scope::About(_) => Ok(0),
            Scope::All => self.hidden_of(wanted.kind, |_| true),
            Scope::Of(owner) => self.hidden_of(wanted.kind, |card| card.owner == owner.to_string()),
        }
    }

    fn hidden_of(&self, kind: DocumentKind, is_listed: impl Fn(&DocumentCard) -> bool) -> Result<u64, Fault> {
        let key = kinds::of(kind).map(|kind| kind.key);
        let mut count = 0;
        for document in self.hidden().iter() {
            let card = self.card(document)?.filter(|card| key == Some(card.kind.as_str()));
            count += u64::from(card.is_some_and(|card| is_listed(&card)));
        }
        Ok(count)
    }
}
