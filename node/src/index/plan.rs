//! From what was typed to what is searched.

use tantivy::query::Query;
use web_ui::library::search::{SearchRequest, Understood};

use super::analysis;
use super::folder::Folder;
use super::meaning::{Group, Knowledge, Meaning, Part};
use super::ranking::{self, TextFields};
use super::snippet::Marks;
use super::words::Words;

/// What is searched.
pub(super) struct Plan {
    /// Every word; none if nothing but narrowing was asked for.
    pub(super) all: Option<Box<dyn Query>>,
    /// Some of the words.
    pub(super) some: Option<Box<dyn Query>>,
    /// What is marked in the texts.
    pub(super) marks: Marks,
    /// How it was understood.
    pub(super) understood: Understood,
}

/// What a request asks for.
pub(super) fn plan(words: &Words, folder: &Folder, request: &SearchRequest) -> Plan {
    let vocabulary = words.vocabulary();
    let knowledge = Knowledge {
        vocabulary: vocabulary.as_deref(),
        dictionary: Some(words.dictionary()),
        synonyms: Some(words.synonyms()),
        documents: folder.reader.searcher().num_docs(),
    };
    let meaning = Meaning::read(&request.query, request.verbatim, knowledge);
    let fields =
        TextFields { stems: folder.fields.stems, words: folder.fields.words, title: folder.fields.title_stems };
    Plan {
        all: ranking::all_words(&meaning, fields),
        some: ranking::some_words(&meaning, fields),
        marks: marks(&meaning.wanted),
        understood: meaning.understood,
    }
}

fn marks(wanted: &[Group]) -> Marks {
    let mut marks = Marks::default();
    let mut stems = |words: &[String]| words.iter().for_each(|word| marks.stem(&analysis::stem(word)));
    for group in wanted {
        group.instead.iter().for_each(|(words, _)| stems(words));
        for part in &group.parts {
            match part {
                Part::Word(forms) => forms.iter().for_each(|form| stems(std::slice::from_ref(&form.word))),
                Part::Phrase(words) => stems(words),
                Part::Exact(_) | Part::Beginning(_) => {}
            }
        }
    }
    for part in wanted.iter().flat_map(|group| &group.parts) {
        if let Part::Exact(words) | Part::Beginning(words) = part {
            words.iter().for_each(|word| marks.word(word));
        }
    }
    marks
}
