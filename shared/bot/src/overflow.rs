//! What the custom ids of a reply could not hold: it is stored, and the custom id names it.

use discord::custom_id::Overflow;
use domain::Fault;
use jiff::{SignedDuration, Timestamp};

use crate::Bot;

/// A component that is older says that it is too old.
const STORED_FOR: SignedDuration = SignedDuration::from_hours(24);

/// Stores what the custom ids of a reply could not hold. Doing it again changes nothing.
pub(crate) async fn keep(bot: &Bot, overflows: &[&Overflow]) -> Result<(), Fault> {
    let until = bot.now().checked_add(STORED_FOR).unwrap_or(Timestamp::MAX);
    for overflow in overflows {
        bot.kept().keep(&overflow.key, &overflow.bytes, until).await?;
    }
    Ok(())
}
