//! A community whose computer is gone, and with it every copy: the recovery sheet and the records that
//! others keep bring it back to another one.

use serde_json::json;

use super::material::{CODE, practice};
use super::program::{DENIED, DONE, run_typing};
use super::town::{Town, agree, agree_on_records};
use crate::world::rng::Rng;

#[test]
fn the_sheet_and_the_network_let_another_computer_write_for_the_community() {
    let mut lost = Town::founded("ananiv");
    let mut neighbour = Town::reader("balta");
    neighbour.run(&["init", "--community", "UA74040250000063494"]).ends(DONE);
    neighbour.start();
    lost.peers = vec![neighbour.address()];
    lost.start();
    let old = lost.publish(&practice(&mut Rng::new(51), "Толока на березі", 400));
    agree_on_records(&[&lost, &neighbour]);
    let community = lost.status()["community"].clone();
    let sheet = node::keyring::Keyring::new(lost.folder()).officer_written().expect("read").expect("there");
    // 1. The computer is gone. On another one the sheet alone founds nothing: the charter is not there yet.
    lost.kill();
    let mut found = Town::reader("fastiv");
    run_typing(found.folder(), &["recover"], "AAAA BBBB").ends(DENIED);
    run_typing(found.folder(), &["recover"], &sheet).ends(DONE);
    found.run(&["init", "--community", CODE]).ends(DENIED).says("wait until the library has come");
    assert_eq!(found.status()["community"], json!(null));
    // 2. With the library there, it becomes a device of the same community, and of no other.
    found.peers = vec![neighbour.address()];
    found.start();
    agree_on_records(&[&found, &neighbour]);
    found.run(&["init", "--community", "UA74040250000063494"]).ends(DENIED).says("choose that community");
    found.run(&["init", "--community", CODE, "--device-name", "Новий комп’ютер"]).ends(DONE);
    assert_eq!(found.status()["community"], community);
    // 3. What it publishes and changes counts everywhere, as the community's own.
    let new = found.publish(&practice(&mut Rng::new(52), "Толока на новому комп’ютері", 400));
    found.edit(&old, |practice| practice["lessons"] = json!("Починайте з малого."));
    let library = agree(&[&found, &neighbour]);
    assert_eq!(library[&old]["practice"]["lessons"], "Починайте з малого.");
    assert!(library.contains_key(&new));
    assert_eq!(neighbour.page(&new).expect("there")["owner"], community);
    let history = neighbour.ask("GET", &format!("/practices/{old}/history"), None);
    assert!(history.to_string().contains("Новий комп’ютер"), "{history}");
    let waiting = neighbour.ask("GET", "/quarantine", None);
    assert_eq!(waiting["total"], 0, "{waiting}");
    // 4. It stays so.
    found.stop();
    found.start();
    assert_eq!(found.status()["community"], community);
    found.publish(&practice(&mut Rng::new(53), "Ще одна толока", 400));
    agree(&[&found, &neighbour]);
}

#[test]
fn a_second_computer_joins_with_the_sheet_while_the_first_one_works() {
    let mut first = Town::founded("ananiv");
    first.start();
    let sheet = node::keyring::Keyring::new(first.folder()).officer_written().expect("read").expect("there");
    let mut second = Town::reader("balta");
    run_typing(second.folder(), &["recover"], &sheet).ends(DONE);
    second.peers = vec![first.address()];
    second.start();
    agree_on_records(&[&first, &second]);
    second.run(&["init", "--community", CODE, "--device-name", "Другий"]).ends(DONE);
    let theirs = second.publish(&practice(&mut Rng::new(61), "Толока другого відділу", 300));
    agree_on_records(&[&first, &second]);
    first.edit(&theirs, |practice| practice["lessons"] = json!("Дописано на першому."));
    let ours = first.publish(&practice(&mut Rng::new(62), "Толока першого відділу", 300));
    let library = agree(&[&first, &second]);
    assert_eq!(library[&theirs]["practice"]["lessons"], "Дописано на першому.");
    assert!(library.contains_key(&ours));
}
