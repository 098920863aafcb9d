//! Writing a practice: a form that is kept as a draft, looked at once more, and published.

use std::sync::Arc;

use askama::Template;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use crdt::check::{self, FieldError, Strictness};
use crdt::id::{DocumentId, DocumentName};
use crdt::practice::{PRACTICE, Practice, Provenance};
use crdt::view::completeness;
use serde::{Deserialize, Serialize};

use crate::App;
use crate::assets;
use crate::desk::accounts::Problems;
use crate::desk::fields::{Pairs, Section, change_rows, fill, read, section};
use crate::desk::form::{DraftForm, Form};
use crate::desk::sensitive::{Hint, hints};
use crate::desk::session::prove;
use crate::desk::{to, words as w};
use crate::error::Failure;
use crate::format;
use crate::language::Phrase;
use crate::library::{Edit, PracticePage};
use crate::pages::fields::{Layout, label, layout};
use crate::pages::frame::{PageId, Visitor};
use crate::pages::values::{Paragraph, prose};
use crate::pages::{error, html};
use crate::people::auth::Signed;
use crate::words;

/// A practice that is being written, as it is kept on this computer.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct Draft {
    /// For the list of drafts.
    title: String,
    /// What somebody typed.
    form: Pairs,
    /// The practice that is edited; none for a new one.
    document: Option<String>,
    /// The heads that were read before the edit.
    heads: Vec<String>,
    /// Who kept it last.
    by: String,
    /// When, milliseconds since 1970.
    kept_at: u64,
}

const DOCUMENT: &str = "document";
const HEADS: &str = "heads";
/// What a form says of itself and not of the practice.
const OWN: [&str; 3] = [DOCUMENT, HEADS, "do"];

impl Draft {
    fn of(form: &Form, signed: &Signed, now: u64) -> Self {
        Self {
            title: form.get("title").trim().to_owned(),
            document: form.has(DOCUMENT).then(|| form.get(DOCUMENT).to_owned()),
            heads: form.get(HEADS).split_whitespace().map(str::to_owned).collect(),
            form: form.pairs().iter().filter(|(name, _)| !OWN.contains(&name.as_str())).cloned().collect(),
            by: signed.name.clone(),
            kept_at: now,
        }
    }

    /// The practice, as far as it can be understood, and what is wrong with it.
    fn practice(&self) -> (Practice, Vec<FieldError>) {
        let (whole, mut errors) = read(PRACTICE, &self.form);
        let practice: Practice = serde_json::from_value(whole).unwrap_or_default();
        let strictness = if self.document.is_some() { Strictness::Import } else { Strictness::Publish };
        let named: Vec<String> = errors.iter().map(|error| error.field.clone()).collect();
        errors.extend(check::practice(&practice, strictness).into_iter().filter(|error| !named.contains(&error.field)));
        (practice, errors)
    }
}

/// The parts of the form, under the headings that every practice has.
#[rustfmt::skip]
pub(crate) const SECTIONS: &[(&str, Phrase, &[&str])] = &[
    ("main",       Phrase { uk: "Головне", en: "The main thing" }, &["title", "summary", "sectors", "mechanisms", "themes", "participation_level"]),
    ("where",      Phrase { uk: "Де і коли", en: "Where and when" }, &["community", "scope", "stage", "started", "settlement", "ended", "recurring", "location"]),
    ("problem",    Phrase { uk: "Проблема", en: "Problem" }, &["problem", "background"]),
    ("solution",   Phrase { uk: "Що зробили", en: "What was done" }, &["solution", "steps"]),
    ("people",     Phrase { uk: "Хто долучився", en: "Who took part" }, &["participants.total", "participants.target_groups", "participants.channel", "participants.open", "organizers", "partners"]),
    ("law",        Phrase { uk: "Правова підстава", en: "Legal basis" }, &["legal_docs", "law_refs"]),
    ("cost",       Phrase { uk: "Вартість", en: "Cost" }, &["costs.total_uah", "costs.year", "costs.items", "costs.staff_hours", "costs.yearly_uah"]),
    ("results",    Phrase { uk: "Результати", en: "Results" }, &["results_text", "results", "change_types"]),
    ("lessons",    Phrase { uk: "Труднощі та поради", en: "Difficulties and advice" }, &["mistakes", "lessons"]),
    ("conditions", Phrase { uk: "Умови для повторення", en: "What repeating it takes" }, &["conditions.budget_band", "conditions.staff", "conditions.population_min", "conditions.population_max", "conditions.community_types", "conditions.months_to_first_result", "conditions.legal_prereq", "conditions.tech_prereq", "conditions.not_suitable_if"]),
    ("contact",    Phrase { uk: "До кого звернутися", en: "Whom to ask" }, &["contact.role", "contact.unit", "contact.phone", "contact.email", "contact.hours", "contact.consent_given_on"]),
    ("about",      Phrase { uk: "Про цей запис", en: "About this record" }, &["adopted_from", "component_of", "duplicate_of", "related", "contributors", "keywords", "lang", "licence", "provenance"]),
];

#[derive(Template)]
#[template(path = "desk/write.html")]
struct Writing {
    v: Visitor,
    signed: Signed,
    action: String,
    title: String,
    sections: Vec<Section>,
    document: String,
    heads: String,
    kept_at: u64,
    percent: u8,
    missing: Vec<(&'static str, String)>,
    saved: Option<String>,
    failure: Option<String>,
    /// For fields that are wrong: where they are, what they are called, what is wrong.
    wrong: Vec<(String, &'static str, String)>,
    publish_href: Option<String>,
}

/// The form. `checked`: also say what is missing, beside each field.
fn page(v: &Visitor, signed: Signed, id: &str, draft: &Draft, checked: bool, failure: Option<&Failure>) -> Response {
    let (practice, errors) = draft.practice();
    let shown: Vec<FieldError> =
        errors.into_iter().filter(|error| checked || !matches!(error.code, "required" | "too_short")).collect();
    let whole = serde_json::to_value(&practice).unwrap_or_default();
    let full = completeness(PRACTICE, &whole);
    let place = |key: &str| format!("#f-{}", key.replace('.', "-"));
    let known = |key: &str| PRACTICE.iter().find(|field| field.key == key).map(|field| label(v.language, field));
    let sections = SECTIONS
        .iter()
        .map(|(id, heading, keys)| section(v, PRACTICE, (id, v.say(*heading), keys), &draft.form, &shown));
    html(
        v,
        &Writing {
            action: v.link(&["write", id]),
            title: v.say(if draft.document.is_some() { w::EDIT_PRACTICE } else { w::NEW_PRACTICE }).to_owned(),
            sections: sections.collect(),
            document: draft.document.clone().unwrap_or_default(),
            heads: draft.heads.join(" "),
            kept_at: draft.kept_at,
            percent: full.percent,
            missing: full.missing.iter().filter_map(|key| Some((known(key)?, place(key)))).collect(),
            saved: (draft.kept_at > 0).then(|| format::moment(draft.kept_at)),
            failure: failure.map(|failure| failure.text(v.language).to_owned()),
            wrong: shown
                .iter()
                .map(|error| {
                    (
                        place(&error.field),
                        known(&error.field).unwrap_or_default(),
                        v.language.pick(&error.uk, &error.en).clone(),
                    )
                })
                .collect(),
            publish_href: (draft.kept_at > 0).then(|| v.link(&["write", id, "publish"])),
            signed,
            v: v.clone(),
        },
    )
}

/// An id for a draft that nobody has yet.
pub(super) fn fresh() -> DocumentName {
    let mut bytes = [0; 16];
    getrandom::fill(&mut bytes).expect("the operating system gives randomness");
    DocumentName(bytes)
}

/// `GET /write/new`: an empty form, or one that begins as a copy of another community's practice.
pub(crate) async fn new(State(app): State<Arc<App>>, v: Visitor, signed: Signed) -> Response {
    let from = v.parameter("from").and_then(|from| from.parse::<DocumentId>().ok());
    let read = app.ask(move |library| Ok((library.status()?, from.map(|id| library.practice(id)).transpose()?)));
    let (status, source) = match read.await {
        Ok(read) => read,
        Err(fault) => return error::page(&v, &fault.into()),
    };
    let own = status.community_code;
    let practice = match source {
        Some(source) => copied(&v, source, own),
        None => Practice { community: own, ..Practice::default() },
    };
    let whole = serde_json::to_value(&practice).unwrap_or_default();
    let draft = Draft { form: fill(PRACTICE, &whole), ..Draft::default() };
    page(&v, signed, &fresh().to_string(), &draft, false, None)
}

/// Another community's practice as a beginning for one's own: with credit, and with blanks where the
/// own name, number and date go.
fn copied(v: &Visitor, source: PracticePage, own: Option<String>) -> Practice {
    let blank = |text: &str| blanked(text, source.practice.community.as_deref());
    let practice = source.practice.clone();
    let steps = practice.steps.into_iter().map(|step| crdt::practice::Step { document: blank(&step.document), ..step });
    let docs = practice.legal_docs.into_iter().map(|doc| crdt::practice::LegalDocument {
        number: String::new(),
        date: String::new(),
        url: String::new(),
        ..doc
    });
    Practice {
        title: practice.title,
        summary: blank(&practice.summary),
        sectors: practice.sectors,
        themes: practice.themes,
        mechanisms: practice.mechanisms,
        participation_level: practice.participation_level,
        community: own,
        scope: practice.scope,
        stage: Some("idea".into()),
        problem: blank(&practice.problem),
        solution: blank(&practice.solution),
        steps: steps.collect(),
        legal_docs: docs.collect(),
        law_refs: practice.law_refs,
        conditions: practice.conditions,
        adopted_from: Some(source.id.clone()),
        lang: practice.lang,
        licence: practice.licence.clone(),
        provenance: Some(Provenance {
            system: v.say(words::SITE).to_owned(),
            source_id: source.id.clone(),
            licence: practice.licence,
            credit: v.place(&source.owner_code),
            ..Provenance::default()
        }),
        ..Practice::default()
    }
}

/// A text with blanks for the name of its community, for numbers of documents and for dates.
fn blanked(text: &str, code: Option<&str>) -> String {
    let name = code.and_then(crdt::codifier::find).map(|hromada| hromada.name.to_lowercase());
    // The adjective without its ending, so that every case of it is found.
    let stem: Option<String> = name.map(|name| name.chars().take(name.chars().count().saturating_sub(2)).collect());
    let mut after_number = false;
    let word = |word: &str| {
        let plain = word.trim_matches(|c: char| !c.is_alphanumeric());
        let is_date = plain.split('.').count() == 3 && plain.split('.').all(|part| part.parse::<u32>().is_ok());
        let is_name =
            stem.as_ref().is_some_and(|stem| stem.chars().count() > 3 && plain.to_lowercase().starts_with(stem));
        let blank = if is_date {
            Some("__.__.____")
        } else if after_number && !plain.is_empty() || word.starts_with('№') && !plain.is_empty() {
            Some("____")
        } else if is_name {
            Some("[назва громади]")
        } else {
            None
        };
        after_number = word == "№";
        match blank {
            Some(blank) if word.starts_with('№') => word.replacen(plain, &format!(" {blank}"), 1),
            Some(blank) => word.replacen(plain, blank, 1),
            None => word.to_owned(),
        }
    };
    text.split(' ').map(word).collect::<Vec<_>>().join(" ")
}

/// `GET /practices/{id}/edit`: the form with what stands. Nothing is kept until it is sent.
pub(crate) async fn edit(
    State(app): State<Arc<App>>,
    v: Visitor,
    signed: Signed,
    PageId(id): PageId<DocumentId>,
) -> Response {
    match app.ask(move |library| library.practice(id)).await {
        Ok(page) if !page.editable => error::page(&v, &not_ours()),
        Ok(read) => {
            let whole = serde_json::to_value(&read.practice).unwrap_or_default();
            let draft =
                Draft { form: fill(PRACTICE, &whole), document: Some(read.id), heads: read.heads, ..Draft::default() };
            page(&v, signed, &fresh().to_string(), &draft, false, None)
        }
        Err(fault) => error::page(&v, &fault.into()),
    }
}

/// Says that a practice belongs to another community.
pub(super) fn not_ours() -> Failure {
    Failure::new(axum::http::StatusCode::FORBIDDEN, "not_ours", w::NOT_OURS.uk, w::NOT_OURS.en)
}

async fn kept(app: &App, id: DocumentName) -> Result<Draft, Failure> {
    let value = app.ask(move |library| library.draft(id)).await?;
    Ok(serde_json::from_value(value).unwrap_or_default())
}

/// `GET /write/{id}`
pub(crate) async fn show(
    State(app): State<Arc<App>>,
    v: Visitor,
    signed: Signed,
    PageId(id): PageId<DocumentName>,
) -> Response {
    match kept(&app, id).await {
        Ok(draft) => page(&v, signed, &id.to_string(), &draft, v.parameter("check").is_some(), None),
        Err(failure) => error::page(&v, &failure),
    }
}

/// What the script that keeps drafts is told.
#[derive(Serialize)]
struct Saved {
    saved: String,
    percent: u8,
}

/// `POST /write/{id}`: keeps the draft, and does what the button says.
pub(crate) async fn save(
    State(app): State<Arc<App>>,
    v: Visitor,
    signed: Signed,
    id: Result<PageId<DocumentName>, Response>,
    form: DraftForm,
) -> Response {
    let id = match id {
        Ok(PageId(id)) => id,
        Err(page) => return page,
    };
    let form = match form {
        DraftForm::Genuine(form) => form,
        DraftForm::Stale(form) => return stale(&app, &v, signed, id, &form),
    };
    let wanted = form.get("do").to_owned();
    let mut draft = Draft::of(&form, &signed, app.auth.now());
    change_rows(&mut draft.form, &wanted);
    let content = serde_json::to_value(&draft).unwrap_or_default();
    if let Err(failure) = app.ask(move |library| library.keep_draft(id, content)).await {
        return page(&v, signed, &id.to_string(), &Draft { kept_at: 0, ..draft }, false, Some(&failure.into()));
    }
    let own = id.to_string();
    match wanted.split(':').next().unwrap_or_default() {
        "autosave" => {
            let whole = serde_json::to_value(draft.practice().0).unwrap_or_default();
            let percent = completeness(PRACTICE, &whole).percent;
            axum::Json(Saved { saved: format::moment(draft.kept_at), percent }).into_response()
        }
        "publish" => to(v.link(&["write", &own, "publish"])),
        "check" => to(v.link_with(&["write", &own], &[("check", "1")])),
        "add" | "remove" => {
            let table = wanted.split(':').nth(1).unwrap_or_default().replace('.', "-");
            to(format!(
                "{}#f-{}",
                v.link(&["write", &own]),
                table.chars().filter(|c| c.is_ascii_alphanumeric() || "-_".contains(*c)).collect::<String>()
            ))
        }
        "remove-draft" => match app.ask(move |library| library.remove_draft(id)).await {
            Ok(()) => to(v.link(&["desk"])),
            Err(fault) => error::page(&v, &fault.into()),
        },
        _ => to(v.link(&["write", &own])),
    }
}

/// What was typed in an earlier session: nothing of it is kept, and nothing is lost.
fn stale(app: &App, v: &Visitor, signed: Signed, id: DocumentName, form: &Form) -> Response {
    let draft = Draft { kept_at: 0, ..Draft::of(form, &signed, app.auth.now()) };
    let stale = Failure::new(axum::http::StatusCode::FORBIDDEN, "stale_form", w::STALE_DRAFT.uk, w::STALE_DRAFT.en);
    let mut answer = page(v, signed, &id.to_string(), &draft, false, Some(&stale));
    *answer.status_mut() = stale.status;
    answer
}

#[derive(Template)]
#[template(path = "desk/publish.html")]
struct Publishing {
    v: Visitor,
    signed: Signed,
    action: String,
    back: String,
    title: String,
    summary: Vec<Paragraph>,
    layout: Layout,
    wrong: Vec<(String, &'static str, String)>,
    hints: Vec<(Hint, String)>,
    alike: Vec<(String, String, u8)>,
    problems: Problems,
}

/// `GET /write/{id}/publish`: what will be published, once more, with what should be looked at.
pub(crate) async fn review(
    State(app): State<Arc<App>>,
    v: Visitor,
    signed: Signed,
    PageId(id): PageId<DocumentName>,
) -> Response {
    match kept(&app, id).await {
        Ok(draft) => review_page(&app, &v, signed, id, &draft, Problems::default()).await,
        Err(failure) => error::page(&v, &failure),
    }
}

async fn review_page(
    app: &App,
    v: &Visitor,
    signed: Signed,
    id: DocumentName,
    draft: &Draft,
    problems: Problems,
) -> Response {
    let (practice, errors) = draft.practice();
    let except = draft.document.as_deref().and_then(|id| id.parse().ok());
    let candidate = practice.clone();
    // A search that fails is no reason not to publish.
    let alike = app.ask(move |library| library.near_duplicates(&candidate, except)).await.unwrap_or_default();
    let own = id.to_string();
    let back = v.link_with(&["write", &own], &[("check", "1")]);
    let whole = serde_json::to_value(&practice).unwrap_or_default();
    let called =
        |key: &str| PRACTICE.iter().find(|field| field.key == key).map_or("", |field| label(v.language, field));
    let place = |key: &str| format!("{back}#f-{}", key.replace('.', "-"));
    html(
        v,
        &Publishing {
            action: v.link(&["write", &own, "publish"]),
            title: if practice.title.trim().is_empty() {
                v.say(words::UNTITLED).to_owned()
            } else {
                practice.title.clone()
            },
            summary: prose(&practice.summary),
            layout: layout(v, PRACTICE, &whole, &[]),
            wrong: errors
                .iter()
                .map(|error| (place(&error.field), called(&error.field), v.language.pick(&error.uk, &error.en).clone()))
                .collect(),
            hints: hints(&draft.form, |phrase| v.say(phrase))
                .into_iter()
                .map(|hint| {
                    let href = place(&hint.name);
                    (hint, href)
                })
                .collect(),
            alike: alike
                .into_iter()
                .take(5)
                .map(|(card, percent)| (card.title.clone(), v.link(&["practices", &card.id]), percent))
                .collect(),
            back,
            problems,
            signed,
            v: v.clone(),
        },
    )
}

/// `POST /write/{id}/publish`
pub(crate) async fn publish(
    State(app): State<Arc<App>>,
    v: Visitor,
    signed: Signed,
    id: Result<PageId<DocumentName>, Response>,
    form: Form,
) -> Response {
    let id = match id {
        Ok(PageId(id)) => id,
        Err(page) => return page,
    };
    let draft = match kept(&app, id).await {
        Ok(draft) => draft,
        Err(failure) => return error::page(&v, &failure),
    };
    match published(&app, &signed, id, &draft, &form).await {
        Ok((document, merged)) => {
            let pairs: &[(&str, &str)] = if merged { &[("merged", "1")] } else { &[] };
            to(v.link_with(&["practices", &document, "published"], pairs))
        }
        Err(failure) => review_page(&app, &v, signed, id, &draft, Problems::of(&failure, v.language)).await,
    }
}

async fn published(
    app: &App,
    signed: &Signed,
    id: DocumentName,
    draft: &Draft,
    form: &Form,
) -> Result<(String, bool), Failure> {
    if !form.has("sure") {
        return Err(Failure::invalid(vec![FieldError::new(
            "sure",
            "required",
            w::SURE_FIRST.uk.into(),
            w::SURE_FIRST.en.into(),
        )]));
    }
    prove(app, signed, form).await?;
    let (practice, errors) = draft.practice();
    if !errors.is_empty() {
        return Err(Failure::invalid(errors));
    }
    let done = match draft.document.as_deref() {
        Some(document) => {
            let document: DocumentId = document.parse().map_err(|_| Failure::not_found())?;
            let edit = Edit { base_heads: draft.heads.clone(), content: practice, resolve: Vec::new() };
            app.ask(move |library| library.edit_practice(document, edit)).await?
        }
        None => app.ask(move |library| library.create_practice(practice)).await?,
    };
    // Published once is enough: a draft that stays behind would be published twice.
    if let Err(fault) = app.ask(move |library| library.remove_draft(id)).await {
        tracing::warn!(%fault, "a published draft stays behind");
    }
    app.auth.note(&signed.name, if draft.document.is_some() { "edited" } else { "published" }, &draft.title);
    Ok((done.id, done.merged))
}

#[derive(Template)]
#[template(path = "desk/published.html")]
struct Published {
    v: Visitor,
    title: String,
    href: String,
    merged: bool,
    conflicts: Option<String>,
}

/// `GET /practices/{id}/published`
pub(crate) async fn after(State(app): State<Arc<App>>, v: Visitor, PageId(id): PageId<DocumentId>) -> Response {
    match app.ask(move |library| library.practice(id)).await {
        Ok(page) => {
            let conflicts = (!page.conflicts.is_empty()).then(|| v.link(&["practices", &page.id, "conflicts"]));
            let href = v.link(&["practices", &page.id]);
            html(
                &v,
                &Published {
                    title: page.practice.title,
                    href,
                    merged: v.parameter("merged").is_some(),
                    conflicts,
                    v: v.clone(),
                },
            )
        }
        Err(fault) => error::page(&v, &fault.into()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_field_has_one_place_in_the_form() {
        let mut placed: Vec<&str> = SECTIONS.iter().flat_map(|(_, _, keys)| keys.iter().copied()).collect();
        let mut known: Vec<&str> = PRACTICE.iter().map(|field| field.key).collect();
        placed.sort_unstable();
        known.sort_unstable();
        assert_eq!(placed, known);
    }

    #[test]
    fn a_copy_has_blanks_for_what_is_ones_own() {
        let text = "Решетилівська рада ухвалила рішення № 1554 від 06.10.2023, у Решетилівській громаді.";
        let expected = "[назва громади] рада ухвалила рішення № ____ від __.__.____, у [назва громади] громаді.";
        assert_eq!(blanked(text, Some("UA53080390000027656")), expected);
    }
}
