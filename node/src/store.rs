//! Remembers: the set of records, and all that follows from it, in sled. sled stops here.
//!
//! One tree holds everything under one-byte prefixes (`keys`), because sled applies a batch to
//! one tree atomically: a record, its place in the order, the fingerprint of the set and the note
//! that a document must be derived anew stand or fall together.
//!
//! Invariants: only [`Admitted`](crdt::gate::Admitted) records come in; every record read is checked against its id, and
//! a wrong one counts as missing; everything but records, drafts and settings can be deleted and is
//! derived again.
//!
//! sled's own `flush` is not durable on Linux (it ends in `sync_file_range`), so [`Store::sync`]
//! also syncs the database file. sled keeps values of more than a quarter of a segment in files of
//! their own that it never syncs, so no page may grow that long: values are kept in parts.

mod census;
mod database;
mod growth;
mod hidden;
mod keys;
mod links;
mod open;
mod parts;
mod prepare;
mod set;
mod shelf;
mod shown;
mod tally;
mod told;
mod unindexed;
mod views;

use std::collections::{BTreeSet, HashMap};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, RwLock};
use std::time::{Duration, Instant};

use crdt::charter::Charter;
use crdt::gate::{Content, Registry};
use crdt::id::{CommunityId, DocumentId, DocumentName, NetworkId, RecordId};
use crdt::record::{Kind, Record};
use sled::Batch;

use crate::fault::Fault;
use crate::manifest::Admission;

use database::Database;
pub use open::{DATABASE_PANICKED, Opened, watch_panics};
pub use prepare::Ready;
pub use set::{OrderKey, Totals};
pub use unindexed::Unindexed;
pub(crate) use views::reason_code;
pub use views::{Derivable, Kept, StoredView};

/// Damaged records remembered until somebody brings them back; of more than these whatever catching
/// up brings is enough.
const LOST_MAX: usize = 1_000;

/// Records of one append from which on it is one of many: a part of a block of a first copy, or of an import. What
/// people write and gossip brings comes one by one.
const MANY: usize = 16;
/// How long after such an append the next one is expected: 256 rows of an import take 300 ms on a slow PC, and a
/// slow line leaves more time than this between two blocks.
const MANY_AGAIN: Duration = Duration::from_secs(1);

/// What an append changed.
#[derive(Debug, Default)]
pub struct Appended {
    /// Records that were not held before.
    pub new: Vec<RecordId>,
    /// Records that were held before, or twice among those to be stored.
    pub known: u64,
    /// Records of documents that were taken back meanwhile.
    pub late: Vec<RecordId>,
    /// Documents to derive anew.
    pub documents: BTreeSet<DocumentId>,
    /// Documents that began with one of the records and can be read already, with their titles.
    pub begun: Vec<(DocumentId, String)>,
    /// Documents taken back.
    pub withdrawn: Vec<DocumentId>,
    /// Communities whose charter changed.
    pub communities: BTreeSet<CommunityId>,
}

/// The records and what follows from them.
pub struct Store {
    db: Database,
    dir: PathBuf,
    network: NetworkId,
    admission: Admission,
    totals: Mutex<Totals>,
    charters: RwLock<HashMap<CommunityId, Arc<Charter>>>,
    /// How often a charter has changed since the store was opened.
    charters_changed: AtomicU64,
    /// Counts appends, so that a derivation can tell whether its document changed meanwhile.
    generation: AtomicU64,
    /// Records found damaged on reading, since the start.
    damaged: AtomicU64,
    /// The last of them that nobody has tried to bring back yet.
    lost: Mutex<Vec<RecordId>>,
    /// Counts of all documents, once somebody asked.
    counting: Mutex<census::Counting>,
    /// Held by whoever reads all lists to count them.
    counting_reader: Mutex<()>,
    /// By which records documents grew since the store was opened.
    growth: growth::Growth,
    /// When many records came at once last.
    many_at: Mutex<Option<Instant>>,
    /// Views that are not kept yet.
    shown: shown::AllShown,
    /// Blocks for those who copy everything.
    shelf: shelf::Shelf,
    /// How long those lists of communities are that somebody asked for.
    tally: Mutex<tally::Tally>,
    /// Documents that are not shown on this node.
    hidden: RwLock<hidden::Hidden>,
}

impl Store {
    fn write(&self) -> MutexGuard<'_, Totals> {
        // A panic while writing leaves the batch unapplied and the totals as they were.
        self.totals.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Takes records into the set, in one or a few atomic batches. Not yet durable: see
    /// [`Store::sync`] and the journal.
    ///
    /// # Errors
    /// A fault of the database.
    pub fn append(&self, ready: Vec<Ready>) -> Result<Appended, Fault> {
        if ready.len() >= MANY {
            *self.many_at.lock().unwrap_or_else(PoisonError::into_inner) = Some(Instant::now());
        }
        let mut appended = Appended::default();
        let ready = self.refreshed(ready)?;
        let mut totals = self.write();
        let mut entry = set::Entry::new(self, &totals);
        let mut steps = Vec::new();
        for Ready { admitted, packed, fresh, .. } in ready {
            let record = admitted.record();
            if entry.holds(&record.id())? {
                appended.known += 1;
                continue;
            }
            if matches!(admitted.content(), Content::Withdrawal(_)) {
                // What it takes back may be in the batch so far.
                entry.commit(&mut totals)?;
                entry = set::Entry::new(self, &totals);
                self.withdraw(record, &mut entry, &mut appended)?;
            } else if record.kind() == Kind::Change && (entry.withdrawn(&record.document())?) {
                appended.late.push(record.id());
                continue;
            }
            let begins = record.kind() == Kind::Change && entry.begins(record)?;
            entry.insert(record, &packed);
            appended.new.push(record.id());
            match record.kind() {
                Kind::Charter => {
                    appended.communities.insert(record.community());
                }
                Kind::Change => match fresh.filter(|_| begins) {
                    Some(fresh) => {
                        entry.list(&fresh.view, &fresh.card, Some(&record.id()));
                        appended.begun.push((record.document(), fresh.card.title));
                    }
                    None => {
                        appended.documents.insert(record.document());
                        let generation = self.generation.fetch_add(1, Ordering::Relaxed);
                        entry.pend(record, generation);
                        steps.push((record.document(), generation, record.id()));
                    }
                },
                _ => {}
            }
        }
        entry.commit(&mut totals)?;
        for (document, generation, record) in steps {
            self.growth.note(document, generation, record);
        }
        for document in &appended.withdrawn {
            self.growth.forget(document);
        }
        for community in &appended.communities {
            self.charter_changed(community, &mut totals)?;
        }
        Ok(appended)
    }

    /// Whether records come by the block, one block after the other: what can wait should leave the
    /// processor to that.
    pub fn is_filling(&self) -> bool {
        let at = *self.many_at.lock().unwrap_or_else(PoisonError::into_inner);
        at.is_some_and(|at| at.elapsed() < MANY_AGAIN)
    }

    /// Drops everything of a document but the memory of its records' ids. Reads without dropping
    /// what is damaged, which would take the lock that the caller holds.
    fn withdraw(&self, withdrawal: &Record, entry: &mut set::Entry<'_>, out: &mut Appended) -> Result<(), Fault> {
        let document = withdrawal.document();
        for id in self.ids_of(&document)? {
            let place = self.db.get(keys::place(&id))?;
            let record = place.map(|place| self.read_at(&place)).transpose()?.flatten();
            match record.filter(|record| record.id() == id) {
                Some(record) if record.kind() == Kind::Change => entry.remove(&record, true)?,
                Some(_) => {}
                None => entry.remove_damaged(&id)?,
            }
        }
        entry.forget_document(withdrawal)?;
        out.withdrawn.push(document);
        out.documents.remove(&document);
        out.begun.retain(|(begun, _)| *begun != document);
        Ok(())
    }

    /// Reads a charter anew and has the community's documents derived anew.
    fn charter_changed(&self, community: &CommunityId, totals: &mut Totals) -> Result<(), Fault> {
        {
            // Whoever is reading the charter of before must not keep it.
            let mut charters = self.charters_mut();
            self.charters_changed.fetch_add(1, Ordering::AcqRel);
            charters.remove(community);
        }
        let mut batch = Batch::default();
        for document in self.documents_of(community)? {
            let generation = self.generation.fetch_add(1, Ordering::Relaxed);
            batch.insert(keys::pending(&document), &generation.to_be_bytes());
        }
        totals.communities = self.count_prefix(&[keys::GENESIS])?;
        batch.insert(keys::TOTALS, totals.to_bytes());
        self.db.apply_batch(batch)
    }

    fn charters_mut(&self) -> std::sync::RwLockWriteGuard<'_, HashMap<CommunityId, Arc<Charter>>> {
        self.charters.write().unwrap_or_else(PoisonError::into_inner)
    }

    /// The record with this id, if it is held and undamaged. A damaged one is dropped, so that
    /// catch-up fetches it again.
    ///
    /// # Errors
    /// A fault of the database.
    pub fn record(&self, id: &RecordId) -> Result<Option<Record>, Fault> {
        let Some(place) = self.db.get(keys::place(id))? else { return Ok(None) };
        match self.read_at(&place)? {
            Some(record) if record.id() == *id => Ok(Some(record)),
            _ => match self.disk().refusal() {
                // What a failed write left half done is no damage, and nothing to be said to be missing.
                Some(refusal) if self.is_suspect() => Err(refusal.into()),
                Some(_) => Ok(None),
                None => self.drop_damaged(id).map(|()| None),
            },
        }
    }

    fn read_at(&self, place: &[u8]) -> Result<Option<Record>, Fault> {
        let bytes = parts::get(&self.db, &keys::body(place))?;
        Ok(bytes.and_then(|bytes| Record::parse(bytes).ok()))
    }

    /// Drops a record that should never have been held.
    ///
    /// # Errors
    /// A fault of the database.
    pub fn drop_record(&self, id: &RecordId) -> Result<(), Fault> {
        self.drop_damaged(id)
    }

    fn drop_damaged(&self, id: &RecordId) -> Result<(), Fault> {
        self.damaged.fetch_add(1, Ordering::Relaxed);
        let mut lost = self.lost.lock().unwrap_or_else(PoisonError::into_inner);
        if lost.len() < LOST_MAX {
            lost.push(*id);
        }
        drop(lost);
        tracing::warn!(record = %id, "a stored record is damaged; it will be fetched again");
        let mut totals = self.write();
        let mut entry = set::Entry::new(self, &totals);
        entry.remove_damaged(id)?;
        entry.commit(&mut totals)
    }

    /// The records found damaged since this was last asked, to be brought back.
    pub fn take_lost(&self) -> Vec<RecordId> {
        std::mem::take(&mut *self.lost.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// How many records were found damaged since the start.
    pub fn damaged(&self) -> u64 {
        self.damaged.load(Ordering::Relaxed)
    }

    /// Every undamaged record that names a document.
    ///
    /// # Errors
    /// A fault of the database.
    pub fn records_of(&self, document: &DocumentId) -> Result<Vec<Record>, Fault> {
        self.records_under(&keys::document(document))
    }

    /// The generation of the record that a document grew by last; `None` if that is not known any more.
    pub fn newest_step(&self, document: &DocumentId) -> Option<u64> {
        self.growth.newest(document)
    }

    /// The records that a document grew by after one generation, up to another, in the order in which they
    /// came; `None` if that is not known any more.
    pub fn steps_between(&self, document: &DocumentId, after: u64, until: u64) -> Option<Vec<RecordId>> {
        self.growth.between(document, after, until)
    }

    /// The ids of all records that name a document, whether or not they can be read.
    ///
    /// # Errors
    /// A fault of the database.
    pub fn ids_of(&self, document: &DocumentId) -> Result<Vec<RecordId>, Fault> {
        self.ids_under(&keys::document(document)).collect()
    }

    fn records_under(&self, prefix: &[u8]) -> Result<Vec<Record>, Fault> {
        let mut records = Vec::new();
        let ids: Vec<RecordId> = self.ids_under(prefix).collect::<Result<_, Fault>>()?;
        for id in ids {
            records.extend(self.record(&id)?);
        }
        Ok(records)
    }

    fn ids_under<'a>(&self, prefix: &'a [u8]) -> impl Iterator<Item = Result<RecordId, Fault>> + use<'a> {
        let keys = self.db.scan_prefix(prefix).keys();
        keys.filter_map(|key| key.map(|key| RecordId::from_slice(&key[prefix.len()..])).transpose())
    }

    /// The record by which a document was taken back, if it was and the record can be read.
    ///
    /// # Errors
    /// A fault of the database.
    pub fn withdrawal_of(&self, document: &DocumentId) -> Result<Option<Record>, Fault> {
        let id = self.db.get(keys::withdrawn(document))?.and_then(|id| RecordId::from_slice(&id));
        Ok(id.map(|id| self.record(&id)).transpose()?.flatten())
    }

    /// The documents of a community, withdrawn ones left out.
    ///
    /// # Errors
    /// A fault of the database.
    pub fn documents_of(&self, community: &CommunityId) -> Result<Vec<DocumentId>, Fault> {
        let prefix = keys::owned(community);
        let keys = self.db.scan_prefix(&prefix).keys();
        keys.filter_map(|key| key.map(|key| DocumentId::from_slice(&key[prefix.len()..])).transpose()).collect()
    }

    /// A document's owner and its name there; none for a document that is not held.
    ///
    /// # Errors
    /// A fault of the database.
    pub fn owner_of(&self, document: &DocumentId) -> Result<Option<(CommunityId, DocumentName)>, Fault> {
        let prefix = keys::document(document);
        for key in self.db.scan_prefix(&prefix).keys() {
            let Some(id) = RecordId::from_slice(&key?[prefix.len()..]) else { continue };
            if let Some(record) = self.record(&id)? {
                return Ok(Some((record.community(), record.document_name())));
            }
        }
        Ok(None)
    }

    /// The communities whose founding charter is held.
    ///
    /// # Errors
    /// A fault of the database.
    pub fn communities(&self) -> Result<Vec<CommunityId>, Fault> {
        let keys = self.db.scan_prefix([keys::GENESIS]).keys();
        keys.filter_map(|key| key.map(|key| CommunityId::from_slice(&key[1..])).transpose()).collect()
    }

    fn count_prefix(&self, prefix: &[u8]) -> Result<u64, Fault> {
        let mut count = 0;
        for key in self.db.scan_prefix(prefix).keys() {
            key?;
            count += 1;
        }
        Ok(count)
    }

    /// A community's charter.
    ///
    /// # Errors
    /// A fault of the database.
    pub fn charter_of(&self, community: &CommunityId) -> Result<Option<Arc<Charter>>, Fault> {
        if let Some(charter) = self.charters.read().unwrap_or_else(PoisonError::into_inner).get(community) {
            return Ok(Some(Arc::clone(charter)));
        }
        let changed = self.charters_changed.load(Ordering::Acquire);
        let records = self.records_under(&keys::charter(community))?;
        let charter = Charter::resolve(*community, &records).map(Arc::new);
        if let Some(charter) = &charter {
            let mut charters = self.charters_mut();
            if self.charters_changed.load(Ordering::Acquire) == changed {
                charters.insert(*community, Arc::clone(charter));
            }
        }
        Ok(charter)
    }

    /// Makes everything appended so far survive a power cut. Takes one sync of the disk.
    ///
    /// # Errors
    /// A fault of the database or of the disk; nothing may be acknowledged then.
    pub fn sync(&self) -> Result<(), Fault> {
        self.db.flush()?;
        let file = self.dir.join("db");
        // Opened for writing, because Windows flushes only what may be written.
        let handle = std::fs::OpenOptions::new().write(true).open(&file);
        let synced = handle.and_then(|handle| handle.sync_all());
        // A second sync would say "done" of pages that the kernel has dropped.
        synced.map_err(Fault::file("cannot make the store durable in", &file)).map_err(|fault| self.db.suspect(fault))
    }

    /// A small value that is not part of the library: how far the journal is in, and the like.
    ///
    /// # Errors
    /// A fault of the database.
    pub fn note(&self, name: &str) -> Result<Option<Vec<u8>>, Fault> {
        Ok(self.db.get(keys::note(name))?.map(|value| value.to_vec()))
    }

    /// Writes a small value; see [`Store::note`].
    ///
    /// # Errors
    /// A fault of the database.
    pub fn set_note(&self, name: &str, value: &[u8]) -> Result<(), Fault> {
        self.db.insert(keys::note(name), value)?;
        Ok(())
    }

    /// Bytes of the store on the disk.
    pub fn disk_bytes(&self) -> u64 {
        self.db.size_on_disk().unwrap_or(0)
    }

    /// The folder of the database.
    pub fn dir(&self) -> &Path {
        &self.dir
    }
}

impl Registry for Store {
    fn network(&self) -> NetworkId {
        self.network
    }

    fn admits(&self, community: &CommunityId) -> bool {
        self.admission.admits(community)
    }

    fn holds(&self, record: &RecordId) -> bool {
        matches!(self.db.contains_key(keys::place(record)), Ok(true))
    }

    fn is_withdrawn(&self, document: &DocumentId) -> bool {
        matches!(self.db.contains_key(keys::withdrawn(document)), Ok(true))
    }

    fn charter(&self, community: &CommunityId) -> Option<Arc<Charter>> {
        // A database that fails here fails again where the record would be stored, and says so.
        self.charter_of(community).ok().flatten()
    }
}

#[cfg(test)]
mod tests;
