//! Answering: on a socket, or in this process. Callers need to know no web framework.

use std::future::Future;
use std::io;
use std::net::SocketAddr;

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::{Request, Response, StatusCode};
use tokio::net::TcpListener;
use tower::ServiceExt;

/// Answers everybody who reaches the socket, until `stop` comes.
///
/// # Errors
/// A fault of the socket.
pub async fn serve(
    listener: TcpListener,
    router: Router,
    stop: impl Future<Output = ()> + Send + 'static,
) -> io::Result<()> {
    let service = router.into_make_service_with_connect_info::<SocketAddr>();
    axum::serve(listener, service).with_graceful_shutdown(stop).await
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
