//! Sessions: random tokens in browsers, their hashes here.

use super::Session;

/// A session ends when it was not used so long: a working day.
pub(super) const IDLE_MS_MAX: u64 = 8 * 60 * 60 * 1_000;
/// A session ends so long after it began, used or not.
pub(super) const LIFE_MS_MAX: u64 = 7 * 24 * 60 * 60 * 1_000;
/// How long a password that was given counts: publishing as the community needs one that does.
pub(super) const PROOF_MS_MAX: u64 = 10 * 60 * 1_000;
/// Uses of a session nearer together are not written to the disk.
pub(super) const SEEN_MS: u64 = 5 * 60 * 1_000;
/// Sessions of one account: a person has two or three browsers. The oldest ends for a new one.
const SESSIONS_OF_ONE_MAX: usize = 10;

/// A fresh token: 256 bits of the operating system, hexadecimal.
pub(super) fn token() -> String {
    let mut bytes = [0; 32];
    getrandom::fill(&mut bytes).expect("the operating system gives randomness");
    blake3::Hash::from_bytes(bytes).to_hex().to_string()
}

/// What is kept of a token. Random in all its bits, so a fast hash hides it.
pub(super) fn hash(token: &str) -> String {
    blake3::derive_key("dosvid 2026-11 session token", token.as_bytes())
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect()
}

/// What the forms of a session carry: it proves that the form was rendered for it.
pub(super) fn form_token(token: &str) -> String {
    blake3::derive_key("dosvid 2026-11 form token", token.as_bytes()).iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Whether a session still stands.
pub(super) fn stands(session: &Session, now: u64) -> bool {
    now.saturating_sub(session.seen_at) < IDLE_MS_MAX && now.saturating_sub(session.created_at) < LIFE_MS_MAX
}

/// Adds a session, dropping those that have ended and the oldest of the account over its bound.
pub(super) fn add(sessions: &mut Vec<Session>, session: Session, now: u64) {
    sessions.retain(|other| stands(other, now));
    while sessions.iter().filter(|other| other.account == session.account).count() >= SESSIONS_OF_ONE_MAX {
        let own = sessions.iter().enumerate().filter(|(_, other)| other.account == session.account);
        let Some((oldest, _)) = own.min_by_key(|(_, other)| other.seen_at) else { break };
        sessions.remove(oldest);
    }
    sessions.push(session);
}

#[cfg(test)]
mod tests {
    use super::*;

    fn session(token: &str, at: u64) -> Session {
        Session { token: token.into(), account: "Оксана".into(), created_at: at, seen_at: at, proved_at: at }
    }

    #[test]
    fn a_session_ends_unused_and_in_any_case() {
        assert!(stands(&session("a", 0), IDLE_MS_MAX - 1) && !stands(&session("a", 0), IDLE_MS_MAX));
        let used = Session { seen_at: LIFE_MS_MAX, ..session("a", 0) };
        assert!(!stands(&used, LIFE_MS_MAX));
    }

    #[test]
    fn an_account_has_so_many_sessions() {
        let mut sessions = Vec::new();
        for n in 0..30 {
            add(&mut sessions, session(&n.to_string(), n), n);
        }
        assert_eq!(sessions.len(), SESSIONS_OF_ONE_MAX);
        assert_eq!(sessions[0].token, "20");
    }

    #[test]
    fn tokens_are_random_and_their_uses_differ() {
        let (a, b) = (token(), token());
        assert!(a != b && a.len() == 64);
        assert!(hash(&a) != form_token(&a) && hash(&a) != hash(&b));
    }
}
