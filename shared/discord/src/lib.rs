//! Discord's protocol. No other crate of the bot knows Discord's JSON.
//!
//! Requests: [`signature`] verifies the sender, [`envelope`] parses the common fields, [`options`],
//! [`target`] and [`modal`] parse a command's options, target and submitted values, [`custom_id`] the state of a
//! component. Replies: [`reply`] is the message, [`response`] the HTTP response to an interaction, [`rest`]
//! sends later replies.
#![warn(missing_docs)]

pub mod component;
pub mod config;
pub mod container;
pub mod custom_id;
mod data;
pub mod definition;
pub mod development_key;
pub mod embed;
pub mod envelope;
pub mod files;
pub mod limits;
pub mod modal;
pub mod options;
pub mod reply;
pub mod response;
pub mod rest;
pub mod signature;
pub mod target;
mod wire;

pub use component::{Button, Select, SelectOption, Style};
pub use container::{Container, ContainerItem};
pub use custom_id::CustomId;
pub use definition::Definition;
pub use embed::{Embed, EmbedField};
pub use envelope::{CommandKind, Envelope, Kind};
pub use modal::{Attachment, Label, LabelComponent, Modal, ModalComponent, ModalSubmission, TextInputStyle};
pub use reply::Reply;
pub use response::{Choice, Choices, Response};
pub use rest::Rest;
pub use signature::Verifier;
pub use target::{TargetMessage, TargetUser};
/// The derives for a command's options.
pub use twilight_interactions::command::{CommandModel, CommandOption, CreateCommand, CreateOption};
/// Discord's permissions of a member or the bot.
pub use twilight_model::guild::Permissions;
