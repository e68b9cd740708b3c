//! Discord's protocol: the only crate that knows what Discord's JSON looks like.
//!
//! In: [`signature`] proves who sent it, [`envelope`] reads what every interaction has, [`options`],
//! [`target`] and [`form`] read what a command was given, used on or told, [`custom_id`] what a
//! component remembers. Out: [`reply`] is what a command says, [`response`] is how an interaction is
//! answered at once, [`rest`] how it is answered later.
#![warn(missing_docs)]

pub mod card;
pub mod component;
pub mod config;
pub mod custom_id;
mod data;
pub mod definition;
pub mod development_key;
pub mod envelope;
pub mod files;
pub mod form;
pub mod limits;
pub mod options;
pub mod panel;
pub mod reply;
pub mod response;
pub mod rest;
pub mod signature;
pub mod target;
mod wire;

pub use card::{Card, Field};
pub use component::{Button, Select, SelectOption, Style};
pub use custom_id::CustomId;
pub use definition::Definition;
pub use envelope::{CommandKind, Envelope, Kind};
pub use form::{Filled, Form, Input, Part, Question};
pub use panel::{Block, Panel};
pub use reply::Reply;
pub use response::{Choice, Choices, Response};
pub use rest::Rest;
pub use signature::Verifier;
pub use target::{TargetMessage, TargetUser};
/// The derives with which a command declares its options.
pub use twilight_interactions::command::{CommandModel, CommandOption, CreateCommand, CreateOption};
/// What a member may do, as Discord counts it.
pub use twilight_model::guild::Permissions;
