//! What the program is built of: licences, sources and bans as `deny.toml` says. For the packages of this
//! platform and without a network; `cargo deny check` asks the same for all platforms, and for known holes.

use std::collections::{HashMap, HashSet};
use std::process::Command;

use serde_json::Value;
use spdx::{Expression, ParseMode};

use crate::tidy::root;

/// Where packages may come from.
const REGISTRY: &str = "registry+https://github.com/rust-lang/crates.io-index";

fn said_by_cargo(arguments: &[&str]) -> String {
    let cargo = std::env::var("CARGO").unwrap_or_else(|_| "cargo".into());
    let output = Command::new(cargo).args(arguments).current_dir(root()).output().expect("cargo runs");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).expect("text")
}

/// What cargo knows of the packages for this platform, with all features.
fn metadata() -> Value {
    let version = said_by_cargo(&["-vV"]);
    let host = version.lines().find_map(|line| line.strip_prefix("host: ")).expect("a platform");
    let wanted =
        ["metadata", "--format-version=1", "--locked", "--offline", "--all-features", "--filter-platform", host];
    serde_json::from_str(&said_by_cargo(&wanted)).expect("JSON")
}

fn policy() -> toml::Table {
    std::fs::read_to_string(root().join("deny.toml")).expect("the policy").parse().expect("TOML")
}

fn packages(metadata: &Value) -> impl Iterator<Item = (&str, &Value)> {
    let all = metadata["packages"].as_array().expect("packages").iter();
    all.map(|package| (package["name"].as_str().expect("a name"), package))
}

#[test]
fn every_package_has_a_licence_that_may_be_shipped_and_comes_from_the_registry() {
    let (metadata, policy) = (metadata(), policy());
    let allowed: Vec<&str> =
        policy["licenses"]["allow"].as_array().expect("a list").iter().filter_map(toml::Value::as_str).collect();
    let mut foreign = 0;
    for (name, package) in packages(&metadata) {
        let Some(source) = package["source"].as_str() else { continue };
        foreign += 1;
        assert_eq!(source, REGISTRY, "{name} comes from elsewhere");
        let licence = package["license"].as_str().unwrap_or_default();
        let expression = Expression::parse_mode(licence, ParseMode::LAX);
        let expression = expression.unwrap_or_else(|error| panic!("{name}: {licence}: {error}"));
        let may = expression.evaluate(|one| allowed.contains(&one.to_string().as_str()));
        assert!(may, "{name} is under {licence}");
    }
    assert!(foreign > 100, "cargo tells of {foreign} packages only");
}

#[test]
fn nothing_banned_is_built_in() {
    let (metadata, policy) = (metadata(), policy());
    let names: HashMap<&str, &str> =
        packages(&metadata).map(|(name, package)| (package["id"].as_str().expect("an id"), name)).collect();
    let name_of = |id: &Value| names.get(id.as_str().expect("an id")).copied().expect("a package");
    for ban in policy["bans"]["deny"].as_array().expect("a list") {
        let banned = ban["name"].as_str().expect("a name");
        let wrappers = ban.get("wrappers").and_then(toml::Value::as_array);
        let allowed = |user: &str| wrappers.is_some_and(|all| all.iter().any(|one| one.as_str() == Some(user)));
        for node in metadata["resolve"]["nodes"].as_array().expect("nodes") {
            let mut used = node["dependencies"].as_array().expect("ids").iter();
            let user = name_of(&node["id"]);
            assert!(used.all(|id| name_of(id) != banned) || allowed(user), "{user} uses {banned}");
        }
    }
}

/// The fuzz targets are a workspace of their own, which nothing else here builds: its lock file would
/// grow old unseen, and `tests/fuzz/run` would refuse to build.
#[test]
fn the_lock_file_of_the_fuzz_targets_knows_what_the_program_needs() {
    let lock = std::fs::read_to_string(root().join("tests/fuzz/Cargo.lock")).expect("a lock file");
    let lock: toml::Table = lock.parse().expect("TOML");
    let locked: HashMap<&str, &toml::Value> = lock["package"]
        .as_array()
        .expect("packages")
        .iter()
        .filter_map(|package| Some((package["name"].as_str()?, package.get("dependencies")?)))
        .collect();
    let metadata = metadata();
    for name in ["crdt", "web-ui", "node"] {
        let (_, package) = packages(&metadata).find(|(one, _)| *one == name).expect("a package of ours");
        let locked: HashSet<&str> = locked[name]
            .as_array()
            .expect("a list")
            .iter()
            // A name, with a version where the name says too little.
            .filter_map(|need| need.as_str()?.split(' ').next())
            .collect();
        let needs = package["dependencies"].as_array().expect("a list").iter().filter(|need| need["kind"] != "dev");
        for need in needs.map(|need| need["name"].as_str().expect("a name")) {
            assert!(locked.contains(need), "{need}: cargo update --manifest-path tests/fuzz/Cargo.toml -w");
        }
    }
}
