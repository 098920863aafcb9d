//! A practice is published by somebody who has no mouse: with Tab, Enter, Space, arrows and typing.

use fantoccini::key::Key;

use super::browser;
use super::chromium::Window;
use super::site::Site;

/// More than any page has of what can be reached with Tab.
const TABS_MAX: usize = 400;

async fn press(window: &Window, keys: &str) {
    let focused = window.client.active_element().await.expect("something has the focus");
    focused.send_keys(keys).await.unwrap_or_else(|error| panic!("{keys:?}: {error}"));
}

/// Goes on with Tab until an element is reached. Whatever is reached on the way must be seen: in the
/// window, with a mark, and not covered by something else.
async fn tab_to(window: &Window, css: &str) {
    let script = "const one = document.activeElement;
        if (one.matches(arguments[0])) return 'reached';
        if (one === document.body) return '';
        const box = one.getBoundingClientRect(), style = getComputedStyle(one);
        if (box.bottom <= 0 || box.top >= innerHeight) return 'outside the window: ' + one.outerHTML.slice(0, 200);
        if (style.outlineStyle === 'none' && !one.closest('.spots, .areas')) return 'no mark: ' + one.outerHTML.slice(0, 200);
        const bar = document.querySelector('.write-bar');
        if (bar && !bar.contains(one) && box.top >= bar.getBoundingClientRect().top) return 'covered: ' + one.outerHTML.slice(0, 200);
        return '';";
    for _ in 0..TABS_MAX {
        let said = window.run(script, vec![css.into()]).await;
        match said.as_str().unwrap_or_default() {
            "reached" => return,
            "" => press(window, &Key::Tab.to_string()).await,
            wrong => panic!("on the way to {css}: {wrong}"),
        }
    }
    panic!("{css} cannot be reached with Tab");
}

async fn type_into(window: &Window, css: &str, text: &str) {
    tab_to(window, css).await;
    press(window, text).await;
}

#[test]
fn a_practice_is_published_with_the_keyboard_alone() {
    let Some(mut chromium) = browser() else { return };
    let site = Site::new();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    runtime.block_on(async {
        // Without smooth scrolling what has the focus is in the window at once.
        let window = chromium.window_with(1280, false, &["--force-prefers-reduced-motion"]).await;
        window.open(&format!("{}/practices", site.home)).await;
        // The first thing that Tab reaches leads past the navigation.
        tab_to(&window, "a.skip").await;
        press(&window, &Key::Enter.to_string()).await;
        window.open(&format!("{}/sign-in?next=/write/new", site.home)).await;
        type_into(&window, "#name", super::site::NAME).await;
        type_into(&window, "#password", super::site::PASSWORD).await;
        press(&window, &Key::Enter.to_string()).await;
        window.at("/write/new").await;
        write(&window).await;
        tab_to(&window, "button[value='publish'].primary").await;
        press(&window, &Key::Enter.to_string()).await;
        window.at("/publish").await;
        window.says("Що означає публікація").await;
        tab_to(&window, "#sure").await;
        press(&window, " ").await;
        tab_to(&window, "main form .primary").await;
        press(&window, &Key::Enter.to_string()).await;
        window.at("/published").await;
        window.says("Опубліковано").await;
        window.close().await;
    });
}

/// Fills in what a practice must have, in the order in which Tab reaches it.
async fn write(window: &Window) {
    type_into(window, "#f-title", "Толока з клавіатури").await;
    type_into(window, "#f-summary", "Мешканці прибрали берег річки й облаштували місце відпочинку.").await;
    for choice in ["input[name='sectors'][value='environment']", "input[name='mechanisms'][value='coproduction']"] {
        tab_to(window, choice).await;
        press(window, " ").await;
    }
    for select in ["#f-scope", "#f-stage"] {
        tab_to(window, select).await;
        press(window, &Key::Down.to_string()).await;
        press(window, &Key::Down.to_string()).await;
    }
    type_into(window, "#f-started", "05.2024").await;
    type_into(window, "#f-problem", &"Берег річки заріс і був засмічений, люди перестали туди ходити. ".repeat(4))
        .await;
    type_into(window, "#f-solution", &"Староста скликав людей, громада дала мішки й транспорт. ".repeat(7)).await;
    type_into(window, "#f-results_text", "Вивезли дванадцять тонн сміття, поставили лави.").await;
    type_into(window, "#f-contact-role", "староста").await;
}
