//! Trying whether a node can be reached, for people who wonder why nothing comes.

use std::collections::HashMap;
use std::io;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::time::{Duration, Instant};

use libp2p::request_response::OutboundRequestId;
use libp2p::swarm::dial_opts::{DialOpts, PeerCondition};
use libp2p::swarm::{ConnectionId, DialError, SwarmEvent};
use libp2p::{Multiaddr, PeerId, TransportError};
use web_ui::library::network::{Probe, Reach};

use super::{Behaviour, BehaviourEvent, named};
use crate::wire::{Response, introduced};

/// How long a node may take to answer. A relay over a mobile network answers in a few seconds.
pub const ANSWER_TIME_MAX: Duration = Duration::from_secs(12);
/// Attempts at once; whoever starts one more ends the oldest.
const PROBES_MAX: usize = 8;

/// How an attempt ends, when it does.
pub struct Ending(Receiver<Probe>);

impl Ending {
    /// Waits until the attempt has ended, at most [`ANSWER_TIME_MAX`].
    pub fn wait(self) -> Probe {
        self.0.recv_timeout(ANSWER_TIME_MAX).unwrap_or_else(|_| Probe {
            reach: Reach::Silent,
            id: None,
            agent: String::new(),
            took_ms: u64::try_from(ANSWER_TIME_MAX.as_millis()).unwrap_or(u64::MAX),
        })
    }
}

struct Attempt {
    begun: Instant,
    /// Asks whoever is there who it is.
    asks: Option<OutboundRequestId>,
    tell: SyncSender<Probe>,
}

/// Attempts under way.
#[derive(Default)]
pub(super) struct Probes {
    attempts: HashMap<ConnectionId, Attempt>,
}

impl Probes {
    /// Dials, whether a connection stands already or not: the address itself is in question.
    pub(super) fn begin(&mut self, swarm: &mut libp2p::Swarm<Behaviour>, address: Multiaddr, is_own: bool) -> Ending {
        let (tell, ending) = sync_channel(1);
        let dial = match named(&address) {
            Some(peer) => DialOpts::peer_id(peer).condition(PeerCondition::Always).addresses(vec![address]).build(),
            None => DialOpts::unknown_peer_id().address(address).build(),
        };
        let attempt = Attempt { begun: Instant::now(), asks: None, tell };
        if is_own {
            attempt.end(Reach::Oneself, None, "");
            return Ending(ending);
        }
        self.attempts.retain(|_, attempt| attempt.begun.elapsed() < ANSWER_TIME_MAX);
        if self.attempts.len() >= PROBES_MAX {
            let oldest = self.attempts.iter().min_by_key(|(_, attempt)| attempt.begun).map(|(id, _)| *id);
            oldest.map(|oldest| self.attempts.remove(&oldest));
        }
        let id = dial.connection_id();
        match swarm.dial(dial) {
            Ok(()) => {
                self.attempts.insert(id, attempt);
            }
            Err(error) => attempt.end(reach(&error), None, ""),
        }
        Ending(ending)
    }

    /// Looks whether an event ends an attempt. A node has answered only when it has said what it is.
    pub(super) fn watch(&mut self, event: &SwarmEvent<BehaviourEvent>) {
        match event {
            SwarmEvent::OutgoingConnectionError { connection_id, error, .. } => {
                if let Some(attempt) = self.attempts.remove(connection_id) {
                    tracing::info!(%error, "the node that was tried cannot be reached");
                    let other = match error {
                        DialError::WrongPeerId { obtained, .. } => Some(*obtained),
                        _ => None,
                    };
                    attempt.end(reach(error), other, "");
                }
            }
            SwarmEvent::ConnectionClosed { connection_id, peer_id, .. } => {
                if let Some(attempt) = self.attempts.remove(connection_id) {
                    attempt.end(Reach::OtherNetwork, Some(*peer_id), "");
                }
            }
            _ => {}
        }
    }

    /// Whether a connection is one that was tried.
    pub(super) fn is_tried(&self, connection: ConnectionId) -> bool {
        self.attempts.contains_key(&connection)
    }

    /// The connection stands, and this question asks whoever is there who it is.
    pub(super) fn asks(&mut self, connection: ConnectionId, request: OutboundRequestId) {
        if let Some(attempt) = self.attempts.get_mut(&connection) {
            attempt.asks = Some(request);
        }
    }

    /// Ends the attempt whose question this answers, if one does.
    pub(super) fn answered(&mut self, request: OutboundRequestId, peer: PeerId, response: &Response) {
        let agent = match response {
            Response::Met { introduction, .. } => introduction,
            // One of us, who has no time.
            _ => "",
        };
        if let Some(attempt) = self.take(request) {
            attempt.end(Reach::Reached, Some(peer), agent);
        }
    }

    /// Ends the attempt whose question came to nothing: whoever is there does not speak as this network does.
    pub(super) fn failed(&mut self, request: OutboundRequestId, peer: PeerId) {
        if let Some(attempt) = self.take(request) {
            attempt.end(Reach::OtherNetwork, Some(peer), "");
        }
    }

    fn take(&mut self, request: OutboundRequestId) -> Option<Attempt> {
        let connection = self.attempts.iter().find(|(_, attempt)| attempt.asks == Some(request)).map(|(id, _)| *id)?;
        self.attempts.remove(&connection)
    }
}

impl Attempt {
    fn end(self, reach: Reach, peer: Option<PeerId>, agent: &str) {
        let took_ms = u64::try_from(self.begun.elapsed().as_millis()).unwrap_or(u64::MAX);
        // Whoever asked may have stopped waiting.
        let _ = self.tell.try_send(Probe {
            reach,
            id: peer.map(|peer| peer.to_string()),
            agent: introduced(agent),
            took_ms,
        });
    }
}

/// What a failure to dial means to people.
fn reach(error: &DialError) -> Reach {
    match error {
        DialError::LocalPeerId { .. } => Reach::Oneself,
        DialError::WrongPeerId { .. } => Reach::OtherNode,
        DialError::Denied { .. } => Reach::Full,
        DialError::Transport(errors) => {
            let reaches = errors.iter().map(|(_, error)| transport(error));
            // What says most of several attempts: that somebody is there, before that nobody is.
            reaches.min_by_key(|reach| Reach::ALL.iter().position(|known| known == reach)).unwrap_or(Reach::Failed)
        }
        DialError::NoAddresses => Reach::NoRoute,
        _ => Reach::Failed,
    }
}

fn transport(error: &TransportError<io::Error>) -> Reach {
    let TransportError::Other(error) = error else { return Reach::NoRoute };
    match error.kind() {
        io::ErrorKind::ConnectionRefused | io::ErrorKind::ConnectionReset => Reach::Refused,
        io::ErrorKind::TimedOut => Reach::Silent,
        io::ErrorKind::HostUnreachable | io::ErrorKind::NetworkUnreachable | io::ErrorKind::NetworkDown => {
            Reach::NoRoute
        }
        // The layers wrap what the system says in errors of their own; only their words are left.
        _ => {
            let said = format!("{error:?}").to_lowercase();
            let has = |words: &[&str]| words.iter().any(|word| said.contains(word));
            if has(&["refused", "reset"]) {
                Reach::Refused
            } else if has(&["timeout", "timed out", "timedout"]) {
                Reach::Silent
            } else if has(&["unreachable", "no route"]) {
                Reach::NoRoute
            } else if has(&["resolve", "dns", "lookup", "no records found"]) {
                Reach::NoName
            } else {
                Reach::Failed
            }
        }
    }
}
