//! A clerk brings a table over: upload, look, publish, mend what was refused.

use super::chromium::Window;
use super::site::{NAME, PASSWORD, Site};
use super::{axe, browser};

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
