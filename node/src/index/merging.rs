//! Which segments of the index become one.
//!
//! Every commit leaves a segment, and each segment costs every search a look into its dictionary for
//! every word. While documents come in, segments of like size are merged by eights; when nothing
//! comes in, what is left over is put together.

use std::collections::HashSet;
use std::pin::Pin;
use std::task::{Context, Poll, Waker};

use tantivy::index::{SegmentId, SegmentMeta};
use tantivy::indexer::{LogMergePolicy, MergePolicy};
use tantivy::{FutureResult, IndexWriter};

use super::folder::Folder;

/// Segments of like size that are merged while documents come in: each document is then written
/// again once for every factor of eight that the library has grown.
const MERGED_TOGETHER: usize = 8;
/// Documents below which all segments are alike: those of a day of single publications.
const SMALL_DOCUMENTS: u32 = 500;
/// Doublings within which sizes are alike.
const ALIKE_DOUBLINGS: f64 = 2.0;
/// Part of the documents of a segment that may be gone before it is written again without them.
const GONE_MAX: f32 = 0.3;
/// A segment joins those that are smaller if it is at most so many times as long as they are
/// together, so that a document is written again only when what it is in has grown by half.
const JOINS_UP_TO: u64 = 2;
/// Segments that an index at rest may have and nothing is merged, whatever their sizes.
const SEGMENTS_AT_REST: usize = 3;
/// Segments that an index at rest may have at the most.
const SEGMENTS_AT_REST_MAX: usize = 6;

/// Which segments become one while documents come in.
fn policy() -> LogMergePolicy {
    let mut policy = LogMergePolicy::default();
    policy.set_min_num_segments(MERGED_TOGETHER);
    policy.set_min_layer_size(SMALL_DOCUMENTS);
    policy.set_level_log_size(ALIKE_DOUBLINGS);
    policy.set_del_docs_ratio_before_merge(GONE_MAX);
    policy
}

/// How many of the smallest of these sizes become one at rest: those that are of a size together,
/// and of too many at least two; none if that is not worth it.
fn joined(sorted: &[u64]) -> usize {
    if sorted.len() <= SEGMENTS_AT_REST {
        return 0;
    }
    let mut together = 0;
    let alike = sorted.iter().take_while(|size| {
        let joins = together == 0 || **size <= JOINS_UP_TO * together;
        together += **size;
        joins
    });
    match alike.count() {
        1 if sorted.len() > SEGMENTS_AT_REST_MAX => 2,
        0 | 1 => 0,
        count => count,
    }
}

/// The segments that are to become one when nothing else is to be done.
fn at_rest(mut segments: Vec<SegmentMeta>) -> Vec<SegmentId> {
    segments.sort_by_key(SegmentMeta::num_docs);
    let sizes: Vec<u64> = segments.iter().map(|segment| segment.num_docs().into()).collect();
    segments[..joined(&sizes)].iter().map(SegmentMeta::id).collect()
}

/// Puts segments together, one merge after another.
#[derive(Default)]
pub(super) struct Merging {
    merge: Option<FutureResult<Option<SegmentMeta>>>,
    /// The segments at the last step.
    seen: HashSet<SegmentId>,
    /// Files of merged segments may be left that a reader held until now.
    left_over: bool,
}

impl Merging {
    /// Looks whether a merge has ended, and begins the next. Never waits for one: what comes in
    /// meanwhile is to be found as soon as ever. `resting` says that nothing comes in. Says whether nothing
    /// is left to be put together.
    pub(super) fn step(&mut self, folder: &Folder, writer: &mut IndexWriter, resting: bool) -> tantivy::Result<bool> {
        if let Some(merge) = &mut self.merge {
            match Pin::new(merge).poll(&mut Context::from_waker(Waker::noop())) {
                Poll::Pending => return Ok(false),
                // The disk is full: tried again at the next step.
                Poll::Ready(Err(error)) => tracing::debug!(%error, "segments were not merged"),
                Poll::Ready(Ok(_)) => {}
            }
            self.merge = None;
            self.left_over = true;
            if resting {
                // The next merge opens dictionaries of its own; those of what was merged need not wait for it.
                folder.reload()?;
                folder.let_go();
            }
        }
        let mut segments = folder.index.searchable_segment_metas()?;
        let seen = std::mem::replace(&mut self.seen, segments.iter().map(SegmentMeta::id).collect());
        if !resting {
            // What was just written may be written again at once, a document that is edited over and over; then its
            // segment goes, and with it all the work of whatever it is being merged with.
            segments.retain(|segment| seen.contains(&segment.id()));
        }
        let wanted = policy().compute_merge_candidates(&segments).into_iter().next().map(|candidate| candidate.0);
        let wanted = wanted.unwrap_or_else(|| if resting { at_rest(segments) } else { Vec::new() });
        if !wanted.is_empty() {
            self.merge = Some(writer.merge(&wanted));
        } else if resting && self.left_over {
            folder.reload()?;
            folder.let_go();
            writer.garbage_collect_files().wait()?;
            self.left_over = false;
        }
        Ok(resting && self.merge.is_none())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rest(sizes: &mut Vec<u64>) -> u64 {
        let mut written = 0;
        loop {
            sizes.sort_unstable();
            let count = joined(sizes);
            if count == 0 {
                return written;
            }
            let together = sizes.drain(..count).sum();
            written += together;
            sizes.push(together);
        }
    }

    #[test]
    fn what_a_long_run_leaves_becomes_few_without_writing_all_again() {
        let mut sizes = vec![43_000, 43_000, 5_400, 5_400, 680, 680, 680, 240, 240, 31, 1];
        let written = rest(&mut sizes);
        assert_eq!(sizes, [2_552, 5_400, 5_400, 43_000, 43_000]);
        assert!(written < 3_000, "{written}");
    }

    proptest::proptest! {
        #[test]
        fn single_publications_rewrite_little(count in 100_u64..3_000) {
            let mut sizes = vec![50_000, 30_000, 10_000];
            let mut written = 0;
            for _ in 0..count {
                sizes.push(1);
                written += rest(&mut sizes);
            }
            proptest::prop_assert!(sizes.len() <= SEGMENTS_AT_REST_MAX);
            proptest::prop_assert_eq!(sizes.iter().sum::<u64>(), 90_000 + count);
            // Each is written again a few times for every doubling, never the large ones for each.
            proptest::prop_assert!(written < 40 * count + 100_000, "{} written for {}", written, count);
        }
    }
}
