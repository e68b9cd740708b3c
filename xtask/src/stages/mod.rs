//! The stages of `cargo xtask test`, one file each.

pub mod answers;
pub mod browser;
pub mod clients;
pub mod clippy;
pub mod cycles;
pub mod deny;
pub mod docs;
pub mod format;
pub mod private;
pub mod template;
pub mod tests;

use crate::failure::Result;
use crate::workspace::Workspace;

#[derive(Clone, Copy)]
pub struct Stage {
    pub name: &'static str,
    /// One line, for the header and `--help`.
    pub what: &'static str,
    pub run: fn(&Workspace) -> Result<Outcome>,
}

pub enum Outcome {
    Green,
    /// Why this machine cannot run it.
    Skipped(String),
}
