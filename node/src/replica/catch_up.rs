//! Catching up: the asker compares sets with one peer, takes what it lacks and gives what the peer
//! lacks. The peer's side answers from the request and the set alone.

mod stream;

use std::collections::{BTreeSet, VecDeque};
use std::sync::Arc;

use crdt::id::{RecordId, Timestamp};
use web_ui::library::Notice;

use super::arrival::Checking;
use super::{BlockOutcome, Effect, Input, PeerName, Replica, RequestId, Ticket};
use crate::bundle;
use crate::fault::Fault;
use crate::reconcile;
use crate::store::OrderKey;
use crate::wire::{FETCH_IDS_MAX, ROUNDS_MAX, Request, Response, SESSION_IDS_MAX, Summary, introduced, stream_request};

pub use stream::Streamed;

/// Requests for records under way at once: while one block is taken, the next one travels.
const FETCHES_AT_ONCE: usize = 2;
/// Records that a peer says it has, from which on it should give at least one.
const PROMISE_MIN: u64 = 16;
/// Blocks in one session that bring more refused records than new ones, before the peer is left.
const BAD_BLOCKS_MAX: u32 = 3;

/// A catch-up that this node leads.
pub(super) struct Session {
    stage: Stage,
    /// Requests under way, with the ids that a fetch asked for.
    under_way: Vec<(RequestId, Vec<RecordId>)>,
    rounds: u32,
    bad_blocks: u32,
    peer_records: u64,
    /// Records that we asked for because the peer said it has them.
    promised: u64,
    /// Records that it gave.
    given: u64,
    /// Records that were new here, and records that were new there, since the sets were compared.
    useful: u64,
    /// Whether the peer could not or would not go on.
    failed: bool,
    /// Own records that waited for somebody when it began: its end means that they are given.
    unsent: u64,
}

enum Stage {
    /// Comparing in short, with what was here when it was asked.
    Summary(Summary),
    /// Taking everything in order: what comes after this place is asked for, and the block before it is checked
    /// until the next one has come to be checked.
    Stream { after: Option<OrderKey>, held: Option<Streamed> },
    /// Finding where the sets differ.
    Reconcile { session: Box<reconcile::Session>, need: Vec<RecordId>, have: Vec<RecordId> },
    /// Taking and giving.
    Transfer { need: VecDeque<RecordId>, have: VecDeque<RecordId>, again: bool },
}

impl Replica {
    pub(super) fn begin_session(
        &mut self,
        peer: &PeerName,
        now: Timestamp,
        effects: &mut Vec<Effect>,
    ) -> Result<(), Fault> {
        let request = self.request();
        let (unsent, ours) = (self.unsent, self.summary());
        self.last_catch_up = now;
        if self.is_refused() {
            return Ok(());
        }
        let Some(state) = self.peers.get_mut(peer) else { return Ok(()) };
        if state.session.is_some() || !state.connected {
            return Ok(());
        }
        state.session = Some(Session {
            stage: Stage::Summary(ours),
            under_way: vec![(request, Vec::new())],
            rounds: 0,
            bad_blocks: 0,
            peer_records: 0,
            promised: 0,
            given: 0,
            useful: 0,
            failed: false,
            unsent,
        });
        let question = if state.met {
            Request::Summary(ours)
        } else {
            Request::Meet { introduction: self.introduction.clone(), summary: Some(ours) }
        };
        effects.push(Effect::Ask(peer.clone(), request, question));
        Ok(())
    }

    /// Notes what a peer says of itself, and that it knows who this node is.
    fn met(&mut self, peer: &PeerName, introduction: &str) {
        // Whoever only tries an address does not say.
        if let Some(state) = self.peers.get_mut(peer).filter(|_| !introduction.is_empty()) {
            (state.agent, state.met) = (introduced(introduction), true);
        }
    }

    fn summary(&self) -> Summary {
        let totals = self.store.totals();
        Summary { records: totals.records, fingerprint: totals.fingerprint() }
    }

    // The peer's side.

    pub(super) fn asked(
        &mut self,
        peer: &PeerName,
        ticket: Ticket,
        request: Request,
        now: Timestamp,
        effects: &mut Vec<Effect>,
    ) -> Result<(), Fault> {
        if !self.may_ask(peer, &request) {
            effects.push(Effect::Answer(ticket, Response::Busy));
            return Ok(());
        }
        let response = match request {
            Request::Summary(theirs) => {
                // Whoever asks leads; if we lack something, it pushes it in the same session.
                let _ = theirs;
                Response::Summary(self.summary())
            }
            Request::Meet { introduction, summary } => {
                self.met(peer, &introduction);
                let ours = self.summary();
                let summary = summary.and_then(|theirs| (theirs != ours).then_some(ours));
                Response::Met { introduction: self.introduction.clone(), summary }
            }
            Request::Reconcile(message) => match self.snapshot.of(&self.store)?.answer(&message) {
                Ok(answer) => Response::Reconcile(answer),
                Err(_) => Response::Busy,
            },
            Request::Fetch(ids) => self.give(&ids)?,
            Request::Stream(after) => {
                if let Some(state) = self.peers.get_mut(peer) {
                    state.copied_at = Some(now);
                }
                self.give_from(&after)?
            }
            Request::Push(block) => {
                let outcome = self.take_block(&block, effects)?;
                let _ = self.count(peer, &outcome, block.len());
                if outcome.waiting > 0 {
                    self.hurry(now);
                }
                let count = |n: u64| u32::try_from(n).unwrap_or(u32::MAX);
                Response::Pushed { new: count(outcome.new.len() as u64), refused: count(outcome.refused_count()) }
            }
        };
        if let Response::Block { block, .. } | Response::Stream { block, .. } = &response {
            if !self.may_have(peer, block.len()) {
                effects.push(Effect::Answer(ticket, Response::Busy));
                return Ok(());
            }
            if let Some(state) = self.peers.get_mut(peer) {
                state.sent += 1;
                state.sent_bytes += block.len() as u64;
            }
        }
        effects.push(Effect::Answer(ticket, response));
        Ok(())
    }

    fn give(&self, ids: &[RecordId]) -> Result<Response, Fault> {
        let mut records = Vec::new();
        let mut bytes = 0;
        let mut done = 0u32;
        for id in ids.iter().take(FETCH_IDS_MAX) {
            if let Some(record) = self.store.record(id)? {
                bytes += record.bytes().len() + 4;
                if bytes > bundle::BLOCK_RAW_TARGET && !records.is_empty() {
                    break;
                }
                records.push(record);
            }
            done += 1;
        }
        Ok(Response::Block { block: bundle::pack_to_send(records.iter().map(crdt::record::Record::bytes)), done })
    }

    // The asker's side.

    pub(super) fn failed(
        &mut self,
        peer: &PeerName,
        id: RequestId,
        now: Timestamp,
        effects: &mut Vec<Effect>,
    ) -> Result<(), Fault> {
        if let Some((_, _, Some(message))) = self.fetching.remove(&id) {
            effects.push(Effect::Judge(peer.clone(), message, super::GossipVerdict::Ignore));
            self.hurry(now);
        }
        if let Some(state) = self.peers.get_mut(peer)
            && state.session.as_ref().is_some_and(|session| session.under_way.iter().any(|(under, _)| *under == id))
        {
            state.session = None;
            self.hurry(now.plus_ms(super::CATCH_UP_AGAIN_MS));
            self.ask_next(now, effects)?;
        }
        Ok(())
    }

    pub(super) fn answered(
        &mut self,
        peer: &PeerName,
        id: RequestId,
        response: Response,
        now: Timestamp,
        effects: &mut Vec<Effect>,
    ) -> Result<(), Fault> {
        if let Some((_, _, message)) = self.fetching.remove(&id) {
            return match response {
                Response::Block { block, .. } => self.fetched(peer, message, &block, effects),
                _ => Ok(()),
            };
        }
        let Some(mut session) = self.peers.get_mut(peer).and_then(|state| state.session.take()) else { return Ok(()) };
        let Some(at) = session.under_way.iter().position(|(under_way, _)| *under_way == id) else {
            self.put_back(peer, session);
            return Ok(());
        };
        let (_, asked) = session.under_way.remove(at);
        let goes_on = self.advance(peer, &mut session, asked, response, effects)?;
        if goes_on {
            self.put_back(peer, session);
        } else {
            self.end_session(peer, &session, now, effects)?;
        }
        Ok(())
    }

    fn put_back(&mut self, peer: &PeerName, session: Session) {
        if let Some(state) = self.peers.get_mut(peer) {
            state.session = Some(session);
        }
    }

    /// Takes one answer; says whether the session goes on.
    fn advance(
        &mut self,
        peer: &PeerName,
        session: &mut Session,
        asked: Vec<RecordId>,
        response: Response,
        effects: &mut Vec<Effect>,
    ) -> Result<bool, Fault> {
        match (&mut session.stage, response) {
            (Stage::Summary(_), Response::Summary(theirs)) => self.compare(peer, session, theirs, effects),
            (Stage::Summary(asked), Response::Met { introduction, summary }) => {
                let theirs = summary.unwrap_or(*asked);
                self.met(peer, &introduction);
                self.compare(peer, session, theirs, effects)
            }
            (Stage::Stream { after, held }, Response::Stream { block, next }) => {
                let (block, last) = (Arc::new(block), OrderKey::from_bytes(&next));
                let checking = Checking::begin(Arc::clone(&block), Arc::clone(&self.store));
                let streamed = Streamed { block, checking, after: *after, last };
                if last.is_some() {
                    *after = last;
                    // The peer makes the next block and this one is checked while the one before is taken.
                    let before = held.replace(streamed);
                    self.ask(peer, session, stream_request(last), Vec::new(), effects);
                    effects.extend(before.map(|one| Effect::Defer(Input::Streamed(peer.clone(), one))));
                    return Ok(true);
                }
                for one in held.take().into_iter().chain([streamed]) {
                    if !self.take_streamed(peer, session, one, effects)? {
                        return Ok(false);
                    }
                }
                self.copied_to = None;
                self.begin_reconcile(peer, session, effects)
            }
            (Stage::Reconcile { .. }, Response::Reconcile(message)) => self.reconcile(peer, session, &message, effects),
            (Stage::Transfer { .. }, Response::Block { block, done }) => {
                let goes_on = self.take_session_block(peer, session, &block, effects)?;
                if let Stage::Transfer { need, .. } = &mut session.stage {
                    // An answer that is done with nothing would be asked for ever.
                    let done = (done as usize).max(1).min(asked.len());
                    asked[done..].iter().rev().for_each(|id| need.push_front(*id));
                }
                Ok(goes_on && self.transfer(peer, session, effects)?)
            }
            (Stage::Transfer { .. }, Response::Pushed { new, .. }) => {
                session.useful += u64::from(new);
                if let Some(state) = self.peers.get_mut(peer) {
                    state.sent += u64::from(new);
                }
                self.transfer(peer, session, effects)
            }
            _ => {
                session.failed = true;
                Ok(false)
            }
        }
    }

    fn ask(
        &mut self,
        peer: &PeerName,
        session: &mut Session,
        request: Request,
        ids: Vec<RecordId>,
        effects: &mut Vec<Effect>,
    ) {
        let id = self.request();
        session.under_way.push((id, ids));
        effects.push(Effect::Ask(peer.clone(), id, request));
    }

    fn begin_reconcile(
        &mut self,
        peer: &PeerName,
        session: &mut Session,
        effects: &mut Vec<Effect>,
    ) -> Result<bool, Fault> {
        let bug = |error: negentropy::Error| Fault::Bug(error.to_string());
        let mut leading = self.snapshot.of(&self.store)?.session().map_err(bug)?;
        let message = leading.initiate().map_err(bug)?;
        session.stage = Stage::Reconcile { session: Box::new(leading), need: Vec::new(), have: Vec::new() };
        (session.rounds, session.useful) = (0, 0);
        self.ask(peer, session, Request::Reconcile(message), Vec::new(), effects);
        Ok(true)
    }

    fn reconcile(
        &mut self,
        peer: &PeerName,
        session: &mut Session,
        message: &[u8],
        effects: &mut Vec<Effect>,
    ) -> Result<bool, Fault> {
        let Stage::Reconcile { session: leading, need, have } = &mut session.stage else { return Ok(false) };
        let (mut our, mut their) = (Vec::new(), Vec::new());
        let Ok(next) = leading.reconcile_with_ids(message, &mut our, &mut their) else { return Ok(false) };
        need.extend(their.iter().map(|id| RecordId(*id.as_bytes())));
        have.extend(our.iter().map(|id| RecordId(*id.as_bytes())));
        session.rounds += 1;
        let full = need.len() + have.len() > SESSION_IDS_MAX || session.rounds >= ROUNDS_MAX;
        match next {
            Some(next) if !full => {
                self.ask(peer, session, Request::Reconcile(next), Vec::new(), effects);
                Ok(true)
            }
            rest => {
                let (need, have) = (std::mem::take(need), std::mem::take(have));
                // In an order of their own, not the one of a hash map: the same world must replay.
                let (need, have) = (BTreeSet::from_iter(need), BTreeSet::from_iter(have));
                let need: VecDeque<RecordId> = need.into_iter().filter(|id| self.wants(id)).collect();
                if let Some(state) = self.peers.get_mut(peer) {
                    state.missing = need.len() as u64;
                }
                session.stage = Stage::Transfer { need, have: have.into_iter().collect(), again: rest.is_some() };
                self.transfer(peer, session, effects)
            }
        }
    }

    /// Asks for what is still needed and gives what is still to give; `false` when done.
    fn transfer(&mut self, peer: &PeerName, session: &mut Session, effects: &mut Vec<Effect>) -> Result<bool, Fault> {
        loop {
            let pushing = session.under_way.iter().any(|(_, ids)| ids.is_empty());
            let fetches = session.under_way.iter().filter(|(_, ids)| !ids.is_empty()).count();
            let Stage::Transfer { need, have, again } = &mut session.stage else { return Ok(false) };
            if !need.is_empty() && fetches < FETCHES_AT_ONCE {
                let ids: Vec<RecordId> = need.drain(..need.len().min(FETCH_IDS_MAX)).collect();
                let ids: Vec<RecordId> = ids.into_iter().filter(|id| self.wants(id)).collect();
                if !ids.is_empty() {
                    session.promised += ids.len() as u64;
                    self.ask(peer, session, Request::Fetch(ids.clone()), ids, effects);
                }
            } else if !have.is_empty() && !pushing {
                let mut records = Vec::new();
                let mut bytes = 0;
                while bytes < bundle::BLOCK_RAW_TARGET / 2 && records.len() < FETCH_IDS_MAX {
                    let Some(id) = have.pop_front() else { break };
                    if let Some(record) = self.store.record(&id)? {
                        bytes += record.bytes().len() + 4;
                        records.push(record);
                    }
                }
                if !records.is_empty() {
                    let block = bundle::pack_to_send(records.iter().map(crdt::record::Record::bytes));
                    if let Some(state) = self.peers.get_mut(peer) {
                        state.sent_bytes += block.len() as u64;
                    }
                    self.ask(peer, session, Request::Push(block), Vec::new(), effects);
                }
            } else if !session.under_way.is_empty() {
                return Ok(true);
            } else if *again && session.useful > 0 {
                // Sets that differ as much as before would be compared for ever.
                return self.begin_reconcile(peer, session, effects);
            } else {
                return Ok(false);
            }
        }
    }

    /// Takes a block that a session brought; `false` if the peer gives us rubbish.
    fn take_session_block(
        &mut self,
        peer: &PeerName,
        session: &mut Session,
        block: &[u8],
        effects: &mut Vec<Effect>,
    ) -> Result<bool, Fault> {
        let outcome = self.take_block(block, effects)?;
        Ok(self.took_session_block(peer, session, &outcome, block.len(), effects))
    }

    /// What a block that a session brought means for it; `false` if the peer gives us rubbish.
    fn took_session_block(
        &mut self,
        peer: &PeerName,
        session: &mut Session,
        outcome: &BlockOutcome,
        bytes: usize,
        effects: &mut Vec<Effect>,
    ) -> bool {
        let may_go_on = self.count(peer, outcome, bytes);
        session.useful += outcome.new.len() as u64;
        session.given += outcome.records();
        session.bad_blocks += u32::from(outcome.refused_count() > outcome.new.len() as u64);
        let records = self.store.totals().records;
        if let Some(state) = self.peers.get_mut(peer) {
            state.missing = match &session.stage {
                Stage::Transfer { need, .. } => {
                    let asked: usize = session.under_way.iter().map(|(_, ids)| ids.len()).sum();
                    (need.len() + asked) as u64
                }
                _ => session.peer_records.saturating_sub(records),
            };
            effects.push(Effect::Notify(Notice::CatchUp { records, missing: state.missing }));
        }
        if session.bad_blocks >= BAD_BLOCKS_MAX {
            effects.push(Effect::HangUp(peer.clone()));
            session.failed = true;
            return false;
        }
        session.failed |= !may_go_on;
        may_go_on
    }

    fn end_session(
        &mut self,
        peer: &PeerName,
        session: &Session,
        now: Timestamp,
        effects: &mut Vec<Effect>,
    ) -> Result<(), Fault> {
        let records = self.store.totals().records;
        self.plan_catch_up(now.plus_ms(super::CATCH_UP_EVERY_MS));
        // A few are taken back or found damaged meanwhile; whoever gives none of many never had them.
        self.promised(peer, session.promised < PROMISE_MIN || session.given > 0);
        if !session.failed {
            self.caught_up_at = Some(now);
            self.unsent = self.unsent.saturating_sub(session.unsent);
        }
        if let Some(state) = self.peers.get_mut(peer) {
            // The next in turn is another one, even if this one failed.
            state.caught_up_at = Some(now);
            state.missing = 0;
            tracing::debug!(rounds = session.rounds, records, "caught up");
        }
        effects.push(Effect::Notify(Notice::CatchUp { records, missing: 0 }));
        if session.useful > 0 && self.round.as_ref().is_some_and(|round| !round.thorough) {
            self.round = None;
        }
        self.ask_next(now, effects)
    }
}
