//! What the custom ids of a reply could not hold: it is stored, and the custom id names it.

use aws::ComponentState;
use discord::custom_id::Overflow;
use domain::Fault;

use crate::Bot;

/// Stores what the custom ids of a reply could not hold. Doing it again changes nothing.
pub(crate) async fn keep(bot: &Bot, overflows: &[&Overflow]) -> Result<(), Fault> {
    for overflow in overflows {
        let state = ComponentState(overflow.bytes.clone());
        bot.store().put(overflow.key.as_str(), &state, bot.now()).await?;
    }
    Ok(())
}
