//! Peers that keep to the protocol and mean harm all the same: floods, lies, silence. Each is left
//! within ten seconds where it costs much, and none keeps away what an honest peer has.

use std::sync::OnceLock;

use negentropy::{Id, Negentropy, NegentropyStorageVector};
use node::bundle;
use node::wire::{RECONCILE_BYTES_MAX, Request, Response, Summary};

use crate::world::post::Weather;
use crate::world::{MINUTE, Place, SECOND, World, practice};

/// Records that a liar says it has.
const INVENTED: usize = 3_000;

/// Two honest towns that know each other, and eve, who knows the first.
struct Harbour {
    world: World,
    ananiv: Place,
    bar: Place,
    eve: Place,
}

impl Harbour {
    fn new() -> Self {
        let (mut world, [ananiv, bar]) = World::with_towns();
        world.post.weather = Weather { latency_ms: 20, ..Weather::FAIR };
        world.link(ananiv, bar);
        for n in 0..30 {
            world.publish(ananiv, &format!("practice {n}"), &practice("Толока", &["Прибрали парк"]));
        }
        world.converge();
        let eve = world.eve();
        Self { world, ananiv, bar, eve }
    }

    /// Eve asks the same again and again; says after how many seconds she was left.
    fn flood(&mut self, a_second: u64, request: &Request) -> Option<u64> {
        self.world.link(self.eve, self.ananiv);
        let begun = self.world.now;
        for _ in 0..15 * a_second {
            self.world.ask_as(self.eve, self.ananiv, request.clone());
            self.world.run_for(SECOND / a_second);
            if !self.world.post.linked(self.eve, self.ananiv) {
                return Some((self.world.now.0 - begun.0) / SECOND);
            }
        }
        None
    }

    /// What Bar publishes comes to Ananiv although no gossip does, with eve among the peers.
    fn news_arrive_within_a_round(&mut self) {
        self.world.cut(self.ananiv, self.bar);
        let news = self.world.publish(self.bar, "news", &practice("Новина", &["Зібрали думки"]));
        self.world.run_for(5 * SECOND);
        self.world.link_quietly(self.bar, self.ananiv);
        self.world.run_for(MINUTE + 15 * SECOND);
        assert!(self.world.shown(self.ananiv, &news).is_some(), "{}", self.world.describe());
    }
}

#[test]
fn whoever_floods_is_left_within_ten_seconds_and_not_let_in_again() {
    let stale = Summary { records: 1, fingerprint: [7; 32] };
    let reconcile = Request::Reconcile(invented().answer_of(&[]));
    for (a_second, request) in [
        (400, Request::Summary(stale)),
        (400, Request::Meet { introduction: "eve".repeat(1_000), summary: Some(stale) }),
        (40, reconcile),
        (400, Request::Push(bundle::pack([b"rubbish".as_slice()]))),
        (50, Request::Push(b"no block".to_vec())),
    ] {
        let mut harbour = Harbour::new();
        let left = harbour.flood(a_second, &request);
        assert!(left.is_some_and(|seconds| seconds <= 10), "{a_second} a second of {request:?}: {left:?}");
        harbour.world.link(harbour.eve, harbour.ananiv);
        assert!(!harbour.world.post.linked(harbour.eve, harbour.ananiv), "she comes again at once");
        harbour.news_arrive_within_a_round();
        harbour.world.run_for(11 * MINUTE);
        harbour.world.link(harbour.eve, harbour.ananiv);
        assert!(harbour.world.post.linked(harbour.eve, harbour.ananiv), "she may come again later");
    }
}

#[test]
fn an_honest_newcomer_is_never_left() {
    let mut harbour = Harbour::new();
    let newcomer = harbour.world.settle_down("Chop");
    // The post breaks off the test if anybody leaves an honest town.
    for _ in 0..20 {
        harbour.world.link(newcomer, harbour.ananiv);
        harbour.world.run_for(10 * SECOND);
        harbour.world.cut(newcomer, harbour.ananiv);
    }
    harbour.world.link(newcomer, harbour.ananiv);
    harbour.world.converge();
}

/// A liar's answers to whatever it is asked.
type Program = fn(&Request) -> Option<Response>;

#[test]
fn no_liar_keeps_away_what_an_honest_peer_has() {
    let programs: [(&str, Program); 5] = [
        ("says nothing", |_| None),
        ("is always busy", |_| Some(Response::Busy)),
        ("has the same", |request| match request {
            Request::Summary(theirs) => Some(Response::Summary(*theirs)),
            Request::Meet { .. } => Some(Response::Met { introduction: "eve".into(), summary: None }),
            _ => None,
        }),
        ("invents records", |request| invent(request, 60)),
        ("invents a library without end", |request| invent(request, u64::MAX)),
    ];
    for (name, program) in programs {
        println!("eve {name}");
        let mut harbour = Harbour::new();
        harbour.world.post.eve = Some(program);
        harbour.world.link(harbour.ananiv, harbour.eve);
        harbour.world.run_for(2 * SECOND);
        harbour.news_arrive_within_a_round();
    }
}

#[test]
fn whoever_has_nothing_of_what_it_says_is_left() {
    let mut harbour = Harbour::new();
    harbour.world.post.eve = Some(|request| invent(request, 60));
    harbour.world.link(harbour.ananiv, harbour.eve);
    harbour.world.run_for(4 * MINUTE);
    assert!(!harbour.world.post.linked(harbour.ananiv, harbour.eve), "three promises were broken");
}

/// Answers as if there were records that are not.
fn invent(request: &Request, records: u64) -> Option<Response> {
    Some(match request {
        Request::Summary(_) => Response::Summary(Summary { records, fingerprint: [9; 32] }),
        Request::Meet { .. } => {
            Response::Met { introduction: "eve".into(), summary: Some(Summary { records, fingerprint: [9; 32] }) }
        }
        Request::Reconcile(message) => Response::Reconcile(invented().answer_of(message)),
        Request::Fetch(ids) => Response::Block { block: bundle::pack([]), done: u32::try_from(ids.len()).ok()? },
        Request::Stream(after) => {
            // Always a place further on.
            let mut next = if after.is_empty() { vec![0; 41] } else { after.clone() };
            next[40] = next[40].wrapping_add(1);
            Response::Stream { block: bundle::pack([]), next }
        }
        Request::Push(_) => Response::Pushed { new: 0, refused: 0 },
    })
}

struct Invented(NegentropyStorageVector);

fn invented() -> &'static Invented {
    static INVENTED_SET: OnceLock<Invented> = OnceLock::new();
    INVENTED_SET.get_or_init(|| {
        let mut set = NegentropyStorageVector::with_capacity(INVENTED);
        for n in 0..INVENTED {
            let id = *blake3::hash(&n.to_le_bytes()).as_bytes();
            set.insert((2 << 56) | (crate::world::START.0 + n as u64), Id::from_byte_array(id)).expect("a set");
        }
        set.seal().expect("a set");
        Invented(set)
    })
}

impl Invented {
    /// What this set says to a message of reconciliation; to none, the first message.
    fn answer_of(&self, message: &[u8]) -> Vec<u8> {
        let set = self.0.clone();
        let mut speaking = Negentropy::owned(set, RECONCILE_BYTES_MAX as u64).expect("a set");
        if message.is_empty() {
            speaking.initiate().expect("begun")
        } else {
            speaking.reconcile(message).unwrap_or_default()
        }
    }
}
