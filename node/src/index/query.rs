//! What was typed, in parts. Nothing that can be typed is an error.
//!
//! | typed | means |
//! |---|---|
//! | `бюджет участі` | these words |
//! | `"бюджет участі"`, `«…»` | these words in this order, in any form |
//! | `="бюджет участі"`, `=бюджет` | exactly these forms |
//! | `-проєкт`, `-"…"` | without this |
//! | `благоустр*` | words that begin so |
//! | `галузь:освіта`, `рік:2020..2024`, `область:Львівська` | narrowed to this |

mod filter;

use web_ui::library::search::{Facet, QUERY_CHARS_MAX};

use super::analysis::{is_cyrillic, is_stop_word, normal, words};

/// Words of a query that are used.
pub const QUERY_WORDS_MAX: usize = 32;
/// Letters that a prefix must have: shorter ones begin too many words.
pub const PREFIX_CHARS_MIN: usize = 3;

/// One thing that was asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Clause {
    /// A word.
    Word(TypedWord),
    /// Words in this order, in any form.
    Phrase(Vec<TypedWord>),
    /// Exactly these forms.
    Exact(Vec<TypedWord>),
    /// Words that begin so, in normal form.
    Prefix(String),
}

/// A word as it was typed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TypedWord {
    /// As typed.
    pub text: String,
    /// Its normal form.
    pub normal: String,
}

/// A query in parts.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Typed {
    /// What hits should have, in the order in which it was typed.
    pub wanted: Vec<Clause>,
    /// What hits must not have.
    pub unwanted: Vec<Clause>,
    /// The narrowing that was typed.
    pub filters: Vec<(Facet, Vec<String>)>,
    /// Words that say nothing, or were too many.
    pub left_out: Vec<String>,
}

impl Typed {
    /// Reads a query.
    #[must_use]
    pub fn read(query: &str) -> Self {
        let mut reading = Reading { typed: Self::default(), words: 0 };
        let end = query.char_indices().nth(QUERY_CHARS_MAX).map_or(query.len(), |(at, _)| at);
        let query = with_apostrophes(&query[..end]);
        let mut rest = query.as_str();
        while let Some(piece) = piece(&mut rest) {
            reading.take(&piece);
        }
        reading.typed.leave_out_stop_words();
        reading.typed
    }

    /// The wanted clauses' words and the phrases, as one would type them again.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.wanted.is_empty() && self.unwanted.is_empty()
    }

    /// Takes function words out unless nothing else is left.
    fn leave_out_stop_words(&mut self) {
        let says = |clause: &Clause| !matches!(clause, Clause::Word(word) if is_stop_word(&word.normal));
        if self.wanted.iter().any(says) {
            for clause in self.wanted.extract_if(.., |clause| !says(clause)) {
                if let Clause::Word(word) = clause {
                    self.left_out.push(word.text);
                }
            }
        }
    }
}

/// Some type a quotation mark or an asterisk where their keyboard has no apostrophe: `об"єднання`.
fn with_apostrophes(query: &str) -> String {
    let letters: Vec<char> = query.chars().collect();
    let stands_for_one = |at: usize| {
        let (Some(before), Some(after)) = (at.checked_sub(1).map(|at| letters[at]), letters.get(at + 1)) else {
            return false;
        };
        let consonant = is_cyrillic(before) && !"аеєиіїоуюяАЕЄИІЇОУЮЯ".contains(before);
        consonant && "єїюяЄЇЮЯ".contains(*after)
    };
    let sign = |(at, letter): (usize, &char)| match letter {
        '"' | '*' | '”' | '“' if stands_for_one(at) => '\'',
        _ => *letter,
    };
    letters.iter().enumerate().map(sign).collect()
}

/// A piece of a query up to the next space outside of quotes.
struct Piece<'a> {
    unwanted: bool,
    exact: bool,
    /// What stands before a colon.
    field: Option<&'a str>,
    quoted: bool,
    text: &'a str,
}

fn piece<'a>(rest: &mut &'a str) -> Option<Piece<'a>> {
    let mut text = rest.trim_start_matches(|sign: char| sign.is_whitespace() || sign.is_control());
    if text.is_empty() {
        return None;
    }
    let mut piece = Piece { unwanted: false, exact: false, field: None, quoted: false, text: "" };
    if let Some(after) = text.strip_prefix(['-', '−', '–']).filter(|after| after.starts_with(begins)) {
        (piece.unwanted, text) = (true, after);
    }
    if let Some(after) = text.strip_prefix('=') {
        (piece.exact, text) = (true, after);
    }
    let name_end = text.find(|sign: char| !sign.is_alphanumeric() && sign != '_' && sign != '\'').unwrap_or(text.len());
    if let Some(after) = text[name_end..].strip_prefix(':').filter(|_| name_end > 0) {
        (piece.field, text) = (Some(&text[..name_end]), after);
    }
    let closing = text.chars().next().and_then(closing);
    let after = if let Some(closing) = closing {
        piece.quoted = true;
        let inner = &text[text.chars().next().map_or(0, char::len_utf8)..];
        let end = inner.find(closing).unwrap_or(inner.len());
        piece.text = &inner[..end];
        let after = &inner[end..];
        &after[after.chars().next().map_or(0, char::len_utf8)..]
    } else {
        let end =
            text.find(|sign: char| sign.is_whitespace() || sign.is_control() || closing_of(sign)).unwrap_or(text.len());
        // Always goes on by at least one sign.
        let end = if end == 0 { text.chars().next().map_or(0, char::len_utf8) } else { end };
        piece.text = &text[..end];
        &text[end..]
    };
    *rest = after;
    Some(piece)
}

fn begins(sign: char) -> bool {
    sign.is_alphanumeric() || sign == '=' || closing(sign).is_some()
}

/// The signs that end what this one begins.
fn closing(opening: char) -> Option<&'static [char]> {
    match opening {
        '"' | '“' | '„' | '”' => Some(&['"', '“', '”']),
        '«' => Some(&['»']),
        _ => None,
    }
}

/// Whether a quotation begins here, in the middle of a word.
fn closing_of(sign: char) -> bool {
    closing(sign).is_some()
}

struct Reading {
    typed: Typed,
    words: usize,
}

impl Reading {
    fn take(&mut self, piece: &Piece<'_>) {
        if let Some(field) = piece.field {
            if !piece.unwanted && filter::add(&mut self.typed.filters, field, piece.text) {
                return;
            }
            // A field that is not known is a word; so is `тег`, whose value is one.
            if !filter::is_free(field) {
                self.add(piece.unwanted, false, false, field);
            }
        }
        if !piece.quoted
            && let Some(beginning) = piece.text.strip_suffix('*')
            && self.add_prefix(piece.unwanted, beginning)
        {
            return;
        }
        self.add(piece.unwanted, piece.exact, piece.quoted, piece.text);
    }

    fn add(&mut self, unwanted: bool, exact: bool, quoted: bool, text: &str) {
        let mut found: Vec<TypedWord> = Vec::new();
        for word in words(text) {
            if self.words == QUERY_WORDS_MAX {
                self.typed.left_out.push(word.text.to_owned());
                continue;
            }
            self.words += 1;
            found.push(TypedWord { text: word.text.to_owned(), normal: normal(word.text) });
        }
        let clauses = if unwanted { &mut self.typed.unwanted } else { &mut self.typed.wanted };
        match found.len() {
            0 => {}
            _ if exact => clauses.push(Clause::Exact(found)),
            2.. if quoted || unwanted => clauses.push(Clause::Phrase(found)),
            _ => clauses.extend(found.into_iter().map(Clause::Word)),
        }
    }

    fn add_prefix(&mut self, unwanted: bool, beginning: &str) -> bool {
        let mut found = words(beginning);
        let (Some(word), None) = (found.next(), found.next()) else { return false };
        let prefix = normal(word.text);
        if prefix.chars().count() < PREFIX_CHARS_MIN || self.words == QUERY_WORDS_MAX {
            return false;
        }
        self.words += 1;
        let clauses = if unwanted { &mut self.typed.unwanted } else { &mut self.typed.wanted };
        clauses.push(Clause::Prefix(prefix));
        true
    }
}

#[cfg(test)]
mod tests;
