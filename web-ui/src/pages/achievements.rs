//! What the network achieved: communities, practices, adoptions and outcomes by sector, oblast and
//! month, as plots and as tables, to be shown to a council or a donor.

use std::collections::BTreeMap;
use std::sync::Arc;

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use crdt::codifier;
use crdt::gate::DocumentKind;
use crdt::vocabulary::{ADOPTION_STATUSES, SECTORS};

use crate::App;
use crate::assets;
use crate::error::Failure;
use crate::format;
use crate::library::{Census, Tally};
use crate::pages::answer;
use crate::pages::frame::Visitor;
use crate::pages::terms::{region_name, term};
use crate::words;
use crate::words::records as rw;

/// Months that the plots show: three years, which a project lasts.
const MONTHS_SHOWN: usize = 36;
/// The length of the longest bar, in units of the drawing.
const BAR: u64 = 300;

/// One bar of a plot, which is a row of its table too.
struct Bar {
    label: String,
    count: String,
    /// Units of the drawing.
    length: u64,
}

/// A plot with its table.
struct Plot {
    id: String,
    title: &'static str,
    bars: Vec<Bar>,
}

/// One kind, counted.
struct Counted {
    id: &'static str,
    title: &'static str,
    total: String,
    communities: String,
    plots: Vec<Plot>,
    /// Outcomes by sector and by oblast, where there are outcomes.
    tables: Vec<Crossed>,
}

/// How many there are of each state in each sector or oblast.
struct Crossed {
    id: String,
    title: String,
    states: Vec<String>,
    rows: Vec<(String, Vec<String>)>,
}

#[derive(Template)]
#[template(path = "achievements.html")]
struct Achievements {
    v: Visitor,
    communities: String,
    kinds: Vec<Counted>,
}

/// `/achievements`
pub(crate) async fn show(State(app): State<Arc<App>>, v: Visitor) -> Response {
    answer(&v, page(&app, &v).await)
}

async fn page(app: &App, v: &Visitor) -> Result<Achievements, Failure> {
    let read = app.ask(|library| {
        Ok((
            library.status()?.communities,
            library.census(DocumentKind::Practice)?,
            library.census(DocumentKind::Adoption)?,
            library.census(DocumentKind::Exchange)?,
            library.census(DocumentKind::Seminar)?,
        ))
    });
    let (communities, practices, adoptions, exchanges, seminars) = read.await?;
    Ok(Achievements {
        communities: v.count(communities, words::COMMUNITIES_COUNTED),
        kinds: vec![
            counted(v, "practices", v.say(words::PRACTICES), &practices, &[By::Sector, By::Oblast, By::Month]),
            counted(v, "adoptions", v.say(rw::ADOPTIONS), &adoptions, &[By::State, By::Sector, By::Oblast, By::Month]),
            counted(v, "exchange", v.say(rw::EXCHANGE), &exchanges, &[By::Sector, By::Oblast]),
            counted(v, "seminars", v.say(rw::SEMINARS), &seminars, &[By::Oblast, By::Month]),
        ],
        v: v.clone(),
    })
}

/// By what something is counted.
#[derive(Clone, Copy)]
enum By {
    State,
    Sector,
    Oblast,
    Month,
}

fn counted(v: &Visitor, id: &'static str, title: &'static str, census: &Census, by: &[By]) -> Counted {
    Counted {
        id,
        title,
        total: format::number(census.total),
        communities: v.count(census.communities, words::COMMUNITIES_COUNTED),
        tables: if by.iter().any(|by| matches!(by, By::State)) {
            [By::Sector, By::Oblast].iter().filter_map(|by| crossed(v, id, *by, &census.rows)).collect()
        } else {
            Vec::new()
        },
        plots: by.iter().enumerate().map(|(n, by)| plot(v, format!("{id}-{n}"), *by, &census.rows)).collect(),
    }
}

/// States by sector or oblast; none if nothing is counted.
fn crossed(v: &Visitor, id: &str, by: By, rows: &[Tally]) -> Option<Crossed> {
    let mut states: BTreeMap<String, u64> = BTreeMap::new();
    let mut cells: BTreeMap<(String, String), u64> = BTreeMap::new();
    for row in rows {
        *states.entry(row.state.clone()).or_default() += row.count;
        *cells.entry((by.key(row), row.state.clone())).or_default() += row.count;
    }
    let states = in_order(states, ADOPTION_STATUSES.terms.iter().map(|term| term.key));
    let mut keys: Vec<(String, String)> = cells.keys().map(|(key, _)| (said(v, by, key), key.clone())).collect();
    keys.dedup();
    keys.sort_by(|a, b| a.1.is_empty().cmp(&b.1.is_empty()).then_with(|| format::in_alphabet(&a.0, &b.0)));
    let counted = |key: &str| {
        let of = |(state, _): &(String, u64)| cells.get(&(key.to_owned(), state.clone())).copied().unwrap_or_default();
        states.iter().map(of).map(format::number).collect()
    };
    let title = if matches!(by, By::Sector) { rw::OUTCOMES_BY_SECTOR } else { rw::OUTCOMES_BY_OBLAST };
    (!keys.is_empty()).then(|| Crossed {
        id: format!("{id}-{}", if matches!(by, By::Sector) { "by-sector" } else { "by-oblast" }),
        title: v.say(title).to_owned(),
        rows: keys.iter().map(|(label, key)| (label.clone(), counted(key))).collect(),
        states: states.iter().map(|(state, _)| said(v, By::State, state)).collect(),
    })
}

impl By {
    fn key(self, row: &Tally) -> String {
        match self {
            Self::State => row.state.clone(),
            Self::Sector => row.sector.clone(),
            Self::Oblast => row.oblast.clone(),
            Self::Month => row.month.clone(),
        }
    }
}

fn plot(v: &Visitor, id: String, by: By, rows: &[Tally]) -> Plot {
    let mut counts: BTreeMap<String, u64> = BTreeMap::new();
    rows.iter().for_each(|row| *counts.entry(by.key(row)).or_default() += row.count);
    let mut counts: Vec<(String, u64)> = match by {
        By::State => in_order(counts, ADOPTION_STATUSES.terms.iter().map(|term| term.key)),
        By::Sector => in_order(counts, SECTORS.terms.iter().map(|term| term.key)),
        By::Oblast => {
            let mut all: Vec<_> = counts.into_iter().collect();
            all.sort_by(|a, b| b.1.cmp(&a.1).then(a.0.cmp(&b.0)));
            all
        }
        // What is not said comes after what is.
        By::Month => {
            let unsaid = counts.remove_entry("");
            counts.into_iter().chain(unsaid).collect()
        }
    };
    if matches!(by, By::Month) {
        counts.drain(..counts.len().saturating_sub(MONTHS_SHOWN));
    }
    let longest = counts.iter().map(|(_, count)| *count).max().unwrap_or(1).max(1);
    let bar = |(key, count): &(String, u64)| Bar {
        label: said(v, by, key),
        count: format::number(*count),
        // What there is at all is to be seen.
        length: (count * BAR / longest).max(1),
    };
    let title = match by {
        By::State => rw::BY_STATE,
        By::Sector => rw::BY_SECTOR,
        By::Oblast => rw::BY_OBLAST,
        By::Month if id.starts_with("practices") => rw::BY_MONTH_STARTED,
        By::Month => rw::BY_MONTH,
    };
    Plot { id, title: v.say(title), bars: counts.iter().map(bar).collect() }
}

/// Counts in the order of a vocabulary; what it does not have comes last.
fn in_order(mut counts: BTreeMap<String, u64>, keys: impl Iterator<Item = &'static str>) -> Vec<(String, u64)> {
    let mut all: Vec<(String, u64)> = keys.filter_map(|key| counts.remove_entry(key)).collect();
    all.extend(counts);
    all
}

fn said(v: &Visitor, by: By, key: &str) -> String {
    match by {
        _ if key.is_empty() => v.say(rw::WITHOUT).to_owned(),
        By::State => term(v, &ADOPTION_STATUSES, key),
        By::Sector => term(v, &SECTORS, key),
        By::Oblast => codifier::region(key).map_or_else(|| key.to_owned(), |region| region_name(v, region)),
        By::Month => format::date(key),
    }
}
