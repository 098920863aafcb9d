//! A disk that refuses, at every place where the node writes, in turn: the n-th operation fails for
//! n = 1, 2, 3 and on, alone or with all after it, for want of room or for no reason. The node does
//! not panic, says what is wrong, publishes nothing by halves, acknowledges nothing that failed, and
//! goes on without a restart when the disk does.
//!
//! All of it happens to one process on one data folder, so that every recovery is built on by the
//! next. What no such library can do elsewhere is tested in the node itself (`journal.rs`, `disk.rs`).

mod shim;

use std::collections::{BTreeMap, BTreeSet};
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::process::material::practice;
use crate::process::town::{Town, agree_on_records};
use crate::process::{PATIENCE, wait_for};
use crate::world::rng::{Rng, from_environment, seed};

use shim::{Faults, IO_ERROR, NO_SPACE};

/// Operations of a round that fail in turn, unless `DOSVID_DISK_FAULTS` says another number; of the
/// larger ones every third in a short run.
const OPERATIONS: usize = 18;
/// How long a round waits for what the node does by itself: the index writes 0.4 s after the store.
const BY_ITSELF: Duration = Duration::from_millis(900);

/// How the disk refuses.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Refuses {
    Once,
    ForGood,
}

/// A town on such a disk, and its peer on a sound one.
struct Trouble {
    town: Town,
    peer: Town,
    faults: Faults,
    rng: Rng,
    /// What was acknowledged, by id; none: taken back.
    acknowledged: BTreeMap<String, Option<String>>,
    /// Titles of what was refused: never to be seen.
    refused: BTreeSet<String>,
    /// Of each draft what it may say: what was saved last (none: it is not there), or what was refused since. Its
    /// file is put in place before the folder is made durable; if that fails the writer is told so, but the file
    /// cannot be put back.
    drafts: BTreeMap<String, Vec<Option<String>>>,
    tally: Tally,
}

#[derive(Default, Debug)]
struct Tally {
    rounds: usize,
    failed: u64,
    refusals: usize,
    acknowledged: usize,
    /// Milliseconds until the warning was gone, at the longest.
    slowest_recovery: u128,
    /// Pages that could not even be read as long as the disk refused.
    unreadable: usize,
    sites: BTreeMap<String, usize>,
}

#[test]
fn a_disk_that_refuses_costs_nothing_that_was_acknowledged() {
    if let Err(why) = shim::library() {
        let required = std::env::var_os("DOSVID_DISK_FAULTS").is_some();
        assert!(!required, "the disk must be made to refuse here and cannot be: {why}");
        eprintln!("SKIPPED: {why}");
        return;
    }
    let (seed, operations) = (seed(), from_environment("DOSVID_DISK_FAULTS", OPERATIONS));
    println!("replay with DOSVID_SEED={seed} DOSVID_DISK_FAULTS={operations} cargo test --test network full_disk");
    let started = Instant::now();
    let mut trouble = Trouble::begin(Rng::new(seed));
    let kinds = [
        (Refuses::Once, NO_SPACE),
        (Refuses::ForGood, NO_SPACE),
        (Refuses::Once, IO_ERROR),
        (Refuses::ForGood, IO_ERROR),
    ];
    let whole = operations != OPERATIONS;
    for n in (1..=operations).filter(|n| whole || *n <= 6 || n % 3 == 0) {
        for (k, (refuses, error)) in kinds.into_iter().enumerate() {
            // A short run meets every operation once, each kind in its turn.
            if whole || k == n % kinds.len() {
                trouble.round(n as u64, refuses, error);
            }
        }
    }
    trouble.end();
    println!("{:#?} in {:.0} s", trouble.tally, started.elapsed().as_secs_f64());
}

impl Trouble {
    fn begin(rng: Rng) -> Self {
        let mut peer = Town::founded("bar");
        peer.start();
        let mut town = Town::founded("ananiv");
        let faults = Faults::below(town.folder(), town.file("faults"));
        town.environment = faults.environment();
        town.peers.push(peer.address());
        town.start();
        agree_on_records(&[&town, &peer]);
        let (acknowledged, refused, drafts, tally) = Default::default();
        let mut trouble = Self { town, peer, faults, rng, acknowledged, refused, drafts, tally };
        for _ in 0..3 {
            assert!(trouble.publish());
        }
        assert!(trouble.faults.seen() > 3, "the library is not loaded");
        trouble
    }

    /// Somebody works while the disk begins to refuse, and goes on when it does not.
    fn round(&mut self, n: u64, refuses: Refuses, error: u64) {
        let name = format!("operation {n} fails ({refuses:?}, error {error})");
        match refuses {
            Refuses::Once => self.faults.once(n, error),
            Refuses::ForGood => self.faults.for_good(n, error),
        }
        let news = self.peer.publish(&practice(&mut self.rng, &format!("Новина {:x}", n), 400));
        let (mut saved, mut tries) = (true, 0);
        while tries < 4 && (saved || refuses == Refuses::Once) {
            saved = self.work(tries);
            tries += 1;
        }
        let begun = Instant::now();
        while self.faults.failed() == 0 && begun.elapsed() < BY_ITSELF {
            std::thread::sleep(Duration::from_millis(20));
        }
        if self.faults.failed() > 0 {
            *self.tally.sites.entry(place(&self.faults.site())).or_default() += 1;
        }
        if refuses == Refuses::ForGood && self.faults.failed() > 0 {
            self.refuses_plainly(&name, error);
        }
        self.tally.failed += self.faults.failed();
        self.faults.lift();
        self.recovers(&name, &news);
        self.tally.rounds += 1;
    }

    /// One thing that a clerk does; says whether it was saved.
    fn work(&mut self, what: usize) -> bool {
        match what % 4 {
            0 => self.publish(),
            1 => self.edit(),
            2 => self.keep_draft(),
            _ => self.take_back(),
        }
    }

    /// Asks for something to be saved. What is not is said in both languages, with what to do.
    fn ask(&mut self, method: &str, path: &str, body: Option<&Value>) -> Option<Value> {
        let answer = self.town.api().ask(method, path, body).expect("an answer");
        if answer.is_success() {
            self.tally.acknowledged += 1;
            return Some(if answer.body.is_empty() { Value::Null } else { answer.json() });
        }
        let error = &answer.json()["error"];
        assert_eq!(answer.status, 507, "{method} {path}: {error}\n{}", self.faults.site());
        assert!(["disk_full", "disk_refuses"].contains(&error["code"].as_str().expect("a code")), "{error}");
        assert!(error["uk"].as_str().is_some_and(|text| text.contains("диск")), "{error}");
        assert!(error["en"].as_str().is_some_and(|text| text.contains("disk")), "{error}");
        self.tally.refusals += 1;
        None
    }

    fn publish(&mut self) -> bool {
        let title = format!("Практика {:x}", self.rng.next());
        let letters = if self.rng.percent(20) { 20_000 } else { 400 };
        let content = practice(&mut self.rng, &title, letters);
        let Some(answer) = self.ask("POST", "/practices", Some(&content)) else {
            self.refused.insert(title);
            return false;
        };
        self.acknowledged.insert(answer["id"].as_str().expect("an id").to_owned(), Some(title));
        true
    }

    fn edit(&mut self) -> bool {
        let Some(id) = self.some_document() else { return true };
        let Some(mut page) = self.town.page(&id) else { return true };
        let title = format!("Змінена {:x}", self.rng.next());
        page["practice"]["title"] = json!(title);
        let edit = json!({ "base_heads": page["heads"], "content": page["practice"] });
        if self.ask("PUT", &format!("/practices/{id}"), Some(&edit)).is_none() {
            self.refused.insert(title);
            return false;
        }
        self.acknowledged.insert(id, Some(title));
        true
    }

    fn take_back(&mut self) -> bool {
        let Some(id) = self.some_document() else { return true };
        let done = self.ask("DELETE", &format!("/practices/{id}?reason=test"), None).is_some();
        if done {
            self.acknowledged.insert(id, None);
        }
        done
    }

    fn keep_draft(&mut self) -> bool {
        let (id, text) = (format!("{:032x}", self.rng.below(20)), format!("{:x}", self.rng.next()));
        let done = self.ask("PUT", &format!("/drafts/{id}"), Some(&json!({ "title": text }))).is_some();
        let may_say = self.drafts.entry(id).or_insert_with(|| vec![None]);
        if done {
            may_say.clear();
        }
        may_say.push(Some(text));
        done
    }

    fn some_document(&mut self) -> Option<String> {
        let there: Vec<String> =
            self.acknowledged.iter().filter(|(_, title)| title.is_some()).map(|(id, _)| id.clone()).collect();
        (!there.is_empty()).then(|| self.rng.pick(&there).clone())
    }

    /// While the disk refuses, pages are read, nothing is saved, and the status says why.
    fn refuses_plainly(&mut self, name: &str, error: u64) {
        for _ in 0..2 {
            let saved = self.publish();
            assert!(!saved, "{name}: saved on a disk that takes nothing");
        }
        let code = if error == NO_SPACE { "disk_full" } else { "disk_refuses" };
        wait_for(name, PATIENCE, || {
            let codes = warnings(&self.town);
            if codes.contains(&code.to_owned()) { Ok(()) } else { Err(format!("{codes:?}")) }
        });
        // A store that may show half of a publication shows nothing instead, and a page whose rows
        // the database was about to move cannot be read; whatever is shown is right.
        self.tally.unreadable += self.stands(name);
    }

    /// The disk takes writes again, and so does the node, with all that it was told and nothing else.
    fn recovers(&mut self, name: &str, news: &str) {
        let begun = Instant::now();
        wait_for(&format!("{name}: no warning"), PATIENCE, || {
            let codes = warnings(&self.town);
            if codes.is_empty() { Ok(()) } else { Err(format!("{codes:?}")) }
        });
        self.tally.slowest_recovery = self.tally.slowest_recovery.max(begun.elapsed().as_millis());
        assert!(self.publish(), "{name}: the disk takes writes again");
        wait_for(&format!("{name}: what the peer published"), PATIENCE, || {
            self.town.page(news).map(|_| ()).ok_or_else(|| self.faults.site())
        });
        self.town.wait_until("all is derived and indexed", |status| {
            status["pending"] == json!(0) && status["index"]["state"] == json!("ready")
        });
        assert_eq!(self.stands(name), 0, "{name}: everything can be read again");
    }

    /// Everything acknowledged is there as it was acknowledged, and nothing that was refused. Says
    /// how many pages the disk kept from being shown.
    fn stands(&self, name: &str) -> usize {
        let mut unreadable = 0;
        for (id, title) in &self.acknowledged {
            match read(&self.town, &format!("/practices/{id}")) {
                Read::NotNow => unreadable += 1,
                Read::Missing => assert_eq!(None, title.as_ref(), "{name}: {id}; {}", self.faults.site()),
                Read::Shown(page) => {
                    assert_eq!(
                        page["practice"]["title"].as_str(),
                        title.as_deref(),
                        "{name}: {id}; {}",
                        self.faults.site()
                    );
                }
            }
        }
        for (id, may_say) in &self.drafts {
            let draft = match read(&self.town, &format!("/drafts/{id}")) {
                Read::Shown(draft) => draft["title"].as_str().map(ToOwned::to_owned),
                Read::Missing => None,
                Read::NotNow => panic!("{name}: draft {id} cannot be read; {}", self.faults.site()),
            };
            assert!(may_say.contains(&draft), "{name}: {id} says {draft:?} of {may_say:?}; {}", self.faults.site());
        }
        let Some(titles) = titles(&self.town) else { return unreadable + 1 };
        let ghost = self.refused.iter().find(|title| titles.contains(*title));
        assert_eq!(ghost, None, "{name}: it was refused and can be read; {}", self.faults.site());
        unreadable
    }

    /// The power goes; what is on the disk is what was said.
    fn end(&mut self) {
        agree_on_records(&[&self.town, &self.peer]);
        self.town.kill();
        let log = self.town.log();
        assert!(!log.contains("panicked at"), "{log}");
        self.town.start();
        self.town.wait_until("all is derived", |status| status["pending"] == json!(0));
        assert_eq!(warnings(&self.town), Vec::<String>::new());
        assert_eq!(self.stands("after a restart"), 0);
        let verified = self.town.run(&["verify", "--json"]).ends(crate::process::program::DONE).json();
        assert_eq!(verified["problems"], json!([]));
    }
}

fn warnings(town: &Town) -> Vec<String> {
    let status = town.status();
    status["warnings"]
        .as_array()
        .expect("a list")
        .iter()
        .map(|w| w["code"].as_str().expect("a code").to_owned())
        .collect()
}

/// What a page of the API is.
enum Read {
    Shown(Value),
    Missing,
    /// The disk keeps it from being shown, and the answer says so.
    NotNow,
}

#[track_caller]
fn read(town: &Town, path: &str) -> Read {
    let answer = town.api().get(path).expect("an answer");
    match answer.status {
        507 => Read::NotNow,
        404 | 410 => Read::Missing,
        _ if answer.is_success() => Read::Shown(answer.json()),
        status => panic!("GET {path}: {status} {}", answer.text()),
    }
}

/// All titles of the catalogue; none if the disk keeps some from being shown.
fn titles(town: &Town) -> Option<BTreeSet<String>> {
    let (mut titles, mut after) = (BTreeSet::new(), String::new());
    loop {
        let Read::Shown(page) = read(town, &format!("/practices?limit=100{after}")) else { return None };
        let title = |row: &Value| row["title"].as_str().unwrap_or_default().to_owned();
        titles.extend(page["rows"].as_array().expect("rows").iter().map(title));
        match page["next"].as_str() {
            Some(next) => after = format!("&after={next}"),
            None => return Some(titles),
        }
    }
}

/// A site without what differs from run to run: names of hashes, numbers and temporary files.
fn place(site: &str) -> String {
    site.split('/').map(|part| if part.len() > 24 { "…" } else { part }).collect::<Vec<_>>().join("/")
}
