//! Importing: rows from elsewhere become practices of this node's community.
//!
//! The importing community owns the record; `community` in the data is where it happened. A row
//! that names its source meets the same document each time, so a repeated import updates.

use std::collections::{HashMap, HashSet};

use crdt::check::{self, Strictness};
use crdt::field::{Field, Shape};
use crdt::gate::DocumentKind;
use crdt::id::{CommunityId, DocumentId, DocumentName};
use crdt::practice::{PRACTICE, Practice, Provenance};
use serde_json::{Map, Value};
use web_ui::library::{Alike, ImportRequest, LibraryError, RowError, RowReport};

use super::write::{complete, denied};
use super::{Answer, NodeLibrary};
use crate::parallel;
use crate::replica::{Content, Outcome, PublishError, Replica};

/// What an export writes before a document's id, so that an import knows it again.
pub(crate) const EXPORTED: &str = "dosvid:";

/// Rows that are published at once, with one sync of the disk. While they are, the next are judged.
const BLOCK_ROWS: usize = 128;

/// A row that can be published.
struct Row {
    name: DocumentName,
    document: DocumentId,
    whole: Value,
    /// Whether the community has the document already.
    exists: bool,
    /// Whether the document says what the row says.
    same: bool,
    /// What says nearly the same already.
    alike: Option<Alike>,
}

/// What is to be done with a row.
enum Judged {
    Publish(Row),
    Report(RowReport),
}

pub(super) fn import(library: &NodeLibrary, request: ImportRequest) -> Answer<Vec<RowReport>> {
    let own = library.own()?.ok_or_else(|| denied(&PublishError::NoCommunity))?;
    let ImportRequest { rows, dry_run } = request;
    let judge = |row| judge(library, &own, row, dry_run);
    let mut import = Import { library, dry_run, seen: HashSet::new(), reports: Vec::with_capacity(rows.len()) };
    parallel::flow(rows, BLOCK_ROWS, judge, |block| import.take(block))?;
    Ok(import.reports)
}

/// A request under way.
struct Import<'a> {
    library: &'a NodeLibrary,
    dry_run: bool,
    /// The documents of the rows so far: what was judged of a further row of theirs holds no more.
    seen: HashSet<DocumentName>,
    reports: Vec<RowReport>,
}

impl Import<'_> {
    /// Publishes what can be of the next rows, and reports on each.
    fn take(&mut self, rows: Vec<Answer<Judged>>) -> Answer<()> {
        let mut reports: Vec<Option<RowReport>> = Vec::with_capacity(rows.len());
        let mut publishable: Vec<(usize, Row)> = Vec::new();
        for (n, judged) in rows.into_iter().enumerate() {
            let report = match judged? {
                Judged::Report(report) => Some(report),
                Judged::Publish(row) => {
                    let again = !self.seen.insert(row.name);
                    if self.dry_run || (row.same && !again) {
                        let outcome = if row.same { "unchanged" } else { outcome(row.exists || again) };
                        let report = report(outcome, Some(row.document.to_string()), Vec::new());
                        Some(RowReport { alike: row.alike, ..report })
                    } else {
                        publishable.push((n, Row { exists: row.exists || again, ..row }));
                        None
                    }
                }
            };
            reports.push(report);
        }
        for part in one_row_a_document(publishable) {
            for (n, report) in publish(self.library, part)? {
                reports[n] = Some(report);
            }
        }
        self.reports.extend(reports.into_iter().flatten());
        Ok(())
    }
}

/// The rows in as many parts as a document has rows at the most: a row goes on top of an earlier one of the same
/// document, and what is written at once knows nothing of each other.
fn one_row_a_document(rows: Vec<(usize, Row)>) -> Vec<Vec<(usize, Row)>> {
    let mut before: HashMap<DocumentName, usize> = HashMap::new();
    let mut parts: Vec<Vec<(usize, Row)>> = Vec::new();
    for (n, row) in rows {
        let part = before.entry(row.name).or_default();
        if parts.len() == *part {
            parts.push(Vec::new());
        }
        parts[*part].push((n, row));
        *part += 1;
    }
    parts
}

fn judge(library: &NodeLibrary, own: &CommunityId, row: Value, dry_run: bool) -> Answer<Judged> {
    let own_name = exported_name(library, own, &row)?;
    let (name, practice) = match read(row) {
        Ok(read) => read,
        Err(errors) => return Ok(Judged::Report(report("refused", None, errors))),
    };
    let name = own_name.unwrap_or(name);
    let document = DocumentId::of(own, &name);
    let exists = library.store.owner_of(&document)?.is_some();
    let whole = serde_json::to_value(&practice).map_err(|error| LibraryError::Fault(error.to_string()))?;
    let stands = library.store.view(&document)?.map(|view| view.typed::<Practice>(PRACTICE));
    let same = stands.is_some_and(|stands| fields(&stands) == fields(&practice));
    let alike = if same || exists { None } else { alike(library, &practice, &document, dry_run)? };
    Ok(Judged::Publish(Row { name, document, whole, exists, same, alike }))
}

/// What says nearly the same as a new row. Looked up where somebody looks at the rows, or where the
/// index is open anyway: a command that loads a whole library need not wait for it.
fn alike(library: &NodeLibrary, practice: &Practice, document: &DocumentId, dry_run: bool) -> Answer<Option<Alike>> {
    if !dry_run && !library.index.is_open() {
        return Ok(None);
    }
    let most = super::search::near_duplicates(library, practice, Some(*document))?.into_iter().next();
    Ok(most.map(|(card, percent)| Alike { id: card.id, title: card.title, percent }))
}

/// The name of the community's own document that the row was exported from, if it was.
fn exported_name(library: &NodeLibrary, own: &CommunityId, row: &Value) -> Answer<Option<DocumentName>> {
    let id = row.get("external_id").and_then(Value::as_str).and_then(|id| id.strip_prefix(EXPORTED));
    let Some(id) = id.and_then(|id| id.parse().ok()) else { return Ok(None) };
    Ok(library.store.owner_of(&id)?.filter(|(owner, _)| owner == own).map(|(_, name)| name))
}

/// What a document would keep of a practice: two that keep the same are the same.
fn fields(practice: &Practice) -> Vec<crdt::field::Stored> {
    let whole = serde_json::to_value(practice).unwrap_or_default();
    PRACTICE.iter().filter(|field| field.key != "provenance").map(|field| field.store(&whole)).collect()
}

fn outcome(exists: bool) -> &'static str {
    if exists { "updated" } else { "new" }
}

fn report(outcome: &str, id: Option<String>, errors: Vec<RowError>) -> RowReport {
    RowReport { outcome: outcome.to_owned(), id, errors, alike: None }
}

fn publish(library: &NodeLibrary, rows: Vec<(usize, Row)>) -> Answer<Vec<(usize, RowReport)>> {
    let published = library.handle.call(move |replica: &mut Replica, _, now, effects| {
        let contents: Vec<Content<'_>> = rows
            .iter()
            .map(|(_, row)| Content {
                name: row.name,
                kind: DocumentKind::Practice,
                base: None,
                table: PRACTICE,
                whole: &row.whole,
                resolve: &[],
            })
            .collect();
        let outcomes = replica.publish_all(&contents, now, effects)?;
        let told = rows.into_iter().zip(outcomes).map(|((n, row), outcome)| {
            let report = told(row.exists, outcome);
            let alike = row.alike.filter(|_| report.outcome != "refused");
            (n, RowReport { alike, ..report })
        });
        Ok::<_, PublishError>(told.collect())
    })?;
    published.map_err(|error| denied(&error))
}

fn told(exists: bool, published: Result<Outcome, PublishError>) -> RowReport {
    match published {
        Ok(Outcome { document, record, .. }) => {
            let outcome = if record.is_none() { "unchanged" } else { outcome(exists) };
            report(outcome, Some(document.to_string()), Vec::new())
        }
        Err(error) => {
            let (uk, en) = match denied(&error) {
                LibraryError::Denied { uk, en, .. } => (uk, en),
                other => ("Не вдалося зберегти цей рядок".to_owned(), other.to_string()),
            };
            report("refused", None, vec![RowError { field: String::new(), uk, en }])
        }
    }
}

/// Reads one row: a practice, with its name in its source.
///
/// # Errors
/// What is wrong with it, field by field.
pub fn read(row: Value) -> Result<(DocumentName, Practice), Vec<RowError>> {
    let Value::Object(mut row) = row else {
        return Err(vec![row_error("", "Рядок має бути об’єктом JSON", "A row must be a JSON object")]);
    };
    let external_id = row.remove("external_id").and_then(|id| id.as_str().map(str::to_owned)).unwrap_or_default();
    row.retain(|_, value| !value.is_null() && value.as_str() != Some(""));
    let row = Value::Object(without_nulls(row));
    let fractions: Vec<RowError> = PRACTICE.iter().filter_map(|field| fraction(field, &row)).collect();
    if !fractions.is_empty() {
        return Err(fractions);
    }
    let practice: Practice = serde_json::from_value(row)
        .map_err(|error| vec![row_error("", &format!("Не вдалося прочитати рядок: {error}"), &error.to_string())])?;
    let mut practice = practice;
    complete(&mut practice);
    let errors = check::practice(&practice, Strictness::Import);
    if !errors.is_empty() {
        return Err(errors.into_iter().map(|e| RowError { field: e.field, uk: e.uk, en: e.en }).collect());
    }
    Ok((name(&external_id, &practice), practice))
}

/// A fraction where a whole number is wanted, such as kopiykas: refused as in a form, with the nearest.
fn fraction(field: &Field, row: &Value) -> Option<RowError> {
    let number = field.value(row).as_f64().filter(|_| matches!(field.shape, Shape::Whole))?;
    let nearest = number.round();
    (number.fract() != 0.0).then(|| {
        row_error(
            field.key,
            &format!("Потрібне ціле число, без копійок і часток: округліть «{number}» до {nearest}"),
            &format!("A whole number is needed, without kopiykas or fractions: round “{number}” to {nearest}"),
        )
    })
}

fn without_nulls(row: Map<String, Value>) -> Map<String, Value> {
    row.into_iter()
        .map(|(key, value)| match value {
            Value::Object(inner) => (key, Value::Object(without_nulls(inner))),
            value => (key, value),
        })
        .filter(|(_, value)| !value.is_null())
        .collect()
}

fn row_error(field: &str, uk: &str, en: &str) -> RowError {
    RowError { field: field.into(), uk: uk.into(), en: en.into() }
}

/// The same source gives the same name. A row that names no source is known by its title and
/// place, so that importing one file twice does not double it.
fn name(external_id: &str, practice: &Practice) -> DocumentName {
    let empty = Provenance::default();
    let provenance = practice.provenance.as_ref().unwrap_or(&empty);
    if !external_id.is_empty() {
        DocumentName::of_source("external_id", external_id)
    } else if !provenance.source_id.is_empty() {
        DocumentName::of_source(&provenance.system, &provenance.source_id)
    } else {
        let place = practice.community.as_deref().unwrap_or_default();
        DocumentName::of_source("title", &format!("{}\n{place}", practice.title.trim()))
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn kopiykas_are_refused_as_a_form_refuses_them() {
        let row = json!({ "title": "Толока", "solution": "Прибрали", "costs": { "total_uah": 12.5, "year": 2024 } });
        let errors = read(row).expect_err("no whole number");
        assert_eq!(errors.iter().map(|error| error.field.as_str()).collect::<Vec<_>>(), ["costs.total_uah"]);
        assert!(errors[0].uk.contains("округліть «12.5» до 13"), "{}", errors[0].uk);
    }
}
