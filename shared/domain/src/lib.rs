//! Steward's rules and arithmetic, and the types that travel between functions (jobs, watchdogs).
//!
//! Nothing here does I/O, waits or reads a clock: time and random numbers are arguments.
#![warn(missing_docs)]

pub mod attempt;
pub mod breaker;
pub mod clock;
pub mod config;
pub mod conversion;
pub mod dead_letter;
pub mod deadline;
mod delivery;
pub mod error;
pub mod flags;
pub mod gcra;
pub mod home;
pub mod ids;
pub mod job;
pub mod language;
pub mod measurement;
pub mod metric;
pub mod probe;
mod queued;
pub mod rate;
pub mod repeat;
pub mod retry;
pub mod settings;
pub mod token;
pub mod watchdog;
pub mod weather;

pub use clock::Clock;
pub use delivery::Delivery;
pub use error::{Error, Fault, FaultKind, Refusal, Result};
pub use flags::Flags;
pub use home::Home;
pub use ids::{ApplicationId, ChannelId, GuildId, InteractionId, MessageId, UserId};
pub use job::Job;
pub use language::Language;
pub use probe::ProbeJob;
pub use queued::Queued;
pub use settings::Settings;
pub use token::InteractionToken;
pub use watchdog::Watchdog;
