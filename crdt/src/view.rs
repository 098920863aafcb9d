//! What readers see of a document: a pure function of the set of its records, kept by the store so
//! that no page and no search loads a document.

use std::collections::BTreeMap;

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::charter::NoRight;
use crate::field::{Field, Need, Stored, place};
use crate::gate::DocumentKind;
use crate::id::{ChangeHash, CommunityId, DocumentId, DocumentName, PublicKey, RecordId, Timestamp};

/// The rules by which views are derived. A node that meets a view of other rules derives it anew.
pub const RULES: u16 = 3;

/// Who wrote something, and when by their own clock.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Contribution {
    /// The record that carries the change.
    pub record: RecordId,
    /// The change.
    pub change: ChangeHash,
    /// The device that signed.
    pub device: PublicKey,
    /// The author's clock.
    pub created_at: Timestamp,
}

/// One value that somebody gave a field or an item.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Version {
    /// The scalar as the document keeps it.
    pub value: String,
    /// Its author's place in [`View::authors`].
    pub by: u32,
}

/// A field as the document keeps it. More than one version of one thing is a conflict: people
/// wrote at once, all they wrote is kept, and the first one is shown until a person decides.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub enum FieldState {
    /// One scalar.
    Register(Vec<Version>),
    /// A list of scalars.
    List(Vec<Vec<Version>>),
}

/// Why a record of the set plays no part in the document.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SetAside {
    /// Its device had no right to write when it signed.
    NoRight(NoRight),
    /// Another change of the same actor, with a lower hash, counts instead.
    Equivocation,
    /// It follows a change that was set aside.
    Follows,
    /// It says that the document is of another kind than its first change says.
    Kind,
    /// It names an actor, a field or an item that what it follows does not have.
    Unfounded,
    /// Its counters do not follow those of the changes that it follows.
    Counter,
    /// The document is over its limits without it.
    TooLarge,
    /// The document engine could not take it.
    Engine,
    /// This version refuses what an earlier one admitted.
    Refused,
}

/// A document as readers see it.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct View {
    /// The document.
    pub document: DocumentId,
    /// The owner.
    pub community: CommunityId,
    /// The owner's name for it.
    pub name: DocumentName,
    /// What it is.
    pub kind: DocumentKind,
    /// The changes that nothing follows yet; a form carries them so that saving can merge.
    pub heads: Vec<ChangeHash>,
    /// How many changes count.
    pub changes: u32,
    /// When the first of them was made, by its author's clock.
    pub created_at: Timestamp,
    /// When the last of them was made, by its author's clock.
    pub updated_at: Timestamp,
    /// Who wrote the values that stand.
    pub authors: Vec<Contribution>,
    /// The fields that have a value.
    pub fields: BTreeMap<String, FieldState>,
    /// Records whose predecessors are not here.
    pub waiting: Vec<RecordId>,
    /// Records that play no part, and why.
    pub set_aside: Vec<(RecordId, SetAside)>,
}

/// Several values where one is meant, until a person decides.
#[derive(Clone, PartialEq, Debug, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Conflict {
    /// The key of the field.
    pub field: String,
    /// The item of the field (a paragraph, a row), from 0; none if the whole field is meant.
    pub item: Option<usize>,
    /// The values; the first is the one shown.
    pub versions: Vec<ConflictVersion>,
}

/// One side of a conflict.
#[derive(Clone, PartialEq, Debug, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ConflictVersion {
    /// The value as the document keeps it.
    pub value: String,
    /// The device that wrote it, hexadecimal.
    pub device: String,
    /// The record that carries it, hexadecimal.
    pub record: String,
    /// The author's clock, milliseconds since 1970.
    pub created_at: u64,
}

impl FieldState {
    /// The values that are shown.
    #[must_use]
    pub fn shown(&self) -> Stored {
        match self {
            Self::Register(versions) => {
                versions.first().map_or(Stored::Nothing, |version| Stored::Scalar(version.value.clone()))
            }
            Self::List(items) => Stored::Items(
                items.iter().filter_map(|versions| versions.first()).map(|version| version.value.clone()).collect(),
            ),
        }
    }

    fn conflicted(&self) -> impl Iterator<Item = (Option<usize>, &[Version])> {
        let (register, items) = match self {
            Self::Register(versions) => (Some((None, versions.as_slice())), &[][..]),
            Self::List(items) => (None, items.as_slice()),
        };
        let items = items.iter().enumerate().map(|(item, versions)| (Some(item), versions.as_slice()));
        register.into_iter().chain(items).filter(|(_, versions)| versions.len() > 1)
    }
}

impl View {
    /// The content that the table makes of the fields, as JSON. What this version cannot read is
    /// left out, whoever wrote it, and so is what nobody filled in.
    #[must_use]
    pub fn content(&self, table: &[Field]) -> Value {
        content(&self.fields, table)
    }

    /// The typed value of [`Self::content`].
    ///
    /// # Panics
    /// If `T` does not accept what its own table promises, which a test of each table excludes.
    #[must_use]
    pub fn typed<T: DeserializeOwned>(&self, table: &[Field]) -> T {
        serde_json::from_value(self.content(table)).expect("the table only lets through what its type reads")
    }

    /// Every place where people wrote at once, in the order of the table.
    #[must_use]
    pub fn conflicts(&self, table: &[Field]) -> Vec<Conflict> {
        let conflict = |key: &str, item, versions: &[Version]| Conflict {
            field: key.to_owned(),
            item,
            versions: versions.iter().map(|version| self.side(version)).collect(),
        };
        table
            .iter()
            .filter_map(|field| self.fields.get(field.key).map(|state| (field.key, state)))
            .flat_map(|(key, state)| state.conflicted().map(move |(item, versions)| conflict(key, item, versions)))
            .collect()
    }

    fn side(&self, version: &Version) -> ConflictVersion {
        let author = self.authors.get(version.by as usize);
        ConflictVersion {
            value: version.value.clone(),
            device: author.map(|author| author.device.to_string()).unwrap_or_default(),
            record: author.map(|author| author.record.to_string()).unwrap_or_default(),
            created_at: author.map_or(0, |author| author.created_at.0),
        }
    }
}

/// The content that a table makes of fields, as JSON: of a document as it stands or stood.
#[must_use]
pub fn content(fields: &BTreeMap<String, FieldState>, table: &[Field]) -> Value {
    let mut whole = Map::new();
    for field in table {
        if let Some(value) = fields.get(field.key).and_then(|state| field.read(&state.shown())) {
            place(&mut whole, field.key, value);
        }
    }
    Value::Object(whole)
}

/// How complete a document is, by the table of its kind.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Completeness {
    /// 0 to 100: the share of the fields that count which are filled in.
    pub percent: u8,
    /// `complete` (all that count), `partial` (all that a form requires) or `stub`.
    pub level: String,
    /// The keys of the fields that are missing.
    pub missing: Vec<String>,
}

/// Counts the fields of a typed value that are filled in.
#[must_use]
pub fn completeness(table: &[Field], whole: &Value) -> Completeness {
    let counted: Vec<&Field> = table.iter().filter(|field| field.need != Need::Optional).collect();
    let missing: Vec<&Field> = counted.iter().filter(|field| field.store(whole) == Stored::Nothing).copied().collect();
    let filled = counted.len() - missing.len();
    let level = if missing.is_empty() {
        "complete"
    } else if missing.iter().all(|field| field.need != Need::Required) {
        "partial"
    } else {
        "stub"
    };
    Completeness {
        percent: u8::try_from(filled * 100 / counted.len().max(1)).unwrap_or(100),
        level: level.to_owned(),
        missing: missing.iter().map(|field| field.key.to_owned()).collect(),
    }
}
