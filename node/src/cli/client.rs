//! Talking to the API: over the loopback to a running node, or in this process to its router.

use std::net::SocketAddr;

use anyhow::{Context, anyhow};
use http::{HeaderMap, Method, Request, StatusCode};
use http_body_util::{BodyExt, Full};
use hyper_util::rt::TokioIo;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use super::words::{Language, say};
use crate::config::DataDir;
use crate::node::{InUse, Node};

/// Bytes of an answer at the most: a block and its head.
const ANSWER_BYTES_MAX: usize = 16 * 1024 * 1024;

/// Where a running node can be asked.
#[derive(Debug, Serialize, Deserialize)]
pub struct RunningNode {
    /// The address of its pages and its API.
    pub http: SocketAddr,
    /// Its process.
    pub pid: u32,
    /// Its name on the wire.
    pub peer: String,
}

/// An answer that says what to change.
#[derive(Debug, Deserialize, thiserror::Error)]
#[error("{en}")]
pub struct Denied {
    /// A short name that programs can rely on.
    pub code: String,
    uk: String,
    en: String,
    #[serde(default)]
    fields: Vec<DeniedField>,
}

/// What is wrong with one field.
#[derive(Debug, Deserialize)]
struct DeniedField {
    field: String,
    uk: String,
    en: String,
}

impl Denied {
    /// A refusal made here.
    pub fn new(code: &str, uk: impl Into<String>, en: impl Into<String>) -> Self {
        Self { code: code.into(), uk: uk.into(), en: en.into(), fields: Vec::new() }
    }

    /// What a person reads.
    pub fn text(&self, language: Language) -> String {
        let mut lines = vec![say(language, &self.uk, &self.en).clone()];
        lines.extend(self.fields.iter().map(|field| {
            format!("  {}: {}", super::import::named(&field.field, language), say(language, &field.uk, &field.en))
        }));
        lines.join("\n")
    }
}

#[derive(Deserialize)]
struct ErrorBody {
    error: Denied,
}

/// A way to the API.
pub struct Client {
    target: Target,
    token: String,
}

enum Target {
    Running(SocketAddr),
    Here { router: web_ui::Router, node: Option<Box<Node>> },
}

/// An answer.
pub struct Answer {
    /// Its headers.
    pub headers: HeaderMap,
    /// Its body.
    pub body: Vec<u8>,
}

impl Answer {
    /// The body as JSON.
    pub fn json<T: DeserializeOwned>(&self) -> anyhow::Result<T> {
        serde_json::from_slice(&self.body).context("the node gave an answer that this program cannot read")
    }

    /// A header.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).and_then(|value| value.to_str().ok())
    }
}

impl Client {
    /// Finds the running node of this folder, or opens the folder.
    pub async fn connect(data_dir: DataDir) -> anyhow::Result<Self> {
        match Node::open(data_dir.clone()) {
            Ok(node) => {
                let token = node.token.clone();
                let access = web_ui::Access { token: token.clone(), hosts: vec!["localhost".into()] };
                let router = web_ui::router(node.library.clone(), access);
                Ok(Self { target: Target::Here { router, node: Some(Box::new(node)) }, token })
            }
            Err(error) if error.is::<InUse>() => Self::running(&data_dir),
            Err(error) => Err(error),
        }
    }

    fn running(data_dir: &DataDir) -> anyhow::Result<Self> {
        let busy = || {
            Denied::new(
                "busy",
                "Теку даних зараз відкрила інша програма: зачекайте кілька секунд і повторіть",
                "Another program has the data folder open: wait a few seconds and try again",
            )
        };
        let text = std::fs::read_to_string(data_dir.running()).map_err(|_| busy())?;
        let running: RunningNode = serde_json::from_str(&text).map_err(|_| busy())?;
        let path = data_dir.token();
        let token = std::fs::read_to_string(&path).with_context(|| format!("cannot read {}", path.display()))?;
        Ok(Self { target: Target::Running(running.http), token: token.trim().to_owned() })
    }

    /// Closes what was opened here.
    pub async fn close(self) {
        if let Target::Here { mut node, router } = self.target {
            drop(router);
            if let Some(node) = node.take() {
                let closing = move || {
                    let finished = node.finish_views();
                    node.close();
                    finished
                };
                if let Ok(Err(fault)) = tokio::task::spawn_blocking(closing).await {
                    tracing::warn!(%fault, "views are left for the next start");
                }
            }
        }
    }

    /// Reads.
    pub async fn get(&self, path: &str) -> anyhow::Result<Answer> {
        self.call(Method::GET, path, None, Vec::new()).await
    }

    /// Sends JSON.
    pub async fn send(&self, method: Method, path: &str, body: &impl Serialize) -> anyhow::Result<Answer> {
        self.call(method, path, Some("application/json"), serde_json::to_vec(body)?).await
    }

    /// Sends bytes.
    pub async fn send_bytes(&self, path: &str, body: Vec<u8>) -> anyhow::Result<Answer> {
        self.call(Method::POST, path, Some("application/octet-stream"), body).await
    }

    /// Sends a request; an answer that denies is an error that says what to change.
    pub async fn call(
        &self,
        method: Method,
        path: &str,
        content_type: Option<&str>,
        body: Vec<u8>,
    ) -> anyhow::Result<Answer> {
        let host = match &self.target {
            Target::Running(address) => address.to_string(),
            Target::Here { .. } => "localhost".into(),
        };
        let mut request = Request::builder()
            .method(method)
            .uri(format!("/api/v1{path}"))
            .header("host", host)
            .header("authorization", format!("Bearer {}", self.token));
        if let Some(content_type) = content_type {
            request = request.header("content-type", content_type);
        }
        let request = request.body(body)?;
        let (status, headers, body) = match &self.target {
            Target::Here { router, .. } => {
                let (head, body) = web_ui::serve::answer(router, request, ANSWER_BYTES_MAX).await.into_parts();
                (head.status, head.headers, body)
            }
            Target::Running(address) => over_loopback(*address, request).await?,
        };
        if status.is_success() {
            return Ok(Answer { headers, body });
        }
        match serde_json::from_slice::<ErrorBody>(&body) {
            Ok(body) if status != StatusCode::INTERNAL_SERVER_ERROR => Err(body.error.into()),
            Ok(body) => Err(anyhow!("{} ({})", body.error.en, body.error.code)),
            Err(_) => Err(anyhow!("the node answered {status}")),
        }
    }
}

async fn over_loopback(
    address: SocketAddr,
    request: Request<Vec<u8>>,
) -> anyhow::Result<(StatusCode, HeaderMap, Vec<u8>)> {
    let stream = tokio::net::TcpStream::connect(address).await.map_err(|_| {
        Denied::new(
            "not_answering",
            "Вузол зараз запускається або зупиняється: зачекайте кілька секунд і повторіть",
            "The node is starting or stopping: wait a few seconds and try again",
        )
    })?;
    let (mut sender, connection) = hyper::client::conn::http1::handshake(TokioIo::new(stream)).await?;
    let driving = tokio::spawn(connection);
    let answer = sender.send_request(request.map(|body| Full::new(hyper::body::Bytes::from(body)))).await?;
    let (head, body) = answer.into_parts();
    let body = http_body_util::Limited::new(body, ANSWER_BYTES_MAX).collect().await;
    let body = body.map_err(|error| anyhow!("{error}"))?.to_bytes().to_vec();
    drop(sender);
    driving.abort();
    Ok((head.status, head.headers, body))
}
