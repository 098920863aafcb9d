//! How many documents there are of which kind, state, outcome, sector, oblast and month: kept in memory from
//! the first question on, so that a page of what the network achieved reads no list. About 80 bytes a
//! document. Lists are read once, while records go on coming in: what changes meanwhile is noted and
//! taken over at the end. Each change says what a document counts for from then on, so it does not
//! matter whether the reading saw it already.

use std::collections::{BTreeMap, HashMap};
use std::sync::{MutexGuard, PoisonError};

use crdt::codifier;
use crdt::gate::DocumentKind;
use crdt::id::DocumentId;
use crdt::kinds::KINDS;
use crdt::vocabulary::{OUTCOMES, SECTORS, Vocabulary};
use web_ui::library::{Census, CensusBy, DocumentCard, Tally};

use super::{Store, keys};
use crate::fault::Fault;

/// States that are told apart: many times what all vocabularies of states have. What comes after is
/// counted without a state.
const STATES_MAX: usize = 250;

/// A state that no row has: what is not counted by state.
const UNTOLD: u8 = u8::MAX;

/// What is counted of a document.
pub(super) struct Counted {
    kind: u8,
    state: String,
    /// From 1, 0 for none.
    outcome: u8,
    /// From 1, 0 for none.
    sector: u8,
    /// From 1, 0 for unknown.
    oblast: u8,
    /// Year times 13 plus month, of which 0 is one that is not said; 0 where no day is.
    month: u16,
    owner: String,
    about: Option<String>,
    reach: Option<u64>,
}

impl Counted {
    /// What is counted of a document with this row in the lists.
    pub(super) fn of(kind: u8, card: &DocumentCard) -> Self {
        let sector = card.sectors.first().and_then(|key| SECTORS.terms.iter().position(|term| term.key == key));
        let outcome = OUTCOMES.terms.iter().position(|term| term.key == card.outcome);
        let hromada = place_of(kind, card).and_then(codifier::find);
        let oblast = hromada.and_then(|hromada| oblasts().position(|code| code == hromada.oblast));
        let from_one = |place: Option<usize>| place.and_then(|at| u8::try_from(at + 1).ok()).unwrap_or_default();
        // A registration's state is a number of people: not one of a few.
        let counted = kind != DocumentKind::Registration.number();
        Self {
            kind,
            state: if counted { card.state.clone() } else { String::new() },
            outcome: from_one(outcome),
            sector: from_one(sector),
            oblast: from_one(oblast),
            month: month_of(&card.day),
            owner: card.owner.clone(),
            about: card.about.clone(),
            reach: card.reach,
        }
    }
}

/// The code of the community that a document counts for, as the map and the search have it: of a practice
/// where it happened, if it says so, since many are told by others; of everything else the owner's.
fn place_of(kind: u8, card: &DocumentCard) -> Option<&str> {
    if kind == DocumentKind::Practice.number() { card.place.as_deref() } else { Some(&card.owner_code) }
}

fn oblasts() -> impl Iterator<Item = &'static str> {
    codifier::regions().iter().filter(|region| region.level != codifier::RegionLevel::Raion).map(|region| region.code)
}

/// Months in a year, and one for a year whose month is not said.
const MONTHS: u16 = 13;

/// The month of a day, as [`Counted::month`] has it.
fn month_of(day: &str) -> u16 {
    let number = |part: Option<&str>, most: u16| part?.parse::<u16>().ok().filter(|number| (1..=most).contains(number));
    // Years that records may name end with 2199, far below what the number holds.
    let Some(year) = number(day.get(..4), 2_199) else { return 0 };
    year * MONTHS + number(day.get(5..7), 12).unwrap_or_default()
}

fn in_words(month: u16) -> String {
    match (month / MONTHS, month % MONTHS) {
        (0, _) => String::new(),
        (year, 0) => format!("{year:04}"),
        (year, month) => format!("{year:04}-{month:02}"),
    }
}

/// What a batch listed, and took off the lists.
type Changes = Vec<(DocumentId, Option<Counted>)>;

/// How far counting is.
#[derive(Default)]
pub(super) enum Counting {
    /// Nobody has asked yet.
    #[default]
    Unasked,
    /// Somebody reads the lists; what has changed since they began.
    Reading(Changes),
    /// Everything is counted.
    Counted(Box<Counts>),
}

/// What is told apart of a row: its kind, state, outcome, sector, oblast and month.
type Cell = (u8, u8, u8, u8, u8, u16);

/// By what counts are kept with every change, so that a question reads few of them: whatever is asked by two
/// things, and all but the month together, follows from one of these. By all five nearly every document
/// would be a count of its own.
const KEPT: [&[CensusBy]; 5] = {
    use CensusBy::{Month, Oblast, Outcome, Sector, State};
    [&[State, Outcome, Sector, Oblast], &[State, Month], &[Outcome, Month], &[Sector, Month], &[Oblast, Month]]
};

/// The cell without what is not counted by.
fn narrowed(cell: Cell, by: &[CensusBy]) -> Cell {
    let (kind, state, outcome, sector, oblast, month) = cell;
    let kept = |what, place: u8| if by.contains(&what) { place } else { 0 };
    (
        kind,
        if by.contains(&CensusBy::State) { state } else { UNTOLD },
        kept(CensusBy::Outcome, outcome),
        kept(CensusBy::Sector, sector),
        kept(CensusBy::Oblast, oblast),
        if by.contains(&CensusBy::Month) { month } else { 0 },
    )
}

/// Rows that are alike.
#[derive(Clone, Copy, Default)]
struct Alike {
    count: u64,
    /// People reached, added up. Wider than what any row says, so that nothing overflows and what is
    /// taken off again leaves what was there before.
    reach: u128,
    /// How many say whom they reached.
    reach_told: u64,
}

impl Alike {
    fn add(&mut self, other: &Self) {
        self.count += other.count;
        self.reach += other.reach;
        self.reach_told += other.reach_told;
    }
}

/// Everything that is counted.
#[derive(Default)]
pub(super) struct Counts {
    rows: HashMap<DocumentId, Row>,
    states: Vec<String>,
    /// How many rows of each kind are alike in each of [`KEPT`].
    alike: [BTreeMap<Cell, Alike>; KEPT.len()],
    /// How many rows of each kind an owner has.
    owners: BTreeMap<(u8, u64), u64>,
    /// How many rows of each kind are about one document.
    abouts: BTreeMap<(u8, u64), u64>,
}

#[derive(Clone, Copy)]
struct Row {
    /// The first half of the owner's id tells owners apart.
    owner: u64,
    /// The first half of the id of what it is about.
    about: Option<u64>,
    reach: Option<u64>,
    month: u16,
    kind: u8,
    state: u8,
    outcome: u8,
    sector: u8,
    oblast: u8,
}

impl Row {
    fn cell(&self) -> Cell {
        (self.kind, self.state, self.outcome, self.sector, self.oblast, self.month)
    }

    fn alike(&self) -> Alike {
        Alike {
            count: 1,
            reach: u128::from(self.reach.unwrap_or_default()),
            reach_told: u64::from(self.reach.is_some()),
        }
    }
}

fn of_kind(counts: &BTreeMap<Cell, Alike>, kind: u8) -> impl Iterator<Item = (&Cell, &Alike)> {
    counts.range((kind, 0, 0, 0, 0, 0)..=(kind, u8::MAX, u8::MAX, u8::MAX, u8::MAX, u16::MAX))
}

/// Counts one less; what is none is left out.
fn less<K: Ord>(counts: &mut BTreeMap<K, u64>, key: &K) {
    if let Some(count) = counts.get_mut(key) {
        *count -= 1;
        if *count == 0 {
            counts.remove(key);
        }
    }
}

impl Counts {
    fn set(&mut self, document: DocumentId, counted: Option<Counted>) {
        if let Some(row) = self.rows.remove(&document) {
            self.less_alike(&row);
            less(&mut self.owners, &(row.kind, row.owner));
            row.about.iter().for_each(|about| less(&mut self.abouts, &(row.kind, *about)));
        }
        let Some(counted) = counted else { return };
        let known = self.states.iter().position(|state| *state == counted.state);
        let state = known.unwrap_or_else(|| {
            if self.states.len() < STATES_MAX {
                self.states.push(counted.state);
                self.states.len() - 1
            } else {
                STATES_MAX
            }
        });
        let half = |id: &str| u64::from_str_radix(id.get(..16).unwrap_or_default(), 16).unwrap_or_default();
        let row = Row {
            owner: half(&counted.owner),
            about: counted.about.as_deref().map(half),
            reach: counted.reach,
            month: counted.month,
            kind: counted.kind,
            state: u8::try_from(state).unwrap_or(u8::MAX),
            outcome: counted.outcome,
            sector: counted.sector,
            oblast: counted.oblast,
        };
        for (counts, by) in self.alike.iter_mut().zip(KEPT) {
            counts.entry(narrowed(row.cell(), by)).or_default().add(&row.alike());
        }
        row.about.iter().for_each(|about| *self.abouts.entry((row.kind, *about)).or_default() += 1);
        *self.owners.entry((row.kind, row.owner)).or_default() += 1;
        self.rows.insert(document, row);
    }

    fn less_alike(&mut self, row: &Row) {
        for (counts, by) in self.alike.iter_mut().zip(KEPT) {
            let cell = narrowed(row.cell(), by);
            let Some(alike) = counts.get_mut(&cell) else { continue };
            alike.count -= 1;
            alike.reach -= u128::from(row.reach.unwrap_or_default());
            alike.reach_told -= u64::from(row.reach.is_some());
            if alike.count == 0 {
                counts.remove(&cell);
            }
        }
    }

    fn total(&self, kind: u8) -> u64 {
        of_kind(&self.alike[0], kind).map(|(_, alike)| alike.count).sum()
    }

    /// How many rows of a kind are alike in all of these.
    fn alike_in(&self, kind: u8, by: &[CensusBy]) -> BTreeMap<Cell, Alike> {
        let mut found: BTreeMap<Cell, Alike> = BTreeMap::new();
        let mut add = |cell: Cell, alike: &Alike| found.entry(narrowed(cell, by)).or_default().add(alike);
        match KEPT.iter().position(|kept| by.iter().all(|what| kept.contains(what))) {
            Some(at) => of_kind(&self.alike[at], kind).for_each(|(cell, alike)| add(*cell, alike)),
            None => {
                let rows = self.rows.values().filter(|row| row.kind == kind);
                rows.for_each(|row| add(row.cell(), &row.alike()));
            }
        }
        found
    }

    fn census(&self, kind: u8, by: &[CensusBy]) -> Census {
        let communities = self.owners.range((kind, 0)..=(kind, u64::MAX)).count() as u64;
        let about = self.abouts.range((kind, 0)..=(kind, u64::MAX)).count() as u64;
        let oblasts: Vec<&str> = oblasts().collect();
        let key = |vocabulary: &'static Vocabulary, place: u8| {
            usize::from(place).checked_sub(1).and_then(|at| vocabulary.terms.get(at)).map_or("", |term| term.key)
        };
        let tally = |((_, state, outcome, sector, oblast, month), alike): (Cell, Alike)| Tally {
            state: self.states.get(usize::from(state)).cloned().unwrap_or_default(),
            outcome: key(&OUTCOMES, outcome).into(),
            sector: key(&SECTORS, sector).into(),
            oblast: usize::from(oblast)
                .checked_sub(1)
                .and_then(|at| oblasts.get(at))
                .copied()
                .unwrap_or_default()
                .into(),
            month: in_words(month),
            count: alike.count,
            reach: u64::try_from(alike.reach).unwrap_or(u64::MAX),
            reach_told: alike.reach_told,
        };
        let mut rows: Vec<Tally> = self.alike_in(kind, by).into_iter().map(tally).collect();
        rows.sort_unstable();
        Census { total: self.total(kind), communities, about, rows }
    }
}

impl Store {
    /// How many documents of a kind there are by all of these. The first question reads all lists once.
    ///
    /// # Errors
    /// A fault of the database.
    pub fn census(&self, kind: DocumentKind, by: &[CensusBy]) -> Result<Census, Fault> {
        // One at a time: whoever asks meanwhile waits for the same reading.
        let _reader = self.counting_reader.lock().unwrap_or_else(PoisonError::into_inner);
        if let Counting::Counted(counts) = &*self.counting() {
            return Ok(counts.census(kind.number(), by));
        }
        *self.counting() = Counting::Reading(Vec::new());
        let read = self.count_all();
        let mut counting = self.counting();
        let mut counts = match read {
            Ok(counts) => counts,
            Err(fault) => {
                *counting = Counting::Unasked;
                return Err(fault);
            }
        };
        if let Counting::Reading(changes) = std::mem::take(&mut *counting) {
            changes.into_iter().for_each(|(document, counted)| counts.set(document, counted));
        }
        let census = counts.census(kind.number(), by);
        *counting = Counting::Counted(Box::new(counts));
        Ok(census)
    }

    /// How many documents of a kind there are, if that is counted already.
    pub(super) fn counted(&self, kind: DocumentKind) -> Option<u64> {
        match &*self.counting() {
            Counting::Counted(counts) => Some(counts.total(kind.number())),
            Counting::Unasked | Counting::Reading(_) => None,
        }
    }

    fn counting(&self) -> MutexGuard<'_, Counting> {
        self.counting.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn count_all(&self) -> Result<Counts, Fault> {
        let mut counting = Counts::default();
        for kind in KINDS.iter().map(|row| row.kind.number()) {
            let prefix = keys::list(kind);
            for entry in self.db.scan_prefix(prefix) {
                let (key, card) = entry?;
                let document = keys::read_row(&key[prefix.len()..]).map(|(document, _)| document);
                let card = super::views::read_card(&card);
                if let (Some(document), Some(card)) = (document, card) {
                    counting.set(document, Some(Counted::of(kind, &card)));
                }
            }
        }
        Ok(counting)
    }

    /// Takes note of what a batch listed and took off the lists.
    pub(super) fn recount_listed(&self, changes: Changes) {
        match &mut *self.counting() {
            Counting::Unasked => {}
            Counting::Reading(later) => later.extend(changes),
            Counting::Counted(counts) => {
                changes.into_iter().for_each(|(document, counted)| counts.set(document, counted));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_month_is_told_as_far_as_it_is_said() {
        for (day, month) in [("2026-11-28", "2026-11"), ("2026-01", "2026-01"), ("2026", "2026"), ("", "")] {
            assert_eq!(in_words(month_of(day)), month, "nothing is made up");
        }
        assert_eq!([month_of("2026-13"), month_of("x"), month_of("9999-01")].map(in_words), ["2026", "", ""]);
    }

    #[test]
    fn what_is_taken_off_is_not_counted() {
        let card = |state: &str| DocumentCard {
            state: state.into(),
            day: "2026-03".into(),
            sectors: vec!["education".into()],
            owner_code: "UA26040190000081578".into(),
            owner: "ab".repeat(32),
            ..DocumentCard::default()
        };
        let mut counting = Counts::default();
        let (one, two) = (DocumentId([1; 16]), DocumentId([2; 16]));
        counting.set(one, Some(Counted::of(3, &card("works"))));
        counting.set(two, Some(Counted::of(3, &card("decided"))));
        counting.set(two, Some(Counted::of(3, &card("works"))));
        let census = counting.census(3, &CensusBy::ALL);
        assert_eq!((census.total, census.communities), (2, 1));
        let [tally] = &census.rows[..] else { panic!("one row: {:?}", census.rows) };
        assert_eq!(
            (tally.state.as_str(), tally.sector.as_str(), tally.month.as_str()),
            ("works", "education", "2026-03")
        );
        assert!(tally.oblast.starts_with("UA26"), "{}", tally.oblast);
        let used = |reach: Option<u64>| DocumentCard { about: Some("cd".repeat(16)), reach, ..card("poster") };
        counting.set(DocumentId([3; 16]), Some(Counted::of(11, &used(Some(120)))));
        counting.set(DocumentId([4; 16]), Some(Counted::of(11, &used(None))));
        let reached = |counting: &Counts| {
            let census = counting.census(11, &CensusBy::ALL);
            (census.about, census.rows[0].count, census.rows[0].reach, census.rows[0].reach_told)
        };
        assert_eq!(reached(&counting), (1, 2, 120, 1), "one material, used twice");
        counting.set(DocumentId([3; 16]), None);
        assert_eq!(reached(&counting), (1, 1, 0, 0));
        counting.set(two, Some(Counted::of(3, &DocumentCard { outcome: "harm".into(), ..card("works") })));
        assert_eq!(counting.census(3, &CensusBy::ALL).rows.iter().filter(|row| row.outcome == "harm").count(), 1);
        let told_by_others = DocumentCard { place: Some("UA53080390000027656".into()), ..card("") };
        let nowhere = DocumentCard { place: None, ..card("") };
        for (number, (card, oblast)) in (10..).zip([(told_by_others, "UA53"), (nowhere, "")]) {
            counting.set(DocumentId([number; 16]), Some(Counted::of(1, &card)));
            let census = counting.census(1, &CensusBy::ALL);
            assert!(census.rows.iter().any(|row| row.oblast.get(..4).unwrap_or_default() == oblast), "{census:?}");
            assert!(census.rows.iter().all(|row| !row.oblast.starts_with("UA26")), "where it happened: {census:?}");
        }
        counting
            .set(DocumentId([12; 16]), Some(Counted::of(3, &DocumentCard { day: "2025".into(), ..card("decided") })));
        counting
            .set(DocumentId([13; 16]), Some(Counted::of(3, &DocumentCard { sectors: Vec::new(), ..card("works") })));
        for by in KEPT {
            let kept = counting.alike_in(3, by).into_iter().map(|(cell, alike)| (cell, alike.count));
            let mut counted: BTreeMap<Cell, u64> = BTreeMap::new();
            for row in counting.rows.values().filter(|row| row.kind == 3) {
                *counted.entry(narrowed(row.cell(), by)).or_default() += 1;
            }
            assert!(kept.eq(counted), "{by:?}");
        }
        let rows = counting.census(3, &CensusBy::ALL).rows;
        assert!(rows.len() == 4 && rows.is_sorted(), "{rows:?}");
        counting.set(DocumentId([12; 16]), None);
        counting.set(DocumentId([13; 16]), None);
        counting.set(one, None);
        assert_eq!((counting.census(3, &CensusBy::ALL).total, counting.total(3), counting.total(4)), (1, 1, 0));
    }
}
