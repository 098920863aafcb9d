//! `dosvid run`: the node with its pages, until it is stopped.

use std::net::SocketAddr;

use anyhow::Context;
use tokio::net::TcpListener;
use tokio::task::JoinHandle;

use super::Outcome;
use super::client::{Denied, RunningNode};
use super::console::out;
use super::stop::StopRequests;
use super::words::{Language, say};
use crate::config::{DataDir, HTTP_PORT};
use crate::fault::Fault;
use crate::node::{InUse, Node};

/// Ports tried after the usual one, when another program has it.
const PORTS_TRIED: u16 = 10;

/// What `dosvid run` may be told.
#[derive(Debug, Default, clap::Args)]
pub struct RunArguments {
    /// Where to serve the pages and the API [default: 127.0.0.1:4642]
    #[arg(long, value_name = "ADDRESS:PORT")]
    http: Option<SocketAddr>,
    /// Where to publish the library on the web, for reading only [default: nowhere]
    #[arg(long, value_name = "ADDRESS:PORT")]
    public: Option<SocketAddr>,
    /// The address under which the internet knows it, such as https://dosvid.example.ua
    #[arg(long, value_name = "URL")]
    public_url: Option<String>,
    /// A multiaddress to listen on for peers, instead of the usual ones; may be given more than once
    #[arg(long, value_name = "MULTIADDRESS")]
    listen: Vec<String>,
    /// A peer to keep up a connection to; may be given more than once
    #[arg(long, value_name = "MULTIADDRESS")]
    peer: Vec<String>,
}

/// Runs until it is stopped, or a fault ends it.
pub async fn run(data_dir: DataDir, arguments: RunArguments, language: Language) -> anyhow::Result<Outcome> {
    let mut requests = StopRequests::listen().context("cannot listen for requests to end")?;
    let overrides = crate::node::Overrides {
        http: arguments.http,
        listen: arguments.listen,
        peers: arguments.peer,
        public: arguments.public,
        public_url: arguments.public_url,
    };
    let node = Node::open_with(data_dir, Some(overrides)).map_err(|error| {
        if error.is::<InUse>() {
            let (uk, en) = (
                "Вузол із цією текою даних уже працює: «dosvid status» покаже його стан",
                "A node is running on this data folder already: “dosvid status” says how it stands",
            );
            return Denied::new("running", uk, en).into();
        }
        error
    })?;
    tracing::info!(folder = %node.data_dir().path().display(), "the data folder");
    let listener = bind(node.config.http).await?;
    let address = listener.local_addr()?;
    announce(&node, address)?;
    let access = web_ui::Access { token: node.token.clone(), hosts: hosts(address, &node.config.hosts) };
    let router = web_ui::router(node.library.clone(), access);
    out!(
        "{}",
        say(language, format!("Сторінка вузла: http://{address}/"), format!("This node's page: http://{address}/"))
    );
    let published = publish(&node, language).await?;
    let (stop, stopped) = tokio::sync::oneshot::channel::<()>();
    let server = tokio::spawn(web_ui::serve::serve(listener, router, async {
        let _ = stopped.await;
    }));
    let mut node = node;
    let ended = tokio::select! {
        () = requests.asked() => Ok(()),
        ended = &mut node.running.ended => {
            ended.unwrap_or_else(|_| Err(Fault::Bug("the node's loop panicked; the log says where".into())))
        }
    };
    if ended.is_err() && store_is_damaged(&ended) {
        node.library.condemn_store();
    }
    let _ = stop.send(());
    // Open event streams would hold the server for ever.
    for server in [Some(server), published].into_iter().flatten() {
        server.abort();
        let _ = server.await;
    }
    tokio::task::spawn_blocking(move || node.close()).await?;
    ended?;
    Ok(Outcome::Done)
}

/// Publishes the library where the settings say so: a second listener that only reads.
async fn publish(node: &Node, language: Language) -> anyhow::Result<Option<JoinHandle<std::io::Result<()>>>> {
    let Some(socket) = node.config.public else { return Ok(None) };
    let listener = TcpListener::bind(socket).await.with_context(|| format!("cannot publish pages at {socket}"))?;
    let socket = listener.local_addr()?;
    let address = node.config.public_address(socket)?;
    let base = address.base().to_owned();
    out!(
        "{}",
        say(
            language,
            format!("Бібліотеку опубліковано лише для читання: {base}/ (з’єднання приймає {socket})"),
            format!("The library is published for reading only: {base}/ (connections are taken at {socket})")
        )
    );
    let router = web_ui::public_router(node.library.clone(), address);
    Ok(Some(tokio::spawn(web_ui::serve::serve_proxy(listener, router, std::future::pending()))))
}

/// Whether the fault is the database's own: it names corruption, or it panicked.
fn store_is_damaged(ended: &Result<(), Fault>) -> bool {
    matches!(ended, Err(Fault::Store { damaged: true, .. }))
        || crate::store::DATABASE_PANICKED.load(std::sync::atomic::Ordering::Relaxed)
}

/// The address of the settings; the ports after it if the usual one is taken.
async fn bind(address: SocketAddr) -> anyhow::Result<TcpListener> {
    let ports =
        if address.port() == HTTP_PORT { HTTP_PORT..=HTTP_PORT + PORTS_TRIED } else { address.port()..=address.port() };
    let mut last = None;
    for port in ports {
        match TcpListener::bind(SocketAddr::new(address.ip(), port)).await {
            Ok(listener) => return Ok(listener),
            Err(error) => last = Some(error),
        }
    }
    let error = last.unwrap_or_else(|| std::io::ErrorKind::AddrInUse.into());
    Err(error).with_context(|| format!("cannot serve pages at {address}"))
}

/// The names under which pages may be asked for: any other is a page of a stranger that points its
/// name at this computer.
fn hosts(address: SocketAddr, more: &[String]) -> Vec<String> {
    let port = address.port();
    let mut hosts = vec![address.to_string()];
    if address.ip().is_loopback() || address.ip().is_unspecified() {
        hosts.extend(["localhost", "127.0.0.1", "[::1]"].map(|name| format!("{name}:{port}")));
    }
    hosts.extend(more.iter().cloned());
    hosts
}

/// Tells the other commands of this folder where to ask.
fn announce(node: &Node, http: SocketAddr) -> anyhow::Result<()> {
    let running = RunningNode { http, pid: std::process::id(), peer: node.peer.clone().unwrap_or_default() };
    crate::keyring::write_private(&node.data_dir().running(), &serde_json::to_vec(&running)?)?;
    Ok(())
}
