//! Opening: a store that cannot be opened is set aside, and the node goes on with an empty one.

use std::collections::HashMap;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError, RwLock};
use std::time::{Duration, Instant};

use crdt::id::NetworkId;

use super::database::Database;
use super::{Store, Totals, keys};
use crate::disk::{self, Disk};
use crate::fault::Fault;
use crate::manifest::Admission;

/// sled's cache, bytes: the upper pages of its tree. It holds what was read lately beside it, up to 64
/// pages in each of 256 parts, so it takes three times as much; 32 MB here took 25 MB more of an old
/// PC's 2 to 4 GB and made no page faster at 100,000 practices.
const CACHE_BYTES: u64 = 16 * 1024 * 1024;
/// The format of the keys. A store of another format is set aside and rebuilt from the journal.
const FORMAT: &[u8] = b"1";
/// How long to wait for a store that is just being closed: its database's own threads hold the lock
/// until they have ended, a moment after the store is gone. Another node has a lock of its own.
const LOCK_WAIT: Duration = Duration::from_secs(20);
/// How often to try meanwhile.
const LOCK_POLL: Duration = Duration::from_millis(2);
/// How often a database that cannot be read is tried before it is set aside.
const OPENING_TRIES: u32 = 3;
/// Exists while the store is open for writing what it cannot recover; see [`Store::condemn`].
const CONDEMNED: &str = "condemned";

/// Whether the database panicked since the start: it does on some damage, wherever it is called.
pub static DATABASE_PANICKED: AtomicBool = AtomicBool::new(false);

/// Notes panics that come from inside the database, beside what the hook before does.
pub fn watch_panics() {
    let before = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |panic| {
        if panic.location().is_some_and(|location| location.file().contains("sled-")) {
            DATABASE_PANICKED.store(true, Ordering::Relaxed);
        }
        before(panic);
    }));
}

impl From<sled::Error> for Fault {
    fn from(error: sled::Error) -> Self {
        if let sled::Error::Io(error) = &error {
            return Self::Disk { full: disk::is_full(error.kind()), why: error.to_string() };
        }
        let damaged = matches!(error, sled::Error::Corruption { .. } | sled::Error::ReportableBug(_));
        Self::Store { why: error.to_string(), damaged }
    }
}

/// A store, and what became of the one before.
pub struct Opened {
    /// The store.
    pub store: Store,
    /// Where a damaged store was moved to.
    pub set_aside: Option<PathBuf>,
    /// Whether there was no store before.
    pub fresh: bool,
}

impl Store {
    /// Opens the store in `dir`. One that cannot be opened is moved beside it and replaced by an
    /// empty one; the journal and the peers fill it again.
    ///
    /// # Errors
    /// A fault of the disk, or a store that another process has open.
    pub fn open(dir: &Path, network: NetworkId, admission: Admission) -> Result<Opened, Fault> {
        let fresh = !dir.join("db").exists();
        let disk = Arc::new(Disk::of(dir));
        let (db, set_aside) = open_or_set_aside(dir, &disk)?;
        let store = Self {
            db: Database::new(dir, disk, db),
            dir: dir.to_owned(),
            network,
            admission,
            totals: Mutex::default(),
            charters: RwLock::new(HashMap::new()),
            charters_changed: AtomicU64::new(0),
            generation: AtomicU64::new(unused_generation()),
            damaged: AtomicU64::new(0),
            lost: Mutex::default(),
            counting: Mutex::default(),
            counting_reader: Mutex::default(),
            growth: super::growth::Growth::default(),
            many_at: Mutex::default(),
            shown: Mutex::default(),
            shelf: super::shelf::Shelf::of(dir),
            tally: Mutex::default(),
            hidden: RwLock::default(),
        };
        store.begin(&mut store.write())?;
        Ok(Opened { store, set_aside, fresh })
    }

    /// Reads what is kept in memory.
    fn begin(&self, totals: &mut Totals) -> Result<(), Fault> {
        *totals = self.db.get(keys::TOTALS)?.and_then(|bytes| Totals::from_bytes(&bytes)).unwrap_or_default();
        self.charters.write().unwrap_or_else(PoisonError::into_inner).clear();
        self.forget_tally();
        self.growth.clear();
        self.show_none();
        *self.counting.lock().unwrap_or_else(PoisonError::into_inner) = super::census::Counting::default();
        self.set_note("format", FORMAT)?;
        self.fence()?;
        self.refresh_rules().map(|_| ())
    }

    /// Has the fences stand, which stores of before did not have.
    fn fence(&self) -> Result<(), Fault> {
        // Written in one batch, so that one row says whether all are there.
        if self.db.contains_key(keys::fences().next().unwrap_or_default())? {
            return Ok(());
        }
        let mut batch = sled::Batch::default();
        keys::fences().for_each(|fence| batch.insert(fence, &[]));
        self.db.apply_batch(batch)
    }

    /// The disk on which the store lies.
    pub fn disk(&self) -> &Arc<Disk> {
        self.db.disk()
    }

    /// Whether a write has failed, so that the store must be opened anew before it is written to.
    pub fn is_suspect(&self) -> bool {
        self.db.is_suspect()
    }

    /// Meets a database that has failed unnoticed, before anything depends on it: writes of others'
    /// records fail after they were said to be done.
    ///
    /// # Errors
    /// A fault of the disk.
    pub fn settle(&self) -> Result<(), Fault> {
        self.db.flush()
    }

    /// Shows nothing until the store is opened anew: what it shows may be half of a publication.
    pub fn close(&self) {
        self.db.close();
    }

    /// Opens the store anew from what has reached the disk, with everything else of the node running.
    /// What it has lost is for the journal and the peers to bring back. Says where a damaged store
    /// was moved to.
    ///
    /// # Errors
    /// A fault of the disk; the store is closed then, and may be opened later.
    pub fn reopen(&self) -> Result<Option<PathBuf>, Fault> {
        // Whoever counts has to be done: what was counted is forgotten with the old database.
        let _counting = self.counting_reader.lock().unwrap_or_else(PoisonError::into_inner);
        let mut totals = self.write();
        let set_aside = self.db.reopen()?;
        self.begin(&mut totals)?;
        Ok(set_aside)
    }

    /// Has the next start set this store aside: for damage that shows only while it runs.
    pub fn condemn(&self) {
        if let Err(error) = std::fs::write(self.dir.join(CONDEMNED), b"") {
            tracing::error!(%error, "cannot mark the damaged store");
        }
    }
}

/// Opens the database; one that is damaged is moved beside it and replaced by an empty one. A disk
/// that refuses is no damage.
pub(super) fn open_or_set_aside(dir: &Path, disk: &Disk) -> Result<(sled::Db, Option<PathBuf>), Fault> {
    let condemned = dir.join(CONDEMNED).exists();
    let mut tries = 0;
    let why = loop {
        if condemned {
            break "it was found damaged while the node ran".into();
        }
        tries += 1;
        match open_when_free(dir) {
            Ok(db) => return Ok((db, None)),
            Err(error) if is_locked(&error) => return Err(error.into()),
            Err(sled::Error::Io(error)) => {
                disk.try_writing()?;
                if disk::is_full(error.kind()) {
                    return Err(sled::Error::Io(error).into());
                }
                if tries == OPENING_TRIES {
                    break error.to_string();
                }
            }
            Err(error) => break error.to_string(),
        }
    };
    let aside = free_name(dir);
    tracing::warn!(%why, aside = %aside.display(), "the store is damaged; setting it aside and rebuilding");
    std::fs::rename(dir, &aside).map_err(Fault::file("cannot set aside the damaged store", dir))?;
    Ok((open_sled(dir)?, Some(aside)))
}

/// Opens the database, waiting a little for whoever is just closing it.
fn open_when_free(dir: &Path) -> sled::Result<sled::Db> {
    let begun = Instant::now();
    loop {
        match open_sled(dir) {
            Err(error) if is_locked(&error) && begun.elapsed() < LOCK_WAIT => std::thread::sleep(LOCK_POLL),
            opened => return opened,
        }
    }
}

fn open_sled(dir: &Path) -> sled::Result<sled::Db> {
    // sled panics on some damage. Its own flusher is off: it syncs the file but not in step with
    // what we acknowledge, and costs an idle PC a write every half second.
    let opened = catch_unwind(AssertUnwindSafe(|| {
        let config = sled::Config::new()
            .path(dir)
            .cache_capacity(CACHE_BYTES)
            .mode(sled::Mode::LowSpace)
            .use_compression(false)
            .flush_every_ms(None);
        let db = config.open()?;
        match db.get(keys::note("format"))? {
            Some(format) if &format[..] != FORMAT => {
                Err(sled::Error::Unsupported("another format of the store".into()))
            }
            _ => Ok(db),
        }
    }));
    opened.unwrap_or_else(|_| Err(sled::Error::ReportableBug("the database panicked while opening".into())))
}

fn is_locked(error: &sled::Error) -> bool {
    matches!(error, sled::Error::Io(error) if error.to_string().contains("lock"))
}

/// A generation that no key of an earlier run is likely to carry: they count up from a random number.
fn unused_generation() -> u64 {
    let mut bytes = [0; 8];
    crate::keyring::random(&mut bytes);
    // Half of the numbers are left to count.
    u64::from_be_bytes(bytes) / 2
}

/// A name beside `dir` that nothing has: `store.damaged-1`, `-2` and so on.
fn free_name(dir: &Path) -> PathBuf {
    (1u32..)
        .map(|n| dir.with_extension(format!("damaged-{n}")))
        .find(|path| !path.exists())
        .expect("numbers do not end")
}
