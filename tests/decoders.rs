//! What strangers send, and what must hold of every decoder that meets it: one function a decoder.
//!
//! The fuzzer (`tests/fuzz/`) calls these with whatever it comes up with; the tests below call them
//! with the inputs that are kept in `tests/fuzz/corpus/`: where the fuzzer begins, and what once
//! was, or came close to being, a bug. Each asserts more than that nothing panics: same bytes, same
//! answer; what was read is written back alike; nothing is larger than its bound.

mod documents;
mod files;
mod people;
mod records;
pub mod seeds;
pub mod signers;
mod wire;

#[cfg(test)]
mod kept;

use std::time::{Duration, Instant};

use crate::world::time_of_this_thread;

pub use documents::documents;
pub use files::{bundle, journal};
pub use people::{api, import, practice};
pub use records::{charter, chunk, gate, record};
pub use wire::{frame, gossip, reconcile};

/// A decoder under its laws.
pub type Target = fn(&[u8]);

/// Every target, by the name of its program and of its folder of inputs.
pub const TARGETS: [(&str, Target); 13] = [
    ("record", record),
    ("gate", gate),
    ("charter", charter),
    ("chunk", chunk),
    ("gossip", gossip),
    ("frame", frame),
    ("reconcile", reconcile),
    ("bundle", bundle),
    ("journal", journal),
    ("import", import),
    ("practice", practice),
    ("api", api),
    ("documents", documents),
];

/// Tries an input, which may take so long. What took longer is tried once more by the time that
/// this thread has computed, not by the clock on the wall: the machine may be busy otherwise.
pub fn within(limit: Duration, target: Target, input: &[u8]) {
    let begun = Instant::now();
    target(input);
    if begun.elapsed() > limit {
        let before = time_of_this_thread();
        target(input);
        let took = time_of_this_thread() - before;
        assert!(took < limit, "one input took {took:?}");
    }
}

/// The longest that one input may take where the code is optimised.
pub const ONE_INPUT: Duration = Duration::from_millis(500);
