//! `cargo xtask snapshots`: reviews or accepts changed insta snapshots.

use crate::command::run as run_program;
use crate::failure::{Failure, Result};
use crate::tool::Tool;
use crate::workspace::Workspace;

pub const HELP: &str = "\
Usage: cargo xtask snapshots [--accept] [PACKAGE...]

Runs every test, or those of the named packages, and shows each insta snapshot that differs: `a` accepts it, `r` rejects
it, `s` skips it.

  --accept     Accept all of them without asking: check the diff in git afterwards

`cargo xtask test` changes no snapshots: a different snapshot fails the test.
The first time it installs cargo-insta under target/tools.";

/// Its version must match that of insta in Cargo.lock.
const CARGO_INSTA: Tool = Tool { name: "cargo-insta", version: "1.49.0" };

pub fn run(workspace: &Workspace, arguments: &[String]) -> Result<()> {
    let call = call(arguments)?;
    let call: Vec<&str> = call.iter().map(String::as_str).collect();
    run_program(CARGO_INSTA.cargo(workspace, &call)?)
}

/// The arguments for cargo.
fn call(arguments: &[String]) -> Result<Vec<String>> {
    let (options, packages): (Vec<_>, Vec<_>) = arguments.iter().partition(|it| it.starts_with('-'));
    let mode = match options[..] {
        [] => "--review",
        [accept] if accept == "--accept" => "--accept",
        _ => return Err(Failure::new(format!("--accept is the only option\n\n{HELP}"))),
    };
    let mut call: Vec<String> = ["insta", "test", mode].map(str::to_owned).into();
    if packages.is_empty() {
        call.push("--workspace".to_owned());
    }
    call.extend(packages.into_iter().flat_map(|package| ["--package".to_owned(), package.clone()]));
    Ok(call)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(arguments: &[&str]) -> Result<String> {
        let arguments: Vec<String> = arguments.iter().map(ToString::to_string).collect();
        Ok(call(&arguments)?.join(" "))
    }

    #[test]
    fn every_test_is_run_and_each_difference_reviewed() {
        assert_eq!(shown(&[]).expect("no argument"), "insta test --review --workspace");
    }

    #[test]
    fn named_packages_are_run_alone_and_accepted_with_the_option() {
        let one = "insta test --accept --package domain";
        assert_eq!(shown(&["domain", "--accept"]).expect("known"), one);
    }

    #[test]
    fn other_options_are_refused() {
        for refused in [&["--acept"][..], &["--accept", "--accept"], &["-a"]] {
            assert!(shown(refused).is_err(), "{refused:?}");
        }
    }

    #[test]
    fn the_program_has_the_version_of_the_library() {
        let lock = Workspace::here().expect("the workspace").root().join("Cargo.lock");
        let lock = std::fs::read_to_string(lock).expect("Cargo.lock");
        let library = format!("name = \"insta\"\nversion = \"{}\"", CARGO_INSTA.version);
        assert!(lock.contains(&library), "insta is of another version than {}", CARGO_INSTA.version);
    }
}
