//! Who may answer a request, and who may need an offer: found here, from what this node holds, with
//! the reasons said and never a bare score.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use crdt::codifier::{self, distance_km};
use crdt::gate::DocumentKind;
use crdt::id::{CommunityId, DocumentId};
use crdt::kinds::adoption::Adoption;
use crdt::kinds::exchange::Exchange;
use crdt::vocabulary::size_band;

use super::state_key;
use crate::language::Phrase;
use crate::library::notes;
use crate::library::registry::RegistryEntry;
use crate::library::rightful::is_confirmed;
use crate::library::search::{Facet, SearchRequest};
use crate::library::{DocumentCard, DocumentsRequest, Library, LibraryError, PageRequest, Scope};
use crate::pages::communities::name;
use crate::pages::frame::{Visitor, short_name};
use crate::pages::registry::kilometres;
use crate::registry::position;
use crate::words::records as rw;

/// Remarks of a candidate that are looked at for whether it has answered before.
const LOOKED_AT: usize = 100;
/// Requests and offers that are looked at for one that fits: they stand for 90 days, so that a fifth of
/// all hromadas may have three that are open.
const EXCHANGES_LOOKED_AT: usize = 1_000;
/// Adoptions of whatever practice that are looked at for one of the sector, last changed first.
const ADOPTIONS_LOOKED_AT: usize = 1_000;
/// Candidates that are named: nobody calls more.
const SHOWN: usize = 10;
/// Candidates of whom it is asked whether they have answered before: that adds the least weight, so
/// it decides only among the first.
const ASKED_ABOUT: usize = 30;
/// What each reason weighs: above all that somebody looks for just this, then that they have done it,
/// then that they are like or near.
const WEIGHT_SOUGHT: u32 = 4;
const WEIGHT_HAS: u32 = 3;
const WEIGHT_NEAR: u32 = 2;
const WEIGHT_LIKE: u32 = 1;
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
    /// Codes of communities where practices of the kind that is meant happened.
    have: HashSet<String>,
    /// Owners of adoptions that work, of the practices that are named or of others of the kind that is
    /// meant, with these adoptions.
    adopted: HashMap<String, Vec<DocumentCard>>,
    /// Those of them whose adoption is confirmed by the community whose practice it is, of those that come
    /// into question.
    confirmed: HashSet<String>,
    /// Open exchanges the other way round, in one of the sectors.
    others: Vec<DocumentCard>,
    /// Communities that have answered somebody, of those that come into question.
    answered: HashSet<String>,
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
    let own = exchange.direction.as_deref().unwrap_or("request");
    let all = DocumentsRequest { kind: DocumentKind::Exchange, scope: Scope::All };
    let many = PageRequest { after: None, limit: EXCHANGES_LOOKED_AT };
    let others = library.documents(&all, &many)?.rows.into_iter().filter(|other| {
        !other.state.starts_with(own)
            && state_key(other) == "open"
            && other.sectors.iter().any(|sector| exchange.sectors.contains(sector))
    });
    let mut known = Known {
        owner: card.owner.clone(),
        owner_code: card.owner_code.clone(),
        have: have(library, &exchange)?,
        adopted: adopted(library, &exchange)?,
        confirmed: HashSet::new(),
        others: others.collect(),
        answered: HashSet::new(),
        registry: library.registry()?,
        exchange,
    };
    known.answered = answered(library, &known)?;
    known.confirmed = confirmed(library, &known)?;
    Ok(known)
}

/// Who repeated such a practice, so that it works: one that is named, or one of a sector, and of a
/// mechanism if any is asked for.
fn adopted(library: &dyn Library, exchange: &Exchange) -> Result<HashMap<String, Vec<DocumentCard>>, LibraryError> {
    let some = PageRequest { after: None, limit: super::LOOKED_AT };
    let many = PageRequest { after: None, limit: ADOPTIONS_LOOKED_AT };
    let of = |scope, page: &PageRequest| {
        library.documents(&DocumentsRequest { kind: DocumentKind::Adoption, scope }, page).map(|found| found.rows)
    };
    let mut adopted: HashMap<String, Vec<DocumentCard>> = HashMap::new();
    let mut works = |card: DocumentCard| adopted.entry(card.owner.clone()).or_default().push(card);
    for id in exchange.practices.iter().filter_map(|id| id.parse::<DocumentId>().ok()) {
        let of_it = of(Scope::About(id), &some)?.into_iter();
        let is_of_it = |card: &DocumentCard| card.about.as_deref() == Some(id.to_string().as_str());
        of_it.filter(|card| is_of_it(card) && Adoption::is_repeated(&card.state)).for_each(&mut works);
    }
    let in_sector = |card: &DocumentCard| card.sectors.iter().any(|sector| exchange.sectors.contains(sector));
    for card in of(Scope::All, &many)?.into_iter().filter(in_sector) {
        if Adoption::is_repeated(&card.state) && has_mechanism(library, exchange, &card) {
            works(card);
        }
    }
    Ok(adopted)
}

/// Whether the practice that an adoption repeats is of a mechanism that is asked for.
fn has_mechanism(library: &dyn Library, exchange: &Exchange, adoption: &DocumentCard) -> bool {
    let practice = || library.document(adoption.about.as_ref()?.parse().ok()?).ok();
    exchange.mechanisms.is_empty()
        || practice().is_some_and(|page| page.card.mechanisms.iter().any(|one| exchange.mechanisms.contains(one)))
}

/// Of the first candidates those who repeated such a practice and have it confirmed by whose it is.
fn confirmed(library: &dyn Library, known: &Known) -> Result<HashSet<String>, LibraryError> {
    let mut confirmed = HashSet::new();
    if known.adopted.is_empty() {
        return Ok(confirmed);
    }
    let hidden = notes::hidden(library)?;
    for candidate in ranked(known).into_iter().take(ASKED_ABOUT) {
        let owner = &candidate.entry.community.id;
        for adoption in known.adopted.get(owner).into_iter().flatten() {
            if is_confirmed(library, adoption, &hidden)? {
                confirmed.insert(owner.clone());
                break;
            }
        }
    }
    Ok(confirmed)
}

/// Codes of the communities where such practices happened: counted in the index, so no text is read.
fn have(library: &dyn Library, exchange: &Exchange) -> Result<HashSet<String>, LibraryError> {
    let mut filters = vec![(Facet::Kind, vec!["practice".to_owned()]), (Facet::Sector, exchange.sectors.clone())];
    if !exchange.mechanisms.is_empty() {
        filters.push((Facet::Mechanism, exchange.mechanisms.clone()));
    }
    match library.places(&SearchRequest { filters, ..SearchRequest::default() }) {
        Ok(places) => Ok(places.found.into_iter().map(|place| place.value).collect()),
        // An index that is being made anew is no reason for a page without reasons of other kinds.
        Err(error) if error.lacks_search() => Ok(HashSet::new()),
        Err(error) => Err(error),
    }
}

/// Who of the first candidates has answered a question, or helped.
fn answered(library: &dyn Library, known: &Known) -> Result<HashSet<String>, LibraryError> {
    let some = PageRequest { after: None, limit: LOOKED_AT };
    let mut answered = HashSet::new();
    for candidate in ranked(known).into_iter().take(ASKED_ABOUT) {
        let id = &candidate.entry.community.id;
        let Ok(community) = id.parse::<CommunityId>() else { continue };
        let wanted = DocumentsRequest { kind: DocumentKind::Comment, scope: Scope::Of(community) };
        let said = library.documents(&wanted, &some)?.rows;
        if said.iter().any(|said| matches!(said.state.as_str(), "answer" | "help")) {
            answered.insert(id.clone());
        }
    }
    Ok(answered)
}

/// The candidates, those with the weightiest reasons first, of equals the nearest.
pub(crate) fn matches(v: &Visitor, known: &Known) -> Vec<Match> {
    let shown = |candidate: Candidate| Match {
        name: short_name(&name(v, &candidate.entry.community)),
        href: v.link(&["communities", &candidate.entry.community.id]),
        distance: candidate.km.map(|km| kilometres(v, km)),
        why: candidate.why.into_iter().map(|phrase| v.say(phrase)).collect(),
    };
    ranked(known).into_iter().take(SHOWN).map(shown).collect()
}

/// A community that comes into question.
struct Candidate<'a> {
    entry: &'a RegistryEntry,
    km: Option<f64>,
    weight: u32,
    why: Vec<Phrase>,
}

fn ranked(known: &Known) -> Vec<Candidate<'_>> {
    let registry = &known.registry;
    let own = registry.iter().find(|entry| entry.community.id == known.owner);
    let here = own.and_then(position).or_else(|| codifier::find(&known.owner_code)?.position());
    let own_size = own.and_then(size);
    let own_oblast = codifier::find(&known.owner_code).map(|one| one.oblast);
    let mut found = Vec::new();
    for entry in registry.iter().filter(|entry| entry.community.id != known.owner) {
        let (substance, why) = reasons(known, entry);
        if substance == 0 {
            continue;
        }
        let km = here.zip(position(entry)).map(|(here, there)| distance_km(here, there));
        if !within(known, entry, km) {
            continue;
        }
        let is_near = km.is_some_and(|km| km <= NEIGHBOUR_KM);
        let same_oblast = codifier::find(&entry.community.code).map(|one| one.oblast) == own_oblast;
        let further = [
            (is_near, WEIGHT_NEAR, rw::WHY_NEIGHBOUR),
            (same_oblast && !is_near, WEIGHT_LIKE, rw::WHY_OBLAST),
            (own_size.is_some() && size(entry) == own_size, WEIGHT_LIKE, rw::WHY_SIZE),
            (known.confirmed.contains(&entry.community.id), WEIGHT_LIKE, rw::WHY_CONFIRMED),
            (known.answered.contains(&entry.community.id), WEIGHT_LIKE, rw::WHY_ANSWERED),
        ];
        let mut candidate = Candidate { entry, km, weight: substance, why };
        for (_, more, phrase) in further.into_iter().filter(|(holds, ..)| *holds) {
            candidate.weight += more;
            candidate.why.push(phrase);
        }
        found.push(candidate);
    }
    let far = |candidate: &Candidate| candidate.km.unwrap_or(f64::MAX);
    found.sort_by(|a, b| b.weight.cmp(&a.weight).then(far(a).total_cmp(&far(b))));
    found
}

fn size(entry: &RegistryEntry) -> Option<&'static str> {
    entry.profile.population.value.map(|people| size_band(people).key)
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
        (answers_it, WEIGHT_SOUGHT, if request { rw::WHY_OFFERS } else { rw::WHY_NEEDS }),
        (request && known.adopted.contains_key(id), WEIGHT_SOUGHT, rw::WHY_ADOPTED),
        (request && known.have.contains(&entry.community.code), WEIGHT_HAS, rw::WHY_HAS),
        (if request { shares } else { needs }, WEIGHT_HAS, rw::WHY_SECTOR),
    ];
    let held: Vec<(u32, Phrase)> =
        all.into_iter().filter(|(holds, ..)| *holds).map(|(_, weight, why)| (weight, why)).collect();
    (held.iter().map(|(weight, _)| weight).sum(), held.into_iter().map(|(_, why)| why).collect())
}
