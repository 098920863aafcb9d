//! From a meaning to a query of the index, and how hits are ranked.
//!
//! Each word counts by its stem and, at [`EXACT_BOOST`], by its form, both by BM25, so that over-eager
//! stems do not drown what was really typed. Of what may have been meant or is called otherwise only
//! the best counts, not the sum.

use tantivy::Term;
use tantivy::query::{BooleanQuery, BoostQuery, DisjunctionMaxQuery, EmptyQuery, Occur, PhraseQuery, Query, TermQuery};
use tantivy::schema::{Field, IndexRecordOption};

use super::analysis::stem;
use super::meaning::{Group, Meaning, Part};
use super::unwanted::Unwanted;

/// How much the very form of a word counts beside its stem.
pub const EXACT_BOOST: f32 = 0.3;
/// How much it counts that a title has all words that were typed: the shorter the title, the more.
/// Other names of what was typed do not count here, so that a title in the very words comes first.
pub const TITLE_BOOST: f32 = 0.5;
/// How often a title, a summary and tags are put into the field beside the body.
pub const TITLE_TIMES: usize = 3;
/// See [`TITLE_TIMES`].
pub const SUMMARY_TIMES: usize = 2;
/// See [`TITLE_TIMES`].
pub const TAGS_TIMES: usize = 2;
/// With fewer hits that have all words, those are looked for that have some of them: a page.
pub const FEW_HITS: usize = 10;
/// Alternatives of one word that are looked for.
const ALTERNATIVES_MAX: usize = 16;

/// The two fields in which words are looked for.
#[derive(Clone, Copy, Debug)]
pub struct TextFields {
    /// Stems, with positions.
    pub stems: Field,
    /// Normal forms.
    pub words: Field,
    /// Stems of the title.
    pub title: Field,
}

/// The texts that go into the fields, each as often as it counts.
pub fn weighted<'a>(
    title: &'a str,
    summary: &'a str,
    tags: &'a [String],
    body: &'a [String],
) -> impl Iterator<Item = &'a str> {
    let times = |text: &'a str, times: usize| std::iter::repeat_n(text, times);
    times(title, TITLE_TIMES)
        .chain(times(summary, SUMMARY_TIMES))
        .chain(tags.iter().flat_map(move |tag| times(tag, TAGS_TIMES)))
        .chain(body.iter().map(String::as_str))
}

/// Documents that have everything that was asked for; none if nothing was.
#[must_use]
pub fn all_words(meaning: &Meaning, fields: TextFields) -> Option<Box<dyn Query>> {
    if meaning.is_empty() {
        return None;
    }
    let mut clauses: Vec<(Occur, Box<dyn Query>)> = Vec::new();
    for group in &meaning.wanted {
        match plain_word(group) {
            Some(word) => {
                clauses.push((Occur::Must, stem_term(fields, word, 1.0)));
                clauses.push((Occur::Should, form_term(fields, word, EXACT_BOOST)));
            }
            None => clauses.push((Occur::Must, self::group(group, fields, Occur::Must))),
        }
    }
    clauses.extend(title(meaning, fields).map(|title| (Occur::Should, title)));
    Some(without(clauses, meaning, fields))
}

/// Documents that have some of what was asked for; none if that is no more than
/// [`all_words`] finds.
#[must_use]
pub fn some_words(meaning: &Meaning, fields: TextFields) -> Option<Box<dyn Query>> {
    if meaning.wanted.len() < 2 && meaning.wanted.iter().all(|group| group.parts.len() < 2) {
        return None;
    }
    let mut clauses: Vec<(Occur, Box<dyn Query>)> = Vec::new();
    for group in &meaning.wanted {
        match plain_word(group) {
            Some(word) => {
                clauses.push((Occur::Should, stem_term(fields, word, 1.0)));
                clauses.push((Occur::Should, form_term(fields, word, EXACT_BOOST)));
            }
            None => clauses.push((Occur::Should, self::group(group, fields, Occur::Should))),
        }
    }
    clauses.extend(title(meaning, fields).map(|title| (Occur::Should, title)));
    Some(without(clauses, meaning, fields))
}

fn without(mut clauses: Vec<(Occur, Box<dyn Query>)>, meaning: &Meaning, fields: TextFields) -> Box<dyn Query> {
    if meaning.unwanted.is_empty() {
        return Box::new(BooleanQuery::new(clauses));
    }
    let wanted: Box<dyn Query> = if clauses.is_empty() {
        Box::new(tantivy::query::AllQuery)
    } else {
        Box::new(BooleanQuery::new(std::mem::take(&mut clauses)))
    };
    clauses.push((Occur::Must, wanted));
    clauses.extend(
        meaning
            .unwanted
            .iter()
            .map(|unwanted| (Occur::MustNot, Box::new(Unwanted(part(unwanted, fields))) as Box<dyn Query>)),
    );
    Box::new(BooleanQuery::new(clauses))
}

/// Titles that have all words that were typed or meant; none where no words were typed.
fn title(meaning: &Meaning, fields: TextFields) -> Option<Box<dyn Query>> {
    let mut clauses: Vec<(Occur, Box<dyn Query>)> = Vec::new();
    for part in meaning.wanted.iter().flat_map(|group| &group.parts) {
        match part {
            Part::Word(forms) => {
                let forms = forms.iter().filter(|form| !form.synonym).take(ALTERNATIVES_MAX);
                let forms = forms.map(|form| term(fields.title, &stem(&form.word), form.weight));
                clauses.push((Occur::Must, best_of(forms.collect())));
            }
            Part::Phrase(words) | Part::Exact(words) => {
                clauses.extend(words.iter().map(|word| (Occur::Must, term(fields.title, &stem(word), 1.0))));
            }
            Part::Beginning(_) => {}
        }
    }
    (!clauses.is_empty()).then(|| boosted(Box::new(BooleanQuery::new(clauses)), TITLE_BOOST))
}

/// The word of a group that is nothing but a word. Such groups are put flat into the query, which
/// the index answers many times faster than nested ones.
fn plain_word(group: &Group) -> Option<&str> {
    match (&group.parts[..], &group.instead[..]) {
        ([Part::Word(forms)], []) if forms.len() == 1 => Some(&forms[0].word),
        _ => None,
    }
}

fn group(group: &Group, fields: TextFields, each: Occur) -> Box<dyn Query> {
    let mut parts: Vec<Box<dyn Query>> = group.parts.iter().map(|one| part(one, fields)).collect();
    let typed = match parts.len() {
        1 => parts.remove(0),
        _ => Box::new(BooleanQuery::new(parts.into_iter().map(|part| (each, part)).collect())),
    };
    let instead = group.instead.iter().take(ALTERNATIVES_MAX).map(|(words, weight)| {
        let query = match &words[..] {
            [word] => word_query(fields, word, 1.0),
            words => phrase(fields, words),
        };
        boosted(query, *weight)
    });
    best_of(std::iter::once(typed).chain(instead).collect())
}

fn part(part: &Part, fields: TextFields) -> Box<dyn Query> {
    match part {
        Part::Word(forms) => {
            let forms = forms.iter().take(ALTERNATIVES_MAX);
            best_of(forms.map(|form| word_query(fields, &form.word, form.weight)).collect())
        }
        Part::Phrase(words) => phrase(fields, words),
        Part::Exact(words) => {
            let mut clauses: Vec<(Occur, Box<dyn Query>)> =
                words.iter().map(|word| (Occur::Must, form_term(fields, word, 1.0))).collect();
            if words.len() > 1 {
                clauses.push((Occur::Must, phrase(fields, words)));
            }
            Box::new(BooleanQuery::new(clauses))
        }
        Part::Beginning(words) => best_of(words.iter().map(|word| form_term(fields, word, 1.0)).collect()),
    }
}

/// A word by its stem and its form.
fn word_query(fields: TextFields, word: &str, weight: f32) -> Box<dyn Query> {
    Box::new(BooleanQuery::new(vec![
        (Occur::Must, stem_term(fields, word, weight)),
        (Occur::Should, form_term(fields, word, weight * EXACT_BOOST)),
    ]))
}

fn phrase(fields: TextFields, words: &[String]) -> Box<dyn Query> {
    match words {
        [] => Box::new(EmptyQuery),
        [word] => word_query(fields, word, 1.0),
        words => {
            let terms = words.iter().map(|word| Term::from_field_text(fields.stems, &stem(word))).collect();
            Box::new(PhraseQuery::new(terms))
        }
    }
}

fn best_of(mut queries: Vec<Box<dyn Query>>) -> Box<dyn Query> {
    if queries.len() == 1 { queries.remove(0) } else { Box::new(DisjunctionMaxQuery::new(queries)) }
}

fn stem_term(fields: TextFields, word: &str, weight: f32) -> Box<dyn Query> {
    term(fields.stems, &stem(word), weight)
}

fn form_term(fields: TextFields, word: &str, weight: f32) -> Box<dyn Query> {
    term(fields.words, word, weight)
}

fn term(field: Field, text: &str, weight: f32) -> Box<dyn Query> {
    let query = TermQuery::new(Term::from_field_text(field, text), IndexRecordOption::WithFreqs);
    boosted(Box::new(query), weight)
}

#[expect(clippy::float_cmp, reason = "the weight 1 is a constant, not computed")]
fn boosted(query: Box<dyn Query>, weight: f32) -> Box<dyn Query> {
    if weight == 1.0 { query } else { Box::new(BoostQuery::new(query, weight)) }
}
