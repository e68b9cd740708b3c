//! A Discord for tests: it runs on one machine and is faithful at the wire, so that any interactions bot, in
//! any language, can be run against it.
//!
//! Members act by [`Discord::say`], [`Discord::complete`], [`Discord::use_on_user`] and
//! [`Discord::use_on_message`], [`Discord::press`], [`Discord::choose`] and [`Discord::submit`]; the
//! application is called as Discord calls it, and calls back through [`Discord::router`].
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
//! It shares no code with a bot: not its limits, not its ids, not its HTTP client.
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
    delivery::{Key, refusals, trace},
    limits::rate_limit,
    model::{
        interaction, monetization,
        snowflake::Mint,
        store::{self, Store},
    },
};

pub use client::{
    Typed,
    render::render,
    view::View,
    visibility::{Notice, Person, SeenChannel, SeenGuild, SeenMember, Sight, is_for},
};
pub use delivery::{
    Carried, Courier, Delivered,
    trace::{DELIVERY, Traced, Wire},
};
pub use error::{Error, Refused};
pub use fault_injection::{Knobs, Settings};
pub use limits::rate_limit::Calls;
pub use local_clock::{Clock, Notifier};
pub use model::{
    feed::{Change, Feed, Since},
    interaction::Counts,
    seen::{Seen, Step},
    snowflake::{InteractionId, Snowflake},
};
pub use status::{ChannelStatus, GuildStatus, Status, UserStatus};

/// How to open the simulated Discord.
#[derive(Debug)]
pub struct Options {
    /// The SQLite file; `None` forgets everything at the end.
    pub database: Option<PathBuf>,
    /// The clock of the whole stack.
    pub clock: Clock,
    /// Where interactions are posted. May be empty until the server is bound.
    pub interactions_url: String,
    /// Chance in a new database: signing key and bot token. An old database keeps its own.
    pub seed: u64,
    /// The folder in which every REST answer is written down, for tests that judge them.
    pub answers: Option<PathBuf>,
}

/// The simulated Discord. Clones are the same one.
#[derive(Clone, Debug)]
pub struct Discord {
    inner: Arc<Inner>,
}

#[derive(Debug)]
struct Inner {
    feed: Feed,
    store: Store,
    clock: Clock,
    mint: Mint,
    key: Key,
    application: Application,
    endpoint: RwLock<Endpoint>,
    /// Where the application last called us, and so can fetch our files.
    origin: RwLock<String>,
    client: delivery::Client,
    /// In place of the client.
    courier: OnceLock<delivery::Carrier>,
    knobs: Knobs,
    refusals: Mutex<refusals::Refusals>,
    uploads: Mutex<upload::Uploads>,
    rate_limits: rate_limit::RateLimits,
    record: Option<rest::Record>,
    traces: trace::Traces,
    notifier: Notifier,
    live: Mutex<HashMap<Snowflake, Arc<Live>>>,
}

/// Where interactions go.
#[derive(Debug)]
struct Endpoint {
    /// Empty when nobody has said, or when it was removed.
    url: String,
    /// Why Discord took the URL away.
    removed: Option<String>,
}

#[derive(Debug)]
struct Application {
    id: Snowflake,
    bot_token: String,
}

/// What is known of an interaction only while this process runs.
#[derive(Debug, Default)]
struct Live {
    changed: Notify,
    /// When the inline response was taken: the start of the race for the webhook.
    answered_inline: Mutex<Option<Instant>>,
    webhook_calls: std::sync::atomic::AtomicU32,
}

impl Discord {
    /// Opens the database, and settles the world if it is new.
    ///
    /// # Errors
    /// When the database cannot be opened, written or understood, or the answers not be written down.
    pub fn open(options: Options) -> Result<Self, Error> {
        let feed = Feed::starting_at(options.clock.now().as_microsecond().unsigned_abs());
        let store = Store::open(options.database.as_deref(), feed.clone())?;
        let record =
            options.answers.as_deref().map(rest::Record::open).transpose().map_err(Error::Answers)?;
        let now = options.clock.now();
        let mint = Mint::new(store.read(store::highest_id)?);
        let (key, application) = store.write(|db| {
            interaction::fail_pending(db, now)?;
            monetization::seed(db, &mint, now)?;
            if let Some(identity) = status::identity(db)? {
                return Ok(identity);
            }
            model::seed(db, &mint, now)?;
            status::new_identity(db, mint.next(now), options.seed)
        })?;
        let inner = Inner {
            feed,
            store,
            clock: options.clock,
            mint,
            key,
            application,
            endpoint: RwLock::new(Endpoint { url: options.interactions_url, removed: None }),
            origin: RwLock::default(),
            client: delivery::client(),
            courier: OnceLock::new(),
            refusals: Mutex::default(),
            uploads: Mutex::default(),
            knobs: Knobs::seeded(options.seed),
            rate_limits: rate_limit::RateLimits::default(),
            record,
            traces: trace::Traces::default(),
            notifier: Notifier::default(),
            live: Mutex::default(),
        };
        Ok(Self { inner: Arc::new(inner) })
    }

    /// Where interactions go from now on.
    pub fn set_interactions_url(&self, url: impl Into<String>) {
        let mut endpoint = self.inner.endpoint.write();
        *endpoint = Endpoint { url: url.into(), removed: None };
    }

    /// Where interactions go; empty when nobody has said, or when it was removed.
    pub fn interactions_url(&self) -> String {
        self.inner.endpoint.read().url.clone()
    }

    fn note_origin(&self, origin: &str) {
        let mut noted = self.inner.origin.write();
        if *noted != origin {
            origin.clone_into(&mut noted);
        }
    }

    /// Before the first call: on the machine and port of the endpoint, where the stack has both.
    fn origin(&self) -> String {
        let noted = self.inner.origin.read().clone();
        if noted.is_empty() {
            return self.interactions_url().split('/').take(3).collect::<Vec<_>>().join("/");
        }
        noted
    }

    /// What changed, for those who watch.
    pub fn feed(&self) -> &Feed {
        &self.inner.feed
    }

    /// The clock by which people here live.
    pub fn clock(&self) -> &Clock {
        &self.inner.clock
    }

    /// How badly this Discord behaves.
    pub fn knobs(&self) -> &Knobs {
        &self.inner.knobs
    }
}

impl Inner {
    fn live(&self, id: Snowflake) -> Arc<Live> {
        let mut live = self.live.lock();
        Arc::clone(live.entry(id).or_default())
    }
}
