//! Cards: what the lists show of a document, made once when its view is.

use crdt::codifier;
use crdt::kinds;
use crdt::view::{View, completeness};
use web_ui::library::DocumentCard;

use crate::fault::Fault;
use crate::store::Store;

/// A document's row in the lists. A kind that only a later version knows gets an empty one.
///
/// # Errors
/// A fault of the database.
pub fn card(store: &Store, view: &View) -> Result<DocumentCard, Fault> {
    let owner_code = store.charter_of(&view.community)?.map(|charter| charter.code.clone()).unwrap_or_default();
    let mut card = DocumentCard {
        id: view.document.to_string(),
        owner: view.community.to_string(),
        owner_code,
        updated_at: view.updated_at.0,
        ..DocumentCard::default()
    };
    let Some(kind) = kinds::of(view.kind) else { return Ok(card) };
    let content = view.content(kind.table);
    kind.key.clone_into(&mut card.kind);
    card.completeness = completeness(kind.table, &content).percent;
    card.conflicts = !view.conflicts(kind.table).is_empty();
    let outline = kind.outline(view.document, content);
    card.place = outline.place.filter(|code| codifier::find(code).is_some());
    (card.title, card.summary) = (outline.title, outline.summary);
    (card.state, card.day) = (outline.state, outline.day);
    (card.sectors, card.themes, card.mechanisms) = (outline.sectors, outline.themes, outline.mechanisms);
    (card.outcome, card.reach) = (outline.outcome, outline.reach);
    card.lang = outline.lang;
    card.about = outline.about.map(|id| id.to_string());
    card.about_owner = outline.about_owner.map(|id| id.to_string());
    card.mentions = outline.mentions.iter().map(ToString::to_string).collect();
    Ok(card)
}
