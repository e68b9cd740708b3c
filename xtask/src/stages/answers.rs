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
    run: validate,
};

/// The variable with the folder in which the simulated Discord records its responses.
pub const VARIABLE: &str = "STEWARD_TEST_ANSWERS";

const OPENAPI_FILE: &str = "../shared/discord/openapi/openapi.json";
const TEST: &str = "tests::openapi::recorded::every_recorded_answer_is_as_the_openapi_file_has_it";

/// The prefixes of the test's output lines.
const SUMMARY_PREFIX: &str = "validated: ";
const UNDOCUMENTED_PREFIX: &str = "  beyond the file: ";

fn validate(workspace: &Workspace) -> Result<Outcome> {
    if !workspace.root().join(OPENAPI_FILE).is_file() {
        return Ok(Outcome::Skipped(format!("there is no {OPENAPI_FILE}")));
    }
    let folder = workspace.test_answers();
    if is_empty(&folder) {
        return Err(Failure::new("there are no recorded responses yet: run the stage `tests` first"));
    }
    // The same selection as in the stage `tests`, because another one would rebuild everything with other features.
    let mut validate =
        cargo(workspace, &["test", "--locked", "--quiet", "--workspace", "--exclude=tests", "--lib"]);
    validate.args(["--", "--ignored", "--exact", TEST, "--nocapture"]);
    validate.env(VARIABLE, &folder).env("RUST_BACKTRACE", "0");
    println!("{}", summary(&String::from_utf8_lossy(&output(validate)?))?);
    Ok(Outcome::Green)
}

/// The test's output lines, without those of other crates. It is a failure if there are none, because then the test
/// did not run.
fn summary(printed: &str) -> Result<String> {
    let is_summary = |line: &&str| line.starts_with(SUMMARY_PREFIX) || line.starts_with(UNDOCUMENTED_PREFIX);
    let lines: Vec<&str> = printed.lines().filter(is_summary).collect();
    if lines.first().is_some_and(|line| line.starts_with(SUMMARY_PREFIX)) {
        return Ok(lines.join("\n"));
    }
    Err(Failure::new(format!("the check did not run: does the test {TEST} still exist?")))
}

fn is_empty(folder: &Path) -> bool {
    fs::read_dir(folder).map_or(true, |mut entries| entries.next().is_none())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_lines_of_the_test_are_shown_and_the_rest_is_not() {
        let printed =
            "running 0 tests\n\nvalidated: 3 answers\n  beyond the file: GET /x 405\ntest result: ok.\n";
        assert_eq!(summary(printed).expect("words"), "validated: 3 answers\n  beyond the file: GET /x 405");
    }

    #[test]
    fn a_run_that_validated_nothing_is_no_success() {
        assert!(summary("running 0 tests\n\ntest result: ok. 0 passed\n").is_err());
    }
}
