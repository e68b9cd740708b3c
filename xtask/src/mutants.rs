//! `cargo xtask prove mutants`: mutation testing by cargo-mutants; the tests of a crate must catch its mutants.

mod excuses;
mod outcomes;

use std::fs;
use std::path::Path;

use self::excuses::Excuses;
use self::outcomes::Outcomes;
use crate::command::{ended, output, program};
use crate::failure::{Failure, Result};
use crate::packages::{Package, packages};
use crate::stages::{Outcome, Stage};
use crate::tool::Tool;
use crate::workspace::Workspace;

pub const HELP: &str = "\
Usage: cargo xtask prove mutants [--crate NAME]... [--in-diff BASE] [--shard K/N] [--file GLOB]...

Makes one small change at a time in domain, discord and engine, and runs the tests of that crate: the mutant is caught
if they fail or do not end. It is unviable if it does not compile. At least 90 % of the others must be caught.

  --crate NAME     Only this crate, domain, discord or engine
  --in-diff BASE   Only code that differs from the merge base with BASE; untracked files are ignored
  --shard K/N      The K-th of N equal parts, from 0 to N-1, to divide the run
  --file GLOB      Only files with this name or path: gcra.rs, shared/domain/**/*.rs

A mutant that no test can notice, or that is not worth a test, is listed with its reason in xtask/mutants.txt, and does
not count. The logs are in target/mutants/NAME/mutants.out.
The first time it installs cargo-mutants under target/tools. A mutant takes about 3 seconds, so all of them take hours.
With CARGO_MUTANTS_JOBS=2 in the environment two are tried at a time, each in a copy of its own.";

pub const STAGE: Stage = Stage {
    name: "mutants",
    what: "small changes in domain, discord and engine, caught by their tests",
    run: |workspace| run(workspace, &[]).map(|()| Outcome::Green),
};

const CARGO_MUTANTS: Tool = Tool { name: "cargo-mutants", version: "27.1.0" };

/// Folders of shared/. Missing ones are skipped.
const CRATES: [&str; 3] = ["domain", "discord", "engine"];

/// The minimum percentage of caught mutants, among viable ones that are not excused.
const CAUGHT: usize = 90;

/// The shortest time limit of the tests, in seconds. It is five times what they take without a mutation, if that is
/// longer.
const SHORTEST_TIMEOUT: &str = "10";

/// The exit codes of cargo-mutants after a complete run: all caught, some missed, some timed out.
const TRIED: [i32; 3] = [0, 2, 3];

pub fn run(workspace: &Workspace, arguments: &[String]) -> Result<()> {
    let options = Options::read(arguments)?;
    let excuses = Excuses::read(workspace)?;
    let folder = workspace.root().join("target/mutants");
    fs::create_dir_all(&folder).map_err(Failure::at(&folder))?;
    let diff = options.in_diff.as_deref().map(|base| diff(workspace, base, &folder)).transpose()?;
    let packages = packages(workspace, "Cargo.toml")?;
    let mut tried = Vec::new();
    for name in &options.crates {
        let its = |package: &&Package| package.folder == format!("shared/{name}");
        let Some(package) = packages.iter().find(its) else {
            println!("there is no shared/{name}");
            continue;
        };
        let folder = folder.join(name);
        options.run(workspace, &package.name, &folder, diff.as_deref())?;
        let outcomes = Outcomes::read(name, &folder.join("mutants.out/outcomes.json"), &excuses)?;
        println!("{}", outcomes.missed_lines());
        tried.push(outcomes);
    }
    println!("\n{}", outcomes::table(&tried));
    if options.is_everything() {
        for line in excuses.needless(tried.iter().flat_map(Outcomes::excused)) {
            println!("xtask/mutants.txt:{line} is outdated: there is no such mutant, or it is caught");
        }
    }
    let too_few: Vec<&str> = tried.iter().filter(|it| !it.is_enough(CAUGHT)).map(Outcomes::name).collect();
    if too_few.is_empty() {
        return Ok(());
    }
    Err(Failure::new(format!("less than {CAUGHT} % of the mutants are caught: {}", too_few.join(", "))))
}

/// Writes the diff to the merge base into a file. Returns its path.
fn diff(workspace: &Workspace, base: &str, folder: &Path) -> Result<String> {
    let plain = ["diff", "--no-color", "--no-ext-diff", "--src-prefix=a/", "--dst-prefix=b/"];
    let diff = output(program(workspace, "git", &[&plain[..], &["--merge-base", base, "--"]].concat()))?;
    let file = folder.join("in.diff");
    fs::write(&file, diff).map_err(Failure::at(&file))?;
    Ok(file.to_string_lossy().into_owned())
}

#[derive(Debug, Default, PartialEq)]
struct Options {
    crates: Vec<&'static str>,
    in_diff: Option<String>,
    shard: Option<String>,
    files: Vec<String>,
}

impl Options {
    fn read(arguments: &[String]) -> Result<Self> {
        let mut options = Self::default();
        let mut arguments = arguments.iter();
        while let Some(option) = arguments.next() {
            let value = arguments.next().filter(|value| !value.starts_with("--"));
            let value =
                || value.cloned().ok_or_else(|| Failure::new(format!("{option} needs a value\n\n{HELP}")));
            match option.as_str() {
                "--crate" => {
                    let value = value()?;
                    let name = CRATES.into_iter().find(|name| *name == value);
                    let unknown =
                        || Failure::new(format!("there are no mutants of a crate `{value}`\n\n{HELP}"));
                    options.crates.push(name.ok_or_else(unknown)?);
                }
                "--in-diff" => options.in_diff = Some(value()?),
                "--shard" => options.shard = Some(value()?),
                "--file" => options.files.push(value()?),
                unknown => return Err(Failure::new(format!("unknown argument `{unknown}`\n\n{HELP}"))),
            }
        }
        if options.crates.is_empty() {
            options.crates = CRATES.to_vec();
        }
        Ok(options)
    }

    fn is_everything(&self) -> bool {
        *self == Self { crates: CRATES.to_vec(), ..Self::default() }
    }

    /// Runs cargo-mutants, which works on a copy of the project without ignored files.
    fn run(&self, workspace: &Workspace, package: &str, folder: &Path, diff: Option<&str>) -> Result<()> {
        // Without any mutant nothing is written, and results of an earlier run would be mistaken for new ones.
        if folder.exists() {
            fs::remove_dir_all(folder).map_err(Failure::at(folder))?;
        }
        fs::create_dir_all(folder).map_err(Failure::at(folder))?;
        let mut mutants =
            CARGO_MUTANTS.cargo(workspace, &["mutants", "--gitignore", "true", "--no-config"])?;
        mutants.args(["--package", package, "--test-package", package]).arg("--output").arg(folder);
        // The default of 20 s is what every mutant costs that makes a loop endless.
        mutants.args(["--minimum-test-timeout", SHORTEST_TIMEOUT]);
        for (option, value) in [("--in-diff", diff), ("--shard", self.shard.as_deref())] {
            mutants.args(value.into_iter().flat_map(|value| [option, value]));
        }
        mutants.args(self.files.iter().flat_map(|glob| ["--file", glob]));
        // No doctests: rustdoc would start for every mutant, and the only one, in engine, shows how a macro is used.
        mutants.args(["--", "--tests"]);
        // proptest would write the input that caught a mutant into the copy, which all mutants share, and try it on
        // the later ones: what is caught would depend on the order.
        mutants.env("PROPTEST_DISABLE_FAILURE_PERSISTENCE", "1");
        // Backtraces are not needed here, and debug information slows the linking of every mutant.
        mutants.env("CARGO_PROFILE_DEV_DEBUG", "none").env("RUST_BACKTRACE", "0");
        let status = ended(mutants)?;
        if status.code().is_some_and(|code| TRIED.contains(&code)) {
            return Ok(());
        }
        Err(Failure::new(format!("cargo-mutants ended with {status}")))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(arguments: &[&str]) -> Result<Options> {
        Options::read(&arguments.iter().map(ToString::to_string).collect::<Vec<_>>())
    }

    #[test]
    fn without_an_option_every_mutant_of_every_crate_is_tried() {
        let all = read(&[]).expect("none");
        assert!(all.is_everything());
        assert_eq!(all.crates, CRATES);
    }

    #[test]
    fn a_part_is_of_one_crate_of_a_change_or_of_a_shard() {
        let part = read(&["--crate", "domain", "--in-diff", "main", "--shard", "0/4"]).expect("known");
        let expected = Options {
            crates: vec!["domain"],
            in_diff: Some("main".into()),
            shard: Some("0/4".into()),
            files: Vec::new(),
        };
        assert_eq!(part, expected);
        assert!(!part.is_everything());
    }

    #[test]
    fn what_is_unknown_or_has_no_value_is_refused() {
        for refused in [&["--crate", "aws"][..], &["--crate"], &["--shard", "--file"], &["domain"]] {
            assert!(read(refused).is_err(), "{refused:?}");
        }
    }
}
