//! Checks the simulated Discord's responses against Discord's documentation.
//!
//! Earlier stages record all REST responses of all test processes in target/test-answers. An ignored test of
//! `local/discord` validates them against Discord's OpenAPI file. The file is not part of the repository; without it
//! the stage is skipped.

use std::fs;
use std::path::Path;

use super::{Outcome, Stage};
use crate::command::{cargo, output};
use crate::failure::{Failure, Result};
use crate::workspace::Workspace;

pub const STAGE: Stage = Stage {
    name: "answers",
    what: "the simulated Discord's responses, checked against Discord's OpenAPI file",
    run: judge,
};

/// The variable with the folder in which the simulated Discord records its responses.
pub const VARIABLE: &str = "STEWARD_TEST_ANSWERS";

const FILE: &str = "../shared/discord/openapi/openapi.json";
const JUDGE: &str = "tests::judge::recorded::every_recorded_answer_is_as_the_openapi_file_has_it";

/// The prefixes of the test's output lines.
const JUDGED: &str = "judged: ";
const BEYOND: &str = "  beyond the file: ";

fn judge(workspace: &Workspace) -> Result<Outcome> {
    if !workspace.root().join(FILE).is_file() {
        return Ok(Outcome::Skipped(format!("there is no {FILE}")));
    }
    let folder = workspace.test_answers();
    if is_empty(&folder) {
        return Err(Failure::new("there are no recorded responses yet: run the stage `tests` first"));
    }
    // The same selection as in the stage `tests`, because another one would rebuild everything with other features.
    let mut judge =
        cargo(workspace, &["test", "--locked", "--quiet", "--workspace", "--exclude=tests", "--lib"]);
    judge.args(["--", "--ignored", "--exact", JUDGE, "--nocapture"]);
    judge.env(VARIABLE, &folder).env("RUST_BACKTRACE", "0");
    println!("{}", told(&String::from_utf8_lossy(&output(judge)?))?);
    Ok(Outcome::Green)
}

/// The test's output lines, without those of other crates. It is a failure if there are none, because then the test
/// did not run.
fn told(printed: &str) -> Result<String> {
    let is_judges = |line: &&str| line.starts_with(JUDGED) || line.starts_with(BEYOND);
    let lines: Vec<&str> = printed.lines().filter(is_judges).collect();
    if lines.first().is_some_and(|line| line.starts_with(JUDGED)) {
        return Ok(lines.join("\n"));
    }
    Err(Failure::new(format!("the check did not run: does the test {JUDGE} still exist?")))
}

fn is_empty(folder: &Path) -> bool {
    fs::read_dir(folder).map_or(true, |mut entries| entries.next().is_none())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_judges_words_are_shown_and_the_rest_is_not() {
        let printed =
            "running 0 tests\n\njudged: 3 answers\n  beyond the file: GET /x 405\ntest result: ok.\n";
        assert_eq!(told(printed).expect("words"), "judged: 3 answers\n  beyond the file: GET /x 405");
    }

    #[test]
    fn a_run_in_which_nobody_judged_is_no_success() {
        assert!(told("running 0 tests\n\ntest result: ok. 0 passed\n").is_err());
    }
}
