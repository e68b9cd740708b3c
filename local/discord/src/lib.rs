//! A simulated Discord for tests. It runs on one machine and speaks Discord's HTTP protocol, so that any
//! interactions bot, in any language, can run against it.
//!
//! Members act through [`Discord::say`], [`Discord::complete`], [`Discord::use_on_user`],
//! [`Discord::use_on_message`], [`Discord::press`], [`Discord::choose`] and [`Discord::submit`]. Each posts a
//! signed interaction to the application, which calls the REST API of [`Discord::router`].
//!
//! ```no_run
//! # async fn run() -> Result<(), Box<dyn std::error::Error>> {
//! use std::time::Duration;
//!
//! use steward_local_discord::{Clock, Discord, Options};
//!
//! let discord = Discord::open(Options {
//!     database: None,
//!     clock: Clock::default(),
//!     interactions_url: "http://127.0.0.1:3000/".to_owned(),
//!     seed: 1,
//!     answers: None,
//! })?;
//! let listener = tokio::net::TcpListener::bind("127.0.0.1:7800").await?;
//! let rest = discord.router();
//! tokio::spawn(async move { axum::serve(listener, rest).await });
//! let id = discord.say("Bartholomew Finch", "general", "/roll").await?;
//! let view = discord.wait_until_settled(id, Duration::from_secs(5)).await?;
//! assert!(!view.failed());
//! # Ok(()) }
//! ```
//!
//! It shares no code with the bot, not even limits, ids or the HTTP client, so that it cannot share a mistake.
//!
//! | module | what it holds |
//! |---|---|
//! | `model` | guilds, channels, members, messages, interactions, commands, and where they are stored |
//! | `client` | what members do and see, as Discord's client lets them |
//! | `delivery` | signed interactions to the application, its responses, and traces of both |
//! | `rest` | the REST API under `/api/v10` |
//! | `validation` | the checks whose failures Discord reports as "Invalid Form Body" |
//! | `limits` | numbers of the documentation, rate limits, limits of commands |
//! | [`control`] | HTTP routes by which scripts act as members and read what they see |
//! | [`testing`] | an application and a simulated Discord for tests in Rust |

mod api_error;
mod client;
pub mod control;
mod delivery;
mod error;
mod fault_injection;
mod limits;
pub mod localhost;
mod model;
mod rest;
mod status;
pub mod testing;
#[cfg(test)]
mod tests;
mod validation;

use std::{
    collections::HashMap,
    path::PathBuf,
    sync::{Arc, OnceLock},
    time::Instant,
};

use parking_lot::{Mutex, RwLock};
use tokio::sync::Notify;

use self::{
    client::upload,
    delivery::{Key, in_flight::InFlight, refusals, trace},
    limits::rate_limit,
    model::{
        interaction, monetization,
        snowflake::SnowflakeGenerator,
        store::{self, Store},
    },
};

pub use client::{
    Typed,
    render::render,
    view::View,
    visibility::{ClientView, SeenChannel, SeenGuild, SeenMember, SeenUser, UnansweredCommand, is_for},
};
pub use delivery::{
    Delivered, DeliveryFuture, Transport,
    in_flight::Pause,
    trace::{DELIVERY, Traced, Wire},
};
pub use error::{Error, Refused};
pub use fault_injection::{FaultInjection, FaultSettings};
pub use limits::rate_limit::Calls;
pub use local_clock::{Clock, Notifier};
pub use model::{
    feed::{Change, ChangesSince, Feed},
    interaction::Counts,
    seen::{Seen, Step},
    snowflake::{InteractionId, Snowflake},
};
pub use status::{ChannelStatus, GuildStatus, Status, UserStatus};

/// How to open the simulated Discord.
#[derive(Debug)]
pub struct Options {
    /// The SQLite file; `None` keeps everything in memory.
    pub database: Option<PathBuf>,
    /// The clock of the whole stack.
    pub clock: Clock,
    /// The interactions endpoint URL. It may be empty and set later by [`Discord::set_interactions_url`].
    pub interactions_url: String,
    /// The seed of the signing key and bot token of a new database, and of injected faults.
    pub seed: u64,
    /// Every REST response is written into this folder, for tests that check them.
    pub answers: Option<PathBuf>,
}

/// The simulated Discord. Clones share their state.
#[derive(Clone, Debug)]
pub struct Discord {
    inner: Arc<Inner>,
}

#[derive(Debug)]
struct Inner {
    feed: Feed,
    store: Store,
    clock: Clock,
    ids: SnowflakeGenerator,
    key: Key,
    application: Application,
    endpoint: RwLock<Endpoint>,
    /// The origin at which the application last called the REST API: the URLs of files begin with it.
    origin: RwLock<String>,
    client: delivery::Client,
    /// Used instead of `client` if it is set.
    transport: OnceLock<delivery::DebugTransport>,
    in_flight: InFlight,
    faults: FaultInjection,
    refusals: Mutex<refusals::Refusals>,
    uploads: Mutex<upload::Uploads>,
    rate_limits: rate_limit::RateLimits,
    record: Option<rest::Record>,
    traces: trace::Traces,
    notifier: Notifier,
    live: Mutex<HashMap<Snowflake, Arc<LiveInteraction>>>,
}

/// The interactions endpoint.
#[derive(Debug)]
struct Endpoint {
    /// Empty if it was never set, or if it was removed.
    url: String,
    /// Why the simulated Discord removed the URL.
    removed: Option<String>,
}

#[derive(Debug)]
struct Application {
    id: Snowflake,
    bot_token: String,
}

/// The state of an interaction that is not stored in the database.
#[derive(Debug, Default)]
struct LiveInteraction {
    changed: Notify,
    /// When the inline response was accepted; `unknown_webhook_for` counts from here.
    answered_inline: Mutex<Option<Instant>>,
    webhook_calls: std::sync::atomic::AtomicU32,
}

impl Discord {
    /// Opens the database, and fills a new one with guilds, channels and members.
    ///
    /// # Errors
    /// If the database cannot be opened, written or parsed, or the folder of answers cannot be created.
    pub fn open(options: Options) -> Result<Self, Error> {
        let feed = Feed::starting_at(options.clock.now().as_microsecond().unsigned_abs());
        let store = Store::open(options.database.as_deref(), feed.clone())?;
        let record =
            options.answers.as_deref().map(rest::Record::open).transpose().map_err(Error::Answers)?;
        let now = options.clock.now();
        let ids = SnowflakeGenerator::new(store.read(store::highest_id)?);
        let (key, application) = store.write(|db| {
            interaction::fail_pending(db, now)?;
            monetization::seed(db, &ids, now)?;
            if let Some(identity) = status::identity(db)? {
                return Ok(identity);
            }
            model::seed(db, &ids, now)?;
            status::new_identity(db, ids.next(now), options.seed)
        })?;
        let inner = Inner {
            feed,
            store,
            clock: options.clock,
            ids,
            key,
            application,
            endpoint: RwLock::new(Endpoint { url: options.interactions_url, removed: None }),
            origin: RwLock::default(),
            client: delivery::client(),
            transport: OnceLock::new(),
            in_flight: InFlight::default(),
            refusals: Mutex::default(),
            uploads: Mutex::default(),
            faults: FaultInjection::with_seed(options.seed),
            rate_limits: rate_limit::RateLimits::default(),
            record,
            traces: trace::Traces::default(),
            notifier: Notifier::default(),
            live: Mutex::default(),
        };
        Ok(Self { inner: Arc::new(inner) })
    }

    /// Sets the interactions endpoint URL. No endpoint check is made.
    pub fn set_interactions_url(&self, url: impl Into<String>) {
        let mut endpoint = self.inner.endpoint.write();
        *endpoint = Endpoint { url: url.into(), removed: None };
    }

    /// The interactions endpoint URL; empty if it was never set, or if it was removed.
    pub fn interactions_url(&self) -> String {
        self.inner.endpoint.read().url.clone()
    }

    fn note_origin(&self, origin: &str) {
        let mut noted = self.inner.origin.write();
        if *noted != origin {
            origin.clone_into(&mut noted);
        }
    }

    /// Before the first call of the REST API, the origin of the endpoint: the local stack serves both on one port.
    fn origin(&self) -> String {
        let noted = self.inner.origin.read().clone();
        if noted.is_empty() {
            return self.interactions_url().split('/').take(3).collect::<Vec<_>>().join("/");
        }
        noted
    }

    /// The feed of changes.
    pub fn feed(&self) -> &Feed {
        &self.inner.feed
    }

    /// The clock by which tokens expire and ids are made.
    pub fn clock(&self) -> &Clock {
        &self.inner.clock
    }

    /// The settings of fault injection.
    pub fn faults(&self) -> &FaultInjection {
        &self.inner.faults
    }
}

impl Inner {
    fn live(&self, id: Snowflake) -> Arc<LiveInteraction> {
        let mut live = self.live.lock();
        Arc::clone(live.entry(id).or_default())
    }
}
