//! The rate limits per user and per guild, by cost class and kind of interaction.
//!
//! They protect against scripts and raids; a person who reads the replies should never reach one.

use crate::{GuildId, UserId, gcra::Gcra};

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
pub enum Use {
    /// A slash command or a context menu command.
    Command,
    /// A button, a select menu or a modal of the command.
    Component,
    /// Autocomplete of one of its options.
    Typing,
}

/// The user or guild whose requests a bucket counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Whose {
    /// One user, in every guild and in DMs.
    User(UserId),
    /// All members of a guild together.
    Guild(GuildId),
}

/// What is counted together.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Bucket {
    /// The user or guild whose requests it counts.
    pub whose: Whose,
    /// The cost class.
    pub class: Class,
    /// The kind of interaction.
    pub used: Use,
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
        const SECOND: u32 = 1_000;
        Some(match (self.whose, self.class, self.used) {
            // Discord sends an autocomplete interaction at every pause in typing.
            (Whose::User(_), _, Use::Typing) => Gcra::new(30, SECOND / 5),
            // A rejection costs as much as an answer here, so this limit only stops scripts.
            (Whose::User(_), Class::Free, _) => Gcra::new(100, SECOND / 20),
            (Whose::Guild(_), _, Use::Typing) | (Whose::Guild(_), Class::Free, _) => return None,
            // Enough to compare twenty cities in a row, then one every other second.
            (Whose::User(_), Class::Normal, Use::Command) => Gcra::new(20, 2 * SECOND),
            (Whose::User(_), Class::Normal, Use::Component) => Gcra::new(30, SECOND),
            (Whose::Guild(_), Class::Normal, Use::Command) => Gcra::new(200, SECOND / 20),
            (Whose::Guild(_), Class::Normal, Use::Component) => Gcra::new(400, SECOND / 40),
            // Above what a person would look at.
            (Whose::User(_), Class::Heavy, Use::Command) => Gcra::new(5, 15 * SECOND),
            (Whose::User(_), _, Use::Component) => Gcra::new(10, 5 * SECOND),
            (Whose::Guild(_), Class::Heavy, Use::Command) => Gcra::new(50, SECOND),
            (Whose::Guild(_), _, Use::Component) => Gcra::new(100, SECOND / 2),
            // Allows one retry after a failure.
            (Whose::User(_), Class::Bulk, Use::Command) => Gcra::new(2, 60 * SECOND),
            (Whose::Guild(_), Class::Bulk, Use::Command) => Gcra::new(20, 6 * SECOND),
        })
    }
}

/// Whether the bucket is shared by all environments. For free commands and autocomplete the shared counting
/// would cost more than the answer, so each environment counts alone.
#[must_use]
pub fn is_shared(class: Class, used: Use) -> bool {
    class != Class::Free && used != Use::Typing
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bucket(whose: Whose, class: Class, used: Use) -> Bucket {
        Bucket { whose, class, used }
    }

    #[test]
    fn a_guild_bears_ten_people_at_their_own_limits() {
        let (user, guild) = (Whose::User(UserId::new(1).unwrap()), Whose::Guild(GuildId::new(1).unwrap()));
        for class in Class::ALL {
            for used in [Use::Command, Use::Component, Use::Typing] {
                let one = bucket(user, class, used).limit().expect("everybody has a limit");
                let Some(all) = bucket(guild, class, used).limit() else {
                    assert!(!is_shared(class, used));
                    continue;
                };
                assert!(all.period_ms() * 10 <= one.period_ms(), "{class:?} {used:?}");
                assert!(all.ahead_ms() / all.period_ms() + 1 >= 10 * (one.ahead_ms() / one.period_ms() + 1));
            }
        }
    }

    #[test]
    fn each_has_a_burst_and_then_so_many_in_a_minute() {
        let (user, guild) = (Whose::User(UserId::new(1).unwrap()), Whose::Guild(GuildId::new(1).unwrap()));
        for (whose, class, used, burst, in_a_minute) in [
            (user, Class::Free, Use::Typing, 30, 300),
            (user, Class::Free, Use::Command, 100, 1_200),
            (user, Class::Normal, Use::Command, 20, 30),
            (user, Class::Normal, Use::Component, 30, 60),
            (user, Class::Heavy, Use::Command, 5, 4),
            (user, Class::Heavy, Use::Component, 10, 12),
            (user, Class::Bulk, Use::Command, 2, 1),
            (user, Class::Bulk, Use::Component, 10, 12),
            (guild, Class::Normal, Use::Command, 200, 1_200),
            (guild, Class::Normal, Use::Component, 400, 2_400),
            (guild, Class::Heavy, Use::Command, 50, 60),
            (guild, Class::Heavy, Use::Component, 100, 120),
            (guild, Class::Bulk, Use::Command, 20, 10),
            (guild, Class::Bulk, Use::Component, 100, 120),
        ] {
            let limit = bucket(whose, class, used).limit().unwrap();
            assert_eq!(limit, Gcra::new(burst, 60_000 / in_a_minute), "{whose:?} {class:?} {used:?}");
        }
    }

    #[test]
    fn every_bucket_of_a_guild_is_shared_and_no_other_is_free_or_typing() {
        let guild = Whose::Guild(GuildId::new(1).unwrap());
        for class in Class::ALL {
            for used in [Use::Command, Use::Component, Use::Typing] {
                assert_eq!(
                    is_shared(class, used),
                    bucket(guild, class, used).limit().is_some(),
                    "{class:?} {used:?}"
                );
            }
        }
    }

    #[test]
    fn what_costs_more_is_had_less_often() {
        let user = Whose::User(UserId::new(1).unwrap());
        for used in [Use::Command, Use::Component] {
            let periods = Class::ALL.map(|class| bucket(user, class, used).limit().unwrap().period_ms());
            assert!(periods.is_sorted(), "{used:?}: {periods:?}");
        }
    }
}
