//! What an administrator hides on one node: gone from its lists and its search at once, back when it is
//! shown again, and in the set all the while.

use http::Method;
use serde_json::{Value, json};

use super::material;
use super::{PATIENCE, wait_for};
use crate::inside::{Inside, text};
use crate::world::rng::Rng;

fn finds(node: &Inside, query: &str, wanted: &[&str]) {
    wait_for(query, PATIENCE, || {
        let page = node.json(&format!("/search?q={query}"));
        let hits = page["hits"].as_array().expect("hits");
        let found: Vec<&str> = hits.iter().map(|hit| hit["card"]["id"].as_str().expect("an id")).collect();
        if found == wanted && page["total"] == wanted.len() { Ok(()) } else { Err(page.to_string()) }
    });
}

fn created(node: &Inside, path: &str, body: &Value) -> String {
    let answer = node.write(Method::POST, path, body);
    assert!(answer.status().is_success(), "{}", text(&answer));
    let published: Value = serde_json::from_slice(answer.body()).expect("JSON");
    published["id"].as_str().expect("an id").to_owned()
}

#[test]
fn what_is_hidden_on_a_node_is_neither_listed_nor_found_there_until_it_is_shown_again() {
    let mut node = Inside::founded("UA26040190000081578");
    node.with_index(0);
    let practice = material::practice(&mut Rng::new(7), "Лавки у сквері", 600);
    let lavka = created(&node, "/practices", &practice);
    let translation = json!({ "about": lavka, "lang": "en", "origin": "human", "title": "Benches in the square",
        "summary": "Residents chose where to sit.", "solution": "The carpenters delivered forty benches." });
    let translation = created(&node, "/documents", &json!({ "kind": "translation", "content": translation }));
    let request = json!({ "direction": "request", "title": "Шукаємо гобелени", "what": "Хто ткав гобелени?",
        "sectors": ["culture"], "expires_on": "2099-12-31" });
    let request = created(&node, "/documents", &json!({ "kind": "exchange", "content": request }));
    finds(&node, "carpenters", &[&lavka]);
    finds(&node, "гобелени", &[&request]);

    let records = node.json("/status")["records"].clone();
    let browser = node.browser();
    let hide = |id: &str, pairs: &[(&str, &str)]| {
        let answer = browser.post(&format!("/records/{id}/hide"), pairs);
        assert_eq!(answer.status(), 303, "{}", text(&answer));
    };
    for id in [&translation, &request, &lavka] {
        hide(id, &[("reason", "образа")]);
    }
    let listed = |path: &str| {
        let page = node.json(path);
        assert_eq!(page["total"], page["rows"].as_array().expect("rows").len(), "{page}");
        page["total"].as_u64().expect("a number")
    };
    assert_eq!((listed("/documents?kind=exchange"), listed("/practices")), (0, 0));
    for query in ["carpenters", "гобелени", "лавки"] {
        finds(&node, query, &[]);
    }
    let pages = [("practices", &lavka, "Лавки у сквері"), ("records", &request, "гобелени")];
    for (place, id, told) in pages {
        for path in [format!("/{place}/{id}"), format!("/{place}/{id}/history")] {
            let page = text(&browser.get(&path));
            assert!(page.contains("образа") && !page.contains(told), "{path}: {page}");
            assert!(text(&browser.get(&format!("{path}?anyway=1"))).contains(told), "{path}");
        }
    }
    assert_eq!(node.json("/status")["records"], records, "nothing leaves the set");

    hide(&request, &[("do", "show")]);
    hide(&lavka, &[("do", "show")]);
    finds(&node, "гобелени", &[&request]);
    finds(&node, "лавки", &[&lavka]);
    finds(&node, "carpenters", &[]);
    hide(&translation, &[("do", "show")]);
    finds(&node, "carpenters", &[&lavka]);
    assert_eq!((listed("/documents?kind=exchange"), listed("/practices")), (1, 1));
}
