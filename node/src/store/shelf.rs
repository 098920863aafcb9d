//! Blocks for those who copy everything, kept as they travelled. To pack records as hard as a phone's line
//! wants takes most of what a first copy costs the node that gives it, and the library is given again and again.
//!
//! A file is a block with the place in the order where it ends and a digest of all that stands there up to it.
//! It is given only where the order still says the same, so any file may be missing, old or damaged: nothing
//! depends on one, none is synced, and none tells more than the set. What is taken back takes all files with it.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};

use crdt::id::RecordId;
use crdt::record::Record;

use super::{OrderKey, Store};
use crate::bundle::{self, BLOCK_RAW_TARGET, BLOCK_RECORDS_MAX};
use crate::fault::Fault;

/// Files kept at the most. Blocks of practices pack to some 220 KB, so these are 450 MB, for 350,000 practices; what
/// comes after them in the order is packed each time.
const FILES_MAX: usize = 2_048;
/// Raw bytes after which a new block ends. What comes between its records later fits into the rest, so that the
/// blocks after it stay as they are.
const NEW_BLOCK_BYTES: usize = BLOCK_RAW_TARGET - BLOCK_RAW_TARGET / 8;
/// Raw bytes of a block that is worth a file.
const WORTH_BYTES: usize = BLOCK_RAW_TARGET / 4;
/// A block from a peer must be this many times shorter than what is in it: texts pack to a quarter, and nobody
/// shall be able to have us pass on padding.
const PACKED_TIMES: usize = 2;
const DIGEST_BYTES: usize = 32;

/// The folder of kept blocks.
pub(super) struct Shelf {
    dir: PathBuf,
    files: AtomicUsize,
}

/// A block as it was kept.
struct Kept {
    last: OrderKey,
    digest: [u8; DIGEST_BYTES],
    block: Vec<u8>,
}

impl Kept {
    fn parse(bytes: &[u8]) -> Option<Self> {
        let (last, rest) = bytes.split_at_checked(OrderKey::BYTES)?;
        let (digest, block) = rest.split_first_chunk::<DIGEST_BYTES>()?;
        let kept = Self { last: OrderKey::from_bytes(last)?, digest: *digest, block: block.to_vec() };
        bundle::is_whole(&kept.block).then_some(kept)
    }

    fn to_bytes(&self) -> Vec<u8> {
        [&self.last.to_bytes()[..], &self.digest, &self.block].concat()
    }
}

/// A digest of ids, in their order.
fn digest<'a>(ids: impl IntoIterator<Item = &'a RecordId>) -> [u8; DIGEST_BYTES] {
    let mut hasher = blake3::Hasher::new_derive_key("dosvid 2026-11 kept block");
    ids.into_iter().for_each(|id| {
        hasher.update(&id.0);
    });
    *hasher.finalize().as_bytes()
}

impl Shelf {
    /// The blocks kept beside the database in `store`.
    pub(super) fn of(store: &Path) -> Self {
        let dir = store.join("shelf");
        let files = fs::read_dir(&dir).map_or(0, Iterator::count);
        Self { dir, files: AtomicUsize::new(files) }
    }

    /// The file of the block that begins after a place.
    fn path(&self, after: Option<&OrderKey>) -> PathBuf {
        let name = blake3::hash(&after.map(|key| key.to_bytes()).unwrap_or([0; OrderKey::BYTES]));
        self.dir.join(&name.to_hex()[..32])
    }

    fn is_empty(&self) -> bool {
        self.files.load(Ordering::Relaxed) == 0
    }

    fn begins_after(&self, place: &OrderKey) -> bool {
        !self.is_empty() && self.path(Some(place)).exists()
    }

    fn get(&self, after: Option<&OrderKey>) -> Option<Kept> {
        if self.is_empty() {
            return None;
        }
        Kept::parse(&fs::read(self.path(after)).ok()?)
    }

    fn put(&self, after: Option<&OrderKey>, kept: &Kept) -> io::Result<()> {
        let path = self.path(after);
        let is_new = !path.exists();
        if is_new && self.files.load(Ordering::Relaxed) >= FILES_MAX {
            return Ok(());
        }
        fs::create_dir_all(&self.dir)?;
        let new = path.with_extension("new");
        fs::write(&new, kept.to_bytes()).and_then(|()| fs::rename(&new, &path)).inspect_err(|_| {
            let _ = fs::remove_file(&new);
        })?;
        self.files.fetch_add(usize::from(is_new), Ordering::Relaxed);
        Ok(())
    }

    /// Forgets all blocks: something that is in one of them may be kept no longer.
    pub(super) fn clear(&self) -> Result<(), Fault> {
        match fs::remove_dir_all(&self.dir) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => {
                Err(Fault::file("cannot remove kept blocks", &self.dir)(error))
            }
            _ => {
                self.files.store(0, Ordering::Relaxed);
                Ok(())
            }
        }
    }
}

impl Store {
    /// The block after a place for whoever copies everything, and where it ended: as it was kept, or packed and
    /// kept for the next.
    ///
    /// # Errors
    /// A fault of the database.
    pub fn block_to_copy(&self, after: Option<OrderKey>) -> Result<(Vec<u8>, Option<OrderKey>), Fault> {
        let kept = self.shelf.get(after.as_ref());
        if let Some(Kept { last, digest, block }) = kept
            && self.digest_of(after, last)? == Some(digest)
        {
            return Ok((block, Some(last)));
        }
        // One that has grown may take what there is room for, so that the next stays where it is.
        let room = if self.shelf.path(after.as_ref()).exists() { BLOCK_RAW_TARGET } else { NEW_BLOCK_BYTES };
        let mut bytes = 0;
        let mut is_last = true;
        let (records, last) = self.records_after(after, 0, |key, record| {
            bytes += record.bytes().len() + 4;
            is_last = bytes < room && !self.shelf.begins_after(key);
            is_last
        })?;
        let block = bundle::pack_to_send(records.iter().map(Record::bytes));
        if let Some(last) = last.filter(|_| !is_last && bytes >= WORTH_BYTES) {
            let ids: Vec<RecordId> = records.iter().map(Record::id).collect();
            self.shelve(after, Kept { last, digest: digest(&ids), block: block.clone() });
        }
        Ok((block, last))
    }

    /// Keeps a block that a peer gave for the order from `after` to `last`, with just the records `ids`.
    ///
    /// # Errors
    /// A fault of the database.
    pub fn keep_block(
        &self,
        after: Option<OrderKey>,
        last: OrderKey,
        ids: &[RecordId],
        block: &[u8],
    ) -> Result<(), Fault> {
        let is_packed = bundle::raw_len(block).is_some_and(|raw| raw >= WORTH_BYTES.max(PACKED_TIMES * block.len()));
        let digest = digest(ids);
        if is_packed && self.digest_of(after, last)? == Some(digest) {
            self.shelve(after, Kept { last, digest, block: block.to_vec() });
        }
        Ok(())
    }

    fn shelve(&self, after: Option<OrderKey>, kept: Kept) {
        if self.disk().refusal().is_some() {
            return;
        }
        // Nothing depends on it: a disk that refuses is met by whoever writes what counts.
        if let Err(error) = self.shelf.put(after.as_ref(), &kept) {
            tracing::debug!(%error, "a block is not kept");
        }
    }

    /// A digest of what stands in the order after a place, up to another; none if that is more than a block has.
    fn digest_of(&self, after: Option<OrderKey>, last: OrderKey) -> Result<Option<[u8; DIGEST_BYTES]>, Fault> {
        let mut ids = Vec::new();
        for key in self.order_after(after) {
            let key = key?;
            if key > last {
                break;
            }
            if ids.len() == BLOCK_RECORDS_MAX {
                return Ok(None);
            }
            ids.push(key.id);
        }
        Ok(Some(digest(&ids)))
    }
}

#[cfg(test)]
mod tests;
