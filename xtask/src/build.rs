//! `cargo xtask build`: builds the deployed binaries with the same command as `sam build`.

use std::fs;
use std::path::PathBuf;
use std::process::Command;

use crate::command::{self, output, program};
use crate::failure::{Failure, Result};
use crate::python::{Environment, RELEASE};
use crate::workspace::Workspace;

pub const HELP: &str = "\
Usage: cargo xtask build [--arm64]

Builds each function as `sam build` does, `cargo lambda build --release [--arm64] --bin <function>` at the
root, into target/lambda/<function>/bootstrap, and prints the sizes. Without --arm64 it builds for x86_64,
and fails if a binary is larger than 6,000,000 bytes (docs/speed.md explains why and what to do).
The first time it installs cargo-lambda and zig under target/tools (400 MB).";

const ARM64_TARGET: &str = "aarch64-unknown-linux-gnu";
/// The maximum size of a binary, in bytes, for x86_64. A cold start reads it, and its pages count as the function's
/// memory.
const MAX_BINARY_BYTES: u64 = 6_000_000;

pub fn run(workspace: &Workspace, arguments: &[String]) -> Result<()> {
    let is_arm64 = flag(arguments, "--arm64")?;
    let tools = Environment::with(workspace, &RELEASE)?;
    if is_arm64 {
        ensure_arm64(workspace)?;
    }
    let functions = workspace.functions()?;
    for function in &functions {
        command::run(build(workspace, &tools, function, is_arm64)?)?;
    }
    let mut sizes = Vec::new();
    for function in &functions {
        let bytes = size(workspace.lambda().join(function).join("bootstrap"))?;
        println!("{function:<14}{bytes:>12} bytes  {:.1} MB", bytes as f64 / 1e6);
        sizes.push((function.as_str(), bytes));
    }
    if is_arm64 { Ok(()) } else { sizes.into_iter().try_for_each(small_enough) }
}

/// Whether `flag`, the only argument that a command accepts, was given.
pub fn flag(arguments: &[String], flag: &str) -> Result<bool> {
    match arguments {
        [] => Ok(false),
        [one] if one == flag => Ok(true),
        _ => Err(Failure::new(format!("the only argument is {flag}, not: {}", arguments.join(" ")))),
    }
}

// One call for each function, as aws-lambda-builders does. A single call would not notice if one function
// no longer builds alone.
fn build(workspace: &Workspace, tools: &Environment, function: &str, is_arm64: bool) -> Result<Command> {
    let architecture: &[&str] = if is_arm64 { &["--arm64"] } else { &[] };
    let arguments = [&["lambda", "build", "--release"], architecture, &["--bin", function]].concat();
    let mut cargo = command::cargo(workspace, &arguments);
    cargo.env("PATH", tools.path()?);
    Ok(cargo)
}

/// Installs the standard library for arm64 by rustup, if it is missing.
pub fn ensure_arm64(workspace: &Workspace) -> Result<()> {
    let printed =
        output(program(workspace, "rustc", &["--print", "target-libdir", "--target", ARM64_TARGET]))?;
    if PathBuf::from(String::from_utf8_lossy(&printed).trim()).is_dir() {
        return Ok(());
    }
    command::run(program(workspace, "rustup", &["target", "add", ARM64_TARGET])).map_err(|failure| {
        Failure::new(format!(
            "no standard library for {ARM64_TARGET}: {failure}. Build for x86_64, or install the target by hand"
        ))
    })
}

fn size(bootstrap: PathBuf) -> Result<u64> {
    Ok(fs::metadata(&bootstrap).map_err(Failure::at(&bootstrap))?.len())
}

fn small_enough((function, bytes): (&str, u64)) -> Result<()> {
    if bytes <= MAX_BINARY_BYTES {
        return Ok(());
    }
    Err(Failure::new(format!(
        "{function} has {bytes} bytes, more than the limit of {MAX_BINARY_BYTES}: see docs/speed.md"
    )))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_binary_beyond_the_limit_is_refused_by_name() {
        assert!(small_enough(("jobs", MAX_BINARY_BYTES)).is_ok());
        let refused = small_enough(("jobs", MAX_BINARY_BYTES + 1)).expect_err("too large").to_string();
        assert!(refused.contains("jobs has 6000001 bytes"), "{refused}");
    }

    #[test]
    fn one_flag_is_known_and_the_rest_refused() {
        assert!(flag(&["--arm64".into()], "--arm64").expect("known"));
        assert!(!flag(&[], "--arm64").expect("none"));
        assert!(flag(&["--arm".into()], "--arm64").is_err());
    }
}
