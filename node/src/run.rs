//! Runs: the one loop that owns the replica, and the threads that derive views, sync the disk and scrub.
//!
//! Everything that decides goes through here, one thing after another, so nothing needs a lock but
//! the store. Works without a network as well: that is how commands run while no node does.

use std::collections::VecDeque;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc as std_mpsc;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use crdt::id::Timestamp;
use tokio::sync::{broadcast, mpsc, oneshot};
use web_ui::library::Notice;

use crate::derive::{Deriver, STACK_BYTES};
use crate::disk::{Disk, RETRY_AFTER};
use crate::fault::Fault;
use crate::index::Index;
use crate::replica::{CATCH_UP_EVERY_MS, Effect, Input, Replica};
use crate::scrub::Scrubbing;
use crate::store::Store;
use crate::swarm::Swarm;

/// Commands that may wait for the loop. Whoever sends one more waits.
pub const COMMANDS_MAX: usize = 64;
/// The longest sleep of the loop: a clock that is set back meanwhile is seen after it.
const LOOK_EVERY: Duration = Duration::from_millis(CATCH_UP_EVERY_MS);
/// Documents derived between two looks at what else is pending.
const DERIVE_BATCH: usize = 64;
/// After a sync of others' records the disk rests this many times as long as the sync took. So what
/// comes alone is durable at once, and what comes in a flood takes a fifth of the disk's time.
const SYNC_REST: u32 = 4;
/// The longest rest. A power cut costs at most a refetch of what came meanwhile.
const SYNC_REST_MAX: Duration = Duration::from_millis(500);
/// How long the store may be behind the journal, which was synced before anything was acknowledged: a power cut
/// costs at most so much of this node's own writing to be taken from there, and who publishes waits for one sync
/// of the disk and not for two at a time.
const SYNC_IN_TIME: Duration = Duration::from_secs(2);

/// Work for the loop, with its answer inside.
pub type Command = Box<dyn FnOnce(&mut Replica, &mut Option<Swarm>, Timestamp, &mut Vec<Effect>) + Send>;

/// How to reach a running loop.
#[derive(Clone)]
pub struct Handle {
    commands: mpsc::Sender<Command>,
    notices: broadcast::Sender<Notice>,
}

impl Handle {
    /// Has the loop do something, and waits for the answer. Blocks; not for async code.
    ///
    /// # Errors
    /// A fault if the loop has ended.
    pub fn call<T: Send + 'static>(
        &self,
        work: impl FnOnce(&mut Replica, &mut Option<Swarm>, Timestamp, &mut Vec<Effect>) -> T + Send + 'static,
    ) -> Result<T, Fault> {
        let ended = || Fault::Bug("the node is shutting down".into());
        let (reply, answer) = oneshot::channel();
        let command: Command = Box::new(move |replica, swarm, now, effects| {
            let _ = reply.send(work(replica, swarm, now, effects));
        });
        self.commands.blocking_send(command).map_err(|_| ended())?;
        answer.blocking_recv().map_err(|_| ended())
    }

    /// What is new from now on.
    pub fn subscribe(&self) -> broadcast::Receiver<Notice> {
        self.notices.subscribe()
    }
}

/// The running parts.
pub struct Running {
    /// How to reach the loop.
    pub handle: Handle,
    /// Ends with the fault that ended the loop, if one did.
    pub ended: oneshot::Receiver<Result<(), Fault>>,
    stop: Arc<AtomicBool>,
    workers: Vec<std::thread::JoinHandle<()>>,
    store: Arc<Store>,
}

impl Running {
    /// Stops the loop and its threads; what was acknowledged is synced already, the rest is synced now.
    pub fn stop(self) {
        let Self { handle, stop, workers, store, ended: _ } = self;
        stop.store(true, Ordering::Relaxed);
        drop(handle);
        if store.disk().refuses() {
            // Whoever waits for a write that failed is woken by this.
            let _ = store.sync();
        }
        for worker in workers {
            let _ = worker.join();
        }
    }
}

/// The system's clock.
#[must_use]
pub fn now() -> Timestamp {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    Timestamp(u64::try_from(since.as_millis()).unwrap_or(u64::MAX).min(Timestamp::MAX.0))
}

/// Starts the loop and its threads. Must be called in a tokio runtime.
///
/// # Errors
/// A fault of the system that starts threads.
pub fn start(
    store: &Arc<Store>,
    deriver: &Arc<Deriver>,
    index: &Arc<Index>,
    replica: Replica,
    swarm: Option<Swarm>,
) -> Result<Running, Fault> {
    let (commands, inbox) = mpsc::channel(COMMANDS_MAX);
    let (notices, _) = broadcast::channel(web_ui::library::NOTICES_MAX);
    let (ended, watch) = oneshot::channel();
    let handle = Handle { commands, notices: notices.clone() };
    let stop = Arc::new(AtomicBool::new(false));
    let (derive, derive_inbox) = std_mpsc::sync_channel(1);
    let (syncing, sync) = Syncing::new(Arc::clone(store), Arc::clone(&stop));
    let (fatal, fatal_inbox) = mpsc::channel(1);
    let (scrub, scrub_inbox) = std_mpsc::sync_channel(0);
    let weak = handle.commands.downgrade();
    let scrubbing =
        Scrubbing { store: Arc::clone(store), commands: weak.clone(), fatal: fatal.clone(), stop: Arc::clone(&stop) };
    let deriving = Deriving {
        store: Arc::clone(store),
        deriver: Arc::clone(deriver),
        index: Arc::clone(index),
        notices: notices.clone(),
        stop: Arc::clone(&stop),
        fatal,
        hurry: Box::new(move || {
            if let Some(commands) = weak.upgrade() {
                let _ = commands.try_send(Box::new(|replica, _, now, _| replica.hurry(now)));
            }
        }),
    };
    let workers = vec![
        spawn("derive", STACK_BYTES, move || deriving.run(&derive_inbox))?,
        spawn("sync", 512 * 1024, move || syncing.run())?,
        spawn("scrub", 512 * 1024, move || scrubbing.run(&scrub_inbox))?,
    ];
    let _ = derive.try_send(());
    let looping = Loop {
        deferred: VecDeque::new(),
        store: Arc::clone(store),
        disk: Arc::clone(store.disk()),
        index: Arc::clone(index),
        replica,
        swarm,
        inbox,
        fatal: fatal_inbox,
        notices,
        derive,
        sync,
        _scrub: scrub,
    };
    tokio::spawn(async move {
        let _ = ended.send(looping.run().await);
    });
    Ok(Running { handle, ended: watch, stop, workers, store: Arc::clone(store) })
}

fn spawn(name: &str, stack: usize, work: impl FnOnce() + Send + 'static) -> Result<std::thread::JoinHandle<()>, Fault> {
    std::thread::Builder::new()
        .name(name.into())
        .stack_size(stack)
        .spawn(work)
        .map_err(|error| Fault::Bug(format!("cannot start a thread: {error}")))
}

struct Loop {
    /// What the replica put off: a block for each session that streams, at the most.
    deferred: VecDeque<Input>,
    store: Arc<Store>,
    disk: Arc<Disk>,
    index: Arc<Index>,
    replica: Replica,
    swarm: Option<Swarm>,
    inbox: mpsc::Receiver<Command>,
    /// A thread that cannot go on says so here.
    fatal: mpsc::Receiver<Fault>,
    notices: broadcast::Sender<Notice>,
    derive: std_mpsc::SyncSender<()>,
    sync: ToSync,
    /// Dropped with the loop, which ends the thread that scrubs.
    _scrub: std_mpsc::SyncSender<()>,
}

impl Loop {
    async fn run(mut self) -> Result<(), Fault> {
        let mut retry: Option<Instant> = None;
        self.tell_size();
        loop {
            let wake =
                self.replica.wake_at().map_or(LOOK_EVERY, |at| Duration::from_millis(at.0.saturating_sub(now().0)));
            // Whatever else comes meanwhile, a disk that refuses is tried in time.
            let due = retry.filter(|_| self.disk.refuses()).unwrap_or_else(|| Instant::now() + RETRY_AFTER);
            retry = self.disk.refuses().then_some(due);
            let wake = wake.min(retry.map_or(LOOK_EVERY, |due| due.saturating_duration_since(Instant::now())));
            let mut effects = Vec::new();
            if let Some(input) = self.deferred.pop_front() {
                // Looking at the network is what sends; whatever it brings comes after.
                let met = futures::future::poll_immediate(next(&mut self.swarm)).await;
                for input in std::iter::once(input).chain(met) {
                    effects.extend(tokio::task::block_in_place(|| self.replica.handle(input, now()))?);
                }
                self.perform_all(effects);
                continue;
            }
            tokio::select! {
                command = self.inbox.recv() => {
                    // No sender left: the node is stopping.
                    let Some(command) = command else { return Ok(()) };
                    tokio::task::block_in_place(|| command(&mut self.replica, &mut self.swarm, now(), &mut effects));
                }
                input = next(&mut self.swarm) => {
                    effects = tokio::task::block_in_place(|| self.replica.handle(input, now()))?;
                }
                Some(fault) = self.fatal.recv() => return Err(fault),
                // The disk was found refusing: from now on it is tried again and again.
                () = self.disk.told() => {}
                () = tokio::time::sleep(wake) => {
                    retry = None;
                    effects = tokio::task::block_in_place(|| self.replica.handle(Input::Woken, now()))?;
                    self.tell_size();
                }
            }
            self.perform_all(effects);
        }
    }

    /// Lets the swarm know how large the library has become.
    fn tell_size(&mut self) {
        if let Some(swarm) = &mut self.swarm {
            swarm.holds(tokio::task::block_in_place(|| self.store.totals().records));
        }
    }

    fn perform_all(&mut self, effects: Vec<Effect>) {
        for effect in effects {
            self.perform(effect);
        }
    }

    fn perform(&mut self, effect: Effect) {
        match effect {
            Effect::Notify(notice) => {
                self.index.nudge();
                let _ = self.notices.send(notice);
            }
            Effect::Defer(input) => self.deferred.push_back(input),
            // A full channel means that the thread has been told and has not looked yet.
            Effect::Derive => {
                let _ = self.derive.try_send(());
            }
            Effect::Sync => self.sync.tell(true),
            Effect::SyncInTime => self.sync.tell(false),
            effect => {
                if let Some(swarm) = &mut self.swarm
                    && !swarm.perform(effect)
                {
                    self.replica.hurry(now());
                }
            }
        }
    }
}

async fn next(swarm: &mut Option<Swarm>) -> Input {
    match swarm {
        Some(swarm) => swarm.next().await,
        None => std::future::pending().await,
    }
}

/// The thread that derives views.
struct Deriving {
    store: Arc<Store>,
    deriver: Arc<Deriver>,
    index: Arc<Index>,
    notices: broadcast::Sender<Notice>,
    stop: Arc<AtomicBool>,
    fatal: mpsc::Sender<Fault>,
    /// Tells the loop that some document lacks what its changes follow.
    hurry: Box<dyn Fn() + Send>,
}

impl Deriving {
    fn run(&self, inbox: &std_mpsc::Receiver<()>) {
        let mut due: Option<Instant> = None;
        // Until the loop is gone, and whatever is pending when it goes stays pending.
        loop {
            let told = match due {
                Some(due) => inbox.recv_timeout(due.saturating_duration_since(Instant::now())),
                None => inbox.recv().map_err(|_| std_mpsc::RecvTimeoutError::Disconnected),
            };
            if told == Err(std_mpsc::RecvTimeoutError::Disconnected) {
                return;
            }
            due = None;
            let derived = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| self.derive_pending()));
            let fault = match derived {
                Ok(Ok(rest)) => {
                    due = rest;
                    continue;
                }
                // What is pending stays pending until the disk takes it.
                Ok(Err(fault)) if self.store.disk().note(&fault) => continue,
                Ok(Err(fault)) => fault,
                Err(_) => Fault::Bug("deriving a view panicked".into()),
            };
            // Nobody could read what comes from now on: better to end, and start again.
            let _ = self.fatal.blocking_send(fault);
            return;
        }
    }

    /// Derives what is pending, but for what rests; says when the first of that is due.
    fn derive_pending(&self) -> Result<Option<Instant>, Fault> {
        loop {
            let mut due: Option<Instant> = None;
            let mut moved = false;
            for document in self.store.pending(DERIVE_BATCH)? {
                if self.stop.load(Ordering::Relaxed) {
                    return Ok(None);
                }
                if let Some(until) = self.store.rests_until(&document)? {
                    due = Some(due.map_or(until, |due| due.min(until)));
                    continue;
                }
                moved = true;
                if let Some(derived) = self.deriver.show(&self.store, &document)? {
                    self.index.nudge();
                    if !derived.view.waiting.is_empty() {
                        (self.hurry)();
                    }
                    let notice = Notice::Document { id: document.to_string(), title: derived.card.title };
                    let _ = self.notices.send(notice);
                }
                if self.store.disk().refuses() {
                    // One at a time: what the disk does not take stays in memory.
                    return Ok(Some(Instant::now() + RETRY_AFTER));
                }
            }
            if !moved {
                return Ok(due);
            }
        }
    }
}

/// How the loop tells the thread that syncs.
struct ToSync {
    told: std_mpsc::SyncSender<()>,
    soon: Arc<AtomicBool>,
}

impl ToSync {
    fn tell(&self, soon: bool) {
        if soon {
            self.soon.store(true, Ordering::Release);
        }
        // A full channel means that the thread has been told and has not looked yet.
        let _ = self.told.try_send(());
    }
}

/// The thread that syncs the store.
struct Syncing {
    store: Arc<Store>,
    inbox: std_mpsc::Receiver<()>,
    /// Whether something waits that no journal keeps.
    soon: Arc<AtomicBool>,
    stop: Arc<AtomicBool>,
}

impl Syncing {
    fn new(store: Arc<Store>, stop: Arc<AtomicBool>) -> (Self, ToSync) {
        let (told, inbox) = std_mpsc::sync_channel(1);
        let soon = Arc::new(AtomicBool::new(false));
        (Self { store, inbox, soon: Arc::clone(&soon), stop }, ToSync { told, soon })
    }

    fn run(&self) {
        while self.inbox.recv().is_ok() {
            self.wait();
            let begun = Instant::now();
            if let Err(fault) = self.store.sync() {
                tracing::error!(%fault, "what came from others is not durable; it will be fetched again if lost");
            }
            if !self.stop.load(Ordering::Relaxed) {
                std::thread::sleep((begun.elapsed() * SYNC_REST).min(SYNC_REST_MAX));
            }
        }
        let _ = self.store.sync();
    }

    /// Waits until something is to be synced soon, or what is to be synced in time has waited long enough, or the
    /// loop is gone.
    fn wait(&self) {
        let due = Instant::now() + SYNC_IN_TIME;
        while !self.soon.swap(false, Ordering::Acquire) {
            if self.inbox.recv_timeout(due.saturating_duration_since(Instant::now())).is_err() {
                return;
            }
        }
    }
}
