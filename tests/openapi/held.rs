//! What the node holds as far as its client knows: ids that lead somewhere, and bodies that are right.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};
use web_ui::testing::{documents, samples};

use super::document::Operation;
use super::odd;
use super::wire::Answer;
use crate::process::material::{self, CODE};
use crate::process::town::Town;
use crate::world::rng::Rng;

/// A peer on this computer, where nobody listens: nothing of a run leaves the loopback.
const NOBODY_THERE: &str = "/ip4/127.0.0.1/tcp/9/p2p/12D3KooWC1vBNnCPabYLtCH9hGuaYFSSd4qZL27xsWzApdgibUrt";
/// Twelve letters and more, as passwords must have.
const PASSWORD: &str = "чотири сині парасолі";
/// How often another id is drawn: of thirty documents one or more may be lost.
const CHOICES_MAX: usize = 1_000;
/// Letters of the main text of a practice.
const LETTERS: usize = 400;

/// A document as it was last answered.
#[derive(Clone, Debug)]
struct Standing {
    heads: Value,
    content: Value,
}

/// What is known of the node.
pub struct Held {
    documents: BTreeMap<&'static str, BTreeMap<String, Standing>>,
    accounts: Vec<String>,
    drafts: Vec<String>,
    /// Records, each with its document: with that they are taken back.
    records: Vec<(String, String)>,
    community: String,
    profile: Value,
    block: Vec<u8>,
    /// Contents of documents of every kind, as they were taken at the beginning.
    contents: Vec<(String, Value)>,
    /// Documents of which those contents tell: as long as a run is to be right they stay.
    told_of: BTreeSet<String>,
    made: usize,
}

/// A name as a part of an address.
fn in_address(name: &str) -> String {
    form_urlencoded::byte_serialize(name.as_bytes()).collect::<String>().replace('+', "%20")
}

impl Held {
    /// Fills a node that writes for a community with something of everything.
    pub fn fill(town: &Town, community: String, rng: &mut Rng) -> Self {
        let mut held = Self {
            documents: BTreeMap::from([("practices", BTreeMap::new()), ("documents", BTreeMap::new())]),
            accounts: Vec::new(),
            drafts: Vec::new(),
            records: Vec::new(),
            community,
            profile: json!([]),
            block: Vec::new(),
            contents: Vec::new(),
            told_of: BTreeSet::new(),
            made: 0,
        };
        for n in 0..4 {
            let practice = material::practice(rng, &format!("Практика {n}"), LETTERS);
            let published = town.ask("POST", "/practices", Some(&practice));
            held.stands("practices", &published, practice);
        }
        held.fill_documents(town);
        for _ in 0..4 {
            let (id, name) = (odd::hex(rng, 16), held.new_name());
            town.ask("PUT", &format!("/drafts/{id}"), Some(&json!({ "title": "Чернетка" })));
            held.drafts.push(id);
            town.ask("POST", "/accounts", Some(&json!({ "name": name, "role": "reader", "password": PASSWORD })));
            held.accounts.push(name);
        }
        let profile = json!({ "base_heads": [], "content": samples::profile() });
        held.profile = town.ask("PUT", "/profile", Some(&profile))["heads"].clone();
        held.block = town.api().get("/bundle").expect("a block").body;
        held
    }

    fn fill_documents(&mut self, town: &Town) {
        let (practice, standing) = self.documents["practices"].first_key_value().expect("published");
        let mut known = BTreeMap::from([(samples::practice_id().to_string(), practice.clone())]);
        let heads = standing.heads.clone();
        for sample in documents::samples() {
            let (kind, mut content) = (sample.card.kind, sample.content);
            rewritten(&mut content, &known, &heads);
            let entries = content.as_object_mut().expect("an object");
            entries.remove("about_owner");
            entries.remove("about_revision");
            let new = json!({ "kind": kind, "content": content });
            let published = town.ask("POST", "/documents", Some(&new));
            known.insert(sample.card.id, published["id"].as_str().expect("an id").to_owned());
            self.stands("documents", &published, content.clone());
            self.contents.push((kind, content));
        }
        self.told_of = known.into_values().collect();
    }

    fn stands(&mut self, list: &'static str, published: &Value, content: Value) {
        let Some(id) = published["id"].as_str() else { return };
        self.records.extend(published["record"].as_str().map(|record| (record.to_owned(), id.to_owned())));
        let standing = Standing { heads: published["heads"].clone(), content };
        self.documents.entry(list).or_default().insert(id.to_owned(), standing);
    }

    /// The name of an account that is not there yet.
    fn new_name(&mut self) -> String {
        self.made += 1;
        format!("account-{}", self.made)
    }

    /// An id, or a name, that leads somewhere for this operation, and may be lost if it takes something back.
    pub fn id_for(&self, operation: &Operation, rng: &mut Rng) -> String {
        let takes_back = operation.method == "DELETE";
        let mut id = self.id(&operation.path, rng);
        for _ in 0..CHOICES_MAX {
            if !takes_back || !self.told_of.contains(&id) {
                break;
            }
            id = self.id(&operation.path, rng);
        }
        id
    }

    /// An id, or a name, that leads somewhere from this path; one that leads nowhere if there is none.
    fn id(&self, path: &str, rng: &mut Rng) -> String {
        let list = path.split('/').nth(3).unwrap_or_default();
        let documents = |list| self.documents[list].keys().cloned().collect::<Vec<_>>();
        let ids = match list {
            "practices" | "documents" => documents(list),
            "drafts" => self.drafts.clone(),
            "accounts" => self.accounts.iter().map(|name| in_address(name)).collect(),
            "communities" => vec![self.community.clone()],
            _ => self.records.iter().map(|(record, _)| record.clone()).collect(),
        };
        if ids.is_empty() { odd::hex(rng, 16) } else { rng.pick(&ids).clone() }
    }

    /// Any id or term that means something to the node.
    pub fn word(&self, rng: &mut Rng) -> String {
        match rng.below(8) {
            0 => self.community.clone(),
            1 => CODE.to_owned(),
            2 => self.id("/api/v1/practices", rng),
            3 => self.id("/api/v1/documents", rng),
            4 => self.id("/api/v1/records", rng),
            5 => rng.pick(&self.contents).0.clone(),
            6 => (*rng.pick(&["education", "school_pb", "administrator", "newest", "uk", "2024-05"])).to_owned(),
            _ => "парк".to_owned(),
        }
    }

    /// What a parameter that must be there says when it is right.
    pub fn parameter(&self, name: &str, rng: &mut Rng) -> String {
        match name {
            "kind" => rng.pick(&self.contents).0.clone(),
            // Added in every round before it is forgotten.
            "address" => NOBODY_THERE.to_owned(),
            "limit" => (1 + rng.below(100)).to_string(),
            _ => "парк".to_owned(),
        }
    }

    /// A body that the operation takes, with the id that stands in its address.
    pub fn body(&mut self, operation: &Operation, id: &str, rng: &mut Rng) -> Value {
        let practice = material::practice(rng, "Нова практика", LETTERS);
        let edit = |heads: &Value, content: &Value| json!({ "base_heads": heads, "content": content });
        let standing = |list: &str| self.documents[list].get(id).cloned();
        match (operation.method.as_str(), operation.path.as_str()) {
            ("POST", "/api/v1/practices") => practice,
            ("PUT", "/api/v1/practices/{id}") => {
                standing("practices").map_or(Value::Null, |standing| edit(&standing.heads, &practice))
            }
            ("POST", "/api/v1/documents") => {
                let (kind, content) = rng.pick(&self.contents);
                json!({ "kind": kind, "content": content })
            }
            ("PUT", "/api/v1/documents/{id}") => {
                standing("documents").map_or(Value::Null, |standing| edit(&standing.heads, &standing.content))
            }
            ("POST", "/api/v1/accounts") => {
                json!({ "name": self.new_name(), "role": "reader", "password": PASSWORD })
            }
            ("PUT", "/api/v1/accounts/{name}") => json!({ "role": "editor" }),
            ("PUT", "/api/v1/profile") => edit(&self.profile, &json!(samples::profile())),
            ("POST", "/api/v1/import") => json!({ "rows": material::rows(rng.below(50), 3, LETTERS) }),
            ("POST", "/api/v1/community") => json!({ "code": CODE, "device_name": "Ноутбук" }),
            (_, "/api/v1/peers" | "/api/v1/peers/probe") => json!({ "address": NOBODY_THERE }),
            _ => json!({ "title": "Чернетка", "form": [["title", "Чернетка"]] }),
        }
    }

    /// A block of records as the node gave it.
    pub fn block(&self) -> Vec<u8> {
        self.block.clone()
    }

    /// Learns from an answer what is there now.
    pub fn learn(&mut self, operation: &Operation, id: &str, body: &[u8], answer: &Answer) {
        if !(200..300).contains(&answer.status) {
            return;
        }
        let sent: Value = serde_json::from_slice(body).unwrap_or_default();
        let published: Value = serde_json::from_slice(&answer.body).unwrap_or_default();
        match (operation.method.as_str(), operation.path.as_str()) {
            ("POST", "/api/v1/practices") => self.stands("practices", &published, sent),
            ("POST", "/api/v1/documents") => self.stands("documents", &published, sent["content"].clone()),
            // A practice is a document too, and may have been addressed as one.
            ("PUT", "/api/v1/practices/{id}" | "/api/v1/documents/{id}") => {
                let list = if self.documents["practices"].contains_key(id) { "practices" } else { "documents" };
                self.stands(list, &published, sent["content"].clone());
            }
            ("DELETE", "/api/v1/practices/{id}" | "/api/v1/documents/{id}") => {
                self.documents.values_mut().for_each(|list| drop(list.remove(id)));
                self.records.retain(|(_, document)| document != id);
            }
            ("POST", "/api/v1/accounts") => self.accounts.extend(sent["name"].as_str().map(str::to_owned)),
            ("DELETE", "/api/v1/accounts/{name}") => self.accounts.retain(|name| name != id),
            ("PUT", "/api/v1/drafts/{id}") => self.drafts.push(id.to_owned()),
            ("DELETE", "/api/v1/drafts/{id}") => self.drafts.retain(|draft| draft != id),
            ("PUT", "/api/v1/profile") => self.profile = published["heads"].clone(),
            _ => {}
        }
    }
}

/// Puts what this node has in the place of what the sample library has.
fn rewritten(value: &mut Value, known: &BTreeMap<String, String>, heads: &Value) {
    match value {
        Value::String(text) => {
            if let Some(ours) = known.get(text) {
                ours.clone_into(text);
            }
        }
        Value::Array(items) => items.iter_mut().for_each(|item| rewritten(item, known, heads)),
        Value::Object(entries) => {
            for (key, entry) in entries {
                if key == "revision" {
                    *entry = heads.clone();
                } else {
                    rewritten(entry, known, heads);
                }
            }
        }
        _ => {}
    }
}
