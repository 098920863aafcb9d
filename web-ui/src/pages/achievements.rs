//! What the network achieved: communities, practices, adoptions and outcomes by sector, oblast and
//! month, as plots and as tables, to be shown to a council or a donor.

use std::collections::BTreeMap;
use std::sync::Arc;

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use crdt::codifier;
use crdt::gate::DocumentKind;
use crdt::vocabulary::{ADOPTION_STATUSES, CAMPAIGN_CHANNELS, OUTCOMES, SECTORS, Vocabulary};

use crate::App;
use crate::assets;
use crate::error::Failure;
use crate::format;
use crate::library::{Census, CensusBy, Library, LibraryError, Tally};
use crate::pages::answer;
use crate::pages::frame::Visitor;
use crate::pages::records::outcome::Outcomes;
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
    /// What else is counted.
    facts: Vec<(&'static str, String)>,
    /// What the counts mean, and what they do not.
    note: Option<String>,
    plots: Vec<Plot>,
    tables: Vec<Crossed>,
}

/// How many there are of one thing in each of another, as states in sectors.
struct Crossed {
    id: String,
    title: &'static str,
    columns: Vec<String>,
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

/// One kind as the page counts it.
struct Read {
    /// By all that is set against each other, over all months.
    across: Census,
    /// By month alone.
    months: Census,
}

fn read(library: &dyn Library, kind: DocumentKind, across: &[CensusBy]) -> Result<Read, LibraryError> {
    Ok(Read { across: library.census(kind, across)?, months: library.census(kind, &[CensusBy::Month])? })
}

async fn page(app: &App, v: &Visitor) -> Result<Achievements, Failure> {
    use CensusBy::{Oblast, Outcome, Sector, State};
    let read = app.ask(|library| {
        Ok((
            library.status()?.communities,
            read(library, DocumentKind::Practice, &[Sector, Oblast])?,
            read(library, DocumentKind::Adoption, &[State, Outcome, Sector, Oblast])?,
            read(library, DocumentKind::Exchange, &[Sector, Oblast])?,
            read(library, DocumentKind::Seminar, &[Oblast])?,
            read(library, DocumentKind::Use, &[State, Oblast])?,
        ))
    });
    let (communities, practices, adoptions, exchanges, seminars, uses) = read.await?;
    Ok(Achievements {
        communities: v.count(communities, words::COMMUNITIES_COUNTED),
        kinds: vec![
            counted(v, "practices", v.say(words::PRACTICES), &practices, &[By::Sector, By::Place, By::Year]),
            adopted(v, &adoptions),
            counted(v, "exchange", v.say(rw::EXCHANGE), &exchanges, &[By::Sector, By::Oblast]),
            counted(v, "seminars", v.say(rw::SEMINARS), &seminars, &[By::Oblast, By::Month]),
            campaign(v, &uses),
        ],
        v: v.clone(),
    })
}

/// By what something is counted.
#[derive(Clone, Copy)]
enum By {
    State,
    Outcome,
    Channel,
    Sector,
    Oblast,
    /// The oblast where a practice happened.
    Place,
    Month,
    /// Many practices say no more of their beginning.
    Year,
}

fn counted(v: &Visitor, id: &'static str, title: &'static str, read: &Read, by: &[By]) -> Counted {
    let plot = |(n, by): (usize, &By)| {
        let census = if by.is_time() { &read.months } else { &read.across };
        plot(v, format!("{id}-{n}"), *by, &census.rows)
    };
    Counted {
        id,
        title,
        total: format::number(read.across.total),
        communities: v.count(read.across.communities, words::COMMUNITIES_COUNTED),
        facts: Vec::new(),
        note: None,
        tables: Vec::new(),
        plots: by.iter().enumerate().map(plot).collect(),
    }
}

/// Adoptions: how far they are, and what came of them.
fn adopted(v: &Visitor, read: &Read) -> Counted {
    let by = [By::State, By::Outcome, By::Sector, By::Oblast, By::Month];
    let tables = [
        ("outcomes-by-sector", rw::OUTCOMES_BY_SECTOR, By::Sector, By::Outcome),
        ("outcomes-by-oblast", rw::OUTCOMES_BY_OBLAST, By::Oblast, By::Outcome),
        ("states-by-sector", rw::STATES_BY_SECTOR, By::Sector, By::State),
        ("states-by-oblast", rw::STATES_BY_OBLAST, By::Oblast, By::State),
    ];
    let rows = &read.across.rows;
    Counted {
        note: Outcomes::of(rows.iter().map(|row| (row.outcome.as_str(), row.count))).said(v),
        tables: tables
            .into_iter()
            .filter_map(|(id, title, of, column)| crossed(v, (id, v.say(title)), of, column, rows))
            .collect(),
        ..counted(v, "adoptions", v.say(rw::ADOPTIONS), read, &by)
    }
}

/// Uses of materials: whom the campaign reached, as communities say.
fn campaign(v: &Visitor, read: &Read) -> Counted {
    let census = &read.across;
    let (reach, told) = reached(census.rows.iter());
    let mut channels: BTreeMap<&str, Vec<&Tally>> = BTreeMap::new();
    census.rows.iter().for_each(|row| channels.entry(&row.state).or_default().push(row));
    let row = |(key, rows): &(&str, Vec<&Tally>)| {
        let (reach, told) = reached(rows.iter().copied());
        let times = rows.iter().map(|row| row.count).sum();
        (said(v, By::Channel, key), [times, told, reach].map(format::number).to_vec())
    };
    let rows: Vec<_> = in_order(channels, &CAMPAIGN_CHANNELS).iter().map(row).collect();
    let table = Crossed {
        id: "reach-by-channel".to_owned(),
        title: v.say(rw::REACH_BY_CHANNEL),
        columns: [rw::USES, rw::REACH_TOLD, rw::REACH].map(|words| v.say(words).to_owned()).to_vec(),
        rows,
    };
    Counted {
        facts: vec![
            (v.say(rw::MATERIALS_USED), format::number(census.about)),
            (v.say(words::COMMUNITIES), format::number(census.communities)),
            (v.say(rw::REACH), format::number(reach)),
            (v.say(rw::REACH_TOLD), format!("{} / {}", format::number(told), format::number(census.total))),
        ],
        note: (census.total > 0).then(|| v.say(rw::REACH_MEANS).to_owned()),
        tables: if table.rows.is_empty() { Vec::new() } else { vec![table] },
        ..counted(v, "campaign", v.say(rw::CAMPAIGN), read, &[By::Channel, By::Oblast, By::Month])
    }
}

/// People reached, and for how many uses that is told.
fn reached<'a>(rows: impl Iterator<Item = &'a Tally>) -> (u64, u64) {
    rows.fold((0, 0), |(reach, told), row| (u64::saturating_add(reach, row.reach), told + row.reach_told))
}

/// One thing in each of another; none if nothing is counted.
fn crossed(v: &Visitor, (id, title): (&str, &'static str), of: By, column: By, rows: &[Tally]) -> Option<Crossed> {
    let mut columns: BTreeMap<&str, u64> = BTreeMap::new();
    let mut cells: BTreeMap<(&str, &str), u64> = BTreeMap::new();
    for row in rows {
        *columns.entry(column.key(row)).or_default() += row.count;
        *cells.entry((of.key(row), column.key(row))).or_default() += row.count;
    }
    let columns = column.in_order(columns);
    let mut keys: Vec<(String, &str)> = cells.keys().map(|(key, _)| (said(v, of, key), *key)).collect();
    keys.dedup();
    keys.sort_by(|a, b| a.1.is_empty().cmp(&b.1.is_empty()).then_with(|| format::in_alphabet(&a.0, &b.0)));
    let counted = |key: &str| {
        let of = |(column, _): &(&str, u64)| cells.get(&(key, *column)).copied().unwrap_or_default();
        columns.iter().map(of).map(format::number).collect()
    };
    (!keys.is_empty()).then(|| Crossed {
        id: id.to_owned(),
        title,
        rows: keys.iter().map(|(label, key)| (label.clone(), counted(key))).collect(),
        columns: columns.iter().map(|(key, _)| said(v, column, key)).collect(),
    })
}

impl By {
    fn key(self, row: &Tally) -> &str {
        match self {
            Self::State | Self::Channel => &row.state,
            Self::Outcome => &row.outcome,
            Self::Sector => &row.sector,
            Self::Oblast | Self::Place => &row.oblast,
            Self::Month => &row.month,
            Self::Year => row.month.get(..4).unwrap_or(&row.month),
        }
    }

    const fn is_time(self) -> bool {
        matches!(self, Self::Month | Self::Year)
    }

    fn vocabulary(self) -> Option<&'static Vocabulary> {
        match self {
            Self::State => Some(&ADOPTION_STATUSES),
            Self::Outcome => Some(&OUTCOMES),
            Self::Channel => Some(&CAMPAIGN_CHANNELS),
            Self::Sector => Some(&SECTORS),
            Self::Oblast | Self::Place | Self::Month | Self::Year => None,
        }
    }

    /// Counts in the order of its vocabulary; what has none, as it is.
    fn in_order(self, counts: BTreeMap<&str, u64>) -> Vec<(&str, u64)> {
        match self.vocabulary() {
            Some(vocabulary) => in_order(counts, vocabulary),
            None => counts.into_iter().collect(),
        }
    }
}

fn plot(v: &Visitor, id: String, by: By, rows: &[Tally]) -> Plot {
    let mut counts: BTreeMap<&str, u64> = BTreeMap::new();
    rows.iter().for_each(|row| *counts.entry(by.key(row)).or_default() += row.count);
    let mut counts: Vec<(&str, u64)> = match by {
        By::Oblast | By::Place => {
            let mut all: Vec<_> = counts.into_iter().collect();
            all.sort_by(|a, b| b.1.cmp(&a.1).then(a.0.cmp(b.0)));
            all
        }
        // What is not said comes after what is.
        By::Month | By::Year => {
            let unsaid = counts.remove_entry("");
            counts.into_iter().chain(unsaid).collect()
        }
        _ => by.in_order(counts),
    };
    if by.is_time() {
        counts.drain(..counts.len().saturating_sub(MONTHS_SHOWN));
    }
    let longest = counts.iter().map(|(_, count)| *count).max().unwrap_or(1).max(1);
    let bar = |(key, count): &(&str, u64)| Bar {
        label: said(v, by, key),
        count: format::number(*count),
        // What there is at all is to be seen.
        length: (count * BAR / longest).max(1),
    };
    let title = match by {
        By::State => rw::BY_STATE,
        By::Outcome => rw::BY_OUTCOME,
        By::Channel => rw::BY_CHANNEL,
        By::Sector => rw::BY_SECTOR,
        By::Oblast => rw::BY_OBLAST,
        By::Place => rw::BY_PLACE,
        By::Year => rw::BY_YEAR_STARTED,
        By::Month => rw::BY_MONTH,
    };
    Plot { id, title: v.say(title), bars: counts.iter().map(bar).collect() }
}

/// What is counted in the order of a vocabulary; what that does not have comes last.
fn in_order<'a, T>(mut counts: BTreeMap<&'a str, T>, vocabulary: &Vocabulary) -> Vec<(&'a str, T)> {
    let mut all: Vec<(&str, T)> = vocabulary.terms.iter().filter_map(|term| counts.remove_entry(term.key)).collect();
    // What is not said comes at the very end.
    let unsaid = counts.remove_entry("");
    all.extend(counts.into_iter().chain(unsaid));
    all
}

fn said(v: &Visitor, by: By, key: &str) -> String {
    match by {
        By::Outcome if key.is_empty() => v.say(rw::NOT_TOLD).to_owned(),
        _ if key.is_empty() => v.say(rw::WITHOUT).to_owned(),
        By::Oblast | By::Place => codifier::region(key).map_or_else(|| key.to_owned(), |region| region_name(v, region)),
        By::Month | By::Year => format::date(key),
        _ => by.vocabulary().map_or_else(|| key.to_owned(), |vocabulary| term(v, vocabulary, key)),
    }
}
