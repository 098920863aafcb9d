use crdt::gate::DocumentKind;
use serde_json::json;

use super::*;
use crate::testing::{documents, samples};

fn prints(change: impl FnOnce(&mut serde_json::Value)) -> Vec<Print> {
    let library = samples::library();
    let id = documents::sample_id(DocumentKind::Material);
    change(&mut library.contents().documents.get_mut(&id.to_string()).expect("the material").content);
    let gathered = gather(&library, id).expect("a material");
    let reader = Visitor::of(&"/".parse().expect("an address"));
    SIZES.iter().map(|size| gathered.print(size, Output::Pdf, &reader)).collect()
}

#[test]
fn every_size_says_the_same_thing() {
    let prints = prints(|_| {});
    for print in &prints {
        assert_eq!((print.title.as_str(), print.practices.len()), ("Ваше слово вирішує", 1));
        assert!(print.practices[0].facts.iter().any(|fact| fact.value.contains('₴')), "{print:?}");
    }
    let names: std::collections::BTreeSet<&str> = prints.iter().map(|print| print.size).collect();
    assert_eq!(names.len(), SIZES.len());
}

#[test]
fn a_code_leads_to_the_address_and_none_stands_without_one() {
    assert!(prints(|_| {}).iter().all(|print| print.qr.is_empty() && print.url.is_empty()));
    for print in prints(|content| content["url"] = json!("https://dosvid.example.ua/\"><script>")) {
        assert!(print.qr.starts_with("<svg") && !print.qr.contains("script"));
        roxmltree::Document::parse(&print.qr).expect("a picture");
    }
}

#[test]
fn an_english_material_speaks_english() {
    for print in prints(|content| content["lang"] = json!("en")) {
        assert_eq!((print.lang.as_str(), print.words.site), ("en", "Dosvid"));
        assert!(print.practices[0].facts.iter().any(|fact| fact.label == "Cost"));
        assert_eq!(print.practices[0].title, "Participatory budgeting at school", "as it was translated");
    }
}

#[test]
fn a_sheet_says_as_much_evidence_as_the_page_of_the_practice() {
    let library = samples::library();
    let id = documents::sample_id(DocumentKind::Material);
    let practice = samples::practice_id();
    let vouched = library.vouched(practice).expect("a practice");
    let v = Visitor::of(&"/".parse().expect("an address"));
    let page = library.practice(practice).expect("a practice");
    let told_of = |vouched| {
        let all = glance(&v, &page.practice, None, vouched);
        all.into_iter().find(|one| one.label == v.say(words::practice::EVIDENCE)).expect("evidence").value
    };
    assert_ne!(told_of(vouched), told_of(Vouched::default()), "the sample library vouches for it");
    let gathered = gather(&library, id).expect("a material");
    assert_eq!(gathered.practices[0].vouched, vouched);
}

#[test]
fn at_home_the_code_leads_to_the_address_that_is_configured() {
    let library = samples::library();
    library.contents().public = PublicAddress::parse("https://dosvid.example.ua").ok();
    let gathered = gather(&library, documents::sample_id(DocumentKind::Material)).expect("a material");
    let reader = Visitor::of(&"/".parse().expect("an address"));
    let print = gathered.print(&SIZES[0], Output::Pdf, &reader);
    assert_eq!(print.url, format!("https://dosvid.example.ua/practices/{}", samples::practice_id()));
    assert!(print.qr.starts_with("<svg"));
}
