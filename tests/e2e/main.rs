//! The whole bot against the simulated Discord.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod commands;
mod contracts;
mod convert_units;
mod deferred;
mod door;
mod endurance;
mod events;
mod hand_over;
mod home;
mod kit;
mod page;
mod registration;
mod rooms;
mod samples;
mod settings;
mod template;
mod weather;
