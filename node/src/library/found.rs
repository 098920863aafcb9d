//! This node begins to write for a community: it founds it, or becomes one more device of the community
//! whose officer’s key was brought back from a recovery sheet.

use crdt::charter::{Charter, CharterBody, Device, Role};
use crdt::check::code_error;
use crdt::codifier::{self, Hromada};
use crdt::id::{CommunityId, PublicKey};
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
    let here = Device {
        key: public(&device),
        name: device_name.chars().filter(|c| !c.is_control()).take(DEVICE_NAME_MAX).collect(),
        role: Role::Editor,
        expires_at: None,
    };
    let (known, body) = match led_by(library, &public(&officer))? {
        Some(charter) => joined(&charter, hromada, here)?,
        None if keyring.officer_is_restored() => return Err(not_here_yet()),
        None => (CommunityId::default(), genesis(hromada.code, public(&officer), here)),
    };
    let file = library.data_dir.community();
    let code = hromada.code;
    let founded = library.handle.call(move |replica, swarm, now, effects| {
        let community = replica.record_charter(known, &body, &officer, now, effects)?;
        // The charter is journalled; a crash before this line leaves a community without a node,
        // which harms nobody.
        write_private(&file, community.to_string().as_bytes())?;
        replica.set_identity(Identity { community, device });
        replica.introduce_as(code);
        if let Some(swarm) = swarm.as_mut() {
            swarm.meet_again();
        }
        Ok(community)
    })?;
    let community = founded.map_err(|error| denied(&error))?;
    let charter = library.store.charter_of(&community)?.ok_or(LibraryError::NotFound)?;
    read::card(library, &community, &charter)
}

/// The first entry of the charter of a new community.
fn genesis(code: &str, officer: PublicKey, device: Device) -> CharterBody {
    CharterBody {
        code: code.to_owned(),
        seq: 0,
        prev: None,
        officers: vec![officer],
        threshold: 1,
        devices: vec![device],
    }
}

/// The community that the officer's key of this computer leads already, if its charter is here.
fn led_by(library: &NodeLibrary, officer: &PublicKey) -> Answer<Option<Charter>> {
    for community in library.store.communities()? {
        let Some(charter) = library.store.charter_of(&community)? else { continue };
        if charter.officers.contains(officer) {
            return Ok(Some(Charter::clone(&charter)));
        }
    }
    Ok(None)
}

/// The next entry of a charter, in which this computer is one more device.
fn joined(charter: &Charter, hromada: &Hromada, device: Device) -> Answer<(CommunityId, CharterBody)> {
    if charter.code != hromada.code {
        let named = codifier::find(&charter.code).map_or_else(String::new, |one| one.full_name_uk());
        return Err(LibraryError::Denied {
            code: "another_community",
            uk: format!("Ключ посадової особи на цьому комп’ютері — громади {named} ({}): виберіть її", charter.code),
            en: format!("The officer's key on this computer is that of {}: choose that community", charter.code),
        });
    }
    if charter.fork.is_some() {
        return Err(LibraryError::Denied {
            code: "charter_forked",
            uk: "Статут громади змінили двічі водночас, тож додати комп’ютер зараз не можна: зверніться до \
                 координаторів"
                .into(),
            en: "The community's charter was changed twice at once, so no computer can be added: ask the coordinators"
                .into(),
        });
    }
    Ok((charter.community, charter.with_devices([device])))
}

/// Founding anew would make a second community of one name, which nobody could tell from the first.
fn not_here_yet() -> LibraryError {
    LibraryError::Denied {
        code: "charter_not_here",
        uk: "Ключ з аркуша відновлення на місці, але записів вашої громади тут ще немає: під’єднайтеся до іншого \
             вузла, дочекайтеся, доки надійде бібліотека, і повторіть"
            .into(),
        en: "The key of the recovery sheet is in its place, but the records of your community are not here yet: \
             connect to another node, wait until the library has come, and try again"
            .into(),
    }
}
