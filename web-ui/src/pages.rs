//! Pages for reading: rendered here, complete without any script.

mod columns;
pub(crate) mod communities;
mod conflicts;
pub(crate) mod error;
mod fields;
pub(crate) mod frame;
pub(crate) mod history;
pub(crate) mod practices;
pub(crate) mod status;
mod values;

use askama::Template;
use axum::http::StatusCode;
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE, HeaderName};
use axum::response::{Html, IntoResponse, Response};

use crate::error::Failure;
use crate::pages::frame::Visitor;

/// Rows of a list on a page.
const ROWS: usize = 20;

/// The answer for a page that could or could not be made.
fn answer(visitor: &Visitor, page: Result<impl Template, Failure>) -> Response {
    match page {
        Ok(page) => html(visitor, &page),
        Err(failure) => error::page(visitor, &failure),
    }
}

/// A rendered template; a template that cannot be rendered is a fault of this program.
fn html(visitor: &Visitor, page: &impl Template) -> Response {
    match page.render() {
        Ok(text) => Html(text).into_response(),
        Err(error) => {
            tracing::error!(%error, "a page could not be rendered");
            error::page(visitor, &Failure::fault())
        }
    }
}

const AN_HOUR: (HeaderName, &str) = (CACHE_CONTROL, "max-age=3600");

/// The one style sheet.
pub(crate) async fn style() -> Response {
    let css = include_bytes!("../assets/style.css").as_slice();
    (StatusCode::OK, [(CONTENT_TYPE, "text/css; charset=utf-8"), AN_HOUR], css).into_response()
}

/// The mark, for the header and for the browser's tab.
pub(crate) async fn mark() -> Response {
    let svg = include_bytes!("../assets/mark.svg").as_slice();
    (StatusCode::OK, [(CONTENT_TYPE, "image/svg+xml"), AN_HOUR], svg).into_response()
}
