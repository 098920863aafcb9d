//! The analysis as tantivy takes it.
//!
//! A text is read once for both its forms, before it is handed over: tantivy gets the forms, one after
//! the other, and only has to take them apart.

use tantivy::tokenizer::{Token, TokenStream, Tokenizer};

use super::with_forms;
use super::words::words;

/// The name under which [`FormTokenizer`] is registered in an index.
pub const FORM_TOKENIZER: &str = "dosvid_forms";

/// What stands between forms. No form has it: they are letters, digits and marks.
const BETWEEN: char = ' ';

/// The forms of a text's words, in their order, as [`FormTokenizer`] reads them.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Analysed {
    /// Normal forms.
    pub words: String,
    /// Stems.
    pub stems: String,
}

/// Reads a text.
#[must_use]
pub fn analysed(text: &str) -> Analysed {
    let mut forms = Analysed { words: String::with_capacity(text.len()), stems: String::with_capacity(text.len()) };
    for word in words(text) {
        with_forms(word.text, |normal, stem| {
            for (to, form) in [(&mut forms.words, normal), (&mut forms.stems, stem)] {
                to.push_str(form);
                to.push(BETWEEN);
            }
        });
    }
    forms
}

/// Gives the forms of an [`Analysed`] text.
#[derive(Clone, Copy, Debug, Default)]
pub struct FormTokenizer;

impl Tokenizer for FormTokenizer {
    type TokenStream<'a> = Forms<'a>;

    fn token_stream<'a>(&'a mut self, text: &'a str) -> Forms<'a> {
        Forms { rest: text, token: Token::default() }
    }
}

/// Forms, one after the other.
pub struct Forms<'a> {
    rest: &'a str,
    token: Token,
}

impl TokenStream for Forms<'_> {
    fn advance(&mut self) -> bool {
        let Some((form, rest)) = self.rest.split_once(BETWEEN) else { return false };
        self.rest = rest;
        self.token.text.clear();
        self.token.text.push_str(form);
        self.token.position = self.token.position.wrapping_add(1);
        true
    }

    fn token(&self) -> &Token {
        &self.token
    }

    fn token_mut(&mut self) -> &mut Token {
        &mut self.token
    }
}
