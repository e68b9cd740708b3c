//! What serves the real Discord and AWS: registration of commands, flags and dead letters.
//!
//! `steward` offers it on its command line, against the local stack too. It reaches AWS through the crate `aws`
//! alone, and knows nothing of `local/`.

pub mod dead_letters;
pub mod flags;
pub mod register;
pub mod registration;
pub mod terminal;
