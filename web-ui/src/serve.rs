//! Answering: on a socket, or in this process. Callers need to know no web framework.

use std::collections::HashMap;
use std::future::Future;
use std::io;
use std::net::{IpAddr, SocketAddr};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::extract::ConnectInfo;
use axum::http::{Request, Response, StatusCode};
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::service::TowerToHyperService;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{Semaphore, watch};
use tower::ServiceExt;

/// Connections at once. A browser opens six; a town hall has a few; a public node sits behind a
/// server of its own. Whoever comes then waits in the system's queue.
const CONNECTIONS_MAX: usize = 256;
/// Connections of one address at once, so that one stranger cannot take all of them.
const CONNECTIONS_PER_ADDRESS_MAX: usize = 64;
/// How long a client may take to send the head of a request, or to send the next one.
const HEAD_TIMEOUT: Duration = Duration::from_secs(30);
/// How long an answer that is under way may take once the server ends. A page takes milliseconds; a
/// page that listens for news would listen for ever.
const LAST_ANSWERS: Duration = Duration::from_secs(3);
/// How long to wait when the system has no socket left to give.
const ACCEPT_AGAIN: Duration = Duration::from_millis(100);

/// How much one server bears.
#[derive(Clone, Copy)]
struct Bounds {
    connections: usize,
    per_address: usize,
    head: Duration,
}

impl Default for Bounds {
    fn default() -> Self {
        Self { connections: CONNECTIONS_MAX, per_address: CONNECTIONS_PER_ADDRESS_MAX, head: HEAD_TIMEOUT }
    }
}

/// Answers everybody who reaches the socket, until `stop` comes. Then connections on which nothing is
/// asked are closed, answers under way have three seconds to end, and nothing of `router` is held
/// any more when this returns.
///
/// # Errors
/// A fault of the socket.
pub async fn serve(
    listener: TcpListener,
    router: Router,
    stop: impl Future<Output = ()> + Send + 'static,
) -> io::Result<()> {
    serve_within(listener, router, stop, Bounds::default()).await
}

/// Answers as [`serve`] does whoever comes through a server in front of this one: to us it is one guest,
/// who may take all places.
///
/// # Errors
/// A fault of the socket.
pub async fn serve_proxy(
    listener: TcpListener,
    router: Router,
    stop: impl Future<Output = ()> + Send + 'static,
) -> io::Result<()> {
    let bounds = Bounds { per_address: CONNECTIONS_MAX, ..Bounds::default() };
    serve_within(listener, router, stop, bounds).await
}

async fn serve_within(
    listener: TcpListener,
    router: Router,
    stop: impl Future<Output = ()> + Send + 'static,
    bounds: Bounds,
) -> io::Result<()> {
    let slots = Arc::new(Semaphore::new(bounds.connections));
    let guests = Guests::default();
    let (end, ending) = watch::channel(false);
    let mut stop = std::pin::pin!(stop);
    loop {
        let next = async {
            let slot = Arc::clone(&slots).acquire_owned().await;
            (slot, listener.accept().await)
        };
        let (slot, accepted) = tokio::select! {
            () = &mut stop => break,
            next = next => next,
        };
        let (stream, address) = match accepted {
            Ok(accepted) => accepted,
            Err(error) => {
                // A client that is gone already, or no free descriptor: neither ends the server.
                tracing::debug!(%error, "a connection was not taken");
                tokio::time::sleep(ACCEPT_AGAIN).await;
                continue;
            }
        };
        let Some(guest) = guests.enter(address.ip(), bounds.per_address) else { continue };
        let (router, ending) = (router.clone(), ending.clone());
        tokio::spawn(async move {
            if let Err(error) = converse(stream, address, router, bounds.head, ending).await {
                tracing::trace!(%error, "a connection ended early");
            }
            drop((slot, guest));
        });
    }
    end.send_replace(true);
    // Each connection holds one place until it has ended.
    let all = u32::try_from(bounds.connections).unwrap_or(u32::MAX);
    let _ = slots.acquire_many(all).await;
    Ok(())
}

async fn converse(
    stream: TcpStream,
    address: SocketAddr,
    router: Router,
    head: Duration,
    mut ending: watch::Receiver<bool>,
) -> hyper::Result<()> {
    let _ = stream.set_nodelay(true);
    let service = tower::service_fn(move |mut request: Request<Incoming>| {
        request.extensions_mut().insert(ConnectInfo(address));
        router.clone().oneshot(request)
    });
    let connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(head)
        .serve_connection(TokioIo::new(stream), TowerToHyperService::new(service));
    let mut connection = std::pin::pin!(connection);
    tokio::select! {
        ended = connection.as_mut() => return ended,
        _ = ending.wait_for(|is_ending| *is_ending) => connection.as_mut().graceful_shutdown(),
    }
    tokio::time::timeout(LAST_ANSWERS, connection).await.unwrap_or(Ok(()))
}

/// How many connections each address has.
#[derive(Clone, Default)]
struct Guests(Arc<Mutex<HashMap<IpAddr, usize>>>);

impl Guests {
    /// One more of an address, unless it has as many as it may.
    fn enter(&self, address: IpAddr, most: usize) -> Option<Guest> {
        let mut counts = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let count = counts.entry(address).or_insert(0);
        (*count < most).then(|| {
            *count += 1;
            Guest { guests: self.clone(), address }
        })
    }
}

/// One connection, counted as long as it lives.
struct Guest {
    guests: Guests,
    address: IpAddr,
}

impl Drop for Guest {
    fn drop(&mut self) {
        let mut counts = self.guests.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(count) = counts.get_mut(&self.address) {
            *count -= 1;
            if *count == 0 {
                counts.remove(&self.address);
            }
        }
    }
}

/// Answers one request without a socket, as the router would on one. An answer of over
/// `bytes_max` is an error of the server.
pub async fn answer(router: &Router, request: Request<Vec<u8>>, bytes_max: usize) -> Response<Vec<u8>> {
    let answer = match router.clone().oneshot(request.map(Body::from)).await {
        Ok(answer) => answer,
        Err(never) => match never {},
    };
    let (mut head, body) = answer.into_parts();
    let body = to_bytes(body, bytes_max).await.unwrap_or_else(|_| {
        head.status = StatusCode::INTERNAL_SERVER_ERROR;
        axum::body::Bytes::new()
    });
    Response::from_parts(head, body.to_vec())
}

#[cfg(test)]
mod tests {
    use super::*;
    use tokio::io::{AsyncReadExt, AsyncWriteExt};

    /// Longer than anything here takes.
    const PATIENCE: Duration = Duration::from_secs(20);

    async fn server(bounds: Bounds) -> SocketAddr {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let address = listener.local_addr().expect("bound");
        let router = Router::new().route("/", axum::routing::get(|| async { "Добрий день" }));
        tokio::spawn(serve_within(listener, router, std::future::pending(), bounds));
        address
    }

    async fn asks(address: SocketAddr) -> Option<String> {
        let mut stream = TcpStream::connect(address).await.ok()?;
        stream.write_all(b"GET / HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n").await.ok()?;
        let mut answer = String::new();
        stream.read_to_string(&mut answer).await.ok()?;
        Some(answer).filter(|answer| answer.contains("Добрий день"))
    }

    #[tokio::test]
    async fn whoever_never_ends_his_request_is_cut_off() {
        let address = server(Bounds { head: Duration::from_millis(200), ..Bounds::default() }).await;
        for half in ["", "GET / HTTP/1.1\r\nhost: x\r\nx-slow: "] {
            let mut slow = TcpStream::connect(address).await.expect("connected");
            slow.write_all(half.as_bytes()).await.expect("sent");
            let cut = tokio::time::timeout(PATIENCE, slow.read_to_end(&mut Vec::new())).await;
            assert!(cut.is_ok(), "still connected after {half:?}");
        }
        assert!(asks(address).await.is_some());
    }

    #[tokio::test]
    async fn the_end_waits_for_answers_and_for_nothing_else() {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let address = listener.local_addr().expect("bound");
        let (asked, held) = (Arc::new(tokio::sync::Notify::new()), Arc::new(()));
        let (within, state) = (Arc::clone(&asked), Arc::clone(&held));
        let slow = axum::routing::get(async move || {
            within.notify_one();
            tokio::time::sleep(Duration::from_millis(300)).await;
            drop(state);
            "Добрий день"
        });
        let news = axum::routing::get(async || Body::from_stream(futures::stream::pending::<io::Result<Vec<u8>>>()));
        let (end, ended) = tokio::sync::oneshot::channel::<()>();
        let router = Router::new().route("/", slow).route("/news", news);
        let serving = tokio::spawn(serve(listener, router, async { drop(ended.await) }));
        // One connection is idle, one listens for news, one waits for an answer.
        let idle = TcpStream::connect(address).await.expect("connected");
        let mut listening = TcpStream::connect(address).await.expect("connected");
        listening.write_all(b"GET /news HTTP/1.1\r\nhost: x\r\n\r\n").await.expect("sent");
        let _ = listening.read_u8().await.expect("the head of an answer");
        let asking = tokio::spawn(asks(address));
        asked.notified().await;
        let since = tokio::time::Instant::now();
        end.send(()).expect("it serves");
        serving.await.expect("no panic").expect("no fault");
        assert!(since.elapsed() < LAST_ANSWERS + HEAD_TIMEOUT / 2, "{:?}", since.elapsed());
        assert!(asking.await.expect("no panic").is_some(), "the answer was cut off");
        assert_eq!(Arc::strong_count(&held), 1, "something is still held");
        drop((idle, listening));
    }

    #[tokio::test]
    async fn one_address_cannot_take_every_connection() {
        let address = server(Bounds { per_address: 3, ..Bounds::default() }).await;
        let mut held = Vec::new();
        for _ in 0..3 {
            held.push(TcpStream::connect(address).await.expect("connected"));
        }
        let refused = tokio::time::timeout(PATIENCE, async { while asks(address).await.is_some() {} }).await;
        assert!(refused.is_ok(), "a fourth connection was answered");
        held.clear();
        let again = tokio::time::timeout(PATIENCE, async { while asks(address).await.is_none() {} }).await;
        assert!(again.is_ok(), "nobody is answered after the others went");
    }

    #[tokio::test]
    async fn whoever_comes_when_all_are_taken_waits_and_is_answered() {
        let bounds = Bounds { connections: 2, head: Duration::from_millis(300), ..Bounds::default() };
        let address = server(bounds).await;
        let _held = [TcpStream::connect(address).await, TcpStream::connect(address).await];
        let answered = tokio::time::timeout(PATIENCE, asks(address)).await;
        assert!(matches!(answered, Ok(Some(_))), "not answered after the silent ones were cut off");
    }
}
