//! The thread that keeps the index up with the store.
//!
//! It takes what the store has noted, writes it, commits, and only then takes the notes off; so a
//! crash anywhere costs some documents written twice. It never stands in the way of readers or of
//! the loop: whoever writes to the store only leaves a note and a nudge.

use std::collections::HashMap;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::sync::mpsc::{Receiver, RecvTimeoutError};
use std::time::{Duration, Instant};

use crdt::gate::DocumentKind;
use crdt::id::DocumentId;
use crdt::profile::{PROFILE, Profile};
use tantivy::indexer::{IndexWriterOptions, NoMergePolicy};
use tantivy::{IndexWriter, Term};

use super::document::{self, Indexed, Told};
use super::folder::{self, Folder, Payload, Unusable};
use super::held::Held;
use super::merging::Merging;
use super::{Shared, State, adoptions};
use crate::fault::Fault;
use crate::store::Unindexed;

/// Documents taken from the store at a time.
const TAKE: usize = 64;
/// Bytes of text after which a long run commits. The queue of the writer holds no more than that, three
/// times over, so this bounds its memory. Half as much makes twice as many segments, whose words are put
/// into dictionaries and merged again: a fifth more of the processor's time.
const COMMIT_BYTES: usize = 8 * 1024 * 1024;
/// How long after a commit the next one waits: a commit costs 10 to 100 ms of a disk, and a record is
/// to be found within a second of its arrival.
const COMMIT_EVERY: Duration = Duration::from_millis(400);
/// How long indexing lets many records come first. They can be read as soon as they are here, on a fast line in
/// half the time if nothing is indexed beside it; whoever searches meanwhile is told that not all is there.
const YIELD_MAX: Duration = Duration::from_secs(60);
/// How often it looks meanwhile whether they still come.
const YIELD_LOOK: Duration = Duration::from_millis(100);
/// Bytes of postings that the writer holds before it writes a segment.
const WRITER_BYTES: usize = 16 * 1024 * 1024;
/// How long after a commit the index is at rest: what comes one by one, a moment apart, is merged by eights and
/// not each time.
const RESTS_AFTER: Duration = Duration::from_secs(2);
/// How often an idle worker looks whether its files are all there.
const LOOK_EVERY: Duration = Duration::from_secs(2);
/// How often everything is read and checked against its checksums, after the first time as soon as
/// there is nothing else to do: a disk of an old PC is busy for seconds only.
const CHECK_EVERY: Duration = Duration::from_secs(6 * 3600);
/// How long to wait after a failure of the disk.
const RETRY_AFTER: Duration = Duration::from_secs(5);

/// Failures one after another with sound files before another index is made all the same.
const FAILURES_MAX: u32 = 5;

/// Why the worker could not go on.
enum Trouble {
    /// There is no index yet.
    None,
    /// The index: another one is made.
    Index(String),
    /// The store or the disk: tried again later.
    Node(Fault),
}

impl From<Fault> for Trouble {
    fn from(fault: Fault) -> Self {
        Self::Node(fault)
    }
}

impl From<tantivy::TantivyError> for Trouble {
    fn from(error: tantivy::TantivyError) -> Self {
        Self::Index(error.to_string())
    }
}

impl From<Unusable> for Trouble {
    fn from(unusable: Unusable) -> Self {
        match unusable {
            Unusable::None => Self::None,
            unusable => Self::Index(unusable.to_string()),
        }
    }
}

/// The worker.
pub(super) struct Worker {
    pub(super) shared: Arc<Shared>,
    pub(super) dir: PathBuf,
    pub(super) nudges: Receiver<()>,
}

/// What is written and not yet committed.
#[derive(Default)]
struct Batch {
    taken: HashMap<DocumentId, Unindexed>,
    bytes: usize,
    /// Practices that others were seen to repeat for the first time.
    origins: Vec<DocumentId>,
    /// Communities whose population changed.
    grown: Vec<crdt::id::CommunityId>,
}

impl Worker {
    /// Works until the node stops.
    pub(super) fn run(self) {
        let mut failures = 0;
        while !self.stopping() {
            if self.shared.store.disk().refuses() {
                // What is open goes on answering; the rest waits for the disk.
                self.wait(RETRY_AFTER);
                continue;
            }
            let worked = catch_unwind(AssertUnwindSafe(|| self.work(&mut failures)));
            match worked.unwrap_or_else(|_| Err(Trouble::Index("reading it panicked".into()))) {
                Ok(()) => {}
                Err(Trouble::Index(why)) if failures < FAILURES_MAX && self.is_sound() => {
                    // The disk, not the index: full, or failing for a moment.
                    self.complain(&Trouble::Index(why));
                    if let Err(fault) = self.shared.store.disk().try_writing() {
                        self.shared.store.disk().note(&fault);
                    } else {
                        failures += 1;
                        self.wait(RETRY_AFTER);
                    }
                }
                Err(Trouble::None) => self.make_or_complain(),
                Err(Trouble::Index(why)) => {
                    tracing::warn!(%why, "the search index cannot be used; making another one");
                    failures = 0;
                    self.shared.set_state(State::Rebuilding);
                    self.make_or_complain();
                }
                Err(Trouble::Node(fault)) => {
                    self.shared.store.disk().note(&fault);
                    self.complain(&Trouble::Node(fault));
                    self.wait(RETRY_AFTER);
                }
            }
        }
    }

    fn make_or_complain(&self) {
        if let Err(trouble) = self.make() {
            self.complain(&trouble);
            if let Err(fault) = self.shared.store.disk().try_writing() {
                self.shared.store.disk().note(&fault);
            }
            self.wait(RETRY_AFTER);
        }
    }

    fn is_sound(&self) -> bool {
        self.shared.folder().is_some_and(|folder| folder.is_sound())
    }

    fn complain(&self, trouble: &Trouble) {
        self.shared.set_state(State::Damaged);
        match trouble {
            Trouble::None => {}
            Trouble::Index(why) => tracing::error!(%why, "the search index cannot be made"),
            Trouble::Node(fault) => tracing::error!(%fault, "the search index cannot be kept up"),
        }
    }

    fn stopping(&self) -> bool {
        self.shared.stop.load(Ordering::Relaxed)
    }

    /// Waits for a nudge, and says whether the node goes on.
    fn wait(&self, most: Duration) {
        if self.nudges.recv_timeout(most) == Err(RecvTimeoutError::Disconnected) {
            self.shared.stop.store(true, Ordering::Relaxed);
        }
    }

    /// Waits that long, whatever comes, unless the node stops.
    fn pause(&self, time: Duration) {
        let until = Instant::now() + time;
        while !self.stopping() {
            let left = until.saturating_duration_since(Instant::now());
            if left.is_zero() {
                return;
            }
            self.wait(left);
        }
    }

    fn make(&self) -> Result<(), Trouble> {
        self.shared.close();
        let folder = Folder::make(&self.dir, &self.shared.store)??;
        folder::remove_others(&self.dir, folder.name);
        self.shared.open(folder, None);
        Ok(())
    }

    /// Opens the index if it is not open, and keeps it up until something happens to it.
    fn work(&self, failures: &mut u32) -> Result<(), Trouble> {
        let folder = match self.shared.folder() {
            Some(folder) => folder,
            None => {
                let (folder, payload) = Folder::open(&self.dir, &self.shared.store)??;
                folder::remove_others(&self.dir, folder.name);
                self.shared.open(folder, Some(payload));
                self.shared.folder().expect("it was just opened")
            }
        };
        self.shared.learn_places()?;
        let options = IndexWriterOptions::builder()
            .num_worker_threads(1)
            .memory_budget_per_thread(WRITER_BYTES)
            .num_merge_threads(1)
            .build();
        let mut writer: IndexWriter = folder.index.writer_with_options(options)?;
        writer.set_merge_policy(Box::new(NoMergePolicy));
        // What a killed process wrote and did not commit has names that are needed again.
        writer.garbage_collect_files().wait()?;
        let mut held = Held::of(&folder)?;
        let result = self.keep_up(&folder, &mut writer, &mut held, failures);
        // What was not committed is still noted in the store.
        let _ = writer.rollback();
        result
    }

    fn keep_up(
        &self,
        folder: &Folder,
        writer: &mut IndexWriter,
        held: &mut Held,
        failures: &mut u32,
    ) -> Result<(), Trouble> {
        let (mut looked, mut checked) = (Instant::now(), None);
        let mut committed: Option<Instant> = None;
        let (mut batch, mut merging) = (Batch::default(), Merging::default());
        let mut after = None;
        let mut yielding: Option<Instant> = None;
        while !self.stopping() {
            if self.shared.suspected.swap(false, Ordering::Relaxed) || looked.elapsed() > LOOK_EVERY {
                looked = Instant::now();
                if !folder.is_whole() || (folder.is_touched() && !folder.is_sound()) {
                    return Err(Trouble::Index("its files were changed or removed".into()));
                }
            }
            if self.shared.store.is_filling() && yielding.get_or_insert_with(Instant::now).elapsed() < YIELD_MAX {
                self.shared.set_state_if_ready(State::CatchingUp);
                self.pause(YIELD_LOOK);
                continue;
            }
            let found = self.shared.store.unindexed(after.as_ref(), TAKE)?;
            for one in &found {
                self.put(folder, writer, held, &mut batch, *one)?;
            }
            after = found.last().map(|one| one.document);
            let drained = found.len() < TAKE;
            if drained {
                // What was noted meanwhile may sort before: the next round begins anew.
                after = None;
            } else {
                self.shared.set_state_if_ready(State::CatchingUp);
            }
            let due = committed.is_none_or(|at| at.elapsed() >= COMMIT_EVERY);
            if batch.bytes >= COMMIT_BYTES || (drained && due && !batch.taken.is_empty()) {
                self.commit(folder, writer, std::mem::take(&mut batch))?;
                self.shared.settled.store(false, Ordering::Relaxed);
                merging.step(folder, writer, false)?;
                committed = Some(Instant::now());
                *failures = 0;
                yielding = None;
                continue;
            }
            if drained && batch.taken.is_empty() {
                // Until then a step is taken with each commit alone: a second one would hold for settled what was
                // just written.
                let rests = committed.is_none_or(|at| at.elapsed() >= RESTS_AFTER);
                let settled = rests && merging.step(folder, writer, true)?;
                self.shared.settled.store(settled, Ordering::Relaxed);
                self.rest(folder, &mut checked)?;
            } else if drained {
                // Whatever comes until then is written then: a document that changes ten times meanwhile, once.
                self.pause(committed.map_or(Duration::ZERO, |at| COMMIT_EVERY.saturating_sub(at.elapsed())));
            }
        }
        Ok(())
    }

    /// Nothing is to be done: looks after what can wait, then waits.
    fn rest(&self, folder: &Folder, checked: &mut Option<Instant>) -> Result<(), Trouble> {
        self.shared.set_state(State::Ready);
        self.shared.words.refresh(folder)?;
        if checked.is_none_or(|at| at.elapsed() > CHECK_EVERY) {
            *checked = Some(Instant::now());
            if !folder.is_sound() {
                return Err(Trouble::Index("its content is not what was written".into()));
            }
        }
        self.wait(LOOK_EVERY);
        Ok(())
    }

    /// Writes one document, or takes it out if it is no more or hidden on this node.
    fn put(
        &self,
        folder: &Folder,
        writer: &IndexWriter,
        held: &mut Held,
        batch: &mut Batch,
        one: Unindexed,
    ) -> Result<(), Trouble> {
        if batch.taken.insert(one.document, one) == Some(one) {
            return Ok(());
        }
        if held.may_have(&one.document) {
            // Acts on whatever was added before, in this batch too.
            writer.delete_term(Term::from_field_bytes(folder.fields.id, &one.document.0));
        }
        let store = &self.shared.store;
        if store.is_hidden(&one.document) {
            return Ok(());
        }
        let Some(view) = store.view(&one.document)? else { return Ok(()) };
        let code = store.charter_of(&view.community)?.map(|charter| charter.code.clone()).unwrap_or_default();
        if view.kind == DocumentKind::Profile {
            let profile: Profile = view.typed(PROFILE);
            if self.shared.learn_place(&code, &profile) {
                batch.grown.push(view.community);
            }
        }
        let searcher = folder.reader.searcher();
        let told = if view.kind == DocumentKind::Practice {
            let by_practices = adoptions::vouched(&searcher, &folder.fields, &view.document, &view.community)?;
            Told {
                translations: store.translations(&view.document)?,
                vouched: store.vouched(&view.document, &view.community, &view.heads)?.max(by_practices),
            }
        } else {
            Told::default()
        };
        let indexed = self.shared.with_places(|places| document::indexed(&view, &told, &code, places, &folder.fields));
        let Some(Indexed { document, bytes, adopted_from }) = indexed else { return Ok(()) };
        writer.add_document(document)?;
        held.add(&one.document);
        batch.bytes += bytes;
        if let Some(origin) = adopted_from
            && !adoptions::knows(&searcher, &folder.fields, &origin, &view.community)?
        {
            batch.origins.push(origin);
        }
        Ok(())
    }

    fn commit(&self, folder: &Folder, writer: &mut IndexWriter, batch: Batch) -> Result<(), Trouble> {
        let store = &self.shared.store;
        let commit = self.shared.commits.load(Ordering::Relaxed) + 1;
        // The set may grow while this is written: what it covers is said only if nothing is left over.
        let fingerprint = store.totals().fingerprint();
        let covers = (store.pending(1)?.is_empty()
            && store.unindexed_count(batch.taken.len() + 1)? <= batch.taken.len() as u64)
            .then(|| data_encoding::HEXLOWER.encode(&fingerprint));
        let payload = Payload { name: folder.name, commit, format: folder::format(), covers };
        let mut prepared = writer.prepare_commit()?;
        prepared.set_payload(&serde_json::to_string(&payload).expect("texts and numbers"));
        prepared.commit()?;
        folder.reload()?;
        folder::set_note(store, folder.name, commit)?;
        store.indexed(&batch.taken.into_values().collect::<Vec<_>>())?;
        self.shared.committed(payload);
        for origin in batch.origins {
            if store.view(&origin)?.is_some() {
                store.index_again(&origin)?;
            }
        }
        for community in batch.grown {
            for document in store.documents_of(&community)? {
                store.index_again(&document)?;
            }
        }
        Ok(())
    }
}
