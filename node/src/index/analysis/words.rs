//! Where words begin and end.

use std::iter::FusedIterator;
use std::ops::Range;

use unicode_normalization::char::is_combining_mark;

/// A word where it stands in a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Word<'a> {
    /// The word as written.
    pub text: &'a str,
    /// Its bytes in the text.
    pub range: Range<usize>,
}

/// The words of a text: letters, digits and marks on them. An apostrophe between letters, whichever
/// sign stands for it, and signs that are not seen (soft hyphens, zero-width and direction marks)
/// do not end a word; everything else does, hyphens too.
#[must_use]
pub fn words(text: &str) -> Words<'_> {
    Words { text, at: 0 }
}

/// See [`words`].
#[derive(Clone, Debug)]
pub struct Words<'a> {
    text: &'a str,
    at: usize,
}

impl<'a> Iterator for Words<'a> {
    type Item = Word<'a>;

    fn next(&mut self) -> Option<Word<'a>> {
        let rest = &self.text[self.at..];
        let start = self.at + rest.find(begins)?;
        let end = start + length(&self.text[start..]);
        self.at = end;
        Some(Word { text: &self.text[start..end], range: start..end })
    }
}

impl FusedIterator for Words<'_> {}

/// The bytes of the word that a text begins with.
fn length(text: &str) -> usize {
    let mut end = 0;
    let mut after_letter = false;
    // An apostrophe belongs to the word only if a letter follows.
    let mut apostrophe = false;
    for (at, sign) in text.char_indices() {
        let kind = kind(sign);
        match kind {
            Kind::Letter | Kind::Digit => {
                if apostrophe && kind == Kind::Digit {
                    return end;
                }
                (after_letter, apostrophe) = (kind == Kind::Letter, false);
                end = at + sign.len_utf8();
            }
            Kind::Mark if !apostrophe => end = at + sign.len_utf8(),
            Kind::Mark | Kind::Unseen => {}
            Kind::Apostrophe if after_letter && !apostrophe => apostrophe = true,
            Kind::Apostrophe | Kind::Other => return end,
        }
    }
    end
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Letter,
    Digit,
    Mark,
    Apostrophe,
    Unseen,
    Other,
}

fn kind(sign: char) -> Kind {
    match sign {
        'a'..='z' | 'A'..='Z' | '\u{400}'..='\u{482}' | '\u{48A}'..='\u{52F}' => Kind::Letter,
        '0'..='9' => Kind::Digit,
        _ if is_apostrophe(sign) => Kind::Apostrophe,
        '\0'..='\u{7F}' => Kind::Other,
        _ if is_unseen(sign) => Kind::Unseen,
        _ if is_combining_mark(sign) => Kind::Mark,
        _ if sign.is_alphabetic() => Kind::Letter,
        _ if sign.is_alphanumeric() => Kind::Digit,
        _ => Kind::Other,
    }
}

fn begins(sign: char) -> bool {
    matches!(kind(sign), Kind::Letter | Kind::Digit)
}

/// Whether a sign is one of those that stand for an apostrophe in real Ukrainian texts.
#[must_use]
pub const fn is_apostrophe(sign: char) -> bool {
    matches!(sign, '\'' | '’' | '‘' | 'ʼ' | '`' | '´' | '′' | '‛' | 'ʹ' | '＇')
}

/// Whether a sign is not seen and says nothing: soft hyphen, zero width, direction.
pub(super) const fn is_unseen(sign: char) -> bool {
    matches!(sign, '\u{AD}' | '\u{61C}' | '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}'
        | '\u{2060}'..='\u{2064}' | '\u{2066}'..='\u{206F}' | '\u{FEFF}' | '\u{FE00}'..='\u{FE0F}')
}
