use super::*;

/// A bare practice of the sample library.
pub(super) fn other() -> String {
    numbered(3)
}

fn numbered(number: u8) -> String {
    crdt::id::DocumentId::of(&samples::OWNER, &crdt::id::DocumentName([number; 16])).to_string()
}

fn address(more: &str) -> String {
    format!("/practices/compare?id={}&id={}{more}", samples::practice_id(), other())
}

#[tokio::test]
async fn practices_stand_side_by_side_with_what_differs_marked() {
    let site = Site::new();
    let page = site.get(&address("")).await.text();
    for said in ["Бюджет участі в сільській громаді", "Електронні петиції", "Вартість", "class=\"differs\""]
    {
        assert!(page.contains(said), "{said}");
    }
    let alike = format!("/practices/compare?id={}&id={}", other(), numbered(5));
    let (page, only) = (site.get(&alike).await.text(), site.get(&format!("{alike}&only=differences")).await.text());
    assert!(page.contains("однаково") && !only.contains("однаково"));
    assert!(only.matches("<tr").count() < page.matches("<tr").count());
    let english = site.get(&address("&lang=en")).await.text();
    assert!(english.contains("Practices side by side") && english.contains("UAH"));
}

#[tokio::test]
async fn too_few_too_many_and_gone_are_told() {
    let site = Site::new();
    let one = site.get(&format!("/practices/compare?id={}", other())).await;
    assert!(one.status == StatusCode::OK && one.text().contains("щонайменше дві"));
    let five: String = (1..=5).map(numbered).map(|id| format!("&id={id}")).collect();
    let page = site.get(&format!("/practices/compare?{}", &five[1..])).await.text();
    assert!(page.contains("перші чотири") && page.matches("scope=\"col\"").count() == 5);
    let gone = site.get(&address("&id=00000000000000000000000000000000")).await.text();
    assert!(gone.contains("яких у бібліотеці вже немає: 1"));
    assert_eq!(site.get("/practices/compare?id=x").await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn the_catalogue_has_boxes_that_lead_to_a_comparison() {
    let page = Site::new().get("/practices").await.text();
    assert!(page.contains("<form id=\"compare\"") && page.contains("action=\"/practices/compare\""));
    assert!(page.matches("type=\"checkbox\" name=\"id\"").count() > 1);
}

#[tokio::test]
async fn a_practice_is_cited_and_taken_along() {
    let site = Site::new();
    let page = site.get(&filled("/practices/{id}")).await.text();
    assert!(page.contains("редакція від 24.08.2025") && page.contains("Revision of 24.08.2025"));
    let bibtex = site.get(&filled("/practices/{id}/cite.bib")).await;
    assert!(bibtex.text().starts_with("@misc{dosvid"), "{}", bibtex.text());
    let csl = site.get(&filled("/practices/{id}/cite.json")).await;
    assert_eq!(csl.json()[0]["type"], "report");
    for missing in ["cite.bib", "cite.json"] {
        let path = format!("/practices/00000000000000000000000000000000/{missing}");
        assert_eq!(site.get(&path).await.status, StatusCode::NOT_FOUND);
    }
}

#[tokio::test]
async fn a_form_to_fill_in_by_hand_has_every_heading() {
    let site = Site::new();
    let page = site.get("/write/blank").await.text();
    for said in ["Бланк практики", "Вартість", "До кого звернутися", "class=\"to-fill\"", "class=\"boxes\""]
    {
        assert!(page.contains(said) || said == "{said}");
    }
}
