//! The settings of a node: `dosvid.toml` in the data folder. Everything has a default; unknown keys
//! are refused; everything is checked before anything is opened.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};

use anyhow::Context;
use serde::{Deserialize, Serialize};
use web_ui::public::PublicAddress;

use crate::manifest::{BUILT_IN, Manifest};

/// The port of the pages: "dosvid" is not a known service, and 4642 is unassigned.
pub const HTTP_PORT: u16 = 4642;
/// The port on which peers are listened for, TCP and QUIC.
pub const SWARM_PORT: u16 = 4643;

/// The settings as they are written.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Config {
    /// Where the pages and the API are served. Default 127.0.0.1:4642; port 0 takes any free one.
    pub http: SocketAddr,
    /// Multiaddresses to listen on for peers. Default: TCP and QUIC on port 4643 of every address.
    pub listen: Vec<String>,
    /// Multiaddresses of peers to keep up a connection to, beside those of the manifest.
    pub peers: Vec<String>,
    /// Host names under which the pages may be asked for, beside localhost and the address itself.
    pub hosts: Vec<String>,
    /// Where the library is published, pages for reading only. Default: nowhere.
    pub public: Option<SocketAddr>,
    /// Under what address the internet knows it, such as `https://dosvid.example.ua`. Default: the
    /// address of `public` itself.
    pub public_url: Option<String>,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            http: SocketAddr::from(([127, 0, 0, 1], HTTP_PORT)),
            listen: vec![
                format!("/ip4/0.0.0.0/tcp/{SWARM_PORT}"),
                format!("/ip6/::/tcp/{SWARM_PORT}"),
                format!("/ip4/0.0.0.0/udp/{SWARM_PORT}/quic-v1"),
                format!("/ip6/::/udp/{SWARM_PORT}/quic-v1"),
            ],
            peers: Vec::new(),
            hosts: Vec::new(),
            public: None,
            public_url: None,
        }
    }
}

impl Config {
    /// Under what address the library is published from a socket.
    ///
    /// # Errors
    /// What is wrong with the address of the settings.
    pub fn public_address(&self, socket: SocketAddr) -> anyhow::Result<PublicAddress> {
        let address = self.public_url.clone().unwrap_or_else(|| format!("http://{socket}"));
        PublicAddress::parse(&address).context("in public_url")
    }
}

/// Where everything of a node is kept.
#[derive(Clone, Debug)]
pub struct DataDir(pub PathBuf);

impl DataDir {
    /// The folder given, or the system's place for a program's data.
    ///
    /// # Errors
    /// If the system names no such place.
    pub fn choose(given: Option<PathBuf>) -> anyhow::Result<Self> {
        if let Some(given) = given {
            return Ok(Self(given));
        }
        let dirs = directories::ProjectDirs::from("", "", "dosvid")
            .context("this system names no folder for data: give one with --data-dir")?;
        Ok(Self(dirs.data_local_dir().to_owned()))
    }

    /// The settings.
    ///
    /// # Errors
    /// What is wrong, with file and line.
    pub fn config(&self) -> anyhow::Result<Config> {
        let path = self.0.join("dosvid.toml");
        match std::fs::read_to_string(&path) {
            Ok(text) => toml::from_str(&text).with_context(|| format!("in {}", path.display())),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(Config::default()),
            Err(error) => Err(error).with_context(|| format!("cannot read {}", path.display())),
        }
    }

    /// The network manifest: the folder's own, or the one built in.
    ///
    /// # Errors
    /// What is wrong, with file and line.
    pub fn manifest(&self) -> anyhow::Result<Manifest> {
        let path = self.0.join("bootstrap-peers.toml");
        match std::fs::read_to_string(&path) {
            Ok(text) => Manifest::parse(&text).with_context(|| format!("in {}", path.display())),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Manifest::parse(BUILT_IN),
            Err(error) => Err(error).with_context(|| format!("cannot read {}", path.display())),
        }
    }

    /// The folder of the store.
    #[must_use]
    pub fn store(&self) -> PathBuf {
        self.0.join("store")
    }

    /// The folder of the search index.
    #[must_use]
    pub fn index(&self) -> PathBuf {
        self.0.join("index")
    }

    /// The journal.
    #[must_use]
    pub fn journal(&self) -> PathBuf {
        self.0.join("journal.bundle")
    }

    /// The token that programs need to write through the API.
    #[must_use]
    pub fn token(&self) -> PathBuf {
        self.0.join("token")
    }

    /// Which community this node writes for.
    #[must_use]
    pub fn community(&self) -> PathBuf {
        self.0.join("community")
    }

    /// Says where a running node serves its API.
    #[must_use]
    pub fn running(&self) -> PathBuf {
        self.0.join("running.json")
    }

    /// Held while a process has the folder open.
    #[must_use]
    pub fn lock(&self) -> PathBuf {
        self.0.join("lock")
    }

    /// The folder.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.0
    }
}
