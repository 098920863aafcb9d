//! How well search finds what is meant, on sets of queries whose answers are known:
//! `cargo bench -p node --bench search_quality -- FOLDER`, where FOLDER holds sets as
//! `docs/search.md` describes them; or on practices in a file,
//! `… -- FILE.jsonl [QUERY…]`: the best hits of queries, or how often a title finds its text.

use std::collections::{BTreeMap, HashMap};
use std::fs;
use std::path::Path;
use std::time::{Duration, Instant};

use node::index::analysis::{with_forms, words};
use node::index::trial::Trial;
use node::index::vocabulary::Dictionary;
use serde_json::Value;

/// Hits that are looked at.
const DEPTH: usize = 10;
/// Samples drawn for an interval.
const DRAWS: usize = 2_000;

type Fallible<T> = Result<T, Box<dyn std::error::Error>>;

fn lines(path: &Path) -> Fallible<Vec<Value>> {
    fs::read_to_string(path)?.lines().map(|line| Ok(serde_json::from_str(line)?)).collect()
}

fn text(value: &Value, key: &str) -> String {
    value[key].as_str().unwrap_or_default().to_owned()
}

#[derive(Default)]
struct Times {
    /// What a query means.
    readings: Vec<Duration>,
    /// That and the search.
    searches: Vec<Duration>,
}

/// Letters of a text without a title that say which it is.
const BEGINNING_CHARS: usize = 100;

fn percentiles(name: &str, times: &mut [Duration]) {
    if times.is_empty() {
        return;
    }
    times.sort_unstable();
    let at = |share: f64| times[((times.len() - 1) as f64 * share) as usize].as_secs_f64() * 1e3;
    println!("{name}: {}, p50 {:.2} ms, p99 {:.2} ms, longest {:.2} ms", times.len(), at(0.5), at(0.99), at(1.0));
}

struct Corpus {
    ids: HashMap<String, usize>,
    trial: Trial,
}

impl Corpus {
    fn read(path: &Path) -> Fallible<Self> {
        let documents = lines(path)?;
        let ids = documents.iter().enumerate().map(|(at, document)| (text(document, "id"), at)).collect();
        let began = Instant::now();
        let bytes: usize = documents.iter().map(|document| text(document, "body").len()).sum();
        let texts = documents
            .iter()
            .map(|document| (text(document, "title"), text(document, "summary"), text(document, "body")));
        let trial = Trial::new(texts)?;
        let indexed = began.elapsed().as_secs_f64();
        let began = Instant::now();
        let letters: usize = documents
            .iter()
            .flat_map(|document| words(document["body"].as_str().unwrap_or_default()))
            .map(|word| with_forms(word.text, |normal, stem| normal.len() + stem.len()))
            .sum();
        std::hint::black_box(letters);
        let megabytes = bytes as f64 / 1e6;
        println!(
            "{}: {} documents, {megabytes:.1} MB, indexed in {indexed:.1} s; words read at {:.0} MB/s",
            path.display(),
            documents.len(),
            megabytes / began.elapsed().as_secs_f64()
        );
        Ok(Self { ids, trial })
    }
}

/// The rank of the right document, from 1, if it is among the first hits.
fn rank(
    corpus: &Corpus,
    text: &str,
    answer: usize,
    dictionary: Option<&Dictionary>,
    times: &mut Times,
) -> Fallible<Option<usize>> {
    let began = Instant::now();
    let _ = corpus.trial.meaning(text, dictionary);
    times.readings.push(began.elapsed());
    let began = Instant::now();
    let found = corpus.trial.search(text, dictionary, DEPTH)?;
    times.searches.push(began.elapsed());
    Ok(place(&found, answer))
}

/// Where the right document is among those found, from 1.
fn place(found: &[usize], answer: usize) -> Option<usize> {
    found.iter().position(|number| *number == answer).map(|at| at + 1)
}

/// R@1, R@10 and MRR@10 with the interval that 95 of 100 samples of the same size are in.
fn row(name: &str, ranks: &[Option<usize>]) {
    let share = |most: usize| ranks.iter().flatten().filter(|rank| **rank <= most).count() as f64 / ranks.len() as f64;
    let values: Vec<f64> = ranks.iter().map(|rank| rank.map_or(0.0, |rank| 1.0 / rank as f64)).collect();
    let mrr = values.iter().sum::<f64>() / values.len() as f64;
    // A fixed sequence, so that the same ranks give the same interval.
    let mut state = 0x9E37_79B9_7F4A_7C15_u64;
    let mut draws: Vec<f64> = (0..DRAWS)
        .map(|_| {
            let sum: f64 = (0..values.len())
                .map(|_| {
                    state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
                    values[(state >> 33) as usize % values.len()]
                })
                .sum();
            sum / values.len() as f64
        })
        .collect();
    draws.sort_by(f64::total_cmp);
    println!(
        "| {name} | {} | {:.3} | {:.3} | {mrr:.3} | {:.3}–{:.3} |",
        ranks.len(),
        share(1),
        share(10),
        draws[DRAWS / 40],
        draws[DRAWS - DRAWS / 40 - 1]
    );
}

/// What a document is called in a list: its title, or its id and how it begins.
fn named(document: &Value) -> String {
    let title = text(document, "title");
    if title.is_empty() {
        let beginning: String = text(document, "body").chars().take(BEGINNING_CHARS).collect();
        return format!("{} {}", text(document, "id"), beginning.replace('\n', " "));
    }
    title
}

/// Searches practices as they are imported, with all texts but the title.
fn practices(file: &Path, queries: &[String]) -> Fallible<()> {
    let practices = lines(file)?;
    let titles: Vec<String> = practices.iter().map(|practice| text(practice, "title")).collect();
    let names: Vec<String> = practices.iter().map(named).collect();
    let texts = practices.iter().map(|practice| {
        let fields = practice.as_object().into_iter().flatten();
        let fields = fields.filter(|(key, _)| !["title", "summary", "external_id", "lang"].contains(&key.as_str()));
        let body: Vec<&str> = fields.filter_map(|(_, value)| value.as_str()).collect();
        let title = if queries.is_empty() { String::new() } else { text(practice, "title") };
        (title, text(practice, "summary"), body.join("\n"))
    });
    let trial = Trial::new(texts)?;
    let dictionary = Dictionary::built_in();
    for query in queries {
        let meaning = trial.meaning(query, Some(&dictionary)).understood;
        println!(
            "\n{query}  (instead {:?}, proposed {:?}, also {:?})",
            meaning.repaired, meaning.did_you_mean, meaning.also
        );
        for number in trial.search(query, Some(&dictionary), 5)? {
            println!("  {}", names[number]);
        }
    }
    if queries.is_empty() {
        let mut ranks = Vec::new();
        for (answer, title) in titles.iter().enumerate() {
            let found = trial.search(title, Some(&dictionary), DEPTH)?;
            ranks.push(place(&found, answer));
        }
        println!("| titles as queries | n | R@1 | R@10 | MRR@10 | 95 % |\n|---|---|---|---|---|---|");
        row("each finds its text", &ranks);
    }
    Ok(())
}

fn main() -> Fallible<()> {
    let mut arguments = std::env::args().skip(1);
    let folder = arguments.by_ref().find(|argument| !argument.starts_with("--"));
    let Some(folder) = folder.or_else(|| std::env::var("DOSVID_SEARCH_SETS").ok()) else {
        println!("Name the folder with the sets: cargo bench -p node --bench search_quality -- FOLDER");
        return Ok(());
    };
    let folder = Path::new(&folder);
    if folder.extension().is_some_and(|ending| ending == "jsonl") {
        let queries: Vec<String> = arguments.filter(|argument| !argument.starts_with("--")).collect();
        return practices(folder, &queries);
    }
    let dictionary = Dictionary::built_in();
    let mut names: Vec<String> = fs::read_dir(folder)?
        .filter_map(|entry| Some(entry.ok()?.file_name().to_string_lossy().into_owned()))
        .filter(|name| folder.join(name).join("queries.jsonl").exists())
        .collect();
    names.sort();
    let (mut corpora, mut times) = (BTreeMap::new(), Times::default());
    for name in &names {
        let corpus = fs::read_to_string(folder.join(name).join("corpus.ref"));
        let corpus = corpus.map_or_else(|_| name.clone(), |name| name.trim().to_owned());
        if !corpora.contains_key(&corpus) {
            corpora.insert(corpus.clone(), Corpus::read(&folder.join(&corpus).join("corpus.jsonl"))?);
        }
        let rows = measure(&folder.join(name), name, &corpora[&corpus], &dictionary, &mut times)?;
        println!("\n| {name} | n | R@1 | R@10 | MRR@10 | 95 % |\n|---|---|---|---|---|---|");
        rows.iter().for_each(|(name, ranks)| row(name, ranks));
    }
    println!();
    percentiles("queries read and repaired", &mut times.readings);
    percentiles("the same with their search", &mut times.searches);
    Ok(())
}

/// The ranks of the right documents of a set: in all, by tag, without the dictionary, by words alone, and as the node finds it.
fn measure(
    set: &Path,
    name: &str,
    corpus: &Corpus,
    dictionary: &Dictionary,
    times: &mut Times,
) -> Fallible<BTreeMap<String, Vec<Option<usize>>>> {
    let answers = fs::read_to_string(set.join("qrels.tsv"))?;
    let answers: HashMap<&str, usize> = answers
        .lines()
        .filter_map(|line| {
            let mut parts = line.split('\t');
            Some((parts.next()?, *corpus.ids.get(parts.next()?)?))
        })
        .collect();
    let mut rows: BTreeMap<String, Vec<Option<usize>>> = BTreeMap::new();
    for line in lines(&set.join("queries.jsonl"))? {
        let (id, typed) = (text(&line, "id"), text(&line, "text"));
        let Some(answer) = answers.get(id.as_str()) else { continue };
        let without = rank(corpus, &typed, *answer, None, times)?;
        let with = rank(corpus, &typed, *answer, Some(dictionary), times)?;
        let by_words = place(&corpus.trial.search_by_words(&typed, Some(dictionary), DEPTH)?, *answer);
        let mut add = |name: String, rank| rows.entry(name).or_default().push(rank);
        let tags = line["tags"].as_array().into_iter().flatten().filter_map(Value::as_str);
        for name in std::iter::once(name.to_owned()).chain(tags.map(|tag| format!("{name}, {tag}"))) {
            add(format!("{name} (no dictionary)"), without);
            add(format!("{name} (by words alone)"), by_words);
            add(name, with);
        }
        if let Some(clean) = line["clean"].as_str() {
            add(format!("{name}, the same rightly typed"), rank(corpus, clean, *answer, Some(dictionary), times)?);
        }
    }
    Ok(rows)
}
