//! The keys of this node, each a file of its own that only its owner may read.
//!
//! Three keys, never one for two uses: the *officer* key changes the charter (and may be taken away
//! to a safe), the *device* key signs records, the *transport* key encrypts connections.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};

use crdt::id::PublicKey;
use ed25519_dalek::SigningKey;
use zeroize::Zeroizing;

use crate::fault::Fault;

/// Where keys are kept in the data folder.
#[derive(Clone, Debug)]
pub struct Keyring {
    dir: PathBuf,
}

impl Keyring {
    /// The keys in a data folder.
    pub fn new(data_dir: &Path) -> Self {
        Self { dir: data_dir.join("keys") }
    }

    /// The key that signs records, made on first use.
    ///
    /// # Errors
    /// A fault of the disk.
    pub fn device(&self) -> Result<SigningKey, Fault> {
        self.load_or_create("device.key")
    }

    /// The key that changes the charter, made on first use.
    ///
    /// # Errors
    /// A fault of the disk.
    pub fn officer(&self) -> Result<SigningKey, Fault> {
        self.load_or_create("officer.key")
    }

    /// The seed of the key that encrypts connections, made on first use.
    ///
    /// # Errors
    /// A fault of the disk.
    pub fn transport(&self) -> Result<Zeroizing<[u8; 32]>, Fault> {
        Ok(Zeroizing::new(self.load_or_create("transport.key")?.to_bytes()))
    }

    fn load_or_create(&self, name: &str) -> Result<SigningKey, Fault> {
        let path = self.dir.join(name);
        match fs::read_to_string(&path) {
            Ok(text) => {
                let text = Zeroizing::new(text);
                let seed = data_encoding::HEXLOWER_PERMISSIVE.decode(text.trim().as_bytes()).map(Zeroizing::new).ok();
                let seed: Option<[u8; 32]> = seed.and_then(|seed| seed.as_slice().try_into().ok());
                let seed = seed.ok_or_else(|| Fault::File {
                    action: "cannot understand the key in",
                    path,
                    source: std::io::ErrorKind::InvalidData.into(),
                })?;
                Ok(SigningKey::from_bytes(&seed))
            }
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
                let mut seed = Zeroizing::new([0; 32]);
                random(&mut seed[..]);
                let text = Zeroizing::new(data_encoding::HEXLOWER.encode(&seed[..]));
                write_private(&path, text.as_bytes())?;
                Ok(SigningKey::from_bytes(&seed))
            }
            Err(error) => Err(Fault::file("cannot read the key in", &path)(error)),
        }
    }
}

/// The public half of a key, as records name it.
#[must_use]
pub fn public(key: &SigningKey) -> PublicKey {
    PublicKey(key.verifying_key().to_bytes())
}

/// Fills with random bytes of the operating system.
///
/// # Panics
/// If the system has no randomness, which leaves no safe way to go on.
pub fn random(bytes: &mut [u8]) {
    getrandom::fill(bytes).expect("the operating system gives randomness");
}

/// Writes a file that only its owner may read, whole or not at all, and durably. On Windows the
/// data folder lies in the user's profile, which others cannot read.
///
/// # Errors
/// A fault of the disk.
pub fn write_private(path: &Path, content: &[u8]) -> Result<(), Fault> {
    let cannot = || Fault::file("cannot write", path);
    let folder = path.parent().unwrap_or(Path::new("."));
    fs::create_dir_all(folder).map_err(cannot())?;
    let temporary = path.with_extension("new");
    let mut options = fs::OpenOptions::new();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(&temporary).map_err(cannot())?;
    file.write_all(content).and_then(|()| file.sync_all()).map_err(cannot())?;
    drop(file);
    fs::rename(&temporary, path).map_err(cannot())?;
    crate::journal::sync_folder(path)
}
