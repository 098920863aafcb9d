//! Scenarios: laws over random histories, worlds in virtual time, real processes.
//!
//! One binary, because each one links everything again.

mod scenarios;
mod world;
