//! The invariants of the house that types alone do not hold: who may name what, what is bounded.

use std::fs;
use std::path::{Path, PathBuf};

/// The folder of the workspace.
pub fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("the workspace").to_owned()
}

/// Every Rust file under a folder, with its path from the root and its text.
fn sources(folder: &str) -> Vec<(String, String)> {
    let mut found = Vec::new();
    let mut folders = vec![root().join(folder)];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).expect("a folder of the project") {
            let path = entry.expect("readable").path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|ending| ending == "rs") {
                let name = path.strip_prefix(root()).expect("inside").to_string_lossy().replace('\\', "/");
                found.push((name, fs::read_to_string(&path).expect("text")));
            }
        }
    }
    assert!(!found.is_empty(), "{folder} has no sources");
    found
}

/// The text without comments and without its tests, which may do what the program may not.
fn code(text: &str) -> String {
    let program = text.split("#[cfg(test)]\nmod tests {").next().unwrap_or_default();
    program.lines().filter(|line| !line.trim_start().starts_with("//")).collect::<Vec<_>>().join("\n")
}

fn nobody_names(folder: &str, word: &str, except: &[&str]) {
    for (name, text) in sources(folder) {
        let allowed = except.iter().any(|place| name.starts_with(place)) || name.contains("/tests");
        assert!(allowed || !code(&text).contains(word), "{name} names {word}");
    }
}

#[test]
fn the_core_is_pure() {
    let manifest = fs::read_to_string(root().join("crdt/Cargo.toml")).expect("a manifest");
    for name in ["tokio", "libp2p", "sled", "tantivy", "axum", "rand", "getrandom"] {
        assert!(!manifest.lines().any(|line| line.starts_with(name)), "crdt depends on {name}");
    }
    for word in ["SystemTime", "Instant::now", "std::fs", "std::net", "std::thread", "async fn", "getrandom", "rand::"]
    {
        nobody_names("crdt/src", word, &[]);
    }
}

#[test]
fn each_foreign_house_has_one_door() {
    nobody_names("node/src", "libp2p::", &["node/src/swarm"]);
    nobody_names("node/src", "sled::", &["node/src/store"]);
    nobody_names("node/src", "tantivy::", &["node/src/index"]);
    nobody_names("node/src", "typst::", &["node/src/press"]);
    nobody_names("node/src", "axum::", &[]);
    nobody_names("node/src", "negentropy::", &["node/src/reconcile.rs", "node/src/replica/catch_up.rs"]);
    nobody_names("web-ui/src", "libp2p::", &[]);
    nobody_names("web-ui/src", "sled::", &[]);
    nobody_names("web-ui/src", "typst", &[]);
    for manifest in ["crdt/Cargo.toml", "web-ui/Cargo.toml"] {
        let text = fs::read_to_string(root().join(manifest)).expect("a manifest");
        assert!(!text.contains("\nnode"), "{manifest} depends on node");
    }
}

#[test]
fn only_the_gate_makes_what_the_store_takes() {
    for folder in ["crdt/src", "node/src", "web-ui/src"] {
        nobody_names(folder, "Admitted { record", &["crdt/src/gate.rs"]);
    }
    let store = code(&fs::read_to_string(root().join("node/src/store.rs")).expect("the store"));
    assert!(store.contains("pub fn append(&self, ready: Vec<Ready>)"), "the store's one entrance has changed");
    nobody_names("node/src", "Ok(Ready {", &["node/src/store/prepare.rs"]);
    let prepare = code(&fs::read_to_string(root().join("node/src/store/prepare.rs")).expect("what is ready"));
    assert!(prepare.contains("pub fn ready(&self, admitted: Admitted)"), "what is ready is no longer what is admitted");
}

#[test]
fn the_clock_and_chance_come_in_at_two_doors() {
    nobody_names("node/src", "SystemTime::now", &["node/src/run.rs"]);
    nobody_names("node/src/replica", "Instant", &[]);
    nobody_names("node/src", "getrandom::", &["node/src/keyring.rs"]);
}

#[test]
fn every_channel_is_bounded() {
    for folder in ["crdt/src", "node/src", "web-ui/src"] {
        for word in ["unbounded", "mpsc::channel()", "std_mpsc::channel()"] {
            nobody_names(folder, word, &[]);
        }
    }
}

#[test]
fn files_stay_short_enough_to_read() {
    for folder in ["crdt/src", "node/src", "web-ui/src", "tests"] {
        for (name, text) in sources(folder) {
            assert!(!name.ends_with("/mod.rs"), "{name}: a module is foo.rs beside foo/");
            assert!(text.lines().count() <= 600, "{name} has {} lines", text.lines().count());
        }
    }
}
