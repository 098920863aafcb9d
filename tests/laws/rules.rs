//! Rules of the set and of its documents, one by one, where a random history would hide which one
//! was broken.

mod growing;

use crdt::charter::{Charter, CharterBody, Device, NoRight};
use crdt::gate::DocumentKind;
use crdt::id::{ChangeHash, CommunityId, DocumentId, DocumentName, NetworkId, RecordId, Timestamp};
use crdt::practice::{PRACTICE, Practice};
use crdt::record::Record;
use crdt::replay::{EditRequest, Replay};
use crdt::view::SetAside;
use ed25519_dalek::SigningKey;
use node::keyring::public;
use tempfile::TempDir;
use web_ui::library::{DocumentsRequest, Scope};

use crate::world::author::{Letter, actor};
use crate::world::rng::Rng;
use crate::world::town::{Node, Town};
use crate::world::{CODE, editor, practice};

const ENDS: Timestamp = Timestamp(100);

/// One community with one document, and one node that hears of it.
struct Desk {
    network: NetworkId,
    officer: SigningKey,
    /// The second one's right ends.
    devices: [SigningKey; 2],
    genesis: Record,
    name: DocumentName,
    town: Town,
    rng: Rng,
    _dir: TempDir,
}

impl Desk {
    fn new() -> Self {
        let mut rng = Rng::new(7);
        let network = NetworkId::of("laws");
        let officer = SigningKey::from_bytes(&rng.bytes());
        let devices: [SigningKey; 2] = std::array::from_fn(|_| SigningKey::from_bytes(&rng.bytes()));
        let body = CharterBody {
            code: CODE.into(),
            seq: 0,
            prev: None,
            officers: vec![public(&officer)],
            threshold: 1,
            devices: vec![
                editor(public(&devices[0])),
                Device { expires_at: Some(ENDS), ..editor(public(&devices[1])) },
            ],
        };
        let genesis = Letter::charter(network, CommunityId::default(), Timestamp(1), &body).sign(&officer);
        let dir = crate::world::folder();
        let mut town = Town::new("Ananiv", dir.path(), &mut rng);
        town.open(network, 7);
        let mut desk = Self { network, officer, devices, genesis, name: DocumentName([5; 16]), town, rng, _dir: dir };
        let genesis = desk.genesis.clone();
        desk.hear(&[&genesis]);
        desk
    }

    fn community(&self) -> CommunityId {
        self.genesis.community()
    }

    fn charter(&self) -> Charter {
        Charter::resolve(self.community(), [&self.genesis]).expect("founded")
    }

    fn document(&self) -> DocumentId {
        DocumentId::of(&self.community(), &self.name)
    }

    /// Derives from some records, as if every device had a right.
    fn replay(&self, records: &[&Record]) -> Replay {
        Replay::derive(self.community(), self.name, records.iter().map(|record| (*record).clone()), None)
    }

    /// An edit on top of all of `on`.
    fn edit(&mut self, on: &[&Record], device: usize, at: Timestamp, content: &Practice) -> Record {
        let tail = self.rng.bytes();
        self.edit_as(on, device, at, content, tail)
    }

    fn edit_as(&mut self, on: &[&Record], device: usize, at: Timestamp, content: &Practice, tail: [u8; 8]) -> Record {
        let replay = match on {
            [] => Replay::empty(self.community(), self.name, DocumentKind::Practice),
            on => self.replay(on),
        };
        let key = &self.devices[device];
        let whole = serde_json::to_value(content).expect("a practice");
        let heads: Vec<ChangeHash> = replay.heads();
        let request = EditRequest {
            base: &heads,
            table: PRACTICE,
            content: &whole,
            resolve: &[],
            actor: actor(key, tail),
            device: public(key),
        };
        let chunk = replay.edit(&request).expect("an edit").expect("something changed");
        Letter::change(self.network, self.community(), self.name, at, DocumentKind::Practice, &chunk).sign(key)
    }

    fn withdrawal(&self) -> Letter {
        Letter::withdrawal(self.network, self.community(), self.name, Timestamp(50))
    }

    fn node(&mut self) -> &mut Node {
        self.town.node.as_mut().expect("it runs")
    }

    /// Takes records in one block and derives.
    fn hear(&mut self, records: &[&Record]) {
        let records = records.iter().map(|record| record.bytes().to_vec()).collect();
        let node = self.node();
        node.replica.take_records(records, &mut Vec::new()).expect("no fault");
        for document in node.store.pending(10).expect("read") {
            node.deriver.derive(&node.store, &document).expect("no fault");
        }
    }

    fn held(&mut self, record: &Record) -> bool {
        self.node().store.record(&record.id()).expect("read").is_some()
    }
}

fn aside(replay: &Replay) -> Vec<(RecordId, SetAside)> {
    replay.view().set_aside
}

#[test]
fn what_follows_a_change_without_a_right_is_set_aside_and_does_not_wait() {
    let mut desk = Desk::new();
    let first = desk.edit(&[], 0, Timestamp(10), &practice("Толока", &["Прибрали"]));
    let late = desk.edit(&[&first], 1, Timestamp(200), &practice("Чуже", &["Прибрали"]));
    let next = desk.edit(&[&first, &late], 0, Timestamp(300), &practice("Далі", &["Прибрали"]));
    let charter = desk.charter();
    let all = [&first, &late, &next].map(Record::clone);
    let replay = Replay::derive(desk.community(), desk.name, all, Some(&charter));
    let mut expected = vec![(late.id(), SetAside::NoRight(NoRight::Expired)), (next.id(), SetAside::Follows)];
    expected.sort_unstable();
    assert_eq!((aside(&replay), replay.view().waiting), (expected, vec![]));
}

#[test]
fn what_follows_the_losing_side_of_a_lie_is_set_aside_and_does_not_wait() {
    let mut desk = Desk::new();
    let first = desk.edit(&[], 0, Timestamp(10), &practice("Толока", &["Прибрали"]));
    let sides = ["Один", "Два"].map(|title| desk.edit_as(&[&first], 0, Timestamp(20), &practice(title, &[]), [9; 8]));
    let nexts = [0, 1].map(|n| desk.edit(&[&first, &sides[n]], 0, Timestamp(30), &practice("Далі", &[])));
    let replay = desk.replay(&[&first, &sides[0], &sides[1], &nexts[0], &nexts[1]]);
    let reasons: Vec<SetAside> = {
        let mut reasons: Vec<SetAside> = aside(&replay).into_iter().map(|(_, reason)| reason).collect();
        reasons.sort_unstable();
        reasons
    };
    assert_eq!((reasons, replay.view().waiting), (vec![SetAside::Equivocation, SetAside::Follows], vec![]));
}

#[test]
fn a_withdrawal_keeps_out_changes_of_the_same_block() {
    let mut desk = Desk::new();
    let first = desk.edit(&[], 0, Timestamp(10), &practice("Толока", &["Прибрали"]));
    let withdrawal = desk.withdrawal().sign(&desk.devices[0]);
    desk.hear(&[&withdrawal, &first]);
    assert!(desk.held(&withdrawal) && !desk.held(&first), "the document comes back beside its withdrawal");
}

#[test]
fn a_withdrawal_of_a_later_version_takes_nothing_back() {
    let mut desk = Desk::new();
    let first = desk.edit(&[], 0, Timestamp(10), &practice("Толока", &["Прибрали"]));
    let mut letter = desk.withdrawal();
    letter.version = 9;
    let withdrawal = letter.sign(&desk.devices[0]);
    desk.hear(&[&first, &withdrawal]);
    assert!(desk.held(&withdrawal) && desk.held(&first), "what is not understood must not be acted on");
    let document = desk.document();
    assert!(desk.node().store.view(&document).expect("read").is_some());
}

#[test]
fn a_document_of_which_nothing_can_be_read_yet_is_not_listed() {
    let mut desk = Desk::new();
    let first = desk.edit(&[], 0, Timestamp(10), &practice("Толока", &["Прибрали"]));
    let second = desk.edit(&[&first], 0, Timestamp(20), &practice("Далі", &["Прибрали"]));
    // 1. What the second one follows has not come.
    desk.hear(&[&second]);
    let all = DocumentsRequest { kind: DocumentKind::Practice, scope: Scope::All };
    let listed = |desk: &mut Desk| desk.node().store.documents(&all, None, 10).expect("read").len();
    assert_eq!((listed(&mut desk), desk.node().store.totals().practices), (0, 0));
    assert_eq!(desk.node().store.totals().waiting, 1);
    // 2. It comes.
    desk.hear(&[&first]);
    assert_eq!((listed(&mut desk), desk.node().store.totals().practices), (1, 1));
    assert_eq!(desk.node().store.totals().waiting, 0);
}

#[test]
fn a_charter_in_an_envelope_of_a_later_version_gives_no_rights() {
    let mut desk = Desk::new();
    let stranger = SigningKey::from_bytes(&[77; 32]);
    let body = desk.charter().with_devices([editor(public(&stranger))]);
    let record = Letter::charter(desk.network, desk.community(), Timestamp(5), &body).sign(&desk.officer);
    let mut bytes = record.into_bytes();
    bytes[0] = 2;
    crate::world::author::sign_again(&mut bytes, &desk.officer);
    let record = Record::parse(bytes).expect("an envelope");
    desk.hear(&[&record]);
    assert!(desk.held(&record), "it is kept and passed on");
    let community = desk.community();
    let charter = desk.node().store.charter_of(&community).expect("read").expect("founded");
    assert_eq!(charter.seq, 0, "what is not understood must not be acted on");
}
