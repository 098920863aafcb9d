//! What the people of one computer keep to themselves: never a record, never sent.

use std::collections::{BTreeMap, BTreeSet};

use crdt::id::{CommunityId, DocumentId};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::{DocumentCard, Library, LibraryError, PageRequest};

/// Records that one node may hide: a person looked at each of them.
pub const HIDDEN_MAX: usize = 10_000;
/// Messages whose reading is remembered, a page of the API: more unseen ones are said to be so many.
pub const SEEN_MAX: usize = super::PAGE_MAX;
/// People on the list of a seminar.
pub const GUESTS_MAX: usize = 500;

/// A note of this computer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Note {
    /// Which records are not shown here, and why.
    Hidden,
    /// Which messages of other communities each person of this computer has seen.
    Seen,
    /// Who comes to a seminar, by name.
    Guests(DocumentId),
}

/// Why a record is not shown on this node.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Hiding {
    /// The reason, for whoever looks.
    pub reason: String,
    /// Who decided it.
    pub by: String,
    /// When, milliseconds since 1970.
    pub at: u64,
}

/// The records that are not shown on this node, by id.
pub type Hidden = BTreeMap<String, Hiding>;

/// Reads which records are not shown on this node.
///
/// # Errors
/// A fault of the disk.
pub fn hidden(library: &dyn Library) -> Result<Hidden, LibraryError> {
    Ok(library.note(Note::Hidden)?.and_then(|value| serde_json::from_value(value).ok()).unwrap_or_default())
}

/// Hides a record on this node, or shows it again.
///
/// # Errors
/// [`LibraryError::Denied`] if too many are hidden; a fault of the disk.
pub fn hide(library: &dyn Library, id: DocumentId, hiding: Option<Hiding>) -> Result<(), LibraryError> {
    let mut all = hidden(library)?;
    match hiding {
        Some(_) if all.len() >= HIDDEN_MAX => {
            return Err(LibraryError::Denied {
                code: "too_many_hidden",
                uk: format!("Приховано вже {HIDDEN_MAX} записів: поверніть частину"),
                en: format!("{HIDDEN_MAX} records are hidden already: show some again"),
            });
        }
        Some(hiding) => {
            all.insert(id.to_string(), hiding);
        }
        None => {
            all.remove(&id.to_string());
        }
    }
    library.keep_note(Note::Hidden, serde_json::to_value(all).unwrap_or(Value::Null))
}

/// What other communities told last, and which of it a person has not seen yet: as many messages as are
/// remembered; older ones count as seen.
///
/// # Errors
/// A fault of the disk.
pub fn unseen(library: &dyn Library, own: CommunityId, name: &str) -> Result<BTreeSet<String>, LibraryError> {
    let last = library.told(own, &PageRequest { after: None, limit: SEEN_MAX })?.rows;
    let seen = seen(library)?.remove(name).unwrap_or_default();
    Ok(last.iter().filter(|card| !seen.contains(&state_of(card))).map(|card| card.id.clone()).collect())
}

/// Remembers that a person has seen what other communities told last.
///
/// # Errors
/// A fault of the disk.
pub fn see(library: &dyn Library, own: CommunityId, name: &str) -> Result<(), LibraryError> {
    let last = library.told(own, &PageRequest { after: None, limit: SEEN_MAX })?.rows;
    let mut all = seen(library)?;
    all.insert(name.to_owned(), last.iter().map(state_of).collect());
    library.keep_note(Note::Seen, serde_json::to_value(all).unwrap_or(Value::Null))
}

/// By name, the messages that were seen, each as it stood then.
fn seen(library: &dyn Library) -> Result<BTreeMap<String, BTreeSet<String>>, LibraryError> {
    Ok(library.note(Note::Seen)?.and_then(|value| serde_json::from_value(value).ok()).unwrap_or_default())
}

/// A message that was changed since is to be seen again.
fn state_of(card: &DocumentCard) -> String {
    format!("{} {}", card.id, card.updated_at)
}

/// Who comes to a seminar, one line a person.
///
/// # Errors
/// A fault of the disk.
pub fn guests(library: &dyn Library, seminar: DocumentId) -> Result<Vec<String>, LibraryError> {
    let note = library.note(Note::Guests(seminar))?;
    Ok(note.and_then(|value| serde_json::from_value(value).ok()).unwrap_or_default())
}
