//! The rate limits of one environment, in memory: a flood is stopped here, before it costs a table request.
//!
//! Built on [`domain::gcra`] instead of `governor`, because it takes over the table's counts, uses the
//! bot's clock, and has bounded memory.

use std::collections::HashMap;

use domain::{
    gcra::{Decision, Gcra},
    rate::Bucket,
};
use jiff::Timestamp;
use parking_lot::Mutex;

/// The maximum number of buckets in memory, about half a megabyte.
const MAX_BUCKETS: usize = 8_192;

/// The theoretical arrival time (`tat`) of every bucket that is not empty.
#[derive(Debug, Default)]
pub(crate) struct Limiter {
    tats: Mutex<HashMap<Bucket, Timestamp>>,
}

impl Limiter {
    /// Decides about a request, as [`Gcra::decide`].
    pub(crate) fn decide(&self, bucket: Bucket, limit: Gcra, now: Timestamp) -> Decision {
        let mut tats = self.tats.lock();
        let decision = limit.decide(tats.get(&bucket).copied(), now);
        if let Decision::Allowed { tat } = decision {
            make_room(&mut tats, now);
            tats.insert(bucket, tat);
        }
        decision
    }

    /// Takes over the decision of the table, which counts for all environments.
    pub(crate) fn learn(&self, bucket: Bucket, limit: Gcra, decision: Decision) {
        let tat = match decision {
            Decision::Allowed { tat } => tat,
            Decision::Wait { until } => limit.full_until(until),
        };
        self.tats.lock().insert(bucket, tat);
    }
}

/// Removes empty buckets, and all of them if more than half remain: limits that matter are in the table
/// too.
fn make_room(tats: &mut HashMap<Bucket, Timestamp>, now: Timestamp) {
    if tats.len() < MAX_BUCKETS {
        return;
    }
    tats.retain(|_, tat| *tat > now);
    if tats.len() > MAX_BUCKETS / 2 {
        tats.clear();
    }
}

#[cfg(test)]
mod tests {
    use domain::{
        UserId,
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
        limiter.learn(bucket(1), LIMIT, Decision::Wait { until });
        assert_eq!(limiter.decide(bucket(1), LIMIT, now()), Decision::Wait { until });
        assert!(lets_in(&limiter, 1, until));
        assert!(!lets_in(&limiter, 1, until));
    }

    #[test]
    fn memory_is_bounded_however_many_ask() {
        let limiter = Limiter::default();
        for user in 0..3 * MAX_BUCKETS {
            assert!(lets_in(&limiter, user, now()));
            assert!(limiter.tats.lock().len() <= MAX_BUCKETS);
        }
    }

    #[test]
    fn who_floods_is_not_forgotten_when_the_others_have_gone() {
        let limiter = Limiter::default();
        let until = now() + SignedDuration::from_secs(60);
        limiter.learn(bucket(MAX_BUCKETS), LIMIT, Decision::Wait { until });
        for user in 0..MAX_BUCKETS {
            lets_in(&limiter, user, now());
        }
        limiter.learn(bucket(MAX_BUCKETS), LIMIT, Decision::Wait { until });
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
        limiter.learn(bucket(flooding), LIMIT, Decision::Wait { until });
        limiter
    }

    #[test]
    fn a_bucket_that_is_empty_at_this_moment_takes_no_room() {
        let limiter = crowded(MAX_BUCKETS, MAX_BUCKETS - 1);
        let empty_at = now() + SignedDuration::from_secs(1);
        assert!(lets_in(&limiter, MAX_BUCKETS + 1, empty_at));
        assert!(!lets_in(&limiter, MAX_BUCKETS, empty_at), "the flood is not forgotten");
        assert_eq!(limiter.tats.lock().len(), 2);
    }

    #[test]
    fn while_there_is_room_nothing_is_forgotten() {
        let limiter = crowded(MAX_BUCKETS, MAX_BUCKETS / 4 * 3);
        assert!(lets_in(&limiter, MAX_BUCKETS + 1, now()));
        assert!(!lets_in(&limiter, MAX_BUCKETS, now()));
        assert_eq!(limiter.tats.lock().len(), MAX_BUCKETS / 4 * 3 + 2);
    }

    #[test]
    fn half_of_the_buckets_are_kept_and_more_are_dropped() {
        let later = now() + SignedDuration::from_secs(3);
        for (in_use, is_kept) in [(MAX_BUCKETS / 2, true), (MAX_BUCKETS / 2 + 1, false)] {
            let limiter = crowded(0, MAX_BUCKETS);
            let until = later + SignedDuration::from_secs(60);
            for user in 0..in_use {
                limiter.learn(bucket(user), LIMIT, Decision::Wait { until });
            }
            assert!(lets_in(&limiter, MAX_BUCKETS, later));
            assert_eq!(!lets_in(&limiter, 0, later), is_kept, "{in_use}");
        }
    }
}
