//! Collections: the list, one as a page, and its files.

use std::sync::Arc;

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use crdt::gate::DocumentKind;
use crdt::id::DocumentId;
use crdt::kinds::collection::Item;
use crdt::vocabulary as v;

use crate::App;
use crate::book::{self, Book, Found, Gathered, docx, epub, gather, html};
use crate::error::Failure;
use crate::format;
use crate::library::LibraryError;
use crate::pages::answer;
use crate::pages::entries::titled;
use crate::pages::frame::{PageId, Visitor};
use crate::pages::hidden::ShownId;
use crate::pages::practices::tongue;
use crate::pages::shelf::{Deeds, File, Listed, Shelf, file, shelf};
use crate::pages::terms::term;
use crate::pages::values::{Paragraph, prose};
use crate::press::{BOOK, Output, Sheet};
use crate::words::{publishing as bw, records as rw};
use crate::{assets, words};

/// A practice of a collection.
struct Chosen {
    number: usize,
    title: String,
    href: String,
    place: String,
    /// Of which day the revision is that is printed.
    revision: String,
    note: Vec<Paragraph>,
    newer: bool,
    /// Where its newest revision is taken, for whoever may.
    renew: Option<String>,
    missing: bool,
}

/// One collection.
#[derive(Template)]
#[template(path = "collection.html")]
struct One {
    v: Visitor,
    title: String,
    subtitle: String,
    description: String,
    tongue: String,
    state: String,
    editors: String,
    place: String,
    owner: String,
    owner_href: String,
    changed: String,
    changed_machine: String,
    foreword: Vec<Paragraph>,
    afterword: Vec<Paragraph>,
    chosen: Vec<Chosen>,
    count: String,
    any_newer: bool,
    renew_all: Option<String>,
    material_href: Option<String>,
    imprint: Vec<book::Row>,
    donor: String,
    files: Vec<File>,
    has_press: bool,
    json_href: String,
    deeds: Deeds,
}

/// `/collections`
pub(crate) async fn list(State(app): State<Arc<App>>, v: Visitor) -> Response {
    answer(&v, shelf(&app, &v, &COLLECTIONS).await)
}

/// How the list of collections is told.
const COLLECTIONS: Shelf = Shelf {
    kind: DocumentKind::Collection,
    path: "collections",
    title: bw::COLLECTIONS,
    lead: bw::COLLECTIONS_LEAD,
    empty: bw::EMPTY_COLLECTIONS,
    begin: (bw::NEW_COLLECTION, |visitor| visitor.link_with(&["write", "record", "new"], &[("kind", "collection")])),
    state: |visitor, card| Listed {
        state: term(visitor, &v::COLLECTION_STATES, &card.state),
        more: visitor.count(card.mentions.len() as u64, bw::CASES_COUNTED),
    },
};

/// `/collections/{id}`
pub(crate) async fn one(State(app): State<Arc<App>>, v: Visitor, ShownId(id): ShownId) -> Response {
    answer(&v, shown(&app, &v, id).await)
}

async fn shown(app: &App, v: &Visitor, id: DocumentId) -> Result<One, Failure> {
    let gathered = app.ask(move |library| gather(library, id)).await?;
    Ok(laid_out(v, &gathered, app.has_press()))
}

fn laid_out(v: &Visitor, gathered: &Gathered, has_press: bool) -> One {
    let (page, collection) = (&gathered.page, &gathered.collection);
    let book = gathered.book();
    let id = page.card.id.as_str();
    let deeds = Deeds::new(v, page);
    let renew = |which: &str| deeds.edit.is_some().then(|| v.link_with(&["records", id, "edit"], &[("renew", which)]));
    let chosen: Vec<Chosen> = (1..)
        .zip(&gathered.items)
        .map(|(number, (item, found))| {
            let renew = found.as_ref().filter(|found| found.newer).and_then(|_| renew(&item.practice));
            let shown = a_chosen(v, number, item, found.as_ref());
            let missing = if gathered.withdrawn.contains(&item.practice) { words::WITHDRAWN } else { words::NOT_HERE };
            let title = if found.is_none() { v.say(missing).to_owned() } else { shown.title };
            Chosen { renew, title, ..shown }
        })
        .collect();
    One {
        title: titled(v, &collection.title),
        subtitle: collection.subtitle.clone(),
        description: format!("{} {}", collection.subtitle, v.say(bw::COLLECTIONS_LEAD)),
        tongue: tongue(&collection.lang),
        state: collection.state.as_deref().map(|key| term(v, &v::COLLECTION_STATES, key)).unwrap_or_default(),
        editors: collection.editors.join(", "),
        place: [book.publisher.as_str(), &book.place]
            .iter()
            .filter(|part| !part.is_empty())
            .copied()
            .collect::<Vec<_>>()
            .join(", "),
        owner: v.place(&page.card.owner_code),
        owner_href: v.link(&["communities", &page.card.owner]),
        changed: format::day(page.card.updated_at),
        changed_machine: format::machine(page.card.updated_at),
        foreword: prose(&collection.foreword),
        afterword: prose(&collection.afterword),
        count: v.count(chosen.len() as u64, bw::CASES_COUNTED),
        any_newer: chosen.iter().any(|one| one.newer),
        renew_all: (chosen.iter().filter(|one| one.newer).count() > 1).then(|| renew("all")).flatten(),
        material_href: v.writes().then(|| v.link_with(&["write", "material"], &[("collection", id)])),
        chosen,
        imprint: book.imprint,
        donor: book.donor,
        files: FILES
            .iter()
            .filter(|(name, _)| has_press || !name.ends_with(".pdf"))
            .map(|(name, label)| File::new(v.say(*label), v.link(&["collections", id, name])))
            .collect(),
        json_href: format!("/api/v1/documents/{id}"),
        deeds,
        has_press,
        v: v.clone(),
    }
}

fn a_chosen(v: &Visitor, number: usize, item: &Item, found: Option<&Found>) -> Chosen {
    let practice = found.map(Found::printed);
    let practice = practice.as_ref();
    Chosen {
        number,
        title: titled(v, practice.map_or("", |practice| &practice.title)),
        href: found.map(|found| v.link(&["practices", &found.page.id])).unwrap_or_default(),
        place: practice
            .and_then(|practice| practice.community.as_deref())
            .map(|code| v.place(code))
            .unwrap_or_default(),
        revision: found
            .filter(|_| !item.revision.is_empty())
            .map(|found| format!("{} {}", v.say(bw::REVISION_FROM), format::day(found.page.updated_at)))
            .unwrap_or_default(),
        note: prose(&item.note),
        newer: found.is_some_and(|found| found.newer),
        renew: None,
        missing: found.is_none(),
    }
}

/// The files of a collection.
const FILES: [(&str, crate::language::Phrase); 4] =
    [("book.pdf", bw::AS_PDF), ("book.epub", bw::AS_EPUB), ("book.docx", bw::AS_DOCX), ("book.html", bw::AS_HTML)];

/// The book of a collection, if it is short enough to be one.
async fn book(app: &App, id: DocumentId) -> Result<Book, Failure> {
    let made = app.ask(move |library| Ok(gather(library, id)?.book())).await?;
    if made.is_too_long() {
        return Err(Failure::new(
            axum::http::StatusCode::UNPROCESSABLE_ENTITY,
            "collection_too_long",
            "Збірник задовгий для однієї книжки: поділіть його на кілька",
            "The collection is too long for one book: divide it",
        ));
    }
    Ok(made)
}

/// Makes a file of a book, on a thread that may be busy for a while.
async fn written(
    app: &App,
    id: DocumentId,
    write: fn(&Book) -> Result<Vec<u8>, LibraryError>,
) -> Result<Vec<u8>, Failure> {
    let book = book(app, id).await?;
    Ok(app.ask(move |_| write(&book)).await?)
}

async fn typeset(app: &App, id: DocumentId) -> Result<Vec<u8>, Failure> {
    let book = book(app, id).await?;
    let data = serde_json::to_value(&book).map_err(|_| Failure::fault())?;
    Ok(app.press(Sheet { template: BOOK, data, output: Output::Pdf }).await?)
}

/// `/collections/{id}/book.pdf`
pub(crate) async fn pdf(State(app): State<Arc<App>>, v: Visitor, PageId(id): PageId<DocumentId>) -> Response {
    file(&v, typeset(&app, id).await, "application/pdf", &name(id, "pdf"))
}

/// `/collections/{id}/book.epub`
pub(crate) async fn epub(State(app): State<Arc<App>>, v: Visitor, PageId(id): PageId<DocumentId>) -> Response {
    file(&v, written(&app, id, epub::write).await, "application/epub+zip", &name(id, "epub"))
}

/// `/collections/{id}/book.docx`
pub(crate) async fn docx(State(app): State<Arc<App>>, v: Visitor, PageId(id): PageId<DocumentId>) -> Response {
    let kind = "application/vnd.openxmlformats-officedocument.wordprocessingml.document";
    file(&v, written(&app, id, docx::write).await, kind, &name(id, "docx"))
}

/// `/collections/{id}/book.html`
pub(crate) async fn html(State(app): State<Arc<App>>, v: Visitor, PageId(id): PageId<DocumentId>) -> Response {
    file(&v, written(&app, id, html::write).await, "text/html; charset=utf-8", &name(id, "html"))
}

/// What a file is called on the reader's disk.
fn name(id: DocumentId, end: &str) -> String {
    format!("dosvid-{}.{end}", id.to_string().chars().take(8).collect::<String>())
}
