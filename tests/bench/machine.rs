//! What the numbers were measured on.

use std::fs;
use std::path::Path;
use std::process::Command;

use super::process::output;

/// One line: cores, processor, memory, kernel, file system, date, load.
pub fn line(folder: &Path) -> String {
    let cores = std::thread::available_parallelism().map_or(0, usize::from);
    let model = field("/proc/cpuinfo", "model name").unwrap_or_else(|| std::env::consts::ARCH.into());
    let memory = field("/proc/meminfo", "MemTotal").unwrap_or_else(unknown);
    let kernel = first_line("/proc/sys/kernel/osrelease").unwrap_or_else(unknown);
    let files = output(Command::new("stat").args(["-f", "-c", "%T"]).arg(folder)).unwrap_or_else(|_| unknown());
    let date = jiff::Timestamp::now().strftime("%Y-%m-%d %H:%M UTC").to_string();
    let system = std::env::consts::OS;
    format!("{cores} cores, {model}, {memory} memory, {system} {kernel}, files on {files}, {date}, load {}", load())
}

/// The load of the machine now, as the kernel averages it.
pub fn load() -> String {
    first_line("/proc/loadavg").unwrap_or_else(unknown).split(' ').take(3).collect::<Vec<_>>().join(" ")
}

fn unknown() -> String {
    "n/a".into()
}

fn first_line(path: &str) -> Option<String> {
    fs::read_to_string(path).ok()?.lines().next().map(str::to_owned)
}

fn field(path: &str, name: &str) -> Option<String> {
    let text = fs::read_to_string(path).ok()?;
    let line = text.lines().find(|line| line.starts_with(name))?;
    Some(line.split_once(':')?.1.trim().to_owned())
}
