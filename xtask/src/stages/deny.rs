//! Runs cargo-deny with deny.toml: banned crates, licences and sources.
//!
//! Without advisories, whose database is not reachable from every machine: run `cargo deny check` by hand.

use super::{Outcome, Stage};
use crate::command::{cargo, run};
use crate::failure::Result;
use crate::python::{self, Environment};
use crate::workspace::{self, Workspace};

pub const STAGE: Stage = Stage { name: "deny", what: "banned crates, licences and sources", run: check };

fn check(workspace: &Workspace) -> Result<Outcome> {
    let checkers = match Environment::with(workspace, &python::CHECKERS) {
        Ok(checkers) => checkers,
        // Skipped without Python or network, except in CI: most changes do not need it.
        Err(failure) if !workspace::in_ci() => return Ok(Outcome::Skipped(failure.to_string())),
        Err(failure) => return Err(failure),
    };
    let mut deny = cargo(workspace, &["deny", "--locked", "check", "bans", "licenses", "sources"]);
    deny.env("PATH", checkers.path()?);
    run(deny)?;
    Ok(Outcome::Green)
}
