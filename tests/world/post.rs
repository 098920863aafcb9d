//! The post: carries what nodes say to each other, late, out of order, twice or not at all.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use node::replica::{Effect, GossipVerdict, Input, PeerName, RequestId, Ticket};
use node::wire::{FRAME_BYTES_MAX, GOSSIP_BYTES_MAX, REQUEST_TIMEOUT_S, Request, Response};

use super::{EVE, Place, World};

/// Gossip's name for a message: the hash of its bytes, as in the swarm.
type MessageId = [u8; 32];

/// What travels.
pub enum Parcel {
    Gossip(Vec<u8>),
    Request(RequestId, Request),
    Response(RequestId, Response),
    Failed(RequestId),
}

/// What happens at some moment.
pub enum Event {
    Arrival { from: Place, to: Place, parcel: Parcel },
    Alarm(Place),
    Derive(Place),
    Sync(Place),
}

/// How bad the network is.
#[derive(Clone, Copy)]
pub struct Weather {
    /// The longest that a message takes, ms; the shortest is 5.
    pub latency_ms: u64,
    /// Messages lost, in a hundred.
    pub lost: u64,
    /// Gossip that comes twice, past gossip's own memory, in a hundred.
    pub twice: u64,
}

impl Weather {
    pub const FAIR: Self = Self { latency_ms: 300, lost: 0, twice: 0 };
    pub const STORM: Self = Self { latency_ms: 8_000, lost: 15, twice: 10 };
}

/// Everything on the way, and who is connected with whom.
pub struct Post {
    pub events: BTreeMap<(u64, u64), Event>,
    serial: u64,
    pub weather: Weather,
    /// Pairs of connected towns, the smaller place first.
    pub links: BTreeSet<(Place, Place)>,
    /// Requests under way: asker and request, with who is asked.
    asking: BTreeMap<(Place, RequestId), Place>,
    tickets: BTreeMap<Ticket, (Place, RequestId)>,
    next_ticket: Ticket,
    /// What eve answers to whatever she is asked; nothing, and the asker waits. Without a program she
    /// is not there.
    pub eve: Option<fn(&Request) -> Option<Response>>,
    /// Gossip messages that a town has met, so that none is passed on twice.
    seen: HashMap<Place, HashSet<MessageId>>,
    /// The bytes of gossip messages, by name.
    messages: HashMap<MessageId, Vec<u8>>,
    /// Alarms already set, so that the same one is not set twice.
    pub alarms: HashMap<Place, u64>,
    /// Towns whose thread for views was told of work and has not looked yet: telling it again
    /// changes nothing, as with the channel of a real node.
    pub told: BTreeSet<Place>,
}

impl Default for Post {
    fn default() -> Self {
        Self {
            events: BTreeMap::new(),
            serial: 0,
            weather: Weather::FAIR,
            links: BTreeSet::new(),
            asking: BTreeMap::new(),
            tickets: BTreeMap::new(),
            next_ticket: 0,
            eve: None,
            seen: HashMap::new(),
            messages: HashMap::new(),
            alarms: HashMap::new(),
            told: BTreeSet::new(),
        }
    }
}

impl Post {
    pub fn at(&mut self, moment: u64, event: Event) {
        self.serial += 1;
        self.events.insert((moment, self.serial), event);
    }

    /// Whether nothing but alarm clocks runs, and questions in short whether the sets are equal, which
    /// somebody asks somebody all the time.
    pub fn is_still(&self) -> bool {
        self.events.values().all(|event| match event {
            Event::Alarm(_) => true,
            Event::Arrival { parcel, .. } => matches!(
                parcel,
                Parcel::Request(_, Request::Summary(_) | Request::Meet { .. })
                    | Parcel::Response(_, Response::Summary(_) | Response::Met { .. })
                    | Parcel::Failed(_)
            ),
            Event::Derive(_) | Event::Sync(_) => false,
        })
    }

    pub fn linked(&self, a: Place, b: Place) -> bool {
        self.links.contains(&(a.min(b), a.max(b)))
    }

    pub fn neighbours(&self, of: Place) -> Vec<Place> {
        let other = |&(a, b): &(Place, Place)| (a == of).then_some(b).or((b == of).then_some(a));
        self.links.iter().filter_map(other).collect()
    }
}

impl World {
    /// Fulfils a node's wishes.
    pub(super) fn perform(&mut self, at: Place, effects: Vec<Effect>) {
        for effect in effects {
            match effect {
                Effect::Gossip(bytes) => self.gossip(at, bytes),
                Effect::Judge(peer, message, verdict) => {
                    if verdict == GossipVerdict::Accept {
                        let message: MessageId = message.try_into().expect("the post's own name");
                        let source = self.place_of(&peer);
                        let bytes = self.post.messages[&message].clone();
                        self.flood(at, Some(source), &bytes);
                    }
                }
                Effect::Ask(peer, id, request) => self.ask(at, &peer, id, request),
                Effect::Answer(ticket, response) => self.answer(at, ticket, response),
                Effect::HangUp(peer) => {
                    let peer = self.place_of(&peer);
                    assert!(self.town(peer).node.is_none(), "{} broke with an honest town", self.town(at).name);
                    self.cut(at, peer);
                }
                Effect::Derive => {
                    if self.post.told.insert(at) {
                        self.soon(500, Event::Derive(at));
                    }
                }
                Effect::Defer(input) => self.handle(at, input),
                Effect::Sync => self.soon(500, Event::Sync(at)),
                Effect::SyncInTime => self.soon(2_500, Event::Sync(at)),
                Effect::Notify(_) => {}
            }
        }
    }

    fn soon(&mut self, within_ms: u64, event: Event) {
        let moment = self.now.0 + 1 + self.rng.below(within_ms);
        self.post.at(moment, event);
    }

    fn gossip(&mut self, at: Place, bytes: Vec<u8>) {
        assert!(bytes.len() <= GOSSIP_BYTES_MAX, "a gossip message over its bound");
        let new = self.post.seen.entry(at).or_default().insert(*blake3::hash(&bytes).as_bytes());
        if new && !self.post.neighbours(at).is_empty() {
            self.flood(at, None, &bytes);
        } else {
            // As in the run loop: news that nobody heard is left to catch-up.
            let now = self.local(at);
            self.node_mut(at).replica.hurry(now);
        }
    }

    /// Whether a gossip message has come to a town in these very bytes.
    pub fn heard(&self, at: Place, message: &[u8]) -> bool {
        self.post.seen.get(&at).is_some_and(|seen| seen.contains(blake3::hash(message).as_bytes()))
    }

    fn flood(&mut self, at: Place, source: Option<Place>, bytes: &[u8]) {
        for peer in self.post.neighbours(at) {
            if Some(peer) != source {
                self.send(at, peer, Parcel::Gossip(bytes.to_vec()));
            }
        }
    }

    /// Puts something on the way. Lost requests and answers come back as failures, later.
    pub(super) fn send(&mut self, from: Place, to: Place, parcel: Parcel) {
        let weather = self.post.weather;
        let latency = 5 + self.rng.below(weather.latency_ms);
        let lost = self.rng.percent(weather.lost);
        let late = REQUEST_TIMEOUT_S * 1000;
        match parcel {
            Parcel::Gossip(_) if lost => {}
            Parcel::Request(id, _) if lost => {
                self.post.at(self.now.0 + late, Event::Arrival { from: to, to: from, parcel: Parcel::Failed(id) });
            }
            Parcel::Response(id, _) if lost => {
                self.post.at(self.now.0 + late, Event::Arrival { from, to, parcel: Parcel::Failed(id) });
            }
            parcel => self.post.at(self.now.0 + latency, Event::Arrival { from, to, parcel }),
        }
    }

    fn ask(&mut self, at: Place, peer: &PeerName, id: RequestId, request: Request) {
        let frame = postcard::to_stdvec(&request).expect("a request");
        assert!(frame.len() <= FRAME_BYTES_MAX, "a request over its bound");
        let peer = self.place_of(peer);
        self.post.asking.insert((at, id), peer);
        if self.post.linked(at, peer) {
            self.send(at, peer, Parcel::Request(id, request));
        } else {
            self.post.at(self.now.0 + 5, Event::Arrival { from: peer, to: at, parcel: Parcel::Failed(id) });
        }
    }

    fn answer(&mut self, at: Place, ticket: Ticket, response: Response) {
        let frame = postcard::to_stdvec(&response).expect("a response");
        assert!(frame.len() <= FRAME_BYTES_MAX, "a response over its bound");
        if let Some((asker, id)) = self.post.tickets.remove(&ticket) {
            self.send(at, asker, Parcel::Response(id, response));
        }
    }

    /// Lets one event happen.
    pub(super) fn happen(&mut self, event: Event) {
        match event {
            Event::Arrival { from, to, parcel } => self.arrive(from, to, parcel),
            Event::Alarm(at) => {
                self.post.alarms.remove(&at);
                self.handle(at, Input::Woken);
            }
            Event::Derive(at) => {
                self.post.told.remove(&at);
                self.derive(at);
            }
            Event::Sync(at) => {
                if let Some(node) = &self.town(at).node {
                    node.store.sync().expect("synced");
                    self.keep_synced(at);
                }
            }
        }
    }

    fn arrive(&mut self, from: Place, to: Place, parcel: Parcel) {
        let peer = self.peer(from);
        match parcel {
            Parcel::Gossip(bytes) => {
                let message = *blake3::hash(&bytes).as_bytes();
                let new = self.post.seen.entry(to).or_default().insert(message);
                if new || self.rng.percent(self.post.weather.twice) {
                    self.post.messages.insert(message, bytes.clone());
                    self.handle(to, Input::Heard { peer, message: message.to_vec(), bytes });
                }
            }
            Parcel::Request(id, request) => {
                if let Some(program) = self.post.eve.filter(|_| self.town(to).name == EVE) {
                    if let Some(response) = program(&request) {
                        self.send(to, from, Parcel::Response(id, response));
                    }
                    return;
                }
                if self.town(to).node.is_none() {
                    self.send(to, from, Parcel::Failed(id));
                    return;
                }
                self.post.next_ticket += 1;
                let ticket = self.post.next_ticket;
                self.post.tickets.insert(ticket, (from, id));
                self.handle(to, Input::Asked(peer, ticket, request));
            }
            Parcel::Response(id, response) => {
                if self.post.asking.remove(&(to, id)).is_some() {
                    self.handle(to, Input::Answered(peer, id, response));
                }
            }
            Parcel::Failed(id) => {
                if self.post.asking.remove(&(to, id)).is_some() {
                    self.handle(to, Input::Failed(peer, id));
                }
            }
        }
    }

    /// Connects two towns; the first one dialled.
    pub fn link(&mut self, a: Place, b: Place) {
        if a == b || !self.is_there(a) || !self.is_there(b) || !self.post.links.insert((a.min(b), a.max(b))) {
            return;
        }
        for (at, peer, dialled) in [(a, b, true), (b, a, false)] {
            let peer = self.peer(peer);
            self.handle(at, Input::Connected { peer, dialled, address: "virtual".into() });
        }
    }

    /// Connects two towns without the first one's asking for anything: it finds out in its next round.
    pub fn link_quietly(&mut self, a: Place, b: Place) {
        assert!(self.post.links.insert((a.min(b), a.max(b))), "they are not linked");
        for (at, peer) in [(a, b), (b, a)] {
            let peer = self.peer(peer);
            self.handle(at, Input::Connected { peer, dialled: false, address: "virtual".into() });
        }
    }

    /// Cuts a connection: what is on the way is lost, and what was asked has failed.
    pub fn cut(&mut self, a: Place, b: Place) {
        if !self.post.links.remove(&(a.min(b), a.max(b))) {
            return;
        }
        let between = |from: Place, to: Place| (from, to) == (a, b) || (from, to) == (b, a);
        self.post.events.retain(|_, event| !matches!(event, Event::Arrival { from, to, .. } if between(*from, *to)));
        let failed: Vec<(Place, RequestId)> = self
            .post
            .asking
            .iter()
            .filter(|((asker, _), asked)| between(*asker, **asked))
            .map(|(ask, _)| *ask)
            .collect();
        for (asker, id) in failed {
            let peer = self.peer(if asker == a { b } else { a });
            self.post.asking.remove(&(asker, id));
            self.handle(asker, Input::Failed(peer, id));
        }
        for (at, peer) in [(a, b), (b, a)] {
            let peer = self.peer(peer);
            self.handle(at, Input::Disconnected(peer));
        }
    }

    /// Forgets what a town that stops had on its mind.
    pub(super) fn forget(&mut self, at: Place) {
        for peer in self.post.neighbours(at) {
            self.cut(at, peer);
        }
        self.post.seen.remove(&at);
        self.post.alarms.remove(&at);
        self.post.told.remove(&at);
        let of = |event: &Event| matches!(event, Event::Alarm(of) | Event::Derive(of) | Event::Sync(of) if *of == at);
        self.post.events.retain(|_, event| !of(event));
    }
}
