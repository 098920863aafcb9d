//! The files of the index as tantivy reads them: by position, never mapped into memory.
//!
//! A mapped file that somebody cuts short ends the process at the next look beyond its new end, and
//! every page of it that was ever looked at counts as the node's memory. Read by position, a file
//! that is shorter than it was is an error like any other, and an old PC with little memory keeps
//! what it needs of the index in the system's cache. Writing is tantivy's own.
//!
//! Dictionaries and columns are read whole by whoever opens a segment, and every commit opens all
//! segments anew. So columns and lengths of texts, which are short, are kept for as long as the file is
//! there, and dictionaries are shared for as long as somebody has them open.

use std::collections::HashMap;
use std::fs::File;
use std::io;
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError, Weak};

use tantivy::HasLen;
use tantivy::directory::error::{DeleteError, LockError, OpenReadError, OpenWriteError};
use tantivy::directory::footer::Footer;
use tantivy::directory::{
    Directory, DirectoryLock, FileHandle, FileSlice, Lock, MmapDirectory, OwnedBytes, WatchCallback, WatchHandle,
    WritePtr,
};

/// Kinds of files that are kept: some 40 bytes a document.
const KEPT: [&str; 2] = ["fast", "fieldnorm"];
/// Bytes of them that are kept: those of a million documents. What is more is read each time.
const KEPT_BYTES_MAX: usize = 48 << 20;
/// Kinds of files that are shared: dictionaries, and what is deleted.
const SHARED: [&str; 2] = ["term", "del"];

/// Bytes that are read at once of a file that is read from front to back: merging asks for the postings
/// of a few million words, one after another, most of them a few bytes long.
const AHEAD_BYTES: usize = 64 << 10;
/// How far behind the end of the read before a read may begin that goes on where that one ended: what is
/// left out lies between two fields.
const GAP_BYTES: usize = 4 << 10;

/// Bytes of a file that are in memory at once while it is checked; the longest has a hundred MB and more.
const CHECKED_AT_ONCE: usize = 1 << 20;

/// A folder with an index.
#[derive(Clone, Debug)]
pub(super) struct Files {
    path: PathBuf,
    writing: MmapDirectory,
    kept: Arc<Mutex<Kept>>,
}

/// A part of a file in memory.
type Part = Arc<[u8]>;

/// A part that was read: whoever has it open shares it.
struct Read {
    open: Weak<[u8]>,
    kept: Option<Part>,
}

/// What was read of files that are read whole, by name and place.
#[derive(Default)]
struct Kept {
    bytes: usize,
    parts: HashMap<PathBuf, HashMap<Range<usize>, Read>>,
}

impl std::fmt::Debug for Kept {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} bytes of {} files", self.bytes, self.parts.len())
    }
}

impl Kept {
    fn get(&self, path: &Path, range: &Range<usize>) -> Option<Part> {
        self.parts.get(path)?.get(range)?.open.upgrade()
    }

    fn put(&mut self, path: &Path, range: Range<usize>, part: &Part, keep: bool) {
        let keep = keep && self.bytes + part.len() <= KEPT_BYTES_MAX;
        self.bytes += if keep { part.len() } else { 0 };
        let read = Read { open: Arc::downgrade(part), kept: keep.then(|| Arc::clone(part)) };
        self.parts.entry(path.to_owned()).or_default().insert(range, read);
    }

    fn forget(&mut self, path: &Path) {
        let gone = self.parts.remove(path).unwrap_or_default();
        self.bytes -= gone.into_values().filter_map(|read| read.kept).map(|kept| kept.len()).sum::<usize>();
    }
}

impl Files {
    /// The files of a folder.
    ///
    /// # Errors
    /// The folder is not there.
    pub(super) fn of(path: &Path) -> tantivy::Result<Self> {
        Ok(Self { path: path.to_owned(), writing: MmapDirectory::open(path)?, kept: Arc::default() })
    }

    /// Whether a file has the content that was written: its sum is in its footer.
    ///
    /// # Errors
    /// The file cannot be read, or has no footer.
    pub(super) fn is_sound(folder: &Path, name: &Path) -> io::Result<bool> {
        let file = File::open(folder.join(name))?;
        let bytes = usize::try_from(file.metadata()?.len()).map_err(io::Error::other)?;
        // Read for this alone: neither shared nor kept.
        let open = Open { shared: false, ..Open::of(file, bytes, name, Arc::default()) };
        let (footer, content) = Footer::extract_footer(FileSlice::new(Arc::new(open)))?;
        let mut sum = crc32fast::Hasher::new();
        for from in (0..content.len()).step_by(CHECKED_AT_ONCE) {
            let to = content.len().min(from + CHECKED_AT_ONCE);
            sum.update(&content.read_bytes_slice(from..to)?);
        }
        Ok(sum.finalize() == footer.crc)
    }
}

/// An open file. Files of an index do not change once they are written.
#[derive(Debug)]
struct Open {
    file: File,
    bytes: usize,
    path: PathBuf,
    /// Whether what is read is shared with others, and kept when nobody has it.
    shared: bool,
    keep: bool,
    kept: Arc<Mutex<Kept>>,
    ahead: Mutex<Ahead>,
}

/// What was read of a file that is read from front to back.
#[derive(Default)]
struct Ahead {
    /// Where the last read ended.
    next: usize,
    /// From which byte on, and what stands there.
    window: Option<(usize, OwnedBytes)>,
}

impl std::fmt::Debug for Ahead {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "read up to {}", self.next)
    }
}

impl Ahead {
    fn get(&self, range: &Range<usize>) -> Option<OwnedBytes> {
        let (start, window) = self.window.as_ref()?;
        let from = range.start.checked_sub(*start)?;
        (range.end - start <= window.len()).then(|| window.slice(from..range.end - start))
    }
}

impl Open {
    fn of(file: File, bytes: usize, path: &Path, kept: Arc<Mutex<Kept>>) -> Self {
        let kind = path.extension().and_then(|kind| kind.to_str()).unwrap_or_default();
        let keep = KEPT.contains(&kind);
        let shared = keep || SHARED.contains(&kind);
        Self { file, bytes, path: path.to_owned(), shared, keep, kept, ahead: Mutex::default() }
    }

    /// Reads a part that nobody shares, and what follows it if the part follows the one before.
    fn read_onward(&self, range: Range<usize>) -> io::Result<OwnedBytes> {
        let mut ahead = self.ahead.lock().unwrap_or_else(PoisonError::into_inner);
        let goes_on = range.start.checked_sub(ahead.next).is_some_and(|gap| gap <= GAP_BYTES);
        ahead.next = range.end;
        if let Some(part) = ahead.get(&range) {
            return Ok(part);
        }
        let window = range.start..self.bytes.min(range.start + AHEAD_BYTES);
        if !goes_on || window.end <= range.end {
            // Whoever looks for something in the same file need not wait for this.
            drop(ahead);
            return Ok(OwnedBytes::new(self.read(&range)?));
        }
        let window = OwnedBytes::new(self.read(&window)?);
        ahead.window = Some((range.start, window.clone()));
        Ok(window.slice(0..range.len()))
    }

    fn read(&self, range: &Range<usize>) -> io::Result<Vec<u8>> {
        let mut bytes = vec![0; range.len()];
        read_at(&self.file, &mut bytes, range.start as u64)?;
        Ok(bytes)
    }
}

impl HasLen for Open {
    fn len(&self) -> usize {
        self.bytes
    }
}

impl FileHandle for Open {
    fn read_bytes(&self, range: Range<usize>) -> io::Result<OwnedBytes> {
        if !self.shared {
            return self.read_onward(range);
        }
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(part) = kept.get(&self.path, &range) {
            return Ok(OwnedBytes::new(part));
        }
        let part: Part = self.read(&range)?.into();
        kept.put(&self.path, range, &part, self.keep);
        Ok(OwnedBytes::new(part))
    }
}

#[cfg(unix)]
fn read_at(file: &File, bytes: &mut [u8], at: u64) -> io::Result<()> {
    std::os::unix::fs::FileExt::read_exact_at(file, bytes, at)
}

#[cfg(windows)]
fn read_at(file: &File, mut bytes: &mut [u8], mut at: u64) -> io::Result<()> {
    while !bytes.is_empty() {
        match std::os::windows::fs::FileExt::seek_read(file, bytes, at) {
            Ok(0) => return Err(io::ErrorKind::UnexpectedEof.into()),
            Ok(read) => {
                bytes = &mut bytes[read..];
                at += read as u64;
            }
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    Ok(())
}

impl Directory for Files {
    fn get_file_handle(&self, path: &Path) -> Result<Arc<dyn FileHandle>, OpenReadError> {
        let opened = File::open(self.path.join(path)).and_then(|file| {
            let bytes = usize::try_from(file.metadata()?.len()).map_err(io::Error::other)?;
            Ok(Open::of(file, bytes, path, Arc::clone(&self.kept)))
        });
        match opened {
            Ok(open) => Ok(Arc::new(open)),
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                Err(OpenReadError::FileDoesNotExist(path.to_owned()))
            }
            Err(error) => Err(OpenReadError::wrap_io_error(error, path.to_owned())),
        }
    }

    fn delete(&self, path: &Path) -> Result<(), DeleteError> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner).forget(path);
        self.writing.delete(path)
    }

    fn exists(&self, path: &Path) -> Result<bool, OpenReadError> {
        self.writing.exists(path)
    }

    fn open_write(&self, path: &Path) -> Result<WritePtr, OpenWriteError> {
        self.writing.open_write(path)
    }

    fn atomic_read(&self, path: &Path) -> Result<Vec<u8>, OpenReadError> {
        self.writing.atomic_read(path)
    }

    fn atomic_write(&self, path: &Path, data: &[u8]) -> io::Result<()> {
        self.writing.atomic_write(path, data)
    }

    fn sync_directory(&self) -> io::Result<()> {
        self.writing.sync_directory()
    }

    fn acquire_lock(&self, lock: &Lock) -> Result<DirectoryLock, LockError> {
        self.writing.acquire_lock(lock)
    }

    fn watch(&self, callback: WatchCallback) -> tantivy::Result<WatchHandle> {
        self.writing.watch(callback)
    }
}
