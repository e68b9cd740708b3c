//! Stores the component state that does not fit into a reply's custom ids, which then hold its key.

use aws::ComponentState;
use discord::custom_id::StoredState;
use domain::Fault;

use crate::Services;

/// Stores the state that did not fit. Idempotent, because the key is a digest of the custom id's content.
pub(crate) async fn store(services: &Services, stored_states: &[&StoredState]) -> Result<(), Fault> {
    for stored_state in stored_states {
        let state = ComponentState(stored_state.bytes.clone());
        services.store().put(stored_state.key.as_str(), &state, services.now()).await?;
    }
    Ok(())
}
