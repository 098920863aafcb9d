//! Scenarios: laws over random histories, worlds in virtual time, real processes.
//!
//! One binary, because each one links everything again.

mod hostile;
mod laws;
mod power_cut;
mod process;
mod scenarios;
mod tidy;
mod world;
