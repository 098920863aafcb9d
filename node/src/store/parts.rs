//! Long values in parts: sled moves a page of more than a quarter of a segment (128 KB) into a file
//! of its own and never syncs it. A leaf holds up to 16 values, so no value may be over 6 KB. They are
//! half as long: a whole leaf is read for any of its values, and sled holds thousands of leaves.

use sled::Batch;

use super::database::Database as Db;
use crate::fault::Fault;
use crate::packing;

/// Bytes of one part: 16 of them and their keys are far below 128 KB. A practice has one to three parts.
/// Parts of any length are read: those of earlier versions had 6 KB.
const PART_BYTES: usize = 3 * 1024;
/// Parts of a value at the most: as many as their numbers can tell apart.
const PARTS_MAX: usize = 1 << 16;
/// Unpacked bytes of a value at the most: a view of a document at its limits, with what is around it.
const VALUE_BYTES_MAX: usize = 32 * 1024 * 1024;
/// Level 1: half the bytes at 300 MB/s and more, on a path that every record takes.
const LEVEL: i32 = 1;

/// Packs a value, its lengths before it, so that a missing last part is seen.
pub(super) fn pack(value: &[u8]) -> Vec<u8> {
    let packed = packing::compress(value, packing::Effort::of(LEVEL));
    let mut bytes = Vec::with_capacity(8 + packed.len());
    bytes.extend(u32::try_from(value.len()).expect("bounded").to_be_bytes());
    bytes.extend(u32::try_from(packed.len()).expect("bounded").to_be_bytes());
    bytes.extend(packed);
    bytes
}

/// Puts the parts of a packed value under `key`, followed by the part's number.
pub(super) fn put(batch: &mut Batch, key: &[u8], packed: &[u8]) {
    for (n, part) in packed.chunks(PART_BYTES).enumerate() {
        batch.insert(part_key(key, n), part);
    }
}

fn part_key(key: &[u8], n: usize) -> Vec<u8> {
    [key, &u16::try_from(n).expect("bounded").to_be_bytes()].concat()
}

/// The value under `key`; `None` if it is not there or not whole.
pub(super) fn get(db: &Db, key: &[u8]) -> Result<Option<Vec<u8>>, Fault> {
    let Some(first) = db.get(part_key(key, 0))? else { return Ok(None) };
    let Some((head, _)) = first.split_at_checked(8) else { return Ok(None) };
    let number = |at: usize| u32::from_be_bytes(head[at..at + 4].try_into().expect("four bytes")) as usize;
    let (len, packed_len) = (number(0), number(4));
    if len > VALUE_BYTES_MAX || packed_len > VALUE_BYTES_MAX {
        return Ok(None);
    }
    let mut bytes = first[8..].to_vec();
    for n in 1..PARTS_MAX {
        if bytes.len() >= packed_len {
            break;
        }
        let Some(part) = db.get(part_key(key, n))? else { return Ok(None) };
        bytes.extend_from_slice(&part);
    }
    if bytes.len() != packed_len {
        return Ok(None);
    }
    Ok(packing::decompress(&bytes, len).filter(|value| value.len() == len))
}

/// Removes every part under `key`.
pub(super) fn remove(db: &Db, batch: &mut Batch, key: &[u8]) -> Result<(), Fault> {
    for part in db.scan_prefix(key).keys() {
        let part = part?;
        if part.len() == key.len() + 2 {
            batch.remove(part);
        }
    }
    Ok(())
}
