//! The crate behind the fuzz targets in `fuzz/`: the modules of `main.rs` that they need, and
//! nothing else. It is beside `main.rs` so that both build the very same files.

#![allow(clippy::panic, dead_code, missing_docs, reason = "the same modules serve the tests, which use all of them")]

pub mod decoders;
mod world;
