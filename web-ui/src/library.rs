//! The port: all that a page or an API call may ask of a node, and nothing else.
//!
//! Synchronous, since store and documents block; [`crate::blocking`] calls it from async handlers.
//! Everything listed is bounded: a page has at most [`PAGE_MAX`] rows, a block
//! [`BLOCK_BYTES_MAX`] bytes, an import [`IMPORT_ROWS_MAX`] rows.

pub mod documents;
pub mod network;
pub mod notes;
pub mod registry;
pub mod rightful;
mod rows;
pub mod search;
pub mod timely;
mod transfer;
pub mod uploads;
mod wholes;

use std::sync::Arc;

use crdt::check::FieldError;
use crdt::codifier::Hromada;
use crdt::gate::DocumentKind;
use crdt::id::{ChangeHash, CommunityId, DocumentId, DocumentName, RecordId};
use crdt::practice::{Practice, Vouched};
use crdt::profile::Profile;
use serde::{Deserialize, Serialize};
use tokio::sync::broadcast;
use utoipa::ToSchema;

use crate::people::{Nobody, People};
use crate::press::Sheet;
use crate::public::PublicAddress;

pub use documents::{Census, CensusBy, DocumentCard, DocumentPage, DocumentsRequest, Scope, Tally};
pub use network::Peer;
use network::Probe;
pub use notes::Note;
use registry::RegistryEntry;
pub use rows::{Alike, ImportRequest, RowError, RowReport};
use search::{FoundPlaces, IndexStatus, SearchPage, SearchRequest, Suggestion};
pub use transfer::{BlockPage, BlockReport, Problem, Quarantined, VerifyPage};
pub use wholes::{Author, CommunityCard, Difference, Edit, PracticePage, ProfilePage, Published, Revision};

/// Rows of one page of anything.
pub const PAGE_MAX: usize = 100;
/// Bytes of one block of a bundle, as it travels.
pub const BLOCK_BYTES_MAX: usize = 4 * 1024 * 1024;
/// Rows of one import request.
pub const IMPORT_ROWS_MAX: usize = 1_024;
/// Practices that are told of at once: ten times the library that the program is measured with, in 24
/// megabytes.
pub const EVERY_MAX: usize = 1_000_000;
/// Letters of the reason for a withdrawal: it travels in a small record.
pub const REASON_CHARS_MAX: usize = 1_000;
/// Notices that a slow listener may fall behind before it is told to look again.
pub const NOTICES_MAX: usize = 1024;

/// How the node stands.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Status {
    /// The version of the program.
    pub version: String,
    /// The network's name.
    pub network: String,
    /// The community that this node writes for, hexadecimal; none for a node that only reads.
    pub community: Option<String>,
    /// That community's KATOTTG code.
    pub community_code: Option<String>,
    /// That community's full name in Ukrainian.
    pub community_name: Option<String>,
    /// This node's device key, hexadecimal.
    pub device: String,
    /// Records held.
    pub records: u64,
    /// The fingerprint of the set of records held: equal on two nodes exactly when their sets are.
    pub fingerprint: String,
    /// Practices that can be read.
    pub practices: u64,
    /// Communities known.
    pub communities: u64,
    /// Documents whose views are being derived.
    pub pending: u64,
    /// Records that wait for others, with what is missing.
    pub waiting: u64,
    /// Records that play no part in their documents.
    pub set_aside: u64,
    /// Peers connected.
    pub peers: u64,
    /// Where other nodes can reach this one, as multiaddresses; empty while it does not run.
    pub addresses: Vec<String>,
    /// Records that connected peers have and this node still lacks, as far as it knows.
    pub missing: u64,
    /// When a catch-up with any peer last ended, milliseconds since 1970.
    pub caught_up_at: Option<u64>,
    /// Records written here since the start that no other node is known to have yet.
    pub unsent: u64,
    /// When the node started, milliseconds since 1970.
    pub started_at: u64,
    /// Bytes on the disk: store, journal and all.
    pub disk_bytes: u64,
    /// How the search index stands.
    #[serde(default)]
    pub index: IndexStatus,
    /// What people should know and do, in plain words.
    pub warnings: Vec<Warning>,
}

/// Something that people should know.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Warning {
    /// A short name that programs can rely on.
    pub code: String,
    /// In Ukrainian.
    pub uk: String,
    /// In English.
    pub en: String,
}

/// Which rows are wanted.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PageRequest {
    /// Where the page before ended ([`Page::next`]).
    pub after: Option<String>,
    /// How many rows, at most [`PAGE_MAX`].
    pub limit: usize,
}

/// Some rows, and where the next ones begin.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Page<T> {
    /// The rows.
    pub rows: Vec<T>,
    /// Give this as `after` to get the next page; none at the end.
    pub next: Option<String>,
    /// How many rows there are in all.
    pub total: u64,
}

/// A draft in a list.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct DraftCard {
    /// Its id, hexadecimal.
    pub id: String,
    /// What its title says so far.
    pub title: String,
    /// What it is to become, if not a practice: the key of a kind.
    #[serde(default)]
    pub kind: String,
}

/// Something new, as it happens.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(tag = "event", rename_all = "snake_case")]
pub enum Notice {
    /// A document is new or has changed.
    Document {
        /// The document, hexadecimal.
        id: String,
        /// Its title.
        title: String,
    },
    /// A document was withdrawn.
    Withdrawn {
        /// The document, hexadecimal.
        id: String,
    },
    /// A community is new, or its charter has changed.
    Community {
        /// The community, hexadecimal.
        id: String,
    },
    /// A peer came or went.
    Peers {
        /// How many are connected.
        connected: u64,
    },
    /// A catch-up goes on or has ended.
    CatchUp {
        /// Records held.
        records: u64,
        /// Records still to come, as far as is known.
        missing: u64,
    },
}

/// What went wrong. A refusal (of a peer's record) is never an error here: it is counted.
#[derive(Debug, thiserror::Error)]
pub enum LibraryError {
    /// The person can mend it: shown beside the fields.
    #[error("the input is not right")]
    Invalid(Vec<FieldError>),
    /// There is nothing with this id.
    #[error("not found")]
    NotFound,
    /// What was here was taken back by its community.
    #[error("withdrawn")]
    Withdrawn(Withdrawal),
    /// The person can mend it, but not in a field: a short name, Ukrainian, English.
    #[error("{en}")]
    Denied {
        /// A short name that programs can rely on.
        code: &'static str,
        /// What happened and what to do, in Ukrainian.
        uk: String,
        /// The same in English.
        en: String,
    },
    /// The node is at fault: disk, corruption, bug. Said in one line.
    #[error("{0}")]
    Fault(String),
}

/// What stays of a document that its community took back.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Withdrawal {
    /// The community's KATOTTG code.
    pub code: String,
    /// When it was taken back, milliseconds since 1970.
    pub at: u64,
    /// Why, in the community's words; empty if it did not say.
    pub reason: String,
}

impl LibraryError {
    /// Whether it may be search alone that cannot answer just now: pages that only use it go on without.
    #[must_use]
    pub fn lacks_search(&self) -> bool {
        matches!(self, Self::Denied { code: search::INDEX_REBUILDING, .. } | Self::Fault(_))
    }
}

/// The name of the refusal of a place in a list that the node never gave.
pub const MALFORMED_AFTER: &str = "malformed_after";

/// What a node offers to pages and programs.
pub trait Library: Send + Sync + 'static {
    /// Where the people of this computer are kept.
    fn people(&self) -> &dyn People {
        &Nobody
    }
    /// Where tables wait until they are imported.
    fn uploads(&self) -> &dyn uploads::Uploads {
        &uploads::NoUploads
    }
    /// How the node stands.
    ///
    /// # Errors
    /// A fault of the store, as for every method of this trait.
    fn status(&self) -> Result<Status, LibraryError>;
    /// Practices, last changed first; only those of `owner` if given.
    fn practices(&self, page: &PageRequest, owner: Option<CommunityId>) -> Result<Page<DocumentCard>, LibraryError>;
    /// Every practice with the moment of its last change, in the order of their ids; at most
    /// [`EVERY_MAX`]. Little is told of each, so that all can be told at once.
    fn every_practice(&self) -> Result<Vec<(DocumentId, u64)>, LibraryError>;
    /// One practice.
    fn practice(&self, id: DocumentId) -> Result<PracticePage, LibraryError>;
    /// Looks for documents.
    ///
    /// # Errors
    /// [`LibraryError::Denied`] for a query that cannot be answered in time.
    fn search(&self, request: &SearchRequest) -> Result<SearchPage, LibraryError>;
    /// What may be meant by the beginning of a query: titles, communities, terms; at most
    /// [`search::SUGGESTIONS_MAX`].
    fn suggest(&self, beginning: &str) -> Result<Vec<Suggestion>, LibraryError>;
    /// Communities of the codifier whose name may be meant by a text that is none: typed with the wrong
    /// keyboard layout, in Latin letters, with an error; at most `most`.
    fn hromadas_meant(&self, text: &str, most: usize) -> Result<Vec<&'static Hromada>, LibraryError>;
    /// Practices like one, most alike first; at most [`search::SIMILAR_MAX`].
    ///
    /// # Errors
    /// [`LibraryError::NotFound`] for a practice that is not here.
    fn similar(&self, id: DocumentId) -> Result<Vec<DocumentCard>, LibraryError>;
    /// Practices of other communities that repeat one, last changed first; at most
    /// [`search::ADOPTERS_MAX`].
    ///
    /// # Errors
    /// [`LibraryError::NotFound`] for a practice that is not here.
    fn adopters(&self, id: DocumentId) -> Result<Vec<DocumentCard>, LibraryError>;
    /// Who but its own community vouches for a practice as it stands: by endorsements of this revision,
    /// by adoptions that work, by practices that repeat it.
    ///
    /// # Errors
    /// [`LibraryError::NotFound`] for a practice that is not here.
    fn vouched(&self, id: DocumentId) -> Result<Vouched, LibraryError>;
    /// Practices that say nearly the same as one that is being written, with how alike they are in
    /// percent, most alike first; the practice `except` is left out.
    fn near_duplicates(
        &self,
        practice: &Practice,
        except: Option<DocumentId>,
    ) -> Result<Vec<(DocumentCard, u8)>, LibraryError>;
    /// Publishes a new practice of this node's community.
    fn create_practice(&self, practice: Practice) -> Result<Published, LibraryError>;
    /// Publishes an edit.
    fn edit_practice(&self, id: DocumentId, edit: Edit<Practice>) -> Result<Published, LibraryError>;
    /// Documents of one kind, last changed first.
    fn documents(&self, wanted: &DocumentsRequest, page: &PageRequest) -> Result<Page<DocumentCard>, LibraryError>;
    /// What other communities wrote about documents of one, last changed first: comments,
    /// adoptions, endorsements, registrations.
    fn told(&self, community: CommunityId, page: &PageRequest) -> Result<Page<DocumentCard>, LibraryError>;
    /// A document of any kind whole.
    fn document(&self, id: DocumentId) -> Result<DocumentPage, LibraryError>;
    /// A document as it stood at a revision: when only `heads` and what they follow was there.
    ///
    /// # Errors
    /// [`LibraryError::NotFound`] if the document never had these heads, or not all is here yet.
    fn document_at(&self, id: DocumentId, heads: &[ChangeHash]) -> Result<DocumentPage, LibraryError>;
    /// Publishes a new document of this node's community. Practices and profiles have methods of
    /// their own.
    fn create_document(&self, kind: DocumentKind, content: serde_json::Value) -> Result<Published, LibraryError>;
    /// Publishes an edit of such a document.
    fn edit_document(&self, id: DocumentId, edit: Edit<serde_json::Value>) -> Result<Published, LibraryError>;
    /// How many documents of one kind there are by all of these.
    fn census(&self, kind: DocumentKind, by: &[CensusBy]) -> Result<Census, LibraryError>;
    /// Takes a document back, everywhere and for good.
    fn withdraw(&self, id: DocumentId, reason: String) -> Result<(), LibraryError>;
    /// The drafts on this computer, in the order of their ids. Drafts never leave it.
    ///
    /// # Errors
    /// A fault of the disk.
    fn drafts(&self) -> Result<Vec<DraftCard>, LibraryError> {
        Ok(Vec::new())
    }
    /// One draft, as it was kept.
    ///
    /// # Errors
    /// [`LibraryError::NotFound`], or a fault of the disk.
    fn draft(&self, id: DocumentName) -> Result<serde_json::Value, LibraryError> {
        let _ = id;
        Err(LibraryError::NotFound)
    }
    /// Keeps a draft under an id that the caller chose.
    ///
    /// # Errors
    /// [`LibraryError::Denied`] if there are too many, or a fault of the disk.
    fn keep_draft(&self, id: DocumentName, content: serde_json::Value) -> Result<(), LibraryError> {
        let _ = (id, content);
        Err(LibraryError::NotFound)
    }
    /// Throws a draft away.
    ///
    /// # Errors
    /// [`LibraryError::NotFound`], or a fault of the disk.
    fn remove_draft(&self, id: DocumentName) -> Result<(), LibraryError> {
        let _ = id;
        Err(LibraryError::NotFound)
    }
    /// A note of this computer, if there is one. Notes never leave it.
    ///
    /// # Errors
    /// A fault of the disk.
    fn note(&self, note: Note) -> Result<Option<serde_json::Value>, LibraryError>;
    /// Keeps a note of this computer.
    ///
    /// # Errors
    /// A fault of the disk.
    fn keep_note(&self, note: Note, content: serde_json::Value) -> Result<(), LibraryError>;
    /// Communities, by code.
    fn communities(&self, page: &PageRequest) -> Result<Page<CommunityCard>, LibraryError>;
    /// Founds the community with this KATOTTG code, for which this node writes from now on.
    ///
    /// # Errors
    /// [`LibraryError::Denied`] for a code that the codifier does not have, or a node that writes
    /// for a community already.
    fn found_community(&self, code: &str, device_name: &str) -> Result<CommunityCard, LibraryError> {
        let _ = (code, device_name);
        Err(LibraryError::NotFound)
    }
    /// The key by which the community can add a device when this one is lost, in groups of
    /// characters as people write them down.
    ///
    /// # Errors
    /// [`LibraryError::NotFound`] if the key is not on this computer.
    fn recovery_key(&self) -> Result<String, LibraryError> {
        Err(LibraryError::NotFound)
    }
    /// A community with its profile.
    fn profile(&self, community: CommunityId) -> Result<ProfilePage, LibraryError>;
    /// Publishes an edit of this node's own profile.
    fn edit_profile(&self, edit: Edit<Profile>) -> Result<Published, LibraryError>;
    /// The changes of a document, first to last.
    fn history(&self, id: DocumentId, page: &PageRequest) -> Result<Page<Revision>, LibraryError>;
    /// The bytes of a record.
    fn record(&self, id: RecordId) -> Result<Vec<u8>, LibraryError>;
    /// Records that play no part, and why.
    fn quarantine(&self, page: &PageRequest) -> Result<Page<Quarantined>, LibraryError>;
    /// The peers known to this node.
    fn peers(&self) -> Result<Vec<Peer>, LibraryError>;
    /// Every community with its profile, by code, at most [`registry::REGISTRY_MAX`].
    fn registry(&self) -> Result<Arc<Vec<RegistryEntry>>, LibraryError>;
    /// Where the hits of a search happened: what a map shows.
    /// Order, offset and limit of the request mean nothing here.
    ///
    /// # Errors
    /// As [`Self::search`].
    fn places(&self, request: &SearchRequest) -> Result<FoundPlaces, LibraryError>;
    /// Tries to reach a node at a multiaddress, and says what became of it. Takes a while.
    ///
    /// # Errors
    /// [`LibraryError::Denied`] for what is no address, or a node without a network.
    fn probe(&self, address: &str) -> Result<Probe, LibraryError>;
    /// Dials a peer at a multiaddress, now and after every start.
    fn dial(&self, address: &str) -> Result<(), LibraryError>;
    /// The addresses at which peers are dialled because somebody added them here.
    ///
    /// # Errors
    /// A fault of the disk.
    fn added_peers(&self) -> Result<Vec<String>, LibraryError>;
    /// Dials an added address no more, and ends the link to whoever is there.
    ///
    /// # Errors
    /// [`LibraryError::NotFound`] if it was not added.
    fn forget_peer(&self, address: &str) -> Result<(), LibraryError>;
    /// Imports practices as this node's community.
    fn import(&self, request: ImportRequest) -> Result<Vec<RowReport>, LibraryError>;
    /// Takes a block of a bundle.
    fn take_block(&self, block: Vec<u8>, dry_run: bool) -> Result<BlockReport, LibraryError>;
    /// Gives a block of a bundle: records made since a moment (milliseconds since 1970; 0: all).
    fn give_block(&self, after: Option<&str>, since: u64) -> Result<BlockPage, LibraryError>;
    /// Checks some records and views, and heals what can be healed.
    fn verify(&self, after: Option<&str>) -> Result<VerifyPage, LibraryError>;
    /// The address under which the internet knows this node, if somebody configured one.
    fn public_address(&self) -> Option<PublicAddress> {
        None
    }
    /// Whether the node was built with a press: without one it makes neither PDF nor pictures.
    fn has_press(&self) -> bool {
        false
    }
    /// Typesets something: a PDF or a picture. Takes seconds for a book.
    ///
    /// # Errors
    /// If there is no press, too much is being typeset already, or the press fails.
    fn typeset(&self, _sheet: &Sheet) -> Result<Vec<u8>, LibraryError> {
        Err(LibraryError::NotFound)
    }
    /// What is new from now on.
    fn subscribe(&self) -> broadcast::Receiver<Notice>;
}

/// The heads of a form as ids.
///
/// # Errors
/// [`LibraryError::Invalid`] for a text that is not a change's hash.
pub fn parse_heads(heads: &[String]) -> Result<Vec<ChangeHash>, LibraryError> {
    let parsed: Result<Vec<ChangeHash>, _> = heads.iter().map(|head| head.parse()).collect();
    parsed.map_err(|_| {
        LibraryError::Invalid(vec![FieldError::new(
            "base_heads",
            "malformed",
            "Застаріла або пошкоджена форма: відкрийте сторінку знову й повторіть зміни".into(),
            "The form is out of date or damaged: open the page again and repeat the changes".into(),
        )])
    })
}
