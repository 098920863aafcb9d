//! A clerk who never rests, and remembers what the node acknowledged.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};
use std::thread::JoinHandle;

use serde_json::{Value, json};

use crate::process::http::Api;
use crate::process::material::practice;
use crate::process::town::Town;
use crate::world::rng::Rng;

/// What a document must look like.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Stands {
    /// It has this title.
    Titled(String),
    /// It is not there: taken back, or lost.
    Absent,
}

/// What was acknowledged, by document, and the one thing that may be under way.
#[derive(Clone, Default, Debug)]
pub struct Acknowledged {
    pub documents: BTreeMap<String, Stands>,
    /// What an existing document becomes if the request under way was still carried out.
    pub under_way: Option<(String, Stands)>,
    /// How many requests were acknowledged.
    pub count: usize,
}

/// The thread that writes.
pub struct Writer {
    shared: Arc<Mutex<Acknowledged>>,
    thread: JoinHandle<()>,
}

impl Writer {
    /// Begins to write on top of what was acknowledged before.
    pub fn begin(town: &Town, before: Acknowledged, rng: Rng) -> Self {
        let shared = Arc::new(Mutex::new(before));
        let (api, theirs) = (town.api(), Arc::clone(&shared));
        // Ends when the node is killed: the connection breaks.
        let thread = std::thread::spawn(move || {
            let mut clerk = Clerk { api, shared: theirs, rng };
            while clerk.write().is_some() {}
        });
        Self { shared, thread }
    }

    /// How many requests were acknowledged so far.
    pub fn count(&self) -> usize {
        self.shared.lock().expect("the clerk lives").count
    }

    /// What was acknowledged, after the node is gone.
    pub fn end(self) -> Acknowledged {
        self.thread.join().expect("the clerk lives");
        self.shared.lock().expect("the clerk lived").clone()
    }
}

struct Clerk {
    api: Api,
    shared: Arc<Mutex<Acknowledged>>,
    rng: Rng,
}

impl Clerk {
    /// One request and its acknowledgement; none when the node does not answer any more.
    fn write(&mut self) -> Option<()> {
        match self.rng.below(10) {
            0..6 => self.publish(),
            6..9 => self.edit(),
            _ => self.take_back(),
        }
    }

    fn ask(&mut self, method: &str, path: &str, body: Option<&Value>) -> Option<Value> {
        let answer = self.api.ask(method, path, body).ok()?;
        assert!(answer.is_success(), "{method} {path}: {}", answer.text());
        Some(if answer.body.is_empty() { Value::Null } else { answer.json() })
    }

    fn publish(&mut self) -> Option<()> {
        let title = format!("Практика {:x}", self.rng.next());
        let letters = if self.rng.percent(10) { 20_000 } else { 400 };
        let content = practice(&mut self.rng, &title, letters);
        let answer = self.ask("POST", "/practices", Some(&content))?;
        let id = answer["id"].as_str().expect("an id").to_owned();
        self.acknowledge(id, Stands::Titled(title));
        Some(())
    }

    fn edit(&mut self) -> Option<()> {
        let Some(id) = self.some_document() else { return self.publish() };
        let mut page = self.ask("GET", &format!("/practices/{id}"), None)?;
        let title = format!("Змінена {:x}", self.rng.next());
        page["practice"]["title"] = json!(title);
        self.intend(&id, Stands::Titled(title.clone()));
        let edit = json!({ "base_heads": page["heads"], "content": page["practice"] });
        self.ask("PUT", &format!("/practices/{id}"), Some(&edit))?;
        self.acknowledge(id, Stands::Titled(title));
        Some(())
    }

    fn take_back(&mut self) -> Option<()> {
        let Some(id) = self.some_document() else { return self.publish() };
        self.intend(&id, Stands::Absent);
        self.ask("DELETE", &format!("/practices/{id}?reason=test"), None)?;
        self.acknowledge(id, Stands::Absent);
        Some(())
    }

    fn some_document(&mut self) -> Option<String> {
        let shared = self.shared.lock().expect("nobody panics with it");
        let there: Vec<&String> =
            shared.documents.iter().filter(|(_, stands)| **stands != Stands::Absent).map(|(id, _)| id).collect();
        if there.is_empty() { None } else { Some((*self.rng.pick(&there)).clone()) }
    }

    fn intend(&self, id: &str, stands: Stands) {
        self.shared.lock().expect("nobody panics with it").under_way = Some((id.to_owned(), stands));
    }

    fn acknowledge(&self, id: String, stands: Stands) {
        let mut shared = self.shared.lock().expect("nobody panics with it");
        shared.documents.insert(id, stands);
        shared.under_way = None;
        shared.count += 1;
    }
}
