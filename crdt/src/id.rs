//! The names of things: fixed-length byte strings that never mean anything by themselves.
//!
//! Every id is either a hash that this crate computed or bytes whose origin the gate has checked,
//! so that an id can be compared and ordered but never guessed from a name or a clock.

use std::fmt;
use std::str::FromStr;

use data_encoding::HEXLOWER_PERMISSIVE;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// A text that is not the hexadecimal form of an id.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("expected {expected} hexadecimal digits")]
pub struct IdError {
    /// How many digits the id has.
    pub expected: usize,
}

macro_rules! byte_id {
    ($(#[$doc:meta])* $name:ident, $len:literal) => {
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
        pub struct $name(pub [u8; $len]);

        impl $name {
            /// Length in bytes.
            pub const LEN: usize = $len;

            /// The raw bytes.
            #[must_use]
            pub fn as_bytes(&self) -> &[u8; $len] {
                &self.0
            }

            /// Reads an id from a slice of exactly [`Self::LEN`] bytes.
            #[must_use]
            pub fn from_slice(bytes: &[u8]) -> Option<Self> {
                Some(Self(bytes.try_into().ok()?))
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&HEXLOWER_PERMISSIVE.encode(&self.0))
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, concat!(stringify!($name), "({})"), &HEXLOWER_PERMISSIVE.encode(&self.0[..6]))
            }
        }

        impl FromStr for $name {
            type Err = IdError;

            fn from_str(text: &str) -> Result<Self, IdError> {
                HEXLOWER_PERMISSIVE
                    .decode(text.trim().as_bytes())
                    .ok()
                    .and_then(|bytes| Self::from_slice(&bytes))
                    .ok_or(IdError { expected: $len * 2 })
            }
        }

        // Text for people's formats (JSON), bytes for compact ones: both are the same id.
        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                if serializer.is_human_readable() {
                    serializer.collect_str(self)
                } else {
                    serde::Serialize::serialize(&self.0[..], serializer)
                }
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                if deserializer.is_human_readable() {
                    let text = <std::borrow::Cow<'de, str>>::deserialize(deserializer)?;
                    text.parse().map_err(serde::de::Error::custom)
                } else {
                    let bytes = <Vec<u8>>::deserialize(deserializer)?;
                    Self::from_slice(&bytes).ok_or_else(|| serde::de::Error::custom("wrong length of an id"))
                }
            }
        }
    };
}

byte_id!(
    /// Which network a record belongs to: the hash of the network's name.
    NetworkId, 32
);
byte_id!(
    /// A record: the BLAKE3 hash of its bytes.
    RecordId, 32
);
byte_id!(
    /// A community: the id of its genesis charter, not a key, so that it outlives every key.
    CommunityId, 32
);
byte_id!(
    /// An Ed25519 public key of a device or of an officer.
    PublicKey, 32
);
byte_id!(
    /// An Automerge change: the SHA-256 hash of its chunk.
    ChangeHash, 32
);
byte_id!(
    /// What an owner calls one of its documents: chosen by the owner, so only unique within one
    /// community. See [`DocumentId`].
    DocumentName, 16
);
byte_id!(
    /// A document everywhere: the hash of its owner and the owner's name for it. Nobody else can
    /// make a document with this id, since the owner is hashed in.
    DocumentId, 16
);

impl NetworkId {
    /// The id of the network called `name`.
    #[must_use]
    pub fn of(name: &str) -> Self {
        Self(blake3::derive_key("dosvid 2026-11 network", name.as_bytes()))
    }
}

impl RecordId {
    /// The id of a record with these bytes.
    #[must_use]
    pub fn of(bytes: &[u8]) -> Self {
        Self(*blake3::hash(bytes).as_bytes())
    }
}

impl DocumentId {
    /// The id of the document that `community` calls `name`.
    #[must_use]
    pub fn of(community: &CommunityId, name: &DocumentName) -> Self {
        let mut hasher = blake3::Hasher::new_derive_key("dosvid 2026-11 document");
        hasher.update(&community.0).update(&name.0);
        let mut id = [0; 16];
        hasher.finalize_xof().fill(&mut id);
        Self(id)
    }
}

impl DocumentName {
    /// The one name under which a community keeps its profile, so that two devices that fill it in
    /// at once write one document.
    pub const PROFILE: Self = Self(*b"dosvid-profile-1");

    /// The name of a document that comes from elsewhere, so that importing the same source again
    /// meets the same document.
    #[must_use]
    pub fn of_source(system: &str, source_id: &str) -> Self {
        let mut hasher = blake3::Hasher::new_derive_key("dosvid 2026-11 imported document");
        hasher.update(&(system.len() as u64).to_le_bytes());
        hasher.update(system.as_bytes()).update(source_id.as_bytes());
        let mut name = [0; 16];
        hasher.finalize_xof().fill(&mut name);
        Self(name)
    }
}

/// Milliseconds since 1970-01-01 UTC, as the author's clock said. Advisory: it sorts and it is
/// shown, but no right and no order of changes hangs on it.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Debug, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Timestamp(pub u64);

impl Timestamp {
    /// The last moment that a record may carry: the end of the year 9999, so that every date can
    /// be written with four digits of year.
    pub const MAX: Self = Self(253_402_300_799_999);

    /// The same moment `ms` milliseconds later, at most [`Timestamp::MAX`].
    #[must_use]
    pub fn plus_ms(self, ms: u64) -> Self {
        Self(self.0.saturating_add(ms).min(Self::MAX.0))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_survives_its_text() {
        let id = RecordId::of(b"record");
        assert_eq!(id.to_string().parse(), Ok(id));
        assert_eq!("12".parse::<RecordId>(), Err(IdError { expected: 64 }));
    }

    #[test]
    fn the_same_name_in_two_communities_is_two_documents() {
        let name = DocumentName([7; 16]);
        assert_ne!(DocumentId::of(&CommunityId([1; 32]), &name), DocumentId::of(&CommunityId([2; 32]), &name));
    }

    #[test]
    fn a_source_and_its_number_do_not_run_together() {
        assert_ne!(DocumentName::of_source("ab", "c"), DocumentName::of_source("a", "bc"));
    }
}
