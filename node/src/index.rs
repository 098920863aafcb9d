//! Finds: full-text search over what the store holds. tantivy stops here.
//!
//! The index is derived: it can be deleted at any time and is made again from the store, while
//! everything else goes on. One thread writes (`worker`); readers never wait for it. What is shown
//! of a hit comes from the store, so the index says only *which* documents, never *what* is in them.

pub mod analysis;

mod adoptions;
mod alike;
mod collect;
mod document;
mod facets;
mod files;
mod find;
mod folder;
mod held;
mod likeness;
pub mod meaning;
mod merging;
mod named;
mod places;
mod plan;
pub mod query;
pub mod ranking;
pub mod repair;
mod schema;
mod snippet;
mod suggest;
pub mod synonyms;
mod text;
pub mod trial;
mod unwanted;
pub mod vocabulary;
mod words;
mod worker;

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::mpsc::{SyncSender, sync_channel};
use std::sync::{Arc, Mutex, PoisonError, RwLock};
use std::time::{Duration, Instant};

use crdt::id::{CommunityId, DocumentId};
use crdt::practice::{Practice, Vouched};
use crdt::profile::{PROFILE, Profile};
use web_ui::library::search::{FoundPlaces, IndexStatus, SearchPage, SearchRequest, Suggestion};

use crate::fault::Fault;
use crate::store::Store;
use folder::{Folder, Payload};
use places::Places;
use words::Words;
use worker::Worker;

pub use named::named as named_hromadas;

/// Waiting documents that are counted for every question. Counting reads their keys, a microsecond or
/// two each; what is asked on every page must not read a hundred thousand.
const WAITING_COUNTED_MAX: usize = 1_000;
/// How old a count of more of them may be.
const WAITING_KEPT_FOR: Duration = Duration::from_secs(5);
/// Stack of the writing thread: texts are read in loops, nothing recurses.
const STACK_BYTES: usize = 2 * 1024 * 1024;

/// Why search cannot answer just now.
#[derive(Debug, thiserror::Error)]
pub enum Unanswered {
    /// The index is being made or mended; it answers again by itself.
    #[error("the search index is being rebuilt")]
    Rebuilding,
    /// There is no such document.
    #[error("no such document")]
    NotFound,
    /// The store or the disk.
    #[error(transparent)]
    Fault(#[from] Fault),
}

impl From<tantivy::TantivyError> for Unanswered {
    fn from(error: tantivy::TantivyError) -> Self {
        tracing::warn!(%error, "the search index could not be read");
        Self::Rebuilding
    }
}

/// How the index stands.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum State {
    Ready,
    CatchingUp,
    Rebuilding,
    Damaged,
}

impl State {
    fn key(self) -> &'static str {
        match self {
            Self::Ready => "ready",
            Self::CatchingUp => "catching_up",
            Self::Rebuilding => "rebuilding",
            Self::Damaged => "damaged",
        }
    }
}

/// What the writing thread and the readers share.
struct Shared {
    store: Arc<Store>,
    stop: AtomicBool,
    /// Somebody met something wrong: the worker looks at once.
    suspected: AtomicBool,
    /// Nothing is left to be put together.
    settled: AtomicBool,
    /// Commits that the open index has had.
    commits: AtomicU64,
    folder: RwLock<Option<Arc<Folder>>>,
    payload: Mutex<Option<Payload>>,
    state: Mutex<State>,
    places: RwLock<Places>,
    words: Words,
    /// How many documents waited when so many did that they were counted for all who ask, and when.
    waiting: Mutex<Option<(Instant, u64)>>,
}

impl Shared {
    fn folder(&self) -> Option<Arc<Folder>> {
        self.folder.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn open(&self, folder: Folder, payload: Option<Payload>) {
        self.commits.store(payload.as_ref().map_or(0, |payload| payload.commit), Ordering::Relaxed);
        *self.payload.lock().unwrap_or_else(PoisonError::into_inner) = payload;
        *self.folder.write().unwrap_or_else(PoisonError::into_inner) = Some(Arc::new(folder));
    }

    fn close(&self) {
        *self.folder.write().unwrap_or_else(PoisonError::into_inner) = None;
        *self.payload.lock().unwrap_or_else(PoisonError::into_inner) = None;
    }

    /// How many documents wait: exactly if they are few, else as of a few seconds ago, or of the last commit.
    fn waiting(&self) -> Result<u64, Fault> {
        let mut kept = self.waiting.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((at, count)) = *kept
            && at.elapsed() < WAITING_KEPT_FOR
        {
            return Ok(count);
        }
        let few = self.store.unindexed_count(WAITING_COUNTED_MAX)?;
        if few < WAITING_COUNTED_MAX as u64 {
            *kept = None;
            return Ok(few);
        }
        let count = self.store.unindexed_count(usize::MAX)?;
        *kept = Some((Instant::now(), count));
        Ok(count)
    }

    fn committed(&self, payload: Payload) {
        self.commits.store(payload.commit, Ordering::Relaxed);
        *self.payload.lock().unwrap_or_else(PoisonError::into_inner) = Some(payload);
        *self.waiting.lock().unwrap_or_else(PoisonError::into_inner) = None;
    }

    fn state(&self) -> State {
        *self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn set_state(&self, state: State) {
        *self.state.lock().unwrap_or_else(PoisonError::into_inner) = state;
    }

    fn set_state_if_ready(&self, state: State) {
        let mut now = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        if *now == State::Ready || *now == State::Damaged {
            *now = state;
        }
    }

    /// Reads what all profiles say of their places: at most one a community of the codifier.
    fn learn_places(&self) -> Result<(), Fault> {
        let mut places = Places::default();
        for community in self.store.communities()? {
            let Some(charter) = self.store.charter_of(&community)? else { continue };
            let id = DocumentId::of(&community, &crdt::id::DocumentName::PROFILE);
            if let Some(view) = self.store.view(&id)? {
                let profile: Profile = view.typed(PROFILE);
                places.learn(&charter.code, &profile);
            }
        }
        *self.places.write().unwrap_or_else(PoisonError::into_inner) = places;
        Ok(())
    }

    fn learn_place(&self, code: &str, profile: &Profile) -> bool {
        self.places.write().unwrap_or_else(PoisonError::into_inner).learn(code, profile)
    }

    fn with_places<T>(&self, read: impl FnOnce(&Places) -> T) -> T {
        read(&self.places.read().unwrap_or_else(PoisonError::into_inner))
    }
}

/// The search index of a node.
pub struct Index {
    shared: Arc<Shared>,
    dir: PathBuf,
    nudge: Mutex<Option<SyncSender<()>>>,
    thread: Mutex<Option<std::thread::JoinHandle<()>>>,
}

impl Index {
    /// The index of a data folder. Nothing is opened yet: see [`Index::start`].
    #[must_use]
    pub fn new(dir: PathBuf, store: Arc<Store>) -> Self {
        Self {
            shared: Arc::new(Shared {
                store,
                stop: AtomicBool::new(false),
                suspected: AtomicBool::new(false),
                settled: AtomicBool::new(false),
                commits: AtomicU64::new(0),
                folder: RwLock::default(),
                payload: Mutex::default(),
                state: Mutex::new(State::CatchingUp),
                places: RwLock::default(),
                words: Words::new(dir.parent().unwrap_or(&dir)),
                waiting: Mutex::default(),
            }),
            dir,
            nudge: Mutex::default(),
            thread: Mutex::default(),
        }
    }

    /// Opens the index and starts the thread that keeps it up; does nothing the second time. A
    /// command that only writes never starts it: what it wrote is indexed at the next start.
    ///
    /// # Errors
    /// A fault of the system that starts threads.
    pub fn start(&self) -> Result<(), Fault> {
        let mut thread = self.thread.lock().unwrap_or_else(PoisonError::into_inner);
        if thread.is_some() || self.shared.stop.load(Ordering::Relaxed) {
            return Ok(());
        }
        if let Ok((folder, payload)) = Folder::open(&self.dir, &self.shared.store)? {
            // Readers need not wait for the thread.
            self.shared.open(folder, Some(payload));
        }
        let (nudge, nudges) = sync_channel(1);
        let worker = Worker { shared: Arc::clone(&self.shared), dir: self.dir.clone(), nudges };
        let started = std::thread::Builder::new().name("index".into()).stack_size(STACK_BYTES).spawn(|| worker.run());
        *thread = Some(started.map_err(|error| Fault::Bug(format!("cannot start a thread: {error}")))?);
        *self.nudge.lock().unwrap_or_else(PoisonError::into_inner) = Some(nudge);
        Ok(())
    }

    /// Whether the index has been opened: by a running node, or by a command that searched.
    #[must_use]
    pub fn is_open(&self) -> bool {
        self.shared.folder().is_some()
    }

    /// Tells the writing thread that the store has noted something. Never waits.
    pub fn nudge(&self) {
        if let Some(nudge) = &*self.nudge.lock().unwrap_or_else(PoisonError::into_inner) {
            // A full channel means that it was told and has not looked yet.
            let _ = nudge.try_send(());
        }
    }

    /// Stops the writing thread. What it did not write stays noted in the store.
    pub fn stop(&self) {
        self.shared.stop.store(true, Ordering::Relaxed);
        self.nudge.lock().unwrap_or_else(PoisonError::into_inner).take();
        if let Some(thread) = self.thread.lock().unwrap_or_else(PoisonError::into_inner).take() {
            let _ = thread.join();
        }
        self.shared.close();
    }

    /// How the index stands.
    ///
    /// # Errors
    /// A fault of the store.
    pub fn status(&self) -> Result<IndexStatus, Fault> {
        let folder = self.shared.folder();
        let payload = self.shared.payload.lock().unwrap_or_else(PoisonError::into_inner).clone();
        let waiting = self.shared.waiting()?;
        let state = match self.shared.state() {
            State::Ready if waiting > 0 => State::CatchingUp,
            state => state,
        };
        Ok(IndexStatus {
            state: state.key().into(),
            documents: folder.as_ref().map_or(0, |folder| folder.reader.searcher().num_docs()),
            waiting,
            covers: payload.and_then(|payload| payload.covers).filter(|_| state == State::Ready),
            disk_bytes: folder.map_or(0, |folder| folder.disk_bytes()),
            settled: waiting == 0 && self.shared.settled.load(Ordering::Relaxed),
        })
    }

    /// Looks for documents. `own` is the code of this node's community, from where distance is
    /// measured unless the request says otherwise.
    ///
    /// # Errors
    /// [`Unanswered`].
    pub fn search(&self, request: &SearchRequest, own: Option<&str>) -> Result<SearchPage, Unanswered> {
        self.read(|folder| find::search(&self.shared, folder, request, own))
    }

    /// Of which communities the documents tell that a request finds.
    ///
    /// # Errors
    /// [`Unanswered`].
    pub fn places(&self, request: &SearchRequest) -> Result<FoundPlaces, Unanswered> {
        self.read(|folder| find::places(&self.shared, folder, request))
    }

    /// What may be meant by the beginning of a query; communities alone while the index is made anew.
    ///
    /// # Errors
    /// [`Unanswered`].
    pub fn suggest(&self, beginning: &str) -> Result<Vec<Suggestion>, Unanswered> {
        match self.read(|folder| suggest::suggest(&self.shared, folder, beginning)) {
            Err(Unanswered::Rebuilding) => Ok(suggest::communities(beginning)),
            answer => answer,
        }
    }

    /// Practices like one, most alike first.
    ///
    /// # Errors
    /// [`Unanswered`].
    pub fn similar(&self, id: &DocumentId) -> Result<Vec<DocumentId>, Unanswered> {
        self.read(|folder| alike::similar(&self.shared, folder, id))
    }

    /// Practices that repeat one, last changed first.
    ///
    /// # Errors
    /// [`Unanswered`].
    pub fn adopters(&self, id: &DocumentId) -> Result<Vec<DocumentId>, Unanswered> {
        self.read(|folder| Ok(adoptions::adopters(&folder.reader.searcher(), &folder.fields, id)?))
    }

    /// Whether practices of other communities vouch for one by repeating it.
    ///
    /// # Errors
    /// [`Unanswered`].
    pub fn vouched(&self, id: &DocumentId, owner: &CommunityId) -> Result<Vouched, Unanswered> {
        self.read(|folder| Ok(adoptions::vouched(&folder.reader.searcher(), &folder.fields, id, owner)?))
    }

    /// Practices that say nearly the same, with how alike they are in percent.
    ///
    /// # Errors
    /// [`Unanswered`].
    pub fn near_duplicates(
        &self,
        practice: &Practice,
        except: Option<&DocumentId>,
    ) -> Result<Vec<(DocumentId, u8)>, Unanswered> {
        self.read(|folder| alike::near_duplicates(&self.shared, folder, practice, except))
    }

    /// Reads the index in a way that damage cannot break: files that were touched are not read, and
    /// a panic in them is the index's trouble, not the reader's.
    fn read<T>(&self, read: impl FnOnce(&Folder) -> Result<T, Unanswered>) -> Result<T, Unanswered> {
        self.start()?;
        let folder = self.shared.folder().ok_or(Unanswered::Rebuilding)?;
        let suspect = || {
            self.shared.suspected.store(true, Ordering::Relaxed);
            self.nudge();
        };
        if folder.is_touched() {
            suspect();
            return Err(Unanswered::Rebuilding);
        }
        let answer = catch_unwind(AssertUnwindSafe(|| read(&folder))).unwrap_or(Err(Unanswered::Rebuilding));
        if matches!(answer, Err(Unanswered::Rebuilding)) {
            suspect();
        }
        answer
    }
}
