//! People in memory.

use std::sync::{Mutex, PoisonError};

use crate::library::LibraryError;
use crate::people::{Account, Deed, People, Session, Setup};

/// What is kept of people.
#[derive(Default)]
pub struct FakePeople {
    kept: Mutex<Kept>,
}

#[derive(Default)]
struct Kept {
    accounts: Vec<Account>,
    sessions: Vec<Session>,
    deeds: Vec<Deed>,
    setup: Setup,
}

impl FakePeople {
    fn with<T>(&self, look: impl FnOnce(&mut Kept) -> T) -> Result<T, LibraryError> {
        Ok(look(&mut self.kept.lock().unwrap_or_else(PoisonError::into_inner)))
    }
}

impl People for FakePeople {
    fn accounts(&self) -> Result<Vec<Account>, LibraryError> {
        self.with(|kept| kept.accounts.clone())
    }

    fn keep_accounts(&self, accounts: &[Account]) -> Result<(), LibraryError> {
        self.with(|kept| kept.accounts = accounts.to_vec())
    }

    fn sessions(&self) -> Result<Vec<Session>, LibraryError> {
        self.with(|kept| kept.sessions.clone())
    }

    fn keep_sessions(&self, sessions: &[Session]) -> Result<(), LibraryError> {
        self.with(|kept| kept.sessions = sessions.to_vec())
    }

    fn deeds(&self) -> Result<Vec<Deed>, LibraryError> {
        self.with(|kept| kept.deeds.iter().rev().cloned().collect())
    }

    fn note(&self, deed: &Deed) -> Result<(), LibraryError> {
        self.with(|kept| kept.deeds.push(deed.clone()))
    }

    fn setup(&self) -> Result<Setup, LibraryError> {
        self.with(|kept| kept.setup.clone())
    }

    fn keep_setup(&self, setup: &Setup) -> Result<(), LibraryError> {
        self.with(|kept| kept.setup = setup.clone())
    }
}
