//! The real functions as what an environment runs.

use interactions::Interactions;
use jobs::Jobs;
use serde_json::value::RawValue;

use super::{Handler, InvokeError};

impl Handler for Interactions {
    async fn handle(&self, event: &RawValue, _: u64) -> Result<String, InvokeError> {
        serde_json::to_string(&self.handle(event).await).map_err(|_| InvokeError::Event)
    }
}

impl Handler for Jobs {
    async fn handle(&self, event: &RawValue, deadline: u64) -> Result<String, InvokeError> {
        let event = serde_json::from_str(event.get()).map_err(|_| InvokeError::Event)?;
        serde_json::to_string(&self.handle(&event, deadline).await).map_err(|_| InvokeError::Event)
    }
}
