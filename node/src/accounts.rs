//! The people of this computer: accounts, sessions and the log of their deeds, each a file of the
//! data folder that only its owner may read.
//!
//! Files and not the database: what nobody can give back must outlive a database that is set aside
//! and rebuilt, as drafts and keys do.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use serde::Serialize;
use serde::de::DeserializeOwned;
use web_ui::library::LibraryError;
use web_ui::people::{Account, DEEDS_MAX, Deed, People, Session, Setup};

use crate::fault::Fault;
use crate::keyring::write_private;

/// The people of a data folder.
#[derive(Debug)]
pub struct Accounts {
    dir: PathBuf,
    /// Held while the log is written, with how many lines it has; none before the first look.
    log: Mutex<Option<usize>>,
}

impl Accounts {
    /// The people in a data folder.
    #[must_use]
    pub fn new(data_dir: &Path) -> Self {
        Self { dir: data_dir.join("people"), log: Mutex::default() }
    }

    fn read<T: DeserializeOwned + Default>(&self, name: &str) -> Result<T, LibraryError> {
        let path = self.dir.join(name);
        let bytes = match fs::read(&path) {
            Ok(bytes) => bytes,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(T::default()),
            Err(error) => return Err(Fault::file("cannot read", &path)(error).into()),
        };
        // Never as if there were nobody: then whoever comes first would become administrator.
        serde_json::from_slice(&bytes).map_err(|error| Fault::file("cannot understand", &path)(error.into()).into())
    }

    fn keep(&self, name: &str, content: &(impl Serialize + ?Sized)) -> Result<(), LibraryError> {
        let bytes = serde_json::to_vec_pretty(content).map_err(|error| LibraryError::Fault(error.to_string()))?;
        Ok(write_private(&self.dir.join(name), &bytes)?)
    }

    fn lines(&self) -> Result<Vec<Deed>, LibraryError> {
        let path = self.dir.join("deeds.jsonl");
        match fs::read_to_string(&path) {
            // A power cut may leave half a line at the end.
            Ok(text) => Ok(text.lines().filter_map(|line| serde_json::from_str(line).ok()).collect()),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(Vec::new()),
            Err(error) => Err(Fault::file("cannot read", &path)(error).into()),
        }
    }
}

impl People for Accounts {
    fn accounts(&self) -> Result<Vec<Account>, LibraryError> {
        self.read("accounts.json")
    }

    fn keep_accounts(&self, accounts: &[Account]) -> Result<(), LibraryError> {
        self.keep("accounts.json", accounts)
    }

    fn sessions(&self) -> Result<Vec<Session>, LibraryError> {
        self.read("sessions.json")
    }

    fn keep_sessions(&self, sessions: &[Session]) -> Result<(), LibraryError> {
        self.keep("sessions.json", sessions)
    }

    fn deeds(&self) -> Result<Vec<Deed>, LibraryError> {
        let mut deeds = self.lines()?;
        deeds.reverse();
        deeds.truncate(DEEDS_MAX);
        Ok(deeds)
    }

    fn note(&self, deed: &Deed) -> Result<(), LibraryError> {
        let path = self.dir.join("deeds.jsonl");
        let mut lines = self.log.lock().unwrap_or_else(PoisonError::into_inner);
        let count = match *lines {
            Some(count) => count,
            None => self.lines()?.len(),
        };
        let line = serde_json::to_string(deed).map_err(|error| LibraryError::Fault(error.to_string()))?;
        if count == 0 || count >= 2 * DEEDS_MAX {
            let all = self.lines()?;
            let kept = all.iter().skip(all.len().saturating_sub(DEEDS_MAX - 1));
            let kept = kept.filter_map(|deed| serde_json::to_string(deed).ok()).chain([line]);
            let text: String = kept.map(|line| line + "\n").collect();
            write_private(&path, text.as_bytes())?;
            *lines = Some(text.lines().count());
        } else {
            let mut file =
                fs::OpenOptions::new().append(true).open(&path).map_err(Fault::file("cannot open", &path))?;
            file.write_all(format!("{line}\n").as_bytes()).map_err(Fault::file("cannot write", &path))?;
            *lines = Some(count + 1);
        }
        Ok(())
    }

    fn setup(&self) -> Result<Setup, LibraryError> {
        self.read("setup.json")
    }

    fn keep_setup(&self, setup: &Setup) -> Result<(), LibraryError> {
        self.keep("setup.json", setup)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use web_ui::people::Role;

    #[test]
    fn people_are_kept_and_a_broken_file_is_a_fault() {
        let dir = tempfile::tempdir().expect("a folder");
        let people = Accounts::new(dir.path());
        assert_eq!(people.accounts().expect("read"), []);
        let account = Account {
            name: "Оксана".into(),
            role: Role::Editor,
            password: "hash".into(),
            created_at: 1,
            devices: Vec::new(),
        };
        people.keep_accounts(std::slice::from_ref(&account)).expect("kept");
        assert_eq!(Accounts::new(dir.path()).accounts().expect("read"), [account]);
        fs::write(dir.path().join("people/accounts.json"), "{").expect("written");
        assert!(people.accounts().is_err());
    }

    #[test]
    fn the_log_is_bounded_and_reads_last_first() {
        let dir = tempfile::tempdir().expect("a folder");
        let people = Accounts::new(dir.path());
        for at in 0..3 * DEEDS_MAX as u64 {
            let deed = Deed { at, who: "Оксана".into(), what: "published".into(), about: "Толока".into() };
            people.note(&deed).expect("noted");
        }
        let deeds = people.deeds().expect("read");
        assert_eq!((deeds.len(), deeds[0].at), (DEEDS_MAX, 3 * DEEDS_MAX as u64 - 1));
        let bytes = fs::metadata(dir.path().join("people/deeds.jsonl")).expect("there").len();
        assert!(bytes < 2 * DEEDS_MAX as u64 * 120, "{bytes} bytes");
    }
}
