//! When a world is quiet, and what must hold then: the same set everywhere, the same state.

use std::collections::BTreeMap;
use std::fmt::Write;

use crdt::id::{CommunityId, DocumentId};
use crdt::replay::Replay;
use crdt::view::View;
use node::store::Store;

use super::{HOUR, Place, World};

/// The longest that a world may need to become quiet. A town catches up with one neighbour a
/// minute, and news may have to go through a dozen towns.
const QUIET_WITHIN_MS: u64 = 3 * HOUR;

impl World {
    /// Runs until nothing but alarm clocks is on the way, connected towns hold the same set, and
    /// every view is derived.
    pub fn settle(&mut self) {
        let deadline = self.now.plus_ms(QUIET_WITHIN_MS);
        while !self.is_quiet() {
            assert!(self.now < deadline, "not quiet within {} h:\n{}", QUIET_WITHIN_MS / HOUR, self.describe());
            let next = self.post.events.first_key_value().map(|((moment, _), _)| *moment);
            let next = next.unwrap_or_else(|| panic!("nothing will happen any more:\n{}", self.describe()));
            self.run_for(next.saturating_sub(self.now.0));
        }
    }

    fn is_quiet(&self) -> bool {
        self.post.is_still()
            && self.running().into_iter().all(|at| self.node(at).store.pending_count(1).expect("read") == 0)
            && self.post.links.iter().all(|(a, b)| match (&self.town(*a).node, &self.town(*b).node) {
                (Some(a), Some(b)) => a.store.totals().fingerprint() == b.store.totals().fingerprint(),
                _ => true,
            })
    }

    /// Runs until quiet; then all running towns must agree, and go on agreeing after one more round
    /// of catching up.
    pub fn converge(&mut self) {
        self.settle();
        self.run_for(3 * super::MINUTE);
        self.settle();
        self.agreed();
    }

    /// Asserts that all running towns have the same set and the same state.
    pub fn agreed(&self) {
        let running = self.running();
        let first = self.node(running[0]);
        let expected = views(&first.store);
        sound(&first.store, &self.town(running[0]).name);
        for at in &running[1..] {
            let (name, node) = (&self.town(*at).name, self.node(*at));
            sound(&node.store, name);
            let same = node.store.totals().fingerprint() == first.store.totals().fingerprint();
            assert!(same, "{name} holds another set:\n{}", self.describe());
            let views = views(&node.store);
            assert_eq!(views.keys().collect::<Vec<_>>(), expected.keys().collect::<Vec<_>>(), "{name}'s documents");
            for (document, view) in &views {
                assert_eq!(view, &expected[document], "{name} shows another {document}");
            }
            same_totals(&node.store, &first.store, name);
        }
    }

    /// Who holds what, for a failure's text.
    pub fn describe(&self) -> String {
        let mut text = format!("at {} ms after the start\n", self.now.0 - super::START.0);
        for at in self.running() {
            let node = self.node(at);
            let (totals, progress) = (node.store.totals(), node.replica.progress());
            let print = data_encoding::HEXLOWER.encode(&totals.fingerprint()[..4]);
            let neighbours: Vec<_> =
                self.post.neighbours(at).into_iter().map(|at| self.town(at).name.as_str()).collect();
            let _ = writeln!(
                text,
                "{:>10}: {} records, {print}, {} pending, {} waiting for a charter; connected with {neighbours:?}",
                self.town(at).name,
                totals.records,
                node.store.pending_count(1000).unwrap_or_default(),
                progress.waiting,
            );
        }
        text
    }

    /// Whether all of `towns` show the same of a document; gives what they show.
    pub fn same_view(&self, towns: &[Place], document: &DocumentId) -> Option<View> {
        let view = self.view(towns[0], document);
        for at in towns {
            assert_eq!(self.view(*at, document), view, "{} shows another {document}", self.town(*at).name);
        }
        view
    }
}

/// Every view of a store, by document.
pub fn views(store: &Store) -> BTreeMap<DocumentId, View> {
    views_of(store, &store.communities().expect("read"))
}

/// Every view of some communities, by document.
pub fn views_of(store: &Store, communities: &[CommunityId]) -> BTreeMap<DocumentId, View> {
    let documents = communities.iter().flat_map(|community| store.documents_of(community).expect("read"));
    documents
        .map(|document| {
            let view = store.view(&document).expect("read");
            (document, view.unwrap_or_else(|| panic!("{document} has records and no view")))
        })
        .collect()
}

/// Asserts what every quiet store must fulfil by itself: right totals, no view missing or pending,
/// and every view what its records give from scratch.
pub fn sound(store: &Store, name: &str) {
    assert!(!store.recount().expect("read"), "the totals of {name} were wrong");
    let views = views(store);
    derived(store, &views, name);
    let set_aside: usize = views.values().map(|view| view.set_aside.len()).sum();
    let waiting: usize = views.values().map(|view| view.waiting.len()).sum();
    let totals = store.totals();
    assert_eq!((totals.set_aside, totals.waiting), (set_aside as u64, waiting as u64), "{name} counts wrong");
}

/// Asserts that nothing is pending, and that each of these views is what its records give from
/// scratch.
pub fn derived(store: &Store, views: &BTreeMap<DocumentId, View>, name: &str) {
    assert_eq!(store.pending(10).expect("read"), [], "{name} has documents pending");
    for (document, view) in views {
        let records = store.records_of(document).expect("read");
        let charter = store.charter_of(&view.community).expect("read");
        let scratch = Replay::derive(view.community, view.name, records, charter.as_deref()).view();
        assert_eq!(view, &scratch, "{name}: the view of {document} is not what its records give");
    }
}

/// Asserts that two stores count the same: all counts follow from the set.
pub fn same_totals(a: &Store, b: &Store, name: &str) {
    let counts = |store: &Store| {
        let totals = store.totals();
        (totals.records, totals.sum, totals.practices, totals.communities, totals.set_aside, totals.waiting)
    };
    assert_eq!(counts(a), counts(b), "{name} counts otherwise");
}
