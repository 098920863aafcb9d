//! One community: what it says of itself, what it shares, what it needs, and who is like it nearby.

mod repeated;

use std::sync::Arc;

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use crdt::codifier::{self, Precision, distance_km};
use crdt::id::CommunityId;
use crdt::profile::{Instrument, PROFILE, Profile};
use crdt::vocabulary::{LawStatus, MECHANISMS, MechanismLaw, SECTORS, laws, size_band};

use crate::App;
use crate::api::communities::profile_of;
use crate::desk::decide::decide_href;
use crate::error::Failure;
use crate::format;
use crate::language::Language;
use crate::library::registry::RegistryEntry;
use crate::library::{CommunityCard, DocumentCard, Library, LibraryError};
use crate::pages::answer;
use crate::pages::conflicts::{Clash, clashes};
use crate::pages::entries::Entry;
use crate::pages::fields::{Fullness, Layout, fullness, layout};
use crate::pages::frame::{PageId, Pager, Visitor, short_name};
use crate::pages::map::{Locator, locator};
use crate::pages::records::RecordEntry;
use crate::pages::registry::{Share, kilometres, shares};
use crate::pages::terms::{region_name, term};
use crate::pages::values::Paragraph;
use crate::public::linked;
use crate::registry::{position, today, whereabouts};
use crate::translated;
use crate::words::geography as gw;
use crate::{assets, words};

use repeated::{Named, Pair, adoptions, by_others, from_others, named, pairs};

/// Communities named as similar.
const SIMILAR_MAX: usize = 5;
/// Kilometres beyond which nobody is called a neighbour unless nobody is nearer.
const NEAR_KM: f64 = 150.0;
/// Fields of the profile that the page shows in its own way.
const OWN_WAY: [&str; 3] = ["ready_to_share", "needs", "instruments"];

/// An instrument with the law behind it.
struct Tool {
    name: String,
    document: String,
    since: String,
    used: &'static str,
    laws: Vec<String>,
}

/// A community like this one.
struct Alike {
    name: String,
    href: String,
    distance: String,
    why: Vec<&'static str>,
}

/// A practice that is offered, by its title where it is known.
struct Offered {
    share: Share,
    practices: Vec<Named>,
}

/// One community.
#[derive(Template)]
#[template(path = "community.html")]
struct One {
    v: Visitor,
    name: String,
    place: String,
    distance: Option<String>,
    code: String,
    id: String,
    devices: String,
    forked: bool,
    claimed_twice: bool,
    history_href: String,
    layout: Layout,
    clashes: Vec<Clash>,
    decide_href: Option<String>,
    fullness: Fullness,
    offers: Vec<Offered>,
    needs: Vec<(String, String)>,
    tools: Vec<Tool>,
    locator: Option<Locator>,
    region: Option<(String, String)>,
    by_raion: bool,
    alike: Vec<Alike>,
    from_others: Vec<Pair>,
    by_others: Vec<Pair>,
    adoptions: [Vec<RecordEntry>; 2],
    practices: String,
    entries: Vec<Entry>,
    pager: Pager,
    description: String,
    linked: Option<String>,
}

/// `/communities/{id}`
pub(crate) async fn one(State(app): State<Arc<App>>, v: Visitor, PageId(id): PageId<CommunityId>) -> Response {
    answer(&v, shown(&app, &v, id).await)
}

async fn shown(app: &App, v: &Visitor, id: CommunityId) -> Result<One, Failure> {
    let (request, language) = (v.rows()?, v.language);
    let all = move |library: &dyn Library| {
        let page = library.profile(id)?;
        let mut practices = library.practices(&request, Some(id))?;
        translated::rows(library, &mut practices.rows, language)?;
        let mut repeated = (from_others(library, &practices.rows), by_others(library, &practices.rows));
        let others = repeated.0.iter_mut().chain(&mut repeated.1).filter_map(|(_, other)| other.as_mut());
        translated::rows(library, others, language)?;
        let said = adoptions(library, id)?;
        Ok((titles(library, &page.profile, language)?, practices, repeated, said, library.registry()?, page))
    };
    let (titles, practices, repeated, said, registry, page) = app.ask(all).await?;
    let mut whole = serde_json::to_value(&page.profile).unwrap_or_default();
    for key in OWN_WAY {
        whole[key] = serde_json::Value::Null;
    }
    let card = page.community;
    let entry = RegistryEntry { community: card.clone(), profile: page.profile, ..RegistryEntry::default() };
    let hromada = codifier::find(&card.code);
    let here = position(&entry);
    let full = name(v, &card);
    let region = hromada.and_then(|hromada| codifier::region(hromada.oblast));
    Ok(One {
        name: short_name(&full),
        place: full.split_once(", ").map(|(_, place)| place.to_owned()).unwrap_or_default(),
        distance: from_home(v, &registry, here),
        devices: format::number(card.devices),
        forked: card.forked,
        claimed_twice: registry.iter().filter(|other| other.community.code == card.code).count() > 1,
        history_href: v.link(&["communities", &card.id, "history"]),
        layout: layout(v, PROFILE, &whole, &page.conflicts),
        clashes: clashes(v, PROFILE, &page.conflicts, &[]),
        decide_href: decide_href(v, "profile", &profile_of(&id).to_string()).filter(|_| page.editable),
        fullness: fullness(v, PROFILE, &page.completeness),
        offers: shares(v, &entry, today()).into_iter().map(|share| offered(v, share, &titles)).collect(),
        needs: entry.profile.needs.iter().map(|need| (term(v, &SECTORS, &need.sector), need.text.clone())).collect(),
        tools: entry.profile.instruments.iter().map(|instrument| tool(v, instrument)).collect(),
        locator: here.zip(hromada).map(|(here, hromada)| locator(here, hromada.oblast)),
        region: region
            .map(|region| (region_name(v, region), v.link_with(&["map"], &[("show", "all"), ("oblast", region.code)]))),
        by_raion: entry.profile.location.is_none()
            && hromada.is_some_and(|hromada| hromada.precision() == Some(Precision::Raion)),
        alike: alike(v, &entry, &registry),
        from_others: pairs(v, &repeated.0),
        by_others: pairs(v, &repeated.1),
        adoptions: said.entries(v),
        practices: v.count(practices.total, words::PRACTICES_COUNTED),
        entries: practices.rows.iter().map(|card| Entry::new(v, card)).collect(),
        pager: Pager::new(v, &["communities", &card.id], practices.next.as_deref()),
        linked: linked::community(v, &card, &entry.profile),
        description: description(v, &full, &entry.profile.about),
        code: card.code,
        id: card.id,
        v: v.clone(),
    })
}

/// What search engines are told: what the community says of itself, or else what the page shows.
fn description(v: &Visitor, full: &str, about: &str) -> String {
    if about.trim().is_empty() { format!("{full}. {}", v.say(words::public::REGISTRY)) } else { about.to_owned() }
}

/// Practices that a page names by their titles: an offer has a few.
const TITLES_MAX: usize = 30;

/// The titles of the practices that are offered, as far as they are here.
fn titles(library: &dyn Library, profile: &Profile, language: Language) -> Result<Vec<DocumentCard>, LibraryError> {
    let ids = profile.ready_to_share.iter().flat_map(|offer| &offer.practice_ids).take(TITLES_MAX);
    let titled = |id: &String| Some(named(library.practice(id.parse().ok()?).ok()?));
    let mut cards: Vec<DocumentCard> = ids.filter_map(titled).collect();
    translated::rows(library, &mut cards, language)?;
    Ok(cards)
}

fn offered(v: &Visitor, share: Share, titles: &[DocumentCard]) -> Offered {
    let named = |id: &String| titles.iter().find(|card| card.id == *id).map(|card| Named::new(v, card));
    Offered { practices: share.practice_ids.iter().filter_map(named).collect(), share }
}

fn tool(v: &Visitor, instrument: &Instrument) -> Tool {
    let law = |law: &MechanismLaw| {
        let status =
            if law.status == LawStatus::InForce { "" } else { v.language.pick(law.status.uk(), law.status.en()) };
        let parts = [
            if law.law.is_empty() { String::new() } else { format!("{} {}", v.say(gw::LAW), law.law) },
            law.article.to_owned(),
            status.to_owned(),
            if law.sourced { String::new() } else { v.say(gw::NOT_CHECKED).to_owned() },
        ];
        parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(", ")
    };
    Tool {
        name: term(v, &MECHANISMS, &instrument.mechanism),
        document: instrument.document.trim().to_owned(),
        since: format::date(instrument.since.trim()),
        used: match instrument.used_last_year {
            Some(true) => v.say(words::YES),
            Some(false) => v.say(words::NO),
            None => "",
        },
        laws: laws(&instrument.mechanism).map(law).collect(),
    }
}

fn from_home(v: &Visitor, registry: &[RegistryEntry], here: Option<codifier::Position>) -> Option<String> {
    let home = whereabouts(registry, &v.home()?.code)?;
    Some(distance_km(home, here?)).filter(|km| *km >= 1.0).map(|km| kilometres(v, km))
}

/// Communities near this one, those first that have more in common with it.
fn alike(v: &Visitor, entry: &RegistryEntry, registry: &[RegistryEntry]) -> Vec<Alike> {
    let Some(here) = position(entry) else { return Vec::new() };
    let own = codifier::find(&entry.community.code);
    let own_size = entry.profile.population.value.map(|people| size_band(people).key);
    let mut found: Vec<(f64, f64, Vec<&'static str>, &RegistryEntry)> = Vec::new();
    for other in registry.iter().filter(|other| other.community.id != entry.community.id) {
        let Some(km) = position(other).map(|there| distance_km(here, there)) else { continue };
        let hromada = codifier::find(&other.community.code);
        let mut why = Vec::new();
        let needs = &entry.profile.needs;
        if other.profile.ready_to_share.iter().any(|offer| needs.iter().any(|need| need.sector == offer.sector)) {
            why.push(v.say(gw::CAN_HELP));
        }
        if own.map(|own| own.oblast) == hromada.map(|other| other.oblast) {
            why.push(v.say(gw::SAME_OBLAST));
        }
        let size = other.profile.population.value.map(|people| size_band(people).key);
        if size.is_some() && size == own_size {
            why.push(v.say(gw::LIKE_SIZE));
        }
        if own.map(|own| own.kind) == hromada.map(|other| other.kind) {
            why.push(v.say(gw::LIKE_KIND));
        }
        // A reason is worth as much as being forty kilometres nearer.
        #[allow(clippy::cast_precision_loss, reason = "at most four reasons")]
        let rank = km - 40.0 * why.len() as f64 + if km > NEAR_KM { NEAR_KM } else { 0.0 };
        found.push((rank, km, why, other));
    }
    found.sort_by(|a, b| a.0.total_cmp(&b.0));
    let shown = |(_, km, why, other): (f64, f64, Vec<&'static str>, &RegistryEntry)| Alike {
        name: short_name(&name(v, &other.community)),
        href: v.link(&["communities", &other.community.id]),
        distance: kilometres(v, km),
        why,
    };
    found.into_iter().take(SIMILAR_MAX).map(shown).collect()
}

/// A community's full name; its code if it has none.
pub(crate) fn name(v: &Visitor, card: &CommunityCard) -> String {
    let name = v.language.pick(&card.name_uk, &card.name_en);
    if name.trim().is_empty() { v.place(&card.code) } else { name.clone() }
}
