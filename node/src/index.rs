//! Finds: what a text is looked up by, and what a query means.

pub mod analysis;
pub mod meaning;
pub mod query;
pub mod ranking;
pub mod repair;
pub mod synonyms;
pub mod trial;
pub mod vocabulary;
