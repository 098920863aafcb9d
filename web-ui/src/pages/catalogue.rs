//! The catalogue: searching, narrowing, sorting. The address holds everything that was chosen.

use std::sync::Arc;

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use crdt::field::Field;
use crdt::practice::PRACTICE;
use crdt::profile::PROFILE;

use crate::App;
use crate::error::Failure;
use crate::format;
use crate::library::search::{
    Because, DEPTH_MAX, Facet, FacetCounts, Hit, SearchPage, SearchRequest, Sort, Span, Understood,
};
use crate::library::{LibraryError, PageRequest};
use crate::looking;
use crate::pages::entries::{Entry, other_tongue};
use crate::pages::fields::label;
use crate::pages::frame::Visitor;
use crate::pages::{ROWS, answer, terms};
use crate::translated;
use crate::words::catalogue as cw;
use crate::words::practice as pw;
use crate::{assets, words};

/// Values of a facet that are shown before «more».
const VALUES_SHOWN: usize = 7;
/// Facets whose values are shown without opening them.
const FACETS_OPEN: usize = 3;
/// Words by which a hit was found that are named of one field.
const BECAUSE_WORDS: usize = 4;

/// A link with what it says.
struct Link {
    text: String,
    href: String,
}

/// One value that can be chosen.
struct Value {
    text: String,
    href: String,
    count: String,
    chosen: bool,
}

/// One facet.
struct Group {
    label: &'static str,
    open: bool,
    first: Vec<Value>,
    rest: Vec<Value>,
}

/// A document that was found.
struct Found {
    entry: Entry,
    id: String,
    can_compare: bool,
    title: Vec<Span>,
    snippet: Vec<Span>,
    /// Its language, where the page is in another.
    snippet_tongue: Option<String>,
    because: Vec<String>,
    distance: Option<String>,
    adoptions: Option<String>,
}

/// What was understood of the query and differs from what was typed.
struct Notes {
    repaired: Option<String>,
    verbatim: Link,
    did_you_mean: Vec<Link>,
    also: String,
    left_out: String,
    typed: String,
    relaxed: bool,
}

/// The page.
#[derive(Template)]
#[template(path = "catalogue.html")]
struct Catalogue {
    v: Visitor,
    query: String,
    hidden: Vec<(&'static str, String)>,
    count: String,
    range: Option<String>,
    chosen: Vec<Link>,
    clear: String,
    sorts: Vec<(Link, bool)>,
    groups: Vec<Group>,
    notes: Option<Notes>,
    others: Option<Link>,
    found: Vec<Found>,
    ready: bool,
    catching_up: bool,
    previous: Option<String>,
    next: Option<String>,
    too_deep: bool,
    exports: Vec<Link>,
    map: String,
}

/// `/practices`
pub(crate) async fn show(State(app): State<Arc<App>>, v: Visitor) -> Response {
    answer(&v, shown(&app, &v).await)
}

async fn shown(app: &App, v: &Visitor) -> Result<Catalogue, Failure> {
    let mut request = looking::request(v.pairs(), ROWS, false)?;
    request.limit = ROWS;
    let asked = of_kind(&request);
    let everything = request.query.is_empty() && request.filters.is_empty();
    let (language, has_words) = (v.language, !request.query.is_empty());
    let page = app.ask(move |library| {
        let (mut page, ready) = match library.search(&asked) {
            // Whoever only leafs through needs no index: reading goes on while it is built anew.
            Err(error) if everything && error.lacks_search() => (listed(library, asked.offset)?, false),
            page => (page?, true),
        };
        translated::hits(library, &mut page.hits, language, has_words)?;
        Ok((page, ready))
    });
    let (page, ready) = page.await?;
    Ok(laid_out(v, &request, page, ready))
}

/// The search itself: practices, unless the address says communities.
fn of_kind(request: &SearchRequest) -> SearchRequest {
    let mut asked = request.clone();
    if !asked.filters.iter().any(|(facet, _)| *facet == Facet::Kind) {
        asked.filters.push((Facet::Kind, vec!["practice".to_owned()]));
    }
    asked
}

/// The practices without an index. Only the first page: there is no going on by number in a list.
fn listed(library: &dyn crate::library::Library, offset: usize) -> Result<SearchPage, LibraryError> {
    let rows = library.practices(&PageRequest { after: None, limit: ROWS }, None)?;
    let hit = |card: crate::library::DocumentCard| Hit {
        kind: "practice".to_owned(),
        title: vec![Span { text: card.title.clone(), hit: false }],
        snippet: vec![Span { text: card.summary.clone(), hit: false }],
        snippet_lang: card.lang.clone(),
        card,
        ..Hit::default()
    };
    let hits = if offset == 0 { rows.rows.into_iter().map(hit).collect() } else { Vec::new() };
    Ok(SearchPage { total: rows.total, hits, ..SearchPage::default() })
}

fn laid_out(v: &Visitor, request: &SearchRequest, page: SearchPage, ready: bool) -> Catalogue {
    let end = request.offset + page.hits.len();
    let more = ready && (end as u64) < page.total && !page.hits.is_empty();
    Catalogue {
        query: request.query.clone(),
        hidden: hidden(request),
        count: v.count(
            page.total,
            if is_of_profiles(request) { words::COMMUNITIES_COUNTED } else { words::PRACTICES_COUNTED },
        ),
        range: (page.total as usize > page.hits.len() && !page.hits.is_empty())
            .then(|| format!("{}–{}", format::number(request.offset as u64 + 1), format::number(end as u64))),
        chosen: chosen(v, request),
        clear: href(v, &SearchRequest { query: request.query.clone(), ..SearchRequest::default() }),
        sorts: sorts(v, request),
        groups: groups(v, request, &page.facets),
        notes: notes(v, request, &page.understood),
        others: others(v, request, &page.facets),
        found: page.hits.iter().map(|hit| found(v, hit, !request.query.is_empty())).collect(),
        ready,
        catching_up: ready && page.catching_up,
        previous: (request.offset > 0).then(|| moved(v, request, request.offset.saturating_sub(ROWS))),
        next: (more && end <= DEPTH_MAX).then(|| moved(v, request, end)),
        too_deep: more && end > DEPTH_MAX,
        map: to(v, "map", &SearchRequest { sort: Sort::default(), offset: 0, near: None, ..request.clone() }),
        exports: exports(v, request),
        v: v.clone(),
    }
}

fn is_of_profiles(request: &SearchRequest) -> bool {
    request.filters.iter().any(|(facet, values)| *facet == Facet::Kind && values.iter().any(|value| value == "profile"))
}

/// The address of a search.
pub(crate) fn href(v: &Visitor, request: &SearchRequest) -> String {
    to(v, "practices", request)
}

/// The address of all practices that have one value of a facet.
pub(crate) fn narrowed(v: &Visitor, facet: Facet, value: &str) -> String {
    href(v, &SearchRequest { filters: vec![(facet, vec![value.to_owned()])], ..SearchRequest::default() })
}

fn to(v: &Visitor, place: &str, request: &SearchRequest) -> String {
    let pairs = looking::pairs(request);
    let pairs: Vec<(&str, &str)> = pairs.iter().map(|(name, value)| (*name, value.as_str())).collect();
    v.link_with(&[place], &pairs)
}

fn moved(v: &Visitor, request: &SearchRequest, offset: usize) -> String {
    href(v, &SearchRequest { offset, ..request.clone() })
}

/// What the search box must carry along so that a new query keeps what was chosen.
fn hidden(request: &SearchRequest) -> Vec<(&'static str, String)> {
    let kept = SearchRequest { query: String::new(), verbatim: false, offset: 0, ..request.clone() };
    looking::pairs(&kept)
}

fn chosen(v: &Visitor, request: &SearchRequest) -> Vec<Link> {
    let one = |facet: Facet, value: &String| Link {
        text: format!("{}: {}", v.say(terms::facet(facet)), terms::value(v, facet, value)),
        href: href(v, &looking::turned(request, facet, value)),
    };
    let named = request.filters.iter().flat_map(|(facet, values)| values.iter().map(|value| (*facet, value)));
    named.map(|(facet, value)| one(facet, value)).collect()
}

/// The orders that make sense: by nearness only for a node that is somewhere.
fn sorts(v: &Visitor, request: &SearchRequest) -> Vec<(Link, bool)> {
    let is_somewhere = v.home().is_some() || request.near.is_some();
    let useful = Sort::ALL.iter().filter(|sort| match sort {
        Sort::Near => is_somewhere,
        Sort::Relevance => !request.query.is_empty(),
        _ => true,
    });
    let now = if request.query.is_empty() && request.sort == Sort::Relevance { Sort::Newest } else { request.sort };
    let link = |sort: &Sort| {
        let href = href(v, &SearchRequest { sort: *sort, offset: 0, ..request.clone() });
        (Link { text: v.say(terms::sort(*sort)).to_owned(), href }, *sort == now)
    };
    useful.map(link).collect()
}

fn groups(v: &Visitor, request: &SearchRequest, facets: &[FacetCounts]) -> Vec<Group> {
    let shown = facets.iter().filter(|counts| counts.facet != Facet::Kind);
    let useful = shown.filter(|counts| counts.values.iter().any(|value| value.chosen) || counts.values.len() > 1);
    let group = |(place, counts): (usize, &FacetCounts)| {
        let value = |count: &crate::library::search::FacetCount| Value {
            text: terms::value(v, counts.facet, &count.value),
            href: href(v, &looking::turned(request, counts.facet, &count.value)),
            count: format::number(count.count),
            chosen: count.chosen,
        };
        let mut first: Vec<Value> = counts.values.iter().map(value).collect();
        let rest = if first.len() > VALUES_SHOWN + 1 { first.split_off(VALUES_SHOWN) } else { Vec::new() };
        let open = place < FACETS_OPEN || first.iter().chain(&rest).any(|value| value.chosen);
        Group { label: v.say(terms::facet(counts.facet)), open, first, rest }
    };
    useful.enumerate().map(group).collect()
}

/// Communities that the same words find, where practices are shown; and the other way round.
fn others(v: &Visitor, request: &SearchRequest, facets: &[FacetCounts]) -> Option<Link> {
    if request.query.is_empty() {
        return None;
    }
    let (other, counted) = if is_of_profiles(request) {
        ("practice", words::PRACTICES_COUNTED)
    } else {
        ("profile", words::COMMUNITIES_COUNTED)
    };
    let kinds = facets.iter().find(|counts| counts.facet == Facet::Kind)?;
    let count =
        kinds.values.iter().find(|value| value.value == other).map(|value| value.count).filter(|count| *count > 0)?;
    let mut request = SearchRequest { offset: 0, ..request.clone() };
    request.filters.retain(|(facet, _)| *facet != Facet::Kind);
    if other == "profile" {
        request.filters.push((Facet::Kind, vec![other.to_owned()]));
    }
    Some(Link { text: v.count(count, counted), href: href(v, &request) })
}

fn notes(v: &Visitor, request: &SearchRequest, understood: &Understood) -> Option<Notes> {
    if *understood == Understood::default() {
        return None;
    }
    let asks = |query: &str, verbatim| {
        href(v, &SearchRequest { query: query.to_owned(), verbatim, offset: 0, ..request.clone() })
    };
    let typed = understood.filters.iter().flat_map(|(facet, values)| {
        values.iter().map(|value| format!("{}: {}", v.say(terms::facet(*facet)), terms::value(v, *facet, value)))
    });
    Some(Notes {
        repaired: understood.repaired.clone(),
        verbatim: Link { text: request.query.clone(), href: asks(&request.query, true) },
        did_you_mean: understood
            .did_you_mean
            .iter()
            .map(|query| Link { text: query.clone(), href: asks(query, false) })
            .collect(),
        also: understood.also.join(", "),
        left_out: understood.left_out.join(", "),
        typed: typed.collect::<Vec<_>>().join("; "),
        relaxed: understood.relaxed,
    })
}

fn found(v: &Visitor, hit: &Hit, has_words: bool) -> Found {
    let is_profile = hit.kind == "profile";
    let table = if is_profile { PROFILE } else { PRACTICE };
    let mut entry = Entry::new(v, &hit.card);
    if is_profile {
        entry.href = v.link(&["communities", &hit.card.owner]);
        // A community has a name in each language; of what it says of itself the language is not known.
        entry.tongue = None;
    }
    let because =
        if has_words { hit.because.iter().map(|because| told(v, table, because)).collect() } else { Vec::new() };
    Found {
        id: hit.card.id.clone(),
        can_compare: !is_profile,
        snippet_tongue: other_tongue(v, &hit.snippet_lang).filter(|_| !is_profile && !hit.snippet.is_empty()),
        title: if is_profile && v.is_english() {
            vec![Span { text: v.place(&hit.card.owner_code), hit: false }]
        } else if hit.title.iter().all(|span| span.text.trim().is_empty()) {
            vec![Span { text: entry.title.clone(), hit: false }]
        } else {
            hit.title.clone()
        },
        snippet: hit.snippet.clone(),
        because,
        distance: hit
            .distance_km
            .filter(|km| *km > 0 && entry.place.is_some())
            .map(|km| format!("{}\u{a0}{}", format::number(km.into()), v.say(cw::KM))),
        adoptions: (hit.adoptions > 0).then(|| v.count(hit.adoptions, words::COMMUNITIES_COUNTED)),
        entry,
    }
}

fn told(v: &Visitor, table: &'static [Field], because: &Because) -> String {
    let field = match because.field.as_str() {
        "place" => v.say(cw::PLACE_WORD),
        key => table.iter().find(|field| field.key == key).map_or(key, |field| label(v.language, field)),
    };
    let words = because.words.iter().take(BECAUSE_WORDS).cloned().collect::<Vec<_>>().join(", ");
    if words.is_empty() { field.to_owned() } else { format!("{field} ({words})") }
}

/// The same list as files.
fn exports(v: &Visitor, request: &SearchRequest) -> Vec<Link> {
    let all = SearchRequest { offset: 0, ..request.clone() };
    let pairs = looking::pairs(&all);
    let json = format::address(&["api", "v1", "search"], pairs.iter().map(|(name, value)| (*name, value.as_str())));
    let own = [("practices.xlsx", cw::AS_XLSX), ("practices.csv", cw::AS_CSV)];
    let mut links: Vec<Link> =
        own.map(|(place, text)| Link { text: v.say(text).to_owned(), href: to(v, place, &all) }).into();
    links.push(Link { text: v.say(cw::AS_JSON).to_owned(), href: json });
    links
}
