//! Reads again, slowly and all the time, what nobody asks for: bits rot on old disks, and what is
//! found damaged while others still have it costs nothing. Counts all documents before it begins.
//!
//! Whatever is found damaged, here or by somebody's reading, comes back from the journal if it is
//! this node's own, else by catching up.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError};
use std::time::{Duration, Instant};

use crdt::gate::DocumentKind;
use crdt::id::{DocumentId, RecordId};
use crdt::record::Kind;
use tokio::sync::mpsc;

use crate::fault::Fault;
use crate::journal::Checked;
use crate::replica::{Effect, Replica};
use crate::run::Command;
use crate::store::{OrderKey, Store};

/// Records of one step. With one step a second, 10,000 are read in a quarter of an hour at less than two
/// thousandths of a core: a node at rest is to take less than five in all.
pub(crate) const STEP: usize = 12;
/// Between two steps.
const PAUSE: Duration = Duration::from_secs(1);

/// How often the journal is read as a whole, after the first time at the start: a little by the loop, in turn with
/// the steps, so that both together take no more than one.
const JOURNAL_EVERY: Duration = Duration::from_secs(6 * 3600);

/// How far the reading is.
#[derive(Default)]
pub struct Scrub {
    after: Option<OrderKey>,
}

/// What was found damaged.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Damage {
    /// Records that were dropped, by this reading or by others since the last step.
    pub records: Vec<RecordId>,
    /// Documents whose page could not be read; they are to be derived anew.
    pub documents: Vec<DocumentId>,
}

impl Damage {
    fn is_none(&self) -> bool {
        self.records.is_empty() && self.documents.is_empty()
    }
}

impl Scrub {
    /// Reads a few records and what is shown of their documents; after the last record begins again.
    ///
    /// # Errors
    /// A fault of the database.
    pub fn step(&mut self, store: &Store) -> Result<Damage, Fault> {
        let mut documents = Vec::new();
        let mut read = 0;
        for key in store.order_after(self.after).take(STEP) {
            let key = key?;
            read += 1;
            self.after = Some(key);
            let Some(record) = store.record(&key.id)? else { continue };
            let document = record.document();
            if record.kind() == Kind::Change && !store.is_shown_whole(&document)? && !documents.contains(&document) {
                store.pend(&document)?;
                documents.push(document);
            }
        }
        if read < STEP {
            self.after = None;
        }
        Ok(Damage { records: store.take_lost(), documents })
    }
}

/// The thread that scrubs, until the loop is gone.
pub(crate) struct Scrubbing {
    pub(crate) store: Arc<Store>,
    pub(crate) commands: mpsc::WeakSender<Command>,
    pub(crate) fatal: mpsc::Sender<Fault>,
    pub(crate) stop: Arc<AtomicBool>,
}

impl Scrubbing {
    pub(crate) fn run(&self, gone: &Receiver<()>) {
        // A node that has just started meets its peers first.
        if matches!(gone.recv_timeout(PAUSE), Err(RecvTimeoutError::Timeout)) {
            self.count();
        }
        let mut scrub = Scrub::default();
        let (round_ended, mut rest_since) = (Arc::new(AtomicBool::new(false)), None);
        let mut is_journals_turn = false;
        while matches!(gone.recv_timeout(PAUSE), Err(RecvTimeoutError::Timeout)) && !self.stop.load(Ordering::Relaxed) {
            if !round_ended.load(Ordering::Relaxed) {
                rest_since = None;
                is_journals_turn = !is_journals_turn;
                if is_journals_turn {
                    self.check_journal(&round_ended);
                    continue;
                }
            } else if rest_since.get_or_insert_with(Instant::now).elapsed() > JOURNAL_EVERY {
                round_ended.store(false, Ordering::Relaxed);
            }
            match scrub.step(&self.store) {
                Ok(damage) if damage.is_none() => {}
                Ok(damage) => self.heal(damage),
                Err(fault) if self.store.disk().note(&fault) => {}
                Err(fault) => {
                    let _ = self.fatal.blocking_send(fault);
                    return;
                }
            }
        }
    }

    /// Counts all documents once, so that the first who asks for the counts does not wait for it.
    fn count(&self) {
        if let Err(fault) = self.store.census(DocumentKind::Practice, &[]) {
            tracing::debug!(%fault, "documents are not counted yet");
        }
    }

    /// Has the loop read some of the journal, and note when it came to the end.
    fn check_journal(&self, round_ended: &Arc<AtomicBool>) {
        let Some(commands) = self.commands.upgrade() else { return };
        let (store, round_ended) = (Arc::clone(&self.store), Arc::clone(round_ended));
        let check = move |replica: &mut Replica| match replica.check_journal() {
            Ok(Checked::SoFar) => {}
            Ok(Checked::Whole) => round_ended.store(true, Ordering::Relaxed),
            Ok(Checked::Damaged) => tracing::warn!("the journal had rotted and was written anew from the store"),
            Err(fault) => {
                store.disk().note(&fault);
                tracing::error!(%fault, "cannot check the journal");
                round_ended.store(true, Ordering::Relaxed);
            }
        };
        // A loop that is too busy for this now is asked again at the next step.
        let _ = commands.try_send(Box::new(move |replica, _, _, _| check(replica)));
    }

    fn heal(&self, damage: Damage) {
        tracing::warn!(records = damage.records.len(), pages = damage.documents.len(), "found damage; mending it");
        let Some(commands) = self.commands.upgrade() else { return };
        // A loop that is too busy for this now has the next catch-up anyway.
        let _ = commands.try_send(Box::new(move |replica, _, now, effects| {
            for record in &damage.records {
                if let Err(fault) = replica.restore_own(record, effects) {
                    tracing::error!(%fault, "cannot bring back an own record");
                }
            }
            effects.push(Effect::Derive);
            replica.hurry(now);
        }));
    }
}
