//! What somebody reads who sends a form after the session has ended: all that was typed, so that nothing is
//! lost where no script keeps a copy.

use askama::Template;
use axum::body::to_bytes;
use axum::extract::Request;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use crdt::kinds::KINDS;

use crate::assets;
use crate::desk::{LARGE, words as w};
use crate::error::Failure;
use crate::pages::fields::label;
use crate::pages::frame::Visitor;
use crate::pages::{error, html};
use crate::words;

/// Fields that nobody wants back: what makes a form genuine, passwords, buttons.
const NOT_TYPED: [&str; 7] = ["form_token", "proof", "password", "do", "heads", "document", "kind"];
/// Letters from which on something was typed rather than chosen.
const TYPED_CHARS_MIN: usize = 3;

#[derive(Template)]
#[template(path = "desk/signed-out.html")]
struct SignedOut {
    v: Visitor,
    typed: Vec<(String, String)>,
}

/// The page, with what was typed, if it was a form.
pub(super) async fn page(v: &Visitor, request: Request) -> Response {
    let is_form = request
        .headers()
        .get(header::CONTENT_TYPE)
        .is_some_and(|kind| kind.as_bytes().to_ascii_lowercase().starts_with(b"application/x-www-form-urlencoded"));
    let plain = || {
        let (uk, en) = (w::SIGNED_OUT.uk, w::SIGNED_OUT.en);
        error::page(v, &Failure::new(StatusCode::FORBIDDEN, "signed_out", uk, en))
    };
    if !is_form {
        return plain();
    }
    let Ok(body) = to_bytes(request.into_body(), LARGE).await else { return plain() };
    let typed: Vec<(String, String)> = form_urlencoded::parse(&body)
        .filter(|(name, text)| !NOT_TYPED.contains(&name.as_ref()) && text.chars().count() >= TYPED_CHARS_MIN)
        .map(|(name, text)| (called(v, &name), text.into_owned()))
        .collect();
    if typed.is_empty() {
        return plain();
    }
    (StatusCode::FORBIDDEN, html(v, &SignedOut { v: v.clone(), typed })).into_response()
}

/// What people call a field of a form.
fn called(v: &Visitor, name: &str) -> String {
    let whole = name.split('.').next().unwrap_or(name);
    let mut fields = KINDS.iter().flat_map(|kind| kind.table);
    let field = fields
        .find(|field| field.key == name)
        .or_else(|| KINDS.iter().flat_map(|kind| kind.table).find(|field| field.key == whole));
    field.map_or_else(|| name.to_owned(), |field| label(v.language, field).to_owned())
}
