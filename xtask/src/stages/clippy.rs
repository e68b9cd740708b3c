//! Clippy over everything that compiles; the workspace's lints are in Cargo.toml and clippy.toml.

use super::{Outcome, Stage};
use crate::command::{cargo, run};
use crate::failure::Result;
use crate::workspace::Workspace;

pub const STAGE: Stage = Stage { name: "clippy", what: "no warnings, in no target", run: check };

fn check(workspace: &Workspace) -> Result<Outcome> {
    // `--all-targets` passes over a test that `cargo test` does not run.
    let chaos = ["--package", "tests", "--test", "chaos"];
    for targets in [&["--workspace", "--all-targets"][..], &chaos] {
        run(cargo(workspace, &[&["clippy", "--locked"], targets, &["--", "-D", "warnings"]].concat()))?;
    }
    Ok(Outcome::Green)
}
