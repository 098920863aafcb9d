//! Links that are kept up: whom to dial, and when again.

use std::time::Duration;

use libp2p::swarm::dial_opts::DialOpts;
use libp2p::{Multiaddr, PeerId};

use super::{Swarm, SwarmError, named, parse};

/// Between two attempts at a peer that cannot be reached, seconds: doubling from the first to the last.
const REDIAL_FIRST_S: u64 = 1;
const REDIAL_LAST_S: u64 = 300;

/// A peer to whom the connection is kept up.
pub(super) struct Wanted {
    pub(super) address: Multiaddr,
    pub(super) peer: Option<PeerId>,
    wait_s: u64,
    next: tokio::time::Instant,
}

impl Swarm {
    /// Keeps up a connection to a peer from now on. Whoever says an address again need not wait for the next attempt.
    ///
    /// # Errors
    /// [`SwarmError::Address`], [`SwarmError::Oneself`].
    pub fn want(&mut self, address: &str) -> Result<(), SwarmError> {
        let given = address;
        let address = parse(given)?;
        if self.is_own(&address) {
            return Err(SwarmError::Oneself(given.to_owned()));
        }
        let peer = named(&address);
        let next = tokio::time::Instant::now();
        if let Some(wanted) = self.wanted.iter_mut().find(|wanted| wanted.address == address) {
            (wanted.wait_s, wanted.next) = (REDIAL_FIRST_S, next);
            return Ok(());
        }
        self.wanted.push(Wanted { address, peer, wait_s: REDIAL_FIRST_S, next });
        Ok(())
    }

    /// Keeps up a connection to a peer no more, and ends the one that stands unless another address
    /// leads to the same node. That node may call again by itself.
    ///
    /// # Errors
    /// [`SwarmError::Address`].
    pub fn unwant(&mut self, address: &str) -> Result<(), SwarmError> {
        let address = parse(address)?;
        let (gone, left): (Vec<Wanted>, Vec<Wanted>) =
            std::mem::take(&mut self.wanted).into_iter().partition(|wanted| wanted.address == address);
        self.wanted = left;
        for peer in gone.into_iter().filter_map(|wanted| wanted.peer) {
            if !self.wanted.iter().any(|wanted| wanted.peer == Some(peer)) {
                // An error says that there is no connection.
                let _ = self.swarm.disconnect_peer_id(peer);
            }
        }
        Ok(())
    }

    /// Dials every wanted peer whose time has come.
    pub(super) fn redial(&mut self) {
        let now = tokio::time::Instant::now();
        for wanted in &mut self.wanted {
            let stands = wanted.peer.is_some_and(|peer| self.connected.contains(&peer));
            if stands {
                wanted.wait_s = REDIAL_FIRST_S;
                wanted.next = now + Duration::from_secs(REDIAL_FIRST_S);
            } else if wanted.next <= now {
                wanted.next = now + Duration::from_secs(wanted.wait_s);
                wanted.wait_s = (wanted.wait_s * 2).min(REDIAL_LAST_S);
                let dial = wanted.peer.map_or_else(
                    || DialOpts::unknown_peer_id().address(wanted.address.clone()).build(),
                    |peer| DialOpts::peer_id(peer).addresses(vec![wanted.address.clone()]).build(),
                );
                if let Err(error) = self.swarm.dial(dial) {
                    tracing::debug!(address = %wanted.address, %error, "cannot dial");
                }
            }
        }
    }

    /// When the next is to be dialled.
    pub(super) fn redial_at(&self) -> tokio::time::Instant {
        let due = self.wanted.iter().map(|wanted| wanted.next).min();
        due.unwrap_or_else(|| tokio::time::Instant::now() + Duration::from_secs(REDIAL_LAST_S))
    }
}
