//! `cargo xtask browser`: tests of the playground in a real browser.

use std::fs;
use std::path::PathBuf;

use crate::chromium;
use crate::command::{cargo, program, run as run_program};
use crate::failure::{Failure, Result};
use crate::node::Scripts;
use crate::stages::answers;
use crate::workspace::Workspace;

pub const HELP: &str = "\
Usage: cargo xtask browser [--update-screenshot] [SCENARIO...]

Runs tests/browser/*.test.mjs in Chromium, each scenario against its own in-memory `steward`: commands, buttons, menus
and forms, two users at once, faults and the clock, keyboard only, a narrow window. A scenario fails if a window logs an
error, calls another address or violates the page's content security policy. Screenshots of every view are written to
target/browser, each view is checked by axe-core, and timings are printed.

  SCENARIO              Only the files whose names contain it: `figures`, `views`
  --update-screenshot   Copy the README's screenshot to docs/playground.png

It uses the Chromium in the variable CHROMIUM, or the one on the PATH. If there is none, it installs one with apt-get on
Debian as root. playwright-core and axe-core are installed from npm, at pinned versions, into target/tools.";

pub const SCENARIOS: Scripts = Scripts { name: "browser", folder: "tests/browser" };

/// Screenshots, and the log of each `steward`.
const OUTPUT_FOLDER: &str = "target/browser";
/// The screenshot in the README: where a test writes it, and its path in the repository.
const SCREENSHOT: (&str, &str) = ("playground.png", "docs/playground.png");

pub fn run(workspace: &Workspace, arguments: &[String]) -> Result<()> {
    let (options, mut wanted): (Vec<_>, Vec<_>) =
        arguments.iter().cloned().partition(|argument| argument.starts_with("--"));
    let updates = options.iter().any(|option| option == "--update-screenshot");
    if let Some(unknown) = options.iter().find(|option| *option != "--update-screenshot") {
        return Err(Failure::new(format!("unknown option `{unknown}`\n\n{HELP}")));
    }
    // The test that takes the screenshot must run, or an old one would be copied.
    if updates && !wanted.iter().any(|part| "picture".contains(part.as_str())) {
        wanted.push("picture".into());
    }
    play(workspace, &Equipment::get(workspace)?, &wanted)?;
    if updates {
        let (from, to) =
            (workspace.root().join(OUTPUT_FOLDER).join(SCREENSHOT.0), workspace.root().join(SCREENSHOT.1));
        fs::copy(&from, &to).map_err(Failure::at(&from))?;
        println!("{} was updated", SCREENSHOT.1);
    }
    Ok(())
}

/// What may be missing on this machine: a browser and the npm packages.
pub struct Equipment {
    chromium: PathBuf,
    scripts: PathBuf,
}

impl Equipment {
    /// # Errors
    /// If a part is missing and cannot be installed.
    pub fn get(workspace: &Workspace) -> Result<Self> {
        let scripts = SCENARIOS.install(workspace)?;
        Ok(Self { chromium: chromium::find_or_install(workspace)?, scripts })
    }
}

/// Runs the tests whose file names contain one of these, or all.
pub fn play(workspace: &Workspace, equipment: &Equipment, wanted: &[String]) -> Result<()> {
    let names = chosen(SCENARIOS.named(workspace, ".test.mjs")?, wanted)?;
    run_program(cargo(workspace, &["build", "--locked", "--bin", "steward"]))?;
    let folder = workspace.root().join(OUTPUT_FOLDER);
    if wanted.is_empty() && folder.exists() {
        // Results of an earlier run must not be mistaken for new ones.
        fs::remove_dir_all(&folder).map_err(Failure::at(&folder))?;
    }
    fs::create_dir_all(&folder).map_err(Failure::at(&folder))?;
    let steward = workspace.target().join("debug").join(format!("steward{}", std::env::consts::EXE_SUFFIX));
    // One at a time, because some tests measure times.
    let mut node = program(workspace, "node", &["--test", "--test-concurrency=1", "--test-reporter=spec"]);
    node.args(names).current_dir(&equipment.scripts);
    node.env("CHROMIUM", &equipment.chromium).env("STEWARD", steward).env("STEWARD_BROWSER", folder);
    node.env(answers::VARIABLE, workspace.test_answers());
    run_program(node)
}

fn chosen(mut names: Vec<String>, wanted: &[String]) -> Result<Vec<String>> {
    let fits = |name: &str, part: &String| name.contains(part.as_str());
    if let Some(unknown) = wanted.iter().find(|part| !names.iter().any(|name| fits(name, part))) {
        return Err(Failure::new(format!(
            "there is no scenario `{unknown}`; the scenarios are {}",
            names.join(", ")
        )));
    }
    names.retain(|name| wanted.is_empty() || wanted.iter().any(|part| fits(name, part)));
    Ok(names)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn picked(wanted: &[&str]) -> Result<Vec<String>> {
        let names = ["dead_letters.test.mjs", "views.test.mjs"].map(str::to_owned);
        chosen(names.into(), &wanted.iter().map(|part| (*part).to_owned()).collect::<Vec<_>>())
    }

    #[test]
    fn scenarios_are_chosen_by_a_part_of_their_name() {
        assert_eq!(picked(&[]).expect("all").len(), 2);
        assert_eq!(picked(&["dead"]).expect("one"), ["dead_letters.test.mjs"]);
    }

    #[test]
    fn an_unknown_scenario_is_refused_with_the_list() {
        let refusal = picked(&["weahter"]).expect_err("unknown").to_string();
        assert!(refusal.contains("`weahter`") && refusal.contains("views.test.mjs"), "{refusal}");
    }
}
