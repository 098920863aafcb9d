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

/// Bytes by which a mistyped key is told: one in sixteen million passes.
const CHECK_BYTES: usize = 3;

/// Bytes by which a key is told whose file has rotted.
const FILE_CHECK_BYTES: usize = 8;

/// Says that the officer's key came from a recovery sheet.
const RESTORED: &str = "officer.restored";

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

    /// The officer's key as people write it down, if it is on this computer: the seed and a check of
    /// three bytes in Base32, which has no two letters that look alike, in groups of four.
    ///
    /// # Errors
    /// A fault of the disk.
    pub fn officer_written(&self) -> Result<Option<Zeroizing<String>>, Fault> {
        if !self.dir.join("officer.key").exists() {
            return Ok(None);
        }
        let seed = Zeroizing::new(self.officer()?.to_bytes());
        let mut bytes = Zeroizing::new(seed.to_vec());
        bytes.extend_from_slice(&blake3::hash(&seed[..]).as_bytes()[..CHECK_BYTES]);
        let letters = Zeroizing::new(data_encoding::BASE32_NOPAD.encode(&bytes));
        let groups: Vec<&str> = (0..letters.len()).step_by(4).map(|at| &letters[at..at + 4]).collect();
        Ok(Some(Zeroizing::new(groups.join(" "))))
    }

    /// Brings the officer's key back from what people wrote down. `false` if what is written is not a
    /// whole key; a key that is here already and differs is left alone.
    ///
    /// # Errors
    /// A fault of the disk.
    pub fn restore_officer(&self, written: &str) -> Result<bool, Fault> {
        let letters: Zeroizing<String> =
            Zeroizing::new(written.chars().filter(|c| c.is_ascii_alphanumeric()).collect::<String>().to_uppercase());
        let bytes = data_encoding::BASE32_NOPAD.decode(letters.as_bytes()).map(Zeroizing::new);
        let Some((seed, check)) = bytes.as_ref().ok().and_then(|bytes| bytes.split_at_checked(32)) else {
            return Ok(false);
        };
        if check != &blake3::hash(seed).as_bytes()[..CHECK_BYTES] {
            return Ok(false);
        }
        let path = self.dir.join("officer.key");
        let text = Zeroizing::new(data_encoding::HEXLOWER.encode(seed));
        if path.exists() {
            match self.officer() {
                Ok(here) => return Ok(data_encoding::HEXLOWER.encode(&here.to_bytes()) == *text),
                // What has rotted is replaced.
                Err(Fault::File { why, .. }) if why.kind() == std::io::ErrorKind::InvalidData => {}
                Err(fault) => return Err(fault),
            }
        }
        // Noted first: a key that came from paper never founds another community by itself.
        if !path.exists() {
            write_private(&self.dir.join(RESTORED), b"")?;
        }
        write_private(&path, text.as_bytes()).map(|()| true)
    }

    /// Whether the officer's key came here from a recovery sheet: it belongs to a community that there is.
    #[must_use]
    pub fn officer_is_restored(&self) -> bool {
        self.dir.join(RESTORED).exists()
    }

    fn load_or_create(&self, name: &str) -> Result<SigningKey, Fault> {
        let path = self.dir.join(name);
        match fs::read_to_string(&path) {
            Ok(text) => {
                let text = Zeroizing::new(text);
                let seed = read_seed(&text).ok_or_else(|| Fault::File {
                    action: "cannot understand the key in",
                    path,
                    why: std::io::ErrorKind::InvalidData.into(),
                })?;
                Ok(SigningKey::from_bytes(&seed))
            }
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
                let mut seed = Zeroizing::new([0; 32]);
                random(&mut seed[..]);
                let check = data_encoding::HEXLOWER.encode(&blake3::hash(&seed[..]).as_bytes()[..FILE_CHECK_BYTES]);
                let text = Zeroizing::new(format!("{} {check}", data_encoding::HEXLOWER.encode(&seed[..])));
                write_private(&path, text.as_bytes())?;
                Ok(SigningKey::from_bytes(&seed))
            }
            Err(error) => Err(Fault::file("cannot read the key in", &path)(error)),
        }
    }
}

/// The seed in a key's file, if it is whole. Files of earlier versions have no check.
fn read_seed(text: &str) -> Option<[u8; 32]> {
    let (seed, check) = text.trim().split_once(' ').map_or((text.trim(), None), |(seed, check)| (seed, Some(check)));
    let decode = |text: &str| data_encoding::HEXLOWER_PERMISSIVE.decode(text.as_bytes()).map(Zeroizing::new).ok();
    let seed: [u8; 32] = decode(seed)?.as_slice().try_into().ok()?;
    let whole = match check {
        Some(check) => decode(check)?[..] == blake3::hash(&seed).as_bytes()[..FILE_CHECK_BYTES],
        None => true,
    };
    whole.then_some(seed)
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
    let written = options.open(&temporary).and_then(|mut file| {
        file.write_all(content)?;
        file.sync_all()
    });
    if let Err(error) = written.and_then(|()| fs::rename(&temporary, path)) {
        // Half a file only takes room.
        let _ = fs::remove_file(&temporary);
        return Err(cannot()(error));
    }
    crate::journal::sync_folder(path)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_flipped_bit_makes_another_key() {
        let dir = tempfile::tempdir().expect("a folder");
        let keyring = Keyring::new(dir.path());
        let key = keyring.device().expect("made").to_bytes();
        let path = dir.path().join("keys/device.key");
        let whole = fs::read(&path).expect("read");
        for at in 0..whole.len() * 8 {
            let mut flipped = whole.clone();
            flipped[at / 8] ^= 1 << (at % 8);
            fs::write(&path, &flipped).expect("written");
            // A letter in the other case is the same number.
            assert!(keyring.device().is_ok_and(|read| read.to_bytes() == key) || keyring.device().is_err(), "bit {at}");
        }
        fs::write(&path, data_encoding::HEXLOWER.encode(&key)).expect("written");
        assert_eq!(keyring.device().expect("of an earlier version").to_bytes(), key);
    }

    #[test]
    fn a_key_comes_back_from_the_sheet() {
        let (old, new) = (tempfile::tempdir().expect("a folder"), tempfile::tempdir().expect("a folder"));
        let keyring = Keyring::new(old.path());
        assert!(keyring.officer_written().expect("read").is_none());
        let key = keyring.officer().expect("made");
        let written = keyring.officer_written().expect("read").expect("there");
        assert_eq!(written.split(' ').count(), 14);
        let other = Keyring::new(new.path());
        let mistyped =
            if written.starts_with('A') { written.replacen('A', "B", 1) } else { format!("A{}", &written[1..]) };
        assert!(!other.restore_officer(&mistyped).expect("read") && !other.restore_officer("").expect("read"));
        assert!(other.restore_officer(&written.to_lowercase().replace(' ', "-")).expect("read"));
        assert_eq!(other.officer().expect("read").to_bytes(), key.to_bytes());
    }
}
