//! The library on the web, as strangers see it in a real browser.

use serde_json::{Value, json};

use super::chromium::Window;
use super::{axe, browser};
use crate::process::publishing::{public_address, publishing};

const TITLE: &str = "Толока </script><script>alert(1)</script> на березі";

/// What the browser refused on the page, and whether it was asked to show a dialog.
async fn refused(window: &Window) -> Value {
    window.run("return window.refusals", Vec::new()).await
}

async fn linked(window: &Window) -> Value {
    let script = "const found = document.querySelector('script[type=\"application/ld+json\"]');
        return found ? JSON.parse(found.textContent) : null";
    window.run(script, Vec::new()).await
}

#[test]
fn strangers_read_the_library_and_nothing_is_refused() {
    let Some(mut chromium) = browser() else { return };
    let town = publishing("fastiv", &[TITLE, "Бюджет участі для школярів", "Громадські слухання онлайн"]);
    let home = public_address(&town);
    let test = async {
        for (width, dark, language) in [(1280, false, ""), (360, true, "?lang=en")] {
            let window = chromium.window(width, dark).await;
            window.watch().await;
            window.open(&format!("{home}/practices{language}")).await;
            let practice = window
                .run("return [...document.querySelectorAll('.cards h2 a')].find((a) => a.textContent.includes('script')).getAttribute('href')", Vec::new())
                .await;
            let practice =
                practice.as_str().expect("the practice is listed").split('?').next().expect("a path").to_owned();
            let owner = town.status()["community"].as_str().expect("a community").to_owned();
            let pages = [
                "/".to_owned(),
                "/practices".into(),
                practice.clone(),
                format!("{practice}/history"),
                "/communities".into(),
                format!("/communities/{owner}"),
                "/map".into(),
                "/nothing".into(),
            ];
            for page in pages {
                let what = format!("{page}{language} at {width}");
                window.open(&format!("{home}{page}{language}")).await;
                axe::check(&window, &what).await;
                assert_eq!(refused(&window).await, json!([]), "{what}");
                let over =
                    window.run("return document.documentElement.scrollWidth - window.innerWidth", Vec::new()).await;
                assert!(over.as_i64().is_some_and(|over| over <= 0), "{what} is {over} px too wide");
                let frame = "return [...document.querySelectorAll('header.site, footer.site')].map((part) => part.innerText).join(' ')";
                let text = window.run(frame, Vec::new()).await.to_string();
                for word in ["Увійти", "Sign in", "Мережа", "Network"] {
                    assert!(!text.contains(word), "{what} says {word}");
                }
                window.picture(&format!("public-{width}{}", page.replace('/', "-"))).await;
            }
            window.open(&format!("{home}{practice}{language}")).await;
            let told = linked(&window).await;
            assert_eq!((&told["@type"], &told["headline"]), (&json!("Article"), &json!(TITLE)));
            window.open(&format!("{home}/communities/{owner}")).await;
            assert_eq!(linked(&window).await["@type"], "GovernmentOrganization");
            for file in ["/atom", "/sitemap.xml"] {
                window.open(&format!("{home}{file}")).await;
                let wrong = window.run("return document.querySelector('parsererror') !== null", Vec::new()).await;
                assert_eq!(wrong, json!(false), "{file} is not XML to a browser");
            }
            window.close().await;
        }
    };
    tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime").block_on(test);
}
