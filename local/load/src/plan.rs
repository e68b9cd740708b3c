//! The plan: which interactions are sent when.

use std::time::Duration;

use serde::Serialize;

/// What a member does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    Ping,
    Help,
    /// The weather of a place that is in the cache.
    Weather,
    /// The settings message.
    Settings,
    /// A choice in the settings message, which is written to the table.
    ChangeSettings,
    /// The weather of a place that is not in the cache: always deferred.
    NewPlace,
}

impl Kind {
    /// The percentage of each kind.
    pub const MIX: [(Self, usize); 6] = [
        (Self::Ping, 30),
        (Self::Help, 30),
        (Self::Weather, 25),
        (Self::Settings, 5),
        (Self::ChangeSettings, 5),
        (Self::NewPlace, 5),
    ];

    /// The name in the report.
    pub fn name(self) -> &'static str {
        match self {
            Self::Ping => "/ping",
            Self::Help => "/help",
            Self::Weather => "/weather",
            Self::Settings => "/settings",
            Self::ChangeSettings => "/settings: a choice",
            Self::NewPlace => "/weather, deferred",
        }
    }

    /// Whether it needs `MANAGE_GUILD`.
    fn is_for_managers(self) -> bool {
        matches!(self, Self::Settings | Self::ChangeSettings)
    }

    /// The kind of the n-th of `all` interactions, before they are ordered by time.
    fn of(n: usize, all: usize) -> Self {
        let share = n * 100 / all.max(1);
        let mut upto = 0;
        let kind = Self::MIX.iter().find(|(_, percent)| {
            upto += percent;
            share < upto
        });
        kind.map_or(Self::NewPlace, |(kind, _)| *kind)
    }
}

/// A phase with a constant rate.
#[derive(Clone, Debug, Serialize)]
pub struct Phase {
    pub name: &'static str,
    pub per_second: u32,
    pub seconds: u32,
}

/// The parameters of a run, which determine all arrivals.
#[derive(Clone, Debug, Serialize)]
pub struct Plan {
    pub seed: u64,
    pub members: usize,
    pub phases: Vec<Phase>,
}

/// A planned interaction.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Arrival {
    /// The time after the start.
    pub at: Duration,
    pub phase: usize,
    pub kind: Kind,
    /// The member, counted from 0.
    pub member: usize,
}

/// Members per guild.
const MEMBERS_PER_GUILD: usize = 25;

impl Plan {
    /// The number of guilds.
    pub fn guilds(&self) -> usize {
        self.members.div_ceil(MEMBERS_PER_GUILD).max(1)
    }

    /// The duration of all phases together.
    pub fn length(&self) -> Duration {
        Duration::from_secs(self.phases.iter().map(|phase| u64::from(phase.seconds)).sum())
    }

    /// When the phase begins, counted from the start.
    pub fn begins(&self, phase: usize) -> Duration {
        let before = self.phases.iter().take(phase);
        Duration::from_secs(before.map(|phase| u64::from(phase.seconds)).sum())
    }

    /// All arrivals in order of time. Each time is independent and uniform within the phase (a Poisson process
    /// with a fixed number of arrivals); the mix of kinds is exact in every phase.
    pub fn arrivals(&self) -> Vec<Arrival> {
        let mut chance = fastrand::Rng::with_seed(self.seed);
        let mut manager = 0;
        let mut arrivals = Vec::new();
        for (number, phase) in self.phases.iter().enumerate() {
            let begins = self.begins(number);
            let all = phase.per_second as usize * phase.seconds as usize;
            let mut times: Vec<(Duration, Kind)> = (0..all)
                .map(|n| {
                    let after = chance.f64() * f64::from(phase.seconds);
                    (begins + Duration::from_secs_f64(after), Kind::of(n, all))
                })
                .collect();
            times.sort_unstable();
            arrivals.extend(times.into_iter().map(|(at, kind)| {
                let member = if kind.is_for_managers() {
                    // In turn, so that the same guild's settings are not changed twice at the same time.
                    manager = (manager + 1) % self.guilds();
                    manager
                } else {
                    chance.usize(0..self.members.max(1))
                };
                Arrival { at, phase: number, kind, member }
            }));
        }
        arrivals
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn plan(seed: u64) -> Plan {
        let phase = |name, per_second| Phase { name, per_second, seconds: 60 };
        Plan { seed, members: 10_000, phases: vec![phase("steady", 50), phase("peak", 500)] }
    }

    #[test]
    fn a_seed_gives_the_same_arrivals_again_and_another_gives_others() {
        assert_eq!(plan(1).arrivals(), plan(1).arrivals());
        assert_ne!(plan(1).arrivals(), plan(2).arrivals());
    }

    #[test]
    fn every_phase_has_its_rate_and_its_mix_to_the_last_interaction() {
        assert_eq!(Kind::MIX.iter().map(|(_, percent)| percent).sum::<usize>(), 100);
        let (plan, arrivals) = (plan(1), plan(1).arrivals());
        assert_eq!(arrivals.len(), 33_000);
        for (number, phase) in plan.phases.iter().enumerate() {
            let all = phase.per_second as usize * phase.seconds as usize;
            for (kind, percent) in Kind::MIX {
                let found = arrivals.iter().filter(|it| it.phase == number && it.kind == kind).count();
                assert_eq!(found, all * percent / 100, "{kind:?} while {}", phase.name);
            }
        }
    }

    #[test]
    fn arrivals_are_in_order_within_their_phase_and_at_moments_of_their_own() {
        let (plan, arrivals) = (plan(1), plan(1).arrivals());
        assert!(arrivals.is_sorted_by_key(|arrival| arrival.at));
        for arrival in &arrivals {
            let begins = plan.begins(arrival.phase);
            assert!(arrival.at >= begins && arrival.at < begins + Duration::from_secs(60));
        }
        let gaps: Vec<_> =
            arrivals[3_000..].windows(2).map(|pair| (pair[1].at - pair[0].at).as_secs_f64()).collect();
        let mean = gaps.iter().sum::<f64>() / gaps.len() as f64;
        let spread = (gaps.iter().map(|gap| (gap - mean).powi(2)).sum::<f64>() / gaps.len() as f64).sqrt();
        assert!((spread / mean - 1.0).abs() < 0.1, "of a Poisson process both are the same: {mean} {spread}");
    }

    #[test]
    fn settings_are_for_one_member_of_each_guild_in_turn() {
        let arrivals = plan(1).arrivals();
        let managers = arrivals.iter().filter(|arrival| arrival.kind.is_for_managers());
        let managers: Vec<_> = managers.map(|arrival| arrival.member).collect();
        assert!(
            managers
                .windows(400)
                .all(|turn| turn.iter().collect::<std::collections::HashSet<_>>().len() == 400)
        );
    }
}
