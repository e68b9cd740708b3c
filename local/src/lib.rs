//! The whole system on one machine: the real functions, a DynamoDB, a queue and a simulated Discord.
//!
//! [`Stack`] puts them together. It is what `cargo run` starts, and what the tests drive.

pub mod cli;
pub mod clock;
pub mod discord;
mod dynamodb;
pub mod events;
mod folder;
mod front_door;
pub mod lambda;
pub mod logs;
mod page;
pub mod queue;
pub mod registration;
mod server;
mod stack;
mod status;
mod variables;
pub mod weather;

pub use stack::{Error, Options, Outside, Stack};
/// The settings of the local stack, which are those of template.yaml.
pub mod settings {
    pub use crate::stack::{
        DEAD_RETENTION_SECONDS, INTERACTIONS_TIMEOUT, JOBS, JOBS_BATCH, JOBS_DEAD, JOBS_TIMEOUT,
        JOBS_VISIBILITY_SECONDS,
    };
}
