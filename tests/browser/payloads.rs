//! Every text of the attack suite in a real browser, written by strangers and by people here: nothing
//! runs, nothing is loaded from elsewhere, no page has an element that it should not have.

use std::collections::BTreeSet;
use std::time::{Duration, Instant};

use serde_json::json;

use super::browser;
use super::traps::Traps;
use crate::attacks::library::{Library, is_contested};
use crate::attacks::{scripts, texts};
use crate::inside::{NAME, PASSWORD};

/// Browsers that look at once: what two cores bear.
const WINDOWS: usize = 2;
/// Practices that are compared on one page.
const COMPARED: usize = 4;
/// Rows of a page of the catalogue and of the registry.
const ROWS: usize = 20;
/// Every so many of the texts go through what takes a request of its own for one field.
const SOME: usize = 40;
/// Every so many of them have a page for themselves, where all of them are on pages that show several;
/// `DOSVID_TEXTS_EVERY=1` gives one to each, which takes minutes on two cores.
const ALONE_EVERY: usize = 16;
/// Letters by which a text is recognised on a page.
const LETTERS_MIN: usize = 3;
/// Pages after which the browser's log is read.
const LOGGED: usize = 50;
/// Every so many of the texts are tried where nobody keeps them from doing harm.
const PLANTED_EVERY: usize = 4;
/// How long what a page does after it has come may take to show.
const AFTERWARDS: Duration = Duration::from_secs(5);

/// What is read of a text on a page: no page shows control characters, and a line ends there.
fn needle(text: &str) -> String {
    text.split(|c: char| c.is_control()).next().unwrap_or_default().trim().to_owned()
}

/// The texts by which pages are known to show what was written.
fn needles(texts: &[String]) -> Vec<String> {
    texts.iter().map(|text| needle(text)).collect()
}

fn encoded(text: &str) -> String {
    form_urlencoded::byte_serialize(text.as_bytes()).collect()
}

/// Pages of one kind, and whether each text must stand on one of them.
struct Pages {
    what: &'static str,
    addresses: Vec<String>,
    shows_all: bool,
}

/// Every page on which somebody's texts are shown.
fn pages(library: &Library, home: &str, public: &str) -> Vec<Pages> {
    let count = library.texts.len();
    let kind = |what, addresses: Vec<String>, shows_all| Pages { what, addresses, shows_all };
    let alone = texts::every().unwrap_or(ALONE_EVERY);
    let practices = library.practices.iter().step_by(alone).map(|id| format!("{public}/practices/{id}")).collect();
    let own = library.own.iter().step_by(alone).map(|id| format!("{home}/practices/{id}")).collect();
    let compared = library.practices.chunks(COMPARED).map(|some| {
        let ids: Vec<String> = some.iter().map(|id| format!("id={id}")).collect();
        format!("{home}/practices/compare?{}", ids.join("&"))
    });
    let list = |start: String, most: usize| {
        (0..most.div_ceil(ROWS)).map(move |page| format!("{start}offset={}", page * ROWS)).collect::<Vec<_>>()
    };
    let contested = (0..count).filter(|n| is_contested(*n)).step_by(alone);
    let history = contested.map(|n| format!("{home}/practices/{}/history", library.practices[n])).collect();
    let communities = library.communities.iter().step_by(2 * alone).map(|id| format!("{public}/communities/{id}"));
    let search = library.texts.iter().step_by(alone).map(|text| format!("{home}/practices?q={}", encoded(text)));
    let filtered = library.texts.iter().step_by(SOME).flat_map(|text| {
        let text = encoded(text);
        [
            format!("{home}/practices?q={text}&sector={text}&oblast={text}&near={text}&verbatim=1&lang=en"),
            format!("{public}/communities?q={text}&sector={text}"),
            format!("{public}/map?sector={text}&show={text}&oblast={text}"),
        ]
    });
    let more = ["/", "/map?show=all", "/exchange", "/digest", "/achievements", "/desk", "/deeds"];
    vec![
        kind("practices side by side", compared.collect(), true),
        kind("the catalogue", list(format!("{home}/practices?sort=newest&"), 2 * count), true),
        kind("forms that were filled in", drafts(library, home), true),
        kind("practices of strangers, published", practices, alone == 1),
        kind("practices of people here", own, alone == 1),
        kind("search", search.collect(), alone == 1),
        kind("the registry", list(format!("{home}/communities?"), count), false),
        kind("communities", communities.collect(), false),
        kind("histories", history, false),
        kind("filters that nobody offers", filtered.collect(), false),
        kind("what gathers the rest", more.iter().map(|page| format!("{home}{page}")).collect(), false),
    ]
}

/// Keeps forms in which each field says another text; gives where each is looked at, with what is wrong with
/// it beside the fields.
fn drafts(library: &Library, home: &str) -> Vec<String> {
    let browser = library.inside.browser();
    let names: Vec<String> = scripts::form("x").into_iter().map(|(name, _)| name).collect();
    let count = library.texts.len();
    let step = names.len() / 3;
    for start in (0..count).step_by(step.max(1)) {
        let draft = format!("/write/{:032x}", start + 1);
        let texts = (0..names.len()).map(|n| library.texts[(start + n) % count].as_str());
        let pairs: Vec<(&str, &str)> = names.iter().map(String::as_str).zip(texts).collect();
        let kept = browser.post(&draft, &pairs);
        assert!(kept.status() == 303, "{}", crate::inside::text(&kept));
    }
    let starts = (0..count).step_by(step.max(1)).map(|start| format!("{home}/write/{:032x}", start + 1));
    starts.flat_map(|draft| [format!("{draft}?check=1"), format!("{draft}/publish")]).collect()
}

async fn signed_in(traps: &mut Traps, home: &str) {
    let window = traps.window();
    window.open(&format!("{home}/sign-in?next=/desk")).await;
    window.fill("#name", NAME).await;
    window.fill("#password", PASSWORD).await;
    window.click_to("main form .primary", "/desk").await;
    for asked in ["/sign-in?next=/desk", "/sign-in", "/desk"] {
        traps.asked_for(format!("{home}{asked}"));
    }
}

/// What one browser found on its part of some pages.
#[derive(Default)]
struct Found {
    wrong: Vec<String>,
    shown: BTreeSet<usize>,
}

/// Looks at each second page, or whichever part of them is this browser's.
async fn look(traps: &mut Traps, addresses: &[&String], said: &[String], homes: &[&str]) -> Found {
    let mut found = Found::default();
    for some in addresses.chunks(LOGGED) {
        for address in some {
            let (wrong, there) = traps.open(address, said).await;
            found.wrong.extend(wrong.into_iter().map(|one| format!("{address}: {one}")));
            found.shown.extend(there);
        }
        let strange = traps.strange_requests(homes).await;
        found.wrong.extend(strange.into_iter().map(|asked| format!("asked for {asked}")));
    }
    found
}

#[test]
fn nothing_that_anybody_wrote_runs_in_a_browser() {
    let Some(mut chromium) = browser() else { return };
    let texts = texts::all();
    let mut library = Library::of(texts);
    library.inside.with_index(2 * library.texts.len() as u64);
    let said = needles(&library.texts);
    library.inside.served(|home, public| {
        let all = pages(&library, home, public);
        run(async {
            let mut windows = Vec::new();
            for _ in 0..WINDOWS {
                let window = chromium.window(1280, false).await;
                let mut traps = Traps::set(window, &format!("{home}/help")).await;
                signed_in(&mut traps, home).await;
                windows.push(traps);
            }
            for kind in &all {
                let began = Instant::now();
                let parts = windows.iter_mut().enumerate().map(|(n, traps)| {
                    let part: Vec<&String> = kind.addresses.iter().skip(n).step_by(WINDOWS).collect();
                    let said = &said;
                    async move { look(traps, &part, said, &[home, public]).await }
                });
                let found = futures::future::join_all(parts).await;
                let wrong: Vec<&String> = found.iter().flat_map(|part| &part.wrong).collect();
                assert!(wrong.is_empty(), "{}: {} things: {wrong:#?}", kind.what, wrong.len());
                let shown: BTreeSet<usize> = found.iter().flat_map(|part| &part.shown).copied().collect();
                let lacking =
                    said.iter().enumerate().filter(|(n, text)| text.len() >= LETTERS_MIN && !shown.contains(n));
                let lacking: Vec<&String> = lacking.map(|(_, text)| text).collect();
                assert!(lacking.is_empty() || !kind.shows_all, "{}: nowhere {lacking:#?}", kind.what);
                println!("{}: {} pages, {} texts, {:?}", kind.what, kind.addresses.len(), shown.len(), began.elapsed());
            }
            refused_forms(&mut windows[0], home, &said).await;
            for traps in windows {
                traps.close().await;
            }
        });
    });
}

fn run(test: impl Future<Output = ()>) {
    tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime").block_on(test);
}

/// Forms whose one field is refused, and is shown again as it was typed.
async fn refused_forms(traps: &mut Traps, home: &str, said: &[String]) {
    for n in (0..said.len()).step_by(SOME) {
        let address = format!("{home}/network/peers");
        traps.window().open(&format!("{home}/network")).await;
        let typed = format!("{} !", said[n]);
        let send = "const [typed] = arguments, field = document.getElementById('address');
            field.value = typed; field.form.querySelector('[value=test]').click();";
        traps.window().run(send, vec![json!(typed)]).await;
        traps.window().at("/network/peers").await;
        traps.window().find("#address-error").await;
        let (wrong, there) = traps.look(&address, &[typed]).await;
        assert!(wrong.is_empty() && there == [0], "{:?} as an address: {wrong:?}", said[n]);
    }
}

/// Pages as ours are not, with what the traps must find on each.
const PLANTED: [(&str, &str); 9] = [
    ("<script>alert(1)</script>", "ran or was refused: alert(1)"),
    ("<img src=x onerror=alert(1)>", "has <img"),
    ("<svg onload=confirm(1)>", "ran or was refused: confirm(1)"),
    ("<script>window.taken = 1</script>", "left window.taken"),
    ("<a href=' javascript:alert(1)'>x</a>", "has <a"),
    ("<iframe srcdoc='<p>x'></iframe>", "has <iframe"),
    ("<meta http-equiv=refresh content='0;url=about:blank'>", "went to about:blank"),
    ("<b style='background:url(//evil.example/x)'>x</b>", "has <b"),
    ("<form action='https://evil.example/'><input formaction='data:text/html,x'></form>", "has <input"),
];

/// The content policy of all our pages, as a page may say it itself.
const POLICY: &str = "<meta http-equiv=content-security-policy content=\"default-src 'none'; script-src 'self'\">";

#[test]
fn what_runs_in_a_browser_is_noticed() {
    let Some(mut chromium) = browser() else { return };
    run(async {
        let window = chromium.window(1280, false).await;
        let mut traps = Traps::set(window, "about:blank").await;
        for (page, expected) in PLANTED {
            noticed(&mut traps, page, expected).await;
        }
        // A page that keeps scripts from running says that one was there.
        let kept = format!("{POLICY}<script>alert(1)</script><img src=https://evil.example/x>");
        noticed(&mut traps, &kept, "ran or was refused: script-src-elem inline").await;
        noticed(&mut traps, &kept, "ran or was refused: img-src https://evil.example/x").await;
        let fetched = "data:text/html,<img src=http://127.0.0.1:9/taken>";
        traps.open(fetched, &[]).await;
        let strange = traps.strange_requests(&["http://127.0.0.1:1"]).await;
        assert!(strange.contains("http://127.0.0.1:9/taken"), "{strange:?}");
        // And most texts of the suite do harm where nobody keeps them from it: they are worth trying.
        let texts: Vec<String> = texts::all().into_iter().step_by(PLANTED_EVERY).collect();
        let mut harmful = 0;
        for text in &texts {
            let page = format!("data:text/html;charset=utf-8,{}", percent(&format!("<p title=\"{text}\">{text}</p>")));
            harmful += usize::from(!traps.open(&page, &[]).await.0.is_empty());
        }
        println!("{harmful} of {} texts are noticed where they stand as they are", texts.len());
        assert!(harmful * 2 > texts.len(), "{harmful} of {}", texts.len());
        traps.close().await;
    });
}

/// Fails unless the traps find something on a page.
async fn noticed(traps: &mut Traps, page: &str, expected: &str) {
    let address = format!("data:text/html;charset=utf-8,{}", percent(page));
    let end = Instant::now() + AFTERWARDS;
    let mut wrong = traps.open(&address, &[]).await.0;
    while !wrong.iter().any(|one| one.starts_with(expected)) {
        assert!(Instant::now() < end, "{page}: {expected} is not in {wrong:?}");
        wrong = traps.look(&address, &[]).await.0;
    }
}

/// A text as an address has it.
fn percent(text: &str) -> String {
    text.bytes().map(|byte| format!("%{byte:02X}")).collect()
}
