//! Reading: pages of rows, documents and their history.

use std::collections::HashMap;

use crdt::charter::Charter;
use crdt::codifier;
use crdt::field::{Field, Stored};
use crdt::gate::{Content, DocumentKind, WithdrawalBody, read};
use crdt::id::{ChangeHash, CommunityId, DocumentId, DocumentName, RecordId};
use crdt::kinds;
use crdt::practice::{PRACTICE, Practice};
use crdt::profile::{PROFILE, Profile};
use crdt::record::Record;
use crdt::view::{Contribution, FieldState, View, completeness};
use serde::Serialize;
use similar_lines::differences;
use web_ui::library::{
    Author, CommunityCard, Difference, LibraryError, MALFORMED_AFTER, Page, PageRequest, PracticePage, ProfilePage,
    Quarantined, Revision, Withdrawal,
};

use super::{Answer, NodeLibrary};
use crate::store::reason_code;

/// The owner's own name for a place in a list: not to be understood, only given back.
pub(super) fn place(row: &[u8]) -> String {
    data_encoding::HEXLOWER.encode(row)
}

pub(super) fn from_place<const N: usize>(after: Option<&str>) -> Answer<Option<[u8; N]>> {
    let Some(after) = after else { return Ok(None) };
    let decoded = data_encoding::HEXLOWER_PERMISSIVE.decode(after.as_bytes()).ok();
    decoded.and_then(|bytes| bytes.try_into().ok()).map(Some).ok_or_else(|| LibraryError::Denied {
        code: MALFORMED_AFTER,
        uk: "Посилання на наступну сторінку пошкоджене: почніть список спочатку".into(),
        en: "The link to the next page is damaged: start the list again".into(),
    })
}

fn view(library: &NodeLibrary, id: DocumentId, kind: DocumentKind) -> Answer<View> {
    library.store.view(&id)?.filter(|view| view.kind == kind).ok_or_else(|| absent(library, id))
}

/// Why a document is not here: its community took it back, or nobody knows of it.
pub(super) fn absent(library: &NodeLibrary, id: DocumentId) -> LibraryError {
    let said = || -> Answer<Option<Withdrawal>> {
        let Some(record) = library.store.withdrawal_of(&id)? else { return Ok(None) };
        let charter = library.store.charter_of(&record.community())?;
        let body: WithdrawalBody = serde_json::from_slice(record.body()).unwrap_or_default();
        Ok(Some(Withdrawal {
            code: charter.map(|charter| charter.code.clone()).unwrap_or_default(),
            at: record.created_at().0,
            reason: body.reason,
        }))
    };
    match said() {
        Ok(Some(withdrawal)) => LibraryError::Withdrawn(withdrawal),
        Ok(None) => LibraryError::NotFound,
        Err(error) => error,
    }
}

pub(super) fn written<T: Serialize>(value: &T) -> Answer<serde_json::Value> {
    serde_json::to_value(value).map_err(|error| LibraryError::Fault(error.to_string()))
}

pub(super) fn practice(library: &NodeLibrary, id: DocumentId) -> Answer<PracticePage> {
    let view = view(library, id, DocumentKind::Practice)?;
    let practice: Practice = view.typed(PRACTICE);
    let charter = library.store.charter_of(&view.community)?;
    Ok(PracticePage {
        id: id.to_string(),
        owner: view.community.to_string(),
        owner_code: charter.map(|charter| charter.code.clone()).unwrap_or_default(),
        heads: view.heads.iter().map(ToString::to_string).collect(),
        editable: library.own()? == Some(view.community),
        created_at: view.created_at.0,
        updated_at: view.updated_at.0,
        changes: view.changes,
        authors: authors(library, &view)?,
        completeness: completeness(PRACTICE, &written(&practice)?),
        conflicts: view.conflicts(PRACTICE),
        practice,
    })
}

/// Who wrote the values that stand, last first, each device once.
pub(super) fn authors(library: &NodeLibrary, view: &View) -> Answer<Vec<Author>> {
    let charter = library.store.charter_of(&view.community)?;
    let mut contributions = view.authors.clone();
    contributions.sort_by_key(|author| std::cmp::Reverse((author.created_at, author.record)));
    let author = |by: &Contribution| Author {
        record: by.record.to_string(),
        device: by.device.to_string(),
        device_name: charter
            .as_ref()
            .and_then(|charter| charter.devices.get(&by.device))
            .map(|device| device.name.clone())
            .unwrap_or_default(),
        created_at: by.created_at.0,
    };
    Ok(contributions.iter().map(author).collect())
}

pub(super) fn card(library: &NodeLibrary, community: &CommunityId, charter: &Charter) -> Answer<CommunityCard> {
    let hromada = codifier::find(&charter.code);
    Ok(CommunityCard {
        id: community.to_string(),
        code: charter.code.clone(),
        name_uk: hromada.map(codifier::Hromada::full_name_uk).unwrap_or_default(),
        name_en: hromada.map(codifier::Hromada::full_name_en).unwrap_or_default(),
        practices: library.store.practices_of(community)?,
        devices: charter.devices.len() as u64,
        forked: charter.fork.is_some(),
    })
}

pub(super) fn communities(library: &NodeLibrary, page: &PageRequest) -> Answer<Page<CommunityCard>> {
    let mut charters = Vec::new();
    for community in library.store.communities()? {
        charters
            .extend(library.store.charter_of(&community)?.map(|charter| (charter.code.clone(), community, charter)));
    }
    charters.sort_by(|(a, a_id, _), (b, b_id, _)| (a, a_id).cmp(&(b, b_id)));
    let total = charters.len() as u64;
    let after = from_place::<32>(page.after.as_deref())?.map(CommunityId);
    let start = after.map_or(0, |after| {
        charters.iter().position(|(_, community, _)| *community == after).map_or(charters.len(), |at| at + 1)
    });
    let mut rows = Vec::new();
    for (_, community, charter) in charters.iter().skip(start).take(page.limit) {
        rows.push(card(library, community, charter)?);
    }
    let next = (start + rows.len() < charters.len()).then(|| rows.last().map(|row| row.id.clone())).flatten();
    Ok(Page { rows, next, total })
}

pub(super) fn profile(library: &NodeLibrary, community: CommunityId) -> Answer<ProfilePage> {
    let charter = library.store.charter_of(&community)?.ok_or(LibraryError::NotFound)?;
    let id = DocumentId::of(&community, &DocumentName::PROFILE);
    let view = library.store.view(&id)?.filter(|view| view.kind == DocumentKind::Profile);
    let profile: Profile = view.as_ref().map(|view| view.typed(PROFILE)).unwrap_or_default();
    Ok(ProfilePage {
        community: card(library, &community, &charter)?,
        heads: view.iter().flat_map(|view| &view.heads).map(ToString::to_string).collect(),
        editable: library.own()? == Some(community),
        conflicts: view.map(|view| view.conflicts(PROFILE)).unwrap_or_default(),
        completeness: completeness(PROFILE, &written(&profile)?),
        profile,
    })
}

pub(super) fn quarantine(library: &NodeLibrary, page: &PageRequest) -> Answer<Page<Quarantined>> {
    let after = from_place::<48>(page.after.as_deref())?
        .and_then(|bytes| Some((DocumentId::from_slice(&bytes[..16])?, RecordId::from_slice(&bytes[16..])?)));
    let rows = library.store.quarantined(after, page.limit)?;
    let last = rows.last().map(|(document, record, _)| place(&[&document.0[..], &record.0].concat()));
    let next = (rows.len() == page.limit).then_some(last).flatten();
    let totals = library.store.totals();
    let rows = rows
        .into_iter()
        .map(|(document, record, reason)| Quarantined {
            record: record.to_string(),
            document: document.to_string(),
            reason,
        })
        .collect();
    Ok(Page { rows, next, total: totals.set_aside + totals.waiting })
}

pub(super) fn history(library: &NodeLibrary, id: DocumentId, page: &PageRequest) -> Answer<Page<Revision>> {
    let replay = library.deriver.load(&library.store, &id)?.ok_or_else(|| absent(library, id))?;
    let view = replay.view();
    let table = kinds::table(view.kind);
    let charter = library.store.charter_of(&view.community)?;
    let name = |device: &crdt::id::PublicKey| {
        charter.as_ref().and_then(|charter| charter.devices.get(device)).map(|d| d.name.clone()).unwrap_or_default()
    };
    let changes = replay.history();
    let total = changes.len() + view.set_aside.len();
    let start = from_place::<8>(page.after.as_deref())?.map_or(0, u64::from_be_bytes) as usize;
    let mut states: HashMap<Vec<ChangeHash>, Fields> = HashMap::new();
    let mut rows = Vec::new();
    for (author, follows) in changes.iter().skip(start).take(page.limit) {
        let before = states.remove(follows).unwrap_or_else(|| shown(replay.fields_at(follows)));
        let after = shown(replay.fields_at(&[author.change]));
        rows.push(Revision {
            record: author.record.to_string(),
            change: author.change.to_string(),
            follows: follows.iter().map(ToString::to_string).collect(),
            device: author.device.to_string(),
            device_name: name(&author.device),
            created_at: author.created_at.0,
            differences: table.iter().filter_map(|field| difference(field, &before, &after)).collect(),
            set_aside: None,
        });
        states.insert(vec![author.change], after);
    }
    let aside = view.set_aside.iter().skip(start.saturating_sub(changes.len())).take(page.limit - rows.len());
    for (record, reason) in aside {
        let Some(record) = library.store.record(record)? else { continue };
        rows.push(set_aside(&record, name(&record.device()), reason_code(*reason)));
    }
    let end = start + rows.len();
    let next = (end < total && !rows.is_empty()).then(|| place(&(end as u64).to_be_bytes()));
    Ok(Page { rows, next, total: total as u64 })
}

fn set_aside(record: &Record, device_name: String, reason: String) -> Revision {
    let chunk = match read(record) {
        Ok(Content::Change(_, chunk)) => Some(chunk),
        _ => None,
    };
    Revision {
        record: record.id().to_string(),
        change: chunk.as_ref().map(|chunk| chunk.hash.to_string()).unwrap_or_default(),
        follows: chunk.iter().flat_map(|chunk| &chunk.deps).map(ToString::to_string).collect(),
        device: record.device().to_string(),
        device_name,
        created_at: record.created_at().0,
        differences: Vec::new(),
        set_aside: Some(reason),
    }
}

type Fields = HashMap<String, Stored>;

fn shown(fields: Option<std::collections::BTreeMap<String, FieldState>>) -> Fields {
    fields.into_iter().flatten().map(|(key, state)| (key, state.shown())).collect()
}

fn difference(field: &Field, before: &Fields, after: &Fields) -> Option<Difference> {
    let items = |fields: &Fields| match fields.get(field.key) {
        Some(Stored::Scalar(value)) => vec![value.clone()],
        Some(Stored::Items(items)) => items.clone(),
        Some(Stored::Nothing) | None => Vec::new(),
    };
    let (before, after) = (items(before), items(after));
    if before == after {
        return None;
    }
    let (removed, added) = differences(&before, &after);
    Some(Difference { field: field.key.to_owned(), removed, added })
}

mod similar_lines {
    use crdt::paragraphs::{Rewritten, Step, align};

    /// What went and what came, in order.
    pub(super) fn differences(before: &[String], after: &[String]) -> (Vec<String>, Vec<String>) {
        let (mut removed, mut added) = (Vec::new(), Vec::new());
        for step in align(before, after, Rewritten::Another) {
            match step {
                Step::Keep(_) => {}
                Step::Change { old, new } => {
                    removed.push(before[old].clone());
                    added.push(after[new].clone());
                }
                Step::Insert(new) => added.push(after[new].clone()),
                Step::Remove(old) => removed.push(before[old].clone()),
            }
        }
        (removed, added)
    }
}
