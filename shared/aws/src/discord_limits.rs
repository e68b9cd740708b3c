//! Discord's rate limits that concern all environments: one item, written only when a limit is hit.

use domain::Fault;
use jiff::{SignedDuration, Timestamp};

use crate::{
    items::{Item, get_number, get_time, number, seconds_after},
    kinds::Personal,
    stored::{Condition, Kind, Store, Written, written_by_hand},
};

/// How long the item is kept after the time that is written; longer than any limit, so that neither of the two
/// writers shortens the life of the other's values.
const LIMITS_RETENTION: SignedDuration = SignedDuration::from_hours(2);

/// The shared rate limits of Discord.
#[derive(Debug)]
pub enum DiscordLimits {}

written_by_hand! {
    DiscordLimits: reader |item| parse(item) != StoredLimits::default();
    "discord_limits" version 1 in Ephemeral;
    key |_: ()| "DISCORD#LIMITS";
    personal Personal::No;
    attributes closed_until, window_ends, invalid;
}

/// The stored limits.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct StoredLimits {
    /// Until when no request may be sent.
    pub closed_until: Option<Timestamp>,
    /// The end of the current ten-minute window, and the number of invalid requests in it.
    pub invalid: Option<(Timestamp, u64)>,
}

impl Store<DiscordLimits> {
    /// The stored limits, by an eventually consistent read.
    ///
    /// # Errors
    /// [`Fault`] if the table cannot be read.
    pub async fn load(&self) -> Result<StoredLimits, Fault> {
        let found = self.access().get(DiscordLimits::key(&()), false).await?;
        Ok(found.as_ref().map(parse).unwrap_or_default())
    }

    /// Stores that no request may be sent before this, unless a later time is stored.
    ///
    /// # Errors
    /// [`Fault`] if the table cannot be written.
    pub async fn close(&self, until: Timestamp) -> Result<(), Fault> {
        let earlier = Condition::new("attribute_not_exists(closed_until) OR closed_until < :until")
            .value(":until", number(until.as_millisecond()));
        let set = "SET closed_until = :until, expires_at = :expires_at, v = :v";
        self.update(set, until, earlier).await.map(drop)
    }

    /// Adds invalid requests to the window that ends then, and returns the sum. If other environments are
    /// in a later window already, the count is dropped.
    ///
    /// # Errors
    /// [`Fault`] if the table is unavailable; they may have been counted all the same.
    pub async fn count_invalid(&self, ends: Timestamp, count: u64) -> Result<u64, Fault> {
        if let Some(sum) = self.count_more(ends, count).await? {
            return Ok(sum);
        }
        let first = "SET window_ends = :ends, invalid = :count, expires_at = :expires_at, v = :v";
        let is_first = Condition::new("attribute_not_exists(window_ends) OR window_ends < :ends");
        if let Some(sum) = self.update(first, ends, counted(is_first, ends, count)).await? {
            return Ok(sum);
        }
        // Another environment has started this window first, or is in a later one.
        Ok(self.count_more(ends, count).await?.unwrap_or_default())
    }

    async fn count_more(&self, ends: Timestamp, count: u64) -> Result<Option<u64>, Fault> {
        let more = "SET expires_at = :expires_at, v = :v ADD invalid :count";
        self.update(more, ends, counted(Condition::new("window_ends = :ends"), ends, count)).await
    }

    /// The sum after the update; `None` if the condition failed.
    async fn update(
        &self,
        expression: &str,
        end: Timestamp,
        condition: Condition,
    ) -> Result<Option<u64>, Fault> {
        let condition = condition.value(":expires_at", seconds_after(end, LIMITS_RETENTION));
        match self.access().update(DiscordLimits::key(&()), expression, condition).await? {
            Written::Done(item) => Ok(Some(get_number(&item, "invalid").unwrap_or_default().unsigned_abs())),
            Written::Refused(_) => Ok(None),
        }
    }
}

fn counted(condition: Condition, ends: Timestamp, count: u64) -> Condition {
    let count = i64::try_from(count).unwrap_or(i64::MAX);
    condition.value(":ends", number(ends.as_millisecond())).value(":count", number(count))
}

/// The caller compares the times, because the table may delete the item later.
fn parse(item: &Item) -> StoredLimits {
    let ends = get_time(item, "window_ends");
    let sum = get_number(item, "invalid").map(i64::unsigned_abs);
    StoredLimits { closed_until: get_time(item, "closed_until"), invalid: ends.zip(sum) }
}
