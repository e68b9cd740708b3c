//! `cargo xtask chaos` - 500 interactions a seed, under faults; it is a program of the package `tests`.

use crate::command::{cargo, run};
use crate::failure::Result;
use crate::stages::{Outcome, Stage};
use crate::workspace::Workspace;

/// What `cargo xtask test` runs.
pub const STAGE: Stage = Stage {
    name: "chaos",
    what: "20 seeds of 500 interactions under faults, and every known mistake",
    run: some,
};
/// What `cargo xtask prove` runs.
pub const LONG: Stage =
    Stage { name: "chaos", what: "500 seeds of 500 interactions under faults", run: many };

pub fn run_with(workspace: &Workspace, arguments: &[&str]) -> Result<()> {
    // With the features of the stage `tests`, so that nothing is built twice.
    let selection = ["test", "--locked", "--quiet", "--package", "tests", "--test", "chaos", "--"];
    run(cargo(workspace, &[&selection, arguments].concat()))
}

fn some(workspace: &Workspace) -> Result<Outcome> {
    run_with(workspace, &["--seeds", "20"])?;
    // A suite that notices no mistake proves nothing.
    run_with(workspace, &["--mutant", "all"])?;
    Ok(Outcome::Green)
}

fn many(workspace: &Workspace) -> Result<Outcome> {
    run_with(workspace, &["--seeds", "500"])?;
    Ok(Outcome::Green)
}
