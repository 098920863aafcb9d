//! A peer that floods over a real connection, with the program's own swarm and a will of its own.

use std::time::{Duration, Instant};

use node::replica::{Effect, Input, PeerName};
use node::swarm::{Swarm, SwarmConfig};
use node::wire::{REQUESTS_PER_PEER_MAX, Request};
use zeroize::Zeroizing;

use super::material::practice;
use super::town::{Town, agree_on_records};
use super::{PATIENCE, wait_for};
use crate::world::rng::Rng;

/// How long a flood may last.
const TEN_SECONDS: Duration = Duration::from_secs(10);

/// A peer that means harm.
struct Eve {
    swarm: Swarm,
    peer: PeerName,
    asked: u64,
}

impl Eve {
    async fn connect(network: &str, address: &str) -> Self {
        let until = Instant::now() + PATIENCE;
        // A dial that a busy machine let time out is not tried again by itself.
        while Instant::now() < until {
            let config = SwarmConfig {
                seed: Zeroizing::new([7; 32]),
                network: network.to_owned(),
                listen: Vec::new(),
                peers: vec![address.to_owned()],
            };
            let mut swarm = Swarm::start(config).expect("it starts");
            if let Ok(peer) = tokio::time::timeout(TEN_SECONDS, connected(&mut swarm)).await {
                return Self { swarm, peer, asked: 0 };
            }
        }
        panic!("she never reached {address}");
    }

    fn ask(&mut self) {
        self.asked += 1;
        // The dearest request there is; whether it makes sense is seen only after it was read.
        let request = Request::Reconcile(vec![0x61; 64]);
        self.swarm.perform(Effect::Ask(self.peer.clone(), self.asked, request));
    }

    /// Asks as much as it can until the connection is gone.
    async fn flood(&mut self) {
        for _ in 0..REQUESTS_PER_PEER_MAX {
            self.ask();
        }
        loop {
            match self.swarm.next().await {
                Input::Answered(..) | Input::Failed(..) => self.ask(),
                Input::Disconnected(_) => return,
                _ => {}
            }
        }
    }
}

/// Whom a swarm reached first.
async fn connected(swarm: &mut Swarm) -> PeerName {
    loop {
        if let Input::Connected { peer, .. } = swarm.next().await {
            return peer;
        }
    }
}

/// Where Eve finds the network's name and the address of her victim.
const VICTIM: [&str; 2] = ["DOSVID_EVE_NETWORK", "DOSVID_EVE_ADDRESS"];

/// Eve herself, in a process of her own: a swarm refuses connections while its process is as large as
/// that of all the tests together.
#[test]
#[ignore = "part of another test, which starts it"]
fn eve() {
    let [Ok(network), Ok(address)] = VICTIM.map(std::env::var) else { return };
    let runtime =
        tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().expect("a runtime");
    let (asked, took) = runtime.block_on(async {
        let mut eve = Eve::connect(&network, &address).await;
        let begun = Instant::now();
        tokio::time::timeout(TEN_SECONDS, eve.flood()).await.expect("she is left within ten seconds");
        let flood = (eve.asked, begun.elapsed());
        // She dials again, and is not let in.
        tokio::time::timeout(PATIENCE, async {
            while !matches!(eve.swarm.next().await, Input::Connected { .. }) {}
            while !matches!(eve.swarm.next().await, Input::Disconnected(_)) {}
        })
        .await
        .expect("she is left again at once");
        flood
    });
    println!("{asked} requests in {} ms, then left", took.as_millis());
}

#[test]
fn a_peer_that_floods_is_left_and_honest_ones_are_not() {
    let mut town = Town::founded("ananiv");
    town.start();
    let mut bar = Town::founded("bar");
    bar.peers.push(town.address());
    bar.start();
    agree_on_records(&[&town, &bar]);
    let network = town.status()["network"].as_str().expect("a name").to_owned();
    let mut eve = std::process::Command::new(std::env::current_exe().expect("these tests"));
    eve.args(["--exact", "process::flood::eve", "--ignored", "--nocapture"]);
    let ran = eve.envs(VICTIM.into_iter().zip([network, town.address()])).output().expect("she is let loose");
    let said = String::from_utf8_lossy(&ran.stdout);
    assert!(ran.status.success() && said.contains("then left"), "{said}{}", String::from_utf8_lossy(&ran.stderr));
    let id = bar.publish(&practice(&mut Rng::new(1), "Новина", 400));
    wait_for("what an honest peer published", PATIENCE, || town.page(&id).map(|_| ()).ok_or_else(|| town.log()));
    assert_eq!(town.status()["peers"], 1, "the honest peer stays");
}
