//! Every sentence that the bot says, as a function of the language. Nothing is said outside this folder.

pub mod descriptions;
pub mod front_door;
pub mod help;
pub mod ping;
pub mod weather;
