//! Finding: answered from the index.

use crdt::id::DocumentId;
use crdt::practice::Practice;
use web_ui::library::search::{FacetCount, SearchPage, SearchRequest, Suggestion};
use web_ui::library::{LibraryError, PracticeCard};

use super::{Answer, NodeLibrary};

pub(super) fn search(_: &NodeLibrary, _: &SearchRequest) -> Answer<SearchPage> {
    Err(LibraryError::Fault("the index is not built yet".into()))
}

pub(super) fn suggest(_: &NodeLibrary, _: &str) -> Answer<Vec<Suggestion>> {
    Ok(Vec::new())
}

pub(super) fn similar(_: &NodeLibrary, _: DocumentId) -> Answer<Vec<PracticeCard>> {
    Ok(Vec::new())
}

pub(super) fn near_duplicates(_: &NodeLibrary, _: &Practice, _: Option<DocumentId>) -> Answer<Vec<(PracticeCard, u8)>> {
    Ok(Vec::new())
}

pub(super) fn places(_: &NodeLibrary, _: &SearchRequest) -> Answer<Vec<FacetCount>> {
    Err(LibraryError::Fault("the index is not built yet".into()))
}
