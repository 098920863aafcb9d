//! The disk refuses: it is full, or it fails. The node goes on showing what it has, takes nothing
//! new, says so, and goes on by itself once the disk takes writes again.
//!
//! This is the one place that knows it. Whoever meets a fault asks [`Disk::note`] whether it is the
//! disk's refusal; the loop tries again every [`RETRY_AFTER`] (`Replica::recover`), and so does
//! whoever wants to publish meanwhile. What is left half done by a failed write or sync is never
//! trusted again: the journal is cut back to what was acknowledged and its end is written anew, the
//! store is opened anew from what has reached the disk and is told by the journal what it lost, as
//! after a power cut.

use std::fs::{self, File};
use std::io::{ErrorKind, Write};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use tokio::sync::Notify;
use web_ui::library::{LibraryError, Warning};

use crate::fault::Fault;

/// How often a disk that refuses is tried again.
pub const RETRY_AFTER: Duration = Duration::from_secs(2);
/// Bytes that the disk must take before it is trusted again: twice what the store's database writes
/// at a time, so that it does not stumble over its first write.
const TRIAL_BYTES: usize = 1024 * 1024;

/// What a disk said.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Refusal {
    /// Whether there is no room, rather than something wrong.
    pub full: bool,
    /// What the system says.
    pub why: String,
}

impl From<Refusal> for Fault {
    fn from(Refusal { full, why }: Refusal) -> Self {
        Self::Disk { full, why }
    }
}

impl Refusal {
    /// What a fault says of the disk; none if it is about something else.
    #[must_use]
    pub fn of(fault: &Fault) -> Option<Self> {
        match fault {
            Fault::Disk { full, why } => Some(Self { full: *full, why: why.clone() }),
            Fault::File { why, .. } if is_refusal(why.kind()) => {
                Some(Self { full: is_full(why.kind()), why: fault.to_string() })
            }
            _ => None,
        }
    }

    /// What people see as long as it lasts.
    fn warning(&self) -> Warning {
        let Self { full, why } = self;
        if *full {
            return Warning {
                code: "disk_full".into(),
                uk: "Диск переповнений: вузол показує те, що може прочитати, і нічого не записує. Звільніть місце, і він продовжить сам, без перезапуску".into(),
                en: "The disk is full: the node shows what it can read and writes nothing. Free some space; it goes on by itself, without a restart".into(),
            };
        }
        Warning {
            code: "disk_refuses".into(),
            uk: format!(
                "Диск не приймає записів: вузол показує те, що може прочитати, і нічого не записує. Перевірте диск ({why}); щойно він запрацює, вузол продовжить сам"
            ),
            en: format!(
                "The disk takes no writes: the node shows what it can read and writes nothing. Check the disk ({why}); the node goes on by itself once it works"
            ),
        }
    }

    /// What somebody is told whose work was not saved, or who asked for a page that cannot be shown
    /// meanwhile: the database finishes in reading what was begun in writing, and may not.
    #[must_use]
    pub fn denied(&self) -> LibraryError {
        if self.full {
            return LibraryError::Denied {
                code: "disk_full",
                uk: "Диск переповнений: зараз нічого не зберігається і не все можна показати. Звільніть місце на диску й повторіть, перезапускати вузол не треба".into(),
                en: "The disk is full: nothing is saved now, and not everything can be shown. Free some space and try again; the node need not be restarted".into(),
            };
        }
        LibraryError::Denied {
            code: "disk_refuses",
            uk: "Диск не приймає записів: зараз нічого не зберігається і не все можна показати. Повторіть за хвилину; якщо не допоможе, перевірте диск цього комп’ютера".into(),
            en: "The disk takes no writes: nothing is saved now, and not everything can be shown. Try again in a minute; if that does not help, check this computer's disk".into(),
        }
    }
}

/// Whether an error is the disk's doing, rather than a file that is missing or says something wrong.
fn is_refusal(kind: ErrorKind) -> bool {
    use ErrorKind::{AlreadyExists, InvalidData, InvalidInput, NotFound, UnexpectedEof};
    !matches!(kind, NotFound | InvalidData | UnexpectedEof | AlreadyExists | InvalidInput)
}

/// Whether an error says that there is no room.
pub(crate) fn is_full(kind: ErrorKind) -> bool {
    matches!(kind, ErrorKind::StorageFull | ErrorKind::QuotaExceeded)
}

/// The disk under a store, and whether it refuses.
#[derive(Debug, Default)]
pub struct Disk {
    dir: PathBuf,
    refusal: Mutex<Option<Refusal>>,
    told: Notify,
}

impl Disk {
    /// The disk on which `dir` lies.
    #[must_use]
    pub fn of(dir: &Path) -> Self {
        Self { dir: dir.to_owned(), ..Self::default() }
    }

    /// Says whether a fault is the disk's refusal, and if so remembers it: from then on nothing is
    /// taken until the disk has been tried with success.
    pub fn note(&self, fault: &Fault) -> bool {
        let Some(refusal) = Refusal::of(fault) else { return false };
        let mut now = self.refusal.lock().unwrap_or_else(PoisonError::into_inner);
        if now.is_none() {
            tracing::error!(why = %refusal.why, full = refusal.full, "the disk refuses; going on for reading only");
        }
        *now = Some(refusal);
        drop(now);
        self.told.notify_one();
        true
    }

    /// What the disk said, if it refuses.
    #[must_use]
    pub fn refusal(&self) -> Option<Refusal> {
        self.refusal.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Whether it refuses.
    #[must_use]
    pub fn refuses(&self) -> bool {
        self.refusal.lock().unwrap_or_else(PoisonError::into_inner).is_some()
    }

    /// What people should know of it.
    #[must_use]
    pub fn warning(&self) -> Option<Warning> {
        self.refusal().map(|refusal| refusal.warning())
    }

    /// Waits until a refusal is noted.
    pub async fn told(&self) {
        self.told.notified().await;
    }

    /// Whether it takes writes and syncs now: writes a file, syncs it and removes it.
    ///
    /// # Errors
    /// What it says.
    pub fn try_writing(&self) -> Result<(), Fault> {
        let path = self.dir.join("trial");
        let written = fs::create_dir_all(&self.dir).and_then(|()| {
            let mut file = File::create(&path)?;
            file.write_all(&vec![0x5a; TRIAL_BYTES])?;
            file.sync_all()
        });
        let removed = fs::remove_file(&path);
        written.and(removed).map_err(Fault::file("cannot write", &path))
    }

    /// Everything is as it should be again.
    pub fn accept(&self) {
        if self.refusal.lock().unwrap_or_else(PoisonError::into_inner).take().is_some() {
            tracing::info!("the disk takes writes again");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_disk_is_blamed_for_what_the_disk_does() {
        let disk = Disk::of(Path::new("/nowhere"));
        let file = |kind: ErrorKind| Fault::file("cannot write", Path::new("journal"))(kind.into());
        assert!(!disk.note(&Fault::Bug("a bug".into())));
        assert!(!disk.note(&Fault::Store { why: "corrupted".into(), damaged: true }));
        assert!(!disk.note(&file(ErrorKind::NotFound)));
        assert!(!disk.refuses() && disk.warning().is_none());
        assert!(disk.note(&file(ErrorKind::PermissionDenied)));
        assert_eq!(disk.warning().expect("it refuses").code, "disk_refuses");
        assert!(disk.note(&file(ErrorKind::StorageFull)));
        assert_eq!(disk.warning().expect("it refuses").code, "disk_full");
        disk.accept();
        assert!(!disk.refuses());
    }

    #[test]
    fn a_disk_is_tried_by_writing_to_it() {
        let dir = tempfile::tempdir().expect("a folder");
        Disk::of(&dir.path().join("store")).try_writing().expect("it takes writes");
        fs::write(dir.path().join("file"), b"").expect("written");
        assert!(Disk::of(&dir.path().join("file")).try_writing().is_err(), "no folder can be there");
    }
}
