//! The commands, a file each.

pub mod help;
pub mod ping;
pub mod weather;
