//! Who signs what the fuzzer made: always the same keys, so that an input means the same everywhere.

use std::collections::BTreeSet;
use std::sync::{Arc, OnceLock};

use crdt::charter::{Charter, CharterBody};
use crdt::gate::{DocumentKind, Registry};
use crdt::id::{ChangeHash, CommunityId, DocumentId, DocumentName, NetworkId, PublicKey, RecordId, Timestamp};
use crdt::practice::PRACTICE;
use crdt::record::Record;
use crdt::replay::{EditRequest, Replay};
use ed25519_dalek::SigningKey;
use node::keyring::public;
use serde_json::{Value, json};

use crate::world::author::{Letter, actor};
use crate::world::{CODE, editor};

/// When the records of these tests were made: some day in 2026.
pub const MADE_AT: Timestamp = Timestamp(1_790_000_000_000);

/// A community with an officer and two devices, and what it wrote.
pub struct Signers {
    pub network: NetworkId,
    pub officer: SigningKey,
    pub devices: [SigningKey; 2],
    pub genesis: Record,
    pub charter: Arc<Charter>,
    /// The document that [`Signers::honest`] are changes of.
    pub name: DocumentName,
    /// Honest changes of one document: texts, lists, conflicts, removals.
    pub honest: Vec<Record>,
}

/// The one community of these tests.
pub fn signers() -> &'static Signers {
    static SIGNERS: OnceLock<Signers> = OnceLock::new();
    SIGNERS.get_or_init(Signers::new)
}

impl Signers {
    fn new() -> Self {
        let [officer, first, second] = [1, 2, 3].map(|n| SigningKey::from_bytes(&[n; 32]));
        let network = NetworkId::of("decoders");
        let body = CharterBody {
            code: CODE.into(),
            seq: 0,
            prev: None,
            officers: vec![public(&officer)],
            threshold: 1,
            devices: vec![editor(public(&first)), editor(public(&second))],
        };
        let genesis = Letter::charter(network, CommunityId::default(), MADE_AT, &body).sign(&officer);
        let charter = Charter::resolve(genesis.community(), [&genesis]).expect("founded");
        let name = DocumentName::of_source("decoders", "document");
        let devices = [first, second];
        let (charter, honest) = (Arc::new(charter), Vec::new());
        let mut signers = Self { network, officer, devices, genesis, charter, name, honest };
        signers.write_honest();
        signers
    }

    fn write_honest(&mut self) {
        let says = |title: &str, text: &str| json!({ "title": title, "solution": text, "steps": [{ "title": title }] });
        let contents = [
            says("Толока", "Прибрали парк\nПосадили дерева\nПоставили лави"),
            says("Толока двічі", "Прибрали парк\nПосадили сто дерев\nПоставили лави"),
            says("Толока", "Прибрали старий парк\nПоставили лави"),
            json!({ "summary": "Коротко", "solution": "" }),
            says("Усе разом", "Прибрали парк\nПоставили лави\nПолагодили дах школи"),
        ];
        for (n, content) in contents.iter().enumerate() {
            let on = self.derive(&self.honest);
            // Every other one is made on an older state, so that there are conflicts to resolve.
            let base = if n % 2 == 0 { on.heads() } else { self.derive(&self.honest[..n.div_ceil(2)]).heads() };
            let device = n % 2;
            let chunk = self.edit(&on, &base, content, device, n as u64).expect("something changed");
            self.honest.push(self.change(&chunk, device));
        }
    }

    /// The community.
    pub fn community(&self) -> CommunityId {
        self.genesis.community()
    }

    /// The document from some of its records.
    pub fn derive(&self, records: &[Record]) -> Replay {
        if records.is_empty() {
            return Replay::empty(self.community(), self.name, DocumentKind::Practice);
        }
        Replay::derive(self.community(), self.name, records.iter().cloned(), Some(&self.charter))
    }

    /// An honest edit by a device; nothing if nothing changes.
    pub fn edit(&self, on: &Replay, base: &[ChangeHash], content: &Value, device: usize, nth: u64) -> Option<Vec<u8>> {
        let key = &self.devices[device];
        let request = EditRequest {
            base,
            table: PRACTICE,
            content,
            resolve: &["title".into(), "solution".into()],
            actor: actor(key, nth.to_be_bytes()),
            device: public(key),
        };
        on.edit(&request).expect("an honest edit")
    }

    /// A change of the document, signed by a device.
    pub fn change(&self, chunk: &[u8], device: usize) -> Record {
        Letter::change(self.network, self.community(), self.name, MADE_AT, DocumentKind::Practice, chunk)
            .sign(&self.devices[device])
    }

    /// The public keys that inputs may name: the officer's, then the devices'.
    pub fn public_keys(&self) -> [PublicKey; 3] {
        [public(&self.officer), public(&self.devices[0]), public(&self.devices[1])]
    }
}

/// A library that knows as much as a test wants.
#[derive(Default)]
pub struct Hall {
    pub charter: Option<Arc<Charter>>,
    pub held: BTreeSet<RecordId>,
    pub withdrawn: BTreeSet<DocumentId>,
}

impl Hall {
    /// A library that has the community's charter and nothing else.
    pub fn of(signers: &Signers) -> Self {
        Self { charter: Some(Arc::clone(&signers.charter)), ..Self::default() }
    }
}

impl Registry for Hall {
    fn network(&self) -> NetworkId {
        signers().network
    }

    fn admits(&self, _: &CommunityId) -> bool {
        true
    }

    fn holds(&self, record: &RecordId) -> bool {
        self.held.contains(record)
    }

    fn is_withdrawn(&self, document: &DocumentId) -> bool {
        self.withdrawn.contains(document)
    }

    fn charter(&self, community: &CommunityId) -> Option<Arc<Charter>> {
        self.charter.clone().filter(|charter| charter.community == *community)
    }
}
