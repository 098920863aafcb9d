//! What was chosen on the map: what it shows, and by what that is narrowed.

use crate::error::Failure;
use crate::language::Phrase;
use crate::library::search::{Facet, SearchRequest};
use crate::looking;
use crate::pages::frame::Visitor;
use crate::pages::narrowing::{Choice, choices, regions};
use crate::registry::Wanted;
use crate::words::catalogue as cw;
use crate::words::geography as gw;

/// What the map shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Show {
    /// Practices, where they happened.
    Practices,
    /// Communities that offer something.
    Ready,
    /// All communities.
    All,
}

impl Show {
    pub(super) const ALL: [Self; 3] = [Self::Practices, Self::Ready, Self::All];

    pub(super) const fn key(self) -> &'static str {
        match self {
            Self::Practices => "practices",
            Self::Ready => "ready",
            Self::All => "all",
        }
    }

    pub(super) fn label(self) -> Phrase {
        match self {
            Self::Practices => gw::SHOW_PRACTICES,
            Self::Ready => gw::SHOW_READY,
            Self::All => gw::SHOW_ALL,
        }
    }
}

/// What narrows practices, beside the words that are looked for: what narrows the catalogue.
const OF_PRACTICES: [Facet; 11] = [
    Facet::Sector,
    Facet::Theme,
    Facet::Mechanism,
    Facet::Oblast,
    Facet::Size,
    Facet::CommunityType,
    Facet::Stage,
    Facet::Evidence,
    Facet::Cost,
    Facet::Year,
    Facet::Language,
];
/// What narrows communities, beside their names.
const OF_COMMUNITIES: [&str; 6] = ["sector", "theme", "mechanism", "oblast", "size", "format"];

/// What was chosen.
pub(super) struct Chosen {
    pub(super) show: Show,
    /// What the address says of it, as far as it narrows what is shown.
    pub(super) pairs: Vec<(String, String)>,
    pub(super) search: SearchRequest,
    pub(super) wanted: Wanted,
}

impl Chosen {
    pub(super) fn read(v: &Visitor) -> Result<Self, Failure> {
        let named = v.pairs().iter().find(|(name, _)| name == "show").map(|(_, value)| value.as_str());
        let show = Show::ALL.into_iter().find(|show| Some(show.key()) == named).unwrap_or(Show::Practices);
        let narrows = |name: &str| match show {
            Show::Practices => name == "q" || OF_PRACTICES.iter().any(|facet| facet.key() == name),
            Show::Ready | Show::All => name == "q" || OF_COMMUNITIES.contains(&name),
        };
        let all = v.pairs().iter().filter(|(name, value)| narrows(name) && !value.trim().is_empty());
        let pairs: Vec<_> = all.cloned().collect();
        let mut wanted = Wanted::read(&pairs);
        wanted.ready = show == Show::Ready;
        let mut search = looking::request(&pairs, 1, false)?;
        search.filters.push((Facet::Kind, vec!["practice".to_owned()]));
        Ok(Self { show, pairs, search, wanted })
    }

    /// Whether practices are narrowed by anything but their place.
    pub(super) fn narrows(&self) -> bool {
        self.pairs.iter().any(|(name, _)| name != "oblast")
    }

    /// What was chosen under a name.
    pub(super) fn value(&self, name: &str) -> &str {
        self.pairs.iter().find(|(known, _)| known == name).map_or("", |(_, value)| value)
    }

    /// The same with another oblast, or none.
    fn inside<'a>(&'a self, oblast: &'a str) -> Vec<(&'a str, &'a str)> {
        let others = self.pairs.iter().filter(|(name, _)| name != "oblast");
        let mut pairs: Vec<(&str, &str)> = others.map(|(name, value)| (name.as_str(), value.as_str())).collect();
        if !oblast.is_empty() {
            pairs.push(("oblast", oblast));
        }
        pairs
    }

    /// The address of this map with another oblast, or none.
    pub(super) fn href(&self, v: &Visitor, oblast: &str) -> String {
        let mut pairs = self.inside(oblast);
        if self.show != Show::Practices {
            pairs.insert(0, ("show", self.show.key()));
        }
        v.link_with(&["map"], &pairs)
    }

    /// The same as a list: the catalogue, or the registry.
    pub(super) fn list(&self, v: &Visitor, oblast: &str) -> String {
        let mut pairs = self.inside(oblast);
        if self.wanted.ready {
            pairs.push(("ready", "1"));
        }
        v.link_with(&[if self.show == Show::Practices { "practices" } else { "communities" }], &pairs)
    }
}

/// The narrowings of the form: name, label, choices.
pub(super) fn narrowings(v: &Visitor, chosen: &Chosen) -> Vec<(&'static str, &'static str, Vec<Choice>)> {
    use crdt::vocabulary as voc;
    let row = |name: &'static str, label, vocabulary| (name, v.say(label), choices(v, vocabulary, chosen.value(name)));
    let mut rows = vec![
        row("sector", gw::SECTOR, &voc::SECTORS),
        ("oblast", v.say(gw::OBLAST), regions(v, chosen.value("oblast"))),
        row("mechanism", gw::MECHANISM, &voc::MECHANISMS),
        row("theme", gw::THEME, &voc::THEMES),
        row("size", gw::SIZE, &voc::SIZES),
    ];
    if chosen.show == Show::Practices {
        rows.push(row("cost", cw::COST, &voc::COST_BANDS));
        rows.push(row("stage", cw::STAGE, &voc::STAGES));
        rows.push(row("evidence", cw::EVIDENCE, &voc::EVIDENCE));
    } else {
        rows.push(row("format", gw::FORMAT, &voc::FORMATS));
    }
    rows
}

/// Lists that stand in the form at once; the others are folded away until one of them narrows.
pub(super) const AT_ONCE: usize = 2;

/// What was chosen that the form has no list for; it stays chosen.
pub(super) fn kept(chosen: &Chosen, listed: &[(&'static str, &'static str, Vec<Choice>)]) -> Vec<(String, String)> {
    let has_list = |name: &str| name == "q" || listed.iter().any(|(known, ..)| *known == name);
    chosen.pairs.iter().filter(|(name, _)| !has_list(name)).cloned().collect()
}
