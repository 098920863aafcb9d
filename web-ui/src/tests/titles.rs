//! Titles in the reader's language wherever practices are listed, and the language of those that are not.

use super::*;
use crate::library::PracticePage;
use crate::testing::samples;

const TRANSLATED: &str = "Participatory budgeting at school";

#[tokio::test]
async fn readers_see_the_title_that_is_in_their_language() {
    let site = Site::new();
    let title = samples::practice().title;
    let owner = samples::OWNER;
    let id = samples::practice_id();
    let beside =
        site.library.contents().practices.values().map(|page| page.id.clone()).find(|one| *one != id.to_string());
    let both = format!("/practices/compare?id={id}&id={}", beside.expect("another practice"));
    for page in ["/practices".to_owned(), "/".into(), format!("/communities/{owner}"), both] {
        let mark = if page.contains('?') { '&' } else { '?' };
        let (uk, en) = (site.get(&page).await.text(), site.get(&format!("{page}{mark}lang=en")).await.text());
        assert!(uk.contains(&title) && !uk.contains(TRANSLATED), "{page}");
        assert!(en.contains(TRANSLATED), "{page}");
        // What is in the language of the page says nothing of it.
        let link = en.split("<a ").find(|link| link.contains(TRANSLATED)).expect("a link");
        assert!(!link.contains(" lang=\"uk\""), "{page}: {link}");
    }
}

#[tokio::test]
async fn a_title_in_another_language_than_its_page_says_so() {
    let site = Site::new();
    let is_other = |practice: &&PracticePage| practice.practice.title != samples::practice().title;
    // The library is not held while it is asked for a page.
    let others: Vec<String> =
        site.library.contents().practices.values().filter(is_other).map(|practice| practice.id.clone()).collect();
    let page = site.get("/practices?lang=en").await.text();
    let mut seen = 0;
    for id in others {
        let start = format!("<a href=\"/practices/{id}?lang=en\"");
        seen += usize::from(page.contains(&format!("{start} lang=\"uk\">")));
        assert!(!page.contains(&format!("{start}>")), "{id}");
    }
    assert!(seen > 0, "there is another practice");
    let uk = site.get("/practices").await.text();
    assert!(!uk.contains("\" lang=\"uk\">"), "nothing to say of what is in the language of the page");
}

#[tokio::test]
async fn a_feed_says_titles_in_its_language() {
    let library = Arc::new(samples::library());
    let site = Site { router: public(library.clone()), library };
    let (uk, en) = (site.get("/atom").await.text(), site.get("/atom?lang=en").await.text());
    assert!(uk.contains(&samples::practice().title) && !uk.contains(TRANSLATED) && !uk.contains("<title xml:lang"));
    assert!(en.contains(&format!("<title>{TRANSLATED}</title>")) && en.contains("<title xml:lang=\"uk\">"), "{en}");
}
