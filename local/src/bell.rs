//! Rings when something has happened behind the scenes, for whoever looks there.

use std::sync::Arc;

use tokio::sync::watch;

/// The one bell of the stack. Clones are the same one.
#[derive(Clone, Debug, Default)]
pub(crate) struct Bell(Arc<watch::Sender<()>>);

impl Bell {
    pub(crate) fn ring(&self) {
        self.0.send_replace(());
    }

    /// To wait for the next ring with. What rang meanwhile is heard as one.
    pub(crate) fn listen(&self) -> watch::Receiver<()> {
        self.0.subscribe()
    }
}
