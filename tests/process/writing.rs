//! Publishing, changing and taking back, while others are there, away, or off.

use std::fs;

use serde_json::{Value, json};

use super::material::practice;
use super::program::DONE;
use super::town::{Town, agree, copy_folder};
use crate::world::rng::Rng;

fn some(title: &str) -> Value {
    practice(&mut Rng::new(7), title, 400)
}

/// Two towns, the second of which knows the first.
fn neighbours() -> [Town; 2] {
    let (mut ananiv, mut bar) = (Town::founded("ananiv"), Town::reader("bar"));
    ananiv.start();
    bar.peers.push(ananiv.address());
    bar.start();
    agree(&[&ananiv, &bar]);
    [ananiv, bar]
}

#[test]
fn news_reach_a_connected_peer() {
    let [ananiv, bar] = neighbours();
    let id = ananiv.publish(&some("Толока"));
    let other = ananiv.publish(&some("Бюджет участі"));
    agree(&[&ananiv, &bar]);
    assert_eq!(bar.page(&id).expect("published")["practice"]["title"], json!("Толока"));
    ananiv.edit(&id, |practice| practice["title"] = json!("Толока двічі на рік"));
    agree(&[&ananiv, &bar]);
    assert_eq!(bar.page(&id).expect("changed")["practice"]["title"], json!("Толока двічі на рік"));
    ananiv.ask("DELETE", &format!("/practices/{id}?reason=done"), None);
    let library = agree(&[&ananiv, &bar]);
    assert_eq!(library.keys().collect::<Vec<_>>(), [&other]);
    assert!(bar.page(&id).is_none(), "what was taken back has no page");
    ananiv.was_quiet();
    bar.was_quiet();
}

#[test]
fn news_reach_a_peer_that_was_off_or_was_killed() {
    let [ananiv, mut bar] = neighbours();
    let [kept, edited, withdrawn] =
        ["Лишається", "Змінюється", "Відкликається"].map(|title| ananiv.publish(&some(title)));
    agree(&[&ananiv, &bar]);
    // 1. Bar is off, in order; everything happens.
    bar.stop();
    ananiv.edit(&edited, |practice| practice["summary"] = json!("Змінено, поки сусіди спали"));
    ananiv.ask("DELETE", &format!("/practices/{withdrawn}"), None);
    let late = ananiv.publish(&some("Нове"));
    bar.start();
    let library = agree(&[&ananiv, &bar]);
    assert_eq!(library.len(), 3);
    assert!(library.contains_key(&late) && library.contains_key(&kept) && !library.contains_key(&withdrawn));
    assert_eq!(library[&edited]["practice"]["summary"], json!("Змінено, поки сусіди спали"));
    // 2. Bar is killed in the middle of news.
    for n in 0..5 {
        ananiv.edit(&edited, |practice| practice["title"] = json!(format!("Змінюється {n}")));
        if n == 2 {
            bar.kill();
        }
    }
    ananiv.ask("DELETE", &format!("/practices/{kept}"), None);
    bar.start();
    let library = agree(&[&ananiv, &bar]);
    assert_eq!(library.len(), 2);
    assert_eq!(library[&edited]["practice"]["title"], json!("Змінюється 4"));
    ananiv.was_quiet();
    bar.was_quiet();
}

#[test]
fn an_author_that_is_killed_goes_on_where_its_peer_has_it() {
    let [mut ananiv, bar] = neighbours();
    let id = ananiv.publish(&some("Толока"));
    for round in 0..4 {
        let text = format!("Толока, рік {round}");
        ananiv.edit(&id, |practice| practice["title"] = json!(text));
        ananiv.kill();
        ananiv.start();
        assert_eq!(ananiv.page(&id).expect("acknowledged")["practice"]["title"], json!(text));
    }
    ananiv.publish(&some("Після всього"));
    let library = agree(&[&ananiv, &bar]);
    assert_eq!((library.len(), &library[&id]["changes"]), (2, &json!(5)));
    assert_eq!(library[&id]["conflicts"], json!([]));
    ananiv.was_quiet();
    bar.was_quiet();
}

/// Bytes of the journal.
fn journal(town: &Town) -> u64 {
    fs::metadata(town.folder().join("journal.bundle")).expect("a journal").len()
}

/// Takes a long practice back, which makes the journal shorter, then publishes short ones until it
/// is longer than before. Gives their ids.
fn take_back_and_publish(town: &Town, long: &str, before: u64) -> Vec<String> {
    let mut api = town.api();
    assert!(api.ask("DELETE", &format!("/practices/{long}"), None).expect("an answer").is_success());
    let mut published = Vec::new();
    while journal(town) <= before + 500 {
        let text = practice(&mut Rng::new(before), &format!("Коротка {}", published.len()), 320);
        let answer = api.ask("POST", "/practices", Some(&text)).expect("an answer");
        published.push(answer.json()["id"].as_str().expect("acknowledged").to_owned());
    }
    published
}

/// Nothing acknowledged is lost, and what was taken back stays away.
fn has_exactly(town: &mut Town, published: &[String]) {
    town.start();
    town.wait_until("nothing is pending", |status| status["pending"] == json!(0));
    let library = town.library();
    for id in published {
        assert!(library.contains_key(id), "{id} was acknowledged and is lost");
    }
    assert_eq!(library.len(), published.len());
    town.stop();
    assert_eq!(town.run(&["verify", "--json"]).ends(DONE).json()["problems"], json!([]));
    town.was_quiet();
}

#[test]
fn taking_back_and_dying_at_once_costs_nothing_that_was_acknowledged() {
    let mut ananiv = Town::founded("ananiv");
    ananiv.start();
    let long = ananiv.publish(&practice(&mut Rng::new(11), "Довга", 3_000));
    let published = take_back_and_publish(&ananiv, &long, journal(&ananiv));
    ananiv.kill();
    has_exactly(&mut ananiv, &published);
}

#[test]
fn a_store_that_a_power_cut_left_behind_the_journal_catches_up_with_it() {
    // A power cut takes what the store has not synced, but never what the journal has: afterwards an
    // old store stands beside a new journal, and the note in it of the journal's length is old too.
    let mut ananiv = Town::founded("ananiv");
    ananiv.start();
    let long = ananiv.publish(&practice(&mut Rng::new(11), "Довга", 3_000));
    ananiv.stop();
    let before = ananiv.back_up();
    ananiv.start();
    let published = take_back_and_publish(&ananiv, &long, journal(&ananiv));
    ananiv.stop();
    let store = ananiv.folder().join("store");
    fs::remove_dir_all(&store).expect("removed");
    copy_folder(&before.join("store"), &store);
    has_exactly(&mut ananiv, &published);
}
