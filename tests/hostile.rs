//! A device that a real community admitted, and that means harm: everything it can send goes
//! through the gate into a world of three towns, which must stay alive, agree, and keep what honest
//! people wrote.

mod attacks;
mod limits;
mod mutants;
mod peers;
mod rows;
mod spelling;

use std::collections::BTreeMap;
use std::time::Duration;

use crdt::gate::{DocumentKind, Verdict, judge};
use crdt::id::{CommunityId, DocumentId, DocumentName};
use crdt::record::Record;
use crdt::view::View;
use ed25519_dalek::SigningKey;
use node::keyring::public;

use crate::world::author::{Letter, actor};
use crate::world::rng;
use crate::world::{Place, World, named, practice};

/// The longest that one record may occupy a node. Code that is not optimised takes ten times as long.
const ONE_RECORD: Duration = Duration::from_millis(if cfg!(debug_assertions) { 5_000 } else { 500 });

/// Records that eve sends one by one at the most.
const MANY: usize = 500;
/// Records of one block, of more than these.
const BLOCK: usize = 50;

/// Three honest towns that are connected, and eve, whose device Ananiv's community has named.
struct Siege {
    world: World,
    towns: [Place; 3],
    eve: Place,
    key: SigningKey,
    community: CommunityId,
    /// What honest towns wrote before.
    honest: BTreeMap<DocumentId, View>,
}

impl Siege {
    fn new() -> Self {
        Self::seeded(rng::seed())
    }

    fn seeded(seed: u64) -> Self {
        let (mut world, towns) = World::seeded(seed);
        world.link_all();
        let key = SigningKey::from_bytes(&world.rng.bytes());
        world.name_device(towns[0], public(&key));
        for (n, town) in towns.into_iter().enumerate() {
            world.publish(town, &format!("honest {n}"), &practice("Толока", &["Прибрали парк", "Посадили дерева"]));
        }
        world.converge();
        let eve = world.eve();
        towns.iter().for_each(|town| world.link(eve, *town));
        let (community, honest) = (world.community(towns[0]), world.views(towns[0]));
        Self { world, towns, eve, key, community, honest }
    }

    /// A change by eve's device, of a document of her community.
    fn change(&self, name: DocumentName, chunk: &[u8]) -> Record {
        Letter::change(self.world.network, self.community, name, self.world.now, DocumentKind::Practice, chunk)
            .sign(&self.key)
    }

    /// An actor of eve's device.
    fn actor(&self, n: u64) -> [u8; 16] {
        actor(&self.key, n.to_be_bytes())
    }

    /// Sends records to all towns, to each in an order of its own.
    fn send(&mut self, records: &[Record]) {
        for town in self.towns {
            let mut order: Vec<&Record> = records.iter().collect();
            self.world.rng.shuffle(&mut order);
            if order.len() > MANY {
                // One by one they would be a flood, for which she is left.
                for block in order.chunks(BLOCK) {
                    let block: Vec<&[u8]> = block.iter().map(|record| record.bytes()).collect();
                    self.world.slip_block(self.eve, town, &block);
                }
                continue;
            }
            for record in order {
                self.world.slip(self.eve, town, record.bytes());
            }
        }
    }

    /// What a record's fate is, as any node would say.
    fn fate(&self, record: &Record) -> String {
        let view = self.world.view(self.towns[0], &record.document());
        self.fate_in(view.as_ref(), record)
    }

    /// The same, from its document's view.
    fn fate_in(&self, view: Option<&View>, record: &Record) -> String {
        let store = &self.world.node(self.towns[0]).store;
        if let Verdict::Refused(refusal) = judge(record.bytes().to_vec(), &**store) {
            return format!("refused: {refusal:?}");
        }
        let Some(view) = view else { return "not held".into() };
        let aside = view.set_aside.iter().find(|(id, _)| *id == record.id()).map(|(_, reason)| *reason);
        match aside {
            Some(reason) => format!("set aside: {reason:?}"),
            None if view.waiting.contains(&record.id()) => "waits".into(),
            None => "counts".into(),
        }
    }

    /// Everything must be quiet and equal, nothing took long, honest work stands, and a restart of
    /// all nodes changes nothing.
    fn withstood(&mut self) {
        self.world.converge();
        assert!(self.world.slowest < ONE_RECORD, "one record took {:?}", self.world.slowest);
        let before = self.world.views(self.towns[0]);
        for (document, view) in &self.honest {
            assert_eq!(&before[document], view, "an honest document changed");
        }
        for town in self.towns {
            self.world.kill(town);
            self.world.start(town);
        }
        self.world.link_all();
        self.world.converge();
        assert_eq!(self.world.views(self.towns[1]), before, "a restart changed something");
    }
}

/// How often each fate occurred.
fn count(fates: impl IntoIterator<Item = String>) -> BTreeMap<String, u32> {
    let mut counted = BTreeMap::new();
    fates.into_iter().for_each(|fate| *counted.entry(fate).or_default() += 1);
    counted
}

#[test]
fn a_liar_who_tells_different_towns_different_things_is_settled_alike_everywhere() {
    let mut siege = Siege::new();
    // 1. Two changes of one actor, and one on top of each; every town hears them in another order.
    let mut records = Vec::new();
    for n in 0..20u64 {
        let name = named(&format!("lie {n}"));
        for (side, title) in [(1_000, "Один"), (2_000, "Два")] {
            use crate::world::chunk::{Parts, Row};
            let chunk = Parts::first(siege.actor(n), &[Row::set("title", title, &[])]).encode();
            records.push(siege.change(name, &chunk));
            let mut next = Parts::first(siege.actor(side + n), &[Row::set("summary", title, &[])]);
            (next.deps, next.start_op) = (vec![crate::world::sha256::sha256(&chunk[8..])], 2);
            records.push(siege.change(name, &next.encode()));
        }
    }
    siege.send(&records);
    siege.withstood();
    // 2. In each document one side counts with what follows it, the other is set aside.
    let counted = count(records.iter().map(|record| siege.fate(record)));
    let expected = [("counts", 40), ("set aside: Equivocation", 20), ("set aside: Follows", 20)];
    assert_eq!(counted, expected.map(|(fate, n)| (fate.to_owned(), n)).into());
}

#[test]
fn a_peer_that_gives_only_rubbish_is_left_and_nobody_else_is() {
    let mut siege = Siege::new();
    let mut rubbish: Vec<Vec<u8>> = Vec::new();
    for n in 0..200usize {
        let len = 1 + siege.world.rng.index(3_000);
        let mut bytes = vec![0; len];
        siege.world.rng.fill(&mut bytes);
        if n % 2 == 0 && len > 200 {
            // Looks like an envelope.
            bytes[..4].copy_from_slice(&[1, 3, 1, 0]);
            bytes[116..128].fill(0);
            bytes[124..128].copy_from_slice(&(len as u32 - 192).to_be_bytes());
        }
        rubbish.push(bytes);
    }
    for town in siege.towns {
        for bytes in &rubbish {
            siege.world.slip(siege.eve, town, bytes);
        }
    }
    siege.withstood();
    assert_eq!(siege.world.views(siege.towns[2]), siege.honest);
}

#[test]
fn a_hand_made_chunk_is_what_an_honest_program_makes() {
    use crate::world::chunk::{Key, Parts, Row};
    use automerge::ReadDoc;
    use automerge::transaction::Transactable;
    let mut rng = rng::Rng::new(rng::seed());
    let key = SigningKey::from_bytes(&rng.bytes());
    let own = actor(&key, [1; 8]);
    let mut doc = automerge::AutoCommit::new().with_actor(automerge::ActorId::from(own));
    doc.put(automerge::ROOT, "title", "Толока").expect("put");
    let list = doc.put_object(automerge::ROOT, "problem", automerge::ObjType::List).expect("list");
    doc.insert(&list, 0, "Перший").expect("insert");
    doc.insert(&list, 1, "Другий").expect("insert");
    doc.put(automerge::ROOT, "title", "Толока двічі").expect("put");
    doc.commit_with(automerge::transaction::CommitOptions::default().with_time(0));
    assert_eq!(doc.length(&list), 2);
    let chunk = doc.get_last_local_change().expect("a change").raw_bytes().to_vec();
    let rows = [
        Row::set("title", "Толока", &[]),
        Row::list("problem"),
        Row::insert((0, 2), Key::Head, "Перший"),
        Row::insert((0, 2), Key::Item(0, 3), "Другий"),
        Row::set("title", "Толока двічі", &[(0, 1)]),
    ];
    assert_eq!(Parts::parse(&chunk).encode(), chunk);
    assert_eq!(Parts::first(own, &rows), Parts::parse(&chunk));
}
