//! `cargo bench -p node --bench search [-- COUNT [FOLDER]]`: what indexing and searching a library of
//! so many generated practices (2 to 20 KB of text each) cost. With a folder, the library is kept
//! there, and the next run with the same folder searches it without making it anew.
//!
//! A real node on this machine, asked over HTTP on the loopback by one program at a time. Figures
//! are of this machine and this moment; `docs/search.md` says how to read them.

mod bench {
    #[allow(dead_code, reason = "another benchmark uses the rest")]
    pub mod corpus;
    #[allow(dead_code, reason = "another benchmark uses the rest")]
    pub mod dosvid;
    pub mod machine;
    #[allow(dead_code, reason = "another benchmark uses the rest")]
    pub mod process;
    #[allow(dead_code, reason = "another benchmark uses the rest")]
    pub mod proxy;
    pub mod queries;
    #[allow(dead_code, reason = "another benchmark uses the rest")]
    pub mod report;
    pub mod words;

    use std::fs;
    use std::path::Path;

    /// How long the files of a folder are.
    pub fn disk_bytes(folder: &Path) -> anyhow::Result<u64> {
        let mut bytes = 0;
        for entry in fs::read_dir(folder)? {
            let entry = entry?;
            let metadata = entry.metadata()?;
            bytes += if metadata.is_dir() { disk_bytes(&entry.path())? } else { metadata.len() };
        }
        Ok(bytes)
    }
}

#[path = "process/http.rs"]
#[allow(dead_code, reason = "the tests use more of it")]
#[allow(clippy::panic, reason = "a benchmark that cannot go on says why and ends")]
mod http;
#[path = "world/rng.rs"]
#[allow(dead_code, reason = "the scenarios use more of it")]
mod rng;

use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use anyhow::{Context, ensure};
use bench::corpus::Corpus;
use bench::dosvid::{COMMUNITY, Node, dosvid};
use bench::queries::{Queries, Times};
use bench::{machine, process};
use http::Api;
use serde_json::Value;

/// Practices, unless the command line says how many.
const COUNT: usize = 20_000;
/// Bytes of text in a practice.
const TEXT_BYTES: std::ops::Range<f64> = 2_000.0..20_000.0;
/// Every so many-th practice lends its words to the queries.
const SAMPLED: usize = 97;
/// Practices that arrive while others are looked for: 50 a second for so many seconds.
const ARRIVALS: usize = 500;
const ARRIVALS_PER_S: u64 = 50;

/// An index whose size stood so long is at rest: it looks every two seconds what is left to do.
const STANDS_FOR: Duration = Duration::from_secs(10);

fn main() -> anyhow::Result<()> {
    // Cargo adds flags of its own.
    let mut arguments = std::env::args().skip(1).filter(|argument| !argument.starts_with("--"));
    let count = arguments.next().map_or(Ok(COUNT), |argument| argument.parse()).context("how many practices")?;
    let (_passing, folder) = match arguments.next() {
        Some(kept) => (None, PathBuf::from(kept)),
        None => {
            let passing = tempfile::tempdir()?;
            let path = passing.path().to_owned();
            (Some(passing), path)
        }
    };
    println!("{}\n", machine::line(&folder));
    let data = folder.join("node");
    let (text_bytes, queries) = prepare(&folder, &data, count)?;
    if !data.join("index").exists() {
        index(&data, count, text_bytes)?;
    }
    let node = Node::start(&data, None)?;
    let token = std::fs::read_to_string(data.join("token"))?;
    let mut api = Api::connect(node.http, token.trim())?;
    wait_until_ready(&mut api, count, &node)?;
    pages(&mut api, &queries)?;
    suggestions(&mut api, &queries)?;
    worst(&mut api)?;
    let (peak, own) = (node.process.cost().peak.unwrap_or_default(), node.process.own_memory().unwrap_or_default());
    println!(
        "memory of the node that served all of this: {:.0} MB at the most, {:.0} MB of its own now\n",
        mb(peak),
        mb(own)
    );
    arrivals(&mut api)?;
    println!("Load at the end: {}", machine::load());
    node.process.stop()?;
    Ok(())
}

fn mb(bytes: u64) -> f64 {
    bytes as f64 / 1e6
}

/// A folder with so many practices and no index, if it is not there yet.
fn prepare(folder: &Path, data: &Path, count: usize) -> anyhow::Result<(u64, Queries)> {
    let file = folder.join("practices.jsonl");
    std::fs::create_dir_all(folder)?;
    let mut out = BufWriter::new(File::create(&file)?);
    let (mut bytes, mut queries) = (0, Queries::default());
    for (n, line) in Corpus::stream(count, TEXT_BYTES).enumerate() {
        let line = line?;
        bytes += text_bytes(&line)?;
        if n % SAMPLED == 0 {
            queries.learn(&line)?;
        }
        writeln!(out, "{line}")?;
    }
    out.into_inner()?.sync_all()?;
    if data.exists() {
        std::fs::remove_file(&file)?;
        return Ok((bytes, queries));
    }
    process::run(dosvid(data).args(["init", "--community", COMMUNITY]))?;
    let imported = process::run(dosvid(data).arg("import").arg(&file))?;
    std::fs::remove_file(&file)?;
    println!("{count} practices, {:.1} MB of text; imported in {:.1} s\n", mb(bytes), imported.wall.as_secs_f64());
    Ok((bytes, queries))
}

/// Bytes of a practice's texts, without its keys and codes.
fn text_bytes(line: &str) -> anyhow::Result<u64> {
    fn texts(value: &Value) -> u64 {
        match value {
            Value::String(text) => text.len() as u64,
            Value::Array(items) => items.iter().map(texts).sum(),
            Value::Object(entries) => entries.values().map(texts).sum(),
            _ => 0,
        }
    }
    Ok(texts(&serde_json::from_str(line)?))
}

/// Has a fresh node index everything, and says what that cost.
fn index(data: &Path, count: usize, text_bytes: u64) -> anyhow::Result<()> {
    let since = Instant::now();
    let node = Node::start(data, None)?;
    let token = std::fs::read_to_string(data.join("token"))?;
    let mut api = Api::connect(node.http, token.trim())?;
    let own = wait_until_ready(&mut api, count, &node)?;
    let seconds = since.elapsed().as_secs_f64();
    let at_once = index_bytes(&mut api)?;
    let cost = node.process.cost();
    let (disk, rest) = at_rest(&mut api)?;
    let peak = node.process.cost().peak.unwrap_or_default();
    println!(
        "| indexing | |\n|---|---:|\n| seconds | {seconds:.1} |\n| practices a second | {:.0} |\n| MB of text a second | {:.2} |\n\
         | CPU of the node, s | {:.1} |\n| MB of text a CPU second | {:.2} |\n| peak memory of the node (VmHWM), MB | {:.0} |\n\
         | without mapped files (RssAnon), MB | {:.0} |\n\
         | index as soon as all is found, MB | {:.1} |\n| {:.0} s later, at rest, MB | {:.1} |\n\
         | bytes of index a byte of text | {:.3} |\n",
        count as f64 / seconds,
        mb(text_bytes) / seconds,
        cost.cpu.unwrap_or_default(),
        mb(text_bytes) / cost.cpu.unwrap_or(f64::NAN),
        mb(peak),
        mb(own),
        mb(at_once),
        rest.as_secs_f64(),
        mb(disk),
        disk as f64 / text_bytes as f64,
    );
    node.process.stop()?;
    Ok(())
}

fn index_bytes(api: &mut Api) -> anyhow::Result<u64> {
    api.ask("GET", "/status", None)?.json()["index"]["disk_bytes"].as_u64().context("bytes of the index")
}

/// Waits until the index has put its segments together: until its size has stood for a while. Gives
/// its size, and after how long it was that.
fn at_rest(api: &mut Api) -> anyhow::Result<(u64, Duration)> {
    let since = Instant::now();
    let mut last = (index_bytes(api)?, Duration::ZERO);
    process::until_every(
        "the index to rest",
        |_| Duration::from_millis(500),
        || {
            let now = index_bytes(api)?;
            if now != last.0 {
                last = (now, since.elapsed());
            }
            Ok((since.elapsed() > last.1 + STANDS_FOR).then_some(last))
        },
    )
}

/// Waits for the index; gives the most memory of its own that the node was seen to hold meanwhile.
fn wait_until_ready(api: &mut Api, count: usize, node: &Node) -> anyhow::Result<u64> {
    let mut most = 0;
    process::until_every(
        "the index",
        |elapsed| (elapsed / 100).clamp(Duration::from_millis(5), Duration::from_millis(200)),
        || {
            most = node.process.own_memory().unwrap_or_default().max(most);
            let status = api.ask("GET", "/status", None)?.json();
            let ready =
                status["index"]["state"] == "ready" && status["index"]["documents"].as_u64() >= Some(count as u64);
            Ok(ready.then_some(most))
        },
    )
}

fn ask(api: &mut Api, path: &str, times: &mut Times) -> anyhow::Result<Value> {
    let since = Instant::now();
    let answer = api.ask("GET", path, None)?;
    times.add(since.elapsed());
    ensure!(answer.is_success(), "{path}: {}", answer.text());
    Ok(answer.json())
}

fn pages(api: &mut Api, queries: &Queries) -> anyhow::Result<()> {
    println!(
        "| a page: ten hits, twelve facets, total, snippets | hits (median) | p50, ms | p99, ms | longest |\n|---|---:|---:|---:|---:|"
    );
    for words in 1..=4 {
        let (mut times, mut totals) = (Times::default(), Vec::new());
        for n in 0..20 + 300 {
            if n == 20 {
                times = Times::default();
            }
            let page = ask(api, &queries.search(words, n), &mut times)?;
            totals.push(page["total"].as_u64().context("a total")?);
        }
        totals.sort_unstable();
        println!("| {words} words | {} | {times} |", totals[totals.len() / 2]);
    }
    for (name, path) in [("no words at all", "/search"), ("no words, narrowed", "/search?sector=culture&stage=running")]
    {
        let mut times = Times::default();
        for _ in 0..100 {
            ask(api, path, &mut times)?;
        }
        println!("| {name} | | {times} |");
    }
    println!();
    Ok(())
}

fn suggestions(api: &mut Api, queries: &Queries) -> anyhow::Result<()> {
    let mut times = Times::default();
    for n in 0..1_000 {
        ask(api, &queries.beginning(n), &mut times)?;
    }
    println!("| | p50, ms | p99, ms | longest |\n|---|---:|---:|---:|\n| suggestions for 1 to 8 letters | {times} |\n");
    Ok(())
}

/// Queries that nobody means: each is answered or refused in time.
fn worst(api: &mut Api) -> anyhow::Result<()> {
    println!("| the worst that may be typed | answer | ms |\n|---|---|---:|");
    for (name, query) in bench::queries::worst() {
        let since = Instant::now();
        let answer = api.ask("GET", &format!("/search?{}", bench::queries::encoded(&[("q", &query)])), None)?;
        println!("| {name} | {} | {:.1} |", answer.status, since.elapsed().as_secs_f64() * 1e3);
    }
    println!();
    Ok(())
}

/// How long a new practice takes to be found while 50 a second arrive.
fn arrivals(api: &mut Api) -> anyhow::Result<()> {
    let mut lines = Corpus::stream(ARRIVALS, TEXT_BYTES);
    let run = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH)?.as_secs() as usize;
    let begun = Instant::now();
    let (mut sent, mut found) = (Vec::new(), Times::default());
    let mut next = 0;
    while next < ARRIVALS || !sent.is_empty() {
        let due = begun.elapsed().as_millis() as u64 * ARRIVALS_PER_S / 1_000;
        if next < ARRIVALS && next as u64 <= due {
            let mut practice: Value = serde_json::from_str(&lines.next().context("enough practices")??)?;
            // Not one of an earlier run on the same folder.
            let sign = format!("знак{}{}", bench::queries::letters(run), bench::queries::letters(next));
            practice["title"] = format!("Надійшла практика {sign}").into();
            // As long as a form asks for, whatever the corpus made.
            for text in ["problem", "solution"] {
                let long = practice[text].as_str().unwrap_or_default().repeat(4);
                practice[text] = long.into();
            }
            practice.as_object_mut().context("an object")?.remove("external_id");
            let answer = api.ask("POST", "/practices", Some(&practice))?;
            ensure!(answer.is_success(), "{}", answer.text());
            sent.push((Instant::now(), sign));
            next += 1;
            continue;
        }
        let Some((since, sign)) = sent.first().cloned() else { continue };
        let path =
            format!("/search?{}", bench::queries::encoded(&[("q", &sign), ("verbatim", "true"), ("limit", "1")]));
        if api.ask("GET", &path, None)?.json()["total"] != 0 {
            found.add(since.elapsed());
            sent.remove(0);
        }
    }
    println!(
        "| | p50, ms | p99, ms | longest |\n|---|---:|---:|---:|\n| from the answer to a publication until it is found, {ARRIVALS_PER_S} a second arriving | {found} |\n"
    );
    Ok(())
}
