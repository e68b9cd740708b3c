//! The whole bot against the simulated Discord.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod abilities;
mod breaker;
mod commands;
mod contracts;
mod convert_units;
mod cost;
mod dead_letters;
mod deferral;
mod deferred;
mod dependencies;
mod discord_limits;
mod endpoint;
mod endurance;
mod environment;
mod ephemeral_rejections;
mod events;
mod fairness;
mod flags;
mod fuzzed;
mod health;
mod home;
mod inspector;
mod installed;
mod items;
mod limits;
mod metrics;
mod page;
mod play;
mod probes;
mod registration;
mod releases;
mod repeated;
mod rights;
mod samples;
#[allow(dead_code, reason = "what chaos alone asks")]
mod scenarios;
mod seen;
mod settings;
mod slow_dependencies;
mod template;
mod test_app;
mod untrusted_input;
mod user_outcomes;
mod watchdog;
mod weather;
