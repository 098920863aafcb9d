//! Asking about other nodes on the page of the network: testing a link, adding a node, forgetting it.

use std::sync::Arc;

use axum::extract::State;
use axum::response::Response;

use crate::App;
use crate::desk::form::Form;
use crate::library::{
    LibraryError,
    network::{Probe, Reach},
};
use crate::pages::error;
use crate::pages::frame::Visitor;
use crate::pages::network::{Asked, Told, shown};
use crate::people::auth::Signed;

/// Letters of an address that are read: a relayed one with two peer ids has about 250.
const ADDRESS_MAX: usize = 1_024;

/// `GET /network/peers`: the page with its form.
pub(super) async fn show(State(app): State<Arc<App>>, v: Visitor, signed: Signed) -> Response {
    shown(&app, &v, Asked::by(&signed)).await
}

/// `POST /network/peers`: tests a link, adds a node, or forgets one that was added.
pub(super) async fn ask(State(app): State<Arc<App>>, v: Visitor, signed: Signed, form: Form) -> Response {
    let address: String = form.get("address").trim().chars().take(ADDRESS_MAX).collect();
    if form.get("do") == "forget" {
        return forget(&app, &v, &signed, address).await;
    }
    let adds = form.get("do") == "add";
    let mut asked = Asked { address: address.clone(), ..Asked::by(&signed) };
    match tried(&app, address.clone(), adds).await {
        Ok(probe) => {
            // Nobody calls themselves: that is said, and nothing is added.
            let added = adds && probe.reach != Reach::Oneself;
            asked.added = added;
            asked.told = Some(Told::new(&v, &probe));
            if added {
                app.auth.note(&signed.name, "peer_added", &address);
            }
        }
        // What is wrong with the address is said beside it.
        Err(LibraryError::Denied { uk, en, .. }) => asked.error = Some(v.language.pick(uk, en)),
        Err(error) => return error::page(&v, &error.into()),
    }
    shown(&app, &v, asked).await
}

/// Forgets an address. That it is not among those added is no reason to complain: somebody else has
/// forgotten it in another window.
async fn forget(app: &App, v: &Visitor, signed: &Signed, address: String) -> Response {
    let given = address.clone();
    match app.ask(move |library| library.forget_peer(&given)).await {
        Ok(()) => app.auth.note(&signed.name, "peer_forgotten", &address),
        Err(LibraryError::NotFound) => {}
        Err(error) => return error::page(v, &error.into()),
    }
    shown(app, v, Asked { forgotten: true, ..Asked::by(signed) }).await
}

/// Tries an address, and has the node keep the link up if it is to be added: whoever is off just now
/// may be there tomorrow.
pub(super) async fn tried(app: &App, address: String, adds: bool) -> Result<Probe, LibraryError> {
    app.ask(move |library| {
        let probe = library.probe(&address)?;
        if adds && probe.reach != Reach::Oneself {
            library.dial(&address)?;
        }
        Ok(probe)
    })
    .await
}
