//! What communities say of each other's work: lists of adoptions, requests and seminars.

pub(crate) mod calendar;
pub(crate) mod crowded;
pub(crate) mod matches;
pub(crate) mod measured;
pub(crate) mod one;
pub(crate) mod outcome;
pub(crate) mod said;

use std::sync::Arc;

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use crdt::gate::DocumentKind;
use crdt::id::DocumentId;
use crdt::kinds;
use crdt::kinds::exchange::state_on;
use crdt::vocabulary::{self as v, SECTORS, Vocabulary};

use crate::App;
use crate::assets;
use crate::error::Failure;
use crate::format;
use crate::language::Phrase;
use crate::library::{DocumentCard, DocumentsRequest, Page, PageRequest, Scope, notes};
use crate::pages::entries::{cut, titled};
use crate::pages::frame::{Pager, Visitor};
use crate::pages::terms::term;
use crate::pages::{ROWS, answer};
use crate::registry::today;
use crate::words;
use crate::words::records as rw;

/// Letters of a summary in a list.
const SUMMARY_CHARS: usize = 280;
/// Rows that a narrowed list looks through, last changed first: Ukraine has 1,469 hromadas, so that of one
/// practice it is one adoption each. The list without narrowing pages through everything.
pub(crate) const LOOKED_AT: usize = 1_500;

/// A record in a list.
pub(crate) struct RecordEntry {
    pub(crate) title: String,
    pub(crate) href: String,
    pub(crate) summary: String,
    pub(crate) state: String,
    /// Whether nothing more is to be expected of it.
    pub(crate) over: bool,
    pub(crate) owner: String,
    pub(crate) owner_href: String,
    pub(crate) day: String,
    pub(crate) sectors: Vec<String>,
}

impl RecordEntry {
    /// What a list shows of a card.
    pub(crate) fn new(v: &Visitor, card: &DocumentCard) -> Self {
        let state = state_key(card);
        Self {
            title: titled(v, &card.title),
            href: href(v, card),
            summary: cut(&card.summary, SUMMARY_CHARS),
            over: matches!(state.as_str(), "expired" | "done" | "unresolved" | "stopped" | "refused"),
            state: state_label(v, card),
            owner: v.place(&card.owner_code),
            owner_href: v.link(&["communities", &card.owner]),
            day: day_of(v, card).unwrap_or_else(|| format::day(card.updated_at)),
            sectors: card.sectors.iter().map(|key| term(v, &SECTORS, key)).collect(),
        }
    }
}

/// The day that a record is about, with what it means where that is not plain.
pub(crate) fn day_of(v: &Visitor, card: &DocumentCard) -> Option<String> {
    let day = (!card.day.is_empty()).then(|| format::date(&card.day))?;
    Some(if card.kind == "exchange" { format!("{}\u{a0}{day}", v.say(rw::STANDS_UNTIL)) } else { day })
}

/// Where a document is read.
pub(crate) fn href(v: &Visitor, card: &DocumentCard) -> String {
    match card.kind.as_str() {
        "practice" => v.link(&["practices", &card.id]),
        "profile" => v.link(&["communities", &card.owner]),
        "collection" => v.link(&["collections", &card.id]),
        "material" => v.link(&["materials", &card.id]),
        _ => v.link(&["records", &card.id]),
    }
}

/// What people call a kind.
pub(crate) fn kind_name(v: &Visitor, key: &str) -> &'static str {
    kinds::by_key(key).map_or(v.say(rw::RECORD), |kind| v.language.pick(kind.uk, kind.en))
}

/// The state of a document today: a request whose last day is over has expired.
pub(crate) fn state_key(card: &DocumentCard) -> String {
    match (card.kind.as_str(), card.state.split_once('_')) {
        ("exchange", Some((_, state))) => state_on(state, &card.day, &today().to_string()).to_owned(),
        _ => card.state.clone(),
    }
}

/// The same in words.
pub(crate) fn state_label(v: &Visitor, card: &DocumentCard) -> String {
    let said = |vocabulary: &'static Vocabulary| {
        if card.state.is_empty() { String::new() } else { term(v, vocabulary, &card.state) }
    };
    match card.kind.as_str() {
        "practice" => said(&v::STAGES),
        "adoption" => said(&v::ADOPTION_STATUSES),
        "exchange" => {
            let direction = card.state.split('_').next().unwrap_or_default();
            let state = state_key(card);
            let state =
                if state == "expired" { v.say(rw::EXPIRED).to_owned() } else { term(v, &v::EXCHANGE_STATES, &state) };
            format!("{}: {}", term(v, &v::EXCHANGE_DIRECTIONS, direction), state.to_lowercase())
        }
        "comment" => said(&v::COMMENT_PURPOSES),
        "endorsement" => said(&v::ENDORSEMENT_BASES),
        "seminar" => said(&v::REGISTRATION_STATES),
        "registration" => card.state.parse().map(|people| v.count(people, rw::PEOPLE_COUNTED)).unwrap_or_default(),
        "collection" => said(&v::COLLECTION_STATES),
        "material" => said(&v::MATERIAL_TYPES),
        "use" => said(&v::CAMPAIGN_CHANNELS),
        "translation" => said(&v::TEXT_ORIGINS),
        _ => String::new(),
    }
}

/// A choice of a list.
struct Choice {
    name: &'static str,
    label: &'static str,
    options: Vec<(String, String, bool)>,
}

/// What somebody who signed in may begin here.
struct Begin {
    text: &'static str,
    href: String,
}

/// A list of one kind.
#[derive(Template)]
#[template(path = "records.html")]
struct List {
    v: Visitor,
    title: &'static str,
    lead: &'static str,
    /// Title, address and id of what all of it is about.
    about: Option<(String, String, String)>,
    choices: Vec<Choice>,
    begin: Vec<Begin>,
    total: String,
    entries: Vec<RecordEntry>,
    pager: Pager,
    own: &'static str,
}

/// What a list is of.
struct Shown {
    kind: DocumentKind,
    path: &'static str,
    title: Phrase,
    lead: Phrase,
    begin: &'static [(Phrase, &'static [(&'static str, &'static str)])],
    directions: bool,
    states: &'static Vocabulary,
}

static ADOPTIONS: Shown = Shown {
    kind: DocumentKind::Adoption,
    path: "adoptions",
    title: rw::ADOPTIONS,
    lead: rw::ADOPTIONS_LEAD,
    begin: &[],
    directions: false,
    states: &v::ADOPTION_STATUSES,
};

static EXCHANGE: Shown = Shown {
    kind: DocumentKind::Exchange,
    path: "exchange",
    title: rw::EXCHANGE,
    lead: rw::EXCHANGE_LEAD,
    begin: &[
        (rw::NEW_REQUEST, &[("kind", "exchange"), ("direction", "request")]),
        (rw::NEW_OFFER, &[("kind", "exchange"), ("direction", "offer")]),
    ],
    directions: true,
    states: &v::EXCHANGE_STATES,
};

static SEMINARS: Shown = Shown {
    kind: DocumentKind::Seminar,
    path: "seminars",
    title: rw::SEMINARS,
    lead: rw::SEMINARS_LEAD,
    begin: &[(rw::NEW_SEMINAR, &[("kind", "seminar")])],
    directions: false,
    states: &v::REGISTRATION_STATES,
};

/// `/adoptions`
pub(crate) async fn adoptions(State(app): State<Arc<App>>, v: Visitor) -> Response {
    answer(&v, list(&app, &v, &ADOPTIONS).await)
}

/// `/exchange`
pub(crate) async fn exchange(State(app): State<Arc<App>>, v: Visitor) -> Response {
    answer(&v, list(&app, &v, &EXCHANGE).await)
}

/// `/seminars`
pub(crate) async fn seminars(State(app): State<Arc<App>>, v: Visitor) -> Response {
    answer(&v, list(&app, &v, &SEMINARS).await)
}

/// The parameters that narrow a list.
const NARROWING: [&str; 4] = ["direction", "state", "sector", ABOUT];
/// The parameter that names the document that all of it is to be about.
const ABOUT: &str = "about";

/// What was found for a list.
struct Found {
    page: Page<DocumentCard>,
    /// What all of it is about, if somebody asked for that.
    about: Option<DocumentCard>,
}

async fn list(app: &App, v: &Visitor, shown: &'static Shown) -> Result<List, Failure> {
    let chosen = |name: &str| v.parameter(name).filter(|value| !value.is_empty()).map(str::to_owned);
    let narrowing: Vec<(&'static str, String)> =
        NARROWING.iter().filter_map(|name| Some((*name, chosen(name)?))).collect();
    let Found { page, about } = if narrowing.is_empty() {
        let (wanted, rows) = (DocumentsRequest { kind: shown.kind, scope: Scope::All }, v.rows()?);
        Found { page: app.ask(move |library| library.documents(&wanted, &rows)).await?, about: None }
    } else {
        narrowed(app, v, shown, narrowing.clone()).await?
    };
    let pairs: Vec<(&str, &str)> = narrowing.iter().map(|(name, value)| (*name, value.as_str())).collect();
    let writes = v.writes();
    Ok(List {
        title: v.say(shown.title),
        lead: v.say(shown.lead),
        about: about.map(|card| (titled(v, &card.title), href(v, &card), card.id)),
        choices: choices(v, shown),
        begin: if writes {
            shown.begin.iter().map(|(text, pairs)| begin(v, *text, pairs)).collect()
        } else {
            Vec::new()
        },
        total: format::number(page.total),
        entries: page.rows.iter().map(|card| RecordEntry::new(v, card)).collect(),
        pager: Pager::of_narrowed(v, &[shown.path], &pairs, page.next.as_deref()),
        own: shown.path,
        v: v.clone(),
    })
}

/// The rows of a narrowed list: its place is how many rows come before.
async fn narrowed(
    app: &App,
    v: &Visitor,
    shown: &'static Shown,
    narrowing: Vec<(&'static str, String)>,
) -> Result<Found, Failure> {
    let from: usize = v.parameter("after").and_then(|after| after.parse().ok()).unwrap_or_default();
    let about: Option<DocumentId> = match narrowing.iter().find(|(name, _)| *name == ABOUT) {
        Some((_, id)) => Some(id.parse().map_err(|_| Failure::not_found())?),
        None => None,
    };
    let takes = move |card: &DocumentCard| {
        narrowing.iter().all(|(name, wanted)| match *name {
            "direction" => card.state.split('_').next() == Some(wanted),
            "state" => state_key(card) == *wanted,
            "sector" => card.sectors.contains(wanted),
            _ => about.is_none_or(|about| card.about.as_deref().and_then(|id| id.parse().ok()) == Some(about)),
        })
    };
    let wanted = DocumentsRequest { kind: shown.kind, scope: about.map_or(Scope::All, Scope::About) };
    let all = PageRequest { after: None, limit: LOOKED_AT };
    let read = app.ask(move |library| {
        let about = about.map(|id| library.document(id)).transpose()?.map(|page| page.card);
        let mut rows = library.documents(&wanted, &all)?.rows;
        if about.is_some() {
            let hidden = notes::hidden(library)?;
            rows.retain(|card| !hidden.contains_key(&card.id));
        }
        Ok((about, rows))
    });
    let (about, mut rows) = read.await?;
    rows.retain(takes);
    let total = rows.len();
    let next = (from.saturating_add(ROWS) < total).then(|| (from + ROWS).to_string());
    let rows = rows.into_iter().skip(from).take(ROWS).collect();
    Ok(Found { page: Page { rows, next, total: total as u64 }, about })
}

fn begin(v: &Visitor, text: Phrase, pairs: &[(&str, &str)]) -> Begin {
    Begin { text: v.say(text), href: v.link_with(&["write", "record", "new"], pairs) }
}

fn choices(v: &Visitor, shown: &'static Shown) -> Vec<Choice> {
    let mut all = Vec::new();
    if shown.directions {
        all.push(choice(v, "direction", rw::DIRECTION, &v::EXCHANGE_DIRECTIONS));
    }
    all.push(choice(v, "state", rw::STATE, shown.states));
    all.push(choice(v, "sector", rw::SECTOR, &SECTORS));
    all
}

fn choice(v: &Visitor, name: &'static str, label: Phrase, vocabulary: &'static Vocabulary) -> Choice {
    let chosen = v.parameter(name).unwrap_or_default();
    let option =
        |term: &v::Term| (term.key.to_owned(), v.language.pick(term.uk, term.en).to_owned(), term.key == chosen);
    Choice { name, label: v.say(label), options: vocabulary.terms.iter().map(option).collect() }
}
