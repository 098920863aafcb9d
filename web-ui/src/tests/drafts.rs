use super::desk::Browser;
use super::*;

/// Where a draft is kept.
const DRAFT: &str = "/write/0123456789abcdef0123456789abcdef";

#[tokio::test]
async fn a_draft_that_keeps_itself_says_what_is_missing_and_what_is_wrong_beside_each_field() {
    let site = Site::new();
    let mut browser = Browser::of(&site, "Іван").await;
    let typed = [
        ("title", "Толока"),
        ("summary", "Телефонуйте Іваненко Оксані Петрівні: +380 67 123 45 67."),
        ("costs.total_uah", "багато"),
        ("do", "autosave"),
    ];
    let kept = browser.submit(DRAFT, &typed).await.json();
    let said = kept["saved"].as_str().unwrap();
    assert!(said.starts_with("о ") && said.len() == "о 14:32".len(), "{said}");
    assert!(kept["percent"].as_u64().is_some_and(|percent| (1..50).contains(&percent)));
    let missing = kept["missing"].as_array().unwrap();
    assert!(missing.iter().any(|field| field[0] == "Галузь" && field[1] == "#f-sectors"), "{missing:?}");
    let of_kind = |kind: &str| -> Vec<&str> {
        let beside = kept["beside"].as_array().unwrap().iter();
        beside.filter(|one| one["kind"] == kind).map(|one| one["id"].as_str().unwrap()).collect()
    };
    assert_eq!(of_kind("wrong"), ["f-costs-total_uah"]);
    assert!(of_kind("missing").contains(&"f-sectors"));
    assert!(of_kind("hint").contains(&"f-summary"), "a telephone and a name");
}
