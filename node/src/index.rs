//! Finds: what a text is looked up by, and what a query means.

pub mod analysis;
