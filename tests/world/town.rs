//! A town: a data folder with its keys, and, while it runs, the real parts of a node.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use crdt::id::{CommunityId, NetworkId};
use ed25519_dalek::SigningKey;
use node::derive::Deriver;
use node::journal::Journal;
use node::manifest::Admission;
use node::replica::{Identity, Replica};
use node::store::Store;

use super::rng::Rng;

/// In alphabetical order, so that a trace reads like a list.
pub const NAMES: [&str; 24] = [
    "Ananiv",
    "Bar",
    "Chop",
    "Dubno",
    "Enerhodar",
    "Fastiv",
    "Halych",
    "Irpin",
    "Iziaslav",
    "Kaniv",
    "Lutsk",
    "Mena",
    "Nizhyn",
    "Okhtyrka",
    "Pyriatyn",
    "Rakhiv",
    "Sumy",
    "Tulchyn",
    "Uman",
    "Varash",
    "Vyshhorod",
    "Yahotyn",
    "Zbarazh",
    "Zhmerynka",
];

/// The open parts of a node.
pub struct Node {
    pub store: Arc<Store>,
    pub deriver: Arc<Deriver>,
    pub replica: Replica,
}

/// What a town keeps when its node is off.
pub struct Town {
    pub name: String,
    pub dir: PathBuf,
    pub device: SigningKey,
    pub officer: SigningKey,
    pub community: Option<CommunityId>,
    pub node: Option<Node>,
    /// How wrong the town's clock is, ms.
    pub skew_ms: i64,
    /// A copy of the store as it was synced last, where the test means to cut the power.
    pub synced: Option<PathBuf>,
    /// How often the node was started: each time it draws other random bytes, as a real one does.
    starts: u64,
}

impl Town {
    pub fn new(name: &str, dir: &Path, rng: &mut Rng) -> Self {
        Self {
            name: name.to_owned(),
            dir: dir.join(name),
            device: SigningKey::from_bytes(&rng.bytes()),
            officer: SigningKey::from_bytes(&rng.bytes()),
            community: None,
            node: None,
            skew_ms: 0,
            synced: None,
            starts: 0,
        }
    }

    /// A town that starts from a copy of another's folder, keys included.
    pub fn cloned_from(other: &Self, name: &str, dir: &Path) -> Self {
        Self {
            name: name.to_owned(),
            dir: dir.join(name),
            device: other.device.clone(),
            officer: other.officer.clone(),
            community: other.community,
            node: None,
            skew_ms: 0,
            synced: None,
            starts: 0,
        }
    }

    /// Opens the folder as `node/src/node.rs` does: store, journal from where the store left off,
    /// and what the journal has beyond it.
    pub fn open(&mut self, network: NetworkId, seed: u64) {
        assert!(self.node.is_none(), "{} runs already", self.name);
        std::fs::create_dir_all(&self.dir).expect("a folder");
        let opened = Store::open(&self.dir.join("store"), network, Admission::default()).expect("the store opens");
        assert!(opened.set_aside.is_none(), "the store of {} was damaged", self.name);
        let store = Arc::new(opened.store);
        let noted = store.note("journal").expect("a note");
        let noted = noted.and_then(|bytes| bytes.try_into().ok()).map_or(0, u64::from_be_bytes);
        let (journal, tail) = Journal::open(&self.dir.join("journal.bundle"), noted).expect("the journal opens");
        assert!(!tail.damaged && tail.torn_bytes == 0, "the journal of {} lost something", self.name);
        let deriver = Arc::new(Deriver::new(&self.dir).expect("a deriver"));
        assert_eq!(deriver.suspect(), None, "{} ended while it derived", self.name);
        let identity = self.community.map(|community| Identity { community, device: self.device.clone() });
        self.starts += 1;
        let mut entropy = Rng::new(seed ^ super::rng::seed_of(&format!("{} {}", self.name, self.starts)));
        let entropy = Box::new(move |bytes: &mut [u8]| entropy.fill(bytes));
        let mut replica = Replica::new(Arc::clone(&store), Arc::clone(&deriver), journal, identity, entropy);
        if !tail.records.is_empty() {
            replica.take_records(tail.records, &mut Vec::new()).expect("the journal's records");
            store.set_note("journal", &replica.journal_len().to_be_bytes()).expect("a note");
            store.sync().expect("synced");
        }
        self.node = Some(Node { store, deriver, replica });
    }

    pub fn running(&self) -> &Node {
        self.node.as_ref().unwrap_or_else(|| panic!("{} does not run", self.name))
    }
}

/// Copies a folder. Of a running node it copies what the node has written so far, which is what
/// the disk holds when the process is killed.
pub fn copy_folder(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).expect("a folder");
    for entry in std::fs::read_dir(from).expect("a folder") {
        let entry = entry.expect("an entry");
        let target = to.join(entry.file_name());
        if entry.file_type().expect("a type").is_dir() {
            copy_folder(&entry.path(), &target);
        } else {
            std::fs::copy(entry.path(), &target).expect("copied");
        }
    }
}
