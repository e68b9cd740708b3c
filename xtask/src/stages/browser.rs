//! The playground in a real browser, as people use it.

use super::{Outcome, Stage};
use crate::browser::{Equipment, play};
use crate::failure::Result;
use crate::workspace::{self, Workspace};

pub const STAGE: Stage =
    Stage { name: "browser", what: "the playground in Chromium, by scenarios", run: check };

fn check(workspace: &Workspace) -> Result<Outcome> {
    match Equipment::get(workspace) {
        Ok(equipment) => play(workspace, &equipment, &[])?,
        // No browser here, no Node, or no network: whoever changes a command need not mind.
        Err(failure) if !workspace::in_ci() => return Ok(Outcome::Skipped(failure.to_string())),
        Err(failure) => return Err(failure),
    }
    Ok(Outcome::Green)
}
