//! Two real nodes, as people run them.

use std::fs;
use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Duration;

use anyhow::{Context, ensure};
use serde::Deserialize;
use serde_json::Value;

use super::corpus::Corpus;
use super::disk_bytes;
use super::process::{Cost, Process, output, run, until, until_every};
use super::proxy::Proxy;
use super::report::{Column, Disk, Transfer};

/// The community that publishes: Вінницька.
pub const COMMUNITY: &str = "UA05020030000031457";

/// Measures import, catching up from nothing with so many fresh clients, and meeting again.
pub fn measure(folder: &Path, corpus: &Corpus, runs: usize) -> anyhow::Result<Column> {
    let mut column = Column::new("dosvid");
    let (a, b) = (folder.join("a"), folder.join("b"));
    column.publish = Some(publish(&a, &folder.join("practices.jsonl"), corpus)?);
    let server = Node::start(&a, None)?;
    server.rests()?;
    let practices = corpus.lines.len() as u64;
    for _ in 0..runs {
        let _ = fs::remove_dir_all(&b);
        let (transfer, status) = meet(&server, &b, Meeting::First)?;
        ensure!(status.practices == practices, "not every practice can be read");
        column.first.push(transfer);
        survives(&b, &status)?;
    }
    column.disk = Some(Disk { server: disk_bytes(&a)?, client: disk_bytes(&b)? });
    column.nothing = Some(meet(&server, &b, Meeting::Again)?.0);
    change(&server, &folder.join("changed.jsonl"), corpus)?;
    let (changed, status) = meet(&server, &b, Meeting::Again)?;
    column.changed = Some(changed);
    survives(&b, &status)?;
    server.process.stop()?;
    Ok(column)
}

/// A community's whole library from one file, with the views that readers see.
fn publish(folder: &Path, file: &Path, corpus: &Corpus) -> anyhow::Result<(Duration, Cost)> {
    Corpus::write_jsonl(file, corpus.lines.iter().map(String::as_str))?;
    run(dosvid(folder).args(["init", "--community", COMMUNITY]))?;
    let imported = run(dosvid(folder).arg("import").arg(file))?;
    let status = Status::of_folder(folder)?;
    ensure!(status.practices == corpus.lines.len() as u64 && status.pending == 0, "the import is not whole");
    Ok((imported.wall, imported.cost))
}

/// Imports ten rows anew while the node runs.
fn change(server: &Node, file: &Path, corpus: &Corpus) -> anyhow::Result<()> {
    let changed = corpus.changed()?;
    Corpus::write_jsonl(file, changed.iter().map(|(_, line)| line.as_str()))?;
    let report = output(dosvid(&server.folder).args(["import", "--json"]).arg(file))?;
    let report: Value = serde_json::from_str(&report)?;
    ensure!(report["updated"] == changed.len(), "not every change was taken: {report}");
    until("the views of what changed", || Ok((server.status()?.pending == 0).then_some(())))
}

/// Whether a client has met the server before.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Meeting {
    /// Ends when all is here; what it takes until all of it can be searched is measured as well.
    First,
    /// Ends with the catch-up: what there is may be here already.
    Again,
}

/// A client starts, and knows the server's address only.
fn meet(server: &Node, folder: &Path, meeting: Meeting) -> anyhow::Result<(Transfer, Status)> {
    let done = |status: &Status, wanted: &Status| match meeting {
        Meeting::First => status.same(wanted),
        Meeting::Again => status.has_caught_up(wanted),
    };
    let wanted = server.status()?;
    let proxy = Proxy::to(wanted.port()?)?;
    let (before, peer) = (server.process.cost(), wanted.peer()?);
    let client = Node::start(folder, Some(&format!("/ip4/127.0.0.1/tcp/{}/p2p/{peer}", proxy.port())))?;
    let status =
        until_every("catching up", pause, || Ok(Some(client.status()?).filter(|status| done(status, &wanted))))?;
    let mut transfer = Transfer {
        wall: client.process.since().elapsed(),
        server: server.process.cost().since(before),
        client: client.process.cost(),
        wire: proxy.wire(),
        found: None,
    };
    if meeting == Meeting::Again {
        // What the two say to each other after they have caught up belongs to their meeting, too.
        transfer.wire = proxy.quiet()?;
    } else {
        client.rests()?;
        transfer.found = Some((client.process.since().elapsed(), client.process.cost()));
    }
    client.process.stop()?;
    Ok((transfer, status))
}

/// To look costs the node some time: at most every 50th of the time so far.
fn pause(elapsed: Duration) -> Duration {
    (elapsed / 50).clamp(Duration::from_millis(5), Duration::from_millis(100))
}

/// What was caught up is still there after the end, and readable at once.
fn survives(folder: &Path, before: &Status) -> anyhow::Result<()> {
    let after = Status::of_folder(folder)?;
    ensure!(after.same(before) && after.practices == before.practices, "the stopped node has lost something");
    Ok(())
}

/// The program on a data folder.
pub fn dosvid(folder: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_dosvid"));
    command.args(["--lang", "en", "--log", "warn", "--data-dir"]).arg(folder).stdout(Stdio::null());
    command
}

/// What `dosvid status --json` prints, as far as it matters here.
#[derive(Debug, Deserialize)]
pub struct Status {
    fingerprint: String,
    practices: u64,
    pending: u64,
    addresses: Vec<String>,
    caught_up_at: Option<u64>,
    index: Option<Index>,
}

/// What it says of the search index.
#[derive(Debug, Deserialize)]
struct Index {
    state: String,
    waiting: u64,
    settled: bool,
}

impl Status {
    fn of_folder(folder: &Path) -> anyhow::Result<Self> {
        Ok(serde_json::from_str(&output(dosvid(folder).args(["status", "--json"]))?)?)
    }

    /// Whether everything of `wanted` is here, checked and readable.
    pub fn same(&self, wanted: &Self) -> bool {
        self.fingerprint == wanted.fingerprint && self.pending == 0
    }

    /// The same, after a catch-up that ended.
    pub fn has_caught_up(&self, wanted: &Self) -> bool {
        self.same(wanted) && self.caught_up_at.is_some()
    }

    /// Whether everything that is here can be searched.
    fn is_searchable(&self) -> bool {
        self.index.as_ref().is_some_and(|index| index.state == "ready" && index.waiting == 0)
    }

    fn part(&self, name: &str) -> anyhow::Result<&str> {
        let address = self.addresses.first().context("the node listens nowhere")?;
        let after = address.split('/').skip_while(|part| *part != name).nth(1);
        after.with_context(|| format!("no {name} in {address}"))
    }

    pub fn port(&self) -> anyhow::Result<u16> {
        Ok(self.part("tcp")?.parse()?)
    }

    pub fn peer(&self) -> anyhow::Result<String> {
        Ok(self.part("p2p")?.to_owned())
    }
}

/// `dosvid run`.
pub struct Node {
    pub process: Process,
    pub folder: PathBuf,
    pub http: SocketAddr,
}

impl Node {
    pub fn start(folder: &Path, peer: Option<&str>) -> anyhow::Result<Self> {
        let mut command = dosvid(folder);
        command.args(["run", "--http", "127.0.0.1:0", "--listen", "/ip4/127.0.0.1/tcp/0"]);
        command.args(peer.iter().flat_map(|peer| ["--peer", peer]));
        let process = Process::start(&mut command)?;
        let http = until("the node's start", || Ok(announced(folder).filter(|http| get(*http).is_ok())))?;
        Ok(Self { process, folder: folder.to_owned(), http })
    }

    /// Waits until everything is derived and can be searched.
    pub fn rests(&self) -> anyhow::Result<()> {
        let rests = |status: &Status| status.pending == 0 && status.is_searchable();
        until_every("the search index", pause, || Ok(rests(&self.status()?).then_some(())))
    }

    /// Waits until the search index has been put together, too, which it does when nothing else is to be done.
    pub fn settles(&self) -> anyhow::Result<()> {
        let settled = |status: &Status| status.index.as_ref().is_some_and(|index| index.settled);
        until_every("the index at rest", pause, || Ok(settled(&self.status()?).then_some(())))
    }

    /// The same bytes that the command prints, without starting a program for each look.
    pub fn status(&self) -> anyhow::Result<Status> {
        Ok(serde_json::from_slice(&get(self.http)?)?)
    }
}

/// Where a node says that it serves its API.
fn announced(folder: &Path) -> Option<SocketAddr> {
    let running: Value = serde_json::from_slice(&fs::read(folder.join("running.json")).ok()?).ok()?;
    running["http"].as_str()?.parse().ok()
}

fn get(http: SocketAddr) -> anyhow::Result<Vec<u8>> {
    let mut stream = TcpStream::connect(http)?;
    write!(stream, "GET /api/v1/status HTTP/1.0\r\nHost: {http}\r\nConnection: close\r\n\r\n")?;
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer)?;
    ensure!(answer.starts_with(b"HTTP/1.") && answer[8..].starts_with(b" 200"), "the node did not answer");
    let head =
        answer.windows(4).position(|window| window == b"\r\n\r\n").context("an answer without an end of its head")?;
    Ok(answer.split_off(head + 4))
}
