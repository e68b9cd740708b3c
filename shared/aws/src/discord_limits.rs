//! What Discord has said to one environment and concerns all: one item, written when something is wrong.

use aws_sdk_dynamodb::{
    Client, error::SdkError, operation::update_item::builders::UpdateItemFluentBuilder, types::ReturnValue,
};
use domain::Fault;
use jiff::{SignedDuration, Timestamp};

use crate::{
    fault::fault,
    items::{Item, get_number, get_time, number, text},
    keys::{DISCORD_LIMITS, PK},
};

const PLACE: &str = "dynamodb.discord_limits";
/// Longer than anything here holds. Both writers put the same item off by it.
const REMEMBERED: SignedDuration = SignedDuration::from_hours(2);

/// Discord's limits, as all environments have met them.
#[derive(Clone, Debug)]
pub struct DiscordLimits {
    client: Client,
    table: String,
}

/// What is noted there.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Noted {
    /// Nothing is sent before this.
    pub closed_until: Option<Timestamp>,
    /// When ten minutes end, and how many invalid requests were sent in them.
    pub invalid: Option<(Timestamp, u64)>,
}

impl DiscordLimits {
    pub(crate) fn new(client: Client, table: &str) -> Self {
        Self { client, table: table.to_owned() }
    }

    /// What is noted, perhaps a second ago.
    ///
    /// # Errors
    /// [`Fault`] if the table cannot be read.
    pub async fn load(&self) -> Result<Noted, Fault> {
        let get = self.client.get_item().table_name(&self.table).key(PK, text(DISCORD_LIMITS));
        let found = get.send().await.map_err(|error| fault(PLACE, &error))?;
        Ok(found.item.as_ref().map(read).unwrap_or_default())
    }

    /// Notes that nothing is to be sent before this, unless a later time is noted.
    ///
    /// # Errors
    /// [`Fault`] if the table cannot be written.
    pub async fn close(&self, until: Timestamp) -> Result<(), Fault> {
        let update = self
            .update("SET closed_until = :until, expires_at = :expires_at", until)
            .condition_expression("attribute_not_exists(closed_until) OR closed_until < :until")
            .expression_attribute_values(":until", number(until.as_millisecond()));
        send(update).await.map(drop)
    }

    /// Adds so many invalid requests to those of the ten minutes that end then, and says how many there
    /// are. If others are in later ten minutes already, nobody needs to know.
    ///
    /// # Errors
    /// [`Fault`] if the table cannot be written; it may have counted all the same.
    pub async fn count_invalid(&self, ends: Timestamp, count: u64) -> Result<u64, Fault> {
        let count = i64::try_from(count).unwrap_or(i64::MAX);
        let counted = |expression: &str| {
            self.update(expression, ends)
                .expression_attribute_values(":ends", number(ends.as_millisecond()))
                .expression_attribute_values(":count", number(count))
        };
        let more = counted("SET expires_at = :expires_at ADD invalid :count");
        if let Some(sum) = send(more.condition_expression("window_ends = :ends")).await? {
            return Ok(sum);
        }
        let first = counted("SET window_ends = :ends, invalid = :count, expires_at = :expires_at");
        let first = first.condition_expression("attribute_not_exists(window_ends) OR window_ends < :ends");
        if let Some(sum) = send(first).await? {
            return Ok(sum);
        }
        // Another was first to begin these ten minutes, or is beyond them.
        let more = counted("SET expires_at = :expires_at ADD invalid :count");
        Ok(send(more.condition_expression("window_ends = :ends")).await?.unwrap_or_default())
    }

    fn update(&self, expression: &str, end: Timestamp) -> UpdateItemFluentBuilder {
        let expires_at = end.checked_add(REMEMBERED).unwrap_or(Timestamp::MAX);
        self.client
            .update_item()
            .table_name(&self.table)
            .key(PK, text(DISCORD_LIMITS))
            .update_expression(expression)
            .expression_attribute_values(":expires_at", number(expires_at.as_second()))
            .return_values(ReturnValue::AllNew)
    }
}

/// How many are counted then; `None` if the condition did not hold.
async fn send(update: UpdateItemFluentBuilder) -> Result<Option<u64>, Fault> {
    match update.send().await {
        Ok(updated) => {
            let sum = updated.attributes().and_then(|item| get_number(item, "invalid"));
            Ok(Some(sum.unwrap_or_default().unsigned_abs()))
        }
        Err(SdkError::ServiceError(refused)) if refused.err().is_conditional_check_failed_exception() => {
            Ok(None)
        }
        Err(error) => Err(fault(PLACE, &error)),
    }
}

/// Whoever reads it compares the times; the table may keep the item longer.
fn read(item: &Item) -> Noted {
    let ends = get_time(item, "window_ends");
    let sum = get_number(item, "invalid").map(i64::unsigned_abs);
    Noted { closed_until: get_time(item, "closed_until"), invalid: ends.zip(sum) }
}
