//! `cargo xtask prove`: checks that are too slow for every change: many chaos seeds, fuzzing, the release build, a local
//! deploy, a soak test, and mutants.

use crate::failure::Result;
use crate::plan::Plan;
use crate::stages::{Outcome, Stage};
use crate::workspace::Workspace;
use crate::{chaos, deploy_local, fuzz, mutants, sam, soak};

const STAGES: [Stage; 6] = [
    chaos::LONG,
    Stage { name: "fuzz", what: "one minute for each target of fuzz/", run: look },
    Stage { name: "sam", what: "sam validate --lint, sam build for arm64", run: build },
    Stage { name: "deploy-local", what: "the stack deployed and tested on this machine", run: deploy },
    soak::STAGE,
    mutants::STAGE,
];

pub const PLAN: Plan = Plan {
    command: "cargo xtask prove",
    stages: &STAGES,
    note: "\
`fuzz`, `sam`, `deploy-local` and `soak` compile the functions for release, for two architectures and for the fuzzer: fifteen
minutes, the first time. They need Linux, a C++ compiler, Python 3 and rustup, and install cargo-fuzz, SAM, cargo-lambda,
zig and ministack under target/tools (700 MB). `mutants` takes hours: `cargo xtask prove mutants --help` explains how to
divide it.",
};

/// Whether it is the stage `mutants` with options; no other stage has options.
pub fn is_of_mutants(arguments: &[String]) -> bool {
    matches!(arguments, [first, option, ..] if first == mutants::STAGE.name && option.starts_with('-'))
}

fn look(workspace: &Workspace) -> Result<Outcome> {
    fuzz::run(workspace, &[])?;
    Ok(Outcome::Green)
}

fn build(workspace: &Workspace) -> Result<Outcome> {
    sam::run(workspace, &[])?;
    Ok(Outcome::Green)
}

fn deploy(workspace: &Workspace) -> Result<Outcome> {
    deploy_local::run(workspace, &[])?;
    Ok(Outcome::Green)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_proves_by_chaos_and_the_fuzzer_then_the_build_the_deploy_the_soak_test_and_mutants() {
        let names: Vec<&str> = PLAN.chosen(&[]).expect("all").iter().map(|stage| stage.name).collect();
        assert_eq!(names, ["chaos", "fuzz", "sam", "deploy-local", "soak", "mutants"]);
    }

    #[test]
    fn options_belong_to_mutants_alone() {
        let is_of_mutants = |arguments: &[&str]| {
            is_of_mutants(&arguments.iter().map(ToString::to_string).collect::<Vec<_>>())
        };
        assert!(is_of_mutants(&["mutants", "--help"]) && is_of_mutants(&["mutants", "--shard", "0/2"]));
        assert!(!is_of_mutants(&["mutants"]) && !is_of_mutants(&["mutants", "sam"]));
        assert!(!is_of_mutants(&["--help"]) && !is_of_mutants(&["sam", "mutants"]));
    }
}
