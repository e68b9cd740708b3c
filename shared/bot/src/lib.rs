//! What the bot does.
//!
//! An interaction comes in through [`front_door`], which runs its command or hands it to the queue;
//! [`long_half`] does what was handed over, and a [`watch`] tells the user if nobody lived to. A command is one file in [`commands`], one line in
//! its registry and its words.
#![warn(missing_docs)]

pub mod command;
pub mod commands;
pub mod config;
pub mod context;
pub mod dispatch;
mod files;
pub mod front_door;
mod guard;
mod kinds;
mod limiter;
mod line;
pub mod long_half;
mod outside;
mod places;
pub mod registry;
mod remembered;
mod target;
pub mod watch;
pub mod wiring;
pub mod words;

pub use command::{
    Answer, Choose, Command, Complete, Named, OnMessage, OnUse, OnUser, Press, Run, Submit, UsedBy,
    Visibility, Work,
};
pub use context::{Asked, Context};
pub use domain::rate::Class;
pub use registry::{Ability, Can, ability};
pub use wiring::{Bot, Clock, Rest};

/// The version that is running.
pub const VERSION: &str = env!("CARGO_PKG_VERSION");
