//! The library on the web: a second listener that only reads.

use std::fs;
use std::net::SocketAddr;

use super::http::Api;
use super::material::{CODE, practice};
use super::program::{DONE, FAULT};
use super::town::Town;
use crate::world::rng::Rng;

/// A town that runs with its library published, some practices in it.
pub fn publishing(name: &'static str, titles: &[&str]) -> Town {
    let mut town = Town::reader(name);
    town.run(&["init", "--community", CODE]).ends(DONE);
    let mut rng = Rng::new(7);
    for title in titles {
        let file = town.file("practice.json");
        fs::write(&file, practice(&mut rng, title, 400).to_string()).expect("written");
        town.run(&["publish", file.to_str().expect("a path")]).ends(DONE);
    }
    fs::write(town.folder().join("dosvid.toml"), "public = \"127.0.0.1:0\"\n").expect("written");
    town.start();
    town
}

/// Where a town that runs has said its library is published.
pub fn public_address(town: &Town) -> String {
    let log = town.log();
    let said = log.lines().rev().find_map(|line| line.split("published for reading only: ").nth(1));
    said.and_then(|said| said.split('/').nth(2)).map(|host| format!("http://{host}")).expect("an address in the log")
}

#[test]
fn a_published_library_is_read_and_not_written() {
    let town = publishing("fastiv", &["Толока на березі"]);
    let address: SocketAddr = public_address(&town).trim_start_matches("http://").parse().expect("an address");
    let token = fs::read_to_string(town.folder().join("token")).expect("a token");
    let mut public = Api::connect(address, token.trim()).expect("connected");
    let practices = public.get("/practices").expect("answered").json();
    assert_eq!(practices["rows"][0]["title"], "Толока на березі");
    for (method, path) in [("POST", "/practices"), ("DELETE", "/practices/00"), ("POST", "/verify"), ("GET", "/status")]
    {
        let refused = public.ask(method, path, None).expect("answered").status;
        assert!([404, 405].contains(&refused), "{method} {path}: {refused}");
    }
    // The pages for whoever works here are served beside it, and only they write.
    let own = town.api().get("/status").expect("answered");
    assert!(own.is_success());
}

#[test]
fn a_public_address_that_is_none_is_named_before_anything_is_opened() {
    let town = Town::reader("fastiv");
    for address in ["dosvid.example.ua", "https://dosvid.example.ua/library", "ftp://x"] {
        let run = ["run", "--http", "127.0.0.1:0", "--public", "127.0.0.1:0", "--public-url", address];
        town.run(&run).ends(FAULT).says("public_url").says(address);
        assert!(!town.folder().join("store").exists(), "nothing was opened");
    }
}
