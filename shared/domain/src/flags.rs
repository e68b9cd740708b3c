//! Feature flags: in which guilds a command is enabled.
//!
//! A flag has the name of its command. A command without a flag is enabled everywhere.

use std::collections::{BTreeMap, BTreeSet};

use crate::GuildId;

/// All flags that an operator has set, by command name.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Flags(pub BTreeMap<String, Flag>);

/// The rollout of one command.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Flag {
    /// The percentage of guilds, 0 to 100.
    pub percent: u8,
    /// Guilds in which it is always enabled.
    pub on: BTreeSet<GuildId>,
    /// Guilds in which it is never enabled.
    pub off: BTreeSet<GuildId>,
}

/// A change to a flag by an operator.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Edit {
    /// Sets the percentage; values above 100 count as 100.
    Percent(u8),
    /// Enables (`Some(true)`) or disables (`Some(false)`) it in a guild, or removes that override (`None`).
    Override(GuildId, Option<bool>),
}

impl Default for Flag {
    fn default() -> Self {
        Self { percent: ALL_PERCENT, on: BTreeSet::new(), off: BTreeSet::new() }
    }
}

const ALL_PERCENT: u8 = 100;

impl Flags {
    /// Whether a command is enabled. In DMs it is only enabled at 100 %.
    #[must_use]
    pub fn is_on(&self, name: &str, guild: Option<GuildId>) -> bool {
        let Some(flag) = self.0.get(name) else { return true };
        match guild {
            Some(guild) if flag.off.contains(&guild) => false,
            Some(guild) if flag.on.contains(&guild) => true,
            Some(guild) => place(name, guild) < u64::from(flag.percent),
            None => flag.percent >= ALL_PERCENT,
        }
    }

    /// The flags after an edit. A flag that is back at its default is removed.
    #[must_use]
    pub fn apply(mut self, name: &str, edit: &Edit) -> Self {
        let flag = self.0.entry(name.to_owned()).or_default();
        match *edit {
            Edit::Percent(percent) => flag.percent = percent.min(ALL_PERCENT),
            Edit::Override(guild, on) => {
                flag.on.remove(&guild);
                flag.off.remove(&guild);
                match on {
                    Some(true) => drop(flag.on.insert(guild)),
                    Some(false) => drop(flag.off.insert(guild)),
                    None => {}
                }
            }
        }
        self.0.retain(|_, flag| *flag != Flag::default());
        self
    }

    /// Each flag that is set, with its name.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &Flag)> {
        self.0.iter().map(|(name, flag)| (name.as_str(), flag))
    }
}

impl FromIterator<(String, Flag)> for Flags {
    fn from_iter<T: IntoIterator<Item = (String, Flag)>>(flags: T) -> Self {
        Self(flags.into_iter().collect())
    }
}

/// A stable number from 0 to 99 for a guild and a flag: a guild that has a command at 10 % keeps it at
/// 20 %. The order of guilds differs between flags, so that no guild is always the first.
fn place(name: &str, guild: GuildId) -> u64 {
    // FNV-1a, then MurmurHash3's finalizer, because consecutive ids differ in few bits.
    let bytes = name.bytes().chain([0]).chain(guild.get().to_be_bytes());
    let mut hash = bytes
        .fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x100_0000_01b3));
    for factor in [0xff51_afd7_ed55_8ccd, 0xc4ce_b9fe_1a85_ec53] {
        hash = (hash ^ (hash >> 33)).wrapping_mul(factor);
    }
    (hash ^ (hash >> 33)) % 100
}

#[cfg(test)]
mod tests {
    use super::*;

    fn guild(id: u64) -> GuildId {
        GuildId::new(81_384_788_765_712_384 + id).unwrap()
    }

    fn at(percent: u8) -> Flags {
        Flags::default().apply("weather", &Edit::Percent(percent))
    }

    #[test]
    fn without_a_flag_a_command_is_there_for_everybody() {
        let flags = at(0);
        assert!(flags.is_on("ping", Some(guild(1))) && flags.is_on("ping", None));
        assert!(!flags.is_on("weather", Some(guild(1))) && !flags.is_on("weather", None));
    }

    #[test]
    fn so_many_of_a_hundred_guilds_have_it_and_keep_it() {
        let mut had = BTreeSet::new();
        for percent in [1, 10, 50, 99, 100] {
            let has = (0..10_000).filter(|id| at(percent).is_on("weather", Some(guild(*id))));
            let has: BTreeSet<u64> = has.collect();
            assert!(has.is_superset(&had), "at {percent} % somebody lost it");
            let share = has.len() as f64 / 100.0;
            assert!((share - f64::from(percent)).abs() < 2.0, "{percent} % became {share} %");
            had = has;
        }
        assert_eq!(had.len(), 10_000);
    }

    #[test]
    fn the_first_guilds_of_one_flag_are_not_those_of_another() {
        let both = at(50).apply("help", &Edit::Percent(50));
        let shared = (0..10_000)
            .map(guild)
            .filter(|guild| both.is_on("weather", Some(*guild)) && both.is_on("help", Some(*guild)));
        assert!((2_000..3_000).contains(&shared.count()));
    }

    #[test]
    fn a_guilds_place_is_the_same_in_every_version() {
        // Computed independently of this code: a rollout must not move to other guilds.
        assert_eq!([0, 1, 2].map(|id| place("weather", guild(id))), [74, 84, 31]);
        assert_eq!([74, 75].map(|percent| at(percent).is_on("weather", Some(guild(0)))), [false, true]);
    }

    #[test]
    fn an_override_holds_whatever_the_percentage_until_it_is_taken_back() {
        for (percent, on) in [(0, true), (100, false)] {
            let flags = at(percent).apply("weather", &Edit::Override(guild(1), Some(on)));
            assert_eq!(flags.is_on("weather", Some(guild(1))), on);
            assert_ne!(flags.is_on("weather", Some(guild(2))), on);
            let other = flags.apply("weather", &Edit::Override(guild(1), Some(!on)));
            assert_ne!(other.is_on("weather", Some(guild(1))), on);
            assert_eq!(other.apply("weather", &Edit::Override(guild(1), None)), at(percent));
        }
    }

    #[test]
    fn a_flag_that_says_nothing_is_gone() {
        assert_eq!(at(10).apply("weather", &Edit::Percent(100)), Flags::default());
        assert_eq!(at(255), Flags::default());
    }

    #[test]
    fn flags_are_made_of_what_they_consist_of() {
        let flags = at(10).apply("help", &Edit::Override(guild(1), Some(false)));
        let copied = flags.iter().map(|(name, flag)| (name.to_owned(), flag.clone()));
        assert_eq!(copied.collect::<Flags>(), flags);
    }
}
