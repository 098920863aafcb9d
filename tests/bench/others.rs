//! The same practices by other means: git and rsync.
//!
//! Neither signs, merges or derives anything; they say what moving and keeping the bytes costs.

use std::fs;
use std::net::TcpStream;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Instant;

use anyhow::{Context, ensure};

use super::corpus::Corpus;
use super::process::{Cost, Ended, Process, output, run, until};
use super::proxy::{Proxy, free_port};
use super::report::{Column, Disk, Transfer};
use super::{RUNS, disk_bytes};

/// Whether a program can be started.
pub fn has(program: &str) -> bool {
    let version = Command::new(program).arg("--version").stdout(Stdio::null()).stderr(Stdio::null()).status();
    version.is_ok_and(|status| status.success())
}

/// `git clone` from `git daemon`, then `git pull`.
pub fn git(folder: &Path, corpus: &Corpus) -> anyhow::Result<Column> {
    let mut column = Column::new("git");
    let folder = folder.join("git");
    let (work, bare, clone) = (folder.join("work"), folder.join("served/practices.git"), folder.join("clone"));
    fs::create_dir_all(&work)?;
    let since = Instant::now();
    let cost = publish(&work, &bare, corpus)?;
    column.publish = Some((since.elapsed(), Cost { cpu: cost, peak: None }));
    let port = free_port()?;
    let server = serve(&folder.join("served"), port)?;
    for _ in 0..RUNS {
        let _ = fs::remove_dir_all(&clone);
        let transfer = meet(&server, port, |proxy| {
            let url = format!("git://127.0.0.1:{}/practices.git", proxy.port());
            run(git_in(&folder).args(["clone", "--quiet", &url]).arg(&clone))
        })?;
        column.first.push(transfer);
    }
    same_files(&work, &clone, corpus)?;
    column.disk = Some(Disk { server: disk_bytes(&bare)?, client: disk_bytes(&clone)? });
    column.nothing = Some(meet(&server, port, |proxy| pull(&clone, proxy))?);
    Corpus::write_files(&work, corpus.changed()?.iter().map(|(n, line)| (*n, line.as_str())))?;
    commit(&work)?;
    run(git_in(&work).args(["push", "--quiet"]).arg(&bare).arg("main"))?;
    column.changed = Some(meet(&server, port, |proxy| pull(&clone, proxy))?);
    same_files(&work, &clone, corpus)?;
    server.stop()?;
    Ok(column)
}

/// Commits all files and makes the best pack of them that git makes by itself.
fn publish(work: &Path, bare: &Path, corpus: &Corpus) -> anyhow::Result<Option<f64>> {
    Corpus::write_files(work, corpus.lines.iter().map(String::as_str).enumerate())?;
    let init = run(git_in(work).args(["init", "--quiet", "--initial-branch=main"]))?;
    let committed = commit(work)?;
    let bared = run(git_in(work).args(["clone", "--quiet", "--bare", "."]).arg(bare))?;
    let packed = run(git_in(bare).args(["gc", "--quiet"]))?;
    let steps = [init, committed[0], committed[1], bared, packed];
    Ok(steps.iter().map(|step| step.cost.cpu).sum())
}

fn commit(work: &Path) -> anyhow::Result<[Ended; 2]> {
    let added = run(git_in(work).args(["add", "--all"]))?;
    Ok([added, run(git_in(work).args(["commit", "--quiet", "--message=practices"]))?])
}

/// `git daemon`, started as the program that it is, so that it can be stopped and measured.
fn serve(folder: &Path, port: u16) -> anyhow::Result<Process> {
    let programs = output(Command::new("git").arg("--exec-path"))?;
    let server = Process::start(
        git_in_env(&mut Command::new(Path::new(&programs).join("git-daemon")))
            .args(["--export-all", "--listen=127.0.0.1", "--reuseaddr"])
            .arg(format!("--port={port}"))
            .arg(format!("--base-path={}", folder.display()))
            .stderr(Stdio::null()),
    )?;
    until("git daemon", || Ok(TcpStream::connect(("127.0.0.1", port)).ok()))?;
    Ok(server)
}

fn pull(clone: &Path, proxy: &Proxy) -> anyhow::Result<Ended> {
    let url = format!("git://127.0.0.1:{}/practices.git", proxy.port());
    run(git_in(clone).args(["pull", "--quiet", "--ff-only", &url, "main"]))
}

fn git_in(folder: &Path) -> Command {
    let mut command = Command::new("git");
    git_in_env(&mut command);
    command.current_dir(folder);
    command
}

/// Without the settings of whoever runs this.
fn git_in_env(command: &mut Command) -> &mut Command {
    let names = ["GIT_AUTHOR_NAME", "GIT_AUTHOR_EMAIL", "GIT_COMMITTER_NAME", "GIT_COMMITTER_EMAIL"];
    command
        .env("GIT_CONFIG_NOSYSTEM", "1")
        .env("GIT_CONFIG_GLOBAL", "/dev/null")
        .envs(names.map(|name| (name, "bench")))
}

/// `rsync -z -r` from an rsync daemon. With `-t`, without which it would compare every file's
/// content each time.
pub fn rsync(folder: &Path, corpus: &Corpus) -> anyhow::Result<Column> {
    let mut column = Column::new("rsync -zrt");
    let folder = folder.join("rsync");
    let (files, copy) = (folder.join("files"), folder.join("copy"));
    Corpus::write_files(&files, corpus.lines.iter().map(String::as_str).enumerate())?;
    let port = free_port()?;
    let server = serve_rsync(&folder, &files, port)?;
    let fetch = |proxy: &Proxy| {
        let source = format!("rsync://127.0.0.1:{}/practices/", proxy.port());
        run(Command::new("rsync").args(["-zrt", &source]).arg(&copy))
    };
    for _ in 0..RUNS {
        let _ = fs::remove_dir_all(&copy);
        column.first.push(meet(&server, port, fetch)?);
    }
    same_files(&files, &copy, corpus)?;
    column.disk = Some(Disk { server: disk_bytes(&files)?, client: disk_bytes(&copy)? });
    column.nothing = Some(meet(&server, port, fetch)?);
    Corpus::write_files(&files, corpus.changed()?.iter().map(|(n, line)| (*n, line.as_str())))?;
    column.changed = Some(meet(&server, port, fetch)?);
    same_files(&files, &copy, corpus)?;
    server.stop()?;
    Ok(column)
}

fn serve_rsync(folder: &Path, files: &Path, port: u16) -> anyhow::Result<Process> {
    let settings = folder.join("rsyncd.conf");
    // Without names, a daemon of root would read as nobody, who may not look into our folder.
    let (user, group) = (output(Command::new("id").arg("-u"))?, output(Command::new("id").arg("-g"))?);
    let log = folder.join("rsyncd.log");
    let text = format!(
        "use chroot = no\nuid = {user}\ngid = {group}\nlog file = {}\n[practices]\npath = {}\nread only = yes\n",
        log.display(),
        files.display()
    );
    fs::write(&settings, text)?;
    let server = Process::start(
        Command::new("rsync")
            .args(["--daemon", "--no-detach", "--address=127.0.0.1"])
            .arg(format!("--port={port}"))
            .arg(format!("--config={}", settings.display())),
    )?;
    until("the rsync daemon", || Ok(TcpStream::connect(("127.0.0.1", port)).ok()))?;
    Ok(server)
}

/// Measures a client that ends by itself.
fn meet(server: &Process, port: u16, fetch: impl Fn(&Proxy) -> anyhow::Result<Ended>) -> anyhow::Result<Transfer> {
    server.wait_for_children()?;
    let proxy = Proxy::to(port)?;
    let before = server.cost();
    let ended = fetch(&proxy)?;
    server.wait_for_children()?;
    // What serves is a child of the server: its memory is not the server's.
    let cost = Cost { peak: None, ..server.cost().since(before) };
    let client = Cost { peak: None, ..ended.cost };
    Ok(Transfer { wall: ended.wall, server: cost, client, wire: proxy.wire(), found: None })
}

/// A copy that is not the same is no measurement.
pub fn same_files(one: &Path, other: &Path, corpus: &Corpus) -> anyhow::Result<()> {
    let places = (0..corpus.lines.len()).step_by((corpus.lines.len() / 100).max(1));
    let changed = corpus.changed()?;
    for n in places.chain(changed.iter().map(|(n, _)| *n)) {
        let name = format!("{:03}/{n:06}.json", n / 100);
        let read = |folder: &Path| fs::read(folder.join(&name)).with_context(|| name.clone());
        ensure!(read(one)? == read(other)?, "{name} differs");
    }
    Ok(())
}
