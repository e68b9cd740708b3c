//! Registers commands with Discord: reads the registered ones, computes a plan, and overwrites if something changed.
//!
//! `steward register` uses it with the real Discord, and the local stack with the simulated one at every start.

mod client;
mod difference;
mod faults;
mod normal;
mod overwrites;
mod plan;
mod refused;
mod report;

use commands::{Entry, Registry};
use serde_json::Value;

pub use client::Client;
pub use difference::Difference;
pub use faults::Fault;
pub use overwrites::{Overwrite, Overwrites};
pub use plan::{Change, Plan, Step};
pub use refused::Refused;
pub use report::report;

/// The scope of commands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scope {
    /// Global commands.
    Global,
    /// The commands of a guild.
    Guild(domain::GuildId),
}

/// A command as it should be registered.
#[derive(Clone, Debug)]
pub struct Wanted {
    /// The definition in Discord's JSON.
    pub definition: Value,
    /// Earlier names. If one of them is registered, it is renamed and keeps its id.
    pub previous_names: Vec<String>,
}

/// All commands of a registry.
///
/// # Errors
/// Never in practice: definitions are plain data.
pub fn wanted<R: Registry>() -> serde_json::Result<Vec<Wanted>> {
    let wanted = |entry: &Entry| {
        let previous_names = entry.previous_names.iter().map(|name| (*name).to_owned()).collect();
        Ok(Wanted { definition: serde_json::to_value((entry.definition)())?, previous_names })
    };
    R::commands().map(wanted).collect()
}
