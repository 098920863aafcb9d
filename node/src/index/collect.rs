//! One pass over what matches: the best hits, how many there are, and the counts of all facets as
//! if each were not narrowed.

use std::cmp::Ordering;
use std::collections::{BinaryHeap, HashMap};
use std::sync::Arc;

use crdt::codifier;
use crdt::id::DocumentId;
use tantivy::collector::{Collector, SegmentCollector};
use tantivy::columnar::{Cardinality, ColumnValues};
use tantivy::{DocId, Score, SegmentOrdinal, SegmentReader};

use super::facets::{Counts, Like, Masks, Narrowing, Passed};
use super::places::Distances;
use super::schema::column;

/// By what the hits are sorted.
#[derive(Clone)]
pub(super) enum Order {
    /// By how well they match.
    Score,
    /// By how well they match, and by what else they share.
    Like(Like),
    /// Last changed first.
    Newest,
    /// By distance.
    Near(Arc<Distances>),
    /// By how many communities repeated it; documents that nobody did are not in the map.
    Adoptions(Arc<HashMap<DocumentId, u64>>),
}

/// What one pass finds.
pub(super) struct Found {
    /// The best hits, best first, as many as were asked for.
    pub(super) hits: Vec<FoundHit>,
    /// How many documents match.
    pub(super) total: u64,
    /// The counts of all facets.
    pub(super) counts: Counts,
}

/// One hit.
#[derive(Clone, Copy, PartialEq, Debug)]
pub(super) struct FoundHit {
    /// The document.
    pub(super) document: DocumentId,
    /// The community's place in the codifier, from 1; 0 if unknown.
    pub(super) place: u64,
    /// What it was sorted by; more is better.
    rank: f64,
    /// What decides between equals: last changed first, then by id, so that pages do not overlap.
    updated: u64,
}

impl Eq for FoundHit {}

impl Ord for FoundHit {
    /// The worst of two is the greater, so that a heap gives it up first.
    fn cmp(&self, other: &Self) -> Ordering {
        let ours = (other.rank.total_cmp(&self.rank)).then(other.updated.cmp(&self.updated));
        ours.then(self.document.cmp(&other.document))
    }
}

impl PartialOrd for FoundHit {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

/// Collects a page.
pub(super) struct PageCollector {
    /// What the hits are narrowed to.
    pub(super) narrowing: Narrowing,
    /// The order.
    pub(super) order: Order,
    /// How many hits to keep: those left out before the page among them.
    pub(super) keep: usize,
}

impl Collector for PageCollector {
    type Fruit = Found;
    type Child = PageSegment;

    fn for_segment(&self, _: SegmentOrdinal, segment: &SegmentReader) -> tantivy::Result<PageSegment> {
        let column = |name| number_column(segment, name);
        Ok(PageSegment {
            masks: MaskColumns::open(segment)?,
            updated: column(column::UPDATED)?,
            place: column(column::PLACE)?,
            id_high: column(column::ID_HIGH)?,
            id_low: column(column::ID_LOW)?,
            narrowing: self.narrowing.clone(),
            order: self.order.clone(),
            keep: self.keep,
            best: BinaryHeap::with_capacity(self.keep + 1),
            total: 0,
            counts: Counts::default(),
        })
    }

    fn requires_scoring(&self) -> bool {
        matches!(self.order, Order::Score | Order::Like(_))
    }

    fn merge_fruits(&self, segments: Vec<Found>) -> tantivy::Result<Found> {
        let mut all = Found { hits: Vec::new(), total: 0, counts: Counts::default() };
        for segment in segments {
            all.total += segment.total;
            all.counts.merge(&segment.counts);
            all.hits.extend(segment.hits);
        }
        all.hits.sort_unstable();
        all.hits.truncate(self.keep);
        Ok(all)
    }
}

type Numbers = Arc<dyn ColumnValues<u64>>;

/// Collects in one part of the index.
pub(super) struct PageSegment {
    masks: MaskColumns,
    updated: Numbers,
    place: Numbers,
    id_high: Numbers,
    id_low: Numbers,
    narrowing: Narrowing,
    order: Order,
    keep: usize,
    best: BinaryHeap<FoundHit>,
    total: u64,
    counts: Counts,
}

impl PageSegment {
    fn document(&self, doc: DocId) -> DocumentId {
        let mut id = [0; 16];
        id[..8].copy_from_slice(&self.id_high.get_val(doc).to_be_bytes());
        id[8..].copy_from_slice(&self.id_low.get_val(doc).to_be_bytes());
        DocumentId(id)
    }

    fn rank(&self, doc: DocId, score: Score) -> f64 {
        match &self.order {
            Order::Score => score.into(),
            Order::Like(like) => f64::from(score) * like.times(&self.masks.of(doc)),
            Order::Newest => 0.0,
            Order::Near(distances) => {
                let place = usize::try_from(self.place.get_val(doc)).unwrap_or(usize::MAX);
                -distances.rank.get(place).copied().unwrap_or(f64::MAX)
            }
            Order::Adoptions(adoptions) => adoptions.get(&self.document(doc)).map_or(0.0, |count| *count as f64),
        }
    }

    /// Keeps a hit if it is among the best so far. Its id is read only then.
    fn keep(&mut self, doc: DocId, score: Score) {
        let (rank, updated) = (self.rank(doc, score), self.updated.get_val(doc));
        if self.best.len() >= self.keep {
            let worse = self.best.peek().is_none_or(|worst| (worst.rank, worst.updated) > (rank, updated));
            if worse {
                return;
            }
        }
        let (document, place) = (self.document(doc), self.place.get_val(doc));
        self.best.push(FoundHit { document, place, rank, updated });
        if self.best.len() > self.keep {
            self.best.pop();
        }
    }
}

impl SegmentCollector for PageSegment {
    type Fruit = Found;

    fn collect(&mut self, doc: DocId, score: Score) {
        let masks = self.masks.of(doc);
        match self.narrowing.passes(&masks) {
            Passed::All => {
                self.counts.add(&masks, None);
                self.total += 1;
                self.keep(doc, score);
            }
            Passed::AllBut(at) => self.counts.add(&masks, Some(at)),
            Passed::Not => {}
        }
    }

    fn harvest(self) -> Found {
        Found { hits: self.best.into_sorted_vec(), total: self.total, counts: self.counts }
    }
}

/// Counts hits by community, in the order of the codifier, with a first entry for those of no known
/// place.
pub(super) struct PlaceCollector {
    /// What the hits are narrowed to.
    pub(super) narrowing: Narrowing,
}

impl Collector for PlaceCollector {
    type Fruit = Vec<u64>;
    type Child = PlaceSegment;

    fn for_segment(&self, _: SegmentOrdinal, segment: &SegmentReader) -> tantivy::Result<PlaceSegment> {
        Ok(PlaceSegment {
            masks: MaskColumns::open(segment)?,
            place: number_column(segment, column::PLACE)?,
            narrowing: self.narrowing.clone(),
            counts: vec![0; codifier::all().len() + 1],
        })
    }

    fn requires_scoring(&self) -> bool {
        false
    }

    fn merge_fruits(&self, segments: Vec<Vec<u64>>) -> tantivy::Result<Vec<u64>> {
        let mut all = vec![0; codifier::all().len() + 1];
        for segment in segments {
            all.iter_mut().zip(segment).for_each(|(sum, more)| *sum += more);
        }
        Ok(all)
    }
}

/// Counts in one part of the index.
pub(super) struct PlaceSegment {
    masks: MaskColumns,
    place: Numbers,
    narrowing: Narrowing,
    counts: Vec<u64>,
}

impl SegmentCollector for PlaceSegment {
    type Fruit = Vec<u64>;

    fn collect(&mut self, doc: DocId, _: Score) {
        if matches!(self.narrowing.passes(&self.masks.of(doc)), Passed::All) {
            let place = usize::try_from(self.place.get_val(doc)).unwrap_or_default();
            if let Some(count) = self.counts.get_mut(place) {
                *count += 1;
            }
        }
    }

    fn harvest(self) -> Vec<u64> {
        self.counts
    }
}

fn number_column(segment: &SegmentReader, name: &str) -> tantivy::Result<Numbers> {
    let column = segment.fast_fields().u64(name)?;
    // Every document has a value in every column, so it can be read without asking which it is.
    if column.get_cardinality() == Cardinality::Full && column.values.num_vals() == segment.max_doc() {
        return Ok(column.values);
    }
    Ok(column.first_or_default_col(0))
}

/// The columns of all facets.
struct MaskColumns {
    text: Numbers,
    place: Numbers,
    year: Numbers,
}

impl MaskColumns {
    fn open(segment: &SegmentReader) -> tantivy::Result<Self> {
        Ok(Self {
            text: number_column(segment, column::TEXT_FACETS)?,
            place: number_column(segment, column::PLACE_FACETS)?,
            year: number_column(segment, column::YEAR)?,
        })
    }

    fn of(&self, doc: DocId) -> Masks {
        Masks { text: self.text.get_val(doc), place: self.place.get_val(doc), year: self.year.get_val(doc) }
    }
}
