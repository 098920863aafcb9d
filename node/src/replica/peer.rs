//! What is known of a peer.

use crdt::id::Timestamp;

use super::catch_up::Session;
use super::conduct::Conduct;

/// How long a peer that asked for a block of everything is left alone with it, ms: as long as a block takes on a
/// phone's line and an old PC. Compared meanwhile, it would be given twice what is on its way.
const COPYING_MS: u64 = 30_000;
/// What a peer has done so far.
#[derive(Default)]
pub(super) struct PeerState {
    pub(super) address: String,
    pub(super) connected: bool,
    /// Whether this node dialled.
    pub(super) dialled: bool,
    /// When the connection came or went.
    pub(super) since: Option<Timestamp>,
    /// What it says of itself.
    pub(super) agent: String,
    /// Whether both have said who they are since the connection came.
    pub(super) met: bool,
    pub(super) received: u64,
    pub(super) sent: u64,
    pub(super) received_bytes: u64,
    pub(super) sent_bytes: u64,
    pub(super) refused: u64,
    pub(super) caught_up_at: Option<Timestamp>,
    pub(super) session: Option<Session>,
    /// What the peer said it has that we lack, and we have not got yet.
    pub(super) missing: u64,
    pub(super) conduct: Conduct,
    /// When it last asked for a block of everything.
    pub(super) copied_at: Option<Timestamp>,
}

impl PeerState {
    /// Whether it is copying everything from here, and will compare sets itself when it has all.
    pub(super) fn is_copying(&self, now: Timestamp) -> bool {
        self.copied_at.is_some_and(|at| now.0.saturating_sub(at.0) < COPYING_MS)
    }
}
