//! Two nodes that stay connected: starting, standing idle, hearing news, and one practice edited
//! over and over.

use std::fs;
use std::time::{Duration, Instant};

use anyhow::{Context, ensure};
use serde_json::{Value, json};

use super::corpus::Corpus;
use super::disk_bytes;
use super::dosvid::Node;
use super::http::{Answer, Api};
use super::process::until;
use super::proxy::Proxy;

/// Practices published one after another while the peer listens.
const PUBLICATIONS: usize = 200;
/// Edits of one practice, one after another.
const EDITS: usize = 1_000;
/// How long the nodes stand idle while their CPU is counted. Steps of 10 ms make it good to 0.1 %.
const IDLE: Duration = Duration::from_secs(15);
/// How long after the last news a node is idle.
const SETTLES: Duration = Duration::from_secs(2);
/// Between two looks at whether the peer has it.
const LOOK_EVERY: Duration = Duration::from_micros(500);

/// What two connected nodes did.
pub struct Living {
    /// From a process's start until it answers, of each of the nodes.
    start: [Duration; 2],
    /// Resident bytes of each, idle.
    resident: [u64; 2],
    /// Share of a core of each, idle.
    idle: [f64; 2],
    /// From the request to publish until the answer: durable here.
    published: Vec<Duration>,
    /// From the request to publish until the peer's page shows it.
    seen: Vec<Duration>,
    /// From the first edit's request until the peer has all of them, derived.
    edits: Duration,
    /// Bytes both ways for them.
    wire: u64,
    /// What the disk of each grew by.
    disk: [i64; 2],
}

impl Living {
    /// The rows of a table.
    pub fn table(&self) -> String {
        let [a, b] = self.start.map(millis);
        let [resident_a, resident_b] = self.resident.map(|bytes| format!("{:.1}", bytes as f64 / 1e6));
        let [idle_a, idle_b] = self.idle.map(|share| format!("{:.2}", share * 100.0));
        let [disk_a, disk_b] = self.disk.map(|bytes| format!("{:.2}", bytes as f64 / 1e6));
        let rows = [
            ("start to the first answer, ms", a, b),
            ("idle: resident, MB", resident_a, resident_b),
            ("idle: of a core, %", idle_a, idle_b),
            ("published (durable here) p50 / p99, ms", quantiles(&self.published), "—".into()),
            ("readable at the peer p50 / p99, ms", "—".into(), quantiles(&self.seen)),
            ("1,000 edits of one practice at both, s", format!("{:.2}", self.edits.as_secs_f64()), "—".into()),
            ("— bytes both ways, MB", format!("{:.2}", self.wire as f64 / 1e6), "—".into()),
            ("— disk grew by, MB", disk_a, disk_b),
        ];
        let rows: Vec<String> = rows.iter().map(|(label, a, b)| format!("| {label} | {a} | {b} |")).collect();
        format!("| | who publishes | the peer |\n|---|---:|---:|\n{}", rows.join("\n"))
    }
}

/// Measures two nodes that have the same library already.
pub fn measure(
    server_folder: &std::path::Path,
    client_folder: &std::path::Path,
    corpus: &Corpus,
) -> anyhow::Result<Living> {
    let server = Node::start(server_folder, None)?;
    let start_a = server.process.since().elapsed();
    let wanted = server.status()?;
    let proxy = Proxy::to(wanted.port()?)?;
    let address = format!("/ip4/127.0.0.1/tcp/{}/p2p/{}", proxy.port(), wanted.peer()?);
    let client = Node::start(client_folder, Some(&address))?;
    let start_b = client.process.since().elapsed();
    until("catching up", || Ok(client.status()?.has_caught_up(&wanted).then_some(())))?;
    server.rests()?;
    client.rests()?;
    server.settles()?;
    client.settles()?;
    let (mut a, mut b) = (api(&server)?, api(&client)?);

    std::thread::sleep(SETTLES);
    let before = [server.process.cost().cpu, client.process.cost().cpu];
    std::thread::sleep(IDLE);
    let after = [server.process.cost().cpu, client.process.cost().cpu];
    let share = |n: usize| after[n].zip(before[n]).map_or(0.0, |(after, before)| (after - before) / IDLE.as_secs_f64());
    let resident = [server.process.resident().unwrap_or(0), client.process.resident().unwrap_or(0)];

    let forms = forms(corpus)?;
    let (mut published, mut seen) = (Vec::new(), Vec::new());
    let mut id = String::new();
    for n in 0..PUBLICATIONS {
        let begun = Instant::now();
        id = text(&success(a.ask("POST", "/practices", Some(&forms[n % forms.len()]))?)?, "id")?;
        published.push(begun.elapsed());
        await_page(&mut b, &id)?;
        seen.push(begun.elapsed());
    }

    let disk_before = [disk_bytes(server_folder)?, disk_bytes(client_folder)?];
    let wire_before = proxy.wire().both();
    let begun = Instant::now();
    let mut page = success(a.get(&format!("/practices/{id}"))?)?;
    for n in 0..EDITS {
        page["practice"]["summary"] =
            format!("Змінено {n} разів: {}", "люди змінюють по реченню, ".repeat(3).trim_end()).into();
        let edit = json!({ "base_heads": page["heads"], "content": page["practice"] });
        let edited = success(a.ask("PUT", &format!("/practices/{id}"), Some(&edit))?)?;
        page["heads"] = edited["heads"].clone();
    }
    let wanted = server.status()?;
    until("the edits", || Ok(client.status()?.same(&wanted).then_some(())))?;
    let edits = begun.elapsed();
    let wire = proxy.wire().both() - wire_before;
    ensure!(
        success(b.get(&format!("/practices/{id}"))?)?["practice"] == page["practice"],
        "the peer shows another text"
    );
    std::thread::sleep(SETTLES);
    let disk = [
        disk_bytes(server_folder)? as i64 - disk_before[0] as i64,
        disk_bytes(client_folder)? as i64 - disk_before[1] as i64,
    ];
    client.process.stop()?;
    server.process.stop()?;
    Ok(Living { start: [start_a, start_b], resident, idle: [share(0), share(1)], published, seen, edits, wire, disk })
}

fn api(node: &Node) -> anyhow::Result<Api> {
    let token = fs::read_to_string(node.folder.join("token"))?;
    Ok(Api::connect(node.http, token.trim())?)
}

/// Practices as a form sends them: those of the corpus that are long enough for one.
fn forms(corpus: &Corpus) -> anyhow::Result<Vec<Value>> {
    let long =
        |practice: &Value, key: &str, least| practice[key].as_str().is_some_and(|text| text.chars().count() >= least);
    let mut forms = Vec::new();
    for line in &corpus.lines {
        let mut practice: Value = serde_json::from_str(line)?;
        if long(&practice, "problem", 200) && long(&practice, "solution", 300) && long(&practice, "summary", 50) {
            practice.as_object_mut().context("an object")?.remove("external_id");
            forms.push(practice);
        }
        if forms.len() == PUBLICATIONS {
            break;
        }
    }
    ensure!(!forms.is_empty(), "no practice is long enough for a form");
    Ok(forms)
}

fn await_page(api: &mut Api, id: &str) -> anyhow::Result<()> {
    let begun = Instant::now();
    let path = format!("/practices/{id}");
    while !api.get(&path)?.is_success() {
        ensure!(begun.elapsed() < Duration::from_secs(60), "the peer does not get {id}");
        std::thread::sleep(LOOK_EVERY);
    }
    Ok(())
}

fn success(answer: Answer) -> anyhow::Result<Value> {
    ensure!(answer.is_success(), "{}", answer.text());
    Ok(answer.json())
}

fn text(value: &Value, key: &str) -> anyhow::Result<String> {
    Ok(value[key].as_str().with_context(|| format!("no {key}"))?.to_owned())
}

fn millis(time: Duration) -> String {
    format!("{:.0}", time.as_secs_f64() * 1e3)
}

fn quantiles(times: &[Duration]) -> String {
    let mut sorted = times.to_vec();
    sorted.sort();
    let at = |percent: usize| sorted.get((sorted.len() * percent / 100).min(sorted.len().saturating_sub(1)));
    let written =
        |time: Option<&Duration>| time.map_or("n/a".into(), |time| format!("{:.1}", time.as_secs_f64() * 1e3));
    format!("{} / {}", written(at(50)), written(at(99)))
}
