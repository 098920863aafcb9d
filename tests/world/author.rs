//! Writes records as no node would: any field, any key, any time, honest or not.

use crdt::charter::{CHARTER_VERSION, CharterBody};
use crdt::chunk::{Actor, actor_prefix};
use crdt::gate::{CHANGE_VERSION, DocumentKind, WITHDRAWAL_VERSION, change_body};
use crdt::id::{CommunityId, DocumentName, NetworkId, Timestamp};
use crdt::record::{Kind, Record, Unsigned};
use ed25519_dalek::{Signer, SigningKey};
use node::keyring::public;

/// Everything that a record says but who signs it.
#[derive(Clone)]
pub struct Letter {
    pub network: NetworkId,
    pub kind: Kind,
    pub version: u8,
    pub community: CommunityId,
    pub document: DocumentName,
    pub created_at: Timestamp,
    pub body: Vec<u8>,
}

impl Letter {
    pub fn charter(network: NetworkId, community: CommunityId, created_at: Timestamp, body: &CharterBody) -> Self {
        let (kind, version) = (Kind::Charter, CHARTER_VERSION);
        Self { network, kind, version, community, document: DocumentName::default(), created_at, body: body.to_bytes() }
    }

    pub fn change(
        network: NetworkId,
        community: CommunityId,
        document: DocumentName,
        created_at: Timestamp,
        kind: DocumentKind,
        chunk: &[u8],
    ) -> Self {
        let body = change_body(kind, chunk);
        Self { network, kind: Kind::Change, version: CHANGE_VERSION, community, document, created_at, body }
    }

    pub fn withdrawal(
        network: NetworkId,
        community: CommunityId,
        document: DocumentName,
        created_at: Timestamp,
    ) -> Self {
        let (kind, version) = (Kind::Withdrawal, WITHDRAWAL_VERSION);
        Self { network, kind, version, community, document, created_at, body: b"{}".to_vec() }
    }

    pub fn sign(&self, key: &SigningKey) -> Record {
        let unsigned = Unsigned {
            network: self.network,
            kind: self.kind,
            body_version: self.version,
            community: self.community,
            document: self.document,
            created_at: self.created_at,
            body: &self.body,
        };
        unsigned.sign(key).expect("small enough")
    }
}

/// Signs bytes of a record anew after something in them was changed: what a later version of the
/// program, or a liar, sends.
pub fn sign_again(bytes: &mut [u8], key: &SigningKey) {
    // What was cut shorter than an envelope has no place for a key and a signature.
    if bytes.len() < 128 + 64 {
        return;
    }
    let end = bytes.len() - 64;
    bytes[84..116].copy_from_slice(&public(key).0);
    let message = [b"dosvid record v1\0", &bytes[..end]].concat();
    bytes[end..].copy_from_slice(&key.sign(&message).to_bytes());
}

/// An actor of a device; `tail` tells it from the device's others.
pub fn actor(key: &SigningKey, tail: [u8; 8]) -> Actor {
    let mut actor = [0; 16];
    actor[..8].copy_from_slice(&actor_prefix(&public(key)));
    actor[8..].copy_from_slice(&tail);
    actor
}
