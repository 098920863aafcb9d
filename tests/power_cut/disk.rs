//! A disk whose plug can be pulled: ext4 in a file, behind a loop device.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use tempfile::TempDir;

/// Megabytes of the disk, which is in memory where there is a file system for that.
const MEGABYTES: u64 = 256;
/// Practices of a library for each megabyte more: the store, the one that was set aside, and the index.
const PRACTICES_A_MEGABYTE: usize = 16;
/// How long unmounting is tried.
const UNMOUNTING: Duration = Duration::from_secs(20);
/// How the folder of a disk begins; the number of its process follows, so that a later run can see
/// whose leftovers it finds.
const PREFIX: &str = "dosvid-disk-";

/// A mounted disk. Unmounted when dropped.
pub struct Disk {
    home: TempDir,
    image: PathBuf,
    mounted: PathBuf,
}

impl Disk {
    /// Makes and mounts a disk with room for a library of so many practices.
    ///
    /// # Errors
    /// Why this machine cannot.
    pub fn new(library: usize) -> Result<Self, String> {
        let megabytes = MEGABYTES + (library / PRACTICES_A_MEGABYTE) as u64;
        clear_leftovers();
        let memory = Path::new("/dev/shm");
        let parent = if memory.is_dir() { memory.to_owned() } else { std::env::temp_dir() };
        let prefix = format!("{PREFIX}{}-", std::process::id());
        let home = tempfile::Builder::new().prefix(&prefix).tempdir_in(parent).map_err(|error| error.to_string())?;
        let (image, mounted) = (home.path().join("image"), home.path().join("mounted"));
        let file = fs::File::create(&image).map_err(|error| error.to_string())?;
        file.set_len(megabytes * 1024 * 1024).map_err(|error| error.to_string())?;
        run("mkfs.ext4", &["-q", "-F", &text(&image)])?;
        fs::create_dir(&mounted).map_err(|error| error.to_string())?;
        let disk = Self { home, image, mounted };
        disk.mount()?;
        Ok(disk)
    }

    /// Where the disk is mounted.
    pub fn folder(&self) -> &Path {
        &self.mounted
    }

    fn mount(&self) -> Result<(), String> {
        run("mount", &["-o", "loop", &text(&self.image), &text(&self.mounted)])
    }

    /// Keeps what has reached the disk by now, has everybody who uses it end, and comes back with
    /// only that. Whoever writes must have been stopped.
    ///
    /// # Panics
    /// If the disk cannot be mounted any more.
    pub fn pull_the_plug(&mut self, end: impl FnOnce()) {
        let kept = self.home.path().join("kept");
        run("cp", &["--sparse=always", &text(&self.image), &text(&kept)]).expect("copied");
        end();
        // A process that another test is just starting has, for a moment, all files open that this one has.
        let begun = Instant::now();
        while let Err(why) = run("umount", &[&text(&self.mounted)]) {
            assert!(begun.elapsed() < UNMOUNTING, "it is not unmounted: {why}");
            std::thread::sleep(Duration::from_millis(10));
        }
        fs::rename(&kept, &self.image).expect("renamed");
        self.mount().expect("mounted again");
    }
}

impl Drop for Disk {
    fn drop(&mut self) {
        // Lazily: should somebody still use it, it goes when they do. The loop device goes with it.
        let _ = run("umount", &["-l", &text(&self.mounted)]);
    }
}

/// Unmounts and removes the disks of runs that were killed.
fn clear_leftovers() {
    let mounts = fs::read_to_string("/proc/mounts").unwrap_or_default();
    for mounted in mounts.lines().filter_map(|line| line.split(' ').nth(1)).map(Path::new) {
        let Some(home) = mounted.parent() else { continue };
        let name = home.file_name().and_then(|name| name.to_str()).unwrap_or_default();
        let Some(process) = name.strip_prefix(PREFIX).and_then(|rest| rest.split('-').next()) else { continue };
        if !Path::new("/proc").join(process).exists() && run("umount", &["-l", &text(mounted)]).is_ok() {
            let _ = fs::remove_dir_all(home);
        }
    }
}

fn text(path: &Path) -> String {
    path.to_str().expect("a legal name").to_owned()
}

fn run(program: &str, arguments: &[&str]) -> Result<(), String> {
    let ran = Command::new(program).args(arguments).stdin(Stdio::null()).output();
    let ran = ran.map_err(|error| format!("{program}: {error}"))?;
    if ran.status.success() { Ok(()) } else { Err(format!("{program}: {}", String::from_utf8_lossy(&ran.stderr))) }
}
