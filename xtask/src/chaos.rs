//! `cargo xtask chaos`: runs the chaos suite, which is a test target of the package `tests`.

use crate::command::{cargo, run};
use crate::failure::Result;
use crate::stages::{Outcome, Stage};
use crate::workspace::Workspace;

pub const HELP: &str = "\
Usage: cargo xtask chaos [--seeds N [--from S] | --seed S | --defect NAME]

Six simulated members with ten clients use the bot 500 times per seed while faults are injected; then the invariants are checked.

  --seeds N      Run N seeds (20) from seed 1, and the first of them once more
  --from S       Begin with seed S instead
  --seed S       Run this seed twice; both runs must be the same
  --defect NAME  Inject this known defect, or `all` one by one: one of the first 20 seeds must detect it.
                 An unknown name prints the known ones.";

/// The stage of `cargo xtask test`.
pub const STAGE: Stage = Stage {
    name: "chaos",
    what: "20 seeds of 500 interactions under faults, and every known defect",
    run: some,
};
/// The stage of `cargo xtask prove`.
pub const LONG: Stage =
    Stage { name: "chaos", what: "500 seeds of 500 interactions under faults", run: many };

pub fn run_with(workspace: &Workspace, arguments: &[&str]) -> Result<()> {
    // The same feature selection as in the stage `tests`, so that nothing is built twice.
    let selection = ["test", "--locked", "--quiet", "--package", "tests", "--test", "chaos", "--"];
    run(cargo(workspace, &[&selection, arguments].concat()))
}

fn some(workspace: &Workspace) -> Result<Outcome> {
    run_with(workspace, &["--seeds", "20"])?;
    // Verifies that the suite detects known defects.
    run_with(workspace, &["--defect", "all"])?;
    Ok(Outcome::Green)
}

fn many(workspace: &Workspace) -> Result<Outcome> {
    run_with(workspace, &["--seeds", "500"])?;
    Ok(Outcome::Green)
}
