//! What came of adoptions and whom the campaign reached, counted for pages and for programs.

use crdt::id::CommunityId;
use serde_json::json;

use super::*;

const OTHER: CommunityId = CommunityId([3; 32]);

fn adopt(site: &Site, number: u8, status: &str, outcome: Option<&str>) {
    let content = json!({
        "about": samples::practice_id().to_string(), "about_owner": samples::OWNER.to_string(), "title": "Бюджет участі",
        "sectors": ["education"], "stages": [{ "status": status, "date": "2026-03" }], "outcome": outcome,
    });
    let page = documents::page(DocumentKind::Adoption, OTHER, "UA74040250000063494", number, content);
    site.library.contents().documents.insert(page.card.id.clone(), page);
}

#[tokio::test]
async fn outcomes_are_counted_honestly() {
    let site = Site::new();
    let practice = filled("/practices/{id}");
    let page = site.get(&practice).await.text();
    assert!(page.contains("Підсумок відомий для 1 з 1. Спрацювало: 1 з 1"), "{page}");
    assert!(page.contains("Це замало випадків") && page.contains("Працює; Успіх"), "{page}");
    for (number, (status, outcome)) in (50..).zip([
        ("works", Some("success")),
        ("partly", Some("partial")),
        ("stopped", Some("harm")),
        ("works", Some("none")),
        ("decided", None),
        ("works", Some("too_early")),
    ]) {
        adopt(&site, number, status, outcome);
    }
    let page = site.get(&practice).await.text();
    assert!(page.contains("Підсумок відомий для 5 з 7. Спрацювало: 3 з 5, із них частково: 1."), "{page}");
    assert!(page.contains("Стало гірше: 1.") && !page.contains("Це замало випадків"), "{page}");
    let english = site.get(&format!("{practice}?lang=en")).await.text();
    assert!(
        english.contains("known for 5 of 7. It worked for 3 of 5") && english.contains("It got worse: 1."),
        "{english}"
    );
    let achieved = site.get("/achievements?lang=en").await.text();
    assert!(achieved.contains("known for 5 of 7"), "{achieved}");
    for said in ["By outcome", "Outcomes by sector", "Outcomes by oblast", "It got worse", "not told yet"] {
        assert!(achieved.contains(said), "{said}");
    }
    let census = site.get("/api/v1/census?kind=adoption&by=state&by=outcome").await.json();
    let harmed = census["rows"].as_array().expect("rows").iter().find(|row| row["outcome"] == "harm").expect("harm");
    assert_eq!((&harmed["state"], &harmed["count"]), (&json!("stopped"), &json!(1)));
    let listed = site.get("/api/v1/documents?kind=adoption").await.json();
    assert!(listed["rows"].as_array().expect("rows").iter().any(|row| row["outcome"] == "harm"), "{listed}");
}

#[tokio::test]
async fn what_adoptions_measured_stands_beside_what_the_practice_did() {
    let site = Site::new();
    let id = documents::sample_id(DocumentKind::Adoption).to_string();
    let own = samples::practice().results[0].clone();
    let measured = json!([{ "indicator": own.indicator, "unit": own.unit, "before": 40, "after": 812.5, "measured_on": "2025-09" }]);
    site.library.contents().documents.get_mut(&id).expect("an adoption").content["results"] = measured;
    let page = site.get(&filled("/practices/{id}")).await.text();
    let table = page.split("id=\"measured\"").nth(1).expect("a table").split("</table>").next().expect("its end");
    assert!(table.contains("ця практика") && table.contains("412") && table.contains("1\u{a0}236,5"), "{table}");
    assert!(table.contains(&format!("/records/{id}")) && table.contains(">40<") && table.contains("812,5"), "{table}");
    assert!(table.find("412") < table.find("812,5"), "its own first: {table}");
    let english = site.get(&format!("{}?lang=en", filled("/practices/{id}"))).await.text();
    assert!(english.contains("What those who repeated it measured") && english.contains("812.5"), "{english}");
    // Who measured nothing leaves no table.
    site.library.contents().documents.get_mut(&id).expect("an adoption").content["results"] = json!([]);
    assert!(!site.get(&filled("/practices/{id}")).await.text().contains("id=\"measured\""));
}

#[tokio::test]
async fn every_field_of_an_adoption_is_written_read_and_printed() {
    use super::desk::Browser;
    let site = Site::new();
    let id = documents::sample_id(DocumentKind::Adoption).to_string();
    let seminar = documents::sample_id(DocumentKind::Seminar).to_string();
    let request = documents::sample_id(DocumentKind::Exchange).to_string();
    let whole = json!({
        "about": samples::practice_id().to_string(), "about_owner": samples::OWNER.to_string(), "about_revision": [],
        "title": "Назва впровадження", "sectors": ["education"],
        "stages": [{ "status": "works", "date": "2025-09-01", "note": "Нотатка етапу", "document": "рішення № 214" }],
        "adapted": "Зміни під громаду",
        "decision_docs": [{ "type": "decision", "number": "77-IX", "date": "2025-03-15", "body": "сільська рада", "url": "https://rada.example.gov.ua/77" }],
        "plan": { "until": "2025-12", "uah": 251_111, "staff_hours": 163 },
        "actual": { "uah": 231_444, "staff_hours": 187 },
        "results": [{ "indicator": "Показник громади", "unit": "осіб", "before": 11, "after": 812, "measured_on": "2025-08", "source": "протокол лічильної" }],
        "outcome": "partial", "reasons": "Чому саме так", "help_received": [{ "from": "ГО «Разом»", "format": "call", "hours": 37 }],
        "advice_to_next": "Порада іншим",
        "contact": { "role": "посадовиця", "unit": "відділ участі", "phone": "(05136) 9-12-34", "email": "uchast@example.gov.ua", "hours": "пн–пт", "consent_given_on": "2025-01-10" },
        "pledged_at": seminar, "request": request, "became": samples::practice_id().to_string(),
    });
    let owned = documents::page(DocumentKind::Adoption, samples::OWNER, samples::CODE, 90, whole.clone());
    let own = owned.card.id.clone();
    site.library.contents().documents.insert(own.clone(), owned);
    assert_ne!(own, id);
    // 1. A reader sees each, in both languages, outside of what paper leaves out.
    let said = [
        "Назва впровадження",
        "01.09.2025",
        "Нотатка етапу",
        "рішення № 214",
        "Зміни під громаду",
        "77-IX",
        "https://rada.example.gov.ua/77",
        "251\u{a0}111",
        "163",
        "231\u{a0}444",
        "187",
        "Показник громади",
        "812",
        "протокол лічильної",
        "Чому саме так",
        "ГО «Разом»",
        "37",
        "Порада іншим",
        "посадовиця",
        "відділ участі",
        "(05136) 9-12-34",
        "uchast@example.gov.ua",
        "пн–пт",
    ];
    let links = [seminar, request, samples::practice_id().to_string()];
    for (lang, outcome) in [("", "Частковий успіх"), ("?lang=en", "Partial success")] {
        let page = site.get(&format!("/records/{own}{lang}")).await.text();
        let printed = page.split("<details class=\"technical no-print\">").next().expect("a page");
        for text in said.iter().chain([&outcome]) {
            assert!(printed.contains(text), "{lang}: {text}: {printed}");
        }
        for link in &links {
            assert!(printed.contains(&format!("/{link}")), "{lang}: {link}");
        }
    }
    // 2. Programs read the same.
    assert_eq!(site.get(&format!("/api/v1/documents/{own}")).await.json()["content"], whole);
    // 3. The form has each of them filled in.
    let mut clerk = Browser::of(&site, "Іван").await;
    let moved = clerk.get(&format!("/records/{own}/edit")).await;
    let form =
        if moved.status.is_redirection() { clerk.get(moved.header("location")).await.text() } else { moved.text() };
    for text in said.iter().filter(|text| !text.contains('\u{a0}')) {
        assert!(form.contains(*text), "the form has no {text}: {form}");
    }
}

#[tokio::test]
async fn the_reach_of_the_campaign_is_told_with_what_it_means() {
    let site = Site::new();
    let material = documents::sample_id(DocumentKind::Material).to_string();
    for (number, channel, reach) in [(60, "social", Some(300)), (61, "print", None), (62, "social", Some(5))] {
        let content = json!({
            "about": material, "about_owner": documents::NEIGHBOUR.to_string(), "title": "Ваше слово вирішує",
            "channel": channel, "date": "2026-04", "reach": reach,
        });
        let page = documents::page(DocumentKind::Use, OTHER, "UA74040250000063494", number, content);
        site.library.contents().documents.insert(page.card.id.clone(), page);
    }
    let page = site.get("/achievements").await.text();
    let campaign = page.split("id=\"campaign\"").nth(1).expect("the campaign");
    assert!(campaign.contains("1\u{a0}505") && campaign.contains("3 / 4"), "{campaign}");
    assert!(
        campaign.contains("<dt>Громади</dt><dd>2</dd>") && campaign.contains("Охоплення за каналами"),
        "{campaign}"
    );
    assert!(campaign.contains("Хто бачив двічі, того пораховано двічі"), "{campaign}");
    let english = site.get("/achievements?lang=en").await.text();
    assert!(english.contains("Reach by channel") && english.contains("counted twice"), "{english}");
    let census = site.get("/api/v1/census?kind=use").await.json();
    assert_eq!((&census["total"], &census["about"], &census["communities"]), (&json!(4), &json!(1), &json!(2)));
    let rows = census["rows"].as_array().expect("rows");
    let sum = |key: &str| rows.iter().filter_map(|row| row[key].as_u64()).sum::<u64>();
    assert_eq!((sum("reach"), sum("reach_told")), (1_505, 3));
}
