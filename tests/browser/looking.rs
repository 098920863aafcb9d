//! Every page of the tables of routes as people see it: narrow and wide, light and dark, in both
//! languages, with letters twice as large and without motion.

use super::chromium::Window;
use super::site::Site;
use super::{axe, browser};

/// How somebody looks at a page. Each pair of choices is tried with each other one at least once.
struct Look {
    name: &'static str,
    width: u32,
    dark: bool,
    language: &'static str,
    flags: &'static [&'static str],
}

const LOOKS: [Look; 4] = [
    Look { name: "wide-light-uk", width: 1280, dark: false, language: "uk", flags: &[] },
    Look { name: "narrow-light-en", width: 360, dark: false, language: "en", flags: &[] },
    Look { name: "narrow-dark-uk", width: 360, dark: true, language: "uk", flags: &["--force-prefers-reduced-motion"] },
    Look { name: "wide-dark-en", width: 1280, dark: true, language: "en", flags: &[] },
];

/// Pages with states that no route alone shows.
const STATES: [&str; 8] = [
    "/practices?q=толока",
    "/practices?q=бюджет&sector=environment&stage=running",
    "/practices?q=щщщщщ",
    "/practices/compare",
    "/communities?format=call",
    "/communities?format=internship",
    "/map?show=offers",
    "/nothing",
];

/// Pages of which a picture is kept where `DOSVID_PICTURES` says.
const PICTURED: [&str; 19] = [
    "/exchange",
    "/records/{id}",
    "/write/record/new",
    "/messages",
    "/digest",
    "/achievements",
    "/",
    "/practices",
    "/practices/{id}",
    "/practices/{id}/history",
    "/practices/compare",
    "/communities",
    "/communities/{id}",
    "/map",
    "/network",
    "/write/{id}",
    "/write/blank",
    "/desk",
    "/start",
];

/// The addresses of this library for a visitor of one language, each with a name for its picture.
fn addresses(site: &Site, language: &str) -> Vec<(String, Option<String>)> {
    let routes = web_ui::testing::addresses().filter_map(|route| {
        let name = PICTURED.contains(&route).then(|| match route.trim_matches('/') {
            "" => "home".to_owned(),
            route => route.replace("/{id}", "-one").replace('/', "-"),
        });
        Some((site.filled(route)?, name))
    });
    let states = STATES.iter().map(|state| (*state).to_owned()).chain(site.records()).map(|state| (state, None));
    let speaking = |address: String| {
        let mark = if address.contains('?') { '&' } else { '?' };
        if language == "en" { format!("{address}{mark}lang=en") } else { address }
    };
    routes.chain(states).map(|(address, name)| (speaking(address), name)).collect()
}

/// Says what is wider than the window.
const TOO_WIDE: &str = "const all = document.documentElement, width = all.clientWidth;
    if (all.scrollWidth <= width) return '';
    const wide = [...document.querySelectorAll('body *')].filter((one) => one.scrollWidth > one.clientWidth + 1 || one.getBoundingClientRect().right > width);
    return all.scrollWidth + ' px wide: ' + wide.slice(0, 6).map((one) => one.outerHTML.slice(0, 160)).join('\\n');";

/// Says what moves although the visitor asked for no motion.
const MOVING: &str = "const moves = (one) => {
      const style = getComputedStyle(one);
      return style.transitionDuration.split(', ').some((time) => parseFloat(time) > 0.01) || style.animationName !== 'none';
    };
    if (!matchMedia('(prefers-reduced-motion: reduce)').matches) return 'motion is not reduced here';
    if (getComputedStyle(document.documentElement).scrollBehavior !== 'auto') return 'scrolling is smooth';
    const one = [...document.querySelectorAll('body *')].find(moves);
    return one ? 'moves: ' + one.outerHTML.slice(0, 200) : '';";

async fn said(window: &Window, script: &str) -> Option<String> {
    let said = window.run(script, Vec::new()).await;
    Some(said.as_str().expect("a text").to_owned()).filter(|said| !said.is_empty())
}

/// Everything that is wrong with any page in this look.
async fn look(site: &Site, look: &Look, window: &Window) -> Vec<String> {
    let width = window.run("return window.innerWidth", Vec::new()).await;
    assert_eq!(width.as_u64(), Some(look.width.into()), "{}: the width of the window", look.name);
    let mut wrong = Vec::new();
    for (address, picture) in addresses(site, look.language) {
        let what = format!("{address}, {}", look.name);
        window.open(&format!("{}{address}", site.home)).await;
        let mut here = axe::found(window, &what).await;
        here.extend(said(window, TOO_WIDE).await);
        if look.flags.iter().any(|flag| flag.contains("reduced-motion")) {
            here.extend(said(window, MOVING).await);
        }
        if let Some(name) = picture {
            window.picture(&format!("{name}-{}", look.name)).await;
        }
        if look.width > 1000 {
            window.run("document.documentElement.style.fontSize = '200%'", Vec::new()).await;
            here.extend(said(window, TOO_WIDE).await.map(|said| format!("letters twice as large: {said}")));
        }
        wrong.extend(here.into_iter().map(|one| format!("{what}: {one}")));
    }
    wrong
}

#[test]
fn every_page_can_be_read_by_everybody() {
    let Some(mut chromium) = browser() else { return };
    let site = Site::new();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    runtime.block_on(async {
        let mut windows = Vec::new();
        for one in &LOOKS {
            let window = chromium.window_with(one.width, one.dark, one.flags).await;
            site.sign_in(&window).await;
            windows.push(window);
        }
        // Browsers are processes of their own: looked at together they take half as long.
        let looks = LOOKS.iter().zip(&windows).map(|(one, window)| look(&site, one, window));
        let wrong = futures::future::join_all(looks).await.concat();
        assert!(wrong.is_empty(), "{} things are wrong:\n{}", wrong.len(), wrong.join("\n"));
        for window in windows {
            window.close().await;
        }
    });
}
