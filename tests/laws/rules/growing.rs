//! A document that grows while it is loaded, and is shown before its view is kept, is the one that all of
//! its records make.

use crdt::view::View;
use node::fault::Fault;

use super::*;

/// Random growths tried.
const GROWTHS: u64 = 60;
/// Changes of one growth.
const CHANGES: u64 = 14;

impl Desk {
    fn take(&mut self, records: &[&Record]) {
        let records = records.iter().map(|record| record.bytes().to_vec()).collect();
        self.node().replica.take_records(records, &mut Vec::new()).expect("no fault");
    }

    /// What all records heard so far make of the document.
    fn expected(&mut self, heard: &[Record]) -> View {
        let charter = self.charter();
        Replay::derive(self.community(), self.name, heard.to_vec(), Some(&charter)).view()
    }

    fn shown(&mut self) -> View {
        let document = self.document();
        self.node().store.view(&document).expect("read").expect("it is shown")
    }

    fn loaded(&mut self) -> View {
        let document = self.document();
        let Node { deriver, store, .. } = self.node();
        deriver.load(store, &document).expect("read").expect("it is held").view()
    }

    fn rests(&mut self) -> bool {
        let document = self.document();
        self.node().store.rests_until(&document).expect("read").is_some()
    }

    /// Has the document be seen as the thread of a node does, and says whether its view is kept.
    fn show(&mut self) -> bool {
        let document = self.document();
        let Node { deriver, store, .. } = self.node();
        deriver.show(store, &document).expect("no fault");
        !store.pending(1).expect("read").contains(&document)
    }
}

#[test]
fn however_a_document_grows_all_of_its_records_make_the_same() {
    let mut rested = 0;
    for seed in 1..=GROWTHS {
        let mut desk = Desk::new();
        desk.rng = Rng::new(seed);
        let (mut made, mut heard, mut late): (Vec<Record>, Vec<Record>, Vec<Record>) = Default::default();
        for n in 0..CHANGES {
            // On top of all, or beside what somebody else writes at the same time.
            let sees = if desk.rng.percent(33) { made.len().saturating_sub(1) } else { made.len() };
            let on: Vec<&Record> = made[..sees].iter().collect();
            let device = usize::from(desk.rng.percent(25));
            // The second device's right ends in the middle.
            let at = Timestamp(60 + 5 * n);
            let record = desk.edit(&on, device, at, &practice(&format!("Зміна {n}"), &["Прибрали", "Засадили"]));
            made.push(record.clone());
            late.push(record);
            if desk.rng.percent(33) {
                continue;
            }
            // Several come at once, in whatever order.
            if desk.rng.percent(50) {
                late.reverse();
            }
            desk.take(&late.iter().collect::<Vec<_>>());
            heard.append(&mut late);
            let expected = desk.expected(&heard);
            assert_eq!(desk.loaded(), expected, "seed {seed}: loaded to be written to");
            rested += u32::from(!desk.show());
            assert_eq!(desk.shown(), expected, "seed {seed}: shown");
        }
        let document = desk.document();
        let Node { deriver, store, .. } = desk.node();
        deriver.derive(store, &document).expect("no fault");
        assert!(!desk.rests() && desk.node().store.pending(1).expect("read").is_empty());
        if !heard.is_empty() {
            let expected = desk.expected(&heard);
            assert_eq!((desk.shown(), desk.loaded()), (expected.clone(), expected), "seed {seed}: kept");
        }
    }
    assert!(rested > 100, "only {rested} views were shown before they were kept");
}

#[test]
fn what_was_only_shown_is_derived_again_after_a_start() {
    let mut desk = Desk::new();
    let first = desk.edit(&[], 0, Timestamp(10), &practice("Толока", &["Прибрали"]));
    desk.take(&[&first]);
    let second = desk.edit(&[&first], 0, Timestamp(20), &practice("Толока 2", &["Прибрали"]));
    desk.take(&[&second]);
    assert!(desk.show(), "the first view of a document that was edited is kept at once");
    let third = desk.edit(&[&first, &second], 0, Timestamp(30), &practice("Толока 3", &["Прибрали"]));
    desk.take(&[&third]);
    assert!(!desk.show() && desk.rests());
    let expected = desk.expected(&[first, second, third]);
    assert_eq!(desk.shown(), expected);
    let document = desk.document();
    let card = desk.node().store.card(&document).expect("read").expect("it is shown");
    assert_eq!(card.title, "Толока 3");

    desk.town.node = None;
    let network = desk.network;
    desk.town.open(network, 7);
    assert_eq!(desk.node().store.pending(10).expect("read"), [document], "it is known to be behind");
    assert_ne!(desk.shown(), expected, "what was not kept is not there");
    let Node { deriver, store, .. } = desk.node();
    deriver.derive(store, &document).expect("no fault");
    assert_eq!(desk.shown(), expected);
    assert!(desk.node().store.pending(10).expect("read").is_empty());
    assert_eq!(desk.node().store.totals().practices, 1);
}

#[test]
fn a_page_never_says_what_it_said_before_an_edit_that_a_refusing_disk_keeps_from_being_derived() {
    let mut desk = Desk::new();
    let first = desk.edit(&[], 0, Timestamp(10), &practice("Толока", &["Прибрали"]));
    let second = desk.edit(&[&first], 0, Timestamp(20), &practice("Толока 2", &["Прибрали"]));
    desk.take(&[&first]);
    let before = desk.shown();
    desk.take(&[&second]);
    let document = desk.document();
    assert_eq!(desk.shown(), before, "a moment later it is derived");

    assert!(desk.node().store.disk().note(&Fault::Disk { full: true, why: "no space left".into() }));
    for kept in [desk.node().store.view(&document).map(|_| ()), desk.node().store.view_and_card(&document).map(|_| ())]
    {
        assert!(matches!(kept, Err(Fault::Disk { full: true, .. })), "{kept:?}");
    }
    desk.show();
    assert_ne!(desk.shown(), before, "once it is derived it can be read, whatever the disk says");
    // Derived for another reason than an edit: what is kept is as good as it was.
    desk.node().store.pend(&document).expect("written");
    desk.shown();
}

#[test]
fn a_document_that_is_taken_back_is_not_shown_from_memory() {
    let mut desk = Desk::new();
    let first = desk.edit(&[], 0, Timestamp(10), &practice("Толока", &["Прибрали"]));
    let second = desk.edit(&[&first], 0, Timestamp(20), &practice("Толока 2", &["Прибрали"]));
    let third = desk.edit(&[&first, &second], 0, Timestamp(30), &practice("Толока 3", &["Прибрали"]));
    for record in [&first, &second, &third] {
        desk.take(&[record]);
        desk.show();
    }
    assert!(desk.rests());
    let withdrawal = desk.withdrawal().sign(&desk.devices[0]);
    desk.take(&[&withdrawal]);
    let document = desk.document();
    let Node { deriver, store, .. } = desk.node();
    assert!(store.view(&document).expect("read").is_none() && store.card(&document).expect("read").is_none());
    assert!(store.rests_until(&document).expect("read").is_none());
    assert!(deriver.load(store, &document).expect("read").is_none_or(|replay| replay.is_empty()));
}
