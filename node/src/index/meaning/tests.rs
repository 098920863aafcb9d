use proptest::prelude::*;

use super::*;

fn vocabulary() -> Vocabulary {
    let words = "громадський бюджет участі обєднання громада громади відходи сміття сортування роздільне збирання благоустрій благоустрою";
    Vocabulary::of_counts(&words.split_whitespace().map(|word| (word.to_owned(), 4)).collect())
}

fn read(query: &str) -> Meaning {
    let (vocabulary, synonyms) = (vocabulary(), Synonyms::built_in());
    let knowledge =
        Knowledge { vocabulary: Some(&vocabulary), dictionary: None, synonyms: Some(&synonyms), documents: 0 };
    Meaning::read(query, false, knowledge)
}

#[test]
fn a_repaired_query_is_searched_and_said() {
    let meaning = read("обєднаня грамад");
    assert_eq!(meaning.understood.repaired.as_deref(), Some("об’єднання громада"));
    let Part::Word(forms) = &meaning.wanted[0].parts[0] else { panic!("a word") };
    assert_eq!((forms[0].word.as_str(), forms[0].weight), ("обєднаня", 1.0));
    assert_eq!(forms[1].word, "обєднання");
    assert_eq!(read("громада").understood.repaired, None);
    assert_eq!(read("uhjvflf").understood.repaired.as_deref(), Some("громада"));
}

#[test]
fn a_word_is_repaired_by_the_phrase_that_it_stands_in() {
    // «участи» is a word of the dictionary, and somebody wrote it; beside «бюджет» it is an error.
    let mut counts: std::collections::BTreeMap<String, u64> =
        "бюджет бюджету участі громадський адміністративних послуг"
            .split(' ')
            .map(|word| (word.to_owned(), 9))
            .collect();
    counts.insert("участи".into(), 1);
    let (vocabulary, synonyms, dictionary) =
        (Vocabulary::of_counts(&counts), Synonyms::built_in(), Dictionary::built_in());
    let knowledge = Knowledge {
        vocabulary: Some(&vocabulary),
        dictionary: Some(&dictionary),
        synonyms: Some(&synonyms),
        documents: 100,
    };
    let read = |query: &str| Meaning::read(query, false, knowledge);
    for query in ["бюджету участи", "бюджет учасі", "бютжет участі", "biudzhet uchasti"]
    {
        let meaning = read(query);
        let also = &meaning.understood.also;
        assert!(also.iter().any(|other| other == "громадський бюджет"), "{query}: {meaning:?}");
        assert!(meaning.words().any(|word| word == "участі"), "{query}: {meaning:?}");
    }
    let proposed = read("бюджету участи").understood;
    let said = proposed.repaired.iter().chain(&proposed.did_you_mean).any(|other| other == "бюджету участі");
    assert!(said, "{proposed:?}");
    assert!(read("бюджету участі").understood.repaired.is_none());
    assert!(read("бюджету участі").understood.did_you_mean.is_empty());
}

#[test]
fn a_word_in_another_form_is_searched_with_one_that_sounds_like_it_and_only_proposes_it() {
    let counts = [("кампанії", 3), ("компанію", 3)].map(|(word, count)| (word.to_owned(), count));
    let vocabulary = Vocabulary::of_counts(&counts.into());
    let knowledge = Knowledge { vocabulary: Some(&vocabulary), documents: 100, ..Knowledge::default() };
    let meaning = Meaning::read("кампанію", false, knowledge);
    let Part::Word(forms) = &meaning.wanted[0].parts[0] else { panic!("a word") };
    assert_eq!(forms[1].word, "компанію");
    assert!(forms[1].weight * 1.3 < forms[0].weight, "other forms of what was typed come first: {forms:?}");
    assert_eq!(meaning.understood.repaired, None, "the library has it, as «кампанії»");
    assert_eq!(meaning.understood.did_you_mean, ["компанію"]);
    let meaning = Meaning::read("кампанією", false, knowledge);
    assert_eq!(meaning.words().collect::<Vec<_>>(), ["кампанією"], "«компанію» sounds otherwise");
}

#[test]
fn other_names_weigh_no_more_than_what_was_typed() {
    // Everybody says «бюджет участі», few «громадський»: a rare word alone would weigh more.
    let counts = [("бюджет", 90), ("участі", 80), ("громадський", 2)].map(|(word, count)| (word.to_owned(), count));
    let (vocabulary, synonyms) = (Vocabulary::of_counts(&counts.into()), Synonyms::built_in());
    let knowledge =
        Knowledge { vocabulary: Some(&vocabulary), dictionary: None, synonyms: Some(&synonyms), documents: 100 };
    let meaning = Meaning::read("бюджет участі", false, knowledge);
    let (_, weight) = &meaning.wanted[0].instead[0];
    assert!(*weight < 0.2, "{meaning:?}");
    let meaning = Meaning::read("громадський бюджет", false, knowledge);
    assert!((meaning.wanted[0].instead[0].1 - 0.7).abs() < 0.01, "no more than they do, {meaning:?}");
}

#[test]
fn verbatim_repairs_nothing() {
    let vocabulary = vocabulary();
    let knowledge = Knowledge { vocabulary: Some(&vocabulary), ..Knowledge::default() };
    for query in ["грамада", "uhjvflf"] {
        let meaning = Meaning::read(query, true, knowledge);
        assert_eq!(meaning.understood.repaired, None);
        assert_eq!(meaning.words().collect::<Vec<_>>(), [query]);
    }
}

#[test]
fn other_names_stand_beside_what_was_typed() {
    let meaning = read("сортування сміття в громаді");
    assert_eq!(meaning.wanted.len(), 2);
    assert_eq!(meaning.wanted[0].parts.len(), 2);
    assert!(meaning.wanted[0].instead.iter().any(|(words, _)| words.join(" ") == "роздільне збирання відходів"));
    assert!(meaning.understood.also.contains(&"роздільне збирання відходів".to_owned()));
    assert!(meaning.understood.also.len() <= ALSO_MAX);
    let phrase = read("\"бюджет участі\"");
    assert_eq!(phrase.wanted[0].parts, [Part::Phrase(vec!["бюджет".to_owned(), "участі".to_owned()])]);
    assert!(phrase.wanted[0].instead.is_empty(), "who quotes wants nothing else");
}

#[test]
fn a_prefix_is_the_words_that_begin_so() {
    let meaning = read("благоустр*");
    assert_eq!(meaning.wanted[0].parts, [Part::Beginning(vec!["благоустрою".to_owned(), "благоустрій".to_owned()])]);
}

#[test]
fn names_that_no_document_has_are_not_looked_for() {
    let meaning = read("толока");
    assert!(meaning.understood.also.is_empty());
    assert_eq!(meaning.words().collect::<Vec<_>>(), ["толока"]);
}

#[test]
fn both_beginnings_of_a_word_are_looked_for() {
    let vocabulary = Vocabulary::of_counts(
        &[("впровадження", 3), ("управа", 3), ("вправа", 3)].map(|(word, count)| (word.to_owned(), count)).into(),
    );
    let knowledge = Knowledge { vocabulary: Some(&vocabulary), ..Knowledge::default() };
    let words = |query: &str| Meaning::read(query, false, knowledge).words().map(str::to_owned).collect::<Vec<_>>();
    assert!(words("упровадження").contains(&"впровадження".to_owned()));
    assert!(!words("вправа").contains(&"управа".to_owned()), "another word");
}

#[test]
fn a_long_query_of_errors_stays_bounded() {
    let meaning = read(&"грамада бюджеет цнап ".repeat(20));
    let words = meaning.words().count();
    assert!(words <= 32 + BESIDE_MAX * 8, "{words}");
    let forms = meaning.wanted.iter().flat_map(|group| &group.parts).map(|part| match part {
        Part::Word(forms) => forms.len() - 1,
        _ => 0,
    });
    assert!(forms.sum::<usize>() <= BESIDE_MAX);
}

proptest! {
    #[test]
    fn every_query_means_something_bounded(query in prop_oneof![any::<String>(), "[а-яіїєґa-z \"«»=*:-]{0,120}"]) {
        let meaning = read(&query);
        prop_assert!(meaning.words().count() <= 32 * 50);
        prop_assert!(meaning.understood.did_you_mean.len() <= PROPOSED_MAX);
    }
}
