//! One file of HTML as a browser opens it from a stick: nothing is fetched, everything can be reached.

use std::collections::BTreeSet;

use html5ever::tendril::TendrilSink;
use html5ever::{ParseOpts, parse_document};
use markup5ever_rcdom::{Handle, NodeData, RcDom};

use super::{Expected, says_all};

/// An element with what matters of it.
struct Element {
    name: String,
    attributes: Vec<(String, String)>,
}

impl Element {
    fn get(&self, key: &str) -> Option<&str> {
        self.attributes.iter().find(|(name, _)| name == key).map(|(_, value)| value.as_str())
    }
}

/// Fails on a file that fetches something, or that a reader of screens gets lost in.
pub fn check(file: &[u8], expected: &Expected) {
    let text = std::str::from_utf8(file).expect("UTF-8");
    let dom = parse_document(RcDom::default(), ParseOpts::default()).one(text);
    let errors: Vec<String> = dom.errors.borrow().iter().map(ToString::to_string).collect();
    assert_eq!(errors, Vec::<String>::new());
    let (mut elements, mut said) = (Vec::new(), String::new());
    walk(&dom.document, &mut elements, &mut said);
    says_all("the HTML", &said, expected);
    let ids: Vec<&str> = elements.iter().filter_map(|element| element.get("id")).collect();
    let known: BTreeSet<&str> = ids.iter().copied().collect();
    assert_eq!(known.len(), ids.len(), "an id twice: {ids:?}");
    for element in &elements {
        let name = element.name.as_str();
        assert!(!matches!(name, "script" | "link" | "iframe" | "object" | "embed" | "base" | "form"), "{name}");
        assert!(element.get("src").is_none() && element.get("srcset").is_none(), "{name} fetches something");
        assert!(name != "img" || element.get("alt").is_some(), "a picture says nothing");
        assert!(!element.attributes.iter().any(|(key, _)| key.starts_with("on")), "{name} runs something");
        assert!(name != "html" || element.get("lang") == Some("uk"));
        if let Some(link) = element.get("href") {
            let id = link.strip_prefix('#').unwrap_or_else(|| panic!("{name} leads out: {link}"));
            assert!(known.contains(id), "{link} leads nowhere");
        }
        let label = element.get("aria-labelledby");
        assert!(label.is_none_or(|id| known.contains(id)), "{label:?} is no label");
    }
    let style = text.split_once("<style>").and_then(|(_, rest)| rest.split_once("</style>")).expect("a style").0;
    assert!(!style.contains("url(") && !style.contains("@import"), "the style fetches something");
    headings("the HTML", elements.iter().map(|element| element.name.as_str()));
    assert_eq!(elements.iter().filter(|element| element.name == "h1").count(), 1);
}

fn walk(node: &Handle, elements: &mut Vec<Element>, said: &mut String) {
    match &node.data {
        NodeData::Element { name, attrs, .. } => {
            let attribute = |one: &html5ever::Attribute| (one.name.local.to_string(), one.value.to_string());
            let attributes = attrs.borrow().iter().map(attribute).collect();
            elements.push(Element { name: name.local.to_string(), attributes });
        }
        NodeData::Text { contents } => said.push_str(&contents.borrow()),
        _ => {}
    }
    node.children.borrow().iter().for_each(|child| walk(child, elements, said));
}

/// No heading is more than one level below the one before it: who jumps from heading to heading misses
/// none. A page of a book may begin anywhere.
pub fn headings<'a>(page: &str, names: impl Iterator<Item = &'a str>) {
    let level = |name: &str| name.strip_prefix('h').and_then(|level| level.parse::<u8>().ok());
    let mut last = None;
    for level in names.filter_map(level) {
        assert!(last.is_none_or(|last| level <= last + 1), "{page}: h{level} after {last:?}");
        last = Some(level);
    }
}
