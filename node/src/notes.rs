//! Notes of this computer: what its people decided or keep here and no other node may see. One small
//! file a note, never a record.

use std::collections::HashSet;
use std::fs;
use std::path::{Path, PathBuf};

use crdt::id::DocumentId;
use serde_json::Value;
use web_ui::library::Note;

use crate::fault::Fault;
use crate::keyring::write_private;

/// The documents that a note has as hidden on this node.
#[must_use]
pub fn hidden(content: &Value) -> HashSet<DocumentId> {
    let ids = content.as_object().into_iter().flat_map(|hidden| hidden.keys());
    ids.filter_map(|id| id.parse().ok()).collect()
}

/// The notes of a data folder.
#[derive(Clone, Debug)]
pub struct Notes {
    dir: PathBuf,
}

impl Notes {
    /// The notes in a data folder.
    #[must_use]
    pub fn new(data_dir: &Path) -> Self {
        Self { dir: data_dir.join("notes") }
    }

    fn path(&self, note: &Note) -> PathBuf {
        self.dir.join(match note {
            Note::Hidden => "hidden.json".to_owned(),
            Note::Seen => "seen.json".to_owned(),
            Note::Guests(seminar) => format!("guests-{seminar}.json"),
        })
    }

    /// Keeps a note: whole or as it was before.
    ///
    /// # Errors
    /// A fault of the disk.
    pub fn keep(&self, note: &Note, content: &Value) -> Result<(), Fault> {
        write_private(&self.path(note), content.to_string().as_bytes())
    }

    /// A note, if it is there and can be read.
    ///
    /// # Errors
    /// A fault of the disk.
    pub fn read(&self, note: &Note) -> Result<Option<Value>, Fault> {
        let path = self.path(note);
        match fs::read(&path) {
            Ok(bytes) => Ok(serde_json::from_slice(&bytes).ok()),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(Fault::file("cannot read the note", &path)(error)),
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn notes_do_not_run_together() {
        let dir = tempfile::tempdir().expect("a folder");
        let notes = Notes::new(dir.path());
        let (one, two) = (Note::Guests(DocumentId([1; 16])), Note::Guests(DocumentId([2; 16])));
        assert_eq!(notes.read(&one).expect("read"), None);
        notes.keep(&one, &json!(["Олена"])).expect("kept");
        notes.keep(&Note::Hidden, &json!({})).expect("kept");
        assert_eq!(Notes::new(dir.path()).read(&one).expect("read"), Some(json!(["Олена"])));
        assert_eq!(notes.read(&two).expect("read"), None);
    }
}
