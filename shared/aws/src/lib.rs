//! Access to AWS. The only crate that depends on the AWS SDK.
//!
//! [`Aws`] provides the stored items and the queues. Its clients are created on first use, because most
//! interactions need none.
#![warn(missing_docs)]

mod clients;
mod cloudwatch;
mod codedeploy;
mod config;
mod connector;
mod create_tables;
mod dead_letters;
mod fault;
#[doc(hidden)]
pub mod items;
pub mod keys;
pub mod kinds;
mod lambda;
mod queue;
mod signed;
#[doc(hidden)]
pub mod stored;
pub mod tables;
pub mod telemetry;

kinds::kinds!(modules);

pub use breaker::Breakers;
pub use bucket::{Buckets, SharedDecision};
pub use cache::Cached;
pub use claim::{Claim, Claims, Held, Lease, Purpose};
pub use clients::Aws;
pub use cloudwatch::CloudWatch;
pub use codedeploy::CodeDeploy;
pub use component_state::ComponentState;
pub use config::Config;
pub use dead_letters::{DeadLetters, Selection};
pub use discord_limits::{DiscordLimits, StoredLimits};
pub use lambda::{Lambda, QualifiedFunction};
pub use lease::Leases;
pub use probe::ProbeResult;
pub use queue::{Queue, SendError};
pub use settings::{Edited, VersionedSettings};
pub use stored::{ForCommands, Kind, Seconds, Store};
