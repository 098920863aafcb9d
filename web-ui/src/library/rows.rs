//! The rows of an import, and what became of each.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// What to do with the rows of an import.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ImportRequest {
    /// Practices as JSON objects, at most [`super::IMPORT_ROWS_MAX`]. Besides the fields of a practice a
    /// row may have `external_id`, which names it in its source.
    pub rows: Vec<serde_json::Value>,
    /// Only say what would happen.
    #[serde(default)]
    pub dry_run: bool,
}

/// What became of a row.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct RowReport {
    /// `new`, `updated`, `unchanged` or `refused`.
    pub outcome: String,
    /// The document, hexadecimal, unless refused.
    pub id: Option<String>,
    /// Why it was refused: field, Ukrainian, English.
    pub errors: Vec<RowError>,
    /// A practice of the library that says nearly the same as a new row, if there is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub alike: Option<Alike>,
}

/// A practice that says nearly the same.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Alike {
    /// The document, hexadecimal.
    pub id: String,
    /// Its title.
    pub title: String,
    /// How alike they are, in percent.
    pub percent: u8,
}

/// Why a row was refused.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct RowError {
    /// The key of the field; empty if the whole row is meant.
    pub field: String,
    /// What happened and what to do, in Ukrainian.
    pub uk: String,
    /// The same in English.
    pub en: String,
}
