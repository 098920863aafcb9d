//! A page as a browser understands it.

use std::collections::BTreeMap;

use html5ever::tendril::TendrilSink;
use html5ever::{ParseOpts, parse_document};
use markup5ever_rcdom::{Handle, NodeData, RcDom};
use serde_json::Value;

/// Attributes whose value is followed or loaded.
const ADDRESSES: [&str; 13] = [
    "href",
    "src",
    "action",
    "formaction",
    "srcset",
    "poster",
    "data",
    "cite",
    "background",
    "ping",
    "manifest",
    "xlink:href",
    "archive",
];
/// What only ever stands in a page to do harm here.
const NEVER: [&str; 14] = [
    "iframe",
    "object",
    "embed",
    "base",
    "applet",
    "frame",
    "frameset",
    "style",
    "template",
    "math",
    "audio",
    "video",
    "foreignObject",
    "noscript",
];

/// What a page is made of: each element with its place and the names of its attributes, and how often.
pub type Elements = BTreeMap<String, u32>;

/// A page, parsed as HTML 5 says.
#[derive(Default)]
pub struct Parsed {
    pub elements: Elements,
    /// The same of what search found to be like it.
    pub found: Elements,
    /// What is wrong with it, in the parser's words.
    pub errors: BTreeMap<String, u32>,
    /// Everything that stands in it as text, attributes included.
    pub texts: Vec<String>,
    what: String,
}

/// Parses a page, and fails on what no page of ours has, whatever it shows.
pub fn parse(html: &[u8], what: &str) -> Parsed {
    let dom = parse_document(RcDom::default(), ParseOpts::default()).from_utf8().one(html);
    let mut parsed = Parsed { what: what.to_owned(), ..Parsed::default() };
    for error in dom.errors.borrow().iter() {
        *parsed.errors.entry(error.to_string()).or_default() += 1;
    }
    parsed.walk(&dom.document, "", true);
    parsed
}

/// Whether an element shows what depends on the words of a text: what search found to be like the
/// practice, and what should be looked at again before it is published.
fn depends_on_words(attributes: &[(String, String)]) -> bool {
    attributes.iter().any(|(name, value)| {
        (name == "class" && value.split(' ').any(|class| ["alike", "warn"].contains(&class)))
            || (name == "href" && value.starts_with("/practices/compare?"))
    })
}

impl Parsed {
    fn walk(&mut self, node: &Handle, place: &str, mut is_counted: bool) {
        let mut place = place.to_owned();
        match &node.data {
            NodeData::Element { name, attrs, .. } => {
                let tag = name.local.to_string();
                assert!(!NEVER.contains(&tag.as_str()), "{}: <{tag}>", self.what);
                let attributes: Vec<(String, String)> = attrs
                    .borrow()
                    .iter()
                    .map(|attribute| (attribute.name.local.to_string(), attribute.value.to_string()))
                    .collect();
                for (name, value) in &attributes {
                    self.attribute(&tag, name, value);
                }
                if tag == "script" {
                    self.script(node, &attributes);
                }
                let names: Vec<&str> = attributes.iter().map(|(name, _)| name.as_str()).collect();
                place = format!("{place}/{tag}");
                // How many words went and came depends on where the text has its spaces.
                is_counted &= !depends_on_words(&attributes) && !["del", "ins"].contains(&tag.as_str());
                let kinds = if is_counted { &mut self.elements } else { &mut self.found };
                *kinds.entry(format!("{place}[{}]", names.join(" "))).or_default() += 1;
                self.texts.extend(attributes.into_iter().map(|(_, value)| value));
            }
            NodeData::Comment { contents } => panic!("{}: a comment {contents:?}", self.what),
            NodeData::ProcessingInstruction { target, .. } => panic!("{}: an instruction {target}", self.what),
            NodeData::Text { contents } => self.texts.push(contents.borrow().to_string()),
            NodeData::Document | NodeData::Doctype { .. } => {}
        }
        for child in node.children.borrow().iter() {
            self.walk(child, &place, is_counted);
        }
    }

    fn attribute(&self, tag: &str, name: &str, value: &str) {
        let what = &self.what;
        assert!(!name.starts_with("on") && name != "style" && name != "srcdoc", "{what}: <{tag} {name}={value:?}>");
        assert!(name.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-:".contains(&byte)), "{what}: {name:?}");
        if tag == "meta" && name == "http-equiv" {
            panic!("{what}: <meta {name}={value:?}>");
        }
        if !ADDRESSES.contains(&name) {
            return;
        }
        let own = value.starts_with('/') && !value[1..].starts_with(['/', '\\']);
        let within = value.starts_with('#') || value.is_empty();
        let away = ["https://", "http://", "mailto:", "tel:"].iter().any(|start| value.starts_with(start));
        assert!(own || within || (away && tag == "a") || is_public(tag, value), "{what}: <{tag} {name}={value:?}>");
        let plain = !value.contains(|c: char| c.is_whitespace() || c.is_control());
        assert!(plain, "{what}: <{tag} {name}={value:?}>");
        if tag == "script" || (tag == "link" && value.ends_with(".css")) {
            assert!(value.starts_with("/assets/"), "{what}: <{tag} {name}={value:?}>");
        }
    }

    fn script(&self, node: &Handle, attributes: &[(String, String)]) {
        let said = |wanted: &str| attributes.iter().find(|(name, _)| name == wanted).map(|(_, value)| value.as_str());
        let text: String = node
            .children
            .borrow()
            .iter()
            .map(|child| match &child.data {
                NodeData::Text { contents } => contents.borrow().to_string(),
                other => panic!("{}: {other:?} in a script", self.what),
            })
            .collect();
        if said("type") == Some("application/ld+json") {
            let read: Result<Value, _> = serde_json::from_str(&text);
            let context = read.as_ref().ok().map(|value| value["@context"].clone());
            assert_eq!(context, Some("https://schema.org".into()), "{}: {read:?} in {text}", self.what);
        } else {
            assert!(said("src").is_some() && text.is_empty(), "{}: a script {text:?}", self.what);
        }
    }

    /// Fails unless the page is made of just what another is made of.
    #[track_caller]
    pub fn assert_like(&self, harmless: &Self) {
        let what = &self.what;
        let differing: Vec<_> = self
            .elements
            .keys()
            .chain(harmless.elements.keys())
            .filter(|key| self.elements.get(*key) != harmless.elements.get(*key))
            .map(|key| (key, self.elements.get(key), harmless.elements.get(key)))
            .collect();
        assert!(differing.is_empty(), "{what} and its harmless twin differ: {differing:#?}");
        assert_eq!(self.errors, harmless.errors, "{what} is written worse than its harmless twin");
    }

    /// Fails if the page has an element in a place, or with attributes, that none of the others have.
    #[track_caller]
    pub fn assert_within(&self, known: &Elements) {
        let strange: Vec<&String> =
            self.elements.keys().chain(self.found.keys()).filter(|key| !known.contains_key(*key)).collect();
        assert!(strange.is_empty(), "{}: {strange:#?}", self.what);
    }

    /// How often a text stands in the page.
    pub fn count(&self, text: &str) -> usize {
        self.texts.iter().map(|held| held.matches(text).count()).sum()
    }
}

/// What a published page says of its own whole address.
fn is_public(tag: &str, value: &str) -> bool {
    tag == "link" && value.starts_with("https://dosvid.example.ua/")
}
