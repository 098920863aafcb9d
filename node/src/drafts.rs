//! Drafts: what somebody has begun to write. Local files, one a draft, never records: a draft does
//! not leave this computer, and outlives a store that has to be rebuilt.

use std::fs;
use std::path::{Path, PathBuf};

use crdt::id::DocumentName;
use serde_json::Value;

use crate::fault::Fault;
use crate::keyring::write_private;

/// Drafts at the most. A clerk has a handful; the bound is against a program that never stops.
pub const DRAFTS_MAX: usize = 1_000;

/// The drafts of a data folder.
#[derive(Clone, Debug)]
pub struct Drafts {
    dir: PathBuf,
}

impl Drafts {
    /// The drafts in a data folder.
    #[must_use]
    pub fn new(data_dir: &Path) -> Self {
        Self { dir: data_dir.join("drafts") }
    }

    fn path(&self, id: &DocumentName) -> PathBuf {
        self.dir.join(format!("{id}.json"))
    }

    /// Keeps a draft: whole or as it was before. `false` if there are [`DRAFTS_MAX`] already.
    ///
    /// # Errors
    /// A fault of the disk.
    pub fn keep(&self, id: &DocumentName, content: &Value) -> Result<bool, Fault> {
        let path = self.path(id);
        if !path.exists() && self.list()?.len() >= DRAFTS_MAX {
            return Ok(false);
        }
        write_private(&path, content.to_string().as_bytes())?;
        Ok(true)
    }

    /// A draft, if it is there and can be read.
    ///
    /// # Errors
    /// A fault of the disk.
    pub fn read(&self, id: &DocumentName) -> Result<Option<Value>, Fault> {
        let path = self.path(id);
        match fs::read(&path) {
            Ok(bytes) => Ok(serde_json::from_slice(&bytes).ok()),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(Fault::file("cannot read the draft", &path)(error)),
        }
    }

    /// The drafts, in the order of their ids.
    ///
    /// # Errors
    /// A fault of the disk.
    pub fn list(&self) -> Result<Vec<DocumentName>, Fault> {
        let entries = match fs::read_dir(&self.dir) {
            Ok(entries) => entries,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(Vec::new()),
            Err(error) => return Err(Fault::file("cannot list the drafts in", &self.dir)(error)),
        };
        let mut ids: Vec<DocumentName> =
            entries.filter_map(|entry| entry.ok()?.file_name().to_str()?.strip_suffix(".json")?.parse().ok()).collect();
        ids.sort_unstable();
        Ok(ids)
    }

    /// Throws a draft away; `false` if there is none.
    ///
    /// # Errors
    /// A fault of the disk.
    pub fn remove(&self, id: &DocumentName) -> Result<bool, Fault> {
        let path = self.path(id);
        match fs::remove_file(&path) {
            Ok(()) => Ok(true),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(false),
            Err(error) => Err(Fault::file("cannot remove the draft", &path)(error)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_draft_is_kept_changed_and_thrown_away() {
        let dir = tempfile::tempdir().expect("a folder");
        let drafts = Drafts::new(dir.path());
        let id = DocumentName([3; 16]);
        assert_eq!(drafts.list().expect("listed"), []);
        assert!(drafts.keep(&id, &json!({ "title": "То" })).expect("kept"));
        assert!(drafts.keep(&id, &json!({ "title": "Толока" })).expect("kept"));
        assert_eq!(Drafts::new(dir.path()).read(&id).expect("read"), Some(json!({ "title": "Толока" })));
        assert_eq!(drafts.list().expect("listed"), [id]);
        assert!(drafts.remove(&id).expect("removed"));
        assert!(!drafts.remove(&id).expect("removed"));
    }
}
