//! What may be asked of search, and what it answers.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::DocumentCard;

/// The name of the refusal while there is no index to answer from.
pub const INDEX_REBUILDING: &str = "index_rebuilding";
/// Letters of a query that are read. The longest headline of the test sets has 150; what comes
/// after is left out, and the answer says so.
pub const QUERY_CHARS_MAX: usize = 400;
/// Hits that can be paged through. Whoever wants more wants a filter, or the export.
pub const DEPTH_MAX: usize = 1_000;
/// Suggestions of one answer.
pub const SUGGESTIONS_MAX: usize = 10;
/// Documents like another that are named.
pub const SIMILAR_MAX: usize = 10;
/// Practices that repeat another which are named: more than anybody calls.
pub const ADOPTERS_MAX: usize = 20;
/// Values that one facet may be narrowed to at once.
pub const FACET_VALUES_MAX: usize = 40;

/// Something by which hits are counted and can be narrowed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Facet {
    /// What the document is: `practice`, `profile`.
    Kind,
    /// Terms of the vocabulary of sectors.
    Sector,
    /// Terms of the vocabulary of themes.
    Theme,
    /// Terms of the vocabulary of mechanisms.
    Mechanism,
    /// The KATOTTG code of an oblast, of Crimea, Kyiv or Sevastopol.
    Oblast,
    /// Terms of the vocabulary of sizes: how many people live in the community.
    Size,
    /// `urban`, `settlement`, `rural` or `special`: what the community is called after its centre.
    CommunityType,
    /// Terms of the vocabulary of stages.
    Stage,
    /// Terms of the vocabulary of evidence.
    Evidence,
    /// Terms of the vocabulary of cost bands.
    Cost,
    /// The language of the text: `uk`, `en`, or `other`.
    Language,
    /// The year in which it started.
    Year,
}

impl Facet {
    /// All facets, in the order in which they are shown.
    pub const ALL: [Self; 12] = [
        Self::Sector,
        Self::Theme,
        Self::Mechanism,
        Self::Oblast,
        Self::Size,
        Self::CommunityType,
        Self::Stage,
        Self::Evidence,
        Self::Cost,
        Self::Year,
        Self::Language,
        Self::Kind,
    ];

    /// Its name in addresses and in the API.
    #[must_use]
    pub const fn key(self) -> &'static str {
        match self {
            Self::Kind => "kind",
            Self::Sector => "sector",
            Self::Theme => "theme",
            Self::Mechanism => "mechanism",
            Self::Oblast => "oblast",
            Self::Size => "size",
            Self::CommunityType => "community_type",
            Self::Stage => "stage",
            Self::Evidence => "evidence",
            Self::Cost => "cost",
            Self::Language => "language",
            Self::Year => "year",
        }
    }
}

/// The order of hits.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Sort {
    /// Best match first; without words, last changed first.
    #[default]
    Relevance,
    /// Last changed first.
    Newest,
    /// Nearest and of like size first, seen from [`SearchRequest::near`].
    Near,
    /// Most often repeated first.
    Adoptions,
}

impl Sort {
    /// All orders, in the order in which they are shown.
    pub const ALL: [Self; 4] = [Self::Relevance, Self::Newest, Self::Near, Self::Adoptions];

    /// Its name in addresses and in the API.
    #[must_use]
    pub const fn key(self) -> &'static str {
        match self {
            Self::Relevance => "relevance",
            Self::Newest => "newest",
            Self::Near => "near",
            Self::Adoptions => "adoptions",
        }
    }
}

/// What is looked for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SearchRequest {
    /// As a person typed it: words, "phrases", -not, `field:value`. Empty: everything.
    pub query: String,
    /// What it is narrowed to: hits have one of the values of each facet named.
    pub filters: Vec<(Facet, Vec<String>)>,
    /// The order.
    pub sort: Sort,
    /// The KATOTTG code from which distance is measured; none: this node's own community.
    pub near: Option<String>,
    /// Look for exactly what was typed, without repair.
    pub verbatim: bool,
    /// How many hits to leave out, at most [`DEPTH_MAX`].
    pub offset: usize,
    /// How many hits, at most [`super::PAGE_MAX`].
    pub limit: usize,
}

/// A part of a text, and whether it is what was looked for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Span {
    /// The text.
    pub text: String,
    /// Whether it matched.
    pub hit: bool,
}

/// Why a document was found: in which field, by which word of the text.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Because {
    /// The key of the field in the table of its kind; `place` for a name from the codifier.
    pub field: String,
    /// The words as they stand in the text, each once.
    pub words: Vec<String>,
}

/// A document that was found.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Hit {
    /// What it is: `practice` or `profile`.
    pub kind: String,
    /// Its row as in the lists. Of a profile: id, title (the community's name), summary, owner, code.
    pub card: DocumentCard,
    /// The title with what matched.
    pub title: Vec<Span>,
    /// A piece of the text with what matched; the beginning of the summary where nothing did.
    pub snippet: Vec<Span>,
    /// The language of that piece, BCP 47; empty for Ukrainian, and of a profile.
    #[serde(default)]
    pub snippet_lang: String,
    /// Why it was found; empty without words.
    pub because: Vec<Because>,
    /// Kilometres from where distance is measured, if both places are known.
    pub distance_km: Option<u32>,
    /// How many communities repeated it.
    pub adoptions: u64,
}

/// One value of a facet.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct FacetCount {
    /// The value.
    pub value: String,
    /// How many hits have it, were the facet not narrowed.
    pub count: u64,
    /// Whether the request names it.
    pub chosen: bool,
}

/// The values of a facet that hits have, those chosen among them even without any.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct FacetCounts {
    /// The facet.
    pub facet: Facet,
    /// Its values, in the order of their vocabulary; years last first.
    pub values: Vec<FacetCount>,
}

/// How a query was understood.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Understood {
    /// What was searched instead of what was typed (layout, transliteration, typing errors); none if
    /// it was searched as typed.
    pub repaired: Option<String>,
    /// Other queries that may be meant, best first, as they would be typed.
    pub did_you_mean: Vec<String>,
    /// Words that were also looked for (abbreviations and synonyms), as they would be typed.
    pub also: Vec<String>,
    /// Whether few documents or none have all the words, so that those with some of them are shown
    /// as well.
    pub relaxed: bool,
    /// Words that were left out because they say nothing or were too many.
    pub left_out: Vec<String>,
    /// The narrowing that was typed (`рік:2024`), as filters.
    pub filters: Vec<(Facet, Vec<String>)>,
}

/// What was found.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct SearchPage {
    /// The hits.
    pub hits: Vec<Hit>,
    /// How many there are in all.
    pub total: u64,
    /// Counts by facet, all of [`Facet::ALL`].
    pub facets: Vec<FacetCounts>,
    /// How the query was understood.
    pub understood: Understood,
    /// Whether the index lacks some documents just now, so that some may not be found yet.
    pub catching_up: bool,
}

/// Where the hits of a search happened.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FoundPlaces {
    /// How many in which community, by KATOTTG code.
    pub found: Vec<FacetCount>,
    /// How many at no place that is known.
    pub elsewhere: u64,
    /// Whether the index lacks some documents just now, so that some may not be counted yet.
    pub catching_up: bool,
}

/// What may be meant by the beginning of a query.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Suggestion {
    /// The text to search for or to show.
    pub text: String,
    /// `practice`, `community`, `term` or `word`.
    pub kind: String,
    /// The document, hexadecimal, where it is one.
    pub id: Option<String>,
    /// The facet and value, where it is a term of a vocabulary.
    pub filter: Option<(Facet, String)>,
}

/// How the index stands.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct IndexStatus {
    /// `ready`, `catching_up`, `rebuilding` or `damaged`.
    pub state: String,
    /// Documents in it.
    pub documents: u64,
    /// Documents that are to go in.
    pub waiting: u64,
    /// The fingerprint of the set of records that it covers; none while it catches up.
    pub covers: Option<String>,
    /// Bytes on the disk.
    pub disk_bytes: u64,
    /// Whether its files stay as they are until something new comes; after much has come they are put together.
    pub settled: bool,
}
