use super::*;
use crate::library::Difference;

#[tokio::test]
async fn a_history_marks_the_words_that_went_and_came() {
    let site = Site::new();
    let page = site.get(&format!("/practices/{}/history", samples::practice_id())).await.text();
    for said in ["Вилучено", "Додано", "<del>", "<ins>", "Комп’ютер відділу", "Воскресенська селищна"]
    {
        assert!(page.contains(said), "{said}");
    }
    let steps = page.split("Кроки впровадження").nth(1).unwrap().split("</li>").next().unwrap();
    assert!(steps.contains("</span>45</del>") && steps.contains("</span>60</ins>"), "{steps}");
}

#[tokio::test]
async fn what_a_document_began_with_is_folded_away() {
    let site = Site::new();
    let id = samples::practice_id().to_string();
    let began =
        vec![Difference { field: "title".into(), removed: vec![], added: vec!["Бюджет участі".into()] }];
    site.library.contents().history.get_mut(&id).unwrap()[0].differences = began;
    let page = site.get(&format!("/practices/{id}/history")).await.text();
    assert!(page.contains("опубліковано вперше") && page.contains("<details><summary>Що було написано: 1\u{a0}поле"));
    assert!(!page.contains("<ins>"), "all of it is new: nothing is marked");
}
