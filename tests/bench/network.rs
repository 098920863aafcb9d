//! Communities that repeat each other's practices: what counts, plots and matching are measured on.

use std::path::Path;

use anyhow::{Context, ensure};
use crdt::codifier::{self, Hromada};
use crdt::vocabulary::{self as v, Vocabulary};
use serde_json::{Value, json};

use super::dosvid::{Node, dosvid};
use super::process;
use crate::http::Api;
use crate::rng::Rng;

/// Communities beside the one that has the library.
pub const TOWNS: usize = 20;
/// Practices that they all know, and repeat.
pub const REPEATED: usize = 500;
/// Requests and offers of each.
const EXCHANGES: usize = 25;
/// Everything follows from this number.
const SEED: u64 = 20_261_128;

/// Has [`TOWNS`] communities publish so many adoptions of what `library` holds, and takes their records
/// into `library`. Each node runs by itself in a folder of its own, and is removed afterwards.
pub fn repeat(library: &Path, folder: &Path, adoptions: usize) -> anyhow::Result<()> {
    let origin = folder.join("origin.dosvid");
    process::run(dosvid(library).args(["bundle", "export"]).arg(&origin))?;
    let mut rng = Rng::new(SEED);
    for (n, hromada) in towns().enumerate() {
        let data = folder.join(format!("town{n}"));
        let bundle = folder.join(format!("town{n}.dosvid"));
        process::run(dosvid(&data).args(["init", "--community", hromada.code]))?;
        process::run(dosvid(&data).args(["bundle", "import"]).arg(&origin))?;
        live(&data, adoptions / TOWNS, &mut rng.fork())?;
        process::run(dosvid(&data).args(["bundle", "export"]).arg(&bundle))?;
        process::run(dosvid(library).args(["bundle", "import"]).arg(&bundle))?;
        std::fs::remove_dir_all(&data)?;
        std::fs::remove_file(&bundle)?;
    }
    std::fs::remove_file(&origin)?;
    Ok(())
}

/// Hromadas all over the country.
fn towns() -> impl Iterator<Item = &'static Hromada> {
    let all = codifier::all();
    (0..TOWNS).map(move |n| &all[(n * 2 + 1) * all.len() / (2 * TOWNS)])
}

fn key(vocabulary: &Vocabulary, rng: &mut Rng) -> &'static str {
    vocabulary.terms[rng.index(vocabulary.terms.len())].key
}

fn day(rng: &mut Rng) -> String {
    format!("20{}-{:02}-{:02}", 23 + rng.below(4), 1 + rng.below(11), 1 + rng.below(28))
}

/// Publishes a profile, adoptions, requests and offers through the API, as the interface does.
fn live(data: &Path, adoptions: usize, rng: &mut Rng) -> anyhow::Result<()> {
    let node = Node::start(data, None)?;
    let token = std::fs::read_to_string(data.join("token"))?;
    let mut api = Api::connect(node.http, token.trim())?;
    let (mut practices, mut after) = (Vec::<Value>::new(), String::new());
    while practices.len() < REPEATED {
        let page = api.get(&format!("/practices?limit=100{after}"))?.json();
        practices.extend(page["rows"].as_array().context("rows")?.iter().cloned());
        let Some(next) = page["next"].as_str() else { break };
        after = format!("&after={next}");
    }
    ensure!(practices.len() >= REPEATED, "only {} practices", practices.len());
    let sector = key(&v::SECTORS, rng);
    let profile = json!({
        "population": { "value": 3_000 + rng.below(60_000) },
        "ready_to_share": [{ "sector": sector, "conditions": "Розкажемо, як це зробили", "formats": ["call"] }],
    });
    said(&mut api, "PUT", "/profile", &json!({ "base_heads": [], "content": profile }))?;
    for _ in 0..adoptions {
        let content = adoption(rng.pick(&practices), rng);
        said(&mut api, "POST", "/documents", &json!({ "kind": "adoption", "content": content }))?;
    }
    for _ in 0..EXCHANGES {
        let content = json!({
            "direction": key(&v::EXCHANGE_DIRECTIONS, rng),
            "title": "Досвід громадських слухань",
            "what": "Шукаємо громаду, яка вже пройшла цей шлях",
            "sectors": [key(&v::SECTORS, rng)],
        });
        said(&mut api, "POST", "/documents", &json!({ "kind": "exchange", "content": content }))?;
    }
    node.process.stop()?;
    Ok(())
}

fn adoption(practice: &Value, rng: &mut Rng) -> Value {
    let status = key(&v::ADOPTION_STATUSES, rng);
    json!({
        "about": practice["id"],
        "title": practice["title"],
        "sectors": practice["sectors"],
        "stages": [{ "status": "interested", "date": "2023-01-15" }, { "status": status, "date": day(rng) }],
        "adapted": "Проводимо двічі на рік і рахуємо голоси на паперових бланках",
        "reasons": "Так вирішили на загальних зборах громади",
        "plan": { "uah": 10_000 + rng.below(500_000) },
        "actual": { "uah": 10_000 + rng.below(500_000), "staff_hours": 20 + rng.below(300) },
        "outcome": key(&v::OUTCOMES, rng),
    })
}

fn said(api: &mut Api, method: &str, path: &str, body: &Value) -> anyhow::Result<Value> {
    let answer = api.ask(method, path, Some(body))?;
    ensure!(answer.is_success(), "{path}: {}", answer.text());
    Ok(answer.json())
}
