//! The record: an immutable signed envelope, the only thing that replicates.
//!
//! ```text
//! offset  bytes  field
//!      0      1  version of the envelope (1)
//!      1      1  kind
//!      2      1  version of the body
//!      3      1  zero, reserved
//!      4     32  network
//!     36     32  community (zero in a genesis charter, whose own id names the community)
//!     68     16  document (the owner's name for it; zero where no document is meant)
//!     84     32  device (the key that signs)
//!    116      8  created at, milliseconds since 1970, big-endian
//!    124      4  length of the body, big-endian
//!    128      n  body
//!  128+n     64  Ed25519 signature of the prefix "dosvid record v1\0" and all the bytes before
//! ```
//!
//! The signature covers the network, the community and the document, so a record cannot be replayed
//! in another. The layout up to the body and the signature at the end are promised for every later
//! version of the envelope: a node can check, store and pass on what it does not understand.
//! Nothing is ever encoded again: a record travels and rests as the bytes that were signed.

use ed25519_dalek::{Signature, Signer, SigningKey, VerifyingKey};

use crate::id::{CommunityId, DocumentId, DocumentName, NetworkId, PublicKey, RecordId, Timestamp};
use crate::limits::RECORD_BYTES_MAX;

/// Bytes before the body.
pub const HEADER_BYTES: usize = 128;
/// Bytes after the body.
pub const SIGNATURE_BYTES: usize = 64;
/// The envelope that this version writes and understands.
pub const ENVELOPE_VERSION: u8 = 1;
/// Keeps our signatures apart from every other use of the same key.
const SIGNING_CONTEXT: &[u8] = b"dosvid record v1\0";

/// What a record is for. Numbers are part of the format and never reused.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Kind {
    /// Who a community is and which devices may sign for it.
    Charter,
    /// One community or a registrar attests another.
    Vouch,
    /// One Automerge change of one document.
    Change,
    /// A document's owner takes it back.
    Withdrawal,
    /// A signed moderation list, to subscribe to.
    Policy,
    /// A kind that a later version knows: stored and passed on, ignored in the views.
    Other(u8),
}

impl Kind {
    /// The number in the envelope.
    #[must_use]
    pub fn number(self) -> u8 {
        match self {
            Self::Charter => 1,
            Self::Vouch => 2,
            Self::Change => 3,
            Self::Withdrawal => 4,
            Self::Policy => 5,
            Self::Other(number) => number,
        }
    }

    fn from_number(number: u8) -> Self {
        match number {
            1 => Self::Charter,
            2 => Self::Vouch,
            3 => Self::Change,
            4 => Self::Withdrawal,
            5 => Self::Policy,
            other => Self::Other(other),
        }
    }

    /// The name used in the interface of programs.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Charter => "charter",
            Self::Vouch => "vouch",
            Self::Change => "change",
            Self::Withdrawal => "withdrawal",
            Self::Policy => "policy",
            Self::Other(_) => "unknown",
        }
    }

    /// Where the kind stands in catch-up: rights before what needs them. A later kind must stand where
    /// this version puts what it does not know, or the two would order one set in two ways.
    #[must_use]
    pub fn class(self) -> u8 {
        match self {
            Self::Charter => 0,
            Self::Vouch | Self::Withdrawal | Self::Policy => 1,
            Self::Change | Self::Other(_) => 2,
        }
    }
}

/// Why bytes are not a record at all.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, thiserror::Error)]
pub enum Malformed {
    /// Longer than [`RECORD_BYTES_MAX`] or too short for an envelope.
    #[error("the length is outside the bounds of a record")]
    Size,
    /// The length inside is not the length outside.
    #[error("the length of the body does not match")]
    Length,
    /// A reserved byte is not zero in a version that knows its meaning.
    #[error("a reserved byte is set")]
    Reserved,
    /// Later than [`Timestamp::MAX`].
    #[error("the time is outside the calendar")]
    Time,
}

/// What is to be signed. See the table of this module for the meaning of each field.
#[derive(Clone, Debug)]
pub struct Unsigned<'a> {
    /// The network that the record is for.
    pub network: NetworkId,
    /// What the record is for.
    pub kind: Kind,
    /// The version of the body.
    pub body_version: u8,
    /// The owner; zero in a genesis charter.
    pub community: CommunityId,
    /// The document; zero where none is meant.
    pub document: DocumentName,
    /// The author's clock.
    pub created_at: Timestamp,
    /// The body.
    pub body: &'a [u8],
}

impl Unsigned<'_> {
    /// Signs with a device's (or, for charters, an officer's) key.
    ///
    /// # Errors
    /// [`Malformed::Size`] if the body is too long for a record, [`Malformed::Time`] if the clock
    /// is outside the calendar.
    pub fn sign(&self, key: &SigningKey) -> Result<Record, Malformed> {
        if HEADER_BYTES + self.body.len() + SIGNATURE_BYTES > RECORD_BYTES_MAX {
            return Err(Malformed::Size);
        }
        let mut bytes = Vec::with_capacity(HEADER_BYTES + self.body.len() + SIGNATURE_BYTES);
        bytes.extend([ENVELOPE_VERSION, self.kind.number(), self.body_version, 0]);
        bytes.extend(self.network.0);
        bytes.extend(self.community.0);
        bytes.extend(self.document.0);
        bytes.extend(key.verifying_key().as_bytes());
        bytes.extend(self.created_at.0.to_be_bytes());
        let body_len = u32::try_from(self.body.len()).map_err(|_| Malformed::Size)?;
        bytes.extend(body_len.to_be_bytes());
        bytes.extend(self.body);
        let signature = key.sign(&signed_message(&bytes));
        bytes.extend(signature.to_bytes());
        Record::parse(bytes)
    }
}

/// A well-formed envelope. Well-formed says nothing about truth: only the gate makes an
/// [`crate::gate::Admitted`].
#[derive(Clone, PartialEq, Eq)]
pub struct Record {
    id: RecordId,
    bytes: Vec<u8>,
}

impl Record {
    /// Reads an envelope and computes its id. Checks the layout, not the signature.
    ///
    /// # Errors
    /// [`Malformed`] says what is wrong with the layout.
    pub fn parse(bytes: Vec<u8>) -> Result<Self, Malformed> {
        if bytes.len() < HEADER_BYTES + SIGNATURE_BYTES || bytes.len() > RECORD_BYTES_MAX {
            return Err(Malformed::Size);
        }
        let record = Self { id: RecordId::of(&bytes), bytes };
        let body_len = u32::from_be_bytes(record.array(124)) as usize;
        if HEADER_BYTES + body_len + SIGNATURE_BYTES != record.bytes.len() {
            return Err(Malformed::Length);
        }
        if record.envelope_version() == ENVELOPE_VERSION && record.bytes[3] != 0 {
            return Err(Malformed::Reserved);
        }
        if record.created_at() > Timestamp::MAX {
            return Err(Malformed::Time);
        }
        Ok(record)
    }

    /// How long the record is that these bytes begin with, by the length inside. Says nothing about
    /// whether it is one.
    #[must_use]
    pub fn length_at(bytes: &[u8]) -> Option<usize> {
        let length: [u8; 4] = bytes.get(HEADER_BYTES - 4..HEADER_BYTES)?.try_into().ok()?;
        let length = u32::from_be_bytes(length) as usize;
        let whole = HEADER_BYTES.checked_add(length)?.checked_add(SIGNATURE_BYTES)?;
        (whole <= RECORD_BYTES_MAX).then_some(whole)
    }

    fn array<const N: usize>(&self, at: usize) -> [u8; N] {
        self.bytes[at..at + N].try_into().expect("a record is never shorter than its header")
    }

    /// The BLAKE3 hash of the bytes.
    #[must_use]
    pub fn id(&self) -> RecordId {
        self.id
    }

    /// The very bytes that were signed, with the signature.
    #[must_use]
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// The bytes, given away.
    #[must_use]
    pub fn into_bytes(self) -> Vec<u8> {
        self.bytes
    }

    /// The version of the envelope; [`ENVELOPE_VERSION`] is the one whose bodies we understand.
    #[must_use]
    pub fn envelope_version(&self) -> u8 {
        self.bytes[0]
    }

    /// What the record is for.
    #[must_use]
    pub fn kind(&self) -> Kind {
        Kind::from_number(self.bytes[1])
    }

    /// The version of the body.
    #[must_use]
    pub fn body_version(&self) -> u8 {
        self.bytes[2]
    }

    /// The network that the record was signed for.
    #[must_use]
    pub fn network(&self) -> NetworkId {
        NetworkId(self.array(4))
    }

    /// The owner. A genesis charter carries zeros and names its community by its own id.
    #[must_use]
    pub fn community(&self) -> CommunityId {
        let named = CommunityId(self.array(36));
        if self.kind() == Kind::Charter && named == CommunityId::default() { CommunityId(self.id.0) } else { named }
    }

    /// Whether the record founds its community.
    #[must_use]
    pub fn is_genesis(&self) -> bool {
        self.kind() == Kind::Charter && self.array::<32>(36) == [0; 32]
    }

    /// The owner's name for the document.
    #[must_use]
    pub fn document_name(&self) -> DocumentName {
        DocumentName(self.array(68))
    }

    /// The document everywhere.
    #[must_use]
    pub fn document(&self) -> DocumentId {
        DocumentId::of(&self.community(), &self.document_name())
    }

    /// The key that signed.
    #[must_use]
    pub fn device(&self) -> PublicKey {
        PublicKey(self.array(84))
    }

    /// What the author's clock said.
    #[must_use]
    pub fn created_at(&self) -> Timestamp {
        Timestamp(u64::from_be_bytes(self.array(116)))
    }

    /// The body.
    #[must_use]
    pub fn body(&self) -> &[u8] {
        &self.bytes[HEADER_BYTES..self.bytes.len() - SIGNATURE_BYTES]
    }

    /// Whether the device really signed these bytes. Strict: refuses weak keys and every malleable
    /// form that the plain check of Ed25519 lets through, so that all nodes say the same.
    #[must_use]
    pub fn signature_holds(&self) -> bool {
        let Ok(key) = VerifyingKey::from_bytes(&self.array(84)) else { return false };
        let (signed, signature) = self.bytes.split_at(self.bytes.len() - SIGNATURE_BYTES);
        let Ok(signature) = Signature::from_slice(signature) else { return false };
        !key.is_weak() && key.verify_strict(&signed_message(signed), &signature).is_ok()
    }
}

impl std::fmt::Debug for Record {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Record({} {:?}, {} bytes)", self.kind().name(), self.id, self.bytes.len())
    }
}

fn signed_message(header_and_body: &[u8]) -> Vec<u8> {
    [SIGNING_CONTEXT, header_and_body].concat()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn signed(key: &SigningKey) -> Record {
        let unsigned = Unsigned {
            network: NetworkId::of("test"),
            kind: Kind::Change,
            body_version: 1,
            community: CommunityId([1; 32]),
            document: DocumentName([2; 16]),
            created_at: Timestamp(3),
            body: b"body",
        };
        unsigned.sign(key).expect("the record is small")
    }

    #[test]
    fn what_was_signed_is_what_is_read() {
        let key = SigningKey::from_bytes(&[9; 32]);
        let record = signed(&key);
        assert!(record.signature_holds());
        assert_eq!(record.kind(), Kind::Change);
        assert_eq!(record.body(), b"body");
        assert_eq!(record.created_at(), Timestamp(3));
        assert_eq!(record.device().0, key.verifying_key().to_bytes());
        assert_eq!(Record::parse(record.bytes().to_vec()), Ok(record));
    }

    #[test]
    fn no_byte_can_be_changed_without_breaking_the_signature_or_the_layout() {
        let record = signed(&SigningKey::from_bytes(&[9; 32]));
        for at in 0..record.bytes().len() {
            let mut bytes = record.bytes().to_vec();
            bytes[at] ^= 1;
            if let Ok(other) = Record::parse(bytes) {
                assert!(!other.signature_holds(), "byte {at} is not covered");
            }
        }
    }

    #[test]
    fn a_weak_key_signs_nothing() {
        // The identity point: plain verification accepts a forged signature under it.
        let mut bytes = signed(&SigningKey::from_bytes(&[9; 32])).into_bytes();
        bytes[84..116].copy_from_slice(&{
            let mut identity = [0; 32];
            identity[0] = 1;
            identity
        });
        let end = bytes.len();
        bytes[end - 64..].copy_from_slice(&{
            let mut forged = [0; 64];
            forged[0] = 1;
            forged
        });
        assert!(!Record::parse(bytes).expect("the layout is right").signature_holds());
    }

    #[test]
    fn lengths_are_checked_before_anything_is_read() {
        let record = signed(&SigningKey::from_bytes(&[9; 32]));
        assert_eq!(Record::parse(vec![1; 10]), Err(Malformed::Size));
        assert_eq!(Record::parse(vec![1; RECORD_BYTES_MAX + 1]), Err(Malformed::Size));
        let mut longer = record.bytes().to_vec();
        longer.push(0);
        assert_eq!(Record::parse(longer), Err(Malformed::Length));
    }
}
