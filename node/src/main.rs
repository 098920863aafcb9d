//! `dosvid`: one program, a node and the commands to use it.

use std::process::ExitCode;

fn main() -> ExitCode {
    node::arenas::limit();
    node::cli::main()
}
