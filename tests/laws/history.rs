//! Random histories: what several communities with several devices may ever send, honest or not.

use std::collections::{BTreeMap, BTreeSet};

use crdt::charter::{Charter, CharterBody, Device, Role};
use crdt::field::Field;
use crdt::gate::DocumentKind;
use crdt::id::{ChangeHash, CommunityId, DocumentId, DocumentName, NetworkId, RecordId, Timestamp};
use crdt::kinds::KINDS;
use crdt::record::{Kind, Record};
use crdt::replay::{EditRequest, Replay};
use ed25519_dalek::SigningKey;
use node::keyring::public;
use serde_json::Value;

use super::content::content;
use crate::world::author::{Letter, actor, sign_again};
use crate::world::rng::Rng;
use crate::world::{CODE, editor};

/// When the devices that expire do.
const EXPIRY: Timestamp = Timestamp(5_000);

/// How often a community has a document of each further kind, in percent: two or three of ten, so that
/// a history of a few steps comes back to each.
const FURTHER_KINDS_PERCENT: u64 = 25;

struct Document {
    name: DocumentName,
    kind: DocumentKind,
    records: Vec<Record>,
}

struct Community {
    id: CommunityId,
    officer: SigningKey,
    /// The third one expires, the fourth one is never named.
    devices: [SigningKey; 4],
    charters: Vec<Record>,
    documents: Vec<Document>,
}

impl Community {
    fn charter(&self) -> Charter {
        Charter::resolve(self.id, &self.charters).expect("founded")
    }
}

/// What some communities wrote, and what others made of it.
pub struct History {
    pub network: NetworkId,
    rng: Rng,
    clock: u64,
    communities: Vec<Community>,
    /// Everything that is ever delivered.
    pub records: Vec<Vec<u8>>,
    /// Records that no gate may let in.
    pub forged: BTreeSet<RecordId>,
    /// What each honest change says, for the law that nothing is lost.
    pub documents: BTreeSet<DocumentId>,
}

impl History {
    /// A history of `steps` steps. The same seed with fewer steps gives its beginning.
    pub fn random(seed: u64, network: NetworkId, steps: usize) -> Self {
        let mut rng = Rng::new(seed);
        let count = 1 + rng.below(3);
        let mut history = Self {
            network,
            rng,
            clock: 1_000,
            communities: Vec::new(),
            records: Vec::new(),
            forged: BTreeSet::new(),
            documents: BTreeSet::new(),
        };
        (0..count).for_each(|_| history.found());
        (0..steps).for_each(|_| history.step());
        history.withhold();
        history
    }

    pub fn communities(&self) -> Vec<CommunityId> {
        self.communities.iter().map(|community| community.id).collect()
    }

    fn now(&mut self) -> Timestamp {
        // Clocks go wrong: authors' times are neither distinct nor in order.
        self.clock += self.rng.below(200);
        Timestamp(self.clock.saturating_sub(self.rng.below(400)))
    }

    fn found(&mut self) {
        let officer = SigningKey::from_bytes(&self.rng.bytes());
        let devices: [SigningKey; 4] = std::array::from_fn(|_| SigningKey::from_bytes(&self.rng.bytes()));
        let mut named: Vec<Device> = devices[..3].iter().map(|key| editor(public(key))).collect();
        named[2].expires_at = Some(EXPIRY);
        let body = CharterBody {
            code: CODE.into(),
            seq: 0,
            prev: None,
            officers: vec![public(&officer)],
            threshold: 1,
            devices: named,
        };
        let now = self.now();
        let genesis = Letter::charter(self.network, CommunityId::default(), now, &body).sign(&officer);
        self.records.push(genesis.bytes().to_vec());
        let practice = |name: &str| (DocumentName::of_source("laws", name), DocumentKind::Practice);
        let mut documents = vec![practice("a"), practice("b"), (DocumentName::PROFILE, DocumentKind::Profile)];
        for row in KINDS.iter().filter(|row| !["practice", "profile"].contains(&row.key)) {
            if self.rng.percent(FURTHER_KINDS_PERCENT) {
                documents.push((DocumentName::of_source("laws", row.key), row.kind));
            }
        }
        let document = |(name, kind)| Document { name, kind, records: Vec::new() };
        let documents = documents.into_iter().map(document).collect();
        let id = genesis.community();
        self.communities.push(Community { id, officer, devices, charters: vec![genesis], documents });
    }

    fn step(&mut self) {
        let community = self.rng.index(self.communities.len());
        let document = self.rng.index(self.communities[community].documents.len());
        let at = (community, document);
        match self.rng.below(100) {
            0..62 => {
                let device = self.rng.index(3);
                self.edit(at, device);
            }
            62..66 => self.edit(at, 3),
            66..72 => self.equivocate(at),
            72..76 => self.say_twice(at),
            76..80 => self.say_elsewhere(at),
            80..83 => self.withdraw(at),
            83..88 => self.change_charter(community),
            88..92 => self.speak_of_the_future(community),
            _ => self.forge(),
        }
    }

    /// What a record may tell about: any document of any community.
    fn targets(&self) -> Vec<(DocumentId, CommunityId)> {
        let of = |community: &Community| {
            let id = community.id;
            community
                .documents
                .iter()
                .map(move |document| (DocumentId::of(&id, &document.name), id))
                .collect::<Vec<_>>()
        };
        self.communities.iter().flat_map(of).collect()
    }

    /// A change by a device, on top of a random part of the document.
    fn edit(&mut self, at: (usize, usize), device: usize) {
        let tail = self.rng.bytes();
        if let Some(chunk) = self.chunk(at, device, tail) {
            self.send_change(at, device, &chunk);
        }
    }

    fn chunk(&mut self, (community, document): (usize, usize), device: usize, tail: [u8; 8]) -> Option<Vec<u8>> {
        let targets = self.targets();
        let community = &self.communities[community];
        let document = &community.documents[document];
        let charter = community.charter();
        let records = document.records.iter().cloned();
        let mut replay = Replay::derive(community.id, document.name, records, Some(&charter));
        if replay.is_empty() {
            replay = Replay::empty(community.id, document.name, document.kind);
        }
        let base = random_heads(&mut self.rng, &replay);
        let (table, content) = content(&mut self.rng, document.kind, &targets);
        let resolve =
            if self.rng.percent(20) { vec!["title".into(), "solution".into(), "about".into()] } else { vec![] };
        let key = &community.devices[device];
        let request = EditRequest {
            base: &base,
            table,
            content: &content,
            resolve: &resolve,
            actor: actor(key, tail),
            device: public(key),
        };
        let chunk = replay.edit(&request).expect("an honest edit")?;
        self.documents.insert(replay.document());
        saved_is_read(&self.communities, self.network, &replay, &chunk, key, table, &content);
        Some(chunk)
    }

    fn send_change(&mut self, (community, document): (usize, usize), device: usize, chunk: &[u8]) {
        let now = self.now();
        let at = &mut self.communities[community];
        let (key, document) = (&at.devices[device], &mut at.documents[document]);
        let letter = Letter::change(self.network, at.id, document.name, now, document.kind, chunk);
        let record = letter.sign(key);
        self.records.push(record.bytes().to_vec());
        if device < 3 {
            document.records.push(record);
        }
    }

    /// Two different changes of one actor.
    fn equivocate(&mut self, at: (usize, usize)) {
        let tail = self.rng.bytes();
        let chunks = [self.chunk(at, 0, tail), self.chunk(at, 0, tail)];
        chunks.into_iter().flatten().for_each(|chunk| self.send_change(at, 0, &chunk));
    }

    /// One change in two records.
    fn say_twice(&mut self, at: (usize, usize)) {
        let device = self.rng.index(3);
        let tail = self.rng.bytes();
        if let Some(chunk) = self.chunk(at, device, tail) {
            self.send_change(at, device, &chunk);
            self.send_change(at, device, &chunk);
        }
    }

    /// A change of one document, signed for another one, or as another kind.
    fn say_elsewhere(&mut self, at: (usize, usize)) {
        let tail = self.rng.bytes();
        let Some(chunk) = self.chunk(at, 1, tail) else { return };
        let now = self.now();
        let other = self.rng.index(self.communities[at.0].documents.len());
        let community = &self.communities[at.0];
        let mut letter = Letter::change(
            self.network,
            community.id,
            community.documents[other].name,
            now,
            DocumentKind::Practice,
            &chunk,
        );
        if self.rng.percent(50) {
            letter.body[0] = 77;
        }
        let record = letter.sign(&community.devices[1]);
        if community.documents[other].kind == DocumentKind::Profile {
            self.forged.insert(record.id());
        }
        self.records.push(record.into_bytes());
    }

    fn withdraw(&mut self, (community, document): (usize, usize)) {
        let now = self.now();
        let at = &self.communities[community];
        let mut letter = Letter::withdrawal(self.network, at.id, at.documents[document].name, now);
        if self.rng.percent(20) {
            // A withdrawal of a later version: stored, and nothing else.
            letter.version = 9;
        }
        self.records.push(letter.sign(&at.devices[0]).into_bytes());
    }

    /// A charter entry that names one device more, or ends one; sometimes beside another one.
    fn change_charter(&mut self, community: usize) {
        let now = self.now();
        let extra = SigningKey::from_bytes(&self.rng.bytes());
        let at = &self.communities[community];
        let charter = at.charter();
        let mut device = editor(public(&extra));
        if self.rng.percent(40) {
            device = Device { expires_at: Some(Timestamp(1_500)), ..editor(public(&at.devices[1])) };
        }
        if self.rng.percent(20) {
            device.role = Role::Unknown;
        }
        let body = charter.with_devices([device]);
        let record = Letter::charter(self.network, at.id, now, &body).sign(&at.officer);
        self.records.push(record.bytes().to_vec());
        // What the author forgets at once becomes a fork with the next one.
        if !self.rng.percent(15) {
            self.communities[community].charters.push(record);
        }
    }

    /// Kinds and versions that this program does not know.
    fn speak_of_the_future(&mut self, community: usize) {
        let now = self.now();
        let at = &self.communities[community];
        let kind = *self.rng.pick(&[Kind::Other(9), Kind::Vouch, Kind::Policy, Kind::Change, Kind::Charter]);
        let letter = Letter {
            network: self.network,
            kind,
            version: 7,
            community: at.id,
            document: DocumentName::of_source("laws", "a"),
            created_at: now,
            body: self.rng.bytes::<40>().to_vec(),
        };
        let key = if kind == Kind::Charter { &at.officer } else { &at.devices[0] };
        let mut bytes = letter.sign(key).into_bytes();
        if self.rng.percent(30) {
            bytes[0] = 2;
            sign_again(&mut bytes, key);
        }
        self.records.push(bytes);
    }

    /// What is no record, or not the signer's.
    fn forge(&mut self) {
        let mut bytes = self.rng.pick(&self.records).clone();
        // A record that an earlier forgery cut off has no fields to change, or nothing at all.
        let at = self.rng.index(bytes.len().max(1));
        let whole = bytes.len() >= crdt::record::HEADER_BYTES;
        match self.rng.below(6) {
            0 if whole => bytes[at] ^= 1 << self.rng.below(8),
            1 => bytes.truncate(at),
            2 => bytes.extend([0; 3]),
            // Another community, document or network, under the old signature.
            3 if whole => bytes[36 + at % 48] ^= 1,
            4 if whole => bytes[4 + at % 32] ^= 1,
            // Another network, properly signed, by somebody.
            _ if whole => {
                // Not a flipped bit, which a second forgery could flip back.
                bytes[4..36].fill(9);
                sign_again(&mut bytes, &SigningKey::from_bytes(&[1; 32]));
            }
            _ => bytes.truncate(at / 2),
        }
        // Two forgeries may undo each other.
        if !self.records.contains(&bytes) {
            self.forged.insert(RecordId::of(&bytes));
            self.records.push(bytes);
        }
    }

    /// Some records never reach anybody; what follows them has to wait.
    fn withhold(&mut self) {
        if self.rng.percent(50) {
            let rng = &mut self.rng;
            self.records.retain(|_| !rng.percent(4));
        }
    }
}

/// Some changes of a document, none of which follows another.
fn random_heads(rng: &mut Rng, replay: &Replay) -> Vec<ChangeHash> {
    let history = replay.history();
    if history.is_empty() || rng.percent(40) {
        return replay.heads();
    }
    let deps: BTreeMap<ChangeHash, &Vec<ChangeHash>> =
        history.iter().map(|(author, deps)| (author.change, deps)).collect();
    let mut heads: Vec<ChangeHash> = (0..1 + rng.below(3)).map(|_| rng.pick(&history).0.change).collect();
    heads.sort_unstable();
    heads.dedup();
    let mut followed = BTreeSet::new();
    let mut stack: Vec<ChangeHash> = heads.iter().flat_map(|head| deps[head].clone()).collect();
    while let Some(hash) = stack.pop() {
        if followed.insert(hash) {
            stack.extend(deps[&hash].iter().copied());
        }
    }
    heads.retain(|head| !followed.contains(head));
    heads
}

/// The law of saving: where somebody read, what they saved is what stands.
fn saved_is_read(
    communities: &[Community],
    network: NetworkId,
    replay: &Replay,
    chunk: &[u8],
    key: &SigningKey,
    table: &[Field],
    content: &Value,
) {
    let view = replay.view();
    let letter = Letter::change(network, view.community, view.name, Timestamp(1), view.kind, chunk);
    let record = letter.sign(key);
    let mut after = replay.clone();
    let charter = communities.iter().find(|community| community.id == view.community).map(Community::charter);
    if !after.push(&record, charter.as_ref()) {
        // Nothing to push on: a first change, a trouble elsewhere, or a device without rights.
        return;
    }
    let hash = crdt::chunk::Chunk::parse(chunk, &public(key)).expect("our own").hash;
    let fields = after.fields_at(&[hash]).expect("just pushed");
    for field in table {
        let shown = fields.get(field.key).map_or(crdt::field::Stored::Nothing, crdt::view::FieldState::shown);
        let shown = if shown == crdt::field::Stored::Items(vec![]) { crdt::field::Stored::Nothing } else { shown };
        assert_eq!(shown, field.store(content), "what was saved in {} is not what stands there", field.key);
    }
}
