//! Cards: what the lists show of a document, made once when its view is.

use crdt::codifier;
use crdt::gate::DocumentKind;
use crdt::practice::{PRACTICE, Practice};
use crdt::view::{View, completeness};
use web_ui::library::PracticeCard;

use crate::fault::Fault;
use crate::store::Store;

/// A document's row in the lists. Kinds without a list of their own get an empty one.
///
/// # Errors
/// A fault of the database.
pub fn card(store: &Store, view: &View) -> Result<PracticeCard, Fault> {
    let owner_code = store.charter_of(&view.community)?.map(|charter| charter.code.clone()).unwrap_or_default();
    let mut card = PracticeCard {
        id: view.document.to_string(),
        owner: view.community.to_string(),
        owner_code,
        updated_at: view.updated_at.0,
        ..PracticeCard::default()
    };
    if view.kind == DocumentKind::Practice {
        let practice: Practice = view.typed(PRACTICE);
        let whole = serde_json::to_value(&practice).map_err(|error| Fault::Bug(error.to_string()))?;
        card.completeness = completeness(PRACTICE, &whole).percent;
        card.conflicts = !view.conflicts(PRACTICE).is_empty();
        card.place = practice.community.filter(|code| codifier::find(code).is_some());
        (card.title, card.summary) = (practice.title, practice.summary);
        (card.sectors, card.themes, card.mechanisms) = (practice.sectors, practice.themes, practice.mechanisms);
    }
    Ok(card)
}
