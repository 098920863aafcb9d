//! How the system's allocator keeps what a node gives back.
//!
//! The C library of most Linux systems gives threads arenas of their own, eight a core, and each keeps
//! what its threads once held; and it learns from the largest block that was ever freed to keep blocks of
//! that size as well. A node has two dozen threads, most of them idle, and a few large blocks while it
//! indexes or catches up: with two arenas a first copy of 10,000 practices peaks at 119 MB instead of
//! 172 MB, and with both limits below what indexing 100,000 takes of its own, looked at ten times a
//! second, at 187 and 201 MB instead of 207 to 239 (docs/search.md). They are read from the environment, once, before a program's first line, so the
//! program starts itself again with them.

/// Begins again with these limits, unless the environment says how many arenas there are to be. Comes
/// back if there is nothing to do, or if it cannot be done: it is only about memory.
pub fn limit() {
    #[cfg(all(target_os = "linux", target_env = "gnu"))]
    {
        use std::os::unix::process::CommandExt;

        if std::env::var_os(ARENAS).is_some() {
            return;
        }
        let Ok(program) = std::env::current_exe() else { return };
        let mut arguments = std::env::args_os();
        let name = arguments.next().unwrap_or_else(|| program.clone().into());
        let mut again = std::process::Command::new(program);
        let limits = LIMITS.iter().filter(|(variable, _)| std::env::var_os(variable).is_none());
        let error = again.arg0(name).args(arguments).envs(limits.copied()).exec();
        // Nowhere to say it yet, and nothing to be done about it.
        drop(error);
    }
}

#[cfg(all(target_os = "linux", target_env = "gnu"))]
const ARENAS: &str = "MALLOC_ARENA_MAX";

/// The variables of the C library, as mallopt(3) has them.
#[cfg(all(target_os = "linux", target_env = "gnu"))]
const LIMITS: [(&str, &str); 3] = [
    // One for each of the threads that have most to do: the loop's and the one that derives.
    (ARENAS, "2"),
    // Bytes from which on a block is the system's own and goes back as soon as it is freed.
    ("MALLOC_MMAP_THRESHOLD_", "1000000"),
    // Bytes that may lie free at the end of an arena before they go back.
    ("MALLOC_TRIM_THRESHOLD_", "2000000"),
];
