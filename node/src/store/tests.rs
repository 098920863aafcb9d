//! The store alone: damage is seen, sets are counted, long values are whole.

use crdt::charter::{CHARTER_VERSION, CharterBody, Device, Role};
use crdt::gate::{CHANGE_VERSION, DocumentKind, Verdict, change_body, judge_record};
use crdt::id::{PublicKey, Timestamp};
use crdt::practice::{PRACTICE, Practice};
use crdt::record::Unsigned;
use crdt::replay::{EditRequest, Replay};
use ed25519_dalek::SigningKey;

use super::*;

const CODE: &str = "UA26040190000081578";

pub(super) struct Town {
    pub(super) store: Store,
    key: SigningKey,
    community: CommunityId,
    pub(super) made: u8,
    _dir: tempfile::TempDir,
}

impl Town {
    pub(super) fn founded() -> Self {
        let dir = tempfile::tempdir().expect("a folder");
        let store = Store::open(&dir.path().join("store"), NetworkId::of("test"), Admission::default());
        let store = store.expect("opens").store;
        let key = SigningKey::from_bytes(&[7; 32]);
        let public = PublicKey(key.verifying_key().to_bytes());
        let body = CharterBody {
            code: CODE.into(),
            seq: 0,
            prev: None,
            officers: vec![public],
            threshold: 1,
            devices: vec![Device { key: public, name: String::new(), role: Role::Editor, expires_at: None }],
        };
        let mut town = Self { store, key, community: CommunityId::default(), made: 0, _dir: dir };
        let genesis = town.sign(Kind::Charter, CHARTER_VERSION, DocumentName::default(), &body.to_bytes());
        town.community = genesis.community();
        town.take(genesis);
        town
    }

    pub(super) fn sign(&self, kind: Kind, body_version: u8, document: DocumentName, body: &[u8]) -> Record {
        let created_at = Timestamp(1_000 + u64::from(self.made));
        let network = NetworkId::of("test");
        Unsigned { network, kind, body_version, community: self.community, document, created_at, body }
            .sign(&self.key)
            .expect("small")
    }

    pub(super) fn take(&self, record: Record) -> Appended {
        match judge_record(record, &self.store) {
            Verdict::Admitted(admitted) => {
                let ready = self.store.ready(*admitted).expect("read");
                self.store.append(vec![ready]).expect("stored")
            }
            other => panic!("not admitted: {other:?}"),
        }
    }

    pub(super) fn publish(&mut self, text: &str) -> Record {
        let record = self.write(text);
        self.take(record.clone());
        record
    }

    pub(super) fn write(&mut self, text: &str) -> Record {
        self.made += 1;
        let device = PublicKey(self.key.verifying_key().to_bytes());
        let mut actor = [self.made; 16];
        actor[..8].copy_from_slice(&crdt::chunk::actor_prefix(&device));
        let practice = Practice { title: format!("№ {}", self.made), solution: text.into(), ..Practice::default() };
        let name = DocumentName([self.made; 16]);
        let empty = Replay::empty(self.community, name, DocumentKind::Practice);
        let whole = serde_json::to_value(&practice).expect("texts");
        let request = EditRequest { base: &[], table: PRACTICE, content: &whole, resolve: &[], actor, device };
        let chunk = empty.edit(&request).expect("written").expect("something");
        self.sign(Kind::Change, CHANGE_VERSION, name, &change_body(DocumentKind::Practice, &chunk))
    }
}

#[test]
fn a_long_record_is_kept_in_parts_and_read_whole() {
    let mut town = Town::founded();
    // Digits of a hash do not pack: the parts are many.
    let text: Vec<String> = (0..1_500u32).map(|n| blake3::hash(&n.to_le_bytes()).to_string()).collect();
    let record = town.publish(&text.join("\n"));
    assert!(record.bytes().len() > 90_000);
    assert_eq!(town.store.record(&record.id()).expect("read"), Some(record));
}

#[test]
fn a_damaged_record_is_missing_and_can_be_taken_again() {
    let mut town = Town::founded();
    let record = town.publish("Прибрали парк");
    let before = town.store.totals();
    let place = town.store.db.get(keys::place(&record.id())).expect("read").expect("held");
    let key = [&keys::body(&place)[..], &[0, 0]].concat();
    let mut part = town.store.db.get(&key).expect("read").expect("held").to_vec();
    let middle = part.len() / 2;
    part[middle] ^= 1;
    town.store.db.insert(key, part).expect("written");

    assert_eq!(town.store.record(&record.id()).expect("read"), None, "a wrong answer is never given");
    assert_eq!((town.store.damaged(), town.store.totals().records), (1, before.records - 1));
    town.take(record.clone());
    assert_eq!(town.store.totals().fingerprint(), before.fingerprint());
    assert_eq!(town.store.record(&record.id()).expect("read"), Some(record));
    assert!(!town.store.recount().expect("counted"), "the totals were right all the time");
}

#[test]
fn the_order_is_the_set_and_rights_come_first() {
    let mut town = Town::founded();
    for _ in 0..5 {
        town.publish("Толока");
    }
    let order = town.store.order().expect("read");
    assert_eq!(order.len() as u64, town.store.totals().records);
    assert_eq!(order[0].class, 0);
    assert!(order.windows(2).all(|pair| pair[0] < pair[1]));
    let rest: Vec<_> = town.store.order_after(Some(order[2])).collect::<Result<_, _>>().expect("read");
    assert_eq!(rest, order[3..]);
}

#[test]
fn the_totals_do_not_depend_on_the_order_of_arrival() {
    let mut town = Town::founded();
    let records: Vec<Record> = (0..6).map(|n| town.publish(&format!("Запис {n}"))).collect();
    let other = Town::founded();
    for record in records.into_iter().rev() {
        other.take(record);
    }
    assert_eq!(other.store.totals().fingerprint(), town.store.totals().fingerprint());
}

#[test]
fn a_withdrawn_document_leaves_nothing_and_stays_away() {
    let mut town = Town::founded();
    let kept = town.publish("Лишається");
    let record = town.publish("Відкликаємо");
    let withdrawal = town.sign(Kind::Withdrawal, 1, record.document_name(), b"{}");
    let appended = town.take(withdrawal);
    assert_eq!(appended.withdrawn, [record.document()]);
    assert_eq!(town.store.record(&record.id()).expect("read"), None);
    assert!(town.store.is_gone(&record.id()));
    assert_eq!(judge_record(record.clone(), &town.store), Verdict::Withdrawn(record.id()));
    assert!(town.store.record(&kept.id()).expect("read").is_some());
    assert!(!town.store.recount().expect("counted"));
}

#[test]
fn scrubbing_finds_what_nobody_reads_and_says_what_to_bring_back() {
    let mut town = Town::founded();
    let records: Vec<Record> = (0..120).map(|n| town.publish(&format!("Запис {n}"))).collect();
    let mut scrub = crate::scrub::Scrub::default();
    let pass = |scrub: &mut crate::scrub::Scrub| -> (Vec<RecordId>, Vec<DocumentId>) {
        // The charter is a record as well.
        let steps = (records.len() + 1).div_ceil(crate::scrub::STEP);
        let steps: Vec<_> = (0..steps).map(|_| scrub.step(&town.store).expect("read")).collect();
        let (records, documents): (Vec<_>, Vec<_>) =
            steps.into_iter().map(|damage| (damage.records, damage.documents)).unzip();
        (records.concat(), documents.concat())
    };
    assert_eq!(pass(&mut scrub), (vec![], vec![]), "nothing is damaged yet");

    let (rotten, unlisted) = (&records[100], &records[7]);
    let place = town.store.db.get(keys::place(&rotten.id())).expect("read").expect("held");
    let key = [&keys::body(&place)[..], &[0, 0]].concat();
    town.store.db.insert(key, vec![0; 512]).expect("written");
    let row = keys::row(unlisted.created_at().0, &unlisted.document());
    let row = [&keys::list(DocumentKind::Practice.number())[..], &row].concat();
    town.store.db.insert(row, &[0xff, 0xff]).expect("written");

    assert_eq!(pass(&mut scrub), (vec![rotten.id()], vec![unlisted.document()]));
    assert_eq!(town.store.pending(10).expect("read"), [unlisted.document()], "its row is to be made anew");
    town.take(rotten.clone());
    assert_eq!(town.store.record(&rotten.id()).expect("read").as_ref(), Some(rotten));
}

#[test]
fn a_communitys_practices_are_counted_as_they_come_and_go() {
    let mut town = Town::founded();
    let counted = |town: &Town| town.store.practices_of(&town.community).expect("counted");
    assert_eq!(counted(&town), 0);
    for n in 1..=3 {
        town.publish(&format!("Толока {n}"));
        assert_eq!(counted(&town), n);
    }
    // What is kept in memory is what the lists say.
    town.store.forget_tally();
    assert_eq!(counted(&town), 3);
}

#[test]
fn many_records_at_once_are_known_from_what_people_write() {
    let mut town = Town::founded();
    for n in 0..MANY {
        town.publish(&format!("Толока {n}"));
    }
    assert!(!town.store.is_filling(), "one by one is how people write");
    let block: Vec<crdt::gate::Admitted> = (0..MANY)
        .map(|n| match judge_record(town.write(&format!("Ще {n}")), &town.store) {
            Verdict::Admitted(admitted) => *admitted,
            other => panic!("not admitted: {other:?}"),
        })
        .collect();
    town.store.append(town.store.all_ready(block).expect("read")).expect("stored");
    assert!(town.store.is_filling());
    let begun = Instant::now();
    while town.store.is_filling() {
        assert!(begun.elapsed() < Duration::from_secs(20), "it does not end");
        std::thread::sleep(Duration::from_millis(5));
    }
    assert!(begun.elapsed() >= MANY_AGAIN - Duration::from_millis(50));
}

#[test]
fn a_snapshot_grows_with_the_set_and_is_read_anew_when_the_set_shrinks() {
    use crate::reconcile::{Latest, Snapshot};

    let mut town = Town::founded();
    let mut latest = Latest::default();
    let is_right = |latest: &mut Latest, town: &Town| {
        assert_eq!(latest.of(&town.store).expect("read"), Snapshot::of(&town.store).expect("read"));
    };
    let first = town.publish("Толока");
    is_right(&mut latest, &town);
    let under_way = latest.of(&town.store).expect("read");
    for text in ["Ремонт", "Сквер"] {
        let record = town.publish(text);
        latest.note([OrderKey::of(&record)]);
    }
    is_right(&mut latest, &town);
    assert_ne!(under_way, latest.of(&town.store).expect("read"), "who reconciles keeps the set it began with");

    // Something else than what was noted: one that came unnoticed, and one that is gone.
    town.publish("Бібліотека");
    is_right(&mut latest, &town);
    town.store.drop_record(&first.id()).expect("dropped");
    is_right(&mut latest, &town);
    let record = town.publish("Школа");
    latest.note(std::iter::repeat_n(OrderKey::of(&record), 100_000));
    is_right(&mut latest, &town);
}

#[test]
fn fences_stand_between_what_changes_and_what_is_long_and_nobody_reads_them() {
    let mut town = Town::founded();
    // A store from before has none.
    for fence in keys::fences() {
        town.store.db.remove(&fence).expect("removed");
    }
    town.store.reopen().expect("opens");
    let first = town.publish("Зібрали людей").document();
    town.publish("Зібрали гроші");
    let fences: Vec<Vec<u8>> = keys::fences().collect();
    let mut standing = 0;
    for row in town.store.db.range(Vec::<u8>::new()..) {
        let key = row.expect("a row").0;
        if fences.iter().any(|fence| key[..] == fence[..]) {
            standing += 1;
            continue;
        }
        // How many rows of fences lie before it.
        let before = fences.iter().filter(|fence| fence[..] < key[..]).count();
        let of_one = fences.len() / 3;
        let expected = match key[0] {
            ..b'r' => 0,
            b'r' => of_one,
            b't'..=b'w' => 2 * of_one,
            _ => fences.len(),
        };
        assert_eq!(before, expected, "{key:?}");
    }
    assert_eq!(standing, fences.len());
    assert_eq!(town.store.quarantined(None, 100).expect("read"), []);
    assert_eq!(town.store.unindexed_count(100).expect("counted"), 2);
    assert_eq!(town.store.unindexed(Some(&first), 100).expect("read").len(), 1);
}

#[test]
fn whoever_reads_waits_for_a_store_that_is_opened_anew_and_not_for_a_disk() {
    let mut town = Town::founded();
    let id = town.publish("Толока").id();
    town.store.close();
    std::thread::scope(|scope| {
        let reader = scope.spawn(|| town.store.record(&id));
        town.store.reopen().expect("opens");
        assert!(reader.join().expect("no panic").expect("it waited").is_some());
    });
    town.store.close();
    let begun = Instant::now();
    for _ in 0..100 {
        assert!(matches!(town.store.record(&id), Err(Fault::Disk { .. })));
    }
    assert!(begun.elapsed().as_secs() < 50, "each of a hundred readers has waited");
}
