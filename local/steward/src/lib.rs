//! The whole system on one machine: the real functions, a DynamoDB, queues and a simulated Discord.
//!
//! [`Stack`] puts them together. It is what `cargo run` starts, and what the tests drive.

pub mod cli;
mod data_dir;
mod dead_letters;
mod endpoint;
pub mod events;
mod fault_proxy;
pub mod functions;
mod inspector;
pub mod logs;
mod server;
pub mod settings;
mod spans;
mod stack;
mod status;
mod variables;

pub use fault_proxy::{Line, Trouble};
pub use stack::{Error, Options, Outside, Stack, register};
