use proptest::prelude::*;

use super::*;

fn some() -> Vocabulary {
    let words = [("громада", 9), ("громади", 4), ("бюджет", 7), ("бюджетний", 2), ("о", 50), ("2024", 8)];
    Vocabulary::of_counts(&words.map(|(word, count)| (word.to_owned(), count)).into())
}

#[test]
fn words_and_stems_have_the_count_of_their_documents() {
    let words = some();
    assert_eq!(words.len(), 4, "letters alone and numbers are left out");
    assert_eq!((words.count("громада"), words.count("громаду")), (9, 0));
    assert_eq!(words.stem_count(&stem("громаду")), 9);
    assert_eq!(words.beginning("бюдж", 5), [("бюджет".to_owned(), 7), ("бюджетний".to_owned(), 2)]);
    assert_eq!(words.beginning("бюдж", 1).len(), 1);
    assert!(words.beginning("щ", 5).is_empty());
}

#[test]
fn a_stored_vocabulary_comes_back_or_is_refused() {
    let bytes = some().to_bytes();
    let back = Vocabulary::from_bytes(&bytes).expect("whole");
    assert_eq!(back.count("громада"), 9);
    assert_eq!(back.alike(&skeleton::skeleton("hromada")), some().alike(&skeleton::skeleton("громада")));
    for at in 0..bytes.len() {
        let mut damaged = bytes.clone();
        damaged[at] ^= 1;
        assert!(Vocabulary::from_bytes(&damaged).is_err(), "byte {at}");
        assert!(Vocabulary::from_bytes(&bytes[..at]).is_err(), "cut at {at}");
    }
}

#[test]
fn the_programs_dictionary_knows_words_and_no_others() {
    let dictionary = Dictionary::built_in();
    for word in ["громада", "громадами", "обєднання", "бюджетному", "гудзик"] {
        assert!(dictionary.contains(word), "{word}");
    }
    for word in ["громадо1", "будгет", "сабака", ""] {
        assert!(!dictionary.contains(word), "{word}");
    }
    assert!(Dictionary::from_bytes(include_bytes!("../../../dictionary/dictionary.fst").to_vec()).is_ok());
    assert!(Dictionary::from_bytes(b"nothing of the kind".to_vec()).is_err());
}

proptest! {
    #[test]
    fn any_bytes_are_a_vocabulary_or_refused(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        prop_assert!(Vocabulary::from_bytes(&bytes).is_err());
        let mut signed = [MAGIC.as_slice(), &bytes].concat();
        signed.extend_from_slice(blake3::hash(&signed).as_bytes());
        let _ = Vocabulary::from_bytes(&signed);
    }

    #[test]
    fn any_words_can_be_kept(words in prop::collection::btree_map(any::<String>(), 0_u64..9, 0..30)) {
        let kept = Vocabulary::of_counts(&words);
        prop_assert!(Vocabulary::from_bytes(&kept.to_bytes()).is_ok());
    }
}

proptest! {
    #[test]
    fn the_most_common_words_are_kept(counts in prop::collection::vec(0_u64..9, 0..60), most in 0_usize..70) {
        let mut by_count = BTreeMap::new();
        counts.iter().for_each(|count| *by_count.entry(*count).or_default() += 1);
        let mut cut = Cut::at(&by_count, most);
        let kept: Vec<u64> = counts.iter().copied().filter(|count| cut.keeps(*count)).collect();
        let mut expected = counts.clone();
        expected.sort_unstable_by(|one, other| other.cmp(one));
        expected.truncate(most);
        let mut sorted = kept.clone();
        sorted.sort_unstable_by(|one, other| other.cmp(one));
        prop_assert_eq!(sorted, expected);
    }
}
