//! The services of one environment: clients that are built once, on first use, and adapters between crates
//! that do not depend on each other.

mod discord_limits;
mod table;

use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};

use aws::{Aws, Kind, Queue, Store};
use domain::{ApplicationId, Clock, Fault, Flags, GuildId, Settings};
use integrations::{
    Cached, Chance, ExternalApi, LEASE_DURATION, MAX_MEMORY_ENTRIES, OpenMeteo, OpenMeteoConfig, Weather,
};
use jiff::Timestamp;

pub use table::Table;

use crate::{config::Config, limiter::Limiter, ttl_cache::TtlCache};
use discord_limits::SharedLimits;

/// Discord's REST API, with its rate limits shared between environments.
pub type Rest = discord::Rest<SharedLimits>;

/// The state of one environment: configuration, clients, caches and rate limits.
#[derive(Debug)]
pub struct Services {
    config: Config,
    clock: Clock,
    chance: Arc<Mutex<fastrand::Rng>>,
    aws: Aws,
    http: OnceLock<outbound::Client>,
    weather: OnceLock<Weather<Table>>,
    known_settings: TtlCache<GuildId, Settings>,
    known_flags: TtlCache<(), Flags>,
    limiter: Limiter,
}

impl Services {
    /// Builds no client yet. `seed` seeds all random numbers of this environment (jitter, claim holders),
    /// so two environments must not share one.
    pub fn new(config: Config, clock: Clock, seed: u64) -> Self {
        Self {
            clock,
            chance: Arc::new(Mutex::new(fastrand::Rng::with_seed(seed))),
            aws: Aws::new(config.aws.clone()),
            http: OnceLock::new(),
            weather: OnceLock::new(),
            known_settings: TtlCache::default(),
            known_flags: TtlCache::default(),
            limiter: Limiter::default(),
            config,
        }
    }

    /// The current time.
    pub fn now(&self) -> Timestamp {
        self.clock.now()
    }

    /// A random number in 0..1.
    pub(crate) fn chance(&self) -> f64 {
        draw(&self.chance)
    }

    /// A random number in 0..1000.
    pub(crate) fn per_mille(&self) -> u32 {
        generator(&self.chance).u32(..1_000)
    }

    /// A random number that identifies the holder of a claim or lease; never 0.
    pub(crate) fn nonce(&self) -> u64 {
        generator(&self.chance).u64(1..)
    }

    /// The id of the bot's application.
    pub(crate) fn application(&self) -> ApplicationId {
        self.config.discord.id
    }

    /// The running version, for logs.
    pub fn version(&self) -> &str {
        &self.config.version
    }

    /// Whether an AWS client has been built.
    pub fn has_touched_aws(&self) -> bool {
        self.aws.is_touched()
    }

    /// The queue of deferred jobs.
    pub fn jobs(&self) -> Queue {
        self.aws.queue(&self.config.jobs_queue_url)
    }

    /// The queue of watchdog messages.
    pub(crate) fn timers(&self) -> Queue {
        self.aws.queue(&self.config.timers_queue_url)
    }

    /// The queue with this name, of the two that the jobs function reads.
    pub fn queue_named(&self, name: &str) -> Option<Queue> {
        let urls = [&self.config.jobs_queue_url, &self.config.timers_queue_url];
        let url = urls.into_iter().find(|url| url.rsplit('/').next() == Some(name))?;
        Some(self.aws.queue(url))
    }

    /// The queue with this URL.
    pub(crate) fn queue(&self, url: &str) -> Queue {
        self.aws.queue(url)
    }

    /// The store of this kind of item.
    pub(crate) fn store<T: Kind>(&self) -> Store<T> {
        self.aws.store()
    }

    /// A guild's settings, cached for half a minute.
    ///
    /// # Errors
    /// [`Fault`] if they are not cached and cannot be read.
    pub(crate) async fn settings_of(&self, guild: GuildId) -> Result<Arc<Settings>, Fault> {
        if let Some(known) = self.known_settings.fresh(&guild, self.now()) {
            return Ok(known);
        }
        let stored = self.store::<Settings>().load(guild).await?;
        Ok(self.remember_settings(guild, stored.settings))
    }

    /// The last settings read, however old; `None` if they were never read.
    pub(crate) fn settings_known(&self, guild: GuildId) -> Option<Arc<Settings>> {
        self.known_settings.last(&guild)
    }

    /// Caches settings that have just been read or written.
    pub(crate) fn remember_settings(&self, guild: GuildId, settings: Settings) -> Arc<Settings> {
        self.known_settings.put(guild, settings, self.now())
    }

    /// The feature flags, cached for half a minute.
    ///
    /// # Errors
    /// [`Fault`] if they are not cached and cannot be read.
    pub(crate) async fn flags(&self) -> Result<Arc<Flags>, Fault> {
        // Not batched with the read of the settings: they are rarely both uncached, and two parallel reads
        // take no longer than a batch.
        if let Some(known) = self.known_flags.fresh(&(), self.now()) {
            return Ok(known);
        }
        let flags = self.store::<Flags>().load((), self.now()).await?;
        Ok(self.known_flags.put((), flags, self.now()))
    }

    /// The last flags read, however old; `None` if they were never read.
    pub(crate) fn flags_known(&self) -> Option<Arc<Flags>> {
        self.known_flags.last(&())
    }

    /// This environment's rate-limit buckets.
    pub(crate) fn limiter(&self) -> &Limiter {
        &self.limiter
    }

    /// Whether rate limits apply. Only a load test on one machine turns them off.
    pub(crate) fn has_limits(&self) -> bool {
        self.config.limits
    }

    /// The base URL of Discord's CDN.
    pub(crate) fn cdn_base(&self) -> &str {
        &self.config.discord.cdn_base
    }

    /// The HTTP client for everything except AWS.
    pub(crate) fn http(&self) -> &outbound::Client {
        self.http.get_or_init(outbound::Client::new)
    }

    /// A client of Discord's REST API at `base`. Create one per environment: it remembers rate limits.
    pub(crate) fn rest(&self, base: impl Into<String>) -> Rest {
        let limits = SharedLimits::new(self.store(), self.clock.clone());
        Rest::new(self.http().clone(), base, limits)
    }

    /// The weather service.
    pub(crate) fn weather(&self) -> &Weather<Table> {
        self.weather.get_or_init(|| {
            let external_api = self.external_api();
            let OpenMeteoConfig { forecasts, geocoding } = self.config.open_meteo.clone();
            let open_meteo = OpenMeteo::new(&external_api, geocoding, forecasts);
            let ExternalApi { store, holder, chance, .. } = external_api;
            Weather::new(open_meteo, Cached::new(store, holder, LEASE_DURATION, MAX_MEMORY_ENTRIES, chance))
        })
    }

    /// What the client of an external API is built from.
    fn external_api(&self) -> ExternalApi<Table> {
        ExternalApi {
            client: self.http().clone(),
            chance: self.jitter(),
            store: Arc::new(Table::new(&self.aws, self.clock.clone())),
            holder: self.nonce().to_string(),
        }
    }

    fn jitter(&self) -> Chance {
        let chance = Arc::clone(&self.chance);
        Chance::new(move || draw(&chance))
    }
}

fn draw(chance: &Mutex<fastrand::Rng>) -> f64 {
    generator(chance).f64()
}

fn generator(chance: &Mutex<fastrand::Rng>) -> MutexGuard<'_, fastrand::Rng> {
    // A panic cannot leave the generator half-written, so a poisoned lock is fine.
    chance.lock().unwrap_or_else(PoisonError::into_inner)
}
