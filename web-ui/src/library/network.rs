//! What the page of the network asks: other nodes, and whether one of them can be reached.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// A peer.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Peer {
    /// Its transport id.
    pub id: String,
    /// The address at which it is connected or was last dialled.
    pub address: String,
    /// Whether it is connected now.
    pub connected: bool,
    /// Whether this node dialled it; otherwise it dialled us.
    pub dialled: bool,
    /// Since when it is connected, or when the connection ended, milliseconds since 1970.
    pub since: Option<u64>,
    /// What it says of itself (program and version).
    pub agent: String,
    /// The KATOTTG code of the community for which it says that it writes. Nobody checks that.
    pub community: Option<String>,
    /// Records got from it.
    pub received: u64,
    /// Records given to it.
    pub sent: u64,
    /// Bytes of records got from it, as they travel.
    pub received_bytes: u64,
    /// Bytes of records given to it, as they travel.
    pub sent_bytes: u64,
    /// Records of its that were refused.
    pub refused: u64,
    /// Records that it has and this node still lacks, as far as known.
    pub missing: u64,
    /// When a catch-up with it last ended, milliseconds since 1970.
    pub caught_up_at: Option<u64>,
}

/// How an attempt to reach a node ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Reach {
    /// It answered, and it is a node of this network.
    Reached,
    /// It answered, and is a node of another network or another program.
    OtherNetwork,
    /// Somebody else answers there than the address names.
    OtherNode,
    /// The address is this very node's.
    Oneself,
    /// The computer is there, but no node listens at this port.
    Refused,
    /// Nothing answered in time: the address is wrong, or a firewall or router holds it back.
    Silent,
    /// There is no way to that address from here: no network, or another kind of network.
    NoRoute,
    /// The name in the address is not known.
    NoName,
    /// This node has too many connections to take one more.
    Full,
    /// Something else; the log says what.
    Failed,
}

impl Reach {
    /// All outcomes.
    pub const ALL: [Self; 10] = [
        Self::Reached,
        Self::OtherNetwork,
        Self::OtherNode,
        Self::Oneself,
        Self::Refused,
        Self::Silent,
        Self::NoRoute,
        Self::NoName,
        Self::Full,
        Self::Failed,
    ];
}

/// What an attempt to reach a node found.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Probe {
    /// How it ended.
    pub reach: Reach,
    /// Who answered, if anybody did: a transport id.
    pub id: Option<String>,
    /// What it said of itself.
    pub agent: String,
    /// Milliseconds until it answered or the attempt ended.
    pub took_ms: u64,
}
