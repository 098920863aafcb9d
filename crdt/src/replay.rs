//! A document from its records: a pure function of the set, whatever the order of arrival.
//!
//! 1. Changes whose device had no right to write are set aside; of two records with one change, the
//!    one with the lower id names the author.
//! 2. Of two changes with one actor the one with the lower hash counts; the other is set aside.
//! 3. Changes are taken after the changes that they follow, lower hashes first. Each is checked
//!    against what it may know (`ledger`): every actor, list and item it names must be among what
//!    it follows, and its counters must follow theirs. So Automerge never meets a reference it does
//!    not know, which is what makes it panic.
//! 4. What follows a missing change waits; what follows a set-aside change is set aside.
//! 5. Automerge takes all that is left in one batch. Should it still fail or panic, the changes go
//!    one by one onto copies, and the one that fails is set aside.
//!
//! Documents are never kept as Automerge saves them: the records are the truth, views the cache.

mod alone;
mod fields;
mod ledger;
mod write;

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::panic::{AssertUnwindSafe, catch_unwind};

use automerge::Automerge;

use crate::charter::Charter;
use crate::chunk::{Actor, Chunk};
use crate::gate::{Content, DocumentKind, read};
use crate::id::{ChangeHash, CommunityId, DocumentId, DocumentName, RecordId, Timestamp};
use crate::limits::{DOCUMENT_BYTES_MAX, DOCUMENT_CHANGES_MAX, DOCUMENT_OPS_MAX};
use crate::record::Record;
use crate::view::{Contribution, FieldState, SetAside, View};

pub use alone::view_of_one;
use ledger::Ledger;
pub use write::{EditError, EditRequest};

/// One change of a document with its author.
#[derive(Clone)]
struct Change {
    author: Contribution,
    kind: DocumentKind,
    chunk: Chunk,
    record: Record,
}

impl Change {
    fn chunk_bytes(&self) -> &[u8] {
        &self.record.body()[1..]
    }
}

/// A document with all that is needed to read it, to write to it and to take one change more.
#[derive(Clone)]
pub struct Replay {
    community: CommunityId,
    name: DocumentName,
    kind: DocumentKind,
    doc: Automerge,
    ledger: Ledger,
    authors: HashMap<Actor, Contribution>,
    chunks: HashMap<ChangeHash, Vec<ChangeHash>>,
    ops: usize,
    text_bytes: usize,
    first_at: Timestamp,
    last_at: Timestamp,
    waiting: Vec<RecordId>,
    set_aside: BTreeMap<RecordId, SetAside>,
}

impl Replay {
    /// A document without changes.
    #[must_use]
    pub fn empty(community: CommunityId, name: DocumentName, kind: DocumentKind) -> Self {
        Self {
            community,
            name,
            kind,
            doc: Automerge::new(),
            ledger: Ledger::default(),
            authors: HashMap::new(),
            chunks: HashMap::new(),
            ops: 0,
            text_bytes: 0,
            first_at: Timestamp::MAX,
            last_at: Timestamp::default(),
            waiting: Vec::new(),
            set_aside: BTreeMap::new(),
        }
    }

    /// Derives a document from the records that name it.
    #[must_use]
    pub fn derive(
        community: CommunityId,
        name: DocumentName,
        records: impl IntoIterator<Item = Record>,
        charter: Option<&Charter>,
    ) -> Self {
        let mut set_aside = BTreeMap::new();
        let (mut changes, mut dropped) = eligible(records, charter, &mut set_aside);
        loop {
            let mut replay = Self::order(community, name, &changes, set_aside.clone(), &dropped);
            match replay.apply(&changes) {
                Ok(()) => return replay,
                Err(failed) => {
                    // Start again without it: what follows it falls away by the same rule as ever.
                    if let Some(change) = changes.get_mut(&failed) {
                        set_aside.insert(change.author.record, SetAside::Engine);
                    }
                    changes.remove(&failed);
                    dropped.insert(failed);
                }
            }
        }
    }

    /// Takes the changes in order, checks each against what it follows.
    fn order(
        community: CommunityId,
        name: DocumentName,
        changes: &BTreeMap<ChangeHash, Change>,
        set_aside: BTreeMap<RecordId, SetAside>,
        dropped: &BTreeSet<ChangeHash>,
    ) -> Self {
        let first = changes.values().find(|change| change.chunk.deps.is_empty());
        let kind = first.map_or(DocumentKind::Practice, |change| change.kind);
        let mut replay = Self::empty(community, name, kind);
        replay.set_aside = set_aside;
        let mut missing: HashMap<ChangeHash, usize> = HashMap::new();
        let mut followers: HashMap<ChangeHash, Vec<ChangeHash>> = HashMap::new();
        let mut ready = BTreeSet::new();
        for (hash, change) in changes {
            missing.insert(*hash, change.chunk.deps.len());
            if change.chunk.deps.is_empty() {
                ready.insert(*hash);
            }
            for dep in &change.chunk.deps {
                followers.entry(*dep).or_default().push(*hash);
            }
        }
        while let Some(hash) = ready.pop_first() {
            let change = &changes[&hash];
            if let Err(reason) = replay.accept(change) {
                replay.set_aside.insert(change.author.record, reason);
                continue;
            }
            for follower in followers.remove(&hash).unwrap_or_default() {
                let left = missing.get_mut(&follower).expect("every follower is a change");
                *left -= 1;
                if *left == 0 {
                    ready.insert(follower);
                }
            }
        }
        replay.settle(changes, dropped);
        replay
    }

    /// Names what was left out by [`Self::order`]: what follows a set-aside change is set aside,
    /// the rest waits for what is not here.
    fn settle(&mut self, changes: &BTreeMap<ChangeHash, Change>, dropped: &BTreeSet<ChangeHash>) {
        let mut dead: BTreeSet<ChangeHash> = changes
            .iter()
            .filter(|(_, change)| self.set_aside.contains_key(&change.author.record))
            .map(|(hash, _)| *hash)
            .chain(dropped.iter().copied())
            .collect();
        loop {
            let before = dead.len();
            for (hash, change) in changes {
                if !self.chunks.contains_key(hash) && change.chunk.deps.iter().any(|dep| dead.contains(dep)) {
                    dead.insert(*hash);
                    self.set_aside.entry(change.author.record).or_insert(SetAside::Follows);
                }
            }
            if dead.len() == before {
                break;
            }
        }
        let waits = |(hash, change): (&ChangeHash, &Change)| {
            (!self.chunks.contains_key(hash) && !dead.contains(hash)).then_some(change.author.record)
        };
        self.waiting = changes.iter().filter_map(waits).collect();
    }

    /// Checks one change whose predecessors are all accepted, and counts it in.
    fn accept(&mut self, change: &Change) -> Result<(), SetAside> {
        let chunk = &change.chunk;
        if change.kind != self.kind {
            return Err(SetAside::Kind);
        }
        let (ops, text_bytes) = (self.ops + chunk.ops.len(), self.text_bytes + chunk.text_bytes());
        if ops > DOCUMENT_OPS_MAX || text_bytes > DOCUMENT_BYTES_MAX || self.chunks.len() >= DOCUMENT_CHANGES_MAX {
            return Err(SetAside::TooLarge);
        }
        self.ledger.enter(chunk)?;
        (self.ops, self.text_bytes) = (ops, text_bytes);
        self.authors.insert(chunk.actor(), change.author);
        self.chunks.insert(chunk.hash, chunk.deps.clone());
        self.first_at = self.first_at.min(change.author.created_at);
        self.last_at = self.last_at.max(change.author.created_at);
        Ok(())
    }

    /// Gives the accepted changes to Automerge; on failure says which one it could not take.
    fn apply(&mut self, changes: &BTreeMap<ChangeHash, Change>) -> Result<(), ChangeHash> {
        let accepted = self.in_order();
        let parsed: Vec<(ChangeHash, Option<automerge::Change>)> =
            accepted.iter().map(|hash| (*hash, parse(changes[hash].chunk_bytes()))).collect();
        if let Some((hash, _)) = parsed.iter().find(|(_, change)| change.is_none()) {
            return Err(*hash);
        }
        let parsed: Vec<(ChangeHash, automerge::Change)> =
            parsed.into_iter().filter_map(|(hash, change)| Some((hash, change?))).collect();
        let all: Vec<automerge::Change> = parsed.iter().map(|(_, change)| change.clone()).collect();
        if let Some(doc) = take(&Automerge::new(), all) {
            self.doc = doc;
            return Ok(());
        }
        let mut doc = Automerge::new();
        for (hash, change) in parsed {
            doc = take(&doc, vec![change]).ok_or(hash)?;
        }
        // Each alone is taken, all together are not: keep what one by one gave.
        self.doc = doc;
        Ok(())
    }

    /// The accepted changes, each after those that it follows, lower hashes first.
    fn in_order(&self) -> Vec<ChangeHash> {
        let mut order: Vec<ChangeHash> = Vec::with_capacity(self.chunks.len());
        let mut seen: BTreeSet<ChangeHash> = BTreeSet::new();
        let mut stack: Vec<(ChangeHash, bool)> = Vec::new();
        let sorted: BTreeSet<&ChangeHash> = self.chunks.keys().collect();
        for start in sorted {
            stack.push((*start, false));
            while let Some((hash, entered)) = stack.pop() {
                if entered {
                    order.push(hash);
                } else if seen.insert(hash) {
                    stack.push((hash, true));
                    stack.extend(self.chunks[&hash].iter().filter(|dep| !seen.contains(*dep)).map(|dep| (*dep, false)));
                }
            }
        }
        order
    }

    /// Takes one change more where that is certain to give what [`Self::derive`] of the larger set
    /// would give. Otherwise says `false`, and the document is to be derived anew.
    #[must_use]
    pub fn push(&mut self, record: &Record, charter: Option<&Charter>) -> bool {
        let untroubled = self.set_aside.is_empty() && self.waiting.is_empty();
        let Ok(change) = classify(record.clone(), charter) else { return false };
        let chunk = &change.chunk;
        // A change that follows nothing is one more beginning; if it were of another kind than the
        // others, `accept` would say so.
        let follows = !self.is_empty() && chunk.deps.iter().all(|dep| self.chunks.contains_key(dep));
        let fresh = !self.chunks.contains_key(&chunk.hash) && !self.authors.contains_key(&chunk.actor());
        if !(untroubled && follows && fresh) || self.accept(&change).is_err() {
            return false;
        }
        let Some(parsed) = parse(change.chunk_bytes()) else { return false };
        matches!(catch_unwind(AssertUnwindSafe(|| self.doc.apply_changes([parsed]))), Ok(Ok(())))
    }

    /// What readers see.
    #[must_use]
    pub fn view(&self) -> View {
        let (fields, authors) = fields::fields(&self.doc, &self.authors);
        let mut waiting = self.waiting.clone();
        waiting.sort_unstable();
        View {
            document: self.document(),
            community: self.community,
            name: self.name,
            kind: self.kind,
            heads: self.heads(),
            changes: u32::try_from(self.chunks.len()).unwrap_or(u32::MAX),
            created_at: if self.chunks.is_empty() { Timestamp::default() } else { self.first_at },
            updated_at: self.last_at,
            authors,
            fields,
            waiting,
            set_aside: self.set_aside.iter().map(|(record, reason)| (*record, *reason)).collect(),
        }
    }

    /// The changes that nothing follows yet, ascending.
    #[must_use]
    pub fn heads(&self) -> Vec<ChangeHash> {
        let mut heads: Vec<ChangeHash> = self.doc.get_heads().iter().map(|hash| ChangeHash(hash.0)).collect();
        heads.sort_unstable();
        heads
    }

    /// The fields as they stood when only `heads` and what they follow was there.
    #[must_use]
    pub fn fields_at(&self, heads: &[ChangeHash]) -> Option<BTreeMap<String, FieldState>> {
        Some(fields::fields(&self.fork_at(heads)?, &self.authors).0)
    }

    /// What readers saw when only `heads` and what they follow was there.
    #[must_use]
    pub fn view_at(&self, heads: &[ChangeHash]) -> Option<View> {
        let (fields, authors) = fields::fields(&self.fork_at(heads)?, &self.authors);
        let mut then: HashSet<ChangeHash> = HashSet::new();
        let mut stack = heads.to_vec();
        while let Some(hash) = stack.pop() {
            if then.insert(hash) {
                stack.extend(self.chunks.get(&hash).into_iter().flatten());
            }
        }
        let moments = self.authors.values().filter(|by| then.contains(&by.change)).map(|by| by.created_at);
        let mut heads = heads.to_vec();
        heads.sort_unstable();
        Some(View {
            updated_at: moments.max().unwrap_or(self.last_at),
            changes: u32::try_from(then.len()).unwrap_or(u32::MAX),
            heads,
            authors,
            fields,
            ..self.view()
        })
    }

    /// The changes that count, each after those that it follows, with their authors.
    #[must_use]
    pub fn history(&self) -> Vec<(Contribution, Vec<ChangeHash>)> {
        let by_change: HashMap<ChangeHash, Contribution> =
            self.authors.values().map(|author| (author.change, *author)).collect();
        self.in_order()
            .into_iter()
            .filter_map(|hash| Some((*by_change.get(&hash)?, self.chunks.get(&hash)?.clone())))
            .collect()
    }

    /// The document.
    #[must_use]
    pub fn document(&self) -> DocumentId {
        DocumentId::of(&self.community, &self.name)
    }

    /// How many changes count.
    #[must_use]
    pub fn len(&self) -> usize {
        self.chunks.len()
    }

    /// Whether no change counts.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.chunks.is_empty()
    }

    fn fork_at(&self, heads: &[ChangeHash]) -> Option<Automerge> {
        if heads.iter().any(|head| !self.chunks.contains_key(head)) {
            return None;
        }
        let heads: Vec<automerge::ChangeHash> = heads.iter().map(|head| automerge::ChangeHash(head.0)).collect();
        let mut current = self.doc.get_heads();
        current.sort_unstable();
        let mut wanted = heads.clone();
        wanted.sort_unstable();
        if current == wanted {
            return Some(self.doc.clone());
        }
        // Automerge builds every change anew here and panics if one comes out otherwise than it came
        // in. The gate lets in only what does not; this is the second door.
        catch_unwind(AssertUnwindSafe(|| self.doc.fork_at(&heads).ok())).ok().flatten()
    }
}

/// Parses for Automerge; its decoder is not trusted to survive what our reader let through.
fn parse(chunk: &[u8]) -> Option<automerge::Change> {
    catch_unwind(|| automerge::Change::from_bytes(chunk.to_vec()).ok()).ok().flatten()
}

/// A copy of the document with the changes, unless Automerge fails or panics.
fn take(doc: &Automerge, changes: Vec<automerge::Change>) -> Option<Automerge> {
    catch_unwind(AssertUnwindSafe(|| {
        let mut doc = doc.clone();
        doc.apply_changes(changes).ok()?;
        Some(doc)
    }))
    .ok()
    .flatten()
}

/// Steps 1 and 2 of the module: one change a hash, one hash an actor, only with a right; and the
/// changes that are set aside, so that what follows them need not wait for them.
fn eligible(
    records: impl IntoIterator<Item = Record>,
    charter: Option<&Charter>,
    set_aside: &mut BTreeMap<RecordId, SetAside>,
) -> (BTreeMap<ChangeHash, Change>, BTreeSet<ChangeHash>) {
    let mut changes: BTreeMap<ChangeHash, Change> = BTreeMap::new();
    let mut dropped: BTreeSet<ChangeHash> = BTreeSet::new();
    for record in records {
        let id = record.id();
        match classify(record, charter) {
            Ok(change) => {
                let hash = change.chunk.hash;
                match changes.get(&hash) {
                    Some(held) if held.author.record < id => {}
                    _ => {
                        changes.insert(hash, change);
                    }
                }
            }
            Err(Some((reason, hash))) => {
                set_aside.insert(id, reason);
                dropped.extend(hash);
            }
            Err(None) => {}
        }
    }
    // Another record may say the same change with a right.
    dropped.retain(|hash| !changes.contains_key(hash));
    let mut actors: HashSet<Actor> = HashSet::new();
    let mut losers = Vec::new();
    // In ascending order of hashes, so the first of an actor is the one that counts.
    for (hash, change) in &changes {
        if !actors.insert(change.chunk.actor()) {
            losers.push(*hash);
        }
    }
    for loser in losers {
        if let Some(change) = changes.remove(&loser) {
            set_aside.insert(change.author.record, SetAside::Equivocation);
            dropped.insert(loser);
        }
    }
    (changes, dropped)
}

/// Why a record of the set is no change that counts: `None` if it is no change of ours to read,
/// else the reason, and the change if it could be read.
type NoChange = Option<(SetAside, Option<ChangeHash>)>;

/// Reads a record of the set as a change.
fn classify(record: Record, charter: Option<&Charter>) -> Result<Change, NoChange> {
    match read(&record) {
        Ok(Content::Change(kind, chunk)) => {
            let (device, created_at) = (record.device(), record.created_at());
            let right = charter.map_or(Ok(()), |charter| charter.may_write(&device, created_at));
            right.map_err(|reason| Some((SetAside::NoRight(reason), Some(chunk.hash))))?;
            let author = Contribution { record: record.id(), change: chunk.hash, device, created_at };
            Ok(Change { author, kind, chunk, record })
        }
        Ok(_) => Err(None),
        Err(_) => Err(Some((SetAside::Refused, None))),
    }
}

#[cfg(test)]
mod tests;
