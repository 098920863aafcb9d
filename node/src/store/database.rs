//! The database under the store, which can be opened anew while the node runs.
//!
//! After one failed write sled takes no more, and what it shows may be ahead of the disk. So a
//! database that failed is opened anew from what has reached the disk, as after a power cut. Until
//! the disk allows that, it is read as it is, unless it may show half of a publication.

use std::ops::RangeBounds;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Condvar, Mutex, PoisonError, RwLock};
use std::time::{Duration, Instant};

use sled::{Batch, CompareAndSwapError, IVec};

use super::open;
use crate::disk::Disk;
use crate::fault::Fault;

/// How long readers wait for the database from when it was closed, or began to be opened: most are opened in half
/// of it. One that is closed for longer waits for the disk, and whoever wants to read need not.
const OPENING_WAIT: Duration = Duration::from_secs(1);

/// A database of one tree.
pub(super) struct Database {
    dir: PathBuf,
    disk: Arc<Disk>,
    db: RwLock<Option<Arc<sled::Db>>>,
    /// Whether a write or a sync has failed since it was opened.
    suspect: AtomicBool,
    /// When it was closed or began to be opened, whichever was last, and who waits until it is open.
    closed: (Mutex<Instant>, Condvar),
}

impl Database {
    pub(super) fn new(dir: &Path, disk: Arc<Disk>, db: sled::Db) -> Self {
        Self {
            dir: dir.to_owned(),
            disk,
            db: RwLock::new(Some(Arc::new(db))),
            suspect: AtomicBool::new(false),
            closed: (Mutex::new(Instant::now()), Condvar::new()),
        }
    }

    pub(super) fn disk(&self) -> &Arc<Disk> {
        &self.disk
    }

    fn current(&self) -> Result<Arc<sled::Db>, Fault> {
        let open = || self.db.read().unwrap_or_else(PoisonError::into_inner).clone();
        if let Some(db) = open() {
            return Ok(db);
        }
        let mut closed = self.closed.0.lock().unwrap_or_else(PoisonError::into_inner);
        loop {
            if let Some(db) = open() {
                return Ok(db);
            }
            let left = OPENING_WAIT.saturating_sub(closed.elapsed());
            if left.is_zero() {
                let opening = || Fault::Disk { full: false, why: "the store is being opened".into() };
                return Err(self.disk.refusal().map_or_else(opening, Fault::from));
            }
            closed = self.closed.1.wait_timeout(closed, left).unwrap_or_else(PoisonError::into_inner).0;
        }
    }

    /// An answer of the database; a refusal of the disk makes the database suspect.
    fn take<T>(&self, answer: sled::Result<T>) -> Result<T, Fault> {
        answer.map_err(|error| self.suspect(error.into()))
    }

    /// Trusts the database no more if the fault is the disk's.
    pub(super) fn suspect(&self, fault: Fault) -> Fault {
        if self.disk.note(&fault) {
            self.suspect.store(true, Ordering::Relaxed);
        }
        fault
    }

    pub(super) fn is_suspect(&self) -> bool {
        self.suspect.load(Ordering::Relaxed) || self.db.read().unwrap_or_else(PoisonError::into_inner).is_none()
    }

    pub(super) fn get(&self, key: impl AsRef<[u8]>) -> Result<Option<IVec>, Fault> {
        self.take(self.current()?.get(key))
    }

    pub(super) fn contains_key(&self, key: impl AsRef<[u8]>) -> Result<bool, Fault> {
        self.take(self.current()?.contains_key(key))
    }

    pub(super) fn insert(&self, key: impl AsRef<[u8]>, value: impl Into<IVec>) -> Result<Option<IVec>, Fault> {
        self.take(self.current()?.insert(key, value))
    }

    pub(super) fn remove(&self, key: impl AsRef<[u8]>) -> Result<Option<IVec>, Fault> {
        self.take(self.current()?.remove(key))
    }

    pub(super) fn compare_and_swap(
        &self,
        key: impl AsRef<[u8]>,
        old: Option<&[u8]>,
        new: Option<&[u8]>,
    ) -> Result<Result<(), CompareAndSwapError>, Fault> {
        self.take(self.current()?.compare_and_swap(key, old, new))
    }

    /// Applies a batch. If it fails, what is shown may be half of it until the database is opened anew.
    pub(super) fn apply_batch(&self, batch: Batch) -> Result<(), Fault> {
        self.take(self.current()?.apply_batch(batch))
    }

    pub(super) fn scan_prefix(&self, prefix: impl AsRef<[u8]>) -> Rows {
        Rows { disk: Arc::clone(&self.disk), rows: self.current().map(|db| db.scan_prefix(prefix)).map_err(Some) }
    }

    pub(super) fn range<K: AsRef<[u8]>>(&self, range: impl RangeBounds<K>) -> Rows {
        Rows { disk: Arc::clone(&self.disk), rows: self.current().map(|db| db.range(range)).map_err(Some) }
    }

    /// Hands everything to the operating system.
    pub(super) fn flush(&self) -> Result<(), Fault> {
        self.take(self.current()?.flush()).map(|_| ())
    }

    pub(super) fn size_on_disk(&self) -> Result<u64, Fault> {
        self.take(self.current()?.size_on_disk())
    }

    /// Shows nothing until it is opened anew.
    pub(super) fn close(&self) {
        let mut closed = self.closed.0.lock().unwrap_or_else(PoisonError::into_inner);
        let Some(db) = self.db.write().unwrap_or_else(PoisonError::into_inner).take() else { return };
        *closed = Instant::now();
        drop(closed);
        // sled does not wake whoever waits for a write that failed; this does.
        let _ = db.flush();
        // It syncs once more as it goes, and panics if it cannot.
        let _ = catch_unwind(AssertUnwindSafe(|| drop(db)));
    }

    /// Opens the database anew; says where a damaged one was moved to.
    pub(super) fn reopen(&self) -> Result<Option<PathBuf>, Fault> {
        self.close();
        *self.closed.0.lock().unwrap_or_else(PoisonError::into_inner) = Instant::now();
        let (db, set_aside) = open::open_or_set_aside(&self.dir, &self.disk)?;
        self.suspect.store(false, Ordering::Relaxed);
        *self.db.write().unwrap_or_else(PoisonError::into_inner) = Some(Arc::new(db));
        let _waiting = self.closed.0.lock().unwrap_or_else(PoisonError::into_inner);
        self.closed.1.notify_all();
        Ok(set_aside)
    }
}

impl Drop for Database {
    fn drop(&mut self) {
        if self.is_suspect() {
            // It would sync as it goes, and panic. Nothing that counts is in it and not on the disk.
            std::mem::forget(self.db.write().unwrap_or_else(PoisonError::into_inner).take());
        }
    }
}

/// Rows of the database, in order.
pub(super) struct Rows {
    disk: Arc<Disk>,
    /// The rows, or the fault to be said once.
    rows: Result<sled::Iter, Option<Fault>>,
}

impl Rows {
    /// The keys alone.
    pub(super) fn keys(self) -> impl Iterator<Item = Result<IVec, Fault>> {
        self.map(|row| row.map(|(key, _)| key))
    }
}

impl Iterator for Rows {
    type Item = Result<(IVec, IVec), Fault>;

    fn next(&mut self) -> Option<Self::Item> {
        match &mut self.rows {
            Ok(rows) => rows.next().map(|row| {
                row.map_err(Fault::from).inspect_err(|fault| {
                    self.disk.note(fault);
                })
            }),
            Err(fault) => fault.take().map(Err),
        }
    }
}
