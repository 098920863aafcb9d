//! A disk whose plug can be pulled: ext4 in a file, behind a loop device.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use tempfile::TempDir;

/// Megabytes of the disk. In memory, where there is a file system for that.
const MEGABYTES: u64 = 192;

/// A mounted disk. Unmounted when dropped.
pub struct Disk {
    home: TempDir,
    image: PathBuf,
    mounted: PathBuf,
}

impl Disk {
    /// Makes and mounts a disk.
    ///
    /// # Errors
    /// Why this machine cannot.
    pub fn new() -> Result<Self, String> {
        let memory = Path::new("/dev/shm");
        let parent = if memory.is_dir() { memory.to_owned() } else { std::env::temp_dir() };
        let home = tempfile::Builder::new().prefix("dosvid-disk-").tempdir_in(parent).map_err(|e| e.to_string())?;
        let image = home.path().join("image");
        let file = fs::File::create(&image).map_err(|error| error.to_string())?;
        file.set_len(MEGABYTES * 1024 * 1024).map_err(|error| error.to_string())?;
        run("mkfs.ext4", &["-q", "-F", &text(&image)])?;
        let mounted = home.path().join("mounted");
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

    /// Stops whoever writes, keeps what has reached the disk by now, ends the writer, and comes back
    /// with only that.
    ///
    /// # Panics
    /// If the disk cannot be mounted any more.
    pub fn pull_the_plug(&mut self, stop: impl FnOnce(), end: impl FnOnce()) {
        stop();
        let kept = self.home.path().join("kept");
        run("cp", &["--sparse=always", &text(&self.image), &text(&kept)]).expect("copied");
        end();
        run("umount", &[&text(&self.mounted)]).expect("unmounted");
        fs::rename(&kept, &self.image).expect("renamed");
        self.mount().expect("mounted again");
    }
}

impl Drop for Disk {
    fn drop(&mut self) {
        let _ = run("umount", &["-l", &text(&self.mounted)]);
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
