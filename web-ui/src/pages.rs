//! Pages for reading: rendered here, complete without any script.

pub(crate) mod achievements;
pub(crate) mod catalogue;
mod cells;
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
pub(crate) mod help;
pub(crate) mod hidden;
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
        Ok(text) => shown(text).into_response(),
        Err(error) => {
            tracing::error!(%error, "a page could not be rendered");
            error::page(visitor, &Failure::fault())
        }
    }
}

/// A page without signs that HTML cannot hold, escaped or not: browsers drop or replace them each in its
/// own way, and what is read in two ways can be made to say two things.
pub(crate) fn shown(text: String) -> Html<String> {
    let unfit = |c: char| c.is_control() && !matches!(c, '\t' | '\n' | '\r');
    Html(if text.contains(unfit) { text.replace(unfit, "\u{fffd}") } else { text })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_html_cannot_hold_is_replaced() {
        let Html(text) = shown("a\u{0}b\u{b}c\u{7f}\u{85}d\t\n".into());
        assert_eq!(text, "a\u{fffd}b\u{fffd}c\u{fffd}\u{fffd}d\t\n");
        assert_eq!(shown("Їжак\u{a0}₴".into()).0, "Їжак\u{a0}₴");
    }
}
