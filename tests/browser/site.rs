//! A node with a small library in which every page has something to show: a practice with all its
//! fields, two revisions and a conflict, another community that repeated it, offers, drafts, people.

use std::collections::BTreeMap;

use serde_json::{Value, json};
use web_ui::testing::samples;

use super::chromium::Window;
use crate::process::material;
use crate::process::town::{Town, agree_on_records};
use crate::world::rng::Rng;

/// Where the neighbour lives.
const NEIGHBOUR: &str = "UA74040250000063494";
/// The draft on the desk.
const DRAFT: &str = "0123456789abcdef0123456789abcdef";
/// The draft of a request on the desk.
const RECORD_DRAFT: &str = "abcdef0123456789abcdef0123456789";
pub const NAME: &str = "Оксана Іваненко";
pub const PASSWORD: &str = "чотири сині парасолі";

const TITLES: [&str; 14] = [
    "Шкільний бюджет участі у дев’яти ліцеях",
    "Електронні петиції: від подання до виконання",
    "Толока на березі річки",
    "Молодіжна рада обирає проєкти",
    "Громадські слухання щодо тарифу на воду",
    "Рада з питань ВПО при міському голові",
    "Старостинські збори щокварталу",
    "Громадське оцінювання роботи ЦНАП",
    "Публічні консультації щодо стратегії розвитку",
    "Звіт голови наживо в кожному селі",
    "Спільний ремонт бібліотеки",
    "Асамблея за жеребом про громадський транспорт",
    "Місцева ініціатива: безпечний перехід біля школи",
    "ОСББ і громада: теплі під’їзди",
];

const MORE: &str = "У кожному селі провели зустріч, де допомагали перетворити ідею на заявку: порахувати кошторис, \
                    знайти ділянку, перевірити, чи це повноваження громади. ";

pub struct Site {
    pub home: String,
    pub practice: String,
    pub other: String,
    /// One document of every other kind by its kind; `own` is one of this node.
    documents: BTreeMap<&'static str, String>,
    town: Town,
    /// Stays connected, so that the network has somebody in it.
    _neighbour: Town,
}

impl Site {
    /// Starts both nodes and fills them.
    pub fn new() -> Self {
        let (mut town, mut neighbour) = (Town::founded("looked-at"), Town::reader("neighbour"));
        neighbour.run(&["init", "--community", NEIGHBOUR, "--device-name", "Сусіди"]).ends(0);
        town.start();
        neighbour.peers = vec![town.address()];
        neighbour.start();
        let practice = full_practice(&town);
        let others = other_practices(&town);
        fill_profile(&town);
        agree_on_records(&[&town, &neighbour]);
        fill_neighbour(&neighbour, &practice);
        let documents = fill_documents(&town, &neighbour, &practice);
        add_people(&town);
        agree_on_records(&[&town, &neighbour]);
        let ready = |status: &Value| status["index"]["state"] == "ready" && status["pending"] == 0;
        town.wait_until("everything can be found", ready);
        let home = format!("http://{}", running(&town));
        Self { home, practice, other: others[0].clone(), documents, town, _neighbour: neighbour }
    }

    /// An address of a route with ids of this library; none for what is not a page.
    pub fn filled(&self, route: &str) -> Option<String> {
        let last = route.rsplit('/').next().unwrap_or_default();
        if last.contains('.') || route.starts_with("/assets") || route.starts_with("/api") {
            return None;
        }
        // An import is there once somebody has uploaded a table: its own test looks at it.
        if route.starts_with("/import/{") {
            return None;
        }
        let document = |kind: &str| self.documents[kind].clone();
        let id = match route {
            "/write/record/new" => return Some(format!("/write/record/new?kind=adoption&about={}", self.practice)),
            "/write/record/{id}/pick" => return Some(format!("/write/record/{RECORD_DRAFT}/pick?field=practices")),
            "/write/material" => return Some(format!("/write/material?practice={}", self.practice)),
            "/write/record/{id}" => RECORD_DRAFT.to_owned(),
            "/records/{id}/sheet" | "/records/{id}/guests" => document("seminar"),
            "/records/{id}/accept" => document("suggestion"),
            "/records/{id}/edit" | "/records/{id}/withdraw" | "/records/{id}/conflicts" => document("own"),
            route if route.starts_with("/records") => document("adoption"),
            route if route.starts_with("/collections") => document("collection"),
            route if route.starts_with("/materials") => document("material"),
            route if route.starts_with("/practices") => self.practice.clone(),
            route if route.starts_with("/write") => DRAFT.to_owned(),
            _ => self.community(),
        };
        let beside = format!("?id={}&id={}", self.practice, self.other);
        let path = route.replace("{id}", &id);
        // What this test does not know by name it cannot fill in.
        (!path.contains('{')).then(|| if route.ends_with("/compare") { path + &beside } else { path })
    }

    /// Pages of records that no route alone shows: one of every kind, and forms that begin filled in.
    pub fn records(&self) -> Vec<String> {
        let begun = ["kind=collection", "kind=material&type=slides&tongue=uk"];
        let begun = begun.map(|what| format!("/write/record/new?{what}&practice={}", self.practice));
        let fresh = ["kind=exchange&direction=offer", "kind=seminar"];
        let fresh = fresh.map(|what| format!("/write/record/new?{what}"));
        let about = [
            ("comment&purpose=question", &self.practice),
            ("endorsement", &self.practice),
            ("translation", &self.practice),
            ("registration", &self.documents["seminar"]),
            ("use", &self.documents["material"]),
        ];
        let about = about.map(|(kind, id)| format!("/write/record/new?kind={kind}&about={id}"));
        let shown = self.documents.values().map(|id| format!("/records/{id}"));
        shown.chain(begun).chain(fresh).chain(about).collect()
    }

    fn community(&self) -> String {
        self.town.status()["community"].as_str().expect("a community").to_owned()
    }

    /// Signs in, so that the desk is open.
    pub async fn sign_in(&self, window: &Window) {
        window.open(&format!("{}/sign-in?next=/desk", self.home)).await;
        window.fill("#name", NAME).await;
        window.fill("#password", PASSWORD).await;
        window.click_to("main form .primary", "/desk").await;
    }
}

/// Where the node serves its pages.
pub fn running(town: &Town) -> String {
    let running = std::fs::read_to_string(town.folder().join("running.json")).expect("the node runs");
    let running: Value = serde_json::from_str(&running).expect("JSON");
    running["http"].as_str().expect("an address").to_owned()
}

/// A practice with every field, an edit, and a field that two people changed at once.
fn full_practice(town: &Town) -> String {
    let mut practice = serde_json::to_value(samples::practice()).expect("JSON");
    practice["adopted_from"] = Value::Null;
    practice["community"] = json!(material::CODE);
    // As long as a form asks for.
    for text in ["problem", "solution"] {
        let short = practice[text].as_str().unwrap_or_default().to_owned();
        practice[text] = json!(format!("{short}\n\n{}", MORE.repeat(3)));
    }
    let id = town.publish(&practice);
    town.edit(&id, |practice| {
        let lessons = practice["lessons"].as_str().unwrap_or_default().to_owned();
        practice["lessons"] = json!(format!("{lessons}\n\nПочинайте з малого: одне село, один проєкт."));
    });
    let page = town.page(&id).expect("it is there");
    for settlement in ["с. Горохівське", "с. Калинівка"] {
        let mut content = page["practice"].clone();
        content["settlement"] = json!(settlement);
        let edit = json!({ "base_heads": page["heads"], "content": content });
        town.ask("PUT", &format!("/practices/{id}"), Some(&edit));
    }
    id
}

fn other_practices(town: &Town) -> Vec<String> {
    let mut rng = Rng::new(7);
    TITLES.iter().map(|title| town.publish(&material::practice(&mut rng, title, 900))).collect()
}

fn fill_profile(town: &Town) {
    let mut profile = serde_json::to_value(samples::profile()).expect("JSON");
    for offer in profile["ready_to_share"].as_array_mut().into_iter().flatten() {
        offer["practice_ids"] = json!([]);
    }
    town.ask("PUT", "/profile", Some(&json!({ "base_heads": [], "content": profile })));
}

/// The neighbour repeats the practice and says so.
fn fill_neighbour(neighbour: &Town, origin: &str) {
    let mut practice = material::practice(&mut Rng::new(8), "Бюджет участі за прикладом сусідів", 700);
    practice["adopted_from"] = json!(origin);
    practice["community"] = json!(NEIGHBOUR);
    neighbour.publish(&practice);
    neighbour.publish(&material::practice(&mut Rng::new(9), "Відкритий мікрофон із депутатами", 700));
}

/// One document of every kind that tells about others, most of them of the neighbour.
fn fill_documents(town: &Town, neighbour: &Town, practice: &str) -> BTreeMap<&'static str, String> {
    let publish = |town: &Town, kind: &str, content: &Value| {
        let published = town.ask("POST", "/documents", Some(&json!({ "kind": kind, "content": content })));
        published["id"].as_str().expect("an id").to_owned()
    };
    let samples = web_ui::testing::documents::samples();
    let content = |kind: &str| {
        let mut content = samples.iter().find(|page| page.card.kind == kind).expect("a sample").content.clone();
        if let Some(whole) = content.as_object_mut() {
            whole.remove("about_owner");
            whole.remove("about_revision");
        }
        content
    };
    let about = |kind: &str, target: &str| {
        let mut content = content(kind);
        content["about"] = json!(target);
        content
    };
    let mut documents = BTreeMap::new();
    for kind in ["adoption", "comment", "endorsement", "translation"] {
        documents.insert(kind, publish(neighbour, kind, &about(kind, practice)));
    }
    let mut named = content("exchange");
    named["practices"] = json!([practice]);
    documents.insert("exchange", publish(neighbour, "exchange", &named));
    named["direction"] = json!("offer");
    documents.insert("own", publish(town, "exchange", &named));
    let mut seminar = content("seminar");
    seminar["programme"][0]["practice"] = json!(practice);
    documents.insert("seminar", publish(neighbour, "seminar", &seminar));
    documents.insert("registration", publish(neighbour, "registration", &about("registration", &documents["seminar"])));
    let mut collection = content("collection");
    let heads = neighbour.page(practice).expect("replicated")["heads"].clone();
    collection["items"] = json!([{ "practice": practice, "revision": heads, "note": "Найпростіша для початку." }]);
    documents.insert("collection", publish(neighbour, "collection", &collection));
    let mut material = content("material");
    material["practices"] = json!([practice]);
    documents.insert("material", publish(neighbour, "material", &material));
    documents.insert("use", publish(neighbour, "use", &about("use", &documents["material"])));
    let suggestion = json!({
        "about": practice, "purpose": "suggestion", "text": "Так зрозуміліше.",
        "suggestions": [{ "field": "summary", "value": "Мешканці самі обирають, що робити з частиною бюджету." }],
    });
    documents.insert("suggestion", publish(neighbour, "comment", &suggestion));
    documents
}

fn add_people(town: &Town) {
    town.ask("POST", "/accounts", Some(&json!({ "name": NAME, "role": "administrator", "password": PASSWORD })));
    let form = [["title", "Недописана практика"], ["summary", "Ще пишемо."], ["sectors", "culture"]];
    let draft = json!({ "title": "Недописана практика", "form": form, "by": NAME, "kept_at": 1_756_035_120_000_u64 });
    town.ask("PUT", &format!("/drafts/{DRAFT}"), Some(&draft));
    let form = [["direction", "request"], ["title", "Шукаємо досвід"]];
    let draft = json!({ "kind": "exchange", "title": "Шукаємо досвід", "form": form, "by": NAME, "kept_at": 1_756_035_120_000_u64 });
    town.ask("PUT", &format!("/drafts/{RECORD_DRAFT}"), Some(&draft));
}
