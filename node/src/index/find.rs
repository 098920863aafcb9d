//! Answers: from a request to a page of hits.

use std::sync::{Arc, LazyLock};

use crdt::codifier;
use crdt::gate::DocumentKind;
use rayon::iter::{IntoParallelRefIterator, ParallelIterator};
use rayon::{ThreadPool, ThreadPoolBuilder};
use tantivy::collector::Collector;
use tantivy::query::{AllQuery, EnableScoring, Query};
use tantivy::{Executor, Searcher};
use web_ui::library::search::{DEPTH_MAX, FacetCount, FoundPlaces, Hit, SearchPage, SearchRequest, Sort, Span};
use web_ui::library::{DocumentCard, PAGE_MAX};

use super::collect::{Found, FoundHit, Order, PageCollector, PlaceCollector};
use super::facets::Narrowing;
use super::folder::Folder;
use super::places::Distances;
use super::plan::{self, Plan};
use super::ranking::FEW_HITS;
use super::snippet::{self, Marks, Shown};
use super::text::{self, Piece};
use super::{Shared, State, Unanswered, adoptions, document};

/// A page of hits.
pub(super) fn search(
    shared: &Shared,
    folder: &Folder,
    request: &SearchRequest,
    own: Option<&str>,
) -> Result<SearchPage, Unanswered> {
    let plan = plan::plan(&shared.words, folder, request);
    let mut filters = request.filters.clone();
    filters.extend(plan.understood.filters.iter().cloned());
    let near = request.near.as_deref().or(own);
    let distances = shared.with_places(|places| near.and_then(|code| places.seen_from(code)));
    let searcher = folder.reader.searcher();
    let order = order(request, &plan, distances.clone(), &searcher, folder)?;
    let (offset, limit) = (request.offset.min(DEPTH_MAX), request.limit.min(PAGE_MAX));
    let collector = PageCollector { narrowing: Narrowing::new(&filters), order, keep: offset + limit };
    let (found, relaxed) = run(&searcher, &plan, &collector)?;
    let mut understood = plan.understood;
    understood.relaxed = relaxed;
    let page = found.hits.get(offset..).unwrap_or_default();
    let hits = all_shown(page, |hit| shown(shared, folder, &searcher, hit, &plan.marks, distances.as_deref()))?;
    Ok(SearchPage {
        hits,
        total: found.total,
        facets: found.counts.written(&filters),
        understood,
        catching_up: shared.state() != State::Ready,
    })
}

fn order(
    request: &SearchRequest,
    plan: &Plan,
    distances: Option<Arc<Distances>>,
    searcher: &Searcher,
    folder: &Folder,
) -> Result<Order, Unanswered> {
    Ok(match (request.sort, distances) {
        (Sort::Near, Some(distances)) => Order::Near(distances),
        (Sort::Adoptions, _) => Order::Adoptions(Arc::new(adoptions::all(searcher, &folder.fields)?)),
        (Sort::Relevance, _) if plan.all.is_some() => Order::Score,
        _ => Order::Newest,
    })
}

/// What a query finds, the parts of the index looked through side by side.
fn searched(searcher: &Searcher, query: &dyn Query, collector: &PageCollector) -> tantivy::Result<Found> {
    let scoring = if collector.requires_scoring() {
        EnableScoring::enabled_from_searcher(searcher)
    } else {
        EnableScoring::disabled_from_searcher(searcher)
    };
    searcher.search_with_executor(query, collector, &Executor::ThreadPool(Arc::clone(&SEARCHING)), scoring)
}

/// All words first; if only few documents have them all, those that have some of them as well.
fn run(searcher: &Searcher, plan: &Plan, collector: &PageCollector) -> Result<(Found, bool), Unanswered> {
    let Some(all) = &plan.all else {
        return Ok((searched(searcher, &AllQuery, collector)?, false));
    };
    let found = searched(searcher, all.as_ref(), collector)?;
    if found.total >= FEW_HITS as u64 {
        return Ok((found, false));
    }
    let Some(some) = &plan.some else { return Ok((found, false)) };
    let more = searched(searcher, some.as_ref(), collector)?;
    let relaxed = more.total > found.total;
    Ok((more, relaxed))
}

/// How many of the hits tell of which community.
pub(super) fn places(shared: &Shared, folder: &Folder, request: &SearchRequest) -> Result<FoundPlaces, Unanswered> {
    let plan = plan::plan(&shared.words, folder, request);
    let filters = [&request.filters[..], &plan.understood.filters].concat();
    let collector = PlaceCollector { narrowing: Narrowing::new(&filters) };
    let searcher = folder.reader.searcher();
    let all: Box<dyn Query> = plan.all.unwrap_or_else(|| Box::new(AllQuery));
    let mut counts = searcher.search(all.as_ref(), &collector)?;
    if let Some(some) = &plan.some
        && counts.iter().sum::<u64>() < FEW_HITS as u64
    {
        counts = searcher.search(some.as_ref(), &collector)?;
    }
    let hromadas = codifier::all().iter().zip(counts.iter().skip(1));
    let found = hromadas.filter(|(_, count)| **count > 0);
    Ok(FoundPlaces {
        found: found
            .map(|(hromada, count)| FacetCount { value: hromada.code.to_owned(), count: *count, chosen: false })
            .collect(),
        elsewhere: counts.first().copied().unwrap_or_default(),
        catching_up: shared.state() != State::Ready,
    })
}

/// The threads that look through the index and show hits: an old PC has two cores. They are of search
/// alone, so that no book that is typeset keeps a page waiting, and they stay, so that they remember the
/// words of the library.
static SEARCHING: LazyLock<Arc<ThreadPool>> = LazyLock::new(|| {
    let named = |n| format!("searching-{n}");
    let pool = ThreadPoolBuilder::new().num_threads(2).thread_name(named).build();
    Arc::new(pool.expect("the system starts two more threads"))
});

/// Shows hits on two threads: reading their texts is most of the time of a page.
fn all_shown(
    hits: &[FoundHit],
    show: impl Fn(&FoundHit) -> Result<Option<Hit>, Unanswered> + Sync,
) -> Result<Vec<Hit>, Unanswered> {
    SEARCHING.install(|| hits.par_iter().map(&show).filter_map(Result::transpose).collect())
}

/// A hit as it is shown; none if the store does not have it any more, or it is hidden on this node
/// and the index has not learnt of it yet.
fn shown(
    shared: &Shared,
    folder: &Folder,
    searcher: &Searcher,
    hit: &FoundHit,
    marks: &Marks,
    distances: Option<&Distances>,
) -> Result<Option<Hit>, Unanswered> {
    if shared.store.is_hidden(&hit.document) {
        return Ok(None);
    }
    let listed = if marks.is_empty() { listed(shared, hit)? } else { None };
    let read = match listed {
        Some(read) => Some(read),
        None => read_whole(shared, hit, marks)?,
    };
    let Some((card, shown)) = read else { return Ok(None) };
    let owner = card.owner.parse().map_err(|_| Unanswered::NotFound)?;
    let place = usize::try_from(hit.place).unwrap_or_default();
    Ok(Some(Hit {
        kind: card.kind.clone(),
        title: snippet::marked(&card.title, marks),
        snippet: shown.snippet,
        snippet_lang: shown.lang,
        because: shown.because,
        distance_km: distances.and_then(|distances| distances.km.get(place).copied().flatten()),
        adoptions: adoptions::of(searcher, &folder.fields, &hit.document, &owner)?,
        card,
    }))
}

/// A hit where no word was looked for: its row in the lists has all that is shown, and no text is read.
fn listed(shared: &Shared, hit: &FoundHit) -> Result<Option<(DocumentCard, Shown)>, Unanswered> {
    let card = shared.store.card(&hit.document)?;
    let told = card.filter(|card| !card.title.is_empty() && !card.summary.is_empty());
    Ok(told.map(|card| {
        let snippet = snippet::opening(&card.summary);
        let lang = card.lang.clone();
        (card, Shown { snippet, lang, because: Vec::new() })
    }))
}

/// A hit with the piece of its text that was looked for.
fn read_whole(shared: &Shared, hit: &FoundHit, marks: &Marks) -> Result<Option<(DocumentCard, Shown)>, Unanswered> {
    let Some((view, mut card)) = shared.store.view_and_card(&hit.document)? else { return Ok(None) };
    let place = document::place_of(&view, &card.owner_code);
    let mut pieces = text::pieces(&view, place.as_deref());
    if view.kind == DocumentKind::Practice {
        pieces.extend(text::translated(&shared.store.translations(&hit.document)?));
    }
    if view.kind == DocumentKind::Profile {
        card.title = codifier::find(&card.owner_code).map(codifier::Hromada::full_name_uk).unwrap_or_default();
        card.summary = first_text(&pieces);
        card.place = Some(card.owner_code.clone());
    }
    let shown = snippet::shown(&pieces, marks);
    Ok(Some((card, shown)))
}

fn first_text(pieces: &[Piece]) -> String {
    let shown = snippet::shown(pieces, &Marks::default()).snippet;
    shown.into_iter().map(|span: Span| span.text).collect()
}
