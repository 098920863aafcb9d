//! The real program: processes and signals, files and exit codes, sockets on the loopback.
//!
//! What a world in virtual time cannot show: what a process that is killed leaves on the disk, what
//! another process finds there, and what a person reads.

mod bundles;
mod commands;
mod copies;
mod damage;
mod exchange;
mod flood;
mod hidden;
pub mod http;
mod imports;
pub mod material;
mod meeting;
pub mod program;
#[path = "bench/proxy.rs"]
#[allow(dead_code, reason = "the benchmark uses more of it")]
mod proxy;
pub mod publishing;
mod recovering;
mod replication;
mod search;
mod settings;
pub mod town;
mod writing;

use std::time::{Duration, Instant};

/// Long enough for a busy machine with two cores that runs other tests as well.
pub const PATIENCE: Duration = Duration::from_secs(60);
/// How often somebody who waits looks again.
const LOOK_EVERY: Duration = Duration::from_millis(25);

/// Looks again and again until there is something to see.
///
/// # Panics
/// With `what` and what was seen last, when `patience` is over.
pub fn wait_for<T>(what: &str, patience: Duration, mut look: impl FnMut() -> Result<T, String>) -> T {
    let end = Instant::now() + patience;
    loop {
        match look() {
            Ok(seen) => return seen,
            Err(last) => assert!(Instant::now() < end, "waited {patience:?} for {what}; last: {last}"),
        }
        std::thread::sleep(LOOK_EVERY);
    }
}
