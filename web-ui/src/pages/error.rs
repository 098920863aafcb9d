//! What went wrong, as a page: what happened and what to do, without a code in sight but the status.

use askama::Template;
use axum::response::{IntoResponse, Response};

use crate::error::Failure;
use crate::pages::frame::Visitor;
use crate::pages::shown;
use crate::{assets, words};

#[derive(Template)]
#[template(path = "error.html")]
struct Problem<'a> {
    v: &'a Visitor,
    status: u16,
    text: &'a str,
    fields: Vec<&'a str>,
}

/// The page for a failure, with its status.
pub(crate) fn page(visitor: &Visitor, failure: &Failure) -> Response {
    let fields = failure.detail.fields.iter();
    let problem = Problem {
        v: visitor,
        status: failure.status.as_u16(),
        text: failure.text(visitor.language),
        fields: fields.map(|field| visitor.language.pick(field.uk.as_str(), field.en.as_str())).collect(),
    };
    match problem.render() {
        Ok(text) => (failure.status, shown(text)).into_response(),
        // The one page that must not fail says its line bare instead.
        Err(_) => (failure.status, failure.text(visitor.language).to_owned()).into_response(),
    }
}
