//! The whole system in one process: the real Lambda functions, a local DynamoDB and SQS, a simulated Discord.
//!
//! [`Stack`] connects them. `cargo run` and the end-to-end tests start one.

pub mod cli;
mod data_dir;
mod dead_letters;
mod endpoint;
pub mod events;
mod fault_proxy;
pub mod functions;
mod heartbeat;
mod inspector;
pub mod logs;
mod releases;
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

use self::{
    data_dir::DataDir, dead_letters::DeadLetterApi, heartbeat::Heartbeats, logs::Logs, spans::Spans,
    status::Counters,
};

pub use fault_proxy::{Cost, Failure, Fault, FaultProxy, Right};
pub use releases::Releases;
pub use start::register;

/// How to start the stack.
#[derive(Clone, Debug)]
pub struct Options {
    /// The port on 127.0.0.1; 0 for any free port.
    pub port: u16,
    /// The data folder; `None` keeps everything in memory.
    pub data: Option<PathBuf>,
    /// The maximum number of environments of each function.
    pub environments: usize,
    /// Whether the weather is simulated.
    pub weather: ApiMode,
    /// Public keys beside the simulated Discord's own, comma-separated.
    pub public_keys: Option<String>,
    /// The base URL of the Discord API that receives deferred replies, if not the simulated one.
    pub discord_api_base: Option<String>,
    /// Whether the bot's rate limits apply; a load test turns them off.
    pub limits: bool,
    /// The seed of all randomness.
    pub seed: u64,
    /// The simulated Discord writes its REST responses into this folder, for tests that check them.
    pub answers: Option<PathBuf>,
    /// A proxy between the functions and DynamoDB and SQS, for tests that inject faults.
    pub fault_proxy: Option<FaultProxy>,
    /// Whether the probe function is invoked once a minute.
    pub heartbeat: bool,
    /// The log lines that the inspector shows; the log writer stores them there.
    pub logs: Logs,
}

/// Whether the external APIs are real.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ApiMode {
    /// A fake in this process.
    Simulated,
    /// The real one, over the network.
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
    /// Another `steward` uses the folder.
    #[error("another steward is using {0}. Start this one with --memory, or with another folder (--data)")]
    Locked(String),
    /// The folder cannot be used.
    #[error("cannot use the data folder {folder}: {error}")]
    Data {
        /// Its path.
        folder: String,
        /// Why not.
        error: std::io::Error,
    },
    /// The local DynamoDB failed.
    #[error("DynamoDB: {0}")]
    DynamoDb(String),
    /// A call of the tables or of the dead letters failed.
    #[error("cannot create the tables and queues: {0}")]
    Aws(#[from] domain::Fault),
    /// The queue failed.
    #[error("the queue server failed: {0}")]
    Queue(#[from] local_sqs::Error),
    /// The simulated Discord failed.
    #[error("the simulated Discord failed: {0}")]
    Discord(#[from] local_discord::Error),
    /// The simulated Discord refused the commands.
    #[error("the commands could not be registered: {0}")]
    Registration(String),
    /// An environment variable of a function is wrong.
    #[error(transparent)]
    Config(#[from] domain::config::ConfigError),
    /// A public key cannot be parsed.
    #[error("the public keys (--public-key or DISCORD_PUBLIC_KEY) are invalid: {0}")]
    Key(#[from] discord::signature::KeyError),
}

impl From<local_dynamodb::Error> for Error {
    fn from(error: local_dynamodb::Error) -> Self {
        Self::DynamoDb(error.to_string())
    }
}

/// The running stack; it ends when this is dropped.
pub struct Stack {
    /// The clock that all parts share.
    pub clock: Clock,
    /// The simulated Discord.
    pub discord: Discord,
    /// The queues.
    pub queues: Queues,
    /// The fake Open-Meteo; called only if the weather is simulated.
    pub open_meteo: OpenMeteo,
    /// Every function, in the order of [`functions::described`].
    functions: Vec<Function>,
    /// The function behind the interactions endpoint.
    pub interactions: Function,
    /// The function that runs deferred jobs.
    pub jobs: Function,
    /// Further versions of the functions, and the results that hooks have reported.
    pub releases: Releases,
    /// How the heartbeats went.
    heartbeats: Heartbeats,
    /// `http://127.0.0.1:PORT`.
    pub url: String,
    /// The jobs that failed for good.
    pub dead_letters: DeadLetterApi,
    /// The circuit breakers of outside APIs.
    breakers: Store<Breakers>,
    /// User-visible outcomes, counted in each environment.
    counters: Counters,
    /// The functions' trace spans, by interaction.
    spans: Spans,
    /// The newest log lines.
    logs: Logs,
    /// The response of `GET /local/variables`: one `NAME=value` a line.
    variables: String,
    /// The tables.
    pub dynamodb: DynamoDb,
    /// The data folder, locked while the stack runs.
    folder: Option<DataDir>,
    tasks: Vec<AbortHandle>,
}

impl Drop for Stack {
    fn drop(&mut self) {
        self.tasks.iter().for_each(AbortHandle::abort);
    }
}
