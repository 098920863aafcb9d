//! What replicates, and what follows from it: records, charters, documents and the gate.
//!
//! The library is a set of signed [`record::Record`]s. Whatever comes from anywhere passes the
//! [`gate`], the only maker of [`gate::Admitted`]. A community's rights follow from its
//! [`charter`] records, a document from its change records ([`replay`]), and what people see is a
//! [`view::View`]. All of it is a function of the set: same records, same state, in whatever order
//! they arrive.
//!
//! This crate is pure: no input or output, no clock, no randomness, no async. Time and randomness
//! come in as arguments, so every law can be tested and every failure replayed.

pub mod charter;
pub mod check;
pub mod chunk;
pub mod codifier;
pub mod field;
pub mod gate;
pub mod id;
pub mod kinds;
pub mod limits;
pub mod paragraphs;
pub mod practice;
pub mod profile;
pub mod record;
pub mod replay;
pub mod view;
pub mod vocabulary;
