//! Typesetting: templates and data in, PDF and pictures out. All of Typst stops here.
//!
//! A template reads its own files and the data and nothing else: no folder, no network, no clock, no
//! package. So the same sheet is the same file, and what was made once is kept for a while.

mod world;

use std::num::NonZeroUsize;
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;

use lru::LruCache;
use typst::diag::{SourceDiagnostic, Warned};
use typst::foundations::Smart;
use typst_layout::PagedDocument;
use typst_pdf::PdfOptions;
use web_ui::library::LibraryError;
use web_ui::press::{Output, PRESS_BUSY, Sheet};

use world::World;

/// Sheets that are typeset at once: each takes a core and a few hundred megabytes.
const SHEETS_MAX: usize = 1;
/// Sheets that may wait for their turn; whoever comes later is told so. The last of them waits a minute.
const WAITING_MAX: usize = 4;
/// Files that are kept: what people look at twice, and the sizes of one material.
const KEPT_MAX: usize = 24;
/// Bytes that the kept files may take.
const KEPT_BYTES_MAX: usize = 64 * 1024 * 1024;
/// Pages of one file: more than a binding holds, and the engine goes on for hours if it is let.
const PAGES_MAX: usize = 3_000;
/// Bytes of stack: the engine walks its pages by recursion.
const STACK_BYTES: usize = 64 * 1024 * 1024;
/// Pixels of a picture's side.
const SIDE_PIXELS_MAX: u32 = 4_096;

/// A press: what makes files of sheets.
pub struct Press {
    /// Who may work or wait.
    queue: Mutex<usize>,
    turn: Mutex<()>,
    kept: Mutex<LruCache<[u8; 32], Arc<Vec<u8>>>>,
}

impl Default for Press {
    fn default() -> Self {
        let kept = NonZeroUsize::new(KEPT_MAX).expect("more than no file is kept");
        Self { queue: Mutex::new(0), turn: Mutex::new(()), kept: Mutex::new(LruCache::new(kept)) }
    }
}

/// A place in the queue, given back when dropped.
struct Place<'a>(&'a Press);

impl Drop for Place<'_> {
    fn drop(&mut self) {
        *self.0.queue.lock().unwrap_or_else(PoisonError::into_inner) -= 1;
    }
}

impl Press {
    /// Makes the file of a sheet.
    ///
    /// # Errors
    /// If too many wait already, or the engine fails.
    pub fn make(&self, sheet: &Sheet) -> Result<Vec<u8>, LibraryError> {
        let key = key(sheet);
        if let Some(file) = self.known(&key) {
            return Ok(file.as_ref().clone());
        }
        let _place = self.place()?;
        // A press whose last sheet panicked is as good as before: it keeps nothing of a sheet.
        let _turn = self.turn.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(file) = self.known(&key) {
            return Ok(file.as_ref().clone());
        }
        let file = on_a_deep_stack(sheet)?;
        self.keep(key, Arc::new(file.clone()));
        Ok(file)
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
        let mut queue = self.queue.lock().unwrap_or_else(PoisonError::into_inner);
        if *queue >= SHEETS_MAX + WAITING_MAX {
            return Err(LibraryError::Denied {
                code: PRESS_BUSY,
                uk: "Зараз верстають інші файли. Спробуйте за хвилину".into(),
                en: "Other files are being typeset just now. Try again in a minute".into(),
            });
        }
        *queue += 1;
        Ok(Place(self))
    }
}

/// What tells sheets apart.
fn key(sheet: &Sheet) -> [u8; 32] {
    let mut hasher = blake3::Hasher::new();
    hasher.update(format!("{}\0{:?}\0{}", sheet.template.source, sheet.output, sheet.data).as_bytes());
    *hasher.finalize().as_bytes()
}

fn on_a_deep_stack(sheet: &Sheet) -> Result<Vec<u8>, LibraryError> {
    thread::scope(|scope| {
        let name = "press".to_owned();
        let made = thread::Builder::new().name(name).stack_size(STACK_BYTES).spawn_scoped(scope, || typeset(sheet));
        let made = made.map_err(|error| LibraryError::Fault(format!("no thread to typeset on: {error}")))?;
        made.join().unwrap_or_else(|_| Err(LibraryError::Fault(format!("{} stopped the press", sheet.template.name))))
    })
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
            let scale = f64::from(width.min(SIDE_PIXELS_MAX)) / page.frame.width().to_pt();
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
