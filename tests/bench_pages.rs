//! `cargo bench -p node --bench pages [-- COUNT [FOLDER]]`: how long the server takes for each page and
//! for the answers of the API that count, and how many bytes a first visit costs, with so many generated
//! practices (2 to 20 KB of text each) and half as many adoptions of them by twenty communities.
//!
//! A real node on this machine, asked over HTTP on the loopback by one visitor at a time, each request on
//! a connection of its own, as a browser asks for a page. With a FOLDER the node's data are kept there and
//! used again. `docs/performance.md` says how to read the figures.

mod bench {
    #[allow(dead_code, reason = "another benchmark uses the rest")]
    pub mod corpus;
    #[allow(dead_code, reason = "another benchmark uses the rest")]
    pub mod dosvid;
    pub mod machine;
    pub mod network;
    #[allow(dead_code, reason = "another benchmark uses the rest")]
    pub mod process;
    #[allow(dead_code, reason = "another benchmark uses the rest")]
    pub mod proxy;
    #[allow(dead_code, reason = "another benchmark uses the rest")]
    pub mod queries;
    #[allow(dead_code, reason = "another benchmark uses the rest")]
    pub mod report;
    pub mod words;

    use std::path::Path;

    /// Another benchmark measures the disk.
    pub fn disk_bytes(_: &Path) -> anyhow::Result<u64> {
        Ok(0)
    }
}

#[path = "process/http.rs"]
#[allow(dead_code, reason = "the tests use more of it")]
#[allow(clippy::panic, reason = "a benchmark that cannot go on says why and ends")]
mod http;
#[path = "world/rng.rs"]
#[allow(dead_code, reason = "the scenarios use more of it")]
mod rng;

use std::collections::BTreeSet;
use std::fs::File;
use std::io::{BufWriter, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use anyhow::{Context, ensure};
use bench::corpus::Corpus;
use bench::dosvid::{COMMUNITY, Node, dosvid};
use bench::queries::Times;
use bench::{machine, network, process};
use http::Api;
use serde_json::{Value, json};

/// Practices, unless the command line says how many.
const COUNT: usize = 20_000;
/// Bytes of text in a practice.
const TEXT_BYTES: std::ops::Range<f64> = 2_000.0..20_000.0;
/// How often each page is asked for.
const TIMES: usize = 200;
/// The bars: what a page may take on the server, and what a first visit may cost in all.
const SERVER_MS_MAX: f64 = 50.0;
/// What a page may take in 99 of 100 cases: counts, plots and matching are to answer within it.
const SLOW_MS_MAX: f64 = 100.0;
const BYTES_MAX: usize = 150_000;
const NAME: &str = "Оксана";
const PASSWORD: &str = "чотири сині парасолі";

fn main() -> anyhow::Result<()> {
    let arguments: Vec<String> = std::env::args().skip(1).filter(|argument| !argument.starts_with("--")).collect();
    let count = arguments.first().and_then(|count| count.parse().ok()).unwrap_or(COUNT);
    let temporary = tempfile::tempdir()?;
    let folder = arguments.get(1).map_or_else(|| temporary.path().to_owned(), PathBuf::from);
    std::fs::create_dir_all(&folder)?;
    println!("{}\n", machine::line(&folder));
    let data = folder.join("node");
    if !data.exists() {
        prepare(&folder, &data, count)?;
    }
    let node = Node::start(&data, None)?;
    let token = std::fs::read_to_string(data.join("token"))?;
    let mut api = Api::connect(node.http, token.trim())?;
    // To ask for the status costs the node some time, which the index needs.
    process::until_every(
        "the index",
        |_| Duration::from_secs(1),
        || {
            let status = api.ask("GET", "/status", None)?.json();
            let documents = status["index"]["documents"].as_u64().unwrap_or_default();
            Ok((status["index"]["state"] == "ready" && documents >= count as u64).then_some(()))
        },
    )?;
    // An account of an earlier run is as good.
    api.ask("POST", "/accounts", Some(&json!({ "name": NAME, "role": "administrator", "password": PASSWORD })))?;
    let cookie = sign_in(node.http)?;
    println!("{count} practices; {TIMES} requests a page\n");
    println!("| page | p50, ms | p99, ms | longest | page, KB | in all, KB |\n|---|---:|---:|---:|---:|---:|");
    let mut over = Vec::new();
    for (name, address) in pages(&mut api)? {
        over.extend(measure(node.http, &cookie, &name, &address)?);
    }
    println!("\nLoad at the end: {}", machine::load());
    println!("Over the bars ({SERVER_MS_MAX} ms at p50, {SLOW_MS_MAX} ms at p99, {BYTES_MAX} bytes): {over:?}");
    node.process.stop()?;
    Ok(())
}

/// A folder with so many practices and half as many adoptions.
fn prepare(folder: &Path, data: &Path, count: usize) -> anyhow::Result<()> {
    let since = Instant::now();
    process::run(dosvid(data).args(["init", "--community", COMMUNITY]))?;
    let mut lines = Corpus::stream(count, TEXT_BYTES);
    import(folder, data, lines.by_ref().take(network::REPEATED))?;
    network::repeat(data, folder, count / 2)?;
    println!("{} adoptions published and taken over in {:.0} s", count / 2, since.elapsed().as_secs_f64());
    import(folder, data, lines)
}

fn import(folder: &Path, data: &Path, lines: impl Iterator<Item = anyhow::Result<String>>) -> anyhow::Result<()> {
    let file = folder.join("practices.jsonl");
    let mut out = BufWriter::new(File::create(&file)?);
    for line in lines {
        writeln!(out, "{}", line?)?;
    }
    out.into_inner()?.sync_all()?;
    let imported = process::run(dosvid(data).arg("import").arg(&file))?;
    std::fs::remove_file(&file)?;
    println!("imported in {:.1} s", imported.wall.as_secs_f64());
    Ok(())
}

/// A document of a kind, the last that was changed.
fn last(api: &mut Api, kind: &str) -> anyhow::Result<Value> {
    let page = api.get(&format!("/documents?kind={kind}&limit=1"))?.json();
    Ok(page["rows"].as_array().and_then(|rows| rows.first()).context("a row")?.clone())
}

/// Every page that has something to show in such a library.
fn pages(api: &mut Api) -> anyhow::Result<Vec<(String, String)>> {
    let listed: Value = api.get("/practices?limit=100")?.json();
    let ids: Vec<String> = listed["rows"]
        .as_array()
        .context("rows")?
        .iter()
        .filter_map(|row| Some(row["id"].as_str()?.to_owned()))
        .collect();
    ensure!(ids.len() >= 4, "too few practices");
    let owner = listed["rows"][0]["owner"].as_str().context("an owner")?.to_owned();
    let query = |words: &str| bench::queries::encoded(&[("q", words)]);
    let adoption = last(api, "adoption")?;
    let adopted = api.get(&format!("/documents/{}", adoption["id"].as_str().context("an id")?))?.json();
    let adopted = adopted["content"]["about"].as_str().context("what it repeats")?.to_owned();
    let exchange = last(api, "exchange")?;
    let (adoption, exchange) = (adoption["id"].as_str().context("an id")?, exchange["id"].as_str().context("an id")?);
    let pages = [
        ("start page", "/".to_owned()),
        ("catalogue", "/practices".to_owned()),
        ("catalogue, one word", format!("/practices?{}", query("громада"))),
        ("catalogue, three words", format!("/practices?{}", query("бюджет участі школа"))),
        ("catalogue, narrowed", "/practices?sector=culture&stage=running".to_owned()),
        ("catalogue, nearest first", "/practices?sort=near".to_owned()),
        ("catalogue, page 40", "/practices?offset=780".to_owned()),
        ("practice", format!("/practices/{}", ids[0])),
        ("history of a practice", format!("/practices/{}/history", ids[1])),
        ("four side by side", format!("/practices/compare?id={}", ids[..4].join("&id="))),
        ("registry", "/communities".to_owned()),
        ("community", format!("/communities/{owner}")),
        ("map", "/map".to_owned()),
        ("network", "/network".to_owned()),
        ("desk", "/desk".to_owned()),
        ("form of a new practice", "/write/new".to_owned()),
        ("form to fill in by hand", "/write/blank".to_owned()),
        ("edit of a practice", format!("/practices/{}/edit", ids[2])),
        ("people", "/accounts".to_owned()),
        ("log of deeds", "/deeds".to_owned()),
        ("sign-in", "/sign-in".to_owned()),
        ("practice that many repeat", format!("/practices/{adopted}")),
        ("adoptions", "/adoptions".to_owned()),
        ("adoption", format!("/records/{adoption}")),
        ("request with who can help", format!("/records/{exchange}")),
        ("requests and offers", "/exchange".to_owned()),
        ("achievements: counts and plots", "/achievements".to_owned()),
        ("digest of the week", "/digest".to_owned()),
        ("messages", "/messages".to_owned()),
        ("API: adoptions by state", "/api/v1/census?kind=adoption".to_owned()),
        ("API: adoptions by outcome and sector", "/api/v1/census?kind=adoption&by=outcome&by=sector".to_owned()),
        ("API: practices by oblast and month", "/api/v1/census?kind=practice&by=oblast&by=month".to_owned()),
        ("API: adoptions of a practice", format!("/api/v1/documents?kind=adoption&about={adopted}")),
    ];
    Ok(pages.map(|(name, address)| (name.to_owned(), address)).into())
}

/// Asks for a page again and again, and once for everything that it names; says which bar it breaks.
fn measure(to: SocketAddr, cookie: &str, name: &str, address: &str) -> anyhow::Result<Option<String>> {
    let mut times = Vec::new();
    let mut packed = 0;
    for n in 0..10 + TIMES {
        let since = Instant::now();
        let answer = ask(to, address, cookie, true)?;
        if n >= 10 {
            times.push(since.elapsed());
        }
        ensure!(matches!(answer.status, 200 | 303 | 307), "{address}: {}", answer.status);
        packed = answer.wire;
    }
    times.sort_unstable();
    let at = |share: usize| times[times.len() * share / 100].as_secs_f64() * 1e3;
    let (middle, slow) = (at(50), at(99));
    let mut shown = Times::default();
    times.into_iter().for_each(|time| shown.add(time));
    let all = packed + with_assets(to, cookie, address)?;
    println!("| {name} | {shown} | {:.1} | {:.1} |", packed as f64 / 1e3, all as f64 / 1e3);
    Ok((middle > SERVER_MS_MAX || slow > SLOW_MS_MAX || all > BYTES_MAX).then(|| name.to_owned()))
}

/// Bytes of everything that a page makes an empty browser fetch, fonts for both alphabets included.
fn with_assets(to: SocketAddr, cookie: &str, address: &str) -> anyhow::Result<usize> {
    let page = String::from_utf8_lossy(&ask(to, address, cookie, false)?.body).into_owned();
    // What a script may fetch later, when it is needed, stands in other attributes.
    let mut names = named(&page, "src=\"/assets/");
    names.extend(named(&page, "href=\"/assets/"));
    let sheet = names.iter().find(|name| name.ends_with(".css")).cloned();
    if let Some(sheet) = sheet {
        let sheet = String::from_utf8_lossy(&ask(to, &sheet, "", false)?.body).into_owned();
        names.extend(named(&sheet, "\"/assets/"));
    }
    let mut bytes = 0;
    for name in names {
        bytes += ask(to, &name, "", true)?.wire;
    }
    Ok(bytes)
}

fn named(text: &str, start: &str) -> BTreeSet<String> {
    text.split(start).skip(1).filter_map(|rest| Some(format!("/assets/{}", rest.split('"').next()?))).collect()
}

/// What came back.
struct Answer {
    status: u16,
    head: String,
    /// Bytes of head and body as they travelled.
    wire: usize,
    body: Vec<u8>,
}

fn ask(to: SocketAddr, address: &str, cookie: &str, is_packed: bool) -> anyhow::Result<Answer> {
    let packing = if is_packed { "gzip" } else { "identity" };
    send(
        to,
        &format!(
            "GET {address} HTTP/1.1\r\nhost: {to}\r\naccept-encoding: {packing}\r\ncookie: {cookie}\r\nconnection: close\r\n\r\n"
        ),
    )
}

fn send(to: SocketAddr, request: &str) -> anyhow::Result<Answer> {
    let mut stream = TcpStream::connect(to)?;
    stream.set_nodelay(true)?;
    stream.write_all(request.as_bytes())?;
    let mut all = Vec::new();
    stream.read_to_end(&mut all)?;
    let end = all.windows(4).position(|four| four == b"\r\n\r\n").context("a head")? + 4;
    let head = String::from_utf8_lossy(&all[..end]).into_owned();
    let status = head.split(' ').nth(1).and_then(|code| code.parse().ok()).context("a status")?;
    Ok(Answer { status, wire: all.len(), body: all.split_off(end), head })
}

/// Signs in as a browser does; gives the cookie.
fn sign_in(to: SocketAddr) -> anyhow::Result<String> {
    let form = bench::queries::encoded(&[("name", NAME), ("password", PASSWORD)]);
    let answer = send(
        to,
        &format!(
            "POST /sign-in HTTP/1.1\r\nhost: {to}\r\norigin: http://{to}\r\nsec-fetch-site: same-origin\r\n\
             content-type: application/x-www-form-urlencoded\r\ncontent-length: {}\r\nconnection: close\r\n\r\n{form}",
            form.len()
        ),
    )?;
    let cookies = answer.head.lines().filter_map(|line| {
        let (name, value) = line.split_once(':')?;
        name.eq_ignore_ascii_case("set-cookie").then(|| value.trim().split(';').next().unwrap_or_default().to_owned())
    });
    let cookies: Vec<String> = cookies.collect();
    ensure!(!cookies.is_empty(), "not signed in: {}", answer.head);
    Ok(cookies.join("; "))
}
