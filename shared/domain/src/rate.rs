//! How often somebody may use what: the limits, and why they are so high.
//!
//! They are for scripts and raids. Nobody who reads the answers should ever meet one.

use crate::{GuildId, UserId, gcra::Gcra};

/// How much a command costs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Class {
    /// Computed from the interaction alone: needs no client and is never deferred.
    Free,
    /// Reads or writes a little.
    Normal,
    /// Computes for a good part of a second, or asks somebody who may be asked only so often.
    Heavy,
    /// Goes through everything of a guild or a user.
    Bulk,
}

/// In which way a command is met.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Use {
    /// It is typed, or chosen in a context menu.
    Command,
    /// A button or a menu of it is used, or a form sent.
    Component,
    /// An option of it is being typed.
    Typing,
}

/// Whose asks are counted together.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Whose {
    /// A person's, wherever they ask.
    User(UserId),
    /// Everybody's in a guild.
    Guild(GuildId),
}

/// What is counted together.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Bucket {
    /// Whose asks.
    pub whose: Whose,
    /// For what.
    pub class: Class,
    /// In which way.
    pub used: Use,
}

impl Class {
    /// All of them, the cheapest first.
    pub const ALL: [Self; 4] = [Self::Free, Self::Normal, Self::Heavy, Self::Bulk];
}

impl Bucket {
    /// Its limit; `None` if it has none.
    ///
    /// A guild's is that of ten or more people at their own limits, because an event brings crowds; the
    /// gateway's throttle stands behind it. Buttons are pressed faster than commands are typed.
    #[must_use]
    pub const fn limit(self) -> Option<Gcra> {
        const SECOND: u32 = 1_000;
        Some(match (self.whose, self.class, self.used) {
            // Discord asks at every pause of the fingers.
            (Whose::User(_), _, Use::Typing) => Gcra::new(30, SECOND / 5),
            // To refuse costs as much as to answer: only a script is faster than this.
            (Whose::User(_), Class::Free, _) => Gcra::new(100, SECOND / 20),
            (Whose::Guild(_), _, Use::Typing) | (Whose::Guild(_), Class::Free, _) => return None,
            // Somebody who compares twenty cities, and then one who asks every other second.
            (Whose::User(_), Class::Normal, Use::Command) => Gcra::new(20, 2 * SECOND),
            (Whose::User(_), Class::Normal, Use::Component) => Gcra::new(30, SECOND),
            (Whose::Guild(_), Class::Normal, Use::Command) => Gcra::new(200, SECOND / 20),
            (Whose::Guild(_), Class::Normal, Use::Component) => Gcra::new(400, SECOND / 40),
            // Nobody looks at more pictures than this.
            (Whose::User(_), Class::Heavy, Use::Command) => Gcra::new(5, 15 * SECOND),
            (Whose::User(_), _, Use::Component) => Gcra::new(10, 5 * SECOND),
            (Whose::Guild(_), Class::Heavy, Use::Command) => Gcra::new(50, SECOND),
            (Whose::Guild(_), _, Use::Component) => Gcra::new(100, SECOND / 2),
            // One that failed may be tried again.
            (Whose::User(_), Class::Bulk, Use::Command) => Gcra::new(2, 60 * SECOND),
            (Whose::Guild(_), Class::Bulk, Use::Command) => Gcra::new(20, 6 * SECOND),
        })
    }
}

/// Whether all environments count it together. What is free costs less than the counting.
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
    fn what_costs_more_is_had_less_often() {
        let user = Whose::User(UserId::new(1).unwrap());
        for used in [Use::Command, Use::Component] {
            let periods = Class::ALL.map(|class| bucket(user, class, used).limit().unwrap().period_ms());
            assert!(periods.is_sorted(), "{used:?}: {periods:?}");
        }
    }
}
