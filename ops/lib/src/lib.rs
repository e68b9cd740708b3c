//! Operator's commands for the real Discord and AWS: registration, feature flags and dead letters.
//!
//! `steward` offers them on its command line, also for the local stack. AWS is called only through the crate
//! `aws`, and nothing here depends on `local/`.

pub mod dead_letters;
pub mod flags;
pub mod register;
pub mod registration;
pub mod terminal;
