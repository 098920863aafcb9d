//! Who somebody is: signing in, sessions, giving the password again, and accounts.

use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, LazyLock, Mutex, MutexGuard, PoisonError};
use std::time::{SystemTime, UNIX_EPOCH};

use axum::http::{HeaderMap, StatusCode, header};
use axum_extra::extract::cookie::Cookie;
use crdt::check::FieldError;
use tokio::sync::Semaphore;

use super::sessions::{self, PROOF_MS_MAX, SEEN_MS};
use super::throttle::{Guesser, Throttle};
use super::{ACCOUNTS_MAX, Account, DEVICES_MAX, Deed, NAME_CHARS_MAX, Role, Session, password};
use crate::error::Failure;
use crate::library::{Library, LibraryError};

/// Passwords hashed at once: two times 19 MiB, and both cores of an old PC for a moment.
const HASHES_MAX: usize = 2;
/// Who waits for a hash at the most; more are told to come back. At 50 ms a hash that is under a second.
const WAITING_MAX: usize = 16;
/// Values of the session's cookie that are looked at: a browser sends one, or two after a move to HTTPS.
const COOKIES_MAX: usize = 4;

/// The session's cookie over HTTP on this computer.
pub(crate) const SESSION: &str = "dosvid_session";
/// The session's cookie over HTTPS: browsers let no other host or path set it.
pub(crate) const SESSION_SECURE: &str = "__Host-dosvid_session";
/// The cookie by which a device is known again at sign-in.
pub(crate) const DEVICE: &str = "dosvid_device";
/// The same over HTTPS.
pub(crate) const DEVICE_SECURE: &str = "__Host-dosvid_device";

/// Somebody who is signed in, as a request knows them.
#[derive(Clone, Debug)]
pub(crate) struct Signed {
    /// The account.
    pub(crate) name: String,
    /// What they may do.
    pub(crate) role: Role,
    /// What their forms carry.
    pub(crate) form_token: String,
    /// Whether the password was given a moment ago.
    pub(crate) proved: bool,
    /// The hash of the session's token.
    pub(crate) session: String,
}

/// What a browser is to keep.
pub(crate) struct Tokens {
    /// The session's token.
    pub(crate) session: String,
    /// The device's token.
    pub(crate) device: String,
}

/// Why somebody could not sign in.
#[derive(Debug)]
pub(crate) enum Refused {
    /// The name or the password is wrong; nobody learns which.
    Wrong,
    /// There were too many attempts: so many seconds to wait.
    Wait(u64),
    /// Too many sign in at once.
    Busy,
    /// A fault.
    Fault(LibraryError),
}

impl From<LibraryError> for Refused {
    fn from(error: LibraryError) -> Self {
        Self::Fault(error)
    }
}

#[derive(Default)]
struct Book {
    accounts: Vec<Account>,
    sessions: Vec<Session>,
}

/// The one place that knows who somebody is.
pub(crate) struct Auth {
    library: Arc<dyn Library>,
    book: Mutex<Option<Book>>,
    throttle: Mutex<Throttle>,
    hashing: Semaphore,
    waiting: AtomicUsize,
    /// Milliseconds by which the clock is ahead of the computer's; 0 but in tests.
    ahead_ms: AtomicU64,
}

type Answer<T> = Result<T, LibraryError>;

impl Auth {
    pub(crate) fn new(library: Arc<dyn Library>) -> Self {
        Self {
            library,
            book: Mutex::default(),
            throttle: Mutex::default(),
            hashing: Semaphore::new(HASHES_MAX),
            waiting: AtomicUsize::new(0),
            ahead_ms: AtomicU64::new(0),
        }
    }

    /// Milliseconds since 1970.
    pub(crate) fn now(&self) -> u64 {
        let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        u64::try_from(since.as_millis()).unwrap_or(u64::MAX).saturating_add(self.ahead_ms.load(Ordering::Relaxed))
    }

    /// Lets time pass.
    #[cfg(test)]
    pub(crate) fn pass(&self, ms: u64) {
        self.ahead_ms.fetch_add(ms, Ordering::Relaxed);
    }

    fn book<T>(&self, look: impl FnOnce(&mut Book) -> Answer<T>) -> Answer<T> {
        let mut book: MutexGuard<'_, Option<Book>> = self.book.lock().unwrap_or_else(PoisonError::into_inner);
        if book.is_none() {
            let people = self.library.people();
            *book = Some(Book { accounts: people.accounts()?, sessions: people.sessions()? });
        }
        look(book.get_or_insert_default())
    }

    fn throttle(&self) -> MutexGuard<'_, Throttle> {
        self.throttle.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Whether anybody can sign in at all.
    pub(crate) fn has_accounts(&self) -> Answer<bool> {
        self.book(|book| Ok(!book.accounts.is_empty()))
    }

    /// Whether nobody has an account yet nor has said that nobody wants one.
    pub(crate) fn is_untouched(&self) -> bool {
        !self.has_accounts().unwrap_or(true) && self.library.people().setup().is_ok_and(|setup| !setup.finished)
    }

    /// The accounts.
    pub(crate) fn accounts(&self) -> Answer<Vec<Account>> {
        self.book(|book| Ok(book.accounts.clone()))
    }

    /// How many sessions of an account stand.
    pub(crate) fn sessions_of(&self, name: &str) -> Answer<usize> {
        let now = self.now();
        let standing = |session: &&Session| session.account == name && sessions::stands(session, now);
        self.book(|book| Ok(book.sessions.iter().filter(standing).count()))
    }

    /// Who sent a request with these headers. Cookies of which two name two sessions name none.
    pub(crate) fn who(&self, headers: &HeaderMap) -> Answer<Option<Signed>> {
        let tokens = cookies(headers, [SESSION_SECURE, SESSION]);
        if tokens.is_empty() {
            return Ok(None);
        }
        let now = self.now();
        self.book(|book| {
            let known = |token: &String| {
                let hash = sessions::hash(token);
                let at = book.sessions.iter().position(|session| session.token == hash)?;
                sessions::stands(&book.sessions[at], now).then_some((at, token.clone()))
            };
            let found: Vec<(usize, String)> = tokens.iter().take(COOKIES_MAX).filter_map(known).collect();
            let Some((at, token)) = found.first() else { return Ok(None) };
            if found.iter().any(|(other, _)| other != at) {
                return Ok(None);
            }
            let session = &mut book.sessions[*at];
            let Some(account) = book.accounts.iter().find(|account| account.name == session.account) else {
                return Ok(None);
            };
            let signed = Signed {
                name: account.name.clone(),
                role: account.role,
                form_token: sessions::form_token(token),
                proved: now.saturating_sub(session.proved_at) < PROOF_MS_MAX,
                session: session.token.clone(),
            };
            if now.saturating_sub(session.seen_at) >= SEEN_MS {
                session.seen_at = now;
                self.library.people().keep_sessions(&book.sessions)?;
            }
            Ok(Some(signed))
        })
    }

    /// Signs somebody in under a session of its own, whatever cookies they came with.
    pub(crate) async fn sign_in(
        &self,
        name: &str,
        given: String,
        headers: &HeaderMap,
        address: String,
    ) -> Result<Tokens, Refused> {
        let (now, wanted) = (self.now(), folded(name));
        let account = self.book(|book| Ok(book.accounts.iter().find(|one| folded(&one.name) == wanted).cloned()))?;
        let device = cookies(headers, [DEVICE_SECURE, DEVICE]).into_iter().next();
        let known = device
            .as_deref()
            .map(sessions::hash)
            .filter(|hash| account.as_ref().is_some_and(|account| account.devices.iter().any(|device| device == hash)));
        let is_known = known.is_some();
        let guessers = match known {
            Some(hash) => vec![Guesser::Device(wanted, hash)],
            None => vec![Guesser::Account(wanted.chars().take(NAME_CHARS_MAX).collect()), Guesser::Address(address)],
        };
        self.check(&guessers, given, account.as_ref(), now).await?;
        let account = account.ok_or(Refused::Wrong)?;
        // A device's token that this node did not make is not taken over.
        let device = if is_known { device } else { None };
        let tokens = Tokens { session: sessions::token(), device: device.unwrap_or_else(sessions::token) };
        self.begin(&account.name, &tokens, now)?;
        Ok(tokens)
    }

    /// Has somebody who is signed in give the password again.
    pub(crate) async fn prove(&self, signed: &Signed, given: String) -> Result<(), Refused> {
        let now = self.now();
        let account = self.book(|book| Ok(book.accounts.iter().find(|one| one.name == signed.name).cloned()))?;
        let guesser = Guesser::Device(folded(&signed.name), "again".into());
        self.check(&[guesser], given, account.as_ref(), now).await?;
        self.change_sessions(|sessions| {
            if let Some(session) = sessions.iter_mut().find(|session| session.token == signed.session) {
                session.proved_at = now;
            }
        })?;
        Ok(())
    }

    async fn check(
        &self,
        guessers: &[Guesser],
        given: String,
        account: Option<&Account>,
        now: u64,
    ) -> Result<(), Refused> {
        {
            let mut throttle = self.throttle();
            let wait = guessers.iter().map(|guesser| throttle.wait(guesser, now)).max().unwrap_or(0);
            if wait > 0 {
                return Err(Refused::Wait(wait.div_ceil(1_000)));
            }
            guessers.iter().for_each(|guesser| throttle.charge(guesser.clone(), now));
        }
        let hash = account.map(|account| account.password.clone());
        let right = self.hashed(move || {
            // Who asks for a name that nobody has waits as long as everybody else.
            static NOBODYS: LazyLock<String> = LazyLock::new(|| password::hash("nobody has this password"));
            let fits = password::fits(&given, hash.as_deref().unwrap_or(&NOBODYS));
            fits && hash.is_some()
        });
        if !right.await? {
            return Err(Refused::Wrong);
        }
        let mut throttle = self.throttle();
        guessers.iter().for_each(|guesser| throttle.clear(guesser));
        Ok(())
    }

    /// Runs a hash where it may block, never more than [`HASHES_MAX`] at once.
    async fn hashed<T: Send + 'static>(&self, hash: impl FnOnce() -> T + Send + 'static) -> Result<T, Refused> {
        let place = Place::take(&self.waiting).ok_or(Refused::Busy)?;
        let _turn = self.hashing.acquire().await;
        let done = tokio::task::spawn_blocking(hash).await;
        drop(place);
        done.map_err(|stopped| Refused::Fault(LibraryError::Fault(format!("hashing a password stopped: {stopped}"))))
    }

    fn begin(&self, name: &str, tokens: &Tokens, now: u64) -> Answer<()> {
        let device = sessions::hash(&tokens.device);
        let session = Session {
            token: sessions::hash(&tokens.session),
            account: name.to_owned(),
            created_at: now,
            seen_at: now,
            proved_at: now,
        };
        self.change_accounts(|accounts| {
            if let Some(account) = accounts.iter_mut().find(|account| account.name == name) {
                account.devices.retain(|known| *known != device);
                account.devices.insert(0, device);
                account.devices.truncate(DEVICES_MAX);
            }
            Ok(())
        })?;
        self.change_sessions(|sessions| sessions::add(sessions, session, now))
    }

    fn change_sessions(&self, change: impl FnOnce(&mut Vec<Session>)) -> Answer<()> {
        self.book(|book| {
            let mut sessions = book.sessions.clone();
            change(&mut sessions);
            self.library.people().keep_sessions(&sessions)?;
            book.sessions = sessions;
            Ok(())
        })
    }

    fn change_accounts(&self, change: impl FnOnce(&mut Vec<Account>) -> Answer<()>) -> Answer<()> {
        self.book(|book| {
            let mut accounts = book.accounts.clone();
            change(&mut accounts)?;
            self.library.people().keep_accounts(&accounts)?;
            book.accounts = accounts;
            Ok(())
        })
    }

    /// Ends one session.
    pub(crate) fn sign_out(&self, signed: &Signed) -> Answer<()> {
        self.change_sessions(|sessions| sessions.retain(|session| session.token != signed.session))
    }

    /// Ends every session of an account, and forgets its devices.
    pub(crate) fn sign_out_everywhere(&self, name: &str) -> Answer<()> {
        self.change_sessions(|sessions| sessions.retain(|session| session.account != name))?;
        self.change_accounts(|accounts| {
            accounts.iter_mut().filter(|account| account.name == name).for_each(|account| account.devices.clear());
            Ok(())
        })
    }

    /// Adds an account.
    pub(crate) async fn add(&self, name: &str, role: Role, given: String) -> Result<(), Refused> {
        let name = name.split_whitespace().collect::<Vec<_>>().join(" ");
        let errors: Vec<FieldError> = name_error(&name).into_iter().chain(password::error(&given, &name)).collect();
        if !errors.is_empty() {
            return Err(LibraryError::Invalid(errors).into());
        }
        let account = Account {
            role,
            password: self.hashed(move || password::hash(&given)).await?,
            created_at: self.now(),
            devices: Vec::new(),
            name,
        };
        Ok(self.change_accounts(|accounts| {
            if accounts.len() >= ACCOUNTS_MAX {
                return Err(denied(
                    "too_many_accounts",
                    "Облікових записів уже забагато: вилучіть зайві",
                    "There are too many accounts already: remove some",
                ));
            }
            if accounts.iter().any(|other| folded(&other.name) == folded(&account.name)) {
                return Err(LibraryError::Invalid(vec![FieldError::new(
                    "name",
                    "taken",
                    "Таке ім’я вже є: візьміть інше".into(),
                    "There is such a name already: take another".into(),
                )]));
            }
            accounts.push(account);
            Ok(())
        })?)
    }

    /// Gives an account another password; all its sessions end.
    pub(crate) async fn set_password(&self, name: &str, given: String) -> Result<(), Refused> {
        if let Some(error) = password::error(&given, name) {
            return Err(LibraryError::Invalid(vec![error]).into());
        }
        let hash = self.hashed(move || password::hash(&given)).await?;
        self.change_account(name, |account| account.password = hash)?;
        self.throttle().clear(&Guesser::Account(folded(name)));
        Ok(self.sign_out_everywhere(name)?)
    }

    /// Gives an account another role.
    pub(crate) fn set_role(&self, name: &str, role: Role) -> Answer<()> {
        self.change_account(name, |account| account.role = role)
    }

    fn change_account(&self, name: &str, change: impl FnOnce(&mut Account)) -> Answer<()> {
        self.change_accounts(|accounts| {
            change(accounts.iter_mut().find(|account| account.name == name).ok_or(LibraryError::NotFound)?);
            has_administrator(accounts)
        })
    }

    /// Removes an account; its sessions end.
    pub(crate) fn remove(&self, name: &str) -> Answer<()> {
        self.change_accounts(|accounts| {
            let before = accounts.len();
            accounts.retain(|account| account.name != name);
            if accounts.len() == before {
                return Err(LibraryError::NotFound);
            }
            has_administrator(accounts)
        })?;
        self.sign_out_everywhere(name)
    }

    /// Remembers what somebody did. A log that cannot be written is no reason to undo the deed.
    pub(crate) fn note(&self, who: &str, what: &str, about: &str) {
        let cut = |text: &str| text.chars().filter(|c| !c.is_control()).take(200).collect::<String>();
        let deed = Deed { at: self.now(), who: cut(who), what: what.to_owned(), about: cut(about) };
        if let Err(error) = self.library.people().note(&deed) {
            tracing::error!(%error, what, "the log of deeds cannot be written");
        }
    }
}

/// A place among those who wait for a hash.
struct Place<'a>(&'a AtomicUsize);

impl<'a> Place<'a> {
    fn take(waiting: &'a AtomicUsize) -> Option<Self> {
        let place = Self(waiting);
        // Dropping the place counts it down again.
        (waiting.fetch_add(1, Ordering::Relaxed) < WAITING_MAX).then_some(place)
    }
}

impl Drop for Place<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}

fn has_administrator(accounts: &[Account]) -> Answer<()> {
    if accounts.iter().any(|account| account.role == Role::Administrator) {
        return Ok(());
    }
    Err(denied(
        "last_administrator",
        "Це останній адміністратор: спершу призначте іншого",
        "This is the last administrator: appoint another first",
    ))
}

fn denied(code: &'static str, uk: &str, en: &str) -> LibraryError {
    LibraryError::Denied { code, uk: uk.into(), en: en.into() }
}

fn name_error(name: &str) -> Option<FieldError> {
    let chars = name.chars().count();
    let wrong = chars == 0 || chars > NAME_CHARS_MAX || name.chars().any(char::is_control);
    wrong.then(|| {
        FieldError::new(
            "name",
            "name",
            format!("Ім’я має містити від 1 до {NAME_CHARS_MAX} знаків"),
            format!("The name must have 1 to {NAME_CHARS_MAX} characters"),
        )
    })
}

/// Names that differ in case or spaces alone are one name.
fn folded(name: &str) -> String {
    name.split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase()
}

/// The values of a cookie under either of its names, those of the first name first.
fn cookies(headers: &HeaderMap, names: [&str; 2]) -> Vec<String> {
    let headers = headers.get_all(header::COOKIE).iter().filter_map(|value| value.to_str().ok());
    let all: Vec<Cookie<'_>> = headers.flat_map(|text| Cookie::split_parse(text).filter_map(Result::ok)).collect();
    let under = |name: &str| {
        let named = all.iter().filter(|cookie| cookie.name() == name).map(|cookie| cookie.value().to_owned());
        named.collect::<Vec<_>>()
    };
    names.into_iter().flat_map(under).collect()
}

impl From<Refused> for Failure {
    fn from(refused: Refused) -> Self {
        match refused {
            Refused::Fault(error) => error.into(),
            Refused::Wrong => Self::new(
                StatusCode::UNAUTHORIZED,
                "wrong_password",
                "Ім’я або пароль неправильні. Перевірте, чи не ввімкнено Caps Lock і чи та розкладка",
                "The name or the password is wrong. Check Caps Lock and the keyboard layout",
            ),
            Refused::Wait(seconds) => Self::new(
                StatusCode::TOO_MANY_REQUESTS,
                "too_many_attempts",
                format!("Забагато невдалих спроб. Спробуйте через {seconds} с"),
                format!("Too many failed attempts. Try again in {seconds} s"),
            ),
            Refused::Busy => Self::new(
                StatusCode::SERVICE_UNAVAILABLE,
                "busy",
                "Зараз входить забагато людей. Спробуйте за кілька секунд",
                "Too many people are signing in. Try again in a few seconds",
            ),
        }
    }
}
