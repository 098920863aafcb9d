//! The registry of communities: who is ready to share what, and whom to ask.

use std::sync::Arc;

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use crdt::profile::Offer;
use crdt::vocabulary as voc;
use jiff::civil::Date;

use crate::App;
use crate::error::Failure;
use crate::extract::cursor;
use crate::format;
use crate::language::Phrase;
use crate::library::registry::RegistryEntry;
use crate::pages::entries::cut;
use crate::pages::frame::{Pager, Visitor, short_name};
use crate::pages::narrowing::{Choice, choices, regions};
use crate::pages::terms::term;
use crate::pages::{ROWS, answer};
use crate::registry::{Age, Found, Order, Wanted, age, find, today};
use crate::words::geography as gw;
use crate::{assets, words};

/// Offers of one community in the list; the rest stand on its own page.
const OFFERS_SHOWN: usize = 3;
/// Needs of one community in the list.
const NEEDS_SHOWN: usize = 2;
/// Letters of a need in the list.
const NEED_CHARS: usize = 120;

/// An offer as it is shown.
pub(crate) struct Share {
    /// The label of the sector.
    pub(crate) sector: String,
    /// The labels of themes.
    pub(crate) themes: Vec<String>,
    /// The labels of formats.
    pub(crate) formats: Vec<String>,
    /// The post to ask.
    pub(crate) contact: String,
    /// On what conditions.
    pub(crate) conditions: String,
    /// How many requests it takes.
    pub(crate) per_month: Option<String>,
    /// The day until which it stands.
    pub(crate) until: String,
    /// When it was confirmed, in words.
    pub(crate) confirmed: String,
    /// `fresh`, `aging`, `stale` or `expired`.
    pub(crate) age: &'static str,
    /// What should be known of its age, if anything.
    pub(crate) caution: Option<&'static str>,
    /// The practices that it can show.
    pub(crate) practice_ids: Vec<String>,
}

impl Share {
    /// An offer as it stands on a day.
    pub(crate) fn new(v: &Visitor, offer: &Offer, today: Date) -> Self {
        let (age, days) = age(offer, today);
        let confirmed = match days {
            None => v.say(gw::NEVER).to_owned(),
            Some(0) => format!("{} {}", v.say(gw::CONFIRMED), v.say(gw::TODAY)),
            Some(days) => format!("{} {}", v.say(gw::CONFIRMED), v.count(days.unsigned_abs(), gw::DAYS_AGO)),
        };
        let labels = |vocabulary, keys: &[String]| keys.iter().map(|key| term(v, vocabulary, key)).collect();
        Self {
            sector: term(v, &voc::SECTORS, &offer.sector),
            themes: labels(&voc::THEMES, &offer.themes),
            formats: labels(&voc::FORMATS, &offer.formats),
            contact: offer.contact.trim().to_owned(),
            conditions: offer.conditions.trim().to_owned(),
            per_month: offer
                .per_month
                .map(|many| format!("{} {}", v.count(many.into(), gw::REQUESTS), v.say(gw::PER_MONTH))),
            until: format::date(offer.valid_until.trim()),
            confirmed,
            age: age.key(),
            caution: match age {
                Age::Fresh | Age::Aging => None,
                Age::Stale => Some(v.say(gw::STALE)),
                Age::Expired => Some(v.say(gw::EXPIRED)),
            },
            practice_ids: offer.practice_ids.clone(),
        }
    }
}

/// The offers of a community, those that can be relied on most first.
pub(crate) fn shares(v: &Visitor, entry: &RegistryEntry, today: Date) -> Vec<Share> {
    let mut offers: Vec<&Offer> = entry.profile.ready_to_share.iter().collect();
    offers.sort_by_key(|offer| {
        let (age, days) = age(offer, today);
        (age, days.unwrap_or(i64::MAX))
    });
    offers.into_iter().map(|offer| Share::new(v, offer, today)).collect()
}

/// A community in the list.
struct Card {
    name: String,
    place: String,
    href: String,
    distance: Option<String>,
    practices: Option<String>,
    forked: bool,
    shares: Vec<Share>,
    more: usize,
    needs: Vec<(String, String)>,
}

/// The page.
#[derive(Template)]
#[template(path = "communities.html")]
struct Page {
    v: Visitor,
    wanted: Wanted,
    count: String,
    narrowed: bool,
    choices: Vec<(&'static str, &'static str, Vec<Choice>)>,
    sorts: Vec<Choice>,
    cards: Vec<Card>,
    pager: Pager,
    exports: Vec<(&'static str, String)>,
    map: String,
    empty: bool,
}

/// `/communities`
pub(crate) async fn list(State(app): State<Arc<App>>, v: Visitor) -> Response {
    answer(&v, listed(&app, &v).await)
}

/// Where the page begins that an address asks for.
pub(crate) fn offset(pairs: &[(String, String)]) -> Result<usize, Failure> {
    let after = pairs.iter().find(|(name, _)| name == "after").map(|(_, value)| value.clone());
    Ok(cursor(after)?.and_then(|after| after.parse().ok()).unwrap_or_default())
}

async fn listed(app: &App, v: &Visitor) -> Result<Page, Failure> {
    let wanted = Wanted::read(v.pairs());
    let offset = offset(v.pairs())?;
    let entries = app.ask(|library| library.registry()).await?;
    let home = v.home().map(|home| home.code.clone());
    let found = find(&entries, &wanted, home.as_deref(), today());
    let end = (offset + ROWS).min(found.len());
    let next = (end < found.len()).then(|| end.to_string());
    let here = found.get(offset.min(end)..end).unwrap_or_default();
    Ok(Page {
        count: v.count(found.len() as u64, words::COMMUNITIES_COUNTED),
        narrowed: !wanted.pairs().iter().all(|(name, _)| *name == "sort"),
        choices: narrowings(v, &wanted),
        sorts: sorts(v, &wanted, home.is_some()),
        cards: here.iter().map(|row| card(v, row, today())).collect(),
        pager: Pager {
            first: (offset > 0).then(|| v.link_with(&["communities"], &wanted.pairs())),
            next: next.map(|next| {
                let mut pairs = wanted.pairs();
                pairs.push(("after", &next));
                v.link_with(&["communities"], &pairs)
            }),
        },
        exports: exports(v, &wanted),
        map: to_map(v, &wanted),
        empty: entries.is_empty(),
        wanted,
        v: v.clone(),
    })
}

fn narrowings(v: &Visitor, wanted: &Wanted) -> Vec<(&'static str, &'static str, Vec<Choice>)> {
    vec![
        ("sector", v.say(gw::SECTOR), choices(v, &voc::SECTORS, &wanted.sector)),
        ("format", v.say(gw::FORMAT), choices(v, &voc::FORMATS, &wanted.format)),
        ("mechanism", v.say(gw::MECHANISM), choices(v, &voc::MECHANISMS, &wanted.mechanism)),
        ("oblast", v.say(gw::OBLAST), regions(v, &wanted.oblast)),
        ("size", v.say(gw::SIZE), choices(v, &voc::SIZES, &wanted.size)),
    ]
}

/// What an order is called.
fn order(order: Order) -> Phrase {
    match order {
        Order::Near => gw::BY_NEAR,
        Order::Fresh => gw::BY_FRESH,
        Order::Practices => gw::BY_PRACTICES,
        Order::Name => gw::BY_NAME,
    }
}

/// The orders that make sense: by nearness only from somewhere.
fn sorts(v: &Visitor, wanted: &Wanted, has_home: bool) -> Vec<Choice> {
    let somewhere = has_home || !wanted.near.is_empty();
    let now = wanted.sort.unwrap_or(if somewhere { Order::Near } else { Order::Fresh });
    let useful = Order::ALL.into_iter().filter(|order| somewhere || *order != Order::Near);
    useful
        .map(|one| Choice { value: one.key().to_owned(), text: v.say(order(one)).to_owned(), chosen: one == now })
        .collect()
}

fn card(v: &Visitor, row: &Found<'_>, today: Date) -> Card {
    let community = &row.entry.community;
    let full = crate::pages::communities::name(v, community);
    let mut shares = shares(v, row.entry, today);
    let more = shares.len().saturating_sub(OFFERS_SHOWN);
    shares.truncate(OFFERS_SHOWN);
    let needs = row.entry.profile.needs.iter().take(NEEDS_SHOWN);
    Card {
        name: short_name(&full),
        place: full.split_once(", ").map(|(_, place)| place.to_owned()).unwrap_or_default(),
        href: v.link(&["communities", &community.id]),
        distance: row.km.filter(|km| *km >= 1.0).map(|km| kilometres(v, km)),
        practices: (community.practices > 0).then(|| v.count(community.practices, words::PRACTICES_COUNTED)),
        forked: community.forked,
        shares,
        more,
        needs: needs.map(|need| (term(v, &voc::SECTORS, &need.sector), cut(&need.text, NEED_CHARS))).collect(),
    }
}

/// A distance in whole kilometres.
pub(crate) fn kilometres(v: &Visitor, km: f64) -> String {
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a distance within one country")]
    let whole = km.round().max(0.0) as u64;
    format!("{}\u{a0}{}", format::number(whole), v.say(gw::KM))
}

fn exports(v: &Visitor, wanted: &Wanted) -> Vec<(&'static str, String)> {
    let pairs = wanted.pairs();
    let file = |name| v.link_with(&[name], &pairs);
    let json = format::address(&["api", "v1", "registry"], pairs.iter().copied());
    vec![
        (v.say(gw::AS_XLSX), file("communities.xlsx")),
        (v.say(gw::AS_CSV), file("communities.csv")),
        (v.say(gw::AS_JSON), json),
    ]
}

fn to_map(v: &Visitor, wanted: &Wanted) -> String {
    let mut pairs = vec![("show", if wanted.ready { "ready" } else { "all" })];
    let known = ["sector", "theme", "mechanism", "size", "oblast", "format"];
    pairs.extend(wanted.pairs().into_iter().filter(|(name, _)| known.contains(name)));
    v.link_with(&["map"], &pairs)
}
