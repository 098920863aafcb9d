//! Lists follow from the set as views do: of every kind, under every document that is told about, under
//! every community whose documents are. What one node hides changes its lists, and nothing else.

use std::collections::{BTreeMap, HashSet};

use crdt::id::DocumentId;
use crdt::kinds::KINDS;
use crdt::view::View;
use node::store::Store;
use web_ui::library::{DocumentCard, DocumentsRequest, Scope};

use super::history::History;
use crate::world::check::views_of;

/// Rows read of one list: more than a bench ever has.
const MOST: usize = 10_000;

/// Every list that a history can be seen in, by what it is a list of.
pub type Lists = BTreeMap<String, Vec<DocumentCard>>;

/// All lists of a store that show something of a history, each with its count.
pub fn of(store: &Store, history: &History) -> Lists {
    let mut lists = Lists::new();
    let mut add = |name: String, rows: Vec<([u8; 24], DocumentCard)>| {
        if !rows.is_empty() {
            lists.insert(name, rows.into_iter().map(|(_, card)| card).collect());
        }
    };
    for row in KINDS {
        let scopes = [Scope::All].into_iter().chain(history.communities().into_iter().map(Scope::Of));
        for scope in scopes.chain(history.documents.iter().copied().map(Scope::About)) {
            let wanted = DocumentsRequest { kind: row.kind, scope };
            let rows = store.documents(&wanted, None, MOST).expect("read");
            assert_eq!(store.count_documents(&wanted).expect("read"), rows.len() as u64, "{wanted:?}");
            add(format!("{wanted:?}"), rows);
        }
    }
    for community in history.communities() {
        add(format!("told {community}"), store.told(&community, None, MOST).expect("read"));
    }
    lists
}

/// Hides one document of a history: its rows are gone but where it would stand among what was said of
/// another, and nothing else changes; shown again, all is as it was. Gives the lists.
pub fn moderation_is_local(store: &Store, history: &History, views: &BTreeMap<DocumentId, View>) -> Lists {
    let (before, totals) = (of(store, history), store.totals());
    let at = history.records.len() % history.documents.len().max(1);
    let Some(document) = history.documents.iter().nth(at) else { return before };
    store.hide(HashSet::from([*document])).expect("hidden");
    let mut expected = before.clone();
    for (name, rows) in &mut expected {
        if !name.contains("About") {
            rows.retain(|card| card.id != document.to_string());
        }
    }
    expected.retain(|_, rows| !rows.is_empty());
    assert_eq!(of(store, history), expected, "{document} is hidden");
    assert_eq!(store.totals().fingerprint(), totals.fingerprint(), "{document} left the set");
    assert_eq!(&views_of(store, &history.communities()), views, "{document} changed what is shown of others");
    store.hide(HashSet::new()).expect("shown");
    assert_eq!(of(store, history), before, "what is shown again is where it was");
    before
}
