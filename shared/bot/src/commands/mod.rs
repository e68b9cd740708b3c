//! The commands, a file each.

pub mod help;
pub mod ping;
#[cfg(feature = "rehearsal")]
pub mod rehearse;
pub mod weather;
