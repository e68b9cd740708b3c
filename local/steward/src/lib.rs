//! The whole system on one machine: the real functions, a DynamoDB, queues and a simulated Discord.
//!
//! [`Stack`] puts them together. It is what `cargo run` starts, and what the tests drive.

pub mod cli;
mod data_dir;
mod dead_letters;
mod endpoint;
pub mod events;
mod fault_proxy;
pub mod functions;
mod inspector;
pub mod logs;
mod server;
pub mod settings;
mod shared;
mod spans;
mod start;
mod status;
mod variables;

use std::path::PathBuf;

use aws::{Breakers, Store};
use local_clock::Clock;
use local_discord::Discord;
use local_dynamodb::DynamoDb;
use local_lambda::Function;
use local_open_meteo::OpenMeteo;
use local_sqs::Queues;
use tokio::task::AbortHandle;

use self::{data_dir::DataDir, dead_letters::Desk, logs::Logs, spans::Spans, status::Counters};

pub use fault_proxy::{Line, Trouble};
pub use start::register;

/// How to start the stack.
#[derive(Clone, Debug)]
pub struct Options {
    /// Where everything listens, on 127.0.0.1; 0 for any free port.
    pub port: u16,
    /// The folder of everything that outlives the process; `None` keeps it in memory.
    pub data: Option<PathBuf>,
    /// So many environments of each function.
    pub environments: usize,
    /// Which weather.
    pub weather: Outside,
    /// Public keys beside the simulated Discord's own, comma-separated.
    pub public_keys: Option<String>,
    /// Where deferred replies go, if not to the simulated Discord.
    pub discord_api_base: Option<String>,
    /// Whether there are rate limits; one machine that plays many people needs none.
    pub limits: bool,
    /// Source of all chance.
    pub seed: u64,
    /// The folder in which the simulated Discord writes its REST answers down, for tests that judge them.
    pub answers: Option<PathBuf>,
    /// What is between the functions and DynamoDB and SQS, for tests that hold calls up.
    pub line: Option<Line>,
    /// Where the log lines are kept for the page, by whoever writes them.
    pub logs: Logs,
}

/// Whether a service of others is real.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outside {
    /// A stand-in on this machine.
    Simulated,
    /// The real one, by network.
    Live,
}

/// Why the stack did not start, or a part of it failed.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The port is taken, usually by another `steward`.
    #[error(
        "cannot listen on 127.0.0.1:{0}: {1}. Is another steward running? \
         A second one needs --port, and --memory or --data"
    )]
    Port(u16, std::io::Error),
    /// Another `steward` works in the folder.
    #[error("another steward works in {0}. Give this one --memory, or another folder with --data")]
    Locked(String),
    /// The folder cannot be used.
    #[error("cannot use the data folder {folder}: {error}")]
    Data {
        /// Which.
        folder: String,
        /// Why not.
        error: std::io::Error,
    },
    /// DynamoDB's stand-in failed.
    #[error("DynamoDB: {0}")]
    DynamoDb(String),
    /// The tables or the dead letters cannot be reached.
    #[error("the tables and queues: {0}")]
    Aws(#[from] domain::Fault),
    /// The queue failed.
    #[error("the queue: {0}")]
    Queue(#[from] local_sqs::Error),
    /// The simulated Discord failed.
    #[error("the simulated Discord: {0}")]
    Discord(#[from] local_discord::Error),
    /// The simulated Discord did not take our commands.
    #[error("Discord did not take the commands: {0}")]
    Registration(String),
    /// A setting is wrong.
    #[error(transparent)]
    Config(#[from] domain::config::ConfigError),
    /// A public key is wrong.
    #[error("the public keys (--public-key or DISCORD_PUBLIC_KEY): {0}")]
    Key(#[from] discord::signature::BadKey),
}

impl From<local_dynamodb::Error> for Error {
    fn from(error: local_dynamodb::Error) -> Self {
        Self::DynamoDb(error.to_string())
    }
}

/// The running stack; it ends when this is dropped.
pub struct Stack {
    /// The one clock.
    pub clock: Clock,
    /// The simulated Discord.
    pub discord: Discord,
    /// The queues.
    pub queues: Queues,
    /// Open-Meteo's stand-in; asked only if the weather is simulated.
    pub open_meteo: OpenMeteo,
    /// Every function, in the order of [`functions::described`].
    functions: Vec<Function>,
    /// The front door.
    pub interactions: Function,
    /// The long half.
    pub jobs: Function,
    /// `http://127.0.0.1:PORT`.
    pub url: String,
    /// What failed for good.
    pub dead_letters: Desk,
    /// What is left alone because it did not answer.
    breakers: Store<Breakers>,
    /// What users saw, by environment.
    counters: Counters,
    /// What the functions have told of each interaction.
    spans: Spans,
    /// The newest log lines.
    logs: Logs,
    /// What a function outside this process needs to work with the stack.
    variables: String,
    /// The tables.
    pub dynamodb: DynamoDb,
    /// What outlives the process, held as long as this does.
    folder: Option<DataDir>,
    tasks: Vec<AbortHandle>,
}

impl Drop for Stack {
    fn drop(&mut self) {
        self.tasks.iter().for_each(AbortHandle::abort);
    }
}
