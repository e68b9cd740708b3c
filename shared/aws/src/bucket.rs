//! The shared rate limits: one number per bucket, and usually one update.
//!
//! The number is the `tat` of [`domain::gcra`]. It is written without a read before: the table compares and
//! adds in one step, so concurrent requests are all counted.
//!
//! A bucket that everybody asks at once is throttled. Then it is busy, which is an answer: to a raid that is large
//! enough it must not look like a table that is down.

use domain::{
    Fault,
    gcra::{Decision, Gcra},
    rate::{Bucket, BucketOwner, Class, InteractionKind, Unshared},
};
use jiff::Timestamp;

use crate::{
    fault::is_throttled,
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

/// The table's decision about a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SharedDecision {
    /// As [`Gcra::decide`].
    Decided(Decision),
    /// The bucket gets more requests than the table takes.
    Throttled,
}

enum Updated {
    To(Timestamp),
    /// The condition failed; this is the stored `tat`.
    Refused(Option<Timestamp>),
}

impl Store<Buckets> {
    /// Decides about a request, and counts all that the environment has not shared yet with it. A refusal does not
    /// change the bucket.
    ///
    /// # Errors
    /// [`Fault`] if the table is unavailable; the request may have been counted all the same.
    pub async fn decide(
        &self,
        bucket: Bucket,
        limit: Gcra,
        unshared: Unshared,
        now: Timestamp,
    ) -> Result<SharedDecision, Fault> {
        match self.count(bucket, limit, unshared, now).await {
            Ok(decision) => Ok(SharedDecision::Decided(decision)),
            Err(fault) if is_throttled(&fault) => Ok(SharedDecision::Throttled),
            Err(fault) => Err(fault),
        }
    }

    async fn count(
        &self,
        bucket: Bucket,
        limit: Gcra,
        Unshared { requests, mut is_in_use }: Unshared,
        now: Timestamp,
    ) -> Result<Decision, Fault> {
        let more_ms = limit.period_ms().saturating_mul(requests.into());
        for _ in 0..MAX_WRITE_ATTEMPTS {
            let updated = match is_in_use {
                true => self.go_on(bucket, limit, more_ms, now).await?,
                false => self.begin(bucket, limit, more_ms, now).await?,
            };
            let held = match updated {
                Updated::To(tat) => return Ok(Decision::Allowed { tat }),
                Updated::Refused(held) => held,
            };
            if let wait @ Decision::Wait { .. } = limit.decide(held, now) {
                return Ok(wait);
            }
            is_in_use = held.is_some_and(|tat| tat > now);
        }
        Err(Fault::new(Buckets::COMPONENT, "contended"))
    }

    /// The usual case: the bucket is empty.
    async fn begin(
        &self,
        bucket: Bucket,
        limit: Gcra,
        more_ms: i64,
        now: Timestamp,
    ) -> Result<Updated, Fault> {
        let empty = Condition::new("attribute_not_exists(tat) OR tat <= :now")
            .value(":next", number(now.as_millisecond() + more_ms));
        self.update(bucket, limit, more_ms, now, "SET tat = :next, expires_at = :expires_at, v = :v", empty)
            .await
    }

    /// The bucket is not empty, but has room within the burst.
    async fn go_on(
        &self,
        bucket: Bucket,
        limit: Gcra,
        more_ms: i64,
        now: Timestamp,
    ) -> Result<Updated, Fault> {
        let has_room = Condition::new("tat BETWEEN :now AND :most")
            .value(":more", number(more_ms))
            .value(":most", number(now.as_millisecond() + limit.ahead_ms()));
        let more = "SET tat = tat + :more, expires_at = :expires_at, v = :v";
        self.update(bucket, limit, more_ms, now, more, has_room).await
    }

    async fn update(
        &self,
        bucket: Bucket,
        limit: Gcra,
        more_ms: i64,
        now: Timestamp,
        expression: &str,
        condition: Condition,
    ) -> Result<Updated, Fault> {
        // When the fullest possible bucket is empty again. An empty bucket needs no item.
        let full = now.as_millisecond() + limit.ahead_ms() + more_ms;
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
