//! A world in virtual time: real replicas, stores, journals and derivers, one clock, one seed.
//!
//! Nothing sleeps and nothing runs at once, so a whole day of many towns takes seconds, and the
//! seed that every failure prints gives the same day again.

pub mod author;
pub mod check;
pub mod chunk;
pub mod post;
pub mod rng;
pub mod sha256;
pub mod town;

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::OnceLock;
use std::time::{Duration, Instant};

use crdt::charter::{CharterBody, Device, Role};
use crdt::gate::DocumentKind;
use crdt::id::{ChangeHash, CommunityId, DocumentId, DocumentName, NetworkId, PublicKey, Timestamp};
use crdt::practice::{PRACTICE, Practice};
use crdt::view::View;
use node::keyring::public;
use node::replica::{CATCH_UP_EVERY_MS, Content, Effect, Identity, Input, Outcome, PeerName, PublishError, Replica};
use tempfile::TempDir;

use node::wire::{GOSSIP_INLINE_MAX, Gossip, Request};
use post::{Event, Parcel, Post};
use rng::{Replayable, Rng};
use town::{NAMES, Node, Town, copy_folder};

/// A code that the codifier has. Many communities may claim one.
pub const CODE: &str = "UA26040190000081578";
/// The name of the one who means harm: a peer whose program the test plays.
pub const EVE: &str = "eve";
/// Where every world's clock starts: some day in 2026.
pub const START: Timestamp = Timestamp(1_790_000_000_000);

pub const SECOND: u64 = 1_000;
pub const MINUTE: u64 = 60 * SECOND;
pub const HOUR: u64 = 60 * MINUTE;
pub const DAY: u64 = 24 * HOUR;

/// A town's place in the world.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Place(pub usize);

/// What a clerk has on the screen: a document's content and the heads that it was read at.
#[derive(Clone, Debug)]
pub struct Form {
    pub name: DocumentName,
    pub heads: Vec<ChangeHash>,
    pub practice: Practice,
}

pub struct World {
    pub network: NetworkId,
    pub now: Timestamp,
    pub rng: Rng,
    pub towns: Vec<Town>,
    pub post: Post,
    /// Stopped towns' copies of their folders, and the like.
    pub dir: TempDir,
    /// The longest that one input or one derivation took, in real time.
    pub slowest: Duration,
    /// A hash of everything that happened, to compare two runs of one seed.
    pub trace: blake3::Hasher,
    seed: u64,
    copies: u32,
    _replayable: Replayable,
}

impl World {
    /// A world without towns.
    pub fn new(seed: u64) -> Self {
        Self {
            network: NetworkId::of("world"),
            now: START,
            rng: Rng::new(seed),
            towns: Vec::new(),
            post: Post::default(),
            dir: folder(),
            slowest: Duration::ZERO,
            trace: blake3::Hasher::new(),
            seed,
            copies: 0,
            _replayable: Replayable::new(seed),
        }
    }

    /// A world of `N` towns, each with a community of its own, none connected.
    pub fn with_towns<const N: usize>() -> (Self, [Place; N]) {
        Self::seeded(rng::seed())
    }

    /// The same from a seed that the test chooses.
    pub fn seeded<const N: usize>(seed: u64) -> (Self, [Place; N]) {
        let mut world = Self::new(seed);
        let places = std::array::from_fn(|n| world.found(NAMES[n]));
        (world, places)
    }

    /// Adds a town that runs but writes for nobody.
    pub fn settle_down(&mut self, name: &str) -> Place {
        let town = Town::new(name, self.dir.path(), &mut self.rng);
        self.towns.push(town);
        let place = Place(self.towns.len() - 1);
        self.start(place);
        place
    }

    /// Adds a town that founds a community.
    pub fn found(&mut self, name: &str) -> Place {
        let place = self.settle_down(name);
        let (device, officer) = (self.town(place).device.clone(), self.town(place).officer.clone());
        let body = CharterBody {
            code: CODE.into(),
            seq: 0,
            prev: None,
            officers: vec![public(&officer)],
            threshold: 1,
            devices: vec![editor(public(&device))],
        };
        let founded = self.act(place, |replica, now, effects| {
            let founded = replica.record_charter(CommunityId::default(), &body, &officer, now, effects);
            founded.inspect(|community| replica.set_identity(Identity { community: *community, device }))
        });
        self.town_mut(place).community = Some(founded.expect("founded"));
        place
    }

    /// A peer without a node: the test speaks for it.
    pub fn eve(&mut self) -> Place {
        let town = Town::new(EVE, self.dir.path(), &mut self.rng);
        self.towns.push(town);
        Place(self.towns.len() - 1)
    }

    /// Has the community of `owner` name the device of `other`, which writes for it from then on.
    pub fn share(&mut self, owner: Place, other: Place) {
        let community = self.community(owner);
        let device = self.town(other).device.clone();
        self.name_device(owner, public(&device));
        self.town_mut(other).community = Some(community);
        if let Some(node) = &mut self.town_mut(other).node {
            node.replica.set_identity(Identity { community, device });
        }
    }

    /// Has a town's community name a device in its charter.
    pub fn name_device(&mut self, owner: Place, device: PublicKey) {
        let community = self.community(owner);
        let officer = self.town(owner).officer.clone();
        let charter = self.node(owner).store.charter_of(&community).expect("read").expect("founded");
        let body = charter.with_devices([editor(device)]);
        self.act(owner, |replica, now, effects| replica.record_charter(community, &body, &officer, now, effects))
            .expect("a charter");
    }

    /// Has a peer that the test speaks for push a record to a town, or say it in gossip.
    pub fn slip(&mut self, from: Place, to: Place, record: &[u8]) {
        let parcel = if self.rng.percent(50) && record.len() <= GOSSIP_INLINE_MAX {
            Parcel::Gossip(Gossip::Record(record.to_vec()).to_bytes())
        } else {
            Parcel::Request(0, Request::Push(node::bundle::pack([record])))
        };
        self.send(from, to, parcel);
    }

    /// Has a peer that the test speaks for push records in one block.
    pub fn slip_block(&mut self, from: Place, to: Place, records: &[&[u8]]) {
        self.send(from, to, Parcel::Request(0, Request::Push(node::bundle::pack(records.iter().copied()))));
    }

    /// Has a peer that the test speaks for ask for something.
    pub fn ask_as(&mut self, from: Place, to: Place, request: Request) {
        self.send(from, to, Parcel::Request(0, request));
    }

    /// Has a peer that the test speaks for say something in gossip.
    pub fn say(&mut self, from: Place, to: Place, message: Vec<u8>) {
        self.send(from, to, Parcel::Gossip(message));
    }

    /// How many records of a peer a town has refused.
    pub fn refused(&self, at: Place, peer: Place) -> u64 {
        let name = self.peer(peer);
        let peers = self.node(at).replica.peers();
        peers.into_iter().filter(|(of, _)| *of == name).map(|(_, peer)| peer.refused).sum()
    }

    pub fn town(&self, at: Place) -> &Town {
        &self.towns[at.0]
    }

    pub fn town_mut(&mut self, at: Place) -> &mut Town {
        &mut self.towns[at.0]
    }

    pub fn node(&self, at: Place) -> &Node {
        self.town(at).running()
    }

    fn node_mut(&mut self, at: Place) -> &mut Node {
        self.town_mut(at).node.as_mut().expect("the town runs")
    }

    pub fn community(&self, at: Place) -> CommunityId {
        self.town(at).community.expect("the town writes for a community")
    }

    /// Every town whose node runs.
    pub fn running(&self) -> Vec<Place> {
        (0..self.towns.len()).map(Place).filter(|place| self.town(*place).node.is_some()).collect()
    }

    pub fn peer(&self, at: Place) -> PeerName {
        PeerName(self.town(at).name.as_bytes().to_vec())
    }

    fn place_of(&self, peer: &PeerName) -> Place {
        let found = self.towns.iter().position(|town| town.name.as_bytes() == peer.0);
        Place(found.expect("a town's name"))
    }

    fn is_there(&self, at: Place) -> bool {
        self.town(at).node.is_some() || self.town(at).name == EVE
    }

    /// What the town's clock says.
    pub fn local(&self, at: Place) -> Timestamp {
        Timestamp(self.now.0.saturating_add_signed(self.town(at).skew_ms))
    }

    /// Tells a node a fact, and fulfils its wishes.
    pub fn handle(&mut self, at: Place, input: Input) {
        if self.town(at).node.is_some() {
            self.act(at, |replica, now, effects| {
                effects.extend(replica.handle(input, now).expect("no fault"));
            });
        }
    }

    /// Has a node do something, and fulfils its wishes.
    pub fn act<T>(&mut self, at: Place, act: impl FnOnce(&mut Replica, Timestamp, &mut Vec<Effect>) -> T) -> T {
        let now = self.local(at);
        let mut effects = Vec::new();
        let before = time_of_this_thread();
        let done = act(&mut self.node_mut(at).replica, now, &mut effects);
        self.slowest = self.slowest.max(time_of_this_thread() - before);
        self.trace.update(format!("{} {} {effects:?}\n", self.now.0, self.town(at).name).as_bytes());
        self.perform(at, effects);
        self.set_alarm(at);
        done
    }

    /// Sets a town's clock, as a dead battery or a wrong time server does. A real node looks at it
    /// again after the time between two catch-ups at the latest.
    pub fn set_clock(&mut self, at: Place, skew_ms: i64) {
        self.town_mut(at).skew_ms = skew_ms;
        let moment = self.now.0 + CATCH_UP_EVERY_MS;
        self.post.alarms.insert(at, moment);
        self.post.at(moment, Event::Alarm(at));
    }

    fn set_alarm(&mut self, at: Place) {
        let Some(wake_at) = self.node(at).replica.wake_at() else { return };
        let moment = wake_at.0.saturating_add_signed(-self.town(at).skew_ms).max(self.now.0 + 1);
        if self.post.alarms.get(&at).is_none_or(|set| *set > moment) {
            self.post.alarms.insert(at, moment);
            self.post.at(moment, Event::Alarm(at));
        }
    }

    /// Derives what is pending, as the thread of a real node does.
    pub fn derive(&mut self, at: Place) {
        let Some(node) = &self.town(at).node else { return };
        let (mut hurry, mut slowest) = (false, self.slowest);
        for document in node.store.pending(usize::MAX).expect("read") {
            let before = time_of_this_thread();
            let derived = node.deriver.derive(&node.store, &document).expect("no fault");
            hurry |= derived.is_some_and(|derived| !derived.view.waiting.is_empty());
            slowest = slowest.max(time_of_this_thread() - before);
        }
        self.slowest = slowest;
        if hurry {
            self.act(at, |replica, now, _| replica.hurry(now));
        }
    }

    /// Stops a node in good order.
    pub fn stop(&mut self, at: Place) {
        self.forget(at);
        self.town_mut(at).node = None;
    }

    /// Starts a stopped node. Whatever was pending is derived, as at every start.
    pub fn start(&mut self, at: Place) {
        let (network, seed) = (self.network, self.seed);
        self.town_mut(at).open(network, seed);
        self.post.at(self.now.0 + 1, Event::Derive(at));
    }

    /// Kills a node in the middle of whatever it does. It stays off.
    pub fn kill(&mut self, at: Place) {
        let copy = self.copy_of(at);
        self.stop(at);
        self.put_back(at, &copy);
    }

    /// From now on the town's power may be cut. Everything so far is safe on the disk.
    pub fn expect_power_cuts(&mut self, at: Place) {
        self.node(at).store.sync().expect("synced");
        self.town_mut(at).synced = Some(self.dir.path().join(format!("{} as synced", self.town(at).name)));
        self.keep_synced(at);
    }

    /// Remembers what the disk holds of the store now that it is synced.
    fn keep_synced(&mut self, at: Place) {
        if let Some(synced) = &self.town(at).synced {
            let _ = std::fs::remove_dir_all(synced);
            copy_folder(self.node(at).store.dir(), synced);
        }
    }

    /// Cuts the power: of the store only what was synced is left, of the journal all that was
    /// acknowledged. The town stays off.
    pub fn power_cut(&mut self, at: Place) {
        let synced = self.town(at).synced.clone().expect("power cuts are expected");
        let store = self.node(at).store.dir().to_owned();
        self.stop(at);
        std::fs::remove_dir_all(&store).expect("removed");
        copy_folder(&synced, &store);
    }

    /// Copies a town's folder, as a careful administrator does once a week.
    pub fn copy_of(&mut self, at: Place) -> PathBuf {
        self.copies += 1;
        let copy = self.dir.path().join(format!("copy {}", self.copies));
        copy_folder(&self.town(at).dir, &copy);
        copy
    }

    /// Gives a stopped town the folder of a copy.
    pub fn put_back(&mut self, at: Place, copy: &std::path::Path) {
        assert!(self.town(at).node.is_none(), "stop it first");
        std::fs::remove_dir_all(&self.town(at).dir).expect("removed");
        copy_folder(copy, &self.town(at).dir);
    }

    /// Adds a town, not yet running, whose folder is a copy, keys included.
    pub fn clone_town(&mut self, of: Place, copy: &std::path::Path, name: &str) -> Place {
        let town = Town::cloned_from(self.town(of), name, self.dir.path());
        copy_folder(copy, &town.dir);
        self.towns.push(town);
        Place(self.towns.len() - 1)
    }

    /// Connects every town with every other that runs.
    pub fn link_all(&mut self) {
        let running = self.running();
        for (n, a) in running.iter().enumerate() {
            for b in &running[n + 1..] {
                self.link(*a, *b);
            }
        }
    }

    /// Lets time pass.
    pub fn run_for(&mut self, ms: u64) {
        let end = self.now.plus_ms(ms);
        while let Some(entry) = self.post.events.first_entry()
            && entry.key().0 <= end.0
        {
            self.now = Timestamp(entry.key().0.max(self.now.0));
            let event = entry.remove();
            self.happen(event);
        }
        self.now = end;
    }

    /// Publishes a new practice, or says it anew on top of what stands.
    pub fn publish(&mut self, at: Place, name: &str, practice: &Practice) -> DocumentId {
        self.try_publish(at, name, practice).expect("published").document
    }

    /// Publishes, if the town may.
    pub fn try_publish(&mut self, at: Place, name: &str, practice: &Practice) -> Result<Outcome, PublishError> {
        let form = Form { name: named(name), heads: Vec::new(), practice: practice.clone() };
        self.save_on(at, &form, None, &[])
    }

    /// What a clerk of this town sees of one of its own practices.
    pub fn read(&self, at: Place, name: &str) -> Form {
        let document = DocumentId::of(&self.community(at), &named(name));
        let view = self.view(at, &document).unwrap_or_else(|| panic!("{} does not have {name}", self.town(at).name));
        Form { name: named(name), heads: view.heads.clone(), practice: view.typed(PRACTICE) }
    }

    /// Saves what was changed in a form.
    pub fn save(&mut self, at: Place, form: &Form, resolve: &[&str]) -> Outcome {
        let heads = form.heads.clone();
        self.save_on(at, form, Some(&heads), resolve).expect("saved")
    }

    pub fn save_on(
        &mut self,
        at: Place,
        form: &Form,
        base: Option<&[ChangeHash]>,
        resolve: &[&str],
    ) -> Result<Outcome, PublishError> {
        let whole = serde_json::to_value(&form.practice).expect("a practice");
        let resolve: Vec<String> = resolve.iter().map(ToString::to_string).collect();
        let content = Content {
            name: form.name,
            kind: DocumentKind::Practice,
            base,
            table: PRACTICE,
            whole: &whole,
            resolve: &resolve,
        };
        self.act(at, |replica, now, effects| replica.publish(&content, now, effects))
    }

    pub fn withdraw(&mut self, at: Place, document: &DocumentId) {
        self.act(at, |replica, now, effects| replica.withdraw(document, "said so".into(), now, effects))
            .expect("withdrawn");
    }

    pub fn view(&self, at: Place, document: &DocumentId) -> Option<View> {
        self.node(at).store.view(document).expect("read")
    }

    /// What a town shows of a document.
    pub fn shown(&self, at: Place, document: &DocumentId) -> Option<Practice> {
        self.view(at, document).map(|view| view.typed(PRACTICE))
    }

    /// Every view of a town, by document.
    pub fn views(&self, at: Place) -> BTreeMap<DocumentId, View> {
        check::views(&self.node(at).store)
    }
}

/// How long this thread has computed: not how long it waited for others on a busy machine. Where
/// the system does not say, the time of day.
pub fn time_of_this_thread() -> Duration {
    static START: OnceLock<Instant> = OnceLock::new();
    let said = std::fs::read_to_string("/proc/thread-self/schedstat").ok();
    let nanos = said.and_then(|text| text.split(' ').next().and_then(|number| number.parse().ok()));
    nanos.map_or_else(|| START.get_or_init(Instant::now).elapsed(), Duration::from_nanos)
}

/// A folder for a test's data: in memory where the system has such a place, since what a test
/// needs to know of syncing it asks the world, not the disk.
pub fn folder() -> TempDir {
    let memory = std::path::Path::new("/dev/shm");
    let made = if memory.is_dir() { tempfile::tempdir_in(memory) } else { tempfile::tempdir() };
    made.or_else(|_| tempfile::tempdir()).expect("a folder")
}

/// A device that may write, for ever.
pub fn editor(key: PublicKey) -> Device {
    Device { key, name: String::new(), role: Role::Editor, expires_at: None }
}

/// A document's name, from a word.
pub fn named(word: &str) -> DocumentName {
    DocumentName::of_source("world", word)
}

/// A practice with a title and some paragraphs.
pub fn practice(title: &str, paragraphs: &[&str]) -> Practice {
    Practice { title: title.into(), solution: paragraphs.join("\n"), ..Practice::default() }
}
