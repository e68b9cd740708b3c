//! What the simulated Discord promises, as sentences, against a tiny application.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod acts;
mod answers;
mod application;
mod client;
mod command_permissions;
mod files;
mod forms;
mod guilds;
pub(crate) mod house;
mod judge;
mod limits;
mod market;
mod messages;
mod offers;
mod payloads;
mod persistence;
mod places;
mod race;
mod registration;
mod rings;
mod signature;
mod threads;
mod twilight;
mod verdicts;
mod wire;
mod world;
