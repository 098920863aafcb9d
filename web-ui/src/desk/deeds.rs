//! Who did what, for the administrator.

use std::sync::Arc;

use askama::Template;
use axum::extract::State;
use axum::response::Response;

use crate::App;
use crate::assets;
use crate::desk::words as w;
use crate::format;
use crate::pages::frame::{Pager, Visitor};
use crate::pages::records::kind_name;
use crate::pages::{error, html};
use crate::words;

/// Deeds on one page.
const ROWS: usize = 50;

struct Line {
    moment: String,
    machine: String,
    who: String,
    what: String,
    about: String,
}

#[derive(Template)]
#[template(path = "desk/deeds.html")]
struct List {
    v: Visitor,
    lines: Vec<Line>,
    pager: Pager,
}

/// What a deed is called, with the kind of the record that it was done to: older ones do not say it.
fn called(v: &Visitor, what: &str) -> String {
    let (verb, kind) = what.split_once(':').unwrap_or((what, ""));
    let Some(phrase) = w::deed(verb) else { return what.to_owned() };
    if kind.is_empty() { v.say(phrase).to_owned() } else { format!("{}: {}", v.say(phrase), kind_name(v, kind)) }
}

/// `GET /deeds`
pub(crate) async fn list(State(app): State<Arc<App>>, v: Visitor) -> Response {
    let deeds = match app.ask(|library| library.people().deeds()).await {
        Ok(deeds) => deeds,
        Err(fault) => return error::page(&v, &fault.into()),
    };
    let start = v.parameter("after").and_then(|after| after.parse::<usize>().ok()).unwrap_or(0).min(deeds.len());
    let end = (start + ROWS).min(deeds.len());
    let next = (end < deeds.len()).then(|| end.to_string());
    let line = |deed: &crate::people::Deed| Line {
        moment: format::moment(deed.at),
        machine: format::machine(deed.at),
        who: if deed.who.is_empty() { v.say(w::CONSOLE).to_owned() } else { deed.who.clone() },
        what: called(&v, &deed.what),
        about: deed.about.clone(),
    };
    let pager = Pager::new(&v, &["deeds"], next.as_deref());
    html(&v, &List { lines: deeds[start..end].iter().map(line).collect(), pager, v: v.clone() })
}
