//! Knobs: how badly the simulated Discord behaves, settable while it runs.

use std::{
    sync::{Mutex, PoisonError},
    time::Duration,
};

/// What the knobs are set to. The default is a Discord on its best day.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Settings {
    /// Real time after an inline response in which its webhook is still unknown (404, 10015).
    pub unknown_webhook_for: Duration,
    /// How many of the first webhook calls of each interaction get 404, 10015.
    pub unknown_webhook_times: u32,
    /// Every webhook call gets this status; 429 comes with `retry_after`.
    pub fail_webhooks: Option<u16>,
    /// Real time that every REST call takes before it is looked at.
    pub latency: Duration,
    /// Every limited REST call gets 429 of scope `shared`: others use the resource up.
    pub shared_rate_limit: bool,
    /// So many of a hundred REST calls end with a closed connection, before they are looked at.
    pub reset_percent: u8,
    /// So many of a hundred deliveries never reach the application.
    pub drop_percent: u8,
    /// So many of a hundred deliveries reach the application twice.
    pub duplicate_percent: u8,
}

/// The settings behind a lock.
#[derive(Debug)]
pub struct Knobs {
    settings: Mutex<Settings>,
    chance: Mutex<fastrand::Rng>,
}

impl Knobs {
    /// The same seed misbehaves in the same order.
    pub(super) fn seeded(seed: u64) -> Self {
        Self { settings: Mutex::default(), chance: Mutex::new(fastrand::Rng::with_seed(seed)) }
    }

    /// Whether it happens this time.
    pub(super) fn strikes(&self, percent: u8) -> bool {
        percent > 0 && self.chance.lock().unwrap_or_else(PoisonError::into_inner).u8(0..100) < percent
    }

    /// What holds now.
    pub fn get(&self) -> Settings {
        *self.settings.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Turns one or more knobs at once.
    pub fn turn(&self, change: impl FnOnce(&mut Settings)) {
        change(&mut self.settings.lock().unwrap_or_else(PoisonError::into_inner));
    }
}
