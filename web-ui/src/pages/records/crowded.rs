//! Seminars for which more people are registered than there are seats: those who hold them and those who
//! registered are told, for no node can refuse what another took at the same time.

use crdt::gate::DocumentKind;
use crdt::id::{CommunityId, DocumentId};
use crdt::kinds::seminar::Seminar;

use crate::format;
use crate::library::timely::{Seats, seats};
use crate::library::{DocumentCard, DocumentPage, DocumentsRequest, Library, LibraryError, PageRequest, Scope};
use crate::pages::frame::Visitor;
use crate::registry::today;
use crate::words::records as rw;

/// Seminars and registrations of a community that are looked at, last changed first.
const LOOKED_AT: usize = 50;

/// What is said of seats, to whoever holds the seminar or to the others; none while they are enough.
pub(crate) fn warning(v: &Visitor, seats: Option<Seats>, holds: bool) -> Option<String> {
    let seats = seats.filter(|seats| seats.is_overfull())?;
    let counts = format!("{} / {}", format::number(seats.taken), format::number(seats.all));
    let what = v.say(if holds { rw::OVERFULL_HOST } else { rw::OVERFULL_GUEST });
    Some(format!("{}: {counts}. {what}", v.say(rw::OVERFULL)))
}

/// A seminar to come with too few seats.
pub(crate) struct Crowded {
    pub(crate) seminar: DocumentCard,
    pub(crate) seats: Seats,
    /// Whether the community that asks holds it.
    pub(crate) holds: bool,
}

/// The seminars with too few seats that a community holds or is registered for.
pub(crate) fn of(library: &dyn Library, own: CommunityId) -> Result<Vec<Crowded>, LibraryError> {
    let some = PageRequest { after: None, limit: LOOKED_AT };
    let cards =
        |kind| library.documents(&DocumentsRequest { kind, scope: Scope::Of(own) }, &some).map(|page| page.rows);
    let held = cards(DocumentKind::Seminar)?.into_iter().map(|card| (card.id, true)).collect::<Vec<_>>();
    let joined = cards(DocumentKind::Registration)?.into_iter().filter_map(|card| Some((card.about?, false)));
    let mut found: Vec<Crowded> = Vec::new();
    for (id, holds) in held.into_iter().chain(joined) {
        let known = found.iter().any(|one| one.seminar.id == id);
        let Some(page) = id.parse::<DocumentId>().ok().filter(|_| !known).and_then(|id| library.document(id).ok())
        else {
            continue;
        };
        if let Some(seats) = seats(library, &page)?.filter(|seats| seats.is_overfull() && is_to_come(&page)) {
            found.push(Crowded { seminar: page.card, seats, holds });
        }
    }
    Ok(found)
}

fn is_to_come(page: &DocumentPage) -> bool {
    page.typed::<Seminar>().is_some_and(|seminar| {
        let is_off = matches!(seminar.registration.as_deref(), Some("cancelled" | "done"));
        let (last, today) = (seminar.last_day(), today().to_string());
        // A month or a year lasts until its end.
        !is_off && (last >= today.as_str() || today.starts_with(last))
    })
}
