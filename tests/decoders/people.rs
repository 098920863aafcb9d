//! Laws of what people and their programs hand in: files to import, forms, API bodies.

use std::io::Cursor;
use std::sync::{Arc, LazyLock, Mutex};

use crdt::check::{self, Strictness};
use crdt::field::{Field, Stored};
use crdt::gate::{DocumentKind, Verdict, judge};
use crdt::id::DocumentName;
use crdt::practice::{PRACTICE, Practice};
use crdt::profile::{PROFILE, Profile};
use crdt::replay::{EditError, EditRequest, Replay};
use crdt::view::FieldState;
use http::{Method, Request};
use node::cli::import::{Format, Row, rows};
use node::keyring::public;
use node::library::import::read;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;
use tokio::runtime::{Builder, Runtime};
use web_ui::testing::{FakeLibrary, samples};

use super::signers::{Hall, MADE_AT, signers};
use crate::world::author::{Letter, actor};

/// A file to import: an even first byte means JSONL, an odd one a table.
pub fn import(bytes: &[u8]) {
    let Some((format, bytes)) = bytes.split_first() else { return };
    let format = if format % 2 == 0 { Format::Jsonl } else { Format::Csv };
    let Some(read_rows) = all_rows(format, bytes) else { return };
    assert_eq!(Some(&read_rows), all_rows(format, bytes).as_ref(), "one file was read in two ways");
    assert!(read_rows.is_sorted_by_key(|(line, _)| *line), "rows out of order");
    let lines = bytes.split(|byte| matches!(byte, b'\n' | b'\r')).count();
    assert!(read_rows.len() <= lines, "more rows than lines");
    for row in read_rows.into_iter().filter_map(|(_, row)| row.ok()) {
        let first = read(row.clone());
        assert_eq!(first, read(row));
        match first {
            Ok((_, practice)) => kept_when_written(&practice),
            Err(errors) => {
                assert!(!errors.is_empty() && errors.iter().all(|error| !error.uk.is_empty() && !error.en.is_empty()));
            }
        }
    }
}

fn all_rows(format: Format, bytes: &[u8]) -> Option<Vec<Row>> {
    rows(format, Cursor::new(bytes.to_vec())).ok().map(Iterator::collect)
}

/// A practice that was read is the same when an export of it is read.
fn kept_when_written(practice: &Practice) {
    assert_eq!(check::practice(practice, Strictness::Import), []);
    let again = read(serde_json::to_value(practice).expect("JSON"));
    assert_eq!(again.map(|(_, again)| stored(PRACTICE, &again)), Ok(stored(PRACTICE, practice)));
}

fn stored(table: &[Field], content: &impl Serialize) -> Vec<Stored> {
    let whole = serde_json::to_value(content).expect("JSON");
    table.iter().map(|field| field.store(&whole)).collect()
}

/// What a form or a program says of a practice (even) or a profile (odd): what is taken is what
/// stands there afterwards.
pub fn practice(bytes: &[u8]) {
    let Some((kind, bytes)) = bytes.split_first() else { return };
    if kind % 2 == 0 {
        let Ok(practice) = serde_json::from_slice::<Practice>(bytes) else { return };
        if check::practice(&practice, Strictness::Import).is_empty() {
            saved_is_read(PRACTICE, DocumentKind::Practice, signers().name, &practice);
        }
    } else {
        let Ok(profile) = serde_json::from_slice::<Profile>(bytes) else { return };
        if check::profile(&profile).is_empty() {
            saved_is_read(PROFILE, DocumentKind::Profile, DocumentName::PROFILE, &profile);
        }
    }
}

fn saved_is_read<T>(table: &'static [Field], kind: DocumentKind, name: DocumentName, content: &T)
where
    T: Serialize + DeserializeOwned,
{
    let signers = signers();
    let empty = Replay::empty(signers.community(), name, kind);
    let Some(chunk) = edited(&empty, table, content, 1) else { return };
    let letter = Letter::change(signers.network, signers.community(), name, MADE_AT, kind, &chunk);
    let record = letter.sign(&signers.devices[0]);
    let verdict = judge(record.bytes().to_vec(), &Hall::of(signers));
    assert!(matches!(verdict, Verdict::Admitted(_)), "what a form saved is refused: {verdict:?}");
    let replay = Replay::derive(signers.community(), name, [record], Some(&signers.charter));
    let view = replay.view();
    assert_eq!((view.set_aside.len(), view.waiting.len()), (0, 0));
    for (field, wanted) in table.iter().zip(stored(table, content)) {
        let shown = view.fields.get(field.key).map_or(Stored::Nothing, FieldState::shown);
        let shown = if shown == Stored::Items(vec![]) { Stored::Nothing } else { shown };
        assert_eq!(shown, wanted, "what was saved in {} is not what stands there", field.key);
    }
    // Who opens the page and saves it without a change makes no change.
    let read: T = view.typed(table);
    assert_eq!(stored(table, &read), stored(table, content), "what is shown is not what was saved");
    assert_eq!(edited(&replay, table, &read, 2), None, "saving what was read changes something");
}

fn edited(on: &Replay, table: &'static [Field], content: &impl Serialize, nth: u64) -> Option<Vec<u8>> {
    let key = &signers().devices[0];
    let request = EditRequest {
        base: &on.heads(),
        table,
        content: &serde_json::to_value(content).expect("JSON"),
        resolve: &[],
        actor: actor(key, nth.to_be_bytes()),
        device: public(key),
    };
    match on.edit(&request) {
        Ok(chunk) => chunk,
        Err(EditError::TooLarge) => None,
        Err(error) => panic!("a form cannot be saved: {error}"),
    }
}

/// The name and the token of the node under test.
const HOST: &str = "127.0.0.1:4642";
const TOKEN: &str = "a-token-of-this-node";
/// Bytes of an answer at the most.
const ANSWER_MAX: usize = 1024 * 1024;

/// Everything that can be written to, with a body.
fn routes() -> [(Method, String); 9] {
    let practice = samples::practice_id();
    [
        (Method::POST, "/practices".into()),
        (Method::PUT, format!("/practices/{practice}")),
        (Method::PUT, format!("/drafts/{}", samples::DRAFT)),
        (Method::POST, "/community".into()),
        (Method::PUT, "/profile".into()),
        (Method::POST, "/import".into()),
        (Method::POST, "/bundle".into()),
        (Method::POST, "/peers".into()),
        (Method::POST, "/verify".into()),
    ]
}

/// A body for one of the addresses that take one: the first byte says which.
pub fn api(bytes: &[u8]) {
    let Some((route, body)) = bytes.split_first() else { return };
    let (method, path) = &routes()[usize::from(*route) % routes().len()];
    let (status, answer) = ask(method, path, body);
    assert_eq!(ask(method, path, body).0, status, "one body was taken in two ways");
    assert!(status < 500, "{path} failed");
    if status >= 400 {
        let answer: Value = serde_json::from_slice(&answer).expect("errors are JSON");
        let said = ["code", "uk", "en"].map(|part| answer["error"][part].as_str().unwrap_or_default().len());
        assert!(said.iter().all(|len| (1..2_000).contains(len)), "an error that says nothing, or too much: {answer}");
    }
}

/// Asks a library that is as it was at first, so that an answer depends on the body alone.
fn ask(method: &Method, path: &str, body: &[u8]) -> (u16, Vec<u8>) {
    let site = SITE.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
    *site.library.contents() = std::mem::take(&mut *samples::library().contents());
    let kind = if path == "/bundle" { "application/octet-stream" } else { "application/json" };
    let request = Request::builder()
        .method(method)
        .uri(format!("/api/v1{path}"))
        .header("host", HOST)
        .header("authorization", format!("Bearer {TOKEN}"))
        .header("content-type", kind)
        .body(body.to_vec())
        .expect("a request");
    let answer = site.runtime.block_on(web_ui::serve::answer(&site.router, request, ANSWER_MAX));
    (answer.status().as_u16(), answer.into_body())
}

/// The whole router around a library in memory.
struct Site {
    library: Arc<FakeLibrary>,
    router: web_ui::Router,
    runtime: Runtime,
}

static SITE: LazyLock<Mutex<Site>> = LazyLock::new(|| {
    let library = Arc::new(samples::library());
    let access = web_ui::Access { token: TOKEN.into(), hosts: vec![HOST.into()] };
    let runtime = Builder::new_current_thread().enable_time().build().expect("a runtime");
    Mutex::new(Site { router: web_ui::router(library.clone(), access), library, runtime })
});
