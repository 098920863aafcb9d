//! What is worked out about records before the store is locked for them, on all cores: their packed
//! bytes, and the views of the documents that they begin. Such a view needs nothing but the record and
//! the charter, so its document is listed in the very batch that stores it, and nothing is pending afterwards.

use std::sync::atomic::Ordering;

use crdt::gate::Admitted;
use crdt::record::Kind;
use crdt::replay::view_of_one;
use crdt::view::View;
use web_ui::library::DocumentCard;

use super::{Store, parts};
use crate::card::card;
use crate::fault::Fault;
use crate::parallel;

/// A record, ready to be stored.
#[derive(Debug)]
pub struct Ready {
    pub(super) admitted: Admitted,
    /// Its packed bytes.
    pub(super) packed: Vec<u8>,
    /// The document that it begins, if it seems to begin one that can be read. Whether it does is
    /// seen when it is stored.
    pub(super) fresh: Option<Fresh>,
    /// How often charters had changed before the view was read by one.
    charters: u64,
}

impl Ready {
    /// The record.
    #[must_use]
    pub const fn admitted(&self) -> &Admitted {
        &self.admitted
    }
}

/// A document that has one record.
#[derive(Debug)]
pub(super) struct Fresh {
    pub(super) view: View,
    pub(super) card: DocumentCard,
}

impl Store {
    /// Works out all that can be before a record is stored. Needs no lock, so many can be at once, and
    /// while others are stored.
    ///
    /// # Errors
    /// A fault of the database.
    pub fn ready(&self, admitted: Admitted) -> Result<Ready, Fault> {
        let charters = self.charters_changed.load(Ordering::Acquire);
        let (packed, fresh) = (parts::pack(admitted.record().bytes()), self.fresh(&admitted)?);
        Ok(Ready { admitted, packed, fresh, charters })
    }

    /// The same of many, on all cores.
    ///
    /// # Errors
    /// A fault of the database.
    pub fn all_ready(&self, admitted: Vec<Admitted>) -> Result<Vec<Ready>, Fault> {
        parallel::map(admitted, |admitted| self.ready(admitted)).into_iter().collect()
    }

    /// Reads views anew whose charter has changed since.
    pub(super) fn refreshed(&self, mut ready: Vec<Ready>) -> Result<Vec<Ready>, Fault> {
        let charters = self.charters_changed.load(Ordering::Acquire);
        for one in ready.iter_mut().filter(|one| one.charters != charters) {
            one.fresh = self.fresh(&one.admitted)?;
        }
        Ok(ready)
    }

    fn fresh(&self, admitted: &Admitted) -> Result<Option<Fresh>, Fault> {
        let record = admitted.record();
        if record.kind() != Kind::Change {
            return Ok(None);
        }
        let charter = self.charter_of(&record.community())?;
        let Some(view) = view_of_one(record, admitted.content(), charter.as_deref()) else { return Ok(None) };
        let card = card(self, &view)?;
        Ok(Some(Fresh { view, card }))
    }
}
