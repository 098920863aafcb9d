//! Laws of files: bundles and journals.

use std::io::Read;

use node::bundle::{self, BLOCK_MAGIC, BLOCK_RECORDS_MAX, Next, Reader};
use node::journal::Journal;

use crate::world::folder;

/// Records that a test packs are cut from its input in pieces of this many bytes.
const PIECE: usize = 40;

/// A bundle; the first byte says whether the rest is a file, the packed part of a block whose head
/// is put right, or records to pack.
pub fn bundle(bytes: &[u8]) {
    let Some((how, bytes)) = bytes.split_first() else { return };
    match how % 3 {
        0 => file(bytes),
        1 => block(bytes),
        _ => {
            let records: Vec<&[u8]> = bytes.chunks(PIECE).collect();
            let packed = bundle::pack(records.iter().copied());
            assert_eq!(bundle::unpack(&packed).expect("our own"), records);
        }
    }
}

fn file(bytes: &[u8]) {
    let whole = blocks(bytes);
    assert_eq!(whole, blocks(Trickle(bytes)), "how the bytes come matters");
    let Some((blocks, _)) = whole else { return };
    let mut at = bundle::FILE_HEAD.len();
    for block in blocks {
        assert_eq!(block, bytes[at..at + block.len()], "a block is not what stands in the file");
        at += block.len();
        unpacked(&block);
    }
}

/// The whole blocks of a file, and whether it ends between blocks.
fn blocks(input: impl Read) -> Option<(Vec<Vec<u8>>, bool)> {
    let mut reader = Reader::open(input).expect("memory")?;
    let mut blocks = Vec::new();
    loop {
        let before = reader.offset();
        match reader.next_block().expect("memory") {
            Next::Block(block) => {
                assert_eq!(reader.offset(), before + block.len() as u64);
                blocks.push(block);
            }
            Next::End => return Some((blocks, true)),
            Next::Damaged(_) => return Some((blocks, false)),
        }
    }
}

/// Gives its bytes in small pieces, as a slow stick does.
struct Trickle<'a>(&'a [u8]);

impl Read for Trickle<'_> {
    fn read(&mut self, into: &mut [u8]) -> std::io::Result<usize> {
        let len = into.len().min(7);
        self.0.read(&mut into[..len])
    }
}

/// A block: five bytes say what its head claims, the rest is packed.
fn block(bytes: &[u8]) {
    let Some((claims, packed)) = bytes.split_at_checked(5) else { return };
    let raw_len = [0, claims[0], claims[1], claims[2]];
    let count = [0, 0, claims[3], claims[4]];
    let lengths = [&u32::try_from(packed.len()).unwrap_or(u32::MAX).to_be_bytes()[..], &raw_len, &count].concat();
    let check = blake3::hash(&[&lengths, packed].concat());
    let block = [&BLOCK_MAGIC[..], &lengths, &check.as_bytes()[..16], packed].concat();
    unpacked(&block);
}

/// What a block holds, if it holds anything, is bounded and can be packed again.
fn unpacked(block: &[u8]) {
    let unpacked = bundle::unpack(block);
    assert_eq!(unpacked, bundle::unpack(block));
    let Ok(records) = unpacked else { return };
    assert!(records.len() <= BLOCK_RECORDS_MAX);
    assert!(records.iter().map(|record| record.len() + 4).sum::<usize>() <= bundle::BLOCK_RAW_MAX);
    let again = bundle::pack(records.iter().map(Vec::as_slice));
    assert_eq!(bundle::unpack(&again), Ok(records));
}

/// A journal as a disk may give it back: two bytes for where the store had got to, then the file.
pub fn journal(bytes: &[u8]) {
    let Some((from, bytes)) = bytes.split_first_chunk::<2>() else { return };
    let folder = folder();
    let path = folder.path().join("journal.bundle");
    std::fs::write(&path, bytes).expect("written");
    let (journal, first) = Journal::open(&path, u16::from_be_bytes(*from).into()).expect("any file opens");
    let len = journal.len();
    drop(journal);
    // 1. Opened from its start, it gives what it gave, and is whole afterwards. What lies before the
    // place where the store had got to was not looked at the first time, unless that was the start.
    let (journal, all) = Journal::open(&path, 0).expect("opens again");
    let from_start = u16::from_be_bytes(*from) <= 16;
    let as_before = all.torn_bytes == 0 && !all.damaged && journal.len() == len && all.records == first.records;
    assert!(!from_start || as_before, "what was mended is not whole");
    assert!(all.records.ends_with(&first.records), "a record was lost while the journal was mended");
    drop(journal);
    let (mut journal, held) = Journal::open(&path, 0).expect("opens again");
    assert!(!held.damaged && held.torn_bytes == 0, "what was mended is damaged");
    assert_eq!(held.records, all.records, "a record was lost while the journal was mended");
    // 2. It takes more, and everything is found.
    journal.append([&b"one more"[..]]).expect("appended");
    for record in held.records.iter().chain([&b"one more".to_vec()]) {
        let found = journal.find(&crdt::id::RecordId::of(record)).expect("read");
        assert_eq!(found.as_ref(), Some(record));
    }
    drop(journal);
    let (_, after) = Journal::open(&path, 0).expect("opens once more");
    assert_eq!(after.records.split_last(), Some((&b"one more".to_vec(), &held.records[..])));
}
