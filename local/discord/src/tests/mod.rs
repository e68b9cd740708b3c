//! Tests of the simulated Discord with a small application.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod actions;
mod answers;
mod application;
mod client;
mod command_permissions;
mod control;
mod files;
mod guilds;
mod limits;
mod messages;
mod modals;
mod monetization;
mod offers;
mod openapi;
mod payloads;
mod permissions;
mod persistence;
mod places;
mod race;
mod registration;
mod retention;
mod signature;
mod threads;
mod twilight;
mod verdicts;
mod wire;
