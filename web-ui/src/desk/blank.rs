//! The form on paper: the same headings and questions with room to write by hand, for whoever
//! gathers facts away from the computer.

use askama::Template;
use axum::response::Response;
use crdt::practice::PRACTICE;

use crate::desk::fields::{Input, Section, section};
use crate::desk::{words as w, write};
use crate::pages::frame::Visitor;
use crate::pages::html;
use crate::{assets, words};

/// Lines for a text, by how many characters are advised: a line of handwriting holds about 60.
const CHARS_A_LINE: usize = 60;
/// A page of paper holds no more, and nobody writes more by hand.
const LINES_MAX: usize = 12;
/// Lines for a text without advice.
const LINES_MIN: usize = 5;
/// Rows for a table.
const ROWS: usize = 4;
/// What is only known at the computer.
const LEFT_OUT: &str = "about";
const FIELDS_LEFT_OUT: [&str; 1] = ["location"];

#[derive(Template)]
#[template(path = "desk/blank.html")]
struct Blank {
    v: Visitor,
    sections: Vec<Section>,
}

impl Blank {
    /// Lines to write a text on.
    fn lines(&self, input: &Input) -> usize {
        // What is written by hand is shorter than what is typed: a third of the advice.
        (input.advised / CHARS_A_LINE / 3).clamp(LINES_MIN, LINES_MAX)
    }
}

/// `GET /write/blank`
pub(crate) async fn show(v: Visitor) -> Response {
    let nothing = Vec::new();
    let sections = write::SECTIONS
        .iter()
        .filter(|(id, ..)| *id != LEFT_OUT)
        .map(|(id, heading, keys)| section(&v, PRACTICE, (id, v.say(*heading), keys), &nothing, &[]));
    let mut sections: Vec<Section> = sections.collect();
    for section in &mut sections {
        section.more.retain(|input| !FIELDS_LEFT_OUT.contains(&input.name.as_str()));
    }
    html(&v, &Blank { sections, v: v.clone() })
}
