//! Two nodes meet: each says who it is, and what they have alike costs next to nothing.

use std::fs;

use serde_json::{Value, json};

use super::material::{CODE, practice};
use super::program::DONE;
use super::proxy::Proxy;
use super::town::{Town, agree};
use super::{PATIENCE, wait_for};
use crate::world::rng::Rng;

/// Another community than the one that towns are founded for.
const OTHER_CODE: &str = "UA74040250000063494";
/// Bytes that a meeting of nodes with the same records may take, both ways.
const MEETING_MAX: u64 = 1_500;

/// What a node is told by its one peer.
fn peer_of(town: &Town, what: &str, wished: impl Fn(&Value) -> bool) -> Value {
    wait_for(what, PATIENCE, || {
        let peers = town.ask("GET", "/peers", None);
        let connected: Vec<&Value> =
            peers.as_array().expect("a list").iter().filter(|peer| peer["connected"] == json!(true)).collect();
        match connected[..] {
            [peer] if wished(peer) => Ok(peer.clone()),
            _ => Err(format!("{peers}\n{}", town.log())),
        }
    })
}

fn probe(town: &Town, address: &str) -> Value {
    town.ask("POST", "/peers/probe", Some(&json!({ "address": address })))
}

#[test]
fn both_say_who_they_are_and_say_it_anew_when_it_changes() {
    let program = concat!("dosvid/", env!("CARGO_PKG_VERSION"));
    let mut ananiv = Town::founded("ananiv");
    ananiv.start();
    let mut bar = Town::reader("bar");
    bar.peers.push(ananiv.address());
    bar.start();
    // 1. Who dialled and who was dialled know each other.
    let seen = peer_of(&bar, "bar knows ananiv", |peer| peer["community"] == json!(CODE));
    assert_eq!(seen["agent"], json!(format!("{program} {CODE}")));
    let seen = peer_of(&ananiv, "ananiv knows bar", |peer| peer["agent"] != json!(""));
    assert_eq!((&seen["agent"], &seen["community"]), (&json!(program), &json!(null)));
    // 2. Bar founds a community while both run.
    bar.run(&["init", "--community", OTHER_CODE]).ends(DONE);
    peer_of(&ananiv, "ananiv hears of it", |peer| peer["community"] == json!(OTHER_CODE));
    // 3. An address is tried: the node there says who it is, whether it is connected already or not, and that somebody
    //    tried is no reason to forget who is connected.
    let reached = probe(&bar, &ananiv.address());
    assert_eq!((&reached["reach"], &reached["agent"]), (&json!("reached"), &json!(format!("{program} {CODE}"))));
    assert_eq!(probe(&bar, &bar.address())["reach"], json!("oneself"));
    peer_of(&ananiv, "ananiv still knows bar", |peer| peer["community"] == json!(OTHER_CODE));
    let mut chop = Town::reader("chop");
    chop.start();
    assert_eq!(probe(&chop, &ananiv.address())["agent"], json!(format!("{program} {CODE}")));
    // 4. A node of another network is told from one of ours.
    let mut foreign = Town::reader("foreign");
    fs::create_dir_all(foreign.folder()).expect("a folder");
    fs::write(foreign.folder().join("bootstrap-peers.toml"), "network = \"training\"\nopen = true\n").expect("written");
    foreign.start();
    assert_eq!(probe(&bar, &foreign.address())["reach"], json!("other_network"));
    bar.was_quiet();
}

#[test]
fn meeting_again_with_nothing_new_takes_few_bytes() {
    let mut ananiv = Town::founded("ananiv");
    ananiv.start();
    ananiv.publish(&practice(&mut Rng::new(5), "Толока", 600));
    let address = ananiv.address();
    let (before, peer) = address.split_once("/p2p/").expect("a peer");
    let port = before.rsplit('/').next().and_then(|port| port.parse().ok()).expect("a port");
    let mut bar = Town::reader("bar");
    bar.run(&["init", "--community", OTHER_CODE]).ends(DONE);
    bar.peers.push(address.clone());
    bar.start();
    agree(&[&ananiv, &bar]);
    for _ in 0..3 {
        bar.stop();
        let proxy = Proxy::to(port).expect("a wire");
        bar.peers = vec![format!("/ip4/127.0.0.1/tcp/{}/p2p/{peer}", proxy.port())];
        bar.start();
        bar.wait_until("it has met ananiv", |status| status["caught_up_at"].is_u64());
        let wire = proxy.quiet().expect("nothing more to be said").both();
        assert!(wire <= MEETING_MAX, "{wire} bytes");
        assert!(wire >= 500, "{wire} bytes: less than a handshake");
    }
}
