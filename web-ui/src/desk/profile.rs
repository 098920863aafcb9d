//! The profile of this node's community.

use std::sync::Arc;

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use crdt::id::CommunityId;
use crdt::profile::{PROFILE, Profile};

use crate::App;
use crate::assets;
use crate::desk::accounts::Problems;
use crate::desk::fields::{Pairs, Section, change_rows, fill, read, section};
use crate::desk::form::Form;
use crate::desk::progress::{Progress, Wrong, with_refused};
use crate::desk::session::prove;
use crate::desk::{to, words as w};
use crate::error::Failure;
use crate::language::Phrase;
use crate::library::{Edit, ProfilePage};
use crate::pages::frame::Visitor;
use crate::pages::{error, html};
use crate::people::auth::Signed;
use crate::words;

/// The parts of the form.
#[rustfmt::skip]
const SECTIONS: &[(&str, Phrase, &[&str])] = &[
    ("about",    Phrase { uk: "Про громаду", en: "About the hromada" }, &["about", "population.value", "population.year", "population.source", "body_type", "edrpou", "location"]),
    ("contacts", Phrase { uk: "Зв’язок", en: "Contacts" }, &["website", "email", "phone"]),
    ("share",    Phrase { uk: "Чим готові поділитися", en: "What we can share" }, &["ready_to_share", "needs"]),
    ("tools",    Phrase { uk: "Інструменти участі", en: "Instruments of participation" }, &["instruments", "partners"]),
];

#[derive(Template)]
#[template(path = "desk/profile.html")]
struct Page {
    v: Visitor,
    signed: Signed,
    action: String,
    heads: String,
    sections: Vec<Section>,
    wrong: Vec<Wrong>,
    problems: Problems,
}

fn page(v: &Visitor, signed: Signed, pairs: &Pairs, heads: String, failure: Option<&Failure>) -> Response {
    let (content, errors) = read(PROFILE, pairs);
    let errors = with_refused(errors, failure);
    let progress = Progress { table: PROFILE, form: pairs, content: &content, errors: &errors };
    let sections: Vec<Section> = SECTIONS
        .iter()
        .map(|(id, heading, keys)| section(v, PROFILE, (id, v.say(*heading), keys), pairs, &errors))
        .collect();
    let problems = failure.map_or_else(Problems::default, |failure| Problems::of(failure, v.language));
    html(
        v,
        &Page {
            action: v.link(&["write", "profile"]),
            heads,
            wrong: progress.wrong(v, &sections),
            sections,
            problems,
            signed,
            v: v.clone(),
        },
    )
}

async fn own(app: &App) -> Result<ProfilePage, Failure> {
    let read = app.ask(|library| {
        let status = library.status()?;
        let own = status.community.and_then(|id| id.parse::<CommunityId>().ok());
        own.map(|own| library.profile(own)).transpose()
    });
    read.await?.ok_or_else(|| {
        Failure::new(
            axum::http::StatusCode::FORBIDDEN,
            "no_community",
            w::WRITES_FOR_NOBODY.uk,
            w::WRITES_FOR_NOBODY.en,
        )
    })
}

/// `GET /write/profile`
pub(crate) async fn show(State(app): State<Arc<App>>, v: Visitor, signed: Signed) -> Response {
    match own(&app).await {
        Ok(read) => {
            let whole = serde_json::to_value(&read.profile).unwrap_or_default();
            page(&v, signed, &fill(PROFILE, &whole), read.heads.join(" "), None)
        }
        Err(failure) => error::page(&v, &failure),
    }
}

/// `POST /write/profile`: changes rows, or publishes.
pub(crate) async fn save(State(app): State<Arc<App>>, v: Visitor, signed: Signed, form: Form) -> Response {
    let not_own = |name: &str| !["heads", "do", "proof"].contains(&name);
    let mut pairs: Pairs = form.pairs().iter().filter(|(name, _)| not_own(name)).cloned().collect();
    let heads = form.get("heads").to_owned();
    if form.get("do") != "publish" {
        change_rows(&mut pairs, form.get("do"));
        return page(&v, signed, &pairs, heads, None);
    }
    match published(&app, &signed, &pairs, &heads, &form).await {
        Ok(community) => to(v.link(&["communities", &community])),
        Err(failure) => page(&v, signed, &pairs, heads, Some(&failure)),
    }
}

async fn published(app: &App, signed: &Signed, pairs: &Pairs, heads: &str, form: &Form) -> Result<String, Failure> {
    let (whole, errors) = read(PROFILE, pairs);
    if !errors.is_empty() {
        return Err(Failure::invalid(errors));
    }
    let content: Profile = serde_json::from_value(whole).map_err(|_| Failure::fault())?;
    prove(app, signed, form).await?;
    let edit = Edit { base_heads: heads.split_whitespace().map(str::to_owned).collect(), content, resolve: Vec::new() };
    app.ask(move |library| library.edit_profile(edit)).await?;
    app.auth.note(&signed.name, "profile", "");
    Ok(own(app).await?.community.id)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_field_has_one_place_in_the_form() {
        let mut placed: Vec<&str> = SECTIONS.iter().flat_map(|(_, _, keys)| keys.iter().copied()).collect();
        let mut known: Vec<&str> = PROFILE.iter().map(|field| field.key).collect();
        placed.sort_unstable();
        known.sort_unstable();
        assert_eq!(placed, known);
    }
}
