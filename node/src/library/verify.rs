//! Checking everything: each record's hash, signature and content, each view against its records.
//! What is wrong is dropped and fetched or derived again.

use crdt::gate::read;
use crdt::id::{DocumentId, RecordId};
use crdt::replay::Replay;
use web_ui::library::{LibraryError, Problem, VerifyPage};

use super::{Answer, NodeLibrary};
use crate::store::OrderKey;

/// Records checked in one step: about a tenth of a second.
const STEP: usize = 500;
/// Where the records end and the views begin.
const VIEWS: &str = "views";

pub(super) fn verify(library: &NodeLibrary, after: Option<&str>) -> Answer<VerifyPage> {
    let mut page = VerifyPage { total: library.store.totals().records, ..VerifyPage::default() };
    match after {
        Some(after) if after.starts_with(VIEWS) => views(library, &after[VIEWS.len()..], &mut page)?,
        after => records(library, after, &mut page)?,
    }
    if page.next.is_none() && library.store.recount()? {
        page.problems.push(problem(
            "",
            "fingerprint",
            true,
            "Підсумок бібліотеки перераховано",
            "The set's fingerprint was counted anew",
        ));
    }
    Ok(page)
}

fn records(library: &NodeLibrary, after: Option<&str>, page: &mut VerifyPage) -> Answer<()> {
    let start = after.map(place).transpose()?;
    let mut last = None;
    let mut keys = library.store.order_after(start);
    for key in keys.by_ref().take(STEP) {
        let key = key?;
        page.checked += 1;
        last = Some(key);
        check_record(library, &key.id, page)?;
    }
    let more = page.checked == STEP as u64;
    page.next =
        if more { last.map(|key| data_encoding::HEXLOWER.encode(&key.to_bytes())) } else { Some(VIEWS.to_owned()) };
    Ok(())
}

fn place(after: &str) -> Answer<OrderKey> {
    let bytes = data_encoding::HEXLOWER_PERMISSIVE.decode(after.as_bytes()).ok();
    bytes.and_then(|bytes| OrderKey::from_bytes(&bytes)).ok_or(LibraryError::NotFound)
}

fn check_record(library: &NodeLibrary, id: &RecordId, page: &mut VerifyPage) -> Answer<()> {
    let Some(record) = library.store.record(id)? else {
        // Reading dropped it; catch-up brings it back. Our own come back from the journal.
        let healed = library.handle.call({
            let id = *id;
            move |replica, _, now, effects| {
                replica.hurry(now);
                replica.restore_own(&id, effects)
            }
        })??;
        page.problems.push(problem(
            &id.to_string(),
            "hash",
            healed,
            "Запис пошкоджено на диску: його прибрано, вузол візьме його знову",
            "The record was damaged on the disk: it was dropped and will be fetched again",
        ));
        return Ok(());
    };
    if !record.signature_holds() {
        library.store.drop_record(id)?;
        page.problems.push(problem(
            &id.to_string(),
            "signature",
            true,
            "Підпис запису неправильний: його прибрано",
            "The record's signature is wrong: it was dropped",
        ));
    } else if let Err(refusal) = read(&record) {
        page.problems.push(problem(
            &id.to_string(),
            "refused",
            false,
            "Ця версія програми не приймає цього запису",
            &refusal.to_string(),
        ));
    }
    Ok(())
}

fn views(library: &NodeLibrary, after: &str, page: &mut VerifyPage) -> Answer<()> {
    let (mut at, mut done) = views_place(after);
    let communities = library.store.communities()?;
    let Some(community) = communities.get(at) else { return Ok(()) };
    let documents = library.store.documents_of(community)?;
    for document in documents.iter().skip(done).take(STEP) {
        page.views += 1;
        check_view(library, document, page)?;
    }
    done += STEP;
    if done >= documents.len() {
        (at, done) = (at + 1, 0);
    }
    page.next = (at < communities.len()).then(|| format!("{VIEWS}:{at}:{done}"));
    Ok(())
}

/// Which community, and how many of its documents are done with.
fn views_place(after: &str) -> (usize, usize) {
    let mut numbers = after.split(':').skip(1).map(|number| number.parse().unwrap_or(0));
    (numbers.next().unwrap_or(0), numbers.next().unwrap_or(0))
}

fn check_view(library: &NodeLibrary, document: &DocumentId, page: &mut VerifyPage) -> Answer<()> {
    let records = library.store.records_of(document)?;
    let Some(first) = records.first() else { return Ok(()) };
    let (owner, name) = (first.community(), first.document_name());
    let charter = library.store.charter_of(&owner)?;
    let derived = Replay::derive(owner, name, records, charter.as_deref()).view();
    if library.store.view(document)?.as_ref() == Some(&derived) {
        return Ok(());
    }
    library.store.pend(document)?;
    let healed = library.deriver.derive(&library.store, document)?.is_some();
    page.problems.push(problem(
        &document.to_string(),
        "view",
        healed,
        "Сторінку запису відновлено з підписаних змін",
        "The document's view was derived anew from its records",
    ));
    Ok(())
}

fn problem(id: &str, code: &str, healed: bool, uk: &str, en: &str) -> Problem {
    Problem { id: id.into(), code: code.into(), healed, uk: uk.into(), en: en.into() }
}
