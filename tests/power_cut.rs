//! Power cuts: what was acknowledged is there after the plug was pulled, whatever the program was at.
//!
//! The folder lies on an ext4 file system in a file, mounted through a loop device. A cut stops the
//! process, copies that file (which holds what reached the block layer, and not what the kernel
//! still keeps for the file system), kills the process, and mounts the copy. This models the loss of
//! everything not synced; it does not model a drive that lies about its own cache.
//!
//! A kill is the same without the disk: the process ends at once, and what it gave to the system is kept.
//!
//! Some cuts fall into the recovery from the cut before, and some into the rebuilding of a store that
//! is gone. Several cuts fall into one life of one town, so each recovery is built on by the next; then a
//! life begins on an empty disk, so that cuts also meet a town in its first seconds.

mod disk;
mod writer;

use std::collections::BTreeMap;
use std::path::Path;
use std::process::Stdio;
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::process::material::{CODE, rows, write_jsonl};
use crate::process::program::{DONE, command, signal};
use crate::process::town::{Town, agree_on_records};
use crate::process::{PATIENCE, wait_for};
use crate::world::rng::{Rng, from_environment, seed};

use disk::Disk;
use writer::{Acknowledged, Stands, Writer};

/// Cuts of a run, unless `DOSVID_POWER_CUTS` says another number.
const CUTS: usize = 25;
/// Kills of a run, unless `DOSVID_KILLS` says another number.
const KILLS: usize = 13;
/// Cuts in one life: a larger library only makes the checks slower.
const CUTS_OF_A_LIFE: usize = 13;
/// The environment variable that says how many practices of others a town has caught up with before the first cut
/// of a life, and before each further one; none unless it does.
const LIBRARY: &str = "DOSVID_LIBRARY";
/// Letters of each of these.
const LIBRARY_LETTERS: usize = 1_500;
/// Practices that the peer publishes before each catch-up that will be cut: more than one block.
const PEER_NEWS: usize = 30;
/// Letters of each of these.
const PEER_LETTERS: usize = 25_000;
/// Rows of a file whose import will be cut.
const IMPORT_ROWS: usize = 400;
/// The longest that an import is left alone before it is cut, ms.
const IMPORT_MS: u64 = 800;

/// What the program is at when the power fails.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum At {
    Publishing,
    Importing,
    CatchingUp,
    /// Filling an empty store from the journal.
    Rebuilding,
    /// Coming up after a cut while publishing.
    Recovering,
}

/// What the cuts of a life meet, in turn.
const TURNS: [At; 6] = [At::Publishing, At::Importing, At::Recovering, At::CatchingUp, At::Rebuilding, At::Publishing];
/// The longest that a start is left alone before it is cut, ms: it takes a third of that or all.
const START_MS: u64 = 400;

#[derive(Default, Debug)]
struct Tally {
    cuts: usize,
    acknowledged: usize,
    lost: usize,
    unopenable: usize,
    set_aside: usize,
    /// Milliseconds of the slowest start after a cut.
    slowest_start: u128,
}

/// A town whose power fails or whose process is killed, and all that was acknowledged to it. The order is
/// the one in which they are dropped: nobody may use the disk when it goes.
struct Life {
    town: Town,
    peer: Town,
    /// The disk whose power fails; where only the process is killed, none.
    disk: Option<Disk>,
    /// Practices of the peer that the town has before each cut.
    library: usize,
    rng: Rng,
    acknowledged: Acknowledged,
}

#[test]
fn what_was_acknowledged_survives_power_cuts() {
    if let Err(why) = Disk::new(0) {
        let required = std::env::var_os("DOSVID_POWER_CUTS_REQUIRED").is_some_and(|value| value == "1");
        assert!(!required, "the power cuts must run here and cannot: {why}");
        eprintln!("SKIPPED: power cuts need root, ext4 and a loop device: {why}");
        return;
    }
    live_and_die("DOSVID_POWER_CUTS", CUTS, |library| Some(Disk::new(library).expect("it could be made before")));
}

#[test]
fn what_was_acknowledged_survives_kills() {
    live_and_die("DOSVID_KILLS", KILLS, |_| None);
}

/// Lives until so many cuts have been survived, each on a disk of its own or on that of the test.
fn live_and_die(variable: &str, cuts: usize, disk: impl Fn(usize) -> Option<Disk>) {
    let (seed, cuts, library) = (seed(), from_environment(variable, cuts), from_environment(LIBRARY, 0));
    println!(
        "replay with DOSVID_SEED={seed} {variable}={cuts} {LIBRARY}={library} cargo test --test network power_cut"
    );
    let (mut rng, mut tally, started) = (Rng::new(seed), Tally::default(), Instant::now());
    while tally.cuts < cuts {
        let mut life = Life::begin(&mut rng, disk(library), library);
        for n in 0..CUTS_OF_A_LIFE.min(cuts - tally.cuts) {
            let at = TURNS[n % TURNS.len()];
            life.until_cut(at, &mut tally);
            life.check(at, &mut tally);
        }
    }
    println!("{tally:?} in {:.0} s", started.elapsed().as_secs_f64());
    assert_eq!((tally.lost, tally.unopenable), (0, 0), "see above what is lost");
}

impl Life {
    fn begin(rng: &mut Rng, disk: Option<Disk>, library: usize) -> Self {
        let mut peer = Town::founded("bar");
        if library > 0 {
            let file = peer.file("library.jsonl");
            write_jsonl(&file, &rows(rng.next(), library, LIBRARY_LETTERS));
            peer.run(&["import", text(&file)]).ends(DONE);
        }
        peer.start();
        let mut town = match &disk {
            Some(disk) => Town::at("ananiv", disk.folder().join("data")),
            None => Town::reader("ananiv"),
        };
        town.run(&["init", "--community", CODE]).ends(DONE);
        town.start();
        Self { town, peer, disk, library, rng: rng.fork(), acknowledged: Acknowledged::default() }
    }

    /// The town has the peer's library, as it had before whatever happened.
    fn fill(&self) {
        if self.library > 0 {
            self.dial();
            agree_on_records(&[&self.town, &self.peer]);
        }
    }

    fn until_cut(&mut self, at: At, tally: &mut Tally) {
        self.fill();
        let before = self.acknowledged.count;
        match at {
            At::Publishing => self.publish_until_cut(),
            At::Importing => self.import_until_cut(),
            At::CatchingUp => self.catch_up_until_cut(),
            At::Rebuilding => self.rebuild_until_cut(),
            At::Recovering => {
                self.publish_until_cut();
                self.start_until_cut();
            }
        }
        tally.cuts += 1;
        tally.acknowledged += self.acknowledged.count - before;
    }

    /// Whatever was said before the process stopped counts, even if it is heard later.
    fn publish_until_cut(&mut self) {
        let before = self.acknowledged.count;
        let writer = Writer::begin(&self.town, std::mem::take(&mut self.acknowledged), self.rng.fork());
        let enough = before + 1 + self.rng.index(40);
        wait_for("acknowledgements", PATIENCE, || {
            let count = writer.count();
            if count >= enough { Ok(()) } else { Err(count.to_string()) }
        });
        self.cut();
        self.acknowledged = writer.end();
    }

    /// The report lies on another disk, so what it says was acknowledged.
    fn import_until_cut(&mut self) {
        let file = self.file_to_import();
        let (source, report) = (self.town.file("rows.jsonl"), self.town.file("report.jsonl"));
        write_jsonl(&source, &file);
        let _ = std::fs::remove_file(&report);
        let mut import = command(self.town.folder());
        import.args(["import", text(&source), "--report", text(&report)]);
        let mut import = import.stdout(Stdio::null()).stderr(Stdio::null()).spawn().expect("started");
        // Into the middle of whatever it is at: the start, a block of rows, or the rest after the last.
        std::thread::sleep(Duration::from_millis(self.rng.below(IMPORT_MS)));
        // One that has not begun yet, on a busy machine, would find no node and write by itself, to a disk that is
        // being taken away.
        signal(import.id(), "STOP");
        self.cut();
        import.kill().expect("it is stopped");
        import.wait().expect("it was killed");
        for row in lines(&report) {
            let line = usize::try_from(row["line"].as_u64().expect("a number")).expect("small");
            let title = file[line - 1]["title"].as_str().expect("a title").to_owned();
            let id = row["id"].as_str().expect("an id").to_owned();
            self.acknowledged.documents.insert(id, Stands::Titled(title));
            self.acknowledged.count += 1;
        }
    }

    fn file_to_import(&mut self) -> Vec<Value> {
        let mut file = rows(self.rng.next(), IMPORT_ROWS, 400);
        for row in &mut file {
            let title = format!("Імпортована {:x}", self.rng.next());
            row["external_id"] = json!(title);
            row["title"] = json!(title);
        }
        file
    }

    fn catch_up_until_cut(&mut self) {
        let news = self.peer.file("news.jsonl");
        let mut fresh = rows(self.rng.next(), PEER_NEWS, PEER_LETTERS);
        for row in &mut fresh {
            row["external_id"] = json!(format!("news:{}", self.rng.next()));
        }
        write_jsonl(&news, &fresh);
        self.peer.run(&["import", text(&news)]).ends(DONE);
        let records = |town: &Town| town.status()["records"].as_u64().expect("a number");
        let before = records(&self.town);
        self.dial();
        wait_for("some records", PATIENCE, || {
            let held = records(&self.town);
            if held > before { Ok(()) } else { Err(format!("{held} records")) }
        });
        // Into the middle of whatever comes after the first records: storing, deriving, syncing.
        std::thread::sleep(Duration::from_millis(self.rng.below(700)));
        self.cut();
    }

    /// Somebody took the store away: own records come from the journal, and the power goes meanwhile.
    fn rebuild_until_cut(&mut self) {
        self.town.stop();
        std::fs::remove_dir_all(self.town.folder().join("store")).expect("removed");
        self.start_until_cut();
    }

    /// The power comes back and goes again, before the node is up or just after.
    fn start_until_cut(&mut self) {
        self.town.launch();
        std::thread::sleep(Duration::from_millis(self.rng.below(START_MS)));
        self.cut();
    }

    fn dial(&self) {
        self.town.ask("POST", "/peers", Some(&json!({ "address": self.peer.address() })));
    }

    /// The power fails, or the process is killed.
    fn cut(&mut self) {
        match &mut self.disk {
            Some(disk) => {
                signal(self.town.process(), "STOP");
                disk.pull_the_plug(|| self.town.kill());
            }
            None => self.town.kill(),
        }
    }

    /// The town opens, has everything that it acknowledged, and goes on.
    fn check(&mut self, at: At, tally: &mut Tally) {
        let started = Instant::now();
        self.town.launch();
        if !self.town.came_up() {
            tally.unopenable += 1;
            eprintln!("cut {}: the node did not open:\n{}", tally.cuts, self.town.log());
            self.town.start();
        }
        tally.slowest_start = tally.slowest_start.max(started.elapsed().as_millis());
        let status = self.town.wait_until("all views are derived", |status| status["pending"] == json!(0));
        let warnings: Vec<&Value> =
            status["warnings"].as_array().expect("a list").iter().map(|warning| &warning["code"]).collect();
        tally.set_aside += usize::from(warnings.contains(&&json!("store_rebuilt")));
        assert!(warnings.iter().all(|code| *code == "store_rebuilt"), "cut {} ({at:?}): {warnings:?}", tally.cuts);
        tally.lost += self.count_lost(&format!("cut {} ({at:?})", tally.cuts));
        let verified = self.town.run(&["verify", "--json"]).ends(DONE).json();
        assert_eq!(verified["problems"], json!([]), "cut {} ({at:?})", tally.cuts);
        if at == At::CatchingUp {
            self.dial();
            agree_on_records(&[&self.town, &self.peer]);
        }
    }

    /// How much is not as it was acknowledged, or is known elsewhere and not here.
    fn count_lost(&mut self, when: &str) -> usize {
        let own = self.town.status()["community"].clone();
        let own = own.as_str().expect("a community");
        let titles = titles_of(&self.town, own);
        let mut lost = 0;
        let under_way = self.acknowledged.under_way.take();
        for (id, stands) in &mut self.acknowledged.documents {
            let seen = titles.get(id).map_or(Stands::Absent, |title| Stands::Titled(title.clone()));
            if seen == *stands {
                continue;
            }
            if under_way != Some((id.clone(), seen.clone())) {
                eprintln!("{when}: {id} is {seen:?} and was acknowledged as {stands:?}");
                lost += 1;
            }
            // Counted once, and the clerk goes on with what there is.
            *stands = seen;
        }
        // Durable before audible: what somebody else has from here is here.
        for (id, _) in titles_of(&self.peer, own) {
            let withdrawn = self.acknowledged.documents.get(&id) == Some(&Stands::Absent);
            if !titles.contains_key(&id) && !withdrawn {
                eprintln!("{when}: {id} was said to a peer and is lost");
                lost += 1;
            }
        }
        lost
    }
}

/// The titles of one community's practices at a running town, by id.
fn titles_of(town: &Town, community: &str) -> BTreeMap<String, String> {
    let mut api = town.api();
    let (mut titles, mut after) = (BTreeMap::new(), String::new());
    loop {
        let page = api.get(&format!("/practices?limit=100&owner={community}{after}")).expect("an answer").json();
        for row in page["rows"].as_array().expect("rows") {
            let field = |name: &str| row[name].as_str().expect("a text").to_owned();
            titles.insert(field("id"), field("title"));
        }
        match page["next"].as_str() {
            Some(next) => after = format!("&after={next}"),
            None => return titles,
        }
    }
}

fn text(path: &Path) -> &str {
    path.to_str().expect("UTF-8")
}

/// The whole lines of a report so far.
fn lines(path: &Path) -> Vec<Value> {
    let text = std::fs::read_to_string(path).unwrap_or_default();
    let whole = text.rfind('\n').map_or("", |end| &text[..end]);
    whole.lines().map(|line| serde_json::from_str(line).expect("JSON")).collect()
}
