//! Clippy over everything that compiles; the workspace's lints are in Cargo.toml and clippy.toml.

use super::{Outcome, Stage};
use crate::command::{cargo, run};
use crate::failure::Result;
use crate::workspace::Workspace;

pub const STAGE: Stage = Stage { name: "clippy", what: "no warnings, in no target", run: check };

fn check(workspace: &Workspace) -> Result<Outcome> {
    run(cargo(workspace, &["clippy", "--workspace", "--all-targets", "--locked", "--", "-D", "warnings"]))?;
    Ok(Outcome::Green)
}
