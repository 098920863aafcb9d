//! The first run: from an empty data folder to a node that works.
//!
//! The administrator comes first, so that all that follows is done by somebody who is signed in, and
//! a power cut in the middle leaves a node with an owner.

use std::net::SocketAddr;
use std::sync::Arc;

use askama::Template;
use axum::extract::{ConnectInfo, State};
use axum::http::HeaderMap;
use axum::response::Response;
use crdt::codifier::transliteration::transliterate;
use crdt::codifier::{self, Hromada};

use crate::App;
use crate::assets;
use crate::desk::accounts::Problems;
use crate::desk::form::{FirstForm, Form};
use crate::desk::network::tried;
use crate::desk::session::{prove, with_cookies};
use crate::desk::words as w;
use crate::desk::{Address, Here, is_https, to};
use crate::error::Failure;
use crate::library::network::{Probe, Reach};
use crate::library::{LibraryError, Status};
use crate::pages::frame::Visitor;
use crate::pages::network::Told;
use crate::pages::terms::hromada_name;
use crate::pages::{error, html};
use crate::people::auth::Signed;
use crate::people::{Role, Setup};
use crate::qr::Qr;
use crate::words;

/// Communities that a search shows: more are narrowed by another word.
const FOUND_MAX: usize = 30;
/// Bytes of an address: a relayed one with two peer ids has about 250.
const ADDRESS_MAX: usize = 1_024;

#[derive(Template)]
#[template(path = "desk/start.html")]
struct Start {
    v: Visitor,
    local: bool,
    name: String,
    problems: Problems,
}

/// `GET /start`
pub(crate) async fn show(State(app): State<Arc<App>>, v: Visitor, Here(local): Here) -> Response {
    match begun(&app).await {
        Err(fault) => error::page(&v, &fault),
        Ok((false, _)) => html(&v, &Start { local, name: String::new(), problems: Problems::default(), v: v.clone() }),
        Ok((true, setup)) if setup.finished || v.person.is_none() => to(v.link(&["desk"])),
        Ok((true, setup)) => to(v.link(&["start", step(&app, &setup).await])),
    }
}

/// Whether anybody has an account, and how far the first run came.
async fn begun(app: &App) -> Result<(bool, Setup), Failure> {
    let setup = app.ask(|library| library.people().setup()).await?;
    Ok((app.auth.has_accounts()?, setup))
}

/// Where the first run goes on.
async fn step(app: &App, setup: &Setup) -> &'static str {
    let founded = app.ask(|library| library.status()).await.is_ok_and(|status| status.community.is_some());
    match (founded, setup.only_reads, setup.sheet_printed_at) {
        (false, false, _) => "hromada",
        (true, _, None) => "sheet",
        _ => "connect",
    }
}

/// `POST /start`: makes the administrator and signs them in, or leaves the node to be read only.
pub(crate) async fn begin(
    State(app): State<Arc<App>>,
    v: Visitor,
    Here(local): Here,
    Address(address): Address,
    headers: HeaderMap,
    FirstForm(form): FirstForm,
) -> Response {
    match begun(&app).await {
        Ok((false, _)) if local => {}
        Ok(_) => return to(v.link(&["start"])),
        Err(fault) => return error::page(&v, &fault),
    }
    if form.get("do") == "skip" {
        let kept = app.ask(|library| library.people().keep_setup(&Setup { finished: true, ..Setup::default() })).await;
        return match kept {
            Ok(()) => to(v.link(&[])),
            Err(fault) => error::page(&v, &fault.into()),
        };
    }
    let (name, password) = (form.get("name").to_owned(), form.get("password").to_owned());
    let done = async {
        app.auth.add(&name, Role::Administrator, password.clone()).await?;
        app.auth.note(&name, "account_added", &name);
        app.auth.sign_in(&name, password, &headers, address).await
    };
    match done.await {
        Ok(tokens) => with_cookies(to(v.link(&["start", "hromada"])), &tokens, is_https(&headers)),
        Err(refused) => {
            let problems = Problems::of(&refused.into(), v.language);
            html(&v, &Start { local, name, problems, v: v.clone() })
        }
    }
}

/// A community that a search found.
struct Found {
    code: &'static str,
    name: String,
    centre: String,
}

#[derive(Template)]
#[template(path = "desk/start-hromada.html")]
struct Choose {
    v: Visitor,
    signed: Signed,
    query: String,
    found: Vec<Found>,
    more: bool,
    device: String,
    code: String,
    problems: Problems,
}

/// `GET /start/hromada`
pub(crate) async fn hromada(State(app): State<Arc<App>>, v: Visitor, signed: Signed) -> Response {
    if app.ask(|library| library.status()).await.is_ok_and(|status| status.community.is_some()) {
        return to(v.link(&["start", "sheet"]));
    }
    choose(&app, &v, signed, &Form::default(), Problems::default()).await
}

async fn choose(app: &App, v: &Visitor, signed: Signed, form: &Form, problems: Problems) -> Response {
    let query = v.parameter("q").unwrap_or_default().trim().to_owned();
    let mut all = search(&query);
    if all.is_empty() && !query.is_empty() {
        let typed = query.clone();
        // Where what may be meant cannot be told, the codifier simply has no such name.
        all = app.ask(move |library| library.hromadas_meant(&typed, FOUND_MAX + 1)).await.unwrap_or_default();
    }
    let named = |hromada: &&'static Hromada| Found {
        code: hromada.code,
        name: hromada_name(v.language, hromada),
        centre: v.language.pick(hromada.centre.to_owned(), transliterate(hromada.centre)),
    };
    let found = all.iter().take(FOUND_MAX).map(named).collect();
    let more = all.len() > FOUND_MAX;
    let (device, code) = (form.get("device").to_owned(), form.get("code").to_owned());
    html(v, &Choose { query, found, more, device, code, problems, signed, v: v.clone() })
}

/// Communities whose name has a word for each word of the query, those that begin with it first.
pub(super) fn search(query: &str) -> Vec<&'static Hromada> {
    let plain = |text: &str| text.to_lowercase().replace(['’', '\'', 'ʼ', '`', '"', '«', '»'], "");
    let wanted: Vec<String> = plain(query)
        .split(|c: char| c.is_whitespace() || c == ',')
        .filter(|word| !word.is_empty())
        .map(str::to_owned)
        .collect();
    if wanted.is_empty() {
        return Vec::new();
    }
    let first = wanted[0].clone();
    let fits = |hromada: &&Hromada| {
        let words = plain(&format!(
            "{} {} {} {} {}",
            hromada.full_name_uk(),
            hromada.centre,
            hromada.full_name_en(),
            transliterate(hromada.centre),
            hromada.code
        ));
        wanted.iter().all(|word| words.split([' ', ',']).any(|known| known.starts_with(word.as_str())))
    };
    let mut found: Vec<&'static Hromada> = codifier::all().iter().filter(fits).collect();
    found.sort_by_key(|hromada| !plain(hromada.name).starts_with(&first));
    found
}

/// `POST /start/hromada`: founds the community, or leaves the node to read.
pub(crate) async fn found(State(app): State<Arc<App>>, v: Visitor, signed: Signed, form: Form) -> Response {
    if form.get("do") == "read" {
        return match change_setup(&app, |setup| setup.only_reads = true).await {
            Ok(()) => to(v.link(&["start", "connect"])),
            Err(failure) => error::page(&v, &failure),
        };
    }
    let founded = async {
        prove(&app, &signed, &form).await?;
        let (code, device) = (form.get("code").to_owned(), form.get("device").trim().to_owned());
        let card = app.ask(move |library| library.found_community(&code, &device)).await?;
        app.auth.note(&signed.name, "founded", &card.name_uk);
        Ok::<_, Failure>(())
    };
    match founded.await {
        Ok(()) => to(v.link(&["start", "sheet"])),
        Err(failure) => choose(&app, &v, signed, &form, Problems::of(&failure, v.language)).await,
    }
}

async fn change_setup(app: &App, change: impl FnOnce(&mut Setup) + Send + 'static) -> Result<(), Failure> {
    let kept = app.ask(move |library| {
        let mut setup = library.people().setup()?;
        change(&mut setup);
        library.people().keep_setup(&setup)
    });
    Ok(kept.await?)
}

#[derive(Template)]
#[template(path = "desk/start-sheet.html")]
struct SheetPage {
    v: Visitor,
    signed: Signed,
    community: String,
    code: String,
    day: String,
    groups: Vec<String>,
    qr: Option<Qr>,
    printed: Option<String>,
    problems: Problems,
}

/// `GET /start/sheet`
pub(crate) async fn recovery(State(app): State<Arc<App>>, v: Visitor, signed: Signed) -> Response {
    recovery_page(&app, &v, signed, Problems::default()).await
}

async fn recovery_page(app: &App, v: &Visitor, signed: Signed, problems: Problems) -> Response {
    let shown = signed.proved;
    let read = app.ask(move |library| {
        let (setup, status) = (library.people().setup()?, library.status()?);
        let key = if shown && setup.sheet_printed_at.is_none() { Some(library.recovery_key()?) } else { None };
        Ok((setup, status, key))
    });
    let (setup, status, key) = match read.await {
        Ok(read) => read,
        Err(fault) => return error::page(v, &fault.into()),
    };
    let Some(code) = status.community_code else { return to(v.link(&["start", "hromada"])) };
    html(
        v,
        &SheetPage {
            community: v.place(&code),
            code,
            day: crate::format::day(app.auth.now()),
            groups: key.as_deref().unwrap_or_default().split_whitespace().map(str::to_owned).collect(),
            qr: key.as_deref().and_then(Qr::of),
            printed: setup.sheet_printed_at.map(crate::format::day),
            problems,
            signed,
            v: v.clone(),
        },
    )
}

/// `POST /start/sheet`: somebody gives the password to see the sheet, or says that it is printed.
pub(crate) async fn printed(State(app): State<Arc<App>>, v: Visitor, signed: Signed, form: Form) -> Response {
    if form.get("do") == "show" {
        return match prove(&app, &signed, &form).await {
            Ok(()) => to(v.link(&["start", "sheet"])),
            Err(failure) => recovery_page(&app, &v, signed, Problems::of(&failure, v.language)).await,
        };
    }
    if !form.has("printed") {
        let failure = Failure::invalid(vec![crdt::check::FieldError::new(
            "printed",
            "required",
            w::SHEET_CHECK_FIRST.uk.into(),
            w::SHEET_CHECK_FIRST.en.into(),
        )]);
        return recovery_page(&app, &v, signed, Problems::of(&failure, v.language)).await;
    }
    let now = app.auth.now();
    match change_setup(&app, move |setup| setup.sheet_printed_at = Some(now)).await {
        Ok(()) => {
            app.auth.note(&signed.name, "sheet_printed", "");
            to(v.link(&["start", "connect"]))
        }
        Err(failure) => error::page(&v, &failure),
    }
}

#[derive(Template)]
#[template(path = "desk/start-connect.html")]
struct Connect {
    v: Visitor,
    signed: Signed,
    status: Status,
    peers: String,
    address: String,
    told: Option<Told>,
    /// Whether the address was kept.
    is_kept: bool,
    /// Whether it was not, and whoever typed it may insist.
    may_keep: bool,
    problems: Problems,
}

/// `GET /start/connect`
pub(crate) async fn connect(State(app): State<Arc<App>>, v: Visitor, signed: Signed) -> Response {
    connect_page(&app, &v, signed, String::new(), None, Problems::default()).await
}

async fn connect_page(
    app: &App,
    v: &Visitor,
    signed: Signed,
    address: String,
    told: Option<(Told, Keeping)>,
    problems: Problems,
) -> Response {
    let (told, keeping) = told.unzip();
    match app.ask(|library| library.status()).await {
        Ok(status) => {
            let peers = v.count(status.peers, w::NODES_COUNTED);
            html(
                v,
                &Connect {
                    peers,
                    status,
                    address,
                    told,
                    is_kept: keeping == Some(Keeping::Kept),
                    may_keep: keeping == Some(Keeping::Asked),
                    problems,
                    signed,
                    v: v.clone(),
                },
            )
        }
        Err(fault) => error::page(v, &fault.into()),
    }
}

/// Whether the node keeps an address that was tried.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Keeping {
    Kept,
    /// It was not reached: whoever typed it may insist.
    Asked,
    /// It is the node's own.
    Never,
}

impl Keeping {
    fn of(probe: &Probe, kept: bool) -> Self {
        match (kept, probe.reach) {
            (true, _) => Self::Kept,
            (false, Reach::Oneself) => Self::Never,
            (false, _) => Self::Asked,
        }
    }
}

/// Tries an address, and keeps it if it was reached or somebody insists; whether it was kept.
async fn kept_or_told(app: &App, address: &str, insists: bool) -> Result<(Probe, bool), LibraryError> {
    let probe = tried(app, address.to_owned(), insists).await?;
    let keeps = probe.reach == Reach::Reached || (insists && probe.reach != Reach::Oneself);
    if keeps && !insists {
        let address = address.to_owned();
        app.ask(move |library| library.dial(&address)).await?;
    }
    Ok((probe, keeps))
}

/// `POST /start/connect`: tries an address, or ends the first run.
pub(crate) async fn dial(State(app): State<Arc<App>>, v: Visitor, signed: Signed, form: Form) -> Response {
    if form.get("do") == "finish" {
        return match change_setup(&app, |setup| setup.finished = true).await {
            Ok(()) => to(v.link(&["start", "done"])),
            Err(failure) => error::page(&v, &failure),
        };
    }
    let address: String = form.get("address").trim().chars().take(ADDRESS_MAX).collect();
    // What cannot be reached is kept only by whoever says so: an address with a slip would be called for ever.
    let insists = form.get("do") == "keep";
    match kept_or_told(&app, &address, insists).await {
        Ok((probe, kept)) => {
            if kept {
                app.auth.note(&signed.name, "peer_added", &address);
            }
            let told = Some((Told::new(&v, &probe), Keeping::of(&probe, kept)));
            connect_page(&app, &v, signed, address, told, Problems::default()).await
        }
        Err(failure) => {
            let problems = Problems::of(&failure.into(), v.language);
            connect_page(&app, &v, signed, address, None, problems).await
        }
    }
}

#[derive(Template)]
#[template(path = "desk/start-done.html")]
struct Done {
    v: Visitor,
    writes: bool,
}

/// `GET /start/done`
pub(crate) async fn done(State(app): State<Arc<App>>, v: Visitor) -> Response {
    let writes = app.ask(|library| library.status()).await.is_ok_and(|status| status.community.is_some());
    html(&v, &Done { writes, v: v.clone() })
}

/// Whether a browser that asks for the start page is led to the first run.
pub(crate) fn is_needed(app: &crate::people::auth::Auth, parts: &axum::http::request::Parts) -> bool {
    let wants_page = parts.headers.get("sec-fetch-mode").is_some_and(|mode| mode == "navigate");
    let connected = parts.extensions.get::<ConnectInfo<SocketAddr>>().is_some();
    parts.method == axum::http::Method::GET
        && parts.uri.path() == "/"
        && wants_page
        && connected
        && super::is_local(parts)
        && app.is_untouched()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_hromada_is_found_by_its_name_and_namesakes_are_told_apart() {
        let found = search("миколаївська");
        let own: Vec<_> = found.iter().filter(|hromada| hromada.name == "Миколаївська").collect();
        assert!(own.len() >= 8, "{}", own.len());
        let names: std::collections::BTreeSet<String> = own.iter().map(|hromada| hromada.full_name_uk()).collect();
        assert_eq!(names.len(), own.len(), "each name is told apart by raion and oblast");
        assert_eq!(found[0].name, "Миколаївська");
        assert_eq!(search("решет полтав").len(), 1);
        assert!(search("Reshetyl").iter().any(|hromada| hromada.centre.contains("Решетилівка")));
        assert!(search("").is_empty() && search("нема такої громади").is_empty());
    }
}
