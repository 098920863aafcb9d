//! The disk refused, and is tried again: what a failed write left half done is mended, as at a start
//! after a power cut, with everything else of the node running. See [`crate::disk`].

use crdt::id::Timestamp;

use super::{Effect, GossipVerdict, Input, PeerName, Replica, Ticket};
use crate::fault::Fault;
use crate::replica::PublishError;
use crate::wire::Response;

/// Who waits for an answer to an input that met a disk that refuses.
pub(super) enum Asker {
    Gossip(PeerName, Vec<u8>),
    Request(Ticket),
    Session(PeerName),
    Nobody,
}

impl Asker {
    pub(super) fn of(input: &Input) -> Self {
        match input {
            Input::Heard { peer, message, .. } => Self::Gossip(peer.clone(), message.clone()),
            Input::Asked(_, ticket, _) => Self::Request(*ticket),
            Input::Answered(peer, ..) | Input::Streamed(peer, _) | Input::Connected { peer, .. } => {
                Self::Session(peer.clone())
            }
            Input::Disconnected(_) | Input::Failed(..) | Input::Garbled(_) | Input::Woken => Self::Nobody,
        }
    }
}

impl Replica {
    /// Whether the disk refuses, so that nothing new is to be taken.
    pub(super) fn is_refused(&self) -> bool {
        self.store.disk().refuses()
    }

    /// Lets whoever waits go: the disk refuses what they brought or asked for.
    pub(super) fn let_go(&mut self, asker: Asker, effects: &mut Vec<Effect>) {
        match asker {
            Asker::Gossip(peer, message) => effects.push(Effect::Judge(peer, message, GossipVerdict::Ignore)),
            Asker::Request(ticket) => effects.push(Effect::Answer(ticket, Response::Busy)),
            Asker::Session(peer) => {
                if let Some(state) = self.peers.get_mut(&peer) {
                    state.session = None;
                }
            }
            Asker::Nobody => {}
        }
    }

    /// Tries the disk again, and mends what was left half done. `false` if it still refuses.
    ///
    /// # Errors
    /// A fault that is not the disk's refusal.
    pub fn recover(&mut self, now: Timestamp, effects: &mut Vec<Effect>) -> Result<bool, Fault> {
        if !self.is_refused() {
            return Ok(true);
        }
        match self.mend(effects) {
            Ok(()) => {
                self.store.disk().accept();
                effects.push(Effect::Derive);
                effects.push(Effect::Sync);
                self.hurry(now);
                Ok(true)
            }
            Err(fault) if self.store.disk().note(&fault) => Ok(false),
            Err(fault) => Err(fault),
        }
    }

    fn mend(&mut self, effects: &mut Vec<Effect>) -> Result<(), Fault> {
        self.store.disk().try_writing()?;
        self.journal.mend()?;
        if self.store.is_suspect() {
            self.store.reopen()?;
            // A store that lacks what was acknowledged would deny it: rather it shows nothing until the next try.
            self.fill_from_journal(effects).inspect_err(|_| self.store.close())?;
        }
        self.forget_all()
    }

    /// Tells a store that was opened anew what it lost.
    fn fill_from_journal(&mut self, effects: &mut Vec<Effect>) -> Result<(), Fault> {
        let noted = self.store.note("journal")?.and_then(|bytes| bytes.try_into().ok());
        let tail = self.journal.since(noted.map_or(0, u64::from_be_bytes))?;
        self.take_records(tail.records, effects)?;
        self.store.set_note("journal", &self.journal.len().to_be_bytes())?;
        self.store.sync()
    }

    /// Whether something may be published; a disk that refused is tried first.
    pub(super) fn ready_to_write(&mut self, now: Timestamp, effects: &mut Vec<Effect>) -> Result<(), PublishError> {
        if self.recover(now, effects)? {
            return Ok(());
        }
        let refusal = self.store.disk().refusal().unwrap_or_default();
        Err(Fault::from(refusal).into())
    }
}
