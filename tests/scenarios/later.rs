//! A node of this version among nodes of a later one: what it does not understand it keeps, and
//! passes on byte for byte.

use crdt::gate::{Content, read};
use crdt::id::DocumentName;
use crdt::record::{Kind, Record};
use node::bundle;
use node::wire::Gossip;

use crate::world::author::{Letter, sign_again};
use crate::world::{Place, World, practice};

/// A community whose node is of a later version, and two towns in a row behind it. The test speaks
/// for the later node.
struct Tomorrow {
    world: World,
    later: Place,
    /// The neighbour of the later node, and the one behind it.
    bar: Place,
    chop: Place,
    ananiv: Place,
}

impl Tomorrow {
    fn new() -> Self {
        let (mut world, [ananiv, bar, chop]) = World::with_towns();
        world.link_all();
        world.converge();
        world.stop(ananiv);
        let later = world.eve();
        world.link(later, bar);
        Self { world, later, bar, chop, ananiv }
    }

    /// What a later version may write: kinds and bodies without a reader here, and a later envelope.
    fn records(&self) -> Vec<Record> {
        let town = self.world.town(self.ananiv);
        let letter = |kind, version| Letter {
            kind,
            version,
            body: format!("of kind {kind:?}, version {version}").into_bytes(),
            ..Letter::withdrawal(
                self.world.network,
                self.world.community(self.ananiv),
                DocumentName([5; 16]),
                self.world.now,
            )
        };
        let kinds = [
            (Kind::Other(9), 1),
            (Kind::Other(200), 3),
            (Kind::Vouch, 1),
            (Kind::Policy, 1),
            (Kind::Change, 2),
            (Kind::Withdrawal, 2),
        ];
        let mut records: Vec<Record> =
            kinds.into_iter().map(|(kind, version)| letter(kind, version).sign(&town.device)).collect();
        // A later kind may be for officers to sign, as charters are.
        records.push(letter(Kind::Charter, 2).sign(&town.officer));
        records.push(letter(Kind::Other(10), 1).sign(&town.officer));
        let mut envelope = letter(Kind::Other(11), 1).sign(&town.device).into_bytes();
        (envelope[0], envelope[3]) = (2, 77);
        sign_again(&mut envelope, &town.device);
        records.push(Record::parse(envelope).expect("the layout is promised"));
        records
    }

    fn holds(&self, at: Place, record: &Record) -> bool {
        let held = self.world.node(at).store.record(&record.id()).expect("read");
        held.is_some_and(|held| held.bytes() == record.bytes())
    }
}

#[test]
fn records_of_a_later_version_are_passed_on_by_gossip() {
    let mut tomorrow = Tomorrow::new();
    for record in tomorrow.records() {
        assert_eq!(read(&record), Ok(Content::Opaque));
        let message = Gossip::of(&record.id(), record.bytes()).to_bytes();
        tomorrow.world.say(tomorrow.later, tomorrow.bar, message);
        tomorrow.world.run_for(3_000);
        assert!(tomorrow.holds(tomorrow.chop, &record), "{record:?} was not passed on");
    }
}

#[test]
fn gossip_of_a_later_kind_is_passed_on_with_the_record_in_it() {
    let mut tomorrow = Tomorrow::new();
    for (n, record) in tomorrow.records().into_iter().enumerate() {
        let message = [&[3 + n as u8], record.bytes(), b"and something more"].concat();
        tomorrow.world.say(tomorrow.later, tomorrow.bar, message.clone());
        tomorrow.world.run_for(3_000);
        assert!(tomorrow.holds(tomorrow.chop, &record), "{record:?} was not passed on");
        assert!(tomorrow.world.heard(tomorrow.chop, &message), "the message was passed on in other bytes");
    }
    // What is no record is for nobody to repeat, and nobody's fault.
    let noise = vec![42; 300];
    tomorrow.world.say(tomorrow.later, tomorrow.bar, noise.clone());
    tomorrow.world.run_for(3_000);
    assert!(!tomorrow.world.heard(tomorrow.chop, &noise));
    assert_eq!(tomorrow.world.refused(tomorrow.bar, tomorrow.later), 0);
}

#[test]
fn records_of_a_later_version_are_passed_on_by_catching_up_and_by_bundle() {
    let mut tomorrow = Tomorrow::new();
    let (bar, chop) = (tomorrow.bar, tomorrow.chop);
    // 1. Chop is off; Bar is given the records, is killed, and starts again.
    tomorrow.world.stop(chop);
    let records = tomorrow.records();
    for record in &records {
        tomorrow.world.slip(tomorrow.later, bar, record.bytes());
    }
    tomorrow.world.run_for(3_000);
    tomorrow.world.kill(bar);
    tomorrow.world.start(bar);
    // 2. Chop comes back and catches up with Bar.
    tomorrow.world.start(chop);
    tomorrow.world.publish(chop, "toloka", &practice("Толока", &["Прибрали парк"]));
    tomorrow.world.link(chop, bar);
    tomorrow.world.converge();
    assert!(records.iter().all(|record| tomorrow.holds(chop, record)), "catching up left something out");
    // 3. A newcomer takes all of it from a stick, even what was made before `since`.
    let (block, _, next) = tomorrow.world.node(chop).store.block_after(None, 0).expect("read");
    assert_eq!(bundle::unpack(&block).expect("a block").len() as u64, tomorrow.world.node(chop).store.totals().records);
    assert!(next.is_some());
    let newcomer = tomorrow.world.settle_down("Dubno");
    tomorrow.world.act(newcomer, |replica, _, effects| replica.take_block(&block, effects)).expect("taken");
    assert!(records.iter().all(|record| tomorrow.holds(newcomer, record)), "the bundle left something out");
}
