//! The port for tables that wait to be imported: kept on this computer until they are or are given
//! up, so that neither a closed browser nor a power cut loses one.

use crdt::id::DocumentName;

use super::LibraryError;

/// Uploads at the most. Each may have [`crate::sheet::FILE_BYTES_MAX`] bytes and what is known of it.
pub const UPLOADS_MAX: usize = 8;

/// What is kept of an upload.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Part {
    /// The file as it came.
    File,
    /// How far its import is.
    Progress,
}

/// Where uploads are kept. Each part is written whole or not at all, and durably.
pub trait Uploads: Send + Sync {
    /// The uploads, in the order of their ids.
    ///
    /// # Errors
    /// A fault of the disk, as for every method of this trait.
    fn list(&self) -> Result<Vec<DocumentName>, LibraryError>;
    /// One part of an upload.
    ///
    /// # Errors
    /// [`LibraryError::NotFound`] for an upload that is not here.
    fn read(&self, id: DocumentName, part: Part) -> Result<Vec<u8>, LibraryError>;
    /// Keeps a part. The file comes first.
    ///
    /// # Errors
    /// [`LibraryError::Denied`] if there are [`UPLOADS_MAX`] already; [`LibraryError::NotFound`] for the
    /// progress of a file that is gone.
    fn keep(&self, id: DocumentName, part: Part, bytes: &[u8]) -> Result<(), LibraryError>;
    /// Throws an upload away; one that is gone already is no error.
    ///
    /// # Errors
    /// A fault of the disk.
    fn remove(&self, id: DocumentName) -> Result<(), LibraryError>;
}

/// For a node that takes none.
pub struct NoUploads;

impl Uploads for NoUploads {
    fn list(&self) -> Result<Vec<DocumentName>, LibraryError> {
        Ok(Vec::new())
    }

    fn read(&self, _: DocumentName, _: Part) -> Result<Vec<u8>, LibraryError> {
        Err(LibraryError::NotFound)
    }

    fn keep(&self, _: DocumentName, _: Part, _: &[u8]) -> Result<(), LibraryError> {
        Err(LibraryError::NotFound)
    }

    fn remove(&self, _: DocumentName) -> Result<(), LibraryError> {
        Ok(())
    }
}
