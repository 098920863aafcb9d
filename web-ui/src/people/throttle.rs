//! How long somebody who guesses has to wait: twice as long after each failure, never for ever.

use std::collections::HashMap;

/// The first wait.
const DELAY_MS: u64 = 1_000;
/// The longest wait: whoever goes on guessing for a day has made fewer than fifty guesses.
const DELAY_MS_MAX: u64 = 60 * 60 * 1_000;
/// Failures are forgotten after a day without one.
const FORGOTTEN_MS: u64 = 24 * 60 * 60 * 1_000;
/// Failures without a wait for one account: people mistype.
const FREE_ACCOUNT: u32 = 3;
/// The same for one address: several people may sit behind it.
const FREE_ADDRESS: u32 = 10;
/// Who is watched at once. Beyond it those are forgotten whose wait is over, the oldest first.
const WATCHED_MAX: usize = 4_096;

/// Who guesses.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub(super) enum Guesser {
    /// Strangers who guess at one account.
    Account(String),
    /// One address.
    Address(String),
    /// A device from which this account has signed in before. It has a wait of its own, so that
    /// strangers cannot lock the owner out.
    Device(String, String),
}

#[derive(Clone, Copy, Default)]
struct Failures {
    count: u32,
    last: u64,
}

/// Who has failed how often.
#[derive(Default)]
pub(super) struct Throttle {
    watched: HashMap<Guesser, Failures>,
}

impl Throttle {
    /// How long the guesser still has to wait, in milliseconds.
    pub(super) fn wait(&self, guesser: &Guesser, now: u64) -> u64 {
        let Some(failures) = self.watched.get(guesser) else { return 0 };
        let free = if matches!(guesser, Guesser::Address(_)) { FREE_ADDRESS } else { FREE_ACCOUNT };
        (failures.last + delay(failures.count, free)).saturating_sub(now)
    }

    /// Counts an attempt as failed before it is looked at, so that many at once are not all looked at.
    pub(super) fn charge(&mut self, guesser: Guesser, now: u64) {
        if self.watched.len() >= WATCHED_MAX && !self.watched.contains_key(&guesser) {
            self.forget_one(now);
        }
        let failures = self.watched.entry(guesser).or_default();
        if now.saturating_sub(failures.last) > FORGOTTEN_MS {
            failures.count = 0;
        }
        failures.count = failures.count.saturating_add(1);
        failures.last = now;
    }

    /// The attempt was right after all.
    pub(super) fn clear(&mut self, guesser: &Guesser) {
        self.watched.remove(guesser);
    }

    fn forget_one(&mut self, now: u64) {
        let over = |guesser: &&Guesser| self.wait(guesser, now) == 0;
        let oldest = |guesser: &&Guesser| self.watched.get(*guesser).map_or(0, |failures| failures.last);
        let one =
            self.watched.keys().filter(over).min_by_key(oldest).or_else(|| self.watched.keys().min_by_key(oldest));
        if let Some(one) = one.cloned() {
            self.watched.remove(&one);
        }
    }
}

fn delay(failures: u32, free: u32) -> u64 {
    match failures.checked_sub(free) {
        None | Some(0) => 0,
        Some(over) => {
            DELAY_MS.checked_shl(over - 1).filter(|delay| over < 40 && *delay < DELAY_MS_MAX).unwrap_or(DELAY_MS_MAX)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_of_guessing_gives_few_guesses() {
        let (mut throttle, mut now, mut guesses) = (Throttle::default(), 0, 0);
        let guesser = Guesser::Account("Оксана".into());
        while now < FORGOTTEN_MS {
            now += throttle.wait(&guesser, now).max(1);
            throttle.charge(guesser.clone(), now);
            guesses += 1;
        }
        assert!((30..50).contains(&guesses), "{guesses} guesses in a day");
    }

    #[test]
    fn nobody_waits_for_ever_and_nobody_else_waits() {
        let mut throttle = Throttle::default();
        for _ in 0..100 {
            throttle.charge(Guesser::Account("Оксана".into()), 1_000);
        }
        assert_eq!(throttle.wait(&Guesser::Account("Оксана".into()), 1_000), DELAY_MS_MAX);
        assert_eq!(throttle.wait(&Guesser::Device("Оксана".into(), "d".into()), 1_000), 0);
        assert_eq!(throttle.wait(&Guesser::Account("Іван".into()), 1_000), 0);
    }

    #[test]
    fn a_flood_of_names_takes_bounded_memory() {
        let mut throttle = Throttle::default();
        for n in 0..3 * WATCHED_MAX as u64 {
            throttle.charge(Guesser::Account(n.to_string()), n);
        }
        assert!(throttle.watched.len() <= WATCHED_MAX);
    }
}
