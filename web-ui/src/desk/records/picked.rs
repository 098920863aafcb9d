//! What a record names of others: the cases of a collection, the practices of a material. People pick
//! them by title and see titles; ids and revisions are carried unseen.

use std::collections::HashMap;

use crdt::id::DocumentId;
use crdt::kinds::Kind;
use serde_json::Value;

use crate::App;
use crate::desk::fields::{Input, Pairs, Picked, Section, change_rows, get, rows_of};
use crate::format;
use crate::language::Phrase;
use crate::library::{Library, LibraryError, parse_heads};
use crate::pages::entries::titled;
use crate::pages::frame::Visitor;
use crate::pages::records::href;
use crate::words::publishing as bw;

/// The cases of a collection: rows, each with its revision and a note.
pub(super) const ITEMS: &str = "items";
/// Practices that are only named.
pub(super) const PRACTICES: &str = "practices";
/// Practices that a practice is related to.
const RELATED: &str = "related";
/// The collection that a material tells of.
pub(super) const COLLECTION: &str = "collection";
/// The sessions of a seminar: rows, of which each may name a practice.
const PROGRAMME: &str = "programme";
/// Fields that name one record, and of which kind.
const ONES: [(&str, &str); 8] = [
    (COLLECTION, "collection"),
    ("pledged_at", "seminar"),
    ("request", "exchange"),
    ("became", "practice"),
    ("adoption", "adoption"),
    ("adopted_from", "practice"),
    ("component_of", "practice"),
    ("duplicate_of", "practice"),
];

/// Where a form names records that are picked.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Place {
    /// The name in the form.
    pub(super) key: String,
    /// The kind of what is named.
    pub(super) kind: &'static str,
    /// Whether it names one and no more.
    pub(super) is_one: bool,
}

/// The place in the form of a kind under this name, if records are picked there.
pub(super) fn place(row: &Kind, key: &str) -> Option<Place> {
    let of = |kind, is_one| Some(Place { key: key.to_owned(), kind, is_one });
    if let Some((field, kind)) = ONES.into_iter().find(|(field, _)| *field == key) {
        return of(kind, true).filter(|_| row.has(field));
    }
    let session = key.strip_prefix(PROGRAMME).and_then(|rest| rest.strip_prefix('.')?.strip_suffix(".practice"));
    match key {
        ITEMS | PRACTICES | RELATED => of("practice", false).filter(|_| row.has(key)),
        _ if session.is_some_and(|n| n.parse::<u8>().is_ok()) => of("practice", true).filter(|_| row.has(PROGRAMME)),
        _ => None,
    }
}

/// A record that is named, with the revision that was chosen; none for the present one.
type Name = (String, Vec<String>);

/// What is known of a record that is named.
struct One {
    card: crate::library::DocumentCard,
    /// When the revision that was chosen was made.
    made_at: u64,
    newer: bool,
}

/// What is known of the records that a form names. Those that are missing are not here.
#[derive(Default)]
pub(in crate::desk) struct Known(HashMap<Name, One>);

fn ids(text: &str) -> Vec<String> {
    text.split([';', '\n']).map(str::trim).filter(|id| !id.is_empty()).map(str::to_owned).collect()
}

fn of_row(pairs: &Pairs, n: usize) -> Name {
    let part = |part: &str| get(pairs, &format!("{ITEMS}.{n}.{part}")).trim();
    (part("practice").to_owned(), part("revision").split_whitespace().map(str::to_owned).collect())
}

fn names(pairs: &Pairs) -> Vec<Name> {
    let rows = rows_of(pairs, ITEMS).into_iter().map(|n| of_row(pairs, n));
    let others = ONES.into_iter().map(|(key, _)| key).chain([PRACTICES, RELATED]).flat_map(|key| ids(get(pairs, key)));
    let sessions = rows_of(pairs, PROGRAMME).into_iter().flat_map(|n| ids(get(pairs, &session(n))));
    rows.chain(others.chain(sessions).map(|id| (id, Vec::new()))).collect()
}

/// The practice of a session, as the form names it.
fn session(n: usize) -> String {
    format!("{PROGRAMME}.{n}.practice")
}

/// Whether a form names a record already.
pub(super) fn names_it(pairs: &Pairs, key: &str, id: &str) -> bool {
    match key {
        ITEMS => rows_of(pairs, ITEMS).into_iter().any(|n| of_row(pairs, n).0 == id),
        _ => ids(get(pairs, key)).iter().any(|known| known == id),
    }
}

/// How many records a form names in a field.
pub(super) fn count(pairs: &Pairs, key: &str) -> usize {
    match key {
        ITEMS => rows_of(pairs, ITEMS).into_iter().filter(|n| !of_row(pairs, *n).0.is_empty()).count(),
        _ => ids(get(pairs, key)).len(),
    }
}

/// Reads what a form names. Where the library cannot say, a record counts as missing: the form itself
/// must not be lost.
pub(in crate::desk) async fn known(app: &App, pairs: &Pairs) -> Known {
    let names = names(pairs);
    if names.is_empty() {
        return Known::default();
    }
    let read = move |library: &dyn Library| {
        Ok(Known(names.into_iter().filter_map(|name| look(library, &name).map(|one| (name, one))).collect()))
    };
    app.ask(read).await.unwrap_or_default()
}

fn look(library: &dyn Library, (id, revision): &Name) -> Option<One> {
    let id: DocumentId = id.parse().ok()?;
    let now = library.document(id).ok()?;
    let heads = parse_heads(revision).ok()?;
    let newer = !heads.is_empty() && !now.heads.iter().all(|head| revision.contains(head));
    let then = if newer { library.document_at(id, &heads).ok()? } else { now };
    Some(One { made_at: then.card.updated_at, newer, card: then.card })
}

/// The present revision of a record.
pub(super) fn heads(library: &dyn Library, id: &str) -> Result<Option<Vec<String>>, LibraryError> {
    let Ok(id) = id.parse::<DocumentId>() else { return Ok(None) };
    match library.document(id) {
        Ok(page) => Ok(Some(page.heads)),
        Err(LibraryError::NotFound | LibraryError::Withdrawn(_)) => Ok(None),
        Err(error) => Err(error),
    }
}

/// The controls of a part of a form, with those that name records as people know them.
pub(in crate::desk) fn dressed(v: &Visitor, row: &Kind, mut section: Section, pairs: &Pairs, known: &Known) -> Section {
    for input in section.inputs.iter_mut().chain(&mut section.more) {
        if input.name == PROGRAMME {
            input.rows.iter_mut().flatten().for_each(|cell| dress(v, row, cell, pairs, known));
        }
        dress(v, row, input, pairs, known);
    }
    section
}

fn dress(v: &Visitor, row: &Kind, input: &mut Input, pairs: &Pairs, known: &Known) {
    let Some(place) = place(row, &input.name) else { return };
    let key = place.key.as_str();
    input.shape = "picked";
    // What is picked is not typed line by line.
    input.help.clear();
    input.pick = v.say(pick_of(&place));
    input.picked = match key {
        ITEMS => {
            let rows = rows_of(pairs, ITEMS)
                .into_iter()
                .map(|n| (of_row(pairs, n), get(pairs, &format!("{ITEMS}.{n}.note")).to_owned()));
            // Numbered anew: what was left empty is gone when this page is sent.
            let rows = rows.filter(|(name, _)| !name.0.is_empty()).enumerate();
            rows.map(|(at, (name, note))| a_case(v, at, &name, note, known)).collect()
        }
        _ => ids(get(pairs, key)).into_iter().map(|id| picked(v, &(id, Vec::new()), known)).collect(),
    };
    // One field carries them all.
    if key != ITEMS {
        input.value = ids(get(pairs, key)).join(";");
    }
}

/// What the way to a choice is called.
pub(super) fn pick_of(place: &Place) -> Phrase {
    match place.kind {
        "collection" => bw::CHOOSE_COLLECTION,
        "seminar" => bw::CHOOSE_SEMINAR,
        "exchange" => bw::CHOOSE_REQUEST,
        "adoption" => bw::CHOOSE_ADOPTION,
        _ if place.is_one => bw::CHOOSE_PRACTICE,
        _ => bw::ADD_PRACTICE,
    }
}

fn a_case(v: &Visitor, at: usize, name: &Name, note: String, known: &Known) -> Picked {
    let field = |part: &str| format!("{ITEMS}.{at}.{part}");
    let carried = vec![(field("practice"), name.0.clone()), (field("revision"), name.1.join(" "))];
    let note = Input {
        id: format!("f-{ITEMS}-{at}-note"),
        name: field("note"),
        label: v.say(bw::WORD_OF_EDITORS),
        shape: "prose",
        value: note,
        ..Input::default()
    };
    Picked { carried, note: Some(note), ..picked(v, name, known) }
}

fn picked(v: &Visitor, name: &Name, known: &Known) -> Picked {
    let Some(one) = known.0.get(name) else {
        return Picked {
            title: v.say(bw::NOT_HERE).to_owned(),
            about: vec![format::short(&name.0)],
            ..Picked::default()
        };
    };
    let place = one.card.place.as_deref().filter(|code| !code.is_empty()).unwrap_or(&one.card.owner_code);
    let mut about = vec![v.place(place)];
    if !name.1.is_empty() {
        about.push(format!("{} {}", v.say(bw::REVISION_FROM), format::day(one.made_at)));
    }
    Picked { title: titled(v, &one.card.title), href: href(v, &one.card), about, newer: one.newer, ..Picked::default() }
}

/// Names one record more, a case at its present revision.
pub(super) fn add(pairs: &mut Pairs, place: &Place, id: &str, heads: &[String]) {
    let key = place.key.as_str();
    match key {
        ITEMS => {
            let next = rows_of(pairs, ITEMS).last().map_or(0, |last| last + 1);
            pairs.push((format!("{ITEMS}.{next}.practice"), id.to_owned()));
            pairs.push((format!("{ITEMS}.{next}.revision"), heads.join(" ")));
        }
        _ if place.is_one => set(pairs, key, &[id.to_owned()]),
        _ => {
            let all: Vec<String> = ids(get(pairs, key)).into_iter().chain([id.to_owned()]).collect();
            set(pairs, key, &all);
        }
    }
}

fn set(pairs: &mut Pairs, key: &str, all: &[String]) {
    pairs.retain(|(name, _)| name != key);
    pairs.push((key.to_owned(), all.join("\n")));
}

/// Does what a button of the form asks of its rows: `up:items:1`, `remove:practices:0`,
/// `renew:items:2`. A case without a revision gets the present one, whatever was asked.
pub(in crate::desk) async fn change(
    app: &App,
    row: &Kind,
    pairs: &mut Pairs,
    wanted: &str,
) -> Result<(), LibraryError> {
    let parts: Vec<&str> = wanted.split(':').collect();
    match parts[..] {
        ["renew", ITEMS, n] if row.has(ITEMS) => {
            let n = n.parse::<usize>().unwrap_or(usize::MAX);
            pairs.retain(|(name, _)| *name != format!("{ITEMS}.{n}.revision"));
        }
        [how, key, n] if key != ITEMS && place(row, key).is_some() => {
            let mut all = ids(get(pairs, key));
            let Some(n) = n.parse::<usize>().ok().filter(|n| *n < all.len()) else { return Ok(()) };
            match how {
                "up" if n > 0 => all.swap(n - 1, n),
                "down" if n + 1 < all.len() => all.swap(n, n + 1),
                "remove" => drop(all.remove(n)),
                _ => {}
            }
            set(pairs, key, &all);
        }
        _ => change_rows(pairs, wanted),
    }
    if row.has(ITEMS) { freeze(app, pairs).await } else { Ok(()) }
}

/// Gives each case without a revision the present one.
pub(super) async fn freeze(app: &App, pairs: &mut Pairs) -> Result<(), LibraryError> {
    let open: Vec<(usize, String)> = rows_of(pairs, ITEMS)
        .into_iter()
        .filter_map(|n| {
            let (id, revision) = of_row(pairs, n);
            (revision.is_empty() && !id.is_empty()).then_some((n, id))
        })
        .collect();
    if open.is_empty() {
        return Ok(());
    }
    let read = move |library: &dyn Library| {
        open.into_iter().map(|(n, id)| Ok((n, heads(library, &id)?.unwrap_or_default()))).collect::<Result<Vec<_>, _>>()
    };
    for (n, heads) in app.ask(read).await? {
        let name = format!("{ITEMS}.{n}.revision");
        pairs.retain(|(known, _)| *known != name);
        pairs.push((name, heads.join(" ")));
    }
    Ok(())
}

/// The content of a collection with the present revision of one practice, or of all.
pub(super) fn renewed(library: &dyn Library, content: &mut Value, which: &str) -> Result<(), LibraryError> {
    for item in content.get_mut(ITEMS).and_then(Value::as_array_mut).into_iter().flatten() {
        let id = item["practice"].as_str().unwrap_or_default().to_owned();
        if which != "all" && which != id {
            continue;
        }
        if let Some(heads) = heads(library, &id)? {
            item["revision"] = heads.into();
        }
    }
    Ok(())
}
