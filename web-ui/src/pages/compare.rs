//! Two to four practices side by side: the same rows for all, and which of them differ.

use std::sync::Arc;

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use crdt::id::DocumentId;
use crdt::practice::{PRACTICE, Vouched};

use crate::App;
use crate::error::Failure;
use crate::language::Language;
use crate::library::{Library, LibraryError, PracticePage, notes};
use crate::pages::answer;
use crate::pages::columns::without_unit;
use crate::pages::entries::{cut, titled};
use crate::pages::fields::{Fact, Layout, Section, Table, label, layout};
use crate::pages::frame::Visitor;
use crate::pages::glance::{Glance, glance};
use crate::pages::practices::{inhabitants, tongue};
use crate::pages::values::{Paragraph, Piece, prose};
use crate::translated;
use crate::words::practice as pw;
use crate::{assets, words};

/// Practices that fit side by side, on paper too.
pub(crate) const COMPARED_MAX: usize = 4;
/// From how many there is something to compare.
const COMPARED_MIN: usize = 2;
/// Letters of a text in a cell: enough to tell one from another, the rest is a click away.
const TEXT_CHARS: usize = 600;
/// Letters of a title above a column and before each cell on a narrow screen.
const TITLE_CHARS: usize = 80;
/// Fields that the head of the table and the rows of a glance have said already.
const TOLD_ABOVE: [&str; 6] = ["mechanisms", "community", "stage", "started", "ended", "recurring"];
/// The parameter that keeps rows in which nothing differs away.
const ONLY: &str = "only";

/// One practice of those compared.
struct Compared {
    title: String,
    href: String,
    place: Option<String>,
    without: String,
    tongue: String,
}

/// What one practice says in one row.
#[derive(Default, PartialEq, Eq)]
struct Cell {
    pieces: Vec<Piece>,
    more: String,
    prose: Vec<Paragraph>,
    facts: Vec<Fact>,
    tables: Vec<Table>,
    /// Where the text goes on, if it was cut.
    whole: Option<String>,
}

impl Cell {
    fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

/// A row.
struct Row {
    label: &'static str,
    differs: bool,
    cells: Vec<Cell>,
}

/// The page.
#[derive(Template)]
#[template(path = "compare.html")]
struct Compare {
    v: Visitor,
    compared: Vec<Compared>,
    rows: Vec<Row>,
    only_differences: bool,
    other_view: String,
    too_many: bool,
    gone: usize,
}

/// `/practices/compare`
pub(crate) async fn show(State(app): State<Arc<App>>, v: Visitor) -> Response {
    answer(&v, shown(&app, &v).await)
}

async fn shown(app: &App, v: &Visitor) -> Result<Compare, Failure> {
    let mut ids: Vec<DocumentId> = Vec::new();
    for (_, value) in v.pairs().iter().filter(|(name, _)| name == "id") {
        let id = value.parse().map_err(|_| Failure::not_found())?;
        if !ids.contains(&id) {
            ids.push(id);
        }
    }
    let too_many = ids.len() > COMPARED_MAX;
    ids.truncate(COMPARED_MAX);
    let asked = ids.len();
    let language = v.language;
    let pages = app.ask(move |library| look(library, &ids, language)).await?;
    let gone = asked - pages.len();
    Ok(laid_out(v, &pages, gone, too_many))
}

/// What can still be read of those asked for, each with its inhabitants and who vouches for it.
fn look(
    library: &dyn Library,
    ids: &[DocumentId],
    language: Language,
) -> Result<Vec<(PracticePage, Option<u64>, Vouched)>, LibraryError> {
    let mut pages = Vec::new();
    let hidden = notes::hidden(library)?;
    for id in ids {
        match library.practice(*id) {
            Ok(mut page) => {
                let people = inhabitants(library, &page)?;
                let of = (*id, page.owner.as_str(), &page.heads[..]);
                if let Some(chosen) = translated::into(library, of, &page.practice, &hidden, language.tag())? {
                    page.practice = chosen.applied(&page.practice);
                }
                pages.push((page, people, library.vouched(*id)?));
            }
            Err(LibraryError::NotFound | LibraryError::Withdrawn(_)) => {}
            Err(error) => return Err(error),
        }
    }
    Ok(pages)
}

fn laid_out(v: &Visitor, pages: &[(PracticePage, Option<u64>, Vouched)], gone: usize, too_many: bool) -> Compare {
    let only_differences = v.parameter(ONLY).is_some_and(|only| only == "differences");
    let ids: Vec<&str> = pages.iter().map(|(page, ..)| page.id.as_str()).collect();
    let mut rows = if ids.len() < COMPARED_MIN { Vec::new() } else { rows(v, pages) };
    rows.retain(|row| row.differs || !only_differences);
    let compared = pages.iter().map(|(page, ..)| Compared {
        title: cut(&titled(v, &page.practice.title), TITLE_CHARS),
        href: v.link(&["practices", &page.id]),
        place: page.practice.community.as_deref().filter(|code| !code.is_empty()).map(|code| v.place(code)),
        without: address(v, ids.iter().copied().filter(|id| *id != page.id), only_differences),
        tongue: tongue(&page.practice.lang),
    });
    Compare {
        compared: compared.collect(),
        rows,
        only_differences,
        other_view: address(v, ids.iter().copied(), !only_differences),
        too_many,
        gone,
        v: v.clone(),
    }
}

fn address<'a>(v: &Visitor, ids: impl Iterator<Item = &'a str>, only_differences: bool) -> String {
    let only = only_differences.then_some((ONLY, "differences"));
    let pairs: Vec<(&str, &str)> = ids.map(|id| ("id", id)).chain(only).collect();
    v.link_with(&["practices", "compare"], &pairs)
}

/// Every row that any of the practices fills in: what is known at a glance, then fact by fact, then
/// heading by heading in the order of the table of fields.
fn rows(v: &Visitor, pages: &[(PracticePage, Option<u64>, Vouched)]) -> Vec<Row> {
    let mut layouts: Vec<Layout> = Vec::new();
    let mut glances = Vec::new();
    let mut summaries = Vec::new();
    for (page, people, vouched) in pages {
        // Texts and numbers only: what cannot be written as JSON is not in a practice.
        let whole = serde_json::to_value(&page.practice).unwrap_or_default();
        layouts.push(layout(v, PRACTICE, &whole, &page.conflicts));
        glances.push(glance(v, &page.practice, *people, *vouched));
        summaries.push(Cell { prose: prose(&page.practice.summary), ..Cell::default() });
    }
    let summary = PRACTICE.iter().find(|field| field.key == "summary").expect("the table has a summary");
    let mut rows = vec![row(label(v.language, summary), summaries)];
    let mut labels: Vec<&str> = PRACTICE
        .iter()
        .filter(|field| TOLD_ABOVE.contains(&field.key))
        .map(|field| without_unit(label(v.language, field)))
        .collect();
    let above = labels.len();
    for one in glances.iter().flatten() {
        if !labels.contains(&one.label) {
            labels.push(one.label);
        }
    }
    for name in labels.iter().skip(above).copied().collect::<Vec<_>>() {
        let cell = |tiles: &Vec<Glance>| {
            tiles.iter().find(|one| one.label == name).map_or_else(Cell::default, |one| Cell {
                pieces: vec![Piece::text(one.value.clone())],
                more: one.more.clone(),
                ..Cell::default()
            })
        };
        rows.push(row(name, glances.iter().map(cell).collect()));
    }
    for field in PRACTICE {
        let name = without_unit(label(v.language, field));
        let is_fact = layouts.iter().any(|layout| layout.facts.iter().any(|fact| fact.label == name));
        if is_fact && !labels.contains(&name) {
            labels.push(name);
            rows.push(row(name, layouts.iter_mut().map(|layout| fact(layout, name)).collect()));
        }
    }
    for field in PRACTICE {
        let key = field.key.split('.').next().unwrap_or_default();
        let heading = layouts.iter().flat_map(|layout| &layout.sections).find(|section| section.key == key);
        let Some(heading) = heading.map(|section| section.heading) else { continue };
        let cells = layouts.iter_mut().zip(pages).map(|(layout, (page, ..))| cell(v, layout, key, &page.id)).collect();
        rows.push(row(heading, cells));
    }
    rows
}

fn row(label: &'static str, cells: Vec<Cell>) -> Row {
    Row { label, differs: cells.windows(2).any(|pair| pair[0] != pair[1]), cells }
}

fn fact(layout: &mut Layout, label: &str) -> Cell {
    match layout.facts.iter().position(|fact| fact.label == label) {
        Some(at) => Cell { pieces: layout.facts.remove(at).pieces, ..Cell::default() },
        None => Cell::default(),
    }
}

/// A section as a cell; it is taken out of the layout, so that each is shown once.
fn cell(v: &Visitor, layout: &mut Layout, key: &str, id: &str) -> Cell {
    let Some(at) = layout.sections.iter().position(|section| section.key == key) else { return Cell::default() };
    let Section { prose, facts, tables, .. } = layout.sections.remove(at);
    let (prose, is_cut) = shortened(prose);
    let whole = is_cut.then(|| format!("{}#s-{key}", v.link(&["practices", id])));
    Cell { prose, facts, tables: tables.into_iter().map(|(_, table)| table).collect(), whole, ..Cell::default() }
}

/// The beginning of a text, and whether anything was left out.
fn shortened(paragraphs: Vec<Paragraph>) -> (Vec<Paragraph>, bool) {
    let (mut left, mut kept, mut is_cut) = (TEXT_CHARS, Vec::new(), false);
    for paragraph in paragraphs {
        if left == 0 {
            return (kept, true);
        }
        let mut part = |text: &str| {
            let (chars, kept) = (text.chars().count(), cut(text, left));
            is_cut |= chars > left;
            left = left.saturating_sub(chars);
            kept
        };
        kept.push(match paragraph {
            Paragraph::Text(text) => Paragraph::Text(part(&text)),
            Paragraph::List(items) => {
                let items: Vec<String> = items.iter().map(|item| part(item)).collect();
                Paragraph::List(items.into_iter().filter(|item| item != "…").collect())
            }
        });
    }
    (kept, is_cut)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_text_is_cut_and_says_so() {
        let short = vec![Paragraph::Text("Коротко.".into()), Paragraph::List(vec!["раз;".into(), "два".into()])];
        assert_eq!(shortened(short.clone()), (short, false));
        let long = vec![Paragraph::List(vec!["слово ".repeat(80)]), Paragraph::Text("слово ".repeat(80))];
        let (kept, is_cut) = shortened(long);
        let chars = |one: &Paragraph| match one {
            Paragraph::Text(text) => text.chars().count(),
            Paragraph::List(items) => items.iter().map(|item| item.chars().count()).sum(),
        };
        assert!(is_cut && kept.iter().map(chars).sum::<usize>() <= TEXT_CHARS + 1);
    }
}
