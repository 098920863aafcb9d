use std::collections::BTreeMap;

use super::*;
use crate::testing::Contents;

const LANGUAGES: [&str; 2] = ["uk", "en"];

async fn page(site: &Site, path: &str, language: &str) -> String {
    let answer = site.get(&format!("{path}?lang={language}")).await;
    assert_eq!(answer.status, StatusCode::OK, "{path}");
    answer.text()
}

/// Every page that is HTML.
fn html() -> impl Iterator<Item = String> {
    PAGES.iter().filter(|row| is_page(row.path)).map(|row| filled(row.path))
}

#[tokio::test]
async fn reading_goes_on_while_the_index_is_made_anew() {
    let site = Site::new();
    site.library.rebuild();
    for path in html() {
        page(&site, &path, "uk").await;
    }
    let request = documents::sample_id(DocumentKind::Exchange);
    page(&site, &format!("/records/{request}"), "uk").await;
    let looked_for = site.get("/practices?q=бюджет").await;
    assert_eq!(looked_for.status, StatusCode::SERVICE_UNAVAILABLE);
}

#[tokio::test]
async fn every_page_speaks_both_languages_and_runs_only_our_scripts() {
    let site = Site::new();
    for path in html() {
        for language in LANGUAGES {
            let text = page(&site, &path, language).await;
            assert!(text.contains(&format!("<html lang=\"{language}\">")), "{path}");
            assert!(text.contains("class=\"skip\" href=\"#content\"") && text.contains("id=\"content\""), "{path}");
            for forbidden in ["<style", " style=", " onclick", "<iframe"] {
                assert!(!text.contains(forbidden), "{path}: {forbidden}");
            }
            for script in text.split("<script").skip(1) {
                let known = [" src=\"/assets/", " type=\"application/ld+json\""];
                assert!(known.iter().any(|start| script.starts_with(start)), "{path}: {script}");
            }
        }
        assert!(page(&site, &path, "uk").await.contains(&format!("href=\"{path}?lang=en\"")), "{path}: the switch");
        assert!(page(&site, &path, "en").await.contains(&format!("href=\"{path}\" lang=\"uk\"")), "{path}: and back");
    }
}

#[tokio::test]
async fn english_pages_lead_to_english_pages() {
    let site = Site::new();
    for path in html() {
        let text = page(&site, &path, "en").await;
        let links = text.split("<a ").skip(1).filter_map(|link| link.split("href=\"").nth(1)?.split('"').next());
        for link in links.filter(|link| link.starts_with('/') && !link.starts_with("/api/")) {
            let back = link == path;
            assert!(back || link.contains("lang=en"), "{path} leads to {link}");
        }
    }
}

#[tokio::test]
async fn a_translation_stands_where_the_reader_reads_its_language() {
    let site = Site::new();
    let path = filled("/practices/{id}");
    let translated = page(&site, &path, "en").await;
    let header = |page: &str| {
        let head = page.split("<article").nth(1).and_then(|rest| rest.split("</header>").next());
        head.expect("a header").to_owned()
    };
    let head = header(&translated);
    assert!(head.contains("<h1 lang=\"en\">Participatory budgeting at school</h1>"), "{head}");
    assert!(head.contains("Text translated by the hromada") && !head.contains("out of date"), "{head}");
    assert!(translated.contains("Pupils vote on projects.") && !translated.contains("Провели зустрічі в кожному селі"));
    let original = site.get(&format!("{path}?original=1&lang=en")).await.text();
    assert!(original.contains("Провели зустрічі в кожному селі") && original.contains("Show the translation"));
    let ukrainian = page(&site, &path, "uk").await;
    assert!(ukrainian.contains("Провели зустрічі в кожному селі") && !ukrainian.contains("Текст переклала"));
    let id = documents::sample_id(DocumentKind::Translation).to_string();
    {
        let mut contents = site.library.contents();
        let content = &mut contents.documents.get_mut(&id).expect("the translation").content;
        content["about_revision"] = serde_json::json!(["cd".repeat(32)]);
        content["origin"] = serde_json::json!("machine");
    }
    let head = header(&page(&site, &path, "en").await);
    assert!(head.contains("out of date") && head.contains("not proofread"), "{head}");
}

#[tokio::test]
async fn headings_are_in_order() {
    let site = Site::new();
    for path in html().chain(["/nothing".to_owned()]) {
        let text = site.get(&path).await.text();
        let levels: Vec<u32> =
            text.match_indices("<h").filter_map(|(at, _)| text[at + 2..].chars().next()?.to_digit(10)).collect();
        assert_eq!(levels.iter().filter(|level| **level == 1).count(), 1, "{path}: {levels:?}");
        assert_eq!(levels[0], 1, "{path}");
        assert!(levels.windows(2).all(|pair| pair[1] <= pair[0] + 1), "{path}: {levels:?}");
    }
}

#[tokio::test]
async fn a_practice_shows_every_field_that_is_filled_in() {
    let site = Site::new();
    let path = filled("/practices/{id}");
    let (uk, en) = (page(&site, &path, "uk").await, page(&site, &path, "en").await);
    let own_place = ["title", "summary"];
    let groups = ["change_types", "conditions.budget_band"];
    for field in crdt::practice::PRACTICE {
        if own_place.contains(&field.key) || groups.contains(&field.key) || field.key == "provenance" {
            continue;
        }
        let escaped = |text: &str| text.replace('\'', "&#39;");
        // Of a sum the page names the unit after the number.
        let (name, name_en) = (field.uk.trim_end_matches(", грн"), field.en.trim_end_matches(", UAH"));
        assert!(uk.contains(&escaped(name)), "{} is not shown", field.key);
        assert!(en.contains(&escaped(name_en)), "{} is not shown in English", field.key);
    }
    let said = [
        "Бюджет участі в сільській громаді",
        "Довкілля",
        "14\u{a0}832",
        "1\u{a0}236,5",
        "03.2021",
        "24.08.2025",
        "<li>здебільшого пенсіонери;</li>",
        "href=\"https://rada.example.gov.ua/12\"",
        "href=\"tel:0513691234\"",
        "href=\"mailto:uchast@example.gov.ua\"",
        "CC-BY-SA-4.0",
        "Комп’ютер відділу",
        "Люди не знали, що можуть щось змінити.",
        "Днів: 60",
        "є кілька версій",
        "46,975° пн. ш.",
    ];
    for text in said {
        assert!(uk.contains(text), "{text}");
    }
    for text in ["Environment", "1\u{a0}236.5", "Mykolaivska oblast"] {
        assert!(en.contains(text), "{text}");
    }
}

#[tokio::test]
async fn a_place_is_told_with_raion_and_oblast() {
    let site = Site::new();
    let name = samples::community().name_uk;
    assert!(name.contains("район") && name.contains("область"));
    for path in ["/".to_owned(), filled("/practices/{id}")] {
        assert!(page(&site, &path, "uk").await.contains(&name), "{path}");
    }
    let (short, place) = name.split_once(", ").expect("a name has its place");
    for path in ["/communities".to_owned(), filled("/communities/{id}")] {
        let text = page(&site, &path, "uk").await;
        assert!(text.contains(short) && text.contains(place), "{path}");
    }
}

#[tokio::test]
async fn a_list_goes_on() {
    let site = Site::new();
    let first = page(&site, "/practices", "uk").await;
    assert!(
        first.contains("25\u{a0}практик")
            && first.contains("href=\"/practices?offset=20\"")
            && !first.contains("← Назад")
    );
    let second = site.get("/practices?offset=20").await.text();
    assert!(second.contains("← Назад") && !second.contains("Далі →"));
    assert!(page(&site, "/practices", "en").await.contains("href=\"/practices?offset=20&#38;lang=en\""));
}

#[tokio::test]
async fn an_empty_library_says_what_will_come() {
    let library = FakeLibrary::default();
    *library.contents() = Contents { status: samples::library().contents().status.clone(), ..Contents::default() };
    let site = Site::of(library);
    assert!(page(&site, "/", "uk").await.contains("Тут ще немає жодної практики"));
    assert!(page(&site, "/communities", "uk").await.contains("ще не знає жодної громади"));
    assert!(page(&site, "/network", "uk").await.contains("ще ні з ким не зустрічався"));
}

#[tokio::test]
async fn the_network_does_not_call_silence_good_news() {
    let site = Site::new();
    let said = page(&site, "/network", "uk").await;
    assert!(said.contains("1\u{a0}350") && said.contains("Скопіюйте його"));
    if let Some(status) = &mut site.library.contents().status {
        (status.peers, status.missing) = (0, 0);
    }
    let alone = page(&site, "/network", "uk").await;
    assert!(alone.contains("Немає зв’язку") && alone.contains("Невідомо") && !alone.contains("отримано все"));
}

#[tokio::test]
async fn a_forked_community_is_told_of() {
    let site = Site::new();
    for page in site.library.contents().communities.values_mut() {
        page.community.forked = true;
    }
    for path in ["/communities".to_owned(), filled("/communities/{id}")] {
        assert!(page(&site, &path, "uk").await.contains("публікування зупинено"), "{path}");
    }
}

#[test]
fn every_pair_of_colours_can_be_read() {
    let css = crate::assets::STYLE;
    let mut schemes = css.split("@media (prefers-color-scheme: dark)");
    let light = colours(schemes.next().unwrap());
    let dark = colours(schemes.next().unwrap().split("\n}\n").next().unwrap());
    let pairs = "ink/ground ink/sheet ink/warn-ground ink/del ink/ins soft/ground soft/sheet soft/warn-ground \
                 accent/ground accent/sheet accent/accent-ground accent/warn-ground warn/warn-ground warn/sheet \
                 good/good-ground head-ink/head head-soft/head head-ink/head-2 head-soft/head-2 info/info-ground \
                 bad/bad-ground bad/sheet soft/sunk ink/sunk ink/mark ink/info-ground ink/good-ground ink/bad-ground \
                 ink/gold-ground ink/accent-ground warn/gold-ground primary-ink/primary soft/ground";
    for (scheme, colours) in [("light", light), ("dark", dark)] {
        for pair in pairs.split_whitespace() {
            let (text, ground) = pair.split_once('/').unwrap();
            let (a, b) = (luminance(&colours[text]), luminance(&colours[ground]));
            let contrast = (a.max(b) + 0.05) / (a.min(b) + 0.05);
            assert!(contrast >= 4.5, "{scheme} {pair}: {contrast:.2}");
        }
    }
}

fn colours(css: &str) -> BTreeMap<String, String> {
    let lines = css.lines().filter_map(|line| line.trim().strip_prefix("--")?.split_once(": #"));
    lines.map(|(name, colour)| (name.to_owned(), colour.trim_end_matches(';').to_owned())).collect()
}

/// The relative luminance of WCAG 2.1.
fn luminance(colour: &str) -> f64 {
    let part = |at: usize| {
        let value = f64::from(u8::from_str_radix(&colour[at..at + 2], 16).unwrap()) / 255.0;
        if value <= 0.04045 { value / 12.92 } else { ((value + 0.055) / 1.055).powf(2.4) }
    };
    0.2126 * part(0) + 0.7152 * part(2) + 0.0722 * part(4)
}
