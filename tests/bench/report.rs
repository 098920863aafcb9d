//! What was measured, and how it is printed.

use std::time::Duration;

use super::process::Cost;
use super::proxy::Wire;

/// What stands in a cell of which nothing is known.
const NOTHING: &str = "n/a";

/// One meeting of a server and a client.
#[derive(Clone, Copy, Debug)]
pub struct Transfer {
    /// From the client's start until it has everything.
    pub wall: Duration,
    /// What it cost the server, beyond what it had cost before.
    pub server: Cost,
    pub client: Cost,
    pub wire: Wire,
    /// When a fresh client could search all of it, from its start, and what it had cost by then.
    pub found: Option<(Duration, Cost)>,
}

/// Bytes on the disk.
#[derive(Clone, Copy, Debug)]
pub struct Disk {
    pub server: u64,
    pub client: u64,
}

/// What one way of copying did.
pub struct Column {
    pub name: &'static str,
    /// Making the server's side, with its cost.
    pub publish: Option<(Duration, Cost)>,
    /// Fresh clients, each from nothing.
    pub first: Vec<Transfer>,
    pub disk: Option<Disk>,
    /// The same client again, with nothing new.
    pub nothing: Option<Transfer>,
    /// And again, after ten practices changed.
    pub changed: Option<Transfer>,
}

impl Column {
    pub fn new(name: &'static str) -> Self {
        Self { name, publish: None, first: Vec::new(), disk: None, nothing: None, changed: None }
    }

    /// The run that took the middle time: all figures of a first copy are this one run's.
    fn middle(&self) -> Option<&Transfer> {
        let mut runs: Vec<&Transfer> = self.first.iter().collect();
        runs.sort_by_key(|run| run.wall);
        runs.get(runs.len() / 2).copied()
    }

    fn range(&self) -> Option<String> {
        let walls = || self.first.iter().map(|run| run.wall);
        Some(format!("{}–{}", seconds(walls().min()?), seconds(walls().max()?)))
    }
}

/// A row: its label, and what a column says in it.
type Row = (&'static str, fn(&Column, usize) -> Option<String>);

const ROWS: &[Row] = &[
    ("make the first side, s", |c, _| c.publish.map(|(wall, _)| seconds(wall))),
    ("— rows/s", |c, count| c.publish.map(|(wall, _)| rate(count, wall))),
    ("— CPU, s", |c, _| c.publish.and_then(|(_, cost)| cost.cpu).map(cpu)),
    ("— peak memory, MB", |c, _| c.publish.and_then(|(_, cost)| cost.peak).map(mb)),
    ("first copy, s (middle run)", |c, _| c.middle().map(|run| seconds(run.wall))),
    ("— all runs, s", |c, _| c.range()),
    ("— practices/s", |c, count| c.middle().map(|run| rate(count, run.wall))),
    ("— CPU of the client, s", |c, _| c.middle().and_then(|run| run.client.cpu).map(cpu)),
    ("— CPU of the server, s", |c, _| c.middle().and_then(|run| run.server.cpu).map(cpu)),
    ("— bytes to the client, MB", |c, _| c.middle().map(|run| mb(run.wire.down))),
    ("— bytes to the server, KB", |c, _| c.middle().map(|run| kb(run.wire.up))),
    ("— peak memory of the client, MB", |c, _| c.middle().and_then(|run| run.client.peak).map(mb)),
    ("— peak memory of the server, MB", |c, _| c.middle().and_then(|run| run.server.peak).map(mb)),
    ("— all of it findable at the client, s", |c, _| c.middle()?.found.map(|(wall, _)| seconds(wall))),
    ("— CPU of the client until then, s", |c, _| c.middle()?.found.and_then(|(_, cost)| cost.cpu).map(cpu)),
    ("disk of the client, MB", |c, _| c.disk.map(|disk| mb(disk.client))),
    ("disk of the server, MB", |c, _| c.disk.map(|disk| mb(disk.server))),
    ("again, nothing new: ms", |c, _| c.nothing.map(|run| millis(run.wall))),
    ("— bytes both ways, KB", |c, _| c.nothing.map(|run| kb(run.wire.both()))),
    ("again, 10 changed: ms", |c, _| c.changed.map(|run| millis(run.wall))),
    ("— bytes both ways, KB", |c, _| c.changed.map(|run| kb(run.wire.both()))),
];

/// A Markdown table, a column for each way.
pub fn table(count: usize, columns: &[Column]) -> String {
    let names: Vec<&str> = columns.iter().map(|column| column.name).collect();
    let mut lines = vec![format!("| | {} |", names.join(" | "))];
    lines.push(format!("|---|{}", "---:|".repeat(columns.len())));
    for (label, cell) in ROWS {
        let cells: Vec<String> =
            columns.iter().map(|column| cell(column, count).unwrap_or_else(|| NOTHING.into())).collect();
        lines.push(format!("| {label} | {} |", cells.join(" | ")));
    }
    lines.join("\n")
}

fn seconds(time: Duration) -> String {
    format!("{:.2}", time.as_secs_f64())
}

fn millis(time: Duration) -> String {
    time.as_millis().to_string()
}

fn cpu(seconds: f64) -> String {
    format!("{seconds:.2}")
}

fn rate(count: usize, time: Duration) -> String {
    format!("{:.0}", count as f64 / time.as_secs_f64())
}

/// Millions of bytes.
pub fn mb(bytes: u64) -> String {
    format!("{:.2}", bytes as f64 / 1e6)
}

fn kb(bytes: u64) -> String {
    format!("{:.1}", bytes as f64 / 1e3)
}
