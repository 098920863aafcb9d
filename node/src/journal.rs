//! The journal: this node's own records, synced to the disk before anyone is told of them. They are
//! the only data that the network cannot give back.
//!
//! It is a bundle file, so it is also a backup that anyone can import. The store notes how far the
//! journal is in it; whatever a power cut took from the store comes back from the rest.

use std::collections::HashSet;
use std::fs::{File, OpenOptions};
use std::io::{self, BufReader, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

use crdt::id::RecordId;

use crate::bundle::{self, Next, Reader};
use crate::fault::Fault;

/// The unit in which a system writes files: the largest in use.
const PAGE_BYTES: u64 = 64 * 1024;

/// An open journal, to append to.
#[derive(Debug)]
pub struct Journal {
    path: PathBuf,
    file: File,
    len: u64,
    /// After a failed write or sync nothing more is acknowledged before [`Journal::mend`]: the kernel
    /// may have dropped the pages, and a second sync would say "done" of data that is gone.
    failed: bool,
    /// How far [`Journal::check`] has read in this round; 0 before its beginning.
    checked: u64,
}

/// What a reading of the journal found.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Checked {
    /// No damage as far as it read.
    SoFar,
    /// No damage, to the end.
    Whole,
    /// Damage: a new round begins.
    Damaged,
}

/// What a journal held beyond what the store had.
#[derive(Debug, Default)]
pub struct Tail {
    /// The records, in order.
    pub records: Vec<Vec<u8>>,
    /// Bytes cut off at the end: a write that a power cut interrupted, never acknowledged.
    pub torn_bytes: u64,
    /// Whether damage in the middle hides what comes after it.
    pub damaged: bool,
}

impl Journal {
    /// Opens or begins the journal, reads what lies beyond `from` bytes, and cuts off a torn end.
    ///
    /// # Errors
    /// A fault of the disk.
    pub fn open(path: &Path, from: u64) -> Result<(Self, Tail), Fault> {
        let unreadable = || Fault::file("cannot read the journal", path);
        let mut file = OpenOptions::new()
            .read(true)
            .write(true)
            .create(true)
            .truncate(false)
            .open(path)
            .map_err(Fault::file("cannot open the journal", path))?;
        let len = file.metadata().map_err(unreadable())?.len();
        if len < bundle::FILE_HEAD.len() as u64 {
            return Ok((Self::begin(path, file)?, Tail::default()));
        }
        let head = bundle::FILE_HEAD.len() as u64;
        let start = if from >= head && from <= len { from } else { head };
        let (mut tail, mut end) = read(&file, start).map_err(unreadable())?;
        if start != head && (tail.damaged || end < len) {
            // Perhaps nothing is damaged, and the note is older than the journal's last rewriting.
            (tail, end) = read(&file, head).map_err(unreadable())?;
        }
        if end < len {
            tail.torn_bytes = len - end;
            tracing::info!(
                bytes = tail.torn_bytes,
                offset = end,
                "cut off what was never acknowledged from the journal"
            );
            keep_torn_end(path, &mut file, end)?;
            file.set_len(end).map_err(Fault::file("cannot shorten the journal", path))?;
            file.sync_all().map_err(Fault::file("cannot sync the journal", path))?;
        }
        let mut journal = Self { path: path.to_owned(), file, len: end, failed: false, checked: 0 };
        if tail.damaged {
            journal.cut_out_damage()?;
        }
        Ok((journal, tail))
    }

    fn begin(path: &Path, mut file: File) -> Result<Self, Fault> {
        let cannot = || Fault::file("cannot begin the journal", path);
        file.set_len(0).map_err(cannot())?;
        file.seek(SeekFrom::Start(0)).map_err(cannot())?;
        bundle::begin(&mut file).map_err(cannot())?;
        file.sync_all().map_err(cannot())?;
        sync_folder(path)?;
        Ok(Self { path: path.to_owned(), file, len: bundle::FILE_HEAD.len() as u64, failed: false, checked: 0 })
    }

    /// Appends records and syncs once. When this returns, they survive a power cut.
    ///
    /// # Errors
    /// A fault of the disk: nothing of them is acknowledged.
    pub fn append<'a>(&mut self, records: impl IntoIterator<Item = &'a [u8]>) -> Result<(), Fault> {
        self.mend()?;
        let blocks = bundle::pack_all(records);
        let written = self
            .file
            .seek(SeekFrom::Start(self.len))
            .and_then(|_| self.file.write_all(&blocks))
            .and_then(|()| self.file.sync_data());
        if let Err(error) = written {
            self.failed = true;
            return Err(Fault::file("cannot write the journal", &self.path)(error));
        }
        self.len += blocks.len() as u64;
        Ok(())
    }

    /// After a failure: opens the file anew, cuts off what was never acknowledged, and writes the page
    /// again in which the rest ends, since the failed write may have taken that page along. What lies
    /// before was synced and not touched since.
    ///
    /// # Errors
    /// A fault of the disk; nothing is taken until this has been done.
    pub fn mend(&mut self) -> Result<(), Fault> {
        if !self.failed {
            return Ok(());
        }
        let mended = OpenOptions::new().read(true).write(true).open(&self.path).and_then(|mut file| {
            file.set_len(self.len)?;
            let start = self.len - self.len % PAGE_BYTES;
            let mut end = Vec::new();
            file.seek(SeekFrom::Start(start))?;
            file.read_to_end(&mut end)?;
            file.seek(SeekFrom::Start(start))?;
            file.write_all(&end)?;
            file.sync_all()?;
            Ok(file)
        });
        self.file = mended.map_err(Fault::file("cannot mend the journal", &self.path))?;
        sync_folder(&self.path)?;
        self.failed = false;
        Ok(())
    }

    /// Takes back what was appended after `len` bytes and acknowledged to nobody.
    ///
    /// # Errors
    /// A fault of the disk; then it is taken back before anything else is appended.
    pub fn take_back(&mut self, len: u64) -> Result<(), Fault> {
        (self.len, self.failed, self.checked) = (len, true, 0);
        self.mend()
    }

    /// What lies beyond `from` bytes, or all if that is no place in the journal.
    ///
    /// # Errors
    /// A fault of the disk.
    pub fn since(&self, from: u64) -> Result<Tail, Fault> {
        let head = bundle::FILE_HEAD.len() as u64;
        let start = if from >= head && from <= self.len { from } else { head };
        read(&self.file, start).map(|(tail, _)| tail).map_err(Fault::file("cannot read the journal", &self.path))
    }

    /// Reads on where the last reading ended, at least `bytes` further, and says what was found. A round
    /// over the whole journal is many of these, so that nobody waits for it and no more than a block of
    /// it is in memory.
    ///
    /// # Errors
    /// A fault of the disk.
    pub fn check(&mut self, bytes: u64) -> Result<Checked, Fault> {
        let found = self.read_on(bytes).map_err(Fault::file("cannot read the journal", &self.path))?;
        if found != Checked::SoFar {
            self.checked = 0;
        }
        Ok(found)
    }

    fn read_on(&mut self, bytes: u64) -> io::Result<Checked> {
        if self.checked == 0 {
            let mut head = Vec::new();
            (&self.file).seek(SeekFrom::Start(0))?;
            (&self.file).take(bundle::FILE_HEAD.len() as u64).read_to_end(&mut head)?;
            if head != bundle::FILE_HEAD {
                return Ok(Checked::Damaged);
            }
            self.checked = bundle::FILE_HEAD.len() as u64;
        }
        let mut blocks = Blocks { file: &self.file, at: self.checked };
        while blocks.at < self.checked + bytes {
            match blocks.next()? {
                Some((block, false)) if bundle::unpack(&block).is_ok() => {}
                None if blocks.at >= self.len => return Ok(Checked::Whole),
                _ => return Ok(Checked::Damaged),
            }
        }
        self.checked = blocks.at;
        Ok(Checked::SoFar)
    }

    /// The records that can be read, by id. Reads the whole journal.
    ///
    /// # Errors
    /// A fault of the disk.
    pub fn readable(&self) -> Result<HashSet<RecordId>, Fault> {
        let mut blocks = Blocks { file: &self.file, at: bundle::FILE_HEAD.len() as u64 };
        let mut ids = HashSet::new();
        while let Some((block, _)) = blocks.next().map_err(Fault::file("cannot read the journal", &self.path))? {
            ids.extend(bundle::unpack(&block).unwrap_or_default().iter().map(|bytes| RecordId::of(bytes)));
        }
        Ok(ids)
    }

    /// Keeps a copy of a damaged journal beside it, and goes on with what can be read.
    ///
    /// # Errors
    /// A fault of the disk; the journal stays as it was.
    pub fn cut_out_damage(&mut self) -> Result<(), Fault> {
        let whole = self.path.with_extension("damaged");
        tracing::warn!(kept = %whole.display(), "the journal is damaged in the middle; going on with what is left");
        std::fs::copy(&self.path, &whole).map_err(Fault::file("cannot keep the damaged journal in", &whole))?;
        self.rewrite(|_| true)
    }

    /// The bytes of a record that the journal holds. Reads the whole journal.
    ///
    /// # Errors
    /// A fault of the disk.
    pub fn find(&mut self, id: &RecordId) -> Result<Option<Vec<u8>>, Fault> {
        let cannot = || Fault::file("cannot read the journal", &self.path);
        let mut blocks = Blocks { file: &self.file, at: bundle::FILE_HEAD.len() as u64 };
        while let Some((block, _)) = blocks.next().map_err(cannot())? {
            let records = bundle::unpack(&block).unwrap_or_default();
            if let Some(found) = records.into_iter().find(|bytes| RecordId::of(bytes) == *id) {
                return Ok(Some(found));
            }
        }
        Ok(None)
    }

    /// Writes the journal anew with only the records that `keep` says, whole or not at all: what was
    /// withdrawn is not to lie on the disk.
    ///
    /// # Errors
    /// A fault of the disk; the journal stays as it was.
    pub fn rewrite(&mut self, keep: impl Fn(&[u8]) -> bool) -> Result<(), Fault> {
        self.mend()?;
        let temporary = self.path.with_extension("new");
        let (file, len) = self.write_anew(&temporary, keep).inspect_err(|_| {
            // Half a journal only takes room.
            let _ = std::fs::remove_file(&temporary);
        })?;
        std::fs::rename(&temporary, &self.path).map_err(Fault::file("cannot replace the journal", &self.path))?;
        // Until its name is durable, nothing in it is.
        (self.file, self.len, self.failed, self.checked) = (file, len, true, 0);
        sync_folder(&self.path)?;
        self.failed = false;
        Ok(())
    }

    fn write_anew(&self, temporary: &Path, keep: impl Fn(&[u8]) -> bool) -> Result<(File, u64), Fault> {
        let cannot = || Fault::file("cannot write", temporary);
        let mut len = bundle::FILE_HEAD.len() as u64;
        let mut blocks = Blocks { file: &self.file, at: len };
        let options = OpenOptions::new().read(true).write(true).create(true).truncate(true).open(temporary);
        let mut file = options.map_err(cannot())?;
        bundle::begin(&mut file).map_err(cannot())?;
        while let Some((block, _)) = blocks.next().map_err(Fault::file("cannot read the journal", &self.path))? {
            let records = bundle::unpack(&block).unwrap_or_default();
            let kept: Vec<&[u8]> = records.iter().map(Vec::as_slice).filter(|record| keep(record)).collect();
            let block = if kept.len() == records.len() { block } else { bundle::pack(kept.iter().copied()) };
            if !kept.is_empty() {
                file.write_all(&block).map_err(cannot())?;
                len += block.len() as u64;
            }
        }
        file.sync_all().map_err(cannot())?;
        Ok((file, len))
    }

    /// Bytes of the journal: everything up to here is durable.
    pub fn len(&self) -> u64 {
        self.len
    }

    /// Whether the journal has no records.
    pub fn is_empty(&self) -> bool {
        self.len == bundle::FILE_HEAD.len() as u64
    }
}

/// What the journal holds from a place on, and where it ends.
fn read(file: &File, start: u64) -> io::Result<(Tail, u64)> {
    let mut tail = Tail::default();
    let mut blocks = Blocks { file, at: start };
    while let Some((block, skipped)) = blocks.next()? {
        tail.damaged |= skipped;
        match bundle::unpack(&block) {
            Ok(records) => tail.records.extend(records),
            Err(_) => tail.damaged = true,
        }
    }
    Ok((tail, blocks.at))
}

/// The whole blocks of a journal. Damage in the middle is passed over: what follows is still good.
struct Blocks<'a> {
    file: &'a File,
    /// Where the last whole block ended.
    at: u64,
}

impl Blocks<'_> {
    /// The next block, and whether damage was passed over before it.
    fn next(&mut self) -> io::Result<Option<(Vec<u8>, bool)>> {
        match self.at(self.at)? {
            Next::Block(block) => Ok(Some((block, false))),
            Next::End => Ok(None),
            Next::Damaged(_) => {
                let mut rest = Vec::new();
                (&mut &*self.file).seek(SeekFrom::Start(self.at))?;
                (&mut &*self.file).read_to_end(&mut rest)?;
                let start = self.at;
                for (n, _) in rest.windows(4).enumerate().filter(|(_, bytes)| *bytes == bundle::BLOCK_MAGIC) {
                    if let Next::Block(block) = self.at(start + n as u64)? {
                        return Ok(Some((block, true)));
                    }
                }
                Ok(None)
            }
        }
    }

    fn at(&mut self, offset: u64) -> io::Result<Next> {
        (&mut &*self.file).seek(SeekFrom::Start(offset))?;
        let mut reader = Reader::resume(BufReader::new(self.file), offset);
        let next = reader.next_block()?;
        if matches!(next, Next::Block(_)) {
            self.at = reader.offset();
        }
        Ok(next)
    }
}

/// A torn end is kept beside the journal rather than thrown away: should it be damage and not an
/// interrupted write, somebody may still want it.
fn keep_torn_end(path: &Path, file: &mut File, end: u64) -> Result<(), Fault> {
    let torn = path.with_extension("torn");
    let cannot = || Fault::file("cannot keep the torn end of the journal in", &torn);
    file.seek(SeekFrom::Start(end)).map_err(cannot())?;
    let mut copy = File::create(&torn).map_err(cannot())?;
    io::copy(file, &mut copy).map_err(cannot())?;
    Ok(())
}

/// Makes the name of a new file durable. Windows has no such call, and needs none.
pub fn sync_folder(path: &Path) -> Result<(), Fault> {
    #[cfg(unix)]
    if let Some(folder) = path.parent() {
        let folder = if folder.as_os_str().is_empty() { Path::new(".") } else { folder };
        File::open(folder)
            .and_then(|folder| folder.sync_all())
            .map_err(Fault::file("cannot sync the folder", folder))?;
    }
    #[cfg(not(unix))]
    let _ = path;
    Ok(())
}

#[cfg(test)]
mod tests;
