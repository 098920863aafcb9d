//! What communities say of each other's practices: written by one, seen by the other, counted by all.

use serde_json::{Value, json};

use super::material::practice;
use super::program::{DENIED, DONE};
use super::town::{Town, agree_on_records};
use super::{PATIENCE, wait_for};
use crate::world::rng::Rng;

#[track_caller]
fn publish(town: &Town, kind: &str, content: &Value) -> String {
    let published = town.ask("POST", "/documents", Some(&json!({ "kind": kind, "content": content })));
    published["id"].as_str().expect("an id").to_owned()
}

fn list(town: &Town, kind: &str, of: &str) -> Value {
    town.ask("GET", &format!("/documents?kind={kind}&{of}"), None)
}

#[test]
fn a_neighbour_adopts_and_the_origin_hears_of_it() {
    let mut ananiv = Town::founded("ananiv");
    let mut bar = Town::founded("bar");
    ananiv.start();
    bar.peers.push(ananiv.address());
    bar.start();
    let origin = ananiv.publish(&practice(&mut Rng::new(11), "Бюджет участі", 400));
    agree_on_records(&[&ananiv, &bar]);
    let ananiv_id = ananiv.status()["community"].as_str().expect("a community").to_owned();
    // 1. Bar asks and takes it up. The node fills in whose practice it is, and at which revision.
    let question = json!({ "about": origin, "purpose": "question", "text": "Скільки коштувало?" });
    let question = publish(&bar, "comment", &question);
    let adoption = json!({
        "about": origin,
        "title": "Бюджет участі",
        "sectors": ["education"],
        "stages": [{ "status": "interested", "date": "2026-11-28", "note": "Хочемо так само" }],
    });
    let adoption = publish(&bar, "adoption", &adoption);
    agree_on_records(&[&ananiv, &bar]);
    let page = ananiv.ask("GET", &format!("/documents/{adoption}"), None);
    assert_eq!(page["content"]["about_owner"], json!(ananiv_id));
    let heads = ananiv.page(&origin).expect("a practice")["heads"].clone();
    assert_eq!(page["content"]["about_revision"], heads);
    // 2. Ananiv hears of both, last first, and answers.
    let told = ananiv.ask("GET", &format!("/communities/{ananiv_id}/told"), None);
    let ids: Vec<&str> = told["rows"].as_array().expect("rows").iter().filter_map(|row| row["id"].as_str()).collect();
    assert_eq!(ids, [adoption.as_str(), question.as_str()]);
    let answer = json!({ "about": origin, "purpose": "answer", "text": "250 тисяч", "reply_to": question });
    let answer = publish(&ananiv, "comment", &answer);
    agree_on_records(&[&ananiv, &bar]);
    let thread = list(&bar, "comment", &format!("about={origin}"));
    assert_eq!((thread["total"].as_u64(), &thread["rows"][0]["id"]), (Some(2), &json!(answer)));
    assert_eq!(list(&bar, "comment", &format!("about={question}"))["total"], 1, "the answer names the question");
    // 3. Bar goes on; lists, counts and the practice's page follow.
    let mut content = page["content"].clone();
    let stage = json!({ "status": "works", "date": "2026-11-29" });
    content["stages"].as_array_mut().expect("stages").push(stage);
    let edit = json!({ "base_heads": page["heads"], "content": content });
    bar.ask("PUT", &format!("/documents/{adoption}"), Some(&edit));
    agree_on_records(&[&ananiv, &bar]);
    let adoptions = list(&ananiv, "adoption", &format!("about={origin}"));
    assert_eq!((adoptions["total"].as_u64(), &adoptions["rows"][0]["state"]), (Some(1), &json!("works")));
    for town in [&ananiv, &bar] {
        let census = town.ask("GET", "/census?kind=adoption", None);
        assert_eq!((census["total"].as_u64(), census["communities"].as_u64()), (Some(1), Some(1)));
        assert_eq!(census["rows"][0]["state"], "works");
        let census = town.ask("GET", "/census?kind=adoption&by=sector&by=month", None);
        let row = &census["rows"][0];
        assert_eq!((&row["sector"], &row["month"]), (&json!("education"), &json!("2026-11")));
    }
    // 4. Another revision of the practice; the adoption still names the one that was taken up.
    ananiv.edit(&origin, |practice| practice["summary"] = json!("Змінено згодом"));
    agree_on_records(&[&ananiv, &bar]);
    let at = heads[0].as_str().expect("a head");
    let then = bar.ask("GET", &format!("/documents/{origin}?at={at}"), None);
    assert_ne!(then["content"]["summary"], json!("Змінено згодом"));
    assert_eq!(bar.ask("GET", &format!("/documents/{origin}"), None)["content"]["summary"], json!("Змінено згодом"));
    // 5. What is taken back is in no list, and not counted.
    bar.ask("DELETE", &format!("/documents/{adoption}?reason=test"), None);
    agree_on_records(&[&ananiv, &bar]);
    for town in [&ananiv, &bar] {
        assert_eq!(list(town, "adoption", &format!("about={origin}"))["total"], 0);
        assert_eq!(town.ask("GET", "/census?kind=adoption", None)["total"], 0);
    }
    ananiv.was_quiet();
    bar.was_quiet();
}

#[test]
fn a_practice_is_found_by_how_well_others_vouch_for_it() {
    let mut ananiv = Town::founded("ananiv");
    let mut bar = Town::founded("bar");
    ananiv.start();
    bar.peers.push(ananiv.address());
    bar.start();
    let origin = ananiv.publish(&practice(&mut Rng::new(13), "Бюджет участі", 400));
    agree_on_records(&[&ananiv, &bar]);
    let found = |level: &str| {
        let wanted = format!("/search?kind=practice&evidence={level}");
        wait_for(level, PATIENCE, || {
            let page = ananiv.ask("GET", &wanted, None);
            if page["total"] == 1 { Ok(()) } else { Err(page["facets"].to_string()) }
        });
    };
    // Its own community's word counts for nothing.
    let said = |basis: &str| json!({ "about": origin, "basis": basis, "date": "2026-11-28", "text": "Бачили", "role": "Секретар" });
    publish(&ananiv, "endorsement", &said("visited"));
    let stages = json!([{ "status": "works", "date": "2026-11-28" }]);
    let adoption = json!({ "about": origin, "title": "Бюджет участі", "stages": stages });
    found("claimed");
    publish(&bar, "endorsement", &said("expert_review"));
    found("evaluated");
    // The expert has not seen the next revision.
    ananiv.edit(&origin, |practice| practice["summary"] = json!("Змінено згодом"));
    found("claimed");
    agree_on_records(&[&ananiv, &bar]);
    let adoption = publish(&bar, "adoption", &adoption);
    found("confirmed");
    let hit = &ananiv.ask("GET", "/search?kind=practice&sort=adoptions", None)["hits"][0];
    assert_eq!((&hit["card"]["id"], hit["adoptions"].as_u64()), (&json!(origin), Some(1)));
    bar.ask("DELETE", &format!("/documents/{adoption}?reason=test"), None);
    found("claimed");
}

#[test]
fn documents_are_published_from_the_command_line() {
    let town = Town::founded("ananiv");
    let file = town.file("request.json");
    let request = json!({
        "direction": "request", "title": "Шукаємо досвід", "what": "Як почати бюджет участі?", "sectors": ["education"],
    });
    std::fs::write(&file, request.to_string()).expect("written");
    let file = file.to_str().expect("UTF-8");
    let published = town.run(&["document", "publish", "exchange", file, "--json"]).ends(DONE).json();
    let id = published["id"].as_str().expect("an id");
    let list = town.run(&["document", "list", "exchange", "--json"]).ends(DONE).json();
    assert_eq!((&list["rows"][0]["id"], &list["rows"][0]["state"]), (&json!(id), &json!("request_open")));
    assert!(town.run(&["document", "show", id]).ends(DONE).out.contains("Як почати бюджет участі?"));
    assert_eq!(town.run(&["document", "count", "exchange"]).ends(DONE).json()["total"], 1);
    town.run(&["document", "publish", "poem", file]).ends(DENIED);
    town.run(&["document", "withdraw", id, "--yes"]).ends(DONE);
    assert_eq!(town.run(&["document", "list", "exchange", "--json"]).ends(DONE).json()["total"], 0);
}
