//! Scenarios: laws over random histories, worlds in virtual time, real processes.
//!
//! One binary, because each one links everything again.

#![allow(clippy::panic, reason = "a test that cannot go on says why and ends")]

mod attacks;
mod browser;
mod decoders;
mod dependencies;
#[cfg(target_os = "linux")]
mod full_disk;
mod golden;
mod hostile;
mod inside;
mod laws;
mod openapi;
mod pictures;
mod power_cut;
mod printing;
mod process;
mod rot;
mod scenarios;
mod tidy;
mod world;
