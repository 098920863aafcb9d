//! The inputs that are kept are tried at every run of the tests.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use super::seeds::seeds;
use super::{ONE_INPUT, TARGETS, within};

/// Writes the seeds anew: what to do when a format has changed on purpose.
const WRITE: &str = "DOSVID_WRITE_SEEDS";
/// All kept inputs together, in bytes. They are part of every clone.
const KEPT_BYTES_MAX: u64 = 1_000_000;
/// How much longer code takes that is not optimised.
const SLOWER: u32 = if cfg!(debug_assertions) { 10 } else { 1 };

fn corpus() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).with_file_name("tests").join("fuzz/corpus")
}

/// The kept inputs of a target, by name.
fn kept(target: &str) -> Vec<(String, Vec<u8>)> {
    let entries = fs::read_dir(corpus().join(target)).expect("every target has inputs");
    let mut kept: Vec<(String, Vec<u8>)> = entries
        .map(|entry| entry.expect("readable"))
        .map(|entry| (entry.file_name().to_string_lossy().into_owned(), fs::read(entry.path()).expect("read")))
        .collect();
    kept.sort();
    kept
}

#[test]
fn every_kept_input_keeps_the_laws() {
    let mut bytes = 0;
    for (target, law) in TARGETS {
        for (name, input) in kept(target) {
            println!("{target}/{name}");
            bytes += input.len() as u64;
            within(ONE_INPUT * SLOWER, law, &input);
        }
    }
    assert!(bytes < KEPT_BYTES_MAX, "{bytes} bytes of inputs are too many to keep");
}

#[test]
fn the_fuzzer_begins_with_what_this_version_writes() {
    if std::env::var_os(WRITE).is_some() {
        for (target, inputs) in seeds() {
            let folder = corpus().join(target);
            fs::create_dir_all(&folder).expect("a folder");
            let old = kept(target).into_iter().filter(|(name, _)| name.starts_with("seed-"));
            old.for_each(|(name, _)| fs::remove_file(folder.join(name)).expect("removed"));
            inputs.iter().for_each(|(name, input)| fs::write(folder.join(name), input).expect("written"));
        }
    }
    for (target, inputs) in seeds() {
        let kept: Vec<_> = kept(target).into_iter().filter(|(name, _)| name.starts_with("seed-")).collect();
        assert!(kept == inputs, "the seeds of {target} are not this version's: {WRITE}=1 writes them anew");
    }
}

#[test]
fn every_target_is_a_program_and_has_seeds() {
    let manifest = fs::read_to_string(corpus().with_file_name("Cargo.toml")).expect("a manifest");
    let programs: BTreeSet<&str> =
        manifest.lines().filter_map(|line| line.strip_prefix("path = \"targets/")?.strip_suffix(".rs\"")).collect();
    let targets: BTreeSet<&str> = TARGETS.iter().map(|(name, _)| *name).collect();
    let seeded: BTreeSet<&str> = seeds().iter().map(|(target, _)| *target).collect();
    assert_eq!(programs, targets);
    assert_eq!(seeded, targets);
}
