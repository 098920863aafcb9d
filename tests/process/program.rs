//! Running `dosvid` for one command.

use std::io::Write;
use std::path::Path;
use std::process::{Command, Output, Stdio};

use serde_json::Value;

/// Done.
pub const DONE: i32 = 0;
/// Something on this computer failed.
pub const FAULT: i32 = 1;
/// The command line cannot be understood.
pub const USAGE: i32 = 2;
/// What was asked for cannot be done as asked.
pub const DENIED: i32 = 3;
/// Done, but for some rows or records.
pub const PARTLY: i32 = 4;

/// What a command left behind.
#[derive(Debug)]
pub struct Ran {
    pub code: i32,
    pub out: String,
    pub err: String,
}

impl Ran {
    fn of(output: Output) -> Self {
        let text = |bytes| String::from_utf8(bytes).expect("the program speaks UTF-8");
        // No code means that a signal ended it: never what a test wants to see as a code.
        Self { code: output.status.code().unwrap_or(-1), out: text(output.stdout), err: text(output.stderr) }
    }

    /// The same, if it ended with this code.
    #[track_caller]
    pub fn ends(self, code: i32) -> Self {
        assert_eq!(self.code, code, "{self:#?}");
        self
    }

    /// What it printed, as JSON.
    #[track_caller]
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.out).unwrap_or_else(|error| panic!("not JSON ({error}): {self:#?}"))
    }

    /// Whether it told a person these words, on either stream.
    #[track_caller]
    pub fn says(self, words: &str) -> Self {
        assert!(self.err.contains(words) || self.out.contains(words), "nothing about {words:?} in {self:#?}");
        self
    }
}

/// The program on a data folder, speaking English, deaf to the settings of whoever runs the tests.
pub fn command(folder: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_dosvid"));
    for name in ["DOSVID_DATA_DIR", "DOSVID_LOG", "RUST_LOG", "RUST_BACKTRACE"] {
        command.env_remove(name);
    }
    command.env("DOSVID_LANG", "en").env("NO_COLOR", "1").arg("--data-dir").arg(folder);
    command
}

/// Runs one command to its end.
pub fn run(folder: &Path, arguments: &[&str]) -> Ran {
    Ran::of(command(folder).args(arguments).output().expect("the program can be started"))
}

/// Runs one command that reads what somebody types.
pub fn run_typing(folder: &Path, arguments: &[&str], typed: &str) -> Ran {
    let mut command = command(folder);
    command.args(arguments).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut program = command.spawn().expect("the program can be started");
    let mut keys = program.stdin.take().expect("piped");
    keys.write_all(format!("{typed}\n").as_bytes()).expect("typed");
    drop(keys);
    Ran::of(program.wait_with_output().expect("it ends"))
}

/// Sends a signal by its name: `std` knows only the one that kills.
pub fn signal(process: u32, name: &str) {
    let sent = Command::new("kill").args([&format!("-{name}"), &process.to_string()]).status();
    assert!(sent.expect("kill is there").success(), "signal {name} to {process}");
}
