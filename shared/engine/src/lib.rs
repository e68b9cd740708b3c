//! Answers interactions and executes deferred jobs, for any list of commands.
//!
//! [`interaction::answer`] runs the command of an interaction or defers it to the queue.
//! [`deferred::Worker`] executes deferred jobs; its watchdog notifies the user if no attempt could. Both
//! are generic over a [`Registry`]; the bot's own is in the crate `commands`.
#![warn(missing_docs)]

pub mod ability;
mod another_version;
mod calls;
pub mod command;
#[doc(hidden)]
pub mod command_kind;
mod component;
mod component_state;
pub mod config;
pub mod context;
pub mod deferred;
#[doc(hidden)]
pub mod dispatch;
mod fault_log;
mod guard;
pub mod interaction;
mod limiter;
pub mod probe;
pub mod registry;
mod reply_client;
pub mod services;
mod target;
mod ttl_cache;

pub use ability::{Ability, Can};
pub use command::{
    AllowedUser, Answer, Choose, Command, Complete, Named, OnMessage, OnUser, Press, Run, Submit, UpdateMode,
    Visibility, Work,
};
pub use component_state::PreviousState;
pub use context::{Admitted, Caller, Context};
pub use domain::rate::Class;
pub use registry::{ComponentPolicy, Entry, Registry};
pub use services::{Rest, Services};

/// The version of this build, for logs outside Lambda.
pub const VERSION: &str = env!("CARGO_PKG_VERSION");
