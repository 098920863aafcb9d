//! Pages and a JSON API over whatever implements [`library::Library`].
//!
//! This crate knows neither store nor network. It turns requests into calls of the one port, and
//! answers into JSON or HTML. Reading is open to whoever reaches the socket under an allowed name;
//! writing needs the token that only this computer's user can read.

mod api;
mod assets;
mod book;
mod campaign;
mod desk;
mod error;
mod extract;
mod format;
mod guard;
mod language;
pub mod library;
mod looking;
mod map;
mod pages;
pub mod people;
pub mod press;
pub mod public;
mod qr;
mod registry;
mod routes;
pub mod serve;
pub mod sheet;
pub mod sums;
#[cfg(any(test, feature = "testing"))]
pub mod testing;
#[cfg(test)]
mod tests;
mod tongues;
mod translated;
mod words;

use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

pub use axum::Router;
use axum::body::Bytes;
use axum::middleware::from_fn_with_state;
use tokio::sync::Semaphore;
use utoipa::openapi::OpenApi;

use crate::library::{Library, LibraryError, notes};
use crate::pages::frame::Home;
use crate::people::auth::{Auth, Signed};
use crate::press::Sheet;
use crate::public::{PublicAddress, caching, sitemap};

/// Calls of the library at once; the rest wait their turn. Each may read a disk, and an old PC has
/// one: more at once would only make all of them late.
const CALLS_MAX: usize = 16;
/// Listeners to events at once. A browser tab holds one; the bound is against a runaway script.
const LISTENERS_MAX: usize = 64;
/// How long a node that writes for nobody is believed to do so still: it is asked for every page, and
/// changes once in its life.
const NO_HOME_STANDS: Duration = Duration::from_secs(5);

/// Calls of the library at once for strangers: whoever works on this computer keeps the better half.
const PUBLIC_CALLS_MAX: usize = 6;

/// Who may come in.
#[derive(Clone)]
pub struct Access {
    /// The bearer token that every write must carry. An empty one lets nobody write.
    pub token: String,
    /// The values of `Host` that are answered, port included, such as `127.0.0.1:8642`. Anything
    /// else may be a stranger's name that was pointed at this computer (DNS rebinding).
    pub hosts: Vec<String>,
}

/// What handlers share.
pub(crate) struct App {
    library: Arc<dyn Library>,
    openapi: Bytes,
    calls: Semaphore,
    listeners: Arc<Semaphore>,
    home: Mutex<Option<(Instant, Option<Home>)>>,
    auth: Arc<Auth>,
    imports: desk::import::Running,
    public: Option<Arc<PublicAddress>>,
    tag: Mutex<caching::Tag>,
    sitemaps: Arc<Semaphore>,
}

impl App {
    fn new(
        library: Arc<dyn Library>,
        auth: Arc<Auth>,
        document: &OpenApi,
        public: Option<Arc<PublicAddress>>,
    ) -> Arc<Self> {
        let calls = if public.is_some() { PUBLIC_CALLS_MAX } else { CALLS_MAX };
        Arc::new(Self {
            library,
            auth,
            imports: desk::import::Running::default(),
            openapi: api::to_bytes(document),
            calls: Semaphore::new(calls),
            listeners: Arc::new(Semaphore::new(LISTENERS_MAX)),
            home: Mutex::new(None),
            public,
            tag: Mutex::new(None),
            sitemaps: Arc::new(Semaphore::new(sitemap::WRITERS_MAX)),
        })
    }

    /// Calls the library without blocking the threads that serve requests.
    pub(crate) async fn ask<T, F>(&self, call: F) -> Result<T, LibraryError>
    where
        T: Send + 'static,
        F: FnOnce(&dyn Library) -> Result<T, LibraryError> + Send + 'static,
    {
        // The semaphore is never closed; if it were, the call would merely not be counted.
        let _turn = self.calls.acquire().await;
        blocking(&self.library, call).await
    }

    /// Whether PDF and pictures can be made here.
    pub(crate) fn has_press(&self) -> bool {
        self.library.has_press()
    }

    /// Has the library typeset something. It has a queue of its own, shorter than that of the calls, so
    /// that nobody who only reads waits behind a book.
    pub(crate) async fn press(&self, sheet: Sheet) -> Result<Vec<u8>, LibraryError> {
        blocking(&self.library, move |library| library.typeset(&sheet)).await
    }

    /// The community that this node writes for. Once known it stays: no node changes it.
    pub(crate) async fn home(&self) -> Option<Home> {
        let known = self.home.lock().unwrap_or_else(PoisonError::into_inner).clone();
        match known {
            Some((_, Some(home))) => return Some(home),
            Some((asked, None)) if asked.elapsed() < NO_HOME_STANDS => return None,
            _ => {}
        }
        // The page itself will say what is wrong with the library.
        let status = self.ask(|library| library.status()).await.ok()?;
        let home = status.community.zip(status.community_code).map(|(id, code)| Home { id, code });
        *self.home.lock().unwrap_or_else(PoisonError::into_inner) = Some((Instant::now(), home.clone()));
        home
    }
}

impl App {
    /// How many messages of other communities somebody who signed in here has not seen yet.
    pub(crate) async fn unseen(&self, person: &Signed) -> u64 {
        let own = self.home().await.and_then(|home| home.id.parse().ok());
        let Some(own) = own else { return 0 };
        let name = person.name.clone();
        // A page is shown without the number where the library cannot be read: it says so itself.
        self.ask(move |library| Ok(notes::unseen(library, own, &name)?.len() as u64)).await.unwrap_or_default()
    }
}

/// Runs a call of the library on a thread that may block. A panic in it is the node's fault, not
/// the end of the server.
///
/// # Errors
/// What the call says, or a [`LibraryError::Fault`] if it panicked.
pub async fn blocking<T, F>(library: &Arc<dyn Library>, call: F) -> Result<T, LibraryError>
where
    T: Send + 'static,
    F: FnOnce(&dyn Library) -> Result<T, LibraryError> + Send + 'static,
{
    let library = Arc::clone(library);
    match tokio::task::spawn_blocking(move || call(library.as_ref())).await {
        Ok(answer) => answer,
        Err(stopped) => Err(LibraryError::Fault(format!("a call of the library stopped: {stopped}"))),
    }
}

/// All pages and the whole API.
pub fn router(library: Arc<dyn Library>, access: Access) -> Router {
    let auth = Arc::new(Auth::new(Arc::clone(&library)));
    let (api, document) = routes::api(routes::API.iter());
    let app = App::new(library, Arc::clone(&auth), &document, None);
    let pages = routes::pages(api, routes::PAGES.iter());
    guard::around(finished(desk::pages(pages, &app), app), access, auth)
}

/// The pages for reading and what programs may read, for the internet: built without a handler that
/// writes, so that there is nothing to refuse, and without what tells of this computer.
pub fn public_router(library: Arc<dyn Library>, address: PublicAddress) -> Router {
    let auth = Arc::new(Auth::new(Arc::clone(&library)));
    let address = Arc::new(address);
    let (api, document) = routes::api(routes::API.iter().filter(|row| row.is_published()));
    let app = App::new(library, auth, &document, Some(Arc::clone(&address)));
    let rows = routes::PAGES.iter().filter(|row| row.is_published()).chain(routes::PUBLIC);
    let pages = routes::pages(api, rows).route_layer(from_fn_with_state(Arc::clone(&app), caching::cached));
    guard::around_public(finished(pages, app), address)
}

/// A router that also says what it does not have.
fn finished(routes: Router<Arc<App>>, app: Arc<App>) -> Router {
    routes.fallback(guard::not_found).method_not_allowed_fallback(guard::wrong_method).with_state(app)
}
