//! One practice.

use std::sync::Arc;

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use crdt::id::DocumentId;
use crdt::practice::PRACTICE;

use crate::App;
use crate::error::Failure;
use crate::extract::Id;
use crate::format;
use crate::library::{Author, PracticeCard, PracticePage};
use crate::pages::answer;
use crate::pages::conflicts::{Clash, clashes};
use crate::pages::entries::{Entry, titled};
use crate::pages::fields::{Fullness, Layout, fullness, layout};
use crate::pages::frame::Visitor;
use crate::pages::values::{Paragraph, prose};
use crate::{assets, words};

/// Practices like one that its page names: a glance, not another list.
const ALIKE_SHOWN: usize = 4;

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
    v: Visitor,
    id: String,
    title: String,
    summary: Vec<Paragraph>,
    tongue: String,
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
    fullness: Fullness,
    signers: Vec<Signer>,
    alike: Vec<Entry>,
}

/// `/practices/{id}`
pub(crate) async fn one(State(app): State<Arc<App>>, v: Visitor, id: Result<Id<DocumentId>, Failure>) -> Response {
    answer(&v, shown(&app, &v, id).await)
}

async fn shown(app: &App, v: &Visitor, id: Result<Id<DocumentId>, Failure>) -> Result<One, Failure> {
    let Ok(Id(id)) = id else { return Err(Failure::not_found()) };
    let (page, alike) = app
        .ask(move |library| {
            let page = library.practice(id)?;
            // Where search cannot answer just now, the page is whole without it.
            Ok((page, library.similar(id).unwrap_or_default()))
        })
        .await?;
    Ok(laid_out(v, page, &alike))
}

fn laid_out(v: &Visitor, page: PracticePage, alike: &[PracticeCard]) -> One {
    // Texts and numbers only: what cannot be written as JSON is not in a practice.
    let whole = serde_json::to_value(&page.practice).unwrap_or_default();
    One {
        title: titled(v, &page.practice.title),
        summary: prose(&page.practice.summary),
        tongue: tongue(&page.practice.lang),
        place: page.practice.community.as_deref().filter(|code| !code.is_empty()).map(|code| v.place(code)),
        owner: v.place(&page.owner_code),
        owner_href: v.link(&["communities", &page.owner]),
        published: format::day(page.created_at),
        published_machine: format::machine(page.created_at),
        changed: format::day(page.updated_at),
        changed_machine: format::machine(page.updated_at),
        changes: v.count(page.changes.into(), words::CHANGES_COUNTED),
        history_href: v.link(&["practices", &page.id, "history"]),
        layout: layout(v, PRACTICE, &whole, &page.conflicts),
        clashes: clashes(v, PRACTICE, &page.conflicts),
        fullness: fullness(v, PRACTICE, &page.completeness),
        alike: alike.iter().take(ALIKE_SHOWN).map(|card| Entry::new(v, card)).collect(),
        signers: page.authors.iter().map(|author| signer(v, author)).collect(),
        id: page.id,
        v: v.clone(),
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
