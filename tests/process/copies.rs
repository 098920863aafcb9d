//! Folders that were copied: backups that are put back, and two nodes that believe they are one.

use std::fs;

use serde_json::{Value, json};

use super::material::practice;
use super::town::{Library, Town, agree};
use crate::world::rng::Rng;

/// A practice with these paragraphs, each long enough to be told apart.
fn with_paragraphs(title: &str, paragraphs: &[&str]) -> Value {
    let mut whole = practice(&mut Rng::new(13), title, 400);
    whole["solution"] = json!(text(paragraphs));
    whole
}

fn text(paragraphs: &[&str]) -> String {
    let long =
        |paragraph: &&str| format!("{paragraph}: {}", "разом із мешканцями, старостами та школою. ".repeat(8).trim());
    paragraphs.iter().map(long).collect::<Vec<_>>().join("\n")
}

/// Ananiv with one practice of two paragraphs, and Bar that has it too.
fn with_practice() -> (Town, Town, String) {
    let (mut ananiv, mut bar) = (Town::founded("ananiv"), Town::reader("bar"));
    ananiv.start();
    let id = ananiv.publish(&with_paragraphs("Толока", &["Прибрали парк", "Посадили дерева"]));
    bar.peers.push(ananiv.address());
    ananiv.peers.push(bar_address(&mut bar));
    agree(&[&ananiv, &bar]);
    (ananiv, bar, id)
}

/// Starts Bar, and gives its address, so that the others can dial it as well.
fn bar_address(bar: &mut Town) -> String {
    bar.start();
    bar.address()
}

fn solution(library: &Library, id: &str) -> String {
    library[id]["practice"]["solution"].as_str().expect("a text").to_owned()
}

#[test]
fn a_reader_restored_from_an_old_copy_catches_up() {
    let (ananiv, mut bar, id) = with_practice();
    bar.stop();
    let copy = bar.back_up();
    bar.start();
    // 1. News come after the copy was made: a change, a new one, one taken back.
    ananiv.edit(&id, |practice| practice["title"] = json!("Толока 2"));
    let late = ananiv.publish(&with_paragraphs("Бюджет", &["Зібрали думки"]));
    agree(&[&ananiv, &bar]);
    bar.stop();
    bar.restore(&copy);
    // 2. While Bar is away, more happens.
    ananiv.ask("DELETE", &format!("/practices/{late}"), None);
    bar.start();
    let library = agree(&[&ananiv, &bar]);
    assert_eq!((library.len(), &library[&id]["practice"]["title"]), (1, &json!("Толока 2")));
    ananiv.was_quiet();
    bar.was_quiet();
}

#[test]
fn an_author_restored_from_an_old_copy_gets_its_own_back_and_may_write_at_once() {
    let (mut ananiv, bar, id) = with_practice();
    ananiv.stop();
    let copy = ananiv.back_up();
    ananiv.start();
    // 1. A week of work, which Bar gets.
    ananiv.edit(&id, |practice| {
        practice["solution"] = json!(text(&["Прибрали парк", "Посадили сто дерев"]));
    });
    let late = ananiv.publish(&with_paragraphs("Бюджет", &["Зібрали думки"]));
    agree(&[&ananiv, &bar]);
    // 2. The disk fails. The node goes on from the copy and writes before it has met anybody.
    ananiv.stop();
    ananiv.restore(&copy);
    let peers = std::mem::take(&mut ananiv.peers);
    ananiv.start();
    ananiv.edit(&id, |practice| practice["title"] = json!("Толока після поломки"));
    let new = ananiv.publish(&with_paragraphs("Нове", &["Написали наново"]));
    ananiv.stop();
    ananiv.peers = peers;
    ananiv.start();
    // 3. The week and the new work stand side by side.
    let library = agree(&[&ananiv, &bar]);
    assert_eq!(library.len(), 3);
    assert!(library.contains_key(&late) && library.contains_key(&new));
    assert_eq!(library[&id]["practice"]["title"], json!("Толока після поломки"));
    assert_eq!(solution(&library, &id), text(&["Прибрали парк", "Посадили сто дерев"]));
    assert_eq!(library[&id]["conflicts"], json!([]));
    ananiv.was_quiet();
    bar.was_quiet();
}

#[test]
fn two_nodes_on_one_cloned_folder_keep_the_words_of_both() {
    let (mut ananiv, bar, id) = with_practice();
    // 1. Somebody copies the folder to another computer. Both are edited before either meets anybody.
    ananiv.stop();
    let mut twin = ananiv.twin("twin");
    twin.peers = std::mem::take(&mut ananiv.peers);
    let bars = twin.peers.clone();
    twin.peers.clear();
    ananiv.start();
    twin.start();
    ananiv.edit(&id, |practice| practice["solution"] = json!(text(&["Прибрали великий парк", "Посадили дерева"])));
    twin.edit(&id, |practice| practice["solution"] = json!(text(&["Прибрали парк", "Посадили високі дерева"])));
    ananiv.edit(&id, |practice| practice["title"] = json!("Толока навесні"));
    twin.edit(&id, |practice| practice["title"] = json!("Толока восени"));
    let here = ananiv.publish(&with_paragraphs("Звідси", &["Тут"]));
    let there = twin.publish(&with_paragraphs("Звідти", &["Там"]));
    // 2. Then one after the other meets Bar: they have one name on the wire.
    for town in [&mut ananiv, &mut twin] {
        town.stop();
        town.peers.clone_from(&bars);
        town.start();
        agree(&[town, &bar]);
        town.stop();
    }
    ananiv.start();
    let library = agree(&[&ananiv, &bar]);
    ananiv.stop();
    twin.start();
    assert_eq!(agree(&[&twin, &bar]), library);
    // 3. Different paragraphs have merged; the title has both versions, and all show the same.
    assert_eq!(library.len(), 3);
    assert!(library.contains_key(&here) && library.contains_key(&there));
    assert_eq!(solution(&library, &id), text(&["Прибрали великий парк", "Посадили високі дерева"]));
    let conflicts = library[&id]["conflicts"].as_array().expect("a list");
    assert_eq!((conflicts.len(), &conflicts[0]["field"]), (1, &json!("title")));
    let versions = conflicts[0]["versions"].as_array().expect("a list").iter();
    let mut titles: Vec<&str> = versions.map(|version| version["value"].as_str().expect("a text")).collect();
    titles.sort_unstable();
    assert_eq!(titles, ["Толока восени", "Толока навесні"]);
    for town in [&ananiv, &twin, &bar] {
        town.was_quiet();
    }
}

#[test]
fn two_nodes_on_one_cloned_folder_may_run_at_once() {
    let (mut ananiv, bar, id) = with_practice();
    ananiv.stop();
    let mut twin = ananiv.twin("twin");
    twin.peers.clone_from(&ananiv.peers);
    ananiv.start();
    twin.start();
    // Both write while both are connected to Bar under one name.
    let mut written = Vec::new();
    for round in 0..4 {
        for (town, name) in [(&ananiv, "тут"), (&twin, "там")] {
            written.push(town.publish(&with_paragraphs(&format!("Практика {round} {name}"), &["Зробили"])));
        }
        ananiv.edit(&id, |practice| practice["title"] = json!(format!("Толока {round}")));
        twin.edit(&id, |practice| practice["summary"] = json!(format!("Коротко {round}")));
    }
    // A restart leads to a catch-up at once; otherwise one follows within a minute.
    for town in [&mut ananiv, &mut twin] {
        town.stop();
        town.start();
    }
    ananiv.stop();
    ananiv.start();
    let library = agree(&[&ananiv, &twin, &bar]);
    assert!(written.iter().all(|id| library.contains_key(id)));
    assert_eq!(library[&id]["practice"]["title"], json!("Толока 3"));
    assert_eq!(library[&id]["practice"]["summary"], json!("Коротко 3"));
    for town in [&ananiv, &twin, &bar] {
        town.was_quiet();
    }
}

#[test]
fn a_folder_without_its_store_is_a_backup_too() {
    let (mut ananiv, bar, id) = with_practice();
    ananiv.stop();
    let copy = ananiv.back_up();
    fs::remove_dir_all(copy.join("store")).expect("removed");
    ananiv.restore(&copy);
    ananiv.start();
    let library = agree(&[&ananiv, &bar]);
    assert!(library.contains_key(&id));
}
