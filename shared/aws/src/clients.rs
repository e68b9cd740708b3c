//! The clients, built once and only when something needs them.

use std::sync::{Arc, OnceLock};

use aws_sdk_dynamodb::config::SharedHttpClient;

use crate::{
    Breakers, Buckets, Claims, Config, DeadLetters, DiscordLimits, Ephemeral, Failures, FeatureFlags,
    GuildSettings, Homes, Kept, Queue, connector,
};

/// The way to AWS. Clones share the clients.
#[derive(Clone, Debug)]
pub struct Aws {
    shared: Arc<Shared>,
}

#[derive(Debug)]
struct Shared {
    config: Config,
    dynamodb: OnceLock<aws_sdk_dynamodb::Client>,
    sqs: OnceLock<aws_sdk_sqs::Client>,
    http: OnceLock<SharedHttpClient>,
}

impl Shared {
    fn http(&self) -> SharedHttpClient {
        self.http.get_or_init(|| connector::through(outbound::Client::new())).clone()
    }
}

impl Aws {
    /// Builds nothing yet.
    pub fn new(config: Config) -> Self {
        let shared =
            Shared { config, dynamodb: OnceLock::new(), sqs: OnceLock::new(), http: OnceLock::new() };
        Self { shared: Arc::new(shared) }
    }

    /// The table of things that expire.
    pub fn ephemeral(&self, table: &str) -> Ephemeral {
        Ephemeral::new(self.dynamodb(), table)
    }

    /// Who has which work in hand; kept in the table of things that expire.
    pub fn claims(&self, table: &str) -> Claims {
        Claims::new(self.dynamodb(), table)
    }

    /// Which dependencies are left alone; kept in the table of things that expire.
    pub fn breakers(&self, table: &str) -> Breakers {
        Breakers::new(self.dynamodb(), table)
    }

    /// How much of each limit is used up; kept in the table of things that expire.
    pub fn buckets(&self, table: &str) -> Buckets {
        Buckets::new(self.dynamodb(), table)
    }

    /// What Discord has said to one environment and concerns all; kept in the table of things that expire.
    pub fn discord_limits(&self, table: &str) -> DiscordLimits {
        DiscordLimits::new(self.dynamodb(), table)
    }

    /// How far each command is rolled out; in the table of what is kept.
    pub fn flags(&self, state_table: &str) -> FeatureFlags {
        FeatureFlags::new(self.dynamodb(), state_table)
    }

    /// What a button's custom id could not hold; kept in the table of things that expire.
    pub fn kept(&self, table: &str) -> Kept {
        Kept::new(self.dynamodb(), table)
    }

    /// What guilds have decided; in the table of what is kept.
    pub fn settings(&self, state_table: &str) -> GuildSettings {
        GuildSettings::new(self.dynamodb(), state_table)
    }

    /// Where members are at home; in the table of what is kept.
    pub fn homes(&self, state_table: &str) -> Homes {
        Homes::new(self.dynamodb(), state_table)
    }

    /// How many interactions were counted; in the table of what is kept.
    #[cfg(feature = "rehearsal")]
    pub fn tally(&self, state_table: &str) -> crate::Tally {
        crate::Tally::new(self.dynamodb(), state_table)
    }

    /// Why jobs failed for good; in the table of what is kept.
    pub fn failures(&self, state_table: &str) -> Failures {
        Failures::new(self.dynamodb(), state_table)
    }

    /// The queue at this URL.
    pub fn queue(&self, url: &str) -> Queue {
        Queue::new(self.sqs(), url)
    }

    /// The dead-letter queue at this URL. Without the table of what is kept nobody says why a job
    /// failed. `wait` is how many seconds to wait before the queue counts as empty: none, where one
    /// server holds it all.
    pub fn dead_letters(&self, url: &str, state_table: Option<&str>, wait: u8) -> DeadLetters {
        DeadLetters::new(self.sqs(), url, state_table.map(|table| self.failures(table)), wait.into())
    }

    /// Whether a client has been built: an interaction that needs none must not pay for one.
    pub fn is_touched(&self) -> bool {
        self.shared.dynamodb.get().is_some() || self.shared.sqs.get().is_some()
    }

    fn sqs(&self) -> aws_sdk_sqs::Client {
        let built = || aws_sdk_sqs::Client::new(&self.shared.config.sqs(self.shared.http()));
        self.shared.sqs.get_or_init(built).clone()
    }

    pub(crate) fn dynamodb(&self) -> aws_sdk_dynamodb::Client {
        let built = || aws_sdk_dynamodb::Client::new(&self.shared.config.dynamodb(self.shared.http()));
        self.shared.dynamodb.get_or_init(built).clone()
    }
}
