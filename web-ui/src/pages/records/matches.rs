//! Who may answer a request, and who may need an offer: found here, from what this node holds, with
//! the reasons said and never a bare score.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use crdt::codifier::{self, distance_km};
use crdt::gate::DocumentKind;
use crdt::id::CommunityId;
use crdt::kinds::exchange::Exchange;
use crdt::vocabulary::size_band;

use super::state_key;
use crate::language::Phrase;
use crate::library::registry::RegistryEntry;
use crate::library::search::{Facet, SearchRequest};
use crate::library::{DocumentCard, DocumentsRequest, Library, LibraryError, PageRequest, Scope};
use crate::pages::communities::name;
use crate::pages::frame::{Visitor, short_name};
use crate::pages::registry::kilometres;
use crate::registry::position;
use crate::words::records as rw;

/// Practices and exchanges that are looked at for candidates.
const LOOKED_AT: usize = 100;
/// Candidates that are named: nobody calls more.
const SHOWN: usize = 10;
/// Kilometres within which a community is a neighbour.
const NEIGHBOUR_KM: f64 = 60.0;

/// A candidate.
pub(crate) struct Match {
    pub(crate) name: String,
    pub(crate) href: String,
    pub(crate) distance: Option<String>,
    /// The reasons, the weightiest first.
    pub(crate) why: Vec<&'static str>,
}

/// What is needed to find candidates.
pub(crate) struct Known {
    exchange: Exchange,
    owner: String,
    owner_code: String,
    /// Owners of practices of the kind that is meant.
    have: Vec<String>,
    /// Owners of adoptions of the practices that are named.
    adopted: Vec<String>,
    /// Open exchanges the other way round, in one of the sectors.
    others: Vec<DocumentCard>,
    /// How many answers a community has given to anybody.
    answers: BTreeMap<String, u64>,
    registry: Arc<Vec<RegistryEntry>>,
}

impl Known {
    /// What the list is called.
    pub(crate) fn title(&self) -> Phrase {
        if self.is_request() { rw::MATCHES } else { rw::MATCHES_OFFER }
    }

    fn is_request(&self) -> bool {
        self.exchange.direction.as_deref() != Some("offer")
    }
}

/// Reads what is needed to find candidates.
pub(crate) fn look(library: &dyn Library, card: &DocumentCard, exchange: Exchange) -> Result<Known, LibraryError> {
    let some = PageRequest { after: None, limit: LOOKED_AT };
    let mut filters = vec![(Facet::Kind, vec!["practice".to_owned()]), (Facet::Sector, exchange.sectors.clone())];
    if !exchange.mechanisms.is_empty() {
        filters.push((Facet::Mechanism, exchange.mechanisms.clone()));
    }
    let request = SearchRequest { filters, limit: LOOKED_AT, ..SearchRequest::default() };
    // An index that is being made anew is no reason for a page without reasons of other kinds.
    let found = match library.search(&request) {
        Ok(page) => page.hits,
        Err(LibraryError::Fault(_)) => Vec::new(),
        Err(error) => return Err(error),
    };
    let mut adopted = Vec::new();
    for id in exchange.practices.iter().filter_map(|id| id.parse().ok()) {
        let wanted = DocumentsRequest { kind: DocumentKind::Adoption, scope: Scope::About(id) };
        adopted.extend(library.documents(&wanted, &some)?.rows.into_iter().map(|card| card.owner));
    }
    let own = exchange.direction.as_deref().unwrap_or("request");
    let all = DocumentsRequest { kind: DocumentKind::Exchange, scope: Scope::All };
    let others = library.documents(&all, &some)?.rows.into_iter().filter(|other| {
        !other.state.starts_with(own)
            && state_key(other) == "open"
            && other.sectors.iter().any(|sector| exchange.sectors.contains(sector))
    });
    let mut known = Known {
        owner: card.owner.clone(),
        owner_code: card.owner_code.clone(),
        have: found.into_iter().map(|hit| hit.card.owner).collect(),
        adopted,
        others: others.collect(),
        answers: BTreeMap::new(),
        registry: library.registry()?,
        exchange,
    };
    let candidates = known.have.iter().chain(&known.adopted).chain(known.others.iter().map(|card| &card.owner));
    for id in candidates.filter_map(|id| id.parse::<CommunityId>().ok()).collect::<BTreeSet<_>>() {
        let wanted = DocumentsRequest { kind: DocumentKind::Comment, scope: Scope::Of(id) };
        let said = library.documents(&wanted, &some)?.rows;
        let answers = said.iter().filter(|said| matches!(said.state.as_str(), "answer" | "help")).count();
        known.answers.insert(id.to_string(), answers as u64);
    }
    Ok(known)
}

/// The candidates, those with the weightiest reasons first, of equals the nearest.
pub(crate) fn matches(v: &Visitor, known: &Known) -> Vec<Match> {
    let registry = &known.registry;
    let own = registry.iter().find(|entry| entry.community.id == known.owner);
    let here = own.and_then(position).or_else(|| codifier::find(&known.owner_code)?.position());
    let own_size = own.and_then(|own| own.profile.population.value).map(|people| size_band(people).key);
    let mut found: Vec<(u32, f64, Match)> = Vec::new();
    for entry in registry.iter().filter(|entry| entry.community.id != known.owner) {
        let km = here.zip(position(entry)).map(|(here, there)| distance_km(here, there));
        if !within(known, entry, km) {
            continue;
        }
        let (substance, mut why) = reasons(known, entry);
        if substance == 0 {
            continue;
        }
        let size = entry.profile.population.value.map(|people| size_band(people).key);
        let hromada = codifier::find(&entry.community.code);
        let same_oblast = hromada.map(|one| one.oblast) == codifier::find(&known.owner_code).map(|one| one.oblast);
        let near = km.is_some_and(|km| km <= NEIGHBOUR_KM);
        let further = [
            (near, 2, rw::WHY_NEIGHBOUR),
            (same_oblast && !near, 1, rw::WHY_OBLAST),
            (size.is_some() && size == own_size, 1, rw::WHY_SIZE),
            (known.answers.get(&entry.community.id).is_some_and(|count| *count > 0), 1, rw::WHY_ANSWERED),
        ];
        let mut weight = substance;
        for (_, more, phrase) in further.into_iter().filter(|(holds, ..)| *holds) {
            weight += more;
            why.push(phrase);
        }
        let shown = Match {
            name: short_name(&name(v, &entry.community)),
            href: v.link(&["communities", &entry.community.id]),
            distance: km.map(|km| kilometres(v, km)),
            why: why.into_iter().map(|phrase| v.say(phrase)).collect(),
        };
        found.push((weight, km.unwrap_or(f64::MAX), shown));
    }
    found.sort_by(|a, b| b.0.cmp(&a.0).then(a.1.total_cmp(&b.1)));
    found.into_iter().take(SHOWN).map(|(_, _, shown)| shown).collect()
}

/// Whether a community lies where a partner is looked for.
fn within(known: &Known, entry: &RegistryEntry, km: Option<f64>) -> bool {
    let own = codifier::find(&known.owner_code);
    let other = codifier::find(&entry.community.code);
    match known.exchange.radius.as_deref() {
        Some("raion") => {
            own.map(|one| one.raion) == other.map(|one| one.raion) || km.is_some_and(|km| km <= NEIGHBOUR_KM)
        }
        Some("oblast") => own.map(|one| one.oblast) == other.map(|one| one.oblast),
        _ => true,
    }
}

/// Reasons of substance with their weight: without one, nearness says nothing.
fn reasons(known: &Known, entry: &RegistryEntry) -> (u32, Vec<Phrase>) {
    let id = &entry.community.id;
    let sectors = &known.exchange.sectors;
    let profile = &entry.profile;
    let shares = profile.ready_to_share.iter().any(|offer| sectors.contains(&offer.sector));
    let needs = profile.needs.iter().any(|need| sectors.contains(&need.sector));
    let answers_it = known.others.iter().any(|other| other.owner == *id);
    let request = known.is_request();
    let all = [
        (answers_it, 4, if request { rw::WHY_OFFERS } else { rw::WHY_NEEDS }),
        (request && known.adopted.contains(id), 4, rw::WHY_ADOPTED),
        (request && known.have.contains(id), 3, rw::WHY_HAS),
        (if request { shares } else { needs }, 3, rw::WHY_SECTOR),
    ];
    let held: Vec<(u32, Phrase)> =
        all.into_iter().filter(|(holds, ..)| *holds).map(|(_, weight, why)| (weight, why)).collect();
    (held.iter().map(|(weight, _)| weight).sum(), held.into_iter().map(|(_, why)| why).collect())
}
