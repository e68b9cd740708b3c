//! Every test and doctest. Each test process also leaves its log lines, for the stage `private`.

use std::fs;

use super::{Outcome, Stage};
use crate::command::{cargo, run};
use crate::failure::{Failure, Result};
use crate::workspace::Workspace;

pub const STAGE: Stage = Stage { name: "tests", what: "every test and doctest", run: test };

/// The folder to which a test process appends its log lines, at trace level.
const LOGS_VARIABLE: &str = "STEWARD_TEST_LOGS";

fn test(workspace: &Workspace) -> Result<Outcome> {
    let logs = workspace.test_logs();
    if logs.exists() {
        fs::remove_dir_all(&logs).map_err(Failure::at(&logs))?;
    }
    fs::create_dir_all(&logs).map_err(Failure::at(&logs))?;
    let mut test = cargo(workspace, &["test", "--workspace", "--locked"]);
    test.env(LOGS_VARIABLE, &logs);
    run(test)?;
    Ok(Outcome::Green)
}
