//! `cargo xtask snapshots` - what the tests expect to see, compared with what they see now.

use crate::command::run as run_program;
use crate::failure::{Failure, Result};
use crate::stages::tests::SELECTIONS;
use crate::tool::Tool;
use crate::workspace::Workspace;

pub const HELP: &str = "\
Usage: cargo xtask snapshots [--accept] [PACKAGE...]

Runs every test, or those of the named packages, and shows each snapshot of insta that is different from what the test
expects, in its file or beside it: `a` accepts it, `r` rejects it, `s` leaves it for later.

  --accept     Accept all of them without a question: read the diff of git afterwards

`cargo xtask test` changes no snapshot: there a different one is a failed test.
The first time it installs cargo-insta under target/tools.";

/// It goes with the version of insta in Cargo.lock.
const CARGO_INSTA: Tool = Tool { name: "cargo-insta", version: "1.49.0" };

pub fn run(workspace: &Workspace, arguments: &[String]) -> Result<()> {
    for call in calls(arguments)? {
        let call: Vec<&str> = call.iter().map(String::as_str).collect();
        run_program(CARGO_INSTA.cargo(workspace, &call)?)?;
    }
    Ok(())
}

/// As cargo is called: once with the named packages, or once for each selection of the stage `tests`.
fn calls(arguments: &[String]) -> Result<Vec<Vec<String>>> {
    let (options, packages): (Vec<_>, Vec<_>) = arguments.iter().partition(|it| it.starts_with('-'));
    let mode = match options[..] {
        [] => "--review",
        [accept] if accept == "--accept" => "--accept",
        _ => return Err(Failure::new(format!("--accept is the only option\n\n{HELP}"))),
    };
    let call = |selection: Vec<&str>| -> Vec<String> {
        let call = [&["insta", "test", mode][..], &selection].concat();
        call.into_iter().map(str::to_owned).collect()
    };
    if packages.is_empty() {
        return Ok(SELECTIONS.map(|selection| call(selection.to_vec())).into());
    }
    Ok(vec![call(packages.iter().flat_map(|package| ["--package", package.as_str()]).collect())])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(arguments: &[&str]) -> Result<Vec<String>> {
        let arguments: Vec<String> = arguments.iter().map(ToString::to_string).collect();
        Ok(calls(&arguments)?.iter().map(|call| call.join(" ")).collect())
    }

    #[test]
    fn every_test_is_run_and_each_difference_reviewed() {
        let all = SELECTIONS.map(|selection| format!("insta test --review {}", selection.join(" ")));
        assert_eq!(shown(&[]).expect("no argument"), all);
    }

    #[test]
    fn named_packages_are_run_alone_and_accepted_with_the_option() {
        let one = ["insta test --accept --package domain"];
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
