//! The shared rate limits: one number per bucket, and usually one update.
//!
//! The number is the `tat` of [`domain::gcra`]. It is written without a read before: the table compares and
//! adds in one step, so concurrent requests are all counted.

use domain::{
    Fault,
    gcra::{Decision, Gcra},
    rate::{Bucket, BucketOwner, Class, InteractionKind},
};
use jiff::Timestamp;

use crate::{
    items::{get_time, number},
    kinds::Personal,
    stored::{Condition, Kind, Store, Written, written_by_hand},
};

/// The maximum number of updates for one request. Two are enough, unless the item expires or another clock
/// lags in between.
const MAX_WRITE_ATTEMPTS: u32 = 4;

/// The buckets of all limits.
#[derive(Debug)]
pub enum Buckets {}

written_by_hand! {
    Buckets: reader |item| get_time(item, "tat").is_some();
    "bucket" version 1 in Ephemeral;
    key |bucket: str| "RATE#{bucket}";
    personal Personal::Temporary;
    attributes tat;
}

enum Updated {
    To(Timestamp),
    /// The condition failed; this is the stored `tat`.
    Refused(Option<Timestamp>),
}

impl Store<Buckets> {
    /// Decides about a request, as [`Gcra::decide`]. A refusal does not change the bucket.
    ///
    /// # Errors
    /// [`Fault`] if the table is unavailable; the request may have been counted all the same.
    pub async fn decide(&self, bucket: Bucket, limit: Gcra, now: Timestamp) -> Result<Decision, Fault> {
        let mut held = match self.begin(bucket, limit, now).await? {
            Updated::To(tat) => return Ok(Decision::Allowed { tat }),
            Updated::Refused(tat) => tat,
        };
        for _ in 1..MAX_WRITE_ATTEMPTS {
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
        Err(Fault::new(Buckets::COMPONENT, "contended"))
    }

    /// The usual case: the bucket is empty.
    async fn begin(&self, bucket: Bucket, limit: Gcra, now: Timestamp) -> Result<Updated, Fault> {
        let empty = Condition::new("attribute_not_exists(tat) OR tat <= :now")
            .value(":next", number(now.as_millisecond() + limit.period_ms()));
        self.update(bucket, limit, now, "SET tat = :next, expires_at = :expires_at, v = :v", empty).await
    }

    /// The bucket is not empty, but has room within the burst.
    async fn go_on(&self, bucket: Bucket, limit: Gcra, now: Timestamp) -> Result<Updated, Fault> {
        let has_room = Condition::new("tat BETWEEN :now AND :most")
            .value(":period", number(limit.period_ms()))
            .value(":most", number(now.as_millisecond() + limit.ahead_ms()));
        let more = "SET tat = tat + :period, expires_at = :expires_at, v = :v";
        self.update(bucket, limit, now, more, has_room).await
    }

    async fn update(
        &self,
        bucket: Bucket,
        limit: Gcra,
        now: Timestamp,
        expression: &str,
        condition: Condition,
    ) -> Result<Updated, Fault> {
        // When the fullest possible bucket is empty again. An empty bucket needs no item.
        let full = now.as_millisecond() + limit.ahead_ms() + limit.period_ms();
        let condition = condition
            .value(":now", number(now.as_millisecond()))
            .value(":expires_at", number(full / 1_000 + 1));
        match self.access().update(Buckets::key(&name(bucket)), expression, condition).await? {
            Written::Done(item) => {
                get_time(&item, "tat").map(Updated::To).ok_or_else(|| self.access().unreadable())
            }
            Written::Refused(item) => {
                Ok(Updated::Refused(item.as_ref().and_then(|item| get_time(item, "tat"))))
            }
        }
    }
}

fn name(bucket: Bucket) -> String {
    let class = match bucket.class {
        Class::Free => "free",
        Class::Normal => "normal",
        Class::Heavy => "heavy",
        Class::Bulk => "bulk",
    };
    let kind = match bucket.kind {
        InteractionKind::Command => "command",
        InteractionKind::Component => "component",
        InteractionKind::Autocomplete => "typing",
    };
    match bucket.owner {
        BucketOwner::User(user) => format!("USER#{user}#{class}#{kind}"),
        BucketOwner::Guild(guild) => format!("GUILD#{guild}#{class}#{kind}"),
    }
}
