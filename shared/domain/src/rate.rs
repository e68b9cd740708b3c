//! The rate limits per user and per guild, by cost class and kind of interaction.
//!
//! They protect against scripts and raids; a person who reads the replies should never reach one.

use jiff::Timestamp;

use crate::{GuildId, UserId, gcra::Gcra};

/// The part of a guild's limit that each environment counts alone. Fifty environments together let in at most
/// twice the limit, and a quiet guild costs no request to the table.
const UNSHARED_PARTS: u32 = 50;
/// Above this part of a guild's burst, as far as an environment knows, it shares every request.
const NEAR_LIMIT_PARTS: i64 = 10;

/// The cost class of a command.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Class {
    /// Computed from the interaction alone: no client, never deferred.
    Free,
    /// A few reads or writes.
    Normal,
    /// A good part of a second of computing, or a request to an external API with a quota.
    Heavy,
    /// Goes through all data of a guild or a user.
    Bulk,
}

/// The kind of interaction.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum InteractionKind {
    /// A slash command or a context menu command.
    Command,
    /// A button, a select menu or a modal of the command.
    Component,
    /// Autocomplete of one of its options.
    Autocomplete,
}

/// The user or guild whose requests a bucket counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum BucketOwner {
    /// One user, in every guild and in DMs.
    User(UserId),
    /// All members of a guild together.
    Guild(GuildId),
}

/// What is counted together.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Bucket {
    /// The user or guild whose requests it counts.
    pub owner: BucketOwner,
    /// The cost class.
    pub class: Class,
    /// The kind of interaction.
    pub kind: InteractionKind,
}

impl Class {
    /// All classes, cheapest first.
    pub const ALL: [Self; 4] = [Self::Free, Self::Normal, Self::Heavy, Self::Bulk];
}

impl Bucket {
    /// The limit of this bucket; `None` if it has none.
    ///
    /// A guild has the limits of at least ten users, because events bring crowds; the throttling of API
    /// Gateway applies as well. Buttons are clicked faster than commands are typed, so they have higher
    /// limits.
    #[must_use]
    pub const fn limit(self) -> Option<Gcra> {
        const SECOND_MS: u32 = 1_000;
        Some(match (self.owner, self.class, self.kind) {
            // Discord sends an autocomplete interaction at every pause in typing.
            (BucketOwner::User(_), _, InteractionKind::Autocomplete) => Gcra::new(30, SECOND_MS / 5),
            // A rejection costs as much as an answer here, so this limit only stops scripts.
            (BucketOwner::User(_), Class::Free, _) => Gcra::new(100, SECOND_MS / 20),
            (BucketOwner::Guild(_), _, InteractionKind::Autocomplete)
            | (BucketOwner::Guild(_), Class::Free, _) => return None,
            // Enough to compare twenty cities in a row, then one every other second.
            (BucketOwner::User(_), Class::Normal, InteractionKind::Command) => Gcra::new(20, 2 * SECOND_MS),
            (BucketOwner::User(_), Class::Normal, InteractionKind::Component) => Gcra::new(30, SECOND_MS),
            (BucketOwner::Guild(_), Class::Normal, InteractionKind::Command) => {
                Gcra::new(200, SECOND_MS / 20)
            }
            (BucketOwner::Guild(_), Class::Normal, InteractionKind::Component) => {
                Gcra::new(400, SECOND_MS / 40)
            }
            // Above what a person would look at.
            (BucketOwner::User(_), Class::Heavy, InteractionKind::Command) => Gcra::new(5, 15 * SECOND_MS),
            (BucketOwner::User(_), _, InteractionKind::Component) => Gcra::new(10, 5 * SECOND_MS),
            (BucketOwner::Guild(_), Class::Heavy, InteractionKind::Command) => Gcra::new(50, SECOND_MS),
            (BucketOwner::Guild(_), _, InteractionKind::Component) => Gcra::new(100, SECOND_MS / 2),
            // Allows one retry after a failure.
            (BucketOwner::User(_), Class::Bulk, InteractionKind::Command) => Gcra::new(2, 60 * SECOND_MS),
            (BucketOwner::Guild(_), Class::Bulk, InteractionKind::Command) => Gcra::new(20, 6 * SECOND_MS),
        })
    }
}

/// What one environment counts of a bucket alone, without the table; `None` if it shares every request. A user's
/// requests are few, and each counts; a guild's are many, and only those near its limit matter.
#[must_use]
pub const fn unshared_limit(bucket: Bucket, limit: Gcra) -> Option<Gcra> {
    match bucket.owner {
        BucketOwner::User(_) => None,
        BucketOwner::Guild(_) => Some(limit.part(UNSHARED_PARTS)),
    }
}

/// Whether a bucket with this `tat` is so near its limit that every request is shared.
#[must_use]
pub fn is_near_limit(limit: Gcra, tat: Timestamp, now: Timestamp) -> bool {
    tat.as_millisecond().saturating_sub(now.as_millisecond()) > limit.ahead_ms() / NEAR_LIMIT_PARTS
}

/// Requests of one environment that the table has not counted yet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Unshared {
    /// Their number, with the one to decide about.
    pub requests: u32,
    /// Whether the table has counted some before that have not drained yet, as far as is known. It only saves a
    /// write.
    pub is_in_use: bool,
}

/// Whether the bucket is shared by all environments. For free commands and autocomplete the shared counting
/// would cost more than the answer, so each environment counts alone.
#[must_use]
pub fn is_shared(class: Class, kind: InteractionKind) -> bool {
    class != Class::Free && kind != InteractionKind::Autocomplete
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bucket(owner: BucketOwner, class: Class, kind: InteractionKind) -> Bucket {
        Bucket { owner, class, kind }
    }

    #[test]
    fn a_guild_bears_ten_people_at_their_own_limits() {
        let (user, guild) =
            (BucketOwner::User(UserId::new(1).unwrap()), BucketOwner::Guild(GuildId::new(1).unwrap()));
        for class in Class::ALL {
            for kind in [InteractionKind::Command, InteractionKind::Component, InteractionKind::Autocomplete]
            {
                let one = bucket(user, class, kind).limit().expect("everybody has a limit");
                let Some(all) = bucket(guild, class, kind).limit() else {
                    assert!(!is_shared(class, kind));
                    continue;
                };
                assert!(all.period_ms() * 10 <= one.period_ms(), "{class:?} {kind:?}");
                assert!(all.ahead_ms() / all.period_ms() + 1 >= 10 * (one.ahead_ms() / one.period_ms() + 1));
            }
        }
    }

    #[test]
    fn each_has_a_burst_and_then_so_many_in_a_minute() {
        let (user, guild) =
            (BucketOwner::User(UserId::new(1).unwrap()), BucketOwner::Guild(GuildId::new(1).unwrap()));
        for (whose, class, used, burst, in_a_minute) in [
            (user, Class::Free, InteractionKind::Autocomplete, 30, 300),
            (user, Class::Free, InteractionKind::Command, 100, 1_200),
            (user, Class::Normal, InteractionKind::Command, 20, 30),
            (user, Class::Normal, InteractionKind::Component, 30, 60),
            (user, Class::Heavy, InteractionKind::Command, 5, 4),
            (user, Class::Heavy, InteractionKind::Component, 10, 12),
            (user, Class::Bulk, InteractionKind::Command, 2, 1),
            (user, Class::Bulk, InteractionKind::Component, 10, 12),
            (guild, Class::Normal, InteractionKind::Command, 200, 1_200),
            (guild, Class::Normal, InteractionKind::Component, 400, 2_400),
            (guild, Class::Heavy, InteractionKind::Command, 50, 60),
            (guild, Class::Heavy, InteractionKind::Component, 100, 120),
            (guild, Class::Bulk, InteractionKind::Command, 20, 10),
            (guild, Class::Bulk, InteractionKind::Component, 100, 120),
        ] {
            let limit = bucket(whose, class, used).limit().unwrap();
            assert_eq!(limit, Gcra::new(burst, 60_000 / in_a_minute), "{whose:?} {class:?} {used:?}");
        }
    }

    #[test]
    fn every_bucket_of_a_guild_is_shared_and_no_other_is_free_or_typing() {
        let guild = BucketOwner::Guild(GuildId::new(1).unwrap());
        for class in Class::ALL {
            for used in [InteractionKind::Command, InteractionKind::Component, InteractionKind::Autocomplete]
            {
                assert_eq!(
                    is_shared(class, used),
                    bucket(guild, class, used).limit().is_some(),
                    "{class:?} {used:?}"
                );
            }
        }
    }

    #[test]
    fn an_environment_alone_lets_in_little_of_a_guilds_limit_and_nothing_of_a_users() {
        let (user, guild) =
            (BucketOwner::User(UserId::new(1).unwrap()), BucketOwner::Guild(GuildId::new(1).unwrap()));
        for class in [Class::Normal, Class::Heavy, Class::Bulk] {
            for used in [InteractionKind::Command, InteractionKind::Component] {
                let of = |owner| {
                    let bucket = bucket(owner, class, used);
                    (bucket, bucket.limit().unwrap())
                };
                let (users, limit) = of(user);
                assert_eq!(unshared_limit(users, limit), None);
                let (guilds, limit) = of(guild);
                assert_eq!(unshared_limit(guilds, limit), Some(limit.part(50)));
            }
        }
    }

    #[test]
    fn a_bucket_is_near_its_limit_above_a_tenth_of_the_burst() {
        let (limit, now) = (Gcra::new(101, 50), Timestamp::UNIX_EPOCH);
        let ahead = |ms| is_near_limit(limit, Timestamp::from_millisecond(ms).unwrap(), now);
        assert_eq!([-1, 500, 501].map(ahead), [false, false, true]);
    }

    #[test]
    fn what_costs_more_is_had_less_often() {
        let user = BucketOwner::User(UserId::new(1).unwrap());
        for kind in [InteractionKind::Command, InteractionKind::Component] {
            let periods = Class::ALL.map(|class| bucket(user, class, kind).limit().unwrap().period_ms());
            assert!(periods.is_sorted(), "{kind:?}: {periods:?}");
        }
    }
}
