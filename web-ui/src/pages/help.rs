//! Help: what people ask first, with links to where it is done.

use askama::Template;
use axum::response::Response;

use crate::pages::frame::Visitor;
use crate::pages::html;
use crate::words::help::{self as hw, ANSWERS};
use crate::{assets, words};

/// A question with its answer, as it is shown.
struct Shown {
    id: &'static str,
    question: &'static str,
    steps: Vec<&'static str>,
    place: Option<(&'static str, String)>,
}

/// The page.
#[derive(Template)]
#[template(path = "help.html")]
struct Help {
    v: Visitor,
    answers: Vec<Shown>,
}

/// `/help`
pub(crate) async fn show(v: Visitor) -> Response {
    let here = ANSWERS.iter().filter(|answer| v.desk || !answer.at_home);
    let answers = here.map(|answer| Shown {
        id: answer.id,
        question: v.say(answer.question),
        steps: answer.steps.iter().map(|step| v.say(*step)).collect(),
        place: answer.place.as_ref().map(|(label, parts)| (v.say(*label), v.link(parts))),
    });
    let answers = answers.collect();
    html(&v, &Help { answers, v: v.clone() })
}
