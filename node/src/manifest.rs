//! The network manifest: which network this is, where to dial first, who gets in.

use std::collections::BTreeSet;
use std::sync::Arc;

use crdt::id::{CommunityId, NetworkId};
use serde::Deserialize;

/// The manifest that comes with the program.
pub const BUILT_IN: &str = include_str!("../../bootstrap-peers.toml");

/// Who gets in. A later version asks the registrars' vouches; the gate asks only this.
#[derive(Clone, Debug, Default)]
pub struct Admission {
    listed: Option<Arc<BTreeSet<CommunityId>>>,
}

impl Admission {
    /// Whether a community may take part.
    pub fn admits(&self, community: &CommunityId) -> bool {
        self.listed.as_ref().is_none_or(|listed| listed.contains(community))
    }
}

/// The manifest as it is written.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    network: String,
    #[serde(default)]
    open: bool,
    #[serde(default)]
    communities: BTreeSet<CommunityId>,
    #[serde(default)]
    peers: Vec<String>,
}

/// Which network this is, where to dial first, who gets in.
#[derive(Clone, Debug)]
pub struct Manifest {
    /// The network's name.
    pub name: String,
    /// Its id in every record.
    pub network: NetworkId,
    /// Who gets in.
    pub admission: Admission,
    /// Multiaddresses to dial first.
    pub peers: Vec<String>,
}

impl Manifest {
    /// Reads a manifest.
    ///
    /// # Errors
    /// What is wrong, with the line.
    pub fn parse(text: &str) -> anyhow::Result<Self> {
        let written: Written = toml::from_str(text)?;
        anyhow::ensure!(!written.network.trim().is_empty(), "the network has no name");
        anyhow::ensure!(
            !written.open || written.communities.is_empty(),
            "an open network admits everybody: give either open = true or communities = [..]"
        );
        let listed = (!written.open).then(|| Arc::new(written.communities));
        Ok(Self {
            network: NetworkId::of(&written.network),
            name: written.network,
            admission: Admission { listed },
            peers: written.peers,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_built_in_manifest_can_be_read() {
        Manifest::parse(BUILT_IN).expect("it comes with the program");
    }

    #[test]
    fn a_closed_network_admits_whom_it_lists() {
        let community = CommunityId([7; 32]);
        let text = format!("network = \"n\"\ncommunities = [\"{community}\"]");
        let manifest = Manifest::parse(&text).expect("a manifest");
        assert!(manifest.admission.admits(&community));
        assert!(!manifest.admission.admits(&CommunityId([8; 32])));
        assert!(Manifest::parse("network = \"n\"\nopen = true\nport = 3").is_err(), "unknown keys are refused");
    }
}
