//! Runs clippy on all targets. The lints are configured in Cargo.toml and clippy.toml.

use super::{Outcome, Stage};
use crate::command::{cargo, run};
use crate::failure::Result;
use crate::workspace::Workspace;

pub const STAGE: Stage = Stage { name: "clippy", what: "no warnings in any target", run: check };

fn check(workspace: &Workspace) -> Result<Outcome> {
    // `--all-targets` skips a test target with `test = false`.
    let chaos = ["--package", "tests", "--test", "chaos"];
    for targets in [&["--workspace", "--all-targets"][..], &chaos] {
        run(cargo(workspace, &[&["clippy", "--locked"], targets, &["--", "-D", "warnings"]].concat()))?;
    }
    Ok(Outcome::Green)
}
