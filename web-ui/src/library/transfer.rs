//! Blocks of records that come and go, and what checking them finds.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// What became of a block of a bundle.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct BlockReport {
    /// Records that are new here.
    pub new: u64,
    /// Records held already.
    pub known: u64,
    /// Records of withdrawn documents, left out.
    pub withdrawn: u64,
    /// Records that wait for a charter.
    pub waiting: u64,
    /// Records refused.
    pub refused: u64,
    /// How many were refused for which reason.
    pub reasons: std::collections::BTreeMap<String, u64>,
}

/// A block of a bundle, to write to a file as it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BlockPage {
    /// The block; empty at the end.
    pub bytes: Vec<u8>,
    /// How many records are in it.
    pub records: u64,
    /// Give this as `after` to get the next block; none at the end.
    pub next: Option<String>,
    /// How many records the whole export has.
    pub total: u64,
}

/// A step of checking everything.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct VerifyPage {
    /// Records checked in this step.
    pub checked: u64,
    /// Views derived again in this step.
    pub views: u64,
    /// What was found, and what was done about it.
    pub problems: Vec<Problem>,
    /// Give this as `after` for the next step; none at the end.
    pub next: Option<String>,
    /// How many records there are to check in all.
    pub total: u64,
}

/// Something wrong that a check found.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Problem {
    /// What is meant: a record or a document, hexadecimal.
    pub id: String,
    /// `hash`, `signature`, `refused`, `view`, `order` or `fingerprint`.
    pub code: String,
    /// Whether it is right again now.
    pub healed: bool,
    /// In Ukrainian.
    pub uk: String,
    /// In English.
    pub en: String,
}

/// A record that plays no part in its document.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Quarantined {
    /// The record, hexadecimal.
    pub record: String,
    /// The document, hexadecimal.
    pub document: String,
    /// `waiting` or the reason's short name.
    pub reason: String,
}
