//! Every bound of the record set in one place, each with its reason.
//!
//! A record that is over one of these bounds is refused by every node alike, so a bound may be
//! widened in a later version but never narrowed. Bounds of the wire are in the node's `wire.rs`.

/// Longest record, in bytes with envelope and signature. The longest real text seen (a case study
/// of 59,000 letters) makes a record of 60 KB; four times that leaves room for Cyrillic (two bytes
/// a letter), and keeps what a stranger can make us hold small.
pub const RECORD_BYTES_MAX: usize = 256 * 1024;

/// Longest body of a charter or a withdrawal, in bytes of JSON.
pub const GOVERNANCE_BYTES_MAX: usize = 16 * 1024;

/// Officers of one community. The law asks for a head, a secretary and a deputy; the rest is room.
pub const OFFICERS_MAX: usize = 8;

/// Devices that one charter may name, past ones included: ten new PCs a year for ten years.
pub const DEVICES_MAX: usize = 100;

/// Charters of one community: one a week for ten years.
pub const CHARTERS_MAX: usize = 520;

/// Operations in one change. 76 bytes can claim a million, so the claim is counted first. A
/// practice has 20 to 400, the longest real text about 700.
pub const OPS_MAX: usize = 20_000;

/// Predecessors in one change, over all its operations: each resolves at most a few conflicts.
pub const PREDS_MAX: usize = 20_000;

/// Changes that one change may directly follow. A merge of more heads than this is done in steps.
pub const DEPS_MAX: usize = 64;

/// Other actors named in one change. Every published change has an actor of its own, so a change
/// that touches many paragraphs names as many actors as people who wrote them.
pub const ACTORS_MAX: usize = 1_024;

/// Highest operation counter. Automerge counts in 32 bits and panics at the end of them; a document
/// of [`DOCUMENT_OPS_MAX`] operations cannot honestly come near this.
pub const OP_COUNTER_MAX: u64 = 10_000_000;

/// Longest key of a field, in bytes. The longest that we use is 33.
pub const KEY_BYTES_MAX: usize = 64;

/// Longest scalar (a paragraph, a row), in bytes.
pub const SCALAR_BYTES_MAX: usize = 64 * 1024;

/// Operations of one document, over all its changes; what comes after is set aside.
pub const DOCUMENT_OPS_MAX: usize = 200_000;

/// Changes of one document; what comes after is set aside.
pub const DOCUMENT_CHANGES_MAX: usize = 5_000;

/// Bytes of text that the changes of one document carry in all; what comes after is set aside.
pub const DOCUMENT_BYTES_MAX: usize = 8 * 1024 * 1024;
