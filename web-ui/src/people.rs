//! The people of this computer: local accounts, their sessions and what they did. None of it is ever
//! replicated; the node keeps it beside the keys.

pub(crate) mod auth;
pub(crate) mod password;
mod sessions;
mod throttle;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::library::LibraryError;

/// Accounts at the most. A municipality has a handful; the bound is against a program that never stops.
pub const ACCOUNTS_MAX: usize = 200;
/// Characters of an account's name at the most: a full name with a post.
pub const NAME_CHARS_MAX: usize = 60;
/// Deeds that are remembered: over a year of a busy node, and still one page of a file.
pub const DEEDS_MAX: usize = 2_000;
/// Devices from which an account has signed in that are told apart from strangers'.
pub const DEVICES_MAX: usize = 8;

/// What somebody may do.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// Reads.
    Reader,
    /// Writes and publishes as the community.
    Editor,
    /// All that, and accounts.
    Administrator,
}

impl Role {
    /// Every role, those who may do most first.
    pub const ALL: [Self; 3] = [Self::Administrator, Self::Editor, Self::Reader];

    /// Its name in forms and in the API.
    #[must_use]
    pub const fn key(self) -> &'static str {
        match self {
            Self::Administrator => "administrator",
            Self::Editor => "editor",
            Self::Reader => "reader",
        }
    }

    /// The role of a name.
    #[must_use]
    pub fn from_key(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|role| role.key() == key)
    }
}

/// Somebody who may sign in.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Account {
    /// What they type to sign in, and what the log calls them.
    pub name: String,
    /// What they may do.
    pub role: Role,
    /// The password's Argon2id hash with its parameters, as a PHC string.
    pub password: String,
    /// When it was made, milliseconds since 1970.
    pub created_at: u64,
    /// Hashes of the tokens of devices from which this account has signed in, last first.
    #[serde(default)]
    pub devices: Vec<String>,
}

/// Somebody who is signed in. The token itself is only in their browser.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Session {
    /// The hash of the token.
    pub token: String,
    /// Whose it is.
    pub account: String,
    /// When it began, milliseconds since 1970.
    pub created_at: u64,
    /// When it was last used.
    pub seen_at: u64,
    /// When the password was last given.
    pub proved_at: u64,
}

/// Something that somebody did.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, ToSchema)]
pub struct Deed {
    /// When, milliseconds since 1970.
    pub at: u64,
    /// The account; empty if nobody was signed in.
    pub who: String,
    /// A short name, such as `signed_in`; of records with the key of their kind: `published:practice`.
    pub what: String,
    /// What it was done to: a title, an account, a document.
    pub about: String,
}

/// Where a node keeps its people. Everything kept is on the disk when a method returns.
pub trait People: Send + Sync {
    /// The accounts.
    ///
    /// # Errors
    /// A fault of the disk, as for every method of this trait.
    fn accounts(&self) -> Result<Vec<Account>, LibraryError>;
    /// Keeps the accounts as they are now.
    ///
    /// # Errors
    /// A fault of the disk.
    fn keep_accounts(&self, accounts: &[Account]) -> Result<(), LibraryError>;
    /// The sessions.
    ///
    /// # Errors
    /// A fault of the disk.
    fn sessions(&self) -> Result<Vec<Session>, LibraryError>;
    /// Keeps the sessions as they are now.
    ///
    /// # Errors
    /// A fault of the disk.
    fn keep_sessions(&self, sessions: &[Session]) -> Result<(), LibraryError>;
    /// What was done, last first, at most [`DEEDS_MAX`].
    ///
    /// # Errors
    /// A fault of the disk.
    fn deeds(&self) -> Result<Vec<Deed>, LibraryError>;
    /// Remembers what was done.
    ///
    /// # Errors
    /// A fault of the disk.
    fn note(&self, deed: &Deed) -> Result<(), LibraryError>;
    /// How far this computer has been set up; empty before that.
    ///
    /// # Errors
    /// A fault of the disk.
    fn setup(&self) -> Result<Setup, LibraryError>;
    /// Keeps how far this computer has been set up.
    ///
    /// # Errors
    /// A fault of the disk.
    fn keep_setup(&self, setup: &Setup) -> Result<(), LibraryError>;
}

/// How far this computer has been set up.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Setup {
    /// When somebody said that the recovery sheet is printed, milliseconds since 1970.
    pub sheet_printed_at: Option<u64>,
    /// Whether somebody chose that this node only reads.
    pub only_reads: bool,
    /// Whether the first run was gone through to its end.
    pub finished: bool,
}

/// For a library without people: nobody can sign in, and nobody can be added.
pub struct Nobody;

impl People for Nobody {
    fn accounts(&self) -> Result<Vec<Account>, LibraryError> {
        Ok(Vec::new())
    }

    fn keep_accounts(&self, _: &[Account]) -> Result<(), LibraryError> {
        Err(LibraryError::NotFound)
    }

    fn sessions(&self) -> Result<Vec<Session>, LibraryError> {
        Ok(Vec::new())
    }

    fn keep_sessions(&self, _: &[Session]) -> Result<(), LibraryError> {
        Err(LibraryError::NotFound)
    }

    fn deeds(&self) -> Result<Vec<Deed>, LibraryError> {
        Ok(Vec::new())
    }

    fn note(&self, _: &Deed) -> Result<(), LibraryError> {
        Ok(())
    }

    fn setup(&self) -> Result<Setup, LibraryError> {
        Ok(Setup { finished: true, ..Setup::default() })
    }

    fn keep_setup(&self, _: &Setup) -> Result<(), LibraryError> {
        Ok(())
    }
}
