//! Tells Discord which commands there are: reads what is registered, plans, and writes if need be.
//!
//! `steward register` does it with the real Discord, and the local stack with the simulated one at every start.

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

/// Whose commands: everybody's, or one guild's.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scope {
    /// Of the application, everywhere.
    Global,
    /// Of one guild.
    Guild(domain::GuildId),
}

/// A command as it should be registered.
#[derive(Clone, Debug)]
pub struct Wanted {
    /// What Discord is told.
    pub definition: Value,
    /// Names that it had: Discord keeps the id of the one that it finds.
    pub previous_names: Vec<String>,
}

/// Every command of a registry.
///
/// # Errors
/// None that could be met: definitions are plain data.
pub fn wanted<R: Registry>() -> serde_json::Result<Vec<Wanted>> {
    let wanted = |entry: &Entry| {
        let previous_names = entry.previous_names.iter().map(|name| (*name).to_owned()).collect();
        Ok(Wanted { definition: serde_json::to_value((entry.definition)())?, previous_names })
    };
    R::commands().map(wanted).collect()
}
