//! Talks: libp2p, and only here. Behaviours' events become [`Input`]s, [`Effect`]s become calls.
//!
//! Relay, hole punching and discovery will be behaviours beside these. libp2p's identify and ping are not among them: who
//! a peer is comes with the first question (`wire.rs`), and that a link is dead TCP finds by the question of every minute.
//! The two took 1.5 of 3.3 KB of every meeting, and ping 1.4 MB a day and peer of a metered line.

pub mod codec;
mod probe;
mod score;
#[cfg(test)]
mod tests;
mod transport;
mod wanted;

use std::collections::{HashMap, HashSet};
use std::net::IpAddr;
use std::time::Duration;

use futures::StreamExt;
use libp2p::connection_limits::{self, ConnectionLimits};
use libp2p::core::upgrade::Version;
use libp2p::gossipsub::{self, IdentTopic, MessageAcceptance, MessageAuthenticity, MessageId, ValidationMode};
use libp2p::multiaddr::Protocol;
use libp2p::request_response::{
    self, InboundFailure, InboundRequestId, OutboundRequestId, ProtocolSupport, ResponseChannel,
};
use libp2p::swarm::{ConnectionId, NetworkBehaviour, SwarmEvent};
use libp2p::{Multiaddr, PeerId, StreamProtocol, identity, memory_connection_limits};
use zeroize::Zeroizing;

use crate::replica::{Effect, GossipVerdict, Input, PeerName, RequestId, Ticket};
use crate::wire::{self, REQUEST_TIMEOUT_S, REQUESTS_PER_PEER_MAX, Request, Response};

use codec::SyncCodec;

/// Connections in, established. A municipal node needs few; a bootstrap peer of 1,469 communities
/// raises it in its settings.
const INBOUND_MAX: u32 = 128;
/// Connections out, established.
const OUTBOUND_MAX: u32 = 32;
/// Connections of one peer: TCP and QUIC at once, and one more while it comes back.
const PER_PEER_MAX: u32 = 3;
/// Handshakes under way, each direction.
const PENDING_MAX: u32 = 32;
/// Bytes of memory over which no new connection is taken, beside what the library takes itself.
const MEMORY_MAX_BYTES: usize = 512 * 1024 * 1024;
/// What a record of the library takes of a node's memory, bytes: measured 0.6 KB of a million short practices and
/// 1.3 KB of a hundred thousand as long as real ones (`docs/performance.md`).
const RECORD_MEMORY_BYTES: usize = 1_536;
/// Seconds that a connection without traffic stands. Longer than the time between two catch-ups.
const IDLE_S: u64 = 300;
/// Requests of peers that wait for our answer, over all peers.
const ASKED_MAX: usize = 256;
/// Bytes of answers that one peer has not read yet, over which it is told to wait: two blocks and more.
const UNREAD_PER_PEER_MAX: usize = 4 * 1024 * 1024;
/// The same over all peers. Slow readers cost no more memory than this.
const UNREAD_MAX: usize = 64 * 1024 * 1024;
/// Connections in from one address: a district behind one router, but not a flood.
const PER_ADDRESS_MAX: usize = 32;

#[derive(NetworkBehaviour)]
struct Behaviour {
    limits: connection_limits::Behaviour,
    memory: memory_connection_limits::Behaviour,
    gossip: gossipsub::Behaviour,
    sync: request_response::Behaviour<SyncCodec>,
}

/// What the swarm needs to begin.
pub struct SwarmConfig {
    /// The seed of the transport key.
    pub seed: Zeroizing<[u8; 32]>,
    /// The network's name.
    pub network: String,
    /// Where to listen.
    pub listen: Vec<String>,
    /// Whom to dial, and dial again.
    pub peers: Vec<String>,
}

/// Why the swarm cannot begin, or an address cannot be dialled.
#[derive(Debug, thiserror::Error)]
pub enum SwarmError {
    /// Not a multiaddress.
    #[error("{0:?} is not an address: it should look like /ip4/192.0.2.7/tcp/4642/p2p/12D3Koo…")]
    Address(String),
    /// Nobody calls themselves.
    #[error("{0} is this node's own address")]
    Oneself(String),
    /// A part of libp2p refused its settings.
    #[error("the network cannot be set up: {0}")]
    Setup(String),
    /// The address cannot be listened on.
    #[error("cannot listen on {0}: {1}")]
    Listen(String, String),
}

/// The node's mouth and ears.
pub struct Swarm {
    swarm: libp2p::Swarm<Behaviour>,
    topic: IdentTopic,
    asked: HashMap<Ticket, (PeerId, InboundRequestId, ResponseChannel<Response>)>,
    /// Answers on their way to peers, with their length.
    unread: HashMap<InboundRequestId, (PeerId, usize)>,
    /// Where connections come from.
    inbound: HashMap<ConnectionId, IpAddr>,
    next_ticket: Ticket,
    asking: HashMap<OutboundRequestId, (PeerName, RequestId)>,
    connected: HashSet<PeerId>,
    wanted: Vec<wanted::Wanted>,
    probes: probe::Probes,
}

impl Swarm {
    /// Whether an address is this node's own: it names this node, or nobody, at a place where it listens.
    fn is_own(&self, address: &Multiaddr) -> bool {
        let own = [self.swarm.listeners().collect::<Vec<_>>(), self.swarm.external_addresses().collect()].concat();
        named(address).map_or_else(|| own.contains(&address), |peer| peer == *self.swarm.local_peer_id())
    }

    /// Leaves all peers, to meet them again as after any other interruption: who this node is, they are told
    /// when they meet it.
    pub fn meet_again(&mut self) {
        for peer in self.connected.iter().copied().collect::<Vec<_>>() {
            // Gone meanwhile: it will hear when it comes back.
            let _ = self.swarm.disconnect_peer_id(peer);
        }
    }

    /// Sets everything up and listens.
    ///
    /// # Errors
    /// [`SwarmError`] says what to change in the settings.
    pub fn start(mut config: SwarmConfig) -> Result<Self, SwarmError> {
        let setup = |error: &dyn std::fmt::Display| SwarmError::Setup(error.to_string());
        let mut seed = std::mem::take(&mut config.seed);
        let key = identity::Keypair::ed25519_from_bytes(&mut seed[..]).map_err(|error| setup(&error))?;
        let topic = IdentTopic::new(format!("{}/1", config.network));
        let swarm = libp2p::SwarmBuilder::with_existing_identity(key)
            .with_tokio()
            .with_quic()
            .with_other_transport(transport::tcp)
            .map_err(|error| setup(&error))?
            .with_dns()
            .map_err(|error| setup(&error))?
            .with_behaviour(|_| behaviour(&config, &topic).map_err(Into::into))
            .map_err(|error| setup(&error))?
            .with_swarm_config(|config| {
                // A question goes out with the name of its protocol instead of waiting until that is agreed to:
                // one round trip each, which on a mobile network is most of what a short question takes.
                let config = config.with_substream_upgrade_protocol_override(Version::V1Lazy);
                config.with_idle_connection_timeout(Duration::from_secs(IDLE_S))
            })
            .build();
        let mut started = Self {
            swarm,
            topic,
            asked: HashMap::new(),
            unread: HashMap::new(),
            inbound: HashMap::new(),
            next_ticket: 0,
            asking: HashMap::new(),
            connected: HashSet::new(),
            wanted: Vec::new(),
            probes: probe::Probes::default(),
        };
        let topic = started.topic.clone();
        started.swarm.behaviour_mut().gossip.subscribe(&topic).map_err(|error| setup(&error))?;
        for address in &config.listen {
            started.listen(parse(address)?)?;
        }
        for address in &config.peers {
            match started.want(address) {
                // A list of nodes to begin with may name this one too.
                Ok(()) | Err(SwarmError::Oneself(_)) => {}
                Err(error) => return Err(error),
            }
        }
        Ok(started)
    }

    /// Listens; where the port is taken (a second node on this computer), on any free one.
    fn listen(&mut self, address: Multiaddr) -> Result<(), SwarmError> {
        let Err(error) = self.swarm.listen_on(address.clone()) else { return Ok(()) };
        let any_port = address.iter().map(|part| match part {
            Protocol::Tcp(_) => Protocol::Tcp(0),
            Protocol::Udp(_) => Protocol::Udp(0),
            other => other,
        });
        tracing::info!(%address, %error, "cannot listen here; taking a free port");
        match self.swarm.listen_on(any_port.collect()) {
            Ok(_) => Ok(()),
            // No IPv6 on this computer, for one.
            Err(error) if address.iter().any(|part| matches!(part, Protocol::Ip6(_))) => {
                tracing::info!(%address, %error, "not listening here");
                Ok(())
            }
            Err(error) => Err(SwarmError::Listen(address.to_string(), error.to_string())),
        }
    }

    /// This node's name on the wire.
    pub fn peer_id(&self) -> String {
        self.swarm.local_peer_id().to_string()
    }

    /// The addresses at which this node listens, as others can dial them.
    pub fn addresses(&self) -> Vec<String> {
        let id = *self.swarm.local_peer_id();
        self.swarm.listeners().filter_map(|address| address.clone().with_p2p(id).ok()).map(|a| a.to_string()).collect()
    }

    /// Says how many records the node holds: what they take of its memory is held against nobody who comes.
    pub fn holds(&mut self, records: u64) {
        let (max, memory) = (memory_max(records), &mut self.swarm.behaviour_mut().memory);
        if memory.max_allowed_bytes() != max {
            *memory = memory_connection_limits::Behaviour::with_max_bytes(max);
        }
    }

    /// Waits for the next fact. Cancelling and calling again loses nothing.
    pub async fn next(&mut self) -> Input {
        loop {
            self.redial();
            let due = self.redial_at();
            let event = tokio::select! {
                event = self.swarm.select_next_some() => event,
                () = tokio::time::sleep_until(due) => continue,
            };
            if let Some(input) = self.input(event) {
                return input;
            }
        }
    }

    /// Tries to reach whoever is at an address; the receiver is told how it ended.
    ///
    /// # Errors
    /// [`SwarmError::Address`].
    pub fn probe(&mut self, address: &str) -> Result<probe::Ending, SwarmError> {
        let address = parse(address)?;
        let is_own = self.is_own(&address);
        Ok(self.probes.begin(&mut self.swarm, address, is_own))
    }

    fn input(&mut self, event: SwarmEvent<BehaviourEvent>) -> Option<Input> {
        self.probes.watch(&event);
        match event {
            SwarmEvent::NewListenAddr { address, .. } => {
                tracing::info!(%address, "listening");
                None
            }
            SwarmEvent::ConnectionEstablished { peer_id, endpoint, connection_id, .. } => {
                let address = endpoint.get_remote_address().clone();
                if endpoint.is_listener() && !self.has_room(connection_id, &address) {
                    self.swarm.close_connection(connection_id);
                    return None;
                }
                if self.probes.is_tried(connection_id) {
                    // Who is there says so itself: a node of another network cannot.
                    let question = Request::Meet { introduction: String::new(), summary: None };
                    let request = self.swarm.behaviour_mut().sync.send_request(&peer_id, question);
                    self.probes.asks(connection_id, request);
                }
                for wanted in &mut self.wanted {
                    if wanted.peer.is_none() && endpoint.is_dialer() && wanted.address == address {
                        wanted.peer = Some(peer_id);
                    }
                }
                let first = self.connected.insert(peer_id);
                first.then(|| Input::Connected {
                    peer: name(&peer_id),
                    dialled: endpoint.is_dialer(),
                    address: address.to_string(),
                })
            }
            SwarmEvent::ConnectionClosed { peer_id, connection_id, num_established, .. } => {
                self.inbound.remove(&connection_id);
                let gone = num_established == 0 && self.connected.remove(&peer_id);
                gone.then(|| Input::Disconnected(name(&peer_id)))
            }
            SwarmEvent::Behaviour(event) => self.behaviour_input(event),
            _ => None,
        }
    }

    /// Whether one more connection may come from an address.
    fn has_room(&mut self, connection: ConnectionId, address: &Multiaddr) -> bool {
        let Some(ip) = address.iter().find_map(|part| match part {
            Protocol::Ip4(ip) => Some(IpAddr::V4(ip)),
            Protocol::Ip6(ip) => Some(IpAddr::V6(ip)),
            _ => None,
        }) else {
            return true;
        };
        if self.inbound.values().filter(|other| **other == ip).count() >= PER_ADDRESS_MAX {
            return false;
        }
        self.inbound.insert(connection, ip);
        true
    }

    fn behaviour_input(&mut self, event: BehaviourEvent) -> Option<Input> {
        match event {
            BehaviourEvent::Gossip(gossipsub::Event::Message { propagation_source, message_id, message }) => {
                Some(Input::Heard { peer: name(&propagation_source), message: message_id.0, bytes: message.data })
            }
            BehaviourEvent::Sync(event) => self.sync_input(event),
            _ => None,
        }
    }

    fn sync_input(&mut self, event: request_response::Event<Request, Response>) -> Option<Input> {
        match event {
            request_response::Event::Message { peer, message, .. } => match message {
                request_response::Message::Request { request, channel, request_id } => {
                    // A peer's channel dies with its connection; the rest are bounded.
                    self.asked.retain(|_, (_, _, channel)| channel.is_open());
                    if self.asked.len() >= ASKED_MAX || self.reads_slowly(&peer) {
                        let _ = self.swarm.behaviour_mut().sync.send_response(channel, Response::Busy);
                        return None;
                    }
                    self.next_ticket += 1;
                    self.asked.insert(self.next_ticket, (peer, request_id, channel));
                    Some(Input::Asked(name(&peer), self.next_ticket, request))
                }
                request_response::Message::Response { request_id, response } => {
                    self.probes.answered(request_id, peer, &response);
                    let (peer, id) = self.asking.remove(&request_id)?;
                    Some(Input::Answered(peer, id, response))
                }
            },
            request_response::Event::OutboundFailure { request_id, error, peer, .. } => {
                tracing::debug!(%peer, %error, "a request failed");
                self.probes.failed(request_id, peer);
                let (peer, id) = self.asking.remove(&request_id)?;
                Some(Input::Failed(peer, id))
            }
            request_response::Event::InboundFailure { peer, request_id, error, .. } => {
                self.unread.remove(&request_id);
                let InboundFailure::Io(error) = error else { return None };
                (error.kind() == std::io::ErrorKind::InvalidData).then(|| Input::Garbled(name(&peer)))
            }
            request_response::Event::ResponseSent { request_id, .. } => {
                self.unread.remove(&request_id);
                None
            }
        }
    }

    /// Whether a peer has not read what it was given, or all together have not.
    fn reads_slowly(&self, peer: &PeerId) -> bool {
        let of =
            |peer: &PeerId| self.unread.values().filter(|(of, _)| of == peer).map(|(_, bytes)| bytes).sum::<usize>();
        of(peer) >= UNREAD_PER_PEER_MAX || self.unread.values().map(|(_, bytes)| bytes).sum::<usize>() >= UNREAD_MAX
    }

    /// Fulfils a wish; those that are not the swarm's are ignored. `false`: news that nobody heard,
    /// for catch-up to carry.
    pub fn perform(&mut self, effect: Effect) -> bool {
        let behaviour = self.swarm.behaviour_mut();
        match effect {
            Effect::Gossip(message) => {
                // Every failure to publish means the same: catch-up will carry it.
                if let Err(error) = behaviour.gossip.publish(self.topic.clone(), message) {
                    tracing::debug!(%error, "not gossiped");
                    return false;
                }
            }
            Effect::Judge(peer, message, verdict) => {
                let acceptance = match verdict {
                    GossipVerdict::Accept => MessageAcceptance::Accept,
                    GossipVerdict::Ignore => MessageAcceptance::Ignore,
                    GossipVerdict::Reject => MessageAcceptance::Reject,
                };
                if let Ok(peer) = PeerId::from_bytes(&peer.0) {
                    let _ = behaviour.gossip.report_message_validation_result(&MessageId(message), &peer, acceptance);
                }
            }
            Effect::Ask(peer, id, request) => {
                if let Ok(peer_id) = PeerId::from_bytes(&peer.0) {
                    let request_id = behaviour.sync.send_request(&peer_id, request);
                    self.asking.insert(request_id, (peer, id));
                }
            }
            Effect::Answer(ticket, response) => {
                if let Some((peer, request, channel)) = self.asked.remove(&ticket) {
                    self.unread.insert(request, (peer, response.bytes()));
                    if behaviour.sync.send_response(channel, response).is_err() {
                        self.unread.remove(&request);
                    }
                }
            }
            Effect::HangUp(peer) => {
                if let Ok(peer) = PeerId::from_bytes(&peer.0) {
                    let _ = self.swarm.disconnect_peer_id(peer);
                }
            }
            Effect::Defer(_) | Effect::Notify(_) | Effect::Derive | Effect::Sync | Effect::SyncInTime => {}
        }
        true
    }
}

/// A peer's name as people write it.
pub fn written(peer: &PeerName) -> String {
    PeerId::from_bytes(&peer.0).map(|peer| peer.to_string()).unwrap_or_default()
}

fn name(peer: &PeerId) -> PeerName {
    PeerName(peer.to_bytes())
}

/// Whether a text is an address that could be dialled.
#[must_use]
pub fn is_address(text: &str) -> bool {
    parse(text).is_ok()
}

fn parse(address: &str) -> Result<Multiaddr, SwarmError> {
    let parsed: Result<Multiaddr, _> = address.trim().parse();
    parsed.ok().filter(leads_somewhere).ok_or_else(|| SwarmError::Address(address.to_owned()))
}

/// The peer that an address names, if it names one.
fn named(address: &Multiaddr) -> Option<PeerId> {
    address.iter().find_map(|part| match part {
        Protocol::P2p(peer) => Some(peer),
        _ => None,
    })
}

/// Whether an address names a computer and a port, a name that stands for both, or a way through a relay.
fn leads_somewhere(address: &Multiaddr) -> bool {
    let has = |wanted: fn(&Protocol<'_>) -> bool| address.iter().any(|part| wanted(&part));
    let host = has(|part| matches!(part, Protocol::Ip4(_) | Protocol::Ip6(_)))
        || has(|part| matches!(part, Protocol::Dns(_) | Protocol::Dns4(_) | Protocol::Dns6(_)));
    let port = has(|part| matches!(part, Protocol::Tcp(_) | Protocol::Udp(_)));
    host && port || has(|part| matches!(part, Protocol::Dnsaddr(_) | Protocol::P2pCircuit))
}

/// Bytes of memory over which a node with so many records takes no new connection.
fn memory_max(records: u64) -> usize {
    let library = usize::try_from(records).unwrap_or(usize::MAX).saturating_mul(RECORD_MEMORY_BYTES);
    MEMORY_MAX_BYTES.saturating_add(library)
}

fn behaviour(config: &SwarmConfig, topic: &IdentTopic) -> Result<Behaviour, String> {
    let network = &config.network;
    let limits = ConnectionLimits::default()
        .with_max_pending_incoming(Some(PENDING_MAX))
        .with_max_pending_outgoing(Some(PENDING_MAX))
        .with_max_established_incoming(Some(INBOUND_MAX))
        .with_max_established_outgoing(Some(OUTBOUND_MAX))
        .with_max_established_per_peer(Some(PER_PEER_MAX));
    let protocol = StreamProtocol::try_from_owned(format!("/dosvid/{network}/1")).map_err(|e| e.to_string())?;
    let sync = request_response::Config::default()
        .with_request_timeout(Duration::from_secs(REQUEST_TIMEOUT_S))
        .with_max_concurrent_streams(REQUESTS_PER_PEER_MAX);
    Ok(Behaviour {
        limits: connection_limits::Behaviour::new(limits),
        memory: memory_connection_limits::Behaviour::with_max_bytes(memory_max(0)),
        gossip: gossip(topic)?,
        sync: request_response::Behaviour::with_codec(SyncCodec, [(protocol, ProtocolSupport::Full)], sync),
    })
}

/// Records carry their own signatures, so gossip's are left out: a copy costs a hash, not a check.
/// A message's name is the hash of its content, or one record could be many messages.
fn gossip(topic: &IdentTopic) -> Result<gossipsub::Behaviour, String> {
    let config = gossipsub::ConfigBuilder::default()
        .validation_mode(ValidationMode::Anonymous)
        .validate_messages()
        .message_id_fn(|message| MessageId::from(blake3::hash(&message.data).as_bytes().to_vec()))
        .max_transmit_size(wire::GOSSIP_BYTES_MAX + 8 * 1024)
        .duplicate_cache_time(Duration::from_secs(600))
        .connection_handler_queue_len(512)
        .build()
        .map_err(|error| error.to_string())?;
    let mut gossip = gossipsub::Behaviour::new(MessageAuthenticity::Anonymous, config)?;
    gossip.with_peer_score(score::params(topic), score::thresholds())?;
    Ok(gossip)
}
