//! What the simulated Discord promises, as sentences, against a tiny application.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod answers;
mod client;
mod house;
mod judge;
mod limits;
mod messages;
mod persistence;
mod race;
mod registration;
mod signature;
mod verdicts;
mod wire;
