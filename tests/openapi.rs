//! The API against the document that it serves of itself: a real node is asked for everything that the
//! document describes, rightly, wrongly and absurdly, by whoever may and whoever may not.
//!
//! Laws: no request is the node's fault; the status of every answer is declared for its operation; what it
//! says is as declared for that status; errors have one shape; without the token nothing that needs it is
//! done; and what is right succeeds.
//!
//! Every request depends on a seed alone, apart from the ids that the node makes.

mod document;
mod held;
mod making;
mod odd;
mod schema;
mod wire;

use std::collections::{BTreeMap, BTreeSet};
use std::net::SocketAddr;
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use self::document::{Document, Operation};
use self::held::Held;
use self::making::Manner;
use self::wire::{Answer, Line, Request};
use crate::process::material::CODE;
use crate::process::town::Town;
use crate::world::rng::{Replayable, Rng, from_environment, seed};

/// How many requests are made, for runs longer than CI's.
const VARIABLE: &str = "DOSVID_REQUESTS";
/// Requests unless said otherwise: about a quarter of a minute of a debug build.
const REQUESTS: usize = 2_000;
/// Bytes of a body that a server reads of a request that it has answered already.
const UNREAD_MAX: usize = 4_096;
/// How often each operation is first asked as it should be, by whoever may.
const RIGHT_FIRST: usize = 2;
const ROLES: [&str; 3] = ["administrator", "editor", "reader"];
const PASSWORD: &str = "сім жовтих лелек";
/// A node writes for one community and for good, so this succeeds once, before everything else.
const ONCE: &str = "POST /api/v1/community";

/// What a run has seen.
#[derive(Default)]
struct Seen {
    wrong: BTreeMap<String, String>,
    statuses: BTreeMap<u16, usize>,
    succeeded: BTreeSet<String>,
    slowest: (Duration, String),
}

#[test]
fn every_operation_answers_as_its_own_document_says() {
    let seed = seed();
    let _replayable = Replayable::new(seed);
    let mut rng = Rng::new(seed);
    let requests = from_environment(VARIABLE, REQUESTS);
    let mut town = Town::reader("described");
    town.start();
    let founded = town.ask("POST", "/community", Some(&json!({ "code": CODE, "device_name": "Комп’ютер" })));
    let community = founded["id"].as_str().expect("an id").to_owned();
    let mut held = Held::fill(&town, community, &mut rng);
    let settled = |status: &Value| status["index"]["state"] == "ready" && status["pending"] == 0;
    town.wait_until("everything can be found", settled);
    let document = Document::read(town.ask("GET", "/openapi.json", None));
    let asker = Asker::of(&town);
    let mut line = Line::new(asker.address);
    let mut seen = Seen::default();
    for n in 0..requests {
        let operation = &document.operations[n % document.operations.len()];
        let mut rng = rng.fork();
        let right = n / document.operations.len() < RIGHT_FIRST;
        one(&mut rng, &document, operation, &mut held, &asker, &mut line, right, &mut seen);
    }
    let Seen { wrong, statuses, succeeded, slowest } = seen;
    println!("seed {seed}: {requests} requests, {statuses:?}; slowest {:?}: {}", slowest.0, slowest.1);
    assert!(wrong.is_empty(), "{} wrong:\n{}", wrong.len(), wrong.into_values().collect::<Vec<_>>().join("\n\n"));
    let never: Vec<String> = document
        .operations
        .iter()
        .map(Operation::name)
        .filter(|name| name != ONCE && !succeeded.contains(name))
        .collect();
    assert!(never.is_empty(), "never succeeded: {never:?}");
    town.stop();
}

/// Makes one request and judges its answer.
#[allow(clippy::too_many_arguments, reason = "everything that a run has")]
fn one(
    rng: &mut Rng,
    document: &Document,
    operation: &Operation,
    held: &mut Held,
    asker: &Asker,
    line: &mut Line,
    right: bool,
    seen: &mut Seen,
) {
    let manner = match rng.below(10) {
        _ if right => Manner::Right,
        0..=2 => Manner::Right,
        3..=5 => Manner::Spoilt,
        6 | 7 => Manner::BySchema,
        _ => Manner::Noise,
    };
    let (mut request, id) = making::request(rng, document, held, operation, manner);
    let has_token = asker.sign(rng, right, &mut request);
    let started = Instant::now();
    let answer = line.ask(&request);
    let took = started.elapsed();
    let (answer, judged) = match answer {
        Ok(answer) => {
            let judged = document.judge(operation, has_token, &answer);
            (answer, judged)
        }
        // Whoever is refused before a long body was read may find the line cut before the answer. A node that
        // has really ended answers nothing of what follows.
        Err(_) if request.body.len() > UNREAD_MAX => (Answer::default(), Ok(())),
        Err(error) => (Answer::default(), Err(format!("no answer: {error}"))),
    };
    held.learn(operation, &id, &request.body, &answer);
    let succeeds = (200..300).contains(&answer.status);
    let judged = judged.and_then(|()| {
        let should = right && operation.name() != ONCE;
        if should && !succeeds { Err("what is right was refused".into()) } else { Ok(()) }
    });
    *seen.statuses.entry(answer.status).or_default() += 1;
    if succeeds {
        seen.succeeded.insert(operation.name());
    }
    if took > seen.slowest.0 {
        seen.slowest = (took, operation.name());
    }
    if let Err(why) = judged {
        let said = String::from_utf8_lossy(&answer.body).chars().take(600).collect::<String>();
        let which = format!("{} {} {}", operation.name(), answer.status, why.lines().next().unwrap_or_default());
        let report =
            format!("{}: {} {why}\n  {said}\n  {manner:?} {}", operation.name(), answer.status, request.shown());
        seen.wrong.entry(which).or_insert(report);
    }
}

/// By whom requests are sent.
struct Asker {
    address: SocketAddr,
    token: String,
    /// The cookies of somebody of each role.
    people: Vec<String>,
}

impl Asker {
    fn of(town: &Town) -> Self {
        let running = std::fs::read_to_string(town.folder().join("running.json")).expect("it runs");
        let running: Value = serde_json::from_str(&running).expect("JSON");
        let address = running["http"].as_str().and_then(|text| text.parse().ok()).expect("an address");
        let token = std::fs::read_to_string(town.folder().join("token")).expect("a token").trim().to_owned();
        let people = ROLES.iter().map(|role| sign_in(town, address, role)).collect();
        Self { address, token, people }
    }

    /// Says who sends a request; gives whether that is somebody with the token.
    fn sign(&self, rng: &mut Rng, right: bool, request: &mut Request) -> bool {
        let mut by = |name, value: &str| request.headers.push((name, value.to_owned()));
        match rng.below(20) {
            _ if right => {}
            0 => return false,
            1 => {
                by("authorization", &format!("Bearer {}", "0".repeat(self.token.len())));
                return false;
            }
            2 => {
                by("authorization", "Basic eDp4");
                return false;
            }
            3..=5 => {
                by("cookie", rng.pick(&self.people).as_str());
                return false;
            }
            6 => by("origin", "http://elsewhere.example"),
            7 => by("cookie", rng.pick(&self.people).as_str()),
            _ => {}
        }
        by("authorization", &format!("Bearer {}", self.token));
        true
    }
}

/// Makes an account of a role and signs in as a browser does; gives the cookies.
fn sign_in(town: &Town, address: SocketAddr, role: &str) -> String {
    town.ask("POST", "/accounts", Some(&json!({ "name": role, "role": role, "password": PASSWORD })));
    let mut form = form_urlencoded::Serializer::new(String::new());
    form.append_pair("name", role).append_pair("password", PASSWORD);
    let request = Request {
        method: "POST".into(),
        target: "/sign-in".into(),
        headers: vec![
            ("origin", format!("http://{address}")),
            ("sec-fetch-site", "same-origin".into()),
            ("content-type", "application/x-www-form-urlencoded".into()),
        ],
        body: form.finish().into_bytes(),
    };
    let answer = Line::new(address).ask(&request).expect("an answer");
    assert!(!answer.cookies.is_empty(), "{role} is not signed in: {answer:?}");
    answer.cookies.join("; ")
}
