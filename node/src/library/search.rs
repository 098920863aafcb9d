//! Finding: answered from the index, shown from the store.

use crdt::id::DocumentId;
use crdt::practice::{Practice, Vouched};
use web_ui::library::search::{FoundPlaces, INDEX_REBUILDING, SearchPage, SearchRequest, Suggestion};
use web_ui::library::{DocumentCard, LibraryError};

use super::{Answer, NodeLibrary};
use crate::index::Unanswered;

impl From<Unanswered> for LibraryError {
    fn from(unanswered: Unanswered) -> Self {
        match unanswered {
            Unanswered::NotFound => Self::NotFound,
            Unanswered::Fault(fault) => fault.into(),
            Unanswered::Rebuilding => Self::Denied {
                code: INDEX_REBUILDING,
                uk: "Пошук саме відновлюється: спробуйте за хвилину. Усе інше працює".into(),
                en: "Search is being rebuilt: try again in a minute. Everything else works".into(),
            },
        }
    }
}

pub(super) fn search(library: &NodeLibrary, request: &SearchRequest) -> Answer<SearchPage> {
    let own = library.own_code()?;
    Ok(library.index.search(request, own.as_deref())?)
}

pub(super) fn suggest(library: &NodeLibrary, beginning: &str) -> Answer<Vec<Suggestion>> {
    Ok(library.index.suggest(beginning)?)
}

pub(super) fn similar(library: &NodeLibrary, id: DocumentId) -> Answer<Vec<DocumentCard>> {
    let found = library.index.similar(&id)?;
    let cards =
        found.iter().filter(|document| !library.store.is_hidden(document)).map(|document| library.store.card(document));
    Ok(cards.filter_map(Result::transpose).collect::<Result<_, _>>()?)
}

pub(super) fn adopters(library: &NodeLibrary, id: DocumentId) -> Answer<Vec<DocumentCard>> {
    let owner = library.store.card(&id)?.ok_or(LibraryError::NotFound)?.owner;
    let mut adopters = Vec::new();
    for document in library.index.adopters(&id)? {
        if library.store.is_hidden(&document) {
            continue;
        }
        // Whoever repeats its own practice vouches for nothing.
        adopters.extend(library.store.card(&document)?.filter(|card| card.owner != owner));
    }
    Ok(adopters)
}

pub(super) fn vouched(library: &NodeLibrary, id: DocumentId) -> Answer<Vouched> {
    let view = library.store.view(&id)?.ok_or(LibraryError::NotFound)?;
    let told = library.store.vouched(&id, &view.community, &view.heads)?;
    // Where search cannot answer just now, what was said of it still can be read.
    Ok(told.max(library.index.vouched(&id, &view.community).unwrap_or_default()))
}

pub(super) fn near_duplicates(
    library: &NodeLibrary,
    practice: &Practice,
    except: Option<DocumentId>,
) -> Answer<Vec<(DocumentCard, u8)>> {
    let found = match library.index.near_duplicates(practice, except.as_ref()) {
        // A warning that cannot be given just now must not keep anybody from publishing.
        Err(Unanswered::Rebuilding) => Vec::new(),
        found => found?,
    };
    let mut cards = Vec::new();
    for (document, percent) in found.into_iter().filter(|(document, _)| !library.store.is_hidden(document)) {
        cards.extend(library.store.card(&document)?.map(|card| (card, percent)));
    }
    Ok(cards)
}

pub(super) fn places(library: &NodeLibrary, request: &SearchRequest) -> Answer<FoundPlaces> {
    Ok(library.index.places(request)?)
}
