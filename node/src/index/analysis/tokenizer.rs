//! The analysis as tantivy asks for it.

use tantivy::tokenizer::{Token, TokenStream, Tokenizer};

use super::with_forms;
use super::words::{Words, words};

/// The name under which [`StemTokenizer`] is registered in an index.
pub const STEM_TOKENIZER: &str = "dosvid_stem";
/// The name under which [`WordTokenizer`] is registered in an index.
pub const WORD_TOKENIZER: &str = "dosvid_word";

/// Gives the stem of each word.
#[derive(Clone, Copy, Debug, Default)]
pub struct StemTokenizer;

/// Gives the normal form of each word.
#[derive(Clone, Copy, Debug, Default)]
pub struct WordTokenizer;

impl Tokenizer for StemTokenizer {
    type TokenStream<'a> = Stream<'a>;

    fn token_stream<'a>(&'a mut self, text: &'a str) -> Stream<'a> {
        Stream { words: words(text), stems: true, token: Token::default() }
    }
}

impl Tokenizer for WordTokenizer {
    type TokenStream<'a> = Stream<'a>;

    fn token_stream<'a>(&'a mut self, text: &'a str) -> Stream<'a> {
        Stream { words: words(text), stems: false, token: Token::default() }
    }
}

/// The words of a text, one after the other.
pub struct Stream<'a> {
    words: Words<'a>,
    stems: bool,
    token: Token,
}

impl TokenStream for Stream<'_> {
    fn advance(&mut self) -> bool {
        let Some(word) = self.words.next() else { return false };
        let token = &mut self.token;
        token.text.clear();
        with_forms(word.text, |normal, stem| token.text.push_str(if self.stems { stem } else { normal }));
        token.offset_from = word.range.start;
        token.offset_to = word.range.end;
        token.position = token.position.wrapping_add(1);
        true
    }

    fn token(&self) -> &Token {
        &self.token
    }

    fn token_mut(&mut self) -> &mut Token {
        &mut self.token
    }
}
