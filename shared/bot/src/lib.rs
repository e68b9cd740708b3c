//! What the bot does.
//!
//! An interaction comes in through [`front_door`], which runs its command or hands it to the queue;
//! [`deferred`] does what was handed over, and its watchdog tells the user if no attempt survives. A command
//! is one file in [`commands`], one line in its registry and its words.
#![warn(missing_docs)]

pub mod command;
pub mod commands;
pub mod config;
pub mod context;
pub mod deferred;
pub mod dispatch;
mod fault_log;
mod files;
pub mod front_door;
mod guard;
mod kinds;
mod limiter;
mod line;
mod outside;
mod overflow;
mod places;
pub mod registry;
mod remembered;
mod target;
pub mod wiring;
pub mod words;

pub use command::{
    Answer, Choose, Command, Complete, Named, OnMessage, OnUse, OnUser, Press, Run, Submit, UsedBy,
    Visibility, Work,
};
pub use context::{Asked, Caller, Context};
pub use domain::rate::Class;
pub use registry::{Ability, Can, ability};
pub use wiring::{Bot, Rest};

/// The version that is running.
pub const VERSION: &str = env!("CARGO_PKG_VERSION");
