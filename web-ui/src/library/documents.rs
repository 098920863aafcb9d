//! Documents of every kind, as lists, pages and programs see them.

use crdt::gate::DocumentKind;
use crdt::id::{CommunityId, DocumentId};
use crdt::view::{Completeness, Conflict};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::Author;

/// A document in a list. What its kind does not have is empty.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct DocumentCard {
    /// The document, hexadecimal.
    pub id: String,
    /// What it is: `practice`, `adoption`, `exchange` …
    pub kind: String,
    /// The name.
    pub title: String,
    /// In a few lines.
    pub summary: String,
    /// How far along it is: a term of the kind's own vocabulary (of a practice: its stage; of a
    /// request or an offer: `request_open`, `offer_done` …; of a registration: how many people).
    pub state: String,
    /// The day that counts for it, `YYYY` to `YYYY-MM-DD`: of the last stage, of the event, until when
    /// it stands.
    pub day: String,
    /// Keys of the sectors.
    pub sectors: Vec<String>,
    /// Keys of the themes.
    pub themes: Vec<String>,
    /// Keys of the mechanisms.
    pub mechanisms: Vec<String>,
    /// The KATOTTG code of where it happened.
    pub place: Option<String>,
    /// The community that publishes it, hexadecimal.
    pub owner: String,
    /// The KATOTTG code that the owner claims.
    pub owner_code: String,
    /// The document that it tells about, hexadecimal.
    pub about: Option<String>,
    /// Whose that is, hexadecimal, as its author says.
    pub about_owner: Option<String>,
    /// Other documents that it names, hexadecimal.
    pub mentions: Vec<String>,
    /// When it was last changed, milliseconds since 1970.
    pub updated_at: u64,
    /// Whether people wrote at once and somebody has to decide.
    pub conflicts: bool,
    /// 0 to 100.
    pub completeness: u8,
    /// Of an adoption: what came of it, a term of the vocabulary of outcomes; empty until it is said.
    #[serde(default)]
    pub outcome: String,
    /// Of a use of a material: how many people it reached, as its community says.
    #[serde(default)]
    pub reach: Option<u64>,
    /// The language of its texts, BCP 47; empty for Ukrainian, and where its kind does not say.
    #[serde(default)]
    pub lang: String,
}

/// Whose documents are wanted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scope {
    /// Everybody's.
    All,
    /// Those of one community.
    Of(CommunityId),
    /// Those that tell about one document, or name it.
    About(DocumentId),
}

/// Which documents are wanted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DocumentsRequest {
    /// What they are.
    pub kind: DocumentKind,
    /// Whose.
    pub scope: Scope,
}

/// A document whole.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct DocumentPage {
    /// Its row in the lists.
    pub card: DocumentCard,
    /// Give these back when saving an edit: the edit is then made on what was read.
    pub heads: Vec<String>,
    /// Whether this node may edit it.
    pub editable: bool,
    /// When it was published, milliseconds since 1970.
    pub created_at: u64,
    /// How many changes it has had.
    pub changes: u32,
    /// Who wrote the values that stand, last first.
    pub authors: Vec<Author>,
    /// What it says, by the schema of its kind.
    #[schema(value_type = Object)]
    pub content: serde_json::Value,
    /// Where people wrote at once.
    pub conflicts: Vec<Conflict>,
    /// How complete it is.
    pub completeness: Completeness,
}

impl DocumentPage {
    /// The typed content, if the document is of this kind.
    #[must_use]
    pub fn typed<T: crdt::kinds::Form>(&self) -> Option<T> {
        let is_one = crdt::kinds::of(T::KIND).is_some_and(|kind| kind.key == self.card.kind);
        is_one.then(|| serde_json::from_value(self.content.clone()).ok()).flatten()
    }
}

/// By what documents are counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum CensusBy {
    /// By state, as in the lists.
    State,
    /// By what came of them.
    Outcome,
    /// By their first sector.
    Sector,
    /// By oblast.
    Oblast,
    /// By the month of the day that counts.
    Month,
}

impl CensusBy {
    /// All there are.
    pub const ALL: [Self; 5] = [Self::State, Self::Outcome, Self::Sector, Self::Oblast, Self::Month];

    /// Its name in addresses.
    #[must_use]
    pub const fn key(self) -> &'static str {
        match self {
            Self::State => "state",
            Self::Outcome => "outcome",
            Self::Sector => "sector",
            Self::Oblast => "oblast",
            Self::Month => "month",
        }
    }
}

/// How many documents are alike in what they are counted by. What they are not counted by is empty.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, ToSchema)]
pub struct Tally {
    /// The state, as in the lists.
    pub state: String,
    /// Of adoptions: what came of them; empty where it is not said yet.
    pub outcome: String,
    /// The first sector; empty if there is none.
    pub sector: String,
    /// The KATOTTG code of the oblast: of a practice where it happened, of everything else of the owner;
    /// empty if it is unknown.
    pub oblast: String,
    /// Of the day that counts (of a practice its start, of an adoption its last stage, of a seminar its
    /// first day): `YYYY-MM`, `YYYY` if no month is said, empty if nothing is.
    pub month: String,
    /// How many.
    pub count: u64,
    /// Of uses of materials: people reached, added up as their communities say. Who was reached twice
    /// is counted twice.
    pub reach: u64,
    /// How many of them say whom they reached.
    pub reach_told: u64,
}

/// What there is of one kind, counted.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Census {
    /// How many in all.
    pub total: u64,
    /// How many communities have at least one.
    pub communities: u64,
    /// How many different documents they are about: of uses, how many materials were used.
    pub about: u64,
    /// The counts, in order.
    pub rows: Vec<Tally>,
}
