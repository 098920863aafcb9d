//! What writing, merging and reading promise, on small documents.

use ed25519_dalek::SigningKey;
use serde_json::to_value;

use super::*;
use crate::chunk::{ACTOR_BYTES, actor_prefix};
use crate::gate::{CHANGE_VERSION, change_body};
use crate::id::{NetworkId, PublicKey};
use crate::practice::{PRACTICE, Practice, Step};
use crate::record::{Kind, Unsigned};

const COMMUNITY: CommunityId = CommunityId([1; 32]);
const NAME: DocumentName = DocumentName([2; 16]);

/// A town's PC: it signs, and never uses an actor twice.
struct Device {
    key: SigningKey,
    actors: u8,
}

impl Device {
    fn new(n: u8) -> Self {
        Self { key: SigningKey::from_bytes(&[n; 32]), actors: 0 }
    }

    fn public(&self) -> PublicKey {
        PublicKey(self.key.verifying_key().to_bytes())
    }

    fn edit(&mut self, on: &Replay, base: &[ChangeHash], practice: &Practice, resolve: &[&str]) -> Option<Record> {
        self.actors += 1;
        let mut actor = [self.actors; ACTOR_BYTES];
        actor[..8].copy_from_slice(&actor_prefix(&self.public()));
        let resolve: Vec<String> = resolve.iter().map(ToString::to_string).collect();
        let chunk = on.edit(&EditRequest {
            base,
            table: PRACTICE,
            content: &to_value(practice).expect("texts and numbers"),
            resolve: &resolve,
            actor,
            device: self.public(),
        });
        let body = change_body(DocumentKind::Practice, &chunk.expect("the base is known")?);
        let unsigned = Unsigned {
            network: NetworkId::of("test"),
            kind: Kind::Change,
            body_version: CHANGE_VERSION,
            community: COMMUNITY,
            document: NAME,
            created_at: Timestamp(u64::from(self.actors)),
            body: &body,
        };
        Some(unsigned.sign(&self.key).expect("small"))
    }
}

fn derive(records: &[Record]) -> Replay {
    Replay::derive(COMMUNITY, NAME, records.iter().cloned(), None)
}

fn practice(replay: &Replay) -> Practice {
    replay.view().typed(PRACTICE)
}

fn written() -> Practice {
    Practice {
        title: "Толока в парку".into(),
        sectors: vec!["environment".into(), "culture".into()],
        problem: "Парк занедбаний і темний увечері\nДіти граються на дорозі\nЛавки зламані з минулого року".into(),
        steps: vec![Step { title: "Збори".into(), days: Some(3), ..Step::default() }],
        ..Practice::default()
    }
}

fn published() -> (Device, Record, Replay) {
    let mut ananiv = Device::new(1);
    let empty = Replay::empty(COMMUNITY, NAME, DocumentKind::Practice);
    let first = ananiv.edit(&empty, &[], &written(), &[]).expect("something was written");
    let replay = derive(std::slice::from_ref(&first));
    (ananiv, first, replay)
}

#[test]
fn what_was_written_is_what_is_read() {
    let (mut ananiv, _, replay) = published();
    assert_eq!(practice(&replay), written());
    assert_eq!(ananiv.edit(&replay, &replay.heads(), &written(), &[]), None, "saying the same again changes nothing");
}

#[test]
fn edits_of_different_paragraphs_and_fields_merge_by_themselves() {
    let (mut ananiv, first, replay) = published();
    let mut bar = Device::new(2);
    let mut ours = written();
    ours.problem = ours.problem.replace("занедбаний", "зовсім занедбаний");
    let mut theirs = written();
    theirs.problem = theirs.problem.replace("минулого року", "позаминулого року");
    theirs.title = "Велика толока в парку".into();
    let a = ananiv.edit(&replay, &replay.heads(), &ours, &[]).expect("changed");
    let b = bar.edit(&replay, &replay.heads(), &theirs, &[]).expect("changed");
    let merged = derive(&[b, first, a]);
    assert_eq!(merged.view().conflicts(PRACTICE), []);
    let merged = practice(&merged);
    assert!(
        merged.problem.contains("зовсім занедбаний") && merged.problem.contains("позаминулого"),
        "{}",
        merged.problem
    );
    assert_eq!(merged.title, "Велика толока в парку");
}

#[test]
fn edits_of_one_paragraph_stay_both_until_somebody_decides() {
    let (mut ananiv, first, replay) = published();
    let mut bar = Device::new(2);
    let mut ours = written();
    ours.problem = ours.problem.replace("зламані", "поламані");
    ours.title = "Толока навесні".into();
    let mut theirs = written();
    theirs.problem = theirs.problem.replace("зламані", "розбиті");
    theirs.title = "Толока восени".into();
    let a = ananiv.edit(&replay, &replay.heads(), &ours, &[]).expect("changed");
    let b = bar.edit(&replay, &replay.heads(), &theirs, &[]).expect("changed");
    let merged = derive(&[first.clone(), a.clone(), b.clone()]);
    let conflicts = merged.view().conflicts(PRACTICE);
    let places: Vec<_> = conflicts.iter().map(|c| (c.field.as_str(), c.item, c.versions.len())).collect();
    assert_eq!(places, [("title", None, 2), ("problem", Some(2), 2)]);
    let devices: BTreeSet<&str> = conflicts[0].versions.iter().map(|version| version.device.as_str()).collect();
    assert_eq!(devices.len(), 2, "each side says who wrote it");

    let kept = practice(&merged);
    let decided = ananiv.edit(&merged, &merged.heads(), &kept, &["title", "problem"]).expect("decided");
    let after = derive(&[decided, b, a, first]);
    assert_eq!(after.view().conflicts(PRACTICE), []);
    assert_eq!(practice(&after), kept);
}

#[test]
fn a_paragraph_that_two_write_anew_at_once_is_not_said_twice() {
    let (mut ananiv, first, replay) = published();
    let mut bar = Device::new(2);
    let rewritten = |text: &str| {
        let mut practice = written();
        practice.problem = practice.problem.replace("Діти граються на дорозі", text);
        practice
    };
    let ours = rewritten("Поруч немає жодного майданчика для малечі");
    let theirs = rewritten("Школярі ходять через трасу без переходу");
    let a = ananiv.edit(&replay, &replay.heads(), &ours, &[]).expect("changed");
    let b = bar.edit(&replay, &replay.heads(), &theirs, &[]).expect("changed");
    let merged = derive(&[first, a, b]);
    let conflicts = merged.view().conflicts(PRACTICE);
    let places: Vec<_> = conflicts.iter().map(|c| (c.field.as_str(), c.item, c.versions.len())).collect();
    assert_eq!(places, [("problem", Some(1), 2)]);
    let shown = practice(&merged);
    assert!(shown == ours || shown == theirs, "{}", shown.problem);
}

#[test]
fn two_who_start_one_field_at_once_are_both_kept() {
    let (mut ananiv, first, replay) = published();
    let mut bar = Device::new(2);
    let a = ananiv.edit(&replay, &replay.heads(), &Practice { lessons: "Почніть зі зборів".into(), ..written() }, &[]);
    let b = bar.edit(&replay, &replay.heads(), &Practice { lessons: "Запросіть школу".into(), ..written() }, &[]);
    let merged = derive(&[first, a.expect("changed"), b.expect("changed")]);
    let mut lines: Vec<String> = practice(&merged).lessons.lines().map(str::to_owned).collect();
    lines.sort();
    assert_eq!(lines, ["Запросіть школу", "Почніть зі зборів"]);
    let mut both = practice(&merged);
    both.lessons.push_str("\nЩе одне");
    let again = ananiv.edit(&merged, &merged.heads(), &both, &[]).expect("changed");
    let mut grown = merged;
    assert!(grown.push(&again, None), "an honest edit goes on top");
    assert_eq!(practice(&grown).lessons.lines().count(), 3);
}

#[test]
fn of_two_changes_with_one_actor_the_lower_hash_counts_everywhere() {
    let (mut ananiv, first, replay) = published();
    ananiv.actors = 10;
    let one = ananiv.edit(&replay, &replay.heads(), &Practice { title: "Один".into(), ..written() }, &[]);
    ananiv.actors = 10;
    let two = ananiv.edit(&replay, &replay.heads(), &Practice { title: "Два".into(), ..written() }, &[]);
    let (one, two) = (one.expect("changed"), two.expect("changed"));
    let view = derive(&[first.clone(), one.clone(), two.clone()]).view();
    assert_eq!(view, derive(&[two, one, first]).view());
    assert!(matches!(view.set_aside[..], [(_, SetAside::Equivocation)]));
}

#[test]
fn what_follows_a_missing_change_waits_and_appears_with_it() {
    let (mut ananiv, first, replay) = published();
    let second = ananiv.edit(&replay, &replay.heads(), &Practice { title: "Далі".into(), ..written() }, &[]);
    let second = second.expect("changed");
    let waiting = derive(std::slice::from_ref(&second));
    assert_eq!((waiting.len(), waiting.view().waiting), (0, vec![second.id()]));
    assert_eq!(practice(&derive(&[second, first])).title, "Далі");
}

#[test]
fn one_change_more_gives_what_the_whole_set_gives() {
    let (mut ananiv, first, mut replay) = published();
    let mut records = vec![first];
    for n in 0..20 {
        let mut next = practice(&replay);
        next.problem.push_str(&format!("\nАбзац {n}"));
        next.title = format!("Толока {n}");
        let record = ananiv.edit(&replay, &replay.heads(), &next, &[]).expect("changed");
        assert!(replay.push(&record, None));
        records.push(record);
        assert_eq!(replay.view(), derive(&records).view());
    }
}

#[test]
fn the_table_reads_everything_that_a_practice_may_hold() {
    let empty = to_value(Practice::default()).expect("texts and numbers");
    for field in PRACTICE {
        let first = field.key.split('.').next().expect("a key has a name");
        assert!(empty.get(first).is_some(), "{} is not a field of a practice", field.key);
    }
    let names = empty.as_object().expect("an object").len();
    let covered: BTreeSet<&str> = PRACTICE.iter().filter_map(|field| field.key.split('.').next()).collect();
    assert_eq!(covered.len(), names, "every field of a practice has its row");
}
