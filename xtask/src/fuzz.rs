//! `cargo xtask fuzz`: coverage-guided fuzzing of everything that parses untrusted input.

use std::fs;

use crate::command;
use crate::failure::{Failure, Result};
use crate::tool::Tool;
use crate::workspace::Workspace;

pub const HELP: &str = "\
Usage: cargo xtask fuzz [TARGET...] [--seconds N]

Searches for inputs that violate the checks of fuzz/src/TARGET.rs, for N seconds each (60), starting with fuzz/corpus.
Targets: signature, interaction, custom_id, sqs_body; without a name, all of them.

Failing inputs are written to fuzz/artifacts/TARGET, inputs that only reach new code to target/fuzz-corpus. Fix the
defect, and add the file to fuzz/corpus/TARGET under a name that describes it: the tests run the same checks on every
file of the corpus, without the fuzzer.
The first time it installs cargo-fuzz under target/tools. It needs a C++ compiler, and Linux or macOS.";

pub const TARGETS: [&str; 4] = ["signature", "interaction", "custom_id", "sqs_body"];

/// Its coverage works without a nightly compiler as long as no sanitizer is asked for.
const CARGO_FUZZ: Tool = Tool { name: "cargo-fuzz", version: "0.13.2" };
const CORPUS: &str = "fuzz/corpus";
/// The maximum length of an input, in bytes.
const MAX_INPUT_BYTES: u32 = 4_096;
const DEFAULT_SECONDS: u32 = 60;

pub fn run(workspace: &Workspace, arguments: &[String]) -> Result<()> {
    let options = Options::read(arguments)?;
    for target in &options.targets {
        look(workspace, target, options.seconds)?;
    }
    Ok(())
}

#[derive(Debug, PartialEq)]
struct Options {
    targets: Vec<&'static str>,
    seconds: u32,
}

impl Options {
    fn read(arguments: &[String]) -> Result<Self> {
        let mut options = Self { targets: Vec::new(), seconds: DEFAULT_SECONDS };
        let mut arguments = arguments.iter();
        while let Some(argument) = arguments.next() {
            match argument.as_str() {
                "--seconds" => {
                    let seconds = arguments.next().and_then(|seconds| seconds.parse().ok());
                    // For the fuzzer, 0 means no limit.
                    let seconds = seconds.filter(|seconds| *seconds > 0);
                    options.seconds = seconds.ok_or_else(|| Failure::new("--seconds must be a number"))?;
                }
                name => {
                    let target = TARGETS.into_iter().find(|target| *target == name);
                    let unknown = || Failure::new(format!("there is no target `{name}`\n\n{HELP}"));
                    options.targets.push(target.ok_or_else(unknown)?);
                }
            }
        }
        if options.targets.is_empty() {
            options.targets = TARGETS.to_vec();
        }
        Ok(options)
    }
}

/// Fuzzes one target. New inputs are written to the target folder, not to the repository.
fn look(workspace: &Workspace, target: &str, seconds: u32) -> Result<()> {
    let found = workspace.target().join("fuzz-corpus").join(target);
    fs::create_dir_all(&found).map_err(Failure::at(&found))?;
    let mut fuzz = CARGO_FUZZ.cargo(workspace, &["fuzz", "run", "--sanitizer", "none", target])?;
    fuzz.arg(found).arg(format!("{CORPUS}/{target}")).arg("--");
    fuzz.arg(format!("-max_total_time={seconds}")).arg(format!("-max_len={MAX_INPUT_BYTES}"));
    fuzz.arg("-print_final_stats=1");
    let words = format!("fuzz/{target}.dict");
    if workspace.root().join(&words).is_file() {
        fuzz.arg(format!("-dict={words}"));
    }
    command::run(fuzz)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(arguments: &[&str]) -> Result<Options> {
        Options::read(&arguments.iter().map(ToString::to_string).collect::<Vec<_>>())
    }

    #[test]
    fn without_a_name_every_target_runs_for_a_minute() {
        let all = Options { targets: TARGETS.to_vec(), seconds: 60 };
        assert_eq!(read(&[]).expect("none"), all);
    }

    #[test]
    fn one_target_runs_as_long_as_it_should() {
        let one = Options { targets: vec!["custom_id"], seconds: 5 };
        assert_eq!(read(&["custom_id", "--seconds", "5"]).expect("one"), one);
    }

    #[test]
    fn what_is_unknown_or_no_number_is_refused() {
        for arguments in [&["nothing"][..], &["--seconds"], &["--seconds", "soon"], &["--seconds", "0"]] {
            assert!(read(arguments).is_err(), "{arguments:?}");
        }
    }

    #[test]
    fn every_target_has_its_file_its_checks_and_a_corpus() {
        let root = Workspace::here().expect("the workspace").root().join("fuzz");
        for target in TARGETS {
            for file in [format!("fuzz_targets/{target}.rs"), format!("src/{target}.rs")] {
                assert!(root.join(&file).is_file(), "{file}");
            }
            assert!(root.join("corpus").join(target).is_dir(), "{target}");
        }
        let programs = fs::read_dir(root.join("fuzz_targets")).expect("targets").count();
        assert_eq!(programs, TARGETS.len());
    }
}
