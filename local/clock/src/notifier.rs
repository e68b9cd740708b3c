//! Wakes tasks that wait for a change.

use std::sync::Arc;

use tokio::sync::watch;

/// Wakes all subscribers. Clones share them.
#[derive(Clone, Debug, Default)]
pub struct Notifier(Arc<watch::Sender<()>>);

impl Notifier {
    /// Wakes every subscriber.
    pub fn notify(&self) {
        self.0.send_replace(());
    }

    /// A receiver to wait for notifications. Several before the next wait count as one.
    pub fn subscribe(&self) -> watch::Receiver<()> {
        self.0.subscribe()
    }
}
