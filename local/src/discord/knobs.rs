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
}

/// The settings behind a lock.
#[derive(Debug, Default)]
pub struct Knobs {
    settings: Mutex<Settings>,
}

impl Knobs {
    /// What holds now.
    pub fn get(&self) -> Settings {
        *self.settings.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Turns one or more knobs at once.
    pub fn turn(&self, change: impl FnOnce(&mut Settings)) {
        change(&mut self.settings.lock().unwrap_or_else(PoisonError::into_inner));
    }
}
