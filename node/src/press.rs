//! Typesetting: templates and data in, PDF and pictures out. All of Typst stops here.
//!
//! A template reads its own files and the data and nothing else: no folder, no network, no clock, no
//! package. So the same sheet is the same file, and what was made once is kept for a while.
//!
//! The engine cannot be interrupted. A sheet is therefore made on a thread of its own, and whoever asked
//! for it waits for a while and no longer; the thread goes on alone, and what it makes is kept.

mod world;

use std::num::NonZeroUsize;
use std::sync::mpsc::{self, RecvTimeoutError};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use lru::LruCache;
use typst::diag::{SourceDiagnostic, Warned};
use typst::foundations::Smart;
use typst_layout::PagedDocument;
use typst_pdf::PdfOptions;
use web_ui::library::LibraryError;
use web_ui::press::{Output, PRESS_BUSY, PRESS_SLOW, Sheet};

use world::World;

/// Sheets that may wait for their turn, beside the one that is made; whoever comes later is told so. One
/// at a time is made: each takes a core and a few hundred megabytes.
const WAITING_MAX: usize = 4;
/// How long somebody waits for a file, its turn included: proxies before published nodes give up after a
/// minute, and what they answer then helps nobody.
const PATIENCE: Duration = Duration::from_secs(50);
/// Files that are kept: what people look at twice, and the sizes of one material.
const KEPT_MAX: usize = 24;
/// Bytes that the kept files may take.
const KEPT_BYTES_MAX: usize = 64 * 1024 * 1024;
/// Pages of one file: more than a binding holds, and the engine goes on for hours if it is let.
const PAGES_MAX: usize = 3_000;
/// Bytes of stack: the engine walks its pages by recursion.
const STACK_BYTES: usize = 64 * 1024 * 1024;
/// Pixels of a picture's width.
const WIDTH_PIXELS_MAX: u32 = 4_096;
/// Pixels of a picture's height, ten pages of A4 as messengers get them: what is longer becomes narrower, since
/// four bytes a pixel are held at once.
const HEIGHT_PIXELS_MAX: f64 = 17_540.0;

/// A press: what makes files of sheets.
pub struct Press {
    shared: Arc<Shared>,
    patience: Duration,
}

/// What the press and the thread that makes a sheet have in common.
struct Shared {
    queue: Mutex<Queue>,
    /// Told whenever a sheet is done.
    freed: Condvar,
    kept: Mutex<LruCache<[u8; 32], Arc<Vec<u8>>>>,
}

#[derive(Default)]
struct Queue {
    /// Who waits for a turn or for a file.
    places: usize,
    /// Whether a sheet is being made, whoever waits for it.
    busy: bool,
}

impl Default for Press {
    fn default() -> Self {
        let kept = NonZeroUsize::new(KEPT_MAX).expect("more than no file is kept");
        let kept = Mutex::new(LruCache::new(kept));
        Self { shared: Arc::new(Shared { queue: Mutex::default(), freed: Condvar::new(), kept }), patience: PATIENCE }
    }
}

/// A place in the queue, given back when dropped.
struct Place<'a>(&'a Shared);

impl Drop for Place<'_> {
    fn drop(&mut self) {
        self.0.queue().places -= 1;
    }
}

/// The right to use the engine, given back when dropped: by the thread that does, when it has ended.
struct Turn(Arc<Shared>);

impl Drop for Turn {
    fn drop(&mut self) {
        self.0.queue().busy = false;
        self.0.freed.notify_all();
    }
}

impl Press {
    /// Makes the file of a sheet.
    ///
    /// # Errors
    /// If too many wait already, it takes too long, or the engine fails.
    pub fn make(&self, sheet: &Sheet) -> Result<Vec<u8>, LibraryError> {
        let key = key(sheet);
        if let Some(file) = self.shared.known(&key) {
            return Ok(file.as_ref().clone());
        }
        let until = Instant::now() + self.patience;
        let _place = self.shared.place()?;
        let turn = self.shared.turn(until)?;
        if let Some(file) = self.shared.known(&key) {
            return Ok(file.as_ref().clone());
        }
        let (done, made) = mpsc::sync_channel(1);
        let owned = sheet.clone();
        let work = move || {
            let file = typeset(&owned);
            if let Ok(file) = &file {
                turn.0.keep(key, Arc::new(file.clone()));
            }
            // The next one may begin before this file is on its way.
            drop(turn);
            // Whoever asked may have gone.
            let _ = done.send(file);
        };
        let thread = thread::Builder::new().name("press".into()).stack_size(STACK_BYTES).spawn(work);
        thread.map_err(|error| LibraryError::Fault(format!("no thread to typeset on: {error}")))?;
        match made.recv_timeout(until.saturating_duration_since(Instant::now())) {
            Ok(file) => file,
            Err(RecvTimeoutError::Timeout) => Err(slow()),
            // It panicked. A press whose last sheet did is as good as before: it keeps nothing of a sheet.
            Err(RecvTimeoutError::Disconnected) => {
                Err(LibraryError::Fault(format!("{} stopped the press", sheet.template.name)))
            }
        }
    }
}

impl Shared {
    fn queue(&self) -> MutexGuard<'_, Queue> {
        self.queue.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn known(&self, key: &[u8; 32]) -> Option<Arc<Vec<u8>>> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner).get(key).cloned()
    }

    fn keep(&self, key: [u8; 32], file: Arc<Vec<u8>>) {
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        kept.push(key, file);
        while kept.iter().map(|(_, file)| file.len()).sum::<usize>() > KEPT_BYTES_MAX {
            kept.pop_lru();
        }
    }

    fn place(&self) -> Result<Place<'_>, LibraryError> {
        let mut queue = self.queue();
        if queue.places > WAITING_MAX {
            return Err(busy());
        }
        queue.places += 1;
        Ok(Place(self))
    }

    /// Waits for the engine until a moment.
    fn turn(self: &Arc<Self>, until: Instant) -> Result<Turn, LibraryError> {
        let left = until.saturating_duration_since(Instant::now());
        let waited = self.freed.wait_timeout_while(self.queue(), left, |queue| queue.busy);
        let (mut queue, _) = waited.unwrap_or_else(PoisonError::into_inner);
        if queue.busy {
            return Err(busy());
        }
        queue.busy = true;
        Ok(Turn(Arc::clone(self)))
    }
}

fn busy() -> LibraryError {
    LibraryError::Denied {
        code: PRESS_BUSY,
        uk: "Зараз верстають інші файли. Спробуйте за хвилину".into(),
        en: "Other files are being typeset just now. Try again in a minute".into(),
    }
}

fn slow() -> LibraryError {
    LibraryError::Denied {
        code: PRESS_SLOW,
        uk: "Цей файл великий, і його верстають довше, ніж звичайно. Робота триває: відкрийте його знову за кілька \
             хвилин. Або поділіть збірник на кілька"
            .into(),
        en: "This file is large and takes longer than usual to typeset. The work goes on: open it again in a few \
             minutes, or divide the collection"
            .into(),
    }
}

/// What tells sheets apart.
fn key(sheet: &Sheet) -> [u8; 32] {
    let mut hasher = blake3::Hasher::new();
    hasher.update(format!("{}\0{:?}\0{}", sheet.template.source, sheet.output, sheet.data).as_bytes());
    *hasher.finalize().as_bytes()
}

fn typeset(sheet: &Sheet) -> Result<Vec<u8>, LibraryError> {
    let world = World::new(sheet);
    let Warned { output, .. } = typst::compile::<PagedDocument>(&world);
    let made = output.map_err(|errors| failed(sheet, &errors)).and_then(|document| written(sheet, &document));
    // The engine remembers all that it ever laid out; sheets have next to nothing in common.
    typst::comemo::evict(0);
    made
}

fn written(sheet: &Sheet, document: &PagedDocument) -> Result<Vec<u8>, LibraryError> {
    let pages = document.pages();
    if pages.len() > PAGES_MAX {
        return Err(LibraryError::Fault(format!("{} came to {} pages", sheet.template.name, pages.len())));
    }
    match sheet.output {
        Output::Pdf => {
            let options = PdfOptions { creator: Smart::Custom(Some("Dosvid".into())), ..PdfOptions::default() };
            typst_pdf::pdf(document, &options).map_err(|errors| failed(sheet, &errors))
        }
        Output::Png { width } => {
            let page = pages.first().ok_or_else(|| LibraryError::Fault("a picture of no page".into()))?;
            let wide = f64::from(width.min(WIDTH_PIXELS_MAX)) / page.frame.width().to_pt();
            let scale = wide.min(HEIGHT_PIXELS_MAX / page.frame.height().to_pt());
            let options = typst_render::RenderOptions { pixel_per_pt: scale.into(), ..Default::default() };
            let picture = typst_render::render(page, &options);
            picture.encode_png().map_err(|error| LibraryError::Fault(format!("a picture could not be kept: {error}")))
        }
    }
}

fn failed(sheet: &Sheet, errors: &[SourceDiagnostic]) -> LibraryError {
    let lines: Vec<&str> = errors.iter().map(|error| error.message.as_str()).collect();
    LibraryError::Fault(format!("{} could not be typeset: {}", sheet.template.name, lines.join("; ")))
}

#[cfg(test)]
mod tests;
