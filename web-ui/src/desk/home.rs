//! The desk itself: what somebody who is signed in can do here.

use std::sync::Arc;

use askama::Template;
use axum::extract::State;
use axum::response::Response;

use crate::App;
use crate::assets;
use crate::desk::words as w;
use crate::library::Status;
use crate::pages::frame::Visitor;
use crate::pages::{error, html};
use crate::people::Role;
use crate::people::auth::Signed;
use crate::words;

#[derive(Template)]
#[template(path = "desk/home.html")]
struct Home {
    v: Visitor,
    signed: Signed,
    role: &'static str,
    community: Option<String>,
    is_administrator: bool,
}

/// `GET /desk`
pub(crate) async fn show(State(app): State<Arc<App>>, v: Visitor, signed: Signed) -> Response {
    let status: Status = match app.ask(|library| library.status()).await {
        Ok(status) => status,
        Err(fault) => return error::page(&v, &fault.into()),
    };
    html(
        &v,
        &Home {
            role: super::accounts::role(&v, signed.role),
            community: status.community_code.as_deref().map(|code| v.place(code)),
            is_administrator: signed.role == Role::Administrator,
            signed,
            v: v.clone(),
        },
    )
}
