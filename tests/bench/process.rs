//! Processes that are measured: what they cost, when they end.
//!
//! The numbers come from `/proc`. A process that has ended and was not waited for keeps its times
//! there, its ended children's included, so even short ones are counted whole.

use std::fs;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, bail, ensure};

/// Clock ticks a second in `/proc`: part of Linux's interface, whatever the kernel's own clock.
const TICKS: f64 = 100.0;
/// The longest that anything here may take.
pub const DEADLINE: Duration = Duration::from_secs(3_600);
/// Between two looks at something that ends by itself.
const LOOK_EVERY: Duration = Duration::from_millis(5);

/// What a process cost: none of it is known where there is no `/proc`.
#[derive(Clone, Copy, Debug, Default)]
pub struct Cost {
    /// User and system time in seconds, ended children included.
    pub cpu: Option<f64>,
    /// The most memory it held, bytes.
    pub peak: Option<u64>,
}

impl Cost {
    /// What came since `before`; the peak is of the whole life.
    pub fn since(self, before: Self) -> Self {
        let cpu = self.cpu.zip(before.cpu).map(|(now, before)| now - before);
        Self { cpu, peak: self.peak }
    }
}

/// A process that ended.
#[derive(Clone, Copy, Debug)]
pub struct Ended {
    pub wall: Duration,
    pub cost: Cost,
}

/// A process under way. Killed when it is dropped.
pub struct Process {
    child: Child,
    name: String,
    since: Instant,
    peak: Option<u64>,
}

impl Process {
    pub fn start(command: &mut Command) -> anyhow::Result<Self> {
        let name = command.get_program().to_string_lossy().into_owned();
        let since = Instant::now();
        let child = command.stdin(Stdio::null()).spawn().with_context(|| format!("cannot start {name}"))?;
        Ok(Self { child, name, since, peak: None })
    }

    /// When it was started.
    pub fn since(&self) -> Instant {
        self.since
    }

    /// What it cost so far.
    pub fn cost(&self) -> Cost {
        let stat = Stat::read(self.child.id());
        Cost { cpu: stat.map(|stat| stat.cpu), peak: peak(self.child.id()).or(self.peak) }
    }

    /// Bytes that it holds in memory now.
    pub fn resident(&self) -> Option<u64> {
        kilobytes(self.child.id(), "VmRSS:")
    }

    /// Memory of its own that it holds now, without files that are mapped, bytes.
    pub fn own_memory(&self) -> Option<u64> {
        kilobytes(self.child.id(), "RssAnon:")
    }

    /// Waits until its children have ended, so that their times are in [`Process::cost`].
    pub fn wait_for_children(&self) -> anyhow::Result<()> {
        let path = format!("/proc/{0}/task/{0}/children", self.child.id());
        until("the end of children", || {
            Ok(fs::read_to_string(&path).map_or(true, |children| children.trim().is_empty()).then_some(()))
        })
    }

    /// Waits for its end.
    pub fn finish(mut self) -> anyhow::Result<Ended> {
        let ended = self.wait_for_end()?;
        let status = self.child.wait()?;
        ensure!(status.success(), "{} ended with {status}", self.name);
        Ok(ended)
    }

    /// Asks it to end, as a service manager does, and waits for that.
    pub fn stop(mut self) -> anyhow::Result<Ended> {
        let since = Instant::now();
        let asked = Command::new("kill").args(["-TERM", &self.child.id().to_string()]).status();
        if !asked.is_ok_and(|status| status.success()) {
            self.child.kill()?;
        }
        let ended = self.wait_for_end()?;
        self.child.wait()?;
        Ok(Ended { wall: since.elapsed(), ..ended })
    }

    fn wait_for_end(&mut self) -> anyhow::Result<Ended> {
        let id = self.child.id();
        if Stat::read(id).is_none() {
            self.child.wait()?;
            return Ok(Ended { wall: self.since.elapsed(), cost: Cost::default() });
        }
        until(&self.name, || {
            self.peak = peak(id).or(self.peak);
            Ok(Stat::read(id).is_none_or(|stat| stat.ended).then_some(()))
        })?;
        Ok(Ended { wall: self.since.elapsed(), cost: self.cost() })
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Runs a command to its end.
pub fn run(command: &mut Command) -> anyhow::Result<Ended> {
    Process::start(command)?.finish()
}

/// What a command prints.
pub fn output(command: &mut Command) -> anyhow::Result<String> {
    let name = command.get_program().to_string_lossy().into_owned();
    let output =
        command.stdin(Stdio::null()).stdout(Stdio::piped()).output().with_context(|| format!("cannot start {name}"))?;
    ensure!(output.status.success(), "{name}: {}", String::from_utf8_lossy(&output.stderr));
    Ok(String::from_utf8_lossy(&output.stdout).trim().to_owned())
}

/// Looks until there is something to see.
pub fn until<T>(what: &str, look: impl FnMut() -> anyhow::Result<Option<T>>) -> anyhow::Result<T> {
    until_every(what, |_| LOOK_EVERY, look)
}

/// Looks until there is something to see, waiting as long as `pause` says after so much time.
pub fn until_every<T>(
    what: &str,
    pause: impl Fn(Duration) -> Duration,
    mut look: impl FnMut() -> anyhow::Result<Option<T>>,
) -> anyhow::Result<T> {
    let since = Instant::now();
    while since.elapsed() < DEADLINE {
        if let Some(seen) = look()? {
            return Ok(seen);
        }
        std::thread::sleep(pause(since.elapsed()));
    }
    bail!("waited in vain for {what}")
}

#[derive(Clone, Copy)]
struct Stat {
    ended: bool,
    cpu: f64,
}

impl Stat {
    fn read(id: u32) -> Option<Self> {
        let text = fs::read_to_string(format!("/proc/{id}/stat")).ok()?;
        // The name before it may hold spaces and brackets.
        let fields: Vec<&str> = text.rsplit_once(')')?.1.split_whitespace().collect();
        let ticks: Option<Vec<f64>> = fields.get(11..15)?.iter().map(|ticks| ticks.parse().ok()).collect();
        Some(Self { ended: fields.first() == Some(&"Z"), cpu: ticks?.iter().sum::<f64>() / TICKS })
    }
}

fn peak(id: u32) -> Option<u64> {
    kilobytes(id, "VmHWM:")
}

fn kilobytes(id: u32, name: &str) -> Option<u64> {
    let status = fs::read_to_string(format!("/proc/{id}/status")).ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix(name))?;
    Some(line.trim().strip_suffix(" kB")?.trim().parse::<u64>().ok()? * 1_024)
}
