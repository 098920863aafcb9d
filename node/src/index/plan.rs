//! From what was typed to what is searched.

use tantivy::Term;
use tantivy::query::{BooleanQuery, Occur, Query, TermQuery};
use tantivy::schema::IndexRecordOption;
use web_ui::library::search::{SearchRequest, Understood};

use super::folder::Folder;
use super::snippet::Marks;
use super::{Shared, analysis};

/// What is searched.
pub(super) struct Plan {
    /// Every word; none if nothing but narrowing was asked for.
    pub(super) all: Option<Box<dyn Query>>,
    /// Some of the words.
    pub(super) relaxed: Option<Box<dyn Query>>,
    /// What is marked in the texts.
    pub(super) marks: Marks,
    /// How it was understood.
    pub(super) understood: Understood,
}

pub(super) fn plan(_: &Shared, folder: &Folder, request: &SearchRequest) -> Plan {
    let mut marks = Marks::default();
    let mut clauses = Vec::new();
    for word in analysis::words(&request.query).take(32) {
        analysis::with_forms(word.text, |_, stem| {
            marks.stem(stem);
            let term = Term::from_field_text(folder.fields.stems, stem);
            clauses.push(Box::new(TermQuery::new(term, IndexRecordOption::WithFreqs)) as Box<dyn Query>);
        });
    }
    let with = |occur: Occur, clauses: &[Box<dyn Query>]| {
        let clauses = clauses.iter().map(|clause| (occur, clause.box_clone())).collect();
        Box::new(BooleanQuery::new(clauses)) as Box<dyn Query>
    };
    Plan {
        all: (!clauses.is_empty()).then(|| with(Occur::Must, &clauses)),
        relaxed: (clauses.len() > 1).then(|| with(Occur::Should, &clauses)),
        marks,
        understood: Understood::default(),
    }
}
