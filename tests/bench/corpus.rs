//! Practices for measuring: the same for the same seed, as long as real ones, and about as hard to
//! compress.

use std::fs;
use std::path::Path;

use anyhow::Context;
use crdt::codifier::{self, Hromada};
use crdt::practice::{Conditions, Contact, Costs, LegalDocument, Participants, Practice, Step};
use crdt::vocabulary::{self as v, Vocabulary};
use serde_json::Value;

use super::words::{self, Case, Class, Gender};
use crate::rng::Rng;

/// Everything follows from this number.
const SEED: u64 = 20_261_117;
/// Bytes of text in a practice; names, numbers and ends of sentences make it 2 to 8 KB of JSON.
const TEXT_BYTES: std::ops::Range<u64> = 700..6_000;
/// How many words of a hundred are compounds.
const COMPOUNDS: u64 = 20;
/// How many practices change between two meetings.
pub const CHANGED: usize = 10;

/// Practices as lines of JSON.
pub struct Corpus {
    pub lines: Vec<String>,
}

impl Corpus {
    /// `count` practices.
    pub fn generate(count: usize) -> anyhow::Result<Self> {
        let mut rng = Rng::new(SEED);
        let writer = Writer::new();
        let lines = (0..count).map(|n| line(n, &writer.practice(&mut rng.fork()))).collect::<Result<_, _>>()?;
        Ok(Self { lines })
    }

    /// `count` practices one after another, with so many bytes of text, short ones as many as long
    /// ones (log-uniform): for libraries that do not fit into memory.
    pub fn stream(count: usize, bytes: std::ops::Range<f64>) -> impl Iterator<Item = anyhow::Result<String>> {
        let mut rng = Rng::new(SEED);
        let writer = Writer::new();
        (0..count).map(move |n| {
            let share = rng.below(1_000_000) as f64 / 1_000_000.0;
            let bytes = (bytes.start.ln() + share * (bytes.end / bytes.start).ln()).exp();
            line(n, &writer.practice_of(&mut rng.fork(), bytes as u64))
        })
    }

    /// Ten of them, evenly spread, edited the way people do: a sentence more and another stage.
    pub fn changed(&self) -> anyhow::Result<Vec<(usize, String)>> {
        let mut rng = Rng::new(SEED + 1);
        let writer = Writer::new();
        let places = (0..CHANGED).map(|n| n * self.lines.len() / CHANGED);
        places.map(|at| Ok((at, writer.edit(&self.lines[at], &mut rng)?))).collect()
    }

    pub fn bytes(&self) -> usize {
        self.lines.iter().map(|line| line.len() + 1).sum()
    }

    /// One file with a practice a line.
    pub fn write_jsonl<'a>(path: &Path, lines: impl Iterator<Item = &'a str>) -> anyhow::Result<()> {
        let text: String = lines.flat_map(|line| [line, "\n"]).collect();
        fs::write(path, text).with_context(|| path.display().to_string())
    }

    /// A file for each practice, a hundred in a folder.
    pub fn write_files<'a>(folder: &Path, lines: impl Iterator<Item = (usize, &'a str)>) -> anyhow::Result<()> {
        for (n, line) in lines {
            let folder = folder.join(format!("{:03}", n / 100));
            fs::create_dir_all(&folder)?;
            fs::write(folder.join(format!("{n:06}.json")), format!("{line}\n"))?;
        }
        Ok(())
    }
}

fn line(n: usize, practice: &Practice) -> anyhow::Result<String> {
    let mut value = serde_json::to_value(practice)?;
    prune(&mut value);
    value["external_id"] = format!("bench-{n}").into();
    Ok(value.to_string())
}

/// Drops what says nothing: a program that writes practices leaves it out.
fn prune(value: &mut Value) -> bool {
    match value {
        Value::Object(entries) => {
            entries.retain(|_, value| prune(value));
            !entries.is_empty()
        }
        Value::Array(items) => {
            items.retain_mut(prune);
            !items.is_empty()
        }
        Value::String(text) => !text.is_empty(),
        other => !other.is_null(),
    }
}

/// First halves of compounds.
struct Prefixes {
    nouns: Vec<&'static str>,
    adjectives: Vec<&'static str>,
    verbs: Vec<&'static str>,
}

impl Prefixes {
    fn new() -> Self {
        let split = |prefixes: &'static str| prefixes.split('|').collect();
        Self {
            nouns: split(words::NOUN_PREFIXES),
            adjectives: split(words::ADJECTIVE_PREFIXES),
            verbs: split(words::VERB_PREFIXES),
        }
    }
}

/// Puts words together.
struct Writer {
    nouns: Vec<(Class, &'static str)>,
    adjectives: Vec<&'static str>,
    verbs: Vec<&'static str>,
    openings: Vec<&'static str>,
    links: Vec<&'static str>,
    particles: Vec<&'static str>,
    prefixes: Prefixes,
    names: [Vec<&'static str>; 3],
}

impl Writer {
    fn new() -> Self {
        let nouns = words::NOUNS.iter().flat_map(|(class, stems)| stems.split(' ').map(|stem| (*class, stem)));
        Self {
            nouns: nouns.collect(),
            adjectives: words::ADJECTIVES.split(' ').collect(),
            verbs: words::VERBS.split(' ').collect(),
            openings: words::OPENINGS.split('|').collect(),
            links: words::LINKS.split('|').collect(),
            particles: words::PARTICLES.split('|').collect(),
            prefixes: Prefixes::new(),
            names: words::NAMES.map(|parts| parts.split('|').collect()),
        }
    }

    fn practice(&self, rng: &mut Rng) -> Practice {
        let bytes = TEXT_BYTES.start + rng.below(TEXT_BYTES.end - TEXT_BYTES.start);
        self.practice_of(rng, bytes)
    }

    fn practice_of(&self, rng: &mut Rng, bytes: u64) -> Practice {
        let place = rng.pick(codifier::all());
        let part = |percent: u64| usize::try_from(bytes * percent / 100).unwrap_or_default();
        Practice {
            lang: "uk".into(),
            licence: "CC-BY-4.0".into(),
            title: self.title(rng, place),
            summary: self.text(rng, place, part(8).min(600)),
            sectors: terms(rng, &v::SECTORS, 2),
            themes: terms(rng, &v::THEMES, 2),
            mechanisms: terms(rng, &v::MECHANISMS, 3),
            participation_level: Some(term(rng, &v::PARTICIPATION_LEVELS)),
            community: Some(place.code.to_owned()),
            settlement: place.centre.to_owned(),
            scope: Some(term(rng, &v::SCOPES)),
            stage: Some(term(rng, &v::STAGES)),
            started: Some(date(rng)),
            recurring: Some(term(rng, &v::RECURRENCE)),
            problem: self.text(rng, place, part(17)),
            background: self.text(rng, place, part(10)),
            solution: self.text(rng, place, part(30)),
            results_text: self.text(rng, place, part(15)),
            mistakes: self.text(rng, place, part(8)),
            lessons: self.text(rng, place, part(8)),
            steps: (0..=rng.below(3)).map(|_| self.step(rng)).collect(),
            participants: participants(rng),
            legal_docs: vec![legal_document(rng)],
            costs: Costs {
                total_uah: Some(1_000 * rng.below(4_000)),
                year: Some(2_015 + rng.below(11)),
                ..Costs::default()
            },
            conditions: Conditions { budget_band: Some(term(rng, &v::COST_BANDS)), ..Conditions::default() },
            contact: contact(rng),
            keywords: (0..3).map(|_| self.phrase(rng, Case::Nominative).0).collect(),
            ..Practice::default()
        }
    }

    fn edit(&self, line: &str, rng: &mut Rng) -> anyhow::Result<String> {
        let mut value: Value = serde_json::from_str(line)?;
        let place = rng.pick(codifier::all());
        let solution = value["solution"].as_str().unwrap_or_default();
        value["solution"] = format!("{solution} {}", self.sentence(rng, place)).into();
        value["stage"] = term(rng, &v::STAGES).into();
        Ok(value.to_string())
    }

    fn title(&self, rng: &mut Rng, place: &Hromada) -> String {
        let (what, _) = self.phrase(rng, Case::Nominative);
        format!("{}: {} ({})", capital(&what), self.place_phrase(rng), place.centre)
    }

    fn step(&self, rng: &mut Rng) -> Step {
        Step {
            title: capital(&self.phrase(rng, Case::Nominative).0),
            days: Some(1 + u32::try_from(rng.below(120)).unwrap_or_default()),
            who: self.phrase(rng, Case::Nominative).0,
            document: String::new(),
        }
    }

    /// Sentences up to about so many bytes, in paragraphs.
    fn text(&self, rng: &mut Rng, place: &Hromada, bytes: usize) -> String {
        let mut text = self.sentence(rng, place);
        while text.len() < bytes {
            text.push_str(if rng.percent(15) { "\n" } else { " " });
            text.push_str(&self.sentence(rng, place));
        }
        text
    }

    fn sentence(&self, rng: &mut Rng, place: &Hromada) -> String {
        let mut sentence = match rng.below(10) {
            0..4 => format!("{} {}", rng.pick(&self.openings), self.clause(rng)),
            4..7 => self.clause(rng),
            7 => format!("{} громада має {} мешканців, {}", place.name, 900 + rng.below(90_000), self.clause(rng)),
            8 => format!("{} року {}", 2_012 + rng.below(14), self.clause(rng)),
            _ => format!("На {} витратили {} грн", self.phrase(rng, Case::Accusative).0, 500 * rng.below(9_000)),
        };
        if rng.percent(40) {
            sentence = format!("{sentence}, {} {}", rng.pick(&self.links), self.clause(rng));
        }
        capital(&sentence) + "."
    }

    /// Who did what, for what.
    fn clause(&self, rng: &mut Rng) -> String {
        let (who, gender) = self.phrase(rng, Case::Nominative);
        let (what, _) = self.phrase(rng, Case::Accusative);
        let did = format!("{}{}", compound(rng, &self.prefixes.verbs, &self.verbs), words::past_ending(gender));
        let how = if rng.percent(60) { format!("{} {did}", rng.pick(&self.particles)) } else { did };
        match rng.below(10) {
            0..2 => format!("{who} {how} {what} {}", self.place_phrase(rng)),
            2 => format!("{who} {how} {what} за {} днів", 2 + rng.below(400)),
            3..6 => format!("{who} {how} {what} в селах {}, {} і {}", self.name(rng), self.name(rng), self.name(rng)),
            6 => format!("{who} {how} {what} на вул. {}, {}", self.name(rng), 1 + rng.below(160)),
            7 => format!("{who} {how} {what} (№ {}/{} від {})", rng.below(3_000), 1 + rng.below(90), date(rng)),
            _ => format!("{who} {how} {what}"),
        }
    }

    fn place_phrase(&self, rng: &mut Rng) -> String {
        let (preposition, case) = rng.pick(words::PREPOSITIONS);
        format!("{preposition} {}", self.phrase(rng, *case).0)
    }

    /// A noun, often with an adjective before it and a noun or a name after it.
    fn phrase(&self, rng: &mut Rng, case: Case) -> (String, Gender) {
        let (class, mut phrase) = self.noun(rng, case);
        if rng.percent(45) {
            let adjective = compound(rng, &self.prefixes.adjectives, &self.adjectives);
            phrase = format!("{adjective}{} {phrase}", words::adjective_endings(class.gender)[case as usize]);
        }
        match rng.below(20) {
            0..4 => phrase = format!("{phrase} {}", self.noun(rng, Case::Genitive).1),
            4..10 => phrase = format!("{phrase} «{}»", self.name(rng)),
            _ => {}
        }
        (phrase, class.gender)
    }

    fn noun(&self, rng: &mut Rng, case: Case) -> (Class, String) {
        let (class, stem) = rng.pick(&self.nouns);
        let prefix = if rng.percent(COMPOUNDS) { *rng.pick(&self.prefixes.nouns) } else { "" };
        (*class, format!("{prefix}{stem}{}", class.endings[case as usize]))
    }

    /// A proper name: real texts are full of words that stand nowhere else.
    fn name(&self, rng: &mut Rng) -> String {
        self.names.iter().map(|parts| *rng.pick(parts)).collect()
    }
}

fn compound(rng: &mut Rng, prefixes: &[&str], stems: &[&str]) -> String {
    let prefix = if rng.percent(COMPOUNDS) { *rng.pick(prefixes) } else { "" };
    format!("{prefix}{}", rng.pick(stems))
}

fn participants(rng: &mut Rng) -> Participants {
    Participants {
        total: Some(rng.below(5_000)),
        target_groups: terms(rng, &v::TARGET_GROUPS, 3),
        channel: Some(term(rng, &v::PARTICIPATION_CHANNELS)),
        open: None,
    }
}

fn legal_document(rng: &mut Rng) -> LegalDocument {
    LegalDocument {
        kind: term(rng, &v::DOCUMENT_TYPES),
        number: format!("{}-{}/VIII", rng.below(900), rng.below(60)),
        date: date(rng),
        ..LegalDocument::default()
    }
}

fn contact(rng: &mut Rng) -> Contact {
    Contact {
        role: "Начальник відділу".into(),
        phone: format!("0{:02} {:07}", 31 + rng.below(38), rng.below(10_000_000)),
        ..Contact::default()
    }
}

fn date(rng: &mut Rng) -> String {
    format!("{}-{:02}-{:02}", 2_012 + rng.below(14), 1 + rng.below(12), 1 + rng.below(28))
}

fn term(rng: &mut Rng, vocabulary: &Vocabulary) -> String {
    rng.pick(vocabulary.terms).key.to_owned()
}

fn terms(rng: &mut Rng, vocabulary: &Vocabulary, most: u64) -> Vec<String> {
    let mut keys: Vec<String> = (0..=rng.below(most)).map(|_| term(rng, vocabulary)).collect();
    keys.sort_unstable();
    keys.dedup();
    keys
}

fn capital(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
}
