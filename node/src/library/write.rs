//! Writing: forms and API bodies become publications of this node's community.

use crdt::check::{self, FieldError, Strictness};
use crdt::field::Field;
use crdt::gate::DocumentKind;
use crdt::id::{ChangeHash, DocumentId, DocumentName};
use crdt::practice::{DEFAULT_LANGUAGE, DEFAULT_LICENCE, PRACTICE, Practice};
use crdt::profile::{PROFILE, Profile};
use crdt::replay::EditError;
use serde_json::Value;
use web_ui::library::{Edit, LibraryError, Published, parse_heads};

use super::read::written as written_down;
use super::{Answer, NodeLibrary};
use crate::replica::{Content, Outcome, PublishError};

/// Where a document's name comes from.
pub(super) enum Name {
    /// A new document.
    Fresh,
    /// A document of this node's community.
    Of(DocumentId),
    /// The community's profile.
    Profile,
}

pub(super) fn create(library: &NodeLibrary, mut practice: Practice) -> Answer<Published> {
    complete(&mut practice);
    refuse_errors(check::practice(&practice, Strictness::Publish))?;
    let writing =
        Writing { name: Name::Fresh, kind: DocumentKind::Practice, table: PRACTICE, base: None, resolve: Vec::new() };
    publish(library, writing, written_down(&practice)?)
}

pub(super) fn edit(library: &NodeLibrary, id: DocumentId, mut edit: Edit<Practice>) -> Answer<Published> {
    let heads = parse_heads(&edit.base_heads)?;
    complete(&mut edit.content);
    // What was imported incomplete may be edited before it is complete.
    refuse_errors(check::practice(&edit.content, Strictness::Edit))?;
    let writing = Writing {
        name: Name::Of(id),
        kind: DocumentKind::Practice,
        table: PRACTICE,
        base: Some(heads),
        resolve: edit.resolve,
    };
    publish(library, writing, written_down(&edit.content)?)
}

pub(super) fn edit_profile(library: &NodeLibrary, edit: Edit<Profile>) -> Answer<Published> {
    let heads = parse_heads(&edit.base_heads)?;
    refuse_errors(check::profile(&edit.content))?;
    let writing = Writing {
        name: Name::Profile,
        kind: DocumentKind::Profile,
        table: PROFILE,
        base: Some(heads),
        resolve: edit.resolve,
    };
    publish(library, writing, written_down(&edit.content)?)
}

pub(super) fn withdraw(library: &NodeLibrary, id: DocumentId, reason: String) -> Answer<()> {
    let withdrawn = library.handle.call(move |replica, _, now, effects| replica.withdraw(&id, reason, now, effects))?;
    withdrawn.map_err(|error| denied(&error))
}

/// Fills in what goes without saying.
pub(super) fn complete(practice: &mut Practice) {
    if practice.lang.trim().is_empty() {
        practice.lang = DEFAULT_LANGUAGE.into();
    }
    if practice.licence.trim().is_empty() {
        let source = practice.provenance.as_ref().map(|provenance| provenance.licence.trim()).unwrap_or_default();
        practice.licence = if source.is_empty() { DEFAULT_LICENCE.into() } else { source.into() };
    }
}

pub(super) fn refuse_errors(errors: Vec<FieldError>) -> Answer<()> {
    if errors.is_empty() { Ok(()) } else { Err(LibraryError::Invalid(errors)) }
}

/// A document that is to be published, but for what it says.
pub(super) struct Writing {
    pub(super) name: Name,
    pub(super) kind: DocumentKind,
    pub(super) table: &'static [Field],
    /// What was read before; none for a new document.
    pub(super) base: Option<Vec<ChangeHash>>,
    /// Keys of fields whose conflicts are decided.
    pub(super) resolve: Vec<String>,
}

pub(super) fn publish(library: &NodeLibrary, writing: Writing, whole: Value) -> Answer<Published> {
    let Writing { name, kind, table, base, resolve } = writing;
    let store = std::sync::Arc::clone(&library.store);
    let published = library.handle.call(move |replica, _, now, effects| {
        let name = match name {
            Name::Fresh => DocumentName(replica.random()),
            Name::Profile => DocumentName::PROFILE,
            Name::Of(id) => {
                let owner = store.owner_of(&id)?;
                let own = replica.identity().map(|identity| identity.community);
                if own.is_none() {
                    return Err(PublishError::NoCommunity);
                }
                owner.filter(|(owner, _)| Some(*owner) == own).map(|(_, name)| name).ok_or(PublishError::NotFound)?
            }
        };
        let content = Content { name, kind, base: base.as_deref(), table, whole: &whole, resolve: &resolve };
        replica.publish(&content, now, effects)
    })?;
    published.map(|outcome| written(&outcome)).map_err(|error| denied(&error))
}

pub(super) fn written(outcome: &Outcome) -> Published {
    Published {
        id: outcome.document.to_string(),
        record: outcome.record.map(|record| record.to_string()),
        heads: outcome.heads.iter().map(ToString::to_string).collect(),
        merged: outcome.merged,
    }
}

/// What a person is told when nothing was published.
pub(super) fn denied(error: &PublishError) -> LibraryError {
    let (code, uk, en) = match error {
        PublishError::NotFound => return LibraryError::NotFound,
        PublishError::Fault(fault) => return super::fault(fault),
        PublishError::Refused(_) | PublishError::Edit(EditError::Malformed(_)) => {
            return LibraryError::Fault(error.to_string());
        }
        PublishError::NoCommunity => (
            "no_community",
            "Цей вузол лише читає: щоб публікувати, виконайте «dosvid init --community КОД» з кодом своєї громади",
            "This node only reads: to publish, run “dosvid init --community CODE” with your community's code",
        ),
        PublishError::Forked => (
            "charter_fork",
            "Статут вузлів вашої громади суперечить сам собі, тому публікацію зупинено: зверніться до координаторів мережі",
            "Your community's charter contradicts itself, so publishing has stopped: ask the network's coordinators",
        ),
        PublishError::NoRight => (
            "no_right",
            "Цей пристрій не має права публікувати від імені громади: посадова особа громади має додати його",
            "This device has no right to publish for the community: an officer of the community must add it",
        ),
        PublishError::Withdrawn => (
            "withdrawn",
            "Цей запис відкликано, його вже не можна змінити: створіть новий",
            "This record was withdrawn and can no longer be changed: create a new one",
        ),
        PublishError::Edit(EditError::UnknownBase) => (
            "unknown_base",
            "Сторінка застаріла: відкрийте запис знову й повторіть зміни",
            "The page is out of date: open the record again and repeat the changes",
        ),
        PublishError::Edit(EditError::TooLarge) => (
            "too_large",
            "Запис завеликий (понад 256 КБ за один раз): збережіть його частинами або скоротіть",
            "The record is too large (over 256 KB at once): save it in parts or shorten it",
        ),
    };
    LibraryError::Denied { code, uk: uk.into(), en: en.into() }
}
