//! The whole system on one machine: the real functions, a DynamoDB, a queue and a simulated Discord.
//!
//! [`Stack`] puts them together. It is what `cargo run` starts, and what the tests drive.

pub mod cli;
mod dead_letters;
pub mod events;
mod folder;
mod front_door;
pub mod functions;
mod inspector;
mod line;
mod localhost;
pub mod logs;
pub mod registration;
mod server;
pub mod settings;
mod stack;
mod status;
mod steps;
mod variables;

pub use local_clock as clock;
pub use local_discord as discord;
pub use local_dynamodb as dynamodb;
pub use local_lambda as lambda;
use local_load as load;
pub use local_open_meteo as weather;
use local_playground as page;
pub use local_sqs as queue;

pub use line::{Line, Trouble};
pub use stack::{Error, Options, Outside, Stack};
