//! Who asks for a page, in which language, and where its links lead.

use std::collections::BTreeMap;
use std::convert::Infallible;
use std::fmt::Display;
use std::str::FromStr;
use std::sync::Arc;

use axum::extract::{FromRequestParts, Query};
use axum::http::Uri;
use axum::http::request::Parts;
use axum::response::Response;

use crate::App;
use crate::error::Failure;
use crate::extract::{Id, cursor};
use crate::format;
use crate::language::{Counted, Language, Phrase};
use crate::library::{DocumentCard, PageRequest};
use crate::pages::{ROWS, error, terms};
use crate::people::Role;
use crate::people::auth::Signed;
use crate::public::PublicAddress;
use crate::words::records::MESSAGES_COUNTED;

/// The parameter that chooses the language.
const LANG: &str = "lang";

/// Marks the requests of a node where people can sign in.
#[derive(Clone, Copy)]
pub(crate) struct DeskOpen;

/// Somebody who looks at a page.
#[derive(Clone)]
pub(crate) struct Visitor {
    /// The language of the interface.
    pub(crate) language: Language,
    path: String,
    pairs: Vec<(String, String)>,
    home: Option<Home>,
    /// The documents that the page names by their ids, as far as they are here.
    named: Arc<BTreeMap<String, DocumentCard>>,
    /// Whoever is signed in.
    pub(crate) person: Option<Signed>,
    /// Whether people can sign in here at all.
    pub(crate) desk: bool,
    /// What this node is to the internet, if it is published.
    pub(crate) public: Option<Arc<PublicAddress>>,
    /// Messages of other communities that whoever is signed in has not seen yet.
    pub(crate) unseen: u64,
}

/// The community that this node writes for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Home {
    /// The community, hexadecimal.
    pub(crate) id: String,
    /// Its KATOTTG code.
    pub(crate) code: String,
}

impl Visitor {
    /// What an address says. Parameters that pages do not know are kept but mean nothing.
    pub(crate) fn of(uri: &Uri) -> Self {
        let pairs = Query::<Vec<(String, String)>>::try_from_uri(uri).map(|Query(pairs)| pairs).unwrap_or_default();
        let language =
            pairs.iter().find(|(name, _)| name == LANG).map(|(_, tag)| Language::of(tag)).unwrap_or_default();
        let (path, named) = (uri.path().to_owned(), Arc::default());
        Self { language, path, pairs, home: None, named, person: None, desk: false, public: None, unseen: 0 }
    }

    /// Nobody in particular, who reads in a language: for what is written for paper.
    pub(crate) fn speaking(language: Language) -> Self {
        Self { language, ..Self::of(&Uri::from_static("/")) }
    }

    /// The same visitor, to whom these documents are shown by their titles instead of their ids.
    pub(crate) fn knowing(&self, named: BTreeMap<String, DocumentCard>) -> Self {
        Self { named: Arc::new(named), ..self.clone() }
    }

    /// A document that the page names, if it is here.
    pub(crate) fn named(&self, id: &str) -> Option<&DocumentCard> {
        self.named.get(id)
    }

    /// The community that this node writes for, if it is known here.
    pub(crate) fn home(&self) -> Option<&Home> {
        self.home.as_ref()
    }

    /// What the header calls that community: its name without raion and oblast.
    pub(crate) fn home_name(&self) -> Option<String> {
        let home = self.home.as_ref()?;
        Some(short_name(&self.place(&home.code)))
    }

    /// How many messages of other communities the person has not seen yet, if there are any.
    pub(crate) fn new_messages(&self) -> Option<String> {
        (self.unseen > 0).then(|| self.count(self.unseen, MESSAGES_COUNTED))
    }

    /// Whether whoever is signed in may write for the community of this node.
    pub(crate) fn writes(&self) -> bool {
        self.person.as_ref().is_some_and(|person| person.role >= Role::Editor)
    }

    /// Whether whoever is signed in runs this node.
    pub(crate) fn administers(&self) -> bool {
        self.person.as_ref().is_some_and(|person| person.role == Role::Administrator)
    }

    /// Whether the interface speaks English.
    pub(crate) fn is_english(&self) -> bool {
        self.language == Language::En
    }

    /// The parameters of the address, in their order.
    pub(crate) fn pairs(&self) -> &[(String, String)] {
        &self.pairs
    }

    /// A phrase in the visitor's language.
    pub(crate) fn say(&self, phrase: Phrase) -> &'static str {
        self.language.say(phrase)
    }

    /// A number with the form of the word that goes with it.
    pub(crate) fn count(&self, number: u64, counted: Counted) -> String {
        format!("{}\u{a0}{}", format::number(number), self.language.form(counted, number))
    }

    /// An address on this node that keeps the language.
    pub(crate) fn link(&self, segments: &[&str]) -> String {
        self.link_with(segments, &[])
    }

    /// The same with parameters.
    pub(crate) fn link_with(&self, segments: &[&str], pairs: &[(&str, &str)]) -> String {
        let language = (self.language != Language::default()).then_some((LANG, self.language.tag()));
        format::address(segments, pairs.iter().copied().chain(language))
    }

    /// This very page in the other language. Rebuilt from its parts: an address such as `//host`
    /// would otherwise lead to another site.
    pub(crate) fn switch(&self) -> String {
        let kept = self.pairs.iter().filter(|(name, _)| name != LANG);
        let kept: Vec<(&str, &str)> = kept.map(|(name, value)| (name.as_str(), value.as_str())).collect();
        self.in_language(self.language.other(), &kept)
    }

    /// The address of this page in a language, with these parameters.
    pub(crate) fn in_language(&self, language: Language, pairs: &[(&str, &str)]) -> String {
        let language = (language != Language::default()).then_some((LANG, language.tag()));
        let segments: Vec<String> = self.path.split('/').filter(|part| !part.is_empty()).map(decode).collect();
        let segments: Vec<&str> = segments.iter().map(String::as_str).collect();
        format::address(&segments, pairs.iter().copied().chain(language))
    }

    /// The path of the address, as it was asked for.
    pub(crate) fn path(&self) -> &str {
        &self.path
    }

    /// A parameter of the address.
    pub(crate) fn parameter(&self, name: &str) -> Option<&str> {
        self.pairs.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    /// The address itself, to come back to.
    pub(crate) fn here(&self) -> String {
        let segments: Vec<String> = self.path.split('/').filter(|part| !part.is_empty()).map(decode).collect();
        let segments: Vec<&str> = segments.iter().map(String::as_str).collect();
        format::address(&segments, self.pairs.iter().map(|(name, value)| (name.as_str(), value.as_str())))
    }

    /// Today in Kyiv, for the line under a printed page.
    pub(crate) fn today(&self) -> String {
        format::today().strftime("%d.%m.%Y").to_string()
    }

    /// Whether a section of the site is the one that is open.
    pub(crate) fn is_in(&self, section: &str) -> bool {
        self.path.strip_prefix(section).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    }

    /// Whether this is not the first page of its list.
    pub(crate) fn is_further(&self) -> bool {
        self.pairs.iter().any(|(name, value)| name == "after" && !value.is_empty())
    }

    /// The rows that the address asks for.
    pub(crate) fn rows(&self) -> Result<PageRequest, Failure> {
        let after = self.pairs.iter().find(|(name, _)| name == "after").map(|(_, value)| value.clone());
        Ok(PageRequest { after: cursor(after)?, limit: ROWS })
    }

    /// A community's full name by its code; the code if the codifier does not have it.
    pub(crate) fn place(&self, code: &str) -> String {
        terms::place(self.language, code)
    }
}

impl FromRequestParts<Arc<App>> for Visitor {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, app: &Arc<App>) -> Result<Self, Infallible> {
        let person = parts.extensions.get::<Signed>().cloned();
        let desk = parts.extensions.get::<DeskOpen>().is_some();
        let unseen = match &person {
            Some(person) => app.unseen(person).await,
            None => 0,
        };
        Ok(Self { home: app.home().await, person, desk, public: app.public.clone(), unseen, ..Self::of(&parts.uri) })
    }
}

/// The id in the address of a page. One that cannot be read is nobody's, and is answered so.
pub(crate) struct PageId<T>(pub(crate) T);

impl<T: FromStr<Err: Display> + Send> FromRequestParts<Arc<App>> for PageId<T> {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, app: &Arc<App>) -> Result<Self, Response> {
        if let Ok(Id(id)) = Id::from_request_parts(parts, app).await {
            return Ok(Self(id));
        }
        let Ok(v) = Visitor::from_request_parts(parts, app).await;
        Err(error::page(&v, &Failure::not_found()))
    }
}

/// A community's name without raion and oblast.
pub(crate) fn short_name(name: &str) -> String {
    name.split(',').next().unwrap_or(name).trim().to_owned()
}

/// The text of a segment of an address: `%D0%B0` is one letter, and stays one when escaped again.
fn decode(segment: &str) -> String {
    let mut bytes = Vec::with_capacity(segment.len());
    let mut rest = segment.as_bytes();
    while let Some((&first, after)) = rest.split_first() {
        let digits = after.get(..2).filter(|digits| first == b'%' && digits.iter().all(u8::is_ascii_hexdigit));
        let byte = digits.and_then(|digits| u8::from_str_radix(str::from_utf8(digits).ok()?, 16).ok());
        bytes.push(byte.unwrap_or(first));
        rest = if byte.is_some() { &after[2..] } else { after };
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

/// Where a list goes on.
pub(crate) struct Pager {
    /// The first page, if this is a later one.
    pub(crate) first: Option<String>,
    /// The next page, if there is one.
    pub(crate) next: Option<String>,
}

impl Pager {
    /// The pager of the list at `segments`.
    pub(crate) fn new(visitor: &Visitor, segments: &[&str], next: Option<&str>) -> Self {
        Self {
            first: visitor.is_further().then(|| visitor.link(segments)),
            next: next.map(|next| visitor.link_with(segments, &[("after", next)])),
        }
    }

    /// The same of a list that is narrowed by these parameters.
    pub(crate) fn of_narrowed(visitor: &Visitor, segments: &[&str], by: &[(&str, &str)], next: Option<&str>) -> Self {
        Self {
            first: visitor.is_further().then(|| visitor.link_with(segments, by)),
            next: next.map(|next| visitor.link_with(segments, &[by, &[("after", next)]].concat())),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn visitor(address: &'static str) -> Visitor {
        Visitor::of(&Uri::from_static(address))
    }

    #[test]
    fn the_switch_keeps_the_address() {
        assert_eq!(visitor("/communities?after=x%26y").switch(), "/communities?after=x%26y&lang=en");
        assert_eq!(visitor("/communities?lang=en&after=x").switch(), "/communities?after=x");
        assert_eq!(visitor("/%D0%B0%2Fb").switch(), "/%D0%B0%2Fb?lang=en");
    }

    #[test]
    fn the_switch_never_leaves_this_node() {
        for address in ["//evil.example/", "/\\evil.example", "/%5Cevil.example", "///evil.example"] {
            let switch = visitor(address).switch();
            assert!(switch.starts_with('/') && !switch[1..].starts_with(['/', '\\']), "{address} became {switch}");
        }
    }

    #[test]
    fn an_english_page_leads_to_english_pages() {
        assert_eq!(visitor("/?lang=en").link(&["status"]), "/status?lang=en");
        assert_eq!(visitor("/?lang=xx").link_with(&[], &[("after", "a b")]), "/?after=a%20b");
    }
}
