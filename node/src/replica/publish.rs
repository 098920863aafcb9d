//! A clerk publishes: content becomes a change, a record, a line in the journal, and only then news.

use std::sync::Arc;

use crdt::charter::Charter;
use crdt::chunk::{Actor, actor_prefix};
use crdt::field::Field;
use crdt::gate::{
    Admitted, CHANGE_VERSION, DocumentKind, Refusal, Verdict, WITHDRAWAL_VERSION, WithdrawalBody, change_body,
    judge_record,
};
use crdt::id::{ChangeHash, CommunityId, DocumentId, DocumentName, NetworkId, RecordId, Timestamp};
use crdt::record::{Kind, Malformed, Record, Unsigned};
use crdt::replay::{EditError, EditRequest, Replay};
use ed25519_dalek::SigningKey;
use serde_json::Value;

use super::arrival::BlockOutcome;
use super::{Effect, Identity, Replica};
use crate::derive::Deriver;
use crate::fault::Fault;
use crate::keyring::public;
use crate::parallel;
use crate::store::Store;
use crate::wire::{self, Gossip};

/// Records of one publication from which on the store is synced at once, as an import's are.
const SYNC_AT_ONCE: usize = 64;

/// What somebody wants a document of this node's community to say.
pub struct Content<'a> {
    /// The community's name for the document.
    pub name: DocumentName,
    /// What it is.
    pub kind: DocumentKind,
    /// What was read before; `None` to write on top of whatever stands.
    pub base: Option<&'a [ChangeHash]>,
    /// The table of the kind.
    pub table: &'static [Field],
    /// The typed value as JSON.
    pub whole: &'a Value,
    /// Keys of fields whose conflicts are decided by `whole`.
    pub resolve: &'a [String],
}

/// Why nothing was published.
#[derive(Debug, thiserror::Error)]
pub enum PublishError {
    /// This node writes for no community.
    #[error("this node writes for no community")]
    NoCommunity,
    /// The community's charter contradicts itself.
    #[error("the community's charter is contradictory")]
    Forked,
    /// The charter does not (or no longer) let this device write.
    #[error("this device has no right to write")]
    NoRight,
    /// The document was withdrawn.
    #[error("the document was withdrawn")]
    Withdrawn,
    /// There is no such document of this community.
    #[error("there is no such document")]
    NotFound,
    /// The content cannot become a change.
    #[error(transparent)]
    Edit(#[from] EditError),
    /// Our own record does not pass the gate: a bug.
    #[error("the record was refused: {0}")]
    Refused(Refusal),
    /// The disk or the database failed.
    #[error(transparent)]
    Fault(#[from] Fault),
}

/// A document as it stands after a publication.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outcome {
    /// The document.
    pub document: DocumentId,
    /// The record, unless nothing had changed.
    pub record: Option<RecordId>,
    /// The heads after it.
    pub heads: Vec<ChangeHash>,
    /// Whether others had written since what was read.
    pub merged: bool,
}

impl Replica {
    /// Whether this node may write now, and for whom.
    ///
    /// # Errors
    /// [`PublishError`] says why not.
    fn writer(&self, now: Timestamp) -> Result<(Identity, Arc<Charter>), PublishError> {
        let identity = self.identity.clone().ok_or(PublishError::NoCommunity)?;
        let charter = self.store.charter_of(&identity.community)?.ok_or(PublishError::NoCommunity)?;
        if charter.fork.is_some() {
            return Err(PublishError::Forked);
        }
        charter.may_write(&public(&identity.device), now).map_err(|_| PublishError::NoRight)?;
        Ok((identity, charter))
    }

    /// Publishes one document. When this returns, it survives a power cut and can be read.
    ///
    /// # Errors
    /// [`PublishError`]; nothing was published then.
    pub fn publish(
        &mut self,
        content: &Content<'_>,
        now: Timestamp,
        effects: &mut Vec<Effect>,
    ) -> Result<Outcome, PublishError> {
        let mut outcomes = self.publish_all(std::slice::from_ref(content), now, effects)?;
        let mut outcome = outcomes.pop().ok_or_else(|| Fault::Bug("no outcome".into()))??;
        if outcome.record.is_some() {
            // It is published, whatever the disk says to this.
            if let Err(fault) = self.show(&mut outcome, effects)
                && !self.store.disk().note(&fault)
            {
                return Err(fault.into());
            }
        }
        Ok(outcome)
    }

    /// Has what was published be read at once.
    fn show(&mut self, outcome: &mut Outcome, effects: &mut Vec<Effect>) -> Result<(), Fault> {
        let derived = match self.deriver.show(&self.store, &outcome.document) {
            Ok(derived) => derived,
            Err(fault) => {
                // What was published is known all the same.
                if let Some(replay) = self.deriver.load(&self.store, &outcome.document)? {
                    outcome.heads = replay.heads();
                }
                return Err(fault);
            }
        };
        if let Some(derived) = derived {
            outcome.heads = derived.view.heads;
            effects.push(Effect::Notify(web_ui::library::Notice::Document {
                id: outcome.document.to_string(),
                title: derived.card.title,
            }));
        } else if let Some(view) = self.store.view(&outcome.document)? {
            outcome.heads = view.heads;
        }
        Ok(())
    }

    /// Publishes several documents with one sync of the disk. Views follow soon after.
    ///
    /// # Errors
    /// [`PublishError`] for all of them; one that fails by itself is an error in its place.
    pub fn publish_all(
        &mut self,
        contents: &[Content<'_>],
        now: Timestamp,
        effects: &mut Vec<Effect>,
    ) -> Result<Vec<Result<Outcome, PublishError>>, PublishError> {
        self.ready_to_write(now, effects)?;
        let (identity, _) = self.writer(now)?;
        let contents: Vec<(&Content<'_>, Actor)> =
            contents.iter().map(|content| (content, self.fresh_actor(&identity.device))).collect();
        let desk = Desk { store: &self.store, deriver: &self.deriver, identity: &identity, now };
        let mut admitted = Vec::new();
        let mut outcomes = Vec::new();
        for prepared in parallel::map(contents, |(content, actor)| desk.prepare(content, actor)) {
            match prepared {
                Ok((outcome, record)) => {
                    admitted.extend(record);
                    outcomes.push(Ok(outcome));
                }
                Err(PublishError::Fault(fault)) => return Err(fault.into()),
                Err(error) => outcomes.push(Err(error)),
            }
        }
        self.commit(admitted, now, effects)?;
        Ok(outcomes)
    }

    /// Takes a document back, everywhere and for good.
    ///
    /// # Errors
    /// [`PublishError`]; nothing was taken back then.
    pub fn withdraw(
        &mut self,
        document: &DocumentId,
        reason: String,
        now: Timestamp,
        effects: &mut Vec<Effect>,
    ) -> Result<(), PublishError> {
        use crdt::gate::Registry;
        self.ready_to_write(now, effects)?;
        let (identity, _) = self.writer(now)?;
        let (owner, name) = self.store.owner_of(document)?.ok_or(PublishError::NotFound)?;
        if owner != identity.community {
            return Err(PublishError::NotFound);
        }
        if self.store.is_withdrawn(document) {
            return Err(PublishError::Withdrawn);
        }
        let body = serde_json::to_vec(&WithdrawalBody { reason }).map_err(|error| Fault::Bug(error.to_string()))?;
        let network = self.store.network();
        let record = sign(network, &identity, Kind::Withdrawal, WITHDRAWAL_VERSION, name, now, &body)?;
        let admitted = admit(&self.store, record)?;
        self.commit(vec![admitted], now, effects)
    }

    /// Journal, store, then news. Whole or not at all, whatever the disk refuses on the way.
    pub(crate) fn commit(
        &mut self,
        admitted: Vec<Admitted>,
        now: Timestamp,
        effects: &mut Vec<Effect>,
    ) -> Result<(), PublishError> {
        if admitted.is_empty() {
            return Ok(());
        }
        let before = self.journal.len();
        let ids: Vec<RecordId> = admitted.iter().map(|admitted| admitted.record().id()).collect();
        let bytes: Vec<Vec<u8>> = admitted.iter().map(|admitted| admitted.record().bytes().to_vec()).collect();
        self.store.settle().inspect_err(|fault| {
            self.store.disk().note(fault);
        })?;
        // While the disk takes the journal, the rest of what the store needs is worked out.
        let store = Arc::clone(&self.store);
        let (ready, written) =
            parallel::beside(|| store.all_ready(admitted), || self.journal.append(bytes.iter().map(Vec::as_slice)));
        written.inspect_err(|fault| {
            self.store.disk().note(fault);
        })?;
        let appended = ready.and_then(|ready| self.append(ready, &mut BlockOutcome::default(), effects));
        if let Err(fault) = appended {
            self.append_from_journal(&ids, before, fault, now, effects)?;
        }
        let news = ids.iter().zip(&bytes).map(|(id, bytes)| Gossip::of(id, bytes).to_bytes());
        let news: Vec<Vec<u8>> = news.collect();
        self.unsent += ids.len() as u64;
        if let Err(fault) = self.store.set_note("journal", &self.journal.len().to_be_bytes())
            && !self.store.disk().note(&fault)
        {
            return Err(fault.into());
        }
        effects.extend(news.into_iter().map(Effect::Gossip));
        effects.push(Effect::Derive);
        // So many would take a start after a power cut longer than a sync takes now.
        effects.push(if ids.len() < SYNC_AT_ONCE { Effect::SyncInTime } else { Effect::Sync });
        Ok(())
    }

    /// The journal has the records and the store failed on them. Opened anew it takes them from the
    /// journal; if it cannot be, nothing was published.
    fn append_from_journal(
        &mut self,
        ids: &[RecordId],
        before: u64,
        fault: Fault,
        now: Timestamp,
        effects: &mut Vec<Effect>,
    ) -> Result<(), PublishError> {
        use crdt::gate::Registry;
        if !self.store.disk().note(&fault) {
            return Err(fault.into());
        }
        if self.recover(now, effects)? && ids.iter().all(|id| self.store.holds(id)) {
            return Ok(());
        }
        self.store.close();
        if let Err(fault) = self.journal.take_back(before) {
            self.store.disk().note(&fault);
        }
        Err(fault.into())
    }

    /// Takes a record of our own back from the journal, if the journal has it.
    ///
    /// # Errors
    /// A fault of the disk or the database.
    pub fn restore_own(&mut self, id: &RecordId, effects: &mut Vec<Effect>) -> Result<bool, Fault> {
        let Some(bytes) = self.journal.find(id)? else { return Ok(false) };
        let outcome = self.take_records(vec![bytes], effects)?;
        Ok(!outcome.new.is_empty())
    }

    /// How much of the journal is durable, in bytes.
    pub fn journal_len(&self) -> u64 {
        self.journal.len()
    }

    /// Random bytes from this node's source.
    pub fn random<const N: usize>(&mut self) -> [u8; N] {
        let mut bytes = [0; N];
        (self.entropy)(&mut bytes);
        bytes
    }

    fn fresh_actor(&mut self, device: &SigningKey) -> Actor {
        let mut actor: Actor = self.random();
        actor[..8].copy_from_slice(&actor_prefix(&public(device)));
        actor
    }

    /// Founds or changes a charter: signed by an officer, kept like every record of our own.
    ///
    /// # Errors
    /// [`PublishError`]; nothing was recorded then.
    pub fn record_charter(
        &mut self,
        community: CommunityId,
        body: &crdt::charter::CharterBody,
        officer: &SigningKey,
        now: Timestamp,
        effects: &mut Vec<Effect>,
    ) -> Result<CommunityId, PublishError> {
        use crdt::gate::Registry;
        self.ready_to_write(now, effects)?;
        let signer = Identity { community, device: officer.clone() };
        let (kind, version) = (Kind::Charter, crdt::charter::CHARTER_VERSION);
        let name = DocumentName::default();
        let record = sign(self.store.network(), &signer, kind, version, name, now, &body.to_bytes())?;
        let community = record.community();
        let admitted = admit(&self.store, record)?;
        self.commit(vec![admitted], now, effects)?;
        Ok(community)
    }

    /// Writes for a community from now on.
    pub fn set_identity(&mut self, identity: Identity) {
        self.identity = Some(identity);
    }

    /// Tells peers from now on that this node writes for the community with this KATOTTG code.
    pub fn introduce_as(&mut self, code: &str) {
        self.introduction = wire::introduction(Some(code));
    }
}

/// Where changes are made and signed.
struct Desk<'a> {
    store: &'a Store,
    deriver: &'a Deriver,
    identity: &'a Identity,
    now: Timestamp,
}

impl Desk<'_> {
    fn prepare(&self, content: &Content<'_>, actor: Actor) -> Result<(Outcome, Option<Admitted>), PublishError> {
        use crdt::gate::Registry;
        let community = self.identity.community;
        let document = DocumentId::of(&community, &content.name);
        if self.store.is_withdrawn(&document) {
            return Err(PublishError::Withdrawn);
        }
        let replay = self.deriver.load(self.store, &document)?;
        let replay = replay.unwrap_or_else(|| Arc::new(Replay::empty(community, content.name, content.kind)));
        let heads = replay.heads();
        let mut base = content.base.map_or_else(|| heads.clone(), <[ChangeHash]>::to_vec);
        base.sort_unstable();
        let request = EditRequest {
            base: &base,
            table: content.table,
            content: content.whole,
            resolve: content.resolve,
            actor,
            device: public(&self.identity.device),
        };
        let chunk = replay.edit(&request)?;
        let mut outcome = Outcome { document, record: None, merged: heads != base, heads };
        let Some(chunk) = chunk else { return Ok((outcome, None)) };
        let body = change_body(content.kind, &chunk);
        let network = self.store.network();
        let record = sign(network, self.identity, Kind::Change, CHANGE_VERSION, content.name, self.now, &body)?;
        outcome.record = Some(record.id());
        Ok((outcome, Some(admit(self.store, record)?)))
    }
}

fn admit(store: &Store, record: Record) -> Result<Admitted, PublishError> {
    match judge_record(record, store) {
        Verdict::Admitted(admitted) => Ok(*admitted),
        Verdict::Refused(refusal) => Err(PublishError::Refused(refusal)),
        other => Err(Fault::Bug(format!("our own record was not admitted: {other:?}")).into()),
    }
}

fn sign(
    network: NetworkId,
    identity: &Identity,
    kind: Kind,
    body_version: u8,
    document: DocumentName,
    created_at: Timestamp,
    body: &[u8],
) -> Result<Record, PublishError> {
    let unsigned = Unsigned { network, kind, body_version, community: identity.community, document, created_at, body };
    unsigned.sign(&identity.device).map_err(|malformed| match malformed {
        Malformed::Size => PublishError::Edit(EditError::TooLarge),
        other => PublishError::Refused(Refusal::Malformed(other)),
    })
}
