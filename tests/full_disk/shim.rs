//! A disk that refuses at the n-th operation: a small library that is loaded before the program,
//! built here from `shim.c`.

use std::fs::{File, OpenOptions};
use std::os::unix::fs::FileExt;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;

use tempfile::TempDir;

/// No space left on the device, in the numbers of Linux.
pub const NO_SPACE: u64 = 28;
/// Input/output error.
pub const IO_ERROR: u64 = 5;
/// Longer than any run.
const FOR_GOOD: u64 = u64::MAX;
/// Bytes of what the test and the program share.
const SHARED_BYTES: u64 = 256;

/// The library, built once; or why this machine cannot.
pub fn library() -> Result<&'static Path, String> {
    static BUILT: OnceLock<Result<(TempDir, PathBuf), String>> = OnceLock::new();
    let build = || {
        let home = tempfile::tempdir().map_err(|error| error.to_string())?;
        let library = home.path().join("shim.so");
        let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/full_disk/shim.c");
        let mut compiler = Command::new("cc");
        compiler.args(["-shared", "-fPIC", "-O1", "-o"]).arg(&library).arg(source).arg("-ldl");
        let ended = compiler.status().map_err(|error| format!("no C compiler: {error}"))?;
        if ended.success() { Ok((home, library)) } else { Err(format!("the compiler ended with {ended}")) }
    };
    BUILT.get_or_init(build).as_ref().map(|(_, library)| library.as_path()).map_err(Clone::clone)
}

/// The disk under one folder.
pub struct Faults {
    shared: File,
    path: PathBuf,
    folder: PathBuf,
}

impl Faults {
    /// A disk that takes everything so far.
    pub fn below(folder: &Path, path: PathBuf) -> Self {
        let shared = OpenOptions::new().read(true).write(true).create(true).truncate(true).open(&path);
        let shared = shared.expect("a file");
        shared.set_len(SHARED_BYTES).expect("its length");
        Self { shared, path, folder: folder.to_owned() }
    }

    /// What the program must be started with.
    pub fn environment(&self) -> Vec<(&'static str, PathBuf)> {
        let library = library().expect("it was built before").to_owned();
        vec![
            ("LD_PRELOAD", library),
            ("DOSVID_TEST_DISK", self.path.clone()),
            ("DOSVID_TEST_DISK_FOLDER", self.folder.clone()),
        ]
    }

    /// The n-th operation from now on fails, alone.
    pub fn once(&self, n: u64, error: u64) {
        self.arm(n, n + 1, error);
    }

    /// The n-th operation from now on fails, and all after it.
    pub fn for_good(&self, n: u64, error: u64) {
        self.arm(n, FOR_GOOD, error);
    }

    /// From now on the disk takes everything.
    pub fn lift(&self) {
        self.put(1, 0);
    }

    /// Operations since it was armed.
    pub fn seen(&self) -> u64 {
        self.get(0)
    }

    /// How many of them failed.
    pub fn failed(&self) -> u64 {
        self.get(4)
    }

    /// The first that failed: what it was, and on which file.
    pub fn site(&self) -> String {
        let mut bytes = [0; 216];
        self.shared.read_exact_at(&mut bytes, 40).expect("read");
        let end = bytes.iter().position(|byte| *byte == 0).unwrap_or(bytes.len());
        String::from_utf8_lossy(&bytes[..end]).into_owned()
    }

    fn arm(&self, from: u64, until: u64, error: u64) {
        self.put(1, 0);
        for (place, number) in [(0, 0), (4, 0), (2, until), (3, error), (1, from)] {
            self.put(place, number);
        }
    }

    fn put(&self, place: u64, number: u64) {
        self.shared.write_all_at(&number.to_ne_bytes(), place * 8).expect("written");
    }

    fn get(&self, place: u64) -> u64 {
        let mut bytes = [0; 8];
        self.shared.read_exact_at(&mut bytes, place * 8).expect("read");
        u64::from_ne_bytes(bytes)
    }
}
