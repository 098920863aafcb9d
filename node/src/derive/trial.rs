//! Trying a document in a process of its own: the only wall that holds an abort or an endless loop.

use std::io::{Read, Write};
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use crdt::record::Record;
use crdt::replay::Replay;

use crate::bundle;

/// The hidden command that tries a document.
pub const COMMAND: &str = "try-document";
/// How long a document may take: a hundred times the longest honest one at its limits.
const PATIENCE: Duration = Duration::from_secs(20);
/// How often to look whether the trial has ended.
const LOOK_EVERY: Duration = Duration::from_millis(10);
/// Records of one block: the longest ones still fit.
const RECORDS_PER_BLOCK: usize = 4;
/// Bytes that are read at the most; no document at its limits has as many.
const BYTES_MAX: u64 = 64 * 1024 * 1024;

/// Whether the program survives deriving these records. A trial that cannot be held is no evidence
/// against the document.
#[must_use]
pub fn survives(program: &Path, records: &[Record]) -> bool {
    let mut command = Command::new(program);
    command.arg(COMMAND).stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::null());
    let Ok(mut child) = command.spawn() else { return true };
    let mut blocks = records.chunks(RECORDS_PER_BLOCK).map(|some| bundle::pack(some.iter().map(Record::bytes)));
    if let Some(mut input) = child.stdin.take() {
        // A child that died early closes its end; its status says so below.
        let _ = blocks.try_for_each(|block| input.write_all(&block));
    }
    let deadline = Instant::now() + PATIENCE;
    loop {
        match child.try_wait() {
            Ok(Some(status)) => return status.success(),
            Ok(None) if Instant::now() < deadline => std::thread::sleep(LOOK_EVERY),
            _ => {
                let _ = child.kill();
                let _ = child.wait();
                return false;
            }
        }
    }
}

/// The trial itself: reads blocks of records, derives the document, and is still alive.
///
/// # Errors
/// Input that cannot be read.
pub fn hold(input: impl Read) -> std::io::Result<()> {
    let mut reader = bundle::Reader::resume(input.take(BYTES_MAX), 0);
    let mut records = Vec::new();
    while let bundle::Next::Block(block) = reader.next_block()? {
        let bytes = bundle::unpack(&block).unwrap_or_default();
        records.extend(bytes.into_iter().filter_map(|bytes| Record::parse(bytes).ok()));
    }
    if let Some(first) = records.first() {
        let (community, name) = (first.community(), first.document_name());
        let _ = Replay::derive(community, name, records, None).view();
    }
    Ok(())
}
