//! Deriving views: the sandbox around document code.
//!
//! The gate and the ledger keep out what is known to break the document engine. Should something
//! abort the process all the same, the mark left here names the document, and the next start tries
//! it in a process of its own ([`trial`]) before it walks into it again. A document that survives
//! the trial had only met a power cut or a kill; one that does not is set aside. At most one
//! restart, never a crash loop.

pub mod trial;

use std::fs::{self, File, OpenOptions};
use std::io::{Seek, SeekFrom, Write};
use std::num::NonZeroUsize;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use crdt::codifier;
use crdt::gate::DocumentKind;
use crdt::id::{DocumentId, RecordId};
use crdt::practice::{PRACTICE, Practice};
use crdt::replay::Replay;
use crdt::view::{View, completeness};
use lru::LruCache;
use web_ui::library::PracticeCard;

use crate::fault::Fault;
use crate::store::{Derivable, Store};

/// Documents kept loaded, so that one edit more costs one change and not the whole history. Each
/// takes 30 to 300 KB.
const LOADED_MAX: usize = 32;
/// Stack of the thread that derives. Our documents do not nest, but their engine recurses.
pub const STACK_BYTES: usize = 16 * 1024 * 1024;

/// Derives views from records.
pub struct Deriver {
    loaded: Mutex<LruCache<DocumentId, Loaded>>,
    mark: Mutex<Option<File>>,
    mark_path: PathBuf,
    suspect: Option<DocumentId>,
    /// The program that tries a suspect document; none where there is none (a world of tests).
    program: Option<PathBuf>,
    /// Documents that did not survive their trial.
    set_aside: Mutex<Vec<DocumentId>>,
}

struct Loaded {
    replay: Replay,
    records: Vec<RecordId>,
    /// The charter's last entry: other rights, other document.
    charter: Option<RecordId>,
}

/// A view that was derived and kept.
pub struct Derived {
    /// The view.
    pub view: View,
    /// Its row in the lists.
    pub card: PracticeCard,
}

impl Deriver {
    /// A deriver that leaves its mark in `data_dir`.
    ///
    /// # Errors
    /// A fault of the disk.
    pub fn new(data_dir: &Path) -> Result<Self, Fault> {
        let mark_path = data_dir.join("deriving");
        let suspect = fs::read(&mark_path).ok().and_then(|bytes| DocumentId::from_slice(&bytes));
        Ok(Self {
            loaded: Mutex::new(cache()),
            mark: Mutex::new(None),
            mark_path,
            suspect,
            program: None,
            set_aside: Mutex::new(Vec::new()),
        })
    }

    /// The same, with the program that tries a document in which the process before this one ended.
    #[must_use]
    pub fn with_trial(self, program: PathBuf) -> Self {
        Self { program: Some(program), ..self }
    }

    /// The document in which the process before this one ended, if any.
    pub fn suspect(&self) -> Option<DocumentId> {
        self.suspect
    }

    /// Documents that bring the program down, and are left alone.
    pub fn set_aside(&self) -> Vec<DocumentId> {
        self.set_aside.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Derives one document and keeps its view. `None` if it was not pending, is set aside, or
    /// changed meanwhile (then it is pending still).
    ///
    /// # Errors
    /// A fault of the database or the disk.
    pub fn derive(&self, store: &Store, document: &DocumentId) -> Result<Option<Derived>, Fault> {
        let Some(derivable) = store.derivable(document)? else { return Ok(None) };
        if self.suspect == Some(*document)
            && let Some(program) = &self.program
            && !trial::survives(program, &derivable.records)
        {
            tracing::error!(%document, "this document brings the program down; it is set aside");
            self.set_aside.lock().unwrap_or_else(PoisonError::into_inner).push(*document);
            store.set_aside_pending(document)?;
            return Ok(None);
        }
        self.enter(document)?;
        let replay = self.replay(store, &derivable)?;
        let view = replay.view();
        let card = card(store, &view)?;
        let kept = store.keep_view(&derivable, &view, &card)?;
        let records = derivable.records.iter().map(crdt::record::Record::id).collect();
        let charter = store.charter_of(&derivable.community)?.map(|charter| charter.head);
        self.loaded.lock().unwrap_or_else(PoisonError::into_inner).put(*document, Loaded { replay, records, charter });
        self.leave()?;
        Ok(kept.then_some(Derived { view, card }))
    }

    /// The document, with all its changes, to write to or to read its history.
    ///
    /// # Errors
    /// A fault of the database.
    pub fn load(&self, store: &Store, document: &DocumentId) -> Result<Option<Replay>, Fault> {
        let records = store.records_of(document)?;
        let Some(first) = records.first() else { return Ok(None) };
        let (community, name) = (first.community(), first.document_name());
        let charter = store.charter_of(&community)?;
        if let Some(loaded) = self.loaded.lock().unwrap_or_else(PoisonError::into_inner).get(document)
            && loaded.charter == charter.as_ref().map(|charter| charter.head)
            && same(&loaded.records, &records)
        {
            return Ok(Some(loaded.replay.clone()));
        }
        Ok(Some(Replay::derive(community, name, records, charter.as_deref())))
    }

    fn replay(&self, store: &Store, derivable: &Derivable) -> Result<Replay, Fault> {
        let charter = store.charter_of(&derivable.community)?;
        let loaded = self.loaded.lock().unwrap_or_else(PoisonError::into_inner).pop(&derivable.document);
        if let Some(mut loaded) = loaded {
            let new: Vec<_> =
                derivable.records.iter().filter(|record| !loaded.records.contains(&record.id())).collect();
            let grown = loaded.records.len() + new.len() == derivable.records.len();
            let same_rights = loaded.charter == charter.as_ref().map(|charter| charter.head);
            if grown && same_rights && new.len() == 1 && loaded.replay.push(new[0], charter.as_deref()) {
                return Ok(loaded.replay);
            }
        }
        let records = derivable.records.iter().cloned();
        Ok(Replay::derive(derivable.community, derivable.name, records, charter.as_deref()))
    }

    /// Leaves the mark. Not synced: it must outlive this process, not the power.
    fn enter(&self, document: &DocumentId) -> Result<(), Fault> {
        self.write_mark(&document.0)
    }

    fn leave(&self) -> Result<(), Fault> {
        self.write_mark(&[])
    }

    fn write_mark(&self, content: &[u8]) -> Result<(), Fault> {
        let cannot = || Fault::file("cannot write", &self.mark_path);
        let mut mark = self.mark.lock().unwrap_or_else(PoisonError::into_inner);
        let file = match &mut *mark {
            Some(file) => file,
            empty => {
                let mut options = OpenOptions::new();
                let opened = options.write(true).create(true).truncate(true).open(&self.mark_path).map_err(cannot())?;
                empty.insert(opened)
            }
        };
        file.set_len(content.len() as u64)
            .and_then(|()| file.seek(SeekFrom::Start(0)))
            .and_then(|_| file.write_all(content))
            .map_err(cannot())
    }
}

fn cache() -> LruCache<DocumentId, Loaded> {
    LruCache::new(NonZeroUsize::new(LOADED_MAX).expect("more than none"))
}

fn same(ids: &[RecordId], records: &[crdt::record::Record]) -> bool {
    ids.len() == records.len() && records.iter().all(|record| ids.contains(&record.id()))
}

/// A document's row in the lists. Kinds without a list of their own get an empty one.
fn card(store: &Store, view: &View) -> Result<PracticeCard, Fault> {
    let owner_code = store.charter_of(&view.community)?.map(|charter| charter.code.clone()).unwrap_or_default();
    let mut card = PracticeCard {
        id: view.document.to_string(),
        owner: view.community.to_string(),
        owner_code,
        updated_at: view.updated_at.0,
        ..PracticeCard::default()
    };
    if view.kind == DocumentKind::Practice {
        let practice: Practice = view.typed(PRACTICE);
        let whole = serde_json::to_value(&practice).map_err(|error| Fault::Bug(error.to_string()))?;
        card.completeness = completeness(PRACTICE, &whole).percent;
        card.conflicts = !view.conflicts(PRACTICE).is_empty();
        card.place = practice.community.filter(|code| codifier::find(code).is_some());
        (card.title, card.summary) = (practice.title, practice.summary);
        (card.sectors, card.themes, card.mechanisms) = (practice.sectors, practice.themes, practice.mechanisms);
    }
    Ok(card)
}
