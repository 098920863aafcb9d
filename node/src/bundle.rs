//! The bundle: one format for the bulk stream, the USB stick, the backup and the journal.
//!
//! ```text
//! file   = head block*
//! head   = "DOSVID-BUNDLE-1\n"   (16 bytes)
//! block  = "DVB1" packed_len:u32be raw_len:u32be count:u32be check:16 packed
//! packed = zstd( (len:u32be record)* )
//! check  = the first 16 bytes of BLAKE3 over packed_len raw_len count packed
//! ```
//!
//! Appendable: a block stands for itself. Resumable: a block is taken whole or not at all, and a
//! torn one at the end is seen by its length or its check. Self-verifying: each record carries its
//! own proof, so anyone may import a bundle from anyone.

use std::io::{self, Read, Write};

use zstd::zstd_safe::CParameter;

use crate::packing::{self, Effort};

/// The first bytes of a bundle file.
pub const FILE_HEAD: [u8; 16] = *b"DOSVID-BUNDLE-1\n";
/// Bytes before the packed part of a block.
pub const BLOCK_HEAD_BYTES: usize = 32;
/// Raw bytes after which a block is closed: long enough for compression to find what repeats,
/// short enough to hold several in memory.
pub const BLOCK_RAW_TARGET: usize = 1024 * 1024;
/// Raw bytes of a block at the most: the target and one longest record more.
pub const BLOCK_RAW_MAX: usize = BLOCK_RAW_TARGET + crdt::limits::RECORD_BYTES_MAX + 4;
/// Packed bytes of a block at the most: packing never makes it much longer.
pub const BLOCK_PACKED_MAX: usize = BLOCK_RAW_MAX + 64 * 1024;
/// Records in a block at the most: the target over the shortest envelope.
pub const BLOCK_RECORDS_MAX: usize = BLOCK_RAW_TARGET / (crdt::record::HEADER_BYTES + 4) + 1;

/// The first bytes of a block.
pub const BLOCK_MAGIC: [u8; 4] = *b"DVB1";
/// The level of what somebody waits for while it is written: 10,000 practices (54 MB) pack to 24 % in 0.2 s.
const LEVEL: i32 = 3;
/// The effort of what travels, where a phone's line is slower than any processor: the same to 21 % in 0.5 s. Letters
/// of Cyrillic have two bytes, so looking for repetitions of three letters misses nothing that counts; level 7, which
/// looks for two and a half, takes 0.8 s for half a percent less.
const SEND: Effort = Effort { level: 5, parameters: &[CParameter::SearchLog(4), CParameter::MinMatch(6)] };

/// Why bytes are not a block.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum BlockProblem {
    /// It does not begin as one.
    #[error("not a block of a bundle")]
    Magic,
    /// A length is over its bound.
    #[error("a block over its bounds")]
    Bounds,
    /// It ends too early.
    #[error("a block cut off")]
    Truncated,
    /// The check does not match.
    #[error("a damaged block")]
    Check,
    /// The packed part is not what its head says.
    #[error("a block whose content contradicts its head")]
    Content,
}

/// Packs records into a block.
#[must_use]
pub fn pack<'a>(records: impl IntoIterator<Item = &'a [u8]>) -> Vec<u8> {
    pack_with(Effort::of(LEVEL), records)
}

/// Packs records into a block that is to travel.
#[must_use]
pub fn pack_to_send<'a>(records: impl IntoIterator<Item = &'a [u8]>) -> Vec<u8> {
    pack_with(SEND, records)
}

/// Packs hardly at all, as a peer may who means harm.
#[cfg(test)]
pub(crate) fn pack_loosely<'a>(records: impl IntoIterator<Item = &'a [u8]>) -> Vec<u8> {
    pack_with(Effort { level: -100_000, parameters: &[] }, records)
}

fn pack_with<'a>(effort: Effort, records: impl IntoIterator<Item = &'a [u8]>) -> Vec<u8> {
    let mut raw = Vec::new();
    let mut count = 0u32;
    for record in records {
        raw.extend(length(record.len()).to_be_bytes());
        raw.extend(record);
        count += 1;
    }
    let packed = packing::compress(&raw, effort);
    let mut block = Vec::with_capacity(BLOCK_HEAD_BYTES + packed.len());
    block.extend(BLOCK_MAGIC);
    block.extend(length(packed.len()).to_be_bytes());
    block.extend(length(raw.len()).to_be_bytes());
    block.extend(count.to_be_bytes());
    block.extend(check(&block[4..16], &packed));
    block.extend(packed);
    block
}

/// Packs records into as many blocks as their length takes: a longer block could not be read again.
#[must_use]
pub fn pack_all<'a>(records: impl IntoIterator<Item = &'a [u8]>) -> Vec<u8> {
    let mut blocks = Vec::new();
    let mut some: Vec<&[u8]> = Vec::new();
    let mut bytes = 0;
    for record in records {
        some.push(record);
        bytes += record.len() + 4;
        if bytes >= BLOCK_RAW_TARGET || some.len() == BLOCK_RECORDS_MAX {
            blocks.extend(pack(some.drain(..)));
            bytes = 0;
        }
    }
    if !some.is_empty() {
        blocks.extend(pack(some));
    }
    blocks
}

/// Unpacks one whole block. Memory is bounded by [`BLOCK_RAW_MAX`] whatever the block claims.
///
/// # Errors
/// [`BlockProblem`] says what is wrong.
pub fn unpack(block: &[u8]) -> Result<Vec<Vec<u8>>, BlockProblem> {
    let (head, packed) = block.split_at_checked(BLOCK_HEAD_BYTES).ok_or(BlockProblem::Truncated)?;
    let head = BlockHead::parse(head.try_into().expect("split at its length"))?;
    if packed.len() != head.packed_len {
        return Err(BlockProblem::Truncated);
    }
    head.verify(packed)?;
    let raw = packing::decompress(packed, head.raw_len).ok_or(BlockProblem::Content)?;
    if raw.len() != head.raw_len {
        return Err(BlockProblem::Content);
    }
    let mut records = Vec::with_capacity(head.count);
    let mut rest = raw.as_slice();
    while !rest.is_empty() {
        let (len, after) = rest.split_first_chunk::<4>().ok_or(BlockProblem::Content)?;
        let (record, after) = after.split_at_checked(u32::from_be_bytes(*len) as usize).ok_or(BlockProblem::Content)?;
        records.push(record.to_vec());
        rest = after;
    }
    if records.len() == head.count { Ok(records) } else { Err(BlockProblem::Content) }
}

/// Whether bytes are one whole block with the right check; what is in it is not looked at.
#[must_use]
pub fn is_whole(block: &[u8]) -> bool {
    let Some((head, packed)) = block.split_first_chunk() else { return false };
    BlockHead::parse(head).is_ok_and(|head| packed.len() == head.packed_len && head.verify(packed).is_ok())
}

/// How long a block says that it is when it is unpacked.
#[must_use]
pub fn raw_len(block: &[u8]) -> Option<usize> {
    BlockHead::parse(block.first_chunk()?).ok().map(|head| head.raw_len)
}

/// The lengths and the check of a block.
#[derive(Debug, Clone, Copy)]
pub struct BlockHead {
    /// Bytes of the packed part.
    pub packed_len: usize,
    /// Bytes of the unpacked part.
    pub raw_len: usize,
    /// Records in it.
    pub count: usize,
    check: [u8; 16],
    lengths: [u8; 12],
}

impl BlockHead {
    /// Reads a head and checks its bounds.
    ///
    /// # Errors
    /// [`BlockProblem::Magic`] or [`BlockProblem::Bounds`].
    pub fn parse(head: &[u8; BLOCK_HEAD_BYTES]) -> Result<Self, BlockProblem> {
        if head[..4] != BLOCK_MAGIC {
            return Err(BlockProblem::Magic);
        }
        let number = |at: usize| u32::from_be_bytes(head[at..at + 4].try_into().expect("four bytes")) as usize;
        let parsed = Self {
            packed_len: number(4),
            raw_len: number(8),
            count: number(12),
            check: head[16..].try_into().expect("sixteen bytes"),
            lengths: head[4..16].try_into().expect("twelve bytes"),
        };
        let within = parsed.packed_len <= BLOCK_PACKED_MAX
            && parsed.raw_len <= BLOCK_RAW_MAX
            && parsed.count <= BLOCK_RECORDS_MAX;
        if within { Ok(parsed) } else { Err(BlockProblem::Bounds) }
    }

    fn verify(&self, packed: &[u8]) -> Result<(), BlockProblem> {
        if check(&self.lengths, packed) == self.check { Ok(()) } else { Err(BlockProblem::Check) }
    }
}

fn check(lengths: &[u8], packed: &[u8]) -> [u8; 16] {
    let mut hasher = blake3::Hasher::new();
    hasher.update(lengths).update(packed);
    let mut check = [0; 16];
    hasher.finalize_xof().fill(&mut check);
    check
}

fn length(len: usize) -> u32 {
    u32::try_from(len).expect("a block is far below four gigabytes")
}

/// What comes next in a bundle file.
#[derive(Debug)]
pub enum Next {
    /// A block, whole and with the right check.
    Block(Vec<u8>),
    /// The end of the file, between blocks.
    End,
    /// Bytes that are not a whole block. Nothing after them can be trusted to be at its place.
    Damaged(BlockProblem),
}

/// Reads the blocks of a file one by one, in bounded memory.
#[derive(Debug)]
pub struct Reader<R> {
    input: R,
    offset: u64,
}

impl<R: Read> Reader<R> {
    /// Reads the head of the file.
    ///
    /// # Errors
    /// An I/O error; `Ok(None)` if the file is not a bundle.
    pub fn open(mut input: R) -> io::Result<Option<Self>> {
        let mut head = [0; FILE_HEAD.len()];
        let read = read_up_to(&mut input, &mut head)?;
        Ok((read == head.len() && head == FILE_HEAD).then_some(Self { input, offset: head.len() as u64 }))
    }

    /// Goes on in the middle of a file, `input` standing at the start of a block.
    pub fn resume(input: R, offset: u64) -> Self {
        Self { input, offset }
    }

    /// How many bytes of the file were whole so far.
    pub fn offset(&self) -> u64 {
        self.offset
    }

    /// The next block.
    ///
    /// # Errors
    /// An I/O error; damage is a [`Next::Damaged`].
    pub fn next_block(&mut self) -> io::Result<Next> {
        let mut block = vec![0; BLOCK_HEAD_BYTES];
        match read_up_to(&mut self.input, &mut block)? {
            0 => return Ok(Next::End),
            BLOCK_HEAD_BYTES => {}
            _ => return Ok(Next::Damaged(BlockProblem::Truncated)),
        }
        let head = match BlockHead::parse(block[..].try_into().expect("a head's length")) {
            Ok(head) => head,
            Err(problem) => return Ok(Next::Damaged(problem)),
        };
        block.resize(BLOCK_HEAD_BYTES + head.packed_len, 0);
        if read_up_to(&mut self.input, &mut block[BLOCK_HEAD_BYTES..])? != head.packed_len {
            return Ok(Next::Damaged(BlockProblem::Truncated));
        }
        if let Err(problem) = head.verify(&block[BLOCK_HEAD_BYTES..]) {
            return Ok(Next::Damaged(problem));
        }
        self.offset += block.len() as u64;
        Ok(Next::Block(block))
    }
}

fn read_up_to(input: &mut impl Read, into: &mut [u8]) -> io::Result<usize> {
    let mut read = 0;
    while read < into.len() {
        match input.read(&mut into[read..]) {
            Ok(0) => break,
            Ok(n) => read += n,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    Ok(read)
}

/// Begins a bundle file.
///
/// # Errors
/// An I/O error.
pub fn begin(output: &mut impl Write) -> io::Result<()> {
    output.write_all(&FILE_HEAD)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(blocks: &[Vec<u8>]) -> Vec<u8> {
        let mut file = Vec::new();
        begin(&mut file).expect("memory");
        blocks.iter().for_each(|block| file.extend(block));
        file
    }

    fn blocks(file: &[u8]) -> (usize, bool) {
        let mut reader = Reader::open(file).expect("memory").expect("a bundle");
        let mut whole = 0;
        loop {
            match reader.next_block().expect("memory") {
                Next::Block(_) => whole += 1,
                Next::End => return (whole, true),
                Next::Damaged(_) => return (whole, false),
            }
        }
    }

    #[test]
    fn records_survive_a_block() {
        let records = [vec![1; 200], vec![2; 3000]];
        let block = pack(records.iter().map(Vec::as_slice));
        assert_eq!(unpack(&block), Ok(records.to_vec()));
    }

    #[test]
    fn records_that_are_too_many_for_a_block_become_several() {
        let records: Vec<Vec<u8>> = (0..200u8).map(|n| vec![n; 30_000]).collect();
        let whole = file(&[pack_all(records.iter().map(Vec::as_slice))]);
        assert_eq!(blocks(&whole), (6, true));
        assert!(pack_all([]).is_empty());
    }

    #[test]
    fn every_cut_and_every_flipped_bit_is_seen() {
        let first = pack([[7; 100].as_slice()]);
        let second = pack([[8; 100].as_slice()]);
        let whole = file(&[first.clone(), second.clone()]);
        assert_eq!(blocks(&whole), (2, true));
        let start = FILE_HEAD.len() + first.len();
        for cut in start + 1..whole.len() {
            assert_eq!(blocks(&whole[..cut]), (1, false), "cut at {cut}");
        }
        for at in start..whole.len() {
            let mut flipped = whole.clone();
            flipped[at] ^= 1;
            assert_eq!(blocks(&flipped), (1, false), "byte {at}");
        }
    }

    #[test]
    fn a_block_cannot_claim_more_memory_than_its_bound() {
        let mut block = pack([[7; 100].as_slice()]);
        block[8..12].copy_from_slice(&u32::MAX.to_be_bytes());
        assert_eq!(unpack(&block), Err(BlockProblem::Bounds));
        let bomb = zstd::bulk::compress(&vec![0; 64 << 20], 3).expect("memory");
        let mut block = Vec::new();
        block.extend(BLOCK_MAGIC);
        block.extend(length(bomb.len()).to_be_bytes());
        block.extend(length(BLOCK_RAW_MAX).to_be_bytes());
        block.extend(1u32.to_be_bytes());
        let sum = check(&block[4..16], &bomb);
        block.extend(sum);
        block.extend(bomb);
        assert_eq!(unpack(&block), Err(BlockProblem::Content));
    }
}
