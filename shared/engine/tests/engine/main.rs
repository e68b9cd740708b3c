//! What users and operators see of the engine: with a registry of its own, and simulated services.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod answers;
mod autocomplete;
mod commands;
mod components;
mod deferral;
mod given_up;
mod harness;
mod jobs;
mod late_arrivals;
mod member;
mod raid;
mod rate_limits;
mod registry;
mod rejections;
mod renamed;
mod replies;
mod settings_and_flags;
mod setup;
mod shared_limits;
mod versions;
mod watchdog;
mod weather;
mod wire;
