//! How long the lists of communities are, counted once and kept true by whatever lists a document or takes
//! one off: a community that has a hundred thousand practices, or is told of as many adoptions, would else be
//! read through for every page that says so.

use std::collections::HashMap;
use std::sync::{MutexGuard, PoisonError};

use crdt::id::CommunityId;

use super::{Store, keys};
use crate::fault::Fault;

/// Lists, by what their keys begin with, and how many rows they got (positive) or lost.
pub(super) type Listed = Vec<(Vec<u8>, i64)>;

/// The lengths of those lists that somebody asked for: a few for each community.
#[derive(Default)]
pub(super) struct Tally {
    counts: HashMap<Vec<u8>, u64>,
    /// Grows with each batch that lists anything, so that a count of the lists knows whether they changed
    /// meanwhile.
    batches: u64,
    /// Batches that may be half way into the lists.
    writing: u32,
}

impl Store {
    fn tally(&self) -> MutexGuard<'_, Tally> {
        self.tally.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Forgets all counts: the lists are others now.
    pub(super) fn forget_tally(&self) {
        self.tally().counts.clear();
    }

    /// A batch is about to change the lists.
    pub(super) fn begin_listing(&self, listed: &Listed) {
        if !listed.is_empty() {
            let mut tally = self.tally();
            tally.batches += 1;
            tally.writing += 1;
        }
    }

    /// It has, or could not: then what was counted is not trusted any more.
    pub(super) fn end_listing(&self, listed: &Listed, is_done: bool) {
        if listed.is_empty() {
            return;
        }
        let mut tally = self.tally();
        tally.writing = tally.writing.saturating_sub(1);
        for (list, more) in listed {
            match tally.counts.get_mut(list) {
                Some(count) if is_done => *count = count.saturating_add_signed(*more),
                _ => drop(tally.counts.remove(list)),
            }
        }
    }

    /// How many practices a community has.
    ///
    /// # Errors
    /// A fault of the database.
    pub fn practices_of(&self, community: &CommunityId) -> Result<u64, Fault> {
        self.length_of(keys::list_of(community))
    }

    /// How long a list is of those that are kept count of ([`keys::tallied`]).
    pub(super) fn length_of(&self, list: Vec<u8>) -> Result<u64, Fault> {
        let (before, is_quiet) = {
            let tally = self.tally();
            if let Some(count) = tally.counts.get(&list) {
                return Ok(*count);
            }
            (tally.batches, tally.writing == 0)
        };
        let count = self.count_prefix(&list)?;
        let mut tally = self.tally();
        if is_quiet && tally.batches == before {
            tally.counts.insert(list, count);
        }
        Ok(count)
    }
}
