//! Bit rot: single bits flip and sectors become zeros, in every kind of file that a node keeps. What
//! it shows stays true; what others or another of its files still have comes back by itself within a
//! minute; whatever cannot come back is said by the name of its file.
//!
//! The node is off while its files rot, as a computer in a cupboard is. Somebody starts it again when
//! it ends, as the system's services do.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use serde_json::json;

use crate::process::material::{rows, write_jsonl};
use crate::process::program::DONE;
use crate::process::town::{Library, Town, agree};
use crate::world::rng::{Rng, from_environment, seed};

/// Damages of each sort in a run, unless `DOSVID_ROT` says another number.
const DAMAGES: usize = 14;
/// Practices of each of the two towns.
const PRACTICES: usize = 25;
/// Bytes that a disk loses at once.
const SECTOR: usize = 512;
/// How long healing may take.
const A_MINUTE: Duration = Duration::from_secs(60);
/// Starts that somebody tries before he looks at the log.
const STARTS: usize = 3;

/// The kinds of files, by how their paths begin. The store's is met most often: it is the largest.
const KINDS: [&str; 7] = ["store/db", "store/snap", "store/conf", "journal.bundle", "index/", "keys/", "community"];

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Sort {
    Bit,
    Sector,
}

/// What became of one damage.
#[derive(Clone, PartialEq, Eq, Debug)]
enum Fate {
    /// All is as before after so many milliseconds.
    Healed(u128),
    /// The node says which file it cannot use.
    Reported,
    /// Neither.
    Lost(String),
}

#[derive(Default, Debug)]
struct Tally {
    damages: usize,
    healed: usize,
    reported: usize,
    lost: usize,
    slowest_ms: u128,
}

/// A town whose files rot, its peer, and what both hold.
struct Cupboard {
    peer: Town,
    town: Town,
    truth: Library,
    copy: PathBuf,
    rng: Rng,
}

#[test]
fn what_rots_is_healed_or_named_and_never_shown() {
    let (seed, damages) = (seed(), from_environment("DOSVID_ROT", DAMAGES));
    println!("replay with DOSVID_SEED={seed} DOSVID_ROT={damages} cargo test --test network rot");
    let (mut cupboard, started) = (Cupboard::fill(Rng::new(seed)), Instant::now());
    let mut tallies: BTreeMap<&str, Tally> = BTreeMap::new();
    for sort in [Sort::Bit, Sort::Sector] {
        for n in 0..damages {
            let kind = KINDS[n % KINDS.len()];
            let fate = cupboard.rot(kind, sort);
            let tally = tallies.entry(kind).or_default();
            tally.damages += 1;
            match &fate {
                Fate::Healed(ms) => {
                    tally.healed += 1;
                    tally.slowest_ms = tally.slowest_ms.max(*ms);
                }
                Fate::Reported => tally.reported += 1,
                Fate::Lost(why) => {
                    tally.lost += 1;
                    eprintln!("{sort:?} {n} in {kind}: {why}");
                }
            }
        }
    }
    println!("{tallies:#?} in {:.0} s", started.elapsed().as_secs_f64());
    assert_eq!(tallies.values().map(|tally| tally.lost).sum::<usize>(), 0, "see above");
}

impl Cupboard {
    fn fill(rng: Rng) -> Self {
        let (mut peer, mut town) = (Town::founded("bar"), Town::founded("ananiv"));
        for (town, seed) in [(&peer, 51), (&town, 52)] {
            let file = town.file("rows.jsonl");
            write_jsonl(&file, &rows(seed, PRACTICES, 1_500));
            town.run(&["import", file.to_str().expect("UTF-8")]).ends(DONE);
        }
        peer.start();
        town.peers.push(peer.address());
        town.start();
        let truth = agree(&[&peer, &town]);
        town.wait_until("the index is ready", |status| status["index"]["state"] == json!("ready"));
        town.stop();
        // Once more, so that the database has written its own summary.
        town.start();
        town.stop();
        let copy = town.back_up();
        Self { peer, town, truth, copy, rng }
    }

    /// Damages one file of a kind, starts the node, and sees what becomes of it.
    fn rot(&mut self, kind: &str, sort: Sort) -> Fate {
        self.town.restore(&self.copy);
        let files = files_of(self.town.folder(), kind);
        let file = self.rng.pick(&files).clone();
        damage(&file, sort, &mut self.rng);
        let name = file.file_name().and_then(|name| name.to_str()).expect("a name").to_owned();
        let begun = Instant::now();
        let fate = self.wait(&name, begun);
        if self.town.is_running() {
            self.town.kill();
        }
        let _ = fs::remove_file(self.town.file("log"));
        fate
    }

    fn wait(&mut self, name: &str, begun: Instant) -> Fate {
        let mut starts = 0;
        loop {
            if !self.town.is_running() {
                if starts == STARTS {
                    let log = self.town.log();
                    return if log.contains(name) { Fate::Reported } else { Fate::Lost(log) };
                }
                starts += 1;
                self.town.launch();
                if !self.town.came_up() {
                    continue;
                }
            }
            if self.is_named(name) {
                return Fate::Reported;
            }
            match self.look() {
                Ok(true) => return Fate::Healed(begun.elapsed().as_millis()),
                // It has just ended, to be started again.
                Err(why) if why == ENDED => {}
                Err(why) => return Fate::Lost(why),
                Ok(false) if begun.elapsed() > A_MINUTE => return Fate::Lost(self.town.log()),
                Ok(false) => std::thread::sleep(Duration::from_millis(100)),
            }
        }
    }

    /// Whether the status names a file that cannot be used.
    fn is_named(&self, name: &str) -> bool {
        let status = self.town.api().get("/status").ok().filter(|answer| answer.status == 200);
        status.is_some_and(|status| status.json()["warnings"].to_string().contains(name))
    }

    /// Whether all is as it was. Whatever is shown must be true.
    fn look(&mut self) -> Result<bool, String> {
        let Some(seen) = self.town.try_library() else {
            return if self.town.ended() { Err(ENDED.into()) } else { Ok(false) };
        };
        for (id, page) in &seen {
            if self.truth.get(id) != Some(page) {
                return Err(format!("{id} is shown as it never was: {page}"));
            }
        }
        let status = self.town.status();
        let known = ["store_rebuilt", "journal_damaged"];
        let said = status["warnings"].as_array().expect("a list").iter();
        let unknown = said.filter(|warning| !known.contains(&warning["code"].as_str().unwrap_or_default())).count();
        let ready = status["index"]["state"] == json!("ready") && status["pending"] == json!(0) && unknown == 0;
        if seen.len() < self.truth.len() || !ready || !self.finds_as_many() || !self.journal_is_whole() {
            return Ok(false);
        }
        Ok(true)
    }

    /// Search finds here what it finds at the peer.
    fn finds_as_many(&self) -> bool {
        let ask = |town: &Town| {
            town.api().get("/search?q=%D0%BF%D0%B0%D1%80%D0%BA").ok().map(|answer| answer.json()["total"].clone())
        };
        ask(&self.town).is_some_and(|here| Some(here) == ask(&self.peer))
    }

    /// Every own record can be read from the journal.
    fn journal_is_whole(&self) -> bool {
        let copy = self.town.file("journal.copy");
        fs::copy(self.town.folder().join("journal.bundle"), &copy).expect("copied");
        let (_, tail) = node::journal::Journal::open(&copy, 0).expect("opened");
        // The charter as well.
        !tail.damaged && tail.torn_bytes == 0 && tail.records.len() > PRACTICES
    }
}

/// What somebody sees who asks a node that has just ended.
const ENDED: &str = "it ended";

/// The files of a kind, with something in them.
fn files_of(folder: &Path, kind: &str) -> Vec<PathBuf> {
    let (mut found, mut folders) = (Vec::new(), vec![folder.to_owned()]);
    while let Some(at) = folders.pop() {
        for path in fs::read_dir(at).expect("a folder").map(|entry| entry.expect("readable").path()) {
            let place = path.strip_prefix(folder).expect("inside").to_string_lossy().replace('\\', "/");
            let len = fs::metadata(&path).expect("there").len();
            if path.is_dir() {
                folders.push(path);
            } else if place.starts_with(kind) && len > 0 && !place.ends_with(".lock") {
                found.push(path);
            }
        }
    }
    found.sort();
    assert!(!found.is_empty(), "there is no {kind}");
    found
}

/// Flips a bit of a file, or makes one of its sectors zeros; where something stands.
fn damage(file: &Path, sort: Sort, rng: &mut Rng) {
    let mut bytes = fs::read(file).expect("read");
    let end = bytes.iter().rposition(|byte| *byte != 0).expect("something stands there") + 1;
    let at = rng.index(end);
    match sort {
        Sort::Bit => bytes[at] ^= 1 << rng.below(8),
        Sort::Sector => {
            let start = at - at % SECTOR;
            let end = (start + SECTOR).min(bytes.len());
            bytes[start..end].fill(0);
        }
    }
    fs::write(file, bytes).expect("written");
}
