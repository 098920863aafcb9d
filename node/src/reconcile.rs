//! The set as range-based reconciliation sees it: a snapshot, shared by all sessions.

use std::sync::Arc;

use negentropy::{Bound, Id, Item, Negentropy, NegentropyStorageBase, NegentropyStorageVector};

use crate::fault::Fault;
use crate::store::{OrderKey, Store, Totals};
use crate::wire::RECONCILE_BYTES_MAX;

/// Records that a snapshot is grown by; with more of them the store is read anew. What comes between two
/// meetings is far less, and what comes by the block is not worth the memory.
const GROWN_BY_MAX: usize = 4_096;

type Result<T> = std::result::Result<T, negentropy::Error>;

/// A sorted snapshot of the set. 40 bytes a record.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Snapshot(Arc<NegentropyStorageVector>);

/// A reconciliation that this node leads.
pub type Session = Negentropy<'static, Snapshot>;

impl Snapshot {
    /// Reads the order of the store.
    ///
    /// # Errors
    /// A fault of the database.
    pub fn of(store: &Store) -> std::result::Result<Self, Fault> {
        Self::of_order(&store.order()?)
    }

    fn of_order(order: &[OrderKey]) -> std::result::Result<Self, Fault> {
        Self(Arc::new(NegentropyStorageVector::with_capacity(order.len()))).grown(order)
    }

    /// The same with more records.
    fn grown(mut self, by: &[OrderKey]) -> std::result::Result<Self, Fault> {
        // Copied only if a session still looks at the smaller set.
        let vector = Arc::make_mut(&mut self.0);
        let mut grow = || {
            vector.unseal()?;
            by.iter().try_for_each(|key| vector.insert(key.rank(), Id::from_byte_array(key.id.0)))?;
            vector.seal()
        };
        grow().map_err(|error| Fault::Bug(error.to_string()))?;
        Ok(self)
    }

    /// Leads a reconciliation.
    ///
    /// # Errors
    /// A bound of the library; a bug here.
    pub fn session(&self) -> Result<Session> {
        Negentropy::owned(self.clone(), RECONCILE_BYTES_MAX as u64)
    }

    /// Answers one message of a reconciliation that a peer leads.
    ///
    /// # Errors
    /// A message that is not one.
    pub fn answer(&self, message: &[u8]) -> Result<Vec<u8>> {
        Negentropy::owned(self.clone(), RECONCILE_BYTES_MAX as u64)?.reconcile(message)
    }
}

/// The snapshot that was made last. It grows with the set: to read the order of a hundred thousand records from
/// the store takes longer than to catch up.
#[derive(Default)]
pub struct Latest {
    made: Option<(Totals, Snapshot)>,
    /// What has come since.
    added: Vec<OrderKey>,
}

impl Latest {
    /// Whether there is one to grow.
    #[must_use]
    pub const fn is_made(&self) -> bool {
        self.made.is_some()
    }

    /// Takes note of records that are in the store now.
    pub fn note(&mut self, added: impl IntoIterator<Item = OrderKey>) {
        if !self.is_made() {
            return;
        }
        self.added.extend(added.into_iter().take(GROWN_BY_MAX + 1));
        if self.added.len() > GROWN_BY_MAX {
            *self = Self::default();
        }
    }

    /// The snapshot of the set as it is now. What else happened to the set than what was noted is seen by its
    /// fingerprint; then the store is read.
    ///
    /// # Errors
    /// A fault of the database.
    pub fn of(&mut self, store: &Store) -> std::result::Result<Snapshot, Fault> {
        let totals = store.totals();
        let Self { made, added } = std::mem::take(self);
        let is_todays = |of: &Totals| of.with(added.iter().map(|key| &key.id)).fingerprint() == totals.fingerprint();
        let snapshot = match made.filter(|(of, _)| is_todays(of)) {
            Some((_, snapshot)) if added.is_empty() => snapshot,
            Some((_, snapshot)) => snapshot.grown(&added)?,
            None => Snapshot::of(store)?,
        };
        self.made = Some((totals, snapshot.clone()));
        Ok(snapshot)
    }
}

impl NegentropyStorageBase for Snapshot {
    fn size(&self) -> Result<usize> {
        self.0.size()
    }

    fn get_item(&self, i: usize) -> Result<Option<Item>> {
        self.0.get_item(i)
    }

    fn iterate(&self, begin: usize, end: usize, cb: &mut dyn FnMut(Item, usize) -> Result<bool>) -> Result<()> {
        self.0.iterate(begin, end, cb)
    }

    fn find_lower_bound(&self, first: usize, last: usize, value: &Bound) -> usize {
        self.0.find_lower_bound(first, last, value)
    }
}

#[cfg(test)]
mod tests {
    use crdt::id::{RecordId, Timestamp};

    use super::*;

    /// Records of a set that everybody has: ten years of all communities.
    const OLD: u64 = 1_000_000;
    /// Records that the other has beside them.
    const RECENT: u64 = 10;
    /// Bytes of all messages. Meeting and the ten records themselves take some fifteen thousand more
    /// (`docs/performance.md`), and forty thousand is the bar.
    const BYTES_MAX: usize = 10_000;

    fn key(n: u64) -> OrderKey {
        let id = RecordId(*blake3::hash(&n.to_be_bytes()).as_bytes());
        OrderKey { class: 2, created_at: Timestamp(n * 300), id }
    }

    #[test]
    fn ten_recent_records_of_a_million_are_found_with_few_bytes() {
        let mut order: Vec<OrderKey> = (0..OLD).map(key).collect();
        let ours = Snapshot::of_order(&order).expect("a snapshot");
        order.extend((OLD..OLD + RECENT).map(key));
        let theirs = Snapshot::of_order(&order).expect("a snapshot");

        let mut session = ours.session().expect("a session");
        let (mut bytes, mut rounds) = (0, 0);
        let (mut have, mut need) = (Vec::new(), Vec::new());
        let mut question = Some(session.initiate().expect("a question"));
        while let Some(asked) = question {
            let answer = theirs.answer(&asked).expect("an answer");
            bytes += asked.len() + answer.len();
            rounds += 1;
            question = session.reconcile_with_ids(&answer, &mut have, &mut need).expect("a message");
        }
        let mut found: Vec<[u8; 32]> = need.iter().map(|id| id.to_bytes()).collect();
        let mut recent: Vec<[u8; 32]> = (OLD..OLD + RECENT).map(|n| key(n).id.0).collect();
        found.sort_unstable();
        recent.sort_unstable();
        assert_eq!((found, have.len()), (recent, 0));
        println!("{bytes} bytes, {rounds} rounds");
        assert!(bytes < BYTES_MAX, "{bytes} bytes");
    }
}
