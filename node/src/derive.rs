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
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use crdt::gate::read;
use crdt::id::{CommunityId, DocumentId, RecordId};
use crdt::replay::{Replay, view_of_one};
use crdt::view::View;
use lru::LruCache;
use web_ui::library::DocumentCard;

use crate::card::card;
use crate::fault::Fault;
use crate::store::{Derivable, Kept, Store};

/// Documents kept loaded, so that one edit more costs one change and not the whole history. Each
/// takes 30 to 300 KB.
const LOADED_MAX: usize = 32;
/// How long after a view was kept the next one of its document is shown from memory only. Of a document
/// that is edited over and over, the views are most of what it costs the disk; what is looked for is found
/// within a second all the same.
const KEEP_EVERY: Duration = Duration::from_millis(400);
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
    /// Whoever reads it shares it: a document with a thousand changes is dear to copy.
    replay: Arc<Replay>,
    community: CommunityId,
    /// The charter's last entry: other rights, other document.
    charter: Option<RecordId>,
    /// The generation (see [`Derivable`]) of the last record that is in.
    generation: u64,
    /// When its view was kept last.
    kept: Option<Instant>,
}

impl Loaded {
    /// Whether the same people may write as when it was loaded.
    fn has_todays_charter(&self, store: &Store) -> Result<bool, Fault> {
        Ok(store.charter_of(&self.community)?.map(|charter| charter.head) == self.charter)
    }
}

/// A view that was derived, and is what readers see now.
pub struct Derived {
    /// The view.
    pub view: View,
    /// Its row in the lists.
    pub card: DocumentCard,
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
        self.derive_then(store, document, |_| None)
    }

    /// The same, but a view that follows another within a moment is only shown, and its document stays
    /// pending: see [`Store::rests_until`].
    ///
    /// # Errors
    /// A fault of the database or the disk.
    pub fn show(&self, store: &Store, document: &DocumentId) -> Result<Option<Derived>, Fault> {
        self.derive_then(store, document, |kept| Some(kept? + KEEP_EVERY).filter(|due| *due > Instant::now()))
    }

    /// Derives one document; `rests` says of when its view was kept last until when it need not be again.
    fn derive_then(
        &self,
        store: &Store,
        document: &DocumentId,
        rests: impl Fn(Option<Instant>) -> Option<Instant>,
    ) -> Result<Option<Derived>, Fault> {
        let Some(derivable) = store.derivable(document)? else { return Ok(None) };
        if let Some(view) = alone(store, &derivable)? {
            let card = card(store, &view)?;
            let kept = store.keep_alone(&derivable, &view, &card)?;
            return Ok((kept != Kept::Changed).then_some(Derived { view, card }));
        }
        if self.is_set_aside(store, document)? {
            return Ok(None);
        }
        self.enter(store, document)?;
        let Some(mut loaded) = self.reload(store, &derivable)? else {
            // None of its records can be read: there is nothing to show until they come again.
            store.set_aside_pending(document)?;
            self.leave(store)?;
            return Ok(None);
        };
        let view = loaded.replay.view();
        let card = card(store, &view)?;
        let rests = rests(loaded.kept).filter(|_| view.changes > 0);
        let kept = match rests {
            Some(due) if store.show(&derivable, &view, &card, due)? => Kept::Shown,
            _ => store.keep_view(&derivable, &view, &card)?,
        };
        if kept == Kept::Kept {
            loaded.kept = Some(Instant::now());
        }
        self.loaded.lock().unwrap_or_else(PoisonError::into_inner).put(*document, loaded);
        self.leave(store)?;
        Ok((kept != Kept::Changed).then_some(Derived { view, card }))
    }

    /// Tries a suspect document, and sets it aside if it brings the program down.
    fn is_set_aside(&self, store: &Store, document: &DocumentId) -> Result<bool, Fault> {
        let Some(program) = self.program.as_ref().filter(|_| self.suspect == Some(*document)) else {
            return Ok(false);
        };
        if trial::survives(program, &store.records_of(document)?) {
            return Ok(false);
        }
        tracing::error!(%document, "this document brings the program down; it is set aside");
        self.set_aside.lock().unwrap_or_else(PoisonError::into_inner).push(*document);
        store.set_aside_pending(document)?;
        Ok(true)
    }

    /// The document, with all its changes, to write to or to read its history.
    ///
    /// # Errors
    /// A fault of the database.
    pub fn load(&self, store: &Store, document: &DocumentId) -> Result<Option<Arc<Replay>>, Fault> {
        // Asked first: what comes meanwhile is not in what is loaded.
        let newest = store.newest_step(document);
        if let Some(loaded) = self.loaded.lock().unwrap_or_else(PoisonError::into_inner).get(document)
            && newest == Some(loaded.generation)
            && loaded.has_todays_charter(store)?
        {
            return Ok(Some(Arc::clone(&loaded.replay)));
        }
        let Some(owner) = store.owner_of(document)? else { return Ok(None) };
        let charter = store.charter_of(&owner.0)?;
        let records = store.records_of(document)?;
        Ok(Some(Arc::new(Replay::derive(owner.0, owner.1, records, charter.as_deref()))))
    }

    /// The document as it stands now: the one that is loaded with the changes that came since where that
    /// is certain to be the same, else derived from all its records.
    fn reload(&self, store: &Store, derivable: &Derivable) -> Result<Option<Loaded>, Fault> {
        let loaded = self.loaded.lock().unwrap_or_else(PoisonError::into_inner).pop(&derivable.document);
        let kept = loaded.as_ref().and_then(|loaded| loaded.kept);
        if let Some(mut loaded) = loaded
            && loaded.has_todays_charter(store)?
            && grow(store, &mut loaded, derivable)?
        {
            return Ok(Some(loaded));
        }
        let Some((community, name)) = store.owner_of(&derivable.document)? else { return Ok(None) };
        let charter = store.charter_of(&community)?;
        let records = store.records_of(&derivable.document)?;
        let replay = Arc::new(Replay::derive(community, name, records, charter.as_deref()));
        let charter = charter.map(|charter| charter.head);
        Ok(Some(Loaded { replay, community, charter, generation: derivable.generation, kept }))
    }

    /// Leaves the mark. Not synced: it must outlive this process, not the power.
    fn enter(&self, store: &Store, document: &DocumentId) -> Result<(), Fault> {
        self.set_mark(store, &document.0)
    }

    fn leave(&self, store: &Store) -> Result<(), Fault> {
        self.set_mark(store, &[])
    }

    /// A disk that refuses the mark keeps nothing from being shown: what was acknowledged is to be read as it
    /// was written, and that this document ends the program is far less likely than a full disk.
    fn set_mark(&self, store: &Store, content: &[u8]) -> Result<(), Fault> {
        self.write_mark(content).or_else(|fault| if store.disk().note(&fault) { Ok(()) } else { Err(fault) })
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
        let written = file
            .set_len(content.len() as u64)
            .and_then(|()| file.seek(SeekFrom::Start(0)))
            .and_then(|_| file.write_all(content));
        written.map_err(cannot()).inspect_err(|_| *mark = None)
    }
}

/// Takes what came since a document was loaded, one change after another; `false` if it is to be derived
/// from all its records.
fn grow(store: &Store, loaded: &mut Loaded, derivable: &Derivable) -> Result<bool, Fault> {
    let (document, until) = (&derivable.document, derivable.generation);
    let Some(ids) = store.steps_between(document, loaded.generation, until) else { return Ok(false) };
    let charter = store.charter_of(&loaded.community)?;
    for id in ids {
        let Some(record) = store.record(&id)? else { return Ok(false) };
        if !Arc::make_mut(&mut loaded.replay).push(&record, charter.as_deref()) {
            return Ok(false);
        }
    }
    loaded.generation = until;
    Ok(true)
}

/// The view of a document that has only one record: our own reader makes it, which needs no sandbox.
fn alone(store: &Store, derivable: &Derivable) -> Result<Option<View>, Fault> {
    let Some(id) = derivable.only else { return Ok(None) };
    let Some(record) = store.record(&id)? else { return Ok(None) };
    let Ok(content) = read(&record) else { return Ok(None) };
    let charter = store.charter_of(&record.community())?;
    Ok(view_of_one(&record, &content, charter.as_deref()))
}

fn cache() -> LruCache<DocumentId, Loaded> {
    LruCache::new(NonZeroUsize::new(LOADED_MAX).expect("more than none"))
}
