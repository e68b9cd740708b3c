//! Discord's rate-limit buckets, as its responses describe them.

use std::{
    collections::HashMap,
    hash::{DefaultHasher, Hash, Hasher},
};

use domain::{InteractionToken, deadline};
use jiff::{SignedDuration, Timestamp};

use super::answer::Level;

/// The maximum number of buckets in memory, some hundred kilobytes. Most are only needed as long as one
/// interaction.
const MAX_BUCKETS: usize = 4_096;
/// Two responses whose resets are closer together than this describe the same window.
const SAME_WINDOW_TOLERANCE: SignedDuration = SignedDuration::from_millis(500);

/// The routes in use.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Route {
    ReadReply,
    EditReply,
    DeleteReply,
    FollowUp,
}

/// What a request is counted under: the route and the webhook.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) struct Key {
    pub(super) route: Route,
    /// A hash of the token, which is a secret.
    webhook: u64,
}

impl Key {
    pub(super) fn new(route: Route, token: &InteractionToken) -> Self {
        Self { route, webhook: hash(token.expose()) }
    }
}

/// All buckets that have not been reset since.
#[derive(Debug, Default)]
pub(super) struct Buckets {
    /// The bucket of each route. Routes may share one.
    ids: HashMap<Route, u64>,
    levels: HashMap<(u64, u64), Left>,
}

/// The remaining requests of a bucket until its reset.
#[derive(Clone, Copy, Debug)]
struct Left {
    remaining: u32,
    full_at: Timestamp,
}

impl Buckets {
    /// Takes one request from the bucket. The error is the time of the reset.
    pub(super) fn take(&mut self, key: Key, now: Timestamp) -> Result<(), Timestamp> {
        let bucket = self.bucket(key);
        match self.levels.get_mut(&bucket).filter(|left| left.full_at > now) {
            Some(Left { remaining: 0, full_at }) => Err(*full_at),
            Some(left) => {
                left.remaining -= 1;
                Ok(())
            }
            // Unknown until the first response.
            None => Ok(()),
        }
    }

    /// Takes over the state from a response. Responses arrive in any order, so within one window the lowest
    /// count is kept.
    pub(super) fn learn(&mut self, key: Key, level: &Level, now: Timestamp) {
        self.ids.insert(key.route, hash(&level.id));
        let bucket = self.bucket(key);
        let full_at = deadline::later(now, level.full_in);
        let known = self.levels.get(&bucket);
        let same = known.filter(|known| {
            known.full_at > now && full_at.duration_since(known.full_at) < SAME_WINDOW_TOLERANCE
        });
        let remaining = same.map_or(level.remaining, |known| known.remaining.min(level.remaining));
        self.put(bucket, Left { remaining, full_at }, now);
    }

    /// Blocks a bucket until this time.
    pub(super) fn close(&mut self, key: Key, until: Timestamp, now: Timestamp) {
        self.put(self.bucket(key), Left { remaining: 0, full_at: until }, now);
    }

    fn put(&mut self, bucket: (u64, u64), left: Left, now: Timestamp) {
        if self.levels.len() >= MAX_BUCKETS {
            self.levels.retain(|_, left| left.full_at > now);
        }
        if self.levels.len() >= MAX_BUCKETS {
            // At worst Discord answers 429 once more.
            self.levels.clear();
        }
        self.levels.insert(bucket, left);
    }

    fn bucket(&self, key: Key) -> (u64, u64) {
        // A route without a response yet gets a bucket of its own.
        let id = self.ids.get(&key.route).copied().unwrap_or_else(|| hash(key.route));
        (id, key.webhook)
    }
}

fn hash(what: impl Hash) -> u64 {
    let mut hasher = DefaultHasher::new();
    what.hash(&mut hasher);
    hasher.finish()
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;
    use proptest::prelude::*;

    fn key(route: Route, webhook: usize) -> Key {
        Key::new(route, &InteractionToken::new(webhook.to_string()))
    }

    fn at(ms: i64) -> Timestamp {
        Timestamp::from_millisecond(ms).unwrap()
    }

    fn level(remaining: u32, full_in_ms: u64) -> Level {
        Level { id: "abc".to_owned(), remaining, full_in: Duration::from_millis(full_in_ms) }
    }

    #[test]
    fn a_bucket_that_is_known_to_be_empty_is_not_asked_until_it_is_full() {
        let mut buckets = Buckets::default();
        let edit = key(Route::EditReply, 1);
        assert_eq!(buckets.take(edit, at(0)), Ok(()));
        buckets.learn(edit, &level(1, 2_000), at(0));
        assert_eq!(buckets.take(edit, at(1)), Ok(()));
        assert_eq!(buckets.take(edit, at(1_999)), Err(at(2_000)));
        assert_eq!(buckets.take(edit, at(2_000)), Ok(()));
    }

    #[test]
    fn routes_of_one_bucket_share_it_and_webhooks_do_not() {
        let mut buckets = Buckets::default();
        for route in [Route::EditReply, Route::FollowUp] {
            buckets.learn(key(route, 1), &level(0, 2_000), at(0));
        }
        // A response for another webhook has shown that deletions share the bucket.
        buckets.learn(key(Route::DeleteReply, 2), &level(4, 2_000), at(0));
        assert_eq!(buckets.take(key(Route::DeleteReply, 1), at(1)), Err(at(2_000)));
        assert_eq!(buckets.take(key(Route::EditReply, 2), at(1)), Ok(()));
    }

    #[test]
    fn of_answers_that_cross_the_lowest_counts_and_a_new_window_begins_anew() {
        let mut buckets = Buckets::default();
        let edit = key(Route::EditReply, 1);
        buckets.learn(edit, &level(0, 1_900), at(100));
        buckets.learn(edit, &level(3, 1_900), at(101));
        assert_eq!(buckets.take(edit, at(102)), Err(at(2_001)));
        buckets.learn(edit, &level(4, 2_000), at(1_900));
        assert_eq!(buckets.take(edit, at(1_901)), Ok(()));
    }

    #[test]
    fn a_reset_half_a_second_later_is_of_another_window_and_so_is_any_after_the_first_is_over() {
        for (full_in_ms, now, is_same) in [(599, 1_900, true), (600, 1_900, false), (100, 2_000, false)] {
            let mut buckets = Buckets::default();
            let edit = key(Route::EditReply, 1);
            buckets.learn(edit, &level(0, 2_000), at(0));
            buckets.learn(edit, &level(4, full_in_ms), at(now));
            assert_eq!(buckets.take(edit, at(now)).is_err(), is_same, "{full_in_ms} ms at {now} ms");
        }
    }

    #[test]
    fn buckets_that_are_full_again_make_room_before_one_that_rests_is_forgotten() {
        let mut buckets = Buckets::default();
        let closed = key(Route::EditReply, 0);
        buckets.learn(closed, &level(0, 2_000), at(0));
        buckets.close(closed, at(60_000), at(0));
        for webhook in 1..=MAX_BUCKETS {
            let now = if webhook < MAX_BUCKETS { 0 } else { 2_000 };
            buckets.learn(key(Route::EditReply, webhook), &level(0, 2_000), at(now));
        }
        assert_eq!(buckets.take(closed, at(2_001)), Err(at(60_000)));
        assert_eq!(buckets.levels.len(), 2);
    }

    #[test]
    fn what_discord_has_closed_stays_closed_for_exactly_so_long() {
        let mut buckets = Buckets::default();
        let edit = key(Route::EditReply, 1);
        buckets.learn(edit, &level(4, 2_000), at(0));
        buckets.close(edit, at(7_000), at(0));
        assert_eq!(buckets.take(edit, at(6_999)), Err(at(7_000)));
        assert_eq!(buckets.take(edit, at(7_000)), Ok(()));
    }

    #[test]
    fn buckets_of_dead_tokens_are_forgotten() {
        let mut buckets = Buckets::default();
        for webhook in 0..3 * MAX_BUCKETS {
            buckets.learn(key(Route::EditReply, webhook), &level(0, 2_000), at(0));
            assert!(buckets.levels.len() <= MAX_BUCKETS);
        }
        buckets.close(key(Route::EditReply, 0), at(60_000), at(0));
        for webhook in 1..2 * MAX_BUCKETS {
            buckets.learn(key(Route::EditReply, webhook), &level(0, 1), at(5 * webhook as i64));
        }
        assert!(buckets.take(key(Route::EditReply, 0), at(59_999)).is_err(), "who is closed is remembered");
    }

    proptest! {
        #[test]
        fn who_is_alone_never_sends_more_than_a_window_holds(
            limit in 1_u32..6, pauses in proptest::collection::vec(0_i64..900, 1..60),
        ) {
            // Discord's side has windows of two seconds.
            let (mut ends, mut used, mut now) = (0, 0, 0);
            let mut buckets = Buckets::default();
            let edit = key(Route::EditReply, 1);
            for pause in pauses {
                now += pause;
                if now >= ends {
                    (ends, used) = (now + 2_000, 0);
                }
                if buckets.take(edit, at(now)).is_ok() {
                    used += 1;
                    prop_assert!(used <= limit, "refused at {}", now);
                    buckets.learn(edit, &level(limit - used, (ends - now).unsigned_abs()), at(now));
                } else {
                    prop_assert!(used >= limit, "held back without need at {}", now);
                }
            }
        }
    }
}
