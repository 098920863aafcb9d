//! Documents of people whole, with their history, and what becomes of an edit.

use crdt::practice::Practice;
use crdt::profile::Profile;
use crdt::view::{Completeness, Conflict};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// A practice whole.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct PracticePage {
    /// The document, hexadecimal.
    pub id: String,
    /// The community that publishes it, hexadecimal.
    pub owner: String,
    /// The KATOTTG code that the owner claims.
    pub owner_code: String,
    /// Give these back when saving an edit: the edit is then made on what was read.
    pub heads: Vec<String>,
    /// Whether this node may edit it.
    pub editable: bool,
    /// When it was published, milliseconds since 1970.
    pub created_at: u64,
    /// When it was last changed, milliseconds since 1970.
    pub updated_at: u64,
    /// How many changes it has had.
    pub changes: u32,
    /// Who wrote the values that stand, last first.
    pub authors: Vec<Author>,
    /// The practice.
    pub practice: Practice,
    /// Where people wrote at once.
    pub conflicts: Vec<Conflict>,
    /// How complete it is.
    pub completeness: Completeness,
}

/// Who signed a change whose values stand.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Author {
    /// The record that carries the change, hexadecimal.
    pub record: String,
    /// The device that signed, hexadecimal.
    pub device: String,
    /// The device's name in the charter; empty if it has none.
    pub device_name: String,
    /// When, by the author's clock, milliseconds since 1970.
    pub created_at: u64,
}

/// A community's profile whole.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct ProfilePage {
    /// The community as the list shows it.
    pub community: CommunityCard,
    /// Give these back when saving an edit.
    pub heads: Vec<String>,
    /// Whether this node may edit it.
    pub editable: bool,
    /// The profile; empty until somebody fills it in.
    pub profile: Profile,
    /// Where people wrote at once.
    pub conflicts: Vec<Conflict>,
    /// How complete it is.
    pub completeness: Completeness,
}

/// A community in a list.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct CommunityCard {
    /// The community, hexadecimal.
    pub id: String,
    /// The KATOTTG code that it claims.
    pub code: String,
    /// Its full name in Ukrainian, always with raion and oblast.
    pub name_uk: String,
    /// The same in English.
    pub name_en: String,
    /// How many practices it has published.
    pub practices: u64,
    /// How many devices may write for it.
    pub devices: u64,
    /// Whether its charter is contradictory, so that publishing has stopped.
    pub forked: bool,
}

/// An edit of a document.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Edit<T> {
    /// The heads that were read ([`PracticePage::heads`]). What others wrote since is kept too.
    pub base_heads: Vec<String>,
    /// The whole document as it should read.
    pub content: T,
    /// Keys of fields whose conflicts are decided in favour of what `content` says.
    #[serde(default)]
    pub resolve: Vec<String>,
}

/// What became of a publication.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Published {
    /// The document, hexadecimal.
    pub id: String,
    /// The record that carries the change; none if nothing had changed.
    pub record: Option<String>,
    /// The heads after it.
    pub heads: Vec<String>,
    /// Whether others had written meanwhile, so that the page differs from what was sent.
    pub merged: bool,
}

/// One change of a document.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct Revision {
    /// The record that carries it, hexadecimal.
    pub record: String,
    /// The change, hexadecimal.
    pub change: String,
    /// The changes that it follows.
    pub follows: Vec<String>,
    /// The device that signed, hexadecimal.
    pub device: String,
    /// The device's name in the charter.
    pub device_name: String,
    /// When, by the author's clock, milliseconds since 1970.
    pub created_at: u64,
    /// What it changed; empty for a change that plays no part.
    pub differences: Vec<Difference>,
    /// Why it plays no part, if so.
    pub set_aside: Option<String>,
}

/// What one change did to one field.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct Difference {
    /// The key of the field.
    pub field: String,
    /// The paragraphs, rows or value that went.
    pub removed: Vec<String>,
    /// The paragraphs, rows or value that came.
    pub added: Vec<String>,
}
