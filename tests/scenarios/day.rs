//! A day of many towns, in which everything goes wrong that does: cuts, bad weather, restarts,
//! power cuts, wrong clocks, people who write at once and forms left open over lunch.

use std::collections::{BTreeMap, BTreeSet};

use crdt::id::DocumentId;
use crdt::practice::PRACTICE;

use crate::world::post::Weather;
use crate::world::rng::{from_environment, seed};
use crate::world::town::NAMES;
use crate::world::{DAY, Form, MINUTE, Place, World, practice};

/// Worlds tried by default, and the variable that asks for more.
const WORLDS: (&str, usize) = ("DOSVID_WORLDS", 2);

struct Day {
    world: World,
    places: Vec<Place>,
    /// Forms that somebody has on the screen.
    open: Vec<(Place, Form)>,
    /// What was written into each document: none of it may get lost.
    words: BTreeMap<DocumentId, BTreeSet<String>>,
    /// Names of documents that a town's community has, as far as that town knows.
    names: BTreeMap<DocumentId, String>,
    withdrawn: BTreeSet<DocumentId>,
    written: u32,
}

impl Day {
    fn new(seed: u64) -> Self {
        let mut world = World::new(seed);
        let places: Vec<Place> = NAMES.iter().map(|name| world.found(name)).collect();
        for (n, place) in places.iter().enumerate() {
            world.town_mut(*place).skew_ms = [0, 0, 90_000, -700_000][n % 4];
            world.expect_power_cuts(*place);
        }
        // Every third town's PC writes for its neighbour's community.
        for trio in places.chunks(3) {
            world.share(trio[0], trio[1]);
        }
        let mut day = Self {
            world,
            places,
            open: Vec::new(),
            words: BTreeMap::new(),
            names: BTreeMap::new(),
            withdrawn: BTreeSet::new(),
            written: 0,
        };
        (0..40).for_each(|_| day.connect());
        day
    }

    fn any(&mut self) -> Place {
        *self.world.rng.pick(&self.places)
    }

    fn running(&mut self) -> Option<Place> {
        let running = self.world.running();
        (!running.is_empty()).then(|| *self.world.rng.pick(&running))
    }

    /// Something happens.
    fn event(&mut self) {
        match self.world.rng.below(100) {
            0..20 => self.connect(),
            20..32 => self.disconnect(),
            32..40 => self.turn_off(),
            40..52 => self.turn_on(),
            52..55 => self.change_weather(),
            55..67 => self.publish(),
            67..80 => self.open_form(),
            80..96 => self.save_form(),
            96..98 => self.resolve(),
            _ => self.take_back(),
        }
    }

    fn connect(&mut self) {
        let (a, b) = (self.any(), self.any());
        self.world.link(a, b);
    }

    fn disconnect(&mut self) {
        let links: Vec<_> = self.world.post.links.iter().copied().collect();
        if !links.is_empty() {
            let (a, b) = *self.world.rng.pick(&links);
            self.world.cut(a, b);
        }
    }

    fn turn_off(&mut self) {
        let Some(place) = self.running() else { return };
        match self.world.rng.below(3) {
            0 => self.world.stop(place),
            1 => self.world.kill(place),
            _ => self.world.power_cut(place),
        }
        self.open.retain(|(at, _)| *at != place);
    }

    fn turn_on(&mut self) {
        let place = self.any();
        if self.world.town(place).node.is_none() {
            self.world.start(place);
            self.connect();
        }
    }

    fn change_weather(&mut self) {
        let bad = self.world.rng.percent(50);
        self.world.post.weather = if bad { Weather::STORM } else { Weather::FAIR };
    }

    fn word(&mut self, document: DocumentId) -> String {
        self.written += 1;
        let word = format!("Абзац {} про {}", self.written, ["воду", "школу", "парк"][self.world.rng.index(3)]);
        self.words.entry(document).or_default().insert(word.clone());
        word
    }

    fn publish(&mut self) {
        let Some(place) = self.running() else { return };
        let name = format!("practice {}", self.written);
        let document = DocumentId::of(&self.world.community(place), &crate::world::named(&name));
        let word = self.word(document);
        // Some are too long for gossip.
        let padding =
            if self.world.rng.percent(10) { "Довгий текст. ".repeat(2_000) } else { String::new() };
        let content = practice(&name, &[&word, &padding]);
        // A second device has no right before its charter has come.
        if self.world.try_publish(place, &name, &content).is_ok() {
            self.names.insert(document, name);
        } else {
            self.words.remove(&document);
        }
    }

    /// A document that the town can edit, if it has one.
    fn own_document(&mut self, place: Place) -> Option<(DocumentId, String)> {
        let community = self.world.community(place);
        let documents = self.world.node(place).store.documents_of(&community).expect("read");
        let known: Vec<_> = documents.iter().filter(|document| self.world.view(place, document).is_some()).collect();
        let document = **known.get(self.world.rng.index(known.len().max(1)))?;
        Some((document, self.names.get(&document)?.clone()))
    }

    fn open_form(&mut self) {
        let Some(place) = self.running() else { return };
        if let Some((_, name)) = self.own_document(place) {
            self.open.push((place, self.world.read(place, &name)));
        }
    }

    /// Adds a paragraph somewhere, now and then another title.
    fn save_form(&mut self) {
        if self.open.is_empty() {
            return;
        }
        let chosen = self.world.rng.index(self.open.len());
        let (place, mut form) = self.open.swap_remove(chosen);
        let document = DocumentId::of(&self.world.community(place), &form.name);
        let word = self.word(document);
        let mut lines: Vec<&str> = form.practice.solution.lines().collect();
        lines.insert(self.world.rng.index(lines.len() + 1), &word);
        form.practice.solution = lines.join("\n");
        if self.world.rng.percent(30) {
            form.practice.title = format!("Назва {}", self.written);
        }
        let heads = form.heads.clone();
        if self.world.save_on(place, &form, Some(&heads), &[]).is_err() {
            // It was withdrawn meanwhile.
            self.words.get_mut(&document).expect("written to").remove(&word);
        }
    }

    fn resolve(&mut self) {
        let Some(place) = self.running() else { return };
        if let Some((_, name)) = self.own_document(place) {
            let form = self.world.read(place, &name);
            let heads = form.heads.clone();
            let _ = self.world.save_on(place, &form, Some(&heads), &["title"]);
        }
    }

    fn take_back(&mut self) {
        let Some(place) = self.running() else { return };
        if let Some((document, _)) = self.own_document(place) {
            self.world.withdraw(place, &document);
            self.withdrawn.insert(document);
        }
    }

    /// Evening: all PCs are on, the lines work.
    fn evening(&mut self) {
        self.world.post.weather = Weather::FAIR;
        for place in self.places.clone() {
            if self.world.town(place).node.is_none() {
                self.world.start(place);
            }
        }
        for pair in self.places.clone().windows(2) {
            self.world.link(pair[0], pair[1]);
        }
        self.world.converge();
    }

    fn nothing_is_lost(&self) {
        let last = *self.places.last().expect("towns");
        for (document, words) in &self.words {
            let Some(view) = self.world.view(last, document) else {
                assert!(self.withdrawn.contains(document), "{document} is nowhere");
                continue;
            };
            assert!(!self.withdrawn.contains(document), "{document} came back");
            let shown: crdt::practice::Practice = view.typed(PRACTICE);
            for word in words {
                assert!(shown.solution.lines().any(|line| line == word), "“{word}” of {document} is lost: {shown:?}");
            }
            assert_eq!((view.set_aside, view.waiting), (vec![], vec![]), "honest people's records all count");
        }
    }
}

#[test]
fn many_towns_live_through_a_bad_day_and_lose_nothing() {
    let first = seed();
    for n in 0..from_environment(WORLDS.0, WORLDS.1) as u64 {
        let mut day = Day::new(first.wrapping_add(n));
        let end = day.world.now.plus_ms(DAY);
        while day.world.now < end {
            let pause = day.world.rng.below(4 * MINUTE);
            day.world.run_for(pause);
            day.event();
        }
        day.evening();
        day.nothing_is_lost();
        let records = day.world.node(day.places[0]).store.totals().records;
        println!("{} words, {} withdrawn, {records} records", day.written, day.withdrawn.len());
    }
}
