//! Documents of every kind: lists, pages, publications. What a kind is, its row in
//! [`crdt::kinds::KINDS`] says; nothing here knows one kind from another, but that a collection prints its
//! practices as they stood.

use crdt::check::{FieldError, Strictness};
use crdt::gate::DocumentKind;
use crdt::id::{ChangeHash, CommunityId, DocumentId};
use crdt::kinds::{self, Kind};
use crdt::view::{View, completeness};
use serde_json::{Value, json};
use web_ui::library::rightful::of_others;
use web_ui::library::timely::{seats_left, too_late, untimely};
use web_ui::library::{
    DocumentCard, DocumentPage, DocumentsRequest, Edit, LibraryError, Page, PageRequest, Published, parse_heads,
};

use super::read::{absent, authors, from_place, place};
use super::write::{Name, Writing, publish, refuse_errors};
use super::{Answer, NodeLibrary};
use crate::card;

type Rows = Vec<([u8; 24], DocumentCard)>;

pub(super) fn list(library: &NodeLibrary, wanted: &DocumentsRequest, page: &PageRequest) -> Answer<Page<DocumentCard>> {
    let after = from_place::<24>(page.after.as_deref())?;
    let rows = library.store.documents(wanted, after, page.limit)?;
    Ok(page_of(rows, page.limit, library.store.count_documents(wanted)?))
}

pub(super) fn told(library: &NodeLibrary, community: CommunityId, page: &PageRequest) -> Answer<Page<DocumentCard>> {
    let after = from_place::<24>(page.after.as_deref())?;
    let rows = library.store.told(&community, after, page.limit)?;
    Ok(page_of(rows, page.limit, library.store.count_told(&community)?))
}

fn page_of(rows: Rows, limit: usize, total: u64) -> Page<DocumentCard> {
    let next = (rows.len() == limit).then(|| rows.last().map(|(row, _)| place(row))).flatten();
    Page { rows: rows.into_iter().map(|(_, card)| card).collect(), next, total }
}

pub(super) fn read(library: &NodeLibrary, id: DocumentId) -> Answer<DocumentPage> {
    let (view, card) = library.store.view_and_card(&id)?.ok_or_else(|| absent(library, id))?;
    page(library, &view, card)
}

pub(super) fn read_at(library: &NodeLibrary, id: DocumentId, heads: &[ChangeHash]) -> Answer<DocumentPage> {
    let view = library.store.view(&id)?.ok_or_else(|| absent(library, id))?;
    let mut heads = heads.to_vec();
    heads.sort_unstable();
    if heads.is_empty() || heads == view.heads {
        return read(library, id);
    }
    let replay = library.deriver.load(&library.store, &id)?.ok_or_else(|| absent(library, id))?;
    let at = replay.view_at(&heads).ok_or(LibraryError::NotFound)?;
    let card = card::card(&library.store, &at)?;
    page(library, &at, card)
}

fn page(library: &NodeLibrary, view: &View, card: DocumentCard) -> Answer<DocumentPage> {
    let table = kinds::table(view.kind);
    let content = view.content(table);
    Ok(DocumentPage {
        heads: view.heads.iter().map(ToString::to_string).collect(),
        editable: library.own()? == Some(view.community),
        created_at: view.created_at.0,
        changes: view.changes,
        authors: authors(library, view)?,
        conflicts: view.conflicts(table),
        completeness: completeness(table, &content),
        content,
        card,
    })
}

pub(super) fn create(library: &NodeLibrary, kind: DocumentKind, mut content: Value) -> Answer<Published> {
    let row = writable(kind)?;
    complete(library, row, &mut content)?;
    freeze(library, row, &mut content)?;
    check(row, &content, Strictness::Publish)?;
    refuse_errors(untimely(row.key, &content))?;
    if let Some(about) = about_of(&content).and_then(|id| read(library, id).ok()) {
        let left = if row.kind == DocumentKind::Registration { seats_left(library, &about)? } else { None };
        refuse_errors(too_late(row.key, &about, left))?;
        refuse_errors(said_by_others(library, row, &content, &about)?)?;
    }
    let writing = Writing { name: Name::Fresh, kind, table: row.table, base: None, resolve: Vec::new() };
    publish(library, writing, content)
}

pub(super) fn edit(library: &NodeLibrary, id: DocumentId, mut edit: Edit<Value>) -> Answer<Published> {
    let heads = parse_heads(&edit.base_heads)?;
    let view = library.store.view(&id)?.ok_or_else(|| absent(library, id))?;
    let row = writable(view.kind)?;
    complete(library, row, &mut edit.content)?;
    freeze(library, row, &mut edit.content)?;
    check(row, &edit.content, Strictness::Publish)?;
    refuse_errors(untimely(row.key, &edit.content))?;
    if let Some(about) = about_of(&edit.content).and_then(|id| read(library, id).ok()) {
        refuse_errors(said_by_others(library, row, &edit.content, &about)?)?;
    }
    let writing =
        Writing { name: Name::Of(id), kind: view.kind, table: row.table, base: Some(heads), resolve: edit.resolve };
    publish(library, writing, edit.content)
}

/// What only another community than this node's could say of a record.
fn said_by_others(library: &NodeLibrary, row: &Kind, content: &Value, about: &DocumentPage) -> Answer<Vec<FieldError>> {
    let own = library.own()?.map(|own| own.to_string()).unwrap_or_default();
    Ok(of_others(row.key, content, about, &own))
}

/// The kinds that are written here: practices and profiles have rules of their own.
fn writable(kind: DocumentKind) -> Answer<&'static Kind> {
    kinds::of(kind)
        .filter(|row| !matches!(row.kind, DocumentKind::Practice | DocumentKind::Profile))
        .ok_or(LibraryError::NotFound)
}

fn check(row: &Kind, content: &Value, strictness: Strictness) -> Answer<()> {
    let errors = row.check(content, strictness).map_err(|error| {
        LibraryError::Invalid(vec![FieldError::new(
            "",
            "malformed",
            format!("Запис не можна прочитати: {error}. Перевірте назви полів за описом інтерфейсу програм"),
            format!("The record cannot be read: {error}. Check the names of its fields against the API's description"),
        )])
    })?;
    refuse_errors(errors)
}

/// The document that a content says it is about.
fn about_of(content: &Value) -> Option<DocumentId> {
    content.get("about")?.as_str()?.parse().ok()
}

/// Fills in whose document it is about and at which revision: the writer cannot know better than the
/// store.
fn complete(library: &NodeLibrary, row: &Kind, content: &mut Value) -> Answer<()> {
    if !row.has("about_owner") || !content.is_object() {
        return Ok(());
    }
    let Some(about) = about_of(content) else { return Ok(()) };
    let view = library.store.view(&about)?.ok_or_else(|| {
        LibraryError::Invalid(vec![FieldError::new(
            "about",
            "unknown",
            "Запису, про який ідеться, на цьому вузлі ще немає: дочекайтеся обміну з мережею".into(),
            "The record that is meant is not on this node yet: wait until it has exchanged with the network".into(),
        )])
    })?;
    content["about_owner"] = json!(view.community.to_string());
    let said = content.get("about_revision").and_then(Value::as_array).is_some_and(|heads| !heads.is_empty());
    if row.has("about_revision") && !said {
        content["about_revision"] = json!(view.heads.iter().map(ToString::to_string).collect::<Vec<_>>());
    }
    Ok(())
}

/// Fills in the present revision of each practice of a collection that names none: what is printed must
/// not change with the next edit. A practice that has not arrived here is left as it is.
fn freeze(library: &NodeLibrary, row: &Kind, content: &mut Value) -> Answer<()> {
    if row.kind != DocumentKind::Collection {
        return Ok(());
    }
    for item in content.get_mut("items").and_then(Value::as_array_mut).into_iter().flatten() {
        let is_frozen = item.get("revision").and_then(Value::as_array).is_some_and(|heads| !heads.is_empty());
        let practice = item.get("practice").and_then(Value::as_str).and_then(|id| id.parse::<DocumentId>().ok());
        let Some(practice) = practice.filter(|_| !is_frozen) else { continue };
        if let Some(view) = library.store.view(&practice)? {
            item["revision"] = json!(view.heads.iter().map(ToString::to_string).collect::<Vec<_>>());
        }
    }
    Ok(())
}
