//! A node as a whole: what is opened in which order, and what is said about what was found.

use std::collections::HashSet;
use std::fs::{File, TryLockError};
use std::net::SocketAddr;
use std::sync::Arc;

use anyhow::Context;
use ed25519_dalek::SigningKey;
use web_ui::library::{Note, Warning};
use web_ui::public::PublicAddress;

use crate::accounts::Accounts;
use crate::config::{Config, DataDir};
use crate::derive::Deriver;
use crate::fault::Fault;
use crate::index::Index;
use crate::journal::{Journal, Tail};
use crate::keyring::{Keyring, public, random};
use crate::library::{NodeLibrary, Registry};
use crate::manifest::Manifest;
use crate::notes::{self, Notes};
#[cfg(feature = "press")]
use crate::press::Press;
use crate::replica::{Identity, Replica, rejournal};
use crate::run::{self, Running};
use crate::store::{Opened, Store};
use crate::swarm::{Swarm, SwarmConfig};
use crate::uploads::UploadFiles;

/// An open node.
pub struct Node {
    /// What pages and programs ask.
    pub library: Arc<NodeLibrary>,
    /// The loop and its threads.
    pub running: Running,
    /// The token that writing through the API needs.
    pub token: String,
    /// The settings.
    pub config: Config,
    /// This node's name on the wire, and where it listens; empty without a network.
    pub peer: Option<String>,
    data_dir: DataDir,
    /// Held as long as the node is open.
    _lock: File,
}

/// What a command line may say instead of the settings.
#[derive(Debug, Default)]
pub struct Overrides {
    /// Where to serve pages.
    pub http: Option<SocketAddr>,
    /// Where to listen for peers, unless empty.
    pub listen: Vec<String>,
    /// More peers to dial.
    pub peers: Vec<String>,
    /// Where to publish the library.
    pub public: Option<SocketAddr>,
    /// Under what address.
    pub public_url: Option<String>,
}

impl Overrides {
    fn apply(self, config: &mut Config) {
        config.http = self.http.unwrap_or(config.http);
        if !self.listen.is_empty() {
            config.listen = self.listen;
        }
        config.peers.extend(self.peers);
        config.public = self.public.or(config.public);
        config.public_url = self.public_url.or(config.public_url.take());
    }
}

/// Whether the folder is open in another process.
#[derive(Debug, thiserror::Error)]
#[error("a node is running on this data folder")]
pub struct InUse;

impl Node {
    /// Opens the data folder without a network, for one command.
    ///
    /// # Errors
    /// As [`Node::open_with`].
    pub fn open(data_dir: DataDir) -> anyhow::Result<Self> {
        Self::open_with(data_dir, None)
    }

    /// Opens the data folder and starts the loop; with `network`, also listens and dials. Must be
    /// called in a tokio runtime.
    ///
    /// # Errors
    /// [`InUse`], a fault, or settings that cannot be used.
    pub fn open_with(data_dir: DataDir, network: Option<Overrides>) -> anyhow::Result<Self> {
        std::fs::create_dir_all(data_dir.path())
            .with_context(|| format!("cannot create the data folder {}", data_dir.path().display()))?;
        crate::journal::sync_folder(data_dir.path())?;
        let lock = lock(&data_dir)?;
        let mut config = data_dir.config()?;
        let network = network.map(|overrides| overrides.apply(&mut config)).is_some();
        if let Some(socket) = config.public {
            config.public_address(socket)?;
        }
        let known_as = config.public_url.as_deref().map(PublicAddress::parse).transpose().context("in public_url")?;
        let manifest = data_dir.manifest()?;
        let keyring = Keyring::new(data_dir.path());
        let device = keyring.device()?;
        let token = token(&data_dir)?;
        let Opened { store, set_aside, fresh } =
            Store::open(&data_dir.store(), manifest.network, manifest.admission.clone())?;
        let hidden = Notes::new(data_dir.path()).read(&Note::Hidden)?;
        store.keep_hidden(hidden.as_ref().map(notes::hidden).unwrap_or_default());
        let store = Arc::new(store);
        let (journal, tail, mut warnings) = open_journal(&data_dir, &store, &device, set_aside.is_some(), fresh)?;
        warnings.extend(officer_key_damaged(&keyring));
        let deriver = Deriver::new(data_dir.path())?;
        let deriver = Arc::new(match std::env::current_exe() {
            Ok(program) => deriver.with_trial(program),
            Err(_) => deriver,
        });
        let identity = identity(&data_dir, &device)?;
        let charter = identity.as_ref().map(|own| store.charter_of(&own.community)).transpose()?.flatten();
        let code = charter.map(|charter| charter.code.clone());
        if network {
            config.peers.extend(crate::peers::added(data_dir.path())?);
        }
        let swarm = network.then(|| swarm(&keyring, &config, &manifest)).transpose()?;
        let peer = swarm.as_ref().map(Swarm::peer_id);
        let mut replica = Replica::new(
            Arc::clone(&store),
            Arc::clone(&deriver),
            journal,
            identity,
            Box::new(|bytes: &mut [u8]| random(bytes)),
        );
        if let Some(code) = code {
            replica.introduce_as(&code);
        }
        restore(&mut replica, &store, &deriver, tail)?;
        let index = Arc::new(Index::new(data_dir.index(), Arc::clone(&store)));
        if network {
            index.start()?;
        }
        let running = run::start(&store, &deriver, &index, replica, swarm)?;
        let library = Arc::new(NodeLibrary {
            #[cfg(feature = "press")]
            press: Press::default(),
            store,
            deriver,
            index,
            handle: running.handle.clone(),
            network: manifest.name,
            device: public(&device).to_string(),
            people: Accounts::new(data_dir.path()),
            uploads: UploadFiles::new(data_dir.path()),
            data_dir: data_dir.clone(),
            started_at: run::now(),
            registry: Registry::new(running.handle.subscribe()),
            public: known_as,
            warnings,
        });
        Ok(Self { library, running, token, config, peer, data_dir, _lock: lock })
    }

    /// Derives every view that is pending: a command that wrote leaves nothing half done.
    ///
    /// # Errors
    /// A fault of the store.
    pub fn finish_views(&self) -> Result<(), Fault> {
        loop {
            let pending = self.library.store.pending(64)?;
            let mut moved = false;
            for document in &pending {
                moved |= self.library.deriver.derive(&self.library.store, document)?.is_some();
            }
            if !moved {
                return Ok(());
            }
        }
    }

    /// Stops everything.
    pub fn close(self) {
        let Self { library, running, data_dir, .. } = self;
        library.index.stop();
        drop(library);
        running.stop();
        let _ = std::fs::remove_file(data_dir.running());
    }

    /// The data folder.
    pub fn data_dir(&self) -> &DataDir {
        &self.data_dir
    }
}

fn lock(data_dir: &DataDir) -> anyhow::Result<File> {
    let path = data_dir.lock();
    let file = File::options()
        .create(true)
        .write(true)
        .truncate(false)
        .open(&path)
        .map_err(Fault::file("cannot open", &path))?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(TryLockError::WouldBlock) => Err(InUse.into()),
        Err(TryLockError::Error(error)) => Err(Fault::file("cannot lock", &path)(error).into()),
    }
}

/// The API's token, made on first use.
fn token(data_dir: &DataDir) -> anyhow::Result<String> {
    let path = data_dir.token();
    if let Ok(token) = std::fs::read_to_string(&path)
        && token.trim().len() >= 32
    {
        return Ok(token.trim().to_owned());
    }
    let mut bytes = [0; 32];
    random(&mut bytes);
    let token = data_encoding::HEXLOWER.encode(&bytes);
    crate::keyring::write_private(&path, token.as_bytes())?;
    Ok(token)
}

fn swarm(keyring: &Keyring, config: &Config, manifest: &Manifest) -> anyhow::Result<Swarm> {
    let peers = config.peers.iter().chain(&manifest.peers).cloned().collect();
    let network = manifest.name.clone();
    let listen = config.listen.clone();
    Ok(Swarm::start(SwarmConfig { seed: keyring.transport()?, network, listen, peers })?)
}

fn identity(data_dir: &DataDir, device: &SigningKey) -> anyhow::Result<Option<Identity>> {
    let path = data_dir.community();
    match std::fs::read_to_string(&path) {
        Ok(text) => {
            let community = text.parse().with_context(|| format!("in {}", path.display()))?;
            Ok(Some(Identity { community, device: device.clone() }))
        }
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error).with_context(|| format!("cannot read {}", path.display())),
    }
}

/// What people should know of a key that nothing reads before it is needed.
fn officer_key_damaged(keyring: &Keyring) -> Option<Warning> {
    let fault = keyring.officer_written().err()?;
    tracing::error!(%fault, "the officer's key cannot be used");
    Some(Warning {
        code: "officer_key_damaged".into(),
        uk: "Файл keys/officer.key пошкоджено: відновіть ключ посадової особи з аркуша відновлення".into(),
        en: "The file keys/officer.key is damaged: bring the officer's key back from the recovery sheet".into(),
    })
}

/// Opens the journal where the store left off. A journal that lost records which the store has
/// gets them back.
fn open_journal(
    data_dir: &DataDir,
    store: &Store,
    device: &SigningKey,
    was_damaged: bool,
    fresh: bool,
) -> anyhow::Result<(Journal, Tail, Vec<Warning>)> {
    let noted = store.note("journal")?.and_then(|bytes| bytes.try_into().ok()).map_or(0, u64::from_be_bytes);
    let (mut journal, tail) = Journal::open(&data_dir.journal(), noted)?;
    let mut warnings = Vec::new();
    if was_damaged || (fresh && !journal.is_empty()) {
        warnings.push(Warning {
            code: "store_rebuilt".into(),
            uk: "Сховище було пошкоджене або зникло. Власні записи відновлено з журналу, решту вузол бере в інших вузлів".into(),
            en: "The store was damaged or gone. Own records came back from the journal, the rest comes from peers".into(),
        });
    }
    if tail.damaged {
        warnings.push(Warning {
            code: "journal_damaged".into(),
            uk: "Частина журналу власних записів пошкоджена: перевірте, чи всі ваші записи на місці".into(),
            en: "A part of the journal of own records is damaged: check that all your records are there".into(),
        });
    }
    if journal.len() < noted {
        tracing::warn!("the journal is shorter than it was; writing own records to it again");
        rejournal(store, &mut journal, &public(device), &HashSet::new())?;
        store.set_note("journal", &journal.len().to_be_bytes())?;
    }
    Ok((journal, tail, warnings))
}

/// Views that are derived before the node answers, after a power cut: under half a second.
const RESTORED_AT_ONCE: usize = 256;

/// Takes what the journal has and the store lost.
fn restore(replica: &mut Replica, store: &Store, deriver: &Deriver, tail: Tail) -> anyhow::Result<()> {
    if tail.records.is_empty() {
        return Ok(());
    }
    let mut effects = Vec::new();
    let outcome = replica.take_records(tail.records, &mut effects)?;
    if !outcome.new.is_empty() {
        tracing::info!(records = outcome.new.len(), "restored from the journal what the store had lost");
    }
    store.set_note("journal", &replica.journal_len().to_be_bytes())?;
    store.sync()?;
    // What was published can be read as soon as the node answers; a whole journal may take longer.
    for document in store.pending(RESTORED_AT_ONCE)? {
        deriver.derive(store, &document)?;
    }
    Ok(())
}
