//! What a reader wants to know of a practice before reading it: cost, time, size, means, evidence.

use crdt::codifier;
use crdt::practice::{Practice, Vouched};
use crdt::vocabulary as v;

use crate::format;
use crate::pages::frame::Visitor;
use crate::pages::terms::term;
use crate::words::practice as pw;

/// Inhabitants of the community, if its profile says how many.
pub(crate) type Inhabitants = Option<u64>;

/// One thing worth knowing.
pub(crate) struct Glance {
    /// What it is.
    pub(crate) label: &'static str,
    /// What is known of it.
    pub(crate) value: String,
    /// More of it, in small letters.
    pub(crate) more: String,
}

/// The tiles at the top of a practice. What a reader decides by is named even where it is not known.
pub(crate) fn glance(visitor: &Visitor, practice: &Practice, people: Inhabitants, vouched: Vouched) -> Vec<Glance> {
    let tile = |label, (value, more): (String, String)| Glance {
        label: visitor.say(label),
        value: if value.is_empty() { visitor.say(pw::NOT_TOLD).to_owned() } else { loose(&value) },
        more: loose(&more),
    };
    let evidence = practice.evidence(vouched);
    let plain = |value: String| (value, String::new());
    let mut tiles = vec![
        tile(pw::COST, cost(visitor, practice)),
        tile(pw::TIME, time(visitor, practice)),
        tile(pw::SIZE, size(visitor, practice, people)),
        tile(pw::MECHANISM, plain(mechanisms(visitor, practice))),
        tile(pw::STAGE, plain(practice.stage.as_deref().map_or(String::new(), |key| term(visitor, &v::STAGES, key)))),
        tile(pw::EVIDENCE, plain(term(visitor, &v::EVIDENCE, evidence))),
    ];
    if let Some(total) = practice.participants.total {
        tiles.insert(3, tile(pw::PARTICIPANTS, plain(visitor.count(total, pw::PEOPLE_COUNTED))));
    }
    tiles
}

/// The tiles of a practice of which an earlier revision was endorsed, and this one was not yet.
pub(crate) fn not_endorsed_yet(visitor: &Visitor, mut tiles: Vec<Glance>) -> Vec<Glance> {
    let evidence = visitor.say(pw::EVIDENCE);
    for tile in tiles.iter_mut().filter(|tile| tile.label == evidence) {
        tile.more = visitor.say(pw::NOT_ENDORSED_YET).to_owned();
    }
    tiles
}

/// A text that may be broken between a number and its word: a tile is narrow.
fn loose(text: &str) -> String {
    let next = text.chars().skip(1).map(Some).chain([None]);
    let pairs = text.chars().zip(next);
    pairs.map(|(one, next)| if one == '\u{a0}' && next.is_some_and(char::is_alphabetic) { ' ' } else { one }).collect()
}

fn cost(visitor: &Visitor, practice: &Practice) -> (String, String) {
    let costs = &practice.costs;
    let short = |sum| format::money_short(sum, visitor.language);
    let mut more = Vec::new();
    let value = match (costs.total_uah, practice.conditions.budget_band.as_deref()) {
        (Some(total), _) => {
            let whole = format::money(total, visitor.language);
            if whole != short(total) {
                more.push(whole);
            }
            short(total)
        }
        (None, Some(band)) => {
            more.push(visitor.say(pw::NEEDED).to_owned());
            term(visitor, &v::COST_BANDS, band)
        }
        (None, None) => String::new(),
    };
    if let Some(year) = costs.year.filter(|_| costs.total_uah.is_some()) {
        more.push(visitor.language.pick(format!("у цінах {year}\u{a0}р."), format!("in prices of {year}")));
    }
    if let Some(yearly) = costs.yearly_uah {
        more.push(format!("{} {}", short(yearly), visitor.say(pw::A_YEAR)));
    }
    if let Some(hours) = costs.staff_hours {
        more.push(visitor.count(hours, pw::HOURS_COUNTED));
    }
    (value, more.join("; "))
}

fn time(visitor: &Visitor, practice: &Practice) -> (String, String) {
    let started = practice.started.as_deref().map(format::date);
    let ended = practice.ended.as_deref().map(format::date);
    let value = match (started, ended) {
        (Some(started), Some(ended)) if started == ended => started,
        // Years stand close to the dash, dates apart from it.
        (Some(started), Some(ended)) if started.len() == 4 && ended.len() == 4 => format!("{started}–{ended}"),
        (Some(started), Some(ended)) => format!("{started} – {ended}"),
        (Some(started), None) => format!("{}\u{a0}{started}", visitor.say(pw::SINCE)),
        (None, ended) => ended.unwrap_or_default(),
    };
    let mut more = Vec::new();
    if let Some(often) = practice.recurring.as_deref() {
        more.push(term(visitor, &v::RECURRENCE, often).to_lowercase());
    }
    if let Some(months) = practice.conditions.months_to_first_result {
        more.push(format!("{} {}", visitor.say(pw::FIRST_RESULT), visitor.count(months, pw::MONTHS_COUNTED)));
    }
    (value, more.join("; "))
}

fn size(visitor: &Visitor, practice: &Practice, people: Inhabitants) -> (String, String) {
    let hromada = practice.community.as_deref().and_then(codifier::find);
    let kind = hromada.map(|hromada| visitor.language.pick(hromada.kind.uk(), hromada.kind.en()).to_owned());
    match (people, kind) {
        (Some(people), kind) => (visitor.count(people, pw::INHABITANTS_COUNTED), kind.unwrap_or_default()),
        (None, kind) => (kind.unwrap_or_default(), String::new()),
    }
}

fn mechanisms(visitor: &Visitor, practice: &Practice) -> String {
    practice.mechanisms.iter().map(|key| term(visitor, &v::MECHANISMS, key)).collect::<Vec<_>>().join(", ")
}
