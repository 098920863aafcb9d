//! Addresses that lead out of where they should stay: none gives a file away, none is a fault.

use std::collections::BTreeSet;

use http::{Method, Request};
use web_ui::testing::{Table, routes};

use super::library::OWN;
use crate::inside::{Answer, Browser, HOST, Inside, PUBLIC, text};

/// Ways to write a dot, a slash, and what else parts a path.
const DOTS: [&str; 9] =
    ["..", "%2e%2e", "%252e%252e", "%c0%ae%c0%ae", "%e0%80%ae%e0%80%ae", "%uff0e%uff0e", ".%00.", "..;", "%2e%2e%00"];
const SLASHES: [&str; 12] =
    ["/", "%2f", "%252f", "\\", "%5c", "%255c", "%c0%af", "%c1%9c", "%e0%80%af", "%ef%bc%8f", "//", "/./"];
/// Files of a node and of the computers that it may run on.
const FILES: [&str; 10] = [
    "token",
    "keys/device.key",
    "keys/officer.key",
    "journal.bundle",
    "accounts.json",
    "dosvid.toml",
    "etc/passwd",
    "windows/win.ini",
    "proc/self/environ",
    "Cargo.toml",
];
/// Names that mean something to a file system or to somebody who reads logs.
const NAMES: [&str; 72] = [
    ".",
    "..",
    "...",
    "....",
    "%2e",
    "%00",
    "%00.svg",
    "mark.svg%00",
    "x%00y",
    "%0a",
    "%0d%0aset-cookie:x=1",
    "%09",
    "%20",
    "%20.",
    "x.",
    "x ",
    "~",
    "~root",
    "CON",
    "con",
    "PRN",
    "AUX",
    "NUL",
    "COM1",
    "LPT1",
    "CON.svg",
    "NUL.txt",
    "C:",
    "C:%5C",
    "c:/windows/win.ini",
    "C:token",
    "%5C%5Cevil.example%5Cshare",
    "%5C%5C.%5CPhysicalDrive0",
    "%5C%5C%3F%5CC:",
    "//evil.example/x",
    "file:///etc/passwd",
    "file:%2f%2f%2fetc%2fpasswd",
    "token::$DATA",
    "token:stream",
    "TOKEN~1",
    "mark.svg/",
    "mark.svg/..",
    "mark.svg%2f..%2ftoken",
    "mark.svg?/../token",
    "mark.svg%23",
    "mark.svg;x=1",
    "*",
    "?",
    "%3f",
    "%2a",
    "%",
    "%%",
    "%2",
    "%zz",
    "%c0",
    "%ff%fe",
    "%ed%a0%80",
    "%f4%90%80%80",
    "%e2%80%ae",
    "%ef%bb%bf",
    "$HOME",
    "%24%7bHOME%7d",
    "%25HOME%25",
    "`id`",
    "$(id)",
    "|id",
    ";id",
    "{id}",
    "{{x}}",
    "%7Bid%7D",
    "__proto__",
    "null",
];
/// What no answer may hold: the beginnings of the files above.
const GIVEN_AWAY: [&str; 6] = ["root:x:0:0", "[fonts]", "; for 16-bit", "$argon2", "[workspace]", "DOSVID-BUNDLE"];

/// A thousand tricks.
fn tricks() -> Vec<String> {
    let mut tricks = BTreeSet::new();
    for (n, dots) in DOTS.iter().enumerate() {
        for (m, slash) in SLASHES.iter().enumerate() {
            for (k, file) in FILES.iter().enumerate() {
                let deep = 1 + (n + m + k) % 8;
                let file = if (n + m) % 2 == 0 { (*file).to_owned() } else { file.replace('/', slash) };
                let start = ["", slash, "mark.svg/"][(n + k) % 3];
                tricks.insert(format!("{start}{}{file}", format!("{dots}{slash}").repeat(deep)));
            }
        }
    }
    tricks.extend(NAMES.iter().map(|name| (*name).to_owned()));
    tricks.insert("a".repeat(5_000));
    tricks.insert("%2e%2e%2f".repeat(1_000));
    tricks.insert("../".repeat(2_000));
    tricks.into_iter().collect()
}

/// What is secret on this node, and must stand in no answer.
fn secrets(inside: &Inside) -> Vec<String> {
    let folder = inside.node().data_dir().path();
    let held = ["token", "keys/device.key", "keys/officer.key"].map(|name| std::fs::read_to_string(folder.join(name)));
    let mut secrets: Vec<String> = held.into_iter().map(|text| text.expect("a file").trim().to_owned()).collect();
    assert!(secrets.iter().all(|secret| secret.len() >= 32));
    secrets.push("canary-of-the-drafts".into());
    secrets.extend(GIVEN_AWAY.map(str::to_owned));
    secrets
}

fn assert_kept(answer: &Answer, secrets: &[String], what: &str) {
    assert!(!answer.status().is_server_error(), "{what}: {}", answer.status());
    assert!(!answer.headers().contains_key("set-cookie"), "{what} sets a cookie");
    let body = text(answer);
    let given = secrets.iter().find(|secret| body.contains(secret.as_str()));
    assert!(given.is_none(), "{what} gives away {given:?}");
    if let Some(to) = answer.headers().get("location") {
        let to = to.to_str().expect("text");
        assert!(to.starts_with('/') && !to[1..].starts_with(['/', '\\']), "{what} leads to {to}");
    }
}

/// The address with the trick where something belongs, or at its end.
fn tricked(path: &str, trick: &str) -> String {
    match (path.find('{'), path.rfind('}')) {
        (Some(start), Some(end)) => format!("{}{trick}{}", &path[..start], &path[end + 1..]),
        _ => format!("{}/{trick}", path.trim_end_matches('/')),
    }
}

#[test]
fn no_path_leads_out() {
    let tricks = tricks();
    assert!(tricks.len() >= 1_000, "{}", tricks.len());
    let inside = Inside::founded(OWN);
    let browser = inside.browser();
    let hidden = serde_json::json!({ "title": "canary-of-the-drafts", "form": [["title", "canary-of-the-drafts"]] });
    assert!(inside.write(Method::PUT, &format!("/drafts/{}", "0a".repeat(16)), &hidden).status().is_success());
    let secrets = secrets(&inside);
    let mut asked = 0;
    for route in routes() {
        let takes_a_part = route.path.contains('{');
        for (n, trick) in tricks.iter().enumerate() {
            // What takes nothing in its address is asked for a tenth of them at its end.
            if !takes_a_part && n % 10 != 0 {
                continue;
            }
            let address = tricked(route.path, trick);
            // What cannot be the address of a request never reaches a router.
            let Ok(uri) = address.parse::<http::Uri>() else { continue };
            let what = format!("{} {address}", route.method);
            let answer = asked_at(&inside, &browser, &route.method, route.table, uri);
            assert_kept(&answer, &secrets, &what);
            asked += 1;
        }
    }
    assert!(asked > 20_000, "{asked}");
}

fn asked_at(inside: &Inside, browser: &Browser<'_>, method: &Method, table: Table, uri: http::Uri) -> Answer {
    if *method == Method::POST && table == Table::Desk {
        return browser.post(&uri.to_string(), &[("do", "x")]);
    }
    match table {
        Table::Public => inside.ask_public(&uri.to_string()),
        Table::Desk | Table::Pages => browser.get(&uri.to_string()),
        Table::Api => {
            let request = Request::builder().method(method).uri(uri).header("host", HOST);
            let request = request.header("authorization", format!("Bearer {}", inside.node().token));
            inside.ask(request.header("content-type", "application/json").body(b"{}".to_vec()).expect("a request"))
        }
    }
}

#[test]
fn files_are_served_by_their_whole_names_alone() {
    let inside = Inside::founded(OWN);
    let page = text(&inside.ask_public("/"));
    let names: BTreeSet<&str> = page.split("\"/assets/").skip(1).filter_map(|rest| rest.split('"').next()).collect();
    assert!(names.len() > 2, "{names:?}");
    for name in names {
        let found = |path: &str| {
            let request = Request::builder().uri(path).header("host", PUBLIC).body(());
            request.is_ok() && inside.ask_public(path).status() == 200
        };
        assert!(found(&format!("/assets/{name}")), "{name}");
        let upper = name.to_uppercase();
        let others = [
            upper.clone(),
            format!("{name}."),
            format!("{name}%20"),
            format!("{name}%00"),
            format!("{name}/"),
            format!("./{name}"),
            format!("../assets/{name}"),
            format!("{name}::$DATA"),
            format!("{name}%2e"),
            format!("x/../{name}"),
            format!("%2e/{name}"),
            format!("{name};x"),
        ];
        for other in others {
            assert!(!found(&format!("/assets/{other}")), "{other} is served as {name}");
        }
    }
}
