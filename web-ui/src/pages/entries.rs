//! A practice as lists show it.

use crdt::vocabulary::{MECHANISMS, SECTORS, THEMES};

use crate::format;
use crate::library::DocumentCard;
use crate::pages::frame::Visitor;
use crate::pages::practices::tongue;
use crate::pages::terms::term;
use crate::translated::primary;
use crate::words;

/// Letters of a summary in a list: what comes after is read on the page itself.
const SUMMARY_CHARS: usize = 280;
/// Instruments named in a list.
const MECHANISMS_SHOWN: usize = 2;

/// A practice in a list.
pub(crate) struct Entry {
    /// Its name.
    pub(crate) title: String,
    /// Where it is read.
    pub(crate) href: String,
    /// In a few lines.
    pub(crate) summary: String,
    /// The language of both, where the page is in another.
    pub(crate) tongue: Option<String>,
    /// The labels of its sectors.
    pub(crate) sectors: Vec<String>,
    /// The labels of its themes.
    pub(crate) themes: Vec<String>,
    /// The labels of its first instruments.
    pub(crate) mechanisms: Vec<String>,
    /// The full name of where it happened.
    pub(crate) place: Option<String>,
    /// The day of its last change.
    pub(crate) day: String,
    /// The same for programs.
    pub(crate) machine: String,
    /// Whether somebody has to decide.
    pub(crate) conflicts: bool,
}

impl Entry {
    /// What a list shows of a card.
    pub(crate) fn new(visitor: &Visitor, card: &DocumentCard) -> Self {
        let labels = |vocabulary, keys: &[String]| keys.iter().map(|key| term(visitor, vocabulary, key)).collect();
        let mechanisms = &card.mechanisms[..card.mechanisms.len().min(MECHANISMS_SHOWN)];
        Self {
            title: titled(visitor, &card.title),
            href: visitor.link(&["practices", &card.id]),
            summary: cut(&card.summary, SUMMARY_CHARS),
            tongue: other_tongue(visitor, &card.lang),
            sectors: labels(&SECTORS, &card.sectors),
            themes: labels(&THEMES, &card.themes),
            mechanisms: labels(&MECHANISMS, mechanisms),
            place: card.place.as_deref().filter(|code| !code.is_empty()).map(|code| visitor.place(code)),
            day: format::day(card.updated_at),
            machine: format::machine(card.updated_at),
            conflicts: card.conflicts,
        }
    }
}

/// The language of a text for the `lang` attribute, where the page is in another.
pub(crate) fn other_tongue(v: &Visitor, tag: &str) -> Option<String> {
    (primary(tag) != v.language.tag()).then(|| tongue(tag))
}

/// A title that can be read and clicked.
pub(crate) fn titled(v: &Visitor, title: &str) -> String {
    if title.trim().is_empty() { v.say(words::UNTITLED).to_owned() } else { title.trim().to_owned() }
}

/// The beginning of a text, up to a word's end.
pub(crate) fn cut(text: &str, chars: usize) -> String {
    let Some((end, _)) = text.char_indices().nth(chars) else { return text.trim().to_owned() };
    let start = &text[..end];
    let start = start.rsplit_once(char::is_whitespace).map_or(start, |(start, _)| start);
    format!("{}…", start.trim_end())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_summary_ends_with_a_word() {
        assert_eq!(cut("Громада збудувала парк", 12), "Громада…");
        assert_eq!(cut("Парк", 12), "Парк");
    }
}
