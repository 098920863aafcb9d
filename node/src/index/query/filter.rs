//! `field:value` in a query: the facets by their Ukrainian and English names, values by key or label.

use crdt::codifier::{RegionLevel, regions};
use crdt::vocabulary::{self, Vocabulary};
use web_ui::library::search::{FACET_VALUES_MAX, Facet};

use crate::index::analysis::{normal, stem, words};

/// What people call the facets; each name in its normal form.
const NAMES: [(&str, Facet); 42] = [
    ("галузь", Facet::Sector),
    ("галузі", Facet::Sector),
    ("сектор", Facet::Sector),
    ("сфера", Facet::Sector),
    ("sector", Facet::Sector),
    ("тема", Facet::Theme),
    ("теми", Facet::Theme),
    ("theme", Facet::Theme),
    ("topic", Facet::Theme),
    ("інструмент", Facet::Mechanism),
    ("механізм", Facet::Mechanism),
    ("mechanism", Facet::Mechanism),
    ("tool", Facet::Mechanism),
    ("method", Facet::Mechanism),
    ("область", Facet::Oblast),
    ("обл", Facet::Oblast),
    ("регіон", Facet::Oblast),
    ("oblast", Facet::Oblast),
    ("region", Facet::Oblast),
    ("розмір", Facet::Size),
    ("населення", Facet::Size),
    ("size", Facet::Size),
    ("тип", Facet::CommunityType),
    ("type", Facet::CommunityType),
    ("стадія", Facet::Stage),
    ("стан", Facet::Stage),
    ("етап", Facet::Stage),
    ("stage", Facet::Stage),
    ("докази", Facet::Evidence),
    ("підтвердження", Facet::Evidence),
    ("evidence", Facet::Evidence),
    ("вартість", Facet::Cost),
    ("кошти", Facet::Cost),
    ("cost", Facet::Cost),
    ("мова", Facet::Language),
    ("language", Facet::Language),
    ("lang", Facet::Language),
    ("рік", Facet::Year),
    ("роки", Facet::Year),
    ("year", Facet::Year),
    ("вид", Facet::Kind),
    ("kind", Facet::Kind),
];

/// Names before a colon that narrow nothing: their value is looked for as words.
const FREE: [&str; 8] = ["тег", "теги", "мітка", "громада", "назва", "tag", "community", "title"];

/// Whether a name before a colon only says where the words are.
pub(super) fn is_free(name: &str) -> bool {
    FREE.contains(&normal(name).as_str())
}

/// Adds a narrowing, if the field and at least one of the values (which commas divide) are known.
pub(super) fn add(filters: &mut Vec<(Facet, Vec<String>)>, name: &str, text: &str) -> bool {
    let name = normal(name);
    let Some(facet) = NAMES.iter().find(|(known, _)| *known == name).map(|(_, facet)| *facet) else { return false };
    let mut found = values(facet, text);
    if found.is_empty() && facet != Facet::Year {
        found = text.split(',').flat_map(|text| values(facet, text)).collect();
    }
    if found.is_empty() {
        return false;
    }
    if !filters.iter().any(|(known, _)| *known == facet) {
        filters.push((facet, Vec::new()));
    }
    let Some((_, all)) = filters.iter_mut().find(|(known, _)| *known == facet) else { return false };
    for value in found {
        if all.len() < FACET_VALUES_MAX && !all.contains(&value) {
            all.push(value);
        }
    }
    true
}

/// The values that a text may mean.
fn values(facet: Facet, text: &str) -> Vec<String> {
    match facet {
        Facet::Sector => terms(&vocabulary::SECTORS, text),
        Facet::Theme => terms(&vocabulary::THEMES, text),
        Facet::Mechanism => terms(&vocabulary::MECHANISMS, text),
        Facet::Size => terms(&vocabulary::SIZES, text),
        Facet::Stage => terms(&vocabulary::STAGES, text),
        Facet::Evidence => terms(&vocabulary::EVIDENCE, text),
        Facet::Cost => terms(&vocabulary::COST_BANDS, text),
        Facet::Oblast => oblasts(text),
        Facet::Year => years(text),
        Facet::Language => named(
            text,
            &[("uk", "українська"), ("uk", "ukrainian"), ("en", "англійська"), ("en", "english"), ("other", "інша")],
        ),
        Facet::Kind => named(text, &[("practice", "практика"), ("profile", "громада"), ("profile", "профіль")]),
        Facet::CommunityType => named(
            text,
            &[
                ("urban", "міська"),
                ("settlement", "селищна"),
                ("rural", "сільська"),
                ("special", "місто з особливим статусом"),
            ],
        ),
    }
}

/// Words by which a label is compared: a value fits if each of its words begins a word of the label.
fn stems(text: &str) -> Vec<String> {
    words(text).map(|word| stem(&normal(word.text))).collect()
}

fn fits(text: &str, label: &str) -> bool {
    let (text, label) = (stems(text), stems(label));
    !text.is_empty() && text.iter().all(|word| label.iter().any(|other| other.starts_with(word.as_str())))
}

fn terms(vocabulary: &Vocabulary, text: &str) -> Vec<String> {
    if let Some(term) = vocabulary.find(text.trim()) {
        return vec![term.key.to_owned()];
    }
    let fitting = |term: &&vocabulary::Term| fits(text, term.uk) || fits(text, term.en);
    vocabulary.terms.iter().filter(fitting).map(|term| term.key.to_owned()).collect()
}

fn named(text: &str, names: &[(&str, &str)]) -> Vec<String> {
    let found = names.iter().find(|(key, label)| *key == text.trim() || fits(text, label));
    found.map(|(key, _)| (*key).to_owned()).into_iter().collect()
}

fn oblasts(text: &str) -> Vec<String> {
    let code = text.trim().to_uppercase();
    let all = regions().iter().filter(|region| region.level != RegionLevel::Raion);
    let fitting = all.filter(|region| {
        region.code == code
            || fits(text, region.name)
            || fits(text, &region.full_name_uk())
            || fits(text, &region.full_name_en())
    });
    fitting.map(|region| region.code.to_owned()).collect()
}

/// One year, or `2020..2024`, with either end left out; also with a dash.
fn years(text: &str) -> Vec<String> {
    /// Nobody's practice is older than independence, or begins later than this.
    const KNOWN: std::ops::RangeInclusive<u16> = 1991..=2060;
    let range = text.split_once("..").or_else(|| text.split_once(['-', '–', '—']));
    let year = |text: &str, open: u16| if text.trim().is_empty() { Some(open) } else { text.trim().parse().ok() };
    let (from, to) = match range {
        Some((from, to)) => (year(from, *KNOWN.start()), year(to, *KNOWN.end())),
        None => (text.trim().parse().ok(), text.trim().parse().ok()),
    };
    let (Some(from), Some(to)) = (from, to) else { return Vec::new() };
    let from = from.max(*KNOWN.start());
    let to = to.min(*KNOWN.end());
    // The last years of a long range: those are asked for.
    (from..=to).rev().take(FACET_VALUES_MAX).map(|year| year.to_string()).collect()
}
