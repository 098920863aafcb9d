//! A record arrives: by gossip, in a block, from a file. One path for all of them.

use std::collections::{BTreeMap, HashSet, VecDeque};
use std::sync::Arc;

use crdt::charter::Charter;
use crdt::gate::{Admitted, Early, Refusal, Registry, Verdict, Vetted, judge, judge_record, vet};
use crdt::id::{CommunityId, DocumentId, NetworkId, RecordId, Timestamp};
use crdt::record::{Kind, Record};
use web_ui::library::Notice;

use super::{Effect, GossipVerdict, PeerName, Replica};
use crate::bundle;
use crate::fault::Fault;
use crate::parallel::{self, Parts};
use crate::store::{OrderKey, Ready, Store};
use crate::wire::{Gossip, Request};

/// Records that may wait for a charter. A newcomer's whole first bundle fits in.
const WAITING_MAX: usize = 2_048;
/// Bytes that may wait for a charter.
const WAITING_BYTES_MAX: usize = 16 * 1024 * 1024;

/// Records that are stored at once, while others are checked: a quarter of a block of average practices. Of fewer the
/// store writes more than it must, and of more one waits for the other where a block begins and ends.
const PART_RECORDS: usize = 48;

/// Records that may be right but not yet: the oldest give way to new ones. What is dropped here
/// comes again by catch-up.
#[derive(Default)]
pub struct WaitingRoom {
    records: VecDeque<(CommunityId, Record)>,
    bytes: usize,
}

impl WaitingRoom {
    /// How many wait.
    pub fn len(&self) -> usize {
        self.records.len()
    }

    /// Whether nobody waits.
    pub fn is_empty(&self) -> bool {
        self.records.is_empty()
    }

    fn holds(&self, id: &RecordId) -> bool {
        self.records.iter().any(|(_, record)| record.id() == *id)
    }

    fn add(&mut self, community: CommunityId, record: Record) {
        if self.holds(&record.id()) {
            return;
        }
        self.bytes += record.bytes().len();
        self.records.push_back((community, record));
        while self.records.len() > WAITING_MAX || self.bytes > WAITING_BYTES_MAX {
            let Some((_, oldest)) = self.records.pop_front() else { return };
            self.bytes -= oldest.bytes().len();
        }
    }

    fn take(&mut self, community: &CommunityId) -> Vec<Record> {
        let (ready, rest): (Vec<_>, Vec<_>) = self.records.drain(..).partition(|(of, _)| of == community);
        self.records = rest.into();
        let ready: Vec<Record> = ready.into_iter().map(|(_, record)| record).collect();
        self.bytes -= ready.iter().map(|record| record.bytes().len()).sum::<usize>();
        ready
    }
}

/// What became of some records.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub struct BlockOutcome {
    /// Not held before.
    pub new: Vec<RecordId>,
    /// Held already.
    pub known: u64,
    /// Of withdrawn documents.
    pub withdrawn: u64,
    /// Waiting for a charter.
    pub waiting: u64,
    /// Refused, by reason.
    pub refused: BTreeMap<Refusal, u64>,
    /// The block itself could not be read.
    pub damaged: bool,
}

impl BlockOutcome {
    /// How many records there were.
    pub(super) fn records(&self) -> u64 {
        self.new.len() as u64 + self.known + self.withdrawn + self.waiting + self.refused.values().sum::<u64>()
    }

    /// How many were refused.
    pub fn refused_count(&self) -> u64 {
        self.refused.values().sum::<u64>() + u64::from(self.damaged)
    }
}

/// A record that was checked while others were stored. What is made of it does not depend on when that was.
#[derive(Debug)]
enum Checked {
    Ready(Box<Ready>),
    Vetted(Box<Vetted>),
    /// There is no record: the block cannot be read.
    Damaged,
}

impl Checked {
    fn of(bytes: Vec<u8>, registry: &impl Registry, store: &Store) -> Result<Self, Fault> {
        match vet(bytes, registry).admitted(registry) {
            Ok(admitted) => Ok(Self::Ready(Box::new(store.ready(admitted)?))),
            Err(vetted) => Ok(Self::Vetted(vetted)),
        }
    }
}

/// A store of which nothing is read, for those who copy everything: what is held already, or taken back, is found out
/// when it is stored. sled lets nobody read while it writes, so that who looks that up would wait for who stores.
struct Unread<'a>(&'a Store);

impl Registry for Unread<'_> {
    fn network(&self) -> NetworkId {
        self.0.network()
    }

    fn admits(&self, community: &CommunityId) -> bool {
        self.0.admits(community)
    }

    fn holds(&self, _: &RecordId) -> bool {
        false
    }

    fn is_withdrawn(&self, _: &DocumentId) -> bool {
        false
    }

    fn charter(&self, community: &CommunityId) -> Option<Arc<Charter>> {
        self.0.charter(community)
    }
}

/// A block that is being checked while another is stored.
#[derive(Debug)]
pub(super) struct Checking(Parts<Result<Checked, Fault>>);

impl Checking {
    pub(super) fn begin(block: Arc<Vec<u8>>, store: Arc<Store>) -> Self {
        let records = move || match bundle::unpack(&block) {
            Ok(records) => records.into_iter().map(Some).collect(),
            Err(_) => vec![None],
        };
        let check = move |bytes: Option<Vec<u8>>| {
            bytes.map_or(Ok(Checked::Damaged), |bytes| Checked::of(bytes, &Unread(&store), &store))
        };
        Self(Parts::begin(records, bundle::BLOCK_RECORDS_MAX, PART_RECORDS, check))
    }
}

impl Replica {
    /// Judges a block without taking anything: what would become of it.
    #[must_use]
    pub fn examine(&self, block: &[u8]) -> BlockOutcome {
        let mut outcome = BlockOutcome::default();
        let Ok(records) = bundle::unpack(block) else {
            outcome.damaged = true;
            return outcome;
        };
        for bytes in records {
            match judge(bytes, &*self.store) {
                Verdict::Admitted(admitted) => outcome.new.push(admitted.record().id()),
                Verdict::Known => outcome.known += 1,
                Verdict::Withdrawn(_) => outcome.withdrawn += 1,
                Verdict::Early(..) => outcome.waiting += 1,
                Verdict::Refused(refusal) => *outcome.refused.entry(refusal).or_default() += 1,
            }
        }
        outcome
    }

    /// Takes a block of records.
    ///
    /// # Errors
    /// A fault of the database.
    pub fn take_block(&mut self, block: &[u8], effects: &mut Vec<Effect>) -> Result<BlockOutcome, Fault> {
        match bundle::unpack(block) {
            Ok(records) => self.take_records(records, effects),
            Err(_) => Ok(BlockOutcome { damaged: true, ..BlockOutcome::default() }),
        }
    }

    /// Takes records, by parts: while one is stored, the next is checked and made ready. What cannot be
    /// judged yet is judged again when all before it are stored, since rights follow from charters.
    ///
    /// # Errors
    /// A fault of the database.
    pub fn take_records(&mut self, records: Vec<Vec<u8>>, effects: &mut Vec<Effect>) -> Result<BlockOutcome, Fault> {
        let mut outcome = BlockOutcome::default();
        let store = Arc::clone(&self.store);
        parallel::flow(
            records,
            PART_RECORDS,
            |bytes| Checked::of(bytes, &*store, &store),
            |part| self.settle(part, &mut outcome, effects),
        )?;
        self.took(&outcome, effects)?;
        Ok(outcome)
    }

    /// Takes a block that was begun to be checked before.
    pub(super) fn take_checked(
        &mut self,
        Checking(parts): Checking,
        effects: &mut Vec<Effect>,
    ) -> Result<BlockOutcome, Fault> {
        let mut outcome = BlockOutcome::default();
        parts.take(|part| self.settle(part, &mut outcome, effects))?;
        self.took(&outcome, effects)?;
        Ok(outcome)
    }

    fn took(&mut self, outcome: &BlockOutcome, effects: &mut Vec<Effect>) -> Result<(), Fault> {
        self.forget()?;
        if !outcome.new.is_empty() {
            effects.push(Effect::Derive);
            effects.push(Effect::Sync);
        }
        Ok(())
    }

    /// Stores what is admitted, and judges by what is known then what was not clear before.
    fn settle(
        &mut self,
        part: Vec<Result<Checked, Fault>>,
        outcome: &mut BlockOutcome,
        effects: &mut Vec<Effect>,
    ) -> Result<(), Fault> {
        let mut ready: Vec<Ready> = Vec::new();
        for checked in part {
            let vetted = match checked? {
                Checked::Ready(one) => {
                    ready.push(*one);
                    continue;
                }
                Checked::Vetted(vetted) => vetted,
                Checked::Damaged => {
                    outcome.damaged = true;
                    continue;
                }
            };
            if vetted.is_open() {
                // It may wait for one of those before it.
                self.append_ready(std::mem::take(&mut ready), outcome, effects)?;
            }
            match vetted.settle(&*self.store) {
                Verdict::Admitted(new) => ready.push(self.store.ready(*new)?),
                Verdict::Known => outcome.known += 1,
                Verdict::Withdrawn(id) => {
                    self.store.remember_gone(&id)?;
                    outcome.withdrawn += 1;
                }
                Verdict::Early(early, record) => {
                    outcome.waiting += 1;
                    self.wait(early, record);
                }
                Verdict::Refused(refusal) => *outcome.refused.entry(refusal).or_default() += 1,
            }
        }
        self.append_ready(ready, outcome, effects)
    }

    fn wait(&mut self, early: Early, record: Record) {
        let (Early::Community(community) | Early::Signer(community)) = early;
        self.waiting.add(community, record);
    }

    /// Stores what is ready, judges again what waited for it, and forgets what was taken back.
    pub(super) fn append(
        &mut self,
        ready: Vec<Ready>,
        outcome: &mut BlockOutcome,
        effects: &mut Vec<Effect>,
    ) -> Result<(), Fault> {
        self.append_ready(ready, outcome, effects)?;
        self.forget()
    }

    /// The same, for a part of what is taken: nothing is forgotten yet. To forget is to write the journal anew and
    /// to note that the store has all of it, which is not so while a store is filled from the journal.
    fn append_ready(
        &mut self,
        ready: Vec<Ready>,
        outcome: &mut BlockOutcome,
        effects: &mut Vec<Effect>,
    ) -> Result<(), Fault> {
        if ready.is_empty() {
            return Ok(());
        }
        // A first copy has no snapshot to grow.
        let key = |ready: &Ready| OrderKey::of(ready.admitted().record());
        let keys: Option<Vec<OrderKey>> = self.snapshot.is_made().then(|| ready.iter().map(key).collect());
        let appended = self.store.append(ready)?;
        if let Some(keys) = keys {
            let new: HashSet<&RecordId> = appended.new.iter().collect();
            self.snapshot.note(keys.into_iter().filter(|key| new.contains(&key.id)));
        }
        outcome.new.extend(&appended.new);
        outcome.known += appended.known;
        outcome.withdrawn += appended.late.len() as u64;
        appended.late.iter().try_for_each(|id| self.store.remember_gone(id))?;
        self.unforgotten.extend(&appended.withdrawn);
        for document in &appended.withdrawn {
            effects.push(Effect::Notify(Notice::Withdrawn { id: document.to_string() }));
        }
        for (document, title) in &appended.begun {
            effects.push(Effect::Notify(Notice::Document { id: document.to_string(), title: title.clone() }));
        }
        for community in &appended.communities {
            effects.push(Effect::Notify(Notice::Community { id: community.to_string() }));
            let ready: Vec<Admitted> = self
                .waiting
                .take(community)
                .into_iter()
                .filter_map(|record| match judge_record(record, &*self.store) {
                    Verdict::Admitted(admitted) => Some(*admitted),
                    Verdict::Early(early, record) => {
                        let (Early::Community(of) | Early::Signer(of)) = early;
                        self.waiting.add(of, record);
                        None
                    }
                    _ => None,
                })
                .collect();
            self.append_ready(self.store.all_ready(ready)?, outcome, effects)?;
        }
        Ok(())
    }

    /// Forgets what was taken back. The withdrawal stands, whatever the disk says to this.
    fn forget(&mut self) -> Result<(), Fault> {
        if self.unforgotten.is_empty() || self.is_refused() {
            return Ok(());
        }
        self.forget_all().or_else(|fault| if self.store.disk().note(&fault) { Ok(()) } else { Err(fault) })
    }

    /// Forgets what was taken back and is not forgotten yet; what cannot be forgotten stays to be.
    pub(super) fn forget_all(&mut self) -> Result<(), Fault> {
        let withdrawn = std::mem::take(&mut self.unforgotten);
        self.forget_withdrawn(&withdrawn).inspect_err(|_| self.unforgotten = withdrawn)
    }

    /// Drops the bodies of withdrawn documents of our own community from the journal.
    fn forget_withdrawn(&mut self, withdrawn: &[DocumentId]) -> Result<(), Fault> {
        let Some(own) = self.identity.as_ref().map(|identity| identity.community) else { return Ok(()) };
        let mut ours = Vec::new();
        for document in withdrawn {
            ours.extend(self.store.owner_of(document)?.filter(|(owner, _)| *owner == own).map(|_| *document));
        }
        if ours.is_empty() {
            return Ok(());
        }
        // The note of how far the journal is in the store means nothing in a journal written anew. A
        // power cut from here on leads to reading all of it.
        self.store.set_note("journal", &0u64.to_be_bytes())?;
        self.store.sync()?;
        self.journal.rewrite(|bytes| {
            Record::parse(bytes.to_vec())
                .map_or(true, |record| record.kind() != Kind::Change || !ours.contains(&record.document()))
        })?;
        self.store.set_note("journal", &self.journal.len().to_be_bytes())
    }

    /// Whether catch-up should ask for a record.
    pub(super) fn wants(&self, id: &RecordId) -> bool {
        use crdt::gate::Registry;
        !self.store.holds(id) && !self.store.is_gone(id) && !self.waiting.holds(id)
    }

    pub(super) fn heard(
        &mut self,
        peer: &PeerName,
        message: Vec<u8>,
        bytes: &[u8],
        now: Timestamp,
        effects: &mut Vec<Effect>,
    ) -> Result<(), Fault> {
        match Gossip::parse(bytes) {
            Some(Gossip::Record(record)) => {
                let bytes = record.len();
                let outcome = self.take_records(vec![record], effects)?;
                self.count(peer, &outcome, bytes);
                if outcome.waiting > 0 {
                    self.hurry(now);
                }
                effects.push(Effect::Judge(peer.clone(), message, gossip_verdict(&outcome)));
            }
            Some(Gossip::Later { record, .. }) => {
                let outcome = self.take_records(vec![record], effects)?;
                if outcome.waiting > 0 {
                    self.hurry(now);
                }
                // What a later version means is not this one's to find fault with.
                let verdict = if outcome.new.is_empty() { GossipVerdict::Ignore } else { GossipVerdict::Accept };
                effects.push(Effect::Judge(peer.clone(), message, verdict));
            }
            Some(Gossip::Announcement(id)) if self.wants(&id) => {
                let request = self.request();
                self.fetching.insert(request, (peer.clone(), id, Some(message)));
                effects.push(Effect::Ask(peer.clone(), request, Request::Fetch(vec![id])));
            }
            // A message of a later version, or news of what we hold: nobody's fault.
            _ => effects.push(Effect::Judge(peer.clone(), message, GossipVerdict::Ignore)),
        }
        Ok(())
    }

    /// The record that an announcement spoke of has come, or has not.
    pub(super) fn fetched(
        &mut self,
        peer: &PeerName,
        message: Option<Vec<u8>>,
        block: &[u8],
        effects: &mut Vec<Effect>,
    ) -> Result<(), Fault> {
        let outcome = self.take_block(block, effects)?;
        self.count(peer, &outcome, block.len());
        if let Some(message) = message {
            effects.push(Effect::Judge(peer.clone(), message, gossip_verdict(&outcome)));
        }
        Ok(())
    }
}

fn gossip_verdict(outcome: &BlockOutcome) -> GossipVerdict {
    if outcome.refused_count() > 0 {
        GossipVerdict::Reject
    } else if outcome.new.is_empty() {
        GossipVerdict::Ignore
    } else {
        GossipVerdict::Accept
    }
}
