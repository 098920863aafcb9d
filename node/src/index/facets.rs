//! Facets as bits: a document's values of all facets fit into two numbers, so counting reads two
//! columns and narrowing is an *and*.
//!
//! The place of a value is its place in its vocabulary. Vocabularies only grow at the end and fit
//! their space with room to spare, which a test checks; what changes a place is another
//! [`super::schema::SCHEMA`].

mod bits;

use bits::BitCounts;
use crdt::codifier::{self, HromadaKind, RegionLevel};
use crdt::vocabulary::{self as v, Vocabulary};
use web_ui::library::search::{Facet, FacetCount, FacetCounts};

/// The first year that is counted, and how many are: what is older or later has no year.
const YEARS: std::ops::Range<u64> = 1950..2100;
/// How much more alike two practices are of the same sectors, mechanisms and themes.
const SECTOR_SHARED: f64 = 1.0;
const MECHANISM_SHARED: f64 = 1.0;
const THEME_SHARED: f64 = 0.5;
/// Languages that have a bit; the last stands for all others.
const LANGUAGES: [&str; 3] = ["uk", "en", "other"];
/// Kinds of documents that are searched. What only says something of another document (endorsements,
/// registrations, uses, translations) is found there.
pub(super) const KINDS: [&str; 8] =
    ["practice", "profile", "adoption", "exchange", "comment", "seminar", "collection", "material"];

/// In which of the two numbers a facet stands.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Half {
    Text,
    Place,
}

/// Where a facet's bits stand.
#[derive(Clone, Copy, Debug)]
struct Bits {
    half: Half,
    shift: u32,
    width: u32,
}

const fn bits_of(facet: Facet) -> Option<Bits> {
    let (half, shift, width) = match facet {
        Facet::Sector => (Half::Text, 0, 10),
        Facet::Theme => (Half::Text, 10, 8),
        Facet::Mechanism => (Half::Text, 18, 34),
        Facet::Language => (Half::Text, 52, 4),
        Facet::Kind => (Half::Text, 56, 8),
        Facet::Oblast => (Half::Place, 0, 30),
        Facet::Size => (Half::Place, 30, 8),
        Facet::CommunityType => (Half::Place, 38, 4),
        Facet::Stage => (Half::Place, 42, 8),
        Facet::Evidence => (Half::Place, 50, 4),
        Facet::Cost => (Half::Place, 54, 10),
        Facet::Year => return None,
    };
    Some(Bits { half, shift, width })
}

/// A facet's values in the order of their bits; years have a column of their own.
pub(super) fn values(facet: Facet) -> Vec<&'static str> {
    let terms = |vocabulary: &'static Vocabulary| vocabulary.terms.iter().map(|term| term.key).collect();
    match facet {
        Facet::Sector => terms(&v::SECTORS),
        Facet::Theme => terms(&v::THEMES),
        Facet::Mechanism => terms(&v::MECHANISMS),
        Facet::Size => terms(&v::SIZES),
        Facet::Stage => terms(&v::STAGES),
        Facet::Evidence => terms(&v::EVIDENCE),
        Facet::Cost => terms(&v::COST_BANDS),
        Facet::Language => LANGUAGES.to_vec(),
        Facet::Kind => KINDS.to_vec(),
        Facet::CommunityType => HromadaKind::ALL.map(HromadaKind::key).to_vec(),
        Facet::Oblast => {
            let regions = codifier::regions().iter().filter(|region| region.level != RegionLevel::Raion);
            regions.map(|region| region.code).collect()
        }
        Facet::Year => Vec::new(),
    }
}

/// A document's values of all facets.
#[derive(Clone, Copy, Default, PartialEq, Eq, Debug)]
pub(super) struct Masks {
    pub(super) text: u64,
    pub(super) place: u64,
    /// 0 if unknown.
    pub(super) year: u64,
}

impl Masks {
    /// Adds a value. One that the facet does not have is left out: it is of a later version.
    pub(super) fn add(&mut self, facet: Facet, value: &str) {
        let Some(bits) = bits_of(facet) else {
            self.year =
                value.get(..4).and_then(|year| year.parse().ok()).filter(|year| YEARS.contains(year)).unwrap_or(0);
            return;
        };
        let Some(place) = values(facet).iter().position(|known| *known == value) else { return };
        if let Ok(place) = u32::try_from(place)
            && place < bits.width
        {
            *self.half_mut(bits.half) |= 1 << (bits.shift + place);
        }
    }

    /// Adds the language of a text by its tag.
    pub(super) fn add_language(&mut self, tag: &str) {
        let primary = tag.split('-').next().unwrap_or_default().to_ascii_lowercase();
        let known = LANGUAGES.iter().find(|known| **known == primary);
        self.add(Facet::Language, known.copied().unwrap_or("other"));
    }

    fn half_mut(&mut self, half: Half) -> &mut u64 {
        match half {
            Half::Text => &mut self.text,
            Half::Place => &mut self.place,
        }
    }
}

/// What a practice shares with others like it: the more of it a document has, the more alike it is.
#[derive(Clone, Copy, Debug)]
pub(super) struct Like {
    sectors: u64,
    mechanisms: u64,
    themes: u64,
}

impl Like {
    /// What practices like one share.
    pub(super) fn new(sectors: &[String], mechanisms: &[String], themes: &[String]) -> Self {
        let bits = |facet, values: &[String]| {
            let mut masks = Masks::default();
            values.iter().for_each(|value| masks.add(facet, value));
            masks.text
        };
        Self {
            sectors: bits(Facet::Sector, sectors),
            mechanisms: bits(Facet::Mechanism, mechanisms),
            themes: bits(Facet::Theme, themes),
        }
    }

    /// How many times as alike a document is as by its words alone. A share of the terms counts, since
    /// strategies name nearly all of them.
    pub(super) fn times(&self, masks: &Masks) -> f64 {
        let share = |ours: u64, field: Facet| {
            let all = bits_of(field).map_or(0, |bits| ((1_u64 << bits.width) - 1) << bits.shift);
            let (both, either) = (ours & masks.text, ours | (masks.text & all));
            f64::from(both.count_ones()) / f64::from(either.count_ones().max(1))
        };
        1.0 + SECTOR_SHARED * share(self.sectors, Facet::Sector)
            + MECHANISM_SHARED * share(self.mechanisms, Facet::Mechanism)
            + THEME_SHARED * share(self.themes, Facet::Theme)
    }
}

/// What the hits are narrowed to.
#[derive(Clone, Default, Debug)]
pub(super) struct Narrowing {
    /// One entry a facet that is narrowed: where it stands among [`Facet::ALL`], and what passes.
    wanted: Vec<(usize, Wanted)>,
}

#[derive(Clone, Debug)]
enum Wanted {
    Text(u64),
    Place(u64),
    Years(Vec<u64>),
}

/// What a document does with a narrowing.
pub(super) enum Passed {
    /// It has one of the values of every facet.
    All,
    /// Of one facet only, it has none: it counts for that facet's other values.
    AllBut(usize),
    /// It is out.
    Not,
}

impl Narrowing {
    /// The narrowing of a request. A value that no document can have narrows to nothing.
    pub(super) fn new(filters: &[(Facet, Vec<String>)]) -> Self {
        let mut wanted: Vec<(usize, Wanted)> = Vec::new();
        for (at, facet) in Facet::ALL.iter().enumerate() {
            let values = filters.iter().filter(|(named, _)| named == facet).flat_map(|(_, values)| values);
            let mut values = values.peekable();
            if values.peek().is_none() {
                continue;
            }
            wanted.push((
                at,
                match bits_of(*facet) {
                    None => Wanted::Years(values.filter_map(|year| year.parse().ok()).collect()),
                    Some(bits) => {
                        let mut masks = Masks::default();
                        values.for_each(|value| masks.add(*facet, value));
                        match bits.half {
                            Half::Text => Wanted::Text(masks.text),
                            Half::Place => Wanted::Place(masks.place),
                        }
                    }
                },
            ));
        }
        Self { wanted }
    }

    /// Whether a document passes.
    pub(super) fn passes(&self, masks: &Masks) -> Passed {
        let mut missed = None;
        for (at, wanted) in &self.wanted {
            let passes = match wanted {
                Wanted::Text(mask) => masks.text & mask != 0,
                Wanted::Place(mask) => masks.place & mask != 0,
                Wanted::Years(years) => years.contains(&masks.year),
            };
            if !passes && missed.replace(*at).is_some() {
                return Passed::Not;
            }
        }
        missed.map_or(Passed::All, Passed::AllBut)
    }
}

/// How many documents have which value.
#[derive(Clone, Debug)]
pub(super) struct Counts {
    text: BitCounts,
    place: BitCounts,
    years: Vec<u32>,
}

impl Default for Counts {
    fn default() -> Self {
        Self {
            text: BitCounts::default(),
            place: BitCounts::default(),
            years: vec![0; (YEARS.end - YEARS.start) as usize],
        }
    }
}

impl Counts {
    /// Counts a document that passed; for one facet only, if it failed that one.
    pub(super) fn add(&mut self, masks: &Masks, only: Option<usize>) {
        let Some(only) = only else {
            self.text.add(masks.text);
            self.place.add(masks.place);
            self.add_year(masks.year);
            return;
        };
        match Facet::ALL.get(only).copied().and_then(bits_of) {
            None => self.add_year(masks.year),
            Some(Bits { half, shift, width }) => {
                let mask = ((1 << width) - 1) << shift;
                match half {
                    Half::Text => self.text.add(masks.text & mask),
                    Half::Place => self.place.add(masks.place & mask),
                }
            }
        }
    }

    fn add_year(&mut self, year: u64) {
        if YEARS.contains(&year) {
            self.years[(year - YEARS.start) as usize] += 1;
        }
    }

    /// Adds the counts of another part of the index.
    pub(super) fn merge(&mut self, other: &Self) {
        self.text.merge(&other.text);
        self.place.merge(&other.place);
        self.years.iter_mut().zip(&other.years).for_each(|(sum, more)| *sum += more);
    }

    /// The counts as people see them.
    pub(super) fn written(&self, filters: &[(Facet, Vec<String>)]) -> Vec<FacetCounts> {
        Facet::ALL.iter().map(|facet| FacetCounts { facet: *facet, values: self.of(*facet, filters) }).collect()
    }

    fn of(&self, facet: Facet, filters: &[(Facet, Vec<String>)]) -> Vec<FacetCount> {
        let chosen =
            |value: &str| filters.iter().any(|(named, values)| *named == facet && values.iter().any(|v| v == value));
        let counted: Vec<(String, u32)> = match bits_of(facet) {
            None => YEARS.rev().map(|year| (year.to_string(), self.years[(year - YEARS.start) as usize])).collect(),
            Some(bits) => {
                let half = match bits.half {
                    Half::Text => self.text.totals(),
                    Half::Place => self.place.totals(),
                };
                let counts = half[bits.shift as usize..].iter().take(bits.width as usize);
                values(facet).iter().zip(counts).map(|(value, count)| ((*value).to_owned(), *count)).collect()
            }
        };
        counted
            .into_iter()
            .map(|(value, count)| FacetCount { chosen: chosen(&value), count: count.into(), value })
            .filter(|one| one.count > 0 || one.chosen)
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_value_of_every_facet_has_a_bit_of_its_own() {
        let (mut text, mut place) = (0_u64, 0_u64);
        for facet in Facet::ALL {
            let Some(bits) = bits_of(facet) else { continue };
            assert!(values(facet).len() <= bits.width as usize, "{facet:?} has more values than bits");
            assert!(bits.shift + bits.width <= 64);
            for value in values(facet) {
                let mut masks = Masks::default();
                masks.add(facet, value);
                assert_eq!(masks.text.count_ones() + masks.place.count_ones(), 1, "{facet:?} {value}");
                assert_eq!((text & masks.text, place & masks.place), (0, 0), "{facet:?} {value}");
                text |= masks.text;
                place |= masks.place;
            }
        }
    }

    #[test]
    fn a_facet_is_counted_as_if_it_were_not_narrowed() {
        let document = |sector: &str, stage: &str| {
            let mut masks = Masks::default();
            masks.add(Facet::Sector, sector);
            masks.add(Facet::Stage, stage);
            masks
        };
        let documents = [document("education", "running"), document("culture", "running"), document("culture", "idea")];
        let filters = vec![(Facet::Sector, vec!["culture".to_owned()]), (Facet::Stage, vec!["running".to_owned()])];
        let narrowing = Narrowing::new(&filters);
        let mut counts = Counts::default();
        let mut hits = 0;
        for masks in &documents {
            match narrowing.passes(masks) {
                Passed::All => {
                    hits += 1;
                    counts.add(masks, None);
                }
                Passed::AllBut(at) => counts.add(masks, Some(at)),
                Passed::Not => {}
            }
        }
        let of = |facet| counts.of(facet, &filters).into_iter().map(|one| (one.value, one.count)).collect::<Vec<_>>();
        assert_eq!(hits, 1);
        assert_eq!(of(Facet::Sector), [("education".to_owned(), 1), ("culture".to_owned(), 1)]);
        assert_eq!(of(Facet::Stage), [("idea".to_owned(), 1), ("running".to_owned(), 1)]);
    }

    #[test]
    fn a_value_that_nobody_knows_narrows_to_nothing() {
        let narrowing = Narrowing::new(&[(Facet::Sector, vec!["magic".into()])]);
        let mut masks = Masks::default();
        masks.add(Facet::Sector, "culture");
        assert!(matches!(narrowing.passes(&masks), Passed::AllBut(0)));
    }
}
