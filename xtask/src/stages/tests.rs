//! Every test and doctest. Where a whole bot runs, its log lines are kept for the stage `private`.

use std::fs;

use super::{Outcome, Stage};
use crate::command::{cargo, run};
use crate::failure::{Failure, Result};
use crate::workspace::Workspace;

pub const STAGE: Stage = Stage { name: "tests", what: "every test and doctest", run: test };

/// The folder to which a bot under test appends its log lines, at trace level.
const LOGS_VARIABLE: &str = "STEWARD_TEST_LOGS";

fn test(workspace: &Workspace) -> Result<Outcome> {
    let logs = workspace.test_logs();
    if logs.exists() {
        fs::remove_dir_all(&logs).map_err(Failure::at(&logs))?;
    }
    fs::create_dir_all(&logs).map_err(Failure::at(&logs))?;
    // Apart, because the end-to-end tests want a bot with a command that no other binary shall have.
    for packages in [["--workspace", "--exclude=tests"], ["--package", "tests"]] {
        let mut test = cargo(workspace, &["test", "--locked"]);
        test.args(packages).env(LOGS_VARIABLE, &logs);
        run(test)?;
    }
    Ok(Outcome::Green)
}
