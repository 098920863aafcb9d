//! Addresses of nodes that people added while the program ran: a text file of the data folder, one a
//! line, so that a link once made is made again after a restart.

use std::path::Path;

use crate::fault::Fault;
use crate::keyring::write_private;
use crate::swarm::is_address;

/// Addresses at the most: a node needs a few neighbours, and each is dialled again and again.
pub const ADDED_MAX: usize = 64;
/// The file's name.
const FILE: &str = "peers.txt";

/// The addresses added so far. A line that is no address is left out: one slip of the pen must not
/// keep the node from starting.
///
/// # Errors
/// A fault of the disk.
pub fn added(data_dir: &Path) -> Result<Vec<String>, Fault> {
    let path = data_dir.join(FILE);
    match std::fs::read_to_string(&path) {
        Ok(text) => {
            let lines = text.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#'));
            let (good, bad): (Vec<&str>, Vec<&str>) = lines.partition(|line| is_address(line));
            bad.iter().for_each(|line| tracing::warn!(%line, file = FILE, "this is no address of a node"));
            Ok(good.into_iter().take(ADDED_MAX).map(str::to_owned).collect())
        }
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(Vec::new()),
        Err(error) => Err(Fault::file("cannot read", &path)(error)),
    }
}

/// Keeps one more; the oldest goes once there are [`ADDED_MAX`].
///
/// # Errors
/// A fault of the disk.
pub fn add(data_dir: &Path, address: &str) -> Result<(), Fault> {
    let mut all = added(data_dir)?;
    if all.iter().any(|known| known == address) {
        return Ok(());
    }
    let too_many = (all.len() + 1).saturating_sub(ADDED_MAX);
    all.drain(..too_many);
    all.push(address.to_owned());
    keep(data_dir, &all)
}

fn keep(data_dir: &Path, addresses: &[String]) -> Result<(), Fault> {
    let text: String = addresses.iter().map(|address| format!("{address}\n")).collect();
    write_private(&data_dir.join(FILE), text.as_bytes())
}

/// Keeps one no more. Says whether it was kept.
///
/// # Errors
/// A fault of the disk.
pub fn remove(data_dir: &Path, address: &str) -> Result<bool, Fault> {
    let mut all = added(data_dir)?;
    let Some(at) = all.iter().position(|known| known == address) else { return Ok(false) };
    all.remove(at);
    keep(data_dir, &all).map(|()| true)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_added_is_there_after_a_restart() {
        let folder = tempfile::tempdir().expect("a folder");
        assert!(added(folder.path()).expect("read").is_empty());
        for address in ["/ip4/192.0.2.7/tcp/4643", "/ip4/192.0.2.8/tcp/4643", "/ip4/192.0.2.7/tcp/4643"] {
            add(folder.path(), address).expect("kept");
        }
        let expected = ["/ip4/192.0.2.7/tcp/4643", "/ip4/192.0.2.8/tcp/4643"];
        assert_eq!(added(folder.path()).expect("read"), expected);
        assert!(remove(folder.path(), expected[0]).expect("removed"));
        assert!(!remove(folder.path(), expected[0]).expect("looked for"));
        assert_eq!(added(folder.path()).expect("read"), expected[1..]);
        assert!(remove(folder.path(), expected[1]).expect("removed"));
        assert!(added(folder.path()).expect("read").is_empty());
    }

    #[test]
    fn a_slip_of_the_pen_is_left_out_and_the_oldest_goes() {
        let folder = tempfile::tempdir().expect("a folder");
        std::fs::write(folder.path().join(FILE), "# сусіди\n\nnonsense\n/ip4/192.0.2.7/tcp/1\n").expect("written");
        assert_eq!(added(folder.path()).expect("read"), ["/ip4/192.0.2.7/tcp/1"]);
        for port in 0..ADDED_MAX {
            add(folder.path(), &format!("/ip4/192.0.2.9/tcp/{}", port + 2)).expect("kept");
        }
        let all = added(folder.path()).expect("read");
        assert_eq!((all.len(), all[0].as_str()), (ADDED_MAX, "/ip4/192.0.2.9/tcp/2"));
    }
}
