//! The set of records: places, order, fingerprint.

use std::collections::HashSet;

use crdt::id::{DocumentId, RecordId, Timestamp};
use crdt::record::{Kind, Record};
use sled::Batch;

use super::census::Counted;
use super::tally::Listed;
use super::{Store, keys, parts};
use crate::bundle;
use crate::fault::Fault;

/// What is known of the whole set without reading it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Totals {
    /// Records held.
    pub records: u64,
    /// The sum of their ids, modulo 2^256: the same whatever the order of arrival.
    pub sum: [u64; 4],
    /// The next free place.
    pub next_place: u64,
    /// Practices that can be read.
    pub practices: u64,
    /// Communities whose founding charter is held.
    pub communities: u64,
    /// Records that play no part in their documents.
    pub set_aside: u64,
    /// Records that wait for a predecessor.
    pub waiting: u64,
}

impl Totals {
    /// Equal on two nodes exactly when their sets are (up to a collision of the hash).
    #[must_use]
    pub fn fingerprint(&self) -> [u8; 32] {
        let mut hasher = blake3::Hasher::new_derive_key("dosvid 2026-11 set of records");
        hasher.update(&self.records.to_be_bytes());
        self.sum.iter().for_each(|word| {
            hasher.update(&word.to_be_bytes());
        });
        *hasher.finalize().as_bytes()
    }

    /// What they are with so many records more.
    #[must_use]
    pub fn with<'a>(mut self, ids: impl IntoIterator<Item = &'a RecordId>) -> Self {
        ids.into_iter().for_each(|id| self.add(id));
        self
    }

    fn add(&mut self, id: &RecordId) {
        self.records += 1;
        let mut carry = false;
        for (word, more) in self.sum.iter_mut().zip(words(id)) {
            let (sum, a) = word.overflowing_add(more);
            let (sum, b) = sum.overflowing_add(u64::from(carry));
            (*word, carry) = (sum, a || b);
        }
    }

    fn subtract(&mut self, id: &RecordId) {
        self.records -= 1;
        let mut borrow = false;
        for (word, less) in self.sum.iter_mut().zip(words(id)) {
            let (difference, a) = word.overflowing_sub(less);
            let (difference, b) = difference.overflowing_sub(u64::from(borrow));
            (*word, borrow) = (difference, a || b);
        }
    }

    pub(super) fn to_bytes(self) -> Vec<u8> {
        let [a, b, c, d] = self.sum;
        [self.records, a, b, c, d, self.next_place, self.practices, self.communities, self.set_aside, self.waiting]
            .iter()
            .flat_map(|number| number.to_be_bytes())
            .collect()
    }

    pub(super) fn from_bytes(bytes: &[u8]) -> Option<Self> {
        let numbers: Vec<u64> =
            bytes.chunks_exact(8).map(|word| u64::from_be_bytes(word.try_into().expect("eight bytes"))).collect();
        let [records, a, b, c, d, next_place, practices, communities, set_aside, waiting] = numbers.try_into().ok()?;
        Some(Self { records, sum: [a, b, c, d], next_place, practices, communities, set_aside, waiting })
    }
}

fn words(id: &RecordId) -> [u64; 4] {
    std::array::from_fn(|n| u64::from_le_bytes(id.0[n * 8..n * 8 + 8].try_into().expect("eight bytes")))
}

/// A record's place in the order of reconciliation: rights first, then by the author's clock.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default)]
pub struct OrderKey {
    /// [`Kind::class`].
    pub class: u8,
    /// The author's clock.
    pub created_at: Timestamp,
    /// The record.
    pub id: RecordId,
}

impl OrderKey {
    /// Length of [`OrderKey::to_bytes`].
    pub const BYTES: usize = 41;

    /// A record's place.
    #[must_use]
    pub fn of(record: &Record) -> Self {
        Self { class: record.kind().class(), created_at: record.created_at(), id: record.id() }
    }

    /// The class and the clock in one number, which sorts alike. A clock has 48 bits at the most.
    #[must_use]
    pub fn rank(&self) -> u64 {
        (u64::from(self.class) << 56) | self.created_at.0
    }

    /// Sorts as the key does.
    #[must_use]
    pub fn to_bytes(self) -> [u8; Self::BYTES] {
        let mut bytes = [0; Self::BYTES];
        bytes[0] = self.class;
        bytes[1..9].copy_from_slice(&self.created_at.0.to_be_bytes());
        bytes[9..].copy_from_slice(&self.id.0);
        bytes
    }

    /// Reads [`OrderKey::to_bytes`].
    #[must_use]
    pub fn from_bytes(bytes: &[u8]) -> Option<Self> {
        let bytes: &[u8; Self::BYTES] = bytes.try_into().ok()?;
        Some(Self {
            class: bytes[0],
            created_at: Timestamp(u64::from_be_bytes(bytes[1..9].try_into().expect("eight bytes"))),
            id: RecordId::from_slice(&bytes[9..])?,
        })
    }
}

/// One atomic batch of changes to the set.
pub(super) struct Entry<'a> {
    pub(super) store: &'a Store,
    pub(super) batch: Batch,
    pub(super) totals: Totals,
    new: HashSet<RecordId>,
    /// Documents of which this batch has a record.
    touched: HashSet<DocumentId>,
    /// Documents that this batch takes back.
    withdrawn: HashSet<DocumentId>,
    /// What this batch lists, and takes off the lists.
    pub(super) census: Vec<(DocumentId, Option<Counted>)>,
    /// In which lists of communities it puts documents, and off which it takes them.
    pub(super) listed: Listed,
    /// Whether it takes a record out of the set.
    takes_out: bool,
}

impl<'a> Entry<'a> {
    pub(super) fn new(store: &'a Store, totals: &Totals) -> Self {
        Self {
            store,
            batch: Batch::default(),
            totals: *totals,
            new: HashSet::new(),
            touched: HashSet::new(),
            withdrawn: HashSet::new(),
            census: Vec::new(),
            listed: Listed::new(),
            takes_out: false,
        }
    }

    pub(super) fn holds(&self, id: &RecordId) -> Result<bool, Fault> {
        Ok(self.new.contains(id) || self.store.db.contains_key(keys::place(id))?)
    }

    pub(super) fn withdrawn(&self, document: &DocumentId) -> Result<bool, Fault> {
        Ok(self.withdrawn.contains(document) || self.store.db.contains_key(keys::withdrawn(document))?)
    }

    /// Whether neither the store nor this batch has a change of the document that one changes.
    pub(super) fn begins(&self, change: &Record) -> Result<bool, Fault> {
        Ok(!self.touched.contains(&change.document()) && !self.store.has_changes(change)?)
    }

    pub(super) fn insert(&mut self, record: &Record, packed: &[u8]) {
        let id = record.id();
        let place = self.totals.next_place.to_be_bytes();
        self.totals.next_place += 1;
        self.totals.add(&id);
        self.new.insert(id);
        parts::put(&mut self.batch, &keys::body(&place), packed);
        self.batch.insert(keys::place(&id), &place);
        self.batch.insert(order(record), &place);
        match record.kind() {
            Kind::Charter => {
                self.batch.insert(joined(&keys::charter(&record.community()), &id.0), &[]);
                if record.is_genesis() {
                    self.batch.insert(keys::genesis(&record.community()), &[]);
                }
            }
            Kind::Change | Kind::Withdrawal => {
                let document = record.document();
                self.touched.insert(document);
                self.batch.insert(joined(&keys::document(&document), &id.0), &[]);
                if record.kind() == Kind::Change {
                    self.batch.insert(joined(&keys::owned(&record.community()), &document.0), &[]);
                }
            }
            _ => {}
        }
    }

    /// Notes that a record's document must be derived anew.
    pub(super) fn pend(&mut self, record: &Record, generation: u64) {
        self.batch.insert(keys::pending(&record.document()), &generation.to_be_bytes());
    }

    /// Takes a record out of the set; `for_good` keeps its id so that it is not fetched again.
    pub(super) fn remove(&mut self, record: &Record, for_good: bool) -> Result<(), Fault> {
        let id = record.id();
        let Some(place) = self.store.db.get(keys::place(&id))? else { return Ok(()) };
        self.takes_out = true;
        self.totals.subtract(&id);
        parts::remove(&self.store.db, &mut self.batch, &keys::body(&place))?;
        self.batch.remove(keys::place(&id));
        self.batch.remove(order(record));
        self.batch.remove(joined(&keys::charter(&record.community()), &id.0));
        self.batch.remove(joined(&keys::document(&record.document()), &id.0));
        if for_good {
            self.batch.insert(keys::gone(&id), &[]);
            self.batch.remove(joined(&keys::owned(&record.community()), &record.document().0));
        }
        Ok(())
    }

    /// Drops what the lists say of a document that is taken back, and lets nothing of it in again.
    pub(super) fn forget_document(&mut self, withdrawal: &Record) -> Result<(), Fault> {
        let document = withdrawal.document();
        self.forget_view(&document)?;
        self.batch.insert(keys::withdrawn(&document), &withdrawal.id().0);
        self.batch.remove(keys::pending(&document));
        self.batch.remove(joined(&keys::owned(&withdrawal.community()), &document.0));
        self.withdrawn.insert(document);
        Ok(())
    }

    /// Takes a record out of the set whose bytes can no longer be read: its keys are found by id.
    pub(super) fn remove_damaged(&mut self, id: &RecordId) -> Result<(), Fault> {
        let Some(place) = self.store.db.get(keys::place(id))? else { return Ok(()) };
        self.takes_out = true;
        self.totals.subtract(id);
        parts::remove(&self.store.db, &mut self.batch, &keys::body(&place))?;
        self.batch.remove(keys::place(id));
        for key in self.store.db.scan_prefix([keys::ORDER]).keys() {
            let key = key?;
            if key.ends_with(&id.0) {
                self.batch.remove(key);
            }
        }
        Ok(())
    }

    /// Applies the batch with the totals that it leads to.
    pub(super) fn commit(mut self, totals: &mut Totals) -> Result<(), Fault> {
        // Kept blocks go first: what was taken back must not stay in one, whatever happens next.
        if self.takes_out {
            self.store.shelf.clear().map_err(|fault| self.store.db.suspect(fault))?;
        }
        self.batch.insert(keys::TOTALS, self.totals.to_bytes());
        self.store.begin_listing(&self.listed);
        let applied = self.store.db.apply_batch(self.batch);
        self.store.end_listing(&self.listed, applied.is_ok());
        applied?;
        *totals = self.totals;
        self.store.recount_listed(self.census);
        Ok(())
    }
}

fn order(record: &Record) -> Vec<u8> {
    joined(&[keys::ORDER], &OrderKey::of(record).to_bytes())
}

fn joined(prefix: &[u8], rest: &[u8]) -> Vec<u8> {
    [prefix, rest].concat()
}

impl Store {
    /// What is known of the whole set.
    pub fn totals(&self) -> Totals {
        *self.write()
    }

    /// Whether there is, or was, a change of the document that one changes; `false` for one that was taken back.
    /// One look at one key: of what a first copy costs, a search for any record of each document was a tenth.
    pub(super) fn has_changes(&self, change: &Record) -> Result<bool, Fault> {
        self.db.contains_key(joined(&keys::owned(&change.community()), &change.document().0))
    }

    /// Whether a record was dropped with its document and is not to be fetched again.
    pub fn is_gone(&self, id: &RecordId) -> bool {
        matches!(self.db.contains_key(keys::gone(id)), Ok(true))
    }

    /// Remembers not to fetch a record of a withdrawn document again.
    ///
    /// # Errors
    /// A fault of the database.
    pub fn remember_gone(&self, id: &RecordId) -> Result<(), Fault> {
        self.db.insert(keys::gone(id), &[])?;
        Ok(())
    }

    /// The order of the whole set. 41 bytes a record.
    ///
    /// # Errors
    /// A fault of the database.
    pub fn order(&self) -> Result<Vec<OrderKey>, Fault> {
        self.order_after(None).collect()
    }

    /// The order after a place.
    pub fn order_after(&self, after: Option<OrderKey>) -> impl Iterator<Item = Result<OrderKey, Fault>> + use<> {
        let start = after.map_or_else(|| vec![keys::ORDER], |key| joined(&[keys::ORDER], &key.to_bytes()));
        let end = vec![keys::ORDER + 1];
        self.db
            .range(start..end)
            .keys()
            .filter_map(move |key| match key {
                Ok(key) => OrderKey::from_bytes(&key[1..]).map(Ok),
                Err(error) => Some(Err(error)),
            })
            .skip_while(move |key| matches!((key, after), (Ok(key), Some(after)) if *key <= after))
    }

    /// A block of the records after a place that were made at `since` or later (governance records
    /// always: without them nothing else can be judged), how many, and where it ended.
    ///
    /// # Errors
    /// A fault of the database.
    pub fn block_after(&self, after: Option<OrderKey>, since: u64) -> Result<(Vec<u8>, u64, Option<OrderKey>), Fault> {
        let mut bytes = 0;
        let (records, last) = self.records_after(after, since, |_, record| {
            bytes += record.bytes().len() + 4;
            bytes < bundle::BLOCK_RAW_TARGET
        })?;
        Ok((bundle::pack_to_send(records.iter().map(Record::bytes)), records.len() as u64, last))
    }

    /// Records after a place, as far as `goes_on` says and a block has room, and where they ended.
    pub(super) fn records_after(
        &self,
        after: Option<OrderKey>,
        since: u64,
        mut goes_on: impl FnMut(&OrderKey, &Record) -> bool,
    ) -> Result<(Vec<Record>, Option<OrderKey>), Fault> {
        let mut records = Vec::new();
        let mut last = None;
        for key in self.order_after(after) {
            let key = key?;
            if key.class > 1 && key.created_at.0 < since {
                continue;
            }
            let Some(record) = self.record(&key.id)? else { continue };
            last = Some(key);
            let goes_on = goes_on(&key, &record);
            records.push(record);
            if !goes_on || records.len() >= bundle::BLOCK_RECORDS_MAX {
                break;
            }
        }
        Ok((records, last))
    }

    /// Counts the set anew and mends the totals; says whether they had been wrong.
    ///
    /// # Errors
    /// A fault of the database.
    pub fn recount(&self) -> Result<bool, Fault> {
        let mut totals = self.write();
        let mut counted = Totals { records: 0, sum: [0; 4], ..*totals };
        for key in self.order_after(None) {
            counted.add(&key?.id);
        }
        let wrong = counted != *totals;
        if wrong {
            self.db.insert(keys::TOTALS, counted.to_bytes())?;
            *totals = counted;
        }
        Ok(wrong)
    }
}
