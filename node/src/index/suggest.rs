//! Suggestions while somebody types: terms, communities and titles that go on as the beginning does.
//!
//! Bounded whatever is typed: of the last word's continuations only some are looked at, and of the
//! documents only the best few are read from the store.

use crdt::codifier::Hromada;
use crdt::id::DocumentId;
use tantivy::Term;
use tantivy::query::{BooleanQuery, Occur, Query, TermQuery};
use tantivy::schema::IndexRecordOption;
use web_ui::library::search::{Facet, QUERY_CHARS_MAX, SUGGESTIONS_MAX, Suggestion};

use super::collect::{Order, PageCollector};
use super::facets::{self, Narrowing};
use super::folder::Folder;
use super::named::{self, By, Found};
use super::{Shared, Unanswered, analysis};

/// Words of a beginning that are looked at; the last of them is the one being typed.
const WORDS_MAX: usize = 8;
/// Continuations of the last word that are read from the table of words.
const CONTINUATIONS_READ_MAX: usize = 512;
/// Continuations that are searched: those in most titles.
const CONTINUATIONS_MAX: usize = 24;
/// Suggestions of each kind but titles, so that titles always have room.
const OF_A_KIND_MAX: usize = 3;

/// What may be meant.
pub(super) fn suggest(shared: &Shared, folder: &Folder, beginning: &str) -> Result<Vec<Suggestion>, Unanswered> {
    let beginning: String = beginning.chars().take(QUERY_CHARS_MAX).collect();
    let words: Vec<String> =
        analysis::words(&beginning).map(|word| analysis::normal(word.text)).take(WORDS_MAX).collect();
    if words.is_empty() {
        return Ok(Vec::new());
    }
    let mut suggestions = terms(&words);
    suggestions.extend(named_as_typed(&named::typed(&beginning, By::Name)));
    titles(shared, folder, &words, &mut suggestions)?;
    // Only what is like nothing else is taken for a mistyped name.
    if suggestions.is_empty() {
        suggestions.extend(named_as_typed(&named::mistyped(&beginning, By::Name)));
    }
    suggestions.truncate(SUGGESTIONS_MAX);
    Ok(suggestions)
}

/// Whether a name has all the words, the last one as a beginning.
fn goes_on(name: &[String], words: &[String]) -> bool {
    let Some((last, whole)) = words.split_last() else { return false };
    whole.iter().all(|word| name.contains(word)) && name.iter().any(|word| word.starts_with(last.as_str()))
}

fn normal_words(text: &str) -> Vec<String> {
    analysis::words(text).map(|word| analysis::normal(word.text)).collect()
}

fn terms(words: &[String]) -> Vec<Suggestion> {
    use crdt::vocabulary as v;
    let vocabularies = [(Facet::Mechanism, &v::MECHANISMS), (Facet::Sector, &v::SECTORS), (Facet::Theme, &v::THEMES)];
    let all =
        vocabularies.iter().flat_map(|(facet, vocabulary)| vocabulary.terms.iter().map(move |term| (*facet, term)));
    all.filter_map(|(facet, term)| {
        let label = [term.uk, term.en].into_iter().find(|label| goes_on(&normal_words(label), words))?;
        Some(Suggestion {
            text: label.to_owned(),
            kind: "term".into(),
            id: None,
            filter: Some((facet, term.key.to_owned())),
        })
    })
    .take(OF_A_KIND_MAX)
    .collect()
}

/// Communities alone.
pub(super) fn communities(beginning: &str) -> Vec<Suggestion> {
    let found = named::typed(beginning, By::Name);
    let found = if found.hromadas.is_empty() { named::mistyped(beginning, By::Name) } else { found };
    named_as_typed(&found).collect()
}

/// Communities in the letters in which they were typed.
fn named_as_typed(found: &Found) -> impl Iterator<Item = Suggestion> {
    let name = |hromada: &&'static Hromada| if found.latin { hromada.full_name_en() } else { hromada.full_name_uk() };
    let names = found.hromadas.iter().take(OF_A_KIND_MAX).map(name);
    names.map(|text| Suggestion { text, kind: "community".into(), id: None, filter: None })
}

fn titles(
    shared: &Shared,
    folder: &Folder,
    words: &[String],
    suggestions: &mut Vec<Suggestion>,
) -> Result<(), Unanswered> {
    let Some((last, whole)) = words.split_last() else { return Ok(()) };
    let term = |word: &str| -> Box<dyn Query> {
        Box::new(TermQuery::new(Term::from_field_text(folder.fields.title, word), IndexRecordOption::Basic))
    };
    let mut clauses: Vec<(Occur, Box<dyn Query>)> = whole.iter().map(|word| (Occur::Must, term(word))).collect();
    let continuations = continuations(folder, last)?;
    if continuations.is_empty() {
        return Ok(());
    }
    let any = continuations.iter().map(|word| (Occur::Should, term(word))).collect();
    clauses.push((Occur::Must, Box::new(BooleanQuery::new(any))));
    let collector = PageCollector {
        narrowing: Narrowing::new(&[(Facet::Kind, vec![facets::KINDS[0].into()])]),
        order: Order::Newest,
        keep: SUGGESTIONS_MAX,
    };
    let found = folder.reader.searcher().search(&BooleanQuery::new(clauses), &collector)?;
    for hit in found.hits {
        suggestions.extend(title(shared, &hit.document)?);
    }
    Ok(())
}

fn title(shared: &Shared, document: &DocumentId) -> Result<Option<Suggestion>, Unanswered> {
    let card = shared.store.card(document)?.filter(|_| !shared.store.is_hidden(document));
    Ok(card.map(|card| Suggestion {
        text: card.title,
        kind: "practice".into(),
        id: Some(document.to_string()),
        filter: None,
    }))
}

/// Words of titles that begin so, those in most titles first.
fn continuations(folder: &Folder, beginning: &str) -> tantivy::Result<Vec<String>> {
    let mut found: Vec<(u32, String)> = Vec::new();
    for segment in folder.reader.searcher().segment_readers() {
        let inverted = segment.inverted_index(folder.fields.title)?;
        let mut terms = inverted.terms().range().ge(beginning).into_stream()?;
        let mut read = 0;
        while read < CONTINUATIONS_READ_MAX && terms.advance() && terms.key().starts_with(beginning.as_bytes()) {
            read += 1;
            if let Ok(word) = str::from_utf8(terms.key()) {
                found.push((terms.value().doc_freq, word.to_owned()));
            }
        }
    }
    found.sort_unstable_by(|a, b| a.1.cmp(&b.1));
    found.dedup_by(|a, b| {
        let same = a.1 == b.1;
        if same {
            b.0 += a.0;
        }
        same
    });
    found.sort_unstable_by(|a, b| b.0.cmp(&a.0).then_with(|| a.1.cmp(&b.1)));
    Ok(found.into_iter().take(CONTINUATIONS_MAX).map(|(_, word)| word).collect())
}
