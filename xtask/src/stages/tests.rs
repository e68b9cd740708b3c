//! Runs all tests and doctests. It records the bot's log lines for the stage `private`, and the simulated Discord's
//! responses for the stage `answers`.

use std::fs;
use std::path::Path;

use super::{Outcome, Stage, answers};
use crate::command::{cargo, run};
use crate::failure::{Failure, Result};
use crate::workspace::Workspace;

pub const STAGE: Stage = Stage { name: "tests", what: "every test and doctest", run: test };

/// The variable with the folder for log lines, at trace level.
const LOGS_VARIABLE: &str = "STEWARD_TEST_LOGS";

/// A changed snapshot fails its test without writing a file; `cargo xtask snapshots` accepts it.
pub const SNAPSHOTS_AS_THEY_ARE: (&str, &str) = ("INSTA_UPDATE", "no");

fn test(workspace: &Workspace) -> Result<Outcome> {
    let (logs, recorded) = (workspace.test_logs(), workspace.test_answers());
    empty(&logs)?;
    empty(&recorded)?;
    let mut test = cargo(workspace, &["test", "--locked", "--workspace"]);
    test.envs([SNAPSHOTS_AS_THEY_ARE]).env(LOGS_VARIABLE, &logs).env(answers::VARIABLE, &recorded);
    run(test)?;
    Ok(Outcome::Green)
}

fn empty(folder: &Path) -> Result<()> {
    if folder.exists() {
        fs::remove_dir_all(folder).map_err(Failure::at(folder))?;
    }
    fs::create_dir_all(folder).map_err(Failure::at(folder))
}
