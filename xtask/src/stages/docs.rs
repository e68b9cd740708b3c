//! Builds the documentation; broken links are errors.

use super::{Outcome, Stage};
use crate::command::{cargo, run};
use crate::failure::Result;
use crate::workspace::Workspace;

pub const STAGE: Stage = Stage { name: "docs", what: "rustdoc without warnings", run: check };

fn check(workspace: &Workspace) -> Result<Outcome> {
    let mut doc = cargo(workspace, &["doc", "--workspace", "--no-deps", "--locked"]);
    doc.env("RUSTDOCFLAGS", "-D warnings");
    run(doc)?;
    Ok(Outcome::Green)
}
