//! `steward`: the whole system on one machine.

use std::process::ExitCode;

use clap::Parser;
use steward::cli::Cli;

#[tokio::main]
async fn main() -> ExitCode {
    match Cli::parse().run().await {
        Ok(code) => code,
        Err(problem) => {
            use std::io::Write;
            let _ = writeln!(std::io::stderr(), "steward: {problem}");
            ExitCode::FAILURE
        }
    }
}
