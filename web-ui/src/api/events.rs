//! What is new, as it happens: server-sent events.

use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::sse::{Event, KeepAlive, Sse};
use axum::response::{IntoResponse, Response};
use futures::StreamExt;
use tokio::sync::OwnedSemaphorePermit;
use tokio_stream::wrappers::BroadcastStream;
use tokio_stream::wrappers::errors::BroadcastStreamRecvError;

use crate::App;
use crate::api::Failures;
use crate::error::{ErrorBody, Failure};
use crate::library::Notice;

/// How often a silent stream says that it lives: shorter than what proxies and routers cut after.
const KEEP_ALIVE: Duration = Duration::from_secs(15);

/// A stream of events named `document`, `withdrawn`, `community`, `peers` and `catch_up`. One named
/// `lagged` means that some were missed: look at the lists again.
#[utoipa::path(
    get,
    path = "/api/v1/events",
    tag = "node",
    responses(
        (status = 200, body = Notice, content_type = "text/event-stream"),
        (status = 503, body = ErrorBody, description = "Too many listen already"),
        Failures
    )
)]
pub(crate) async fn listen_to_events(State(app): State<Arc<App>>) -> Result<Response, Failure> {
    let place = Arc::clone(&app.listeners).try_acquire_owned().map_err(|_| {
        Failure::new(
            StatusCode::SERVICE_UNAVAILABLE,
            "too_many_listeners",
            "Забагато відкритих сторінок стежить за подіями. Закрийте зайві",
            "Too many listeners are open already. Close some",
        )
    })?;
    let events = BroadcastStream::new(app.library.subscribe()).map(move |notice| {
        // Moved in here, so that the place is free again as soon as the listener has gone.
        let _held: &OwnedSemaphorePermit = &place;
        Ok::<_, Infallible>(event(notice))
    });
    Ok(Sse::new(events).keep_alive(KeepAlive::new().interval(KEEP_ALIVE)).into_response())
}

fn event(notice: Result<Notice, BroadcastStreamRecvError>) -> Event {
    match notice {
        Ok(notice) => {
            let name = match notice {
                Notice::Document { .. } => "document",
                Notice::Withdrawn { .. } => "withdrawn",
                Notice::Community { .. } => "community",
                Notice::Peers { .. } => "peers",
                Notice::CatchUp { .. } => "catch_up",
            };
            // JSON without line breaks: the one thing that the event's data must not have.
            Event::default().event(name).data(serde_json::to_string(&notice).unwrap_or_default())
        }
        Err(BroadcastStreamRecvError::Lagged(missed)) => {
            Event::default().event("lagged").data(format!("{{\"event\":\"lagged\",\"missed\":{missed}}}"))
        }
    }
}
