//! Pages for reading: rendered here, complete without any script.

pub(crate) mod achievements;
pub(crate) mod catalogue;
pub(crate) mod cite;
pub(crate) mod collections;
pub(crate) mod columns;
pub(crate) mod communities;
pub(crate) mod compare;
pub(crate) mod conflicts;
pub(crate) mod digest;
pub(crate) mod entries;
pub(crate) mod error;
pub(crate) mod export;
pub(crate) mod fields;
pub(crate) mod frame;
pub(crate) mod glance;
pub(crate) mod history;
pub(crate) mod home;
pub(crate) mod map;
pub(crate) mod materials;
mod narrowing;
pub(crate) mod network;
pub(crate) mod practices;
pub(crate) mod records;
pub(crate) mod registry;
pub(crate) mod registry_files;
mod shelf;
pub(crate) mod terms;
pub(crate) mod values;

use askama::Template;
use axum::response::{Html, IntoResponse, Response};

use crate::error::Failure;
use crate::pages::frame::Visitor;

/// Rows of a list on a page.
const ROWS: usize = 20;

/// The answer for a page that could or could not be made.
pub(crate) fn answer(visitor: &Visitor, page: Result<impl Template, Failure>) -> Response {
    match page {
        Ok(page) => html(visitor, &page),
        Err(failure) => error::page(visitor, &failure),
    }
}

/// A rendered template; a template that cannot be rendered is a fault of this program.
pub(crate) fn html(visitor: &Visitor, page: &impl Template) -> Response {
    match page.render() {
        Ok(text) => Html(text).into_response(),
        Err(error) => {
            tracing::error!(%error, "a page could not be rendered");
            error::page(visitor, &Failure::fault())
        }
    }
}
