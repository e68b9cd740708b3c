//! Wakes tasks that wait for a change.

use std::sync::Arc;

use tokio::sync::watch;

/// Clones are the same notifier.
#[derive(Clone, Debug, Default)]
pub struct Notifier(Arc<watch::Sender<()>>);

impl Notifier {
    /// Something has happened.
    pub fn notify(&self) {
        self.0.send_replace(());
    }

    /// To wait for the next notification with. Those that come before it is looked at are one.
    pub fn subscribe(&self) -> watch::Receiver<()> {
        self.0.subscribe()
    }
}
