//! The Discord room: the only place that knows what Discord's JSON looks like.
//!
//! In: [`signature`] proves who sent it, [`envelope`] reads what every interaction has, [`options`]
//! reads what a command was given. Out: [`reply`] is what a command says, [`response`] is how an
//! interaction is answered at once, [`rest`] how it is answered later.
#![warn(missing_docs)]

pub mod custom_id;
pub mod definition;
pub mod development_key;
pub mod envelope;
pub mod limits;
pub mod options;
pub mod reply;
pub mod response;
pub mod rest;
pub mod signature;

pub use custom_id::CustomId;
pub use definition::Definition;
pub use envelope::{Envelope, Kind};
pub use reply::{Button, Card, Field, Reply};
pub use response::{Choice, Choices, Response};
pub use rest::Rest;
pub use signature::Verifier;
/// The derives with which a command declares its options.
pub use twilight_interactions::command::{CommandModel, CommandOption, CreateCommand, CreateOption};
/// What a member may do, as Discord counts it.
pub use twilight_model::guild::Permissions;
