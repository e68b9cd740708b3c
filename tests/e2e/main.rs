//! The whole bot against the simulated Discord.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod commands;
mod contracts;
mod convert_units;
mod dead_letters;
mod deferred;
mod door;
mod drawer;
mod endurance;
mod events;
mod flags;
mod hand_over;
mod home;
mod installed;
mod kit;
mod late_calls;
mod limits;
mod page;
mod registration;
mod rights;
mod rooms;
mod samples;
mod saw;
mod settings;
mod strangers;
mod template;
mod watch;
mod weather;
