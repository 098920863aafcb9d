//! Faults: what is wrong with this computer or this program, never with what somebody wrote or a
//! peer sent. A fault ends the process with one clear line, after everything acknowledged is safe;
//! a disk that refuses is waited for ([`crate::disk`]).

use std::path::{Path, PathBuf};

/// Disk, corruption or bug.
#[derive(Debug, thiserror::Error)]
pub enum Fault {
    /// The store's database failed.
    #[error("the store failed: {why}. Start the node again: it sets a damaged store aside and rebuilds it")]
    Store {
        /// What the database says.
        why: String,
        /// Whether its files are damaged.
        damaged: bool,
    },
    /// The disk refused what the store asked of it: see [`crate::disk`].
    #[error("the disk refuses: {why}")]
    Disk {
        /// Whether there is no room, rather than something wrong.
        full: bool,
        /// What the system says.
        why: String,
    },
    /// A file could not be read or written.
    #[error("{action} {}: {why}", path.display())]
    File {
        /// What was being done, as in "cannot write".
        action: &'static str,
        /// The file.
        path: PathBuf,
        /// What the system says. No source of the error, or it would be told twice.
        why: std::io::Error,
    },
    /// The program contradicts itself.
    #[error("internal contradiction: {0}")]
    Bug(String),
}

impl Fault {
    /// Names the file and the action of an I/O error.
    pub fn file(action: &'static str, path: &Path) -> impl FnOnce(std::io::Error) -> Self {
        let path = path.to_owned();
        move |why| Self::File { action, path, why }
    }
}
