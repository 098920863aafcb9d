//! How well search finds what is meant, on sets of queries whose answers are known:
//! `cargo bench -p node --bench search_quality -- FOLDER`, where FOLDER holds sets as
//! `docs/search.md` describes them; or on practices in a file,
//! `… -- FILE.jsonl [QUERY…]`: the best hits of queries, or how often a title finds its text.

use std::collections::{BTreeMap, HashMap};
use std::fs;
use std::path::Path;
use std::time::{Duration, Instant};

use node::index::trial::Trial;
use node::index::vocabulary::Dictionary;
use serde_json::Value;

/// Hits that are looked at.
const DEPTH: usize = 10;
/// Samples drawn for an interval.
const DRAWS: usize = 2_000;

type Fallible<T> = Result<T, Box<dyn std::error::Error>>;

struct Query {
    id: String,
    text: String,
    tags: Vec<String>,
    clean: Option<String>,
}

fn lines(path: &Path) -> Fallible<Vec<Value>> {
    fs::read_to_string(path)?.lines().map(|line| Ok(serde_json::from_str(line)?)).collect()
}

fn text(value: &Value, key: &str) -> String {
    value[key].as_str().unwrap_or_default().to_owned()
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
        println!(
            "{}: {} documents, {:.1} MB, indexed in {:.1} s",
            path.display(),
            documents.len(),
            bytes as f64 / 1e6,
            began.elapsed().as_secs_f64()
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
    times: &mut Vec<Duration>,
) -> Fallible<Option<usize>> {
    let began = Instant::now();
    let found = corpus.trial.search(text, dictionary, DEPTH)?;
    times.push(began.elapsed());
    Ok(found.iter().position(|number| *number == answer).map(|at| at + 1))
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

/// Searches practices as they are imported, with all texts but the title.
fn practices(file: &Path, queries: &[String]) -> Fallible<()> {
    let practices = lines(file)?;
    let titles: Vec<String> = practices.iter().map(|practice| text(practice, "title")).collect();
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
            println!("  {}", titles[number]);
        }
    }
    if queries.is_empty() {
        let mut ranks = Vec::new();
        for (answer, title) in titles.iter().enumerate() {
            let found = trial.search(title, Some(&dictionary), DEPTH)?;
            ranks.push(found.iter().position(|number| *number == answer).map(|at| at + 1));
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
    let verbose = std::env::var_os("DOSVID_SEARCH_MISSES").is_some();
    let dictionary = Some(Dictionary::built_in());
    let mut names: Vec<String> = fs::read_dir(folder)?
        .filter_map(|entry| Some(entry.ok()?.file_name().to_string_lossy().into_owned()))
        .filter(|name| folder.join(name).join("queries.jsonl").exists())
        .collect();
    names.sort();
    let mut corpora: BTreeMap<String, Corpus> = BTreeMap::new();
    let mut times = Vec::new();
    println!("\n| set | n | R@1 | R@10 | MRR@10 | 95 % |\n|---|---|---|---|---|---|");
    for name in &names {
        let set = folder.join(name);
        let corpus =
            fs::read_to_string(set.join("corpus.ref")).map_or_else(|_| name.clone(), |name| name.trim().to_owned());
        if !corpora.contains_key(&corpus) {
            corpora.insert(corpus.clone(), Corpus::read(&folder.join(&corpus).join("corpus.jsonl"))?);
        }
        let corpus = &corpora[&corpus];
        let answers: HashMap<String, usize> = fs::read_to_string(set.join("qrels.tsv"))?
            .lines()
            .filter_map(|line| {
                let mut parts = line.split('\t');
                Some((parts.next()?.to_owned(), *corpus.ids.get(parts.next()?)?))
            })
            .collect();
        let queries = lines(&set.join("queries.jsonl"))?.into_iter().map(|line| Query {
            id: text(&line, "id"),
            text: text(&line, "text"),
            tags: line["tags"]
                .as_array()
                .into_iter()
                .flatten()
                .filter_map(|tag| Some(tag.as_str()?.to_owned()))
                .collect(),
            clean: line["clean"].as_str().map(str::to_owned),
        });
        let mut rows: BTreeMap<String, Vec<Option<usize>>> = BTreeMap::new();
        for query in queries {
            let Some(answer) = answers.get(&query.id) else { continue };
            let rank_of =
                |text: &str, dictionary, times: &mut Vec<Duration>| rank(corpus, text, *answer, dictionary, times);
            let without = rank_of(&query.text, None, &mut times)?;
            let with =
                dictionary.as_ref().map(|dictionary| rank_of(&query.text, Some(dictionary), &mut times)).transpose()?;
            let clean = query.clean.as_ref().map(|text| rank_of(text, dictionary.as_ref(), &mut times)).transpose()?;
            if verbose && with.unwrap_or(without) != Some(1) {
                println!(
                    "{} {:?} {:?} {:?} {:?}",
                    query.tags.join(","),
                    query.text,
                    without,
                    with,
                    corpus
                        .trial
                        .meaning(&query.text, dictionary.as_ref())
                        .wanted
                        .iter()
                        .map(|group| format!("{group:?}"))
                        .collect::<Vec<_>>()
                );
            }
            let mut add = |name: String, rank| rows.entry(name).or_default().push(rank);
            add(name.clone(), without);
            query.tags.iter().for_each(|tag| add(format!("{name}, {tag}"), without));
            if let Some(with) = with {
                add(format!("{name} +dictionary"), with);
                query.tags.iter().for_each(|tag| add(format!("{name}, {tag} +dictionary"), with));
            }
            if let Some(clean) = clean {
                add(format!("{name}, the same rightly typed"), clean);
            }
        }
        rows.iter().for_each(|(name, ranks)| row(name, ranks));
    }
    times.sort_unstable();
    let at = |share: f64| times[((times.len() - 1) as f64 * share) as usize].as_secs_f64() * 1e3;
    println!("\n{} searches: p50 {:.2} ms, p99 {:.2} ms, longest {:.2} ms", times.len(), at(0.5), at(0.99), at(1.0));
    Ok(())
}
