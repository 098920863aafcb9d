//! The gate: the one place where bytes from anywhere become part of the library.
//!
//! Checks, cheapest first: size and layout ([`Record::parse`]); the network; not held already; not
//! of a withdrawn document; the body, bounded ([`Chunk::parse`] and friends); the signature; then
//! whether the community is admitted and its charter names the signer. What is refused is refused by
//! every node for the same reason, since a [`Refusal`] depends on the bytes and the network alone;
//! what depends on records that may still come is [`Early`], and is asked again when they do.
//!
//! Invariant: only this module makes an [`Admitted`], and the store takes nothing else, the node's
//! own records included.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::charter::{CHARTER_VERSION, Charter, CharterBody, CharterProblem};
use crate::chunk::{Chunk, ChunkProblem};
use crate::id::{CommunityId, DocumentId, DocumentName, NetworkId, PublicKey, RecordId};
use crate::limits::GOVERNANCE_BYTES_MAX;
use crate::record::{ENVELOPE_VERSION, Kind, Malformed, Record};

/// The version of a change's body that this release writes and understands.
pub const CHANGE_VERSION: u8 = 1;
/// The version of a withdrawal's body that this release writes and understands.
pub const WITHDRAWAL_VERSION: u8 = 1;

/// What a document is. Numbers are part of the format and never reused.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
pub enum DocumentKind {
    /// A practice.
    Practice,
    /// A community's profile; one a community, under [`DocumentName::PROFILE`].
    Profile,
    /// How a community repeats another's practice.
    Adoption,
    /// A request or an offer.
    Exchange,
    /// A question, an answer, a comment or a suggested edit.
    Comment,
    /// What a community attests of a document.
    Endorsement,
    /// A seminar.
    Seminar,
    /// A community's registration for a seminar.
    Registration,
    /// A collection of practices.
    Collection,
    /// A material of the campaign.
    Material,
    /// A use of a material.
    Use,
    /// A practice's texts in another language.
    Translation,
    /// A kind that a later version knows: stored and passed on, not shown.
    Other(u8),
}

impl DocumentKind {
    /// The number in a change's body.
    #[must_use]
    pub fn number(self) -> u8 {
        match self {
            Self::Practice => 1,
            Self::Profile => 2,
            Self::Adoption => 3,
            Self::Exchange => 4,
            Self::Comment => 5,
            Self::Endorsement => 6,
            Self::Seminar => 7,
            Self::Registration => 8,
            Self::Collection => 9,
            Self::Material => 10,
            Self::Use => 11,
            Self::Translation => 12,
            Self::Other(number) => number,
        }
    }

    fn from_number(number: u8) -> Self {
        match number {
            1 => Self::Practice,
            2 => Self::Profile,
            3 => Self::Adoption,
            4 => Self::Exchange,
            5 => Self::Comment,
            6 => Self::Endorsement,
            7 => Self::Seminar,
            8 => Self::Registration,
            9 => Self::Collection,
            10 => Self::Material,
            11 => Self::Use,
            12 => Self::Translation,
            other => Self::Other(other),
        }
    }
}

/// The body of a change: one byte for the document's kind, then the chunk.
#[must_use]
pub fn change_body(kind: DocumentKind, chunk: &[u8]) -> Vec<u8> {
    let mut body = Vec::with_capacity(1 + chunk.len());
    body.push(kind.number());
    body.extend(chunk);
    body
}

/// The body of a withdrawal.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
pub struct WithdrawalBody {
    /// Why, for people.
    #[serde(default)]
    pub reason: String,
}

/// What the gate needs to know of the library as it stands.
pub trait Registry {
    /// The network that this node belongs to.
    fn network(&self) -> NetworkId;
    /// Whether the community may take part: the one question about who gets in.
    fn admits(&self, community: &CommunityId) -> bool;
    /// Whether the record is held.
    fn holds(&self, record: &RecordId) -> bool;
    /// Whether the document was withdrawn by its owner.
    fn is_withdrawn(&self, document: &DocumentId) -> bool;
    /// The community's charter, as far as it is held.
    fn charter(&self, community: &CommunityId) -> Option<Arc<Charter>>;
}

/// Why a record is refused, for good and by everybody.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, thiserror::Error)]
pub enum Refusal {
    /// Not an envelope.
    #[error("not a record: {0}")]
    Malformed(Malformed),
    /// Signed for another network.
    #[error("the record belongs to another network")]
    Network,
    /// The signature is not the device's.
    #[error("the signature is wrong")]
    Signature,
    /// The charter says nothing that can be read.
    #[error("{0}")]
    Charter(CharterProblem),
    /// The change cannot be part of any document.
    #[error("{0}")]
    Chunk(ChunkProblem),
    /// The body of a change is empty, or its kind of document does not fit its name.
    #[error("the change does not say of which document it is")]
    Document,
    /// The body of a withdrawal cannot be read.
    #[error("the withdrawal cannot be read")]
    Withdrawal,
}

impl Refusal {
    /// A short name that does not change between versions, for counters and reports.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Malformed(_) => "malformed",
            Self::Network => "network",
            Self::Signature => "signature",
            Self::Charter(_) => "charter",
            Self::Chunk(_) => "change",
            Self::Document => "document",
            Self::Withdrawal => "withdrawal",
        }
    }
}

/// What a record waits for.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Early {
    /// The community's founding charter is not here, or the network has not admitted it.
    Community(CommunityId),
    /// The charter, as far as it is here, does not name the signer.
    Signer(CommunityId),
}

/// What a record says, read once at the gate.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Content {
    /// A charter entry.
    Charter(CharterBody),
    /// A change of a document.
    Change(DocumentKind, Chunk),
    /// A document taken back.
    Withdrawal(WithdrawalBody),
    /// Something that a later version understands.
    Opaque,
}

/// A record that passed the gate. There is no other way to get one.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Admitted {
    record: Record,
    content: Content,
}

impl Admitted {
    /// The record.
    #[must_use]
    pub fn record(&self) -> &Record {
        &self.record
    }

    /// What it says.
    #[must_use]
    pub fn content(&self) -> &Content {
        &self.content
    }
}

/// What the gate says.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Verdict {
    /// It is part of the library.
    Admitted(Box<Admitted>),
    /// It is held already.
    Known,
    /// Its document was withdrawn: nothing of it comes back.
    Withdrawn(RecordId),
    /// It may be right, but not yet.
    Early(Early, Record),
    /// It is wrong, and always will be.
    Refused(Refusal),
}

/// A record of which everything is checked but whether its community names who signed it. That is
/// all that depends on other records that may come with it, so many records can be vetted at once.
#[derive(Debug)]
pub struct Vetted(Result<(Record, Content), Verdict>);

/// Judges the bytes of a record, wherever they came from.
#[must_use]
pub fn judge(bytes: Vec<u8>, registry: &impl Registry) -> Verdict {
    vet(bytes, registry).settle(registry)
}

/// Judges a well-formed envelope.
#[must_use]
pub fn judge_record(record: Record, registry: &impl Registry) -> Verdict {
    Vetted(vet_record(record, registry)).settle(registry)
}

/// Checks all of a record that other records do not change: the first and longest part of judging.
#[must_use]
pub fn vet(bytes: Vec<u8>, registry: &impl Registry) -> Vetted {
    let record = Record::parse(bytes).map_err(|malformed| Verdict::Refused(Refusal::Malformed(malformed)));
    Vetted(record.and_then(|record| vet_record(record, registry)))
}

fn vet_record(record: Record, registry: &impl Registry) -> Result<(Record, Content), Verdict> {
    if record.network() != registry.network() {
        return Err(Verdict::Refused(Refusal::Network));
    }
    if registry.holds(&record.id()) {
        return Err(Verdict::Known);
    }
    if record.kind() == Kind::Change && registry.is_withdrawn(&record.document()) {
        return Err(Verdict::Withdrawn(record.id()));
    }
    let content = read(&record).map_err(Verdict::Refused)?;
    if !record.signature_holds() {
        return Err(Verdict::Refused(Refusal::Signature));
    }
    Ok((record, content))
}

impl Vetted {
    /// The admitted record; itself where that is not clear yet, to be settled when all that came before it is
    /// stored. Who was named once stays named, so what is admitted here is admitted then.
    ///
    /// # Errors
    /// Itself.
    pub fn admitted(self, registry: &impl Registry) -> Result<Admitted, Box<Self>> {
        match self.0 {
            Ok((record, content)) if signer_is_known(&record, &content, registry).is_ok() => {
                Ok(Admitted { record, content })
            }
            other => Err(Box::new(Self(other))),
        }
    }

    /// Whether settling depends on what is stored until then.
    #[must_use]
    pub const fn is_open(&self) -> bool {
        self.0.is_ok()
    }

    /// The rest of judging: whether the community is admitted and names who signed.
    #[must_use]
    pub fn settle(self, registry: &impl Registry) -> Verdict {
        let (record, content) = match self.0 {
            Ok(vetted) => vetted,
            Err(verdict) => return verdict,
        };
        match signer_is_known(&record, &content, registry) {
            Ok(()) => Verdict::Admitted(Box::new(Admitted { record, content })),
            Err(early) => Verdict::Early(early, record),
        }
    }
}

/// Reads a record that the store already holds, whose signature was checked when it came.
///
/// # Errors
/// A [`Refusal`] here means that this version refuses what an earlier one admitted.
pub fn read(record: &Record) -> Result<Content, Refusal> {
    if record.envelope_version() != ENVELOPE_VERSION {
        return Ok(Content::Opaque);
    }
    match (record.kind(), record.body_version()) {
        (Kind::Charter, CHARTER_VERSION) => CharterBody::parse(record).map(Content::Charter).map_err(Refusal::Charter),
        (Kind::Change, CHANGE_VERSION) => {
            let (kind, chunk) = record.body().split_first().ok_or(Refusal::Document)?;
            let kind = DocumentKind::from_number(*kind);
            if (kind == DocumentKind::Profile) != (record.document_name() == DocumentName::PROFILE) {
                return Err(Refusal::Document);
            }
            let chunk = Chunk::parse(chunk, &record.device()).map_err(Refusal::Chunk)?;
            Ok(Content::Change(kind, chunk))
        }
        (Kind::Withdrawal, WITHDRAWAL_VERSION) => {
            if record.body().len() > GOVERNANCE_BYTES_MAX {
                return Err(Refusal::Withdrawal);
            }
            serde_json::from_slice(record.body()).map(Content::Withdrawal).map_err(|_| Refusal::Withdrawal)
        }
        _ => Ok(Content::Opaque),
    }
}

/// Whom the charter must name. Who signs what only a later version understands that version says; so
/// here an officer may as well as a device, or this node would keep from others what they admit.
fn signer_is_known(record: &Record, content: &Content, registry: &impl Registry) -> Result<(), Early> {
    let community = record.community();
    if !registry.admits(&community) {
        return Err(Early::Community(community));
    }
    if record.is_genesis() {
        return Ok(());
    }
    let charter = registry.charter(&community).ok_or(Early::Community(community))?;
    let signer: PublicKey = record.device();
    let (officer, device) = (charter.known_officers.contains(&signer), charter.known_devices.contains(&signer));
    let named = match content {
        Content::Charter(_) => officer,
        Content::Change(..) | Content::Withdrawal(_) => device,
        Content::Opaque => officer || device,
    };
    if named { Ok(()) } else { Err(Early::Signer(community)) }
}
