//! The simulated Discord itself: what it holds, and how it is opened.

use std::{
    collections::HashMap,
    path::PathBuf,
    sync::{Arc, OnceLock},
    time::Instant,
};

use parking_lot::{Mutex, RwLock};
use tokio::sync::Notify;

use local_clock::{Clock, Notifier};

use crate::{
    Error, Snowflake,
    client::upload,
    delivery::{self, Key, refusals, trace},
    fault_injection::Knobs,
    limits::rate_limit,
    model::{
        self,
        feed::Feed,
        interaction, monetization,
        snowflake::Mint,
        store::{self, Store},
    },
    rest, status,
};

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
    pub(crate) inner: Arc<Inner>,
}

#[derive(Debug)]
pub(crate) struct Inner {
    pub(crate) feed: Feed,
    pub(crate) store: Store,
    pub(crate) clock: Clock,
    pub(crate) mint: Mint,
    pub(crate) key: Key,
    pub(crate) application: Application,
    pub(crate) endpoint: RwLock<Endpoint>,
    /// Where the application last called us, and so can fetch our files.
    pub(crate) origin: RwLock<String>,
    pub(crate) client: delivery::Client,
    /// In place of the client.
    pub(crate) courier: OnceLock<delivery::Carrier>,
    pub(crate) knobs: Knobs,
    pub(crate) refusals: Mutex<refusals::Refusals>,
    pub(crate) uploads: Mutex<upload::Uploads>,
    pub(crate) rate_limits: rate_limit::RateLimits,
    pub(crate) record: Option<rest::Record>,
    pub(crate) traces: trace::Traces,
    pub(crate) notifier: Notifier,
    pub(crate) live: Mutex<HashMap<Snowflake, Arc<Live>>>,
}

/// Where interactions go.
#[derive(Debug)]
pub(crate) struct Endpoint {
    /// Empty when nobody has said, or when it was removed.
    pub(crate) url: String,
    /// Why Discord took the URL away.
    pub(crate) removed: Option<String>,
}

#[derive(Debug)]
pub(crate) struct Application {
    pub(crate) id: Snowflake,
    pub(crate) bot_token: String,
}

/// What is known of an interaction only while this process runs.
#[derive(Debug, Default)]
pub(crate) struct Live {
    pub(crate) changed: Notify,
    /// When the inline response was taken: the start of the race for the webhook.
    pub(crate) answered_inline: Mutex<Option<Instant>>,
    pub(crate) webhook_calls: std::sync::atomic::AtomicU32,
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

    pub(crate) fn note_origin(&self, origin: &str) {
        let mut noted = self.inner.origin.write();
        if *noted != origin {
            origin.clone_into(&mut noted);
        }
    }

    /// Before the first call: on the machine and port of the endpoint, where the stack has both.
    pub(crate) fn origin(&self) -> String {
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
    pub(crate) fn live(&self, id: Snowflake) -> Arc<Live> {
        let mut live = self.live.lock();
        Arc::clone(live.entry(id).or_default())
    }
}
