//! By which records documents grew lately, in memory: whoever holds a document loaded takes what came
//! since, and need not read the ids of all its records for every one that comes.

use std::collections::VecDeque;
use std::num::NonZeroUsize;
use std::sync::{Mutex, PoisonError};

use crdt::id::{DocumentId, RecordId};
use lru::LruCache;

/// Documents whose last steps are remembered: several times those that are kept loaded.
const DOCUMENTS_MAX: usize = 256;
/// Steps remembered of a document: what may come while it is derived once. 40 bytes each.
const STEPS_MAX: usize = 64;

/// The last steps of documents, each a generation (see [`super::Store::derivable`]) with the record that
/// came with it.
pub(super) struct Growth(Mutex<LruCache<DocumentId, VecDeque<(u64, RecordId)>>>);

impl Default for Growth {
    fn default() -> Self {
        Self(Mutex::new(LruCache::new(NonZeroUsize::new(DOCUMENTS_MAX).expect("more than none"))))
    }
}

impl Growth {
    fn with<T>(&self, work: impl FnOnce(&mut LruCache<DocumentId, VecDeque<(u64, RecordId)>>) -> T) -> T {
        work(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// Remembers a step that is in the database.
    pub(super) fn note(&self, document: DocumentId, generation: u64, record: RecordId) {
        self.with(|known| {
            let steps = known.get_or_insert_mut(document, VecDeque::new);
            if steps.len() >= STEPS_MAX {
                steps.pop_front();
            }
            steps.push_back((generation, record));
        });
    }

    /// Nothing is known of a document any more.
    pub(super) fn forget(&self, document: &DocumentId) {
        self.with(|known| known.pop(document));
    }

    /// Nothing is known any more.
    pub(super) fn clear(&self) {
        self.with(LruCache::clear);
    }

    /// The last step.
    pub(super) fn newest(&self, document: &DocumentId) -> Option<u64> {
        self.with(|known| known.get(document)?.back().map(|(generation, _)| *generation))
    }

    /// The records that came after one generation, up to another, in the order in which they came; `None`
    /// if that is not known.
    pub(super) fn between(&self, document: &DocumentId, after: u64, until: u64) -> Option<Vec<RecordId>> {
        if after == until {
            return Some(Vec::new());
        }
        self.with(|known| {
            let steps = known.get(document)?;
            let place = |generation: u64| steps.iter().position(|(of, _)| *of == generation);
            let (first, last) = (place(after)?, place(until)?);
            (first < last).then(|| steps.range(first + 1..=last).map(|(_, record)| *record).collect())
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_came_since_is_known_as_long_as_all_of_it_is_remembered() {
        let (growth, document) = (Growth::default(), DocumentId([1; 16]));
        let record = |n: u64| RecordId([u8::try_from(n).expect("few"); 32]);
        assert_eq!(growth.newest(&document), None);
        assert_eq!(growth.between(&document, 7, 7), Some(Vec::new()), "nothing comes between a step and itself");
        for n in 1..=3 {
            growth.note(document, n * 10, record(n));
        }
        assert_eq!(growth.newest(&document), Some(30));
        assert_eq!(growth.between(&document, 10, 30), Some(vec![record(2), record(3)]));
        assert_eq!(growth.between(&document, 5, 30), None, "what came before the first step is not known");
        assert_eq!(growth.between(&document, 10, 40), None);
        assert_eq!(growth.between(&document, 30, 10), None);
        for n in 4..=STEPS_MAX as u64 + 1 {
            growth.note(document, n * 10, record(n));
        }
        assert_eq!(growth.between(&document, 10, 30), None, "the first step is forgotten");
        growth.forget(&document);
        assert_eq!(growth.newest(&document), None);
    }
}
