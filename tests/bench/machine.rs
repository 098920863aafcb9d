//! What the numbers were measured on.

use std::fs;
use std::path::Path;
use std::process::Command;
use std::time::Instant;

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
    let speed = sorting_ms();
    format!(
        "{cores} cores, {model}, {memory} memory, {system} {kernel}, files on {files}, {date}, load {}, {SORTED} numbers sorted in {speed:.0} ms",
        load()
    )
}

/// Numbers that are sorted to tell how fast the machine is just now: 8 MB, more than its caches hold
/// near a core.
const SORTED: u64 = 1_000_000;

/// How long one core takes to sort [`SORTED`] numbers: the best of five, milliseconds. A machine that
/// is shared is faster at some hours than at others; figures of two runs compare as far as this does.
fn sorting_ms() -> f64 {
    let once = || {
        let mut numbers: Vec<u64> =
            (0..SORTED).map(|n| n.wrapping_mul(0x9e37_79b9_7f4a_7c15).rotate_left(29)).collect();
        let since = Instant::now();
        numbers.sort();
        std::hint::black_box(&numbers);
        since.elapsed().as_secs_f64() * 1e3
    };
    (0..5).map(|_| once()).fold(f64::INFINITY, f64::min)
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
