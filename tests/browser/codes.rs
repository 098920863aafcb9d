//! The codes on pages, read from the dots on the screen and from those on paper: on a light and a dark
//! screen, narrow and wide, each says what it must.

use serde_json::json;

use super::browser;
use super::chromium::Window;
use super::site::{NAME, PASSWORD, running};
use crate::pictures::Grey;
use crate::process::town::Town;

/// What the codes of the page say, as it is shown.
async fn codes(window: &Window, what: &str) -> Vec<String> {
    let size = window.run("const all = document.documentElement; return [innerWidth, all.scrollHeight]", Vec::new());
    let size = size.await;
    let clip = json!({ "x": 0, "y": 0, "width": size[0], "height": size[1], "scale": 2 });
    let wanted = json!({ "captureBeyondViewport": true, "clip": clip });
    Grey::read(&window.bytes("Page.captureScreenshot", &wanted).await).codes(what)
}

/// Fails unless the page has one code that says this, on the screen and on paper.
async fn says(window: &Window, expected: &str, what: &str) {
    for medium in ["", "print"] {
        window.protocol("Emulation.setEmulatedMedia", &json!({ "media": medium })).await;
        let what = format!("{what} {medium}");
        assert_eq!(codes(window, &what).await, [expected], "{what}");
    }
    window.protocol("Emulation.setEmulatedMedia", &json!({ "media": "" })).await;
}

/// The characters of the sheet, as somebody types them from it.
async fn written(window: &Window) -> String {
    let groups = "return [...document.querySelectorAll('.groups code')].map((one) => one.textContent).join(' ')";
    window.run(groups, Vec::new()).await.as_str().expect("a text").to_owned()
}

#[test]
fn a_camera_reads_the_recovery_sheet_and_the_address_of_a_node() {
    let Some(mut chromium) = browser() else { return };
    let mut town = Town::reader("coded");
    town.start();
    let home = format!("http://{}", running(&town));
    tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime").block_on(async {
        let light = chromium.window(1280, false).await;
        light.open(&format!("{home}/start")).await;
        light.fill("#name", NAME).await;
        light.fill("#password", PASSWORD).await;
        light.click_to("form[action='/start'] .primary", "/start/hromada").await;
        light.fill("#q", "решетил").await;
        light.click_to("main form[role='search'] button", "q=").await;
        light.click_to("button[value='found']", "/start/sheet").await;
        let key = written(&light).await;
        assert!(key.split(' ').count() > 10, "{key:?} is no key");
        says(&light, &key, "the sheet on a wide light screen").await;
        let dark = chromium.window(360, true).await;
        dark.open(&format!("{home}/sign-in?next=/start/sheet")).await;
        dark.fill("#name", NAME).await;
        dark.fill("#password", PASSWORD).await;
        dark.click_to("main form .primary", "/start/sheet").await;
        dark.find(".groups code").await;
        assert_eq!(written(&dark).await, key);
        says(&dark, &key, "the sheet on a narrow dark screen").await;
        for (window, look) in [(&light, "wide light"), (&dark, "narrow dark")] {
            window.open(&format!("{home}/network")).await;
            let address =
                window.run("return document.querySelector('.own-address code').textContent", Vec::new()).await;
            says(window, address.as_str().expect("an address"), &format!("the address, {look}")).await;
        }
        // The characters bring the same key back to another computer.
        let other = Town::reader("recovered");
        let ran = crate::process::program::run_typing(other.folder(), &["recover"], &key);
        ran.ends(0);
        let kept = |town: &Town| std::fs::read_to_string(town.folder().join("keys/officer.key")).expect("a key");
        assert_eq!(kept(&other)[..64], kept(&town)[..64], "the same key");
        light.close().await;
        dark.close().await;
    });
}
