//! Whatever strangers write of every other kind, pages, feeds and answers show it as text.

use crdt::kinds::KINDS;
use serde_json::Value;

use super::library::{Library, both};
use super::scripts::{at_home, compare, followed, for_every_text, page};
use crate::inside::{Answer, Browser, text};

/// What else each record of a kind has, beside its page and its history.
fn more(kind: &str) -> &'static [&'static str] {
    match kind {
        "seminar" => &["/sheet"],
        _ => &[],
    }
}

/// A page at home, or the one that it leads to.
fn shown(library: &Library, address: String) -> Answer {
    let answer = at_home(library, address);
    match answer.headers().get("location") {
        Some(to) => at_home(library, to.to_str().expect("text").to_owned()),
        None => answer,
    }
}

#[test]
fn what_strangers_tell_is_shown_as_text() {
    for_every_text(|n| {
        for (nth, (kind, _)) in both()[0].told[n].iter().enumerate() {
            let at = |library: &Library, rest: &str| format!("/records/{}{rest}", library.told[n][nth].1);
            // Half of them in the other language.
            let lang = if nth.is_multiple_of(2) { "" } else { "?lang=en" };
            for rest in ["", "/history"].iter().chain(more(kind)) {
                compare(n, &format!("{rest} of a {kind}"), |library| shown(library, at(library, rest) + lang));
            }
            for address in [at(&both()[0], ""), format!("/api/v1/documents/{}", both()[0].told[n][nth].1)] {
                answers_as_data(&address, kind);
            }
        }
        let own = |library: &Library| format!("/practices/{}", library.own[n]);
        compare(n, "a practice of which others tell", |library| library.inside.ask_public(&own(library)));
        calendars_are_whole(n);
    });
}

/// The API's answer about a record, which no browser may take for a page.
fn answers_as_data(address: &str, kind: &str) {
    if !address.starts_with("/api") {
        return;
    }
    for rest in ["", "/history"] {
        let answer = at_home(&both()[0], format!("{address}{rest}"));
        assert_eq!(answer.status(), 200, "{kind}: {}", text(&answer));
        assert_eq!(answer.headers()["content-type"], "application/json", "{kind}");
        assert_eq!(answer.headers()["x-content-type-options"], "nosniff");
        let _: Value = serde_json::from_slice(answer.body()).expect("JSON");
    }
}

/// The calendar of the stranger's seminar: no text begins a line of its own.
fn calendars_are_whole(n: usize) {
    let (_, seminar) = both()[0].told[n].iter().find(|(kind, _)| *kind == "seminar").expect("a seminar");
    let answer = at_home(&both()[0], format!("/records/{seminar}/calendar.ics"));
    if answer.status() == 404 {
        return; // Its first day is no day.
    }
    assert_eq!(answer.headers()["content-type"], "text/calendar; charset=utf-8");
    const KNOWN: [&str; 19] = [
        "BEGIN",
        "END",
        "VERSION",
        "PRODID",
        "CALSCALE",
        "METHOD",
        "UID",
        "DTSTAMP",
        "DTSTART",
        "DTEND",
        "SUMMARY",
        "DESCRIPTION",
        "LOCATION",
        "URL",
        "STATUS",
        "SEQUENCE",
        "LAST-MODIFIED",
        "CATEGORIES",
        "ORGANIZER",
    ];
    for line in text(&answer).split("\r\n").filter(|line| !line.is_empty() && !line.starts_with(' ')) {
        let name = line.split([':', ';']).next().unwrap_or_default();
        assert!(KNOWN.contains(&name), "text {n}: {line:?}");
        assert!(!line.contains(|c: char| c.is_control() && c != '\t'), "text {n}: {line:?}");
    }
}

#[test]
fn lists_of_what_strangers_tell_show_it_as_text() {
    let [poisoned, _] = both();
    let mut lists: Vec<String> =
        ["adoptions", "exchange", "seminars", "collections", "materials"].map(|list| format!("/{list}")).into();
    lists.extend(["/adoptions?sector=education", "/exchange?direction=offer", "/achievements"].map(str::to_owned));
    for (n, address) in lists.iter().enumerate() {
        compare(n, address, |library| library.inside.ask_public(address));
    }
    let pages = ["/achievements?lang=en", "/digest", "/digest?lang=en"];
    for (n, address) in pages.iter().enumerate() {
        compare(n, address, |library| at_home(library, (*address).to_owned()));
    }
    let feed = at_home(poisoned, "/digest.atom".to_owned());
    let feed = text(&feed);
    roxmltree::Document::parse(&feed).unwrap_or_else(|error| panic!("the digest: {error}: {feed}"));
    for kind in KINDS {
        for address in ["documents", "census"].map(|what| format!("/api/v1/{what}?kind={}", kind.key)) {
            let answer = at_home(poisoned, address.clone());
            assert_eq!(answer.status(), 200, "{address}: {}", text(&answer));
            assert_eq!(answer.headers()["content-type"], "application/json", "{address}");
            let _: Value = serde_json::from_slice(answer.body()).expect("JSON");
        }
    }
}

#[test]
fn whoever_answers_strangers_is_shown_text() {
    let browsers = both().each_ref().map(|library| library.inside.browser());
    let asked = |n: usize, what: &str, ask: &dyn Fn(&Library, &Browser<'_>) -> Answer| {
        let pages = [0, 1].map(|which| page(&ask(&both()[which], &browsers[which]), &format!("{what}, text {n}")));
        pages[0].assert_like(&pages[1]);
    };
    asked(0, "what is told to us", &|_, browser| browser.get("/messages"));
    for_every_text(|n| {
        for (nth, (kind, _)) in both()[0].told[n].iter().enumerate() {
            let id = |library: &Library| library.told[n][nth].1;
            asked(n, &format!("a {kind}"), &|library, browser| followed(browser, &format!("/records/{}", id(library))));
            let begins = match *kind {
                "comment" => Some("comment&purpose=answer"),
                "adoption" => Some("endorsement"),
                "exchange" => Some("comment&purpose=answer"),
                "seminar" => Some("registration"),
                "material" => Some("use"),
                _ => None,
            };
            if let Some(begins) = begins {
                asked(n, &format!("what a {kind} begins"), &|library, browser| {
                    followed(browser, &format!("/write/record/new?kind={begins}&about={}", id(library)))
                });
            }
            if nth == n % both()[0].told[n].len() {
                asked(n, &format!("hiding a {kind}"), &|library, browser| {
                    browser.get(&format!("/records/{}/hide", id(library)))
                });
            }
            // Whoever wrote the practice may accept what others suggest.
            if *kind == "comment" && nth > 0 && both()[0].told[n][nth - 1].0 == "comment" {
                asked(n, "accepting it", &|library, browser| {
                    followed(browser, &format!("/records/{}/accept", id(library)))
                });
            }
        }
        asked(n, "making a material of it", &|library, browser| {
            followed(browser, &format!("/write/material?practice={}", library.practices[n]))
        });
    });
}
