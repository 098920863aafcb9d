//! Founding: this node begins to write for a community.

use crdt::charter::{CharterBody, Device, Role};
use crdt::check::code_error;
use crdt::codifier;
use crdt::id::CommunityId;
use web_ui::library::{CommunityCard, LibraryError};

use super::write::denied;
use super::{Answer, NodeLibrary, read};
use crate::keyring::{Keyring, public, write_private};
use crate::replica::Identity;

/// Characters of a device's name at the most.
const DEVICE_NAME_MAX: usize = 100;

pub(super) fn found(library: &NodeLibrary, code: &str, device_name: &str) -> Answer<CommunityCard> {
    let hromada =
        codifier::parse(code).map_err(|_| LibraryError::Invalid(code_error("code", code).into_iter().collect()))?;
    if let Some(own) = library.own()? {
        return Err(LibraryError::Denied {
            code: "has_community",
            uk: format!("Цей вузол уже публікує від імені громади {own}: для іншої громади візьміть іншу теку даних"),
            en: format!("This node writes for the community {own} already: use another data folder for another one"),
        });
    }
    let keyring = Keyring::new(library.data_dir.path());
    let (device, officer) = (keyring.device()?, keyring.officer()?);
    let body = CharterBody {
        code: hromada.code.to_owned(),
        seq: 0,
        prev: None,
        officers: vec![public(&officer)],
        threshold: 1,
        devices: vec![Device {
            key: public(&device),
            name: device_name.chars().filter(|c| !c.is_control()).take(DEVICE_NAME_MAX).collect(),
            role: Role::Editor,
            expires_at: None,
        }],
    };
    let file = library.data_dir.community();
    let code = hromada.code;
    let founded = library.handle.call(move |replica, swarm, now, effects| {
        let community = replica.record_charter(CommunityId::default(), &body, &officer, now, effects)?;
        // The charter is journalled; a crash before this line leaves a community without a node,
        // which harms nobody.
        write_private(&file, community.to_string().as_bytes())?;
        replica.set_identity(Identity { community, device });
        if let Some(swarm) = swarm.as_mut() {
            swarm.speak_for(code);
        }
        Ok(community)
    })?;
    let community = founded.map_err(|error| denied(&error))?;
    let charter = library.store.charter_of(&community)?.ok_or(LibraryError::NotFound)?;
    read::card(library, &community, &charter)
}
