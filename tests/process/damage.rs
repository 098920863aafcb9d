//! Damage on the disk: said plainly, never a wrong answer, and healed from the journal and from peers.

use std::collections::BTreeMap;
use std::fs::{self, OpenOptions};
use std::io::{Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

use serde_json::{Value, json};

use super::material::{practice, rows, write_jsonl};
use super::program::{DONE, PARTLY};
use super::town::{Library, Town, agree, copy_folder};
use crate::process::program;
use crate::world::rng::Rng;

/// Own practices and the neighbour's, in the folder that will be damaged.
const OWN: usize = 30;
const THEIRS: usize = 40;

/// Two towns with practices of their own that have met; the second one is off.
struct Neighbours {
    ananiv: Town,
    bar: Town,
    library: Library,
    copy: PathBuf,
}

impl Neighbours {
    fn meet() -> Self {
        let (mut ananiv, mut bar) = (Town::founded("ananiv"), Town::founded("bar"));
        for (town, seed, count) in [(&ananiv, 41, THEIRS), (&bar, 42, OWN)] {
            let file = town.file("rows.jsonl");
            write_jsonl(&file, &rows(seed, count, 2_000));
            town.run(&["import", file.to_str().expect("UTF-8")]).ends(DONE);
        }
        ananiv.start();
        bar.peers.push(ananiv.address());
        bar.start();
        let library = agree(&[&ananiv, &bar]);
        bar.stop();
        let copy = bar.back_up();
        Self { ananiv, bar, library, copy }
    }

    /// Ids of the practices that Bar itself published.
    fn own(&self) -> Vec<&String> {
        let file = self.bar.file("rows.jsonl");
        let lines = fs::read_to_string(file).expect("read");
        let titles: Vec<Value> =
            lines.lines().map(|line| serde_json::from_str::<Value>(line).expect("JSON")["solution"].clone()).collect();
        let own = |seen: &Value| titles.contains(&seen["practice"]["solution"]);
        self.library.iter().filter(|(_, seen)| own(seen)).map(|(id, _)| id).collect()
    }

    fn warnings(&self) -> Vec<String> {
        let status = self.bar.status();
        let warnings = status["warnings"].as_array().expect("a list");
        warnings.iter().map(|warning| warning["code"].as_str().expect("a code").to_owned()).collect()
    }

    /// Bar without its peer: whatever it shows is true, and all of its own is there.
    fn alone_it_has_its_own(&mut self) {
        let peers = std::mem::take(&mut self.bar.peers);
        self.bar.start();
        self.bar.wait_until("nothing is pending", |status| status["pending"] == json!(0));
        self.shows_nothing_wrong();
        for id in self.own() {
            assert!(self.bar.page(id).is_some(), "{id} was published here and is gone");
        }
        self.bar.stop();
        self.bar.peers = peers;
    }

    fn shows_nothing_wrong(&self) {
        for (id, seen) in self.bar.library() {
            assert_eq!(self.library.get(&id), Some(&seen), "{id} is shown as it never was");
        }
    }

    /// With its peer, Bar has everything again, and says that all is well.
    fn together_all_is_as_before(&mut self) {
        if !self.bar.is_running() {
            self.bar.start();
        }
        assert_eq!(agree(&[&self.ananiv, &self.bar]), self.library);
        self.bar.stop();
        let verified = self.bar.run(&["verify", "--json"]).ends(DONE).json();
        assert_eq!(verified["problems"], json!([]));
    }

    fn restore(&mut self) {
        self.bar.restore(&self.copy);
    }
}

/// Overwrites some stretches of a file.
fn scramble(path: &Path, rng: &mut Rng, stretches: u64, longest: u64) {
    let mut file = OpenOptions::new().write(true).open(path).expect("opened");
    let len = file.metadata().expect("a length").len();
    for _ in 0..stretches {
        let mut bytes = vec![0; usize::try_from(1 + rng.below(longest)).expect("small")];
        rng.fill(&mut bytes);
        file.seek(SeekFrom::Start(rng.below(len))).expect("sought");
        file.write_all(&bytes).expect("written");
    }
    file.set_len(len).expect("as long as before");
}

/// Flips single bits of a file.
fn flip(path: &Path, rng: &mut Rng, bits: u64) {
    let mut bytes = Vec::new();
    OpenOptions::new().read(true).open(path).and_then(|mut file| file.read_to_end(&mut bytes)).expect("read");
    // Only where something stands: the database keeps room that nobody reads.
    let end = bytes.iter().rposition(|byte| *byte != 0).expect("something") + 1;
    for _ in 0..bits {
        let at = rng.index(end);
        bytes[at] ^= 1 << rng.below(8);
    }
    fs::write(path, bytes).expect("written");
}

#[test]
fn a_store_that_is_gone_comes_back_from_the_journal_and_the_peer() {
    let mut towns = Neighbours::meet();
    fs::remove_dir_all(towns.bar.folder().join("store")).expect("removed");
    towns.bar.start();
    assert_eq!(towns.warnings(), ["store_rebuilt"]);
    towns.together_all_is_as_before();
    assert!(towns.warnings().is_empty(), "the next start has nothing to report");
    // Without the peer, too, nothing of its own is missing.
    towns.restore();
    fs::remove_dir_all(towns.bar.folder().join("store")).expect("removed");
    towns.alone_it_has_its_own();
}

#[test]
fn a_scrambled_store_is_set_aside_or_healed() {
    let mut towns = Neighbours::meet();
    let mut set_aside = 0;
    for seed in 0..6 {
        towns.restore();
        let mut rng = Rng::new(seed);
        scramble(&towns.bar.folder().join("store/db"), &mut rng, 1 + seed * 8, 4_000);
        let peers = std::mem::take(&mut towns.bar.peers);
        start_despite_damage(&mut towns.bar);
        let warned = towns.warnings().contains(&"store_rebuilt".to_owned());
        let moved = towns.bar.folder().join("store.damaged-1").exists();
        assert_eq!(warned, moved, "seed {seed}: who sets a store aside says so, and nobody else does");
        set_aside += u32::from(moved);
        towns.shows_nothing_wrong();
        towns.bar.stop();
        heal(&towns.bar);
        towns.alone_it_has_its_own();
        towns.bar.peers = peers;
        towns.together_all_is_as_before();
    }
    println!("{set_aside} of 6 scrambled stores were set aside");
    assert!(set_aside > 0, "the test should meet a store that cannot be used");
}

/// Starts a node whose database may break only while it is read: then it says so, ends, and the next
/// start goes on.
fn start_despite_damage(town: &mut Town) {
    for _ in 0..3 {
        town.launch();
        if town.came_up() {
            return;
        }
    }
    panic!("three starts were not enough:\n{}", town.log());
}

/// Verifies until nothing is wrong any more: twice at the most, since what the first pass drops only
/// the second can miss.
fn heal(town: &Town) {
    for _ in 0..3 {
        let ran = town.run(&["verify", "--json"]);
        assert!(!ran.err.contains("panicked at") || ran.code != DONE, "{ran:#?}");
        if ran.code == DONE && ran.json()["problems"] == json!([]) {
            return;
        }
        assert!([DONE, PARTLY, program::FAULT].contains(&ran.code), "{ran:#?}");
        if ran.code == program::FAULT {
            assert!(ran.err.contains("Start the node again") || ran.err.contains("panicked"), "{ran:#?}");
        }
    }
}

#[test]
fn flipped_bits_never_give_a_wrong_answer_and_are_healed() {
    let mut towns = Neighbours::meet();
    let mut found: BTreeMap<String, u32> = BTreeMap::new();
    for seed in 100..108 {
        towns.restore();
        flip(&towns.bar.folder().join("store/db"), &mut Rng::new(seed), 1 << (seed % 8));
        let ran = towns.bar.run(&["verify", "--json"]);
        let outcome = match ran.code {
            _ if towns.bar.folder().join("store.damaged-1").exists() => "set aside",
            DONE if ran.json()["problems"] == json!([]) => "nothing",
            DONE => "healed",
            PARTLY => "dropped",
            _ => "fault",
        };
        *found.entry(outcome.into()).or_default() += 1;
        heal(&towns.bar);
        towns.alone_it_has_its_own();
        towns.together_all_is_as_before();
    }
    println!("flipped bits: {found:?}");
}

#[test]
fn a_journal_torn_at_its_end_starts_clean() {
    let mut town = Town::founded("ananiv");
    town.start();
    for n in 0..5 {
        town.publish(&practice(&mut Rng::new(n), &format!("Практика {n}"), 400));
    }
    let library = town.library();
    town.stop();
    let copy = town.back_up();
    let journal = town.folder().join("journal.bundle");
    let whole = fs::read(&journal).expect("read");
    // 1. What a write leaves that the power interrupted: it was never acknowledged.
    let block = &whole[16..];
    let torn: [&[u8]; 5] = [&[0], &[0; 5_000], b"DVB1", &block[..block.len().min(300)], b"\xff rubbish"];
    for end in torn {
        town.restore(&copy);
        fs::write(&journal, [&whole, end].concat()).expect("written");
        town.start();
        assert_eq!((town.library(), &town.status()["warnings"]), (library.clone(), &json!([])), "{end:?}");
        let id = town.publish(&practice(&mut Rng::new(9), "Після обриву", 400));
        town.kill();
        town.start();
        assert!(town.page(&id).is_some());
        town.stop();
    }
    // 2. A journal that lost bytes which the store has gets them back from there.
    for missing in [1, 100, whole.len() - 20, whole.len()] {
        town.restore(&copy);
        fs::write(&journal, &whole[..whole.len() - missing]).expect("written");
        town.start();
        assert_eq!(town.library(), library);
        town.stop();
        fs::remove_dir_all(town.folder().join("store")).expect("removed");
        town.start();
        town.wait_until("nothing is pending", |status| status["pending"] == json!(0));
        assert_eq!(town.library(), library, "the journal was complete again, {missing} bytes were missing");
        town.stop();
    }
}

#[test]
fn a_journal_damaged_in_the_middle_warns_and_hides_nothing_that_follows() {
    let mut town = Town::founded("ananiv");
    town.start();
    let ids: Vec<String> =
        (0..6).map(|n| town.publish(&practice(&mut Rng::new(n), &format!("Практика {n}"), 400))).collect();
    town.stop();
    let journal = town.folder().join("journal.bundle");
    let mut bytes = fs::read(&journal).expect("read");
    // Store and journal are damaged at once, and nobody else has the records.
    let middle = bytes.len() / 2;
    bytes[middle] ^= 1;
    fs::write(&journal, &bytes).expect("written");
    fs::remove_dir_all(town.folder().join("store")).expect("removed");
    town.start();
    let status = town.wait_until("nothing is pending", |status| status["pending"] == json!(0));
    let codes: Vec<&Value> =
        status["warnings"].as_array().expect("a list").iter().map(|warning| &warning["code"]).collect();
    assert_eq!(codes, ["store_rebuilt", "journal_damaged"]);
    assert_eq!(ids.iter().filter(|id| town.page(id).is_some()).count(), 5, "one block was hit");
    assert!(town.page(&ids[5]).is_some(), "what follows the damage is there");
    town.publish(&practice(&mut Rng::new(9), "Далі", 400));
    town.stop();
    assert_eq!(town.status()["warnings"], json!([]));
    assert!(town.folder().join("journal.damaged").exists(), "the damaged one is kept");
}

#[test]
fn a_journal_damaged_before_what_is_taken_back_keeps_the_rest() {
    let mut town = Town::founded("ananiv");
    town.start();
    let ids: Vec<String> =
        (0..6).map(|n| town.publish(&practice(&mut Rng::new(n), &format!("Практика {n}"), 400))).collect();
    town.stop();
    let journal = town.folder().join("journal.bundle");
    let mut bytes = fs::read(&journal).expect("read");
    let at = bytes.len() / 3;
    bytes[at] ^= 1;
    fs::write(&journal, &bytes).expect("written");
    // The store knows nothing of the damage; taking one back writes the journal anew.
    town.start();
    town.ask("DELETE", &format!("/practices/{}", ids[5]), None);
    town.stop();
    let kept = town.back_up();
    fs::remove_dir_all(town.folder().join("store")).expect("removed");
    town.start();
    town.wait_until("nothing is pending", |status| status["pending"] == json!(0));
    for id in [&ids[3], &ids[4]] {
        assert!(town.page(id).is_some(), "it came after the damage");
    }
    town.stop();
    copy_folder(&kept, town.folder());
}
