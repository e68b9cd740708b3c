//! Tests the simulated Discord with a library and a bot in JavaScript.
//!
//! `@discordjs/rest` comes from npm at the versions of local/steward/tests/discordjs/package-lock.json.

use super::{Outcome, Stage, answers};
use crate::command::{cargo, run};
use crate::failure::Result;
use crate::node::Scripts;
use crate::workspace::{self, Workspace};

pub const STAGE: Stage = Stage {
    name: "clients",
    what: "@discordjs/rest and a Node bot against the simulated Discord",
    run: check,
};

pub const DISCORDJS: Scripts = Scripts { name: "discordjs", folder: "local/steward/tests/discordjs" };

fn check(workspace: &Workspace) -> Result<Outcome> {
    let folder = match DISCORDJS.install(workspace) {
        Ok(folder) => folder,
        // Skipped without Node or network, except in CI: most changes do not need it.
        Err(failure) if !workspace::in_ci() => return Ok(Outcome::Skipped(failure.to_string())),
        Err(failure) => return Err(failure),
    };
    // The same selection as in the stage `tests`, because another one would rebuild everything with other features.
    let selection = ["test", "--locked", "--quiet", "--workspace", "--exclude=tests"];
    let mut test = cargo(workspace, &selection);
    test.args(["--test", "discordjs", "--test", "foreign_bot"]);
    test.args(["--", "--ignored", "--nocapture"]);
    test.env("STEWARD_TEST_DISCORDJS", &folder).env(answers::VARIABLE, workspace.test_answers());
    run(test)?;
    Ok(Outcome::Green)
}
