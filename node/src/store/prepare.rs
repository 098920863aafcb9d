//! What is worked out about records before the store is locked for them, on all cores: their packed
//! bytes, and the views of the documents that they begin. Such a view needs nothing but the record,
//! so its document is listed in the very batch that stores it, and nothing is pending afterwards.

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
pub(super) struct Prepared {
    /// Its packed bytes.
    pub(super) packed: Vec<u8>,
    /// The document that it begins, if it seems to begin one that can be read. Whether it does is
    /// seen when it is stored.
    pub(super) fresh: Option<Fresh>,
}

/// A document that has one record.
pub(super) struct Fresh {
    pub(super) view: View,
    pub(super) card: DocumentCard,
}

impl Store {
    pub(super) fn prepare(&self, admitted: &[Admitted]) -> Result<Vec<Prepared>, Fault> {
        let prepare = |admitted: &Admitted| {
            Ok(Prepared { packed: parts::pack(admitted.record().bytes()), fresh: self.fresh(admitted)? })
        };
        parallel::map(admitted.iter().collect(), prepare).into_iter().collect()
    }

    fn fresh(&self, admitted: &Admitted) -> Result<Option<Fresh>, Fault> {
        let record = admitted.record();
        if record.kind() != Kind::Change || self.has_records(&record.document())? {
            return Ok(None);
        }
        let charter = self.charter_of(&record.community())?;
        let Some(view) = view_of_one(record, admitted.content(), charter.as_deref()) else { return Ok(None) };
        let card = card(self, &view)?;
        Ok(Some(Fresh { view, card }))
    }
}
