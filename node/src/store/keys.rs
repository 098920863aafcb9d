//! The keys of the one tree. The first byte says what it is; numbers are big-endian so that they
//! sort. The prefixes are part of the format of the data folder.

use crdt::id::{CommunityId, DocumentId, RecordId};

/// Record id → place (u64).
const PLACE: u8 = b'i';
/// Place, part → a part of the record's packed bytes.
const BODY: u8 = b'r';
/// Class, time, record id → place: the order of reconciliation and of bundles.
pub(super) const ORDER: u8 = b'o';
/// Document, record id → nothing.
const DOCUMENT: u8 = b'd';
/// Community, document → nothing.
const OWNED: u8 = b'e';
/// Community, record id → nothing.
const CHARTER: u8 = b'c';
/// Community → nothing: its founding charter is held.
pub(super) const GENESIS: u8 = b'g';
/// Document → the withdrawal's id.
const WITHDRAWN: u8 = b'w';
/// Record id → nothing: a record of a withdrawn document, not to be fetched again.
const GONE: u8 = b't';
/// Document → generation: to be derived anew.
pub(super) const PENDING: u8 = b'p';
/// Nothing but a fence.
const FENCE: u8 = b's';
/// Document, part → the packed view.
const VIEW: u8 = b'v';
/// Kind of list, time downwards, document → card.
const LISTED: u8 = b'l';
/// Community, time downwards, document → nothing.
const LISTED_OWNED: u8 = b'a';
/// Community, kind, time downwards, document → nothing: all kinds but practices.
const LISTED_KIND: u8 = b'f';
/// Document that is told about or named, kind, time downwards, document → nothing.
const LINKED: u8 = b'b';
/// Community whose document is told about, time downwards, document → kind.
const TOLD: u8 = b'n';
/// Document → its place in the lists.
const LISTING: u8 = b'k';
/// Document, record id → reason: records that play no part.
pub(super) const ASIDE: u8 = b'q';
/// Document → generation: to be put into the search index anew, or taken out of it.
pub(super) const UNINDEXED: u8 = b'x';
/// Name → small value.
const NOTE: u8 = b'm';
/// The totals of the set.
pub(super) const TOTALS: &[u8] = b"mtotals";

/// Rows of a fence: more than the sixteen that sled keeps in one page.
const FENCE_ROWS: u8 = 24;

/// Rows that keep pages apart, and say nothing else. sled keeps up to sixteen neighbours in one page and writes all of
/// it anew after ten changes. What changes with every record (the end of the order, the documents to be derived and
/// to be indexed, the last body) would lie in one page with the first bodies and with the views of other documents,
/// which are long: most of what 1,000 edits of one document wrote was those.
pub(super) fn fences() -> impl Iterator<Item = Vec<u8>> {
    let fences = [
        // Between what is pending and the first bodies. No row of ASIDE is of this length, or ends so.
        [&[ASIDE][..], &[0xff; 40]].concat(),
        // Between the last body and the views.
        vec![FENCE],
        // Between the views and what is to be indexed. Nobody lists the rows of WITHDRAWN.
        [&[WITHDRAWN][..], &[0xff; 40]].concat(),
    ];
    fences.into_iter().flat_map(|fence| (0..FENCE_ROWS).map(move |row| [&fence[..], &[row]].concat()))
}

pub(super) fn place(record: &RecordId) -> Vec<u8> {
    join(PLACE, &record.0)
}

pub(super) fn body(place: &[u8]) -> Vec<u8> {
    [&[BODY][..], place].concat()
}

pub(super) fn document(document: &DocumentId) -> Vec<u8> {
    join(DOCUMENT, &document.0)
}

pub(super) fn owned(community: &CommunityId) -> Vec<u8> {
    join(OWNED, &community.0)
}

pub(super) fn charter(community: &CommunityId) -> Vec<u8> {
    join(CHARTER, &community.0)
}

pub(super) fn genesis(community: &CommunityId) -> Vec<u8> {
    join(GENESIS, &community.0)
}

pub(super) fn withdrawn(document: &DocumentId) -> Vec<u8> {
    join(WITHDRAWN, &document.0)
}

pub(super) fn gone(record: &RecordId) -> Vec<u8> {
    join(GONE, &record.0)
}

pub(super) fn pending(document: &DocumentId) -> Vec<u8> {
    join(PENDING, &document.0)
}

pub(super) fn unindexed(document: &DocumentId) -> Vec<u8> {
    join(UNINDEXED, &document.0)
}

pub(super) fn view(document: &DocumentId) -> Vec<u8> {
    join(VIEW, &document.0)
}

pub(super) fn listing(document: &DocumentId) -> Vec<u8> {
    join(LISTING, &document.0)
}

pub(super) fn aside(document: &DocumentId) -> Vec<u8> {
    join(ASIDE, &document.0)
}

pub(super) fn note(name: &str) -> Vec<u8> {
    [&[NOTE][..], name.as_bytes()].concat()
}

/// All rows of one list.
pub(super) fn list(kind: u8) -> [u8; 2] {
    [LISTED, kind]
}

/// All rows of one community's list.
pub(super) fn list_of(community: &CommunityId) -> Vec<u8> {
    join(LISTED_OWNED, &community.0)
}

/// All rows of one community's list of a kind.
pub(super) fn kind_of(community: &CommunityId, kind: u8) -> Vec<u8> {
    [&join(LISTED_KIND, &community.0)[..], &[kind]].concat()
}

/// All documents of a kind that tell about a document or name it.
pub(super) fn linked(document: &DocumentId, kind: u8) -> Vec<u8> {
    [&join(LINKED, &document.0)[..], &[kind]].concat()
}

/// All documents of others that tell about a community's documents.
pub(super) fn told(community: &CommunityId) -> Vec<u8> {
    join(TOLD, &community.0)
}

/// The list in which a key stands, if its rows are kept count of: what a community wrote of a kind, and what
/// others tell it. Both may be as long as the whole library.
pub(super) fn tallied(key: &[u8]) -> Option<Vec<u8>> {
    let (list, _) = key.split_last_chunk::<ROW_BYTES>()?;
    matches!(list.first(), Some(&LISTED_KIND | &TOLD)).then(|| list.to_vec())
}

/// Length of [`row`].
const ROW_BYTES: usize = 24;

/// What follows a list's prefix: last changed first, then by document.
pub(super) fn row(updated_at: u64, document: &DocumentId) -> [u8; ROW_BYTES] {
    let mut row = [0; ROW_BYTES];
    row[..8].copy_from_slice(&(u64::MAX - updated_at).to_be_bytes());
    row[8..].copy_from_slice(&document.0);
    row
}

/// What a row says: the document, and when it was last changed.
pub(super) fn read_row(row: &[u8]) -> Option<(DocumentId, u64)> {
    let (moment, document) = row.split_first_chunk::<8>()?;
    Some((DocumentId::from_slice(document)?, u64::MAX - u64::from_be_bytes(*moment)))
}

fn join(prefix: u8, rest: &[u8]) -> Vec<u8> {
    let mut key = Vec::with_capacity(1 + rest.len());
    key.push(prefix);
    key.extend(rest);
    key
}
