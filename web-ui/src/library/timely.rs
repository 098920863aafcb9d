//! What only a day can tell of a record that is about to be published. Whoever publishes asks, by
//! the clock of one node; no gate does, for clocks differ and what is signed stays signed.

use crdt::check::FieldError;
use crdt::kinds::adoption::Adoption;
use crdt::kinds::seminar::Seminar;
use serde::Deserialize;
use serde_json::Value;

use super::DocumentPage;
use crate::format::today;

/// What is wrong today with a record of this kind.
#[must_use]
pub fn untimely(kind: &str, content: &Value) -> Vec<FieldError> {
    let adoption = (kind == "adoption").then(|| Adoption::deserialize(content).ok()).flatten();
    let tomorrow = today().tomorrow().unwrap_or(today()).to_string();
    adoption.and_then(|adoption| adoption.ahead(&tomorrow)).into_iter().collect()
}

/// Why a new record comes too late for what it is about: a registration for a seminar that is over.
#[must_use]
pub fn too_late(kind: &str, about: &DocumentPage) -> Vec<FieldError> {
    let seminar: Option<Seminar> = (kind == "registration").then(|| about.typed()).flatten();
    seminar.and_then(|seminar| seminar.closed_on(&today().to_string())).into_iter().collect()
}
