//! How many arenas the system's allocator uses.
//!
//! The C library of most Linux systems gives threads arenas of their own, eight a core, and each keeps
//! what its threads once held. A node has two dozen threads, most of them idle: with two arenas a first
//! copy of 10,000 practices peaks at 119 MB instead of 172 MB. The number is read from the environment,
//! once, before a program's first line, so the program starts itself again with it.

/// Begins again with few arenas, unless the environment says how many there are to be. Comes back if
/// there is nothing to do, or if it cannot be done: it is only about memory.
pub fn limit() {
    #[cfg(all(target_os = "linux", target_env = "gnu"))]
    {
        use std::os::unix::process::CommandExt;

        if std::env::var_os(VARIABLE).is_some() {
            return;
        }
        let Ok(program) = std::env::current_exe() else { return };
        let mut arguments = std::env::args_os();
        let name = arguments.next().unwrap_or_else(|| program.clone().into());
        let error = std::process::Command::new(program).arg0(name).args(arguments).env(VARIABLE, ARENAS).exec();
        // Nowhere to say it yet, and nothing to be done about it.
        drop(error);
    }
}

#[cfg(all(target_os = "linux", target_env = "gnu"))]
const VARIABLE: &str = "MALLOC_ARENA_MAX";
/// One for each of the threads that have most to do: the loop's and the one that derives.
#[cfg(all(target_os = "linux", target_env = "gnu"))]
const ARENAS: &str = "2";
