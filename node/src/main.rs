//! `dosvid`: one program, a node and the commands to use it.

use std::process::ExitCode;

/// The allocator of most Linux systems has threads that write and read practices at the same time wait for each
/// other, or keeps for each of them what it once held. This one does neither; how much it keeps is said where it
/// is built (`.cargo/config.toml`), and what it gives is in `docs/performance.md`. Elsewhere the system's own does.
#[cfg(target_os = "linux")]
#[global_allocator]
static ALLOCATOR: tikv_jemallocator::Jemalloc = tikv_jemallocator::Jemalloc;

fn main() -> ExitCode {
    node::cli::main()
}
