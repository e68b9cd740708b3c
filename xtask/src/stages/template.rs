//! Checks template.yaml and samconfig.toml without an AWS account.

use super::{Outcome, Stage};
use crate::command::run;
use crate::failure::Result;
use crate::python::{self, Environment};
use crate::workspace::{self, Workspace};

pub const STAGE: Stage =
    Stage { name: "template", what: "cfn-lint, the SAM transform, samconfig, permissions", run: check };

/// The folder of the expanded CloudFormation templates, one for each stage. They are needed because the linter does not
/// check the policies and events of SAM functions.
const EXPANDED: &str = "target/tools/expanded";

const STAGES: [&str; 3] = ["dev", "staging", "prod"];

fn check(workspace: &Workspace) -> Result<Outcome> {
    let checkers = match Environment::with(workspace, &python::CHECKERS) {
        Ok(checkers) => checkers,
        // Skipped without Python or network, except in CI: most changes do not need it.
        Err(failure) if !workspace::in_ci() => return Ok(Outcome::Skipped(failure.to_string())),
        Err(failure) => return Err(failure),
    };
    run(checkers.program(workspace, "python", &["xtask/template_rules_test.py", "--quiet"])?)?;
    run(checkers.program(workspace, "python", &["xtask/check_template.py", EXPANDED])?)?;
    run(checkers.program(workspace, "cfn-lint", &["template.yaml"])?)?;
    // SAM copies a function's UpdateReplacePolicy to its alias and permissions, where it keeps nothing that is missed.
    let mut lint = checkers.program(workspace, "cfn-lint", &["--ignore-checks", "W3011", "--"])?;
    lint.args(STAGES.map(|stage| format!("{EXPANDED}/{stage}.json")));
    run(lint)?;
    Ok(Outcome::Green)
}
