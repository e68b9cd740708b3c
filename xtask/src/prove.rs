//! `cargo xtask prove` - what is too slow for every change: many seeds of chaos, the fuzzer, the release build, and a
//! deploy of it.

use crate::failure::Result;
use crate::plan::Plan;
use crate::stages::{Outcome, Stage};
use crate::workspace::Workspace;
use crate::{chaos, deploy_local, fuzz, sam};

const STAGES: [Stage; 4] = [
    chaos::LONG,
    Stage { name: "fuzz", what: "a minute for each target of fuzz/", run: look },
    Stage { name: "sam", what: "sam validate --lint, sam build for arm64", run: build },
    Stage {
        name: "deploy-local",
        what: "the stack deployed on this machine, used from outside",
        run: deploy,
    },
];

pub const PLAN: Plan = Plan {
    command: "cargo xtask prove",
    stages: &STAGES,
    note: "\
Each but `chaos` compiles the functions for release, for two architectures and for the fuzzer: fifteen minutes, the first
time. They need Linux, a C++ compiler, Python 3 and rustup, and install cargo-fuzz, SAM, cargo-lambda, zig and ministack
under target/tools (700 MB).",
};

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
    fn it_proves_by_chaos_and_the_fuzzer_then_the_build_and_the_deploy() {
        let names: Vec<&str> = PLAN.chosen(&[]).expect("all").iter().map(|stage| stage.name).collect();
        assert_eq!(names, ["chaos", "fuzz", "sam", "deploy-local"]);
    }
}
