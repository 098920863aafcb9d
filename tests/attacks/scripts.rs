//! Whatever is written anywhere, a page is made of what its template is made of.

use std::panic::{AssertUnwindSafe, catch_unwind};

use serde_json::Value;
use web_ui::testing::typed;

use super::library::{Library, both, filled, is_contested, plain};
use super::markup::{Elements, Parsed, parse};
use crate::inside::{Answer, Browser, text};

/// Threads that ask at once: what the smallest machine has.
const THREADS: usize = 2;

/// Runs something for every text, on all cores, and tells of the first that fails by its number.
pub(super) fn for_every_text(run: impl Fn(usize) + Sync) {
    let count = both()[0].texts.len();
    std::thread::scope(|scope| {
        for thread in 0..THREADS {
            let run = &run;
            scope.spawn(move || {
                for n in (thread..count).step_by(THREADS) {
                    let done = catch_unwind(AssertUnwindSafe(|| run(n)));
                    assert!(done.is_ok(), "with text {n}: {:?}", both()[0].texts[n]);
                }
            });
        }
    });
}

/// A page of a library, which must be there.
pub(super) fn page(answer: &Answer, what: &str) -> Parsed {
    assert_eq!(answer.status(), 200, "{what}: {}", text(answer));
    let kind = answer.headers()["content-type"].to_str().expect("text");
    assert_eq!(kind, "text/html; charset=utf-8", "{what}");
    assert!(answer.headers()["content-security-policy"].to_str().expect("text").contains("default-src 'none'"));
    parse(answer.body(), what)
}

/// Asks both libraries, and fails unless the pages are made of the same.
pub(super) fn compare(n: usize, address: &str, ask: impl Fn(&Library) -> Answer) -> [Parsed; 2] {
    let [poisoned, twin] = both();
    let pages = [poisoned, twin].map(|library| page(&ask(library), &format!("{address} with text {n}")));
    pages[0].assert_like(&pages[1]);
    pages
}

/// Asks the router at home as a visitor.
pub(super) fn at_home(library: &Library, address: String) -> Answer {
    let request = http::Request::builder().uri(address).header("host", crate::inside::HOST).body(Vec::new());
    library.inside.ask(request.expect("a request"))
}

#[test]
fn what_strangers_publish_is_shown_as_text() {
    for_every_text(|n| {
        let practice = |library: &Library| format!("/practices/{}", library.practices[n]);
        let community = |library: &Library| format!("/communities/{}", library.communities[n]);
        let shown = compare(n, "a practice on the internet", |library| library.inside.ask_public(&practice(library)));
        // The corpus proves little if it is not on the page.
        let said = both()[0].texts[n].split(|c: char| c.is_control()).next().unwrap_or_default().trim();
        assert!(said.len() < 3 || shown[0].count(said) > 40, "{said:?} stands there {} times", shown[0].count(said));
        compare(n, "a community on the internet", |library| library.inside.ask_public(&community(library)));
        feeds_are_well_formed(n);
        files_are_no_pages(&practice(&both()[0]));
        // Where two wrote at once both are shown, and what each did.
        if is_contested(n) {
            compare(n, "a practice in English", |library| at_home(library, practice(library) + "?lang=en"));
            compare(n, "its history", |library| at_home(library, practice(library) + "/history"));
            compare(n, "the community's history", |library| at_home(library, community(library) + "/history"));
            compare(n, "two side by side", |library| {
                let beside = library.practices[(n + 1) % library.practices.len()];
                at_home(library, format!("/practices/compare?id={}&id={beside}", library.practices[n]))
            });
        }
    });
}

fn files_are_no_pages(practice: &str) {
    for file in ["cite.bib", "cite.json"] {
        let answer = at_home(&both()[0], format!("{practice}/{file}"));
        let kind = answer.headers()["content-type"].to_str().expect("text");
        assert!(answer.status() == 200 && !kind.contains("html") && !kind.contains("xml"), "{file}: {kind}");
        assert_eq!(answer.headers()["x-content-type-options"], "nosniff");
        if file == "cite.json" {
            let _: Value = serde_json::from_slice(answer.body()).expect("JSON");
        }
    }
}

/// The feed of the stranger's community, as XML.
fn feeds_are_well_formed(n: usize) {
    let names = both().each_ref().map(|library| {
        let answer = library.inside.ask_public(&format!("/atom/community/{}", library.communities[n]));
        assert_eq!(answer.status(), 200);
        let text = text(&answer);
        let feed = roxmltree::Document::parse(&text).unwrap_or_else(|error| panic!("the feed of text {n}: {error}"));
        let name = |node: roxmltree::Node<'_, '_>| node.is_element().then(|| node.tag_name().name().to_owned());
        let names: Vec<String> = feed.descendants().filter_map(name).collect();
        for link in feed.descendants().filter_map(|node| node.attribute("href")) {
            assert!(link.starts_with("https://dosvid.example.ua/"), "{link}");
        }
        names
    });
    assert_eq!(names[0], names[1], "the feed of text {n}");
}

#[test]
fn lists_of_what_strangers_publish_show_it_as_text() {
    let [poisoned, _] = both();
    let pages = poisoned.texts.len().div_ceil(20);
    let mut addresses: Vec<String> = (0..=pages).map(|n| format!("/communities?page={}", n + 1)).collect();
    addresses.extend((0..=pages).map(|n| format!("/communities?offset={}", n * 20)));
    addresses.extend(["/map?show=all", "/map?show=ready", "/map?show=ready&sector=environment"].map(str::to_owned));
    for (n, address) in addresses.iter().enumerate() {
        compare(n, address, |library| library.inside.ask_public(address));
    }
    // This node has no index open, and its start page is there all the same.
    page(&poisoned.inside.ask_public("/"), "the start page");
    for feed in ["/atom", "/sitemap.xml"] {
        let answer = poisoned.inside.ask_public(feed);
        assert_eq!(answer.status(), 200, "{feed}");
        roxmltree::Document::parse(&text(&answer)).unwrap_or_else(|error| panic!("{feed}: {error}"));
    }
}

/// A form in which every field says the same, rows included.
pub fn form(said: &str) -> Vec<(String, String)> {
    let mut practice = serde_json::to_value(plain()).expect("JSON");
    filled(&mut practice, said);
    typed(&practice)
}

#[test]
fn what_is_written_here_is_shown_as_text() {
    let browsers = both().each_ref().map(|library| library.inside.browser());
    let asked = |n: usize, address: &str, ask: &dyn Fn(usize, &Browser<'_>) -> Answer| {
        let pages = [0, 1].map(|which| page(&ask(which, &browsers[which]), &format!("{address} with text {n}")));
        pages[0].assert_like(&pages[1]);
    };
    for_every_text(|n| {
        // 1. A form is kept as it was typed, shown again, looked at before it is published.
        let draft = format!("/write/{:032x}", n % THREADS + 1);
        for (library, browser) in both().iter().zip(&browsers) {
            let pairs = form(&library.texts[n]);
            let pairs: Vec<(&str, &str)> = pairs.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
            let kept = browser.post(&draft, &pairs);
            assert!(kept.status() == 303, "{}", text(&kept));
        }
        asked(n, "a draft", &|_, browser| browser.get(&format!("{draft}?check=1")));
        asked(n, "a draft before it is published", &|which, browser| {
            without_alike(browser.get(&format!("{draft}/publish")), &both()[which].texts[n])
        });
        // 2. A practice that was taken from a program, with all that may be done with it.
        let more: &[&str] = if is_contested(n) { &["", "/withdraw", "/published", "/history", "/edit"] } else { &[""] };
        for page in more {
            let at = format!("/practices/…{page}");
            asked(n, &at, &|which, browser| followed(browser, &format!("/practices/{}{page}", both()[which].own[n])));
        }
    });
    asked(0, "the desk", &|_, browser| browser.get("/desk"));
}

/// A page without the list of what says nearly the same, in which a text must be only text: of hundreds
/// that are equally like it, search names those that it happens to meet first.
fn without_alike(answer: Answer, said: &str) -> Answer {
    let (parts, body) = answer.into_parts();
    let page = String::from_utf8(body).expect("text");
    let around = page.split_once("<section class=\"notice info\">");
    let around = around.and_then(|(before, rest)| Some((before, rest.split_once("</section>")?)));
    let cut = around.map(|(before, (alike, after))| {
        assert!(!said.contains(['<', '"']) || !alike.contains(said), "{alike}");
        format!("{before}{after}")
    });
    Answer::from_parts(parts, cut.unwrap_or(page).into_bytes())
}

/// The page, or the one that it leads to.
pub(super) fn followed(browser: &Browser<'_>, address: &str) -> Answer {
    let answer = browser.get(address);
    match answer.headers().get("location") {
        Some(to) => browser.get(to.to_str().expect("text")),
        None => answer,
    }
}

/// Addresses that say again, or look for, whatever somebody typed.
fn looking_for(said: &str) -> Vec<String> {
    let said: String = form_urlencoded::byte_serialize(said.as_bytes()).collect();
    vec![
        format!("/practices?q={said}"),
        format!("/practices?q={said}&sector={said}&oblast={said}&near={said}&verbatim=1&lang=en"),
        format!("/communities?q={said}&sector={said}"),
        format!("/map?sector={said}&show={said}&oblast={said}"),
        format!("/{said}?lang={said}"),
    ]
}

fn looked_at(library: &Library, address: &str) -> Parsed {
    let answer = library.inside.ask_public(address);
    assert!(!answer.status().is_server_error(), "{address}: {}", answer.status());
    parse(answer.body(), address)
}

#[test]
fn what_is_looked_for_is_shown_as_text() {
    let all = super::texts::tried();
    let some: Vec<String> = all.iter().step_by(16).cloned().collect();
    let mut poisoned = Library::of(some.clone());
    let mut twin = Library::of(some.iter().map(|text| super::texts::harmless(text)).collect());
    for library in [&mut poisoned, &mut twin] {
        library.inside.with_index(2 * some.len() as u64);
    }
    // 1. What pages of search are made of when nobody means harm.
    let words =
        ["", "толока", "бюджет участі", "\"точно так\"", "немаєтакогослова", "alert", "script", "¤script¤ alert(1)"];
    let harmless = all.iter().step_by(4).map(|text| super::texts::harmless(text));
    let mut known = Elements::new();
    let mut learn = |page: Parsed| known.extend(page.elements.into_iter().chain(page.found));
    for said in words.iter().map(|word| (*word).to_owned()).chain(harmless) {
        looking_for(&said).iter().for_each(|address| learn(looked_at(&twin, address)));
    }
    let lists: Vec<String> =
        (0..2 * some.len()).step_by(20).map(|offset| format!("/practices?offset={offset}")).collect();
    let lists: Vec<String> =
        lists.into_iter().chain(["/".into(), "/map".into(), "/practices?sort=newest".into()]).collect();
    lists.iter().for_each(|address| learn(looked_at(&twin, address)));
    twin.practices.iter().for_each(|id| learn(looked_at(&twin, &format!("/practices/{id}"))));
    // 2. They are made of nothing else when somebody does.
    let of_practices = poisoned.practices.iter().map(|id| format!("/practices/{id}"));
    for address in lists.into_iter().chain(of_practices).chain(all.iter().flat_map(|text| looking_for(text))) {
        looked_at(&poisoned, &address).assert_within(&known);
    }
    for said in &all {
        let said: String = form_urlencoded::byte_serialize(said.as_bytes()).collect();
        let suggested = poisoned.inside.ask_public(&format!("/api/v1/suggest?q={said}"));
        assert_eq!(suggested.headers()["content-type"], "application/json", "{said}");
        assert_eq!(suggested.headers()["x-content-type-options"], "nosniff");
    }
}
