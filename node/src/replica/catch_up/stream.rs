//! Copying everything: blocks in the order of the set, each checked while the one before is stored.

use std::sync::Arc;

use crdt::id::Timestamp;

use super::super::arrival::Checking;
use super::super::{Effect, PeerName, Replica};
use super::{Session, Stage};
use crate::fault::Fault;
use crate::store::OrderKey;
use crate::wire::Response;

/// A block of a stream, which is being checked, and between which places of the order it stands.
#[derive(Debug)]
pub struct Streamed {
    pub(super) block: Arc<Vec<u8>>,
    pub(super) checking: Checking,
    pub(super) after: Option<OrderKey>,
    pub(super) last: Option<OrderKey>,
}

impl Replica {
    /// A block of everything after a place, for a peer that copies.
    pub(super) fn give_from(&self, after: &[u8]) -> Result<Response, Fault> {
        let after = OrderKey::from_bytes(after);
        let (block, next) = self.store.block_to_copy(after)?;
        let next = next.map(|key| key.to_bytes().to_vec()).unwrap_or_default();
        Ok(Response::Stream { block, next })
    }

    /// Takes a block of a stream.
    pub(in crate::replica) fn streamed(
        &mut self,
        peer: &PeerName,
        streamed: Streamed,
        now: Timestamp,
        effects: &mut Vec<Effect>,
    ) -> Result<(), Fault> {
        let Some(mut session) = self.peers.get_mut(peer).and_then(|state| state.session.take()) else { return Ok(()) };
        // The connection may have gone and come back meanwhile, with a session of its own.
        let is_old = !matches!(session.stage, Stage::Stream { .. });
        if is_old || self.take_streamed(peer, &mut session, streamed, effects)? {
            self.put_back(peer, session);
            return Ok(());
        }
        self.end_session(peer, &session, now, effects)
    }

    /// The same; one that brought nothing but news is kept for those who copy from here.
    pub(super) fn take_streamed(
        &mut self,
        peer: &PeerName,
        session: &mut Session,
        Streamed { block, checking, after, last }: Streamed,
        effects: &mut Vec<Effect>,
    ) -> Result<bool, Fault> {
        let outcome = self.take_checked(checking, effects)?;
        let goes_on = self.took_session_block(peer, session, &outcome, block.len(), effects);
        if let Some(last) = last.filter(|_| outcome.records() == outcome.new.len() as u64) {
            self.store.keep_block(after, last, &outcome.new, &block)?;
        }
        Ok(goes_on)
    }
}
