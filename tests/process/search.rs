//! Search as people use it: what is published is found, what is damaged comes back.

use std::fs;
use std::path::{Path, PathBuf};

use serde_json::{Value, json};

use super::town::Town;
use super::{PATIENCE, wait_for};

fn practice(title: &str, solution: &str) -> Value {
    json!({
        "title": title,
        "summary": "Коротко про те, що зробили",
        "sectors": ["culture"],
        "mechanisms": ["participatory_budget"],
        "community": "UA26040190000081578",
        "scope": "hromada",
        "stage": "running",
        "started": "2024-05",
        "problem": "Жителі давно про це говорили. ".repeat(8),
        "solution": format!("{solution} {}", "Про решту варто запитати. ".repeat(13)),
        "results_text": "Результат",
        "contact": { "role": "Начальник відділу" },
    })
}

fn encoded(pairs: &[(&str, &str)]) -> String {
    form_urlencoded::Serializer::new(String::new()).extend_pairs(pairs).finish()
}

fn search(town: &Town, pairs: &[(&str, &str)]) -> Value {
    town.ask("GET", &format!("/search?{}", encoded(pairs)), None)
}

fn ids(page: &Value) -> Vec<String> {
    page["hits"]
        .as_array()
        .expect("hits")
        .iter()
        .map(|hit| hit["card"]["id"].as_str().expect("an id").to_owned())
        .collect()
}

/// Waits until a query finds just these documents.
fn finds(town: &Town, query: &str, wanted: &[&str]) -> Value {
    wait_for(query, PATIENCE, || {
        let answer = town.api().ask("GET", &format!("/search?{}", encoded(&[("q", query)])), None);
        let answer = answer.map_err(|error| error.to_string())?;
        if !answer.is_success() {
            return Err(answer.text());
        }
        let page = answer.json();
        let (mut found, mut wanted) = (ids(&page), wanted.to_vec());
        found.sort();
        wanted.sort_unstable();
        if found == wanted { Ok(page) } else { Err(page.to_string()) }
    })
}

/// The folder of the one index that the node has now.
fn index_folder(town: &Town) -> Option<PathBuf> {
    let entries = fs::read_dir(town.folder().join("index")).ok()?;
    let mut folders: Vec<PathBuf> = entries.flatten().map(|entry| entry.path()).filter(|path| path.is_dir()).collect();
    folders.sort_by_key(|path| fs::metadata(path).and_then(|metadata| metadata.modified()).ok());
    folders.pop()
}

fn ready(town: &Town, documents: u64) {
    town.wait_until("the index", |status| {
        status["index"]["state"] == "ready" && status["index"]["documents"].as_u64() == Some(documents)
    });
}

#[test]
fn what_is_published_edited_and_withdrawn_is_found_as_it_stands() {
    let mut town = Town::founded("avdiivka");
    town.start();
    let lavka = town.publish(&practice("Лавки у сквері", "Поставили лавки коштом громадського бюджету."));
    let school = town.publish(&practice("Шкільний бюджет", "Учні обирали проєкти для об’єднаної школи."));
    let page = finds(&town, "лавка сквер", &[&lavka]);
    let hit = &page["hits"][0];
    assert!(hit["title"].as_array().expect("spans").iter().any(|span| span["hit"] == true && span["text"] == "Лавки"));
    assert!(hit["because"].as_array().expect("reasons").iter().any(|reason| reason["field"] == "title"), "{hit}");
    finds(&town, "об'єднані школи", &[&school]);
    finds(&town, "обєднана -лавки", &[&school]);
    let culture = search(&town, &[("q", "бюджет"), ("sector", "education"), ("sector", "culture")]);
    assert_eq!(culture["total"], 2);
    assert_eq!(search(&town, &[("sector", "education")])["total"], 0);
    let facet = |page: &Value, name: &str| {
        let facets = page["facets"].as_array().expect("facets").clone();
        facets.into_iter().find(|facet| facet["facet"] == name).expect("the facet")["values"].clone()
    };
    assert_eq!(
        facet(&culture, "sector"),
        json!([
            { "value": "education", "count": 0, "chosen": true },
            { "value": "culture", "count": 2, "chosen": true },
        ])
    );
    assert_eq!(facet(&culture, "year"), json!([{ "value": "2024", "count": 2, "chosen": false }]));
    town.edit(&lavka, |page| page["solution"] = "Замість цього посадили дерева.".into());
    finds(&town, "дерево", &[&lavka]);
    town.ask("DELETE", &format!("/practices/{school}?reason=x"), None);
    finds(&town, "школа", &[]);
    let suggestions = town.ask("GET", &format!("/suggest?{}", encoded(&[("q", "лав")])), None);
    assert!(suggestions.as_array().expect("a list").iter().any(|one| one["id"] == lavka.as_str()), "{suggestions}");
    town.stop();
}

#[test]
fn a_practice_is_found_by_the_words_of_its_translation() {
    let mut town = Town::founded("alchevsk");
    town.start();
    let lavka = town.publish(&practice("Лавки у сквері", "Поставили лавки коштом громадського бюджету."));
    let other = town.publish(&practice("Шкільний бюджет", "Учні обирали проєкти."));
    finds(&town, "бюджет", &[&lavka, &other]);
    let content = json!({ "about": lavka, "lang": "en", "origin": "human", "title": "Benches in the square",
        "summary": "Residents chose where to sit.", "solution": "The carpenters delivered forty benches." });
    let published = town.ask("POST", "/documents", Some(&json!({ "kind": "translation", "content": content })));
    let translation = published["id"].as_str().expect("an id").to_owned();
    let page = finds(&town, "carpenter", &[&lavka]);
    let hit = &page["hits"][0];
    assert_eq!((&hit["kind"], &hit["card"]["title"]), (&json!("practice"), &json!("Лавки у сквері")));
    let snippet = hit["snippet"].as_array().expect("spans");
    assert!(snippet.iter().any(|span| span["hit"] == true && span["text"] == "carpenters"), "{hit}");
    assert_eq!(ids(&search(&town, &[("q", "лавка"), ("language", "en")])), [lavka.as_str()]);
    assert_eq!(search(&town, &[("q", "бюджет"), ("language", "uk")])["total"], 2);
    let page = town.ask("GET", &format!("/documents/{translation}"), None);
    let mut content = page["content"].clone();
    content["solution"] = json!("The joiners delivered forty benches.");
    let edit = json!({ "base_heads": page["heads"], "content": content });
    town.ask("PUT", &format!("/documents/{translation}"), Some(&edit));
    finds(&town, "joiner", &[&lavka]);
    finds(&town, "carpenter", &[]);
    town.ask("DELETE", &format!("/documents/{translation}?reason=x"), None);
    finds(&town, "joiner", &[]);
    finds(&town, "лавка", &[&lavka]);
    town.stop();
}

#[test]
fn an_index_that_is_deleted_scrambled_or_cut_comes_back_by_itself() {
    let mut town = Town::founded("bakhmut");
    town.start();
    let first = town.publish(&practice("Вуличне освітлення", "Провели світло у всі села."));
    finds(&town, "освітлення", &[&first]);
    ready(&town, 1);
    for (n, damage) in [delete as fn(&Path), scramble, cut].into_iter().enumerate() {
        let before = index_folder(&town).expect("an index");
        damage(&before);
        wait_for("another index", PATIENCE, || {
            // Reading goes on meanwhile.
            assert!(town.page(&first).is_some());
            match index_folder(&town) {
                Some(now) if now != before => Ok(()),
                now => Err(format!("{now:?}")),
            }
        });
        finds(&town, "освітлення сіл", &[&first]);
        ready(&town, 1);
        assert!(town.is_running(), "damage number {n} ended the node");
    }
    town.stop();
}

fn delete(folder: &Path) {
    fs::remove_dir_all(folder).expect("removed");
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).expect("a folder");
    entries.flatten().map(|entry| entry.path()).filter(|path| path.is_file()).collect()
}

fn scramble(folder: &Path) {
    for path in files(folder) {
        let bytes = fs::read(&path).unwrap_or_default();
        let scrambled: Vec<u8> =
            bytes.iter().enumerate().map(|(n, byte)| byte ^ (n as u8).wrapping_mul(37) ^ 0x5a).collect();
        // Over the old bytes, as a failing disk would: the file does not become another one.
        let file = fs::OpenOptions::new().write(true).open(&path).expect("opened");
        std::io::Write::write_all(&mut &file, &scrambled).expect("written");
    }
}

fn cut(folder: &Path) {
    for path in files(folder) {
        fs::OpenOptions::new().write(true).open(&path).and_then(|file| file.set_len(3)).expect("cut");
    }
}

#[test]
fn a_node_that_is_killed_while_it_indexes_finds_everything_later() {
    let mut town = Town::founded("chuhuiv");
    town.start();
    let mut last = String::new();
    for n in 0..40 {
        last = town.publish(&practice(&format!("Парк номер {n}"), "Посадили дерева."));
        if n % 10 == 9 {
            town.kill();
            town.start();
        }
    }
    ready(&town, 40);
    assert_eq!(search(&town, &[("q", "дерево парк")])["total"], 40);
    town.ask("DELETE", &format!("/practices/{last}?reason=x"), None);
    town.kill();
    town.start();
    ready(&town, 39);
    town.stop();
}

#[test]
fn whatever_is_typed_is_answered_or_refused() {
    let mut town = Town::founded("dnipro");
    town.start();
    let first = town.publish(&practice("Водогін", "Полагодили водогін."));
    finds(&town, "водогін", &[&first]);
    for query in [
        "а",
        "*",
        "\"",
        "-",
        "- -",
        "\"\"",
        "рік:",
        "рік:2020..",
        ":::",
        "\u{0}\u{1}",
        "\u{202e}тежюдб",
        "🏛🇺🇦",
        "І\u{301}",
    ] {
        for query in [query.to_owned(), query.repeat(120)] {
            search(&town, &[("q", &query)]);
            town.ask("GET", &format!("/suggest?{}", encoded(&[("q", &query)])), None);
        }
    }
    for wrong in ["sort=best", "limit=0", "limit=101", "offset=1001", "near=Kyiv", "colour=red"] {
        let answer = town.api().ask("GET", &format!("/search?{wrong}"), None).expect("an answer");
        assert_eq!(answer.status, 400, "{wrong}: {}", answer.text());
    }
    let long = encoded(&[("q", &"бюджет ".repeat(4_000))]);
    let answer = town.api().ask("GET", &format!("/search?{long}"), None).expect("an answer");
    assert!((200..500).contains(&answer.status), "{}", answer.status);
    wait_for("the words of the library", PATIENCE, || {
        let page = search(&town, &[("q", "djljusy")]);
        if page["understood"]["repaired"] == "водогін" { Ok(()) } else { Err(page["understood"].to_string()) }
    });
    town.stop();
}

#[test]
fn what_says_the_same_is_noticed() {
    let mut town = Town::founded("enerhodar");
    town.start();
    let words: Vec<String> = (0..120).map(|n| format!("слово{n}")).collect();
    let first = town.publish(&practice("Перша", &words.join(" ")));
    let second = town.publish(&practice("Друга", &words.join(" ")));
    let other = town.publish(&practice("Зовсім інша", "Тут про інше: вода, ліс і поле навколо великого села."));
    ready(&town, 3);
    let similar = town.ask("GET", &format!("/practices/{first}/similar"), None);
    let similar: Vec<&str> =
        similar.as_array().expect("a list").iter().filter_map(|card| card["id"].as_str()).collect();
    assert_eq!(similar.first(), Some(&second.as_str()));
    assert!(similar.iter().all(|id| *id != first), "a practice is not like itself");
    let row = json!({ "rows": [practice("Третя", &words.join(" "))], "dry_run": true });
    let report = town.ask("POST", "/import", Some(&row));
    assert_eq!(report[0]["outcome"], "new");
    let alike = &report[0]["alike"];
    assert!(alike["id"] == first.as_str() || alike["id"] == second.as_str(), "{report}");
    assert!(alike["percent"].as_u64() > Some(70) && alike["id"] != other.as_str(), "{report}");
    let row = json!({ "rows": [practice("ЗОВСІМ ІНША", "Про те, чого ще ніхто не робив у жодній громаді області.")], "dry_run": true });
    let report = town.ask("POST", "/import", Some(&row));
    assert_eq!(report[0]["alike"]["id"], other.as_str(), "called the same: {report}");
    town.stop();
}
