//! One packed archive over HTTP, as a web server sends a file: what it costs to move the bytes once.
//!
//! Whoever has it learns of no change without loading all of it again, so that is all that is measured.

use std::fs;
use std::io::{self, BufRead, BufReader, Read, Write};
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::thread;
use std::time::Instant;

use anyhow::{Context, ensure};

use super::corpus::Corpus;
use super::others::same_files;
use super::process::Cost;
use super::proxy::Proxy;
use super::report::{Column, Disk, Transfer};
use super::{RUNS, disk_bytes};

/// The level that blocks of records are packed with.
const LEVEL: i32 = 3;

/// One archive of all files, packed before anybody asks, loaded and unpacked.
pub fn measure(folder: &Path, corpus: &Corpus) -> anyhow::Result<Column> {
    let mut column = Column::new("HTTP, tar + zstd -3");
    let folder = folder.join("http");
    let (files, copy) = (folder.join("files"), folder.join("copy"));
    Corpus::write_files(&files, corpus.lines.iter().map(String::as_str).enumerate())?;
    let since = Instant::now();
    let archive = Command::new("tar").arg("-cf").arg("-").arg("-C").arg(&files).arg(".").output()?;
    ensure!(archive.status.success(), "tar failed");
    let packed = zstd::bulk::compress(&archive.stdout, LEVEL)?;
    column.publish = Some((since.elapsed(), Cost::default()));
    let server = packed.len() as u64;
    let port = serve(packed)?;
    for _ in 0..RUNS {
        let _ = fs::remove_dir_all(&copy);
        fs::create_dir_all(&copy)?;
        let proxy = Proxy::to(port)?;
        let since = Instant::now();
        fetch(proxy.port(), &copy)?;
        // Both sides are threads of this program, so neither's cost is known.
        let (wall, cost) = (since.elapsed(), Cost::default());
        column.first.push(Transfer { wall, server: cost, client: cost, wire: proxy.wire(), found: None });
    }
    same_files(&files, &copy, corpus)?;
    column.disk = Some(Disk { server, client: disk_bytes(&copy)? });
    Ok(column)
}

/// Answers every request with the archive, as long as the program runs.
fn serve(packed: Vec<u8>) -> anyhow::Result<u16> {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?;
    let port = listener.local_addr()?.port();
    let packed = Arc::new(packed);
    thread::spawn(move || {
        for client in listener.incoming().flatten() {
            let packed = Arc::clone(&packed);
            // Who goes away in the middle is noticed by the measurement.
            thread::spawn(move || answer(client, &packed).ok());
        }
    });
    Ok(port)
}

fn answer(client: TcpStream, packed: &[u8]) -> io::Result<()> {
    let mut request = BufReader::new(&client);
    head(&mut request)?;
    write!(
        &client,
        "HTTP/1.1 200 OK\r\nContent-Type: application/x-tar\r\nContent-Encoding: zstd\r\nContent-Length: {}\r\n\
         Connection: close\r\n\r\n",
        packed.len()
    )?;
    (&client).write_all(packed)
}

/// Loads the archive and unpacks it while it comes.
fn fetch(port: u16, copy: &Path) -> anyhow::Result<()> {
    let server = TcpStream::connect((Ipv4Addr::LOCALHOST, port))?;
    write!(&server, "GET /practices.tar HTTP/1.1\r\nHost: 127.0.0.1\r\nAccept-Encoding: zstd\r\n\r\n")?;
    let mut answer = BufReader::new(&server);
    let head = head(&mut answer)?;
    ensure!(head.starts_with("HTTP/1.1 200 "), "no archive: {head}");
    let length = head.lines().find_map(|line| line.strip_prefix("Content-Length: ")).context("an answer's length")?;
    let mut archive = zstd::stream::read::Decoder::with_buffer(answer.take(length.parse()?))?;
    let mut tar = Command::new("tar").arg("-xf").arg("-").arg("-C").arg(copy).stdin(Stdio::piped()).spawn()?;
    io::copy(&mut archive, &mut tar.stdin.take().context("the way into tar")?)?;
    ensure!(tar.wait()?.success(), "tar failed");
    Ok(())
}

/// The lines until the empty one.
fn head(from: &mut impl BufRead) -> io::Result<String> {
    let mut head = String::new();
    while !head.ends_with("\r\n\r\n") {
        if from.read_line(&mut head)? == 0 {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
    }
    Ok(head)
}
