//! Knobs: how badly the simulated Discord behaves, settable while it runs.

use std::time::Duration;

use parking_lot::Mutex;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::delivery::endpoint_check::Probe;

/// What the knobs are set to. The default is a Discord on its best day.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Settings {
    /// Real time after an inline response in which its webhook is still unknown (404, 10015).
    #[serde(rename = "unknown_webhook_for_ms", with = "milliseconds")]
    pub unknown_webhook_for: Duration,
    /// How many of the first webhook calls of each interaction get 404, 10015.
    pub unknown_webhook_times: u32,
    /// Every webhook call gets this status; 429 comes with `retry_after`.
    pub fail_webhooks: Option<u16>,
    /// What such a 429 asks for; 0 is a second.
    #[serde(rename = "retry_after_ms", with = "milliseconds")]
    pub retry_after: Duration,
    /// So many webhook calls of a channel are taken in a minute, the others get 429 of scope `shared`; 0
    /// is any number.
    pub webhooks_per_minute: u32,
    /// Every limited REST call gets 429 of scope `global` that asks for so long; 0 is none.
    #[serde(rename = "global_rate_limit_ms", with = "milliseconds")]
    pub global_rate_limit: Duration,
    /// Real time that every REST call takes before it is looked at.
    #[serde(rename = "latency_ms", with = "milliseconds")]
    pub latency: Duration,
    /// Every limited REST call gets 429 of scope `shared`: others use the resource up.
    pub shared_rate_limit: bool,
    /// So many of a hundred REST calls end with a closed connection, before they are looked at.
    pub reset_percent: u8,
    /// So many of a hundred deliveries never reach the application.
    pub drop_percent: u8,
    /// So many of a hundred deliveries reach the application twice.
    pub duplicate_percent: u8,
    /// After so many of a hundred interactions the endpoint is checked: a PING or a bad signature.
    pub probe_percent: u8,
}

/// The settings behind a lock.
#[derive(Debug)]
pub struct Knobs {
    settings: Mutex<Settings>,
    chance: Mutex<fastrand::Rng>,
    /// Of its own, so that checks do not change what else goes wrong.
    probes: Mutex<fastrand::Rng>,
}

impl Knobs {
    /// The same seed misbehaves in the same order.
    pub(crate) fn seeded(seed: u64) -> Self {
        let chance = |seed| Mutex::new(fastrand::Rng::with_seed(seed));
        Self { settings: Mutex::default(), chance: chance(seed), probes: chance(!seed) }
    }

    /// Which check comes now, if any.
    pub(crate) fn draw_probe(&self) -> Option<Probe> {
        let percent = self.get().probe_percent;
        let mut chance = self.probes.lock();
        (percent > 0 && chance.u8(0..100) < percent).then(|| chance.choice(Probe::ALL)).flatten()
    }

    /// Whether it happens this time.
    pub(crate) fn strikes(&self, percent: u8) -> bool {
        percent > 0 && self.chance.lock().u8(0..100) < percent
    }

    /// What holds now.
    pub fn get(&self) -> Settings {
        *self.settings.lock()
    }

    /// Turns one or more knobs at once.
    pub fn turn(&self, change: impl FnOnce(&mut Settings)) {
        change(&mut self.settings.lock());
    }

    /// Turns the knobs that are named, for scripts. Gives what holds then.
    ///
    /// # Errors
    /// A sentence, if there is no such knob or it cannot be turned that far.
    pub fn turn_named(&self, named: Map<String, Value>) -> Result<Settings, String> {
        let mut settings = self.settings.lock();
        let mut all = serde_json::to_value(*settings).map_err(|error| error.to_string())?;
        for (name, value) in named {
            all[name] = value;
        }
        *settings = serde_json::from_value(all).map_err(|error| error.to_string())?;
        Ok(*settings)
    }
}

/// Durations as scripts write them.
mod milliseconds {
    use std::time::Duration;

    use serde::{Deserialize, Deserializer, Serializer};

    pub(crate) fn serialize<S: Serializer>(duration: &Duration, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_u64(u64::try_from(duration.as_millis()).unwrap_or(u64::MAX))
    }

    pub(crate) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Duration, D::Error> {
        u64::deserialize(deserializer).map(Duration::from_millis)
    }
}
