//! The registry of communities: what is asked of it, who answers, in which order. Pages, files and the
//! API show the same.

use crdt::codifier::{self, Position, distance_km};
use crdt::profile::Offer;
use crdt::vocabulary as v;
use jiff::civil::Date;

use crate::format;
use crate::library::registry::RegistryEntry;

/// Days after which an offer that nobody confirmed is shown in grey.
pub(crate) const STALE_DAYS: i64 = 180;
/// Days within which a confirmation is fresh.
const FRESH_DAYS: i64 = 60;
/// Letters of a choice or of a name that is looked for.
const VALUE_CHARS_MAX: usize = 100;

/// The order of communities.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Order {
    /// Nearest first; without a place to measure from, as [`Order::Fresh`].
    #[default]
    Near,
    /// Confirmed last first.
    Fresh,
    /// Most practices first.
    Practices,
    /// By name.
    Name,
}

impl Order {
    /// All orders, in the order in which they are shown.
    pub(crate) const ALL: [Self; 4] = [Self::Near, Self::Fresh, Self::Practices, Self::Name];

    /// Its name in addresses.
    pub(crate) const fn key(self) -> &'static str {
        match self {
            Self::Near => "near",
            Self::Fresh => "fresh",
            Self::Practices => "practices",
            Self::Name => "name",
        }
    }
}

/// What is asked of the registry. A choice that is empty asks for nothing.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Wanted {
    /// A part of the name, or a code.
    pub(crate) name: String,
    /// A sector in which the community offers or needs something.
    pub(crate) sector: String,
    /// A theme of an offer.
    pub(crate) theme: String,
    /// An instrument that the community has.
    pub(crate) mechanism: String,
    /// The KATOTTG code of the oblast.
    pub(crate) oblast: String,
    /// A band of population.
    pub(crate) size: String,
    /// A format of help.
    pub(crate) format: String,
    /// Only those that are ready to share something.
    pub(crate) ready: bool,
    /// The order, if one was chosen.
    pub(crate) sort: Option<Order>,
    /// From where distance is measured, if not from this node's own community.
    pub(crate) near: String,
}

impl Wanted {
    /// What an address asks. A term that nobody knows is one that nobody has.
    pub(crate) fn read(pairs: &[(String, String)]) -> Self {
        let mut wanted = Self::default();
        for (name, value) in pairs {
            let value: String = value.trim().chars().take(VALUE_CHARS_MAX).collect();
            match name.as_str() {
                "q" => wanted.name = value,
                "sector" => wanted.sector = value,
                "theme" => wanted.theme = value,
                "mechanism" => wanted.mechanism = value,
                "size" => wanted.size = value,
                "format" => wanted.format = value,
                "oblast" => wanted.oblast = value,
                "near" => wanted.near = value,
                "ready" => wanted.ready = matches!(value.as_str(), "1" | "true"),
                "sort" => wanted.sort = Order::ALL.into_iter().find(|order| order.key() == value),
                _ => {}
            }
        }
        wanted
    }

    /// The parameters that say the same.
    pub(crate) fn pairs(&self) -> Vec<(&'static str, &str)> {
        let texts = [
            ("q", &self.name),
            ("sector", &self.sector),
            ("theme", &self.theme),
            ("mechanism", &self.mechanism),
            ("oblast", &self.oblast),
            ("size", &self.size),
            ("format", &self.format),
            ("near", &self.near),
        ];
        let mut pairs: Vec<(&str, &str)> = texts
            .into_iter()
            .filter(|(_, value)| !value.is_empty())
            .map(|(name, value)| (name, value.as_str()))
            .collect();
        if self.ready {
            pairs.push(("ready", "1"));
        }
        pairs.extend(self.sort.map(|order| ("sort", order.key())));
        pairs
    }

    fn takes(&self, entry: &RegistryEntry) -> bool {
        let offers = &entry.profile.ready_to_share;
        let is = |wanted: &str, value: &str| wanted.is_empty() || wanted == value;
        let hromada = codifier::find(&entry.community.code);
        let sector = self.sector.is_empty()
            || offers.iter().any(|offer| offer.sector == self.sector)
            || (!self.ready && entry.profile.needs.iter().any(|need| need.sector == self.sector));
        let theme = self.theme.is_empty() || offers.iter().any(|offer| offer.themes.contains(&self.theme));
        let format = self.format.is_empty() || offers.iter().any(|offer| offer.formats.contains(&self.format));
        let mechanism = self.mechanism.is_empty()
            || entry.profile.instruments.iter().any(|instrument| instrument.mechanism == self.mechanism);
        let size = self.size.is_empty()
            || entry.profile.population.value.is_some_and(|people| v::size_band(people).key == self.size);
        let oblast = is(&self.oblast, hromada.map(|hromada| hromada.oblast).unwrap_or_default());
        sector
            && theme
            && format
            && mechanism
            && size
            && oblast
            && (!self.ready || !offers.is_empty())
            && self.names(entry)
    }

    fn names(&self, entry: &RegistryEntry) -> bool {
        let folded = |text: &str| text.to_lowercase().replace(['\'', 'ʼ', '`'], "’");
        let name = folded(&format!("{} {}", entry.community.name_uk, entry.community.name_en));
        folded(&self.name)
            .split_whitespace()
            .all(|word| name.contains(word) || entry.community.code.to_lowercase() == word)
    }
}

/// How far an offer can be relied on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Age {
    /// Confirmed within two months.
    Fresh,
    /// Confirmed within half a year.
    Aging,
    /// Confirmed longer ago, or never.
    Stale,
    /// Its time is over.
    Expired,
}

impl Age {
    /// Its name in classes and in the API.
    pub(crate) const fn key(self) -> &'static str {
        match self {
            Self::Fresh => "fresh",
            Self::Aging => "aging",
            Self::Stale => "stale",
            Self::Expired => "expired",
        }
    }
}

/// How old an offer is on a day: how far it can be relied on, and days since it was confirmed.
pub(crate) fn age(offer: &Offer, today: Date) -> (Age, Option<i64>) {
    let date = |text: &str| text.trim().parse::<Date>().ok();
    let days = date(&offer.confirmed_on).and_then(|on| today.since(on).ok()).map(|span| i64::from(span.get_days()));
    // A day that has not come is a slip of the pen, and says nothing.
    let days = days.filter(|days| *days >= 0);
    let age = match days {
        _ if date(&offer.valid_until).is_some_and(|until| until < today) => Age::Expired,
        Some(days) if days <= FRESH_DAYS => Age::Fresh,
        Some(days) if days <= STALE_DAYS => Age::Aging,
        _ => Age::Stale,
    };
    (age, days)
}

/// A community that answers.
pub(crate) struct Found<'a> {
    /// The community.
    pub(crate) entry: &'a RegistryEntry,
    /// Kilometres from where distance is measured.
    pub(crate) km: Option<f64>,
    /// The age of its youngest offer; none if it offers nothing.
    pub(crate) age: Option<Age>,
    /// Days since any offer was last confirmed.
    pub(crate) days: Option<i64>,
}

/// Where a community is: where its profile says, else where the codifier has its centre.
pub(crate) fn position(entry: &RegistryEntry) -> Option<Position> {
    let own = entry.profile.location.as_ref().map(|location| (location.lat, location.lon));
    // A slip of the pen must not put a community into another country.
    let inside = own.filter(|(north, east)| (44.0..52.5).contains(north) && (22.0..40.5).contains(east));
    inside.or_else(|| codifier::find(&entry.community.code)?.position())
}

/// Where the community with a code is: by its own profile where that is here.
pub(crate) fn whereabouts(entries: &[RegistryEntry], code: &str) -> Option<Position> {
    let known = entries.iter().find(|entry| entry.community.code == code).and_then(position);
    known.or_else(|| codifier::find(code)?.position())
}

/// Who answers, in the order that was asked for; those whose offers have expired, and those who offer
/// nothing, come last in every order but those by name and practices.
pub(crate) fn find<'a>(
    entries: &'a [RegistryEntry],
    wanted: &Wanted,
    home: Option<&str>,
    today: Date,
) -> Vec<Found<'a>> {
    let from = Some(wanted.near.as_str()).filter(|code| !code.is_empty()).or(home);
    let from_here = from.and_then(|code| whereabouts(entries, code));
    let found = |entry: &'a RegistryEntry| {
        let ages = entry.profile.ready_to_share.iter().map(|offer| age(offer, today));
        Found {
            entry,
            km: from_here.zip(position(entry)).map(|(here, there)| distance_km(here, there)),
            age: ages.clone().map(|(age, _)| age).min(),
            days: ages.filter_map(|(_, days)| days).min(),
        }
    };
    let mut rows: Vec<Found<'a>> = entries.iter().filter(|entry| wanted.takes(entry)).map(found).collect();
    let order = match wanted.sort.unwrap_or_default() {
        Order::Near if from_here.is_none() => Order::Fresh,
        order => order,
    };
    let rank = |row: &Found<'_>| match row.age {
        Some(Age::Fresh | Age::Aging) => 0,
        Some(Age::Stale) => 1,
        Some(Age::Expired) => 2,
        None => 3,
    };
    rows.sort_by(|a, b| {
        let names = || format::in_alphabet(&a.entry.community.name_uk, &b.entry.community.name_uk);
        let first = match order {
            Order::Near => rank(a).cmp(&rank(b)).then(a.km.unwrap_or(f64::MAX).total_cmp(&b.km.unwrap_or(f64::MAX))),
            Order::Fresh => rank(a).cmp(&rank(b)).then(a.days.unwrap_or(i64::MAX).cmp(&b.days.unwrap_or(i64::MAX))),
            Order::Practices => b.entry.community.practices.cmp(&a.entry.community.practices),
            Order::Name => std::cmp::Ordering::Equal,
        };
        first.then_with(names).then_with(|| a.entry.community.id.cmp(&b.entry.community.id))
    });
    rows
}

/// Today in Kyiv.
pub(crate) fn today() -> Date {
    format::today()
}

#[cfg(test)]
mod tests;
