//! How many communities repeated a practice, read from the index: a practice that repeats another, and
//! an adoption that works, have a term of the origin's id and their own community, so counting is a look
//! at a few terms.

use std::collections::{HashMap, HashSet};
use std::ops::Bound;

use crdt::id::{CommunityId, DocumentId};
use crdt::practice::Vouched;
use tantivy::query::InvertedIndexRangeQuery;
use tantivy::schema::IndexRecordOption;
use tantivy::{DocSet, Searcher, SegmentReader, TERMINATED, Term};
use web_ui::library::search::{ADOPTERS_MAX, Facet};

use super::collect::{Order, PageCollector};
use super::facets::Narrowing;
use super::schema::Fields;

/// Bytes of a community that tell it from others that repeat the same practice.
const COMMUNITY_BYTES: usize = 8;
/// Practices counted when all are sorted by how often they were repeated.
const ORIGINS_MAX: usize = 100_000;

/// Bytes of a term: the origin, the community, by what it is known.
const TERM_BYTES: usize = 16 + COMMUNITY_BYTES + 1;

/// By what it is known that a community repeated a practice.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum By {
    /// A practice of its own, which says so.
    Practice,
    /// An adoption.
    Adoption,
}

/// The term of a document of `community` that says that `origin` was repeated there.
pub(super) fn term(origin: &DocumentId, community: &CommunityId, by: By) -> Vec<u8> {
    [&origin.0[..], &community.0[..COMMUNITY_BYTES], &[by as u8]].concat()
}

/// Of which community a term tells.
fn community_of(term: &[u8]) -> &[u8] {
    &term[16..16 + COMMUNITY_BYTES]
}

/// How many communities but the owner repeated a practice.
pub(super) fn of(
    searcher: &Searcher,
    fields: &Fields,
    origin: &DocumentId,
    owner: &CommunityId,
) -> tantivy::Result<u64> {
    let mut communities = HashSet::new();
    for segment in searcher.segment_readers() {
        each(segment, fields, Some(origin), &mut |term| {
            communities.insert(community_of(term).to_vec());
            communities.len() < ORIGINS_MAX
        })?;
    }
    communities.remove(&owner.0[..COMMUNITY_BYTES]);
    Ok(communities.len() as u64)
}

/// Whether practices of other communities, which say that they repeat this one, vouch for it. What
/// adoptions and endorsements say is asked of the store, which knows at once when one is taken back.
pub(super) fn vouched(
    searcher: &Searcher,
    fields: &Fields,
    origin: &DocumentId,
    owner: &CommunityId,
) -> tantivy::Result<Vouched> {
    let mut vouched = Vouched::ByNobody;
    for segment in searcher.segment_readers() {
        each(segment, fields, Some(origin), &mut |term| {
            let by_others = community_of(term) != &owner.0[..COMMUNITY_BYTES];
            if by_others && term.last() == Some(&(By::Practice as u8)) {
                vouched = Vouched::ByCommunity;
            }
            vouched == Vouched::ByNobody
        })?;
    }
    Ok(vouched)
}

/// Whether the index knows that a practice of a community repeats another.
pub(super) fn knows(
    searcher: &Searcher,
    fields: &Fields,
    origin: &DocumentId,
    community: &CommunityId,
) -> tantivy::Result<bool> {
    let wanted = term(origin, community, By::Practice);
    let mut known = false;
    for segment in searcher.segment_readers() {
        each(segment, fields, Some(origin), &mut |term| {
            known |= term == wanted;
            !known
        })?;
    }
    Ok(known)
}

/// Practices that repeat one, last changed first.
pub(super) fn adopters(searcher: &Searcher, fields: &Fields, origin: &DocumentId) -> tantivy::Result<Vec<DocumentId>> {
    let bound = |rest: [u8; COMMUNITY_BYTES + 1]| {
        Bound::Included(Term::from_field_bytes(fields.adopted_from, &[&origin.0[..], &rest].concat()))
    };
    let query = InvertedIndexRangeQuery::new(bound([0; COMMUNITY_BYTES + 1]), bound([0xff; COMMUNITY_BYTES + 1]));
    let narrowing = Narrowing::new(&[(Facet::Kind, vec!["practice".into()])]);
    let collector = PageCollector { narrowing, order: Order::Newest, keep: ADOPTERS_MAX };
    Ok(searcher.search(&query, &collector)?.hits.iter().map(|hit| hit.document).collect())
}

/// Every practice that was repeated, and by how many communities. A community that repeats its own
/// is counted here: nobody gains a place by it but among those with none.
pub(super) fn all(searcher: &Searcher, fields: &Fields) -> tantivy::Result<HashMap<DocumentId, u64>> {
    let mut pairs = HashSet::new();
    for segment in searcher.segment_readers() {
        each(segment, fields, None, &mut |term| {
            pairs.insert(term[..16 + COMMUNITY_BYTES].to_vec());
            pairs.len() < ORIGINS_MAX
        })?;
    }
    let mut counts = HashMap::new();
    for origin in pairs.iter().filter_map(|pair| DocumentId::from_slice(pair.get(..16)?)) {
        *counts.entry(origin).or_default() += 1;
    }
    Ok(counts)
}

/// Reads the terms of one origin, or of all, that some living document of a segment has.
fn each(
    segment: &SegmentReader,
    fields: &Fields,
    origin: Option<&DocumentId>,
    read: &mut dyn FnMut(&[u8]) -> bool,
) -> tantivy::Result<()> {
    let inverted = segment.inverted_index(fields.adopted_from)?;
    let mut range = inverted.terms().range();
    if let Some(origin) = origin {
        range = range.ge(origin.0).le([&origin.0[..], &[0xff; COMMUNITY_BYTES + 1]].concat());
    }
    let mut terms = range.into_stream()?;
    while terms.advance() {
        let mut postings = inverted.read_postings_from_terminfo(terms.value(), IndexRecordOption::Basic)?;
        let lives = loop {
            match postings.doc() {
                TERMINATED => break false,
                doc if !segment.is_deleted(doc) => break true,
                _ => postings.advance(),
            };
        };
        if lives && terms.key().len() == TERM_BYTES && !read(terms.key()) {
            break;
        }
    }
    Ok(())
}
