//! The registry: every community with what it says of itself.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::CommunityCard;
use crdt::profile::Profile;

/// Communities that the registry shows. The codifier has 1,774; codes that are claimed twice come on
/// top, and a flood of false ones must not fill the memory.
pub const REGISTRY_MAX: usize = 4_000;

/// A community of the registry.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct RegistryEntry {
    /// The community as lists show it.
    pub community: CommunityCard,
    /// What it says of itself; empty until somebody fills it in.
    pub profile: Profile,
    /// When the profile last changed, milliseconds since 1970; 0 if it never did.
    pub updated_at: u64,
    /// How complete the profile is, 0 to 100.
    pub completeness: u8,
}
