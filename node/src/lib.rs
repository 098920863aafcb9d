//! A node of Dosvid: the parts around the pure core of the `crdt` crate.
//!
//! Seven verbs carry it: the [`replica`] *decides*, the [`store`] *remembers*, the [`index`]
//! *finds*, the [`swarm`] *talks*, the [`run`] loop *runs*, the [`library`] *asks* for pages and
//! programs, and the `press` *prints* for it. `ARCHITECTURE.md` walks through all of them; [`node`] puts them together.

pub mod accounts;
pub mod bundle;
pub mod card;
pub mod cli;
pub mod config;
pub mod derive;
pub mod disk;
pub mod drafts;
pub mod fault;
pub mod index;
pub mod journal;
pub mod keyring;
pub mod library;
pub mod manifest;
pub mod node;
pub mod notes;
pub mod packing;
mod parallel;
pub mod peers;
#[cfg(feature = "press")]
pub mod press;
pub mod reconcile;
pub mod replica;
pub mod run;
pub mod scrub;
pub mod store;
pub mod swarm;
pub mod uploads;
pub mod wire;
