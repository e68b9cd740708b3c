//! The whole bot against the simulated Discord.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod abilities;
mod breaker;
mod commands;
mod contracts;
mod convert_units;
mod dead_letters;
mod deferred;
mod dependencies;
mod discord_limits;
mod door;
mod drawer;
mod endurance;
mod environment;
mod events;
mod fairness;
mod flags;
mod fuzzed;
mod hand_over;
mod home;
mod installed;
mod items;
mod kit;
mod late_calls;
mod limits;
mod page;
mod play;
mod private_no;
mod registration;
mod repeated;
mod rights;
mod samples;
#[allow(dead_code, reason = "what chaos alone asks")]
mod scenarios;
mod seen;
mod settings;
mod strangers;
mod template;
mod user_outcomes;
mod watch;
mod weather;
