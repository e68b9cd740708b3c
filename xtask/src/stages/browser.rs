//! Tests of the playground in a real browser.

use super::{Outcome, Stage};
use crate::browser::{Equipment, play};
use crate::failure::Result;
use crate::workspace::{self, Workspace};

pub const STAGE: Stage = Stage { name: "browser", what: "the playground in Chromium", run: check };

fn check(workspace: &Workspace) -> Result<Outcome> {
    match Equipment::get(workspace) {
        Ok(equipment) => play(workspace, &equipment, &[])?,
        // Skipped without a browser, Node or network, except in CI: most changes do not need it.
        Err(failure) if !workspace::in_ci() => return Ok(Outcome::Skipped(failure.to_string())),
        Err(failure) => return Err(failure),
    }
    Ok(Outcome::Green)
}
