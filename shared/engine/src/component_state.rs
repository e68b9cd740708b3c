//! Stores the component state that does not fit into a reply's custom ids, which then hold its key.

use aws::ComponentState;
use discord::custom_id::Overflow;
use domain::Fault;

use crate::Bot;

/// Stores the state that did not fit. Idempotent, because the key is a digest of the custom id's content.
pub(crate) async fn keep(bot: &Bot, overflows: &[&Overflow]) -> Result<(), Fault> {
    for overflow in overflows {
        let state = ComponentState(overflow.bytes.clone());
        bot.store().put(overflow.key.as_str(), &state, bot.now()).await?;
    }
    Ok(())
}
