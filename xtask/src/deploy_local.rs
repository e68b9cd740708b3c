//! `cargo xtask deploy-local`: deploys the template to ministack on this machine, without an AWS account.

use std::path::{Path, PathBuf};

use crate::command::{self, cargo};
use crate::failure::{Failure, Result};
use crate::python::{DEPLOY_LOCAL, Environment, RELEASE};
use crate::sam;
use crate::workspace::Workspace;

pub const HELP: &str = "\
Usage: cargo xtask deploy-local [--no-build] [--keep]

Builds the functions for release as `sam build` does, deploys them with `sam deploy --config-env dev` to ministack,
an AWS on this machine, and uses them from outside through the simulated Discord: signatures, /ping, /weather through
the queue, permissions, an unreadable message, a rotated key; then the queue's wire suite against ministack's SQS.
Everything listens on 127.0.0.1 and stops with the command. docs/deploy-local.md lists the differences from AWS.

  --no-build   Deploy the build of the last run
  --keep       Keep it running after the last step, for `steward try`, until Ctrl-C

The first time it installs SAM, cargo-lambda, zig and ministack under target/tools (700 MB). It needs Linux.";

/// The logs of all programs, and the build.
const OUTPUT_FOLDER: &str = "target/deploy-local";

pub fn run(workspace: &Workspace, arguments: &[String]) -> Result<()> {
    let options = Options::read(arguments)?;
    let architecture = architecture(std::env::consts::OS, std::env::consts::ARCH)?;
    let release = Environment::with(workspace, &RELEASE)?;
    let deploy_local = Environment::with(workspace, &DEPLOY_LOCAL)?;
    let folder = workspace.root().join(OUTPUT_FOLDER);
    let build = folder.join("build");
    if !options.no_build {
        sam::build(workspace, &release, architecture, Some(&build))?;
    }
    command::run(cargo(workspace, &["build", "--locked", "--package", "steward", "--bin", "steward"]))?;
    let mut driver = deploy_local.program(workspace, "python", &["xtask/deploy_local"])?;
    let steward = workspace.target().join("debug/steward");
    let paths: [(&str, &Path); 5] = [
        ("--folder", &folder),
        ("--template", &build.join("template.yaml")),
        ("--sam", &release.bin("sam")),
        ("--steward", &steward),
        ("--cargo", &PathBuf::from(cargo(workspace, &[]).get_program())),
    ];
    for (name, path) in paths {
        driver.arg(name).arg(path);
    }
    driver.args(["--architecture", architecture]).args(options.keep.then_some("--keep"));
    command::run_until_we_end(driver)
}

#[derive(Debug, Default, PartialEq)]
struct Options {
    no_build: bool,
    keep: bool,
}

impl Options {
    fn read(arguments: &[String]) -> Result<Self> {
        let mut options = Self::default();
        for argument in arguments {
            match argument.as_str() {
                "--no-build" => options.no_build = true,
                "--keep" => options.keep = true,
                unknown => return Err(Failure::new(format!("unknown argument `{unknown}`\n\n{HELP}"))),
            }
        }
        Ok(options)
    }
}

/// The architecture to build for: that of this machine, because the functions run as its processes.
fn architecture(system: &str, processor: &str) -> Result<&'static str> {
    match (system, processor) {
        ("linux", "x86_64") => Ok("x86_64"),
        ("linux", "aarch64") => Ok("arm64"),
        _ => Err(Failure::new(format!(
            "the functions are Linux programs for x86_64 or arm64, and run as processes of this machine, \
             which is {system} on {processor}"
        ))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn flags_come_in_any_order_and_others_are_refused() {
        let read = |arguments: &[&str]| {
            Options::read(&arguments.iter().map(ToString::to_string).collect::<Vec<_>>())
        };
        assert_eq!(read(&[]).expect("none"), Options::default());
        assert_eq!(read(&["--keep", "--no-build"]).expect("both"), Options { no_build: true, keep: true });
        assert!(read(&["--kep"]).expect_err("unknown").to_string().contains("--kep"));
    }

    #[test]
    fn the_functions_are_built_for_the_machine_that_runs_them() {
        assert_eq!(architecture("linux", "aarch64").expect("known"), "arm64");
        assert!(architecture("macos", "aarch64").expect_err("no Linux").to_string().contains("macos"));
    }
}
