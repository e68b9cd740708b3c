//! The services of one environment: its clients, each built once and only when something needs it, and the glue
//! between the crates that do not depend on each other.

mod discord_limits;
mod table;

use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};

use aws::{Aws, Kind, Queue, Store};
use domain::{ApplicationId, Clock, Fault, Flags, GuildId, Settings};
use integrations::{Cached, Chance, LEASE, OpenMeteo, OpenMeteoConfig, Outside, REMEMBERED, Weather};
use jiff::Timestamp;

pub use table::Table;

use crate::{config::Config, limiter::Limiter, ttl_cache::TtlCache};
use discord_limits::SharedLimits;

/// The way to Discord, within its limits.
pub type Rest = discord::Rest<SharedLimits>;

/// The bot of one environment.
#[derive(Debug)]
pub struct Bot {
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

impl Bot {
    /// Builds no client yet. `seed` is the source of all chance in this environment; two environments
    /// must not share one.
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

    /// What time it is.
    pub fn now(&self) -> Timestamp {
        self.clock.now()
    }

    /// A number in 0..1.
    pub(crate) fn chance(&self) -> f64 {
        draw(&self.chance)
    }

    /// A number that nobody else has.
    pub(crate) fn nonce(&self) -> u64 {
        generator(&self.chance).u64(..)
    }

    /// The application that is the bot.
    pub(crate) fn application(&self) -> ApplicationId {
        self.config.discord.id
    }

    /// Which version runs, for the logs.
    pub fn version(&self) -> &str {
        &self.config.version
    }

    /// Whether a client of AWS has been built.
    pub fn has_touched_aws(&self) -> bool {
        self.aws.is_touched()
    }

    /// Where jobs go.
    pub fn jobs(&self) -> Queue {
        self.aws.queue(&self.config.jobs_queue_url)
    }

    /// Another queue, at this address.
    pub fn queue(&self, url: &str) -> Queue {
        self.aws.queue(url)
    }

    /// All items of a kind.
    pub(crate) fn store<T: Kind>(&self) -> Store<T> {
        self.aws.store()
    }

    /// What a guild has decided, at most half a minute ago.
    ///
    /// # Errors
    /// [`Fault`] if it is not known and cannot be read.
    pub(crate) async fn settings_of(&self, guild: GuildId) -> Result<Arc<Settings>, Fault> {
        if let Some(known) = self.known_settings.fresh(&guild, self.now()) {
            return Ok(known);
        }
        let stored = self.store::<Settings>().load(guild).await?;
        Ok(self.remember_settings(guild, stored.settings))
    }

    /// What it had decided when that was last read, if it ever was.
    pub(crate) fn settings_known(&self, guild: GuildId) -> Option<Arc<Settings>> {
        self.known_settings.last(&guild)
    }

    /// Remembers what a guild has just decided.
    pub(crate) fn remember_settings(&self, guild: GuildId, settings: Settings) -> Arc<Settings> {
        self.known_settings.put(guild, settings, self.now())
    }

    /// How far the commands are rolled out, at most half a minute ago.
    ///
    /// # Errors
    /// [`Fault`] if it is not known and cannot be read.
    pub(crate) async fn flags(&self) -> Result<Arc<Flags>, Fault> {
        // A read of its own beside that of the settings: they are rarely both unknown, and the slower of
        // two waits no longer than a batch would.
        if let Some(known) = self.known_flags.fresh(&(), self.now()) {
            return Ok(known);
        }
        let flags = self.store::<Flags>().load((), self.now()).await?;
        Ok(self.known_flags.put((), flags, self.now()))
    }

    /// How far they were when that was last read, if it ever was.
    pub(crate) fn flags_known(&self) -> Option<Arc<Flags>> {
        self.known_flags.last(&())
    }

    /// The limits as far as this environment has seen them.
    pub(crate) fn limiter(&self) -> &Limiter {
        &self.limiter
    }

    /// Whether anybody is ever told to wait.
    pub(crate) fn has_limits(&self) -> bool {
        self.config.limits
    }

    /// Where Discord keeps files.
    pub(crate) fn cdn_base(&self) -> &str {
        &self.config.discord.cdn_base
    }

    /// The way out to other people's servers.
    pub(crate) fn http(&self) -> &outbound::Client {
        self.http.get_or_init(outbound::Client::new)
    }

    /// The way to Discord's API at `base`. Once for each environment: it remembers what Discord has said.
    pub(crate) fn rest(&self, base: impl Into<String>) -> Rest {
        let limits = SharedLimits::new(self.store(), self.clock.clone());
        Rest::new(self.http().clone(), base, limits)
    }

    /// Places and forecasts.
    pub(crate) fn weather(&self) -> &Weather<Table> {
        self.weather.get_or_init(|| {
            let outside = self.outside();
            let OpenMeteoConfig { forecasts, geocoding } = self.config.open_meteo.clone();
            let open_meteo = OpenMeteo::new(&outside, geocoding, forecasts);
            let Outside { store, holder, chance, .. } = outside;
            Weather::new(open_meteo, Cached::new(store, holder, LEASE, REMEMBERED, chance))
        })
    }

    /// What other people's APIs are asked by.
    fn outside(&self) -> Outside<Table> {
        Outside {
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
    // A generator has no state that a panic could leave half-written.
    chance.lock().unwrap_or_else(PoisonError::into_inner)
}
