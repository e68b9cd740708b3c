//! The report of a run: its parameters, figures and checks.

use serde::Serialize;

use super::{
    Plan, Statistics,
    plan::Kind,
    statistics::{PhaseStatistics, Row},
};

/// The limit of instant commands' 95th percentile, in milliseconds.
pub const INSTANT_P95_MS: f64 = 100.0;

/// The report, as in report.json.
#[derive(Debug, Serialize)]
pub struct Report {
    pub version: &'static str,
    /// Whether it was a release build. Latencies are checked only then.
    pub release: bool,
    pub cores: usize,
    /// Environments of each function; `None` if the stack was already running.
    pub environments: Option<u16>,
    #[serde(flatten)]
    pub plan: Plan,
    pub guilds: usize,
    pub mix_percent: [(Kind, usize); 6],
    pub checks: Vec<Check>,
    #[serde(flatten)]
    pub statistics: Statistics,
}

/// A check of the figures.
#[derive(Debug, Serialize)]
pub struct Check {
    pub what: String,
    pub wanted: String,
    pub found: String,
    /// `None` if it is reported but not checked.
    pub holds: Option<bool>,
}

impl Report {
    /// Checks the figures. `environments` is `None` if the stack was already running.
    pub fn of(
        version: &'static str,
        plan: Plan,
        statistics: Statistics,
        environments: Option<u16>,
        release: bool,
    ) -> Self {
        let mut checks = vec![no_errors(&statistics), every_edit(&statistics)];
        checks.extend(statistics.phases.iter().map(|phase| in_time(phase, release)));
        Self {
            version,
            release,
            cores: std::thread::available_parallelism().map_or(1, usize::from),
            environments,
            guilds: plan.guilds(),
            plan,
            mix_percent: Kind::MIX,
            checks,
            statistics,
        }
    }

    /// Whether no check failed.
    pub fn holds(&self) -> bool {
        self.checks.iter().all(|check| check.holds != Some(false))
    }
}

fn no_errors(statistics: &Statistics) -> Check {
    let wrong = statistics.count(|row| row.wrong);
    Check {
        what: "errors".to_owned(),
        wanted: "0".to_owned(),
        found: format!("{wrong} of {}", statistics.count(|row| row.count)),
        holds: Some(wrong == 0),
    }
}

fn every_edit(statistics: &Statistics) -> Check {
    let (deferred, edited) = (statistics.count(|row| row.deferred), statistics.count(|row| row.edited));
    Check {
        what: "deferred replies edited, once".to_owned(),
        wanted: "all".to_owned(),
        found: format!("{edited} of {deferred}"),
        holds: Some(edited == deferred && deferred > 0),
    }
}

fn in_time(
    PhaseStatistics { phase, instant: Row { answer, .. }, .. }: &PhaseStatistics,
    release: bool,
) -> Check {
    let p95 = answer.map(|answer| answer.p95);
    Check {
        what: format!("p95 of instant commands at {}/s", phase.per_second),
        wanted: format!("at most {INSTANT_P95_MS} ms"),
        found: p95.map_or_else(|| "no answer".to_owned(), |p95| format!("{p95:.1} ms")),
        holds: release.then(|| p95.is_some_and(|p95| p95 <= INSTANT_P95_MS)),
    }
}
