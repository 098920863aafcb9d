//! Lists to choose from, in forms that narrow a list or a map.

use crdt::codifier::{self, RegionLevel};
use crdt::vocabulary::Vocabulary;

use crate::format;
use crate::pages::frame::Visitor;
use crate::pages::terms::region_name;

/// One choice of a list.
pub(crate) struct Choice {
    /// What the address says.
    pub(crate) value: String,
    /// What people read.
    pub(crate) text: String,
    /// Whether it is chosen.
    pub(crate) chosen: bool,
}

/// The terms of a vocabulary.
pub(crate) fn choices(v: &Visitor, vocabulary: &Vocabulary, chosen: &str) -> Vec<Choice> {
    let choice = |term: &crdt::vocabulary::Term| Choice {
        value: term.key.to_owned(),
        text: v.language.pick(term.uk, term.en).to_owned(),
        chosen: term.key == chosen,
    };
    vocabulary.terms.iter().map(choice).collect()
}

/// The oblasts with Crimea, Kyiv and Sevastopol, by name.
pub(crate) fn regions(v: &Visitor, chosen: &str) -> Vec<Choice> {
    let first = codifier::regions().iter().filter(|region| region.level != RegionLevel::Raion);
    let mut choices: Vec<Choice> = first
        .map(|region| Choice {
            value: region.code.to_owned(),
            text: region_name(v, region),
            chosen: region.code == chosen,
        })
        .collect();
    choices.sort_by(|a, b| format::in_alphabet(&a.text, &b.text));
    choices
}
