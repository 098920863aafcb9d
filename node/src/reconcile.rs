//! The set as range-based reconciliation sees it: a snapshot, shared by all sessions.

use std::sync::Arc;

use negentropy::{Bound, Id, Item, Negentropy, NegentropyStorageBase, NegentropyStorageVector};

use crate::fault::Fault;
use crate::store::{OrderKey, Store};
use crate::wire::RECONCILE_BYTES_MAX;

type Result<T> = std::result::Result<T, negentropy::Error>;

/// A sorted snapshot of the set. 40 bytes a record.
#[derive(Clone)]
pub struct Snapshot(Arc<NegentropyStorageVector>);

/// A reconciliation that this node leads.
pub type Session = Negentropy<'static, Snapshot>;

impl Snapshot {
    /// Reads the order of the store.
    ///
    /// # Errors
    /// A fault of the database.
    pub fn of(store: &Store) -> std::result::Result<Self, Fault> {
        let order = store.order()?;
        let mut vector = NegentropyStorageVector::with_capacity(order.len());
        let sealed =
            order.iter().try_for_each(|key: &OrderKey| vector.insert(key.rank(), Id::from_byte_array(key.id.0)));
        sealed.and_then(|()| vector.seal()).map_err(|error| Fault::Bug(error.to_string()))?;
        Ok(Self(Arc::new(vector)))
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
