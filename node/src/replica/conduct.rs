//! What one peer may cost: requests, rounds of reconciliation, bytes given to it, and records that
//! were of no use. Each of these has a bounded cost of its own, so together they bound the time of the
//! processor that one peer can take.
//!
//! Each is an allowance that fills again. An honest node stays far below: a first copy of the whole
//! library is a few requests a second and its bytes once. Whoever is over an allowance is told to
//! wait; whoever goes on all the same is left for [`LEFT_FOR_MS`], within ten seconds of a flood.

use crdt::id::Timestamp;

use super::arrival::BlockOutcome;
use super::{Effect, PeerName, Replica};
use crate::wire::Request;

/// How long a peer is left, ms.
pub const LEFT_FOR_MS: u64 = 10 * 60 * 1000;
/// Requests at once, and in a second. A first copy of 100,000 records takes ten a second.
const REQUESTS: Allowance = Allowance { at_once: 1_500, a_second: 100 };
/// Rounds of reconciliation. Three times the longest reconciliation at once.
const ROUNDS: Allowance = Allowance { at_once: 192, a_second: 4 };
/// Records that were held already or refused, and what counts as so many.
const USELESS: Allowance = Allowance { at_once: 20_000, a_second: 100 };
/// A refused record costs a signature's check.
const REFUSED_COUNTS: u64 = 10;
/// A block without records, for which a peer was asked.
const EMPTY_COUNTS: u64 = 100;
/// Bytes that are no message or no block: up to a frame of them was read for nothing.
const GARBLED_COUNTS: u64 = 2_000;
/// Bytes given at once: the whole library twice, as long as a record takes up to this many, and
const RECORD_BYTES: u64 = 16 * 1024;
/// this much of a small one; all of it again in ten minutes.
const GIVEN_MIN_BYTES: u64 = 64 * 1024 * 1024;
/// Sessions in which a peer does not give what it says it has, before it is left.
const BROKEN_PROMISES_MAX: u32 = 3;

/// How much of something, in units.
#[derive(Clone, Copy)]
struct Allowance {
    at_once: u64,
    a_second: u64,
}

/// What has been spent of an allowance, in thousandths of units, and when that was last counted.
#[derive(Default)]
struct Spent {
    thousandths: u64,
    at: Timestamp,
}

impl Spent {
    /// Spends; says how much over the allowance that is, in units.
    fn spend(&mut self, units: u64, of: Allowance, now: Timestamp) -> Verdict {
        let elapsed = now.0.saturating_sub(self.at.0);
        self.at = now;
        self.thousandths = self.thousandths.saturating_sub(elapsed.saturating_mul(of.a_second));
        self.thousandths = self.thousandths.saturating_add(units.saturating_mul(1_000));
        let most = of.at_once.saturating_mul(1_000);
        if self.thousandths <= most {
            Verdict::Fine
        } else if self.thousandths <= most + most / 4 {
            Verdict::Wait
        } else {
            Verdict::Leave
        }
    }
}

/// What to do about a peer.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Verdict {
    Fine,
    Wait,
    Leave,
}

/// How a peer has behaved so far.
#[derive(Default)]
pub(super) struct Conduct {
    requests: Spent,
    rounds: Spent,
    given: Spent,
    useless: Spent,
    broken_promises: u32,
    /// Until when nothing is to do with it.
    left_until: Option<Timestamp>,
    /// Whether the connection is still to be broken.
    to_hang_up: bool,
}

impl Conduct {
    pub(super) fn is_left(&self, now: Timestamp) -> bool {
        self.left_until.is_some_and(|until| now < until)
    }

    fn judge(&mut self, verdict: Verdict, now: Timestamp) -> Verdict {
        if verdict == Verdict::Leave {
            self.left_until = Some(now.plus_ms(LEFT_FOR_MS));
            self.to_hang_up = true;
        }
        verdict
    }
}

impl Replica {
    /// Whether a peer's request is to be answered.
    pub(super) fn may_ask(&mut self, peer: &PeerName, request: &Request) -> bool {
        let now = self.now;
        let Some(state) = self.peers.get_mut(peer) else { return true };
        let conduct = &mut state.conduct;
        if conduct.is_left(now) {
            conduct.to_hang_up = true;
            return false;
        }
        let mut verdict = conduct.requests.spend(1, REQUESTS, now);
        if verdict == Verdict::Fine && matches!(request, Request::Reconcile(_)) {
            verdict = conduct.rounds.spend(1, ROUNDS, now);
        }
        conduct.judge(verdict, now) == Verdict::Fine
    }

    /// Whether so many bytes more are to be given to a peer.
    pub(super) fn may_have(&mut self, peer: &PeerName, bytes: usize) -> bool {
        let (now, records) = (self.now, self.store.totals().records);
        let at_once = records.saturating_mul(2 * RECORD_BYTES).saturating_add(GIVEN_MIN_BYTES);
        let allowance = Allowance { at_once, a_second: at_once / 600 };
        let Some(state) = self.peers.get_mut(peer) else { return true };
        let verdict = state.conduct.given.spend(bytes as u64, allowance, now);
        state.conduct.judge(verdict, now) == Verdict::Fine
    }

    /// Counts what came of a block; says whether the peer may go on sending some.
    pub(super) fn count(&mut self, peer: &PeerName, outcome: &BlockOutcome, bytes: usize) -> bool {
        let (now, held) = (self.now, self.store.totals().records);
        let Some(state) = self.peers.get_mut(peer) else { return true };
        state.received_bytes += bytes as u64;
        state.received += outcome.new.len() as u64;
        state.refused += outcome.refused_count();
        let refused: u64 = outcome.refused.values().sum();
        let mut useless = outcome.known + outcome.withdrawn + refused * REFUSED_COUNTS;
        if outcome.damaged {
            useless += GARBLED_COUNTS;
        } else if *outcome == BlockOutcome::default() {
            useless += EMPTY_COUNTS;
        }
        // Whoever holds what we hold may send all of it once.
        let allowance = Allowance { at_once: USELESS.at_once + held, ..USELESS };
        let verdict = state.conduct.useless.spend(useless, allowance, now);
        state.conduct.judge(verdict, now) == Verdict::Fine
    }

    /// A peer sent bytes that are no message.
    pub(super) fn garbled(&mut self, peer: &PeerName) {
        let now = self.now;
        let Some(state) = self.peers.get_mut(peer) else { return };
        state.refused += 1;
        let verdict = state.conduct.useless.spend(GARBLED_COUNTS, USELESS, now);
        state.conduct.judge(verdict, now);
    }

    /// A session has ended in which a peer gave what it said it has, or did not.
    pub(super) fn promised(&mut self, peer: &PeerName, kept: bool) {
        let now = self.now;
        let Some(state) = self.peers.get_mut(peer) else { return };
        state.conduct.broken_promises = if kept { 0 } else { state.conduct.broken_promises + 1 };
        if state.conduct.broken_promises >= BROKEN_PROMISES_MAX {
            state.conduct.broken_promises = 0;
            state.conduct.judge(Verdict::Leave, now);
        }
    }

    /// Breaks with a peer that is to be left.
    pub(super) fn part(&mut self, peer: &PeerName, effects: &mut Vec<Effect>) {
        let Some(state) = self.peers.get_mut(peer).filter(|state| state.conduct.to_hang_up) else { return };
        state.conduct.to_hang_up = false;
        state.session = None;
        tracing::warn!(address = %state.address, agent = %state.agent, "leaving a peer that costs too much");
        effects.push(Effect::HangUp(peer.clone()));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_allowance_fills_again() {
        let mut spent = Spent::default();
        let allowance = Allowance { at_once: 10, a_second: 2 };
        let at = |ms: u64| Timestamp(1_000_000 + ms);
        assert_eq!(spent.spend(10, allowance, at(0)), Verdict::Fine);
        assert_eq!(spent.spend(2, allowance, at(0)), Verdict::Wait);
        assert_eq!(spent.spend(1, allowance, at(0)), Verdict::Leave);
        assert_eq!(spent.spend(2, allowance, at(2_500)), Verdict::Fine);
        assert_eq!(spent.spend(1, allowance, at(2_400)), Verdict::Wait, "a clock that is set back gives nothing");
    }

    #[test]
    fn a_flood_is_over_within_ten_seconds() {
        for (allowance, a_second) in [(REQUESTS, 300), (ROUNDS, 30)] {
            let mut spent = Spent::default();
            let all = 10 * a_second;
            let left = (0..all).any(|n| spent.spend(1, allowance, Timestamp(n * 1_000 / a_second)) == Verdict::Leave);
            assert!(left, "{a_second} a second");
        }
    }
}
