//! The map of Ukraine, drawn here as SVG: what was done where, and who is ready to share. The address
//! holds everything that was chosen, and the table below says the same.

mod chosen;
mod drawing;

use std::collections::BTreeMap;
use std::sync::Arc;

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use crdt::codifier;

use crate::App;
use crate::error::Failure;
use crate::format;
use crate::library::registry::RegistryEntry;
use crate::library::search::{Facet, FacetCount, SearchRequest};
use crate::library::{Library, LibraryError};
use crate::pages::answer;
use crate::pages::frame::Visitor;
use crate::pages::narrowing::{Choice, regions};
use crate::registry::{Wanted, find, today};
use crate::words::geography as gw;
use crate::{assets, words};

use chosen::{AT_ONCE, Chosen, Show, kept, narrowings};
use drawing::{Drawing, Place, draw};
pub(crate) use drawing::{Locator, locator};

/// A row of the table.
struct Row {
    name: String,
    href: String,
    list: String,
    found: String,
    communities: String,
    ready: String,
    chosen: bool,
}

/// A community of the list beside a zoomed map.
struct Neighbour {
    name: String,
    href: String,
    count: String,
}

/// The page.
#[derive(Template)]
#[template(path = "map.html")]
struct Page {
    v: Visitor,
    shows: Vec<Choice>,
    query: String,
    choices: Vec<(&'static str, &'static str, Vec<Choice>)>,
    /// More of the same, folded away unless one of them narrows.
    more: Vec<(&'static str, &'static str, Vec<Choice>)>,
    unfolded: bool,
    kept: Vec<(String, String)>,
    chosen_name: Option<String>,
    narrowed: bool,
    count: String,
    ready: bool,
    of_practices: bool,
    partial: bool,
    drawing: Drawing,
    rows: Vec<Row>,
    total: String,
    total_communities: String,
    total_ready: String,
    neighbours: Vec<Neighbour>,
    list: String,
    whole: String,
    clear: String,
}

/// `/map`
pub(crate) async fn show(State(app): State<Arc<App>>, v: Visitor) -> Response {
    answer(&v, shown(&app, &v).await)
}

/// What the library says of what was chosen.
struct Counts {
    /// Found, by oblast, wherever the oblast was not chosen.
    oblasts: BTreeMap<String, u64>,
    /// Found, by community.
    places: Vec<FacetCount>,
    /// In all.
    total: u64,
    /// Whether the search answered.
    ready: bool,
    /// Whether it lacks some documents just now.
    partial: bool,
}

async fn shown(app: &App, v: &Visitor) -> Result<Page, Failure> {
    let chosen = Chosen::read(v)?;
    let (search, is_of_practices) = (chosen.search.clone(), chosen.show == Show::Practices);
    let oblast = chosen.wanted.oblast.clone();
    let asked = move |library: &dyn Library| {
        let entries = library.registry()?;
        let counted = if is_of_practices { practices(library, &search, &oblast)? } else { None };
        Ok((entries, counted))
    };
    let (entries, counted) = app.ask(asked).await?;
    let counts = counted.unwrap_or_else(|| communities(&entries, &chosen));
    Ok(laid_out(v, &chosen, &entries, &counts))
}

/// Practices by place, from the index; none while it cannot answer. Counted once, wherever the oblast was
/// not chosen: what is inside follows.
fn practices(library: &dyn Library, search: &SearchRequest, oblast: &str) -> Result<Option<Counts>, LibraryError> {
    let mut everywhere = search.clone();
    everywhere.filters.retain(|(facet, _)| *facet != Facet::Oblast);
    let all = match library.places(&everywhere) {
        Ok(all) => all,
        Err(error) if error.lacks_search() => return Ok(None),
        Err(error) => return Err(error),
    };
    let elsewhere = if oblast.is_empty() { all.elsewhere } else { 0 };
    let oblasts = by_oblast(&all.found);
    let places: Vec<FacetCount> = all.found.into_iter().filter(|place| is_inside(&place.value, oblast)).collect();
    let total = places.iter().map(|place| place.count).sum::<u64>() + elsewhere;
    if all.catching_up && total == 0 {
        // An index that has only begun knows of nothing, which is not the same as nothing being there.
        return Ok(None);
    }
    Ok(Some(Counts { oblasts, places, total, ready: true, partial: all.catching_up }))
}

fn by_oblast(places: &[FacetCount]) -> BTreeMap<String, u64> {
    let mut oblasts = BTreeMap::new();
    for place in places {
        if let Some(hromada) = codifier::find(&place.value) {
            *oblasts.entry(hromada.oblast.to_owned()).or_insert(0) += place.count;
        }
    }
    oblasts
}

/// Communities by place, from the registry; where practices are meant, how many each has.
fn communities(entries: &[RegistryEntry], chosen: &Chosen) -> Counts {
    let everywhere = Wanted { oblast: String::new(), ..chosen.wanted.clone() };
    let is_of_practices = chosen.show == Show::Practices;
    let wanted = if is_of_practices { Wanted::default() } else { everywhere };
    let found = find(entries, &wanted, None, today());
    let place = |row: &crate::registry::Found<'_>| FacetCount {
        value: row.entry.community.code.clone(),
        count: if is_of_practices { row.entry.community.practices } else { 1 },
        chosen: false,
    };
    let all: Vec<FacetCount> = found.iter().map(place).filter(|place| place.count > 0).collect();
    let oblasts = by_oblast(&all);
    let places: Vec<FacetCount> =
        all.into_iter().filter(|place| is_inside(&place.value, &chosen.wanted.oblast)).collect();
    Counts {
        oblasts,
        total: places.iter().map(|place| place.count).sum(),
        places,
        ready: !is_of_practices,
        partial: false,
    }
}

fn is_inside(code: &str, oblast: &str) -> bool {
    oblast.is_empty() || codifier::find(code).is_some_and(|hromada| hromada.oblast == oblast)
}

fn laid_out(v: &Visitor, chosen: &Chosen, entries: &[RegistryEntry], counts: &Counts) -> Page {
    let oblast = chosen.wanted.oblast.as_str();
    let by_code: BTreeMap<&str, &RegistryEntry> =
        entries.iter().map(|entry| (entry.community.code.as_str(), entry)).collect();
    let mut places: Vec<Place> = counts.places.iter().filter_map(|place| placed(v, &by_code, place)).collect();
    places.sort_by_cached_key(|place| (std::cmp::Reverse(place.count), format::alphabet_key(&place.name)));
    let neighbours = |place: &Place| Neighbour {
        name: place.name.clone(),
        href: place.href.clone(),
        count: format::number(place.count),
    };
    let mut listed = narrowings(v, chosen);
    let still_chosen = kept(chosen, &listed);
    let more = listed.split_off(AT_ONCE);
    let counted = if chosen.show == Show::Practices { words::PRACTICES_COUNTED } else { words::COMMUNITIES_COUNTED };
    Page {
        shows: Show::ALL
            .map(|show| Choice {
                value: show.key().to_owned(),
                text: v.say(show.label()).to_owned(),
                chosen: show == chosen.show,
            })
            .into(),
        query: chosen.value("q").to_owned(),
        kept: still_chosen,
        choices: listed,
        unfolded: more.iter().any(|(_, _, choices)| choices.iter().any(|choice| choice.chosen)),
        more,
        chosen_name: codifier::region(oblast).map(|region| crate::pages::terms::region_name(v, region)),
        narrowed: chosen.narrows() || !oblast.is_empty(),
        count: v.count(counts.total, counted),
        ready: counts.ready,
        partial: counts.partial,
        of_practices: chosen.show == Show::Practices,
        rows: rows(v, chosen, entries, counts),
        total: format::number(counts.oblasts.values().sum()),
        total_communities: format::number(entries.len() as u64),
        total_ready: format::number(
            entries.iter().filter(|entry| !entry.profile.ready_to_share.is_empty()).count() as u64
        ),
        neighbours: if oblast.is_empty() { Vec::new() } else { places.iter().map(neighbours).collect() },
        list: chosen.list(v, oblast),
        whole: chosen.href(v, ""),
        clear: v.link(&["map"]),
        drawing: draw(v, &counts.oblasts, &places, oblast, &|code| chosen.href(v, code), counted),
        v: v.clone(),
    }
}

/// A place of the map: the community's own page where it has one, else the list of its oblast.
fn placed(v: &Visitor, by_code: &BTreeMap<&str, &RegistryEntry>, place: &FacetCount) -> Option<Place> {
    let hromada = codifier::find(&place.value)?;
    let known = by_code.get(place.value.as_str());
    let position = known.and_then(|entry| crate::registry::position(entry)).or_else(|| hromada.position())?;
    let name = crate::pages::frame::short_name(&v.place(hromada.code));
    let href = match known {
        Some(entry) => v.link(&["communities", &entry.community.id]),
        None => {
            let quoted = format!("\"{}\"", hromada.name);
            v.link_with(&["practices"], &[("q", quoted.as_str()), ("oblast", hromada.oblast)])
        }
    };
    Some(Place { name, href, oblast: hromada.oblast, at: crate::map::projected(position), count: place.count })
}

fn rows(v: &Visitor, chosen: &Chosen, entries: &[RegistryEntry], counts: &Counts) -> Vec<Row> {
    let (mut all, mut ready) = (BTreeMap::new(), BTreeMap::new());
    for entry in entries {
        if let Some(hromada) = codifier::find(&entry.community.code) {
            *all.entry(hromada.oblast).or_insert(0_u64) += 1;
            *ready.entry(hromada.oblast).or_insert(0_u64) += u64::from(!entry.profile.ready_to_share.is_empty());
        }
    }
    let row = |choice: Choice| {
        let code = choice.value.as_str();
        Row {
            href: chosen.href(v, code),
            list: chosen.list(v, code),
            found: format::number(counts.oblasts.get(code).copied().unwrap_or_default()),
            communities: format::number(all.get(code).copied().unwrap_or_default()),
            ready: format::number(ready.get(code).copied().unwrap_or_default()),
            chosen: choice.chosen,
            name: choice.text,
        }
    };
    regions(v, &chosen.wanted.oblast).into_iter().map(row).collect()
}
