//! One record: an adoption, a request, a comment, an endorsement, a seminar, a registration.

use std::collections::BTreeMap;
use std::sync::Arc;

use askama::Template;
use axum::extract::State;
use axum::response::{IntoResponse, Redirect, Response};
use crdt::gate::DocumentKind;
use crdt::id::DocumentId;
use crdt::kinds;
use crdt::kinds::adoption::Adoption;
use crdt::kinds::comment::{Comment, Suggestion};
use crdt::kinds::exchange::Exchange;
use crdt::kinds::seminar::Seminar;
use crdt::vocabulary::ADOPTION_STATUSES;

use super::matches::{Match, matches};
use super::said::{self, Said};
use super::{RecordEntry, crowded, day_of, href, kind_name, state_label};
use crate::App;
use crate::assets;
use crate::desk::decide::decide_href;
use crate::desk::records::fits_any;
use crate::error::Failure;
use crate::format;
use crate::library::timely::{Seats, too_late};
use crate::library::{DocumentCard, DocumentPage, DocumentsRequest, Library, LibraryError, PageRequest, Scope};
use crate::pages::conflicts::{Clash, clashes};
use crate::pages::entries::titled;
use crate::pages::fields::{Layout, Section, label, layout};
use crate::pages::frame::Visitor;
use crate::pages::hidden::{ShownId, hide_href};
use crate::pages::terms::term;
use crate::pages::values::{Paragraph, named};
use crate::pages::{answer, error};
use crate::words;
use crate::words::practice as pw;
use crate::words::records as rw;

/// Registrations and pledges that a seminar's page counts.
const PARTIES_MAX: usize = 100;

/// Everything that the page is made of.
struct Known {
    page: DocumentPage,
    about: Option<DocumentCard>,
    /// What it is about, if its community took that back.
    taken_back: Option<DocumentId>,
    /// Whether everything that it suggests stands already.
    settled: bool,
    /// Whether nothing that it suggests fits what it is about.
    unfit: bool,
    said: said::Known,
    registrations: Vec<DocumentCard>,
    pledges: Vec<DocumentCard>,
    exchange: Option<super::matches::Known>,
    named: BTreeMap<String, DocumentCard>,
}

/// A stage of an adoption.
struct Step {
    status: String,
    day: String,
    note: String,
    document: String,
}

/// An edit that is suggested.
struct Change {
    field: &'static str,
    value: String,
}

/// One record.
#[derive(Template)]
#[template(path = "record.html")]
struct One {
    v: Visitor,
    id: String,
    kind: &'static str,
    title: String,
    description: String,
    state: String,
    owner: String,
    owner_href: String,
    day: String,
    about: Option<(String, String)>,
    steps: Vec<Step>,
    changes: Vec<Change>,
    accept_href: Option<String>,
    /// Whether everything that it suggests stands already.
    settled: bool,
    /// Whether nothing that it suggests fits what it is about.
    unfit: bool,
    layout: Layout,
    contact: Option<Section>,
    clashes: Vec<Clash>,
    decide_href: Option<String>,
    matches: Vec<Match>,
    matches_title: Option<&'static str>,
    seats_left: Option<String>,
    /// What is said if more people are registered than there are seats.
    overfull: Option<String>,
    registrations: Vec<RecordEntry>,
    pledges: Vec<RecordEntry>,
    is_seminar: bool,
    /// Why nobody can register for it any more.
    closed: Option<String>,
    register_href: Option<String>,
    calendar_href: String,
    sheet_href: String,
    said: Said,
    /// Practices of the programme that one can pledge to repeat.
    pledge: Vec<(String, String)>,
    /// Where one answers a request or an offer.
    respond_href: Option<String>,
    /// Whether the community whose practice it is confirms the adoption.
    is_confirmed: bool,
    /// Where a finished adoption becomes a practice of its own.
    promote_href: Option<String>,
    /// Why it is not shown on this node, if so.
    hide_href: Option<String>,
    guests_href: Option<String>,
    /// Whether a community can endorse it: what it has seen with its own eyes.
    endorsable: bool,
    /// Whether one can say something about it here: of a comment one answers in its own thread.
    talked_about: bool,
    edit_href: Option<String>,
    withdraw_href: String,
    history_href: String,
    json_href: String,
    created: String,
    machine: String,
}

/// `/records/{id}`
pub(crate) async fn show(State(app): State<Arc<App>>, v: Visitor, ShownId(id): ShownId) -> Response {
    let home = v.home().map(|home| home.code.clone());
    let known = match app.ask(move |library| look(library, id, home.as_deref())).await {
        Ok(known) => known,
        Err(fault) => return error::page(&v, &fault.into()),
    };
    // What has a page of its own is read there.
    if matches!(known.page.card.kind.as_str(), "practice" | "profile" | "collection" | "material") {
        return Redirect::permanent(&href(&v, &known.page.card)).into_response();
    }
    answer(&v, Ok::<_, Failure>(one(&v, known)))
}

fn look(library: &dyn Library, id: DocumentId, home: Option<&str>) -> Result<Known, LibraryError> {
    let page = library.document(id)?;
    let about = page.card.about.as_ref().and_then(|about| about.parse().ok());
    // What it is about may be withdrawn, or not here yet.
    let withdrawn = |id| matches!(library.document(id), Err(LibraryError::Withdrawn(_)));
    let taken_back = about.filter(|about| withdrawn(*about));
    let about = about.and_then(|about| library.document(about).ok());
    let settled = about.as_ref().is_some_and(|about| is_settled(&page, about));
    let suggestions = page.typed::<Comment>().map(|comment| comment.suggestions).unwrap_or_default();
    let unfit = !suggestions.is_empty() && about.as_ref().is_some_and(|about| !fits_any(&about.content, &suggestions));
    let about = about.map(|page| page.card);
    let some = PageRequest { after: None, limit: PARTIES_MAX };
    let said = said::look(library, id, home)?;
    let of = |kind| -> Result<Vec<DocumentCard>, LibraryError> {
        let wanted = DocumentsRequest { kind, scope: Scope::About(id) };
        let mut rows = library.documents(&wanted, &some)?.rows;
        rows.retain(|card| !said.hidden().contains_key(&card.id));
        Ok(rows)
    };
    let is_seminar = page.card.kind == "seminar";
    let exchange: Option<Exchange> = page.typed();
    Ok(Known {
        registrations: if is_seminar { of(DocumentKind::Registration)? } else { Vec::new() },
        pledges: if is_seminar { of(DocumentKind::Adoption)? } else { Vec::new() },
        exchange: exchange.map(|exchange| super::matches::look(library, &page.card, exchange)).transpose()?,
        named: named(library, &page.content, said.hidden()),
        said,
        about,
        settled,
        taken_back,
        unfit,
        page,
    })
}

/// What the record is about, where its community took that back: by the name that the record keeps.
fn about_taken_back(v: &Visitor, page: &DocumentPage, id: DocumentId) -> (String, String) {
    let keeps = matches!(page.card.kind.as_str(), "adoption" | "registration");
    let title = if keeps { page.card.title.trim() } else { "" };
    let label = v.say(if page.card.kind == "adoption" { words::WITHDRAWN } else { words::WITHDRAWN_RECORD });
    let label = if title.is_empty() { label.to_owned() } else { format!("{title} ({})", label.to_lowercase()) };
    (label, v.link(&["records", &id.to_string()]))
}

/// Whether everything that a remark suggests stands already.
fn is_settled(page: &DocumentPage, about: &DocumentPage) -> bool {
    let suggested = page.typed::<Comment>().map(|comment| comment.suggestions).unwrap_or_default();
    let table = kinds::by_key(&about.card.kind).map_or(&[][..], |kind| kind.table);
    let known = |one: Suggestion| Some((table.iter().find(|field| field.key == one.field)?, one.value));
    let mut known = suggested.into_iter().filter_map(known).peekable();
    known.peek().is_some() && known.all(|(field, value)| *field.value(&about.content) == value)
}

fn one(v: &Visitor, known: Known) -> One {
    let Known { page, about, taken_back, settled, unfit, said, registrations, pledges, exchange, named } = known;
    let v = &v.knowing(named);
    let card = &page.card;
    let table = kinds::by_key(&card.kind).map_or(&[][..], |kind| kind.table);
    let mut whole = page.content.clone();
    let adoption: Option<Adoption> = page.typed();
    let comment: Option<Comment> = page.typed();
    let seminar: Option<Seminar> = page.typed();
    // Shown in ways of their own.
    for key in ["stages", "suggestions"] {
        if let Some(value) = whole.get_mut(key) {
            *value = serde_json::Value::Null;
        }
    }
    if seminar.is_none()
        && let Some(value) = whole.get_mut("about")
    {
        *value = serde_json::Value::Null;
    }
    let mut layout = layout(v, table, &whole, &page.conflicts);
    let contact = layout.sections.iter().position(|section| section.key == "contact");
    let contact = contact.map(|at| layout.sections.remove(at));
    let segments = ["records", card.id.as_str()];
    let with = |last: &'static str| v.link(&[segments[0], segments[1], last]);
    let registered: u64 = registrations.iter().filter_map(|card| card.state.parse::<u64>().ok()).sum();
    let writes = v.writes();
    let seats = seminar.as_ref().and_then(|seminar| seminar.seats).map(|all| Seats { all, taken: registered });
    let left = seats.map(Seats::left);
    let closed =
        too_late("registration", &page, left).pop().map(|error| v.language.pick(&error.uk, &error.en).to_owned());
    let own_practice = about.as_ref().is_some_and(|about| v.home().is_some_and(|home| home.id == about.owner));
    let suggested: Vec<Suggestion> = comment.map(|comment| comment.suggestions).unwrap_or_default();
    One {
        kind: kind_name(v, &card.kind),
        title: titled(v, &card.title),
        description: description(v, card),
        state: state_label(v, card),
        owner: v.place(&card.owner_code),
        owner_href: v.link(&["communities", &card.owner]),
        day: day_of(v, card).unwrap_or_default(),
        about: about
            .as_ref()
            .map(|about| (titled(v, &about.title), href(v, about)))
            .or_else(|| Some(about_taken_back(v, &page, taken_back?))),
        steps: adoption.iter().flat_map(Adoption::in_order).map(|stage| step(v, stage)).collect(),
        accept_href: (!suggested.is_empty() && !settled && !unfit && own_practice && writes).then(|| with("accept")),
        settled,
        unfit,
        changes: suggested.iter().map(|one| change(v, one)).collect(),
        layout,
        contact,
        clashes: clashes(v, table, &page.conflicts, &page.authors),
        decide_href: decide_href(v, &card.kind, &card.id).filter(|_| page.editable),
        matches_title: exchange.as_ref().map(|known| v.say(known.title())),
        matches: exchange.map(|known| matches(v, &known)).unwrap_or_default(),
        seats_left: left.map(format::number),
        overfull: crowded::warning(v, seats, page.editable),
        registrations: registrations.iter().map(|card| RecordEntry::new(v, card)).collect(),
        pledges: pledges.iter().map(|card| RecordEntry::new(v, card)).collect(),
        is_seminar: seminar.is_some(),
        register_href: (writes && seminar.is_some() && closed.is_none())
            .then(|| v.link_with(&["write", "record", "new"], &[("kind", "registration"), ("about", &card.id)])),
        closed,
        calendar_href: with("calendar.ics"),
        sheet_href: with("sheet"),
        said: Said::new(v, &said, &card.id, &card.owner, &page.heads, false),
        pledge: if writes {
            seminar.as_ref().map(|seminar| pledges_of(v, &card.id, seminar)).unwrap_or_default()
        } else {
            Vec::new()
        },
        respond_href: (writes && card.kind == "exchange" && !page.editable).then(|| {
            v.link_with(&["write", "record", "new"], &[("kind", "comment"), ("purpose", "help"), ("about", &card.id)])
        }),
        is_confirmed: card.about_owner.as_ref().is_some_and(|owner| said.endorsed_by(owner)),
        promote_href: adoption
            .as_ref()
            .filter(|adoption| adoption.became.is_none() && matches!(card.state.as_str(), "works" | "partly"))
            .filter(|_| page.editable && writes)
            .map(|adoption| v.link_with(&["write", "new"], &[("from", &adoption.about), ("adoption", &card.id)])),
        hide_href: hide_href(v, &card.id),
        guests_href: (writes && seminar.is_some()).then(|| with("guests")),
        endorsable: card.kind == "adoption",
        talked_about: !matches!(card.kind.as_str(), "comment" | "endorsement" | "registration" | "use"),
        edit_href: (page.editable && writes).then(|| with("edit")),
        withdraw_href: with("withdraw"),
        history_href: with("history"),
        json_href: format!("/api/v1/documents/{}", card.id),
        created: format::day(page.created_at),
        machine: format::machine(page.created_at),
        id: card.id.clone(),
        v: v.clone(),
    }
}

/// What search engines are told of a record.
fn description(v: &Visitor, card: &DocumentCard) -> String {
    let kind = kind_name(v, &card.kind);
    let said = [titled(v, &card.title), state_label(v, card), v.place(&card.owner_code), card.summary.clone()];
    let said = said.into_iter().filter(|part| !part.trim().is_empty()).collect::<Vec<_>>().join(". ");
    format!("{kind}: {said}")
}

/// The practices of a programme, each with where it is taken up as a pledge of this seminar.
fn pledges_of(v: &Visitor, id: &str, seminar: &Seminar) -> Vec<(String, String)> {
    let sessions = seminar.programme.iter().filter(|session| session.practice.parse::<DocumentId>().is_ok());
    let pledge = |practice: &str| {
        let pairs = [("kind", "adoption"), ("about", practice), ("pledged_at", id)];
        v.link_with(&["write", "record", "new"], &pairs)
    };
    sessions.map(|session| (session.title.clone(), pledge(&session.practice))).collect()
}

fn step(v: &Visitor, stage: &kinds::adoption::Stage) -> Step {
    Step {
        status: term(v, &ADOPTION_STATUSES, &stage.status),
        day: format::date(&stage.date),
        note: stage.note.clone(),
        document: stage.document.clone(),
    }
}

fn change(v: &Visitor, suggestion: &Suggestion) -> Change {
    let field = crdt::practice::PRACTICE.iter().find(|field| field.key == suggestion.field);
    let value = match &suggestion.value {
        serde_json::Value::String(text) => text.clone(),
        other => other.to_string(),
    };
    Change { field: field.map_or("", |field| label(v.language, field)), value }
}
