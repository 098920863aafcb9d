//! A town: a data folder, and at times a running node on it.

use std::collections::BTreeMap;
use std::fs::{self, File, OpenOptions};
use std::net::{SocketAddr, TcpListener};
use std::path::{Path, PathBuf};
use std::process::{Child, Stdio};
use std::sync::atomic::{AtomicU16, Ordering};

use serde_json::{Value, json};
use tempfile::TempDir;

use super::http::Api;
use super::material::CODE;
use super::program::{DONE, Ran, command, run, signal};
use super::{PATIENCE, wait_for};

/// A data folder, its log, and its node while it runs. A node that still runs is killed at the end.
pub struct Town {
    name: &'static str,
    home: TempDir,
    folder: PathBuf,
    port: u16,
    /// Where its pages are: any free port, unless a browser must find them at the same address again.
    http: String,
    /// Peers to dial, said anew at each start.
    pub peers: Vec<String>,
    /// What the node finds in its environment, at each start.
    pub environment: Vec<(&'static str, PathBuf)>,
    node: Option<Child>,
}

/// Everything that people see of a practice and that must be the same everywhere.
pub type Library = BTreeMap<String, Value>;

impl Town {
    /// A town that only reads.
    pub fn reader(name: &'static str) -> Self {
        let home = tempfile::Builder::new().prefix(&format!("dosvid-{name}-")).tempdir().expect("a folder");
        Self {
            name,
            folder: home.path().join("data"),
            home,
            port: free_port(),
            http: "127.0.0.1:0".into(),
            peers: Vec::new(),
            environment: Vec::new(),
            node: None,
        }
    }

    /// A town that writes for a community.
    pub fn founded(name: &'static str) -> Self {
        let town = Self::reader(name);
        town.run(&["init", "--community", CODE, "--device-name", name]).ends(DONE);
        town
    }

    /// A reader whose data lies elsewhere, such as on a disk whose power will be cut.
    pub fn at(name: &'static str, folder: PathBuf) -> Self {
        let mut town = Self::reader(name);
        town.folder = folder;
        town
    }

    /// Another town that begins with a copy of this one's folder.
    pub fn twin(&self, name: &'static str) -> Self {
        assert!(self.node.is_none(), "a folder is copied while its node is off");
        let twin = Self::reader(name);
        copy_folder(&self.folder, &twin.folder);
        twin
    }

    /// Copies the folder to a safe place.
    pub fn back_up(&self) -> PathBuf {
        assert!(self.node.is_none(), "a folder is copied while its node is off");
        let copy = self.home.path().join("copy");
        copy_folder(&self.folder, &copy);
        copy
    }

    /// Goes on from a copy, as if the disk had failed.
    pub fn restore(&mut self, copy: &Path) {
        assert!(self.node.is_none(), "a folder is restored while its node is off");
        fs::remove_dir_all(&self.folder).expect("removed");
        copy_folder(copy, &self.folder);
    }

    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// A place for files of the test beside the data.
    pub fn file(&self, name: &str) -> PathBuf {
        self.home.path().join(name)
    }

    /// Runs one command on this folder.
    pub fn run(&self, arguments: &[&str]) -> Ran {
        run(&self.folder, arguments)
    }

    /// Starts the node and waits until it answers.
    #[track_caller]
    pub fn start(&mut self) {
        self.launch();
        wait_for(self.name, PATIENCE, || self.answers());
    }

    /// Starts the node again with its pages where they were, such as `http://127.0.0.1:4001`.
    pub fn start_at(&mut self, home: &str) {
        home.trim_start_matches("http://").clone_into(&mut self.http);
        self.start();
    }

    /// Starts the node without waiting.
    #[track_caller]
    pub fn launch(&mut self) {
        assert!(self.node.is_none(), "{} runs already", self.name);
        let log = || OpenOptions::new().create(true).append(true).open(self.file("log")).expect("a log");
        let mut command = command(&self.folder);
        command.args(["run", "--http", &self.http, "--listen"]).arg(format!("/ip4/127.0.0.1/tcp/{}", self.port));
        for peer in &self.peers {
            command.args(["--peer", peer]);
        }
        command.envs(self.environment.iter().map(|(name, value)| (name, value)));
        command.stdin(Stdio::null()).stdout(log()).stderr(log());
        self.node = Some(command.spawn().expect("the program can be started"));
    }

    /// Waits until the launched node answers or ends; says which.
    pub fn came_up(&mut self) -> bool {
        let up = wait_for(self.name, PATIENCE, || {
            let ended = self.node.as_mut().expect("launched").try_wait().expect("can be asked");
            match ended {
                Some(_) => Ok(false),
                None => self.answers().map(|_| true),
            }
        });
        if !up {
            self.node = None;
        }
        up
    }

    /// Whether the process that runs now serves its API, and its status.
    fn answers(&mut self) -> Result<Value, String> {
        let node = self.node.as_mut().expect("started");
        if let Some(ended) = node.try_wait().expect("can be asked") {
            panic!("{} ended with {ended} at its start:\n{}", self.name, self.log());
        }
        let running = self.running().ok_or("no running.json")?;
        if running["pid"] != json!(self.process()) {
            return Err("running.json of an earlier process".into());
        }
        self.try_status()
    }

    fn running(&self) -> Option<Value> {
        serde_json::from_str(&fs::read_to_string(self.folder.join("running.json")).ok()?).ok()
    }

    /// The process that runs.
    pub fn process(&self) -> u32 {
        self.node.as_ref().expect("the node runs").id()
    }

    /// Whether a node was started and not stopped.
    pub fn is_running(&self) -> bool {
        self.node.is_some()
    }

    /// Pulls the plug: SIGKILL.
    pub fn kill(&mut self) {
        let mut node = self.node.take().expect("the node runs");
        node.kill().expect("killed");
        node.wait().expect("ended");
    }

    /// Asks the node to end, and waits for it.
    #[track_caller]
    pub fn stop(&mut self) {
        signal(self.process(), "TERM");
        let node = self.node.as_mut().expect("the node runs");
        let ended = wait_for("the end of a node", PATIENCE, || {
            node.try_wait().expect("can be asked").ok_or_else(|| "it runs".to_owned())
        });
        self.node = None;
        assert_eq!(ended.code(), Some(DONE), "{}:\n{}", self.name, self.log());
    }

    /// A connection to the API.
    pub fn api(&self) -> Api {
        self.try_api().unwrap_or_else(|error| panic!("{}: {error}\n{}", self.name, self.log()))
    }

    fn try_api(&self) -> Result<Api, String> {
        let running = self.running().ok_or("no running.json")?;
        let address: SocketAddr = running["http"].as_str().and_then(|text| text.parse().ok()).ok_or("no address")?;
        let token = fs::read_to_string(self.folder.join("token")).map_err(|error| error.to_string())?;
        Api::connect(address, token.trim()).map_err(|error| error.to_string())
    }

    fn try_status(&self) -> Result<Value, String> {
        let answer = self.try_api()?.get("/status").map_err(|error| error.to_string())?;
        if answer.is_success() { Ok(answer.json()) } else { Err(answer.text()) }
    }

    /// How the node stands, running or not.
    pub fn status(&self) -> Value {
        if self.is_running() {
            self.try_status().unwrap_or_else(|error| panic!("{}: {error}\n{}", self.name, self.log()))
        } else {
            self.run(&["status", "--json"]).ends(DONE).json()
        }
    }

    /// Waits until the status of the running node is as wished.
    #[track_caller]
    pub fn wait_until(&self, what: &str, wished: impl Fn(&Value) -> bool) -> Value {
        wait_for(&format!("{} until {what}", self.name), PATIENCE, || {
            let status = self.status();
            if wished(&status) { Ok(status) } else { Err(format!("{status}\n{}", self.log())) }
        })
    }

    /// Where peers reach the running node; the same after each start.
    pub fn address(&self) -> String {
        let status = self.wait_until("it listens", |status| status["addresses"][0].is_string());
        status["addresses"][0].as_str().expect("a text").to_owned()
    }

    /// Asks the running node for something that must succeed.
    #[track_caller]
    pub fn ask(&self, method: &str, path: &str, body: Option<&Value>) -> Value {
        let answer = self.api().ask(method, path, body).expect("an answer");
        assert!(answer.is_success(), "{}: {method} {path}: {}", self.name, answer.text());
        if answer.body.is_empty() { Value::Null } else { answer.json() }
    }

    /// Publishes a practice; gives its id.
    #[track_caller]
    pub fn publish(&self, practice: &Value) -> String {
        self.ask("POST", "/practices", Some(practice))["id"].as_str().expect("an id").to_owned()
    }

    /// A practice as its page shows it; none if there is no such page.
    pub fn page(&self, id: &str) -> Option<Value> {
        let answer = self.api().get(&format!("/practices/{id}")).expect("an answer");
        answer.is_success().then(|| answer.json())
    }

    /// Changes a practice as somebody does who has just opened it.
    #[track_caller]
    pub fn edit(&self, id: &str, change: impl FnOnce(&mut Value)) -> Value {
        let mut page = self.page(id).unwrap_or_else(|| panic!("{} has no {id}", self.name));
        change(&mut page["practice"]);
        let edit = json!({ "base_heads": page["heads"], "content": page["practice"] });
        self.ask("PUT", &format!("/practices/{id}"), Some(&edit))
    }

    /// Whether the node has ended by itself; then it may be started again.
    pub fn ended(&mut self) -> bool {
        let ended = self.node.as_mut().is_some_and(|node| node.try_wait().expect("can be asked").is_some());
        if ended {
            self.node = None;
        }
        ended
    }

    /// Every practice that can be read just now, by id; none if the node does not answer. What cannot be
    /// read is left out.
    pub fn try_library(&self) -> Option<Library> {
        let mut api = self.try_api().ok()?;
        let (mut library, mut after) = (Library::new(), String::new());
        loop {
            let page = api.get(&format!("/practices?limit=100{after}")).ok().filter(|page| page.status == 200)?.json();
            for row in page["rows"].as_array()? {
                let id = row["id"].as_str()?.to_owned();
                let whole = api.get(&format!("/practices/{id}")).ok()?;
                if whole.status == 200 {
                    library.insert(id, seen(&whole.json()));
                }
            }
            match page["next"].as_str() {
                Some(next) => after = format!("&after={next}"),
                None => return Some(library),
            }
        }
    }

    /// Every practice as people see it, by id.
    pub fn library(&self) -> Library {
        let mut api = self.api();
        let mut library = Library::new();
        let mut after = String::new();
        loop {
            let page = api.get(&format!("/practices?limit=100{after}")).expect("an answer").json();
            for row in page["rows"].as_array().expect("rows") {
                let id = row["id"].as_str().expect("an id").to_owned();
                let whole = api.get(&format!("/practices/{id}")).expect("an answer").json();
                library.insert(id, seen(&whole));
            }
            match page["next"].as_str() {
                Some(next) => after = format!("&after={next}"),
                None => return library,
            }
        }
    }

    /// Everything that the node has logged since the town was made.
    pub fn log(&self) -> String {
        fs::read_to_string(self.file("log")).unwrap_or_default()
    }

    /// Nothing happened that anybody has to care about.
    #[track_caller]
    pub fn was_quiet(&self) {
        let log = self.log();
        let loud: Vec<&str> = log.lines().filter(|line| line.contains(" WARN ") || line.contains("ERROR")).collect();
        assert!(loud.is_empty(), "{} logged {loud:#?}", self.name);
    }
}

/// What people see of a practice, from its page.
fn seen(page: &Value) -> Value {
    let seen = ["practice", "conflicts", "heads", "changes"].map(|key| (key.to_owned(), page[key].clone()));
    Value::Object(seen.into_iter().collect())
}

impl Drop for Town {
    fn drop(&mut self) {
        if let Some(mut node) = self.node.take() {
            let _ = node.kill();
            let _ = node.wait();
        }
        if std::thread::panicking() {
            eprintln!("--- {}, log:\n{}", self.name, self.log());
        }
    }
}

/// Waits until running towns hold the same records, then compares what people see there.
#[track_caller]
pub fn agree(towns: &[&Town]) -> Library {
    agree_on_records(towns);
    let library = towns[0].library();
    for town in &towns[1..] {
        let other = town.library();
        assert_eq!(other.keys().collect::<Vec<_>>(), library.keys().collect::<Vec<_>>(), "{}", town.name);
        for (id, seen) in &library {
            assert_eq!(&other[id], seen, "{id} at {}", town.name);
        }
    }
    library
}

/// Waits until running towns hold the same records, and all views are derived.
#[track_caller]
pub fn agree_on_records(towns: &[&Town]) {
    wait_for("all to hold the same", PATIENCE, || {
        let all: Vec<Value> = towns.iter().map(|town| town.status()).collect();
        let settled = |status: &Value| status["pending"] == json!(0) && status["waiting"] == json!(0);
        let same =
            |status: &Value| status["records"] == all[0]["records"] && status["fingerprint"] == all[0]["fingerprint"];
        if all.iter().all(|status| settled(status) && same(status)) {
            Ok(())
        } else {
            Err(all.iter().map(|s| format!("{}/{} ", s["records"], s["pending"])).collect())
        }
    });
}

/// A port that nobody has, below those that the system gives away by itself, so that it is still
/// free when the node starts again.
fn free_port() -> u16 {
    static NEXT: AtomicU16 = AtomicU16::new(0);
    let start = 20_000 + u16::try_from(std::process::id() % 100).expect("below 100") * 100;
    loop {
        let port = start + NEXT.fetch_add(1, Ordering::Relaxed);
        if TcpListener::bind(("127.0.0.1", port)).is_ok() {
            return port;
        }
    }
}

/// Copies a folder with everything in it.
pub fn copy_folder(from: &Path, to: &Path) {
    fs::create_dir_all(to).expect("a folder");
    for entry in fs::read_dir(from).expect("a folder") {
        let entry = entry.expect("readable");
        let target = to.join(entry.file_name());
        if entry.file_type().expect("a type").is_dir() {
            copy_folder(&entry.path(), &target);
        } else {
            fs::copy(entry.path(), &target).expect("copied");
            File::open(&target).and_then(|file| file.sync_all()).expect("synced");
        }
    }
}
