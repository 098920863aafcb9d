//! What changes on a page while somebody looks at it: news from the network, checks beside the fields,
//! the address that a picture of a code holds.

use serde_json::json;

use super::chromium::Window;
use super::site::{NAME, PASSWORD, running};
use super::{axe, browser};
use crate::process::material;
use crate::process::town::Town;
use crate::world::rng::Rng;

/// Where the page has the code of the node’s own address.
const WHERE_THE_CODE_IS: &str = "const code = document.querySelector('.qr').getBoundingClientRect();
    return [code.x + scrollX, code.y + scrollY, code.width, code.height]";

fn run(test: impl Future<Output = ()>) {
    tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime").block_on(test);
}

fn town(name: &'static str) -> (Town, String) {
    let mut town = Town::founded(name);
    town.start();
    town.ask("POST", "/accounts", Some(&json!({ "name": NAME, "role": "administrator", "password": PASSWORD })));
    let home = format!("http://{}", running(&town));
    (town, home)
}

async fn sign_in(window: &Window, home: &str, next: &str) {
    window.open(&format!("{home}/sign-in?next={next}")).await;
    window.fill("#name", NAME).await;
    window.fill("#password", PASSWORD).await;
    window.click_to("main form .primary", next).await;
}

#[test]
fn the_start_page_tells_what_comes_while_it_is_open() {
    let Some(mut chromium) = browser() else { return };
    let (town, home) = town("awake");
    run(async {
        let window = chromium.window(1280, false).await;
        window.watch().await;
        window.open(&home).await;
        window.says("Зараз вузол ні з ким не з’єднаний").await;
        town.publish(&material::practice(&mut Rng::new(3), "Толока, про яку щойно дізналися", 700));
        window.says("Нове або змінене: Толока, про яку щойно дізналися").await;
        // The count and the list of what is new renew themselves as well.
        window.says("1\u{a0}практика").await;
        window.find("#new .card a").await;
        axe::check(&window, "a start page with news").await;
        window.picture("home-live").await;
        let refused = window.run("return window.refusals.join()", Vec::new()).await;
        assert_eq!(refused.as_str(), Some(""), "the content policy");
        window.close().await;
    });
}

#[test]
fn checks_stand_beside_the_fields_while_somebody_writes() {
    let Some(mut chromium) = browser() else { return };
    let (_town, home) = town("writing");
    run(async {
        let window = chromium.window(1280, false).await;
        sign_in(&window, &home, "/write/new").await;
        window.fill("#f-summary", "Питання до Іваненко Оксани Петрівни, 067 123 45 67").await;
        window.fill("#f-started", "колись").await;
        window.find("[data-found='hint'][id='f-summary-found-hint']").await;
        window.find("[data-found='wrong'][id='f-started-found-wrong']").await;
        window.says("збережено о ").await;
        axe::check(&window, "checks beside fields").await;
        window.picture("write-checks").await;
        window.fill("#f-started", "05.2024").await;
        window.fill("#f-summary", "Питання до старости").await;
        let none = "return document.querySelectorAll('[data-found]').length === 0";
        window.holds(none).await;
        window.close().await;
    });
}

#[test]
fn a_picture_of_a_code_gives_the_address_of_a_node() {
    let Some(mut chromium) = browser() else { return };
    let (_town, home) = town("picture");
    let folder = tempfile::tempdir().expect("a folder");
    run(async {
        let window = chromium.window(1280, false).await;
        window.watch().await;
        sign_in(&window, &home, "/network").await;
        let place = window.run(WHERE_THE_CODE_IS, Vec::new()).await;
        let clip = json!({ "x": place[0], "y": place[1], "width": place[2], "height": place[3], "scale": 2 });
        let wanted = json!({ "captureBeyondViewport": true, "clip": clip });
        let file = folder.path().join("code.png");
        std::fs::write(&file, window.bytes("Page.captureScreenshot", &wanted).await).expect("written");
        let expected = window.run("return document.querySelector('.own-address code').textContent", Vec::new()).await;
        window.find("#picture").await.send_keys(file.to_str().expect("UTF-8")).await.expect("chosen");
        window.says("Адресу прочитано").await;
        let read = window.run("return document.getElementById('address').value", Vec::new()).await;
        assert_eq!(read, expected);
        axe::check(&window, "an address read from a picture").await;
        window.picture("network-picture").await;
        window.click("button[value='test']").await;
        window.says("Це адреса вашого власного вузла").await;
        let blank = folder.path().join("blank.png");
        let clip = json!({ "x": 0, "y": 700, "width": 20, "height": 20, "scale": 1 });
        let wanted = json!({ "captureBeyondViewport": true, "clip": clip });
        std::fs::write(&blank, window.bytes("Page.captureScreenshot", &wanted).await).expect("written");
        window.find("#picture").await.send_keys(blank.to_str().expect("UTF-8")).await.expect("chosen");
        window.says("Коду з адресою на знімку не видно").await;
        let refused = window.run("return window.refusals.join()", Vec::new()).await;
        assert_eq!(refused.as_str(), Some(""), "the content policy");
        window.close().await;
    });
}
