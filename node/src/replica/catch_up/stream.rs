//! Copying everything: blocks in the order of the set, each checked while the one before is stored.

use std::sync::Arc;

use crdt::id::Timestamp;

use super::super::arrival::Checking;
use super::super::{BlockOutcome, Effect, Input, PeerName, Replica};
use super::{Session, Stage};
use crate::fault::Fault;
use crate::store::OrderKey;
use crate::wire::{Response, Summary, stream_request};

/// A peer with this many times what we have is streamed whole instead of compared: no ids travel.
const STREAM_FACTOR: u64 = 4;

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

    /// Chooses what to do about what the peer has, in short: nothing, to copy, or to compare in detail. A copy that
    /// was broken off goes on where it was: a phone's line breaks every few minutes.
    pub(super) fn compare(
        &mut self,
        peer: &PeerName,
        session: &mut Session,
        theirs: Summary,
        effects: &mut Vec<Effect>,
    ) -> Result<bool, Fault> {
        session.peer_records = theirs.records;
        let ours = self.summary();
        if theirs == ours {
            return Ok(false);
        }
        let goes_on = self.copied_to.is_some() && ours.records < theirs.records;
        if goes_on || ours.records.saturating_mul(STREAM_FACTOR) < theirs.records {
            let after = self.copied_to;
            session.stage = Stage::Stream { after, held: None };
            self.ask(peer, session, stream_request(after), Vec::new(), effects);
            return Ok(true);
        }
        self.begin_reconcile(peer, session, effects)
    }

    /// Takes a block of a stream, also one that came before the connection went.
    pub(in crate::replica) fn streamed(
        &mut self,
        peer: &PeerName,
        streamed: Streamed,
        now: Timestamp,
        effects: &mut Vec<Effect>,
    ) -> Result<(), Fault> {
        let Some(mut session) = self.peers.get_mut(peer).and_then(|state| state.session.take()) else {
            return self.store_streamed(streamed, effects).map(|_| ());
        };
        // The connection may have gone and come back meanwhile, with a session of its own.
        let is_old = !matches!(session.stage, Stage::Stream { .. });
        if is_old || self.take_streamed(peer, &mut session, streamed, effects)? {
            self.put_back(peer, session);
            return Ok(());
        }
        self.end_session(peer, &session, now, effects)
    }

    /// What to do with the block that was being checked when the connection went.
    pub(in crate::replica) fn left_over(peer: &PeerName, session: Session) -> Option<Effect> {
        let Stage::Stream { held: Some(one), .. } = session.stage else { return None };
        Some(Effect::Defer(Input::Streamed(peer.clone(), one)))
    }

    /// Takes a block; says whether the session goes on.
    pub(super) fn take_streamed(
        &mut self,
        peer: &PeerName,
        session: &mut Session,
        streamed: Streamed,
        effects: &mut Vec<Effect>,
    ) -> Result<bool, Fault> {
        let bytes = streamed.block.len();
        let outcome = self.store_streamed(streamed, effects)?;
        Ok(self.took_session_block(peer, session, &outcome, bytes, effects))
    }

    /// Stores a block; one that brought nothing but news is kept for those who copy from here.
    fn store_streamed(
        &mut self,
        Streamed { block, checking, after, last }: Streamed,
        effects: &mut Vec<Effect>,
    ) -> Result<BlockOutcome, Fault> {
        let outcome = self.take_checked(checking, effects)?;
        let Some(last) = last.filter(|_| outcome.refused_count() == 0) else { return Ok(outcome) };
        if self.copied_to == after {
            self.copied_to = Some(last);
        }
        if outcome.records() == outcome.new.len() as u64 {
            self.store.keep_block(after, last, &outcome.new, &block)?;
        }
        Ok(outcome)
    }
}
