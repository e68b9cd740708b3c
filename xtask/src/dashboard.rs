//! `cargo xtask dashboard`: draws the dashboard of template.yaml from log lines.

use crate::command;
use crate::failure::Result;
use crate::python::{CHECKERS, Environment};
use crate::workspace::Workspace;

pub const HELP: &str = "\
Usage: cargo xtask dashboard LINES [--period SECONDS] [--out FILE]

Draws the dashboard of template.yaml from the metrics in log lines, as one HTML page. AWS's own metrics, of API Gateway, Lambda,
SQS and DynamoDB, exist only in AWS.

  LINES     A file of log lines, such as the standard error of `cargo run -- --log info`
  --period  The seconds of a point (60)
  --out     The page (target/dashboard.html)";

pub fn run(workspace: &Workspace, arguments: &[String]) -> Result<()> {
    let checkers = Environment::with(workspace, &CHECKERS)?;
    let mut python = checkers.program(workspace, "python", &["xtask/dashboard.py"])?;
    python.args(arguments);
    command::run(python)
}
