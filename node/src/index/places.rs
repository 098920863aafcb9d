//! Where communities are and how many people live there: from their profiles, else the codifier.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use crdt::codifier::{self, Hromada};
use crdt::profile::Profile;

/// Kilometres that one doubling of the population counts for when *near* is sorted: a town of like
/// size in the next raion is of more use than a city next door.
const KM_PER_DOUBLING: f64 = 15.0;
/// Kilometres that another kind of community (urban, settlement, rural) counts for where
/// populations are not known.
const KM_PER_KIND: f64 = 20.0;

/// Where the own community comes when *near* is sorted: after all others, since who looks for neighbours
/// knows what is at home, and before what has no place. More than Ukraine's width and any unlikeness.
const OWN_RANK: f64 = 100_000.0;

/// What profiles say of their places. Bounded by the codifier: one entry a community.
#[derive(Default)]
pub(super) struct Places {
    said: HashMap<&'static str, Said>,
    /// The last answer of [`Places::seen_from`]: nearly always asked for the node's own community.
    seen: Mutex<Option<(&'static str, Arc<Distances>)>>,
}

#[derive(Clone, Copy, PartialEq, Default, Debug)]
struct Said {
    position: Option<(f64, f64)>,
    population: Option<u64>,
}

/// A community's place in the codifier, from 1; 0 if it has none.
pub(super) fn ordinal(code: &str) -> u64 {
    let found = codifier::all().binary_search_by(|hromada| hromada.code.cmp(code));
    found.map_or(0, |place| place as u64 + 1)
}

impl Places {
    /// Takes what a profile says; answers whether the population changed, so that what its
    /// community published must be indexed again.
    pub(super) fn learn(&mut self, code: &str, profile: &Profile) -> bool {
        let Some(hromada) = codifier::find(code) else { return false };
        let position =
            profile.location.map(|at| (at.lat, at.lon)).filter(|(lat, lon)| lat.is_finite() && lon.is_finite());
        let said = Said { position, population: profile.population.value };
        let before = self.said.insert(hromada.code, said).unwrap_or_default();
        *self.seen.get_mut().unwrap_or_else(PoisonError::into_inner) = None;
        before.population != said.population
    }

    /// How many people live in a community.
    pub(super) fn population(&self, code: &str) -> Option<u64> {
        self.said.get(code).and_then(|said| said.population)
    }

    fn position(&self, hromada: &Hromada) -> Option<(f64, f64)> {
        self.said.get(hromada.code).and_then(|said| said.position).or_else(|| hromada.position())
    }

    /// How far every community is from one, in kilometres, and how it ranks when *near* is sorted;
    /// by [`ordinal`], with a first entry for documents of no known place.
    pub(super) fn seen_from(&self, code: &str) -> Option<Arc<Distances>> {
        let from = codifier::find(code)?;
        let mut seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
        match &*seen {
            Some((code, distances)) if *code == from.code => Some(Arc::clone(distances)),
            _ => {
                let distances = Arc::new(self.measured_from(from)?);
                *seen = Some((from.code, Arc::clone(&distances)));
                Some(distances)
            }
        }
    }

    fn measured_from(&self, from: &Hromada) -> Option<Distances> {
        let here = self.position(from)?;
        let people = self.population(from.code);
        let mut distances = Distances { km: vec![None], rank: vec![f64::MAX] };
        for hromada in codifier::all() {
            let km = self.position(hromada).map(|there| codifier::distance_km(here, there));
            distances.km.push(km.map(|km| km.round() as u32));
            let unlike = match (people, self.population(hromada.code)) {
                (Some(a), Some(b)) => (a.max(1) as f64 / b.max(1) as f64).log2().abs() * KM_PER_DOUBLING,
                _ if hromada.kind != from.kind => KM_PER_KIND,
                _ => 0.0,
            };
            let rank = if hromada.code == from.code { Some(OWN_RANK) } else { km.map(|km| km + unlike) };
            distances.rank.push(rank.unwrap_or(f64::MAX));
        }
        Some(distances)
    }
}

/// How far every community is from one of them.
pub(super) struct Distances {
    /// Kilometres, as the crow flies.
    pub(super) km: Vec<Option<u32>>,
    /// Less is nearer and more alike.
    pub(super) rank: Vec<f64>,
}
