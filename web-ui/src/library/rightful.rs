//! What only one community may say of a record, because it is about that community itself. Whoever
//! publishes is told; what others signed all the same is shown as their own word and no more.

use crdt::check::FieldError;
use crdt::gate::DocumentKind;
use crdt::id::DocumentId;
use crdt::kinds;
use crdt::kinds::endorsement::BY_ORIGIN;
use serde_json::Value;

use super::notes::Hidden;
use super::{DocumentCard, DocumentPage, DocumentsRequest, Library, LibraryError, PageRequest, Scope};

/// Endorsements of an adoption that are looked at for that of the community whose practice it is.
const LOOKED_AT: usize = 100;

/// The purpose of a remark by which an owner says that it accepted an edit.
pub const ACCEPTED: &str = "accepted";

/// Whether a community may say that it knows of an adoption: its practice is repeated there.
#[must_use]
pub fn may_confirm(about: &DocumentCard, own: &str) -> bool {
    about.kind == "adoption" && about.about_owner.as_deref() == Some(own)
}

/// Whether the community whose practice is repeated endorses an adoption, as far as this node shows it.
///
/// # Errors
/// What the library says.
pub(crate) fn is_confirmed(
    library: &dyn Library,
    adoption: &DocumentCard,
    hidden: &Hidden,
) -> Result<bool, LibraryError> {
    let Ok(id) = adoption.id.parse::<DocumentId>() else { return Ok(false) };
    let wanted = DocumentsRequest { kind: DocumentKind::Endorsement, scope: Scope::About(id) };
    let said = library.documents(&wanted, &PageRequest { after: None, limit: LOOKED_AT })?.rows;
    // Some only mention it.
    Ok(said.iter().any(|one| {
        one.about.as_ref() == Some(&adoption.id)
            && Some(&one.owner) == adoption.about_owner.as_ref()
            && !hidden.contains_key(&one.id)
    }))
}

/// Whether a community may say that an edit of a record is accepted: the record is its own.
#[must_use]
pub fn may_accept(about: &DocumentCard, own: &str) -> bool {
    about.owner == own
}

/// Kinds of records that tell about one kind of record only, and about which.
const TELLS_OF: [(&str, &str); 4] =
    [("adoption", "practice"), ("translation", "practice"), ("registration", "seminar"), ("use", "material")];

/// What is wrong with a record of this kind that tells about a record of another kind than it can.
#[must_use]
pub fn misplaced(kind: &str, about: &DocumentCard) -> Option<FieldError> {
    let (_, wanted) = TELLS_OF.into_iter().find(|(one, wanted)| *one == kind && about.kind != *wanted)?;
    let (row, wanted) = (kinds::by_key(kind)?, kinds::by_key(wanted)?);
    Some(FieldError::new(
        "about",
        "wrong_kind",
        format!(
            "«{}» – не {}. Запис виду «{}» пишуть зі сторінки запису виду «{}»",
            about.title, wanted.uk, row.uk, wanted.uk
        ),
        format!(
            "“{}” is no {}. This kind of record ({}) is written from the page of one",
            about.title, wanted.en, row.en
        ),
    ))
}

/// What `own` says in a record of this kind, and only another community could, or nobody of such a record.
#[must_use]
pub fn of_others(kind: &str, content: &Value, about: &DocumentPage, own: &str) -> Vec<FieldError> {
    let says = |field: &str, key: &str| content.get(field).and_then(Value::as_str) == Some(key);
    let confirms = kind == "endorsement" && says("basis", BY_ORIGIN) && !may_confirm(&about.card, own);
    let accepts = kind == "comment" && says("purpose", ACCEPTED) && !may_accept(&about.card, own);
    let confirming = confirms.then(|| {
        FieldError::new(
            "basis",
            "not_yours",
            "«Знаємо про це впровадження» може сказати лише громада, чию практику повторюють: оберіть іншу підставу"
                .into(),
            "Only the hromada whose practice is repeated can say that it knows of the adoption: choose another basis"
                .into(),
        )
    });
    let accepting = accepts.then(|| {
        FieldError::new(
            "purpose",
            "not_yours",
            "Правку приймає лише громада, якій належить запис: оберіть, що ви пишете".into(),
            "Only the hromada to which the record belongs accepts an edit: choose what you write".into(),
        )
    });
    confirming.into_iter().chain(accepting).chain(misplaced(kind, &about.card)).collect()
}
