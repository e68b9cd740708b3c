//! Fault injection, which can be changed while the simulated Discord runs.

use std::time::Duration;

use parking_lot::Mutex;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::delivery::endpoint_check::EndpointCheck;

/// The settings. The default injects no faults.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FaultSettings {
    /// For this long after an inline response, in real time, its webhook is unknown (404, 10015).
    #[serde(rename = "unknown_webhook_for_ms", with = "milliseconds")]
    pub unknown_webhook_for: Duration,
    /// How many of the first webhook calls of each interaction get 404, 10015.
    pub unknown_webhook_times: u32,
    /// Every webhook call gets this status; 429 comes with `retry_after`. With 5xx, `GET /gateway` gets it too.
    pub fail_webhooks: Option<u16>,
    /// The `retry_after` of such a 429; 0 means one second.
    #[serde(rename = "retry_after_ms", with = "milliseconds")]
    pub retry_after: Duration,
    /// How many webhook calls a channel accepts in a minute; further ones get 429 of scope `shared`. 0 means
    /// no limit.
    pub webhooks_per_minute: u32,
    /// Every rate-limited REST call gets 429 of scope `global` with this `retry_after`; 0 means off.
    #[serde(rename = "global_rate_limit_ms", with = "milliseconds")]
    pub global_rate_limit: Duration,
    /// A delay in real time before every REST call is handled.
    #[serde(rename = "latency_ms", with = "milliseconds")]
    pub latency: Duration,
    /// Every rate-limited REST call gets 429 of scope `shared`, as if other applications used up the limit.
    pub shared_rate_limit: bool,
    /// The percentage of REST calls whose connection is closed before they are handled.
    pub reset_percent: u8,
    /// The percentage of interactions that are never delivered.
    pub drop_percent: u8,
    /// The percentage of interactions that are delivered twice.
    pub duplicate_percent: u8,
    /// The percentage of interactions after which the endpoint is checked with a PING or a bad signature.
    pub probe_percent: u8,
}

/// The settings behind a lock.
#[derive(Debug)]
pub struct FaultInjection {
    settings: Mutex<FaultSettings>,
    rng: Mutex<fastrand::Rng>,
    /// A separate generator, so that endpoint checks do not change which other faults a seed injects.
    endpoint_checks: Mutex<fastrand::Rng>,
}

impl FaultInjection {
    /// The same seed injects the same faults in the same order.
    pub(crate) fn with_seed(seed: u64) -> Self {
        let rng = |seed| Mutex::new(fastrand::Rng::with_seed(seed));
        Self { settings: Mutex::default(), rng: rng(seed), endpoint_checks: rng(!seed) }
    }

    /// Draws whether to check the endpoint now, and how.
    pub(crate) fn draw_endpoint_check(&self) -> Option<EndpointCheck> {
        let percent = self.get().probe_percent;
        let mut rng = self.endpoint_checks.lock();
        (percent > 0 && rng.u8(0..100) < percent).then(|| rng.choice(EndpointCheck::ALL)).flatten()
    }

    /// Draws whether a fault of this percentage happens now.
    pub(crate) fn happens(&self, percent: u8) -> bool {
        percent > 0 && self.rng.lock().u8(0..100) < percent
    }

    /// The current settings.
    pub fn get(&self) -> FaultSettings {
        *self.settings.lock()
    }

    /// Changes settings atomically.
    pub fn change(&self, update: impl FnOnce(&mut FaultSettings)) {
        update(&mut self.settings.lock());
    }

    /// Changes the named settings. Returns all settings.
    ///
    /// # Errors
    /// A sentence, if a name is unknown or a value has the wrong type or range. Nothing is changed then.
    pub fn change_named(&self, named: Map<String, Value>) -> Result<FaultSettings, String> {
        let mut settings = self.settings.lock();
        let mut all = serde_json::to_value(*settings).map_err(|error| error.to_string())?;
        for (name, value) in named {
            all[name] = value;
        }
        *settings = serde_json::from_value(all).map_err(|error| error.to_string())?;
        Ok(*settings)
    }
}

/// Durations as integers of milliseconds.
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
