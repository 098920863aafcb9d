//! The map, the registry of communities and the page of the network.

use super::*;

async fn text(site: &Site, path: &str) -> String {
    let answer = site.get(path).await;
    assert_eq!(answer.status, StatusCode::OK, "{path}");
    answer.text()
}

#[tokio::test]
async fn the_map_has_all_27_regions_as_links_with_names_and_counts() {
    let site = Site::new();
    let page = text(&site, "/map").await;
    let areas = page.split("<g class=\"areas\">").nth(1).unwrap().split("</g>").next().unwrap();
    assert_eq!(areas.matches("<a href=\"/map?oblast=UA").count(), 27);
    assert_eq!(areas.matches("aria-label=\"").count(), 27);
    for name in ["Автономна Республіка Крим", "місто Київ", "місто Севастополь", "Миколаївська область: "]
    {
        assert!(areas.contains(name), "{name}");
    }
    let rows = page.split("<tbody").nth(1).unwrap();
    assert_eq!(rows.matches("<th role=\"rowheader\"").count(), 28, "the table says the same, and the sum");
    assert!(page.contains("<title id=\"map-title\">") && page.contains("<desc id=\"map-desc\">"));
}

#[tokio::test]
async fn an_oblast_fills_the_map_and_names_its_communities() {
    let site = Site::new();
    let page = text(&site, "/map?oblast=UA48000000000039575&sector=education").await;
    assert!(page.contains("class=\"map zoomed\"") && !page.contains("viewBox=\"0 0 2000 1340\" role=\"group\""));
    assert!(page.contains("aria-current=\"true\"><path"));
    assert!(page.contains("id=\"here\""));
    assert!(page.contains("sector=education"), "what was chosen stays in the links");
    let nowhere = text(&site, "/map?oblast=UA46000000000026241&show=ready").await;
    assert!(nowhere.contains("нічого не знайдено"));
}

#[tokio::test]
async fn the_map_shows_communities_that_share() {
    let site = Site::new();
    for (address, expected) in [
        ("/map?show=ready", 1),
        ("/map?show=all", 1),
        ("/map?show=ready&sector=environment", 1),
        ("/map?show=ready&sector=culture", 0),
        ("/map?show=all&mechanism=participatory_budget", 1),
        ("/map?show=all&mechanism=osn", 0),
    ] {
        assert_eq!(text(&site, address).await.matches("<circle cx").count(), expected, "{address}");
    }
}

#[tokio::test]
async fn the_registry_says_who_shares_what_and_how_old_that_is() {
    let site = Site::new();
    let page = text(&site, "/communities").await;
    for said in ["Дзвінок", "начальник відділу участі", "Підтверджено", "тому", "досвід шкільного бюджету участі"]
    {
        assert!(page.contains(said), "{said}");
    }
    assert!(page.contains("class=\"expired\"") || page.contains("class=\"aging\"") || page.contains("class=\"fresh\""));
    assert!(text(&site, "/communities?sector=culture&ready=1").await.contains("не знайдено жодної громади"));
    assert!(text(&site, "/communities?q=нікого").await.contains("не знайдено жодної громади"));
}

#[tokio::test]
async fn the_registry_goes_along_as_a_file() {
    let site = Site::new();
    let csv = site.get("/communities.csv?format=call").await;
    assert!(
        csv.header("content-type").starts_with("text/csv") && csv.header("content-disposition").contains("attachment")
    );
    let text = csv.text();
    assert_eq!(text.lines().count(), 2, "{text}");
    assert!(text.contains("начальник відділу участі"));
    let xlsx = site.get("/communities.xlsx").await;
    assert!(xlsx.body.starts_with(b"PK"), "a workbook is a ZIP file");
}

#[tokio::test]
async fn the_registry_is_there_for_programs() {
    let site = Site::new();
    let page = site.get("/api/v1/registry?sector=environment&ready=1").await.json();
    assert_eq!(page["total"], 1);
    let row = &page["rows"][0];
    assert_eq!(row["community"]["code"], samples::CODE);
    assert!(row["profile"]["ready_to_share"][0]["formats"][0] == "call" && row["age"].is_string());
    assert_eq!(site.get("/api/v1/registry?limit=0").await.status, StatusCode::BAD_REQUEST);
    assert_eq!(site.get("/api/v1/registry?colour=red").await.status, StatusCode::BAD_REQUEST);
}

#[tokio::test]
async fn a_community_tells_its_offers_tools_and_place() {
    let site = Site::new();
    let page = text(&site, &filled("/communities/{id}")).await;
    for said in [
        "Чим готові поділитися",
        "Що шукають",
        "Інструменти участі",
        "Закон 3703-IX",
        "Схожі громади поруч",
        "class=\"locator\"",
        "заявила сама",
        "Бюджет участі в сільській громаді",
    ] {
        assert!(page.contains(said), "{said}");
    }
}

#[tokio::test]
async fn the_network_says_who_is_there_and_how_to_reach_us() {
    let site = Site::new();
    let page = text(&site, "/network").await;
    for said in [
        "Є зв’язок з 1\u{a0}вузлом",
        "1\u{a0}350\u{a0}записів",
        "2\u{a0}записи",
        "назвався сам",
        "class=\"qr\"",
        "/ip4/192.0.2.7/udp/4001/quic-v1",
        "id=\"live\"",
    ] {
        assert!(page.contains(said), "{said}");
    }
    assert!(!page.split("<details").next().unwrap().contains("Відбиток"), "the trade's words are folded away");
}

#[tokio::test]
async fn a_probe_says_what_happened_and_what_to_do() {
    let site = Site::new();
    let address = serde_json::json!({ "address": "/ip4/192.0.2.7/tcp/4001" }).to_string();
    let answer = site.write(Method::POST, "/api/v1/peers/probe", address).await.json();
    assert_eq!(answer["reach"], "silent");
    assert!(answer["uk"].as_str().unwrap().starts_with("Ніхто не відповів. Перевірте"));
    let long = serde_json::json!({ "address": "x".repeat(2_000) }).to_string();
    assert_eq!(site.write(Method::POST, "/api/v1/peers/probe", long).await.status, StatusCode::UNPROCESSABLE_ENTITY);
}

#[tokio::test]
async fn whoever_writes_may_test_a_link_and_add_a_node() {
    let site = Site::new();
    assert!(!text(&site, "/network").await.contains("name=\"address\""), "a stranger sees no form");
    let mut editor = desk::Browser::of(&site, "Іван").await;
    assert!(editor.get("/network").await.text().contains("name=\"address\""));
    let address = ("address", "/ip4/192.0.2.7/tcp/4001");
    let tested = editor.submit("/network/peers", &[address, ("do", "test")]).await.text();
    assert!(tested.contains("Ніхто не відповів") && tested.contains("value=\"/ip4/192.0.2.7/tcp/4001\""));
    let dialled = || site.library.contents().writes.iter().any(|write| write.starts_with("dial"));
    assert!(!dialled(), "a test adds nothing");
    let added = editor.submit("/network/peers", &[address, ("do", "add")]).await.text();
    assert!(added.contains("Додано") && dialled());
    assert!(added.contains("Додані адреси") && added.contains("value=\"forget\""));
    assert!(!text(&site, "/network").await.contains("value=\"forget\""), "a stranger may not forget it");
    for _ in 0..2 {
        let forgotten = editor.submit("/network/peers", &[address, ("do", "forget")]).await.text();
        assert!(forgotten.contains("Забуто") && !forgotten.contains("value=\"forget\""), "twice is no mistake");
    }
    let forged = editor.post("/network/peers", &[address, ("do", "add"), ("form_token", "x")]).await;
    assert_eq!(forged.status, StatusCode::FORBIDDEN);
    let mut reader = desk::Browser::of(&site, "Петро").await;
    assert_eq!(reader.submit("/network/peers", &[address, ("do", "add")]).await.status, StatusCode::FORBIDDEN);
}

/// Another community with a practice that repeats the sample’s.
fn with_a_neighbour(site: &Site) -> String {
    let neighbour = "77".repeat(32);
    let mut contents = site.library.contents();
    let mut profile = contents.communities.values().next().unwrap().clone();
    (profile.community.id, profile.community.code) = (neighbour.clone(), "UA74040250000063494".into());
    let mut practice = contents.practices[&samples::practice_id().to_string()].clone();
    (practice.id, practice.owner) = ("ab".repeat(16), neighbour.clone());
    practice.owner_code = profile.community.code.clone();
    practice.practice.title = "За прикладом сусідів".into();
    practice.practice.adopted_from = Some(samples::practice_id().to_string());
    contents.practices.insert(practice.id.clone(), practice);
    contents.communities.insert(neighbour.clone(), profile);
    neighbour
}

#[tokio::test]
async fn communities_say_what_they_repeated_and_what_others_repeated_from_them() {
    let site = Site::new();
    let neighbour = with_a_neighbour(&site);
    let theirs = text(&site, &format!("/communities/{neighbour}")).await;
    let repeated = theirs.split("Що повторили в інших").nth(1).unwrap().split("</section>").next().unwrap();
    assert!(repeated.contains("За прикладом сусідів") && repeated.contains("Воскресенська"), "{repeated}");
    let ours = text(&site, &filled("/communities/{id}")).await;
    let by_others = ours.split("Що в них повторили інші").nth(1).unwrap().split("</section>").next().unwrap();
    assert!(by_others.contains("Ніжинська") && by_others.contains("За прикладом сусідів"), "{by_others}");
    assert!(!ours.contains("від нас"), "nobody is far from themselves");
}

#[tokio::test]
async fn the_map_is_narrowed_like_the_catalogue() {
    let site = Site::new();
    let list = text(&site, "/practices?q=бюджет&stage=running&sector=environment&sort=newest").await;
    let map = list.split("href=\"/map?").nth(1).unwrap().split('"').next().unwrap().replace("&#38;", "&");
    let named = ["q=%D0%B1%D1%8E%D0%B4%D0%B6%D0%B5%D1%82", "stage=running", "sector=environment"];
    assert!(
        named.iter().all(|part| map.contains(part)) && !map.contains("sort"),
        "{map}: the catalogue leads to the map with the same conditions"
    );
    let page = text(&site, "/map?q=бюджет&stage=running&year=2021").await;
    for kept in ["value=\"running\" selected", "value=\"бюджет\"", "name=\"year\" value=\"2021\""] {
        assert!(page.contains(kept), "{kept}");
    }
    let area = page.split("<g class=\"areas\">").nth(1).unwrap().split('>').next().unwrap();
    assert!(area.contains("stage=running") && area.contains("year=2021"), "{area}");
    assert!(text(&site, "/map?show=all").await.contains("name=\"format\""));
}
