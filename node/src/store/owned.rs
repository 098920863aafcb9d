//! How many practices each community has, counted once and kept true by whatever lists one or takes one
//! off: a community with a hundred thousand would else be read through for every page that says so.

use std::collections::HashMap;
use std::sync::{MutexGuard, PoisonError};

use crdt::id::CommunityId;

use super::{Store, keys};
use crate::fault::Fault;

/// Communities by how many practices were listed (positive) or taken off the lists.
pub(super) type Listed = Vec<(CommunityId, i64)>;

/// The counts of those communities that somebody asked for.
#[derive(Default)]
pub(super) struct Owned {
    counts: HashMap<CommunityId, u64>,
    /// Grows with each batch that lists anything, so that a count of the lists knows whether they changed
    /// meanwhile.
    batches: u64,
    /// Batches that may be half way into the lists.
    writing: u32,
}

impl Store {
    fn owned(&self) -> MutexGuard<'_, Owned> {
        self.owned.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Forgets all counts: the lists are others now.
    pub(super) fn forget_owned(&self) {
        self.owned().counts.clear();
    }

    /// A batch is about to change the lists.
    pub(super) fn begin_listing(&self, listed: &Listed) {
        if !listed.is_empty() {
            let mut owned = self.owned();
            owned.batches += 1;
            owned.writing += 1;
        }
    }

    /// It has, or could not: then what was counted is not trusted any more.
    pub(super) fn end_listing(&self, listed: &Listed, is_done: bool) {
        if listed.is_empty() {
            return;
        }
        let mut owned = self.owned();
        owned.writing = owned.writing.saturating_sub(1);
        for (community, more) in listed {
            match owned.counts.get_mut(community) {
                Some(count) if is_done => *count = count.saturating_add_signed(*more),
                _ => drop(owned.counts.remove(community)),
            }
        }
    }

    /// How many practices a community has.
    ///
    /// # Errors
    /// A fault of the database.
    pub fn practices_of(&self, community: &CommunityId) -> Result<u64, Fault> {
        let (before, is_quiet) = {
            let owned = self.owned();
            if let Some(count) = owned.counts.get(community) {
                return Ok(*count);
            }
            (owned.batches, owned.writing == 0)
        };
        let count = self.count_prefix(&keys::list_of(community))?;
        let mut owned = self.owned();
        if is_quiet && owned.batches == before {
            owned.counts.insert(*community, count);
        }
        Ok(count)
    }
}
