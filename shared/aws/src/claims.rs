//! Idempotency: who has a piece of work in hand, and whether it has been done.

use aws_sdk_dynamodb::{
    Client, error::SdkError, operation::put_item::PutItemError, types::ReturnValuesOnConditionCheckFailure,
};
use domain::{
    Fault, InteractionId,
    mutant::{self, Mutant},
};
use jiff::{SignedDuration, Timestamp};

use crate::{
    fault::fault,
    items::{Item, get_number, get_text, get_time, number, text},
    keys::{self, EXPIRES_AT, PK},
};

/// How long a claim is remembered. The queue may keep a job for longer; a reply that comes so late
/// is settled as expired, and an effect is keyed by the interaction itself.
const REMEMBERED: SignedDuration = SignedDuration::from_hours(24);
const IN_PROGRESS: &str = "INPROGRESS";
const COMPLETED: &str = "COMPLETED";

/// The claims of one function.
#[derive(Clone, Debug)]
pub struct Claims {
    client: Client,
    table: String,
}

/// What came of asking for a piece of work.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Claim {
    /// It is ours until the lease ends.
    Mine,
    /// Somebody has done it.
    Done,
    /// Somebody is at it, and will be taken over after this time.
    Busy(Timestamp),
}

impl Claims {
    pub(crate) fn new(client: Client, table: &str) -> Self {
        Self { client, table: table.to_owned() }
    }

    /// Asks for the work of an interaction, until `lease_until`. `holder` is a number that no other
    /// asker has.
    ///
    /// # Errors
    /// [`Fault`] if the table cannot be asked.
    pub async fn claim(
        &self,
        consumer: &str,
        interaction: InteractionId,
        holder: u64,
        now: Timestamp,
        lease_until: Timestamp,
    ) -> Result<Claim, Fault> {
        if mutant::is(Mutant::NoClaim) {
            return Ok(Claim::Mine);
        }
        let put = self
            .client
            .put_item()
            .table_name(&self.table)
            .set_item(Some(item(consumer, interaction, IN_PROGRESS, holder, now, lease_until)))
            .condition_expression(
                "attribute_not_exists(pk) OR expires_at < :now OR (#status = :in_progress AND lease_until <= :now_ms)",
            )
            .expression_attribute_names("#status", "status")
            .expression_attribute_values(":now", number(now.as_second()))
            .expression_attribute_values(":now_ms", number(now.as_millisecond()))
            .expression_attribute_values(":in_progress", text(IN_PROGRESS))
            .return_values_on_condition_check_failure(ReturnValuesOnConditionCheckFailure::AllOld);
        match put.send().await {
            Ok(_) => Ok(Claim::Mine),
            Err(error) => held(&error, holder).ok_or_else(|| fault("dynamodb.claim", &error)),
        }
    }

    /// Notes that the work is done: whoever asks from now on is told so.
    ///
    /// # Errors
    /// [`Fault`] if the table cannot be reached.
    pub async fn complete(
        &self,
        consumer: &str,
        interaction: InteractionId,
        now: Timestamp,
    ) -> Result<(), Fault> {
        let put = self.client.put_item().table_name(&self.table);
        let put = put.set_item(Some(item(consumer, interaction, COMPLETED, 0, now, now)));
        put.send().await.map(drop).map_err(|error| fault("dynamodb.complete", &error))
    }

    /// How the work of an interaction stands: done, in somebody's hands, or (`None`) in nobody's.
    ///
    /// # Errors
    /// [`Fault`] if the table cannot be asked.
    pub async fn look(
        &self,
        consumer: &str,
        interaction: InteractionId,
        now: Timestamp,
    ) -> Result<Option<Claim>, Fault> {
        let get =
            self.client.get_item().table_name(&self.table).key(PK, text(keys::claim(consumer, interaction)));
        let found = get.consistent_read(true).send().await;
        let found = found.map_err(|error| fault("dynamodb.look", &error))?;
        Ok(found.item.and_then(|item| standing(&item, now)))
    }

    /// Gives the work back, so that the next receive can have it at once.
    ///
    /// # Errors
    /// [`Fault`] if the table cannot be reached; the lease then runs out by itself.
    pub async fn abandon(
        &self,
        consumer: &str,
        interaction: InteractionId,
        holder: u64,
    ) -> Result<(), Fault> {
        let delete = self
            .client
            .delete_item()
            .table_name(&self.table)
            .key(PK, text(keys::claim(consumer, interaction)))
            // Only our own: another may have taken over after our lease.
            .condition_expression("holder = :ours AND #status = :in_progress")
            .expression_attribute_names("#status", "status")
            .expression_attribute_values(":ours", text(holder.to_string()))
            .expression_attribute_values(":in_progress", text(IN_PROGRESS));
        match delete.send().await {
            Ok(_) => Ok(()),
            Err(SdkError::ServiceError(refused)) if refused.err().is_conditional_check_failed_exception() => {
                Ok(())
            }
            Err(error) => Err(fault("dynamodb.abandon", &error)),
        }
    }
}

fn item(
    consumer: &str,
    interaction: InteractionId,
    status: &str,
    holder: u64,
    now: Timestamp,
    lease_until: Timestamp,
) -> Item {
    let expires_at = now.checked_add(REMEMBERED).unwrap_or(Timestamp::MAX);
    Item::from([
        (PK.to_owned(), text(keys::claim(consumer, interaction))),
        ("status".to_owned(), text(status)),
        ("holder".to_owned(), text(holder.to_string())),
        ("lease_until".to_owned(), number(lease_until.as_millisecond())),
        (EXPIRES_AT.to_owned(), number(expires_at.as_second())),
    ])
}

fn standing(item: &Item, now: Timestamp) -> Option<Claim> {
    if get_number(item, EXPIRES_AT)? < now.as_second() {
        return None;
    }
    match get_text(item, "status")? {
        COMPLETED => Some(Claim::Done),
        _ => get_time(item, "lease_until").filter(|until| *until > now).map(Claim::Busy),
    }
}

/// How it is held, if the condition refused us.
fn held<R>(error: &SdkError<PutItemError, R>, ours: u64) -> Option<Claim> {
    let PutItemError::ConditionalCheckFailedException(refused) = error.as_service_error()? else {
        return None;
    };
    let item = refused.item()?;
    match get_text(item, "status")? {
        COMPLETED => Some(Claim::Done),
        // The SDK repeats a put whose answer was lost, and then meets its own claim.
        _ if get_text(item, "holder")?.parse() == Ok(ours) => Some(Claim::Mine),
        _ => Some(Claim::Busy(get_time(item, "lease_until")?)),
    }
}
