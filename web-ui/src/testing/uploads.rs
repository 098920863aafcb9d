//! Uploads in memory.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

use crdt::id::DocumentName;

use crate::library::LibraryError;
use crate::library::uploads::{Part, Uploads};

/// The parts of uploads, by id.
#[derive(Default)]
pub struct FakeUploads(Mutex<BTreeMap<(DocumentName, bool), Vec<u8>>>);

impl Uploads for FakeUploads {
    fn list(&self) -> Result<Vec<DocumentName>, LibraryError> {
        let parts = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        Ok(parts.keys().filter(|(_, is_file)| *is_file).map(|(id, _)| *id).collect())
    }

    fn read(&self, id: DocumentName, part: Part) -> Result<Vec<u8>, LibraryError> {
        let parts = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        parts.get(&(id, part == Part::File)).cloned().ok_or(LibraryError::NotFound)
    }

    fn keep(&self, id: DocumentName, part: Part, bytes: &[u8]) -> Result<(), LibraryError> {
        let mut parts = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if part == Part::Progress && !parts.contains_key(&(id, true)) {
            return Err(LibraryError::NotFound);
        }
        parts.insert((id, part == Part::File), bytes.to_vec());
        Ok(())
    }

    fn remove(&self, id: DocumentName) -> Result<(), LibraryError> {
        let mut parts = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        parts.retain(|(known, _), _| *known != id);
        Ok(())
    }
}
