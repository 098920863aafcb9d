//! The charter: who a community is and which devices may sign for it.
//!
//! A small, strictly linear log of records. Each entry states the whole charter as it stands from
//! then on, names the entry before it, and is signed by an officer of the entry before it (the
//! genesis by one of its own). Two entries after one are a *fork*: no node can know which one the
//! community meant, so the log stops before it, publishing stops, and people are told.
//!
//! The body is JSON: charters are few and small, and anyone should be able to read one in twenty
//! years. What the threshold, recovery keys and quotas will need has its place in the body already:
//! fields that this version does not know are ignored.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use crate::codifier;
use crate::id::{CommunityId, PublicKey, RecordId, Timestamp};
use crate::limits::{CHARTERS_MAX, DEVICES_MAX, GOVERNANCE_BYTES_MAX, OFFICERS_MAX};
use crate::record::{ENVELOPE_VERSION, Record};

/// The version of the body that this release writes and understands.
pub const CHARTER_VERSION: u8 = 1;

/// What a device may do for its community.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// Writes and withdraws the community's documents.
    Editor,
    /// A role that a later version knows: may do nothing here.
    #[serde(other)]
    Unknown,
}

/// One PC of a community.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Device {
    /// The key with which the device signs.
    pub key: PublicKey,
    /// What the community calls it, for people only.
    #[serde(default)]
    pub name: String,
    /// What it may do.
    pub role: Role,
    /// After this moment (by the record's own time) nothing that the device signed counts.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expires_at: Option<Timestamp>,
}

/// One entry of the log: the whole charter as it stands from then on.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct CharterBody {
    /// The KATOTTG code that the community claims. Many may claim one code.
    pub code: String,
    /// Zero in the genesis, then one more each time.
    pub seq: u32,
    /// The entry before; none in the genesis.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub prev: Option<RecordId>,
    /// Keys that may change the charter.
    pub officers: Vec<PublicKey>,
    /// How many officers a change needs. One in this version.
    pub threshold: u32,
    /// Every device, past ones included with their expiry.
    pub devices: Vec<Device>,
}

/// Why a charter's body says nothing.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, thiserror::Error)]
pub enum CharterProblem {
    /// Over [`GOVERNANCE_BYTES_MAX`].
    #[error("the charter is too long")]
    Size,
    /// Not the JSON of a charter.
    #[error("the charter cannot be read")]
    Unreadable,
    /// The code is not in the codifier's form, or the list does not have it.
    #[error("the charter claims a code that the codifier does not have")]
    Code,
    /// No officer, too many, or one twice.
    #[error("the charter has no officers, too many, or one twice")]
    Officers,
    /// Too many devices, or one twice.
    #[error("the charter names too many devices, or one twice")]
    Devices,
    /// A threshold that this version cannot check.
    #[error("the charter needs more signatures than a record carries")]
    Threshold,
    /// A genesis with a predecessor, or a later entry without one.
    #[error("the charter's place in its log is contradictory")]
    Place,
    /// A genesis that none of its own officers signed.
    #[error("the founding charter is not signed by one of its officers")]
    Signer,
}

impl CharterBody {
    /// Reads and checks the body of a charter record: everything that needs no other record.
    ///
    /// # Errors
    /// [`CharterProblem`] names the first thing wrong.
    pub fn parse(record: &Record) -> Result<Self, CharterProblem> {
        if record.body().len() > GOVERNANCE_BYTES_MAX {
            return Err(CharterProblem::Size);
        }
        let body: Self = serde_json::from_slice(record.body()).map_err(|_| CharterProblem::Unreadable)?;
        codifier::parse(&body.code).map_err(|_| CharterProblem::Code)?;
        let officers: BTreeSet<_> = body.officers.iter().collect();
        if officers.is_empty() || body.officers.len() > OFFICERS_MAX || officers.len() != body.officers.len() {
            return Err(CharterProblem::Officers);
        }
        let devices: BTreeSet<_> = body.devices.iter().map(|device| device.key).collect();
        if body.devices.len() > DEVICES_MAX || devices.len() != body.devices.len() {
            return Err(CharterProblem::Devices);
        }
        if body.threshold != 1 {
            return Err(CharterProblem::Threshold);
        }
        let starts = body.seq == 0 && body.prev.is_none();
        let follows = body.seq > 0 && body.prev.is_some();
        if !(if record.is_genesis() { starts } else { follows }) {
            return Err(CharterProblem::Place);
        }
        if record.is_genesis() && !body.officers.contains(&record.device()) {
            return Err(CharterProblem::Signer);
        }
        Ok(body)
    }

    /// The JSON that goes into a record.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        serde_json::to_vec(self).expect("a charter has only texts and numbers")
    }
}

/// Why a device's record does not count.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum NoRight {
    /// The charter, as far as we have it, does not name the device.
    UnknownDevice,
    /// The device's time was over when it signed.
    Expired,
    /// The device's role does not allow it.
    Role,
}

/// A community's charter as far as its log goes without a fork.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Charter {
    /// The community.
    pub community: CommunityId,
    /// The KATOTTG code that it claims.
    pub code: String,
    /// Who may change the charter.
    pub officers: Vec<PublicKey>,
    /// The devices, by key.
    pub devices: BTreeMap<PublicKey, Device>,
    /// The last entry that counts.
    pub head: RecordId,
    /// How many entries came after the genesis.
    pub seq: u32,
    /// Two entries after the last one that counts: publishing stops.
    pub fork: Option<(RecordId, RecordId)>,
    /// Every officer that any branch of the log names. The set of records must not depend on which
    /// entry came first, so whoever was ever named may have records; whether they count, the rest
    /// of the charter says.
    pub known_officers: BTreeSet<PublicKey>,
    /// Every device that any branch of the log names.
    pub known_devices: BTreeSet<PublicKey>,
}

/// Entries that follow some entry, with their signers.
type Followers = BTreeMap<RecordId, (CharterBody, PublicKey)>;

impl Charter {
    /// Reads a community's log from its records, in whatever order they are given: a function of
    /// the set. Records of other communities, unreadable ones and ones whose predecessor is
    /// missing play no part.
    #[must_use]
    pub fn resolve<'a>(community: CommunityId, records: impl IntoIterator<Item = &'a Record>) -> Option<Self> {
        let mut genesis = None;
        let mut next: BTreeMap<RecordId, Followers> = BTreeMap::new();
        for record in records {
            let known = record.envelope_version() == ENVELOPE_VERSION && record.body_version() == CHARTER_VERSION;
            if record.community() != community || !known {
                continue;
            }
            let Ok(body) = CharterBody::parse(record) else { continue };
            match body.prev {
                None => genesis = Some((record.id(), body)),
                Some(prev) => {
                    next.entry(prev).or_default().insert(record.id(), (body, record.device()));
                }
            }
        }
        let (id, body) = genesis?;
        let mut charter = Self::founded(community, id, &body);
        charter.know_all_branches(id, &body, &next);
        charter.follow(&next);
        Some(charter)
    }

    fn founded(community: CommunityId, head: RecordId, body: &CharterBody) -> Self {
        let mut charter = Self {
            community,
            code: String::new(),
            officers: Vec::new(),
            devices: BTreeMap::new(),
            head,
            seq: 0,
            fork: None,
            known_officers: BTreeSet::new(),
            known_devices: BTreeSet::new(),
        };
        charter.take(head, body);
        charter
    }

    fn take(&mut self, head: RecordId, body: &CharterBody) {
        self.code.clone_from(&body.code);
        self.officers.clone_from(&body.officers);
        self.devices = body.devices.iter().map(|device| (device.key, device.clone())).collect();
        (self.head, self.seq) = (head, body.seq);
    }

    /// Goes along the log as far as each entry has exactly one rightful follower.
    fn follow(&mut self, next: &BTreeMap<RecordId, Followers>) {
        while (self.seq as usize) < CHARTERS_MAX {
            let Some(followers) = next.get(&self.head) else { return };
            let mut rightful = followers.iter().filter(|(_, (body, by))| rightful(&self.officers, self.seq, body, by));
            match (rightful.next(), rightful.next()) {
                (Some((id, (body, _))), None) => self.take(*id, body),
                (Some((a, _)), Some((b, _))) => {
                    self.fork = Some((*a, *b));
                    return;
                }
                (None, _) => return,
            }
        }
    }

    /// Collects whom any branch names. Without a bound of its own: were one branch left out because
    /// of another, what a node may hold would depend on which came first. Each entry has one
    /// predecessor, so each is met once.
    fn know_all_branches(&mut self, id: RecordId, body: &CharterBody, next: &BTreeMap<RecordId, Followers>) {
        let mut branches = vec![(id, body)];
        while let Some((id, body)) = branches.pop() {
            self.known_officers.extend(&body.officers);
            self.known_devices.extend(body.devices.iter().map(|device| device.key));
            let followers = next.get(&id).into_iter().flatten();
            branches.extend(
                followers
                    .filter(|(_, (follower, by))| rightful(&body.officers, body.seq, follower, by))
                    .map(|(id, (follower, _))| (*id, follower)),
            );
        }
    }

    /// Whether `device` may write the community's documents at `created_at`.
    ///
    /// # Errors
    /// [`NoRight`] says why not.
    pub fn may_write(&self, device: &PublicKey, created_at: Timestamp) -> Result<(), NoRight> {
        let device = self.devices.get(device).ok_or(NoRight::UnknownDevice)?;
        if device.expires_at.is_some_and(|end| created_at > end) {
            return Err(NoRight::Expired);
        }
        if device.role == Role::Editor { Ok(()) } else { Err(NoRight::Role) }
    }

    /// The entry that would follow this one with `devices` added or replaced.
    #[must_use]
    pub fn with_devices(&self, devices: impl IntoIterator<Item = Device>) -> CharterBody {
        let mut all = self.devices.clone();
        all.extend(devices.into_iter().map(|device| (device.key, device)));
        CharterBody {
            code: self.code.clone(),
            seq: self.seq + 1,
            prev: Some(self.head),
            officers: self.officers.clone(),
            threshold: 1,
            devices: all.into_values().collect(),
        }
    }
}

fn rightful(officers: &[PublicKey], seq: u32, follower: &CharterBody, signer: &PublicKey) -> bool {
    follower.seq == seq + 1 && officers.contains(signer)
}

#[cfg(test)]
mod tests {
    use ed25519_dalek::SigningKey;

    use super::*;
    use crate::id::{DocumentName, NetworkId};
    use crate::record::{Kind, Unsigned};

    const CODE: &str = "UA26040190000081578";

    fn key(n: u8) -> SigningKey {
        SigningKey::from_bytes(&[n; 32])
    }

    fn public(n: u8) -> PublicKey {
        PublicKey(key(n).verifying_key().to_bytes())
    }

    fn device(n: u8) -> Device {
        Device { key: public(n), name: String::new(), role: Role::Editor, expires_at: None }
    }

    fn sign(body: &CharterBody, community: CommunityId, signer: u8) -> Record {
        let unsigned = Unsigned {
            network: NetworkId::of("test"),
            kind: Kind::Charter,
            body_version: CHARTER_VERSION,
            community,
            document: DocumentName::default(),
            created_at: Timestamp(1),
            body: &body.to_bytes(),
        };
        unsigned.sign(&key(signer)).expect("small")
    }

    fn genesis() -> Record {
        let body = CharterBody {
            code: CODE.into(),
            seq: 0,
            prev: None,
            officers: vec![public(1)],
            threshold: 1,
            devices: vec![device(2)],
        };
        sign(&body, CommunityId::default(), 1)
    }

    #[test]
    fn the_log_is_read_in_any_order() {
        let genesis = genesis();
        let first = Charter::resolve(genesis.community(), [&genesis]).expect("founded");
        let second = sign(&first.with_devices([device(3)]), genesis.community(), 1);
        let after = Charter::resolve(genesis.community(), [&second, &genesis]).expect("founded");
        assert_eq!(after.seq, 1);
        assert_eq!(after.may_write(&public(3), Timestamp(5)), Ok(()));
        assert_eq!(first.may_write(&public(3), Timestamp(5)), Err(NoRight::UnknownDevice));
    }

    #[test]
    fn a_fork_stops_the_log_before_it() {
        let genesis = genesis();
        let first = Charter::resolve(genesis.community(), [&genesis]).expect("founded");
        let a = sign(&first.with_devices([device(3)]), genesis.community(), 1);
        let b = sign(&first.with_devices([device(4)]), genesis.community(), 1);
        let forked = Charter::resolve(genesis.community(), [&a, &b, &genesis]).expect("founded");
        assert_eq!(forked.seq, 0);
        assert!(forked.fork.is_some());
    }

    #[test]
    fn a_stranger_cannot_follow() {
        let genesis = genesis();
        let first = Charter::resolve(genesis.community(), [&genesis]).expect("founded");
        let forged = sign(&first.with_devices([device(9)]), genesis.community(), 9);
        assert_eq!(Charter::resolve(genesis.community(), [&genesis, &forged]), Some(first));
    }

    #[test]
    fn a_device_ends_at_its_expiry() {
        let mut charter = Charter::resolve(genesis().community(), [&genesis()]).expect("founded");
        let held = charter.devices.get_mut(&public(2)).expect("named");
        held.expires_at = Some(Timestamp(10));
        assert_eq!(charter.may_write(&public(2), Timestamp(10)), Ok(()));
        assert_eq!(charter.may_write(&public(2), Timestamp(11)), Err(NoRight::Expired));
    }
}
