//! What commands print. Whoever reads it may have read enough (`dosvid list | head -1`): then the command
//! goes on quietly with what it was asked for. Anything else that keeps words from being written is told
//! once, and the program ends with a fault.

use std::fmt::Arguments;
use std::io::{self, ErrorKind, Write};
use std::sync::atomic::{AtomicBool, Ordering};

/// Whether words could not be written though somebody reads.
static FAILED: AtomicBool = AtomicBool::new(false);

/// Prints a line on standard output.
pub fn print(line: Arguments<'_>) {
    written(writeln!(io::stdout().lock(), "{line}"));
}

/// Prints a line on standard error.
pub fn tell(line: Arguments<'_>) {
    written(writeln!(io::stderr().lock(), "{line}"));
}

/// Asks on standard output: the answer stands on the same line.
pub fn prompt(question: Arguments<'_>) {
    let mut output = io::stdout().lock();
    written(write!(output, "{question}").and_then(|()| output.flush()));
}

/// Whether everything that was printed could be read.
pub fn all_was_written() -> bool {
    !FAILED.load(Ordering::Relaxed)
}

fn written(result: io::Result<()>) {
    let Err(error) = result else { return };
    if error.kind() != ErrorKind::BrokenPipe && !FAILED.swap(true, Ordering::Relaxed) {
        // If this cannot be written either, the exit code still says so.
        let _ = writeln!(io::stderr().lock(), "dosvid: cannot write: {error}");
    }
}

/// As `println!`, for readers who may stop reading.
macro_rules! out {
    ($($words:tt)*) => { $crate::cli::console::print(format_args!($($words)*)) };
}

/// As `eprintln!`, for readers who may stop reading.
macro_rules! note {
    ($($words:tt)*) => { $crate::cli::console::tell(format_args!($($words)*)) };
}

/// As `print!` and a flush, for readers who may stop reading.
macro_rules! ask {
    ($($words:tt)*) => { $crate::cli::console::prompt(format_args!($($words)*)) };
}

pub(super) use {ask, note, out};
