//! A clerk at work: the first run, signing in, writing, publishing, editing at once, withdrawing.

use super::chromium::Window;
use super::{axe, browser};
use crate::process::town::Town;

const NAME: &str = "Оксана Іваненко";
const PASSWORD: &str = "чотири сині парасолі";

fn address(town: &Town) -> String {
    let running = std::fs::read_to_string(town.folder().join("running.json")).expect("the node runs");
    let running: serde_json::Value = serde_json::from_str(&running).expect("JSON");
    format!("http://{}", running["http"].as_str().expect("an address"))
}

fn run(test: impl Future<Output = ()>) {
    tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime").block_on(test);
}

async fn first_run(window: &Window, home: &str) {
    window.open(home).await;
    window.at("/start").await;
    axe::check(window, "first run").await;
    window.picture("start").await;
    window.fill("#name", NAME).await;
    window.fill("#password", PASSWORD).await;
    window.click_to("form[action='/start'] .primary", "/start/hromada").await;
    window.fill("#q", "решетил").await;
    window.click_to("main form[role='search'] button", "q=").await;
    window.says("Решетилівська").await;
    axe::check(window, "choosing the hromada").await;
    window.picture("start-hromada").await;
    window.fill("#device", "Відділ культури").await;
    window.click_to("button[value='found']", "/start/sheet").await;
    axe::check(window, "recovery sheet").await;
    window.picture("start-sheet").await;
    window.click("#printed").await;
    window.click_to("main form .primary", "/start/connect").await;
    axe::check(window, "connecting").await;
    window.click_to("button[value='finish']", "/start/done").await;
    axe::check(window, "done").await;
}

/// Fills in what a practice must have.
async fn write(window: &Window, title: &str) {
    window.fill("#f-title", title).await;
    window.fill("#f-summary", "Мешканці прибрали берег річки й облаштували місце відпочинку.").await;
    for choice in ["input[name='sectors'][value='environment']", "input[name='mechanisms'][value='coproduction']"] {
        window.click(choice).await;
    }
    for (select, value) in [("#f-scope", "settlement"), ("#f-stage", "finished")] {
        window.find(select).await.select_by_value(value).await.expect("a choice");
    }
    window.fill("#f-started", "05.2024").await;
    window.fill("#f-problem", &"Берег річки заріс і був засмічений, люди перестали туди ходити. ".repeat(4)).await;
    window.fill("#f-solution", &"Староста скликав людей, громада дала рукавиці, мішки й транспорт. ".repeat(6)).await;
    window.fill("#f-results_text", "Вивезли дванадцять тонн сміття, поставили лави.").await;
    window.fill("#f-contact-role", "староста").await;
}

async fn publish(window: &Window) {
    window.click_to("button[value='publish']", "/publish").await;
    window.says("Що означає публікація").await;
    window.click("#sure").await;
    window.click_to("main form .primary", "/published").await;
    window.says("Опубліковано").await;
}

#[test]
fn a_clerk_goes_from_an_empty_folder_to_a_published_practice() {
    let Some(mut chromium) = browser() else { return };
    let mut town = Town::reader("clerk");
    town.start();
    let home = address(&town);
    run(async {
        let window = chromium.window(1280, false).await;
        first_run(&window, &home).await;
        window.open(&format!("{home}/write/new")).await;
        axe::check(&window, "a new practice").await;
        window.picture("write").await;
        write(&window, "Толока на березі річки").await;
        window.says("збережено").await;
        publish(&window).await;
        axe::check(&window, "published").await;
        for page in ["/desk", "/account", "/accounts", "/deeds", "/write/profile", "/sign-out"] {
            window.open(&format!("{home}{page}")).await;
            axe::check(&window, page).await;
            window.picture(page.trim_start_matches('/')).await;
        }
        let narrow = chromium.window(360, true).await;
        narrow.open(&format!("{home}/sign-in?next=/desk")).await;
        axe::check(&narrow, "sign-in, narrow and dark").await;
        narrow.fill("#name", NAME).await;
        narrow.fill("#password", PASSWORD).await;
        narrow.click_to("main form .primary", "/desk").await;
        for page in ["/desk", "/write/new", "/accounts", "/write/profile?lang=en", "/write/new?lang=en"] {
            narrow.open(&format!("{home}{page}")).await;
            axe::check(&narrow, &format!("{page}, narrow and dark")).await;
            let wide = narrow.run("return document.documentElement.scrollWidth - window.innerWidth", Vec::new()).await;
            assert!(wide.as_i64().is_some_and(|over| over <= 0), "{page} is {wide} px too wide at 360 px");
        }
        narrow.close().await;
        window.close().await;
    });
}

/// The keys of the copies of forms that the browser holds.
const COPIES: &str = "return Object.keys(localStorage).filter((key) => key.startsWith('dosvid-draft:')).length";

#[test]
fn text_outlives_a_node_that_dies_before_it_was_kept_once() {
    let Some(mut chromium) = browser() else { return };
    let mut town = Town::reader("left-behind");
    town.start();
    let home = address(&town);
    run(async {
        let window = chromium.window(1280, false).await;
        first_run(&window, &home).await;
        // A form that is opened anew has another draft; the copy must be found all the same.
        window.open(&format!("{home}/write/new")).await;
        window.find("#f-title").await;
        town.kill();
        window.fill("#f-title", "Толока, якої вузол не бачив").await;
        window.click("input[name='sectors'][value='culture']").await;
        window.says("немає зв’язку з вузлом").await;
        town.start_at(&home);
        window.open(&format!("{home}/desk")).await;
        window.says("Толока, якої вузол не бачив").await;
        axe::check(&window, "text that was left behind").await;
        window.picture("left-behind").await;
        window.open(&format!("{home}/write/new")).await;
        window.says("Толока, якої вузол не бачив").await;
        window.click("#copies button").await;
        window.holds("return document.getElementById('f-title').value === 'Толока, якої вузол не бачив'").await;
        window.holds("return document.querySelector(\"input[name='sectors'][value='culture']\").checked").await;
        window.says("збережено").await;
        window.holds(&format!("{COPIES} === 0")).await;
        // What is published, and what somebody leaves who signs out, stays in no browser.
        write(&window, "Толока на березі річки").await;
        publish(&window).await;
        window.holds(&format!("{COPIES} === 0")).await;
        window.open(&format!("{home}/write/new")).await;
        window.find("#f-title").await;
        town.kill();
        window.fill("#f-title", "Ще одна").await;
        window.says("немає зв’язку з вузлом").await;
        town.start_at(&home);
        window.open(&format!("{home}/sign-out")).await;
        window.holds(&format!("{COPIES} === 1")).await;
        window.click("main form .primary").await;
        window.says("Увійти").await;
        window.holds(&format!("{COPIES} === 0")).await;
        window.close().await;
    });
}

#[test]
fn two_clerks_edit_at_once_and_one_decides() {
    let Some(mut chromium) = browser() else { return };
    let mut town = Town::reader("two-clerks");
    town.start();
    let home = address(&town);
    run(async {
        // The first of them works on a telephone, in the dark.
        let first = chromium.window(360, true).await;
        first_run(&first, &home).await;
        first.open(&format!("{home}/write/new")).await;
        write(&first, "Толока").await;
        publish(&first).await;
        first.open(&format!("{home}/desk")).await;
        let edit = first.find("a[href$='/edit']").await.attr("href").await.expect("asked").expect("an address");
        let practice = edit.trim_end_matches("/edit").to_owned();
        let second = chromium.window(1280, false).await;
        second.open(&format!("{home}/sign-in")).await;
        second.fill("#name", NAME).await;
        second.fill("#password", PASSWORD).await;
        second.click_to("main form .primary", "/desk").await;
        for (window, title) in [(&first, "Толока першої"), (&second, "Толока другої")] {
            window.open(&format!("{home}{edit}")).await;
            window.fill("#f-title", title).await;
        }
        publish(&first).await;
        publish(&second).await;
        second.says("змінив хтось інший").await;
        second.open(&format!("{home}{practice}/conflicts")).await;
        second.says("Толока першої").await;
        second.says("Толока другої").await;
        axe::check(&second, "conflict").await;
        second.picture("conflict").await;
        second.click("input[name='choice-0'][value='1']").await;
        second.click_to("main form .primary", "/published").await;
        assert!(!second.text().await.contains("Обидва варіанти"));
        second.open(&format!("{home}{practice}/withdraw")).await;
        axe::check(&second, "withdraw").await;
        second.fill("#reason", "Повтор").await;
        second.click_to("main form .danger", "/desk").await;
        second.says("Відкликано").await;
        second.close().await;
        first.close().await;
    });
}
