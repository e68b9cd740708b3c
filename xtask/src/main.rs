//! `cargo xtask`: development tasks such as testing, building and checking the template.
#![allow(clippy::print_stdout, clippy::print_stderr, reason = "a terminal is where its work is read")]

mod browser;
mod build;
mod chaos;
mod chromium;
mod command;
mod dashboard;
mod deploy_local;
mod example_docs;
mod examples;
mod failure;
mod fuzz;
mod mutants;
mod node;
mod packages;
mod plan;
mod prove;
mod python;
mod sam;
mod snapshots;
mod soak;
mod stages;
mod test;
mod tool;
mod workspace;

use std::process::ExitCode;

use failure::{Failure, Result};
use workspace::Workspace;

const HELP: &str = "\
Usage: cargo xtask <COMMAND>

Commands:
  test [STAGE...]       Run every stage, or the named ones; stop at the first failure
  build [--arm64]       Build each function with the command that SAM runs, and print its size
  sam [--x86_64]        `sam validate --lint`, then `sam build`
  browser [SCENARIO...] Test the playground in a real browser
  chaos [--seed S]      Test interactions under injected faults
  dashboard LINES       Draw the dashboard of the template from log lines
  deploy-local          Deploy to a simulated AWS on this machine, and test it
  examples              Add a command and a function to a copy, and test them there
  fuzz [TARGET...]      Search for inputs that violate the fuzz targets' checks
  prove [STAGE...]      Run what is too slow for `test`: 500 seeds of `chaos`, `fuzz`, `sam`, `deploy-local`, `soak`, `mutants`
  snapshots [--accept]  Review changed snapshots
  help                  Print this text

`cargo xtask <COMMAND> --help` prints the details.";

fn main() -> ExitCode {
    let mut arguments = std::env::args().skip(1);
    let name = arguments.next().unwrap_or_default();
    let rest: Vec<String> = arguments.collect();
    match run(&name, &rest) {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            eprintln!("\nxtask {name}: {failure}");
            ExitCode::FAILURE
        }
    }
}

fn run(name: &str, arguments: &[String]) -> Result<()> {
    let asks_for_help = arguments.iter().any(|argument| argument == "--help" || argument == "-h");
    let workspace = Workspace::here()?;
    match name {
        "prove" if prove::is_of_mutants(arguments) && asks_for_help => say(mutants::HELP),
        "test" if asks_for_help => say(&test::PLAN.help()),
        "prove" if asks_for_help => say(&prove::PLAN.help()),
        "build" if asks_for_help => say(build::HELP),
        "sam" if asks_for_help => say(sam::HELP),
        "browser" if asks_for_help => say(browser::HELP),
        "chaos" if asks_for_help => say(chaos::HELP),
        "dashboard" if asks_for_help => say(dashboard::HELP),
        "deploy-local" if asks_for_help => say(deploy_local::HELP),
        "examples" if asks_for_help => say(examples::HELP),
        "fuzz" if asks_for_help => say(fuzz::HELP),
        "snapshots" if asks_for_help => say(snapshots::HELP),
        "test" => test::PLAN.run(&workspace, arguments),
        "prove" if prove::is_of_mutants(arguments) => mutants::run(&workspace, &arguments[1..]),
        "prove" => prove::PLAN.run(&workspace, arguments),
        "chaos" => chaos::run_with(&workspace, &arguments.iter().map(String::as_str).collect::<Vec<_>>()),
        "build" => build::run(&workspace, arguments),
        "sam" => sam::run(&workspace, arguments),
        "browser" => browser::run(&workspace, arguments),
        "dashboard" => dashboard::run(&workspace, arguments),
        "deploy-local" => deploy_local::run(&workspace, arguments),
        "examples" if arguments == ["--update-docs"] => example_docs::update(&workspace),
        "examples" => examples::apply(&workspace),
        "fuzz" => fuzz::run(&workspace, arguments),
        "snapshots" => snapshots::run(&workspace, arguments),
        "help" | "--help" | "-h" => say(HELP),
        "" => Err(Failure::new(format!("no command given\n\n{HELP}"))),
        unknown => Err(Failure::new(format!("there is no command `{unknown}`\n\n{HELP}"))),
    }
}

fn say(text: &str) -> Result<()> {
    println!("{text}");
    Ok(())
}
