//! What only a day can tell of a record that is about to be published. Whoever publishes asks, by
//! the clock of one node; no gate does, for clocks differ and what is signed stays signed.

use crdt::check::FieldError;
use crdt::gate::DocumentKind;
use crdt::kinds::adoption::Adoption;
use crdt::kinds::exchange::Exchange;
use crdt::kinds::seminar::Seminar;
use serde::Deserialize;
use serde_json::Value;

use super::{DocumentPage, DocumentsRequest, Library, LibraryError, PageRequest, Scope};
use crate::format::today;

/// What is wrong today with a record of this kind.
#[must_use]
pub fn untimely(kind: &str, content: &Value) -> Vec<FieldError> {
    let adoption = (kind == "adoption").then(|| Adoption::deserialize(content).ok()).flatten();
    let tomorrow = today().tomorrow().unwrap_or(today()).to_string();
    let mut errors: Vec<FieldError> = adoption.and_then(|adoption| adoption.ahead(&tomorrow)).into_iter().collect();
    let exchange = (kind == "exchange").then(|| Exchange::deserialize(content).ok()).flatten();
    errors.extend(exchange.into_iter().flat_map(|exchange| exchange.overdue(&today().to_string())));
    let date = content.get("date").and_then(Value::as_str).filter(|_| matches!(kind, "endorsement" | "use"));
    errors.extend(date.filter(|date| *date > tomorrow.as_str()).map(in_future));
    errors
}

/// What is wrong with a day on which something was seen or done that has not come yet.
fn in_future(date: &str) -> FieldError {
    let said = crate::format::date(date);
    FieldError::new(
        "date",
        "in_future",
        format!("{said} ще не настало: впишіть день, коли це вже сталося"),
        format!("{said} has not come yet: give the day on which it happened"),
    )
}

/// Why a new record comes too late for what it is about: a registration for a seminar that is over or
/// cancelled, closed for registrations, or out of seats.
#[must_use]
pub fn too_late(kind: &str, about: &DocumentPage, seats_left: Option<u64>) -> Vec<FieldError> {
    let seminar: Option<Seminar> = (kind == "registration").then(|| about.typed()).flatten();
    let full = || {
        FieldError::new(
            "parties",
            "full",
            "Вільних місць не лишилося: запитайте того, хто проводить семінар, чи можна додати".into(),
            "No seats are left: ask whoever holds the seminar whether more can be added".into(),
        )
    };
    let closed = |seminar: Seminar| {
        let closed = seminar.closed_on(&today().to_string());
        closed.or_else(|| (seats_left == Some(0)).then(full))
    };
    seminar.and_then(closed).into_iter().collect()
}

/// Registrations that are read at once.
const REGISTRATIONS_READ: usize = 100;
/// Pages of them that are counted for a seminar: communities of the whole country, and then some. Bounds
/// what strangers can make a page cost.
const PAGES_MAX: usize = 20;

/// How many seats a seminar has left; none if this is no seminar, or its seats are not counted.
///
/// # Errors
/// What the library says.
pub fn seats_left(library: &dyn Library, about: &DocumentPage) -> Result<Option<u64>, LibraryError> {
    Ok(seats(library, about)?.map(Seats::left))
}

/// The seats of a seminar, and the people who are registered for it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Seats {
    /// How many there are.
    pub all: u64,
    /// How many people are registered: more than there are seats if seats were taken away, or if
    /// communities registered on nodes that had not heard of each other.
    pub taken: u64,
}

impl Seats {
    /// How many are left.
    #[must_use]
    pub fn left(self) -> u64 {
        self.all.saturating_sub(self.taken)
    }

    /// Whether more people are registered than there are seats.
    #[must_use]
    pub fn is_overfull(self) -> bool {
        self.taken > self.all
    }
}

/// The seats of a seminar; none if this is no seminar, or its seats are not counted.
///
/// # Errors
/// What the library says.
pub fn seats(library: &dyn Library, about: &DocumentPage) -> Result<Option<Seats>, LibraryError> {
    let seminar: Option<Seminar> = about.typed();
    let Some(all) = seminar.and_then(|seminar| seminar.seats) else { return Ok(None) };
    let Ok(id) = about.card.id.parse() else { return Ok(None) };
    let wanted = DocumentsRequest { kind: DocumentKind::Registration, scope: Scope::About(id) };
    let (mut taken, mut after) = (0u64, None);
    for _ in 0..PAGES_MAX {
        let page = library.documents(&wanted, &PageRequest { after, limit: REGISTRATIONS_READ })?;
        let people = page.rows.iter().filter_map(|card| card.state.parse::<u64>().ok());
        taken = people.fold(taken, u64::saturating_add);
        after = page.next;
        if after.is_none() {
            break;
        }
    }
    Ok(Some(Seats { all, taken }))
}
