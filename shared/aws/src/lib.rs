//! The AWS room: the only place that knows the AWS SDK.
//!
//! [`Aws`] hands out the two tables and the queue; its clients are built when the first of them is
//! needed, because most interactions need none.
#![warn(missing_docs)]

mod breakers;
mod buckets;
mod claims;
mod clients;
mod config;
mod connector;
mod dead_letters;
mod discord_limits;
mod ephemeral;
mod failures;
mod fault;
mod flags;
mod homes;
mod items;
mod kept;
pub mod keys;
mod queue;
mod settings;
pub mod tables;
#[cfg(feature = "rehearsal")]
mod tally;
pub mod telemetry;

pub use breakers::Breakers;
pub use buckets::Buckets;
pub use claims::{Claim, Claims};
pub use clients::Aws;
pub use config::Config;
pub use dead_letters::{DeadLetters, Which};
pub use discord_limits::{DiscordLimits, Noted};
pub use ephemeral::{Cached, Ephemeral};
pub use failures::Failures;
pub use flags::FeatureFlags;
pub use homes::Homes;
pub use kept::Kept;
pub use queue::{NotSent, Queue};
pub use settings::{Change, GuildSettings, Stored};
#[cfg(feature = "rehearsal")]
pub use tally::Tally;
