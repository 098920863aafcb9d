//! What a hit shows of its text: the title and a piece of the text with what matched, and why the
//! document was found.
//!
//! Words are compared as the index compares them, so inflected forms are marked. A word is only
//! analysed if it begins like one that is looked for, which leaves one in a hundred.

use std::collections::{BTreeMap, HashSet};
use std::ops::Range;

use web_ui::library::search::{Because, Span};

use super::analysis;
use super::text::{Origin, Piece};

/// Letters of a snippet: three lines of a page.
const SNIPPET_CHARS: usize = 260;
/// Letters before the first match of a snippet, where the text allows.
const LEAD_CHARS: usize = 60;
/// Matches of one piece that are looked at. More say nothing new.
const MATCHES_MAX: usize = 64;
/// Different matches with which a window is good enough not to look for a better one.
const WANTED_MAX: usize = 3;
/// Words that one reason names.
const WORDS_MAX: usize = 5;

/// What is marked.
#[derive(Clone, Default, Debug)]
pub(super) struct Marks {
    stems: HashSet<String>,
    words: HashSet<String>,
    /// The first two letters of each, in normal form.
    beginnings: HashSet<[char; 2]>,
}

fn beginning(normal: &str) -> [char; 2] {
    let mut letters = normal.chars();
    [letters.next().unwrap_or_default(), letters.next().unwrap_or_default()]
}

impl Marks {
    /// Marks every inflection of a word, given by its stem.
    pub(super) fn stem(&mut self, stem: &str) {
        self.beginnings.insert(beginning(stem));
        self.stems.insert(stem.to_owned());
    }

    /// Marks a word as it is, in normal form.
    pub(super) fn word(&mut self, normal: &str) {
        self.beginnings.insert(beginning(normal));
        self.words.insert(normal.to_owned());
    }

    /// How many different things may be matched, up to what a window can show.
    fn wanted(&self) -> usize {
        (self.stems.len() + self.words.len()).min(WANTED_MAX)
    }

    /// Whether nothing is marked.
    pub(super) fn is_empty(&self) -> bool {
        self.beginnings.is_empty()
    }

    /// The stem or word by which a word of a text matches.
    fn matched(&self, word: &str) -> Option<String> {
        // Two letters in lower case are the beginning of the normal form but for marks and letters of
        // other scripts, which are looked at whole.
        let plain = word.chars().take(2).all(|letter| analysis::is_cyrillic(letter) || letter.is_ascii_alphanumeric());
        if plain && word.chars().all(analysis::is_cyrillic) {
            let mut letters =
                word.chars().flat_map(char::to_lowercase).map(|letter| if letter == 'ґ' { 'г' } else { letter });
            let start = [letters.next().unwrap_or_default(), letters.next().unwrap_or_default()];
            if !self.beginnings.contains(&start) {
                return None;
            }
        }
        analysis::with_forms(word, |normal, stem| {
            if self.stems.contains(stem) {
                return Some(stem.to_owned());
            }
            self.words.contains(normal).then(|| normal.to_owned())
        })
    }
}

/// A match in a text.
struct Match {
    range: Range<usize>,
    /// By what it matched.
    by: String,
}

fn matches(text: &str, marks: &Marks, most: usize) -> Vec<Match> {
    if marks.is_empty() {
        return Vec::new();
    }
    analysis::words(text)
        .filter_map(|word| marks.matched(word.text).map(|by| Match { range: word.range.clone(), by }))
        .take(most)
        .collect()
}

/// A text with what matched.
pub(super) fn marked(text: &str, marks: &Marks) -> Vec<Span> {
    spans(text, 0..text.len(), &matches(text, marks, MATCHES_MAX))
}

fn spans(text: &str, window: Range<usize>, matches: &[Match]) -> Vec<Span> {
    let mut spans: Vec<Span> = Vec::new();
    let mut push = |text: &str, hit| {
        if !text.is_empty() {
            spans.push(Span { text: text.to_owned(), hit });
        }
    };
    let mut at = window.start;
    for one in matches.iter().filter(|one| one.range.start >= window.start && one.range.end <= window.end) {
        push(&text[at..one.range.start], false);
        push(&text[one.range.clone()], true);
        at = one.range.end;
    }
    push(&text[at..window.end], false);
    spans
}

/// What a hit shows.
pub(super) struct Shown {
    /// A piece of the text.
    pub(super) snippet: Vec<Span>,
    /// Its language as the document says it.
    pub(super) lang: String,
    /// Why the document was found.
    pub(super) because: Vec<Because>,
}

/// Chooses the piece of a document's text with most of what was looked for, and says in which
/// fields it was found.
pub(super) fn shown(pieces: &[Piece], marks: &Marks) -> Shown {
    let mut best: Option<(usize, &Piece, Range<usize>, Vec<Match>)> = None;
    let mut because: BTreeMap<usize, Because> = BTreeMap::new();
    for piece in pieces {
        // Once the snippet is chosen well enough, a later piece only has to give its reason.
        let enough = best.as_ref().is_some_and(|(worth, ..)| *worth >= MATCHES_MAX + marks.wanted());
        if enough && because.values().any(|one| one.field == piece.field) {
            continue;
        }
        let most = if enough { 1 } else { MATCHES_MAX };
        let found = matches(&piece.text, marks, most);
        if found.is_empty() {
            continue;
        }
        say(&mut because, piece, &found);
        if enough {
            continue;
        }
        let (distinct, window) = window(&found);
        // Any running text says more than a row; what comes first says more than what comes later. Labels
        // are in two languages, and the reasons name them anyway.
        let worth = distinct + if piece.origin == Origin::Prose { MATCHES_MAX } else { 0 };
        let is_text = piece.field != "title" && piece.origin != Origin::Label;
        if is_text && best.as_ref().is_none_or(|(least, ..)| worth > *least) {
            best = Some((worth, piece, window, found));
        }
    }
    let (snippet, lang) = match best {
        Some((_, piece, window, found)) => (cut(&piece.text, window, &found), piece.lang.as_ref()),
        None => beginning_of(pieces),
    };
    Shown { snippet, lang: lang.to_owned(), because: because.into_values().collect() }
}

fn say(because: &mut BTreeMap<usize, Because>, piece: &Piece, found: &[Match]) {
    let at = because.values().position(|one| one.field == piece.field).unwrap_or(because.len());
    let entry = because.entry(at).or_insert_with(|| Because { field: piece.field.to_owned(), words: Vec::new() });
    for one in found {
        let word = &piece.text[one.range.clone()];
        let known = entry.words.iter().any(|known| known.to_lowercase() == word.to_lowercase());
        if !known && entry.words.len() < WORDS_MAX {
            entry.words.push(word.to_owned());
        }
    }
}

/// The window with most distinct matches, and how many.
fn window(found: &[Match]) -> (usize, Range<usize>) {
    // Letters of prose take two bytes; a window is measured in bytes, as the matches are.
    let width = SNIPPET_CHARS * 2;
    let mut best = (0, 0..0);
    for (first, start) in found.iter().enumerate() {
        let inside = found[first..].iter().take_while(|one| one.range.end <= start.range.start + width);
        let mut distinct = HashSet::new();
        let mut end = start.range.end;
        for one in inside {
            distinct.insert(one.by.as_str());
            end = one.range.end;
        }
        if distinct.len() > best.0 {
            best = (distinct.len(), start.range.start..end);
        }
    }
    best
}

/// The text around a window, from a word's beginning to a word's end.
fn cut(text: &str, window: Range<usize>, found: &[Match]) -> Vec<Span> {
    let start = back(text, window.start, LEAD_CHARS);
    let end = forth(text, start, SNIPPET_CHARS).max(window.end);
    let mut spans = spans(text, start..end, found);
    if start > 0 {
        spans.insert(0, Span { text: "…".into(), hit: false });
    }
    if end < text.len() {
        spans.push(Span { text: "…".into(), hit: false });
    }
    spans
}

/// A place at most `letters` before `at`: the beginning of the sentence if it is that near, else of
/// a word.
fn back(text: &str, at: usize, letters: usize) -> usize {
    let before = &text[..at];
    let far = before.char_indices().rev().take(letters).last().map_or(0, |(place, _)| place);
    if far == 0 {
        return 0;
    }
    let near = &text[far..at];
    let sentence = near
        .rmatch_indices(['.', '!', '?', '…'])
        .find(|(place, _)| near[*place..].chars().nth(1).is_some_and(char::is_whitespace));
    let from = match sentence {
        Some((place, _)) => far + place + near[place..].chars().next().map_or(1, char::len_utf8),
        None => far + near.find(char::is_whitespace).unwrap_or(0),
    };
    from + text[from..at].find(|letter: char| !letter.is_whitespace()).unwrap_or(0)
}

/// A place at most `letters` after `from`, at a word's end.
fn forth(text: &str, from: usize, letters: usize) -> usize {
    let rest = &text[from..];
    let Some((end, _)) = rest.char_indices().nth(letters) else { return text.len() };
    from + rest[..end].rfind(char::is_whitespace).unwrap_or(end)
}

/// The beginning of the summary, else of the first running text, else of what else was written.
fn beginning_of(pieces: &[Piece]) -> (Vec<Span>, &str) {
    let of = |origin| pieces.iter().find(move |piece| piece.origin == origin && piece.field != "title");
    let first = pieces.iter().find(|piece| piece.field == "summary");
    let first = first.or_else(|| of(Origin::Prose)).or_else(|| of(Origin::Note));
    first.map(|piece| (opening(&piece.text), piece.lang.as_ref())).unwrap_or_default()
}

/// The beginning of a text.
pub(super) fn opening(text: &str) -> Vec<Span> {
    cut(text, 0..0, &[])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn piece(field: &'static str, text: &str) -> Piece {
        Piece { field, text: text.into(), weight: 1, origin: Origin::Prose, lang: "".into() }
    }

    fn marks(words: &[&str]) -> Marks {
        let mut marks = Marks::default();
        for word in words {
            analysis::with_forms(word, |_, stem| marks.stem(stem));
        }
        marks
    }

    fn hits(spans: &[Span]) -> Vec<&str> {
        spans.iter().filter(|span| span.hit).map(|span| span.text.as_str()).collect()
    }

    #[test]
    fn inflected_words_are_marked_and_the_text_is_whole() {
        let text = "Громадський бюджет: у бюджеті громади є кошти на здоров’я";
        let spans = marked(text, &marks(&["бюджет", "здоров'я"]));
        assert_eq!(hits(&spans), ["бюджет", "бюджеті", "здоров’я"]);
        assert_eq!(spans.iter().map(|span| span.text.as_str()).collect::<String>(), text);
    }

    #[test]
    fn the_snippet_is_where_most_of_the_words_are() {
        let filler = "Тут багато інших слів про життя громади. ".repeat(30);
        let text = format!("Школа одна. {filler}Шкільний бюджет участі у школі подвоїли. {filler}");
        let shown = shown(&[piece("solution", &text)], &marks(&["школа", "бюджет", "участь"]));
        let cut: String = shown.snippet.iter().map(|span| span.text.as_str()).collect();
        assert!(cut.contains("бюджет участі у школі") && cut.starts_with('…') && cut.ends_with('…'), "{cut}");
        assert!(cut.chars().count() <= SNIPPET_CHARS + 2, "{cut}");
        assert_eq!(shown.because.len(), 1);
    }

    #[test]
    fn without_a_match_the_summary_is_shown() {
        let shown = shown(&[piece("problem", "Проблема"), piece("summary", "Коротко")], &Marks::default());
        assert_eq!(shown.snippet, [Span { text: "Коротко".into(), hit: false }]);
        assert!(shown.because.is_empty());
    }

    #[test]
    fn labels_are_a_reason_and_no_snippet() {
        let label = "Житлово-комунальне господарство · Housing and utilities";
        let label = Piece { origin: Origin::Label, ..piece("sectors", label) };
        let pieces = [piece("solution", "Ліфти"), label.clone(), piece("summary", "Мешканці керують будинком.")];
        let shown = shown(&pieces, &marks(&["житлово", "комунальне"]));
        assert_eq!(shown.snippet, [Span { text: "Мешканці керують будинком.".into(), hit: false }]);
        assert_eq!(shown.because[0].field, "sectors");
        assert!(super::shown(&[label], &marks(&["комунальне"])).snippet.is_empty());
    }

    proptest::proptest! {
        #[test]
        fn any_text_is_cut_at_letters(text in "\\PC{0,600}", words in proptest::collection::vec("\\PC{1,8}", 0..4)) {
            let words: Vec<&str> = words.iter().map(String::as_str).collect();
            let _ = shown(&[piece("solution", &text)], &marks(&words));
            let whole: String = marked(&text, &marks(&words)).iter().map(|span| span.text.as_str()).collect();
            proptest::prop_assert_eq!(whole, text);
        }
    }
}
