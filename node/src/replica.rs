//! Decides: what to do about everything that this node hears, is asked, and is told.
//!
//! Nothing here waits, talks or reads a clock: facts come in as [`Input`] with the time, wishes go
//! out as [`Effect`]s, and the [`Store`] is called directly. So the same code runs against real
//! sockets and in a world of virtual time.
//!
//! Invariant: effects leave after the store and, for own records, the synced journal have what they
//! speak of. Durable before audible.

mod arrival;
mod catch_up;
mod conduct;
mod own;
mod peer;
mod publish;
mod recover;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use crdt::codifier;
use crdt::id::{CommunityId, DocumentId, RecordId, Timestamp};
use ed25519_dalek::SigningKey;
use web_ui::library::{Notice, Peer};

use crate::derive::Deriver;
use crate::fault::Fault;
use crate::journal::Journal;
use crate::reconcile;
use crate::store::{OrderKey, Store};
use crate::wire::{self, Request, Response};

pub use arrival::{BlockOutcome, WaitingRoom};
pub use conduct::LEFT_FOR_MS;
pub use own::rejournal;
pub use publish::{Content, Outcome, PublishError};

pub use catch_up::Streamed;
use peer::PeerState;
use recover::Asker;

/// A peer's name on the wire: opaque here.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct PeerName(pub Vec<u8>);

/// Names a request of ours, so that its answer finds it.
pub type RequestId = u64;

/// Names a request of a peer, so that our answer finds it.
pub type Ticket = u64;

/// How often a node catches up with some peer even if nothing seems missing, ms. Gossip loses a
/// message now and then, by design; this is the longest that anything stays lost.
pub const CATCH_UP_EVERY_MS: u64 = 60_000;
/// How soon a catch-up may follow another when something is missing, ms.
pub const CATCH_UP_AGAIN_MS: u64 = 2_000;
/// Peers with which a node compares sets in one round, one after another, so that what one of them
/// does not say, another does.
const ROUND_PEERS: usize = 8;
/// How long a round waits for one of them before it turns to the next, ms: long for what is short.
const ROUND_PATIENCE_MS: u64 = 10_000;
/// Peers remembered for the list of peers.
const PEERS_MAX: usize = 500;

/// What gossip is told about a message.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum GossipVerdict {
    /// Pass it on.
    Accept,
    /// Do not pass it on; nobody's fault.
    Ignore,
    /// Whoever sent it is at fault.
    Reject,
}

/// A fact.
#[derive(Debug)]
pub enum Input {
    /// A connection stands.
    Connected {
        /// With whom.
        peer: PeerName,
        /// Whether this node dialled, and so leads the first catch-up.
        dialled: bool,
        /// Where.
        address: String,
    },
    /// The last connection with a peer is gone.
    Disconnected(PeerName),
    /// Gossip brought a message.
    Heard {
        /// Who passed it on.
        peer: PeerName,
        /// Gossip's name for it, to judge it by.
        message: Vec<u8>,
        /// The message.
        bytes: Vec<u8>,
    },
    /// A peer asks.
    Asked(PeerName, Ticket, Request),
    /// A peer answers.
    Answered(PeerName, RequestId, Response),
    /// A block of a stream, whose next block has been asked for: see [`Effect::Defer`].
    Streamed(PeerName, Streamed),
    /// A request came to nothing.
    Failed(PeerName, RequestId),
    /// A peer sent bytes that are no message.
    Garbled(PeerName),
    /// The time that [`Replica::wake_at`] named has come.
    Woken,
}

impl Input {
    /// Whose doing it is.
    fn peer(&self) -> Option<&PeerName> {
        match self {
            Self::Connected { peer, .. }
            | Self::Heard { peer, .. }
            | Self::Asked(peer, ..)
            | Self::Answered(peer, ..)
            | Self::Streamed(peer, _)
            | Self::Failed(peer, _)
            | Self::Garbled(peer) => Some(peer),
            Self::Disconnected(_) | Self::Woken => None,
        }
    }

    /// Whether it brings records, which a disk that refuses cannot take.
    fn brings(&self) -> bool {
        matches!(
            self,
            Self::Heard { .. } | Self::Asked(_, _, Request::Push(_)) | Self::Answered(..) | Self::Streamed(..)
        )
    }
}

/// A wish.
#[derive(Debug)]
pub enum Effect {
    /// Say this to everybody.
    Gossip(Vec<u8>),
    /// Judge a gossip message.
    Judge(PeerName, Vec<u8>, GossipVerdict),
    /// Ask a peer.
    Ask(PeerName, RequestId, Request),
    /// Answer a peer.
    Answer(Ticket, Response),
    /// Break with a peer.
    HangUp(PeerName),
    /// Come back with this once the other effects are on their way, so that a peer works while this node does.
    Defer(Input),
    /// Tell whoever looks at this node's pages.
    Notify(Notice),
    /// Documents are to be derived.
    Derive,
    /// Make what came from others durable, soon.
    Sync,
    /// Make durable in the store what the journal keeps already, when nothing else is to be made durable.
    SyncInTime,
}

/// For whom this node writes.
#[derive(Clone)]
pub struct Identity {
    /// The community.
    pub community: CommunityId,
    /// The key of this device.
    pub device: SigningKey,
}

/// Gives random bytes: the system's in a real node, a seeded stream in a world of tests.
pub type Entropy = Box<dyn FnMut(&mut [u8]) + Send>;

/// Catching up with several peers, one after another.
struct Round {
    asked: BTreeSet<PeerName>,
    /// Whether all are asked, and not only until one has something new: once in
    /// [`CATCH_UP_EVERY_MS`], however often something is found missing.
    thorough: bool,
}

/// The node's mind.
pub struct Replica {
    store: Arc<Store>,
    deriver: Arc<Deriver>,
    journal: Journal,
    identity: Option<Identity>,
    /// What peers are told of this node.
    introduction: String,
    entropy: Entropy,
    peers: BTreeMap<PeerName, PeerState>,
    waiting: WaitingRoom,
    snapshot: reconcile::Latest,
    /// Requests under way and the gossip message that waits for each, if any.
    fetching: BTreeMap<RequestId, (PeerName, RecordId, Option<Vec<u8>>)>,
    /// How far everything has been copied, while that is not done.
    copied_to: Option<OrderKey>,
    next_request: RequestId,
    next_catch_up: Option<Timestamp>,
    last_catch_up: Timestamp,
    /// The round that goes on.
    round: Option<Round>,
    /// When the last thorough round began.
    thorough_at: Timestamp,
    /// When the round turns to the next peer, whatever the last one does.
    next_in_round: Option<Timestamp>,
    /// What the clock said last.
    now: Timestamp,
    caught_up_at: Option<Timestamp>,
    /// Own records since the start that no ended catch-up has given to anybody.
    unsent: u64,
    /// Withdrawn documents whose bodies the journal still holds: until all that came with them is stored, or because
    /// the disk refused.
    unforgotten: Vec<DocumentId>,
}

impl Replica {
    /// A mind for a store and a journal.
    pub fn new(
        store: Arc<Store>,
        deriver: Arc<Deriver>,
        journal: Journal,
        identity: Option<Identity>,
        entropy: Entropy,
    ) -> Self {
        Self {
            store,
            deriver,
            journal,
            identity,
            introduction: wire::introduction(None),
            entropy,
            peers: BTreeMap::new(),
            waiting: WaitingRoom::default(),
            snapshot: reconcile::Latest::default(),
            fetching: BTreeMap::new(),
            copied_to: None,
            next_request: 0,
            next_catch_up: None,
            last_catch_up: Timestamp(0),
            round: None,
            thorough_at: Timestamp(0),
            next_in_round: None,
            now: Timestamp(0),
            caught_up_at: None,
            unsent: 0,
            unforgotten: Vec::new(),
        }
    }

    /// Takes a fact, gives wishes.
    ///
    /// # Errors
    /// A fault that is not the disk's refusal. The process ends; everything acknowledged is safe.
    pub fn handle(&mut self, input: Input, now: Timestamp) -> Result<Vec<Effect>, Fault> {
        let mut effects = Vec::new();
        self.keep_time(now);
        let (asker, peer) = (Asker::of(&input), input.peer().cloned());
        match self.react(input, now, &mut effects) {
            Ok(()) => {}
            Err(fault) if self.store.disk().note(&fault) => self.let_go(asker, &mut effects),
            Err(fault) => return Err(fault),
        }
        if let Some(peer) = peer {
            self.part(&peer, &mut effects);
        }
        Ok(effects)
    }

    fn react(&mut self, input: Input, now: Timestamp, effects: &mut Vec<Effect>) -> Result<(), Fault> {
        if self.is_refused() && input.brings() {
            self.let_go(Asker::of(&input), effects);
            return Ok(());
        }
        match input {
            Input::Connected { peer, dialled, address } => self.connected(peer, dialled, address, now, effects)?,
            Input::Disconnected(peer) => self.disconnected(&peer, now, effects),
            Input::Heard { peer, message, bytes } => self.heard(&peer, message, &bytes, now, effects)?,
            Input::Asked(peer, ticket, request) => self.asked(&peer, ticket, request, now, effects)?,
            Input::Answered(peer, id, response) => self.answered(&peer, id, response, now, effects)?,
            Input::Streamed(peer, streamed) => self.streamed(&peer, streamed, now, effects)?,
            Input::Failed(peer, id) => self.failed(&peer, id, now, effects)?,
            Input::Garbled(peer) => self.garbled(&peer),
            Input::Woken => self.woken(now, effects)?,
        }
        Ok(())
    }

    /// When to be woken next.
    pub fn wake_at(&self) -> Option<Timestamp> {
        self.next_catch_up.into_iter().chain(self.next_in_round).min()
    }

    fn connected(
        &mut self,
        peer: PeerName,
        dialled: bool,
        address: String,
        now: Timestamp,
        effects: &mut Vec<Effect>,
    ) -> Result<(), Fault> {
        if self.peers.len() >= PEERS_MAX {
            self.peers.retain(|_, state| state.connected || state.conduct.is_left(now));
        }
        let state = self.peers.entry(peer.clone()).or_default();
        (state.address, state.connected) = (address, true);
        (state.dialled, state.since) = (dialled, Some(now));
        state.met = false;
        if state.conduct.is_left(now) {
            effects.push(Effect::HangUp(peer));
            return Ok(());
        }
        self.plan_catch_up(now.plus_ms(CATCH_UP_EVERY_MS));
        if dialled {
            self.begin_session(&peer, now, effects)?;
        }
        effects.push(self.peers_notice());
        Ok(())
    }

    fn disconnected(&mut self, peer: &PeerName, now: Timestamp, effects: &mut Vec<Effect>) {
        if let Some(state) = self.peers.get_mut(peer) {
            state.connected = false;
            state.since = Some(now);
            let session = state.session.take();
            effects.extend(session.and_then(|session| Self::left_over(peer, session)));
            state.missing = 0;
        }
        self.fetching.retain(|_, (asked, _, _)| asked != peer);
        effects.push(self.peers_notice());
    }

    fn peers_notice(&self) -> Effect {
        Effect::Notify(Notice::Peers { connected: self.connected_count() })
    }

    fn connected_count(&self) -> u64 {
        self.peers.values().filter(|state| state.connected).count() as u64
    }

    /// What was planned by a clock that was set back since is not put off until it comes round again.
    fn keep_time(&mut self, now: Timestamp) {
        self.now = now;
        self.last_catch_up = self.last_catch_up.min(now);
        self.next_in_round = self.next_in_round.map(|at| at.min(now.plus_ms(ROUND_PATIENCE_MS)));
        self.next_catch_up = self.next_catch_up.map(|at| at.min(now.plus_ms(CATCH_UP_EVERY_MS)));
    }

    /// Something may be missing: catch up with somebody soon.
    pub fn hurry(&mut self, now: Timestamp) {
        self.keep_time(now);
        let soon = self.last_catch_up.plus_ms(CATCH_UP_AGAIN_MS).max(now);
        self.plan_catch_up(soon);
    }

    fn plan_catch_up(&mut self, at: Timestamp) {
        self.next_catch_up = Some(self.next_catch_up.map_or(at, |planned| planned.min(at)));
    }

    /// Begins a round of catching up when it is time, or goes on with the one that waits.
    fn woken(&mut self, now: Timestamp, effects: &mut Vec<Effect>) -> Result<(), Fault> {
        if !self.recover(now, effects)? {
            return Ok(());
        }
        if self.next_catch_up.is_some_and(|at| at <= now) {
            self.next_catch_up = (self.connected_count() > 0).then(|| now.plus_ms(CATCH_UP_EVERY_MS));
            let thorough = now >= self.thorough_at.min(now).plus_ms(CATCH_UP_EVERY_MS);
            if thorough {
                self.thorough_at = now;
            }
            self.round = Some(Round { asked: BTreeSet::new(), thorough });
            return self.ask_next(now, effects);
        }
        if self.next_in_round.is_some_and(|at| at <= now) { self.ask_next(now, effects) } else { Ok(()) }
    }

    /// Catches up with the next peer of the round: the connected one with whom it last did the longest
    /// ago.
    fn ask_next(&mut self, now: Timestamp, effects: &mut Vec<Effect>) -> Result<(), Fault> {
        self.next_in_round = None;
        let Some(Round { asked, .. }) = &mut self.round else { return Ok(()) };
        let open = |(peer, state): &(&PeerName, &PeerState)| {
            let free = state.connected && state.session.is_none() && !asked.contains(*peer);
            free && !state.conduct.is_left(now) && !state.is_copying(now)
        };
        let next = self.peers.iter().filter(open).min_by_key(|(_, state)| state.caught_up_at);
        let Some(peer) = next.map(|(peer, _)| peer.clone()).filter(|_| asked.len() < ROUND_PEERS) else {
            self.round = None;
            return Ok(());
        };
        asked.insert(peer.clone());
        self.next_in_round = Some(now.plus_ms(ROUND_PATIENCE_MS));
        self.begin_session(&peer, now, effects)
    }

    fn request(&mut self) -> RequestId {
        self.next_request += 1;
        self.next_request
    }

    /// The peers, connected ones first.
    pub fn peers(&self) -> Vec<(PeerName, Peer)> {
        let mut peers: Vec<_> = self
            .peers
            .iter()
            .map(|(name, state)| {
                let peer = Peer {
                    id: String::new(),
                    address: state.address.clone(),
                    connected: state.connected,
                    dialled: state.dialled,
                    since: state.since.map(|at| at.0),
                    community: claimed_community(&state.agent),
                    agent: state.agent.clone(),
                    received: state.received,
                    sent: state.sent,
                    received_bytes: state.received_bytes,
                    sent_bytes: state.sent_bytes,
                    refused: state.refused,
                    missing: state.missing,
                    caught_up_at: state.caught_up_at.map(|at| at.0),
                };
                (name.clone(), peer)
            })
            .collect();
        peers.sort_by_key(|(_, peer)| !peer.connected);
        peers
    }

    /// How it stands: records that peers have and this node lacks, when it last caught up, and how
    /// many records wait for a charter.
    pub fn progress(&self) -> Progress {
        Progress {
            connected: self.connected_count(),
            missing: self.peers.values().map(|state| state.missing).max().unwrap_or(0),
            caught_up_at: self.caught_up_at,
            waiting: self.waiting.len() as u64,
            unsent: self.unsent,
        }
    }

    /// For whom this node writes.
    pub fn identity(&self) -> Option<&Identity> {
        self.identity.as_ref()
    }
}

/// How catching up stands.
#[derive(Clone, Copy, Debug, Default)]
pub struct Progress {
    /// Peers connected.
    pub connected: u64,
    /// Records that a peer has and this node lacks, as far as known.
    pub missing: u64,
    /// When a catch-up last ended.
    pub caught_up_at: Option<Timestamp>,
    /// Records that wait for a charter.
    pub waiting: u64,
    /// Own records since the start that nobody is known to have.
    pub unsent: u64,
}

/// The community for which a peer says that it writes, by what it says of itself; none unless the
/// codifier knows the code.
fn claimed_community(agent: &str) -> Option<String> {
    let code = agent.split_whitespace().nth(1)?;
    codifier::find(code).map(|hromada| hromada.code.to_owned())
}
