//! What is wrong with settings and arguments is said in one clear line, with the right exit code.

use std::fs;

use super::material::CODE;
use super::program::{DENIED, DONE, FAULT, USAGE};
use super::town::Town;

/// A town whose folder has this file.
fn with_file(name: &str, content: &[u8]) -> Town {
    let town = Town::reader("ananiv");
    fs::create_dir_all(town.folder()).expect("a folder");
    fs::write(town.folder().join(name), content).expect("written");
    town
}

#[test]
fn settings_that_cannot_be_read_are_named() {
    for (name, content, words) in [
        ("dosvid.toml", &b"colour = \"blue\"\n"[..], "colour"),
        ("dosvid.toml", b"http = \"everywhere\"\n", "http"),
        ("dosvid.toml", b"listen = \n", "line 1"),
        ("dosvid.toml", b"\xff\xfe", "UTF-8"),
        ("bootstrap-peers.toml", b"network = \"\"\n", "network"),
        ("bootstrap-peers.toml", b"network = \"n\"\nport = 1\n", "port"),
        ("community", b"not an id", "community"),
        ("keys/device.key", b"not a key", "device.key"),
    ] {
        let town = Town::reader("ananiv");
        let path = town.folder().join(name);
        fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
        fs::write(&path, content).expect("written");
        for arguments in [&["status"][..], &["run", "--http", "127.0.0.1:0", "--listen", "/ip4/127.0.0.1/tcp/0"]] {
            let ran = town.run(arguments).ends(FAULT).says(name).says(words);
            assert!(ran.err.lines().count() < 8 && !ran.err.contains("panicked"), "{ran:#?}");
        }
        assert_eq!(fs::read(&path).expect("still there"), content, "what cannot be read is left alone");
    }
}

#[test]
fn good_settings_are_followed() {
    let mut town =
        with_file("dosvid.toml", b"http = \"127.0.0.1:0\"\nlisten = [\"/ip4/127.0.0.1/tcp/0\"]\npeers = []\n");
    town.start();
    assert!(town.address().starts_with("/ip4/127.0.0.1/tcp/"));
}

#[test]
fn a_community_is_founded_once_and_by_a_code_that_exists() {
    let town = Town::reader("ananiv");
    for code in ["UA26040190000081579", "Ананьїв", "", "ua26040190000081578 ' OR 1=1"] {
        let before = town.status();
        town.run(&["init", "--community", code]).ends(DENIED).says("codifier");
        assert_eq!(town.status()["records"], before["records"]);
    }
    town.run(&["init", "--community", CODE]).ends(DONE);
    town.run(&["init", "--community", CODE]).ends(DENIED).says("already");
    assert_eq!(town.status()["communities"], 1);
}

#[test]
fn arguments_that_make_no_sense_are_refused_before_anything_is_opened() {
    let town = Town::reader("ananiv");
    for arguments in [
        &["fly"][..],
        &["init"],
        &["list", "--limit", "many"],
        &["run", "--http", "nowhere"],
        &["--log", "[[", "status"],
        &["--lang", "de", "status"],
    ] {
        town.run(arguments).ends(USAGE);
    }
    assert!(!town.folder().exists(), "nothing was made");
}

#[test]
fn a_folder_that_cannot_be_one_is_a_fault() {
    let town = Town::reader("ananiv");
    fs::write(town.folder(), b"a file").expect("written");
    town.run(&["status"]).ends(FAULT).says("data");
}
