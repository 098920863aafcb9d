//! Documents like another: practices that a reader of one may want to read, and those that say nearly
//! the same as one that is written.

use std::collections::HashMap;

use crdt::gate::DocumentKind;
use crdt::id::DocumentId;
use crdt::practice::{PRACTICE, Practice};
use crdt::view::View;
use tantivy::query::{BooleanQuery, BoostQuery, Occur, Query, TermQuery};
use tantivy::schema::IndexRecordOption;
use tantivy::{Searcher, Term};
use web_ui::library::search::{Facet, SIMILAR_MAX};

use super::collect::{Order, PageCollector};
use super::facets::{Like, Narrowing};
use super::folder::Folder;
use super::{Shared, Unanswered, analysis, likeness, text};

/// Words of a document by which others like it are looked for: those that say most.
const LIKE_WORDS_MAX: usize = 25;
/// Words of a document that are weighed for that.
const LIKE_WORDS_READ_MAX: usize = 2_000;
/// The share of the library from which on a word says nothing, and how many documents may have it in a
/// small library.
const COMMON_SHARE: f32 = 0.2;
const COMMON_MIN: f32 = 5.0;
/// Documents that share a band with one that is written, or its title, and are compared with it.
const COMPARED_MAX: usize = 20;
/// Words of a title that are compared.
const TITLE_WORDS_MAX: usize = 24;
/// From how many percent on two texts are said to be nearly the same. Copies share 94 % and more of the
/// shingles even where they are short; projects that one form describes share up to 45 %, strategies from
/// one consultant up to 52 %.
const NEARLY_THE_SAME: u8 = 60;
/// The same for texts with one title: what is told again a year later shares 35 %, what only has the
/// title of another 1 %.
const NEARLY_THE_SAME_TITLED: u8 = 25;

/// Practices like one: those that share the words that say most about it, before all where they share its
/// sectors and mechanisms.
pub(super) fn similar(shared: &Shared, folder: &Folder, id: &DocumentId) -> Result<Vec<DocumentId>, Unanswered> {
    let view = shared.store.view(id)?.filter(|view| view.kind == DocumentKind::Practice);
    let view = view.ok_or(Unanswered::NotFound)?;
    let searcher = folder.reader.searcher();
    let words = telling_words(&searcher, folder, &view)?;
    if words.is_empty() {
        return Ok(Vec::new());
    }
    let clauses = words.into_iter().map(|(stem, weight)| {
        let term = Term::from_field_text(folder.fields.stems, &stem);
        let query = TermQuery::new(term, IndexRecordOption::WithFreqs);
        (Occur::Should, Box::new(BoostQuery::new(Box::new(query), weight)) as Box<dyn Query>)
    });
    let query = BooleanQuery::new(clauses.collect());
    let practice: Practice = view.typed(PRACTICE);
    let order = Order::Like(Like::new(&practice.sectors, &practice.mechanisms, &practice.themes));
    let collector = PageCollector { narrowing: practices(), order, keep: SIMILAR_MAX + 1 };
    let found = searcher.search(&query, &collector)?;
    Ok(found.hits.iter().map(|hit| hit.document).filter(|document| document != id).take(SIMILAR_MAX).collect())
}

/// The stems of a document that are frequent in it and rare in others, with their weight.
fn telling_words(searcher: &Searcher, folder: &Folder, view: &View) -> tantivy::Result<Vec<(String, f32)>> {
    let mut counts: HashMap<String, f32> = HashMap::new();
    for piece in text::pieces(view, None) {
        for word in analysis::words(&piece.text).take(LIKE_WORDS_READ_MAX) {
            analysis::with_forms(word.text, |normal, stem| {
                if stem.chars().count() > 2 && !analysis::is_stop_word(normal) {
                    *counts.entry(stem.to_owned()).or_default() += piece.weight as f32;
                }
            });
            if counts.len() >= LIKE_WORDS_READ_MAX {
                break;
            }
        }
    }
    let documents = searcher.num_docs().max(1) as f32;
    let mut weighed = Vec::with_capacity(counts.len());
    for (stem, count) in counts {
        let others = searcher.doc_freq(&Term::from_field_text(folder.fields.stems, &stem))? as f32;
        // A word of its own only finds itself; one of every third text says what kind of text it is, not
        // what about.
        if others >= 2.0 && others <= (documents * COMMON_SHARE).max(COMMON_MIN) {
            let rarity = (1.0 + documents / others).ln();
            weighed.push((stem, count.sqrt() * rarity));
        }
    }
    weighed.sort_unstable_by(|a, b| b.1.total_cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
    weighed.truncate(LIKE_WORDS_MAX);
    let most = weighed.first().map_or(1.0, |(_, weight)| *weight);
    Ok(weighed.into_iter().map(|(stem, weight)| (stem, weight / most)).collect())
}

/// Practices and nothing else.
fn practices() -> Narrowing {
    Narrowing::new(&[(Facet::Kind, vec!["practice".into()])])
}

/// The words of a title as they are compared: in normal form, in their order.
fn title_words(title: &str) -> Vec<String> {
    analysis::words(title).map(|word| analysis::normal(word.text)).take(TITLE_WORDS_MAX).collect()
}

/// Documents whose titles have all of these words.
fn with_title(folder: &Folder, words: &[String]) -> BooleanQuery {
    let clause = |word: &String| {
        let term = Term::from_field_text(folder.fields.title, word);
        (Occur::Must, Box::new(TermQuery::new(term, IndexRecordOption::Basic)) as Box<dyn Query>)
    };
    BooleanQuery::new(words.iter().map(clause).collect())
}

/// Practices that say nearly the same as one that is written.
pub(super) fn near_duplicates(
    shared: &Shared,
    folder: &Folder,
    practice: &Practice,
    except: Option<&DocumentId>,
) -> Result<Vec<(DocumentId, u8)>, Unanswered> {
    let shingles = likeness::shingles(practice);
    let clauses = likeness::bands(&shingles).into_iter().map(|band| {
        let query = TermQuery::new(Term::from_field_u64(folder.fields.bands, band), IndexRecordOption::Basic);
        (Occur::Should, Box::new(query) as Box<dyn Query>)
    });
    let bands = BooleanQuery::new(clauses.collect());
    let title = title_words(&practice.title);
    let searcher = folder.reader.searcher();
    let mut met: Vec<DocumentId> = Vec::new();
    for query in [bands, with_title(folder, &title)] {
        // Other kinds have titles like those of the practices that they tell of.
        let collector = PageCollector { narrowing: practices(), order: Order::Score, keep: COMPARED_MAX };
        met.extend(searcher.search(&query, &collector)?.hits.iter().map(|hit| hit.document));
    }
    met.sort_unstable();
    met.dedup();
    let mut alike = Vec::new();
    for document in met.into_iter().filter(|document| Some(document) != except) {
        let Some(view) = shared.store.view(&document)? else { continue };
        let other: Practice = view.typed(PRACTICE);
        let percent = likeness::percent(&shingles, &likeness::shingles(&other));
        let same_title = !title.is_empty() && title_words(&other.title) == title;
        // What is called the same in the same place is the same, however it is told.
        let same_place = practice.community.is_some() && practice.community == other.community;
        let least = if same_title { NEARLY_THE_SAME_TITLED } else { NEARLY_THE_SAME };
        if percent >= least || (same_title && same_place) {
            alike.push((document, percent));
        }
    }
    alike.sort_unstable_by_key(|(document, percent)| (std::cmp::Reverse(*percent), *document));
    Ok(alike)
}
