//! Pages and a JSON API over whatever implements [`library::Library`].
//!
//! This crate knows neither store nor network. It turns requests into calls of the one port, and
//! answers into JSON or HTML. Reading is open to whoever reaches the socket under an allowed name;
//! writing needs the token that only this computer's user can read.

mod api;
mod assets;
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
mod qr;
mod registry;
mod routes;
pub mod serve;
pub mod sheet;
#[cfg(any(test, feature = "testing"))]
pub mod testing;
#[cfg(test)]
mod tests;
mod words;

use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

pub use axum::Router;
use axum::body::Bytes;
use tokio::sync::Semaphore;

use crate::library::{Library, LibraryError};
use crate::pages::frame::Home;
use crate::people::auth::Auth;

/// Calls of the library at once; the rest wait their turn. Each may read a disk, and an old PC has
/// one: more at once would only make all of them late.
const CALLS_MAX: usize = 16;
/// Listeners to events at once. A browser tab holds one; the bound is against a runaway script.
const LISTENERS_MAX: usize = 64;
/// How long a node that writes for nobody is believed to do so still: it is asked for every page, and
/// changes once in its life.
const NO_HOME_STANDS: Duration = Duration::from_secs(5);

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
}

impl App {
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
    build(library, access, routes::API.iter(), Some(auth))
}

/// Pages and the reading half of the API: built without the handlers that write, so that a node
/// published on the web has nothing to refuse.
pub fn reading_router(library: Arc<dyn Library>, hosts: Vec<String>) -> Router {
    let access = Access { token: String::new(), hosts };
    build(library, access, routes::API.iter().filter(|row| !row.needs_token()), None)
}

/// The router; with the desk, where people sign in and write, only if somebody can.
fn build(
    library: Arc<dyn Library>,
    access: Access,
    rows: impl Iterator<Item = &'static routes::Row>,
    desk: Option<Arc<Auth>>,
) -> Router {
    let (api, document) = routes::api(rows);
    let auth = desk.clone().unwrap_or_else(|| Arc::new(Auth::new(Arc::clone(&library))));
    let app = App {
        library,
        auth,
        imports: desk::import::Running::default(),
        openapi: api::to_bytes(&document),
        calls: Semaphore::new(CALLS_MAX),
        listeners: Arc::new(Semaphore::new(LISTENERS_MAX)),
        home: Mutex::new(None),
    };
    let pages = routes::pages(api);
    let app = Arc::new(app);
    let pages = if desk.is_some() { desk::pages(pages, &app) } else { pages };
    let routes = pages.fallback(guard::not_found).method_not_allowed_fallback(guard::wrong_method).with_state(app);
    guard::around(routes, access, desk)
}
