//! Tables that wait to be imported: two local files each, the table as it came and how far it is.

use std::fs;
use std::path::{Path, PathBuf};

use crdt::id::DocumentName;
use web_ui::library::LibraryError;
use web_ui::library::uploads::{Part, UPLOADS_MAX, Uploads};

use crate::fault::Fault;
use crate::keyring::write_private;

/// The uploads of a data folder.
#[derive(Clone, Debug)]
pub struct UploadFiles {
    dir: PathBuf,
}

impl UploadFiles {
    /// The uploads in a data folder.
    #[must_use]
    pub fn new(data_dir: &Path) -> Self {
        Self { dir: data_dir.join("uploads") }
    }

    fn path(&self, id: &DocumentName, part: Part) -> PathBuf {
        self.dir.join(match part {
            Part::File => format!("{id}.table"),
            Part::Progress => format!("{id}.json"),
        })
    }

    fn names(&self) -> Result<Vec<DocumentName>, Fault> {
        let entries = match fs::read_dir(&self.dir) {
            Ok(entries) => entries,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(Vec::new()),
            Err(error) => return Err(Fault::file("cannot list the uploads in", &self.dir)(error)),
        };
        let name = |entry: std::io::Result<fs::DirEntry>| {
            entry.ok()?.file_name().to_str()?.strip_suffix(".table")?.parse().ok()
        };
        let mut names: Vec<DocumentName> = entries.filter_map(name).collect();
        names.sort_unstable();
        Ok(names)
    }
}

impl Uploads for UploadFiles {
    fn list(&self) -> Result<Vec<DocumentName>, LibraryError> {
        Ok(self.names()?)
    }

    fn read(&self, id: DocumentName, part: Part) -> Result<Vec<u8>, LibraryError> {
        let path = self.path(&id, part);
        match fs::read(&path) {
            Ok(bytes) => Ok(bytes),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Err(LibraryError::NotFound),
            Err(error) => Err(Fault::file("cannot read the upload", &path)(error).into()),
        }
    }

    fn keep(&self, id: DocumentName, part: Part, bytes: &[u8]) -> Result<(), LibraryError> {
        let is_here = self.path(&id, Part::File).exists();
        if part == Part::Progress && !is_here {
            return Err(LibraryError::NotFound);
        }
        if part == Part::File && !is_here && self.names()?.len() >= UPLOADS_MAX {
            return Err(LibraryError::Denied {
                code: "too_many_uploads",
                uk: format!("Незавершених імпортів уже {UPLOADS_MAX}: завершіть або приберіть якийсь із них"),
                en: format!("There are {UPLOADS_MAX} imports already: finish or remove one of them"),
            });
        }
        Ok(write_private(&self.path(&id, part), bytes)?)
    }

    fn remove(&self, id: DocumentName) -> Result<(), LibraryError> {
        // The table goes first: what is left of an upload without one is never looked at.
        for part in [Part::File, Part::Progress] {
            let path = self.path(&id, part);
            match fs::remove_file(&path) {
                Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
                    return Err(Fault::file("cannot remove the upload", &path)(error).into());
                }
                _ => {}
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_upload_is_kept_until_it_is_thrown_away() {
        let dir = tempfile::tempdir().expect("a folder");
        let uploads = UploadFiles::new(dir.path());
        let id = DocumentName([3; 16]);
        assert!(matches!(uploads.keep(id, Part::Progress, b"1"), Err(LibraryError::NotFound)));
        uploads.keep(id, Part::File, b"title").expect("kept");
        uploads.keep(id, Part::Progress, b"1").expect("kept");
        uploads.keep(id, Part::Progress, b"2").expect("kept");
        let again = UploadFiles::new(dir.path());
        assert_eq!(again.list().expect("listed"), [id]);
        assert_eq!(again.read(id, Part::File).expect("read"), b"title");
        assert_eq!(again.read(id, Part::Progress).expect("read"), b"2");
        again.remove(id).expect("removed");
        again.remove(id).expect("removed");
        assert_eq!(uploads.list().expect("listed"), []);
        assert!(matches!(uploads.keep(id, Part::Progress, b"3"), Err(LibraryError::NotFound)));
    }

    #[test]
    fn uploads_are_bounded() {
        let dir = tempfile::tempdir().expect("a folder");
        let uploads = UploadFiles::new(dir.path());
        for n in 0..UPLOADS_MAX {
            uploads.keep(DocumentName([n as u8; 16]), Part::File, b"x").expect("kept");
        }
        let over = uploads.keep(DocumentName([99; 16]), Part::File, b"x");
        assert!(matches!(over, Err(LibraryError::Denied { code: "too_many_uploads", .. })));
        uploads.keep(DocumentName([0; 16]), Part::File, b"y").expect("one that is there is changed");
    }
}
