//! Rate limits that all environments count together: a number for each bucket, and mostly one update.
//!
//! The number is `tat` of [`domain::gcra`]. Nothing is read before it is written: the table compares and
//! adds in one step, so two who ask at once are both counted.

use aws_sdk_dynamodb::{
    Client,
    error::SdkError,
    operation::update_item::{UpdateItemError, builders::UpdateItemFluentBuilder},
    types::{ReturnValue, ReturnValuesOnConditionCheckFailure},
};
use domain::{
    Fault,
    gcra::{Decision, Gcra},
    rate::Bucket,
};
use jiff::Timestamp;

use crate::{
    fault::fault,
    items::{get_time, number, text},
    keys::{self, PK},
};

const PLACE: &str = "dynamodb.bucket";
/// Two are enough, unless the item expires or another's clock lags between them.
const ATTEMPTS: u32 = 4;

/// The buckets of all limits.
#[derive(Clone, Debug)]
pub struct Buckets {
    client: Client,
    table: String,
}

/// What came of one update.
enum Updated {
    To(Timestamp),
    /// The condition did not hold: this is in the table.
    Refused(Option<Timestamp>),
}

impl Buckets {
    pub(crate) fn new(client: Client, table: &str) -> Self {
        Self { client, table: table.to_owned() }
    }

    /// Asks a bucket. A refusal leaves it as it is.
    ///
    /// # Errors
    /// [`Fault`] if the table cannot be asked; it may have counted all the same.
    pub async fn ask(&self, bucket: Bucket, limit: Gcra, now: Timestamp) -> Result<Decision, Fault> {
        let mut held = match self.begin(bucket, limit, now).await? {
            Updated::To(tat) => return Ok(Decision::Allowed { tat }),
            Updated::Refused(tat) => tat,
        };
        for _ in 1..ATTEMPTS {
            if let wait @ Decision::Wait { .. } = limit.decide(held, now) {
                return Ok(wait);
            }
            let updated = match held {
                Some(tat) if tat > now => self.go_on(bucket, limit, now).await?,
                _ => self.begin(bucket, limit, now).await?,
            };
            match updated {
                Updated::To(tat) => return Ok(Decision::Allowed { tat }),
                Updated::Refused(tat) => held = tat,
            }
        }
        Err(Fault::new(PLACE, "contended"))
    }

    /// The usual case: whoever asked last did so a while ago, or nobody has.
    async fn begin(&self, bucket: Bucket, limit: Gcra, now: Timestamp) -> Result<Updated, Fault> {
        let update = self
            .update(bucket, limit, now)
            .update_expression("SET tat = :next, expires_at = :expires_at")
            .condition_expression("attribute_not_exists(tat) OR tat <= :now")
            .expression_attribute_values(":next", number(now.as_millisecond() + limit.period_ms()));
        send(update).await
    }

    /// Within the burst.
    async fn go_on(&self, bucket: Bucket, limit: Gcra, now: Timestamp) -> Result<Updated, Fault> {
        let update = self
            .update(bucket, limit, now)
            .update_expression("SET tat = tat + :period, expires_at = :expires_at")
            .condition_expression("tat BETWEEN :now AND :most")
            .expression_attribute_values(":period", number(limit.period_ms()))
            .expression_attribute_values(":most", number(now.as_millisecond() + limit.ahead_ms()));
        send(update).await
    }

    fn update(&self, bucket: Bucket, limit: Gcra, now: Timestamp) -> UpdateItemFluentBuilder {
        // No bucket is fuller than this; one that is empty is not missed.
        let full = now.as_millisecond() + limit.ahead_ms() + limit.period_ms();
        self.client
            .update_item()
            .table_name(&self.table)
            .key(PK, text(keys::bucket(bucket)))
            .expression_attribute_values(":now", number(now.as_millisecond()))
            .expression_attribute_values(":expires_at", number(full / 1_000 + 1))
            .return_values(ReturnValue::UpdatedNew)
            .return_values_on_condition_check_failure(ReturnValuesOnConditionCheckFailure::AllOld)
    }
}

async fn send(update: UpdateItemFluentBuilder) -> Result<Updated, Fault> {
    match update.send().await {
        Ok(updated) => {
            let tat = updated.attributes().and_then(|item| get_time(item, "tat"));
            tat.map(Updated::To).ok_or_else(|| Fault::new(PLACE, "unreadable"))
        }
        Err(SdkError::ServiceError(refused)) if refused.err().is_conditional_check_failed_exception() => {
            let UpdateItemError::ConditionalCheckFailedException(refused) = refused.into_err() else {
                return Err(Fault::new(PLACE, "unreadable"));
            };
            Ok(Updated::Refused(refused.item().and_then(|item| get_time(item, "tat"))))
        }
        Err(error) => Err(fault(PLACE, &error)),
    }
}
