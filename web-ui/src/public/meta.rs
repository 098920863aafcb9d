//! What a page says of itself to search engines, to those who share it, and to readers of feeds.

use crdt::codifier;

use crate::language::Language;
use crate::library::search::Facet;
use crate::pages::entries::cut;
use crate::pages::frame::Visitor;
use crate::pages::terms;
use crate::words::public as pw;

/// Letters of a description: search engines show about so many.
const DESCRIPTION_CHARS: usize = 160;

/// The parameters of which a page is made. Others, such as those that a newsletter adds, are no part of
/// its address.
const OWN: [&str; 4] = ["q", "offset", "after", "show"];
/// The parameters of the registry that narrow it.
const NARROWING: [&str; 3] = ["name", "format", "ready"];

/// A feed that goes with a page.
pub(crate) struct Feed {
    /// What it is called.
    pub(crate) title: String,
    /// Its address.
    pub(crate) href: String,
}

/// A text in one line of a length that search engines show.
pub(crate) fn described(text: &str) -> String {
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    cut(&line, DESCRIPTION_CHARS)
}

impl Visitor {
    /// Whether this page is on the internet.
    pub(crate) fn is_public(&self) -> bool {
        self.public.is_some()
    }

    /// A whole address of this node; only a published one has any.
    pub(crate) fn whole(&self, path: &str) -> String {
        format!("{}{path}", self.public.as_ref().map_or("", |public| public.base()))
    }

    /// The one address of this page.
    pub(crate) fn own_address(&self) -> String {
        self.canonical(self.language)
    }

    /// The address of this page in Ukrainian.
    pub(crate) fn address_in_ukrainian(&self) -> String {
        self.canonical(Language::Uk)
    }

    /// The address of this page in English.
    pub(crate) fn address_in_english(&self) -> String {
        self.canonical(Language::En)
    }

    fn canonical(&self, language: Language) -> String {
        // What is compared is what the page is.
        let is_compared = |name: &str| name == "id" && self.path() == "/practices/compare";
        let narrows = |name: &str| NARROWING.contains(&name) || Facet::ALL.iter().any(|facet| facet.key() == name);
        let mut pairs: Vec<(&str, &str)> = self
            .pairs()
            .iter()
            .map(|(name, value)| (name.as_str(), value.as_str()))
            .filter(|(name, value)| !value.is_empty() && (OWN.contains(name) || narrows(name) || is_compared(name)))
            .collect();
        pairs.sort_unstable();
        pairs.dedup();
        self.whole(&self.in_language(language, &pairs))
    }

    /// Whether the page is worth being found: a search, an order and a history are ways to other pages.
    pub(crate) fn is_worth_finding(&self) -> bool {
        let said = |wanted: &str| self.pairs().iter().any(|(name, value)| name == wanted && !value.is_empty());
        let narrowings = self.pairs().iter().filter(|(name, value)| {
            !value.is_empty() && (name == "format" || Facet::ALL.iter().any(|facet| facet.key() == name))
        });
        !["q", "name", "sort", "near", "verbatim"].into_iter().any(said)
            && narrowings.count() <= 1
            && !self.path().ends_with("/history")
    }

    /// The locale of the page, for those who share it.
    pub(crate) fn locale(&self) -> &'static str {
        self.language.pick("uk_UA", "en_GB")
    }

    /// The locale in which the page is also there.
    pub(crate) fn other_locale(&self) -> &'static str {
        self.language.other().pick("uk_UA", "en_GB")
    }

    /// The feeds that go with the page, the narrowest first.
    pub(crate) fn feeds(&self) -> Vec<Feed> {
        let feed = |title: String, segments: &[&str]| Feed { title, href: self.whole(&self.link(segments)) };
        let mut feeds = Vec::new();
        for (name, value) in self.pairs().iter().filter(|_| self.is_in("/practices")) {
            let narrowed = match name.as_str() {
                "sector" if terms::keys(Facet::Sector).contains(&value.as_str()) => Facet::Sector,
                "oblast" if codifier::region(value).is_some() => Facet::Oblast,
                _ => continue,
            };
            let title = format!("{}: {}", self.say(pw::FEED), terms::value(self, narrowed, value));
            feeds.push(feed(title, &["atom", narrowed.key(), value]));
        }
        if let Some(id) = self.path().strip_prefix("/communities/").and_then(|rest| rest.split('/').next()) {
            feeds.push(feed(self.say(pw::FEED_OF_HROMADA).to_owned(), &["atom", "community", id]));
        }
        feeds.push(feed(self.say(pw::FEED_OF_ALL).to_owned(), &["atom"]));
        feeds
    }
}
