//! The formats of this release, as files that every later one must read.
//!
//! `golden/release-1/` was written by the generator below, from keys and clocks that are always the
//! same. Each file is read, found to say what it said, and written again in the same bytes. Should a
//! test here fail, the format has changed: then nodes of this release no longer understand those of
//! the next. A format that changes on purpose gets a folder of its own beside this one.

mod folder;
mod formats;

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

/// Writes the files anew: for a format that is not released yet.
const WRITE: &str = "DOSVID_WRITE_GOLDEN";

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).with_file_name("tests").join("golden/release-1")
}

/// A golden file.
fn golden(name: &str) -> Vec<u8> {
    fs::read(folder().join(name)).unwrap_or_else(|error| panic!("{name}: {error}"))
}

/// The golden files with a certain ending, by the rest of their name.
fn all(ending: &str) -> BTreeMap<String, Vec<u8>> {
    let names = fs::read_dir(folder()).expect("the golden files").map(|entry| entry.expect("readable").file_name());
    let names = names.filter_map(|name| Some(name.to_str()?.strip_suffix(ending)?.to_owned()));
    let all: BTreeMap<String, Vec<u8>> = names.map(|name| (name.clone(), golden(&format!("{name}{ending}")))).collect();
    assert!(!all.is_empty(), "no golden file ends in {ending}");
    all
}

/// Keeps a golden file, if that was asked for.
fn write(name: &str, content: &[u8]) {
    fs::create_dir_all(folder()).expect("a folder");
    fs::write(folder().join(name), content).expect("written");
}

fn writing() -> bool {
    std::env::var_os(WRITE).is_some()
}
