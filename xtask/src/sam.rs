//! `cargo xtask sam`: the steps of a deploy that need no AWS account.

use std::path::Path;
use std::process::Command;

use crate::build::{ensure_arm64, flag};
use crate::command;
use crate::failure::Result;
use crate::python::{Environment, RELEASE};
use crate::workspace::Workspace;

pub const HELP: &str = "\
Usage: cargo xtask sam [--x86_64]

Runs `sam validate --lint` and `sam build`, for arm64 (the template's default) or x86_64.
The result is in .aws-sam/build, ready for `sam deploy --config-env dev`.
The first time it installs SAM, cargo-lambda and zig under target/tools (600 MB).";

pub fn run(workspace: &Workspace, arguments: &[String]) -> Result<()> {
    let is_x86_64 = flag(arguments, "--x86_64")?;
    let tools = Environment::with(workspace, &RELEASE)?;
    if !is_x86_64 {
        ensure_arm64(workspace)?;
    }
    command::run(sam(workspace, &tools, &["validate", "--lint"])?)?;
    build(workspace, &tools, if is_x86_64 { "x86_64" } else { "arm64" }, None)
}

/// Runs `sam build`, into `folder` if it is given.
pub fn build(
    workspace: &Workspace,
    tools: &Environment,
    architecture: &str,
    folder: Option<&Path>,
) -> Result<()> {
    let architecture = format!("Architecture={architecture}");
    let mut sam = sam(workspace, tools, &["build", "--parameter-overrides", &architecture])?;
    if let Some(folder) = folder {
        sam.arg("--build-dir").arg(folder);
    }
    command::run(sam)
}

fn sam(workspace: &Workspace, tools: &Environment, arguments: &[&str]) -> Result<Command> {
    let mut sam = tools.program(workspace, "sam", arguments)?;
    sam.env("SAM_CLI_TELEMETRY", "0");
    Ok(sam)
}
