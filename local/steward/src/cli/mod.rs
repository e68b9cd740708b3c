//! The command line of `steward`.

mod attempt;
mod dead_letters;
mod flags;
mod invoke;
mod load;
mod sign;
mod status;
mod steward;
mod target;
mod up;

use std::{path::PathBuf, process::ExitCode};

use clap::{Args, Parser, Subcommand};

/// Steward on this machine: the real functions, a simulated Discord, no account needed.
#[derive(Debug, Parser)]
#[command(name = "steward", version, args_conflicts_with_subcommands = true)]
pub struct Cli {
    #[command(subcommand)]
    command: Option<Command>,
    #[command(flatten)]
    up: Up,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Start everything and keep it running (the default).
    Up(Up),
    /// Use a command as a member, and print what the member sees.
    ///
    /// It needs a running `steward up`.
    Try(Try),
    /// Sign an interaction as Discord would, with the development key.
    ///
    /// A function accepts it if DISCORD_PUBLIC_KEY contains that key, as on this machine.
    Sign(sign::Sign),
    /// Post an interaction from a file to the running stack, and print the response.
    ///
    /// It needs a running `steward up`, or `cargo lambda watch`.
    Invoke(invoke::Invoke),
    /// Run a load test with ten thousand members.
    ///
    /// It starts a stack in another process, sends it signed interactions as Discord would, receives the
    /// edits of deferred replies, and writes a report as HTML with plots and as JSON. The exit code is 1 if
    /// anything failed or an edit was lost; in a release build, also if instant commands were slow. Figures
    /// are meaningful only from `cargo run --release -- load` on an otherwise idle machine.
    Load(load::Load),
    /// Register the commands with Discord.
    ///
    /// It reads the registered commands, prints the changes, and writes only if there are any.
    Register(ops::register::Register),
    /// Show or change for how many guilds each command is enabled (feature flags).
    ///
    /// It uses the running `steward up`; or, if STATE_TABLE is set, that table in AWS, with region and
    /// credentials from the environment. A change takes effect everywhere within half a minute.
    #[command(subcommand)]
    Flags(flags::Flags),
    /// Show user outcomes, queue depths, and the circuit breakers of outside APIs.
    ///
    /// It needs a running `steward up`.
    Status(status::Status),
    /// List, show, redrive or drop the jobs in the dead-letter queue.
    ///
    /// It uses the running `steward up`, or, given a queue's address, SQS with the credentials of the
    /// environment (AWS_ACCESS_KEY_ID and so on). It shows neither tokens nor what users wrote.
    #[command(name = "dead-letters")]
    DeadLetters(dead_letters::DeadLetters),
}

/// The interactions endpoint URL of `steward up`.
const ENDPOINT: &str = "http://127.0.0.1:7700/interactions";

const LOG_LEVELS: [&str; 6] = ["off", "error", "warn", "info", "debug", "trace"];

#[derive(Debug, Args)]
struct Up {
    /// The port on 127.0.0.1.
    #[arg(long, default_value_t = 7700)]
    port: u16,
    /// The folder that keeps tables, queues and the simulated Discord between runs.
    #[arg(long, default_value = ".steward", conflicts_with = "memory")]
    data: PathBuf,
    /// Keep everything in memory; it is lost when the process ends.
    #[arg(long)]
    memory: bool,
    /// The maximum number of environments of each function.
    #[arg(long, default_value_t = 2, value_parser = clap::value_parser!(u16).range(1..=100))]
    environments: u16,
    /// Use Open-Meteo instead of the simulated weather service.
    #[arg(long)]
    live: bool,
    /// More public keys that may sign interactions, in hex and separated by commas.
    #[arg(long, env = "DISCORD_PUBLIC_KEY", value_name = "KEYS")]
    public_key: Option<String>,
    /// Send deferred replies to the Discord at this address instead of the simulated one.
    #[arg(long, value_name = "URL")]
    discord_api_base: Option<String>,
    /// The log level.
    #[arg(long, env = "LOG_LEVEL", default_value = "warn", ignore_case = true, value_parser = LOG_LEVELS)]
    log: String,
    /// The seed of all randomness, to repeat a run (default: a random one).
    #[arg(long)]
    seed: Option<u64>,
    /// Disable the rate limits for members, as in a load test.
    #[arg(long)]
    no_limits: bool,
    /// Do not probe the functions once a minute.
    #[arg(long)]
    no_heartbeat: bool,
    /// How long the simulated weather service takes to respond, in milliseconds.
    #[arg(long, default_value_t = 0, value_name = "MS")]
    weather_latency: u64,
    /// Write every REST response of the simulated Discord into this folder, for the tests.
    #[arg(long, env = "STEWARD_TEST_ANSWERS", value_name = "FOLDER")]
    answers: Option<PathBuf>,
    /// Stop at the end of standard input, so that this process does not outlive a parent that was killed.
    #[arg(long, hide = true)]
    until_stdin_ends: bool,
}

#[derive(Debug, Args)]
struct Try {
    /// What the member types.
    #[arg(value_name = "LINE", default_value = "/weather place:Paris")]
    line: String,
    /// Who types it: a name or an id.
    #[arg(long = "as", value_name = "WHO", default_value = "Bartholomew Finch")]
    user: String,
    /// Where: a channel's name or id, or `dm`.
    #[arg(long = "in", value_name = "WHERE", default_value = "general")]
    channel: String,
    /// The port of the running steward.
    #[arg(long, default_value_t = 7700)]
    port: u16,
}

impl Cli {
    /// Runs the subcommand, `up` by default. `Ok` has the exit code of the process.
    ///
    /// # Errors
    /// A sentence for standard error.
    pub async fn run(self) -> Result<ExitCode, String> {
        let done = match self.command {
            Some(Command::Try(attempt)) => attempt::run(&attempt).await,
            Some(Command::Sign(sign)) => sign::run(&sign),
            Some(Command::Invoke(invoke)) => return invoke::run(&invoke).await,
            Some(Command::Load(load)) => return load::run(&load).await,
            Some(Command::Register(register)) => return ops::register::run(&register).await,
            Some(Command::Flags(flags)) => flags::run(&flags).await,
            Some(Command::Status(status)) => status::run(&status).await,
            Some(Command::DeadLetters(letters)) => dead_letters::run(&letters).await,
            Some(Command::Up(up)) => up::run(&up).await,
            None => up::run(&self.up).await,
        };
        done.map(|()| ExitCode::SUCCESS)
    }
}
