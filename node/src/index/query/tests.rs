use proptest::prelude::*;

use super::*;

fn said(clauses: &[Clause]) -> Vec<String> {
    let joined = |words: &[TypedWord]| words.iter().map(|word| word.normal.as_str()).collect::<Vec<_>>().join(" ");
    clauses
        .iter()
        .map(|clause| match clause {
            Clause::Word(word) => word.normal.clone(),
            Clause::Phrase(words) => format!("\"{}\"", joined(words)),
            Clause::Exact(words) => format!("={}", joined(words)),
            Clause::Prefix(prefix) => format!("{prefix}*"),
        })
        .collect()
}

#[test]
fn parts_of_a_query_are_told_apart() {
    let typed = Typed::read(r#"Бюджет «участі громадян» ="в школах" -петиція -"два слова" благоустр* об’єднання"#);
    assert_eq!(said(&typed.wanted), ["бюджет", "\"участі громадян\"", "=в школах", "благоустр*", "обєднання"]);
    assert_eq!(said(&typed.unwanted), ["петиція", "\"два слова\""]);
}

#[test]
fn a_hyphen_inside_or_alone_excludes_nothing() {
    let typed = Typed::read("соціально-економічний розвиток - план");
    assert_eq!(said(&typed.wanted), ["соціально", "економічний", "розвиток", "план"]);
    assert!(typed.unwanted.is_empty());
}

#[test]
fn function_words_go_unless_nothing_else_is_there() {
    let typed = Typed::read("як і де провести збори");
    assert_eq!(said(&typed.wanted), ["провести", "збори"]);
    assert_eq!(typed.left_out, ["як", "і", "де"]);
    assert_eq!(said(&Typed::read("як це").wanted), ["як", "це"]);
}

#[test]
fn fields_narrow_by_label_and_by_key_in_both_languages() {
    for (query, facet, values) in [
        ("галузь:освіта", Facet::Sector, vec!["education"]),
        ("sector:education", Facet::Sector, vec!["education"]),
        ("галузь:жкг", Facet::Sector, vec!["housing_utilities"]),
        ("тема:бюджетний", Facet::Theme, vec!["budget"]),
        ("інструмент:\"бюджет участі\"", Facet::Mechanism, vec!["participatory_budget", "school_pb"]),
        ("область:Львівська", Facet::Oblast, vec!["UA46000000000026241"]),
        ("oblast:lvivska", Facet::Oblast, vec!["UA46000000000026241"]),
        ("рік:2024", Facet::Year, vec!["2024"]),
        ("year:2022..2024", Facet::Year, vec!["2024", "2023", "2022"]),
        ("мова:англійська", Facet::Language, vec!["en"]),
        ("мова:uk", Facet::Language, vec!["uk"]),
    ] {
        let typed = Typed::read(query);
        assert_eq!(typed.filters, [(facet, values.into_iter().map(str::to_owned).collect())], "{query}");
        assert!(typed.is_empty(), "{query}");
    }
}

#[test]
fn what_is_no_field_is_words() {
    assert_eq!(said(&Typed::read("увага:збори").wanted), ["увага", "збори"]);
    assert_eq!(said(&Typed::read("тег:толока").wanted), ["толока"]);
    assert_eq!(said(&Typed::read("галузь:немаєтакої").wanted), ["галузь", "немаєтакої"]);
    assert_eq!(said(&Typed::read("рік:давно").wanted), ["рік", "давно"]);
    assert_eq!(said(&Typed::read("аб*").wanted), ["аб"]);
}

#[test]
fn long_queries_are_cut_and_say_so() {
    let typed = Typed::read(&"слово ".repeat(60));
    assert_eq!(typed.wanted.len(), QUERY_WORDS_MAX);
    assert!(!typed.left_out.is_empty());
    let long = "щ".repeat(2_000_000);
    assert_eq!(Typed::read(&long).wanted.len(), 1);
    assert!(Typed::read(&"\" ".repeat(1_000_000)).is_empty());
}

#[test]
fn other_signs_stand_for_an_apostrophe_too() {
    assert_eq!(said(&Typed::read("об\"єднання п*ять благоустр*").wanted), ["обєднання", "пять", "благоустр*"]);
    assert_eq!(said(&Typed::read("\"яблуневий сад\" \"ялинка\"").wanted), ["\"яблуневий сад\"", "ялинка"]);
}

proptest! {
    #[test]
    fn nothing_that_can_be_typed_is_an_error(query in prop_oneof![
        any::<String>(),
        "[\"«»„“=:*, а-яіїєґa-z0-9.\\-'\u{0}\u{7}\u{200F}\u{202E}😀]{0,80}",
        "(галузь|рік|область|year|мова|тег|x):[\"«]?[а-яa-z0-9.,-]{0,12}",
    ]) {
        let typed = Typed::read(&query);
        let count: usize = typed.wanted.iter().chain(&typed.unwanted).map(|clause| match clause {
            Clause::Word(_) | Clause::Prefix(_) => 1,
            Clause::Phrase(words) | Clause::Exact(words) => words.len(),
        }).sum();
        prop_assert!(count <= QUERY_WORDS_MAX);
        prop_assert!(typed.filters.iter().all(|(_, values)| !values.is_empty() && values.len() <= FACET_MAX));
    }
}

const FACET_MAX: usize = web_ui::library::search::FACET_VALUES_MAX;
