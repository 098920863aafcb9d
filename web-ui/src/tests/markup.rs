//! Whatever strangers write, pages show it as text.

use std::collections::BTreeSet;

use serde::Serialize;
use serde::de::DeserializeOwned;

use super::desk::Browser;
use super::*;
use crate::library::{Difference, DocumentCard, LibraryError};
use crate::people::{Account, Deed, People};

/// What has worked against other pages, and what breaks out of attributes, tags and addresses.
pub(super) const PAYLOADS: [&str; 30] = [
    "<script>alert(1)</script>",
    "</title><script>alert(1)</script>",
    "</h1></article></main><script src=//evil.example></script>",
    "<img src=x onerror=alert(1)>",
    "<svg/onload=alert(1)>",
    "<svg><style><img src=x onerror=alert(1)></style></svg>",
    "<math><mtext><table><mglyph><style><!--</style><img title=\"--&gt;&lt;img src=1 onerror=alert(1)&gt;\">",
    "\" onmouseover=\"alert(1)",
    "' onmouseover='alert(1)",
    "\"><script>alert(1)</script>",
    "'><img src=x onerror=alert(1)>",
    "` onmouseover=alert(1) `",
    "<a href=\"javascript:alert(1)\">x</a>",
    "javascript:alert(1)",
    "JaVaScRiPt:alert(1)//https://",
    "java\u{0}script:alert(1)",
    "data:text/html,<script>alert(1)</script>",
    "https://x\" onclick=\"alert(1)",
    "https://x'onclick='alert(1)",
    "https://good.example@evil.example/<script>",
    "//evil.example/<b>",
    "<iframe srcdoc='<script>alert(1)</script>'>",
    "<form action=//evil.example><button>x</button></form>",
    "<meta http-equiv=refresh content=0;url=//evil.example>",
    "<base href=//evil.example/>",
    "<link rel=stylesheet href=//evil.example/x.css>",
    "<!--<script>alert(1)</script>-->",
    "<![CDATA[<script>alert(1)</script>]]>",
    "{{7*7}}{% raw %}<b>x</b>{% endraw %}",
    "&lt;script&gt;\u{202e}<details open ontoggle=alert(1)>",
];

/// The same value with every text of it replaced.
fn poisoned<T: Serialize + DeserializeOwned>(value: &T, payload: &str) -> T {
    fn walk(value: &mut Value, payload: &str) {
        match value {
            Value::String(text) => payload.clone_into(text),
            Value::Array(items) => items.iter_mut().for_each(|item| walk(item, payload)),
            Value::Object(entries) => entries.values_mut().for_each(|entry| walk(entry, payload)),
            _ => {}
        }
    }
    let mut json = serde_json::to_value(value).unwrap();
    walk(&mut json, payload);
    serde_json::from_value(json).unwrap()
}

/// A site whose every text is the payload.
pub(super) fn poisoned_site(payload: &str) -> Site {
    let site = Site::new();
    let mut contents = site.library.contents();
    let text = || payload.to_owned();
    contents.status = contents.status.as_ref().map(|status| poisoned(status, payload));
    contents.peers = contents.peers.iter().map(|peer| poisoned(peer, payload)).collect();
    for page in contents.practices.values_mut() {
        page.practice = poisoned(&page.practice, payload);
        (page.id, page.owner, page.owner_code) = (text(), text(), text());
        page.authors = page.authors.iter().map(|author| poisoned(author, payload)).collect();
        page.completeness = poisoned(&page.completeness, payload);
        for conflict in &mut page.conflicts {
            for version in &mut conflict.versions {
                (version.value, version.device, version.record) = (text(), text(), text());
            }
        }
    }
    for page in contents.documents.values_mut() {
        page.content = poisoned(&page.content, payload);
        // The kind is the node's own word.
        page.card = DocumentCard { kind: page.card.kind.clone(), ..poisoned(&page.card, payload) };
    }
    for page in contents.communities.values_mut() {
        page.profile = poisoned(&page.profile, payload);
        page.community = poisoned(&page.community, payload);
    }
    for revision in contents.history.values_mut().flatten() {
        (revision.record, revision.device, revision.device_name) = (text(), text(), text());
        revision.set_aside = revision.set_aside.as_ref().map(|_| text());
        let fields = crdt::practice::PRACTICE.iter().map(|field| field.key).chain([payload]);
        revision.differences = fields
            .map(|field| Difference { field: field.into(), removed: vec![text()], added: vec![text()] })
            .collect();
    }
    drop(contents);
    site
}

/// The tags of a page: name and attributes. Fails on what no browser should be left to guess.
fn tags(page: &str) -> Vec<(String, Vec<(String, String)>)> {
    let mut tags = Vec::new();
    let mut rest = page;
    while let Some(start) = rest.find('<') {
        rest = &rest[start + 1..];
        let name: String = rest.chars().take_while(|c| !c.is_whitespace() && *c != '>').collect();
        rest = &rest[name.len()..];
        let mut attributes = Vec::new();
        loop {
            rest = rest.trim_start();
            if let Some(after) = rest.strip_prefix('>') {
                rest = after;
                break;
            }
            let end = rest.find(['=', ' ', '>']).expect("a tag ends");
            let attribute = rest[..end].to_owned();
            rest = &rest[end..];
            if attribute == "/" {
                continue;
            }
            let Some(quoted) = rest.strip_prefix("=\"") else {
                attributes.push((attribute, String::new()));
                continue;
            };
            let (value, after) = quoted.split_once('"').expect("a value ends");
            attributes.push((attribute, value.to_owned()));
            rest = after;
        }
        tags.push((name, attributes));
    }
    tags
}

const TAGS: &str = "!doctype html head meta title link body a header div img span strong small nav main h1 h2 h3 p ol ul li \
                    section article dl dt dd table thead tbody tr th td meter code time footer del ins br form input button label \
                    script mark details summary select option fieldset legend textarea aside abbr caption hr pre \
                    svg g path circle text rect desc figure figcaption tfoot";
const ATTRIBUTES: &str = "lang charset name content rel href type class aria-label aria-current hreflang id tabindex src alt \
                          width height datetime min max value role scope data-label title html for action method maxlength placeholder \
                          viewBox d cx cy r x y font-size aria-labelledby aria-hidden required \
                          defer data-suggest data-only data-practice data-community data-term checked selected open property \
                          form aria-describedby autocomplete download rows aria-invalid minlength data-advised data-saved \
                          data-no-link data-kept data-kept-at data-forget data-bring data-drop data-untitled data-of data-signed-out data-sign-in data-to-sign-in data-alive readonly target \
                          data-print data-copy data-done hidden preserveAspectRatio shape-rendering fill spellcheck enctype colspan \
                          data-live data-document data-withdrawn accept data-reader data-found data-none";

pub(super) fn assert_harmless(page: &str, what: &str) {
    let known: BTreeSet<&str> = TAGS.split_whitespace().collect();
    let attributes: BTreeSet<&str> = ATTRIBUTES.split_whitespace().collect();
    for (tag, given) in tags(page) {
        assert!(known.contains(tag.trim_start_matches('/')), "{what}: <{tag}>");
        for (name, value) in given {
            assert!(attributes.contains(name.as_str()), "{what}: <{tag} {name}=\"{value}\">");
            if ["href", "src", "action"].contains(&name.as_str()) {
                let own = value.starts_with('/') && !value[1..].starts_with(['/', '\\']);
                let away = ["https://", "http://", "mailto:", "tel:", "#"].iter().any(|start| value.starts_with(start));
                assert!(own || away, "{what}: {name}=\"{value}\"");
            }
        }
    }
}

#[tokio::test]
async fn whatever_is_written_is_shown_as_text() {
    for payload in PAYLOADS {
        let site = poisoned_site(payload);
        let beside = format!("&id={}&id={}", samples::practice_id(), comparing::other());
        for row in PAGES.iter().filter(|row| is_page(row.path)) {
            for language in ["uk", "en"] {
                let more = if row.path == "/practices/compare" { &beside } else { "" };
                let path = format!("{}?lang={language}{more}", filled(row.path));
                let answer = site.get(&path).await;
                assert_eq!(answer.status, StatusCode::OK, "{path} {payload}");
                let text = answer.text();
                assert_harmless(&text, &format!("{path} {payload}"));
                if payload.contains(['<', '>', '"', '\'', '&']) {
                    assert!(!text.contains(payload), "{path}: {payload} stands as it is");
                }
            }
        }
    }
}

#[tokio::test]
async fn whatever_is_written_is_shown_as_text_to_those_who_sign_in() {
    let table = "Назва практики;Галузь\nТолока;Довкілля\n";
    for payload in PAYLOADS {
        let site = poisoned_site(payload);
        let mut browser = Browser::of(&site, "Оксана").await;
        // A file with a NUL is refused: it is no table.
        let cell = format!("\"{}\"", payload.replace('\0', "").replace('"', "\"\""));
        let import = import::uploaded(&mut browser, &[table, &cell, ";", &cell, "\n"].concat().into_bytes()).await;
        let people = &site.library.people;
        let mut accounts = people.accounts().unwrap();
        accounts.push(Account { name: payload.to_owned(), ..accounts[0].clone() });
        people.keep_accounts(&accounts).unwrap();
        let (who, what, about) = (payload.to_owned(), payload.to_owned(), payload.to_owned());
        people.note(&Deed { at: 1_756_035_120_000, who, what, about }).unwrap();
        site.library.contents().drafts.insert(samples::DRAFT.to_string(), people::draft_of(payload));
        for row in crate::desk::ROWS.iter().filter(|row| is_page(row.path)) {
            let path = if row.path == "/import/{id}" { import.clone() } else { filled(row.path) };
            let answer = browser.get(&path).await;
            assert!(!answer.status.is_server_error(), "{path} {payload}: {}", answer.status);
            let text = answer.text();
            assert_harmless(&text, &format!("{path} {payload}"));
            if payload.contains(['<', '>', '"', '\'', '&']) {
                assert!(!text.contains(payload), "{path}: {payload} stands as it is");
            }
        }
    }
}

#[tokio::test]
async fn every_text_of_a_practice_is_really_on_its_page() {
    let payload = "<b>x</b>";
    let text = poisoned_site(payload).get(&filled("/practices/{id}")).await.text();
    let shown = text.matches("&#60;b&#62;x").count();
    assert!(shown > 60, "only {shown} texts were shown, so the corpus proves little");
}

#[tokio::test]
async fn an_address_is_shown_as_text_too() {
    let site = Site::new();
    for payload in ["\"><script>alert(1)</script>", "%22%3E%3Cscript%3E", "'onx='"] {
        let escaped: String = payload.bytes().map(|byte| format!("%{byte:02X}")).collect();
        for path in [format!("/{escaped}"), format!("/practices/{escaped}"), format!("/?after={escaped}&{escaped}=1")] {
            assert_harmless(&site.get(&path).await.text(), &path);
        }
    }
}

#[test]
fn an_error_is_shown_as_text_too() {
    for payload in PAYLOADS {
        let error = LibraryError::Denied { code: "test", uk: payload.to_owned(), en: payload.to_owned() };
        let visitor = crate::pages::frame::Visitor::of(&"/".parse().unwrap());
        let page = crate::pages::error::page(&visitor, &error.into());
        assert_eq!(page.status(), StatusCode::FORBIDDEN);
        let body = futures::executor::block_on(page.into_body().collect()).unwrap().to_bytes();
        assert_harmless(std::str::from_utf8(&body).unwrap(), payload);
    }
}
