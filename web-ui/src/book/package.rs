//! Files in one ZIP archive, as EPUB and DOCX want them.

use std::io::{Cursor, Write};

use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipWriter};

use crate::library::LibraryError;

/// The name of the file by which readers of EPUB tell the format: first, and not compressed.
pub(super) const MIMETYPE: &str = "mimetype";

/// Packs files. Every archive of the same files is the same archive: no clock is asked.
pub(super) fn packed<N: AsRef<str>>(files: &[(N, String)]) -> Result<Vec<u8>, LibraryError> {
    zipped(files).map_err(|error| LibraryError::Fault(format!("a book could not be packed: {error}")))
}

fn zipped<N: AsRef<str>>(files: &[(N, String)]) -> zip::result::ZipResult<Vec<u8>> {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, text) in files {
        let name = name.as_ref();
        let method = if name == MIMETYPE { CompressionMethod::Stored } else { CompressionMethod::Deflated };
        zip.start_file(name, SimpleFileOptions::default().compression_method(method))?;
        zip.write_all(text.as_bytes())?;
    }
    Ok(zip.finish()?.into_inner())
}

/// A moment to the second, as both formats ask for it.
pub(super) fn modified(moment: &str) -> String {
    format!("{}Z", moment.get(..19).unwrap_or("2025-01-01T00:00:00"))
}
