//! What is true about Steward: rules, arithmetic and the shapes that travel.
//!
//! Nothing here does I/O, waits, or knows what time it is: times and chance come in as arguments.
#![warn(missing_docs)]

pub mod attempt;
pub mod breaker;
pub mod clock;
pub mod config;
pub mod conversion;
pub mod dead_letter;
pub mod deadline;
pub mod error;
pub mod flags;
pub mod gcra;
pub mod home;
pub mod ids;
pub mod job;
pub mod language;
pub mod measurement;
pub mod rate;
pub mod repeat;
pub mod retry;
pub mod settings;
pub mod token;
pub mod watch;
pub mod weather;

pub use clock::Clock;
pub use error::{Error, Fault, FaultKind, Refusal, Result};
pub use flags::Flags;
pub use home::Home;
pub use ids::{ApplicationId, ChannelId, GuildId, InteractionId, MessageId, UserId};
pub use job::Job;
pub use language::Language;
pub use settings::Settings;
pub use token::InteractionToken;
pub use watch::{Queued, Watch};
