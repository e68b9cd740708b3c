//! `cargo xtask prove soak`: a hundred thousand events for each deployed binary.

use crate::build;
use crate::command::{self, cargo, program};
use crate::failure::{Failure, Result};
use crate::python;
use crate::stages::{Outcome, Stage};
use crate::workspace::Workspace;

pub const STAGE: Stage = Stage {
    name: "soak",
    what: "100,000 sample events for each deployed binary, 1,000 for the probe: memory stays flat",
    run: soak,
};

fn soak(workspace: &Workspace) -> Result<Outcome> {
    let python = python::interpreter(workspace).ok_or_else(|| Failure::new("python3 is missing"))?;
    build::run(workspace, &[])?;
    command::run(cargo(workspace, &["build", "--locked", "--package", "steward", "--bin", "steward"]))?;
    let mut soak = program(workspace, python, &["xtask/soak.py"]);
    soak.arg("--steward").arg(workspace.target().join("debug/steward"));
    soak.arg("--functions").arg(workspace.lambda());
    command::run(soak)?;
    Ok(Outcome::Green)
}
