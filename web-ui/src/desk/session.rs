//! Signing in and out, and giving the password again.

use std::sync::Arc;

use askama::Template;
use axum::extract::State;
use axum::http::{HeaderMap, HeaderValue, header};
use axum::response::{IntoResponse, Response};

use crate::App;
use crate::assets;
use crate::desk::form::{FirstForm, Form};
use crate::desk::words as w;
use crate::desk::{Address, is_https, to};
use crate::error::Failure;
use crate::pages::frame::Visitor;
use crate::pages::html;
use crate::people::auth::{DEVICE, DEVICE_SECURE, SESSION, SESSION_SECURE, Signed, Tokens};
use crate::words;

/// How long a browser is known again at sign-in: a year.
const DEVICE_SECONDS: u32 = 365 * 24 * 60 * 60;

#[derive(Template)]
#[template(path = "desk/sign-in.html")]
struct SignIn {
    v: Visitor,
    name: String,
    next: String,
    error: Option<String>,
}

/// `GET /sign-in`
pub(crate) async fn show(State(app): State<Arc<App>>, v: Visitor) -> Response {
    match app.auth.has_accounts() {
        Ok(false) => return to(v.link(&["start"])),
        Ok(true) => {}
        Err(error) => return crate::pages::error::page(&v, &error.into()),
    }
    if v.person.is_some() {
        return to(next(&v, v.parameter("next").unwrap_or_default()));
    }
    let next = v.parameter("next").unwrap_or_default().to_owned();
    html(&v, &SignIn { name: String::new(), next, error: None, v: v.clone() })
}

/// `POST /sign-in`.
pub(crate) async fn sign_in(
    State(app): State<Arc<App>>,
    v: Visitor,
    Address(address): Address,
    headers: HeaderMap,
    FirstForm(form): FirstForm,
) -> Response {
    let (name, password) = (form.get("name").to_owned(), form.get("password").to_owned());
    match app.auth.sign_in(&name, password, &headers, address).await {
        Ok(tokens) => {
            app.auth.note(&name, "signed_in", "");
            with_cookies(to(next(&v, form.get("next"))), &tokens, is_https(&headers))
        }
        Err(refused) => {
            let failure = Failure::from(refused);
            if failure.status.is_server_error() && failure.detail.code == "fault" {
                return crate::pages::error::page(&v, &failure);
            }
            app.auth.note(&name, "sign_in_failed", failure.detail.code);
            let error = Some(failure.text(v.language).to_owned());
            let mut answer = html(&v, &SignIn { name, next: form.get("next").to_owned(), error, v: v.clone() });
            *answer.status_mut() = failure.status;
            answer
        }
    }
}

/// Where somebody goes who has signed in: back to a page of this node, and nowhere else.
fn next(v: &Visitor, wanted: &str) -> String {
    let own = wanted.starts_with('/') && !wanted[1..].starts_with(['/', '\\']) && wanted.len() < 1_024;
    match wanted.parse::<axum::http::Uri>() {
        Ok(uri) if own && uri.host().is_none() && !uri.path().starts_with("/sign-") => Visitor::of(&uri).here(),
        _ => v.link(&["desk"]),
    }
}

/// An answer that gives a browser its tokens.
pub(super) fn with_cookies(mut answer: Response, tokens: &Tokens, secure: bool) -> Response {
    let names = if secure { [SESSION_SECURE, DEVICE_SECURE] } else { [SESSION, DEVICE] };
    let secure = if secure { "; Secure" } else { "" };
    // Without an age the session's cookie ends with the browser, too.
    let cookies = [
        format!("{}={}; Path=/; HttpOnly; SameSite=Strict{secure}", names[0], tokens.session),
        format!("{}={}; Path=/; Max-Age={DEVICE_SECONDS}; HttpOnly; SameSite=Strict{secure}", names[1], tokens.device),
    ];
    for cookie in cookies {
        if let Ok(value) = HeaderValue::from_str(&cookie) {
            answer.headers_mut().append(header::SET_COOKIE, value);
        }
    }
    answer
}

#[derive(Template)]
#[template(path = "desk/sign-out.html")]
struct SignOut {
    v: Visitor,
    token: String,
}

/// `GET /sign-out`
pub(crate) async fn leave(v: Visitor, signed: Signed) -> Response {
    html(&v, &SignOut { token: signed.form_token, v: v.clone() })
}

/// `POST /sign-out`
pub(crate) async fn sign_out(State(app): State<Arc<App>>, v: Visitor, signed: Signed, _: Form) -> Response {
    match app.auth.sign_out(&signed) {
        Ok(()) => {
            app.auth.note(&signed.name, "signed_out", "");
            (ended(), to(v.link(&[]))).into_response()
        }
        Err(fault) => crate::pages::error::page(&v, &fault.into()),
    }
}

/// Headers that have a browser forget its session.
pub(super) fn ended() -> HeaderMap {
    let mut headers = HeaderMap::new();
    for (name, secure) in [(SESSION, ""), (SESSION_SECURE, "; Secure")] {
        let gone = format!("{name}=; Path=/; Max-Age=0; HttpOnly; SameSite=Strict{secure}");
        if let Ok(value) = HeaderValue::from_str(&gone) {
            headers.append(header::SET_COOKIE, value);
        }
    }
    headers
}

/// What is wrong with the password that a form gives again, if it has to.
///
/// # Errors
/// Why what was asked for is not done.
pub(super) async fn prove(app: &App, signed: &Signed, form: &Form) -> Result<(), Failure> {
    if signed.proved {
        return Ok(());
    }
    match app.auth.prove(signed, form.get("proof").to_owned()).await {
        Ok(()) => Ok(()),
        Err(crate::people::auth::Refused::Wrong) => {
            app.auth.note(&signed.name, "proof_failed", "");
            Err(Failure::invalid(vec![crdt::check::FieldError::new(
                "proof",
                "wrong_password",
                w::WRONG_PROOF.uk.into(),
                w::WRONG_PROOF.en.into(),
            )]))
        }
        Err(refused) => Err(refused.into()),
    }
}
