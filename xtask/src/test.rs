//! `cargo xtask test`: all checks, fastest failures first.

use crate::plan::Plan;
use crate::stages::{self, Stage};
use crate::{chaos, examples};

const STAGES: [Stage; 13] = [
    stages::format::STAGE,
    stages::cycles::STAGE,
    stages::template::STAGE,
    stages::deny::STAGE,
    stages::clippy::STAGE,
    stages::tests::STAGE,
    examples::STAGE,
    chaos::STAGE,
    stages::clients::STAGE,
    stages::browser::STAGE,
    stages::answers::STAGE,
    stages::private::STAGE,
    stages::docs::STAGE,
];

pub const PLAN: Plan = Plan {
    command: "cargo xtask test",
    stages: &STAGES,
    note:
        "\
It installs what it needs under target/tools. Stages are skipped if something is missing: `template` and `deny` without
Python or network (except in CI), `clients` and `browser` without Node, `browser` without a Chromium, `answers` if
Discord's OpenAPI file is not beside the project. Checks that are too slow for every change are in `cargo xtask prove`.",
};

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn without_names_every_stage_runs_in_order() {
        let names: Vec<&str> = PLAN.chosen(&[]).expect("all").iter().map(|stage| stage.name).collect();
        let order = [
            "format", "cycles", "template", "deny", "clippy", "tests", "examples", "chaos", "clients",
            "browser", "answers", "private", "docs",
        ];
        assert_eq!(names, order);
    }
}
