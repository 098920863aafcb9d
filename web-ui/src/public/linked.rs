//! What a page says to programs in the terms of schema.org, as JSON within the page.

use crdt::codifier;
use serde_json::{Map, Value, json};

use crate::format;
use crate::library::search::Facet;
use crate::library::{CommunityCard, PracticePage};
use crate::pages::entries::titled;
use crate::pages::frame::{Visitor, short_name};
use crate::pages::practices::tongue;
use crate::pages::terms::{region_name, value};
use crate::public::meta::described;
use crate::words;
use crdt::profile::Profile;

/// Letters of a headline: what search engines take.
const HEADLINE_CHARS: usize = 110;

/// The start page: the site and how it is searched.
pub(crate) fn site(v: &Visitor) -> Option<String> {
    v.is_public().then(|| {
        written(&json!({
            "@context": "https://schema.org",
            "@type": "WebSite",
            "name": v.say(words::SITE),
            "description": v.say(words::home::LEAD),
            "url": v.own_address(),
            "inLanguage": v.language.tag(),
            "potentialAction": {
                "@type": "SearchAction",
                "target": format!("{}?q={{query}}", v.whole("/practices")),
                "query-input": "required name=query",
            },
        }))
    })
}

/// A practice: an article of a community, about a place.
pub(crate) fn practice(v: &Visitor, page: &PracticePage) -> Option<String> {
    if !v.is_public() {
        return None;
    }
    let practice = &page.practice;
    let labels = |facet, keys: &[String]| keys.iter().map(|key| value(v, facet, key)).collect::<Vec<_>>();
    let keywords: Vec<String> = labels(Facet::Mechanism, &practice.mechanisms)
        .into_iter()
        .chain(labels(Facet::Theme, &practice.themes))
        .chain(practice.keywords.iter().cloned())
        .collect();
    let mut article = object(json!({
        "@context": "https://schema.org",
        "@type": "Article",
        "@id": v.own_address(),
        "url": v.own_address(),
        "headline": titled(v, &practice.title).chars().take(HEADLINE_CHARS).collect::<String>(),
        "description": described(&practice.summary),
        "inLanguage": tongue(&practice.lang),
        "datePublished": format::machine(page.created_at),
        "dateModified": format::machine(page.updated_at),
        "articleSection": labels(Facet::Sector, &practice.sectors),
        "keywords": keywords,
        "identifier": page.id,
        "isAccessibleForFree": true,
        "author": {
            "@type": "GovernmentOrganization",
            "name": v.place(&page.owner_code),
            "url": v.whole(&v.link(&["communities", &page.owner])),
        },
        "publisher": { "@type": "Organization", "name": v.say(words::SITE), "url": v.whole("/") },
    }));
    if let Some(code) = practice.community.as_deref().filter(|code| codifier::find(code).is_some()) {
        let mut place = json!({ "@type": "Place", "name": v.place(code) });
        if let Some(at) = &practice.location {
            place["geo"] = json!({ "@type": "GeoCoordinates", "latitude": at.lat, "longitude": at.lon });
        }
        article.insert("contentLocation".into(), place);
    }
    if let Some(started) = practice.started.as_deref().filter(|text| is_date(text)) {
        let ended = practice.ended.as_deref().filter(|text| is_date(text)).unwrap_or("..");
        article.insert("temporalCoverage".into(), json!(format!("{started}/{ended}")));
    }
    Some(written(&without_nothing(article)))
}

/// A community: an organisation of the state at a place.
pub(crate) fn community(v: &Visitor, card: &CommunityCard, profile: &Profile) -> Option<String> {
    if !v.is_public() {
        return None;
    }
    let full = crate::pages::communities::name(v, card);
    let hromada = codifier::find(&card.code);
    let mut organisation = object(json!({
        "@context": "https://schema.org",
        "@type": "GovernmentOrganization",
        "@id": v.own_address(),
        "url": v.own_address(),
        "name": short_name(&full),
        "alternateName": full,
        "description": described(&profile.about),
        "identifier": { "@type": "PropertyValue", "propertyID": "KATOTTG", "value": card.code },
        "sameAs": Some(profile.website.trim()).filter(|site| is_site(site)),
        "knowsAbout": profile.ready_to_share.iter().map(|offer| value(v, Facet::Sector, &offer.sector)).collect::<Vec<_>>(),
    }));
    if let Some(region) = hromada.and_then(|hromada| codifier::region(hromada.oblast)) {
        let address = json!({
            "@type": "PostalAddress",
            "addressCountry": "UA",
            "addressRegion": region_name(v, region),
        });
        organisation.insert("address".into(), address);
    }
    if let Some(at) = &profile.location {
        let geo = json!({ "@type": "GeoCoordinates", "latitude": at.lat, "longitude": at.lon });
        organisation.insert("location".into(), json!({ "@type": "Place", "geo": geo }));
    }
    Some(written(&without_nothing(organisation)))
}

/// Whether a text is the address of a site, and not of anything else that a browser might follow.
fn is_site(text: &str) -> bool {
    let scheme = ["https://", "http://"].iter().any(|scheme| text.starts_with(scheme));
    scheme && !text.contains(|c: char| c.is_whitespace() || c.is_control() || "<>\"'\\".contains(c))
}

/// A year, a month or a day.
fn is_date(text: &str) -> bool {
    [4, 7, 10].contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit() || byte == b'-')
}

fn object(value: Value) -> Map<String, Value> {
    match value {
        Value::Object(entries) => entries,
        _ => Map::new(),
    }
}

/// An object without entries that say nothing.
fn without_nothing(entries: Map<String, Value>) -> Value {
    let says = |value: &Value| match value {
        Value::Null => false,
        Value::String(text) => !text.is_empty(),
        Value::Array(items) => !items.is_empty(),
        _ => true,
    };
    Value::Object(entries.into_iter().filter(|(_, value)| says(value)).collect())
}

/// JSON that can stand within a script element: no sign in it can end the element, open another, or
/// begin a comment.
fn written(value: &Value) -> String {
    let mut text = String::new();
    for c in value.to_string().chars() {
        match c {
            '<' => text.push_str("\\u003c"),
            '>' => text.push_str("\\u003e"),
            '&' => text.push_str("\\u0026"),
            '\u{2028}' => text.push_str("\\u2028"),
            '\u{2029}' => text.push_str("\\u2029"),
            other => text.push(other),
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_in_json_ends_the_script() {
        let evil = "</script><!--<script>]]>&amp;\u{2028}\"\\";
        let text = written(&json!({ evil: [evil] }));
        assert!(!text.contains(['<', '>', '&', '\u{2028}']), "{text}");
        let read: Value = serde_json::from_str(&text).unwrap();
        assert_eq!(read, json!({ evil: [evil] }), "and it says the same");
    }

    #[test]
    fn only_a_site_is_a_site() {
        assert!(is_site("https://gromada.gov.ua/") && is_site("http://x.ua"));
        for other in ["javascript:alert(1)", "", "x.ua", "https://x\" onclick=", "https://x/<script>", "https://x y"] {
            assert!(!is_site(other), "{other}");
        }
    }
}
