//! The journal is the last resort, so nobody reads it before it is needed: here it is read all the
//! same, and what has rotted is written anew from the store.

use std::collections::HashSet;

use crdt::id::{PublicKey, RecordId};

use super::Replica;
use crate::fault::Fault;
use crate::journal::Journal;
use crate::keyring::public;
use crate::store::Store;

impl Replica {
    /// Reads the whole journal, and mends it from the store. Says whether it had to.
    ///
    /// # Errors
    /// A fault of the disk or the database.
    pub fn check_journal(&mut self) -> Result<bool, Fault> {
        if self.is_refused() {
            return Ok(false);
        }
        let Some(readable) = self.journal.damage()? else { return Ok(false) };
        let readable: HashSet<RecordId> = readable.iter().map(|bytes| RecordId::of(bytes)).collect();
        self.journal.cut_out_damage()?;
        if let Some(identity) = &self.identity {
            rejournal(&self.store, &mut self.journal, &public(&identity.device), &readable)?;
        }
        self.store.set_note("journal", &self.journal.len().to_be_bytes())?;
        Ok(true)
    }
}

/// Writes the own records of the store to the journal that are not in it.
///
/// # Errors
/// A fault of the disk or the database.
pub fn rejournal(store: &Store, journal: &mut Journal, own: &PublicKey, held: &HashSet<RecordId>) -> Result<(), Fault> {
    let mut batch: Vec<Vec<u8>> = Vec::new();
    let mut bytes = 0;
    for key in store.order_after(None) {
        let Some(record) = store.record(&key?.id)? else { continue };
        if held.contains(&record.id()) || (record.device() != *own && !record.is_genesis()) {
            continue;
        }
        bytes += record.bytes().len();
        batch.push(record.into_bytes());
        if bytes > crate::bundle::BLOCK_RAW_TARGET / 2 {
            journal.append(batch.iter().map(Vec::as_slice))?;
            batch.clear();
            bytes = 0;
        }
    }
    if batch.is_empty() { Ok(()) } else { journal.append(batch.iter().map(Vec::as_slice)) }
}
