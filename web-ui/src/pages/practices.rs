//! One practice.

use std::collections::BTreeMap;
use std::sync::Arc;

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use crdt::id::DocumentId;
use crdt::practice::{PRACTICE, Vouched};

use crate::App;
use crate::desk::decide::decide_href;
use crate::error::Failure;
use crate::format;
use crate::library::search::Facet;
use crate::library::{Author, DocumentCard, Library, LibraryError, PracticePage};
use crate::pages::cite;
use crate::pages::conflicts::{Clash, clashes};
use crate::pages::entries::{Entry, other_tongue, titled};
use crate::pages::fields::{Fullness, Layout, Section, fullness, layout};
use crate::pages::frame::Visitor;
use crate::pages::glance::{Glance, glance, not_endorsed_yet};
use crate::pages::hidden::{ShownId, hide_href};
use crate::pages::records::said::{self, Said};
use crate::pages::values::{Paragraph, named, prose};
use crate::pages::{answer, catalogue, terms};
use crate::public::linked;
use crate::translated::{self, Chosen};
use crate::words::practice as pw;
use crate::words::records as rw;
use crate::{assets, words};

/// Practices like one that its page names: a glance, not another list.
const ALIKE_SHOWN: usize = 3;

/// From how many headings on a text has a list of its contents.
const CONTENTS_FROM: usize = 4;

/// The parameter of whoever wants to read the original.
const ORIGINAL: &str = "original";

/// What the page is made of.
struct Known {
    page: PracticePage,
    alike: Vec<DocumentCard>,
    adopters: Vec<DocumentCard>,
    inhabitants: Option<u64>,
    vouched: Vouched,
    said: said::Known,
    named: BTreeMap<String, DocumentCard>,
}

/// A term by which the catalogue can be narrowed.
struct Tag {
    text: String,
    href: String,
    class: &'static str,
}

/// Another community that repeated it.
struct Adopter {
    place: String,
    title: String,
    tongue: Option<String>,
    href: String,
}

/// The translation that is shown, or could be.
struct Translated {
    /// Whether it is shown.
    shown: bool,
    place: String,
    href: String,
    by_machine: bool,
    stale: bool,
    /// The same page with the original, or with the translation.
    other: String,
}

/// Somebody who signed what stands.
struct Signer {
    name: String,
    key: String,
    moment: String,
    machine: String,
    record: String,
}

/// One practice.
#[derive(Template)]
#[template(path = "practice.html")]
struct One {
    /// Whether the reader writes for the community whose practice it is.
    own: bool,
    /// Whether a copy is offered: to whoever may write, or may sign in to.
    can_copy: bool,
    v: Visitor,
    id: String,
    title: String,
    summary: Vec<Paragraph>,
    tongue: String,
    /// The language of the text in words, if it is not the visitor's.
    foreign: Option<&'static str>,
    translated: Option<Translated>,
    tags: Vec<Tag>,
    glance: Vec<Glance>,
    contents: Vec<(&'static str, &'static str)>,
    contact: Option<Section>,
    adopters: Vec<Adopter>,
    /// How many communities told of an adoption of it, if any did.
    adopting: Option<String>,
    cite: [String; 2],
    bibtex: String,
    csl: String,
    compare_href: Option<String>,
    heads: Vec<String>,
    revision: String,
    owner_key: String,
    json_href: String,
    place: Option<String>,
    owner: String,
    owner_href: String,
    published: String,
    published_machine: String,
    changed: String,
    changed_machine: String,
    changes: String,
    history_href: String,
    layout: Layout,
    clashes: Vec<Clash>,
    decide_href: Option<String>,
    fullness: Fullness,
    signers: Vec<Signer>,
    alike: Vec<Entry>,
    description: String,
    linked: Option<String>,
    said: Said,
    accepted: bool,
    hide_href: Option<String>,
}

/// `/practices/{id}`
pub(crate) async fn one(State(app): State<Arc<App>>, v: Visitor, ShownId(id): ShownId) -> Response {
    answer(&v, shown(&app, &v, id).await)
}

async fn shown(app: &App, v: &Visitor, id: DocumentId) -> Result<One, Failure> {
    let language = v.language;
    let home = v.home().map(|home| home.code.clone());
    let known = app.ask(move |library| {
        let mut known = look(library, id, home.as_deref())?;
        let shown = known.alike.iter_mut().take(ALIKE_SHOWN).chain(&mut known.adopters);
        translated::rows(library, shown, language)?;
        Ok(known)
    });
    Ok(laid_out(v, known.await?))
}

fn look(library: &dyn Library, id: DocumentId, home: Option<&str>) -> Result<Known, LibraryError> {
    let page = library.practice(id)?;
    let whole = serde_json::to_value(&page.practice).unwrap_or_default();
    let said = said::look(library, id, home)?;
    Ok(Known {
        named: named(library, &whole, said.hidden()),
        inhabitants: inhabitants(library, &page)?,
        // Where search cannot answer just now, the page is whole without it.
        alike: library.similar(id).unwrap_or_default(),
        adopters: library.adopters(id).unwrap_or_default(),
        vouched: library.vouched(id)?,
        said,
        page,
    })
}

/// How many people live where it happened, if the community that tells of it is the one.
pub(crate) fn inhabitants(library: &dyn Library, page: &PracticePage) -> Result<Option<u64>, LibraryError> {
    let is_its_own = page.practice.community.as_deref() == Some(&page.owner_code);
    match page.owner.parse() {
        Ok(owner) if is_its_own => match library.profile(owner) {
            Ok(profile) => Ok(profile.profile.population.value),
            Err(LibraryError::NotFound) => Ok(None),
            Err(error) => Err(error),
        },
        _ => Ok(None),
    }
}

fn laid_out(v: &Visitor, Known { page, alike, adopters, inhabitants, vouched, said, named }: Known) -> One {
    let v = &v.knowing(named);
    let chosen = translated::best(&page.practice, &page.owner, &page.heads, &said.translations, v.language.tag());
    let translated = chosen.as_ref().map(|chosen| offered(v, &page.id, chosen));
    let practice = match (&chosen, &translated) {
        (Some(chosen), Some(Translated { shown: true, .. })) => chosen.applied(&page.practice),
        _ => page.practice.clone(),
    };
    // Texts and numbers only: what cannot be written as JSON is not in a practice.
    let whole = serde_json::to_value(&practice).unwrap_or_default();
    let mut layout = layout(v, PRACTICE, &whole, &page.conflicts);
    let contact = layout.sections.iter().position(|section| section.key == "contact");
    let contact = contact.map(|at| layout.sections.remove(at));
    let headings: Vec<_> = layout.sections.iter().map(|section| (section.key, section.heading)).collect();
    let has_contents = headings.len() >= CONTENTS_FROM;
    One {
        own: page.editable && v.writes(),
        can_copy: v.desk && (v.person.is_none() || v.writes()),
        foreign: foreign(v, &practice.lang),
        translated,
        tags: tags(v, &page),
        glance: if said.is_outdated(&page.owner, &page.heads) {
            not_endorsed_yet(v, glance(v, &page.practice, inhabitants, vouched))
        } else {
            glance(v, &page.practice, inhabitants, vouched)
        },
        contents: if has_contents { headings } else { Vec::new() },
        contact,
        adopting: Some(said.adopting(&page.owner))
            .filter(|count| *count > 0)
            .map(|count| v.count(count, pw::ADOPTING_COUNTED)),
        adopters: adopters.iter().map(|card| adopter(v, card)).collect(),
        cite: cite::lines(v, &page),
        bibtex: v.link(&["practices", &page.id, "cite.bib"]),
        csl: v.link(&["practices", &page.id, "cite.json"]),
        compare_href: compare_href(v, &page.id, &alike),
        heads: page.heads.clone(),
        revision: format::number(page.changes.into()),
        owner_key: page.owner.clone(),
        json_href: format!("/api/v1/practices/{}", page.id),
        title: titled(v, &practice.title),
        summary: prose(&practice.summary),
        tongue: tongue(&practice.lang),
        place: page.practice.community.as_deref().filter(|code| !code.is_empty()).map(|code| v.place(code)),
        owner: v.place(&page.owner_code),
        owner_href: v.link(&["communities", &page.owner]),
        published: format::day(page.created_at),
        published_machine: format::machine(page.created_at),
        changed: format::day(page.updated_at),
        changed_machine: format::machine(page.updated_at),
        changes: v.count(page.changes.into(), words::CHANGES_COUNTED),
        history_href: v.link(&["practices", &page.id, "history"]),
        said: Said::new(v, &said, &page.id, &page.owner, &page.heads, true).beside(
            v,
            &said,
            &practice.results,
            (&page.owner_code, &v.link(&["practices", &page.id])),
        ),
        accepted: v.parameter("accepted").is_some(),
        hide_href: hide_href(v, &page.id),
        layout,
        clashes: clashes(v, PRACTICE, &page.conflicts, &page.authors),
        decide_href: decide_href(v, "practice", &page.id).filter(|_| page.editable),
        fullness: fullness(v, PRACTICE, &page.completeness),
        alike: alike.iter().take(ALIKE_SHOWN).map(|card| Entry::new(v, card)).collect(),
        linked: linked::practice(v, &page),
        description: practice.summary,
        signers: page.authors.iter().map(|author| signer(v, author)).collect(),
        id: page.id,
        v: v.clone(),
    }
}

/// What the page says of a translation: shown unless the reader asked for the original.
fn offered(v: &Visitor, id: &str, chosen: &Chosen) -> Translated {
    let shown = v.parameter(ORIGINAL).is_none();
    let pairs: &[(&str, &str)] = if shown { &[(ORIGINAL, "1")] } else { &[] };
    Translated {
        shown,
        place: v.place(&chosen.page.card.owner_code),
        href: v.link(&["records", &chosen.page.card.id]),
        by_machine: chosen.by_machine(),
        stale: chosen.stale,
        other: v.link_with(&["practices", id], pairs),
    }
}

/// The terms of a practice, each leading to its like.
fn tags(v: &Visitor, page: &PracticePage) -> Vec<Tag> {
    let practice = &page.practice;
    let all = [
        (Facet::Sector, &practice.sectors, "tag"),
        (Facet::Theme, &practice.themes, "tag theme"),
        (Facet::Mechanism, &practice.mechanisms, "tag quiet"),
    ];
    let tag = |facet: Facet, key: &String, class| Tag {
        text: terms::value(v, facet, key),
        href: catalogue::narrowed(v, facet, key),
        class,
    };
    all.iter().flat_map(|(facet, keys, class)| keys.iter().map(|key| tag(*facet, key, class))).collect()
}

fn adopter(v: &Visitor, card: &DocumentCard) -> Adopter {
    Adopter {
        place: v.place(&card.owner_code),
        title: titled(v, &card.title),
        tongue: other_tongue(v, &card.lang),
        href: v.link(&["practices", &card.id]),
    }
}

/// This practice beside those most like it.
fn compare_href(v: &Visitor, id: &str, alike: &[DocumentCard]) -> Option<String> {
    let others = alike.iter().take(2).map(|card| ("id", card.id.as_str()));
    let pairs: Vec<(&str, &str)> = [("id", id)].into_iter().chain(others).collect();
    (pairs.len() > 1).then(|| v.link_with(&["practices", "compare"], &pairs))
}

/// The language of a text in words, if the visitor reads in another.
fn foreign(v: &Visitor, tag: &str) -> Option<&'static str> {
    let tag = if tag.is_empty() { crdt::practice::DEFAULT_LANGUAGE } else { tag };
    match (tag, v.is_english()) {
        ("uk", true) => Some(v.say(words::UKRAINIAN)),
        ("en", false) => Some(v.say(words::ENGLISH)),
        _ => None,
    }
}

fn signer(v: &Visitor, author: &Author) -> Signer {
    let name = author.device_name.trim();
    Signer {
        name: if name.is_empty() { v.say(words::UNNAMED_DEVICE) } else { name }.to_owned(),
        key: format::short(&author.device),
        moment: format::moment(author.created_at),
        machine: format::machine(author.created_at),
        record: author.record.clone(),
    }
}

/// The language of a text for the `lang` attribute: Ukrainian unless the text names another that
/// can be one.
pub(crate) fn tongue(tag: &str) -> String {
    let plain = (2..=35).contains(&tag.len()) && tag.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
    if plain { tag } else { crdt::practice::DEFAULT_LANGUAGE }.to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_language_is_a_tag_and_nothing_else() {
        assert_eq!(["uk", "en-GB", "", "\" onload", "x"].map(tongue), ["uk", "en-GB", "uk", "uk", "uk"]);
    }
}
