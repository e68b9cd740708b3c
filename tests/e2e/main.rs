//! The whole bot against the simulated Discord.

mod commands;
mod deferred;
mod door;
mod rooms;
mod samples;
mod template;
mod weather;
