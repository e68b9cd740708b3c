//! The rate limits of one environment, in memory: a flood is stopped here, before it costs a table request.
//!
//! Built on [`domain::gcra`] instead of `governor`, because it takes over the table's counts, uses the
//! bot's clock, and has bounded memory.

use std::{collections::HashMap, time::Duration};

use aws::SharedDecision;
use domain::{
    InteractionId, deadline,
    gcra::{Decision, Gcra},
    rate::{self, Bucket, Unshared},
};
use jiff::Timestamp;
use parking_lot::Mutex;

/// The maximum number of buckets in memory, about half a megabyte.
const MAX_BUCKETS: usize = 8_192;

/// How long a bucket that the table has refused is refused here without asking again: at least this, and with
/// jitter up to three times as long. In a raid all environments ask the table for the same bucket, which can be
/// written 1,000 times a second.
const MIN_REFUSED_DURATION: Duration = Duration::from_millis(500);

/// The counts of every bucket that is not empty.
#[derive(Debug, Default)]
pub(crate) struct Limiter {
    counts: Mutex<HashMap<Bucket, Count>>,
}

#[derive(Clone, Copy, Debug)]
struct Count {
    /// The theoretical arrival time, as far as is known here.
    tat: Timestamp,
    /// That of [`rate::unshared_limit`]; `None` if the table knows of all requests.
    unshared: Option<Timestamp>,
    /// Whether it is full because the table has throttled it.
    is_throttled: bool,
}

/// What memory says about a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Counted {
    /// Refused until then.
    Refused(Timestamp),
    /// Let in.
    Alone,
    /// The table decides.
    Shared(Unshared),
}

impl Limiter {
    /// Decides about a request without counting it.
    pub(crate) fn look(&self, bucket: Bucket, limit: Gcra, now: Timestamp) -> Decision {
        limit.decide(self.counts.lock().get(&bucket).map(|count| count.tat), now)
    }

    /// Decides about a request in memory alone.
    pub(crate) fn decide(&self, bucket: Bucket, limit: Gcra, now: Timestamp) -> Decision {
        let decision = self.look(bucket, limit, now);
        if let Decision::Allowed { tat } = decision {
            self.put(bucket, Count { tat, unshared: None, is_throttled: false }, now);
        }
        decision
    }

    /// Whether the bucket is full only because the table has throttled it: nobody has asked too often.
    pub(crate) fn is_throttled(&self, bucket: Bucket) -> bool {
        self.counts.lock().get(&bucket).is_some_and(|count| count.is_throttled)
    }

    /// Counts a request to a bucket of all environments, and decides about it if the table need not be asked.
    pub(crate) fn count(&self, bucket: Bucket, limit: Gcra, now: Timestamp) -> Counted {
        let known = self.counts.lock().get(&bucket).copied();
        let tat = match limit.decide(known.map(|known| known.tat), now) {
            Decision::Wait { until } => return Counted::Refused(until),
            Decision::Allowed { tat } => tat,
        };
        let unshared = known.and_then(|known| known.unshared);
        let alone = rate::unshared_limit(bucket, limit);
        let is_near = known.is_some_and(|known| rate::is_near_limit(limit, known.tat, now));
        if let Some(alone) = alone
            && !is_near
            && let Decision::Allowed { tat: unshared } = alone.decide(unshared, now)
        {
            self.put(bucket, Count { tat, unshared: Some(unshared), is_throttled: false }, now);
            return Counted::Alone;
        }
        let before = alone.zip(unshared).map_or(0, |(alone, unshared)| alone.level(unshared, now));
        let is_in_use = known.is_some_and(|known| limit.level(known.tat, now) > before);
        // Not shared before the table has answered.
        self.put(bucket, Count { tat, unshared, is_throttled: false }, now);
        Counted::Shared(Unshared { requests: before.saturating_add(1), is_in_use })
    }

    /// Takes over the decision of the table, which counts for all environments. What it has refused stays refused
    /// here for a second, with jitter by `chance` in 0..1, and so does a bucket that is throttled.
    pub(crate) fn learn(
        &self,
        bucket: Bucket,
        limit: Gcra,
        decision: SharedDecision,
        now: Timestamp,
        chance: f64,
    ) -> Decision {
        let is_throttled = decision == SharedDecision::Throttled;
        let wait = MIN_REFUSED_DURATION + MIN_REFUSED_DURATION.mul_f64(2.0 * chance);
        let refused_until = deadline::later(now, wait);
        let decision = match decision {
            SharedDecision::Throttled => Decision::Wait { until: refused_until },
            SharedDecision::Decided(Decision::Wait { until }) => {
                Decision::Wait { until: until.max(refused_until) }
            }
            SharedDecision::Decided(allowed) => allowed,
        };
        let tat = match decision {
            Decision::Allowed { tat } => tat,
            Decision::Wait { until } => limit.full_until(until),
        };
        self.put(bucket, Count { tat, unshared: None, is_throttled }, now);
        decision
    }

    fn put(&self, bucket: Bucket, count: Count, now: Timestamp) {
        let mut counts = self.counts.lock();
        if !counts.contains_key(&bucket) {
            make_room(&mut counts, now);
        }
        counts.insert(bucket, count);
    }
}

/// Removes empty buckets, and all of them if more than half remain: limits that matter are in the table
/// too.
fn make_room(counts: &mut HashMap<Bucket, Count>, now: Timestamp) {
    if counts.len() < MAX_BUCKETS {
        return;
    }
    counts.retain(|_, count| count.tat > now);
    if counts.len() > MAX_BUCKETS / 2 {
        counts.clear();
    }
}

/// DynamoDB throttles the bucket of a limit, which then counts as reached.
pub(crate) fn log_throttled(interaction: InteractionId) {
    tracing::warn!(target: "steward", %interaction, "a rate limit is throttled");
}

#[cfg(test)]
mod tests {
    use domain::{
        GuildId, UserId,
        rate::{BucketOwner, Class, InteractionKind},
    };
    use jiff::SignedDuration;

    use super::*;

    const LIMIT: Gcra = Gcra::new(2, 1_000);

    fn bucket(user: usize) -> Bucket {
        let user = UserId::new(user as u64 + 1).unwrap();
        Bucket { owner: BucketOwner::User(user), class: Class::Normal, kind: InteractionKind::Command }
    }

    fn now() -> Timestamp {
        Timestamp::from_second(1_800_000_000).unwrap()
    }

    fn lets_in(limiter: &Limiter, user: usize, now: Timestamp) -> bool {
        matches!(limiter.decide(bucket(user), LIMIT, now), Decision::Allowed { .. })
    }

    /// The table has refused this user's request until then.
    fn refused(limiter: &Limiter, user: usize, until: Timestamp) {
        let decision = SharedDecision::Decided(Decision::Wait { until });
        limiter.learn(bucket(user), LIMIT, decision, now(), 0.0);
    }

    #[test]
    fn each_bucket_is_counted_for_itself() {
        let limiter = Limiter::default();
        assert_eq!([1, 1, 1, 2].map(|user| lets_in(&limiter, user, now())), [true, true, false, true]);
        assert!(lets_in(&limiter, 1, now() + SignedDuration::from_secs(1)));
    }

    #[test]
    fn what_the_table_has_refused_is_refused_here_until_its_time() {
        let limiter = Limiter::default();
        let until = now() + SignedDuration::from_secs(5);
        refused(&limiter, 1, until);
        assert_eq!(limiter.decide(bucket(1), LIMIT, now()), Decision::Wait { until });
        assert!(lets_in(&limiter, 1, until));
        assert!(!lets_in(&limiter, 1, until));
    }

    #[test]
    fn what_the_table_has_refused_or_throttled_is_refused_here_for_a_second_with_jitter() {
        let until = now() + SignedDuration::from_millis(50);
        for shared in [SharedDecision::Decided(Decision::Wait { until }), SharedDecision::Throttled] {
            for (chance, ms) in [(0.0, 500), (0.5, 1_000), (1.0, 1_500)] {
                let limiter = Limiter::default();
                let until = now() + SignedDuration::from_millis(ms);
                let decision = limiter.learn(bucket(1), LIMIT, shared, now(), chance);
                assert_eq!(decision, Decision::Wait { until });
                let before = until - SignedDuration::from_millis(1);
                assert_eq!(limiter.look(bucket(1), LIMIT, before), Decision::Wait { until });
                assert!(lets_in(&limiter, 1, until), "as it was told");
            }
        }
    }

    const GUILD_LIMIT: Gcra = Gcra::new(200, 50);

    fn guild() -> Bucket {
        Bucket { owner: BucketOwner::Guild(GuildId::new(1).unwrap()), ..bucket(1) }
    }

    fn shared(requests: u32, is_in_use: bool) -> Counted {
        Counted::Shared(Unshared { requests, is_in_use })
    }

    #[test]
    fn every_request_of_a_user_is_shared() {
        let limiter = Limiter::default();
        let count = |ms| limiter.count(bucket(1), LIMIT, now() + SignedDuration::from_millis(ms));
        assert_eq!([0, 1, 2].map(count)[..2], [shared(1, false), shared(1, true)]);
        assert_eq!(count(2), Counted::Refused(now() + SignedDuration::from_secs(1)));
        assert_eq!(count(2_000), shared(1, false), "the bucket is empty again");
    }

    #[test]
    fn a_guild_is_counted_alone_until_the_fifth_request_which_shares_them_all() {
        let limiter = Limiter::default();
        let count = |ms| limiter.count(guild(), GUILD_LIMIT, now() + SignedDuration::from_millis(ms));
        assert_eq!([0, 1, 2, 3].map(count), [Counted::Alone; 4]);
        assert_eq!([4, 5].map(count), [shared(5, false), shared(5, true)], "until the table has answered");
        let tat = now() + SignedDuration::from_millis(255);
        limiter.learn(guild(), GUILD_LIMIT, SharedDecision::Decided(Decision::Allowed { tat }), now(), 0.0);
        assert_eq!([6, 7, 8, 9].map(count), [Counted::Alone; 4]);
        assert_eq!(count(10), shared(5, true));
    }

    #[test]
    fn a_quiet_guild_is_never_shared() {
        let limiter = Limiter::default();
        for seconds in 0..100 {
            let now = now() + SignedDuration::from_secs(3 * seconds);
            assert_eq!(limiter.count(guild(), GUILD_LIMIT, now), Counted::Alone);
        }
    }

    #[test]
    fn near_the_limit_of_a_guild_every_request_is_shared() {
        let limiter = Limiter::default();
        let tat = now() + SignedDuration::from_secs(1);
        limiter.learn(guild(), GUILD_LIMIT, SharedDecision::Decided(Decision::Allowed { tat }), now(), 0.0);
        let count = |ms| limiter.count(guild(), GUILD_LIMIT, now() + SignedDuration::from_millis(ms));
        assert_eq!([0, 1].map(count), [shared(1, true); 2]);
        assert_eq!(count(1_000), Counted::Alone, "all has drained");
    }

    #[test]
    fn memory_is_bounded_however_many_ask() {
        let limiter = Limiter::default();
        for user in 0..3 * MAX_BUCKETS {
            assert!(lets_in(&limiter, user, now()));
            assert!(limiter.counts.lock().len() <= MAX_BUCKETS);
        }
    }

    #[test]
    fn who_floods_is_not_forgotten_when_the_others_have_gone() {
        let limiter = Limiter::default();
        let until = now() + SignedDuration::from_secs(60);
        refused(&limiter, MAX_BUCKETS, until);
        for user in 0..MAX_BUCKETS {
            lets_in(&limiter, user, now());
        }
        refused(&limiter, MAX_BUCKETS, until);
        let later = now() + SignedDuration::from_secs(3);
        for user in 0..MAX_BUCKETS / 4 {
            lets_in(&limiter, user, later);
        }
        assert!(!lets_in(&limiter, MAX_BUCKETS, later));
    }

    /// A limiter in which this user floods, and `others` others have used up half of what they may.
    fn crowded(flooding: usize, others: usize) -> Limiter {
        let limiter = Limiter::default();
        for user in 0..others {
            assert!(lets_in(&limiter, user, now()));
        }
        let until = now() + SignedDuration::from_secs(60);
        refused(&limiter, flooding, until);
        limiter
    }

    #[test]
    fn a_bucket_that_is_empty_at_this_moment_takes_no_room() {
        let limiter = crowded(MAX_BUCKETS, MAX_BUCKETS - 1);
        let empty_at = now() + SignedDuration::from_secs(1);
        assert!(lets_in(&limiter, MAX_BUCKETS + 1, empty_at));
        assert!(!lets_in(&limiter, MAX_BUCKETS, empty_at), "the flood is not forgotten");
        assert_eq!(limiter.counts.lock().len(), 2);
    }

    #[test]
    fn while_there_is_room_nothing_is_forgotten() {
        let limiter = crowded(MAX_BUCKETS, MAX_BUCKETS / 4 * 3);
        assert!(lets_in(&limiter, MAX_BUCKETS + 1, now()));
        assert!(!lets_in(&limiter, MAX_BUCKETS, now()));
        assert_eq!(limiter.counts.lock().len(), MAX_BUCKETS / 4 * 3 + 2);
    }

    #[test]
    fn half_of_the_buckets_are_kept_and_more_are_dropped() {
        let later = now() + SignedDuration::from_secs(3);
        for (in_use, is_kept) in [(MAX_BUCKETS / 2, true), (MAX_BUCKETS / 2 + 1, false)] {
            let limiter = crowded(0, MAX_BUCKETS);
            let until = later + SignedDuration::from_secs(60);
            for user in 0..in_use {
                refused(&limiter, user, until);
            }
            assert!(lets_in(&limiter, MAX_BUCKETS, later));
            assert_eq!(!lets_in(&limiter, 0, later), is_kept, "{in_use}");
        }
    }
}
