//! `cargo bench -p node --bench catch_up [-- COUNT…]`: what importing practices and catching up with
//! a peer cost, beside git and rsync with the same practices.
//!
//! Real processes on this machine, loopback only, a counting wire between them. Figures are of this
//! machine and this moment; `docs/performance.md` says how to read them.

mod bench {
    #[allow(dead_code, reason = "another benchmark uses the rest")]
    pub mod corpus;
    pub mod dosvid;
    #[path = "../process/http.rs"]
    #[allow(clippy::panic, reason = "an answer that cannot be read ends the measurement")]
    pub mod http;
    pub mod live;
    pub mod machine;
    pub mod others;
    #[allow(dead_code, reason = "another benchmark uses the rest")]
    pub mod process;
    pub mod proxy;
    pub mod report;
    pub mod words;

    use std::fs;
    use std::path::Path;

    /// Fresh clients of each kind; the one with the middle time is shown.
    pub const RUNS: usize = 3;

    /// What a folder takes on the disk; where that cannot be asked, how long its files are.
    pub fn disk_bytes(folder: &Path) -> anyhow::Result<u64> {
        let mut bytes = 0;
        for entry in fs::read_dir(folder)? {
            let entry = entry?;
            let metadata = entry.metadata()?;
            bytes += if metadata.is_dir() { disk_bytes(&entry.path())? } else { taken(&metadata) };
        }
        Ok(bytes)
    }

    #[cfg(unix)]
    fn taken(metadata: &fs::Metadata) -> u64 {
        std::os::unix::fs::MetadataExt::blocks(metadata) * 512
    }

    #[cfg(not(unix))]
    fn taken(metadata: &fs::Metadata) -> u64 {
        metadata.len()
    }
}

#[path = "world/rng.rs"]
#[allow(dead_code, reason = "the scenarios use more of it")]
mod rng;

use std::path::Path;

use bench::corpus::Corpus;
use bench::report::{Column, mb, table};
use bench::{dosvid, live, machine, others};

/// Practices, unless the command line says how many.
const COUNTS: [usize; 2] = [1_000, 10_000];

fn main() -> anyhow::Result<()> {
    // Cargo adds arguments of its own, such as --bench.
    let given: Vec<usize> = std::env::args().skip(1).filter_map(|argument| argument.parse().ok()).collect();
    let counts = if given.is_empty() { COUNTS.to_vec() } else { given };
    for count in counts {
        let folder = tempfile::tempdir()?;
        println!("{}\n", machine::line(folder.path()));
        let corpus = Corpus::generate(count)?;
        let columns = measure(folder.path(), &corpus)?;
        println!("{count} practices, {} MB of JSON\n\n{}\n", mb(corpus.bytes() as u64), table(count, &columns));
        let living = live::measure(&folder.path().join("a"), &folder.path().join("b"), &corpus)?;
        println!("The same two nodes, connected\n\n{}\n", living.table());
        println!("Load at the end: {}\n", machine::load());
    }
    Ok(())
}

fn measure(folder: &Path, corpus: &Corpus) -> anyhow::Result<Vec<Column>> {
    let mut columns = vec![dosvid::measure(folder, corpus)?];
    for (program, measure) in [("git", others::git as fn(&Path, &Corpus) -> _), ("rsync", others::rsync)] {
        if others::has(program) {
            columns.push(measure(folder, corpus)?);
        } else {
            println!("{program} is not installed: not measured\n");
        }
    }
    if others::has("tar") {
        let files = folder.join("packed");
        Corpus::write_files(&files, corpus.lines.iter().map(String::as_str).enumerate())?;
        columns.push(others::packed(&files)?);
    } else {
        println!("tar is not installed: not measured\n");
    }
    Ok(columns)
}
