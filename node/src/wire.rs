//! What nodes say to each other, and every bound of it in one place.
//!
//! Two things: gossip for what is new, and one request-response protocol for catching up. The asker
//! keeps all state of a session; answers depend on the request and the set alone, so a peer that
//! asks forever costs no memory.

use std::io;

use crdt::id::RecordId;
use crdt::limits::RECORD_BYTES_MAX;
use crdt::record::Record;
use serde::{Deserialize, Serialize};

use crate::bundle::BLOCK_PACKED_MAX;
use crate::store::OrderKey;

/// Longest record that gossip carries whole; a longer one is announced and fetched. One message
/// with its frame must stay below gossipsub's 64 KiB for a whole RPC.
pub const GOSSIP_INLINE_MAX: usize = 48 * 1024;
/// Longest gossip message.
pub const GOSSIP_BYTES_MAX: usize = GOSSIP_INLINE_MAX + 1;
/// Longest message of reconciliation. Small frames multiply round trips (136 for 10,000 scattered
/// differences at 60 KB), so a quarter of a megabyte.
pub const RECONCILE_BYTES_MAX: usize = 256 * 1024;
/// Ids in one request.
pub const FETCH_IDS_MAX: usize = 1_000;
/// Longest frame of either direction: a block and its surroundings.
pub const FRAME_BYTES_MAX: usize = BLOCK_PACKED_MAX + 64 * 1024;
/// Rounds of one reconciliation. A million records with 10,000 scattered differences take fewer.
pub const ROUNDS_MAX: u32 = 64;
/// Ids that one session collects before it fetches what it has and starts again.
pub const SESSION_IDS_MAX: usize = 200_000;
/// Requests that one peer may have under way at once.
pub const REQUESTS_PER_PEER_MAX: usize = 8;
/// Letters of what a node says of itself that are kept.
pub const INTRODUCTION_MAX: usize = 80;
/// Seconds until a request counts as failed: a frame of 1.4 MB at 128 kbit/s takes 90.
pub const REQUEST_TIMEOUT_S: u64 = 120;

/// Kinds of gossip that a later version may use for a record with something after it. This version
/// takes the record and passes the message on as it came. What carries no record of a known signer
/// is not passed on: else any stranger could have every node repeat what he says.
pub const LATER_KINDS: std::ops::RangeInclusive<u8> = 3..=127;

/// What gossip carries.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Gossip {
    /// A record, whole.
    Record(Vec<u8>),
    /// There is a record with this id, too long for gossip.
    Announcement(RecordId),
    /// A record, and what only a later version understands.
    Later {
        /// One of [`LATER_KINDS`].
        kind: u8,
        /// A record, whole.
        record: Vec<u8>,
        /// The rest.
        rest: Vec<u8>,
    },
}

impl Gossip {
    /// The message for a record.
    #[must_use]
    pub fn of(id: &RecordId, record: &[u8]) -> Self {
        if record.len() <= GOSSIP_INLINE_MAX { Self::Record(record.to_vec()) } else { Self::Announcement(*id) }
    }

    /// One byte for the kind, then the content.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        match self {
            Self::Record(record) => [&[1], &record[..]].concat(),
            Self::Announcement(id) => [&[2], &id.0[..]].concat(),
            Self::Later { kind, record, rest } => [&[*kind], &record[..], rest].concat(),
        }
    }

    /// Reads a message; `None` for a kind that a later version knows and that carries no record, or
    /// for nonsense.
    #[must_use]
    pub fn parse(bytes: &[u8]) -> Option<Self> {
        match bytes.split_first()? {
            (1, record) if record.len() <= RECORD_BYTES_MAX => Some(Self::Record(record.to_vec())),
            (2, id) => RecordId::from_slice(id).map(Self::Announcement),
            (kind, content) if LATER_KINDS.contains(kind) => {
                let (record, rest) = content.split_at_checked(Record::length_at(content)?)?;
                Some(Self::Later { kind: *kind, record: record.to_vec(), rest: rest.to_vec() })
            }
            _ => None,
        }
    }
}

/// What a set is, in short.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Summary {
    /// How many records.
    pub records: u64,
    /// Their fingerprint.
    pub fingerprint: [u8; 32],
}

/// What one node asks another. New variants go to the end.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Request {
    /// What do you have, in short? This is what I have.
    Summary(Summary),
    /// Where do our sets differ?
    Reconcile(Vec<u8>),
    /// Give me these records.
    Fetch(Vec<RecordId>),
    /// Give me everything after this place in the order ([`OrderKey::to_bytes`]; empty: from the start).
    Stream(Vec<u8>),
    /// Take these records.
    Push(Vec<u8>),
    /// The first question on a connection: who are you, and what do you have?
    Meet {
        /// Who asks ([`introduction`]); empty: does not say.
        introduction: String,
        /// What the asker has; nothing if the answer need not say what the other has.
        summary: Option<Summary>,
    },
}

/// How a node introduces itself: its version, and the KATOTTG code of the community for which it writes.
#[must_use]
pub fn introduction(community: Option<&str>) -> String {
    let program = concat!("dosvid/", env!("CARGO_PKG_VERSION"));
    community.map_or_else(|| program.to_owned(), |code| format!("{program} {code}"))
}

/// What is kept of what a peer says of itself: a line that can be shown, of [`INTRODUCTION_MAX`] letters.
#[must_use]
pub fn introduced(said: &str) -> String {
    said.chars().filter(|letter| !letter.is_control()).take(INTRODUCTION_MAX).collect()
}

/// The place after which a stream goes on, or the beginning.
#[must_use]
pub fn stream_request(after: Option<OrderKey>) -> Request {
    Request::Stream(after.map(|key| key.to_bytes().to_vec()).unwrap_or_default())
}

/// What the other answers. New variants go to the end.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Response {
    /// What I have, in short.
    Summary(Summary),
    /// The next step of reconciliation.
    Reconcile(Vec<u8>),
    /// Records, as a block, and how many of the ids asked for are done with: the rest did not fit.
    Block {
        /// The block.
        block: Vec<u8>,
        /// How many ids, from the front, are answered (given or not held).
        done: u32,
    },
    /// Records from the order, as a block, and the place where it ended; empty at the end.
    Stream {
        /// The block.
        block: Vec<u8>,
        /// [`OrderKey::to_bytes`] of the last record, or nothing at the end.
        next: Vec<u8>,
    },
    /// How many of the records pushed were new, and how many were refused.
    Pushed {
        /// New here.
        new: u32,
        /// Refused.
        refused: u32,
    },
    /// Not now: over a limit, or a fault on this side.
    Busy,
    /// Who I am, and what I have.
    Met {
        /// As in the question.
        introduction: String,
        /// What I have; nothing if that is what the asker has, or if it did not say.
        summary: Option<Summary>,
    },
}

impl Response {
    /// About how many bytes it is.
    #[must_use]
    pub fn bytes(&self) -> usize {
        match self {
            Self::Reconcile(bytes) | Self::Block { block: bytes, .. } | Self::Stream { block: bytes, .. } => {
                bytes.len()
            }
            Self::Met { introduction, .. } => 64 + introduction.len(),
            Self::Summary(_) | Self::Pushed { .. } | Self::Busy => 64,
        }
    }
}

/// The bytes of a message, without its length.
///
/// # Errors
/// A message over [`FRAME_BYTES_MAX`].
pub fn encode<M: Serialize>(message: &M) -> io::Result<Vec<u8>> {
    let frame = postcard::to_stdvec(message).map_err(|error| io::Error::new(io::ErrorKind::InvalidData, error))?;
    if frame.len() <= FRAME_BYTES_MAX { Ok(frame) } else { Err(io::ErrorKind::InvalidData.into()) }
}

/// Reads a message from the bytes of a frame. Memory is bounded by the frame's own length.
///
/// # Errors
/// Bytes that are not a message.
pub fn decode<M: for<'de> Deserialize<'de>>(frame: &[u8]) -> io::Result<M> {
    postcard::from_bytes(frame).map_err(|error| io::Error::new(io::ErrorKind::InvalidData, error))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_node_says_of_itself_is_one_short_line() {
        assert_eq!(introduced(&introduction(Some("UA26040190000081578"))), introduction(Some("UA26040190000081578")));
        assert_eq!(introduced("dosvid/1\n\u{7}eve"), "dosvid/1eve");
        assert_eq!(introduced(&"є".repeat(1_000)).chars().count(), INTRODUCTION_MAX);
    }

    #[test]
    fn gossip_survives_its_bytes() {
        let id = RecordId([7; 32]);
        for message in [Gossip::of(&id, &[1; 100]), Gossip::of(&id, &[1; GOSSIP_INLINE_MAX + 1])] {
            assert_eq!(Gossip::parse(&message.to_bytes()), Some(message));
        }
        assert_eq!(Gossip::parse(&[9, 1, 2]), None);
        assert_eq!(Gossip::parse(&[]), None);
    }
}
