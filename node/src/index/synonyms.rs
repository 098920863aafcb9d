//! Abbreviations, synonyms, and words of other languages, as local government uses them.
//!
//! The table `synonyms.tsv` beside this file is part of the program; a file of the same name in the
//! data folder adds lines and, with `drop`, takes some away. A line has a kind and texts, separated
//! by tabs; lines that begin with `#` are remarks:
//!
//! | kind | what the line says |
//! |---|---|
//! | `short` | the first text is an abbreviation of each of the others |
//! | `same` | all texts mean the same |
//! | `from` | who types the first text may mean the others, not the other way round |
//! | `drop` | forget all lines so far that have this text |

use std::collections::HashMap;

use crdt::vocabulary;

use super::analysis::{is_stop_word, normal, stem, words};

/// The table that is part of the program.
const TABLE: &str = include_str!("synonyms.tsv");
/// Lines of a table that are read: ten times those of the program's own.
pub const LINES_MAX: usize = 20_000;
/// Words of one text of the table.
const TEXT_WORDS_MAX: usize = 8;
/// Texts of several words that share a word and are compared with what was typed.
const PHRASES_MAX: usize = 64;
/// Other texts for one text.
const OTHERS_MAX: usize = 12;

/// How much a synonym counts against what was typed.
const SAME_WEIGHT: f32 = 0.7;
/// The same of a word of another language; it is more often the only one that finds anything.
const FROM_WEIGHT: f32 = 0.8;

/// A text that means the same as another.
#[derive(Clone, Debug, PartialEq)]
pub struct Synonym {
    /// As the table writes it.
    pub text: String,
    /// Its words in normal form.
    pub words: Vec<String>,
    /// How much it counts against what was typed.
    pub weight: f32,
    /// The words that it is another name of, as the table writes them.
    of: Vec<String>,
}

/// The table, by what is typed.
#[derive(Default)]
pub struct Synonyms {
    by_stems: HashMap<Vec<String>, Vec<Synonym>>,
    longest: usize,
    /// Texts of several words, as normal forms, by each of their words.
    phrases: HashMap<String, Vec<Vec<String>>>,
}

impl Synonyms {
    /// The program's own table.
    #[must_use]
    pub fn built_in() -> Self {
        let mut table = Self::default();
        table.read(TABLE);
        let vocabularies = [&vocabulary::MECHANISMS, &vocabulary::SECTORS, &vocabulary::THEMES];
        for term in vocabularies.iter().flat_map(|vocabulary| vocabulary.terms) {
            term.uk.split(['(', ')', ',', '/']).for_each(|label| table.add_phrase(telling(label)));
        }
        table
    }

    /// Reads more lines, and says how many of them it does not understand.
    pub fn read(&mut self, lines: &str) -> usize {
        let mut odd = 0;
        for line in lines.lines().take(LINES_MAX).filter(|line| !line.trim().is_empty() && !line.starts_with('#')) {
            let mut parts = line.split('\t').map(str::trim).filter(|part| !part.is_empty());
            let kind = parts.next().unwrap_or_default();
            let texts: Vec<&str> = parts.take(OTHERS_MAX + 1).collect();
            match (kind, texts.as_slice()) {
                ("drop", [text]) => self.drop(text),
                ("same", [_, _, ..]) => {
                    for (at, text) in texts.iter().enumerate() {
                        let others = texts.iter().enumerate().filter(|(other, _)| *other != at);
                        others.for_each(|(_, other)| self.add(text, other, SAME_WEIGHT, text));
                    }
                }
                ("short", [short, long @ ..]) if !long.is_empty() => {
                    for long in long {
                        self.add(short, long, SAME_WEIGHT, short);
                        self.add(long, short, SAME_WEIGHT, long);
                    }
                }
                ("from", [text, others @ ..]) if !others.is_empty() => {
                    // Words of another language are no measure of what is rightly written.
                    others.iter().for_each(|other| self.add(text, other, FROM_WEIGHT, other));
                }
                _ => odd += 1,
            }
        }
        odd
    }

    /// Remembers that whoever types one text may mean another; `right` is the one by which errors are told.
    fn add(&mut self, typed: &str, text: &str, weight: f32, right: &str) {
        let of = telling(typed);
        let key: Vec<String> = of.iter().map(|word| entry(word)).collect();
        let words: Vec<String> = words(text).map(|word| normal(word.text)).take(TEXT_WORDS_MAX).collect();
        if key.is_empty() || words.is_empty() {
            return;
        }
        self.longest = self.longest.max(key.len());
        self.add_phrase(telling(right));
        let others = self.by_stems.entry(key).or_default();
        if others.len() < OTHERS_MAX && others.iter().all(|other| other.words != words || other.of != of) {
            others.push(Synonym { text: text.to_owned(), words, weight, of });
        }
    }

    /// Remembers a text by which mistyped ones are told.
    fn add_phrase(&mut self, phrase: Vec<String>) {
        if !(2..=TEXT_WORDS_MAX).contains(&phrase.len()) {
            return;
        }
        for word in &phrase {
            let phrases = self.phrases.entry(entry(word)).or_default();
            if phrases.len() < PHRASES_MAX && !phrases.contains(&phrase) {
                phrases.push(phrase.clone());
            }
        }
    }

    /// The longest text of several words, of the table or of a term, that the beginning of some normal
    /// forms nearly is: word by word the same in any inflection, or near it by `is_near`, which is asked
    /// for what was typed and for what may have been meant. At least one word is the same and one is not;
    /// those that are not are given.
    #[must_use]
    pub fn nearly(&self, normals: &[&str], is_near: impl Fn(&str, &str) -> bool) -> Option<Vec<Option<&str>>> {
        let typed: Vec<String> = normals.iter().take(TEXT_WORDS_MAX).map(|normal| entry(normal)).collect();
        let of_any = typed.iter().filter_map(|entry| self.phrases.get(entry)).flatten();
        let fits = |phrase: &&Vec<String>| {
            let mut is_mended = false;
            let mut is_same = false;
            phrase.len() <= typed.len()
                && phrase.iter().zip(normals.iter().zip(&typed)).all(|(meant, (normal, typed))| {
                    let same = *typed == entry(meant);
                    is_same |= same;
                    is_mended |= !same;
                    same || is_near(normal, meant)
                })
                && is_same
                && is_mended
        };
        let phrase = of_any.filter(fits).max_by_key(|phrase| phrase.len())?;
        let meant = phrase.iter().zip(&typed).map(|(meant, typed)| (*typed != entry(meant)).then_some(meant.as_str()));
        Some(meant.collect())
    }

    fn drop(&mut self, text: &str) {
        let dropped: Vec<String> = words(text).map(|word| normal(word.text)).collect();
        let key: Vec<String> = telling(text).iter().map(|word| entry(word)).collect();
        self.by_stems.remove(&key);
        for others in self.by_stems.values_mut() {
            others.retain(|other| other.words != dropped);
        }
    }

    /// How many words from the beginning of some normal forms are a text of the table, the longest
    /// such text, and what else it is called.
    #[must_use]
    pub fn beginning(&self, normals: &[&str]) -> Option<(usize, Vec<&Synonym>)> {
        let stems: Vec<String> = normals.iter().take(self.longest).map(|normal| entry(normal)).collect();
        (1..=stems.len()).rev().find_map(|length| {
            let named = |other: &&Synonym| normals.iter().zip(&other.of).all(|(typed, of)| is_form(typed, of));
            let others: Vec<&Synonym> = self.by_stems.get(&stems[..length])?.iter().filter(named).collect();
            (!others.is_empty()).then_some((length, others))
        })
    }

    /// Words of the longest text.
    #[must_use]
    pub const fn longest(&self) -> usize {
        self.longest
    }

    /// The number of texts that have others.
    #[must_use]
    pub fn len(&self) -> usize {
        self.by_stems.len()
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.by_stems.is_empty()
    }
}

/// The words of a text of the table but function words, unless it has no others; normal forms.
fn telling(text: &str) -> Vec<String> {
    let all: Vec<String> = words(text).map(|word| normal(word.text)).take(TEXT_WORDS_MAX).collect();
    let telling: Vec<String> = all.iter().filter(|word| !is_stop_word(word)).cloned().collect();
    if telling.is_empty() { all } else { telling }
}

/// Whether two words of one stem are inflections of one word: a stemmer takes `громадський` for
/// `громада`, but their endings are too long for that.
fn is_form(one: &str, other: &str) -> bool {
    /// Letters of the longest endings of inflection, after what two forms share.
    const ENDING_MAX: usize = 3;
    let shared = one.chars().zip(other.chars()).take_while(|(one, other)| one == other).count();
    one.chars().count().max(other.chars().count()) - shared <= ENDING_MAX
}

/// A word as the table has it: its stem, but short words as they are, because abbreviations do not
/// share stems with words that only begin like them.
fn entry(normal: &str) -> String {
    if normal.chars().count() <= 3 { normal.to_owned() } else { stem(normal) }
}

#[cfg(test)]
mod tests;
