//! The swarm alone: whom it dials when, and for whom it has room.

use tokio::time::Instant;

use super::*;

/// Nobody listens on the discard port of this computer.
const NOBODY: &str = "/ip4/127.0.0.1/tcp/9";

fn alone() -> Swarm {
    let config =
        SwarmConfig { seed: Zeroizing::new([7; 32]), network: "test".into(), listen: Vec::new(), peers: Vec::new() };
    Swarm::start(config).expect("starts")
}

#[tokio::test]
async fn an_address_that_is_said_again_is_dialled_at_once() {
    let mut swarm = alone();
    swarm.want(NOBODY).expect("an address");
    swarm.redial();
    assert!(swarm.redial_at() > Instant::now(), "the next attempt has its time");
    swarm.want(NOBODY).expect("an address");
    assert!(swarm.redial_at() <= Instant::now());
    assert_eq!(swarm.wanted.len(), 1);
}

#[tokio::test]
async fn what_the_library_takes_itself_keeps_nobody_away() {
    let mut swarm = alone();
    let max = |swarm: &Swarm| swarm.swarm.behaviour().memory.max_allowed_bytes();
    assert_eq!(max(&swarm), MEMORY_MAX_BYTES);
    // A node with a million short practices holds over 600 MB at rest.
    swarm.holds(1_000_000);
    assert!(max(&swarm) > 600_000_000 + MEMORY_MAX_BYTES);
    swarm.holds(u64::MAX);
    assert_eq!(max(&swarm), usize::MAX);
    swarm.holds(0);
    assert_eq!(max(&swarm), MEMORY_MAX_BYTES);
}
