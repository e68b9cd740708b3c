//! `cargo xtask chaos` - 500 interactions a seed, under faults; it is a program of the package `tests`.

use crate::command::{cargo, run};
use crate::failure::Result;
use crate::stages::{Outcome, Stage};
use crate::workspace::Workspace;

/// What `cargo xtask test` runs.
pub const STAGE: Stage =
    Stage { name: "chaos", what: "20 seeds of 500 interactions under faults", run: some };
/// What `cargo xtask prove` runs.
pub const LONG: Stage =
    Stage { name: "chaos", what: "500 seeds under faults, and every known mistake noticed", run: many };

pub fn run_with(workspace: &Workspace, arguments: &[String]) -> Result<()> {
    // With the features of the stage `tests`, so that nothing is built twice.
    let mut chaos =
        cargo(workspace, &["test", "--locked", "--quiet", "--package", "tests", "--test", "chaos", "--"]);
    chaos.args(arguments);
    run(chaos)
}

fn some(workspace: &Workspace) -> Result<Outcome> {
    run_with(workspace, &["--seeds".to_owned(), "20".to_owned()])?;
    Ok(Outcome::Green)
}

fn many(workspace: &Workspace) -> Result<Outcome> {
    run_with(workspace, &["--seeds".to_owned(), "500".to_owned()])?;
    run_with(workspace, &["--mutant".to_owned(), "all".to_owned()])?;
    Ok(Outcome::Green)
}
