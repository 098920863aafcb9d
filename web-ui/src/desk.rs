//! The desk: pages for the people of this computer, who sign in and write. A node that is published
//! on the web is built without them.

mod accounts;
mod blank;
pub(crate) mod decide;
mod deeds;
pub(crate) mod examples;
pub(crate) mod fields;
mod form;
mod home;
pub(crate) mod import;
mod network;
mod profile;
mod progress;
pub(crate) mod records;
mod sensitive;
mod session;
mod signed_out;
pub(crate) mod start;
mod withdraw;
pub(crate) mod words;
mod write;

use std::convert::Infallible;
use std::net::SocketAddr;
use std::sync::Arc;

use axum::Router;
use axum::extract::{ConnectInfo, DefaultBodyLimit, Request, State};
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use axum::middleware::{Next, from_fn, from_fn_with_state};
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::{MethodRouter, get};

use crate::App;
use crate::error::Failure;
use crate::pages;
use crate::pages::frame::Visitor;
use crate::people::Role;
use crate::people::auth::Signed;

/// Bytes of a small form: names and passwords.
const SMALL: usize = 16 * 1024;

/// Bytes of a form with a whole document: as for the API.
const LARGE: usize = crate::routes::JSON_BYTES_MAX;

/// Whom a page is for.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum For {
    /// Everybody.
    All,
    /// Whoever is signed in and may do at least so much.
    Role(Role),
}

/// A page of the desk.
pub(crate) struct Row {
    /// The address.
    pub(crate) path: &'static str,
    /// Whom it is for.
    pub(crate) whom: For,
    /// Bytes of a form that are read at the most; 0 for a page without one.
    pub(crate) body_max: usize,
    build: fn() -> MethodRouter<Arc<App>>,
}

const READER: For = For::Role(Role::Reader);
const EDITOR: For = For::Role(Role::Editor);
const ADMINISTRATOR: For = For::Role(Role::Administrator);

/// The pages of the desk.
#[rustfmt::skip]
pub(crate) static ROWS: &[Row] = &[
    Row { path: "/sign-in",          whom: For::All,      body_max: SMALL, build: || get(session::show).post(session::sign_in) },
    Row { path: "/sign-out",         whom: READER,        body_max: SMALL, build: || get(session::leave).post(session::sign_out) },
    Row { path: "/start",            whom: For::All,      body_max: SMALL, build: || get(start::show).post(start::begin) },
    Row { path: "/start/hromada",    whom: ADMINISTRATOR, body_max: SMALL, build: || get(start::hromada).post(start::found) },
    Row { path: "/start/sheet",      whom: ADMINISTRATOR, body_max: SMALL, build: || get(start::recovery).post(start::printed) },
    Row { path: "/start/connect",    whom: ADMINISTRATOR, body_max: SMALL, build: || get(start::connect).post(start::dial) },
    Row { path: "/start/done",       whom: ADMINISTRATOR, body_max: 0,     build: || get(start::done) },
    Row { path: "/desk",             whom: READER,        body_max: 0,     build: || get(home::show) },
    Row { path: "/network/peers",    whom: EDITOR,        body_max: SMALL, build: || get(network::show).post(network::ask) },
    Row { path: "/write/new",        whom: EDITOR,        body_max: 0,     build: || get(write::new) },
    Row { path: "/write/blank",      whom: For::All,      body_max: 0,     build: || get(blank::show) },
    Row { path: "/write/profile",    whom: EDITOR,        body_max: LARGE, build: || get(profile::show).post(profile::save) },
    Row { path: "/write/material",   whom: EDITOR,        body_max: 0,     build: || get(records::choose_material) },
    Row { path: "/write/{id}",       whom: EDITOR,        body_max: LARGE, build: || get(write::show).post(write::save) },
    Row { path: "/write/{id}/publish", whom: EDITOR,      body_max: SMALL, build: || get(write::review).post(write::publish) },
    Row { path: "/practices/{id}/edit", whom: EDITOR,     body_max: 0,     build: || get(write::edit) },
    Row { path: "/practices/{id}/published", whom: EDITOR, body_max: 0,    build: || get(write::after) },
    Row { path: "/practices/{id}/conflicts", whom: EDITOR, body_max: SMALL, build: || get(decide::show).post(decide::decide) },
    Row { path: "/practices/{id}/withdraw", whom: EDITOR, body_max: SMALL, build: || get(withdraw::ask_practice).post(withdraw::withdraw_practice) },
    Row { path: "/practices/{id}/suggest", whom: EDITOR,  body_max: LARGE, build: || get(records::ask_suggestion).post(records::suggest) },
    Row { path: "/write/record/new", whom: EDITOR,        body_max: 0,     build: || get(records::new) },
    Row { path: "/write/record/{id}", whom: EDITOR,       body_max: LARGE, build: || get(records::show).post(records::save) },
    Row { path: "/write/record/{id}/pick", whom: EDITOR,  body_max: SMALL, build: || get(records::ask_pick).post(records::pick) },
    Row { path: "/practices/{id}/collect", whom: EDITOR,  body_max: 0,     build: || get(records::collect) },
    Row { path: "/records/{id}/edit", whom: EDITOR,       body_max: 0,     build: || get(records::edit) },
    Row { path: "/records/{id}/withdraw", whom: EDITOR,   body_max: SMALL, build: || get(withdraw::ask_record).post(withdraw::withdraw_record) },
    Row { path: "/records/{id}/accept", whom: EDITOR,     body_max: SMALL, build: || get(records::ask_accept).post(records::accept) },
    Row { path: "/records/{id}/conflicts", whom: EDITOR, body_max: SMALL, build: || get(decide::show).post(decide::decide) },
    Row { path: "/records/{id}/hide", whom: ADMINISTRATOR, body_max: SMALL, build: || get(records::ask_hide).post(records::set_hidden) },
    Row { path: "/records/{id}/guests", whom: EDITOR,     body_max: LARGE, build: || get(records::show_guests).post(records::keep_guests) },
    Row { path: "/messages",         whom: READER,        body_max: SMALL, build: || get(records::inbox).post(records::see_all) },
    Row { path: "/import",           whom: EDITOR,        body_max: import::FORM_BYTES_MAX, build: || get(import::list).post(import::take) },
    Row { path: "/import/template.xlsx", whom: EDITOR,    body_max: 0,     build: || get(import::template) },
    Row { path: "/import/{id}",      whom: EDITOR,        body_max: SMALL, build: || get(import::one).post(import::go_on) },
    Row { path: "/import/{id}/refused.xlsx", whom: EDITOR, body_max: 0,    build: || get(import::refused) },
    Row { path: "/account",          whom: READER,        body_max: SMALL, build: || get(accounts::own).post(accounts::change_own) },
    Row { path: "/accounts",         whom: ADMINISTRATOR, body_max: SMALL, build: || get(accounts::list).post(accounts::change) },
    Row { path: "/deeds",            whom: ADMINISTRATOR, body_max: 0,     build: || get(deeds::list) },
];

/// Adds the pages of the desk.
pub(crate) fn pages(router: Router<Arc<App>>, app: &Arc<App>) -> Router<Arc<App>> {
    ROWS.iter().fold(router, |router, row| {
        let whom = row.whom;
        let gate =
            from_fn_with_state(Arc::clone(app), move |State(app): State<Arc<App>>, request: Request, next: Next| {
                gate(app, whom, request, next)
            });
        router.route(
            row.path,
            (row.build)().layer(DefaultBodyLimit::max(row.body_max)).layer(gate).layer(from_fn(private)),
        )
    })
}

/// Lets in whom a page is for; sends the others where they can become it.
async fn gate(app: Arc<App>, whom: For, request: Request, next: Next) -> Response {
    let For::Role(needed) = whom else { return next.run(request).await };
    let visitor = Visitor::of(request.uri());
    match request.extensions().get::<Signed>() {
        Some(signed) if signed.role >= needed => next.run(request).await,
        Some(_) => refuse(&visitor, "not_allowed", words::NOT_ALLOWED),
        None if request.method() == Method::GET || request.method() == Method::HEAD => match app.auth.has_accounts() {
            Ok(true) => to(visitor.link_with(&["sign-in"], &[("next", &visitor.here())])),
            Ok(false) => to(visitor.link(&["start"])),
            Err(error) => pages::error::page(&visitor, &error.into()),
        },
        None => signed_out::page(&visitor, request).await,
    }
}

fn refuse(visitor: &Visitor, code: &'static str, why: crate::language::Phrase) -> Response {
    pages::error::page(visitor, &Failure::new(StatusCode::FORBIDDEN, code, why.uk, why.en))
}

/// What is shown to one person is kept by nobody on the way.
async fn private(request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    response.headers_mut().entry(header::CACHE_CONTROL).or_insert(HeaderValue::from_static("no-store"));
    response
}

/// Longer than a browser takes to open the page that follows.
const ARRIVED_SECONDS: u32 = 600;

/// Leads to another page of this node, with GET.
fn to(address: String) -> Response {
    // A header takes no letters beyond ASCII; addresses are escaped where they are made.
    Redirect::to(&address).into_response()
}

/// Tells the browser which draft the node has kept, so that it can forget its own copy (`kept.js` reads it).
fn arrived(id: crdt::id::DocumentName, mut answer: Response) -> Response {
    let cookie = format!("dosvid-kept={id}; Path=/; Max-Age={ARRIVED_SECONDS}; SameSite=Strict");
    if let Ok(value) = HeaderValue::from_str(&cookie) {
        answer.headers_mut().append(header::SET_COOKIE, value);
    }
    answer
}

/// Whether a request was made on this very computer and not passed on by a proxy.
fn is_local(request: &axum::http::request::Parts) -> bool {
    let connected = request.extensions.get::<ConnectInfo<SocketAddr>>();
    let passed_on =
        ["forwarded", "x-forwarded-for", "x-real-ip", "via"].iter().any(|name| request.headers.contains_key(*name));
    connected.is_some_and(|ConnectInfo(address)| address.ip().to_canonical().is_loopback()) && !passed_on
}

/// Whether the browser reached this node over HTTPS: it says so when it sends a form.
fn is_https(headers: &HeaderMap) -> bool {
    headers.get(header::ORIGIN).is_some_and(|origin| origin.as_bytes().starts_with(b"https://"))
}

impl<S: Send + Sync> axum::extract::FromRequestParts<S> for Signed {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut axum::http::request::Parts, _: &S) -> Result<Self, Failure> {
        parts.extensions.get::<Self>().cloned().ok_or_else(|| {
            Failure::new(StatusCode::FORBIDDEN, "signed_out", words::SIGNED_OUT.uk, words::SIGNED_OUT.en)
        })
    }
}

/// Whether a request was made on this very computer.
pub(crate) struct Here(pub(crate) bool);

impl<S: Send + Sync> axum::extract::FromRequestParts<S> for Here {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut axum::http::request::Parts, _: &S) -> Result<Self, Infallible> {
        Ok(Self(is_local(parts)))
    }
}

/// From where a request came, for counting guesses.
pub(crate) struct Address(pub(crate) String);

impl<S: Send + Sync> axum::extract::FromRequestParts<S> for Address {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut axum::http::request::Parts, _: &S) -> Result<Self, Infallible> {
        let connected = parts.extensions.get::<ConnectInfo<SocketAddr>>();
        Ok(Self(connected.map_or_else(String::new, |ConnectInfo(address)| address.ip().to_canonical().to_string())))
    }
}
