//! `cargo bench -p node --bench catch_up [-- COUNT…]`: what importing practices and catching up with
//! a peer cost, beside git, rsync and an archive over HTTP with the same practices. After `meetings` a
//! node is measured alone, once, with short practices: how two of them meet that have a great many.
//!
//! Real processes on this machine, loopback only, a counting wire between them. Figures are of this
//! machine and this moment; `docs/performance.md` says how to read them.

mod bench {
    #[allow(dead_code, reason = "another benchmark uses the rest")]
    pub mod corpus;
    pub mod dosvid;
    pub mod download;
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
use bench::{RUNS, dosvid, download, live, machine, others};

/// Practices, unless the command line says how many.
const COUNTS: [usize; 2] = [1_000, 10_000];
/// Says that nothing but meetings is asked for.
const MEETINGS: &str = "meetings";
/// Bytes of text in a short practice: a million of them, twice, go on a disk that clerks have.
const SHORT: std::ops::Range<f64> = 200.0..600.0;

fn main() -> anyhow::Result<()> {
    // Cargo adds arguments of its own, such as --bench.
    let given: Vec<String> = std::env::args().skip(1).collect();
    let counts: Vec<usize> = given.iter().filter_map(|argument| argument.parse().ok()).collect();
    let counts = if counts.is_empty() { COUNTS.to_vec() } else { counts };
    let measure = if given.iter().any(|argument| argument == MEETINGS) { meetings } else { everything };
    for count in counts {
        let folder = tempfile::tempdir()?;
        println!("{}\n", machine::line(folder.path()));
        measure(folder.path(), count)?;
        println!("Load at the end: {}\n", machine::load());
    }
    Ok(())
}

fn everything(folder: &Path, count: usize) -> anyhow::Result<()> {
    let corpus = Corpus::generate(count)?;
    show(&corpus, &columns(folder, &corpus)?);
    let living = live::measure(&folder.join("a"), &folder.join("b"), &corpus)?;
    println!("The same two nodes, connected\n\n{}\n", living.table());
    Ok(())
}

fn meetings(folder: &Path, count: usize) -> anyhow::Result<()> {
    let corpus = Corpus { lines: Corpus::stream(count, SHORT).collect::<Result<_, _>>()? };
    show(&corpus, &[dosvid::measure(folder, &corpus, 1)?]);
    Ok(())
}

fn show(corpus: &Corpus, columns: &[Column]) {
    let count = corpus.lines.len();
    println!("{count} practices, {} MB of JSON\n\n{}\n", mb(corpus.bytes() as u64), table(count, columns));
}

fn columns(folder: &Path, corpus: &Corpus) -> anyhow::Result<Vec<Column>> {
    let mut columns = vec![dosvid::measure(folder, corpus, RUNS)?];
    let others =
        [("git", others::git as fn(&Path, &Corpus) -> _), ("rsync", others::rsync), ("tar", download::measure)];
    for (program, measure) in others {
        if others::has(program) {
            columns.push(measure(folder, corpus)?);
        } else {
            println!("{program} is not installed: not measured\n");
        }
    }
    Ok(columns)
}
