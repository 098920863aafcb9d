//! A clerk brings a table over: upload, look, publish, mend what was refused.

use serde_json::{Value, json};

use super::chromium::Window;
use super::site::{NAME, PASSWORD, Site, running};
use super::{axe, browser};
use crate::process::material;
use crate::process::town::Town;

const LINES: [&str; 4] = [
    "external_id;Назва практики;Коротко;Галузь;Інструмент участі;Громада;Початок;Що зробили;Колір",
    "PR-1/24;Двір для всіх;Проєкт бюджету участі: 779 голосів;Довкілля;Бюджет участі;UA26040190000081578;2024;Облаштували двір;синій",
    "PR-2/24;Шкільний сад;Проєкт бюджету участі: 512 голосів;Освіта;participatory_budget;UA26040190000081578;2024;Посадили сад;",
    "PR-3/24;Зоряна ніч;Проєкт бюджету участі: 98 голосів;Космос;Бюджет участі;UA26040190000081578;2024;Не здійснено;",
];

async fn upload(window: &Window, home: &str, file: &std::path::Path) {
    window.open(&format!("{home}/import")).await;
    window.find("#file").await.send_keys(file.to_str().expect("UTF-8")).await.expect("chosen");
    window.click_to("main form .primary", "/import/").await;
    window.says("Двір для всіх").await;
}

#[test]
fn a_clerk_imports_a_table_and_sees_what_comes_of_it_first() {
    let Some(mut chromium) = browser() else { return };
    let site = Site::new();
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("практики.csv");
    std::fs::write(&file, LINES.join("\n")).expect("written");
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    runtime.block_on(async {
        let window = chromium.window(1280, false).await;
        window.open(&format!("{}/sign-in?next=/import", site.home)).await;
        window.fill("#name", NAME).await;
        window.fill("#password", PASSWORD).await;
        window.click_to("main form .primary", "/import").await;
        axe::check(&window, "import").await;
        window.picture("import").await;
        upload(&window, &site.home, &file).await;
        window.says("«Космос» немає в переліку").await;
        window.says("Колір").await;
        axe::check(&window, "what an import would do").await;
        window.picture("import-table").await;
        window.click("#sure").await;
        window.click("button[value='import']").await;
        window.says("Імпорт завершено").await;
        axe::check(&window, "an import is finished").await;
        // The same table once more: nothing is doubled.
        upload(&window, &site.home, &file).await;
        window.says("без змін: 2").await;
        window.open(&format!("{}/practices?q=двір", site.home)).await;
        let narrow = chromium.window(360, true).await;
        narrow.open(&format!("{}/sign-in?next=/import", site.home)).await;
        narrow.fill("#name", NAME).await;
        narrow.fill("#password", PASSWORD).await;
        narrow.click_to("main form .primary", "/import").await;
        upload(&narrow, &site.home, &file).await;
        axe::check(&narrow, "an import, narrow and dark").await;
        let over = narrow.run("return document.documentElement.scrollWidth - window.innerWidth", Vec::new()).await;
        assert!(over.as_i64().is_some_and(|over| over <= 0), "{over} px too wide at 360 px");
        narrow.close().await;
        window.close().await;
    });
}

/// Rows of a table whose import takes long enough to be met half-way.
const MANY: usize = 3_000;

/// A node whose administrator imports tables.
fn town(name: &'static str) -> Town {
    let mut town = Town::founded(name);
    town.start();
    town.ask("POST", "/accounts", Some(&json!({ "name": NAME, "role": "administrator", "password": PASSWORD })));
    town
}

async fn sign_in(window: &Window, home: &str) {
    window.open(&format!("{home}/sign-in?next=/import")).await;
    window.fill("#name", NAME).await;
    window.fill("#password", PASSWORD).await;
    window.click_to("main form .primary", "/import").await;
}

/// Uploads a table, and waits until it was tried; gives its address without the host.
async fn tried(window: &Window, home: &str, file: &std::path::Path) -> String {
    window.open(&format!("{home}/import")).await;
    window.find("#file").await.send_keys(file.to_str().expect("UTF-8")).await.expect("chosen");
    window.click_to("main form .primary", "/import/").await;
    window.holds_long("return !!document.getElementById('outcome')").await;
    window.run("return location.pathname", Vec::new()).await.as_str().expect("a path").to_owned()
}

#[test]
fn an_import_goes_on_after_the_program_was_killed() {
    let Some(mut chromium) = browser() else { return };
    let mut town = town("killed");
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("багато.csv");
    material::write_csv(&file, &material::rows(5, MANY, 300));
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    runtime.block_on(async {
        let window = chromium.window(1280, false).await;
        sign_in(&window, &format!("http://{}", running(&town))).await;
        let path = tried(&window, &format!("http://{}", running(&town)), &file).await;
        window.click("#sure").await;
        window.click("button[value='import']").await;
        let half_way = town.wait_until("some are published", |status| status["practices"].as_u64() > Some(0));
        town.kill();
        let before = half_way["practices"].as_u64().expect("a count");
        assert!((1..MANY as u64).contains(&before), "killed half-way: {before}");
        town.start();
        // The session outlives the program as well.
        window.open(&format!("http://{}{path}", running(&town))).await;
        window.holds_long("return document.body.innerText.includes('Імпорт завершено')").await;
        town.wait_until("all are published once", |status| status["practices"] == json!(MANY));
        window.close().await;
    });
}

/// Rows of a table that is made up where there is no real one.
const MADE_UP: usize = 40;

/// Tables by name: the real ones of `DOSVID_MATERIAL`, else as many that are made up in their likeness.
/// What is unknown is an empty cell.
fn tables() -> Vec<(String, Vec<Value>)> {
    let real = material::real().into_iter().map(|lines| {
        let name = lines.file_stem().and_then(|name| name.to_str()).expect("a name").to_owned();
        let text = std::fs::read_to_string(&lines).expect("read");
        (name, text.lines().map(|line| serde_json::from_str(line).expect("JSON")).collect())
    });
    let mut tables: Vec<(String, Vec<Value>)> = real.collect();
    if tables.is_empty() {
        eprintln!("made-up tables: DOSVID_MATERIAL names no folder with real ones");
        tables.extend((1..=3).map(|n| (format!("made-up-{n}"), made_up(n))));
    }
    for row in tables.iter_mut().flat_map(|(_, rows)| rows).filter_map(Value::as_object_mut) {
        row.retain(|_, value| !value.is_null());
    }
    tables
}

/// Rows of which each lacks something else, and each tenth what it cannot be published without.
fn made_up(n: u64) -> Vec<Value> {
    let mut rows = material::rows(n, MADE_UP, 400);
    for (at, row) in rows.iter_mut().enumerate() {
        row["external_id"] = json!(format!("made-up:{n}:{at}"));
        row["title"] = json!(format!("{} ({n})", row["title"].as_str().expect("a title")));
        let lacking = if at % 10 == 9 { "title" } else { ["stage", "keywords", "started", "results_text"][at % 4] };
        row[lacking] = Value::Null;
    }
    rows
}

#[test]
fn real_tables_are_imported_in_the_browser() {
    let Some(mut chromium) = browser() else { return };
    let town = town("real");
    let home = format!("http://{}", running(&town));
    let folder = tempfile::tempdir().expect("a folder");
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    runtime.block_on(async {
        let window = chromium.window(360, true).await;
        sign_in(&window, &home).await;
        let mut expected = 0;
        for (name, rows) in tables() {
            let file = folder.path().join(format!("{name}.csv"));
            material::write_csv(&file, &rows);
            tried(&window, &home, &file).await;
            axe::check(&window, &name).await;
            window.picture(&format!("import-{name}")).await;
            let good = window.run("return Number((document.querySelector('button[value=import]')?.textContent.match(/\\((\\S+)\\)/) ?? [0, '0'])[1])", Vec::new()).await;
            let good = good.as_u64().expect("a count");
            eprintln!("{name}: {} rows, {good} good", rows.len());
            assert!(good * 10 >= rows.len() as u64 * 9, "{name}, {good} good: {}", window.text().await);
            window.click("#sure").await;
            window.click("button[value='import']").await;
            window.holds_long("return document.body.innerText.includes('Імпорт завершено')").await;
            axe::check(&window, &format!("{name}, imported")).await;
            let over = window.run("return document.documentElement.scrollWidth - window.innerWidth", Vec::new()).await;
            assert!(over.as_i64().is_some_and(|over| over <= 0), "{name}: {over} px too wide at 360 px");
            window.picture(&format!("imported-{name}")).await;
            expected += good;
            town.wait_until("all are published", |status| status["practices"] == json!(expected));
        }
        window.close().await;
    });
}
