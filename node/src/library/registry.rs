//! The registry, kept in memory: deriving it anew for every page would read every profile there is.
//!
//! It stays true by the node's own notices: whatever changes a profile or a charter is told, and what
//! was told is read anew. A notice follows the change, so what is read before it is read again.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use crdt::gate::DocumentKind;
use crdt::id::{CommunityId, DocumentId, DocumentName};
use crdt::profile::{PROFILE, Profile};
use crdt::view::completeness;
use tokio::sync::broadcast::Receiver;
use tokio::sync::broadcast::error::TryRecvError;
use web_ui::library::Notice;
use web_ui::library::registry::{REGISTRY_MAX, RegistryEntry};

use super::{Answer, NodeLibrary, read};

/// What is known of the communities.
pub(crate) struct Registry(Mutex<Known>);

struct Known {
    notices: Receiver<Notice>,
    /// Communities by the document of their profile, whose id is what notices say.
    entries: HashMap<String, RegistryEntry>,
    /// All of them in order, until something changes.
    whole: Option<Arc<Vec<RegistryEntry>>>,
}

impl Registry {
    /// Nothing known yet.
    pub(crate) fn new(notices: Receiver<Notice>) -> Self {
        Self(Mutex::new(Known { notices, entries: HashMap::new(), whole: None }))
    }
}

impl Known {
    /// Forgets what has changed since the last look.
    fn forget(&mut self) {
        loop {
            match self.notices.try_recv() {
                Ok(Notice::Document { id, .. }) => {
                    self.entries.remove(&id);
                }
                Ok(Notice::Community { .. }) | Err(TryRecvError::Lagged(_)) => self.entries.clear(),
                // Counts of practices may have changed.
                Ok(Notice::Withdrawn { .. }) => {}
                Ok(Notice::Peers { .. } | Notice::CatchUp { .. }) => continue,
                Err(TryRecvError::Empty | TryRecvError::Closed) => return,
            }
            self.whole = None;
        }
    }
}

pub(super) fn registry(library: &NodeLibrary) -> Answer<Arc<Vec<RegistryEntry>>> {
    let mut known = library.registry.0.lock().unwrap_or_else(PoisonError::into_inner);
    known.forget();
    if let Some(whole) = &known.whole {
        return Ok(Arc::clone(whole));
    }
    let mut entries = HashMap::new();
    for community in library.store.communities()?.into_iter().take(REGISTRY_MAX) {
        let document = DocumentId::of(&community, &DocumentName::PROFILE);
        let entry = match known.entries.remove(&document.to_string()) {
            Some(mut entry) => {
                entry.community.practices = library.store.practices_of(&community)?;
                Some(entry)
            }
            None => read_entry(library, &community, &document)?,
        };
        entries.extend(entry.map(|entry| (document.to_string(), entry)));
    }
    let mut whole: Vec<RegistryEntry> = entries.values().cloned().collect();
    whole.sort_by(|a, b| (&a.community.code, &a.community.id).cmp(&(&b.community.code, &b.community.id)));
    let whole = Arc::new(whole);
    known.entries = entries;
    known.whole = Some(Arc::clone(&whole));
    Ok(whole)
}

fn read_entry(library: &NodeLibrary, community: &CommunityId, document: &DocumentId) -> Answer<Option<RegistryEntry>> {
    let Some(charter) = library.store.charter_of(community)? else { return Ok(None) };
    let view = library.store.view(document)?.filter(|view| view.kind == DocumentKind::Profile);
    let profile: Profile = view.as_ref().map(|view| view.typed(PROFILE)).unwrap_or_default();
    Ok(Some(RegistryEntry {
        community: read::card(library, community, &charter)?,
        updated_at: view.filter(|view| view.changes > 0).map(|view| view.updated_at.0).unwrap_or_default(),
        completeness: completeness(PROFILE, &read::written(&profile)?).percent,
        profile,
    }))
}
