//! Search in the library in memory: words anywhere in the text, no morphology.

use std::collections::BTreeMap;

use crdt::codifier::{self, Hromada};

use super::{Contents, card};
use crate::library::search::{
    Because, Facet, FacetCount, FacetCounts, FoundPlaces, Hit, SearchPage, SearchRequest, Span, Suggestion, Understood,
};
use crate::library::{DocumentCard, PracticePage};

fn text(page: &PracticePage) -> String {
    serde_json::to_string(&page.practice).unwrap_or_default().to_lowercase()
}

fn values(page: &PracticePage, facet: Facet) -> Vec<String> {
    match facet {
        Facet::Kind => vec!["practice".into()],
        Facet::Sector => page.practice.sectors.clone(),
        Facet::Theme => page.practice.themes.clone(),
        Facet::Mechanism => page.practice.mechanisms.clone(),
        Facet::Oblast => {
            let place = page.practice.community.as_deref().unwrap_or(&page.owner_code);
            codifier::find(place).map(|hromada| hromada.oblast.to_owned()).into_iter().collect()
        }
        Facet::Stage => page.practice.stage.iter().cloned().collect(),
        Facet::Language => vec![page.practice.lang.clone()],
        Facet::Year => page.practice.started.iter().filter_map(|date| date.get(..4)).map(str::to_owned).collect(),
        _ => Vec::new(),
    }
}

fn passes(page: &PracticePage, request: &SearchRequest, but: Option<Facet>) -> bool {
    let words = request.query.to_lowercase();
    let whole = text(page);
    words.split_whitespace().all(|word| whole.contains(word))
        && request.filters.iter().filter(|(facet, _)| Some(*facet) != but).all(|(facet, wanted)| {
            let values = values(page, *facet);
            wanted.iter().any(|value| values.contains(value))
        })
}

fn counts(pages: &[&PracticePage], request: &SearchRequest, facet: Facet) -> FacetCounts {
    let chosen = request.filters.iter().filter(|(named, _)| *named == facet).flat_map(|(_, values)| values);
    let mut counts: BTreeMap<String, FacetCount> =
        chosen.map(|value| (value.clone(), FacetCount { value: value.clone(), count: 0, chosen: true })).collect();
    for page in pages.iter().filter(|page| passes(page, request, Some(facet))) {
        for value in values(page, facet) {
            counts.entry(value.clone()).or_insert(FacetCount { value, count: 0, chosen: false }).count += 1;
        }
    }
    FacetCounts { facet, values: counts.into_values().collect() }
}

pub(super) fn search(contents: &Contents, request: &SearchRequest) -> SearchPage {
    let pages: Vec<&PracticePage> = contents.practices.values().collect();
    let found: Vec<&PracticePage> = pages.iter().copied().filter(|page| passes(page, request, None)).collect();
    let hit = |page: &&PracticePage| {
        let card = card(page);
        Hit {
            kind: "practice".into(),
            snippet_lang: page.practice.lang.clone(),
            title: vec![Span { text: card.title.clone(), hit: false }],
            snippet: vec![
                Span { text: card.summary.clone(), hit: false },
                Span { text: request.query.clone(), hit: true },
            ],
            because: vec![Because { field: "title".into(), words: vec![request.query.clone()] }],
            card,
            ..Hit::default()
        }
    };
    SearchPage {
        hits: found.iter().skip(request.offset).take(request.limit).map(hit).collect(),
        total: found.len() as u64,
        facets: Facet::ALL.iter().map(|facet| counts(&pages, request, *facet)).collect(),
        understood: Understood::default(),
        catching_up: false,
    }
}

pub(super) fn suggest(contents: &Contents, beginning: &str) -> Vec<Suggestion> {
    let pages = contents.practices.values();
    let like = pages.filter(|page| page.practice.title.to_lowercase().starts_with(&beginning.to_lowercase()));
    like.map(|page| Suggestion {
        text: page.practice.title.clone(),
        kind: "practice".into(),
        id: Some(page.id.clone()),
        filter: None,
    })
    .collect()
}

/// Those that begin as the text does: enough to see that they are shown.
pub(super) fn hromadas_meant(text: &str, most: usize) -> Vec<&'static Hromada> {
    let start: String = text.chars().take(3).collect();
    let all = codifier::all().iter();
    all.filter(|hromada| !start.is_empty() && hromada.name.starts_with(&start)).take(most).collect()
}

pub(super) fn others(contents: &Contents, id: Option<&str>) -> Vec<DocumentCard> {
    contents.practices.values().filter(|page| Some(page.id.as_str()) != id).map(card).collect()
}

pub(super) fn places(contents: &Contents, request: &SearchRequest) -> FoundPlaces {
    let mut counts = BTreeMap::new();
    for page in contents.practices.values().filter(|page| passes(page, request, None)) {
        let place = page.practice.community.clone().unwrap_or_else(|| page.owner_code.clone());
        *counts.entry(place).or_insert(0) += 1;
    }
    let found = counts.into_iter().map(|(value, count)| FacetCount { value, count, chosen: false }).collect();
    FoundPlaces { found, ..FoundPlaces::default() }
}
